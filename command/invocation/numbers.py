"""Numbers from the command line: finite ones, of a size that a clock or a memory can hold."""

from __future__ import annotations

import math
import re
from typing import Any

import click

__all__ = ["Amount", "Whole", "shortened"]

MOST = 1_000_000_000
"""No option counts or waits for more."""
AMOUNT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
WHOLE = re.compile(r"[+-]?[0-9]+")


class Amount(click.ParamType[float]):
    """A finite decimal number above zero, or from zero on, and at most a billion.

    Args:
        name: what it counts, for `--help`.
        zero: whether none at all is an amount.
    """

    def __init__(self, name: str = "number", *, zero: bool = False) -> None:
        self.name, self.zero = name, zero

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        least = "zero or more" if self.zero else "more than zero"
        try:
            number = float(
                value if AMOUNT.fullmatch(str(value)) else ""
            )  # Python reads more: other digits, underscores
        except ValueError:
            number = math.nan
        if not (0 <= number <= MOST) or (number == 0 and not self.zero):  # no comparison holds of what is no number
            self.fail(
                f"{shortened(str(value))} is no number of {self.name}: {least}, and at most {MOST:,}.", param, ctx
            )
        return number


class Whole(click.IntRange):
    """A whole number, in a range or any, in the digits of ASCII."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not WHOLE.fullmatch(str(value)):  # Python reads more: other digits, underscores
            self.fail(f"{shortened(str(value))} is no whole number.", param, ctx)
        return super().convert(value, param, ctx)


def shortened(text: str, most: int = 60) -> str:
    """A text that somebody gave, in quotes, its end left out where it is long."""
    return repr(text) if len(text) <= most else f"{text[:most]!r}... ({len(text):,} characters)"
