"""A shift at a desk: customers by chance, told by instants. Milliseconds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fsm import Refusal, compile
from fsm.command.terminal.customers import somebody
from fsm.command.terminal.shift import Shift
from fsm.command.terminal.words import in_words
from fsm.desk import DESK, Accept, Channel, Clear, End, Reject, SetStatus, Status, TextTimerReset

FIVE = compile(DESK)
HOUR = 3_600_000


def shift(seed: int = 1, rate: float = 4, **profile: int) -> Shift:
    """A shift whose agent is Available from the start."""
    opened = Shift(compile(DESK, profile), seed=seed, rate=rate)
    opened.press(SetStatus(Status.AVAILABLE), 0)
    return opened


def keen(played: Shift, until: int, every: int = 1_000) -> None:
    """An agent who tries everything on everybody, every second."""
    for at in range(played.snapshot.now, until, every):
        for contact in sorted(played.snapshot["tiles"]):
            for press in (Accept, Clear):
                played.press(press(contact), at)


def said(played: Shift) -> str:
    return "\n".join(line for _, line in played.log)


def test_a_seed_brings_the_same_customers_whatever_the_agent_does() -> None:
    """One agent is away and one works: the same people reach the contact centre at the same instants."""
    away, working = Shift(FIVE, seed=5, rate=6), shift(seed=5, rate=6)
    keen(working, until=300_000)
    for played in (away, working):
        played.pass_time(300_000)

    assert len(away.customers) > 10
    assert away.customers == working.customers
    assert somebody(5, 3, 0, calls=True) == somebody(5, 3, 0, calls=True) != somebody(6, 3, 0, calls=True)


def test_two_shifts_with_the_same_seed_and_the_same_keys_are_the_same() -> None:
    """Chance comes from the seed alone."""
    one, other = shift(seed=8), shift(seed=8)
    keen(one, until=200_000)
    keen(other, until=200_000)

    assert (one.snapshot, list(one.log), one.tally) == (other.snapshot, list(other.log), other.tally)


def test_time_in_one_stride_or_in_many_is_the_same_time() -> None:
    """A screen that is drawn seldom misses nothing."""
    one, other = shift(seed=3), shift(seed=3)
    one.pass_time(HOUR // 4)
    for at in range(0, HOUR // 4 + 1, 250):
        other.pass_time(at)

    assert (one.snapshot, list(one.log)) == (other.snapshot, list(other.log))


def test_without_a_rate_nobody_comes() -> None:
    """Zero customers a minute."""
    quiet = shift(rate=0)
    quiet.pass_time(HOUR)

    assert ({}, []) == (dict(quiet.snapshot["tiles"]), quiet.waiting)


def test_customers_come_at_the_rate_that_was_asked_for() -> None:
    """Four a minute for ten hours, within a tenth; where nobody is available they wait, and go."""
    closed = Shift(FIVE, seed=2, rate=4)
    closed.pass_time(10 * HOUR)

    assert 2_160 < int(closed.waiting[-1].contact.removeprefix("c-")) < 2_640
    assert len(closed.waiting) < 12
    assert "has waited too long and is gone" in said(closed)


def test_the_queue_says_why_it_waits_and_is_offered_as_soon_as_the_desk_takes_it() -> None:
    """The agent is offline: that is the rule in the way. Then available, and nobody waits any more (S01)."""
    closed = Shift(compile(DESK, {"voice": False}), seed=2, rate=10)
    closed.pass_time(30_000)
    assert isinstance(closed.held_back, Refusal)
    assert "only an available agent is offered contacts" in str(closed.held_back)

    closed.press(SetStatus(Status.AVAILABLE), 30_000)

    assert (None, []) == (closed.held_back, closed.waiting)
    assert closed.tally["rang"] > 0


def test_a_slot_that_is_cleared_is_given_to_the_next_in_the_queue() -> None:
    """First come, first served (S22, S23)."""
    busy = shift(seed=4, rate=30, max_chats=1, voice=False)
    busy.pass_time(15_000)
    (ringing,) = busy.snapshot["tiles"]
    first = busy.waiting[0]
    busy.press(Reject(ringing), 15_000)
    busy.press(Clear(ringing), 15_000)

    assert [first.contact] == list(busy.snapshot["tiles"])


def test_a_refusal_stays_until_the_agent_does_something_that_is_taken() -> None:
    """And is counted."""
    one = shift(seed=4, rate=30)
    one.pass_time(15_000)
    contact = sorted(one.snapshot["tiles"])[0]
    one.press(End(contact), 15_000)
    assert "is refused" in str(one.refusal)
    one.pass_time(15_500)
    assert one.refusal is not None

    one.press(Accept(contact), 15_500)

    assert (None, 1) == (one.refusal, one.tally["refused"])


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_long_shift_everything_that_can_happen_to_a_customer_happens(seed: int) -> None:
    """Rings, is missed, leaves, writes, ends or breaks; each is a line of the log."""
    long = shift(seed=seed, rate=3)
    seen: set[str] = set()
    for at in range(0, 6 * HOUR, 60_000):
        long.pass_time(at)
        seen |= {line.partition(" ")[2] for _, line in long.log}
        if at % 300_000 == 0:
            keen(long, until=at + 50_000, every=10_000)
            seen |= {line.partition(" ")[2] for _, line in long.log}

    expected = {
        "rings", "writes", "is connected", "is rejected", "is missed and goes to somebody else", "is counted as agent non-response",
        "is cleared: the slot is free", "has waited too long and is gone",
    }  # fmt: skip
    assert expected <= seen
    assert any(line.startswith("conversation with") for line in seen)
    assert any(line.startswith("connection to") for line in seen)
    assert long.tally["missed"] <= long.tally["non_response_counted"]


def test_the_log_is_in_the_order_of_time_and_forgets_what_is_long_past() -> None:
    """A hundred lines."""
    long = shift(rate=20)
    long.pass_time(HOUR)

    assert all(earlier[0] <= later[0] for earlier, later in pairwise(long.log))
    assert len(long.log) == 100


def test_effects_wait_to_be_seen_until_somebody_takes_them() -> None:
    """Whoever shows pop-ups empties the list (S07)."""
    one = shift(rate=30)
    one.pass_time(20_000)

    assert one.tally["rang"] == sum(type(effect).__name__ == "Rang" for effect in one.unseen) > 0


def test_on_the_phone_come_only_customers_of_a_desk_with_calls() -> None:
    """The profile decides (S01, D13); about one in seven calls."""
    with_calls = [somebody(1, number, 0, calls=True) for number in range(400)]
    without = [somebody(1, number, 0, calls=False) for number in range(400)]

    assert 30 < sum(customer.channel is Channel.VOICE for customer in with_calls) < 90
    assert {Channel.CHAT} == {customer.channel for customer in without}
    assert all(-60_000 <= customer.arrived_at <= 0 for customer in with_calls)


def test_what_is_no_news_is_no_line() -> None:
    """A text timer that starts again is seen on its tab (S15)."""
    assert in_words(TextTimerReset("c-1", at=5), str) is None
