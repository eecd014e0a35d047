"""Parameters, concrete at run time and symbols in proofs; and profiles, which set them: versions of the business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from fsm.checks.calls import told
from fsm.checks.names import check_name
from fsm.errors import OutOfRange, WrongKind
from fsm.language.domains import Booleans, Domain, Enumeration, Integers
from fsm.language.expressions import Expr, Formula, Param, formula
from fsm.language.properties import Cites, cited
from fsm.language.source.origin import Origin, written_here
from fsm.language.traversal import walk
from fsm.language.values.brief import brief

__all__ = ["Assumption", "NamedProfile", "Profile", "parameter", "parameters_in"]

T = TypeVar("T")

Profile = Mapping[str, Any]
"""Values of parameters by name; a parameter that is not named has its default."""


@attrs.frozen(eq=False)
class Assumption:
    """A condition on parameters that every profile must satisfy and that proofs may use."""

    name: str
    that: Formula
    cites: tuple[str, ...] = attrs.field(default=(), converter=cited)
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        formula(self.that, f"assumption {self.name!r}")

    def __repr__(self) -> str:
        return f"<Assumption {self.name}: {self.that}>"


@told
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
        raise OutOfRange(f"parameter {name}", f"its default {brief(default)} is not {domain}")
    return Param(name, domain, default, doc, cited(cites))


def _domain(name: str, kind: type, low: int | None, high: int | None) -> Domain:
    if kind is int:
        return Integers(low, high)
    if low is not None or high is not None:
        raise WrongKind(f"parameter {name}", "has bounds, but is no integer", "Leave low and high out.")
    if kind is bool:
        return Booleans()
    given: object = kind
    if not (isinstance(given, type) and issubclass(given, Enum)):
        raise WrongKind(
            f"parameter {name}", f"is of {brief(given)}", "A parameter is a bool, an int or a member of an enumeration."
        )
    return Enumeration(given)


def parameters_in(exprs: Iterable[Expr[Any]]) -> tuple[Param[Any], ...]:
    """Every parameter that these expressions mention, in the order they are met."""
    return tuple(dict.fromkeys(node for expr in exprs for node in walk(expr) if isinstance(node, Param)))


def _unchanging(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


@attrs.frozen
class NamedProfile:
    """Values that some parameters have in one version of the business; the others are left to whoever configures it.

    Attributes:
        name: what the command calls it.
        values: by parameter.
        since: the date from which it held, as ISO 8601, the month alone (`2021-07`) where no more is known; empty when nothing is.
        doc: what it is, a few words.
    """

    name: str
    values: Mapping[str, Any] = attrs.field(converter=_unchanging)
    since: str = ""
    doc: str = ""

    def later(
        self, name: str, values: Mapping[str, Any], *, free: Iterable[str] = (), since: str = "", doc: str = ""
    ) -> NamedProfile:
        """The next version: with these values besides, and those named in `free` left open again."""
        kept = {param: value for param, value in self.values.items() if param not in set(free)}
        return NamedProfile(name, {**kept, **values}, since, doc)

    def within(self, params: Iterable[Param[Any]]) -> NamedProfile:
        """The same profile of these parameters alone."""
        names = {param.name for param in params}
        return NamedProfile(
            self.name, {name: value for name, value in self.values.items() if name in names}, self.since, self.doc
        )

    def allows(self, profile: Profile) -> bool:
        """Whether whoever configures this version may choose these values."""
        return all(profile.get(name, value) == value for name, value in self.values.items())
