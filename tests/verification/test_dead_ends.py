"""Dead ends: that something can always happen is a claim like any other, proved, or refuted by a shortest run that the runtime takes."""

from __future__ import annotations

import os
from collections import Counter

import attrs
import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from fsm import (
    ELAPSED,
    Assumption,
    Field,
    Machine,
    State,
    System,
    choose,
    each,
    event,
    inside,
    integer,
    one,
    parameter,
    recoverable,
    wire,
)
from fsm.language.composition import as_system
from fsm.language.expressions import Formula
from fsm.language.leaves import Clock
from fsm.language.parts import One
from fsm.runtime.engine import prepare
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.wellformedness import check
from fsm.verification.definition import ENDS, TIMERS, checks_of
from fsm.verification.search.dead_ends import find_dead_end, is_end, may_come_by_waiting

from .random_systems import Enumeration, contradiction, systems_with_claims

SOAK = "SOAK" in os.environ
pytestmark = [pytest.mark.soak] if SOAK else []

shut, ajar, wide, locked = State("shut"), State("ajar"), State("wide"), State("locked")
turns = integer("turns", 0, 500)
far = parameter("far", int, 2, low=0, high=400)


@event
class Push:
    """Somebody pushes."""


@event
class Pull:
    """Somebody pulls."""


@event
class Fall:
    """Sent by time."""


@event
class Lock:
    key: Field[str]


@event
class Lock_:
    """Somebody locks the house."""


@event
class Ring:
    """The bell is heard in the house."""


@event
class Jam:
    """It will not open again."""


def door(*transitions: object, **more: object) -> Machine:
    return Machine("door", (shut, ajar, wide, locked), shut, transitions, **more)  # type: ignore[arg-type]


def going_on(target: Machine | System) -> Verdict:
    """The verdict on the check that something can always happen."""
    (found,) = [
        one for one in verify(target).definition if one.claim.sentence.startswith("something can always happen")
    ]
    return found


def length(verdict: Verdict) -> int | str:
    """How long its run is, or what it is."""
    return (
        len(verdict.trace.steps)
        if isinstance(verdict, Refuted) and verdict.trace is not None
        else type(verdict).__name__
    )


def test_a_dead_end_is_told_with_the_shortest_run_to_it() -> None:
    """The door is ajar and nobody can do anything, though a line leaves where it stands: three turns are not possible any more."""
    machine = door(
        shut.on(Push).when(turns < 2).to(ajar).set(turns, turns + 1),
        ajar.on(Pull).to(shut),
        ajar.on(Push).when(turns > 2).to(wide),
        variables=(turns,),
    )
    assert length(going_on(machine)) == 4


def test_a_dead_end_is_found_however_deep_it_lies() -> None:
    """Five hundred turns down."""
    machine = door(shut.on(Push).when(turns < 500).stay().set(turns, turns + 1), variables=(turns,))
    assert length(going_on(machine)) == 500


def test_a_dead_end_is_found_behind_timers() -> None:
    """Time brings it there: it falls shut three times, and cannot be opened then."""
    machine = door(
        shut.on(Push).when(turns < 3).to(ajar).set(turns, turns + 1),
        ajar.after(20_000, Fall).to(shut),
        variables=(turns,),
    )
    assert length(going_on(machine)) == 6


@pytest.mark.parametrize("allowed", [True, False])
def test_a_dead_end_is_found_at_a_corner_of_a_range_that_the_assumptions_allow(allowed: bool) -> None:
    """Under the default it goes on; only with `far` at nothing does the door not open."""
    assumed = () if allowed else (Assumption("it opens", far >= 1),)
    machine = door(shut.on(Push).when(far > 0).to(ajar), ajar.on(Pull).to(shut), assumptions=assumed)
    found = going_on(machine)
    assert isinstance(found, Refuted if allowed else Proved)
    if isinstance(found, Refuted):
        assert found.trace is not None
        assert dict(found.trace.profile) == {"far": 0}


def test_an_end_is_no_dead_end_also_where_there_are_only_many_instances() -> None:
    """The one lock that there can be is locked: it has come to its end."""
    machine = Machine("lock", (shut, locked), shut, (shut.on(Jam).to(locked),))
    locks = each("locks", machine, key="key", population=1)
    assert isinstance(going_on(System("locks", (locks,), (wire(Lock, locks[Lock.key].by(Jam)),))), Proved)


def test_an_instance_that_cannot_go_on_is_a_dead_end_though_the_part_with_one_instance_is_at_its_end() -> None:
    """The house is closed for good, and somebody is still inside."""
    house = Machine("house", (wide, locked), wide, (wide.on(Jam).to(locked),))
    guest = Machine("guest", (shut, ajar), shut, (shut.on(Push).to(ajar), ajar.on(Pull).to(shut)))
    part, guests = one("house", house), each("guests", guest, key="key", population=1)
    wires = (
        wire(Lock, guests[Lock.key].by(Push), when=part.inside(wide)),
        wire(Jam, part.by(Jam)),
        wire(Leave, guests[Leave.key].by(Pull), when=part.inside(wide)),
    )
    assert length(going_on(System("inn", (part, guests), wires))) == 2


@event
class Leave:
    key: Field[str]


def test_what_cannot_be_reached_from_a_dead_end_is_not_recoverable() -> None:
    """Refuted by the run there, with timers too, where no enumeration is exact."""
    machine = door(
        shut.on(Push).when(turns < 2).to(ajar).set(turns, turns + 1),
        ajar.after(20_000, Fall).to(shut),
        ajar.on(Push).to(wide),
        variables=(turns,),
        properties=(recoverable("it can be wide open", inside(wide)),),
    )
    assert length(verify(machine).verdicts[0]) == 4


def test_an_end_where_the_goal_is_not_refutes_that_it_can_be_reached_again() -> None:
    """An end is well, unless somebody wants to be elsewhere."""
    machine = door(
        shut.on(Push).to(ajar), ajar.after(5, Fall).to(locked), properties=(recoverable("open", inside(ajar)),)
    )
    assert isinstance(going_on(machine), Proved)
    assert length(verify(machine).verdicts[0]) == 2


GOALS_IN_TIME = [
    (ELAPSED != 0, True),
    (ELAPSED > 5, True),
    (inside(locked) & (ELAPSED == 300), False),
    (ELAPSED >= far, True),
    (ELAPSED + 1 > 6, True),
    (choose(ELAPSED > 3, ELAPSED, 0) > 5, True),
    (inside(locked) & (ELAPSED == 0), False),
    (ELAPSED < 5, False),
    (inside(ajar) | (ELAPSED == 3), False),
    (~inside(locked) & (ELAPSED > 5), False),
]


@pytest.mark.parametrize(("goal", "comes"), GOALS_IN_TIME, ids=lambda value: str(value))
@pytest.mark.parametrize("after", [5, None], ids=["a timer leads there", "an event leads there"])
def test_what_time_alone_brings_can_be_reached_from_where_nothing_happens(
    goal: Formula, comes: bool, after: int | None
) -> None:
    """Whoever waits at a dead end comes to a longer stay: a goal that this makes true is not refuted, one that it makes false for ever is."""
    falls = ajar.on(Jam) if after is None else ajar.after(after, Fall)
    machine = door(shut.on(Push).to(ajar), falls.to(locked), properties=(recoverable("in time", goal),))

    found = verify(machine).verdicts[0]

    assert isinstance(found, Proved | Unknown if comes else Refuted), found


def test_time_that_stops_brings_nothing() -> None:
    """The bell cannot ring while the house is closed: no millisecond passes beyond that, so the house is never closed for long."""
    house = one(
        "house", Machine("house", (wide, locked, shut), wide, (wide.on(Lock_).to(locked), locked.on(Ring).to(locked)))
    )
    bell = one("bell", Machine("bell", (ajar, wide), ajar, (ajar.after(3, Fall).to(wide),)))
    system = System("inn", (house, bell), (wire(bell.sends(Fall), house.by(Ring), when=house.inside(wide)),))
    engine = prepare(system)
    closed = engine.step(engine.start(), Lock_(), 1).after

    assert [True, False] == [may_come_by_waiting(engine, Clock(house) >= many, closed) for many in (1, 2)]


def test_nothing_is_said_where_not_every_value_of_a_field_can_be_tried() -> None:
    """Of what a sum must be, no value that is tried may be the right one."""

    @event
    class Turn:
        by: Field[int]

    machine = door(shut.on(Turn).when(Turn.by + turns == 7_777).to(ajar), ajar.on(Pull).to(shut), variables=(turns,))
    assert find_dead_end(prepare(as_system(machine))).trace is None


def test_what_is_refuted_is_dead_and_what_is_proved_never_is() -> None:
    """On systems drawn at random: where the run ends nothing is possible now nor later; and no search meets a dead end where there is none."""
    seen: Counter[str] = Counter()

    @seed(0)
    @settings(
        max_examples=600 if SOAK else 30,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(systems_with_claims())
    def compared(system: System) -> None:
        verdict = check(Prover(system), checks_of(system)[-1])
        seen[type(verdict).__name__] += 1
        if isinstance(verdict, Refuted):
            assert verdict.trace is not None
            engine = prepare(system, dict(verdict.trace.profile))
            last = verdict.trace.last
            assert not is_end(engine, last)
            for later in (0, 1, 2, 5, 1_000):
                then = engine.advance(last, last.now + later).after
                assert engine.possible(then, then.now) == ()
        elif isinstance(verdict, Proved):
            for profile, _ in Prover(system).profiles():
                assert find_dead_end(prepare(system, profile), budget=50).trace is None

    compared()
    assert 3 * seen[Unknown.__name__] <= seen.total(), seen
    assert min(seen[Proved.__name__], seen[Refuted.__name__]) >= 5, seen


def test_what_is_refuted_of_a_longer_stay_never_comes_by_waiting() -> None:
    """In systems drawn at random, of goals that read the time in state: from where the run of a refutation ends nothing leads there, as an enumeration finds."""
    seen: Counter[str] = Counter()

    @seed(3)
    @settings(
        max_examples=20, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(systems_with_claims())
    def compared(system: System) -> None:
        ones = [part for part in system.parts if isinstance(part, One)]
        assume(ones)
        stayed, begun = Clock(ones[0]) > 1, ones[0].inside(ones[0].machine.initial)
        goals = [stayed | begun, stayed & begun]
        claims = tuple(recoverable(f"goal {place}", goal) for place, goal in enumerate(goals))
        timed = attrs.evolve(system, properties=claims)
        prover = Prover(timed)
        for claim in claims:
            verdict = decide(prover, claim)
            seen[type(verdict).__name__] += 1
            assert (
                contradiction(verdict, timed, Enumeration(prepare(timed, next(iter(prover.profiles()))[0]), 100))
                is None
            )

    compared()
    assert seen[Refuted.__name__] >= 2, seen


ringing, off = State("ringing"), State("off")
misses = integer("misses", 0, 3)


@event
class Miss:
    pass


@event
class Expire:
    pass


def line(*, room: int) -> System:
    """A line that tells a counter each time nobody answers; the counter follows until it has counted so many."""
    phone = one("phone", Machine("phone", (ringing,), ringing, (ringing.after(1_000, Expire).to(ringing),)))
    counts = off.on(Miss).when(misses < room).stay().set(misses, misses + 1)
    full = (off.on(Miss).when(misses == 3).stay().set(misses, 0),) if room == 3 else ()
    counter = one("counter", Machine("counter", (off,), off, (counts, *full), variables=(misses,)))
    return System("line", (phone, counter), (wire(phone.sends(Expire), counter.by(Miss)),))


@pytest.mark.parametrize(("room", "steps"), [(1, 1), (2, 2), (3, None)])
def test_where_time_stops_is_told_by_a_shortest_run(room: int, steps: int | None) -> None:
    """Both the timer that nobody can follow and that nothing can happen any more; one that always can be followed is proved."""
    found = {one.claim.sentence: one for one in verify(line(room=room)).definition}
    for sentence in (TIMERS, ENDS):
        verdict = found[sentence]
        assert isinstance(verdict, Proved if steps is None else Refuted)
        assert isinstance(verdict, Proved) or verdict.trace is None or len(verdict.trace.steps) == steps
    assert steps is None or "time stops at expire: counter is off, where miss needs" in found[TIMERS].argument


least = parameter("least", int, 3, low=1, high=9)
left = integer("left", 0, 100, initial=60)


@event
class Spend:
    much: Field[int]


@pytest.mark.parametrize(("more", "verdict"), [(0, Refuted), (1, Proved)])
def test_a_dead_end_that_takes_a_number_of_its_own_is_found_by_a_solver(more: int, verdict: type[Verdict]) -> None:
    """What is left is less than the least that can be spent, and nothing brings more: no search tries every number."""
    lines = [ajar.on(Spend).when((Spend.much >= least) & (Spend.much <= left)).to(shut).set(left, left - Spend.much)]
    lines += [shut.on(Push).when((left == 0) | (left == 60) | (left > 7)).to(ajar)]
    lines += [(shut | ajar).on(Pull).stay()] * more
    found = verdict_on_ends(Machine("purse", (ajar, shut), ajar, tuple(lines), (left,)))
    assert isinstance(found, verdict)
    if isinstance(found, Refuted):
        assert found.trace is not None
        (spent,) = (step.given.much for step in found.trace.steps if isinstance(step.given, Spend))
        assert 1 <= 60 - spent <= 7


def verdict_on_ends(machine: Machine) -> Verdict:
    """That something can always happen."""
    return next(one for one in verify(machine).definition if one.claim.sentence == ENDS)
