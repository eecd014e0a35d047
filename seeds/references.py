"""What a reference of the catalogue points at: `rule desk: a chat slot is free`.

A reference names a kind of thing, the machine or system that declares it, and the thing by the
words of its declaration. It is looked up, never trusted: a reference to something that is gone
is a dead link.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from inspect import get_annotations

import attrs

import fsm.desk
from fsm.desk.screen.view import ContactTab, PopUp, Ringing, Screen, View
from fsm.language.machine import Machine, Transition
from fsm.language.parameters import Assumption
from fsm.language.system import System

__all__ = ["DeadLink", "find", "owners"]


SEEN: tuple[type, ...] = (View, Ringing, ContactTab, PopUp, Screen)
"""What a person sees of a desk, and the screen that it depends on."""


@attrs.frozen(auto_exc=True, str=False)
class DeadLink(Exception):
    """A reference to something that is not declared.

    Attributes:
        reference: as the catalogue has it.
        what: what is not there.
        near: what is there instead.
    """

    reference: str
    what: str
    near: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reference!r}: {self.what}. There is {', '.join(self.near) or 'none'}."


@cache
def owners() -> dict[str, Machine | System]:
    """The machines and systems of the desk by their own names."""
    declared = (getattr(fsm.desk, name) for name in fsm.desk.__all__)
    return {one.name: one for one in declared if isinstance(one, Machine | System)}


def find(reference: str) -> object:
    """What the reference points at.

    Raises:
        DeadLink: nothing of that kind and name is declared there.
    """
    head, colon, name = reference.partition(": ")
    kind, _, owner = head.partition(" ")
    if not colon or owner not in owners():
        raise DeadLink(reference, "names no machine or system", tuple(owners()))
    things = dict(_things(owners()[owner], kind))
    if name not in things:
        raise DeadLink(reference, f"{owner} has no such {kind}", tuple(things))
    return things[name]


def _things(owner: Machine | System, kind: str) -> Iterator[tuple[str, object]]:
    match owner, kind:
        case _, "property":
            yield from ((claim.sentence, claim) for claim in owner.properties)
        case _, "assumption":
            yield from ((assumption.name, assumption) for assumption in _assumptions(owner))
        case _, "event":
            yield from ((event.__name__, event) for event in owner.events)
        case Machine(), "state":
            yield from ((state.name, state) for state in owner.states)
        case Machine(), "variable":
            yield from ((variable.name, variable) for variable in owner.variables)
        case Machine(), "transition":
            yield from ((_in_words(transition), transition) for transition in owner.transitions)
        case Machine(), "effect":
            yield from (
                (emit.effect.__name__, emit.effect) for transition in owner.transitions for emit in transition.effects
            )
        case System(), "rule":
            yield from ((rule.name, rule) for rule in owner.rules)
        case System(), "part":
            yield from ((part.name, part) for part in owner.parts)
        case System(), "view" if owner is fsm.desk.DESK:
            yield from (
                (f"{seen.__name__}.{name}", kind) for seen in SEEN for name, kind in get_annotations(seen).items()
            )
        case System(), "parameter":
            yield from ((parameter.name, parameter) for parameter in owner.parameters)


def _assumptions(owner: Machine | System) -> tuple[Assumption, ...]:
    return owner.assumptions if isinstance(owner, Machine) else owner.all_assumptions


def _in_words(transition: Transition) -> str:
    """`offered to missed on Expire`; without a target when it stays where it is."""
    sources = " | ".join(state.name for state in transition.sources)
    target = "" if transition.target is None else f" to {transition.target.name}"
    return f"{sources}{target} on {transition.event.__name__}"
