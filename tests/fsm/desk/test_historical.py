"""The historical report says what happened: compared with what the snapshots of the same shift show, instant by instant."""

from __future__ import annotations

from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings

from fsm import BadInput, Snapshot
from fsm.desk import (
    Accept,
    Channel,
    Clear,
    Connected,
    End,
    Ended,
    Fail,
    NonResponseCounted,
    OfferChat,
    PlaceCall,
    Rang,
    SetStatus,
    Status,
    StatusChanged,
)  # fmt: skip
from fsm.desk.reports import DAY, EMPTY, HALF_HOUR, HOUR, QUARTER_HOUR, Interval, fold, report
from fsm.desk.reports.historical import Totals

from .shifts import START, Shift, shifts, told

TIMES = {
    "offered": "ringing_time", "connected": "talk_time", "after_work": "after_work_time",
    "missed": "uncleared_time", "rejected": "uncleared_time", "failed": "uncleared_time",
}  # fmt: skip
EVERY = (QUARTER_HOUR, HALF_HOUR, HOUR, DAY)
MIDNIGHT = START - START % DAY


def reported(shift: Shift, every: int) -> tuple[Interval, ...]:
    """The whole days that a shift touches."""
    return report(fold(shift.effects), MIDNIGHT, shift.end - shift.end % DAY + DAY, every=every, at=shift.end)


def lasting(shift: Shift) -> list[tuple[Snapshot, int, int]]:
    """Each snapshot with when it began and ended."""
    return [(one, one.now, following.now) for one, following in pairwise(shift.seen)]


def unanswered(shift: Shift) -> set[tuple[object, int]]:
    """The calls that the agent placed and of which nobody told an end: the contact, and when it was placed (D16)."""
    placed = {(one.contact, one.at) for one in shift.effects if isinstance(one, Connected) and one.placed}
    return placed - {(one.contact, one.connected_at) for one in shift.effects if isinstance(one, Ended)}


def overlap(interval: Interval, start: int, end: int) -> int:
    return max(0, min(interval.end, end) - max(interval.start, start))


@settings(deadline=None)
@given(shifts(most=20))
def test_times_are_those_that_the_snapshots_show(shift: Shift) -> None:
    """Each tile's time in each state and each status's time, in every interval of every length, to the millisecond; dialling is no talk."""
    dialling = unanswered(shift)
    for every in EVERY:
        for interval in reported(shift, every):
            expected = dict.fromkeys(((channel, name) for channel in Channel for name in TIMES.values()), 0)
            for snapshot, start, end in lasting(shift):
                for contact, tile in snapshot["tiles"].items():
                    if tile.state == "connected" and (contact, tile.since) in dialling:
                        continue
                    expected[tile.channel, TIMES[tile.state]] += overlap(interval, start, end)
            assert expected == {
                (channel, name): getattr(interval.channels[channel], name) for channel, name in expected
            }


@settings(deadline=None)
@given(shifts())
def test_status_times_are_those_that_the_snapshots_show(shift: Shift) -> None:
    """An interval that lies within the shift is filled by its statuses."""
    for interval in reported(shift, HALF_HOUR):
        expected = {
            status: sum(
                overlap(interval, start, end)
                for snapshot, start, end in lasting(shift)
                if snapshot["agent"].state == status.value
            )
            for status in Status
        }
        assert expected == interval.status_time
        assert overlap(interval, START, shift.end) == sum(interval.status_time.values())


@settings(deadline=None)
@given(shifts())
def test_counts_are_those_that_the_snapshots_show(shift: Shift) -> None:
    """Tiles that appear, tiles whose state changes and tiles that go, on each channel of the whole report."""
    days = reported(shift, DAY)
    for channel in Channel:
        totals = sum((day.channels[channel] for day in days), Totals())
        moves = [
            (before["tiles"].get(contact), after["tiles"].get(contact))
            for before, after in pairwise(shift.seen)
            for contact in {**before["tiles"], **after["tiles"]}
        ]
        moves = [(was, now) for was, now in moves if (was or now).channel is channel]
        entered = [now.state for was, now in moves if now and (was is None or was.state != now.state)]
        counted = [now for was, now in moves if was and now and now.counted and not was.counted]
        assert (len(counted), entered.count("missed")) == (totals.non_responses, totals.missed)
        assert entered.count("after_work") == totals.ended
        if shift.engine.params["rejected_holds"]:
            assert (entered.count("rejected"), entered.count("failed")) == (totals.rejected, totals.failed)
            assert sum(1 for was, now in moves if now is None) == totals.freed
            dialled = len(unanswered(shift)) if channel is Channel.VOICE else 0
            assert entered.count("connected") - dialled == totals.handled


@settings(deadline=None)
@given(shifts())
def test_reports_keep_the_laws_of_conservation(shift: Shift) -> None:
    """What the proofs say of the desk holds of the report: nothing is counted twice, nothing lost (S19, D1)."""
    engine = shift.engine
    totals = sum((day.total for day in reported(shift, DAY)), Totals())
    held = [tile.state for tile in shift.seen[-1]["tiles"].values()]

    assert (
        totals.missed + sum(tile.state == "offered" and tile.counted for tile in shift.seen[-1]["tiles"].values())
        <= totals.non_responses
        <= totals.offers
    )
    assert totals.ended + held.count("connected") <= totals.handled + len(unanswered(shift))
    if not engine.params["outbound_calls"]:
        assert totals.offers == totals.freed + len(held)


@settings(deadline=None)
@given(shifts())
def test_non_responses_are_the_offers_that_lasted_the_non_response_time(shift: Shift) -> None:
    """Counted offer by offer: those that rang so long by the end of the shift, each once (S18, S19, D1)."""
    after = shift.engine.params["non_response_after"]
    rang = {(effect.contact, effect.at) for effect in shift.effects if isinstance(effect, Rang)}
    lasted = {
        (contact, tile.since)
        for snapshot, _, end in lasting(shift)
        for contact, tile in snapshot["tiles"].items()
        if tile.state == "offered" and end - tile.since >= after
    }
    counted = [
        (effect.contact, effect.offered_at) for effect in shift.effects if isinstance(effect, NonResponseCounted)
    ]

    assert lasted <= rang
    assert sorted(lasted) == sorted(counted)


@settings(deadline=None, max_examples=25)
@given(shifts(most=20))
def test_longer_intervals_are_sums_of_shorter_ones(shift: Shift) -> None:
    """A day is its hours, an hour its half hours."""
    for long, short in ((HALF_HOUR, QUARTER_HOUR), (HOUR, HALF_HOUR), (DAY, HOUR)):
        shorter = reported(shift, short)
        for interval in reported(shift, long):
            within = [one for one in shorter if interval.start <= one.start < interval.end]
            assert interval.total == sum((one.total for one in within), Totals())


def test_a_conversation_across_an_edge_is_split_there() -> None:
    """Ten minutes in one half hour, five in the next; it is counted where it was connected (S19)."""
    start = MIDNIGHT + DAY
    wait = start - 600_000 - START
    shift = told((wait, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (900_000, End("c-1")), (60_000, Clear("c-1")))

    first, second = report(fold(shift.effects), start - HALF_HOUR, start + HALF_HOUR)

    chats = [interval.channels[Channel.CHAT] for interval in (first, second)]
    assert [
        Totals(offers=1, handled=1, talk_time=600_000),
        Totals(ended=1, freed=1, talk_time=300_000, after_work_time=60_000),
    ] == chats
    assert [600_000, 360_000] == [chat.handle_time for chat in chats]


def test_a_report_counts_what_is_open_up_to_its_instant() -> None:
    """A conversation that goes on, and the status; a later report of the same history counts more."""
    shift = told((0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")))
    history = fold(shift.effects)

    def talk(at: int | None) -> tuple[int, int]:
        (day,) = report(history, MIDNIGHT, MIDNIGHT + DAY, every=DAY, at=at)
        return day.total.talk_time, day.status_time[Status.AVAILABLE]

    assert [(0, 0), (5_000, 5_000), (90_000, 90_000)] == [talk(None), talk(START + 5_000), talk(START + 90_000)]


def test_a_status_of_fifty_years_is_counted_at_once() -> None:
    """A desk started at instant 0: its first status lasts until our days, and a report of one day has that day's part."""
    history = fold([StatusChanged(Status.OFFLINE, Status.AVAILABLE, since=0, at=MIDNIGHT + HOUR)])

    (day,) = report(history, MIDNIGHT, MIDNIGHT + DAY, every=DAY, at=MIDNIGHT + 2 * HOUR)

    assert {Status.OFFLINE: HOUR, Status.AVAILABLE: HOUR, Status.AWAY: 0} == day.status_time
    assert 4 >= len(history.counted.parts) + len(history.counted.turns)


def test_a_report_of_nothing_is_a_page_of_zeros() -> None:
    """Intervals where nothing happened are there."""
    intervals = report(EMPTY, 0, HOUR, at=0)

    assert [(0, HALF_HOUR), (HALF_HOUR, HOUR)] == [(one.start, one.end) for one in intervals]
    assert {Totals()} == {one.total for one in intervals}


def test_an_offer_that_rings_is_counted_and_has_no_status_beside_it() -> None:
    """What no change of status tells of is in no status."""
    (interval,) = report(fold([Rang("c-1", "Ann", Channel.CHAT, at=10)]), 0, HALF_HOUR, at=HOUR)

    assert Totals(offers=1, ringing_time=HALF_HOUR - 10) == interval.total
    assert {0} == set(interval.status_time.values())


def test_totals_of_two_agents_add_up() -> None:
    """Field by field."""
    assert Totals(offers=3, talk_time=7) == Totals(offers=1, talk_time=7) + Totals(offers=2)
    assert len(attrs.fields(Totals)) == 12


@pytest.mark.parametrize(
    ("start", "end", "every", "at", "complaint"),
    [
        (0, HOUR, -HALF_HOUR, None, "every: -1800000 is no length"),
        (0, HOUR, 0, None, "every: 0 is no length"),
        (0, HOUR, 60_000, None, "every: 60000 is no full quarter of an hour"),
        (5, HOUR, HALF_HOUR, None, "start: 5 is no full quarter of an hour"),
        (0, HOUR + 5, HALF_HOUR, None, "end: 3600005 is no full quarter of an hour"),
        (HOUR, HOUR, HALF_HOUR, None, "end: 3600000 does not lie after the start, 3600000"),
        (HOUR, 0, HALF_HOUR, None, "end: 0 does not lie after the start, 3600000"),
        (0, HOUR + HALF_HOUR, HOUR, None, "end: 5400000 milliseconds after the start are no full intervals of 3600000"),
        (0.0, HOUR, HOUR, None, "start: 0.0 is not an instant"),
        (0, HOUR, HOUR, "now", "at: 'now' is not an instant"),
        (0, HOUR, HOUR, 9, "at: 9 lies before the history's last effect at 10"),
    ],
)
def test_intervals_that_make_no_sense_are_refused(
    start: int, end: int, every: int, at: int | None, complaint: str
) -> None:
    """The message says which argument, what is wrong with it, and mostly what to give instead."""
    history = fold([Rang("c-1", "Ann", Channel.CHAT, at=10)])

    with pytest.raises(BadInput) as refused:
        report(history, start, end, every=every, at=at)

    assert str(refused.value).startswith(complaint)


CALLS = {
    "nobody answers": ((30_000, Fail("v")), (0, 0)),
    "it breaks in the talk": ((30_000, Fail("v", answered_at=START + 20_000)), (1, 20_000)),
    "it breaks, and another clock runs ahead": ((30_000, Fail("v", answered_at=START + 99_000)), (1, 0)),
    "it is answered before it is placed": ((30_000, Fail("v", answered_at=0)), (1, 30_000)),
    "they talk": ((30_000, End("v")), (1, 30_000)),
    "it goes on": ((30_000, SetStatus(Status.AWAY)), (0, 0)),
}


@pytest.mark.parametrize(("last", "expected"), CALLS.values(), ids=CALLS)
def test_a_call_that_the_agent_places_is_handled_when_somebody_answers(
    last: tuple[int, object], expected: tuple[int, int]
) -> None:
    """Dialling is no talk, however long it takes, also where the stream is cut in the middle of it (D16)."""
    shift = told((10_000, PlaceCall("v", "Bob")), last, profile={"outbound_calls": True})
    cut = 1 + next(place for place, one in enumerate(shift.effects) if isinstance(one, Connected))

    for history in (fold(shift.effects), fold(shift.effects[:cut]).then(fold(shift.effects[cut:]))):
        (day,) = report(history, MIDNIGHT, MIDNIGHT + DAY, every=DAY, at=shift.end)
        assert expected == (day.channels[Channel.VOICE].handled, day.channels[Channel.VOICE].talk_time)
