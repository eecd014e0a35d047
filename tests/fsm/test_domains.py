"""Domains: which values may stand where, and what a type annotation means."""

from __future__ import annotations

import math
from enum import Enum, Flag, IntEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, Optional, Protocol, Self, TypedDict

import attrs
import pytest

from fsm import DefinitionError, Range
from fsm.language.domains import (
    Booleans,
    Domain,
    Enumeration,
    Integers,
    Opaque,
    domain_of_type,
    domain_of_value,
    fits,
    is_finite,
    type_of,
)  # fmt: skip
from fsm.language.values.annotations import check_storable, check_unchanging


class Light(Enum):
    RED = "red"
    GREEN = "green"


class Gear(IntEnum):
    FIRST = 1
    SECOND = 2


class Right(Flag):
    READ = 1
    WRITE = 2


class Nothing(Enum):
    """Has no members."""


class Speaks(Protocol):
    def speak(self) -> str: ...


class Point(TypedDict):
    x: int


ContactId = NewType("ContactId", int)


@attrs.frozen
class Alias:
    """What `type Alias = int` makes in Python 3.12."""

    __value__: Any


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (Booleans(), [True, False], [0, 1, None, "true"]),
        (Enumeration(Light), [Light.RED], ["red", Gear.FIRST, None]),
        (Integers(), [0, -5, 10**30], [True, 1.0, Gear.FIRST, "1"]),
        (Integers(0, 5), [0, 5], [-1, 6]),
        (Integers(low=1), [1, 99], [0]),
        (Integers(high=1), [1, -99], [2]),
        (Opaque(), [None, "x", 1, True], []),
        (Opaque(str), ["x"], [1, None]),
        (Opaque(int), [1], [True, "1"]),
        (Opaque(bool), [True], [1]),
        (Opaque(float), [1.5, 1], [True, "1"]),
        (Opaque(None), [None], [0]),
        (Opaque(str | None), ["x", None], [1]),
        (Opaque(Optional[int]), [1, None], ["x", True]),  # noqa: UP045 - the older spelling is what is tested
        (Opaque(Literal["a", 1]), ["a", 1], ["b", True]),
        (Opaque(ContactId), [7], ["7"]),
        (Opaque(tuple[int, ...]), [(1, 2), ()], [[1]]),
        (Opaque(Any), [1, "x"], []),
        (Opaque(Speaks), [1, "x"], []),
        (Opaque(Point), [{"x": 1}], []),
    ],
)
def test_a_domain_contains_its_values_and_no_others(
    domain: Domain, inside: list[object], outside: list[object]
) -> None:
    """True is no number and a number is no truth value, whatever Python says."""
    assert [value for value in inside if not domain.contains(value)] == []
    assert [value for value in outside if domain.contains(value)] == []


@pytest.mark.parametrize(
    ("domain", "values"),
    [(Booleans(), (False, True)), (Enumeration(Light), (Light.RED, Light.GREEN)), (Integers(1, 3), (1, 2, 3))],
)
def test_a_finite_domain_lists_its_values_in_order(
    domain: Booleans | Enumeration | Integers, values: tuple[object, ...]
) -> None:
    """Enumerations keep the order in which they were written."""
    assert is_finite(domain)
    assert domain.values() == values


def test_an_endless_domain_cannot_be_listed() -> None:
    """Whole numbers without an end, and opaque data, have no list."""
    assert not is_finite(Integers(0, None))
    assert not is_finite(Opaque(str))
    with pytest.raises(ValueError, match="an integer, 0 or more is not a finite domain"):
        Integers(0, None).values()


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        (Booleans(), "true or false"),
        (Enumeration(Light), "one of red, green"),
        (Integers(), "an integer"),
        (Integers(1), "an integer, 1 or more"),
        (Integers(None, 1), "an integer, 1 or less"),
        (Integers(0, 5), "an integer from 0 to 5"),
        (Integers(5, 5), "the number 5"),
        (Opaque(str), "a value of type str"),
        (Opaque(str | None), "a value of type str | None"),
    ],
)
def test_a_domain_says_what_it_holds(domain: Domain, words: str) -> None:
    """Messages name a domain as an author would."""
    assert str(domain) == words


@pytest.mark.parametrize(
    ("annotation", "domain"),
    [
        (bool, Booleans()),
        (int, Integers()),
        (Light, Enumeration(Light)),
        (Annotated[int, Range(0, 5)], Integers(0, 5)),
        (Annotated[int, "in metres"], Integers()),
        (Annotated[bool, Range(0, 5)], Booleans()),
        (Alias(int), Integers()),
        (str, Opaque(str)),
        (ContactId, Opaque(ContactId)),
        (bool | None, Opaque(bool | None)),
    ],
)
def test_an_annotation_means_a_domain(annotation: Any, domain: Domain) -> None:
    """A number with a name of its own is a key, not an amount: it is opaque."""
    assert domain_of_type(annotation) == domain


@pytest.mark.parametrize(
    ("value", "domain"),
    [(True, Booleans()), (3, Integers(3, 3)), (Light.RED, Enumeration(Light)), (Gear.FIRST, Enumeration(Gear)), ("x", Opaque(str)),
     (Right.READ, Opaque(Right))],
)  # fmt: skip
def test_a_constant_has_the_smallest_domain(value: object, domain: Domain) -> None:
    """A member of an enumeration is one also where it is a number."""
    assert domain_of_value(value) == domain


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        (Integers(0, 5), Integers(), True),
        (Booleans(), Integers(), False),
        (Enumeration(Light), Enumeration(Gear), False),
        (Integers(), Opaque(int), False),
        (Opaque(str), Opaque(str), True),
        (Opaque(str), Opaque(int), False),
        (Opaque(str), Opaque(object), True),
        (Opaque(object), Integers(), True),
        (Opaque(int), Integers(), True),
        (Opaque(int), Booleans(), False),
        (Opaque(float), Integers(), True),
        (Opaque(Light), Enumeration(Light), True),
        (Opaque(str | None), Opaque(str), True),
        (Opaque(str | None), Opaque(int), False),
        (Opaque(Any), Opaque(int), True),
        (Opaque(list), Opaque(tuple[int, ...]), True),
    ],
)
def test_what_is_given_fits_what_is_wanted(wanted: Domain, given: Domain, expected: bool) -> None:
    """Carried data never becomes something that a condition can read."""
    assert fits(wanted, given) is expected


class Letter(Enum):
    """Two of its members are equal, and are two."""

    SMALL = "a"
    LARGE = "A"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Letter) and self.value.lower() == other.value.lower()

    def __hash__(self) -> int:
        return hash(self.value.lower())


class Both(Enum):
    """Each is equal to the other and unequal to it, as it is asked."""

    ONE = 1
    TWO = 2

    def __ne__(self, other: object) -> bool:
        return False


class Seven(int, Enum):
    """As numbers they are one."""

    ONE = 1
    TWO = 2

    def __new__(cls, value: int) -> Self:
        made = int.__new__(cls, 7)
        made._value_ = value
        return made


class Share(float, Enum):
    """One of its members is no number, which equals nothing."""

    HALF = 0.5
    NONE = math.nan


class Metal(NamedTuple):
    weight: int
    worth: int


class Coin(Metal, Enum):
    """Members that say by themselves when they are equal, and are so where they are one."""

    PENNY = 1, 2
    CROWN = 2, 1


@pytest.mark.parametrize("members", [Letter, Both, Seven, Share])
def test_members_that_python_does_not_tell_apart_are_no_enumeration(members: type[Enum]) -> None:
    """A proof says that a variable has one of several values, the step compares them: where they disagree, one of them is wrong."""
    with pytest.raises(DefinitionError, match=rf"{members.__name__}: Python does not tell \w+ from \w+"):
        Enumeration(members)


class Urgency(Enum):
    """Two of its members are called alike."""

    LOW = 1
    HIGH = 2
    TOP = 3

    @property
    def name(self) -> str:
        return "low" if self.value == 1 else "urgent"


class Shade(Enum):
    """One of its members has two names."""

    DARK = 1
    DIM = 2
    GREY = DIM


def test_members_are_called_as_they_are_written() -> None:
    """They are stored by their names: of two that are called alike one would be read back as the other. A second name is well."""
    with pytest.raises(DefinitionError, match="Urgency: calls its members otherwise than they are written"):
        Enumeration(Urgency)
    with pytest.raises(DefinitionError, match="calls its members otherwise than they are written"):
        check_storable("Call.kinds", tuple[Urgency, ...])
    assert [Shade.DARK, Shade.DIM] == list(Enumeration(Shade).values())


def test_members_may_say_by_themselves_that_they_are_equal() -> None:
    """As those of IntEnum, StrEnum and of frozen data do."""
    assert [Coin.PENNY, Coin.CROWN] == list(Enumeration(Coin).values())


def test_every_domain_has_a_type() -> None:
    """What a field of that domain holds in Python."""
    assert [type_of(one) for one in (Booleans(), Integers(), Enumeration(Light), Opaque(str))] == [
        bool,
        int,
        Light,
        str,
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Integers(5, 0), "range from 5 to 0: is empty. Write the smaller bound first."),
        (lambda: Range(5, 0), "range from 5 to 0: is empty. Write the smaller bound first."),
        (lambda: Integers(0.5), "range from 0.5 to None: 0.5 is not an integer."),
        (lambda: Range(False, 3), "range from False to 3: False is not an integer."),
        (lambda: Enumeration(Nothing), "Nothing: is an enumeration without members."),
        (lambda: Enumeration(Right), "Right: is a Flag, whose values combine. Give an Enum, or a boolean for each flag."),
        (lambda: Enumeration("Light"), "'Light': is no enumeration. Give a class made with enum.Enum."),
        (lambda: check_unchanging("Order.lines", list[str]), "Order.lines: a list can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class."),
    ],
)  # fmt: skip
def test_a_domain_that_means_nothing_is_refused(make: Any, message: str) -> None:
    """An empty range, an enumeration of nothing, data that changes under a snapshot's feet."""
    with pytest.raises(DefinitionError) as refused:
        make()
    assert str(refused.value) == message
