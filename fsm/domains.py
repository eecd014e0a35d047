"""What values a variable, a field or a parameter may take.

Three domains can be reasoned about: truth values, enumerations and integers. Everything else
is opaque: it rides along, it may be a key, and no condition may look at it.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, get_args, get_origin

import attrs

from fsm.errors import DefinitionError

__all__ = ["Booleans", "Domain", "Enumeration", "Integers", "Opaque", "Range", "domain_of_type", "domain_of_value"]


@attrs.frozen
class Booleans:
    """True or false."""

    def contains(self, value: object) -> bool:
        return isinstance(value, bool)

    def values(self) -> tuple[object, ...]:
        return (False, True)

    def __str__(self) -> str:
        return "true or false"


@attrs.frozen
class Enumeration:
    """The members of one `enum.Enum`, in the order they were written."""

    members: type[Enum]

    def contains(self, value: object) -> bool:
        return isinstance(value, self.members)

    def values(self) -> tuple[object, ...]:
        return tuple(self.members)

    def __str__(self) -> str:
        return "one of " + ", ".join(member.name.lower() for member in self.members)


@attrs.frozen
class Integers:
    """Whole numbers from `low` to `high`, both included; None means without end."""

    low: int | None = None
    high: int | None = None

    def contains(self, value: object) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def finite(self) -> bool:
        return self.low is not None and self.high is not None

    def values(self) -> tuple[object, ...]:
        if self.low is None or self.high is None:
            raise ValueError(f"{self} is not a finite domain")
        return tuple(range(self.low, self.high + 1))

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "an integer"
        if self.high is None:
            return f"an integer, {self.low} or more"
        if self.low is None:
            return f"an integer, {self.high} or less"
        return f"an integer from {self.low} to {self.high}"


@attrs.frozen
class Opaque:
    """Any immutable value of one type; nothing may compare it or compute with it."""

    type: Any = object

    def contains(self, value: object) -> bool:
        checked = get_origin(self.type) or self.type
        if not isinstance(checked, type):
            return True
        if checked is int and isinstance(value, bool):
            return False
        return isinstance(value, checked)

    def __str__(self) -> str:
        return f"a value of type {getattr(self.type, '__name__', self.type)}"


Domain = Booleans | Enumeration | Integers | Opaque


@attrs.frozen
class Range:
    """Bounds of an integer field, both included: `Field[Annotated[int, Range(0, 5)]]`."""

    low: int | None = None
    high: int | None = None


def is_finite(domain: Domain) -> bool:
    """True when the values of the domain can be listed."""
    return not isinstance(domain, Opaque) and (not isinstance(domain, Integers) or domain.finite)


def domain_of_type(annotation: Any) -> Domain:
    """The domain that a type annotation means; opaque when no condition can read it."""
    if get_origin(annotation) is Annotated:
        base, *notes = get_args(annotation)
        bounds = [note for note in notes if isinstance(note, Range)]
        if base is int and bounds:
            return Integers(bounds[0].low, bounds[0].high)
        return domain_of_type(base)
    if annotation is bool:
        return Booleans()
    if annotation is int:
        return Integers()
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Enumeration(annotation)
    return Opaque(annotation)


def domain_of_value(value: object) -> Domain:
    """The smallest domain of a constant written in an expression."""
    if isinstance(value, bool):
        return Booleans()
    if isinstance(value, int):
        return Integers(value, value)
    if isinstance(value, Enum):
        return Enumeration(type(value))
    return Opaque(type(value))


def same_kind(left: Domain, right: Domain) -> bool:
    """True when values of both domains can be compared with each other."""
    if isinstance(left, Enumeration) and isinstance(right, Enumeration):
        return left.members is right.members
    return type(left) is type(right)


def check_value(where: str, domain: Domain, value: object) -> None:
    """Raise DefinitionError unless `value` lies in `domain`."""
    if not domain.contains(value):
        raise DefinitionError(where, f"{value!r} is not {domain}")
