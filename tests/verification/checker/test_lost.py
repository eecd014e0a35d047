"""What a run shows by what cannot follow it: a goal that is lost, a way round that keeps away from it, a dead end. Whatever holds is never shown to be lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    Assumption,
    Machine,
    State,
    System,
    always,
    effect,
    emitted,
    event,
    inside,
    leads_to,
    parameter,
    recoverable,
)
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.verification import Refuted, Report, Unknown, verify
from fsm.verification.certificates import confirming
from fsm.verification.certificates.confirming import Checker, begin, confirmed
from fsm.verification.checker.answering import UNSHOWN
from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import Declaration, read_declaration
from fsm.verification.checker.evidence import Evidence, Section
from fsm.verification.checker.plain.machines import Refused, Stopped
from fsm.verification.checker.plain.values import Rejected, decoded
from fsm.verification.checker.replays.ends import ended
from fsm.verification.checker.replays.runs import Run
from fsm.verification.checker.solver import InProcess
from fsm.verification.definition import SATISFIED

REGRESSION = Path(__file__).parents[2] / "regression"
LOST = ("recoverable", "leads to")
shut, ajar, gone = State("shut"), State("ajar"), State("gone")


@event
class Push:
    pass


@event
class Pull:
    pass


@event
class Close:
    pass


@effect
class Creaked:
    """It needs oil."""


def outcome(subject: Machine | System, name: str, *steps: tuple[int, int | None, tuple[int, ...]]) -> bool:
    """Whether the checker takes a run for one that shows that a claim or check does not hold."""
    session = Session(read_declaration(write(subject)), InProcess())
    evidence = Evidence("RUNS", runs=(Run((), steps),), refuted=True)
    return not session.outcomes({}, Section((), {name: evidence}))[name].why


def door(*claims: Any, lines: tuple[Any, ...] = (), **more: Any) -> Machine:
    """It is pushed open and pulled shut, and one push too many lifts it off its hinges."""
    usual = (shut.on(Push).to(ajar), ajar.on(Pull).to(shut), ajar.on(Push).to(gone))
    return Machine("door", (shut, ajar, gone), shut, lines or usual, properties=claims, **more)


PUSH, PULL = (1, 0, ()), (1, 1, ())
COMES_BACK = recoverable("it can be shut again", inside(shut))
IS_SHUT = leads_to("it is shut in the end", inside(ajar), inside(shut), fair=(Pull,))
OPENS = leads_to("it is opened", inside(shut), inside(ajar), fair=(Push,))
SHUTS = door(IS_SHUT, lines=(shut.on(Push).to(ajar), ajar.on(Pull).to(shut), ajar.on(Push).stay()))
CREAKS = door(
    recoverable("it can have creaked", emitted(Creaked) >= 1),
    recoverable("it can be shut again after it has", inside(shut), wherever=emitted(Creaked) >= 1),
    lines=(shut.on(Push).to(ajar).emits(Creaked), ajar.on(Pull).to(shut)),
)
TIRED = door(
    leads_to("it is shut in the end", inside(ajar), inside(shut)),
    lines=(shut.on(Push).to(ajar), ajar.after(9, Close).stay(), ajar.on(Pull).when(ELAPSED > 20).to(shut)),
)


@pytest.mark.parametrize(
    ("subject", "name", "steps", "shown"),
    [
        pytest.param(door(COMES_BACK), "claim 0", (PUSH, PUSH), True, id="off its hinges"),
        pytest.param(door(COMES_BACK), "claim 0", (PUSH,), False, id="it can be pulled"),
        pytest.param(door(COMES_BACK), "claim 0", (), False, id="it is shut"),
        pytest.param(door(COMES_BACK), "claim 0", (PUSH, PUSH, PUSH), False, id="no run at all"),
        pytest.param(door(attrs.evolve(COMES_BACK, premise=inside(ajar))), "claim 0", (PUSH, PUSH), False, id="not where it is claimed"),
        pytest.param(CREAKS, "claim 0", (), False, id="it creaks yet"),
        pytest.param(CREAKS, "claim 1", (PUSH,), False, id="it can be pulled after it has creaked"),
        pytest.param(door(IS_SHUT), "claim 0", (PUSH, PUSH, (2, None, ())), True, id="for ever off its hinges"),
        pytest.param(door(IS_SHUT), "claim 0", (PUSH, PUSH), False, id="no time passes"),
        pytest.param(door(IS_SHUT), "claim 0", (PUSH, (2, None, ())), False, id="nobody pulls, who is fair"),
        pytest.param(SHUTS, "claim 0", (PUSH, (2, 0, ())), False, id="pushed for ever, which is not fair"),
        pytest.param(door(attrs.evolve(IS_SHUT, fair=())), "claim 0", (PUSH, (2, None, ())), True, id="nobody need pull"),
        pytest.param(door(OPENS), "claim 0", ((2, None, ()),), False, id="nobody pushes, who is fair"),
        pytest.param(door(attrs.evolve(OPENS, fair=())), "claim 0", ((1, 0, ()), (2, 1, ())), False, id="the goal is met on the way round"),
        pytest.param(TIRED, "claim 0", (PUSH, (15, None, ()), (18, None, ())), False, id="the guard measures how long it has been so"),
        pytest.param(door(), "check 6", (PUSH, PUSH), False, id="its end"),
        pytest.param(door(lines=(shut.on(Push).to(ajar), ajar.on(Pull).when(ELAPSED < 5).to(gone), gone.on(Push).to(shut))), "check 6", (PUSH, (9, None, ())), True, id="too late"),
        pytest.param(door(lines=(shut.on(Push).to(ajar), ajar.on(Pull).when(ELAPSED >= 5).to(gone), gone.on(Push).to(shut))), "check 6", (PUSH,), False, id="too early"),
        pytest.param(door(lines=(shut.on(Push).to(ajar), ajar.after(5, Close).to(shut))), "check 6", (PUSH,), False, id="it shuts by itself"),
        pytest.param(door(lines=(shut.on(Push).when(ELAPSED < 9).to(ajar), shut.on(Push).when(ELAPSED > 5).to(gone))), "check 3", ((7, None, ()),), True, id="both guards"),
        pytest.param(door(lines=(shut.on(Push).when(ELAPSED < 9).to(ajar), shut.on(Push).when(ELAPSED > 5).to(gone))), "check 3", ((3, None, ()),), False, id="one guard"),
        pytest.param(door(), "check 5", (), False, id="no timer"),
        pytest.param(door(), "check 0", (PUSH,), False, id="a check that runs do not break"),
        pytest.param(door(always("it is shut", inside(shut))), "claim 0", (PUSH,), True, id="what is met on the run"),
    ],
)  # fmt: skip
def test_a_run_shows_what_cannot_follow_it(
    subject: Machine | System, name: str, steps: tuple[Any, ...], *, shown: bool
) -> None:
    """From where it ends, whatever anybody does; or where it goes round, and nobody who is fair has been put off."""
    assert shown is outcome(subject, name, *steps)


def some_runs(declaration: Declaration, many: int) -> Iterator[Run]:
    """Runs that can be taken, the shortest first: with the default parameters and the least values of fields, now and a while later."""
    defaults = [decoded(row["default"]) for row in declaration.json["parameters"]]
    values = tuple(value[1] if isinstance(value, tuple) else int(value) for value in defaults)
    events = declaration.json["events"]
    sent = dict.fromkeys(wire["event"] for wire in declaration.wires if wire["sender"] is None)
    least = {event: tuple(map(_least, events[event]["fields"])) for event in sent}
    queue: list[tuple[Any, ...]] = [()]
    for steps in queue:
        at = steps[-1][0] if steps else 0
        for step in ((at + 1_000_000, None, ()), *((at, number, fields) for number, fields in least.items())):
            if len(queue) < many and _can_be_taken(declaration, Run(values, (*steps, step))):
                queue.append((*steps, step))
    yield from (Run(values, steps) for steps in queue)


def _least(field: Any) -> int:
    low = field["domain"].get("integer", [0])[0] if isinstance(field["domain"], dict) else 0
    return low or 0


def _can_be_taken(declaration: Declaration, run: Run) -> bool:
    try:
        ended(declaration, {}, run)
    except (CannotSay, Refused, Rejected, Stopped):
        return False
    return True


HOLDS = (
    "at_the_limit", "barrier", "cash_machine", "draining_fair", "elevator", "finite", "locker", "long_way_fair",
    "microwave", "peterson_fair", "retries", "semaphore", "token_ring_fair", "traffic_light",
)  # fmt: skip
"""Machines of the regression tests whose goals can always be reached, or always are."""


@pytest.mark.parametrize("file", HOLDS)
def test_what_holds_is_lost_by_no_run(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the regression machines whose claims are proved: whatever is sent first, no goal is lost, no way round is fair, and nothing is a dead end."""
    monkeypatch.setattr("fsm.verification.checker.replays.lost.MOST_GONE_THROUGH", 200)
    declaration = read_declaration(write(resolve(f"{REGRESSION / 'proved' / file}.py:SUBJECT")))
    session = Session(declaration, InProcess())
    claims = [f"claim {place}" for place, one in enumerate(declaration.properties) if one["modality"] in LOST]
    evidence = [Evidence("RUNS", runs=(run,), refuted=True) for run in some_runs(declaration, 4)]
    names = [*claims, "check 3" if declaration.alone else "check 4", "check 5", "check 6"]

    assert claims and len(evidence) > 1
    assert [] == [
        (name, place)
        for place, one in enumerate(evidence)
        for name, found in session.outcomes({}, Section((), dict.fromkeys(names, one))).items()
        if not found.why
    ]


@cache
def refuted(file: str) -> tuple[Report, Report]:
    """As the prover says, and when the checker has looked at it."""
    report = verify(resolve(f"{REGRESSION / 'refuted' / file}.py:SUBJECT"))
    return report, confirmed(report)


ALL_KINDS = {
    "blocked_timer": 3, "emitted_goal": 1, "lost_wakeup": 2, "one_key_in_two_parts": 2, "overlapping_guards": 1, "overlapping_wires": 2,
    "peterson_fair": 1, "taken_back": 1,
}  # fmt: skip
"""Machines of the regression tests, with how much of each is refuted by what cannot follow a run."""


def _by_what_follows(report: Report) -> list[Refuted]:
    runs = [one for one in report.all if isinstance(one, Refuted) and one.trace is not None]
    return [one for one in runs if one in report.definition or one.claim.modality.value in LOST]


@pytest.mark.parametrize(("file", "many"), ALL_KINDS.items())
def test_what_the_prover_refutes_by_what_cannot_follow_a_run_the_checker_refutes(file: str, many: int) -> None:
    """By questions of its own, or by going through all there is: no such verdict rests on the runtime."""
    report, again = refuted(file)

    assert many == len(_by_what_follows(report))
    assert [str(one) for one in report.all if isinstance(one, Refuted)] == [
        str(one) for one in again.all if isinstance(one, Refuted)
    ]


def test_a_refutation_that_the_checker_cannot_follow_says_on_what_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is taken again in any case; where it is none, nobody knows."""
    report, _ = refuted("emitted_goal")
    for answer, kind, words in (
        (f"{UNSHOWN}: too deep", Refuted, "rests on the runtime alone"),
        ("run 0 is none", Unknown, "the checker does not confirm it: run 0 is none"),
    ):
        with monkeypatch.context() as patch, ThreadPoolExecutor(1) as pool:
            patch.setattr(confirming, "outcomes_of", lambda form, asked, answer=answer: {"claim 0": answer})
            again = begin(report, Checker(pool)).finish()
        verdict = again.verdicts[0]
        assert isinstance(verdict, kind)
        assert words in verdict.argued


@pytest.mark.parametrize(("more", "nothing"), [(-1, True), (7, False)])
def test_that_nothing_satisfies_the_assumptions_is_confirmed_where_it_is_so(more: int, *, nothing: bool) -> None:
    """A number from nought on whose double is so much more."""
    number, double = (parameter(name, int, 7, low=0, high=1_000_000) for name in ("number", "double"))
    assumptions = (Assumption("double", double == number * 2), Assumption("more", double == number + 7))
    machine = Machine("still", (shut,), shut, (shut.on(Push).stay(),), assumptions=assumptions)
    text = write(machine).replace('{"constant":7}', f'{{"constant":{more}}}')
    session = Session(read_declaration(text), InProcess())
    found = session.outcomes({}, Section((), {"assumptions": Evidence("IMPLIED", refuted=True)}))

    assert nothing is not bool(found["assumptions"].why)


def test_that_nothing_can_be_configured_is_not_believed_of_z3_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two equal numbers whose sum is odd: the checker is asked too; as long as it does not say so, nobody knows."""
    left, right = (parameter(name, int, 1, low=0) for name in ("left", "right"))
    odd = (Assumption("odd", (left == right) & (left + right == 1)),)
    report = verify(Machine("still", (shut,), shut, (shut.on(Push).stay(),), assumptions=odd))
    (known,) = (one for one in confirmed(report).definition if one.claim.sentence == SATISFIED)
    monkeypatch.setattr(confirming, "outcomes_of", lambda form, asked: {})
    with ThreadPoolExecutor(1) as pool:
        (open_,) = (one for one in begin(report, Checker(pool)).finish().definition if one.claim.sentence == SATISFIED)

    assert (Refuted, Unknown) == (type(known), type(open_))
