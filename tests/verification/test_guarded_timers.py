"""Timers with guards, retries, chains and several timers of one stay: what time brings is proved, and refuted where it is a millisecond short."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Property,
    State,
    System,
    after,
    as_system,
    before,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    leads_to,
    one,
    parameter,
    recoverable,
    wire,
    within,
)
from fsm.language.expressions import Formula
from fsm.language.machine import Transition
from fsm.verification import Proved, Refuted, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.definition import TIMERS
from fsm.verification.engines.clocks.detours import Addend, Times, detours
from fsm.verification.engines.clocks.timed_induction import Timing
from fsm.verification.facts import Of

closed, waiting, failed, up = State("closed"), State("waiting"), State("failed"), State("up")
tries = integer("tries", 0, 3)
left = integer("left", 0, 3)


@event
class Go:
    pass


@event
class Over:
    pass


@event
class Connect:
    pass


@event
class Ack:
    pass


@event
class Again:
    pass


def verdicts(machine: Machine | System) -> dict[str, type]:
    """The kind of verdict on each property, certificates checked."""
    with ThreadPoolExecutor(1) as pool:
        report = begin(verify(machine, definition=False), Checker(pool)).finish()
    return {one.claim.sentence: type(one) for one in report.verdicts}


def timers_of(system: System) -> type:
    """The kind of verdict on whether something can stand in the way of a timer, certificates checked."""
    with ThreadPoolExecutor(1) as pool:
        report = begin(verify(system), Checker(pool)).finish()
    return next(type(one) for one in report.definition if one.claim.sentence == TIMERS)


# A stay with two timers, of which a guard picks one


p = parameter("p", bool, False)
d = parameter("d", int, 5, low=1)
a, b, c = State("a"), State("b"), State("c")


def picked(*properties: Property, second: object = ~p) -> Machine:
    """Out of `b` time leads to `a` or to `c`."""
    lines = (a.on(Go).to(b), b.after(d, Over).when(p).to(a), b.after(d, Over).when(second).to(c), c.on(Go).to(a))  # type: ignore[arg-type]  # a formula
    return Machine("m", (a, b, c), a, lines, properties=properties)


def test_of_two_timers_with_opposite_guards_one_always_fires() -> None:
    """Where the first lapses its guard did not hold, so that of the second does."""
    claims = (
        each_step("goes on", (before(inside(b)) & happens(Over)) >> after(inside(a, c))),
        each_step("goes on as p says", (before(inside(b)) & happens(Over) & ~p) >> after(inside(c))),
        within("leaves b", d, inside(b), ~inside(b)),
        recoverable("a again", inside(a)),
    )
    assert set(verdicts(picked(*claims)).values()) == {Proved}


def test_what_the_guard_does_not_pick_is_refuted() -> None:
    """The other way round, and a millisecond sooner."""
    claims = (
        each_step("never c", (before(inside(b)) & happens(Over)) >> after(inside(a))),
        within("leaves b early", 4, inside(b), ~inside(b)),
    )
    assert set(verdicts(picked(*claims)).values()) == {Refuted}


def test_a_stay_whose_timers_may_all_lapse_is_not_left_by_time() -> None:
    """Without p and with a short duration nothing ever happens again."""
    claims = (within("leaves b", d, inside(b), ~inside(b)), recoverable("a again", inside(a)))
    assert set(verdicts(picked(*claims, second=~p & (d > 6))).values()) == {Refuted}


# Retries


def retries(*properties: Property, most: int = 3, anew: int = 0) -> Machine:
    """Resend every second as long as there are tries left, then give up."""
    lines = (
        closed.on(Connect).to(waiting).set(tries, anew),
        waiting.on(Ack).to(up),
        waiting.after(1_000, Again).when(tries < most).to(waiting).set(tries, tries + 1),
        waiting.after(1_000, Again).to(failed),
    )
    return Machine("line", (closed, waiting, failed, up), closed, lines, variables=(tries,), properties=properties)


@pytest.mark.parametrize(
    ("machine", "limit", "verdict"),
    [
        pytest.param(retries(), 4_000, Proved, id="three resends and the last wait"),
        pytest.param(retries(), 3_999, Refuted, id="a millisecond short"),
        pytest.param(retries(most=2), 3_000, Proved, id="one resend less"),
        pytest.param(retries(most=2), 2_999, Refuted, id="one resend less, a millisecond short"),
        pytest.param(retries(anew=1), 3_000, Proved, id="one try gone before"),
        pytest.param(retries(anew=1), 2_999, Refuted, id="one try gone before, a millisecond short"),
    ],
)
def test_retries_are_over_when_each_has_had_its_time(machine: Machine, limit: int, verdict: type) -> None:
    """The stopwatch shows at most the time in state and a second for each resend."""
    begun = inside(waiting) & (tries == machine.transitions[0].updates[0][1])
    claim = within("over", limit, begun, inside(up, failed))
    assert verdicts(attrs.evolve(machine, properties=(claim,)))["over"] is verdict


def test_retries_come_to_an_end() -> None:
    """On every run, fair or not: time goes on."""
    claims = (
        leads_to("ends", inside(waiting), inside(up, failed)),
        recoverable("up or failed", inside(up, failed)),
    )
    assert set(verdicts(retries(*claims)).values()) == {Proved}


def test_a_retry_that_counts_nothing_never_gives_up() -> None:
    """Without the count it resends for ever, and no limit holds."""
    lines = (closed.on(Connect).to(waiting), waiting.on(Ack).to(up), waiting.after(1_000, Again).to(waiting))
    claims = (
        leads_to("ends", inside(waiting), inside(up)),
        within("over", 10_000, inside(waiting), inside(up)),
    )
    machine = Machine("line", (closed, waiting, up), closed, lines, properties=claims)
    assert set(verdicts(machine).values()) == {Refuted}


def test_retries_may_count_down_over_two_states() -> None:
    """Wait, back off, wait again: as often as there is something left."""
    idle = State("idle")
    lines = (
        closed.on(Connect).to(waiting).set(left, 3),
        waiting.after(100, Over).to(idle),
        idle.after(20, Again).when(left > 0).to(waiting).set(left, left - 1),
        idle.after(20, Again).to(failed),
    )

    def taking(limit: int) -> Machine:
        claim = within("over", limit, inside(waiting) & (left == 3), inside(failed))
        return Machine("line", (closed, waiting, idle, failed), closed, lines, variables=(left,), properties=(claim,))

    assert verdicts(taking(480))["over"] is Proved
    assert verdicts(taking(479))["over"] is Refuted


# One state after the other


def chain(limit: int) -> Machine:
    """Three states, each left by its own timer."""
    lines = (closed.on(Connect).to(a), a.after(5, Over).to(b), b.after(d, Again).to(c), c.after(7, Over).to(failed))
    claim = within("through", limit + d, inside(a), inside(failed))
    return Machine("m", (closed, a, b, c, failed), closed, lines, properties=(claim,))


def test_states_in_a_row_take_the_sum_of_their_durations() -> None:
    """Whatever the parameter is; a millisecond less is too short."""
    assert verdicts(chain(12))["through"] is Proved
    assert verdicts(chain(11))["through"] is Refuted


def test_a_sum_is_named_by_places_and_only_those_needed_are_handed_over() -> None:
    """A certificate carries what its proof uses, not every sum that holds."""
    system = as_system(chain(12))
    proof = Timing(system).show(system.properties[0])
    sums = [fact for fact in getattr(proof, "lemmas", ()) if fact.of is Of.STOPWATCH_SUM]
    assert [fact.at for fact in sums] == [(0, 2, 1, 0, 0, 0), (0, 3, 1, 0, 0, 0, 2, 0, 0, 0)]
    assert (2, (Addend(1, 0),)) in list(detours(chain(12)))
    counted = (Addend(1, 1), Addend(1, 1, Times.COUNTED_UP, 0))
    assert (2, counted) in list(detours(retries()))


# Guards on the time in state


rest = parameter("rest", int, 60_000, low=0)


def breaker(guard: Formula, *more: Transition) -> Machine:
    """What has failed is tried again when it has rested."""
    lines = (closed.on(Go).to(failed), failed.on(Again).when(guard).to(closed), *more)
    return Machine(
        "breaker", (closed, failed), closed, lines, properties=(recoverable("closed again", inside(closed)),)
    )


@pytest.mark.parametrize(
    ("machine", "proved"),
    [
        pytest.param(breaker(ELAPSED >= rest), True, id="at least"),
        pytest.param(breaker(ELAPSED > 5), True, id="longer than"),
        pytest.param(breaker((ELAPSED >= 5) & (ELAPSED >= rest)), True, id="both"),
        pytest.param(breaker(ELAPSED <= 5), False, id="too late for ever"),
        pytest.param(breaker((ELAPSED >= rest) & (ELAPSED < 5)), False, id="never, if it must rest long"),
        pytest.param(breaker(ELAPSED == 5), False, id="the instant may be missed"),
        pytest.param(breaker(ELAPSED >= 5, failed.after(5, Over).to(failed)), False, id="a timer begins the stay anew just then"),
        pytest.param(breaker(ELAPSED >= 4, failed.after(5, Over).stay()), True, id="a timer that lets it stay"),
    ],
)  # fmt: skip
def test_who_waits_long_enough_meets_a_guard_on_the_time_in_state(machine: Machine, *, proved: bool) -> None:
    """Where nothing but time stands in the way, and time does not take it away again."""
    assert proved is (verdicts(machine)["closed again"] is Proved)


def test_a_wait_is_none_where_another_part_has_a_timer() -> None:
    """Whatever the other does by then is not known: it may lock the door for good."""
    door, lock = one("door", breaker(ELAPSED >= 5)), one("lock", Machine("lock", (a, b), a, (a.after(3, Over).to(b),)))
    again = wire(Again, door.by(Again), when=lock.inside(a))
    claim = recoverable("closed again", door.inside(closed))
    system = System("house", (door, lock), (wire(Go, door.by(Go)), again), properties=(claim,))
    assert verdicts(system)["closed again"] is not Proved


# Timers of many that another part counts


rings, over, quiet = State("rings"), State("over"), State("quiet")
n = integer("n", 0, 3)


@event
class Miss:
    pass


@event
class Alarm:
    pass


@event
class Call:
    who: Field[str]


def bells(alarm: Transition) -> System:
    """The third miss of many sounds an alarm."""
    bell = Machine("bell", (a, rings, over), a, (a.on(Go).to(rings), rings.after(20, Over).to(over)))
    count = Machine(
        "count", (quiet, c), quiet, (quiet.on(Miss).when(n < 2).stay().set(n, n + 1), alarm), variables=(n,)
    )
    many, counter = each("bells", bell, key="who"), one("count", count)
    wires = (
        wire(Call, many[Call.who].by(Go)),
        wire(many.sends(Over), counter.by(Miss), when=counter[n] < 2),
        wire(many.sends(Over), counter.by(Alarm), when=counter[n] >= 2),
    )
    return System("bells", (many, counter), wires)


def test_the_second_of_two_timers_may_go_another_way_than_it_would_have_gone_first() -> None:
    """Whichever bell comes first is counted, the other sounds the alarm: the end is the same."""
    assert timers_of(bells(quiet.on(Alarm).stay().set(n, 0))) is Proved


def test_a_timer_whose_part_cannot_follow_stands_in_the_way() -> None:
    """After the alarm nobody counts any more: the fourth bell has nowhere to go."""
    assert timers_of(bells(quiet.on(Alarm).to(c))) is not Proved
