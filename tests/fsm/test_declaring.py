"""Shorter ways to declare: what each of them says is a declaration that could have been written without it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import pytest

from fsm import (
    NOW,
    DefinitionError,
    Event,
    Field,
    Machine,
    Range,
    Rule,
    State,
    System,
    always,
    boolean,
    carried,
    choice,
    compile,
    each,
    effect,
    event,
    integer,
    left,
    optional,
    parameter,
    wire,
)  # fmt: skip
from fsm.canonical import fingerprint, read, write
from fsm.variants import Variant, line, replaced, varied


class Channel(Enum):
    CHAT = "chat"
    VOICE = "voice"


class Offer(Event):
    contact: Field[str]
    channel: Field[Channel]
    urgent: Field[bool]
    weight: Field[Annotated[int, Range(0, 3)]]
    at: Field[int] = optional(default=0)


class Close(Event):
    """The contact is over."""

    contact: Field[str]


free, held, kept = State("free"), State("held"), State("kept")
channel, urgent, weight = choice("channel", Channel), boolean("urgent"), integer("weight", 0, 3)
TILE = Machine(
    "tile",
    (free, held),
    free,
    (free.on(Offer).to(held).stores(channel, urgent, weight), held.on(Close).to(free)),
    (channel, urgent, weight),
)
tiles = each("tiles", TILE, key="contact")
most = parameter("most", int, 2, low=1)


# Counts that read the event's fields

SAME = {
    "none of another value": (
        tiles.none(channel != Offer.channel),
        ((Offer.channel == Channel.CHAT) & tiles.none(channel != Channel.CHAT))
        | ((Offer.channel == Channel.VOICE) & tiles.none(channel != Channel.VOICE)),
    ),
    "compared with a parameter": (
        tiles.count(channel == Offer.channel) < most,
        ((Offer.channel == Channel.CHAT) & (tiles.count(channel == Channel.CHAT) < most))
        | ((Offer.channel == Channel.VOICE) & (tiles.count(channel == Channel.VOICE) < most)),
    ),
    "of a boolean, denied": (
        ~tiles.any(urgent == Offer.urgent),
        ~((~Offer.urgent & tiles.any(~urgent)) | (Offer.urgent & tiles.any(urgent))),
    ),
    "of a number": (
        tiles.none(weight > Offer.weight),
        (Offer.weight == 3) | ((Offer.weight == 2) & tiles.none(weight > 2)) | ((Offer.weight == 1) & tiles.none(weight > 1))
        | ((Offer.weight == 0) & tiles.none(weight > 0)),
    ),
    "of two fields": (
        tiles.all((channel == Offer.channel) | (urgent == Offer.urgent)),
        ((Offer.channel == Channel.CHAT) & Offer.urgent & tiles.none(channel == Channel.VOICE, ~urgent))
        | ((Offer.channel == Channel.CHAT) & ~Offer.urgent & tiles.none(channel == Channel.VOICE, urgent))
        | ((Offer.channel == Channel.VOICE) & Offer.urgent & tiles.none(channel == Channel.CHAT, ~urgent))
        | ((Offer.channel == Channel.VOICE) & ~Offer.urgent & tiles.none(channel == Channel.CHAT, urgent)),
    ),
}  # fmt: skip


def desk(condition: Any) -> System:
    """A desk whose offers need this, once by a rule and once by the condition of a wire."""
    return System("desk", (tiles,), parameters=(most,), rules=(Rule("fits", on=Offer, when=condition),))


@pytest.mark.parametrize(("short", "long"), SAME.values(), ids=SAME)
def test_a_count_that_reads_a_field_is_one_count_for_each_of_its_values(short: Any, long: Any) -> None:
    """Whatever is held and offered, it is taken and refused as by what is written out; in a wire as in a rule."""
    offers = [Offer(f"{one.name}{flag}{number}", one, flag, number) for one in Channel for flag in (False, True) for number in (0, 2, 3)]  # fmt: skip
    moved = tiles[Offer.contact].by(
        Offer, channel=Offer.channel, urgent=Offer.urgent, weight=Offer.weight, contact=Offer.contact
    )
    wired = System("desk", (tiles,), (wire(Offer, moved, when=short), wire(Close, tiles[Close.contact].by(Close, contact=Close.contact))), (), (most,))  # fmt: skip
    one, other, third = compile(desk(short)), compile(desk(long)), compile(wired)
    answers = set()
    for first in offers:
        for second in [None, *offers]:
            held_by_now = [one.start(), other.start(), third.start()]
            engines = (one, other, third)
            for sent in (first, second):
                if sent is not None:
                    held_by_now = [
                        engine.step(snapshot, sent, 0).after if engine.takes(snapshot, sent, Offer, 0) else snapshot
                        for engine, snapshot in zip(engines, held_by_now, strict=True)
                    ]
            asked = [Offer("last", sent.channel, sent.urgent, sent.weight) for sent in offers]
            for sent in asked:
                said = {
                    engine.takes(snapshot, sent, Offer, 0)
                    for engine, snapshot in zip(engines, held_by_now, strict=True)
                }
                assert 1 == len(said)
                answers |= said
    assert {True, False} == answers


def test_a_count_that_reads_a_field_goes_by_the_words_in_which_it_was_written() -> None:
    """In pictures and tables it is what the author wrote."""
    (rule,) = desk(tiles.none(channel != Offer.channel)).rules

    assert "no tiles with channel ≠ offer.channel" == rule.when.called


def test_a_refusal_tells_what_is_counted_by_the_values_that_the_event_has() -> None:
    """And not what would be counted by others."""
    engine = compile(desk(tiles.none(channel != Offer.channel) & (tiles.count(urgent == Offer.urgent) < most)))
    held_by_now = engine.step(engine.start(), Offer("a", Channel.CHAT, True, 0), 0).after
    refused = str(engine.why_not(held_by_now, Offer("b", Channel.VOICE, True, 0), 0))

    assert "  rule     fits: no tiles with channel ≠ voice; now held: a held" == refused.splitlines()[1]


@event
class Other:
    contact: Field[str]
    channel: Field[Channel]
    number: Field[int]
    wide: Field[Annotated[int, Range(0, 99)]]
    low: Field[Annotated[int, Range(0, 20)]]


far = integer("far", 0, 99)
WIDE = Machine("wide", (free, held), free, (free.on(Other).to(held), held.on(Close).to(free)), (far,))
wide = each("wide", WIDE, key="contact")


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: Rule("r", on=Other, when=wide.none(far > Other.number)), "a rule: other.number is read in a count of instances, and is an integer. A count reads fields of at most 64 values: an enumeration, a boolean, a short range."),
        (lambda: Rule("r", on=Other, when=wide.none(far > Other.wide)), "a rule: other.wide is read in a count of instances, and is an integer from 0 to 99. A count reads fields of at most 64 values: an enumeration, a boolean, a short range."),
        (lambda: Rule("r", on=Offer, when=tiles.none((weight == Other.low) & (weight == Offer.weight))), "a rule: no tiles with weight = low and with weight = offer.weight has more than 64 cases. Count by fields of fewer values."),
        (lambda: System("d", (tiles,), rules=(Rule("r", on=Close, when=tiles.none(channel != Offer.channel)),)), "system d: rule 'r': Offer.channel is a field of another event."),
        (lambda: System("d", (tiles,), properties=(always("p", tiles.none(channel != Offer.channel)),)), "system d: property 'p': channel cannot be read in a count of instances: it is a field of an event."),
        (lambda: tiles.every(channel == Offer.channel), "tiles: channel cannot be read in a selection of instances: it is a field of an event."),
    ],
)  # fmt: skip
def test_a_count_reads_only_few_values_of_the_event_that_is_judged(declare: Any, message: str) -> None:
    """No field without end, none of another event, none where no event is."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert message == str(refused.value)


# A payload stored under its own names


def test_a_payload_is_stored_under_the_names_that_its_fields_have() -> None:
    """As if each were set by itself."""
    short = free.on(Offer).to(held).stores(channel, weight)
    long = free.on(Offer).to(held).set(channel, Offer.channel).set(weight, Offer.weight)

    assert [(one.name, str(value)) for one, value in long.updates] == [
        (one.name, str(value)) for one, value in short.updates
    ]


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: free.on(Close).to(held).stores(channel), "free on Close: stores(): Close has no field 'channel'. It has contact."),
        (lambda: free.on(Close).to(held).stores(), "free on Close: stores(): names no variable. Name those that the event has a field for."),
        (lambda: free.on(Offer).to(held).stores(channel, channel), "free on Offer: sets channel twice."),
    ],
)  # fmt: skip
def test_what_no_field_is_named_as_cannot_be_stored(declare: Any, message: str) -> None:
    """The message says what there is."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert message == str(refused.value)


# The state that is left


class Status(Enum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    AWAY = "on a break"


@effect
class Changed:
    before: Status
    name: str
    at: int


class Leave(Event):
    """The agent goes away."""


offline, available, away = State("offline"), State("available"), State("away")
LEAVES = ((offline | available | away).on(Leave).to(away).emits(Changed, before=left(Status), name=left(str), at=NOW),)
STATES = (offline, available, away)


@pytest.mark.parametrize("start", STATES, ids=str)
def test_what_is_emitted_says_which_state_was_left(start: State) -> None:
    """By the value of the member, or by its name."""
    engine = compile(Machine("agent", STATES, start, LEAVES))
    step = engine.step(engine.start(), Leave(), 7)

    expected = {"offline": Status.OFFLINE, "available": Status.AVAILABLE, "away": Status.AWAY}[start.name]
    assert ((Changed(expected, start.name, 7),), "away") == (step.effects, step.after["agent"].state)


def test_a_line_that_tells_the_state_it_leaves_is_one_line_for_each() -> None:
    """So that nobody who reads the declaration needs a word for it."""
    short = Machine("agent", STATES, offline, LEAVES)
    long = Machine(
        "agent", STATES, offline,
        tuple(
            state.on(Leave).to(away).emits(Changed, before=value, name=state.name, at=NOW)
            for state, value in zip(STATES, Status, strict=True)
        ),
    )  # fmt: skip

    assert fingerprint(long) == fingerprint(short)


def test_a_variant_may_add_or_replace_a_line_that_tells_the_state_it_leaves() -> None:
    """It is taken apart there as in a machine."""
    base = Machine("agent", STATES, offline, (offline.on(Leave).to(away),))
    by = (offline | available).on(Leave).to(away).emits(Changed, before=left(Status), name=left(str), at=NOW)
    made = varied(base, Variant("told", base, replaces=(replaced(line(offline, Leave), by),)))  # fmt: skip
    wrong = (offline | kept).on(Leave).to(away).emits(Changed, before=left(Status), name="", at=NOW)

    assert 2 == len(made.transitions)
    with pytest.raises(DefinitionError, match="Status has no member for the state 'kept'"):
        Variant("wrong", base, adds=(kept, wrong))


def test_the_state_that_is_left_is_a_value_of_effects_alone() -> None:
    """What a machine remembers of it is in its states."""
    name = carried("name", str, initial="")
    with pytest.raises(DefinitionError, match="cannot be read in an update: it is the state that is left"):
        Machine("agent", STATES, offline, (offline.on(Leave).to(away).set(name, left(str)),), (name,))
    with pytest.raises(DefinitionError, match=r"left\(\): <class 'int'> is no enumeration"):
        left(int)


# Events on a line


def test_an_event_of_the_base_is_one_like_any_other() -> None:
    """Frozen, compared by value, with its fields on the class."""

    @event
    class Decorated:
        contact: Field[str]

    assert (Close("a"), "contact") == (Close(contact="a"), Close.contact.name)
    assert Close("a") != Close("b")
    with pytest.raises(AttributeError):
        Close("a").contact = "b"  # type: ignore[misc]  # that is the claim
    with pytest.raises(DefinitionError, match="inherits fields from Close"):

        class More(Close):
            more: Field[str]


class Answer(Enum):
    YES = "yes"
    NO = "no"


class Reply(Event):
    contact: Field[str]
    answer: Field[Answer] = optional(default=Answer.NO)
    weight: Field[Annotated[int, Range(0, 3)]] = optional(default=3)
    words: Field[tuple[str, ...]] = optional(default=("so", "so"))


@effect
class Replied:
    note: str
    at: int = optional(default=7)


def test_what_may_be_left_out_may_be_so_in_a_declaration_that_was_read_back() -> None:
    """With the default that its author wrote; no stored snapshot becomes a stranger by it."""
    lines = (free.on(Reply).to(held).stores(weight).emits(Replied, note="a"), held.on(Close).to(free))
    system = System(
        "replies", (each("replies", Machine("reply", (free, held), free, lines, (weight,)), key="contact"),)
    )
    back = read(write(system))
    sent = {one.__name__: one for one in back.events}["Reply"]
    engine = compile(back)

    assert write(back) == write(system)
    assert (fingerprint(back), 3, ("so", "so"), "NO") == (
        fingerprint(system),
        sent("a").weight,
        sent("a").words,
        sent("a").answer.name,
    )
    assert (3,) == tuple(one.weight for one in engine.step(engine.start(), sent("a"), 0).after["replies"].values())
