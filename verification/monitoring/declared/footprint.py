"""What an event reads and moves, in every wire together: read off the declaration once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Arithmetic, Compare, Const, Expr, Implies, Junction, Not, Param
from fsm.language.leaves import Clock, Count, FieldRef, InState, PartVar
from fsm.language.machine import Transition
from fsm.language.parts import Each, Part
from fsm.language.system import Rule, System, Wire
from fsm.language.traversal import walk

__all__ = ["Footprint", "footprint_of", "parts_read", "reads_clock", "said_of_wires"]


@attrs.frozen(eq=False)
class Footprint:
    """What an event reads and moves.

    Attributes:
        event: its class.
        places: of the parts that it can move.
        actions: what it is called by the machines that it moves: place and event.
        keys: the fields that name instances, each with the places of their parts.
        every: places of parts of which every instance that fits moves.
        reads: places of the parts that its rules and wires look at, or move.
        counts: of these, those that wires count or select from.
        helped: of these, those of which one more instance may make a condition true.
        params: places of the parameters that decide what it does.
        moving: of these, those that decide it beside the rules.
        own: places and variables that the instances it moves read of themselves.
        shared: places and variables that it reads of all instances of a part, or of a `one` part.
        clocks: places of the parts whose time in state it reads.
        fields: its fields that decide something or are kept.
        rules: the rules on it, each with the places of its parameters and of the parts that it counts.
        numbers: constants that its conditions compare with.
        computes: its conditions compute with what they compare.
        still: it changes nothing.
    """

    event: type
    places: tuple[int, ...]
    actions: tuple[tuple[int, type], ...]
    keys: Mapping[str, tuple[int, ...]]
    every: frozenset[int]
    reads: frozenset[int]
    counts: frozenset[int]
    helped: frozenset[int]
    params: tuple[int, ...]
    moving: tuple[int, ...]
    own: frozenset[tuple[int, int]]
    shared: frozenset[tuple[int, int]]
    clocks: frozenset[int]
    fields: tuple[str, ...]
    rules: tuple[tuple[Rule, tuple[int, ...], frozenset[int]], ...]
    numbers: frozenset[int]
    computes: bool
    still: bool


def footprint_of(system: System, event: type, own: Part | None) -> Footprint:
    """Of an event that callers send, or that time sends to a part."""
    places = {part.name: place for place, part in enumerate(system.parts)}
    named = {param.name: place for place, param in enumerate(system.parameters)}
    wires = system.wires_on(event, own)
    moves = [move for wire in wires for move in wire.moves]
    actions = [(places[move.part.name], move.action) for move in moves] + (
        [] if own is None else [(places[own.name], event)]
    )
    lines = [
        (place, one)
        for place, action in actions
        for one in system.parts[place].machine.transitions
        if one.event is action
    ]
    rules = tuple(rule for rule in system.rules if own is None and event in rule.on)
    wired = list(said_of_wires(wires, _read_by(lines)))
    conditions = [*(rule.when for rule in rules), *wired]
    inside = [(place, expr) for place, one in lines for expr in _said(one)]
    nodes = [node for expr in (*conditions, *(expr for _, expr in inside)) for node in walk(expr)]
    keys: dict[str, tuple[int, ...]] = {}
    for move in moves:
        if isinstance(move.key, FieldRef):
            keys[move.key.name] = tuple(dict.fromkeys((*keys.get(move.key.name, ()), places[move.part.name])))
    keyed = tuple(place for place, part in enumerate(system.parts) if isinstance(part, Each))
    for node in (node for expr in conditions for node in walk(expr)):
        if isinstance(node, FieldRef) and node.event is event and isinstance(node.domain, Opaque):
            keys.setdefault(node.name, keyed)  # a rule names an instance that the event does not move
    fields = {
        node.name
        for node in nodes
        if isinstance(node, FieldRef) and node.event is event and not isinstance(node.domain, Opaque)
    }
    counts = {places[node.part.name] for expr in wired for node in walk(expr) if isinstance(node, Count)}
    every = frozenset(places[move.part.name] for move in moves if move.where is not None)
    touched = {place for place, _ in actions}
    return Footprint(
        event=event,
        places=tuple(dict.fromkeys(place for place, _ in actions)),
        actions=tuple(dict.fromkeys(actions)),
        keys=keys,
        every=every,
        reads=frozenset(touched | {places[name] for node in nodes for name in parts_read(node)}),
        counts=frozenset(counts) | every,
        helped=frozenset(places[part] for expr in conditions for part in _helped(expr, 1)),
        params=_params(nodes, named),
        moving=_params([node for expr in (*wired, *(expr for _, expr in inside)) for node in walk(expr)], named),
        own=frozenset(_own_slots(system, inside)),
        shared=frozenset(_shared_slots(system, conditions)),
        clocks=frozenset(_clocks(inside, conditions, places)),
        fields=tuple(name for name in field_refs(event) if name in fields and name not in keys),
        rules=tuple(
            (rule, _params(walk(rule.when), named), frozenset(places[one] for one in _counted(rule.when)))
            for rule in rules
        ),
        numbers=frozenset(node.value for node in nodes if isinstance(node, Const) and type(node.value) is int),
        computes=any(isinstance(node, Arithmetic) for node in nodes),
        still=all(one.target is None and not one.updates for _, one in lines),
    )


def _params(nodes: Iterable[Expr[Any]], named: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted({named[node.name] for node in nodes if isinstance(node, Param)}))


def _counted(expr: Expr[Any]) -> Iterator[str]:
    yield from (node.part.name for node in walk(expr) if isinstance(node, Count))


def _read_by(lines: Sequence[tuple[int, Transition]]) -> frozenset[tuple[type, str]]:
    """The fields of actions that transitions read."""
    nodes = (node for _, one in lines for expr in _said(one) for node in walk(expr))
    return frozenset((node.event, node.name) for node in nodes if isinstance(node, FieldRef))


def said_of_wires(wires: Iterable[Wire], read: frozenset[tuple[type, str]]) -> Iterator[Expr[Any]]:
    """What wires say: conditions, selections, how many there may be, and what is handed on of what is read."""
    for one in wires:
        if one.when is not None:
            yield one.when
        for move in one.moves:
            yield from (value for name, value in move.payload if (move.action, name) in read)
            if move.where is not None:
                yield Count(move.part, move.where)
            if isinstance(move.part, Each):
                yield from (limit for limit in (move.part.at_most, move.part.population) if limit is not None)


def reads_clock(system: System, part: Part) -> bool:
    """Whether anything asks for how long an instance of the part is in its state."""
    said = [*(rule.when for rule in system.rules), *said_of_wires(system.all_wires, frozenset())]
    own = [expr for one in part.machine.transitions for expr in _said(one)]
    if any(isinstance(node, Clock) for expr in own for node in walk(expr)):
        return True
    return any(_is_clock_of(node, part.name) for expr in said for node in walk(expr))


def _is_clock_of(node: Expr[Any], name: str) -> bool:
    return isinstance(node, Clock) and node.part is not None and node.part.name == name


def _said(one: Transition) -> Iterator[Expr[Any]]:
    """What decides on a transition and what it leaves."""
    if one.guard is not None:
        yield one.guard
    for _, value in one.updates:
        yield value


def parts_read(node: Expr[Any]) -> Iterator[str]:
    """The names of the parts that a leaf looks at."""
    match node:
        case Count(part=part) | PartVar(part=part):
            yield part.name
        case InState(part=part) | Clock(part=part) if part is not None:
            yield part.name


def _slot(part: Part, node: object) -> int | None:
    """Where a variable stands in the part's machine; by identity, since `==` writes a formula."""
    return next((slot for slot, variable in enumerate(part.machine.variables) if variable is node), None)


def _own_slots(system: System, inside: Sequence[tuple[int, Expr[Any]]]) -> Iterator[tuple[int, int]]:
    for place, expr in inside:
        slots = (_slot(system.parts[place], node) for node in walk(expr))
        yield from ((place, slot) for slot in slots if slot is not None)


def _shared_slots(system: System, conditions: Sequence[Expr[Any]]) -> Iterator[tuple[int, int]]:
    for node in (node for expr in conditions for node in walk(expr)):
        if isinstance(node, PartVar):
            read: Iterable[object] = (node.var,)
        elif isinstance(node, Count):
            read = walk(node.where)
        else:
            continue
        place = next(place for place, part in enumerate(system.parts) if part.name == node.part.name)
        slots = (_slot(system.parts[place], one) for one in read)
        yield from ((place, slot) for slot in slots if slot is not None)


def _clocks(
    inside: Sequence[tuple[int, Expr[Any]]], conditions: Sequence[Expr[Any]], places: Mapping[str, int]
) -> Iterator[int]:
    yield from (place for place, expr in inside for node in walk(expr) if isinstance(node, Clock))
    for expr in conditions:
        for node in walk(expr):
            if isinstance(node, Clock) and node.part is not None:
                yield places[node.part.name]


def _helped(expr: Expr[Any], sign: int) -> Iterator[str]:
    """The parts of which one more instance may make a condition true; false, where the sign is -1."""
    match expr:
        case Compare(op=op, left=Count(part=part), right=right) if not _counts(right):
            yield from (part.name,) * (sign in _grows(op, right))
        case Compare(op=op, left=left, right=Count(part=part)) if not _counts(left):
            yield from (part.name,) * (sign in _grows(TURNED[op], left))
        case Not(part=inner):
            yield from _helped(inner, -sign)
        case Implies(premise=premise, conclusion=conclusion):
            yield from _helped(premise, -sign)
            yield from _helped(conclusion, sign)
        case Junction(parts=parts):
            for one in parts:
                yield from _helped(one, sign)
        case _:
            yield from (node.part.name for node in walk(expr) if isinstance(node, Count))


def _counts(expr: Expr[Any]) -> bool:
    return any(isinstance(node, Count) for node in walk(expr))


def _grows(op: str, other: Expr[Any]) -> tuple[int, ...]:
    """Whether a comparison of a count becomes true (1) or false (-1) as the count grows, or both."""
    if op in ("==", "!="):
        none = isinstance(other, Const) and other.value == 0
        return ((-1,) if op == "==" else (1,)) if none else (1, -1)
    return (1,) if op in (">", ">=") else (-1,)


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
