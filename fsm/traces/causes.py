"""What let a step happen: the transitions that were taken with their guards, the wire's condition, the rules it passed.

The twin of `fsm.runtime.refusal`, which says what stood in an event's way; it walks the declaration in
the same order as the step and never decides anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Move
from fsm.language.printing import label
from fsm.language.snapshot import Instance
from fsm.language.system import Wire
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import fold
from fsm.semantics.situation import applied_wire, named_instances, read_instance, read_system
from fsm.traces.steps import TraceStep

__all__ = ["considered", "let_by", "taken_transitions", "taken_wire"]

FEW = 3
"""So many rules are named; of more, how many there are."""

Considered = tuple[str, Hashable, Transition, bool]
"""The part and the key of an instance, a transition of its state for the event, and whether its guard held."""
Took = tuple[str, Hashable, Transition]
"""The part and the key of an instance, and the transition it took."""


def let_by(engine: Engine, step: TraceStep) -> tuple[str, ...]:
    """What let it happen, in words; nothing where there was no condition."""
    said = [
        f"the guard {one.guard}: {_who(part, key)} {' or '.join(dict.fromkeys(state.name for state in one.sources))} on {label(one.event)}"
        for part, key, one in taken_transitions(engine, step)
        if one.guard is not None
    ]
    wire = taken_wire(engine, step)
    if wire is not None and wire.when is not None:
        said.append(f"the wire of {label(wire.event_class)} where {wire.when}")
    rules = [] if step.event is None else [rule.name for rule in engine.system.rules if type(step.event) in rule.on]
    if len(rules) > FEW:
        said.append(f"{len(rules)} rules on {label(type(step.event))}, all of which hold")
    return (*said, *(f"the rule {name}" for name in rules if len(rules) <= FEW))


def taken_wire(engine: Engine, step: TraceStep) -> Wire | None:
    """The wire by which the step moved what it moved; None where time alone passed, or moved one instance by itself."""
    kind = type(step.event) if step.event is not None else step.sent
    wires = [
        one
        for one in engine.system.all_wires
        if one.event_class is kind and (None if one.sender is None else one.sender.name) == step.part
    ]
    return applied_wire(
        engine.system, step.before.parts, wires, event=step.event, at=step.at, key=step.key, params=engine.params
    )


def taken_transitions(engine: Engine, step: TraceStep) -> list[Took]:
    """Every transition that the step took, with the instance that took it."""
    first: dict[tuple[str, Hashable], Took] = {}
    for part, key, transition, holds in considered(engine, step):
        if holds:
            first.setdefault((part, key), (part, key, transition))
    return list(first.values())


def considered(engine: Engine, step: TraceStep) -> list[Considered]:
    """For every instance that the step moved, the transitions that its state has for the event, with whether their guards held."""
    found: list[Considered] = []
    if step.part is not None:
        found += _timed(engine, step, step.part)
    wire = taken_wire(engine, step)
    for move in () if wire is None else wire.moves:
        found += _moved(engine, step, move)
    return found


def _timed(engine: Engine, step: TraceStep, name: str) -> Iterator[Considered]:
    """The timers that fell due just then."""
    machine = engine.system.part(name).machine
    held = step.before[name]
    instance: Instance = held if isinstance(held, Instance) else held[step.key]
    read = read_instance(instance, event=None, at=step.at, key=step.key, params=engine.params)
    for place, one in enumerate(machine.timers(_state(machine, instance))):
        fresh = one.event is step.sent and not instance.spent >> place & 1
        if fresh and one.duration is not None and fold(one.duration, read) == step.at - instance.since:
            yield name, step.key, one, one.guard is None or bool(fold(one.guard, read))


def _moved(engine: Engine, step: TraceStep, move: Move) -> Iterator[Considered]:
    system, params = engine.system, engine.params
    read_wire = read_system(system, step.before.parts, event=step.event, at=step.at, key=step.key, params=params)
    fields = {name: fold(value, read_wire) for name, value in move.payload}
    for key, instance in named_instances(
        system, step.before.parts, move, event=step.event, at=step.at, key=step.key, params=params
    ):
        read = read_instance(instance, event=step.event, at=step.at, key=key, params=params, fields=fields)
        for one in _leaving(move.part.machine, instance, move.action):
            yield move.part.name, key, one, one.guard is None or bool(fold(one.guard, read))


def _leaving(machine: Machine, instance: Instance, event: type | None) -> list[Transition]:
    return [one for one in machine.leaving(_state(machine, instance)) if one.event is event]


def _state(machine: Machine, instance: Instance) -> State:
    return next(one for one in machine.states if one.name == instance.state)


def _who(part: str, key: Hashable) -> str:
    return part if key is None else f"{part} {key}"
