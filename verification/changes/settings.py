"""Parameters that may be set otherwise: which values one of two declarations alone allows, and a run that only such a value takes.

You may not show a run here that the other declaration takes under another value that it allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.language.expressions import Param
from fsm.language.printing import value_in_words
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.verification.changes.replaying import Difference, is_taken, replayed
from fsm.verification.changes.walk import Kind, walk_both

__all__ = ["Setting", "runs_of_settings", "settings_of"]

NEAR = 2_000
"""So many answers are compared under a pair of values."""
MOST = 64
"""Values of a parameter that are gone through; a run is shown where there are no more for the other declaration to take it by."""

Allowed = Booleans | Enumeration | Integers
With = Callable[..., Engine | None]
"""A declaration under the value of one parameter, by its name; None where that is none of its profiles."""


@attrs.frozen
class Setting:
    """A parameter that may be set otherwise.

    Attributes:
        before, after: what it may be; a tuple is one value, which is fixed.
    """

    name: str
    before: Allowed | tuple[Any]
    after: Allowed | tuple[Any]

    @property
    def old(self) -> str:
        """What it might be, in words."""
        return _in_words(self.before)

    @property
    def new(self) -> str:
        """What it may be now, in words."""
        return _in_words(self.after)

    @property
    def narrower(self) -> bool:
        """Whether what it may be now it might be before."""
        return _within(self.after, self.before)

    @property
    def wider(self) -> bool:
        """Whether what it might be before it may be now."""
        return _within(self.before, self.after)


def settings_of(old: System, new: System, fixed: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Setting]:
    """Which values of parameters that both have one of them alone allows.

    Args:
        fixed, other: the values that are fixed in each.
    """
    theirs = {param.name: param for param in new.parameters}
    for param in old.parameters:
        twin = theirs.get(param.name)
        if twin is None or (param.name in fixed and param.name in other):
            continue
        setting = Setting(param.name, _allowed(param, fixed), _allowed(twin, other))
        if not (setting.narrower and setting.wider):
            yield setting


def _allowed(param: Param[Any], known: Mapping[str, Any]) -> Any:
    return (known[param.name],) if param.name in known else param.domain


def _in_words(allowed: Allowed | tuple[Any]) -> str:
    if isinstance(allowed, tuple):
        value = allowed[0]
        return str(Integers(value, value)) if type(value) is int else value_in_words(value)
    return str(allowed)


def _contains(allowed: Allowed | tuple[Any], value: Any) -> bool:
    return bool(value == allowed[0]) if isinstance(allowed, tuple) else allowed.contains(value)


def _within(inner: Allowed | tuple[Any], outer: Allowed | tuple[Any]) -> bool:
    """Whether every value of one is one of the other."""
    if isinstance(inner, tuple):
        return _contains(outer, inner[0])
    if isinstance(inner, Integers) and isinstance(outer, Integers):
        low = outer.low is None or (inner.low is not None and inner.low >= outer.low)
        return low and (outer.high is None or (inner.high is not None and inner.high <= outer.high))
    few = _listed(inner)
    return inner == outer or (few is not None and all(_contains(outer, one) for one in few))


def _listed(allowed: Allowed | tuple[Any]) -> tuple[Any, ...] | None:
    """The values, where there are few."""
    if isinstance(allowed, tuple):
        return allowed
    if isinstance(allowed, Integers):
        low, high = allowed.low, allowed.high
        return None if low is None or high is None or high - low >= MOST else allowed.values()
    return allowed.values()


# Runs


def runs_of_settings(settings: Iterable[Setting], old: With, new: With) -> dict[Kind, Difference]:
    """For each way a run that only a setting takes that one of them alone allows.

    Args:
        old, new: each declaration under a value of a parameter.
    """
    found: dict[Kind, Difference] = {}
    for one in settings:
        for kind, alone, others in ((Kind.LOST, one.before, one.after), (Kind.GAINED, one.after, one.before)):
            known = _listed(others) or ()
            for value in _only_in(alone, others) if kind not in found and known else ():
                shown = _shown(kind, one.name, value, sorted(known, key=lambda other: _far(other, value)), old, new)
                if shown is not None:
                    found[kind] = shown
                    break
    return found


def _only_in(alone: Allowed | tuple[Any], others: Allowed | tuple[Any]) -> list[Any]:
    """A few values that only one allows: those next to what the other does."""
    near: Iterable[Any] = _listed(alone) or ()
    if isinstance(alone, Integers):
        ends = (
            others if isinstance(others, tuple) else (others.low, others.high) if isinstance(others, Integers) else ()
        )
        near = [end + step for end in ends if type(end) is int for step in (1, -1)]
        near += [end for end in (alone.low, alone.high) if end is not None]
    return [one for one in dict.fromkeys(near) if _contains(alone, one) and not _contains(others, one)][:4]


def _far(one: Any, other: Any) -> int:
    return abs(one - other) if type(one) is type(other) is int else 0


def _shown(kind: Kind, name: str, value: Any, others: list[Any], old: With, new: With) -> Difference | None:
    """A run under a value, and under no value that the other one may have."""
    mine, theirs = (old, new) if kind is Kind.LOST else (new, old)
    taker = mine(**{name: value})
    refusers = [engine for other in others if (engine := theirs(**{name: other})) is not None]
    if taker is None or not refusers:
        return None
    pair = (taker, refusers[0]) if kind is Kind.LOST else (refusers[0], taker)
    way = walk_both(*pair, NEAR).ways.get(kind)
    if way is None or any(is_taken(way, engine, 1 if kind is Kind.LOST else 0) for engine in refusers):
        return None
    return replayed(kind, way, *pair)
