"""Between two timers of one instant the system is in a snapshot like any other: every kind of claim looks at it, whoever walks there."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Property,
    Rule,
    State,
    System,
    always,
    as_system,
    before,
    boolean,
    can_happen,
    compile,
    each,
    event,
    for_each,
    happens,
    inside,
    leads_to,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
)
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.positions import is_between, next_step
from fsm.verification.search.traps import assert_recovers

a, b, done = State("a"), State("b"), State("done")
marked = boolean("marked")


@event
class Mark:
    pass


@event
class Move:
    pass


@event
class Again:
    pass


@event
class Go:
    pass


@event
class Back:
    pass


HERE = inside(a) & marked
"""What holds between the two timers alone."""
TURNS = (a.after(5, Mark).stay().set(marked, True), a.after(5, Move).to(b), b.on(Back).to(a).set(marked, False))


def clockwork(*claims: Property) -> Machine:
    """After 5 ms in `a` it is marked, and at the same instant it moves."""
    return Machine("clockwork", (a, b), a, TURNS, (marked,), properties=claims)


def proved(machine: Machine | System) -> Verdict:
    system = as_system(machine) if isinstance(machine, Machine) else machine
    return decide(Prover(system), system.properties[0])


def counted(machine: Machine | System) -> Verdict:
    return enumerate_snapshots(machine).verdicts[0]


WAYS: list[Any] = [pytest.param(proved, id="verify"), pytest.param(counted, id="count")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (reachable("it is marked in a", HERE), Proved),
        (always("it is never marked in a", ~HERE), Refuted),
        (can_happen("it moves marked", happens(Move) & before(HERE)), Proved),
        (recoverable("it can be marked in a again", HERE), Proved),
        (recoverable("from there it can be marked in a again, on the spot", HERE, wherever=HERE), Proved),
    ],
    ids=lambda value: getattr(value, "sentence", ""),
)
def test_what_holds_between_the_timers_alone_is_seen(way: Any, claim: Property, verdict: type[Verdict]) -> None:
    """By proofs with their searches and by enumeration; what they show is a run that the runtime takes."""
    found = way(clockwork(claim))

    if way is proved and claim.sentence == "it can be marked in a again":
        assert isinstance(found, Proved | Unknown)  # no rank leads to what no timer waits at
    else:
        assert isinstance(found, verdict), found
    trace = found.witness if isinstance(found, Proved) else getattr(found, "trace", None)
    assert trace is None or (Mark, Move) == tuple(step.event for step in trace.steps[-2:])


def test_a_state_in_which_nothing_stays_for_a_millisecond_is_reached() -> None:
    """One part enters it by its timer and is moved on by that of another at the same instant."""
    first = one("first", Machine("first", (a, b, done), a, (a.after(5, Move).to(b), b.on(Go).to(done))))
    second = one("second", Machine("second", (a, b), a, (a.after(5, Mark).to(b),)))
    system = System(
        "relay", (first, second), (wire(second.sends(Mark), first.by(Go), when=first.inside(b)),),
        properties=(reachable("the first is in b", first.inside(b)), always("it never is", ~first.inside(b))),
    )  # fmt: skip

    for found in (verify(system, definition=False), enumerate_snapshots(system)):
        assert [Proved, Refuted] == [type(verdict) for verdict in found.verdicts]


# What has no way out of there


@pytest.mark.parametrize(
    ("wherever", "way", "verdict"),
    [(HERE, counted, Refuted), (HERE, proved, Unknown), (inside(a), counted, Refuted), (inside(b), counted, Proved)],
)
def test_between_the_timers_the_second_is_all_that_can_come(wherever: Any, way: Any, verdict: type[Verdict]) -> None:
    """From `a`, marked, nothing leads to `done` within the region: no caller is heard there."""
    turns = (*TURNS, a.on(Go).when(marked).to(done), b.on(Go).to(done))
    claim = recoverable("it can be done", inside(done), wherever=wherever)
    machine = Machine("clockwork", (a, b, done), a, turns, (marked,), properties=(claim,))

    found = way(machine)

    assert isinstance(found, verdict), found


def test_what_a_first_timer_gains_and_the_second_takes_back_is_no_way_on() -> None:
    """Marked it could go, but it is anew in `a` before anybody can say so: to wait lowers no rank, and the end is never reached."""
    turns = (
        a.after(5, Mark).stay().set(marked, True),
        a.after(5, Again).to(a).set(marked, False),
        a.on(Go).when(marked).to(done),
    )
    claim = recoverable("the end can be reached", inside(done))
    machine = Machine("clockwork", (a, done), a, turns, (marked,), properties=(claim,))

    assert isinstance(proved(machine), Refuted)
    assert isinstance(counted(machine), Refuted)


@pytest.mark.parametrize(("later", "verdict"), [(0, Refuted), (1, Proved)])
def test_two_timers_of_one_stay_are_of_one_instant_where_they_are_as_long(later: int, verdict: type[Verdict]) -> None:
    """A millisecond between them is enough to be heard."""
    turns = (
        a.after(5, Mark).stay().set(marked, True),
        a.after(5 + later, Again).to(a).set(marked, False),
        a.on(Go).when(marked).to(done),
    )
    claim = recoverable("the end can be reached", inside(done), wherever=inside(a))
    machine = Machine("clockwork", (a, done), a, turns, (marked,), properties=(claim,))

    assert isinstance(counted(machine), verdict)
    assert isinstance(proved(machine), verdict if verdict is Proved else Refuted | Unknown)


def test_a_rank_knows_that_two_timers_may_be_as_long_for_some_value_of_a_parameter() -> None:
    """For others they are not, and then it could be proved: so it is not proved for all."""
    pause = parameter("pause", int, 6, low=5, high=9)
    turns = (
        a.after(5, Mark).stay().set(marked, True),
        a.after(pause, Again).to(a).set(marked, False),
        a.on(Go).when(marked).to(done),
    )
    claim = recoverable("the end can be reached", inside(done))
    machine = Machine("clockwork", (a, done), a, turns, (marked,), properties=(claim,))

    system = as_system(machine)

    assert not isinstance(proved(system), Proved)
    assert isinstance(decide(Prover(system, {"pause": 6}), system.properties[0]), Proved)


def test_a_saved_counterexample_that_ends_between_two_timers_goes_on_failing() -> None:
    """Where its run comes to is looked at on the way there, too."""
    turns = (*TURNS, a.on(Go).when(marked).to(done), b.on(Go).to(done))
    claim = recoverable("it can be done", inside(done), wherever=HERE)
    machine = Machine("clockwork", (a, b, done), a, turns, (marked,), properties=(claim,))

    with pytest.raises(AssertionError, match="it can be done"):
        assert_recovers(machine, "it can be done", [(None, 5)])
    assert_recovers(machine, "it can be done", [(None, 4)])


# What must come in the end

CIRCLE = (
    a.after(5, Mark).stay().set(marked, True),
    a.after(5, Again).to(a).set(marked, False),
    a.on(Go).to(done),
)


def circle(*claims: Property) -> Machine:
    return Machine("circle", (a, done), a, CIRCLE, (marked,), properties=claims)


def test_a_premise_that_holds_between_two_timers_alone_asks_for_the_goal() -> None:
    """The run goes round for ever, marked once each time."""
    found = proved(circle(leads_to("what is marked is done", HERE, inside(done))))

    assert isinstance(found, Refuted), found
    assert found.trace is not None
    assert found.trace.loop is not None


def test_a_goal_that_is_met_between_two_timers_alone_is_met() -> None:
    """So no run keeps away from it."""
    assert not isinstance(
        proved(circle(leads_to("it is marked in the end", inside(a), marked | inside(done)))), Refuted
    )


def test_what_a_caller_cannot_have_between_two_timers_is_still_possible_for_ever() -> None:
    """`Go` is possible all the time but for that; a run that puts it off is not fair."""
    assert not isinstance(proved(circle(leads_to("it is done", inside(a), inside(done), fair=Go))), Refuted)


# Up to renaming

free, ringing, missed = State("free"), State("ringing"), State("missed")
vip = boolean("vip")


@event
class Ring:
    vip: Field[bool]


@event
class Miss:
    pass


@event
class Pair:
    first: Field[str]
    second: Field[str]


PHONE = Machine(
    "phone", (free, ringing, missed), free,
    (free.on(Ring).to(ringing).set(vip, Ring.vip), ringing.after(3, Miss).to(missed)), (vip,),
)  # fmt: skip
phones = each("phones", PHONE, key="who", at_most=2)
SWITCHBOARD = System(
    "switchboard", (phones,),
    (wire(Pair, phones[Pair.first].by(Ring, vip=True), phones[Pair.second].by(Ring, vip=False)),),
    properties=(
        reachable("the plain one is missed first", phones.any(missed, ~vip) & phones.any(ringing, vip)),
        reachable("the other one is missed first", phones.any(missed, vip) & phones.any(ringing, ~vip)),
        always("two of one kind are never missed", phones.count(missed, vip) < 2),
    ),
)  # fmt: skip


def test_of_timers_that_fall_due_together_any_may_fire_first_up_to_renaming() -> None:
    """Both ring since one instant; which is missed first depends on the names of their keys alone."""
    found = enumerate_snapshots(SWITCHBOARD)

    assert [Proved, Proved, Proved] == [type(verdict) for verdict in found.verdicts]
    for verdict in found.verdicts[:2]:
        assert isinstance(verdict, Proved)
        assert verdict.witness is not None
        assert verdict.witness == replay(compile(SWITCHBOARD), verdict.witness.events)
    assert [Proved, Proved] == [type(verdict) for verdict in verify(SWITCHBOARD, definition=False).verdicts[:2]]


@pytest.mark.parametrize(("keys", "verdicts"), [(2, [Proved, Proved])])
def test_with_names_the_order_of_the_keys_is_what_it_is(keys: int, verdicts: list[type[Verdict]]) -> None:
    """Both orders are met, since a pair may name either first."""
    found = enumerate_snapshots(SWITCHBOARD, keys=keys, named=True)

    assert verdicts == [type(verdict) for verdict in found.verdicts[:2]]


# A step at a time


def test_of_several_timers_a_walk_takes_the_first_alone() -> None:
    """And then the next, until no timer is due."""
    engine = compile(clockwork())
    first = next_step(engine, engine.start(0), None, 5)
    second = next_step(engine, first.after, None, 5)

    assert (True, ["Mark"]) == (is_between(first.after), [taken.event.__name__ for taken in first.timed])
    assert (False, ["Move"]) == (is_between(second.after), [taken.event.__name__ for taken in second.timed])
    assert engine.advance(engine.start(0), 5).after == second.after
    assert (Mark,) == tuple(taken.event for taken in next_step(engine, engine.start(0), Back(), 5).timed)


@event
class Left:
    key: Field[str]


@event
class Right:
    key: Field[str]


@event
class Begin:
    left: Field[bool]


@event
class Away:
    """Sent by time."""


@event
class Off:
    """Sent by time."""


def test_whoever_of_two_falls_due_at_one_instant_may_go_first() -> None:
    """By timers of different states: which goes first depends on how the keys are called, so a count looks at both, also where
    a timer lapses before another one fires or after it."""
    off, left, right, gone = State("off"), State("left"), State("right"), State("gone")
    blocked = boolean("blocked")
    machine = Machine(
        "waiter", (off, left, right, gone), off,
        (
            off.on(Begin).when(Begin.left).to(left),
            off.on(Begin).when(~Begin.left).to(right),
            left.after(2, Away).to(gone),
            right.after(2, Off).when(~blocked).to(gone),
        ),
        (blocked,),
    )  # fmt: skip
    waiters = each("waiters", machine, key="key", at_most=2)
    of_side = [
        Rule("one on the left", on=Left, when=waiters.none(left)),
        Rule("one on the right", on=Right, when=waiters.none(right)),
    ]
    claims = [
        always(f"nobody waits on, {side.name}", for_each(waiters, ~(inside(side) & (ELAPSED >= 2))))
        for side in (left, right)
    ]
    system = System(
        "tie", (waiters,), (wire(Left, waiters[Left.key].by(Begin, left=True)), wire(Right, waiters[Right.key].by(Begin, left=False))),
        tuple(of_side), properties=tuple(claims),
    )  # fmt: skip

    found = enumerate_snapshots(system, keys=2)

    assert [Refuted, Refuted] == [type(one) for one in found.verdicts]
    for name, other in (("a", "b"), ("b", "a")):
        engine = compile(system)
        both = engine.step(engine.step(engine.start(), Left(name), 0).after, Right(other), 0).after
        assert [min(name, other), max(name, other)] == [one.key for one in engine.advance(both, 2).timed]
