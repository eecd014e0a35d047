"""How a variant names what its base declares: things by their own objects, lines by where they stand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from types import EllipsisType
from typing import Any

import attrs

from fsm.checks.kinds import shown
from fsm.errors import BadVariant
from fsm.language.events import check_event
from fsm.language.expressions import Formula, Param, Var, formula
from fsm.language.machine import State, States, Transition
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.parts import Each, One, Sent
from fsm.language.properties import Property
from fsm.language.rewriting import structure
from fsm.language.system import Rule, Wire

__all__ = [
    "FIELDS", "Mark", "Named", "assumption", "claim", "field_of", "line", "marks_of", "name_of", "named", "rule", "wiring",
]  # fmt: skip

FIELDS: dict[type, str] = {
    State: "states",
    Var: "variables",
    Transition: "transitions",
    Param: "parameters",
    Assumption: "assumptions",
    Property: "properties",
    NamedProfile: "profiles",
    One: "parts",
    Each: "parts",
    Wire: "wires",
    Rule: "rules",
}
"""Where a machine or a system keeps each kind of thing that a variant adds, replaces or leaves out."""


@attrs.frozen(eq=False)
class Named:
    """What a variant replaces or leaves out. Made by `line`, `wiring`, `rule`, `claim`, `assumption`, or of the thing itself.

    Attributes:
        field: where the base keeps it.
        words: the thing in a message.
        fits: whether something that the base keeps there is meant.
        marks: what it is, for telling which variants touch the same things; see `fsm.variants.footprints`.
        sources: of a line, the states from which it is meant; None for everything else.
    """

    field: str
    words: str
    fits: Callable[[Any], bool]
    marks: tuple[Mark, ...]
    sources: tuple[State, ...] | None = None

    def place(self, where: str, kept: Sequence[Any]) -> int:
        """Where it stands among what the base keeps.

        Raises:
            DefinitionError: it is not there, or several things are meant.
        """
        places = [place for place, one in enumerate(kept) if self.fits(one)]
        if not places:
            raise BadVariant(where, f"there is no {self.words}", _there_are(kept))
        if len(places) > 1:
            several = "; ".join(dict.fromkeys(name_of(kept[place]) for place in places))
            raise BadVariant(
                where, f"{len(places)} are meant by {self.words}", f"Name one by its condition: {several}."
            )
        return places[0]


Mark = tuple[Hashable, ...]


def marks_of(thing: Any) -> tuple[Mark, ...]:
    """What a thing is, whichever declaration has it: lines by state and event, with the timers of a state; wires by event."""
    match thing:
        case Transition():
            lines = tuple(("line", state.name, thing.event) for state in thing.sources)
            timers = () if thing.duration is None else tuple(("timers", state.name) for state in thing.sources)
            return lines + timers
        case Wire():
            return (("wire", thing.event_class),)
        case Property():
            return (("claim", thing.sentence),)
        case _:
            return ((_KINDS[field_of(thing)], thing.name),)


def field_of(thing: object) -> str:
    """Where a machine or a system keeps such a thing.

    Raises:
        DefinitionError: neither keeps anything like it.
    """
    for kind, field in FIELDS.items():
        if isinstance(thing, kind):
            return field
    raise BadVariant(
        "a variant",
        f"{shown(thing)} is nothing that a declaration has",
        "States, variables, transitions, parameters, assumptions, properties, profiles, parts, wires, rules.",
    )


def name_of(thing: Any) -> str:
    """A thing in a message."""
    match thing:
        case Transition():
            guard = thing.as_meant.guard
            return thing.where if guard is None else f"{thing.where} where {guard}"
        case Wire():
            wired = f"the wire on {thing.event_class.__name__}"
            return wired if thing.when is None else f"{wired} where {thing.when}"
        case Property():
            return repr(thing.sentence)
        case _:
            return str(thing.name)


def named(thing: Any) -> Named:
    """What a thing names: itself, or what the base has under its name."""
    if isinstance(thing, Named):
        return thing
    field = field_of(thing)
    if isinstance(thing, Transition):
        return Named(field, f"line {thing.where}", lambda one: _is(one, thing), marks_of(thing), thing.sources)
    if isinstance(thing, Wire):
        return Named(field, name_of(thing), lambda one: one is thing, marks_of(thing))
    return Named(
        field, f"{_KINDS[field]} {name_of(thing)}", lambda one: name_of(one) == name_of(thing), marks_of(thing)
    )


def _is(one: Transition, written: Transition) -> bool:
    """Whether a line of a machine is this one, or what a machine made of it that had to say of its values that they stay in range."""
    made = one.narrowed and one.meant is written.guard and one.updates is written.updates
    return one is written or (made and one.effects is written.effects and one.event is written.event)


def line(sources: State | States, event: type, when: Formula | EllipsisType | None = ...) -> Named:
    """A transition of the base, by where it starts and what sets it off: `line(after_work, Clear)`.

    Args:
        sources: a state, or several: where the base's line starts in more, the others keep it.
        when: the guard, where several lines of a state wait for the event; None for the one without.
    """
    check_event("line()", event)
    if not isinstance(sources, State | States):
        raise BadVariant("line()", f"{shown(sources)} is no state")
    where = sources.states if isinstance(sources, States) else (sources,)

    def fits(one: Transition) -> bool:
        return one.event is event and set(where) <= set(one.sources) and _same(one.as_meant.guard, when)

    words = f"line {' | '.join(state.name for state in where)} on {event.__name__}"
    marks = [mark for state in where for mark in (("line", state.name, event), ("timers", state.name))]
    return Named("transitions", words, fits, tuple(marks), where)


def wiring(event: type | Sent, when: Formula | EllipsisType | None = ...) -> Named:
    """A wire of the base, by its event: a class, or `part.sends(Event)`.

    Args:
        when: the condition, where several wires wait for the event; None for the one without.
    """
    kind = event.event if isinstance(event, Sent) else event
    check_event("wiring()", kind)
    sender = event.part.name if isinstance(event, Sent) else None

    def fits(one: Wire) -> bool:
        sends = None if one.sender is None else one.sender.name
        return one.event_class is kind and sends == sender and _same(one.when, when)

    return Named("wires", f"wire on {kind.__name__}", fits, (("wire", kind),))


def rule(name: str) -> Named:
    """A rule of the base, by its name."""
    return Named("rules", f"rule {name!r}", lambda one: one.name == name, (("rule", name),))


def claim(sentence: str) -> Named:
    """A property of the base, by its sentence."""
    return Named("properties", f"property {sentence!r}", lambda one: one.sentence == sentence, (("claim", sentence),))


def assumption(name: str) -> Named:
    """An assumption of the base, by its name."""
    return Named("assumptions", f"assumption {name!r}", lambda one: one.name == name, (("assumption", name),))


_KINDS = {
    "states": "state",
    "variables": "variable",
    "transitions": "line",
    "parameters": "parameter",
    "assumptions": "assumption",
    "properties": "property",
    "profiles": "profile",
    "parts": "part",
    "wires": "wire",
    "rules": "rule",
}


def _same(guard: Formula | None, when: Formula | EllipsisType | None) -> bool:
    return isinstance(when, EllipsisType) or structure(guard) == structure(
        None if when is None else formula(when, "when")
    )


def _there_are(kept: Sequence[Any]) -> str:
    """What there is instead: a few of them."""
    names = [name_of(one) for one in kept]
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return f"There are {'; '.join(names[:6])}{more}." if names else "There are none."
