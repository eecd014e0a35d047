"""Declarations with one thing changed: a rule, a guard, a target, a timer, an assumption, the rest as it was.

A machine is put into a system by what `fsm mutate` puts it in with (`with_machine`).
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

from fsm import Machine, State, System
from fsm.language.composition import with_machine
from fsm.language.machine import Transition

__all__ = [
    "with_changed",
    "with_claims",
    "with_machine",
    "with_transition",
    "without",
    "without_assumptions",
    "without_rules",
]


def without_rules(system: System, *names: str) -> System:
    """The system with these rules dropped, each of which it has."""
    kept = tuple(rule for rule in system.rules if rule.name not in names)
    assert len(system.rules) - len(names) == len(kept), names
    return attrs.evolve(system, rules=kept)


def without_assumptions(declared: Any) -> Any:
    """A machine or system that takes nothing for granted."""
    return attrs.evolve(declared, assumptions=())


Declared = TypeVar("Declared", Machine, System)


def with_claims(declared: Declared, *sentences: str) -> Declared:
    """A machine or system with these properties alone: others cost time, or name an event that a change leaves out."""
    return attrs.evolve(declared, properties=tuple(one for one in declared.properties if one.sentence in sentences))


def with_transition(machine: Machine, *added: Transition) -> Machine:
    """One transition more, tried last."""
    return attrs.evolve(machine, transitions=(*machine.transitions, *added))


def without(machine: Machine, source: State, event: type) -> Machine:
    """What leaves a state on an event is dropped."""
    return _split(machine, source, event, lambda one: ())


def with_changed(machine: Machine, source: State, event: type, **changes: Any) -> Machine:
    """What leaves a state on an event is changed: `target=`, `guard=`, `updates=`, `effects=`, `duration=`."""
    return _split(machine, source, event, lambda one: (attrs.evolve(one, **changes),))


def _split(machine: Machine, source: State, event: type, change: Any) -> Machine:
    made: list[Transition] = []
    for one in machine.transitions:
        if source in one.sources and one.event is event:
            made += change(attrs.evolve(one, sources=(source,)))
            others = tuple(state for state in one.sources if state != source)
            made += [attrs.evolve(one, sources=others)] if others else []
        else:
            made.append(one)
    assert made != list(machine.transitions)
    return attrs.evolve(machine, transitions=tuple(made))
