"""Every snapshot by the public step: as many as were counted by hand, by others and by the agreement tests, time included."""

from __future__ import annotations

from math import comb
from pathlib import Path
from typing import Annotated, Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Property,
    Range,
    State,
    System,
    after,
    always,
    before,
    compile,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    recoverable,
    wire,
    within,
)
from fsm.command.invocation.target import resolve
from fsm.desk import DESK
from fsm.language.machine import Transition
from fsm.traces import breach, replay
from fsm.verification import Proved, Refuted, Unknown, Verdict
from fsm.verification.search import enumeration, late_ways
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import explore
from fsm.verification.search.results import Explored, exit_status
from fsm.verification.search.symmetry import Sendings

from . import published
from .agreement.reachable import reachable
from .mutants import without_rules
from .packed_systems import with_claims

REGRESSION = Path(__file__).parents[1] / "regression"


def machine(file: str) -> Any:
    return resolve(f"{REGRESSION / file}.py:SUBJECT")


def verdict(found: Explored, sentence: str) -> Any:
    (only,) = [one for one in found.verdicts if one.claim.sentence == sentence]
    return only


@pytest.mark.parametrize(("slots", "named", "snapshots"), [(5, False, 387), (10, False, 3_012), (4, True, 1_884)])
def test_there_are_as_many_snapshots_as_were_published(slots: int, named: bool, snapshots: int) -> None:
    """Up to renaming, and with names: 3 x (5^4 + 3)."""
    found = enumerate_snapshots(published.DESK, {"slots": slots}, keys=slots if named else None, named=named)

    assert (snapshots, True, 0) == (found.snapshots, found.complete, exit_status(found))
    assert [Proved] * 3 == [type(one) for one in found.verdicts]


@pytest.mark.parametrize(("ticks", "kinds", "calls"), [((1, 1), 8, 6), ((1, 2), 15, 11), ((2, 2), 9, 7)])
def test_the_desk_with_its_clocks_has_as_many_as_can_be_counted_by_hand(
    ticks: tuple[int, int], kinds: int, calls: int
) -> None:
    """Beside each of three statuses at most two chats of some kinds, in no order, or one call; and as many as the agreement tests walk through."""
    profile = {"max_chats": 2, "non_response_after": ticks[0], "accept_window": ticks[1]}
    found = enumerate_snapshots(DESK, profile)

    assert 3 * (comb(2 + kinds, 2) + calls) == found.snapshots == len(reachable(compile(DESK, profile)))
    assert found.complete
    assert 0 == found.deadlocks


def test_durations_of_the_seed_are_more_than_any_budget() -> None:
    """Twenty seconds are twenty thousand instants: unknown, never proved."""
    found = enumerate_snapshots(DESK, budget=500)

    assert not found.complete
    assert Proved not in {
        type(one) for one in found.verdicts if one.claim.modality.value not in ("reachable", "can happen")
    }
    assert 3 == exit_status(found)


def test_a_claim_that_fails_between_two_timers_of_one_instant_is_refuted() -> None:
    """What no event can come between is still a snapshot."""
    found = enumerate_snapshots(machine("refuted/between_timers"))

    assert isinstance(found.verdicts[-1], Refuted)


def test_time_that_is_stopped_leaves_everything_open() -> None:
    """A timer that something stands in the way of is a fault that no count hides."""
    found = enumerate_snapshots(machine("refuted/blocked_timer"))

    assert found.why.startswith("time stops: ")
    assert isinstance(found.verdicts[-1], Unknown)


shut, open_ = State("shut"), State("open")


@event
class Call:
    pass


@event
class Hold:
    pass


@event
class Close:
    pass


def lift(duration: int, *more: Transition) -> Machine:
    """Its doors stay open for 3 ms."""
    claim = within("the doors are shut in time", duration, inside(open_), inside(shut))
    turns = (shut.on(Call).to(open_), open_.after(3, Close).to(shut), *more)
    return Machine("lift", (shut, open_), shut, turns, properties=(claim,))


HOLDS = open_.on(Hold).to(open_)
AT_ONCE = open_.on(Hold).to(shut)


@pytest.mark.parametrize(
    ("subject", "steps"),
    [
        (lift(3), None),  # shut at the last instant
        (lift(2), 2),  # called, and 3 ms later it is too late
        (lift(99, HOLDS), 1 + 49 * 2 + 1),  # called, held 49 times when 2 ms have passed, and 2 ms later it is too late
        (lift(2, AT_ONCE), 2),
        (lift(3, AT_ONCE), None),
    ],
)
def test_a_bounded_response_is_followed_tick_by_tick(subject: Machine, steps: int | None) -> None:
    """Counted by hand: what is sent until it is too late, waits among them."""
    found = enumerate_snapshots(subject).verdicts[-1]

    if steps is None:
        assert isinstance(found, Proved), found
        return
    assert isinstance(found, Refuted), found
    assert found.trace is not None
    engine = compile(subject)
    assert breach(engine, engine.system.properties[0], found.trace) is not None
    assert steps == len(found.trace.steps)


patience = integer("patience", 0, 3, initial=3)


@event
class Enter:
    steps: Field[Annotated[int, Range(0, 4)]]


@pytest.mark.parametrize(
    ("turn", "wanted"),
    [
        (shut.on(Call).when(ELAPSED > patience).to(open_), 4),
        (shut.on(Call).when(ELAPSED > patience + 20).to(open_), 24),
        (shut.on(Call).when(2 * patience < ELAPSED + 1).to(open_), 6),
        (shut.on(Enter).when((ELAPSED > 30 + Enter.steps) & (Enter.steps >= 3)).to(open_), 34),
    ],
)
def test_a_time_in_state_is_measured_as_long_as_anything_is_compared_with_it(turn: Transition, wanted: int) -> None:
    """A variable, a field, or a sum of them: counted by hand, after how many milliseconds it opens first."""
    claim = always("it stays shut", inside(shut))
    found = enumerate_snapshots(Machine("door", (shut, open_), shut, (turn,), (patience,), properties=(claim,)))

    assert isinstance(found.verdicts[-1], Refuted)
    assert found.verdicts[-1].trace is not None
    assert wanted == found.verdicts[-1].trace.last.now


def test_a_time_in_state_that_is_compared_with_what_has_no_end_leaves_the_count_open() -> None:
    """No millisecond is the last that matters."""
    age = integer("age", 0, None)
    turn = shut.on(Call).when(ELAPSED < age).to(open_)
    claim = always("it stays shut", inside(shut))
    found = enumerate_snapshots(Machine("door", (shut, open_), shut, (turn,), (age,), properties=(claim,)))

    assert "a time in state is compared with what has no end" == found.why
    assert isinstance(found.verdicts[-1], Unknown)


def test_a_way_that_is_too_long_to_look_at_leaves_a_bounded_response_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither refuted nor proved."""
    monkeypatch.setattr(late_ways, "MOST", 100)
    found = enumerate_snapshots(lift(999, HOLDS))

    assert found.complete
    assert isinstance(found.verdicts[-1], Unknown)
    assert "more than 100 snapshots" in found.verdicts[-1].why


@pytest.mark.parametrize("walk", [enumerate_snapshots, explore])
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (within("open doors are shut", 60_000, inside(open_), inside(shut)), Refuted),
        (within("who called may enter at once", 60_000, inside(open_), inside(open_)), Proved),
        (within("nobody is ever inside and outside", 1, inside(open_) & inside(shut), inside(shut)), Proved),
    ],
    ids=lambda value: getattr(value, "sentence", ""),
)
def test_without_a_clock_nothing_that_is_waited_for_comes_by_itself(
    walk: Any, claim: Property, verdict: type[Verdict]
) -> None:
    """So it must be there at once, however long it may take; the run that shows it ends with time alone."""
    subject = Machine(
        "door", (shut, open_), shut, (shut.on(Call).to(open_), open_.on(Close).to(shut)), properties=(claim,)
    )
    found = walk(subject).verdicts[-1]

    assert isinstance(found, verdict), found
    if isinstance(found, Refuted) and found.trace is not None:
        assert [("Call", 0), (None, 60_001)] == [
            (None if sent is None else type(sent).__name__, at) for sent, at in found.trace.events
        ]
        engine = compile(subject)
        assert breach(engine, engine.system.properties[0], found.trace) is not None


@pytest.mark.parametrize("file", ["refuted/trap", "refuted/jugs", "refuted/peterson_without_turn", "refuted/excluded"])
def test_what_is_refuted_elsewhere_is_refuted_here_by_a_run_as_long(file: str) -> None:
    """By the last property of the page, with the number of steps that its regression names."""
    found = enumerate_snapshots(machine(file))
    last = found.verdicts[-1]

    assert isinstance(last, Refuted)
    if last.trace is not None:
        assert last.trace == replay(compile(found.system, dict(found.params)), last.trace.events)
    assert (0 if found.params else 1) == exit_status(
        found
    )  # that something can be reached is said of some values, not of these


def test_claims_of_every_sort_are_judged_by_steps() -> None:
    """A slot is given back by clearing, not by a route; each route takes one more."""
    found = enumerate_snapshots(with_claims(published.DESK), {"slots": 2})

    assert isinstance(verdict(found, "chats: one by one"), Proved)
    assert isinstance(verdict(found, "chats: leaves by one event"), Refuted)
    assert isinstance(verdict(found, "chats: empty again"), Proved)


def test_names_need_to_be_counted() -> None:
    """With names there are as many snapshots as there are keys to give them."""
    with pytest.raises(ValueError, match="how many keys there are"):
        enumerate_snapshots(published.DESK, named=True)


def test_a_field_without_end_leaves_the_walk_open() -> None:
    """Some values are tried; what holds for those is not said to hold for all."""
    found = enumerate_snapshots(machine("unknown/unbounded_data"), keys=1, budget=50)

    assert not found.complete


# Several keys, several parts


@event
class Pair:
    first: Field[str]
    second: Field[str]


@event
class Begin:
    pass


@event
class Quit:
    pass


@event
class Leave:
    pass


out, at_it, done = State("out"), State("at_it"), State("done")
HAND = Machine("hand", states=(out, at_it), initial=out, transitions=(out.on(Begin).to(at_it), at_it.on(Quit).to(out)))
BELL = Machine("bell", states=(at_it, done), initial=at_it, transitions=(at_it.on(Leave).to(done),))
left, right, bell = each("left", HAND, key="first"), each("right", HAND, key="second"), one("bell", BELL)
PAIRS = System(
    "pairs",
    parts=(left, right, bell),
    wires=(
        wire(Pair, left[Pair.first].by(Begin), right[Pair.second].by(Begin)),
        wire(Leave, left.every(at_it).by(Quit), bell.by(Leave)),
    ),
    properties=(
        always("as many left as right", left.count() == right.count()),
        each_step("all leave together", happens(Quit) >> after(left.none())),
        each_step("nobody leaves alone", (after(left.count()) < before(left.count())) >> happens(Leave)),
        recoverable("it is quiet again", left.none()),
    ),
)


def test_events_that_name_several_keys_are_tried_with_each_choice() -> None:
    """Two keys pair up; then all left ones leave, and the bell has rung for good."""
    found = enumerate_snapshots(PAIRS, keys=2)
    named = enumerate_snapshots(PAIRS, keys=2, named=True)

    # 0, 1 or 2 pairs before the bell; after it, right keeps 0 to 2, and left so many new ones that right has room for: 1 + 2 + 3.
    assert 3 + 6 == found.snapshots
    # With names each side chooses which: 1 + 4 + 1 before, and after it the sum over r >= l of C(2, r) C(2, l).
    assert 6 + (1 + 2 * (1 + 2) + (1 + 2 + 1)) == named.snapshots
    # A pair that comes after the bell stays.
    assert [Refuted, Proved, Proved, Refuted] == [type(one) for one in found.verdicts]


# Planted faults


class MergesTwoKinds(Sendings):
    """A missed chat is taken for one in after call work."""

    def name(self, snapshot: Any) -> Any:
        ones, chats = super().name(snapshot)
        return ones, tuple(min(kind, 2) for kind in chats)


class LosesASuccessor(Sendings):
    """What the last key could do is never tried."""

    def events(self, snapshot: Any) -> list[object]:
        return super().events(snapshot)[:-5]


@pytest.mark.parametrize("faulty", [MergesTwoKinds, LosesASuccessor])
def test_a_fault_in_the_enumeration_changes_the_count(faulty: type[Sendings], monkeypatch: pytest.MonkeyPatch) -> None:
    """The published number shows it."""
    monkeypatch.setattr(enumeration, "Sendings", faulty)

    assert 387 != enumerate_snapshots(published.DESK, {"slots": 5}).snapshots


def test_a_mutant_is_refuted_by_a_shortest_run() -> None:
    """As published: three events."""
    mutant = without_rules(attrs.evolve(published.DESK), "no chat while the voice line is busy")
    first = enumerate_snapshots(mutant, {"slots": 3}).verdicts[0]

    assert isinstance(first, Refuted)
    assert first.trace is not None
    assert 3 == len(first.trace.steps)
