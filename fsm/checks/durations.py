"""Durations, limits and assumptions: made of constants and parameters; a duration is a positive number of milliseconds."""

from __future__ import annotations

from typing import Any

from fsm.checks.intervals import interval
from fsm.errors import CannotBeRead, OutOfRange, WrongType
from fsm.language.domains import Integers
from fsm.language.expressions import Expr, Param, lift
from fsm.language.traversal import walk

__all__ = ["SETTING", "check_duration", "check_setting"]

BY_VALUES = (
    "Give a constant or a parameter; where it depends on a variable, a line for each of its values: .when(x == 1)."
)
SETTING = "a duration, a limit or an assumption"


def check_setting(where: str, expr: Expr[Any], instead: str = "") -> None:
    """Raise DefinitionError when the expression reads anything but parameters; with what to write."""
    for node in walk(expr):
        if node.kind and not isinstance(node, Param):
            raise CannotBeRead(where, f"{node} cannot be read in {SETTING}: it is {node.kind}", instead)


def check_duration(where: str, duration: Any) -> Expr[int]:
    """The duration as an expression; DefinitionError unless it is a positive number of milliseconds."""
    length: Expr[Any] = lift(duration)
    if not isinstance(length.domain, Integers):
        raise WrongType(
            where,
            f"a duration is in milliseconds, not {length.domain}",
            "Write them as a whole number: 1_500 for 1.5 seconds.",
        )
    check_setting(where, length, BY_VALUES)
    shortest, _ = interval(length, {})
    if shortest is None or shortest <= 0:
        raise OutOfRange(
            where, "its duration is not positive", "Give a positive constant or a parameter whose range starts at 1."
        )
    return length
