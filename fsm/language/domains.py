"""What values a variable, a field or a parameter may take.

Three domains can be reasoned about: truth values, enumerations and integers. Everything else
is opaque: it rides along, it may be a key, and no condition may look at it.
"""

from __future__ import annotations

from enum import Enum, Flag
from functools import cache
from itertools import product
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs

from fsm.errors import Incomplete, WrongKind
from fsm.language.values.annotations import OTHER_NAMES, called_as_written, kind_of
from fsm.language.values.brief import brief, some
from fsm.language.values.limits import is_short
from fsm.language.values.types import Kind, Range, check_bounds

__all__ = [
    "Booleans", "Domain", "Enumeration", "Integers", "Opaque", "domain_of_type", "domain_of_value", "fits", "is_finite", "same_kind",
]  # fmt: skip


@attrs.frozen
class Booleans:
    """True or false."""

    def contains(self, value: object) -> bool:
        return type(value) is bool

    def values(self) -> tuple[object, ...]:
        return (False, True)

    def __str__(self) -> str:
        return "true or false"


@attrs.frozen
class Enumeration:
    """The members of one `enum.Enum`, in the order they were written."""

    members: type[Enum]

    def __attrs_post_init__(self) -> None:
        given: object = self.members
        if not (isinstance(given, type) and issubclass(given, Enum)):
            raise WrongKind(brief(given), "is no enumeration", "Give a class made with enum.Enum.")
        if issubclass(self.members, Flag):
            raise WrongKind(
                self.members.__name__, "is a Flag, whose values combine", "Give an Enum, or a boolean for each flag."
            )
        if not len(self.members):
            raise Incomplete(self.members.__name__, "is an enumeration without members")
        if not called_as_written(self.members):
            raise WrongKind(self.members.__name__, OTHER_NAMES, "Leave their name as enum.Enum has it.")
        alike = _not_told_apart(self.members)
        if alike is not None:
            raise WrongKind(
                self.members.__name__,
                f"Python does not tell {alike[0].name} from {alike[1].name}, or says so in two ways, and a proof does",
                "Leave == and != as enum.Enum has them.",
            )

    def contains(self, value: object) -> bool:
        return type(value) is self.members

    def values(self) -> tuple[object, ...]:
        return tuple(self.members)

    def __str__(self) -> str:
        return "one of " + some(member.name.lower() for member in self.members)


@cache
def _not_told_apart(members: type[Enum]) -> tuple[Enum, Enum] | None:
    """Two members of which `==` and `!=` do not say whether they are one and the same; None where they do of all."""
    if members.__eq__ is object.__eq__ and members.__ne__ is object.__ne__:
        return None
    pairs = product(members, repeat=2)
    return next(
        ((one, two) for one, two in pairs if (one == two) is not (one is two) or (one != two) is not (one is not two)),
        None,
    )


@attrs.frozen
class Integers:
    """Whole numbers from `low` to `high`, both included; None means without end."""

    low: int | None = None
    high: int | None = None

    def __attrs_post_init__(self) -> None:
        check_bounds(self.low, self.high)

    def contains(self, value: object) -> bool:
        return (
            type(value) is int
            and (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
            and is_short(value)
        )

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
        if self.low == self.high:
            return f"the number {brief(self.low)}"
        if self.high is None:
            return f"an integer, {brief(self.low)} or more"
        if self.low is None:
            return f"an integer, {brief(self.high)} or less"
        return f"an integer from {brief(self.low)} to {brief(self.high)}"


@attrs.frozen
class Opaque:
    """Any immutable value of one type; nothing may compare it or compute with it."""

    type: Any = object
    kind: Kind = attrs.field(init=False, eq=False, repr=False)

    @kind.default
    def _taken_apart(self) -> Kind:
        return kind_of(self.type)

    def contains(self, value: object) -> bool:
        return self.kind.contains(value)

    def __str__(self) -> str:
        return f"a value of type {getattr(self.type, '__name__', self.type)}"


Domain = Booleans | Enumeration | Integers | Opaque


def is_finite(domain: Domain) -> bool:
    """True when the values of the domain can be listed."""
    return not isinstance(domain, Opaque) and (not isinstance(domain, Integers) or domain.finite)


def domain_of_type(annotation: Any) -> Domain:
    """The domain that a type annotation means; opaque when no condition can read it."""
    if hasattr(annotation, "__value__"):  # type Name = int, of Python 3.12
        return domain_of_type(annotation.__value__)
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
    if isinstance(value, Enum):
        return Opaque(type(value)) if isinstance(value, Flag) else Enumeration(type(value))
    if isinstance(value, int):
        return Integers(value, value)
    return Opaque(type(value))


def same_kind(left: Domain, right: Domain) -> bool:
    """True when values of both domains can be compared with each other."""
    if isinstance(left, Enumeration) and isinstance(right, Enumeration):
        return left.members is right.members
    return type(left) is type(right)


def fits(wanted: Domain, given: Domain) -> bool:
    """True when values of `given` may stand where `wanted` is declared; ranges are checked elsewhere.

    What is opaque never becomes something that a condition can read: `given` must be as readable as `wanted`.
    """
    if not isinstance(wanted, Opaque):
        return same_kind(wanted, given)
    kind = type_of(given)
    return kind is object or _accepts(wanted.type, kind)


def type_of(domain: Domain) -> Any:
    """The Python type that the values of a domain have."""
    match domain:
        case Booleans():
            return bool
        case Integers():
            return int
        case Enumeration(members=members):
            return members
    return domain.type


def _accepts(wanted: Any, kind: Any) -> bool:
    """True unless both are known and no value of type `kind` is one of type `wanted`."""
    if get_origin(wanted) in (Union, UnionType):
        return any(_accepts(one, kind) for one in get_args(wanted))
    if (
        not (isinstance(wanted, type) and isinstance(kind, type))
        or wanted is Any
        or getattr(wanted, "_is_protocol", False)
    ):
        return True
    if kind is bool:
        return wanted in (bool, object)
    return issubclass(kind, wanted) or (wanted is float and kind is int)
