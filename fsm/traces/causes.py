"""What let a step happen: the transitions that were taken with their guards, the wire's condition, the rules it passed.

The twin of `fsm.runtime.explanation`, which says what stood in an event's way.
"""

from __future__ import annotations

from collections.abc import Hashable

from fsm.language.machine import Transition
from fsm.language.printing import key_in_words, label
from fsm.language.snapshot import Taken
from fsm.language.system import Wire
from fsm.runtime.engine import Engine
from fsm.semantics.movement import Mover, movement, timed_mover
from fsm.semantics.situation import Situation

__all__ = ["considered", "let_by", "taken_transitions", "taken_wire"]

FEW = 3
"""So many rules are named; of more, how many there are."""

Considered = tuple[str, Hashable, Transition, bool]
"""The part and the key of an instance, a transition of its state for the event, and whether its guard held."""
Took = tuple[str, Hashable, Transition]
"""The part and the key of an instance, and the transition it took."""


def let_by(engine: Engine, step: Taken) -> tuple[str, ...]:
    """What let it happen, in words; nothing where there was no condition."""
    said = [
        f"the guard {one.guard}: {_who(part, key)} {' or '.join(dict.fromkeys(state.name for state in one.sources))} on {label(one.event)}"
        for part, key, one in taken_transitions(engine, step)
        if one.guard is not None
    ]
    wire = taken_wire(engine, step)
    if wire is not None and wire.when is not None:
        said.append(f"the wire of {label(wire.event_class)} where {wire.when}")
    rules = [rule.name for rule in engine.system.rules if type(step.given) in rule.on]
    if len(rules) > FEW:
        said.append(f"{len(rules)} rules on {label(type(step.given))}, all of which hold")
    return (*said, *(f"the rule {name}" for name in rules if len(rules) <= FEW))


def _movers(engine: Engine, step: Taken) -> tuple[Wire | None, list[Mover]]:
    """The wire by which the step moved what it moved, and what moved; no wire where time alone passed, or moved one instance by itself."""
    here, kind = Situation.of(engine, step.before, step.at, step.given, step.key), step.kind
    if kind is None:
        return None, []
    if step.part is None:
        moving, own = movement(here, kind), []
    else:
        sender = engine.system.part(step.part)
        moving, own = movement(here, kind, sender), [timed_mover(here, sender, kind)]
    return moving.wire, [*own, *moving.movers]


def taken_transitions(engine: Engine, step: Taken) -> list[Took]:
    """Every transition that the step took, with the instance that took it."""
    _, movers = _movers(engine, step)
    return [(one.part.name, one.key, one.taken) for one in movers if one.taken is not None]


def considered(engine: Engine, step: Taken) -> list[Considered]:
    """For every instance that the step moved, the transitions that its state has for the event, with whether their guards held."""
    _, movers = _movers(engine, step)
    return [(one.part.name, one.key, transition, holds) for one in movers for transition, holds in one.considered]


def taken_wire(engine: Engine, step: Taken) -> Wire | None:
    """The wire by which the step moved what it moved; None where time alone passed, or moved one instance by itself."""
    return _movers(engine, step)[0]


def _who(part: str, key: Hashable) -> str:
    return part if key is None else f"{part} {key_in_words(key)}"
