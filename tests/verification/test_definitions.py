"""Mistakes that need no knowledge of the business: what is never reached, what overlaps, what blocks, what ends too early."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    boolean,
    choose,
    each,
    event,
    inside,
    integer,
    one,
    parameter,
    reachable,
    wire,
)
from fsm.command.invocation.target import resolve
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify

REGRESSION = Path(__file__).parents[1] / "regression"

idle, busy, done = State("idle"), State("busy"), State("done")
marked = boolean("marked")
ENDING = "something can always happen, but where everything has come to its end"
small, large = integer("small", 0, None), integer("large", 0, None)


@event
class Start:
    loud: Field[bool]


@event
class Stop:
    pass


@event
class Ring:
    pass


@event
class Come:
    who: Field[str]
    loud: Field[bool]


def checked(subject: Machine | System, sentence: str) -> Verdict:
    (verdict,) = (one for one in verify(subject).definition if one.claim.sentence == sentence)
    return verdict


def test_a_state_without_a_way_to_it_is_refuted() -> None:
    """By the invariants: no run could show it."""
    island = Machine("line", (idle, busy, done), idle, (idle.on(Stop).to(busy), done.on(Stop).to(idle)))
    verdict = checked(island, "every state can be reached")

    assert isinstance(verdict, Refuted)
    assert "done never reached" == verdict.argument


def test_a_transition_that_nobody_could_show_to_fire_or_not_is_left_open() -> None:
    """That the numbers never meet follows from no invariant known here."""
    race = Machine(
        "race", (idle, busy), idle,
        (idle.on(Stop).stay().set(small, small + 1).set(large, large + small + 2), idle.on(Ring).when((small > 1) & (large == small)).to(busy), busy.on(Ring).to(idle)),
        variables=(small, large),
    )  # fmt: skip
    sentences = ("every state can be reached", "every transition can fire")
    verdicts = [one for one in verify(race).definition if one.claim.sentence in sentences]

    assert [Unknown, Unknown] == [type(one) for one in verdicts]
    assert "no run was found to busy" == getattr(verdicts[0], "why", "")
    assert ["If it cannot happen, leave it out."] * 2 == [getattr(one, "hint", "") for one in verdicts]


@pytest.mark.parametrize(
    ("low", "initial", "hint"),
    [(None, 0, "held has no lower bound: declare integer('held', 0, ...), or add always(..., held >= 0)."), (-99, 0, ""), (None, -1, "")],
)  # fmt: skip
def test_a_number_below_zero_that_nothing_bounds_is_told_how_it_is_bounded(
    low: int | None, initial: int, hint: str
) -> None:
    """Only what began at zero or above, and may be anything below, is likely to be a bound that was forgotten."""
    held, lent = integer("held", low, initial=initial), integer("lent", None, initial=initial)
    purse = Machine(
        "purse", (idle, busy), idle,
        (
            idle.on(Start).stay().set(held, held + 1).set(lent, choose(held > 1_000_000, lent + 2, lent + 1)),
            idle.on(Stop).when((lent > 0) & (held > -99)).to(busy).set(held, held - 1).set(lent, lent - 1),
            idle.on(Stop).when(held < -20).to(busy),
            busy.on(Ring).when(held > -1).to(idle),
        ),
        (held, lent),
    )  # fmt: skip
    verdict = checked(purse, ENDING)

    assert isinstance(verdict, Unknown)
    assert "held = -" in verdict.why
    assert hint == verdict.hint


@pytest.mark.parametrize(("lines", "told"), [(1, "0 pairs asked"), (2, "one pair asked"), (3, "3 pairs asked")])
def test_how_many_pairs_of_guards_were_asked_is_told_in_words(lines: int, told: str) -> None:
    """One pair is no pairs."""
    level = integer("level", 0, 3)
    ladder = Machine(
        "ladder",
        (idle,),
        idle,
        tuple(idle.on(Stop).when(level == at).stay().set(level, at) for at in range(lines)),
        (level,),
    )

    assert told == getattr(checked(ladder, "no two guards of an event overlap"), "argument", "")


def test_where_a_suggested_profile_leads_nowhere_the_defaults_are_tried() -> None:
    """The smallest allowance would do in a state that nothing reaches, and does not in those that are reached."""
    most = parameter("most", int, 3, low=1, high=20)
    begun = integer("begun", 0, 20)
    retried = Machine(
        "retried", (idle, busy, done), idle,
        (
            idle.on(Start).to(busy).set(begun, 1),
            busy.on(Stop).when(begun < most).to(done),
            busy.on(Stop).when(begun >= most).to(idle).set(begun, 0),
            done.on(Ring).when(begun < most).to(busy).set(begun, begun + 1),
        ),
        variables=(begun,),
        properties=(reachable("it can be done", inside(done)),),
    )  # fmt: skip
    report = verify(retried)

    assert {Proved} == {type(one) for one in (*report.definition[:2], *report.verdicts)}


def test_guards_that_exclude_each_other_in_every_state_that_can_be_reached_do_not_overlap() -> None:
    """Both could hold of a payload and of a mark, but never together."""
    fine = Machine(
        "line", (idle, busy), idle,
        (idle.on(Start).when(Start.loud).to(busy), idle.on(Start).when(~Start.loud & ~marked).stay(), busy.on(Stop).to(idle)),
        variables=(marked,),
    )  # fmt: skip

    assert isinstance(checked(fine, "no two guards of an event overlap"), Proved)


def test_guards_that_overlap_in_a_state_that_nothing_reaches_are_left_open() -> None:
    """Counters without end are not enumerated, so nobody knows; it says so."""
    race = Machine(
        "race", (idle,), idle,
        (idle.on(Ring).stay().set(small, small + 2), idle.on(Stop).when(small == 7).stay(), idle.on(Stop).when(small > 6).stay()),
        variables=(small,),
    )  # fmt: skip
    verdict = checked(race, "no two guards of an event overlap")

    assert isinstance(verdict, Unknown)
    assert "in a state that may be unreachable" in verdict.why


def test_wires_that_overlap_only_where_many_are_held_are_refuted_by_a_run_to_there() -> None:
    """The check of the declaration tries few numbers and misses forty; the proof does not."""
    line = Machine("line", (idle, busy), idle, (idle.on(Start).to(busy), busy.on(Stop).to(idle)))
    guests = each("guests", line, key="who")
    many = guests.count()
    system = System(
        "room",
        parts=(guests,),
        wires=(
            wire(Come, guests[Come.who].by(Start, loud=Come.loud), when=many + many < 80),
            wire(Come, guests[Come.who].by(Start, loud=True), when=(many + many > 79) & (many + many + many < 125)),
            wire(Come, guests[Come.who].by(Start, loud=False), when=(many + many > 79) & Come.loud),
        ),
    )
    verdict = checked(system, "no two wires of an event overlap")

    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert 40 == len(verdict.trace.steps)


def test_an_event_that_its_rule_never_lets_through_is_refuted() -> None:
    """For no profile."""
    line = one("line", Machine("line", (idle, busy), idle, (idle.on(Stop).to(busy), busy.on(Ring).to(idle))))
    system = System("room", parts=(line,), rules=(Rule("never", on=Ring, when=line.inside(idle)),))
    verdict = checked(system, "every event can be taken")

    assert isinstance(verdict, Refuted)
    assert "ring is never taken" == verdict.argument


def test_a_timer_that_others_always_follow_is_shown_not_to_be_blocked() -> None:
    """A sleeper who can always be woken."""
    bell = one("bell", Machine("bell", (idle, busy), idle, (idle.after(5, Ring).to(busy),)))
    sleeper = one("sleeper", Machine("sleeper", (idle,), idle, (idle.on(Stop).stay(),)))
    system = System("bedroom", parts=(bell, sleeper), wires=(wire(bell.sends(Ring), sleeper.by(Stop)),))
    verdict = checked(system, "nothing can stand in the way of a timer")

    assert isinstance(verdict, Proved)
    assert "induction" == verdict.argument


def test_a_state_that_only_a_guard_leads_out_of_is_not_called_an_end() -> None:
    """It has an exit that may be shut for ever: refuted by the run there."""
    stuck = Machine(
        "line", (idle, busy), idle, (idle.on(Stop).to(busy), busy.on(Ring).when(marked).to(idle)), variables=(marked,)
    )
    verdict = checked(stuck, "something can always happen, but where everything has come to its end")

    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert [type(event) for event, _ in verdict.trace.events] == [Stop]


@pytest.mark.parametrize("file", ["refuted/overlapping_guards.py", "refuted/dead_transition.py"])
def test_what_is_refuted_says_what_and_where(file: str) -> None:
    """States, event and target; a guard where it tells two transitions apart."""
    refuted = [one for one in verify(resolve(f"{REGRESSION / file}:SUBJECT")).definition if isinstance(one, Refuted)]

    assert [
        "both can hold: ordering on order to cheap and ordering on order to free"
        if "guards" in file
        else "off on press to on when tested never fires"
    ] == [one.argument for one in refuted]
