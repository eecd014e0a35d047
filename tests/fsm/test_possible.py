"""What is possible now is exactly what a step would take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    BadInput,
    Engine,
    EventRefused,
    Field,
    Machine,
    Range,
    Rule,
    Snapshot,
    State,
    System,
    TimeStopped,
    event,
    integer,
    one,
    parameter,
)
from fsm.desk import DESK, Abandon, Accept, Clear, End, Fail, OfferChat, Reject, SetStatus, Speaker, Status, Text
from fsm.language.events import field_refs
from fsm.runtime.enabled import Possible, is_carried, lists_all, worth_trying

from .yard import STUCK, YARD, YARD_EVENTS, Call, Come, Load, Nudge, Push, Requeue, Run, SendHome, Swap, runs

NEW = "a new one"


def takes(engine: Engine, snapshot: Snapshot, sent: object) -> Snapshot | None:
    """Where the event leads; None where it is refused."""
    try:
        return engine.step(snapshot, sent, snapshot.now).after
    except EventRefused:
        return None


# Exhaustively, on a desk for one chat and one call


def desk_events(contacts: tuple[str, ...]) -> Iterator[tuple[Any, Possible]]:
    """Everything that can be sent about these contacts, with how it would be listed."""
    for kind in DESK.events:
        if kind is SetStatus:
            yield from ((SetStatus(status), Possible(SetStatus)) for status in Status)
        for contact in contacts if kind is not SetStatus else ():
            rest = {"name": "Ann", "arrived_at": 0, "speaker": Speaker.CUSTOMER}
            sent = kind(contact, **{field: rest[field] for field in field_refs(kind) if field in rest})
            yield sent, Possible(kind, () if contact == NEW else (("contact", contact),))


def shape(snapshot: Snapshot) -> object:
    """What the future depends on: the time since each offer, not the instant."""
    tiles = (
        (key, tile.state, tile.spent, tile.channel, tile.state == "offered" and snapshot.now - tile.since)
        for key, tile in snapshot["tiles"].items()
    )
    return snapshot["agent"].state, tuple(sorted(tiles, key=repr))


def reachable(engine: Engine) -> list[Snapshot]:
    """Every shape of the desk with contacts a and b."""
    found = {shape(engine.start()): engine.start()}
    waiting = list(found.values())
    while waiting:
        snapshot = waiting.pop()
        later = [takes(engine, snapshot, sent) for sent, _ in desk_events(("a", "b"))]
        for reached in (*later, engine.advance(snapshot, snapshot.now + 1).after):
            if reached is not None and shape(reached) not in found:
                found[shape(reached)] = reached
                waiting.append(reached)
    return list(found.values())


def test_on_a_small_desk_possible_is_what_step_takes_and_why_not_agrees() -> None:
    """In every shape that a desk for one chat and placed calls can have, for every event."""
    engine = fsm.compile(DESK, {"max_chats": 1, "outbound_calls": True, "accept_window": 2, "non_response_after": 1})
    shapes = reachable(engine)
    for snapshot in shapes:
        held = tuple(sorted(snapshot["tiles"]))
        taken = [
            (sent, listed) for sent, listed in desk_events((NEW, *held)) if takes(engine, snapshot, sent) is not None
        ]
        assert list(dict.fromkeys(listed for _, listed in taken)) == list(engine.possible(snapshot, snapshot.now))
        refused = [
            sent for sent, _ in desk_events((NEW, *held)) if engine.why_not(snapshot, sent, snapshot.now) is not None
        ]
        assert len(refused) + len(taken) == len(list(desk_events((NEW, *held))))
    # By hand: a tile alone has 7 shapes (rings at 0 ms, rings at 1 ms and is counted, talks, after work, missed, rejected,
    # failed), as a chat or as a call, of either contact. Two tiles are a chat, which came first, in any of its 7 shapes,
    # and a call that was placed (talks, after work, failed), of either contact. All that under each of 3 statuses.
    assert 3 * (1 + 2 * 7 * 2 + 2 * 7 * 3) == len(shapes)


# On the yard, under any run


@settings(deadline=None, max_examples=40)
@given(runs(YARD_EVENTS))
def test_in_the_yard_possible_is_what_step_takes_for_some_payload(run: Run) -> None:
    """Two keys, selections, guards on time, conditions on fields: for every choice of keys and every load."""
    engine = fsm.compile(YARD, {"patience": 5, "places": 2})
    snapshot = engine.start()
    for handful, pause in run:
        for sent in handful:
            at = snapshot.now + pause
            refusal = None if sent is None else engine.why_not(snapshot, sent, at)
            snapshot = (
                engine.step(snapshot, sent, at).after
                if sent is not None and refusal is None
                else engine.advance(snapshot, at).after
            )
        assert set(engine.possible(snapshot, snapshot.now)) == {
            listed
            for sent, listed in yard_events(tuple(snapshot["lorries"]))
            if takes(engine, snapshot, sent) is not None
        }


def yard_events(plates: tuple[str, ...]) -> Iterator[tuple[Any, Possible]]:
    def listed(kind: type, **keys: str) -> Possible:
        return Possible(kind, tuple((field, key) for field, key in keys.items() if not key.startswith(NEW)))

    yield from ((Push(), Possible(Push)), (SendHome(), Possible(SendHome)))
    for plate in (NEW, *plates):
        yield from ((kind(plate), listed(kind, plate=plate)) for kind in (Call, Nudge, Requeue))
        yield from ((Come(plate, load, ""), listed(Come, plate=plate)) for load in Load)
    for leaving, coming in product((NEW, *plates), (NEW + " too", *plates)):
        yield Swap(leaving, coming), listed(Swap, leaving=leaving, coming=coming)


# In words


def test_an_event_is_listed_with_the_instances_it_would_move() -> None:
    """In the order of the declaration, then of the keys; what could name anyone new goes without."""
    desk = fsm.compile(DESK)
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    for contact in ("c-2", "c-1"):
        snapshot = desk.step(snapshot, OfferChat(contact, "Ann", arrived_at=0), 0).after
    answers = [f"{name}({contact})" for name in ("accept", "reject", "abandon", "fail") for contact in ("c-1", "c-2")]
    assert ["offer_chat", *answers, "set_status"] == [str(one) for one in desk.possible(snapshot, 0)]
    assert {OfferChat, Accept, Reject, Abandon, Fail, SetStatus} == {one.event for one in desk.possible(snapshot, 0)}
    assert not {End, Clear} & {one.event for one in desk.possible(snapshot, 0)}


def test_an_event_of_two_keys_says_which_is_which() -> None:
    """And which of them may be new."""
    assert "swap(leaving=x, coming=y)" == str(Possible(Swap, (("leaving", "x"), ("coming", "y"))))
    assert "swap(leaving=x, coming=new)" == str(Possible(Swap, (("leaving", "x"),), ("coming",)))


def test_what_is_possible_later_knows_what_time_does_until_then() -> None:
    """An offer that will have ended cannot be accepted, and its tile can be cleared."""
    desk = fsm.compile(DESK)
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    snapshot = desk.step(snapshot, OfferChat("c-1", "Ann", arrived_at=0), 0).after
    assert ["offer_chat", "clear(c-1)", "set_status"] == [str(one) for one in desk.possible(snapshot, 20_000)]


def test_asking_what_is_possible_is_refused_where_advancing_is() -> None:
    """An instant in the past, time that stops."""
    stuck = fsm.compile(STUCK)
    with pytest.raises(BadInput):
        stuck.possible(stuck.start(5), 4)
    with pytest.raises(TimeStopped):
        stuck.possible(stuck.start(5), 10)


# Fields with many values

open_, closed = State("open"), State("closed")
balance = integer("balance", initial=1_000)
limit = parameter("limit", int, 700, low=0, high=900)


@event
class Withdraw:
    amount: Field[int]


@event
class Charge:
    cents: Field[Annotated[int, Range(0, 1_000_000)]]


@event
class Rate:
    stars: Field[Annotated[int, Range(1, 5)]]


ACCOUNT = Machine(
    "account",
    states=(open_, closed),
    initial=open_,
    variables=(balance,),
    transitions=(
        open_.on(Withdraw)
        .when((Withdraw.amount > limit) & (Withdraw.amount <= balance))
        .stay()
        .set(balance, balance - Withdraw.amount),
        open_.on(Charge).when(Charge.cents == 4_711).to(closed),
        open_.on(Rate).when((Rate.stars != 1) & (Rate.stars != 2) & (Rate.stars != 3) & (Rate.stars != 5)).stay(),
    ),
)


def test_of_many_numbers_those_are_tried_that_matter() -> None:
    """Around the constants, the parameters and what the account holds; of few numbers all."""
    account = fsm.compile(ACCOUNT)
    assert [Withdraw, Charge, Rate] == [one.event for one in account.possible(account.start(), 0)]
    poorer = account.step(account.start(), Withdraw(701), 0).after
    assert [Charge, Rate] == [one.event for one in account.possible(poorer, 0)]


@settings(deadline=None)
@given(st.integers(-5, 1_005))
def test_no_number_is_taken_where_none_is_listed(amount: int) -> None:
    """What is not listed is refused, whatever the amount."""
    account = fsm.compile(ACCOUNT)
    snapshot = account.step(account.start(), Withdraw(701), 0).after
    assert takes(account, snapshot, Withdraw(amount)) is None


account, strict = one("account", ACCOUNT), Rule("small sums", on=Charge, when=Charge.cents < 4_712)
BANK = System(
    "bank", parts=(account,), parameters=(limit,), rules=(strict, Rule("no gifts", on=Rate, when=Rate.stars > 4))
)


def test_numbers_that_a_rule_compares_are_tried_too() -> None:
    """And a rule may leave nothing."""
    bank = fsm.compile(BANK)
    assert [Withdraw, Charge] == [listed.event for listed in bank.possible(bank.start(), 0)]


def test_it_is_known_of_which_fields_all_values_are_tried() -> None:
    """Of the others, that nothing is listed proves nothing."""
    assert lists_all(Rate.stars) and lists_all(Swap.leaving)  # type: ignore[arg-type]  # to the library a field on the class is a reference
    assert not lists_all(Withdraw.amount) and not lists_all(Charge.cents)  # type: ignore[arg-type]


def test_possible_is_a_value() -> None:
    """Which fields may be new follows from the keys and does not tell two apart."""
    swap = Possible(Swap, (("leaving", "x"),), ("coming",))
    assert (swap, hash(swap)) == (attrs.evolve(swap, fresh=()), hash(Possible(Swap, (("leaving", "x"),))))


def test_a_number_that_only_rides_along_is_not_tried_twice() -> None:
    """No condition reads when a contact arrived, so one value stands for all; who wrote decides what a text does."""
    arrived_at, speaker = field_refs(OfferChat)["arrived_at"], field_refs(Text)["speaker"]

    assert is_carried(DESK, OfferChat, arrived_at) and not is_carried(DESK, Text, speaker)
    assert [0] == worth_trying(DESK, OfferChat, arrived_at, frozenset({20_000}))
    assert 3 == len(worth_trying(DESK, Text, speaker))
