"""Why an event was refused, in the caller's words: who stood in the way and the values they saw.

Looked up only when somebody must be told, by walking the declaration again. Nothing here decides
whether an event is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from fsm.events import field_refs, label
from fsm.expressions import Clock, Count, Expr, FieldRef, InState, Param, PartVar, Var, structure, walk
from fsm.interpret import fold
from fsm.moves import initial_instance
from fsm.possible import Possible, possible_events
from fsm.reading import applied_wire, matching, named_instances, read_instance, read_system
from fsm.snapshot import Instance, Snapshot
from fsm.system import Each, Move, Rule, Sent, Wire
from fsm.words import phrase, value_in_words

if TYPE_CHECKING:
    from fsm.engine import Engine

__all__ = ["CannotMove", "Full", "NamedTwice", "NoWire", "Obstacle", "Refusal", "RuleForbids", "explain", "explain_sent"]


@attrs.frozen(eq=False)
class RuleForbids:
    """A rule of the system that does not hold.

    Attributes:
        rule: the rule.
        seen: the values it saw, by what it reads, in words.
    """

    rule: Rule
    seen: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        cited = f" ({', '.join(self.rule.cites)})" if self.rule.cites else ""
        return f"rule     {self.rule.name}{cited}: {phrase(self.rule.when)}; {_listed(self.seen)}"


@attrs.frozen
class CannotMove:
    """An instance named by the event that has no transition for it now.

    Attributes:
        part: the part's name.
        key: the instance's key; None for a part made by `one`.
        state: where it is.
        action: what it was asked to do.
        guards: the guards that said no, in words; empty when its state has no such transition.
        seen: the values they saw.
    """

    part: str
    key: Hashable
    state: str
    action: type
    guards: tuple[str, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        who = self.part if self.key is None else f"{self.part}[{self.key}]"
        if not self.guards:
            return f"part     {who} is {self.state}, where there is no {label(self.action)}"
        return f"guard    {who} is {self.state}, where {label(self.action)} needs {' or '.join(self.guards)}; {_listed(self.seen)}"


@attrs.frozen
class NoWire:
    """No wire of the event applies.

    Attributes:
        conditions: of its wires, in words.
        seen: the values they saw.
    """

    conditions: tuple[str, ...]
    seen: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"wire     none applies: {' or '.join(self.conditions)}; {_listed(self.seen)}"


@attrs.frozen
class Full:
    """A part that holds as many instances as it may.

    Attributes:
        part: its name.
        at_most: how many it may hold.
    """

    part: str
    at_most: int

    def __str__(self) -> str:
        return f"part     {self.part} holds {self.at_most} already, the most it may"


@attrs.frozen
class NamedTwice:
    """An event that names the same instance in two places."""

    part: str
    key: Hashable

    def __str__(self) -> str:
        return f"part     {self.part}[{self.key}] is named twice"


Obstacle = RuleForbids | CannotMove | NoWire | Full | NamedTwice


@attrs.frozen(eq=False, slots=False)
class Refusal:
    """An event that is not taken, and why.

    Who stood in the way is looked up when somebody first asks: a service that only goes on from the
    advanced snapshot does not pay for it.

    Attributes:
        event: the event as it came; the event class for one that time sends.
        at: the instant, milliseconds.
        obstacles: every rule and part that stood in the way.
        possible: what would be taken instead, at the same instant.
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


def _listed(seen: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{what}: {value}" for what, value in seen)


def explain(engine: Engine, snapshot: Snapshot, event: object, at: int) -> Refusal:
    """The refusal of an event that no handler took."""

    def obstacles() -> tuple[Obstacle, ...]:
        rules = [one for rule in engine.system.rules if type(event) in rule.on for one in _forbids(engine, snapshot, rule, event, at)]
        wires = [one for one in engine.system.all_wires if one.event is type(event)]
        return (*rules, *_in_the_way(engine, snapshot, wires, event, at, None))

    return Refusal(event, at, obstacles, lambda: possible_events(engine, snapshot, at))


def explain_sent(engine: Engine, snapshot: Snapshot, part: str, key: Hashable, event: type, at: int) -> Refusal:
    """The refusal of an event that time sent."""

    def obstacles() -> tuple[Obstacle, ...]:
        wires = [one for one in engine.system.wires if isinstance(one.event, Sent) and one.event.event is event and one.event.part.name == part]
        return tuple(_in_the_way(engine, snapshot, wires, None, at, key))

    return Refusal(event, at, obstacles, lambda: ())


def _forbids(engine: Engine, snapshot: Snapshot, rule: Rule, event: object, at: int) -> list[Obstacle]:
    read = read_system(engine.system, snapshot.parts, event=event, at=at, key=None, params=engine.params)
    return [] if fold(rule.when, read) else [RuleForbids(rule, _seen(engine, snapshot, rule.when, event, at))]


def _in_the_way(engine: Engine, snapshot: Snapshot, wires: list[Wire], event: object, at: int, key: Hashable) -> list[Obstacle]:
    system, parts, params = engine.system, snapshot.parts, engine.params
    applied = applied_wire(system, parts, wires, event=event, at=at, key=key, params=params)
    if applied is None:
        conditions = [one.when for one in wires if one.when is not None]
        seen = tuple(dict.fromkeys(pair for one in conditions for pair in _seen(engine, snapshot, one, event, at)))
        return [NoWire(tuple(phrase(one) for one in conditions), seen)]
    named: set[tuple[str, Hashable]] = set()
    found: list[Obstacle] = []
    for move in applied.moves:
        for which, instance in named_instances(system, parts, move, event=event, at=at, key=key, params=params):
            place = (move.part.name, which)
            found += [NamedTwice(*place)] if place in named else _stuck(engine, snapshot, move, which, instance, event, at)
            named.add(place)
    return found


def _stuck(engine: Engine, snapshot: Snapshot, move: Move, which: Hashable, instance: Instance, event: object, at: int) -> list[Obstacle]:
    """What keeps one instance from moving; nothing when it can."""
    read_wire = read_system(engine.system, snapshot.parts, event=event, at=at, key=which, params=engine.params)
    fields = {name: fold(value, read_wire) for name, value in move.payload}
    read = read_instance(instance, event=event, at=at, key=which, params=engine.params, fields=fields)
    state = next(one for one in move.part.machine.states if one.name == instance.state)
    leaving = [one for one in move.part.machine.leaving(state) if one.event is move.action]
    guards = [one.guard for one in leaving if one.guard is not None]
    if any(one.guard is None or fold(one.guard, read) for one in leaving):
        return _full(engine, snapshot, move, state.name)
    nodes = {str(structure(node)): node for guard in guards for node in walk(guard) if isinstance(node, (Var, FieldRef, Param, Clock))}
    seen = tuple((phrase(node), value_in_words(read(node))) for node in nodes.values())
    return [CannotMove(move.part.name, which, instance.state, move.action, tuple(phrase(guard) for guard in guards), seen)]


def _full(engine: Engine, snapshot: Snapshot, move: Move, state: str) -> list[Obstacle]:
    if not isinstance(move.part, Each) or move.part.at_most is None or state != move.part.machine.initial.name:
        return []
    most = fold(move.part.at_most, read_system(engine.system, snapshot.parts, event=None, at=0, key=None, params=engine.params))
    held = len(snapshot.parts[engine.system.parts.index(move.part)])
    return [Full(move.part.name, most)] if held >= most else []


def _seen(engine: Engine, snapshot: Snapshot, condition: Expr[Any], event: object, at: int) -> tuple[tuple[str, str], ...]:
    """What the leaves of a condition are now: counts by the instances counted, the rest by value."""
    read = read_system(engine.system, snapshot.parts, event=event, at=at, key=None, params=engine.params)
    seen: dict[str, str] = {}
    for node in walk(condition):
        match node:
            case Count(part=part):
                held = matching(engine.system, snapshot.parts, node, at=at, params=engine.params)
                seen[phrase(node).removeprefix("number of ")] = ", ".join(f"{key} {one.state}" for key, one in held.items()) or "none"
            case InState(part=part) if part is not None:
                seen[part.name] = snapshot.parts[engine.system.parts.index(part)].state
            case PartVar() | Param() | FieldRef():
                seen[phrase(node)] = value_in_words(read(node))
            case Clock(part=part) if part is not None:
                seen[phrase(node)] = f"{read(node)} ms"
            case _:
                pass
    return tuple(seen.items())


