"""Slow engines at once, in processes of their own: the same report whoever is first, a limit of time, and an end that is one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Property,
    Range,
    State,
    System,
    always,
    as_system,
    each,
    event,
    integer,
    parameter,
    reachable,
    wire,
)
from fsm.verification import Proved, Refuted, Unknown, Verdict, render, verify
from fsm.verification.decide import safety
from fsm.verification.decide.decide import decide
from fsm.verification.decide.elsewhere import transport as sent
from fsm.verification.decide.elsewhere.processes import Apart, Worker, WorkFailed, hear, run
from fsm.verification.decide.portfolio import EnginesDisagree, first_of
from fsm.verification.decide.prover import Prover
from fsm.verification.engines import spacer
from fsm.verification.report import section_of
from fsm.verification.search import bounded
from fsm.verification.stream import study_on
from fsm.verification.study import InVersion, Study
from fsm.verification.study_processes import Job, listen

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


FSM = Path(sys.executable).with_name("fsm")
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
    """The slow one was begun first; its answer is there with the others, each from a process of its own."""
    answers = run(
        {"slow": lambda: time.sleep(0.2) or 1, "quick": lambda: 2, "third": lambda: os.getpid()}, all_of(3), processes=2
    )

    assert {"slow": 1, "quick": 2} == {name: answers[name] for name in ("slow", "quick")}
    assert answers["third"] != os.getpid()


def test_what_is_not_needed_any_more_is_ended(tmp_path: Path) -> None:
    """It would have slept for a minute; its process is gone."""
    mark = tmp_path / "sleeper"

    def sleeps() -> None:
        mark.write_text(str(os.getpid()))
        time.sleep(60)

    def waits() -> int:
        while not mark.exists() or not mark.read_text():
            time.sleep(0.01)
        return 2

    answers = run({"sleeper": sleeps, "waiter": waits}, lambda known: "waiter" in known, processes=2)

    assert {"waiter": 2} == answers
    assert not lives(int(mark.read_text()))


def test_what_a_worker_began_is_ended_with_it(tmp_path: Path) -> None:
    """A worker that waits for two of its own, for one that answers calls and for a program is killed: they are gone too."""
    marks = [tmp_path / name for name in ("left", "right", "apart", "program")]

    def sleeps(tell: Any, mark: Path) -> None:
        mark.write_text(str(os.getpid()))
        time.sleep(60)

    def begins(tell: Any) -> None:
        workers = [Worker(sleeps, mark) for mark in marks[:2]]
        executor = Apart()
        executor.submit(sleeps, None, marks[2])
        program = subprocess.Popen(["sleep", "60"])
        marks[3].write_text(str(program.pid))
        hear(workers, 60)

    worker = Worker(begins)
    pids = [pid_in(mark) for mark in marks]
    assert all(map(lives, pids))
    worker.end()

    deadline = time.monotonic() + 2
    while any(map(lives, pids[:3])) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(lives, pids[:3]))
    os.kill(
        pids[3], signal.SIGKILL
    )  # what a worker starts by itself stands in the group of the owner, and ends with that


def pid_in(mark: Path) -> int:
    """The process that wrote itself down."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if mark.exists() and (text := mark.read_text().strip()):
            return int(text)
        time.sleep(0.02)
    raise AssertionError(f"nobody wrote {mark.name}")


def lives(pid: int) -> bool:
    """Whether a process is still there, and not merely not yet buried."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_worker_that_fails_says_why() -> None:
    def fails() -> None:
        raise ValueError("out of paper")

    with pytest.raises(WorkFailed, match="out of paper"):
        run({"printer": fails}, all_of(1), processes=2)
    with pytest.raises(WorkFailed, match=r"printer ended without an answer .*status 3"):
        run({"printer": lambda: os._exit(3)}, all_of(1), processes=2)
    with pytest.raises(WorkFailed, match=r"printer ended without an answer .*signal 9"):
        run({"printer": lambda: os.kill(os.getpid(), signal.SIGKILL)}, all_of(1), processes=2)


def test_a_long_answer_comes_whole() -> None:
    assert {"long": "x" * 1_000_000} == run({"long": lambda: "x" * 1_000_000}, all_of(1), processes=2)


def test_classes_that_cannot_be_imported_travel_by_value_and_come_back_as_themselves() -> None:
    """Of a function, of a module that is a file somewhere: an event is the same event here and there."""
    there = run({"event": partial(Ringing, 5)}, all_of(1), processes=2)["event"]

    assert Ringing(5) == there and Ringing is type(there)


@event
class Ringing:
    times: Field[int]


PROMPT = """
from fsm import Machine, State, always, event, inside
from fsm.verification.stream import study_on
from fsm.verification import verify
from fsm.verification.study import InVersion, Study

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar),), properties=(always("shut", inside(shut)),))
print([type(one).__name__ for one in verify(DOOR, timeout=60).verdicts])
"""


@pytest.mark.parametrize("how", ["script", "standard input", "prompt", "module"])
def test_a_caller_needs_no_main_guard(how: str, tmp_path: Path) -> None:
    """Nor a file: a script, a notebook, the prompt and `python -m` begin processes alike, and their main module is run once."""
    (tmp_path / "asks.py").write_text(PROMPT, encoding="utf-8")
    arguments = {
        "script": ["asks.py"],
        "standard input": ["-"],
        "prompt": ["-i", "-q"],
        "module": ["-m", "asks"],
    }[how]
    done = subprocess.run(
        [sys.executable, *arguments], input=PROMPT,
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip

    assert ["['Refuted']"] == done.stdout.splitlines(), done.stderr


# The portfolio


def test_the_verdicts_are_the_same_with_one_process_and_with_two() -> None:
    alone, together = (verify(SQUARE, definition=False, processes=many) for many in (1, 2))

    assert told(alone.verdicts) == told(together.verdicts)
    assert "Spacer found an invariant" in render([section_of(together)])


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

    with pytest.raises(EnginesDisagree) as raised:
        decide(prover, prover.system.properties[-1])
    assert "proved by k-induction: because" in str(raised.value)
    assert "a run of 10 steps, replayed" in str(raised.value) and "turns = 100" in str(raised.value)


def test_an_induction_that_proves_too_much_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: whatever is asked, induction has shown it. With every engine asked, the search says otherwise."""
    monkeypatch.setattr(safety, "_show_untimed", lambda prover, claim: Proved(claim, "induction", "every run"))
    system = as_system(SQUARE)

    assert isinstance(decide(Prover(system), system.properties[-1]), Proved)
    with pytest.raises(EnginesDisagree, match="two engines disagree on 'never a hundred'"):
        decide(Prover(system, every=True), system.properties[-1])


def test_every_engine_agrees_on_the_published_desk() -> None:
    claims = [claim for claim in DESK.properties if claim.modality.value in ("always", "each step")]
    prover = Prover(DESK, {"slots": 2}, every=True)

    assert ["Proved"] * len(claims) == [type(decide(prover, claim)).__name__ for claim in claims]


def test_a_disagreement_ends_the_command_as_a_defect(tmp_path: Path) -> None:
    """Exit 70, with both answers on stderr: it is no verdict. The fault is planted by the model file, in whichever process reads it."""
    planted = """
import fsm.verification.study
from fsm.verification.decide.portfolio import EnginesDisagree

exec(compile('''
def disagree(prover, claim):
    raise EnginesDisagree(claim.sentence, "this", "that")
''', "<planted>", "exec"))
fsm.verification.study.decide = disagree
"""
    (tmp_path / "square.py").write_text(Path(SQUARE_FILE.rpartition(":")[0]).read_text(encoding="utf-8") + planted)
    done = subprocess.run([FSM, "verify", "square.py:SUBJECT", "--fast"], cwd=tmp_path, capture_output=True, text=True)

    assert 70 == done.returncode
    assert "proved by this" in done.stderr and "refuted by that" in done.stderr
    assert "unknown" not in done.stdout  # no tally, at the end of no page


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


@pytest.mark.parametrize(
    ("option", "said"),
    [("--timeout", "no verdict after 1e-06 s"), ("--total-timeout", "TARGET was not read within 1e-06 s")],
)
def test_the_command_takes_a_limit(option: str, said: str) -> None:
    done = subprocess.run([FSM, "verify", SQUARE_FILE, option, "0.000001"], capture_output=True, text=True)

    assert 3 == done.returncode
    assert said in done.stdout + done.stderr


def test_what_all_claims_share_may_take_the_time_of_all() -> None:
    """It is sought before the first; where it is found in time, no claim is the worse for it."""
    machine = attrs.evolve(SQUARE, properties=SQUARE.properties[2:3])
    system = as_system(machine)
    job = Job(lambda known: Worker(prepares_slowly, machine, known), timeout=2.0)
    for _ in listen([job]):
        pass

    assert ["proved"] * 5 == [job.decided[place].entry.kind for place in job.places], system


def prepares_slowly(tell: Any, target: Machine, known: Any) -> None:
    """A study of a machine whose invariants take longer than a claim may."""
    prepare = Prover.prepare

    def slowly(prover: Prover) -> None:
        time.sleep(2.5)
        prepare(prover)

    Prover.prepare = slowly  # type: ignore[method-assign]  # planted
    study_on([Study(target, alone=True)], [None], tell, known=known)


def test_what_takes_too_long_is_left_open_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A check or a property: another process takes over what was told, and asks no question again."""
    machine = attrs.evolve(SQUARE, properties=SQUARE.properties[2:])
    job = Job(lambda known: Worker(hangs_on, machine, known, str(tmp_path / "asked")), timeout=3.0)
    for _ in listen([job]):
        pass

    kinds = [job.decided[place].entry.kind for place in job.places]
    assert "unknown" == kinds[2] == kinds[4]
    assert {"proved", "refuted"} >= {kind for place, kind in enumerate(kinds) if place not in (2, 4)}
    assert "time limit: no verdict after 3 s" == job.decided[0, 2].entry.plain["why"]
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert len(asked) == len(set(asked)) == len(job.places)


def hangs_on(tell: Any, target: Machine, known: Any, asked: str) -> None:
    """A study that never comes back from the third check and from the first property."""
    decides = InVersion.decide

    def never(look: InVersion, claim: Property) -> Verdict:
        with open(asked, "a", encoding="utf-8") as file:
            file.write(f"{claim.sentence}\n")
        if look.claims.index(claim) in (2, 4):
            time.sleep(600)
        return decides(look, claim)

    InVersion.decide = never  # type: ignore[method-assign]  # planted
    study_on([Study(target, alone=True)], [None], tell, known=known)


def test_a_process_that_dies_leaves_open_what_it_looked_at() -> None:
    """As when there is not enough memory: nobody knows, and the rest is decided."""
    machine = attrs.evolve(SQUARE, properties=SQUARE.properties[2:])
    job = Job(lambda known: Worker(dies, machine, known))
    for _ in listen([job]):
        pass

    assert "the process that looked at it ended (signal 9)" == job.decided[0, 4].entry.plain["why"]
    assert "refuted" == job.decided[0, 5].entry.kind


def dies(tell: Any, target: Machine, known: Any) -> None:
    """A study that is killed at the first property."""
    decides = InVersion.decide

    def killed(look: InVersion, claim: Property) -> Verdict:
        if look.claims.index(claim) == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return decides(look, claim)

    InVersion.decide = killed  # type: ignore[method-assign]  # planted
    study_on([Study(target, alone=True)], [None], tell, known=known)


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
