"""What a record said that nobody read may explain whatever comes next, of whichever source: it is considered before a violation is told."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm import Field, Machine, Rule, State, System, event, integer, one
from fsm.verification.monitoring import (
    Inconclusive,
    Judgement,
    Monitor,
    Observation,
    Seen,
    Shows,
    Sight,
    Source,
    Violates,
)

from .models import BREAKER, LAMP, LIGHT, SAFE, Code, Failure, Go, Shut, Stop, Succeed, Tick, TryAgain, Unlock
from .random_streams import SOAK, Run, runs
from .test_laws import QUICK, everything, observed

pytestmark = [pytest.mark.soak] if SOAK else []

UNREAD = "a line of which nobody knows of which machine it speaks"
BUTTON = Source("button", shows={Go: Shows.ALWAYS})
LAMPS = Source("lamps", shows={Tick: Shows.ALWAYS, Stop: Shows.ALWAYS})


def pressed(at: int, **more: Any) -> Observation:
    return Observation(at, Go, source="button", **more)


def lit(at: int, what: type) -> Observation:
    return Observation(at, what, source="lamps")


def told(monitor: Monitor, seen: list[Observation | tuple[str, str]]) -> list[Judgement]:
    """What is said of a stream; a line that is not read stands there as its source and what it was."""
    watch = monitor.watch()
    said: list[Judgement] = []
    for one_ in seen:
        said += watch.feed(one_) if isinstance(one_, Observation) else [watch.unreadable(one_[0], "", one_[1])]
    return said + watch.end()


def violations(monitor: Monitor, seen: list[Observation | tuple[str, str]]) -> list[int | None]:
    """The instants of the records that violate."""
    return [said.where.at for said in told(monitor, seen) if isinstance(said, Violates)]


ONCE: list[Observation | tuple[str, str]] = [pressed(0), lit(10_000, Tick), lit(12_000, Stop)]
AGAIN: list[Observation | tuple[str, str]] = [lit(23_000, Tick), lit(24_000, Stop)]


@pytest.mark.parametrize(
    "instead",
    [
        [("button", UNREAD)],
        [("button", UNREAD), ("lamps", UNREAD), pressed(26_000)],
        [Observation(13_000, source="button", trouble=("half a record",))],
        [pressed(1)],
    ],
    ids=["of nobody", "of nobody, by both", "half of it", "too late"],
)
def test_a_record_that_was_not_read_explains_those_of_another_source(instead: Any) -> None:
    """The button was pressed at 13 s, of which its record cannot be used: what the lamps do ten seconds later is no violation, and without it would be one."""
    monitor = Monitor(LIGHT, sources=[BUTTON, LAMPS], begins=0)

    assert violations(monitor, [*ONCE, *instead, *AGAIN]) == []
    assert violations(monitor, [*ONCE, *AGAIN]) == [23_000]


def test_a_record_that_cannot_be_read_may_be_the_first_of_a_machine() -> None:
    """Of a light of which nothing was heard before."""
    assert violations(Monitor(LIGHT, sources=[BUTTON, LAMPS], begins=0), [("button", UNREAD), lit(10_000, Tick)]) == []
    assert violations(Monitor(LIGHT, sources=[BUTTON, LAMPS], begins=0), [lit(10_000, Tick)]) == [10_000]


def test_a_record_that_cannot_be_read_may_be_older_than_those_that_wait() -> None:
    """Both sources may be five seconds late: the lamps' record of 23 s was there first, and waits."""
    late = [attrs.evolve(source, disorder=5_000) for source in (BUTTON, LAMPS)]
    seen = [*ONCE, AGAIN[0], ("button", UNREAD), AGAIN[1]]

    assert violations(Monitor(LIGHT, sources=late, begins=0), seen) == []


def test_a_state_of_which_a_record_has_no_word_is_not_held_against_the_next() -> None:
    """The light was violet, which it cannot be: that it was red just after is no second change that nobody told."""
    monitor = Monitor(LIGHT, sources=[Source(shows={"light": Shows.ALWAYS})], begins=0)
    green, red = (Observation(at, after=Seen((Sight("light", None, (state,)),))) for at, state in ((5, "green"), (12_000, "red")))  # fmt: skip

    assert violations(monitor, [green, Observation(10_005, trouble=("violet is no state",)), red]) == []
    assert violations(monitor, [green, red]) == [12_000]


def test_an_event_with_a_value_that_its_field_has_not_has_happened_all_the_same() -> None:
    """The code was "yes", which is a violation; the safe may be open since, so that it is shut then is none. That it is shut again is one."""
    monitor = Monitor(SAFE, sources=[Source(shows=dict.fromkeys((Code, Shut, Unlock), Shows.ALWAYS))], begins=0)

    assert violations(
        monitor, [Observation(0, Code, {"right": "yes"}), Observation(5, Shut), Observation(9, Shut)]
    ) == [0, 9]


@pytest.mark.parametrize(
    "second",
    [
        {"number": 3},
        {"number": 2, "trouble": ("'many' is no number",)},
        {"number": 2, "parameters": {"threshold": 99}},
        {"number": 2, "lost": True},
    ],
    ids=["missing", "half of it", "no value of it", "said to be lost"],
)
def test_a_record_that_was_not_read_may_have_told_another_value_of_a_parameter(second: dict[str, Any]) -> None:
    """It opens at two failures as far as was told; three in a row have not opened it, and without the loss would violate."""
    monitor = Monitor(
        BREAKER, sources=[Source(shows=dict.fromkeys((Succeed, Failure, TryAgain), Shows.ALWAYS))], begins=0
    )

    def failing(second: dict[str, Any]) -> list[Observation | tuple[str, str]]:
        told = Observation(0, Succeed, number=1, parameters={"threshold": 2})
        more = [Observation(1_001 + place, Failure, number=second["number"] + 1 + place) for place in range(3)]
        return [told, Observation(1_000, Succeed, **second), *more]

    assert violations(monitor, failing(second)) == []
    assert violations(monitor, failing({"number": 2})) == [1_003]


def test_a_loss_that_shows_later_may_have_been_before_records_of_another_source() -> None:
    """The button's third record is missing, as its fourth shows at 15 s; by then the lamps have told something at 14 s. It was pressed at 13 s."""
    known = {"green_lasts": 10_000}
    numbered = [
        pressed(0, number=1, parameters=known),
        Observation(12_000, Stop, source="button", number=2),
        Observation(15_000, source="button", number=4, parameters=known),
    ]
    monitor = Monitor(LAMP, sources=[attrs.evolve(BUTTON, shows={Go: Shows.ALWAYS, Stop: Shows.ALWAYS}), attrs.evolve(LAMPS, shows={Tick: Shows.ALWAYS})], begins=0)  # fmt: skip
    first, second, fourth = numbered
    seen = [first, lit(10_000, Tick), second, Observation(14_000, source="lamps", parameters=known), fourth, AGAIN[0]]

    assert violations(monitor, seen) == []


def test_a_loss_that_its_source_has_not_shown_yet_is_not_supposed_of_records_of_another() -> None:
    """A limit, which the page of monitoring names: that the button's second record is missing is not known before its third."""
    seen = [pressed(0, number=1), *ONCE[1:], AGAIN[0], pressed(26_000, number=3)]

    assert violations(Monitor(LIGHT, sources=[BUTTON, LAMPS], begins=0), seen) == [23_000]


@event
class Put:
    amount: Field[int]


@event
class Lock: ...


still = State("still")
unlocked, locked = State("unlocked"), State("locked")
held = integer("held", 0, 1_000)
box = one("box", Machine("box", (still,), still, (still.on(Put).when((Put.amount >= 0) & (Put.amount <= 1_000)).stay().set(held, Put.amount),), variables=(held,)))  # fmt: skip
lid = one("lid", Machine("lid", (unlocked, locked), unlocked, (unlocked.on(Lock).to(locked),)))
CHEST = System("chest", (box, lid), rules=(Rule("the lid is unlocked", on=Put, when=lid.inside(unlocked)),))


def test_of_a_record_that_violates_not_every_value_was_tried() -> None:
    """Something was put in though the lid was locked, nobody saw how much; that it is 777 then is no second violation."""
    monitor = Monitor(CHEST, sources=[Source(shows={Put: Shows.ALWAYS, Lock: Shows.ALWAYS})], shown={"box": ["held"]}, begins=0)  # fmt: skip
    seen = Observation(6, after=Seen((Sight("box", values=(("held", (777,)),)),)))
    said = told(monitor, [Observation(0, Lock), Observation(5, Put), seen])

    assert [one_.where.at for one_ in said if isinstance(one_, Violates)] == [5]
    assert [one_.where.at for one_ in said if isinstance(one_, Inconclusive)] == [6]


@QUICK
@given(runs(), st.data())
def test_a_run_told_by_two_sources_of_which_some_cannot_be_read_does_not_violate(run: Run, data: st.DataObject) -> None:
    """Each event is always shown by one of them; of the records some are lines of nobody's, some are half of what they were, and some say that others were lost."""
    shows = everything(run)
    sides = {event: data.draw(st.sampled_from(["left", "right"])) for event in shows}
    disorder = data.draw(st.sampled_from([0, 5]))
    sources = [
        Source(side, shows={event: how for event, how in shows.items() if sides[event] == side}, disorder=disorder)
        for side in ("left", "right")
    ]
    seen: list[Observation | tuple[str, str]] = []
    for one_ in observed(run):
        side = sides[one_.event or object]
        match data.draw(st.sampled_from(["read", "read", "read", "of nobody", "half"])):
            case "read":
                seen.append(attrs.evolve(one_, source=side))
            case "of nobody":
                seen.append((side, UNREAD))
            case "half":
                seen.append(Observation(one_.at, source=side, trouble=("half a record",)))
    monitor = Monitor(run.system, sources=sources, parameters=run.engine.params, explanations=50, budget=200, begins=0)

    assert violations(monitor, seen) == []
