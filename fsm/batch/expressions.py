"""Expressions compiled to numpy: the same trees that the runtime compiles to closures, for many lanes at once.

Arithmetic is exact: where the values that are there could leave int64, it is done with Python's own integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

import numpy as np

from fsm.batch.layout import FAR, INT64, Array, Layout, PartPlaces, coded, span_of
from fsm.errors import CannotBatch
from fsm.language.domains import Domain, Enumeration, Integers, Opaque
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Var
from fsm.language.leaves import Applied, Clock, FieldRef, InState, PartVar, Stamp
from fsm.language.traversal import bottom_up

__all__ = ["Fields", "Program", "Reading", "as_objects", "compile_expression"]

COMPARES: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
COMPUTES: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}


Fields = Mapping[tuple[type, str], Array]
"""The fields of events, by class and name; what stands in the lanes of other events is not read."""


class Reading:
    """What expressions read: some lanes of the columns, of the fields of their event, and of the instants.

    Args:
        columns: of the snapshots before the step.
        at: the instants.
        fields: of the events, a value for each lane there is.
        rows: which of the lanes; None for all.
    """

    __slots__ = ("_at", "_columns", "_fields", "_rows", "_seen")

    def __init__(self, columns: tuple[Array, ...], at: Array, fields: Fields, rows: Array | None = None) -> None:
        self._columns, self._at, self._fields, self._rows = columns, at, fields, rows
        self._seen: dict[Any, Array] = {}

    def column(self, place: int) -> Array:
        if self._rows is None:
            return self._columns[place]
        if place not in self._seen:
            self._seen[place] = self._columns[place][self._rows]
        return self._seen[place]

    def field(self, event: type, name: str) -> Array:
        if self._rows is None:
            return self._fields[event, name]
        if (event, name) not in self._seen:
            self._seen[event, name] = self._fields[event, name][self._rows]
        return self._seen[event, name]

    @property
    def at(self) -> Array:
        return self._at if self._rows is None else self._at[self._rows]


Program = Callable[[Reading], Any]
"""Gives an array of a value for each lane that is read, or one value for all."""
Node = Callable[..., Any]
Span = tuple[int, int] | None
"""Between which integers of int64 a value surely lies; None where that is not known before."""


def compile_expression(where: str, expr: Expr[Any], layout: Layout, own: PartPlaces | None = None) -> Program:
    """A program for an expression; nodes that are shared are computed once, and none is walked into by recursion.

    Args:
        where: it stands, in a message.
        own: the part of which bare variables and states speak.

    Raises:
        CannotBatch: it applies a function of the author's.
    """
    leaves = _Leaves(where, layout, own)
    steps: list[tuple[Node, tuple[int, ...]]] = []

    def add_step(node: Expr[Any], below: tuple[tuple[int, Span], ...]) -> tuple[int, Span]:
        spans = [span for _, span in below]
        made, span = _operator(node, spans) or leaves.leaf(node)
        steps.append((made, tuple(place for place, _ in below)))
        return len(steps) - 1, span

    bottom_up(expr, add_step)
    if len(steps) == 1:
        only = steps[0][0]
        return lambda reading: only(reading)

    def run(reading: Reading) -> Any:
        values: list[Any] = []
        for node, places in steps:
            values.append(node(reading, *[values[place] for place in places]))
        return values[-1]

    return run


def _operator(node: Expr[Any], spans: list[Span]) -> tuple[Node, Span] | None:
    """What an operator computes of its operands, and between which integers that lies; None for a leaf."""
    match node:
        case Compare(op=op):
            apply = COMPARES[op]
            return (lambda reading, a, b: _truth(apply(a, b))), None
        case Arithmetic(op=op):
            span = _combined(op, spans[0], spans[1])
            return _plain(COMPUTES[op]) if span else _exact(op), span
        case Junction(op=op):
            join = np.logical_and if op == "and" else np.logical_or
            return (lambda reading, *parts: _joined(join, parts)), None
        case Not():
            return (lambda reading, a: np.logical_not(a)), None
        case Implies():
            return (lambda reading, a, b: np.logical_or(np.logical_not(a), b)), None
        case Choose():
            both = None if spans[1] is None or spans[2] is None else (
                min(spans[1][0], spans[2][0]), max(spans[1][1], spans[2][1])
            )  # fmt: skip
            if isinstance(node.domain, Opaque):
                return _choose_object(node.then.domain, node.otherwise.domain), None
            return _choose, both
        case _:
            return None


class _Leaves:
    """What leaves read."""

    def __init__(self, where: str, layout: Layout, own: PartPlaces | None) -> None:
        self.where, self.layout, self.own = where, layout, own

    def leaf(self, node: Expr[Any]) -> tuple[Node, Span]:
        match node:
            case Const(value=value):
                held = coded(node.domain, value)
                return (lambda reading: held), _span(node.domain)
            case FieldRef(event=event, name=name, of=domain):
                return (lambda reading: reading.field(event, name)), _span(domain)
            case Var(name=name, of=domain):
                assert self.own is not None
                return self._column(self.own.variables[name]), _span(domain)
            case PartVar(part=part, var=variable):
                return self._column(self._part(part).variables[variable.name]), _span(variable.domain)
            case Clock(part=part):
                since = self._part(part).since
                return (lambda reading: reading.at - reading.column(since)), (0, 2 * FAR)
            case InState(part=part, states=states):
                return self._inside(self._part(part), {state.name for state in states}), None
            case Stamp(what="now"):
                return (lambda reading: reading.at), None
            case Stamp(what="since"):
                return self._column(self._part(None).since), None
            case Stamp(what="key"):
                return (lambda reading: None), None
            case Applied(function=function):
                raise CannotBatch(
                    self.where,
                    f"applies {function.__name__}, a function that takes one value and not a column",
                    "Step it with Engine.step.",
                )
        raise AssertionError(node)

    def _part(self, part: Any) -> PartPlaces:
        if part is None:
            assert self.own is not None
            return self.own
        return self.layout.parts[self.layout.system.place(part)]

    def _column(self, place: int) -> Node:
        return lambda reading: reading.column(place)

    def _inside(self, part: PartPlaces, names: set[str]) -> Node:
        place = part.state
        codes = [code for code, state in enumerate(part.machine.states) if state.name in names]
        if len(codes) == 1:
            (code,) = codes
            return lambda reading: reading.column(place) == code
        table = np.isin(np.arange(len(part.machine.states)), codes)
        return lambda reading: table.take(reading.column(place))


def _span(domain: Domain) -> Span:
    return span_of(domain) if isinstance(domain, Integers) else None


def _combined(op: str, one: Span, other: Span) -> Span:
    """Between which integers the result lies; None where that leaves int64, or where one of both is not known."""
    if one is None or other is None:
        return None
    ends = [COMPUTES[op](a, b) for a in one for b in other]
    return (min(ends), max(ends)) if INT64[0] <= min(ends) and max(ends) <= INT64[1] else None


def _plain(apply: Callable[[Any, Any], Any]) -> Node:
    return lambda reading, a, b: apply(a, b)


def _exact(op: str) -> Node:
    apply = COMPUTES[op]

    def run(reading: Reading, a: Any, b: Any) -> Any:
        if _combined(op, _seen_span(a), _seen_span(b)) is not None:
            return apply(a, b)
        return apply(_as_objects(a), _as_objects(b))

    return run


def _seen_span(value: Any) -> Span:
    """Between which integers the values lie that are there."""
    if isinstance(value, int):
        return (value, value) if INT64[0] <= value <= INT64[1] else None
    if value.dtype == np.object_:
        return None
    return (int(value.min()), int(value.max())) if value.size else (0, 0)


def _as_objects(value: Any) -> Any:
    return value if isinstance(value, int) else value.astype(np.object_)


def _truth(compared: Any) -> Any:
    """A comparison of objects is an array of objects."""
    return compared.astype(np.bool_) if getattr(compared, "dtype", None) == np.object_ else compared


def _joined(join: Any, parts: tuple[Any, ...]) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole = join(whole, part)
    return whole


def _choose(reading: Reading, condition: Any, then: Any, otherwise: Any) -> Any:
    return np.where(condition, _whole(then), _whole(otherwise))


def _whole(value: Any) -> Any:
    """A value, where it is a number beyond int64 as an object: numpy would make a float of it and of what stands beside it."""
    return np.array(value, dtype=np.object_) if isinstance(value, int) and _seen_span(value) is None else value


def _choose_object(then: Domain, otherwise: Domain) -> Node:
    first, second = as_objects(then), as_objects(otherwise)
    return lambda reading, condition, a, b: np.where(condition, first(a, len(reading.at)), second(b, len(reading.at)))


def as_objects(domain: Domain) -> Callable[[Any, int], Array]:
    """What makes of values of a domain a column of the objects that they stand for, one for each lane."""
    members = np.array([*domain.members, None], dtype=np.object_) if isinstance(domain, Enumeration) else None

    def objects(value: Any, lanes: int) -> Array:
        named = value if members is None else members[value]
        held = np.empty(lanes, dtype=np.object_)
        if isinstance(named, np.ndarray):
            held[:] = named
        else:
            held.fill(named)
        return held

    return objects
