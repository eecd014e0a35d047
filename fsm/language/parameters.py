"""Parameters: what a profile sets. Concrete at run time, symbols in proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from fsm.checks.names import check_name
from fsm.errors import DefinitionError
from fsm.language.domains import Booleans, Domain, Enumeration, Integers
from fsm.language.expressions import Expr, Formula, Param, formula
from fsm.language.properties import Cites, cited
from fsm.language.rewriting import walk

if TYPE_CHECKING:
    from fsm.language.machine import Machine

__all__ = ["Assumption", "Profile", "parameter", "parameters_of"]

T = TypeVar("T")

Profile = Mapping[str, Any]
"""Values of parameters by name; a parameter that is not named has its default."""


@attrs.frozen(eq=False)
class Assumption:
    """A condition on parameters that every profile must satisfy and that proofs may use."""

    name: str
    that: Formula
    cites: tuple[str, ...] = attrs.field(default=(), converter=cited)

    def __attrs_post_init__(self) -> None:
        formula(self.that, f"assumption {self.name!r}")


def parameter(
    name: str,
    kind: type[T],
    default: T,
    *,
    low: int | None = None,
    high: int | None = None,
    doc: str = "",
    cites: Cites = (),
) -> Param[T]:
    """A parameter: `parameter("max_chats", int, 5, low=0)`.

    Args:
        kind: bool, int or an enumeration.
        default: its value where a profile is silent.
        low, high: bounds of an integer, both included; proofs cover every value between them.
    """
    check_name("parameter", name)
    domain = _domain(name, kind, low, high)
    if not domain.contains(default):
        raise DefinitionError(f"parameter {name}", f"its default {default!r} is not {domain}")
    return Param(name, domain, default, doc, cited(cites))


def _domain(name: str, kind: type, low: int | None, high: int | None) -> Domain:
    if kind is int:
        return Integers(low, high)
    if low is not None or high is not None:
        raise DefinitionError(f"parameter {name}", "has bounds, but is no integer", "Leave low and high out.")
    if kind is bool:
        return Booleans()
    given: object = kind
    if not (isinstance(given, type) and issubclass(given, Enum)):
        raise DefinitionError(
            f"parameter {name}", f"is of {given!r}", "A parameter is a bool, an int or a member of an enumeration."
        )
    return Enumeration(given)


def parameters_of(machine: Machine) -> tuple[Param[Any], ...]:
    """Every parameter that a machine mentions, in the order they are met."""
    from fsm.checks.scoping import expressions_of

    return tuple(dict.fromkeys(_params(expr for _, expr in expressions_of(machine))))


def _params(exprs: Iterator[Expr[Any]]) -> Iterator[Param[Any]]:
    for expr in exprs:
        for node in walk(expr):
            if isinstance(node, Param):
                yield node
