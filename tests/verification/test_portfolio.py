"""Slow engines at once, in processes of their own: the same report whoever is first, a limit of time, and an end that is one."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import attrs
import pytest

from fsm import Field, Machine, Range, State, System, always, each, event, integer, parameter, reachable, wire
from fsm.command.group import fsm as command
from fsm.language.composition import as_system
from fsm.language.properties import Property
from fsm.verification.decide import processes as workers
from fsm.verification.decide import safety
from fsm.verification.decide import transport as sent
from fsm.verification.decide.decide import decide, decide_within
from fsm.verification.decide.portfolio import Disagreement, first_of
from fsm.verification.decide.processes import WorkFailed, run
from fsm.verification.decide.prover import Prover
from fsm.verification.engines import spacer
from fsm.verification.report import page_of, render
from fsm.verification.search import bounded
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict
from fsm.verification.verify import verify

from .published import DESK

shut, ajar = State("shut"), State("ajar")
turns, force = integer("turns", 0, None), integer("force", 0, None)


@event
class Push:
    pass


SQUARE = Machine(
    "square",
    (shut,),
    shut,
    (shut.on(Push).stay().set(turns, turns + 2 * force + 1).set(force, force + 1),),
    variables=(turns, force),
    properties=(
        always("a square of five is twenty-five", (force == 5) >> (turns == 25)),
        always("never ninety-nine", turns != 99),
        reachable("it grows to nine", turns == 9),
        always("never a hundred", turns != 100),
    ),
)
"""By Spacer, not at all, by a run, by a run that is found late."""


SQUARE_FILE = f"{Path(__file__).parents[1] / 'regression' / 'unknown' / 'product_of_counters.py'}:SUBJECT"


@pytest.fixture(autouse=True)
def short_of_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long searches are short here."""
    monkeypatch.setattr(safety, "BUDGET", 200)
    monkeypatch.setattr(spacer, "BUDGET", 500_000)
    monkeypatch.setattr(bounded, "STEPS", 2)


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


def all_of(many: int) -> Callable[[Any], bool]:
    return lambda known: len(known) == many


# Workers


def test_answers_do_not_depend_on_who_is_first() -> None:
    """The slow one was begun first; its answer is there with the others."""
    answers = run(
        {"slow": lambda: time.sleep(0.2) or 1, "quick": lambda: 2, "third": lambda: os.getpid()}, all_of(3), processes=2
    )

    assert {"slow": 1, "quick": 2} == {name: answers[name] for name in ("slow", "quick")}
    assert answers["third"] != os.getpid()


def test_what_is_not_needed_any_more_is_ended() -> None:
    """It would have slept for a minute; its process is gone, as is seen from the pipe that it held."""
    reads, writes = os.pipe()
    answers = run({"sleeper": lambda: time.sleep(60), "quick": lambda: 2}, lambda known: "quick" in known, processes=2)
    os.close(writes)

    assert {"quick": 2} == answers
    assert_closed(reads)


def test_what_a_worker_began_is_ended_with_it() -> None:
    """The time is up for a worker that waits for two of its own."""
    reads, writes = os.pipe()

    def begins_two() -> Any:
        return run({"left": lambda: time.sleep(60), "right": lambda: time.sleep(60)}, all_of(2), processes=2)

    answers = run({"outer": begins_two}, all_of(1), processes=1, seconds=0.3)
    os.close(writes)

    assert {} == answers
    assert_closed(reads)


def assert_closed(reads: int) -> None:
    """Nobody holds the other end: a read ends at once."""
    ready = select.select([reads], [], [], 5)[0]
    assert [reads] == ready and b"" == os.read(reads, 1)
    os.close(reads)


def test_a_worker_that_fails_says_why() -> None:
    def fails() -> None:
        raise ValueError("out of paper")

    with pytest.raises(WorkFailed, match="out of paper"):
        run({"printer": fails}, all_of(1), processes=2)
    with pytest.raises(WorkFailed, match="printer ended without an answer"):
        run({"printer": lambda: os._exit(3)}, all_of(1), processes=2)


def test_a_long_answer_comes_whole() -> None:
    assert {"long": "x" * 1_000_000} == run({"long": lambda: "x" * 1_000_000}, all_of(1), processes=2)


# The portfolio


def test_the_verdicts_are_the_same_with_one_process_and_with_two() -> None:
    alone, together = (verify(SQUARE, definition=False, processes=many) for many in (1, 2))

    assert told(alone.verdicts) == told(together.verdicts)
    assert "Spacer found an invariant" in render([page_of(together)])


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_in_order_counts_and_not_the_first_in_time(processes: int) -> None:
    """Two engines show it; the one named first takes longer."""
    (claim, *_) = as_system(SQUARE).properties
    prover = Prover(as_system(SQUARE), processes=processes)

    def late() -> Verdict:
        time.sleep(0.2)
        return Proved(claim, "late", "every run")

    works = {"a": lambda: None, "b": late, "c": lambda: Proved(claim, "early", "every run")}
    found = first_of(prover, claim, works, ("a", "b", "c"))

    assert isinstance(found, Proved) and "late" == found.argument


@pytest.mark.parametrize("processes", [1, 2])
def test_two_that_disagree_are_a_defect_that_names_both(monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    """Planted: an engine that proves everything, beside a search that finds the run."""
    monkeypatch.setattr(safety, "_show_by_k", lambda prover, claim, failed: Proved(claim, "because", "every run"))
    prover = Prover(as_system(SQUARE), processes=processes, every=True)

    with pytest.raises(Disagreement) as raised:
        decide(prover, prover.system.properties[-1])
    assert "proved by k-induction: because" in str(raised.value)
    assert "a run of 10 steps, replayed" in str(raised.value) and "turns = 100" in str(raised.value)


def test_an_induction_that_proves_too_much_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: whatever is asked, induction has shown it. With every engine asked, the search says otherwise."""
    monkeypatch.setattr(safety, "_show_untimed", lambda prover, claim: Proved(claim, "induction", "every run"))
    system = as_system(SQUARE)

    assert isinstance(decide(Prover(system), system.properties[-1]), Proved)
    with pytest.raises(Disagreement, match="two engines disagree on 'never a hundred'"):
        decide(Prover(system, every=True), system.properties[-1])


def test_every_engine_agrees_on_the_published_desk() -> None:
    claims = [claim for claim in DESK.properties if claim.modality.value in ("always", "each step")]
    prover = Prover(DESK, {"slots": 2}, every=True)

    assert ["Proved"] * len(claims) == [type(decide(prover, claim)).__name__ for claim in claims]


def test_a_disagreement_ends_the_command_as_a_defect(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit 70, with both answers on stderr: it is no verdict."""

    def disagree(prover: Prover, claim: Property) -> Verdict:
        works = {"one": lambda: Proved(claim, "this", "every run"), "other": lambda: Refuted(claim, "that")}
        every = Prover(prover.system, every=True)
        return first_of(every, claim, works, ("one",)) or Unknown(claim, "neither")

    monkeypatch.setattr("fsm.verification.verify.decide", disagree)

    with pytest.raises(SystemExit) as left:
        command(["verify", SQUARE_FILE], standalone_mode=False)
    told = capfd.readouterr().err

    assert 70 == left.value.code
    assert "proved by one: this" in told and "refuted by other: that" in told


# The limit of time


def test_a_limit_of_time_only_adds_unknowns() -> None:
    """What is decided in time is decided as without a limit."""
    machine = attrs.evolve(SQUARE, properties=SQUARE.properties[2:])
    free = verify(machine, definition=False).verdicts
    limited = verify(machine, definition=False, timeout=60).verdicts
    hasty = verify(machine, definition=False, timeout=0.000_001).verdicts

    assert told(free) == told(limited)
    assert all(isinstance(one, Unknown) and one.why.startswith("time limit: no verdict after 1e-06 s") for one in hasty)


def told(verdicts: tuple[Verdict, ...]) -> list[tuple[Any, ...]]:
    """What evidence there is; of unknowns none."""
    return [
        (type(one), getattr(one, "argument", None), getattr(one, "trace", None), getattr(one, "witness", None))
        for one in verdicts
    ]


def test_the_command_takes_a_limit(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command(["verify", SQUARE_FILE, "--timeout", "0.000001"])

    assert 3 == left.value.code
    assert "time limit: no verdict after 1e-06 s" in capfd.readouterr().out


def test_the_command_refuses_a_limit_that_it_cannot_keep(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "CAN_FORK", False)
    with pytest.raises(SystemExit) as left:
        command(["verify", SQUARE_FILE, "--timeout", "5"])

    assert 2 == left.value.code
    assert "cannot fork" in capfd.readouterr().err


def test_where_nothing_can_fork_there_is_no_limit_and_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CAN_FORK", False)
    prover = Prover(as_system(SQUARE), processes=2)

    assert isinstance(decide_within(prover, prover.system.properties[2], 0.000_001), Proved)


# What is sent


def test_a_verdict_that_was_sent_is_the_one_that_was_told() -> None:
    """Events of a class declared in a function, choices, keys and data that rides along."""

    @event
    class Enters:
        who: Field[str]
        many: Field[Annotated[int, Range(0, 3)]]
        mood: Field[Mood]
        note: Field[object]

    @event
    class In:
        pass

    guest = Machine("guest", (shut, ajar), shut, (shut.on(In).to(ajar), ajar.on(In).to(shut)))
    guests = each("guests", guest, key="who")
    limit = parameter("limit", int, 2, low=0)
    claim = always("never two", guests.count() < 2)
    system = System(
        "inn",
        (guests,),
        (wire(Enters, guests[Enters.who].by(In), when=(Enters.many > 1) & (Enters.mood == Mood.BAD)),),
        parameters=(limit,),
        properties=(claim,),
    )
    verdicts = [
        decide(Prover(system), claim),
        Unknown(claim, "why", "hint"),
        Proved(claim, "so", "all", ("a rule",), ("a lemma",), ("an assumption",)),
    ]

    back = [sent.from_plain(sent.to_plain(one, system), claim, system) for one in verdicts]

    assert isinstance(back[0], Refuted) and isinstance(verdicts[0], Refuted)
    assert back[0].trace == verdicts[0].trace
    assert [str(sent.to_plain(one, system)) for one in verdicts] == [str(sent.to_plain(one, system)) for one in back]
