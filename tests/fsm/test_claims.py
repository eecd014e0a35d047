"""Whether a property holds of a run, looked at as it runs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

import fsm
from fsm import ELAPSED, Engine, Modality, Snapshot, System, after, before, emitted, for_each, happens, inside
from fsm.desk import (
    DESK,
    Accept,
    Channel,
    Clear,
    Missed,
    NonResponseCounted,
    OfferChat,
    Rang,
    SetStatus,
    SlotFreed,
    Status,
    tile,
)
from fsm.desk.parameters import max_chats
from fsm.desk.parts import agent, tiles
from fsm.desk.tile import NonResponse, channel, connected, counted, missed, offered
from fsm.language.expressions import Formula
from fsm.semantics.satisfaction import Seen, counts_effects, holds, holds_of_step, seen_steps, tallied

from .yard import (
    LORRY,
    YARD,
    Come,
    Complain,
    Load,
    Nudge,
    Push,
    SendHome,
    Tire,
    Told,
    complaints,
    gate,
    lorries,
    nudges,
    waiting,
)


@pytest.fixture(scope="module")
def desk() -> Engine:
    return fsm.compile(DESK, {"accept_window": 20, "non_response_after": 15})


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


def seen(engine: Engine, *run: tuple[Any, int]) -> list[Seen]:
    """Every step of a run, those of time included; None lets time alone pass."""
    snapshot, tally, found = engine.start(), tallied({}, ()), list[Seen]()
    for sent, at in run:
        step = engine.advance(snapshot, at) if sent is None else engine.step(snapshot, sent, at)
        steps = seen_steps(engine, snapshot, sent, at, step, tally)
        found += steps
        snapshot, tally = step.after, tallied(tally, step.effects)
        assert not steps or (tally == steps[-1].emitted_after and snapshot.parts == steps[-1].after.parts)
    return found


CALLING = (
    (SetStatus(Status.AVAILABLE), 0),
    (OfferChat("c-1", "Ann", arrived_at=0), 0),
    (OfferChat("c-2", "Bob", arrived_at=0), 5),
    (Accept("c-2"), 6),
    (None, 30),
    (Clear("c-1"), 31),
)


# Of a snapshot


@pytest.fixture(scope="module")
def halfway(desk: Engine) -> Snapshot:
    """c-1 was missed, c-2 is talked to, it is 25."""
    return desk.advance(seen(desk, *CALLING[:4])[-1].after, 25).after


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (tiles.count() == 2, True),
        (tiles.count(missed, channel == Channel.CHAT) < max_chats, True),
        (tiles.any(connected, counted), False),
        (tiles.none(offered), True),
        (tiles.all(missed), False),
        (tiles.all(missed, connected), True),
        (agent.inside(fsm.desk.agent.available), True),
        (for_each(tiles, inside(missed) >> counted), True),
        (for_each(tiles, inside(missed)), False),
        (for_each(tiles, ELAPSED <= 19), True),
        (for_each(tiles, ELAPSED <= 5), False),
        (for_each(tiles, tiles.count() == 2), True),
        (emitted(Missed) == emitted(NonResponseCounted), True),
        (emitted(Rang) == 2, True),
        (emitted(SlotFreed) > 0, False),
    ],
)
def test_a_claim_about_a_snapshot_is_read_off_it(
    desk: Engine, halfway: Snapshot, claim: Formula, expected: bool
) -> None:
    """Counts, states, every instance by its own names, the time in state, effects ever emitted."""
    assert expected is holds(desk, claim, halfway, {Missed: 1, NonResponseCounted: 1, Rang: 2})


def test_a_claim_may_read_the_variables_of_a_part(yard: Engine) -> None:
    """Of a part made by one()."""
    assert holds(yard, (gate[complaints] == 0) & lorries.none(nudges == 2), yard.start(), {})


def test_only_some_claims_need_the_effects_so_far() -> None:
    """The others can be checked on a stored snapshot alone."""
    assert counts_effects(emitted(Missed) <= emitted(NonResponseCounted))
    assert not counts_effects(tiles.none())


def test_effects_are_counted_by_class() -> None:
    """And a step without any leaves the count as it was."""
    before_it: dict[type, int] = {Rang: 1}
    assert before_it is tallied(before_it, ())
    assert Counter({Rang: 2, Missed: 1}) == tallied(
        before_it, (Missed("c-1", Channel.CHAT, 0, 20), Rang("c-2", "Bob", Channel.CHAT, 20))
    )
    assert {Rang: 1} == before_it


# Of a step


def test_the_steps_of_a_run_are_seen_one_by_one(desk: Engine) -> None:
    """Those of time with the event that time sent, each with the action of every instance that moved."""
    assert [
        (SetStatus, {("agent", None): fsm.desk.agent.SetStatus}, 0),
        (OfferChat, {("tiles", "c-1"): tile.Offer}, 0),
        (OfferChat, {("tiles", "c-2"): tile.Offer}, 5),
        (Accept, {("tiles", "c-2"): tile.Accept}, 6),
        (NonResponse, {("tiles", "c-1"): NonResponse}, 15),
        (tile.Expire, {("tiles", "c-1"): tile.Expire}, 20),
        (Clear, {("tiles", "c-1"): tile.Clear}, 31),
    ] == [(one.kind, dict(one.moved), one.at) for one in seen(desk, *CALLING)]


def test_steps_join_without_a_gap(desk: Engine) -> None:
    """Each begins where the one before ended, but for the time that passed."""
    steps = seen(desk, *CALLING)
    for first, second in pairwise(steps):
        assert (first.after.parts, first.emitted_after) == (second.before.parts, second.emitted_before)


@pytest.mark.parametrize(
    ("claim", "broken_by"),
    [
        (happens(Clear) >> before(tiles.any(missed)), []),
        (~happens(Clear), [Clear]),
        (~happens(tile.Clear), [Clear]),
        (~happens(NonResponse, tile.Expire), [NonResponse, tile.Expire]),
        (after(tiles.count()) >= before(tiles.count()), [Clear]),
        (after(emitted(Missed)) == before(emitted(Missed)), [tile.Expire]),
        (for_each(tiles, happens(tile.Expire) >> before(ELAPSED == 20)), []),
        (for_each(tiles, happens(tile.Expire) >> before(ELAPSED < 20)), [tile.Expire]),
        (for_each(tiles, before(inside(offered)) >> after(inside(offered))), [Accept, tile.Expire]),
        (for_each(tiles, happens(OfferChat) >> before(tiles.none())), [OfferChat]),
        (for_each(tiles, after(~inside(tile.free))), [Clear]),
        (for_each(tiles, before(~inside(tile.free))), [OfferChat, OfferChat]),
        (before(for_each(tiles, ~counted)) | happens(tile.Expire, Clear), []),
        (max_chats <= 5, []),
        ((max_chats < 5) | ~happens(Accept), [Accept]),
    ],
)
def test_a_claim_about_steps_is_broken_by_the_steps_that_break_it(
    desk: Engine, claim: Formula, broken_by: list[type]
) -> None:
    """Before and after, the event and the actions, every instance with what it did itself."""
    assert broken_by == [one.kind for one in seen(desk, *CALLING) if not holds_of_step(desk, claim, one)]


def test_an_instance_is_asked_only_for_what_it_did_itself(desk: Engine) -> None:
    """That c-1 is cleared says nothing about c-2."""
    claim = for_each(tiles, happens(tile.Clear) >> before(inside(missed)))
    assert [] == [one.kind for one in seen(desk, *CALLING) if not holds_of_step(desk, claim, one)]


def test_parts_that_move_with_what_time_sends_are_seen_to_move(yard: Engine) -> None:
    """A lorry tires and the gate hears of it, in one step."""
    steps = seen(yard, (Push(), 0), (Come("x", Load.SAND, ""), 0), (None, 6))
    assert {("lorries", "x"): Tire, ("gate", None): Complain} == dict(steps[-1].moved)
    assert holds_of_step(
        yard, happens(Complain) & happens(Tire) & (after(gate[complaints]) == before(gate[complaints]) + 1), steps[-1]
    )
    assert {Told: 2} == steps[-1].emitted_after


def test_all_that_move_at_once_are_seen_to_move(yard: Engine) -> None:
    """Every lorry that is sent home, and the gate."""
    steps = seen(
        yard,
        (Push(), 0),
        (Come("x", Load.SAND, ""), 0),
        (Come("y", Load.SAND, ""), 0),
        (Nudge("x"), 1),
        (None, 6),
        (SendHome(), 7),
    )
    assert {("lorries", "x"), ("lorries", "y"), ("gate", None)} == set(steps[-1].moved)
    assert holds_of_step(yard, for_each(lorries, after(inside(LORRY.initial))), steps[-1])
    assert not holds_of_step(yard, for_each(lorries, before(inside(waiting))), steps[-1])


# Of the desk


@pytest.mark.parametrize("system", [DESK])
def test_what_the_desk_claims_holds_of_a_day(desk: Engine, system: System) -> None:
    """Every `always` before and after each step, every `each_step` of it."""
    steps = seen(desk, *CALLING)
    for claim in system.properties:
        if claim.modality is Modality.ALWAYS:
            assert all(holds(desk, claim.formula, one.before, one.emitted_before) for one in steps), claim.sentence
            assert all(holds(desk, claim.formula, one.after, one.emitted_after) for one in steps), claim.sentence
        if claim.modality is Modality.EACH_STEP:
            assert all(holds_of_step(desk, claim.formula, one) for one in steps), claim.sentence
