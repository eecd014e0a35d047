"""Durations: positive milliseconds, made of constants and parameters."""

from __future__ import annotations

from typing import Any

from fsm.checks.intervals import interval
from fsm.checks.scoping import SETTING, Scope, check_reading
from fsm.errors import DefinitionError
from fsm.language.domains import Integers
from fsm.language.expressions import Expr, lift


def check_duration(where: str, duration: Any) -> Expr[int]:
    """The duration as an expression; DefinitionError unless it is a positive number of milliseconds."""
    length: Expr[Any] = lift(duration)
    if not isinstance(length.domain, Integers):
        raise DefinitionError(where, f"a duration is in milliseconds, not {length.domain}")
    check_reading(where, length, SETTING, Scope("any machine"))
    shortest, _ = interval(length, {})
    if shortest is None or shortest <= 0:
        raise DefinitionError(
            where, "its duration is not positive", "Give a positive constant or a parameter whose range starts at 1."
        )
    return length
