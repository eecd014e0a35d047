"""Instants that nobody saw, as intervals: between the earliest and the latest that each can have been.

A zone (Dill 1989; Tripakis 2002, for partial observation) knows the differences of instants too; here each instant stands
for itself. So an explanation covers every run that a zone covers and sometimes one more: a violation is never told
wrongly, and where every instant was seen the two are the same.
"""

from __future__ import annotations

__all__ = ["ANY", "FAR", "Interval", "in_words", "is_known", "meet", "up_to"]

Interval = tuple[int, int]
"""The earliest and the latest instant, milliseconds, both included."""

FAR = 1 << 60
"""Later than every instant; with a minus, earlier."""

ANY: Interval = (-FAR, FAR)


def meet(one: Interval, other: Interval) -> Interval | None:
    """What lies in both; None where nothing does."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def up_to(high: int) -> Interval:
    return (-FAR, high)


def is_known(one: Interval) -> bool:
    """Whether it is one instant."""
    return one[0] == one[1]


def in_words(one: Interval) -> str:
    """`4000`, `an instant from 0 to 4000`."""
    low, high = one
    if low == high:
        return str(low)
    if low <= -FAR:
        return "an instant nobody saw" if high >= FAR else f"{high} at the latest"
    return f"{low} at the earliest" if high >= FAR else f"an instant from {low} to {high}"
