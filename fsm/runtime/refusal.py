"""Why an event was refused, in the caller's words: who stood in the way and the values they saw.

Looked up only when somebody must be told, by walking the declaration again. Nothing here decides
whether an event is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Formula, Junction, Param, Var
from fsm.language.leaves import Clock, Count, FieldRef, InState, PartVar
from fsm.language.machine import State
from fsm.language.parts import Each, Move, Sent
from fsm.language.printing import duration_in_words, label, value_in_words
from fsm.language.rewriting import structure
from fsm.language.snapshot import Instance, Snapshot
from fsm.language.system import Rule, Wire
from fsm.language.traversal import walk
from fsm.runtime.enabled import Possible, possible_events
from fsm.runtime.obstacles import CannotMove, Full, NamedTwice, NoWire, Obstacle, RuleForbids, Values
from fsm.semantics.evaluation import fold, interpret
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import applied_wire, matching, named_instances, read_instance, read_system

if TYPE_CHECKING:
    from fsm.runtime.engine import Engine

__all__ = ["Refusal", "explain", "explain_sent"]


@attrs.frozen(eq=False, slots=False)
class Refusal:
    """An event that is not taken, and why.

    Who stood in the way is looked up when somebody first asks: a service that only goes on from the
    advanced snapshot does not pay for it.

    Attributes:
        event: the event as it came; the event class for one that time sends.
        at: the instant, milliseconds.
        obstacles: every rule and part that stood in the way.
        possible: what would be taken instead, at the same instant; nothing for an event that time sends.
    """

    event: object
    at: int
    _find_obstacles: Callable[[], tuple[Obstacle, ...]] = attrs.field(repr=False)
    _find_possible: Callable[[], tuple[Possible, ...]] = attrs.field(repr=False)

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        return self._find_obstacles()

    @cached_property
    def possible(self) -> tuple[Possible, ...]:
        return self._find_possible()

    def _facts(self) -> tuple[object, int, tuple[Obstacle, ...], tuple[Possible, ...]]:
        return self.event, self.at, self.obstacles, self.possible

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Refusal) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._facts())

    def __reduce__(self) -> Any:
        return revive_refusal, self._facts()

    def __str__(self) -> str:
        lines = [f"{said(self.event)} is refused.", *(f"  {one}" for one in self.obstacles)]
        if not isinstance(self.event, type):
            lines.append(f"  possible now: {', '.join(str(one) for one in self.possible) or 'nothing'}")
        return "\n".join(lines)


def revive_refusal(event: object, at: int, obstacles: tuple[Obstacle, ...], possible: tuple[Possible, ...]) -> Refusal:
    """A refusal of which everything is known."""
    return Refusal(event, at, lambda: obstacles, lambda: possible)


def said(event: object) -> str:
    """An event as a message writes it: `offer_call(contact='c-9', name='Ann')`."""
    if isinstance(event, type):
        return label(event)
    fields = ", ".join(f"{name}={_value(getattr(event, name))}" for name in field_refs(type(event)))
    return f"{label(type(event))}({fields})"


def _value(value: object) -> str:
    return repr(value) if isinstance(value, str) else value_in_words(value)


def explain(engine: Engine, snapshot: Snapshot, event: object, at: int) -> Refusal:
    """The refusal of an event that no handler took."""

    def obstacles() -> tuple[Obstacle, ...]:
        rules = [
            one
            for rule in engine.system.rules
            if type(event) in rule.on
            for one in _forbids(engine, snapshot, rule, event, at)
        ]
        wires = [one for one in engine.system.all_wires if one.event is type(event)]
        return (*rules, *_in_the_way(engine, snapshot, wires, event, at, None))

    return Refusal(event, at, obstacles, lambda: possible_events(engine, snapshot, at))


def explain_sent(engine: Engine, snapshot: Snapshot, part: str, key: Hashable, event: type, at: int) -> Refusal:
    """The refusal of an event that time sent."""

    def obstacles() -> tuple[Obstacle, ...]:
        wires = [
            one
            for one in engine.system.wires
            if isinstance(one.event, Sent) and one.event.event is event and one.event.part.name == part
        ]
        return tuple(_in_the_way(engine, snapshot, wires, None, at, key))

    return Refusal(event, at, obstacles, lambda: ())


def _forbids(engine: Engine, snapshot: Snapshot, rule: Rule, event: object, at: int) -> list[Obstacle]:
    read = read_system(engine.system, snapshot.parts, event=event, at=at, key=None, params=engine.params)
    if fold(rule.when, read):
        return []
    under = _under(engine, rule.when)
    unmet = (
        tuple(part for part in under.parts if not fold(part, read))
        if isinstance(under, Junction) and under.op == "and"
        else ()
    )
    wanted = unmet[0] if len(unmet) == 1 else Junction("and", unmet) if unmet else under
    return [RuleForbids(rule.name, rule.cites, str(wanted), _seen(engine, snapshot, (wanted,), event, at))]


def _in_the_way(
    engine: Engine, snapshot: Snapshot, wires: list[Wire], event: object, at: int, key: Hashable
) -> list[Obstacle]:
    """What keeps the wire that applies from moving all it names."""
    system, parts, params = engine.system, snapshot.parts, engine.params
    applied = applied_wire(system, parts, wires, event=event, at=at, key=key, params=params)
    if applied is None:
        conditions = [_under(engine, one.when) for one in wires if one.when is not None]
        return [NoWire(tuple(str(one) for one in conditions), _seen(engine, snapshot, conditions, event, at))]
    named: set[tuple[str, Hashable]] = set()
    found: list[Obstacle] = []
    landed: list[tuple[Each, Hashable, State]] = []
    for move in applied.moves:
        for which, instance in named_instances(system, parts, move, event=event, at=at, key=key, params=params):
            place = (move.part.name, which)
            reached = _target(engine, snapshot, move, which, instance, event, at, key)
            if place in named:
                found.append(NamedTwice(*place))
            elif not isinstance(reached, State):
                found.append(reached)
            elif isinstance(move.part, Each):
                landed.append((move.part, which, reached))
            named.add(place)
    return found or _overfull(engine, snapshot, landed)


def _target(
    engine: Engine,
    snapshot: Snapshot,
    move: Move,
    which: Hashable,
    instance: Instance,
    event: object,
    at: int,
    key: Hashable,
) -> State | CannotMove:
    """The state that an instance would go to, or what keeps it from moving."""
    read_wire = read_system(engine.system, snapshot.parts, event=event, at=at, key=key, params=engine.params)
    fields = {name: fold(value, read_wire) for name, value in move.payload}
    read = read_instance(instance, event=event, at=at, key=which, params=engine.params, fields=fields)
    state = next(one for one in move.part.machine.states if one.name == instance.state)
    leaving = [one for one in move.part.machine.leaving(state) if one.event is move.action]
    for one in leaving:
        if one.guard is None or fold(one.guard, read):
            return one.target or state
    declared = [one.guard for one in leaving if one.guard is not None]
    guards = [under for one in declared if not isinstance(under := with_values(one, engine.params), Const)] or declared
    nodes = [node for guard in guards for node in walk(guard)]
    seen = {
        _called(node, nodes): _in_words(node, read(node))
        for node in nodes
        if isinstance(node, (Var, FieldRef, Param, Clock))
    }
    return CannotMove(
        move.part.name,
        which,
        instance.state,
        move.action,
        tuple(str(guard) for guard in guards),
        tuple(seen.items()),
    )


def _overfull(engine: Engine, snapshot: Snapshot, landed: list[tuple[Each, Hashable, State]]) -> list[Obstacle]:
    """The parts that would hold more instances than they may, or than there are keys in the world."""
    found: list[Obstacle] = []
    for part in dict.fromkeys(part for part, _, _ in landed):
        held = snapshot[part.name]
        mine = [(key in held, state != part.machine.initial) for other, key, state in landed if other is part]
        new, gone = (
            sum(there and not before for before, there in mine),
            sum(before and not there for before, there in mine),
        )
        for limit, leaving in ((part.at_most, gone), (part.population, 0)):
            most = None if limit is None else interpret(limit, params=engine.params)
            if most is not None and new > leaving and len(held) + new - leaving > most:
                found.append(Full(part.name, len(held), most))
    return found


def _under(engine: Engine, condition: Formula) -> Formula:
    """The condition with the profile's values, which is what the caller is up against; as declared where these alone decide it."""
    under = with_values(condition, engine.params)
    return condition if isinstance(under, Const) else under


def _seen(engine: Engine, snapshot: Snapshot, conditions: Iterable[Formula], event: object, at: int) -> Values:
    """What the leaves of conditions are now: counts by the instances counted, the rest by value."""
    read = read_system(engine.system, snapshot.parts, event=event, at=at, key=None, params=engine.params)
    nodes = [node for condition in conditions for node in walk(condition)]
    several = len({str(structure(node)) for node in nodes if isinstance(node, Count)}) > 1
    seen: dict[str, str] = {}
    for node in nodes:
        match node:
            case Count():
                held = matching(engine.system, snapshot.parts, node, at=at, params=engine.params)
                what = str(node).removeprefix("number of ").removeprefix("(").removesuffix(")") if several else "held"
                seen[what] = ", ".join(f"{key} {one.state}" for key, one in held.items()) or "none"
            case InState(part=part) if part is not None:
                seen[part.name] = snapshot[part.name].state
            case PartVar() | Param() | FieldRef():
                seen[_called(node, nodes)] = _in_words(node, read(node))
            case _:
                pass
    return tuple(seen.items())


def _called(node: Expr[Any], nodes: Iterable[Expr[Any]]) -> str:
    """What a condition calls one of its leaves: a field that shares its name with a variable stands with its event."""
    if isinstance(node, FieldRef) and any(
        isinstance(other, (Var, Param)) and other.name == node.name for other in nodes
    ):
        return f"{label(node.event)}.{node.name}"
    return str(node)


def _in_words(node: Expr[Any], value: object) -> str:
    return duration_in_words(value) if isinstance(node, Clock) and isinstance(value, int) else value_in_words(value)
