"""Which types a field or a carried variable may have, which values are taken, and that all of these come back from JSON as they were."""

from __future__ import annotations

import dataclasses
import json
import math
from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Network
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, Optional, Protocol, TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import BadInput, BadSnapshot, DefinitionError, Engine, Field, Machine, Range, State, carried, event
from fsm.storage import dump, event_in, event_out, load

T = TypeVar("T")


class Hue(Enum):
    RED = "red"
    BLUE = "blue"


class Paint(Enum):
    """Has members of the same names."""

    RED = "red"
    BLUE = "blue"


class Gear(IntEnum):
    FIRST = 1
    SECOND = 2


class Day(StrEnum):
    MON = "monday"


class Right(Flag):
    READ = 1
    WRITE = 2


class Word(str):
    """A class that is a string, and nothing besides."""

    __slots__ = ()


class Count(int):
    pass


class Weight(float):
    pass


@attrs.frozen
class Point:
    x: int
    _y: float = 0.0


@attrs.frozen
class Box(Generic[T]):
    held: T
    spare: tuple[T, ...] = ()


@attrs.frozen
class Words(Box[str]):
    """What a box holds is said by whoever derives from it."""


@attrs.frozen
class Tree:
    """Contains itself."""

    name: str
    below: tuple[Tree, ...] = ()


@attrs.frozen
class Lower:
    """What its constructor makes of a text it makes of that again."""

    text: str = attrs.field(converter=str.lower)
    length: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.text))


class Doubled(NamedTuple):
    """Its constructor is that of a tuple, and what it knows besides is no field."""

    cents: int

    @property
    def twice(self) -> int:
        return 2 * self.cents


@dataclasses.dataclass(frozen=True)
class Price:
    cents: int
    tax: Decimal | None = None


class Place(NamedTuple):
    street: str
    number: int | None = None


Pair = namedtuple("Pair", "one other")  # the older spelling is what is tested
ContactId = NewType("ContactId", int)


@attrs.frozen
class Alias:
    """What `type Name = ...` makes in Python 3.12."""

    __value__: Any


# Types, each with its values

texts = st.text(max_size=5) | st.sampled_from(["", "nan", "\ud800", "\x00", "as", "value"])
numbers = st.integers() | st.sampled_from([0, 2**63, -(10**4_299)])
floats = st.floats() | st.integers(-3, 3) | st.sampled_from([-0.0, math.nan, math.inf, -math.inf, 1e308, 5e-324])
offsets = st.integers(-86_399, 86_399).map(lambda seconds: timezone(timedelta(seconds=seconds)))
points = st.builds(Point, st.integers(), floats)
SIMPLE: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (type(None), st.none()),
    (bool, st.booleans()),
    (int, numbers),
    (ContactId, st.integers()),
    (Alias(int), st.integers()),
    (Annotated[int, Range(0, 5)], st.integers(0, 5)),
    (Annotated[str, "anything"], texts),
    (float, floats),
    (str, texts),
    (bytes, st.binary(max_size=5)),
    (Word, texts.map(Word)),
    (Count, st.integers().map(Count)),
    (Weight, st.floats().map(Weight)),
    (Lower, texts.map(Lower)),
    (Doubled, st.integers().map(Doubled)),
    (Hue, st.sampled_from(Hue)),
    (Gear, st.sampled_from(Gear)),
    (Day, st.sampled_from(Day)),
    (tuple[Right, ...], st.sampled_from([(), (Right(0), *Right, Right.READ | Right.WRITE)])),
    (Literal["a", 1, None, b"a", Hue.RED], st.sampled_from(["a", 1, None, b"a", Hue.RED])),
    (date, st.dates()),
    (datetime, st.datetimes(timezones=st.none() | st.just(UTC) | offsets).map(lambda one: one.replace(fold=0))),
    (time, st.times(timezones=st.none() | offsets).map(lambda one: one.replace(fold=0))),
    (timedelta, st.timedeltas()),
    (Decimal, st.decimals(allow_nan=False) | st.sampled_from([Decimal("1.00"), Decimal("-0"), Decimal("1E+999999"), Decimal("Infinity")])),
    (Fraction, st.fractions()),
    (UUID, st.uuids()),
    (IPv4Address, st.ip_addresses(v=4)),
    (IPv6Network, st.just(IPv6Network("2001:db8::/32"))),
    (Path, st.sampled_from([Path("a/b"), Path(), Path("/")])),
    (PurePosixPath, st.just(PurePosixPath("/a"))),
    (PureWindowsPath, st.just(PureWindowsPath("C:\\a"))),
    (Point, points),
    (Price, st.builds(Price, st.integers(), st.none() | st.just(Decimal("0.19")))),
    (Place, st.builds(Place, texts, st.none() | st.integers())),
    (Pair, st.builds(Pair, st.integers(), texts)),
    (Words, st.builds(Words, texts, st.lists(texts, max_size=2).map(tuple))),
    (Tree, st.recursive(st.builds(Tree, texts), lambda below: st.builds(Tree, texts, st.lists(below, max_size=2).map(tuple)))),
    (tuple[()], st.just(())),
    (tuple, st.lists(st.integers() | texts, max_size=2).map(tuple)),
    (frozenset, st.frozensets(st.integers() | texts, max_size=3)),
    (object, st.recursive(st.none() | st.booleans() | numbers | floats | texts | st.uuids() | st.dates() | st.binary(max_size=3), lambda inner: st.lists(inner, max_size=2).map(tuple))),
    (Any, st.frozensets(st.booleans() | texts | st.uuids(), max_size=3)),
]  # fmt: skip

kinds: st.SearchStrategy[tuple[Any, st.SearchStrategy[Any]]] = st.recursive(
    st.sampled_from(SIMPLE),
    lambda inner: st.one_of(
        inner.map(lambda one: (tuple[one[0], ...], st.lists(one[1], max_size=3).map(tuple))),
        st.tuples(inner, inner).map(lambda two: (tuple[two[0][0], two[1][0]], st.tuples(two[0][1], two[1][1]))),
        st.tuples(inner, inner).map(lambda two: (two[0][0] | two[1][0], two[0][1] | two[1][1])
                                    if not isinstance(two[0][0], Alias) and not isinstance(two[1][0], Alias) else two[0]),
        inner.map(lambda one: (Box[one[0]], st.builds(Box, one[1], st.lists(one[1], max_size=2).map(tuple)))),
    ),
    max_leaves=4,
)  # fmt: skip

here = State("here")


def keeper(kind: Any, initial: Any) -> tuple[Engine, type]:
    """A machine that keeps whatever of a type it is given, and the event that gives it."""
    put: Any = event(type("Put", (), {"__annotations__": {"what": Field[kind]}, "__module__": __name__}))
    kept = carried("kept", kind, initial=initial)
    return fsm.compile(Machine("keeper", (here,), here, (here.on(put).stay().set(kept, put.what),), (kept,))), put


def same(one: Any, other: Any) -> bool:
    """Equal in value and in type, all the way down; NaN is NaN, and -0.0 is not 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return math.isnan(one) == math.isnan(other) and (
            math.isnan(one) or (one, math.copysign(1, one)) == (other, math.copysign(1, other))
        )
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, frozenset):
        return one == other and {type(item) for item in one} == {type(item) for item in other}
    if attrs.has(type(one)) or dataclasses.is_dataclass(one):
        names = [field.name for field in (attrs if attrs.has(type(one)) else dataclasses).fields(type(one))]  # type: ignore[attr-defined]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other) and str(one) == str(other)  # 1.0 and 1.00 are equal decimals


@settings(deadline=None)
@given(st.data())
def test_whatever_is_declared_and_taken_comes_back_as_it_was(data: st.DataObject) -> None:
    """Of every type: as a field of an event, and carried in a snapshot."""
    kind, values = data.draw(kinds)
    initial, value = data.draw(values), data.draw(values)
    engine, put = keeper(kind, initial)
    sent = put(value)

    back = event_in(engine, json.loads(json.dumps(event_out(sent))))
    assert type(back) is put
    assert same(value, back.what)  # type: ignore[attr-defined]

    for snapshot in (engine.start(), engine.step(engine.start(), sent, 1).after):
        again = load(engine, dump(engine, snapshot), 1)
        assert same(snapshot["keeper"].kept, again["keeper"].kept)
        assert dump(engine, snapshot) == dump(engine, again)


# Types that nobody could store


class Speaks(Protocol):
    def speak(self) -> str: ...


class Row(TypedDict):
    x: int


class Plain:
    pass


@attrs.define
class Changing:
    x: int


@attrs.define(unsafe_hash=True)
class ChangingWithHash:
    x: int


@dataclasses.dataclass(unsafe_hash=True)
class LooseWithHash:
    x: int


class Shape(ABC):
    @abstractmethod
    def area(self) -> int: ...


@attrs.define(unsafe_hash=True)
class ChangingShape(Shape):
    """No bare object of it can be made, to try whether it changes."""

    x: int


@attrs.frozen(eq=False)
class ByIdentity:
    x: int


@attrs.frozen(init=False)
class OwnConstructor:
    x: int

    def __init__(self, twice: int) -> None:
        self.__attrs_init__(twice // 2)  # type: ignore[attr-defined]


@dataclasses.dataclass
class Loose:
    x: int


@dataclasses.dataclass(frozen=True)
class Given:
    x: int
    y: dataclasses.InitVar[int]


@attrs.frozen
class Hidden:
    inside: tuple[list[int], ...]


CHANGES = "can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (list[int], f"a list {CHANGES}"),
        (tuple[list[int], ...], f"a list {CHANGES}"),
        (dict[str, int] | None, f"a dict {CHANGES}"),
        (frozenset[bytearray], f"a bytearray {CHANGES}"),
        (Row, f"a Row {CHANGES}"),
        (Changing, f"a Changing {CHANGES}"),
        (Loose, f"a Loose {CHANGES}"),
        (ChangingWithHash, f"a ChangingWithHash {CHANGES}"),
        (LooseWithHash, f"a LooseWithHash {CHANGES}"),
        (ChangingShape, f"a ChangingShape {CHANGES}"),
        (Hidden, f"a list {CHANGES}"),
        (complex, "a complex has no form in which it could be stored. Declare str"),
        (tuple[int, complex], "a complex has no form in which it could be stored. Declare str"),
        (Plain, "a Plain has no form in which it could be stored. Declare str"),
        (Box[Plain], "a Plain has no form in which it could be stored. Declare str"),
        (Speaks, "a Speaks has no form in which it could be stored. Declare str"),
        (Sequence[int], "a Sequence has no form in which it could be stored. Declare str"),
        (Mapping[str, int], "a Mapping has no form in which it could be stored. Declare str"),
        (Callable[[], int], "a Callable has no form in which it could be stored. Declare str"),
        (type[int], "a type has no form in which it could be stored. Declare str"),
        (range, "a range has no form in which it could be stored. Declare str"),
        (ByIdentity, "a ByIdentity compares objects by identity, so what is read back would be another one. Declare str"),
        (OwnConstructor, "a OwnConstructor has a constructor that wants something else than its fields. Declare str"),
        (Given, "a Given has a constructor that wants something else than its fields. Declare str"),
    ],
    ids=str,
)  # fmt: skip
def test_a_type_whose_values_could_not_be_stored_is_refused_where_it_is_declared(kind: Any, said: str) -> None:
    """As a field of an event and as a variable: on the line where it stands, with what could be declared."""
    for declare, where in (
        (lambda: carried("kept", kind, initial=None), "variable kept: "),
        (lambda: event(type("Put", (), {"__annotations__": {"what": Field[kind]}, "__module__": __name__})), "Put.what: "),
    ):  # fmt: skip
        with pytest.raises(DefinitionError) as refused:
            declare()
        assert str(refused.value).startswith(where + said)


# Values that are not exactly of their type


class Liar:
    """Says of itself that it is a string, and that it equals everything."""

    __class__ = str  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


class Raises:
    """Cannot be compared, hashed or printed."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __hash__(self) -> int:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Shade(Point):
    """A point of another class."""


def half(kind: type) -> Any:
    """An object without its fields."""
    return object.__new__(kind)


def deep(levels: int) -> Any:
    made: Any = ()
    for _ in range(levels):
        made = (made,)
    return made


HUGE = "<an integer of about 4,301 digits>"


@pytest.mark.parametrize(
    ("kind", "initial", "value", "said"),
    [
        (str, "", Word("x"), "'x' is not a value of type str"),
        (str, "", Day.MON, "<Day.MON: 'monday'> is not a value of type str"),
        (str, "", Liar(), "<tests"),
        (str, "", Raises(), "<a Raises that cannot be printed> is not a value of type str"),
        (int, 0, True, "True is not an integer"),
        (int, 0, Gear.FIRST, "<Gear.FIRST: 1> is not an integer"),
        (int, 0, Count(3), "3 is not an integer"),
        (int, 0, 10**4_300, f"{HUGE} is not an integer"),
        (ContactId, 0, 10**4_300, f"{HUGE} is not a value of type ContactId"),
        (bool, False, 1, "1 is not true or false"),
        (float, 0.0, True, "True is not a value of type float"),
        (Hue, Hue.RED, Paint.RED, "<Paint.RED: 'red'> is not one of red, blue"),
        (Hue | None, None, Paint.RED, "<Paint.RED: 'red'> is not a value of type"),
        (Word, Word(), "x", "'x' is not a value of type Word"),
        (tuple[int, str], (0, ""), (1,), "(1,) is not a value of type tuple"),
        (tuple[()], (), (1,), "(1,) is not a value of type tuple"),
        (tuple[int, str], (0, ""), Place("a", 1), "Place(street='a', number=1) is not a value of type tuple"),
        (tuple[str, ...], (), ("a", 1), "('a', 1) is not a value of type tuple"),
        (tuple[Annotated[int, Range(0, 5)], ...], (), (6,), "(6,) is not a value of type tuple"),
        (frozenset[float], frozenset(), frozenset({math.nan}), "frozenset({nan}) is not a value of type frozenset"),
        (Point, Point(0), Shade(0), "Shade(x=0, _y=0.0) is not a value of type Point"),
        (Point, Point(0), half(Point), "<a Point that cannot be printed> is not a value of type Point"),
        (Point, Point(0), Point("a"), "Point(x='a', _y=0.0) is not a value of type Point"),  # type: ignore[arg-type]
        (Price, Price(0), half(Price), "<a Price that cannot be printed> is not a value of type Price"),
        (datetime, datetime(2019, 5, 1), datetime(2019, 5, 1, tzinfo=ZoneInfo("UTC")), "datetime.datetime(2019, 5, 1, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='UTC'))"),
        (datetime, datetime(2019, 5, 1), datetime(2019, 5, 1, fold=1), "datetime.datetime(2019, 5, 1, 0, 0, fold=1) is not"),
        (time, time(), time(tzinfo=timezone(timedelta(microseconds=1))), "datetime.time(0, 0, tzinfo=datetime.timezone(datetime.timedelta("),
        (Decimal, Decimal(), Decimal("sNaN"), "Decimal('sNaN') is not a value of type Decimal"),
        (Literal["a", 1], "a", True, "True is not a value of type"),
        (object, None, Point(0), "Point(x=0, _y=0.0) is not a value of type object. As any object go"),
        (object, None, Hue.RED, "<Hue.RED: 'red'> is not a value of type object. As any object go"),
        (object, None, ["x"], "['x'] is not a value of type object. As any object go"),
        (object, None, Raises(), "<a Raises that cannot be printed> is not a value of type object. As any object go"),
        (object, None, (Raises(),), "(<a Raises that cannot be printed>,) is not a value of type object"),
        (object, None, deep(100_000), "((((...),),),) is not a value of type object"),
        (Tree, Tree(""), Tree("a", (Tree("b", (Tree(1),)),)), "Tree(name='a', below=(Tree(name='b', below=(Tree(name=1, below=()),)),))"),  # type: ignore[arg-type]
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_value_that_is_not_exactly_of_its_type_is_refused_at_the_door(
    kind: Any, initial: Any, value: Any, said: str
) -> None:
    """By every question that takes an event, and where it is written down; whatever it says of itself, and whatever its methods do."""
    engine, put = keeper(kind, initial)
    start, sent = engine.start(), put(value)
    for ask in (lambda: engine.step(start, sent, 0), lambda: engine.why_not(start, sent, 0), lambda: event_out(sent)):
        with pytest.raises(BadInput) as bad:
            ask()
        assert bad.value.where in ("put.what", "fields.what") or bad.value.where.startswith("fields.what")
    with pytest.raises(BadInput) as bad:
        engine.step(start, sent, 0)
    assert said in f"{bad.value.what}. {bad.value.instead}" or (
        said == "<tests" and "is not a value of type str" in bad.value.what
    )
    assert len(bad.value.what) < 200


# Classes whose constructor is the author's


@attrs.frozen
class Counted:
    """One more each time it is read."""

    many: int = attrs.field(converter=lambda many: many + 1)


@attrs.frozen
class Numbered:
    """Another one each time it is made."""

    text: str
    number: int = attrs.field(init=False, factory=count().__next__, converter=int)


@dataclasses.dataclass(frozen=True)
class Shortened:
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text[1:])


@attrs.frozen
class Once:
    """Can be made, and not again of what it holds."""

    text: str = attrs.field(converter=lambda text: text.removeprefix("new ") if text.startswith("new ") else 1 / 0)


class Seconds(int):
    def __new__(cls, minutes: int) -> Seconds:
        return super().__new__(cls, 60 * minutes)


class Loud(str):
    __slots__ = ()

    def __new__(cls, text: str) -> Loud:
        return super().__new__(cls, text + "!")


class Moved(NamedTuple("Moved", [("x", int)])):
    def __new__(cls, x: int) -> Moved:
        return super().__new__(cls, x + 1)


class Counting(type):
    def __call__(cls, many: int) -> Any:
        return super().__call__(many + 1)


@attrs.frozen
class ByItsClass(metaclass=Counting):
    many: int


@pytest.mark.parametrize(
    "value",
    [Counted(1), Numbered("a"), Shortened("abc"), Once("new one"), Seconds(1), Loud("a"), Moved(1), ByItsClass(1), (Counted(1),)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_value_that_its_constructor_would_read_as_another_is_refused_before_it_is_kept(value: Any) -> None:
    """Where it is declared, sent or written: else what was stored would be refused, or be something else, when it is read."""
    kind: Any = type(value) if type(value) is not tuple else tuple[Counted, ...]
    with pytest.raises(DefinitionError, match="its initial value"):
        carried("kept", kind, initial=value)

    engine, put = keeper(kind | None, None)
    for ask in (lambda: engine.step(engine.start(), put(value), 0), lambda: event_out(put(value))):
        with pytest.raises(BadInput):
            ask()


def test_an_event_without_its_fields_is_told_so() -> None:
    """Made without its constructor, as by unpickling what an older class wrote."""
    engine, put = keeper(str, "")
    for ask in (
        lambda: engine.step(engine.start(), half(put), 0),
        lambda: engine.why_not(engine.start(), half(put), 0),
    ):
        with pytest.raises(BadInput, match=r"put\.what: is missing: the event is half made\. Make it by calling Put\("):
            ask()
    with pytest.raises(BadSnapshot, match=r"fields\.what: nothing is not a value of type str"):
        event_out(half(put))


# What is read


@pytest.mark.parametrize(
    ("kind", "initial", "tree", "said"),
    [
        (Annotated[int, Range(0, 5)], 0, 6, "fields.what: 6 is not an integer from 0 to 5"),
        (tuple[Annotated[int, Range(0, 5)], ...], (), [0, 6], "fields.what[1]: 6 is not an integer from 0 to 5"),
        (int, 0, 1.0, "fields.what: 1.0 is not an integer"),
        (int, 0, 10**4_300, f"fields.what: {HUGE} has more than 4,300 digits"),
        (str, "", Word("x"), "fields.what: 'x' is not a string"),
        (tuple[int, str], (0, ""), [1], "fields.what: [1] is not a list of 2"),
        (tuple[()], (), [1], "fields.what: [1] is not a list of 0"),
        (tuple[int, str], (0, ""), (1, "x"), "fields.what: (1, 'x') is not a list"),
        (frozenset[int], frozenset(), [1, 1], "fields.what[1]: 1 stands twice in a set"),
        (frozenset[float], frozenset(), [1, 1.0], "fields.what: [1, 1.0] is not a set: two of its values are equal"),
        (frozenset[int], frozenset(), [2, 1], "fields.what[1]: 1 stands in another order than a set is written in"),
        (frozenset[float], frozenset(), [{"as": "float", "value": "nan"}], "is not a set: no set that holds NaN is written or taken in a step"),
        (frozenset[Decimal], frozenset(), ["NaN"], "fields.what: ['NaN'] is not a set: no set that holds NaN"),
        (frozenset[tuple[Decimal, int]], frozenset(), [["NaN", 1]], "fields.what: [['NaN', 1]] is not a set: no set that holds NaN"),
        (object, None, {"as": "frozenset", "value": [{"as": "Decimal", "value": "NaN"}]}, "is not a set: no set that holds NaN"),
        (float, 0.0, "nan", "fields.what: 'nan' is not a number"),
        (float, 0.0, {"as": "float", "value": "1.5"}, "fields.what: {'as': 'float', 'value': '1.5'} is not a number"),
        (float, 0.0, math.nan, "fields.what: nan is not a number"),
        (UUID, UUID(int=0), "00000000000000000000000000000007", "is not the text of a UUID"),
        (UUID, UUID(int=0), "x", "is not the text of a UUID"),
        (date, date.min, "20190501", "is not the text of a date"),
        (Decimal, Decimal(), "1_0", "is not the text of a Decimal"),
        (Fraction, Fraction(), "1e999999999", "is not the text of a Fraction"),
        (Fraction, Fraction(), "2/4", "is not the text of a Fraction"),
        (timedelta, timedelta(), "1:2", "is not the text of a timedelta"),
        (timedelta, timedelta(), "999999999999:0:0", "is not the text of a timedelta"),
        (bytes, b"", "YWI", "is not the text of a bytes"),
        (bytes, b"", "ä", "is not the text of a bytes"),
        (IPv4Address, IPv4Address(0), "1.2.3", "is not the text of a IPv4Address"),
        (Path, Path(), "a//b", "is not the text of a"),
        (Hue, Hue.RED, "red", "fields.what: 'red' is not one of RED, BLUE"),
        (tuple[Right, ...], (), [8], "fields.what[0]: 8 is not the number of flags of Right"),
        (tuple[Right, ...], (), [True], "fields.what[0]: True is not the number of flags of Right"),
        (Literal["a", 1], "a", True, "fields.what: True is not one of 'a', 1"),
        (Point, Point(0), {"x": 1}, "fields.what._y: is missing"),
        (Point, Point(0), {"x": 1, "_y": 0, "z": 0}, "fields.what.z: is no field of this document"),
        (Point, Point(0), {"x": 1, 7: 0}, "fields.what: 7 is not the name of a field"),
        (Point, Point(0), {"x": 1, Word("_y"): 0}, "fields.what: '_y' is not the name of a field"),
        (Tree, Tree(""), {"name": "a", "below": [{"name": 1, "below": []}]}, "fields.what.below[0].name: 1 is not a string"),
        (str | UUID, "", "x", "fields.what: 'x' is not a value of type str | UUID"),
        (str | UUID, "", {"as": "Path", "value": "x"}, "fields.what: {'as': 'Path', 'value': 'x'} is not a value of type str | UUID"),
        (str | UUID, "", {"as": "UUID", "value": "x"}, "fields.what.value: 'x' is not the text of a UUID"),
        (object, None, ["x"], "fields.what: ['x'] is not a string, a number, true, false, null or a value with a tag"),
        (object, None, {"as": "os.system", "value": "x"}, "is not a string, a number, true, false, null or a value with a tag"),
        (object, None, {"as": "tuple", "value": [{"as": "UUID", "value": 1}]}, "fields.what.value[0].value: 1 is not the text of a UUID"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_json_that_is_not_what_is_written_is_refused_with_its_path(
    kind: Any, initial: Any, tree: Any, said: str
) -> None:
    """Every value has one spelling, and no text names a class."""
    engine, _ = keeper(kind, initial)
    with pytest.raises(BadInput) as bad:
        event_in(engine, {"name": "put", "fields": {"what": tree}})
    assert said in str(bad.value)


class Even(int):
    """Its constructor refuses what is odd, and does not say so in any documented way."""

    def __new__(cls, value: int) -> Even:
        if value % 2:
            raise KeyError(value)
        return super().__new__(cls, value)


@attrs.frozen
class Small:
    text: str = attrs.field(converter=str.lower)

    def __attrs_post_init__(self) -> None:
        if len(self.text) > 3:
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("kind", "initial", "tree", "said"),
    [
        (Even, Even(0), 3, "fields.what: 3 is not a Even: KeyError: 3"),
        (Small, Small(""), {"text": "long"}, "fields.what: {'text': 'long'} is not a Small: ZeroDivisionError: "),
        (Small, Small(""), {"text": "A"}, "fields.what.text: 'A' would be read as 'a'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_class_that_refuses_a_value_refuses_the_document(kind: Any, initial: Any, tree: Any, said: str) -> None:
    """Whatever its constructor raises is told as a fault of the document, with its path; what it changes is told too."""
    engine, _ = keeper(kind, initial)
    with pytest.raises(BadInput) as bad:
        event_in(engine, {"name": "put", "fields": {"what": tree}})
    assert said in str(bad.value)


def test_optional_is_a_union() -> None:
    """The older spelling means the same."""
    engine, put = keeper(Optional[tuple[int, str]], None)  # noqa: UP045  # the older spelling is what is tested
    snapshot = engine.step(engine.start(), put((1, "x")), 0).after
    assert snapshot == load(engine, dump(engine, snapshot), 0)
