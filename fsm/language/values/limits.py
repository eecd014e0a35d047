"""How large a value may be that a system keeps: what is larger is refused where it comes in, so that it can always be stored."""

from __future__ import annotations

__all__ = ["DEEPEST_VALUE", "DIGITS", "LARGEST", "is_short"]

DIGITS = 4_300
"""The most decimal digits of an integer, which are the most that Python itself reads or writes unless it is told otherwise."""

DEEPEST_VALUE = 40
"""The most tuples, sets and records inside one another."""

LARGEST: int = 10**DIGITS - 1
"""The largest integer of so many digits."""


def is_short(number: int) -> bool:
    """Whether an integer has no more digits than are kept."""
    return -LARGEST <= number <= LARGEST
