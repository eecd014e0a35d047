"""What each engine says, and what it leaves to others: induction, Spacer, ranks, traps, timers, clocks, profiles."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    Assumption,
    Engine,
    Field,
    Machine,
    Modality,
    Property,
    State,
    System,
    after,
    always,
    as_system,
    before,
    boolean,
    compile,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)  # fmt: skip
from fsm.command.invocation.target import resolve
from fsm.desk import DESK, TILE
from fsm.desk.parameters import max_chats
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.decide.decide import decide
from fsm.verification.decide.profiles import suggest
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.quantities import state_in_words
from fsm.verification.engines import spacer
from fsm.verification.engines.clocks.timed_induction import Timing
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.ranks.ranking import Rank, find_rank
from fsm.verification.engines.unblocked import unblocked
from fsm.verification.facts import FactId, Of
from fsm.verification.search.breadth_first import Found, search
from fsm.verification.search.goal import Goal
from fsm.verification.search.traps import find_trap
from fsm.verification.solver import No

from .conftest import ReportOn

REGRESSION = Path(__file__).parents[1] / "regression"


class Mood(Enum):
    CALM = "calm"
    CROSS = "cross"


idle, busy, done = State("idle"), State("busy"), State("done")
number = integer("number", 0, None)
marked = boolean("marked")
mood = parameter("mood", Mood, Mood.CALM)
limit = parameter("limit", int, 7, low=0)
patience = parameter("patience", int, 5, low=1)


@event
class Start:
    pass


@event
class Stop:
    pass


@event
class Ring:
    pass


@event
class Late:
    pass


@event
class Come:
    who: Field[str]


@event
class Finish:
    who: Field[str]


def machine(
    *transitions: Any,
    claims: tuple[Property, ...] = (),
    variables: tuple[Any, ...] = (),
    assumptions: tuple[Assumption, ...] = (),
) -> Machine:
    used = {transition.target for transition in transitions} | {
        source for transition in transitions for source in transition.sources
    }
    states = tuple(state for state in (idle, busy, done) if state in used or state == idle)
    return Machine("line", states, idle, transitions, variables=variables, properties=claims, assumptions=assumptions)


def claim(place: int) -> FactId:
    return FactId(Of.CLAIM, (place,))


def induction(subject: Machine | System, *claims: Property) -> Induction:
    system = as_system(subject)
    counting = Counting(system)
    return Induction(
        counting, {claim(place): counting.state(one.formula) for place, one in enumerate(system.properties)}
    )


def last(subject: Machine | System) -> Verdict:
    prover = Prover(as_system(subject))
    return decide(prover, prover.system.properties[-1])


def declared(file: str) -> Any:
    return resolve(f"{REGRESSION / file}:SUBJECT")


# Induction


def test_two_claims_that_need_each_other_are_kept_together() -> None:
    """Neither is kept by every step alone."""
    both = machine(
        idle.on(Start).to(busy).set(marked, True),
        busy.on(Stop).when(marked).to(idle).set(marked, False),
        variables=(marked,),
        claims=(
            always("busy means marked", inside(busy) >> marked),
            always("marked means busy", marked >> inside(busy)),
        ),
    )

    shown = induction(both)

    assert [claim(0), claim(1)] == shown.invariants
    assert isinstance(shown.show_always(claim(0)), Kept)


def test_a_failed_step_names_its_event_and_the_state_it_starts_from() -> None:
    """Which may be unreachable, and is reported as just that."""
    failed = induction(declared("proved/finite.py")).show_always(claim(0))

    assert isinstance(failed, Failure)
    assert "swing" == failed.where
    assert state_in_words(failed.state).startswith("pendulum in ")


def test_a_claim_that_does_not_hold_at_the_start_says_so() -> None:
    """The base fails before any step is asked."""
    failed = induction(machine(idle.on(Start).to(busy), claims=(always("is busy", inside(busy)),))).show_always(
        claim(0)
    )

    assert isinstance(failed, Failure)
    assert failed.at_start


def test_a_step_of_an_event_called_start_is_no_start() -> None:
    """What is asked next depends on where a proof stopped, never on what things are called."""
    failed = induction(
        machine(idle.on(Start).to(busy), claims=(always("is idle", inside(idle)),)),
    ).show_always(claim(0))

    assert isinstance(failed, Failure)
    assert ("start", False) == (failed.where, failed.at_start)


# Spacer


def test_spacer_finds_what_the_candidates_lack_and_admits_what_it_does_not_find() -> None:
    """The difference of two counters; of a square it gives up within its budget; of what is false it says that a run of the encoding breaks it."""
    for file, place, kind in (
        ("proved/turnstile.py", 0, Kept),
        ("unknown/product_of_counters.py", 1, Failure),
        ("refuted/jugs.py", 0, Failure),
    ):
        system = as_system(declared(file))
        counting = Counting(system)

        assert isinstance(spacer.show_always(counting, (), counting.state(system.properties[place].formula)), kind)


# Recoverability


def test_a_rank_names_what_weighs_and_which_events_lower_it() -> None:
    """The desk is emptied by clearing; an offer that rings is waited for or answered."""
    verdict = decide(Prover(DESK), [claim for claim in DESK.properties if claim.modality is Modality.RECOVERABLE][-1])

    assert isinstance(verdict, Proved)
    assert verdict.argument.startswith("a rank that ")


def test_waiting_counts_only_where_no_timer_can_be_blocked() -> None:
    """The one timer brings it on; were it blocked, nothing would."""
    goal = as_system(machine(idle.after(5, Ring).to(busy), claims=(recoverable("gets busy", inside(busy)),)))
    counting = Counting(goal)
    shown = Induction(counting, dict(counting.order))

    assert isinstance(find_rank(shown, goal.properties[0].formula, waits=True), Rank)
    assert isinstance(find_rank(shown, goal.properties[0].formula, waits=False), Failure)


def test_a_goal_over_the_time_in_state_is_left_open() -> None:
    """The rank does not speak of clocks, and a number that grows without end is not enumerated."""
    verdict = last(
        machine(
            idle.on(Start).to(busy).set(number, number + 1),
            busy.on(Stop).to(idle),
            claims=(recoverable("long idle", inside(idle) & (ELAPSED >= 5)),),
            variables=(number,),
        )
    )

    assert isinstance(verdict, Unknown)
    assert "the goal reads the time in state" == verdict.why


def test_enumeration_finds_a_trap_or_shows_that_there_is_none() -> None:
    """A shortest run into it, and how many snapshots there are; more than the budget are no answer."""
    card, pendulum = as_system(declared("refuted/trap.py")), as_system(declared("proved/finite.py"))
    trap = find_trap(compile(card), card.properties[0].formula)
    free = find_trap(compile(pendulum), pendulum.properties[1].formula)

    assert trap is not None and trap.trace is not None and free is not None
    assert (2, None) == (len(trap.trace.steps), free.trace)
    assert find_trap(compile(pendulum), pendulum.properties[1].formula, budget=2) is None


def test_an_instance_that_can_never_leave_refutes_by_a_run_to_it() -> None:
    """Whoever is done stays, so the line is never empty again; for any number of others."""
    guests = each("guests", machine(idle.on(Start).to(busy), busy.on(Stop).to(done)), key="who")
    room = System(
        "room",
        parts=(guests,),
        wires=(wire(Come, guests[Come.who].by(Start)), wire(Finish, guests[Finish.who].by(Stop))),
        properties=(recoverable("the room can be empty", guests.none()),),
    )
    verdict = last(room)

    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert 1 == len(verdict.trace.steps)


def test_what_the_encoding_cannot_say_may_still_be_looked_at_where_it_is_finite() -> None:
    """A number without end that in fact ends, in one instance at most: every snapshot is met, and the claims are decided."""
    walker = Machine(
        "walker",
        (idle, busy),
        idle,
        (idle.on(Start).to(busy).set(number, 0), busy.on(Stop).when(number < 3).stay().set(number, number + 1)),
        variables=(number,),
    )
    walkers = each("walkers", walker, key="who", at_most=1)
    walk = System(
        "walk",
        parts=(walkers,),
        wires=(wire(Come, walkers[Come.who].by(Start)), wire(Finish, walkers[Finish.who].by(Stop))),
        properties=(
            always("nobody walks far", walkers.none(number > 3)),
            each_step("nobody walks back", happens(Finish) >> (after(walkers.count(number > 0)) > 0)),
            reachable("somebody can fly", walkers.any(number > 3)),
            recoverable("somebody can always come to three", walkers.any(number == 3)),
            recoverable("the walk can be empty again", walkers.none()),
        ),
    )
    verdicts = verify(walk).verdicts

    assert [Proved, Proved, Refuted, Proved, Refuted] == [type(one) for one in verdicts]
    assert all("snapshots" in one.argument for one in verdicts[:4] if not isinstance(one, Unknown))


# Timers in a system


@event
class Loud:
    who: Field[str]


@event
class Soft:
    who: Field[str]


def test_a_timer_that_others_cannot_follow_is_named() -> None:
    """A sleeper who is awake cannot be woken; one who always can be does not stand in the way."""
    bedroom = declared("refuted/blocked_timer.py")
    failed = unblocked(Induction(Counting(bedroom), {}))

    assert isinstance(failed, Failure)
    assert "Ring blocked" == failed.where

    sleeper = one("sleeper", Machine("sleeper", (idle,), idle, (idle.on(Start).stay(),)))
    bell = one("bell", Machine("bell", (idle, busy), idle, (idle.after(5, Ring).to(busy),)))
    free = System("free", parts=(bell, sleeper), wires=(wire(bell.sends(Ring), sleeper.by(Start)),))

    assert isinstance(unblocked(Induction(Counting(free), {})), Kept)


SLEEPER = one(
    "sleeper",
    Machine("sleeper", (idle, busy), idle, ((idle | busy).on(Start).to(busy), (idle | busy).on(Stop).to(idle))),
)


def test_two_timers_for_which_the_order_matters_are_named() -> None:
    """Whichever of many bells rings last decides what the sleeper hears."""
    away, soft = State("away"), State("soft")
    lines = (
        away.on(Start).to(busy),
        away.on(Stop).to(soft),
        busy.after(5, Ring).to(away),
        soft.after(5, Late).to(away),
    )
    bells = each("bells", Machine("bell", (away, busy, soft), away, lines), key="who")
    wires = (
        wire(Loud, bells[Loud.who].by(Start)),
        wire(Soft, bells[Soft.who].by(Stop)),
        wire(bells.sends(Ring), SLEEPER.by(Start)),
        wire(bells.sends(Late), SLEEPER.by(Stop)),
    )
    system = System("many", parts=(SLEEPER, bells), wires=wires)

    failed = unblocked(Induction(Counting(system), {}))

    assert isinstance(failed, Failure)
    assert "Ring and Late" == failed.where
    assert isinstance(
        last(attrs.evolve(system, properties=(always("short", SLEEPER.inside(busy) | ~SLEEPER.inside(busy)),))), Proved
    )


def test_of_two_parts_the_timer_of_the_earlier_goes_first() -> None:
    """Which of two bells rings last is not left open, so nothing stands in the way."""
    first = one("first", Machine("first", (idle, busy), idle, (idle.after(5, Ring).to(busy),)))
    second = one("second", Machine("second", (idle, busy), idle, (idle.after(5, Late).to(busy),)))
    system = System(
        "both",
        parts=(SLEEPER, first, second),
        wires=(wire(first.sends(Ring), SLEEPER.by(Start)), wire(second.sends(Late), SLEEPER.by(Stop))),
    )

    assert isinstance(unblocked(Induction(Counting(system), {})), Kept)


# Clocks


def test_claims_about_the_time_in_state_are_proved_with_symbolic_durations() -> None:
    """Of the state, of steps, of responses; each for every patience."""
    line = machine(
        idle.on(Start).to(busy),
        busy.after(patience, Ring).to(idle),
        claims=(
            always("busy for less than patience", inside(busy) >> (ELAPSED < patience)),
            each_step("rings when patience ends", happens(Ring) >> before(ELAPSED == patience)),
            within("idle again in time", patience, inside(busy), inside(idle)),
        ),
    )
    timing = Timing(as_system(line))
    state, step, response = timing.system.properties

    assert isinstance(timing.show(state), Kept)
    assert isinstance(timing.show(step), Kept)
    assert isinstance(timing.show(response), Kept)
    assert [Proved] * 3 == [type(one) for one in verify(line).verdicts]


def test_what_holds_between_two_timers_of_one_instant_counts() -> None:
    """`always` speaks of that moment, too: at five, the first has fired and the second has not."""
    clockwork = declared("refuted/between_timers.py")
    timing = Timing(
        as_system(
            attrs.evolve(
                clockwork, properties=(always("in a for less than five", inside(clockwork.initial) >> (ELAPSED < 5)),)
            )
        )
    )

    assert isinstance(timing.show(timing.system.properties[0]), Failure)


def test_a_claim_with_a_clock_needs_timers_that_nothing_blocks() -> None:
    """Otherwise time might stop, and nothing is said of it."""
    bedroom = declared("refuted/blocked_timer.py")
    bell = bedroom.part("bell")
    verdict = last(
        attrs.evolve(
            bedroom,
            properties=(
                within("the bell rings", 5, bell.inside(bell.machine.initial), ~bell.inside(bell.machine.initial)),
            ),
        )
    )

    assert isinstance(verdict, Unknown)
    assert "something may stand in the way of a timer (Ring blocked)" in verdict.why


# Profiles


def test_a_profile_is_small_where_it_may_be_and_as_by_default_elsewhere() -> None:
    """No chat is needed, durations are as declared; what must be large is."""
    counting = Counting(DESK)
    tiles = DESK.part("tiles")
    shown = Induction(counting, {})

    small = suggest(shown, counting.state(tiles.count() >= 1))  # type: ignore[union-attr]  # a part made by each
    large = suggest(shown, counting.params[max_chats] == 7)

    assert isinstance(small, dict) and isinstance(large, dict)
    assert (0, 20_000, 15_000) == (small["max_chats"], small["accept_window"], small["non_response_after"])
    assert 7 == large["max_chats"]


def test_a_profile_that_nothing_allows_is_none() -> None:
    """The assumption excludes six where the vendor's ceiling is five."""
    counting = Counting(DESK, {"chat_ceiling": 5})

    assert isinstance(suggest(Induction(counting, {}), counting.params[max_chats] == 6), No)


def test_a_counterexample_may_need_a_profile_that_is_no_default() -> None:
    """A mood that is not the default, a number larger than any small one."""
    moody = machine(
        idle.on(Start).when(mood == Mood.CROSS).to(busy),
        idle.on(Stop).when(limit > 12).to(busy),
        claims=(
            always("never busy when cross", inside(idle) | (mood == Mood.CALM)),
            always("never busy when large", inside(idle) | (limit < 12)),
        ),
    )
    system = as_system(moody)
    verdicts = [decide(Prover(system), claim) for claim in system.properties]

    assert all(isinstance(one, Refuted) for one in verdicts)
    profiles = [dict(one.trace.profile) for one in verdicts if isinstance(one, Refuted) and one.trace is not None]
    assert Mood.CROSS is profiles[0]["mood"]
    assert profiles[1]["limit"] >= 12


def test_what_a_proof_excludes_is_looked_for_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither under a profile that might be, nor under the defaults, nor at the ends of the ranges."""
    locked = machine(
        idle.on(Start).when(limit > 3).to(busy),
        claims=(reachable("busy below the limit", inside(busy) & (limit < 2)), reachable("busy", inside(busy))),
    )
    prover = Prover(as_system(locked))
    impossible, possible = prover.system.properties
    looked_for: list[str] = []

    def seen(engine: Engine, goals: dict[str, Goal], budget: int, **how: bool) -> Found:
        looked_for.extend(goals)
        return search(engine, goals, budget, **how)

    monkeypatch.setattr("fsm.verification.decide.prover.search", seen)

    assert [Refuted, Proved] == [type(decide(prover, one)) for one in (impossible, possible)]
    assert {possible.sentence} == set(looked_for)


def test_defaults_that_an_assumption_rules_out_have_no_runs() -> None:
    """Nothing crashes, and nothing is claimed of them."""
    strange = machine(
        idle.on(Start).when(limit > 3).to(busy),
        claims=(
            reachable("busy", inside(busy)),
            always("idle", inside(idle)),
            reachable("long busy", inside(busy) & (ELAPSED > 4)),
        ),
        assumptions=(Assumption("large", limit > 100),),
    )
    kinds = [type(one) for one in verify(strange).verdicts]

    assert [Proved, Refuted, Unknown] == kinds


def test_every_trace_of_the_tile_is_played_again(report_on: ReportOn) -> None:
    """Witnesses are runs of the runtime."""
    report = report_on(TILE)
    witnesses = [one.witness for one in report.verdicts if isinstance(one, Proved) and one.witness is not None]

    assert 10 == len(witnesses)
    for trace in witnesses:
        assert trace == replay(compile(report.system, dict(trace.profile)), trace.events)


@pytest.mark.parametrize("verdict", [Proved, Refuted, Unknown])
def test_a_verdict_has_no_truth_value(verdict: type) -> None:
    """Who writes `if verdict:` is told."""
    found = {Proved: "proved/finite.py", Refuted: "refuted/jugs.py", Unknown: "unknown/collatz.py"}

    with pytest.raises(TypeError, match="a verdict has no truth value"):
        bool(last(declared(found[verdict])))
