"""Values that could leave their range, as far as intervals tell: refused, or said in a condition that keeps them there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fsm.checks.intervals import Interval, interval, learn
from fsm.errors import OutOfRange
from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import Const, Expr, Formula, Param, Var, compare
from fsm.language.leaves import FieldRef
from fsm.language.traversal import walk
from fsm.language.values.brief import brief

__all__ = ["check_range", "leaves", "room"]

Limits = list[tuple[str, int]]
"""How a value must compare with the ends of a range."""
BOUNDED: dict[type, str] = {
    Var: "integer({!r}, low, high)",
    Param: "parameter({!r}, int, ..., low=..., high=...)",
    FieldRef: "{}: Field[Annotated[int, Range(low, high)]]",
}
"""How what has no bounds is given some."""


def check_range(where: str, name: str, wanted: Domain, value: Expr[Any], guard: Formula | None) -> None:
    """Raise DefinitionError when the value may leave the range of the integer `name` although the guard holds."""
    if not isinstance(wanted, Integers):
        return
    if wanted != Integers() and isinstance(value.domain, Opaque):
        raise OutOfRange(
            where,
            f"sets {name} to {value}, of which no condition can see that it is {wanted}",
            "Leave the range out where what is carried is emitted.",
        )
    if not isinstance(value.domain, Integers):
        return
    known = _interval(value, guard)
    limits = _missing(known, wanted)
    if limits:
        low, high = known
        span = f"{'-∞' if low is None else brief(low)} to {'∞' if high is None else brief(high)}"
        endless = any((low if op == ">=" else high) is None for op, _ in limits)
        raise OutOfRange(
            where,
            f"sets {name} to {value}, which may be {span}, but it is {wanted}",
            " ".join([_guarded(value, limits), *(_unbounded(value) if endless else ())]),
        )


def _interval(value: Expr[Any], guard: Formula | None) -> Interval:
    return interval(value, {} if guard is None else learn({}, guard))


def _missing(known: Interval, wanted: Integers) -> Limits:
    """What must be seen to."""
    low, high = known
    made = []
    if wanted.low is not None and (low is None or low < wanted.low):
        made.append((">=", wanted.low))
    if wanted.high is not None and (high is None or high > wanted.high):
        made.append(("<=", wanted.high))
    return made


def _guarded(value: Expr[Any], limits: Limits) -> str:
    """What to write where a value may be too low or too high."""
    if isinstance(value, Const):
        return "Widen the range."
    wanted = " & ".join(f"({compare(op, value, limit)})" for op, limit in limits)
    return f"Guard it with {wanted}, alone or joined by & to the rest, or widen the range."


def _unbounded(value: Expr[Any]) -> list[str]:
    """A sentence for each variable, parameter and field of an expression whose range has no end on some side."""
    said: dict[str, None] = {}
    for leaf in walk(value):
        domain, how = leaf.domain, BOUNDED.get(type(leaf))
        if how is not None and isinstance(domain, Integers) and not domain.finite:
            missing = "bounds" if domain == Integers() else "lower bound" if domain.low is None else "upper bound"
            said[f"{leaf} has no {missing}: {how.format(getattr(leaf, 'name', ''))}."] = None
    return list(said)


def room(wanted: Domain, value: Expr[Any], guard: Formula | None) -> list[Formula]:
    """What must be so of a value to stay in a range, as far as that is not plain where the guard holds; nothing where it never stays there."""
    if not isinstance(wanted, Integers) or not isinstance(value.domain, Integers):
        return []
    low, high = known = _interval(value, guard)
    too_high = low is not None and wanted.high is not None and low > wanted.high
    too_low = high is not None and wanted.low is not None and high < wanted.low
    return [] if too_high or too_low else [compare(op, value, limit) for op, limit in _missing(known, wanted)]


def leaves(exprs: Iterable[Expr[Any] | None]) -> set[Expr[Any]]:
    """The variables, parameters and fields that expressions read."""
    return {node for one in exprs if one is not None for node in walk(one) if isinstance(node, Var | Param | FieldRef)}
