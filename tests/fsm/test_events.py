"""Events and effects: frozen records whose fields a declaration can name."""

from __future__ import annotations

import copy
import json
import math
import pickle
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, ClassVar

import attrs
import pytest

from fsm import (
    KEY,
    NOW,
    BadInput,
    DefinitionError,
    Event,
    Field,
    Machine,
    Range,
    State,
    boolean,
    carried,
    choice,
    compile,
    effect,
    effect_base,
    event,
    event_base,
    integer,
    one,
    optional,
)  # fmt: skip
from fsm.language.domains import Booleans, Enumeration, Integers, Opaque
from fsm.language.events import Emit, check_event, effect_fields, event_in_words, field_refs, is_event
from fsm.language.expressions import Const
from fsm.language.leaves import NEEDED
from fsm.language.printing import label
from fsm.storage import event_in, event_out


class Size(Enum):
    SMALL = 1
    LARGE = 2


@event
class Order:
    """A guest orders."""

    table: Field[str]
    size: Field[Size]
    portions: Field[Annotated[int, Range(1, 9)]]
    urgent: Field[bool]


@effect
class Cook:
    """The kitchen shall cook."""

    table: object
    size: Size
    portions: Annotated[int, Range(1, 9)]
    at: int


def test_a_field_is_an_expression_on_the_class_and_a_value_on_an_object() -> None:
    """`Order.size` speaks of any order, `order.size` of this one."""
    order = Order(table="t1", size=Size.SMALL, portions=2, urgent=False)
    assert order.size is Size.SMALL
    assert {name: ref.domain for name, ref in field_refs(Order).items()} == {
        "table": Opaque(str), "size": Enumeration(Size), "portions": Integers(1, 9), "urgent": Booleans(),
    }  # fmt: skip
    assert Order.size is field_refs(Order)["size"]


def test_events_are_frozen_and_compared_by_value() -> None:
    """Two equal orders are one order; none can be changed."""
    order = Order(table="t1", size=Size.SMALL, portions=2, urgent=False)
    assert order == Order(table="t1", size=Size.SMALL, portions=2, urgent=False)
    assert len({order, attrs.evolve(order)}) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        order.portions = 3


def test_events_and_effects_are_known_by_their_mark() -> None:
    """Only a decorated class is an event or an effect, not one that inherits from it."""
    inheriting = type("Inheriting", (Order,), {})
    assert [is_event(one) for one in (Order, Cook, inheriting, "Order")] == [True, False, False, False]
    assert list(effect_fields(Cook)) == ["table", "size", "portions", "at"]


@pytest.mark.parametrize(
    ("name", "words"), [("OfferChat", "offer_chat"), ("Accept", "accept"), ("Line2Down", "line2_down")]
)
def test_an_event_is_called_in_messages_as_a_service_would_spell_it(name: str, words: str) -> None:
    """Class names in lower case, words apart."""
    assert label(type(name, (), {})) == words


def test_an_effect_takes_values_and_expressions_for_its_fields() -> None:
    """Fields come in the order of the class, whatever the order they are given in."""
    emit = Emit.of(Cook, {"at": NOW, "size": Order.size, "table": KEY, "portions": 3})
    assert [name for name, _ in emit.fields] == ["table", "size", "portions", "at"]


portions = integer("portions", 1, 9, initial=1)
urgent = boolean("urgent")
size = choice("size", Size)
note = carried("note", str, initial="")
given: dict[str, Any] = {"table": KEY, "size": Size.SMALL, "portions": 1, "at": NOW}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (given | {"cook": "Ann"}, "Cook(...): has no field 'cook'. It has table, size, portions, at."),
        (
            {"table": KEY},
            "Cook(...): field 'size' is not given. Write emits(Cook, table=..., size=..., portions=..., at=...).",
        ),
        (given | {"portions": 10}, "Cook(...) field 'portions': is an integer from 1 to 9, not 10."),
        (given | {"size": urgent}, "Cook(...) field 'size': is one of small, large, not true or false."),
        (given | {"at": note}, "Cook(...) field 'at': is a value of type int, not a value of type str."),
    ],
)
def test_an_effect_refuses_fields_that_do_not_fit(values: dict[str, Any], message: str) -> None:
    """A wrong name, one too few, a wrong type, a value out of range."""
    with pytest.raises(DefinitionError) as refused:
        Emit.of(Cook, values)
    assert str(refused.value) == message


def with_default() -> None:
    @event
    class Faulty:
        table: Field[str] = "t1"


def with_unknown_type() -> None:
    @event
    class Faulty:
        table: Field[Unknown]  # noqa: F821 - the mistake that is tested


def with_private_field() -> None:
    @event
    class Faulty:
        _table: Field[str]


def with_changing_field() -> None:
    @event
    class Faulty:
        lines: Field[list[str]]


def with_inherited_field() -> None:
    @event
    class Faulty(Order):
        more: Field[str]


class Checked:
    """A base that does something whenever an object is made."""

    def __attrs_post_init__(self) -> None:
        raise AssertionError(self)


def with_constructor() -> None:
    @event
    class Faulty:
        n: Field[int]

        def __init__(self, n: int) -> None:
            object.__setattr__(self, "n", n + 1)


def with_hook_of_a_base() -> None:
    @event
    class Faulty(Checked):
        n: Field[int]


def with_reading_of_its_own() -> None:
    @event
    class Faulty:
        n: Field[int]

        def __getattribute__(self, name: str) -> Any:
            return 0


def effect_with_hook() -> None:
    @effect
    class Faulty(Checked):
        n: int


OTHERWISE = (
    "an event or effect says what it was given, and nothing of it is made otherwise. "
    "What may be given is said by the types of its fields, by guards and by rules."
)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (with_constructor, f"Faulty.__init__: {OTHERWISE}"),
        (with_hook_of_a_base, f"Faulty.__attrs_post_init__: {OTHERWISE}"),
        (with_reading_of_its_own, f"Faulty.__getattribute__: {OTHERWISE}"),
        (effect_with_hook, f"Faulty.__attrs_post_init__: {OTHERWISE}"),
        (with_default, "Faulty.table: a field has no default. Every event says everything it means."),
        (with_unknown_type, "Faulty: the type of a field cannot be found: name 'Unknown' is not defined. Declare events and their types at the top of a module."),
        (with_private_field, "Faulty: field '_table': is not a name. Use letters, digits and underscores, starting with a letter."),
        (with_changing_field, "Faulty.lines: a list can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class."),
        (with_inherited_field, "Faulty: inherits fields from Order. Declare every field where it belongs."),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_one_is_refused_where_it_is_declared(declare: Any, message: str) -> None:
    """Every field has a type that can be found, a name, no default, and stands in its own class; a constructor that refuses or changes something is known to no proof."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message


@pytest.mark.parametrize("wrong", ["Order", Cook, int, 3])
def test_only_an_event_stands_where_an_event_is_wanted(wrong: object) -> None:
    """A name, an effect or any other class is none."""
    with pytest.raises(
        DefinitionError, match=r"is not an event\. (Give the class|Give a class|It is an effect|Decorate its class)"
    ):
        check_event("on()", wrong)


@pytest.mark.parametrize("wrong", ["Cook", Order, int, 3])
def test_only_an_effect_is_emitted(wrong: Any) -> None:
    """A name, an event or any other class is none."""
    with pytest.raises(
        DefinitionError, match=r"is not an effect\. (Give the class|Give a class|It is an event|Decorate its class)"
    ):
        effect_fields(wrong)


# Fields that may be left out


@event
class Greet:
    table: Field[str]
    loud: Field[bool] = optional(default=False)
    note: Field[str | None] = optional(default=None)


def test_a_field_that_is_left_out_has_its_default_and_is_neither_told_nor_written() -> None:
    """So an event may say more than it did, and who sends it, or has written it down, need not know."""
    waits, greeted = State("waits"), State("greeted")
    hall = compile(Machine("hall", (waits, greeted), waits, (waits.on(Greet).to(greeted),)))
    plain, full = Greet("t1"), Greet("t1", note="hi")

    assert ("greet(table='t1')", "greet(table='t1', note='hi')") == (event_in_words(plain), event_in_words(full))
    assert {"name": "greet", "fields": {"table": "t1"}} == event_out(plain)
    for sent in (plain, full, Greet("t1", loud=True)):
        assert sent == event_in(hall, event_out(sent))
    with pytest.raises(BadInput, match=r"fields\.table: is missing"):
        event_in(hall, {"name": "greet", "fields": {"note": None}})


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [
        (float, 0.0, -0.0),
        (Decimal, Decimal("1.0"), Decimal("1.00")),
        (tuple[int | bool, ...], (1,), (True,)),
        (frozenset[object], frozenset({1}), frozenset({True})),
        (float, math.nan, math.nan),
    ],
    ids=repr,
)
def test_what_is_only_equal_to_a_default_is_written(kind: Any, default: Any, value: Any) -> None:
    """Else it would be read back as the default, which is something else."""
    body = {"__annotations__": {"what": Field[kind]}, "__module__": __name__, "what": optional(default=default)}
    sent: Any = event(type("Sent", (), body))
    hall = compile(Machine("hall", (IDLE,), IDLE, (IDLE.on(sent).stay(),)))

    back: Any = event_in(hall, json.loads(json.dumps(event_out(sent(value)))))

    assert repr(value) == repr(back.what)


def test_a_move_may_leave_out_what_an_event_may() -> None:
    """What is left out of an action, and of an effect, is its default."""
    made = one("hall", Machine("hall", (IDLE,), IDLE, (IDLE.on(Greet).stay(),))).by(Greet, table="t1")

    assert {"loud": False, "note": None} == {
        name: value.value for name, value in made.payload if isinstance(value, Const) and name != "table"
    }
    assert Rung("t1") == Rung("t1", loud=False)
    assert ["table", "loud"] == [name for name, _ in Emit.of(Rung, {"table": KEY}).fields]


@effect
class Rung:
    table: object
    loud: bool = optional(default=False)


IDLE = State("idle")


def with_default_of_another_type() -> None:
    @event
    class Faulty:
        loud: Field[bool] = optional(default=3)


def with_a_needed_field_behind() -> None:
    @event
    class Faulty:
        loud: Field[bool] = optional(default=False)
        table: Field[str]


def without_a_type() -> None:
    @event
    class Faulty:
        loud = optional(default=False)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (with_default_of_another_type, "Faulty.loud: its default: is true or false, not 3."),
        (with_a_needed_field_behind, "Faulty.table: stands behind one that may be left out. Write the optional fields last."),
        (without_a_type, "Faulty.loud: has no type. Write loud: Field[...] = optional(default=...)."),
    ],
)  # fmt: skip
def test_a_default_that_cannot_be_one_is_refused_where_it_is_declared(declare: Any, message: str) -> None:
    """Of the field's type, behind those that are needed, and a field at all."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message


def test_a_field_that_is_needed_is_needed_in_another_process_too() -> None:
    """An event class that travels by value has fields without a default as before."""
    assert pickle.loads(pickle.dumps(NEEDED)) is NEEDED


# Bases of events and of effects


@event_base
class AtTable:
    """It happens at a table."""

    table: Field[str]


@event_base
class ByWaiter(AtTable):
    """A waiter does it at a table."""

    waiter: Field[str]


@event
class Serve(ByWaiter):
    """A waiter serves."""

    portions: Field[Annotated[int, Range(1, 9)]]
    note: Field[str] = optional(default="")


class Clean(ByWaiter, Event):
    """A waiter cleans the table."""


@effect_base
class OfTable:
    """It has become of a table."""

    table: object
    at: int


@effect
class Cleaned(OfTable):
    """The table is clean."""

    portions: int


def test_the_fields_of_a_base_stand_before_its_own_in_every_event_and_effect() -> None:
    """As if they had been written there: in the constructor, on the class, in matches, in the doc of none."""

    @event
    class Written:
        table: Field[str]
        waiter: Field[str]
        portions: Field[Annotated[int, Range(1, 9)]]
        note: Field[str] = optional(default="")

    assert [(name, ref.domain, ref.default) for name, ref in field_refs(Serve).items()] == [
        (name, ref.domain, ref.default) for name, ref in field_refs(Written).items()
    ]
    assert ["table", "waiter"] == list(field_refs(Clean))
    assert {"table": Opaque(object), "at": Integers(), "portions": Integers()} == effect_fields(Cleaned)
    assert ("t1", "table") == (Clean("t1", "Ann").table, Clean.table.name)
    assert "A waiter serves." == Serve.__doc__
    match Cleaned("t1", 5, 2):
        case Cleaned(table, at, portions):
            assert ("t1", 5, 2) == (table, at, portions)


@pytest.mark.parametrize("one", [Serve("t1", "Ann", 2, "hot"), Clean("t1", "Ann"), Cleaned("t1", 5, 2)])
def test_what_has_a_base_is_a_record_of_its_own(one: Any) -> None:
    """Compared by value, frozen in each field, copied and pickled with all of them; told from others with the same values."""
    for same in (attrs.evolve(one), copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert one == same and hash(one) == hash(same)
        assert attrs.astuple(one) == attrs.astuple(same)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.table = "t2"
    assert Clean("t1", "Ann") != Serve("t1", "Ann", 2) and Cleaned("t1", 5, 2) != Cleaned("t1", 5, 3)


def test_a_base_is_no_event_and_no_effect() -> None:
    """A machine cannot take it, nor emit it."""
    assert [False, True, True] == [is_event(one) for one in (ByWaiter, Serve, Clean)]
    with pytest.raises(DefinitionError, match="AtTable is not an event"):
        check_event("on(AtTable)", AtTable)
    with pytest.raises(DefinitionError, match="OfTable: is not an effect"):
        Emit.of(OfTable, {"table": KEY, "at": NOW})
    for base, name in ((ByWaiter, "table"), (ByWaiter, "waiter"), (OfTable, "at")):
        with pytest.raises(
            AttributeError, match=f"^{base.__name__}.{name}: a base is no event or effect. Name the field"
        ):
            getattr(base, name)


def test_events_that_have_a_base_travel_as_any_other() -> None:
    """Written and read back, through a machine that takes them."""
    busy, idle = State("busy"), State("idle")
    service = Machine("service", (idle, busy), idle, (idle.on(Serve).to(busy), busy.on(Clean).to(idle)))
    engine = compile(service)
    served = engine.step(engine.start(), Serve("t1", "Ann", 2), at=0).after
    assert "idle" == engine.step(served, Clean("t1", "Ann"), at=1).after["service"].state
    for one_of_them in (Serve("t1", "Ann", 2, "hot"), Clean("t1", "Ann")):
        assert one_of_them == event_in(engine, event_out(one_of_them))


def base_with_left_out() -> None:
    @event_base
    class Faulty:
        note: Field[str] = optional(default="")


def base_from_an_event() -> None:
    @event_base
    class Faulty(Order):
        more: Field[str]


def of_two_bases() -> None:
    @event_base
    class WithNote:
        note: Field[str]

    @event
    class Faulty(AtTable, WithNote):
        more: Field[str]


def declared_again() -> None:
    @event
    class Faulty(ByWaiter):
        table: Field[str]


def left_out_again() -> None:
    @event
    class Faulty(ByWaiter):
        waiter = optional(default="")


def not_marked() -> None:
    class Base:
        table: Field[str]

    @event
    class Faulty(Base):
        more: Field[str]


def base_with_list() -> None:
    @event_base
    class Faulty:
        lines: list[str]


def base_with_hook() -> None:
    @event_base
    class Faulty(Checked):
        n: Field[int]


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (base_with_left_out, "Faulty.note: may be left out, and others stand behind it. Declare it in each event or effect, as its last field."),
        (base_from_an_event, "Faulty: inherits fields from Order. Declare every field where it belongs."),
        (of_two_bases, "Faulty: inherits fields from WithNote. Declare every field where it belongs."),
        (not_marked, "Faulty: inherits fields from Base. Declare every field where it belongs."),
        (declared_again, "Faulty.table: stands in ByWaiter already. Declare every field once."),
        (left_out_again, "Faulty.waiter: stands in ByWaiter already. Declare every field once."),
        (base_with_list, "Faulty.lines: a list can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class."),
        (base_with_hook, f"Faulty.__attrs_post_init__: {OTHERWISE}"),
    ],
)  # fmt: skip
def test_a_base_that_cannot_be_one_is_refused_where_it_is_declared(declare: Any, message: str) -> None:
    """They are told always, stand once, come from one class that says so, and keep to what events and effects keep to."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message


@pytest.mark.parametrize("declare", [event, effect, event_base, effect_base])
def test_what_is_of_the_class_is_no_field(declare: Any) -> None:
    """The constructor would not take it, and no object tells it."""
    faulty = type("Faulty", (), {"__annotations__": {"most": ClassVar[int], "at": int}})
    with pytest.raises(DefinitionError, match=r"Faulty\.most: is no field: a ClassVar is told by none"):
        declare(faulty)


class Handle:
    """Compared by identity, with no form in which it could be stored."""


@effect_base
class WithHandle:
    handle: Handle


@effect
class Handled(WithHandle):
    at: int


def test_what_a_base_is_held_to_is_what_its_events_or_effects_are() -> None:
    """What could not be read back stands in effects alone; so an event takes over no fields of effects, whatever they are."""
    assert ["handle", "at"] == list(effect_fields(Handled))
    with pytest.raises(DefinitionError, match="a Handle has no form in which it could be stored"):
        event_base(type("WithHandle", (), {"__annotations__": {"handle": Handle}}))
    with pytest.raises(DefinitionError, match="inherits fields from WithHandle"):
        event(type("Faulty", (WithHandle,), {}))
    with pytest.raises(DefinitionError, match="inherits fields from AtTable"):
        effect(type("Faulty", (AtTable,), {}))
