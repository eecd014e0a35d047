"""Each kind of proof that the checker knows: evidence that it believes, what it does not believe, and that no question is empty."""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    Assumption,
    Field,
    Machine,
    State,
    System,
    always,
    each,
    event,
    inside,
    integer,
    leads_to,
    parameter,
    wire,
)
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.verification.checker.certificate import ARGUMENTS, CHECKS, Session, check_certificate
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section, Version
from fsm.verification.checker.proofs.induction import by_induction
from fsm.verification.checker.proofs.named import lemma_of
from fsm.verification.checker.solver import Answer, InProcess, Program
from fsm.verification.checker.unknowns import Unknowns

PROVED = Path(__file__).parents[2] / "regression" / "proved"
WATCH = ("stopwatch positive", "stopwatch before goal", "stopwatch in time", "stopwatch exact 0 0", "stopwatch off 0 1")

sure, late = parameter("sure", bool, False), parameter("late", int, 5, low=1)


@event
class Go:
    pass


@event
class Late:
    """Sent by time."""


@event
class Enter:
    pass


@event
class Arrive:
    who: Field[str]


@attrs.frozen
class Case:
    """A claim of a machine of the regression tests, with what it rests on."""

    file: str
    claim: str
    evidence: Evidence
    lemmas: tuple[str, ...] = ()
    section: str = "properties"

    def text(self) -> str:
        return write(resolve(f"{PROVED / self.file}.py:SUBJECT"))

    def confirmed(self, solver: InProcess | None = None, **changed: Any) -> bool:
        """Whether the checker confirms it; with something in the evidence or the declaration exchanged."""
        lemmas = changed.pop("lemmas", self.lemmas)
        values = {name: getattr(self.evidence, name) for name in self.evidence.__dataclass_fields__}
        section = Section(lemmas, {self.claim: Evidence(**{**values, **changed})})
        sections = dict.fromkeys(("definition", "properties", "version"), Section((), {})) | {self.section: section}
        [outcome] = check_certificate(
            read_declaration(self.text()), Version(), sections, solver or InProcess()
        ).values()
        return not outcome.why


RANK = Case("mutual_exclusion", "claim 2", Evidence("RANK", {"cell 0 1": 2, "cell 0 2": 1}))
WAITING = Case(
    "elevator",
    "claim 5",
    Evidence("RANK", {"state 0 0": 1, "state 0 1": 2, "value 0 0 1": 1, "value 0 0 2": 2, "value 0 0 3": 3}, ("waiting",)),
    ("unfired 0 1 0",),
)  # fmt: skip
PROGRESS = Case(
    "draining_fair",
    "claim 1",
    Evidence("PROGRESS", {"cell 1 1": 2, "cell 1 2": 1}, ("lowers 1", "lowers 2"), ("premise", "elsewhere 0 0")),
)
CLOCK = Case("kept_warm", "claim 0", Evidence("CLOCK", clock=WATCH))
SUMS = Case(
    "retries",
    "claim 1",
    Evidence(
        "CLOCK", clock=("stopwatch sum 0 1 1 0 1 0", "stopwatch off 0 0", "stopwatch off 0 2", "stopwatch off 0 3")
    ),
    ("lapsed 0 1 0",),
)
LAPSES = Case(
    "retries",
    "claim 3",
    Evidence("PROGRESS", {"value 0 0 0": 3, "value 0 0 1": 2, "value 0 0 2": 1, "waits 0 1 0": 1}, ("waiting",), ("premise", "elsewhere 0 0", "elsewhere 0 2", "elsewhere 0 3")),
    ("lapsed 0 1 0",),
)  # fmt: skip
LAPS = Case(
    "long_way_fair",
    "claim 0",
    Evidence("PROGRESS", {"gap 2 0 0 0 0 0": 1}, ("lowers 1", "lowers 2"), ("premise",)),
)
SIDE_BY_SIDE = Case(
    "railway_crossing",
    "claim 1",
    Evidence("CLOCK", clock=("claim 1", "apart 0 0 1 1", "apart 0 1 1 0", "apart 0 2 1 0", "older 1 1 0 1")),
)
FOUND = Case("finite", "claim 0", Evidence("FOUND", formula="(let ((a!1 (= v0.0 5))) (and (>= v0.0 0) (not (or (= v0.0 3) (= v0.0 1) a!1))))"))  # fmt: skip
LONGER = Case("turnstile", "claim 0", Evidence("LONGER", k=2))
GUARDS = Case("elevator", "check 3", Evidence("IMPLIED"), section="definition")
WIRES = Case("lock_server", "check 4", Evidence("IMPLIED"), section="definition")
ENDS = Case("elevator", "check 6", Evidence("IMPLIED"), section="definition")
INVARIANT = Case("semaphore", "claim 1", Evidence("INVARIANT"))
STEPS = Case("elevator", "claim 1", Evidence("STEPS"))
TIMERS = Case("self_stabilising_ring", "check 5", Evidence("TIMERS"), section="definition")
CASES = [
    INVARIANT,
    STEPS,
    TIMERS,
    RANK,
    WAITING,
    PROGRESS,
    CLOCK,
    SUMS,
    LAPSES,
    LAPS,
    SIDE_BY_SIDE,
    FOUND,
    LONGER,
    GUARDS,
    WIRES,
    ENDS,
]


def name(case: Case) -> str:
    return f"{case.evidence.how}-{case.claim}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_a_proof_shows_is_confirmed(case: Case) -> None:
    """Of each kind."""
    assert case.confirmed()


EDITS: list[tuple[Case, dict[str, Any]]] = [
    (RANK, {"weights": {}}),
    (RANK, {"weights": {"cell 0 1": 1, "cell 0 2": 1}}),
    (RANK, {"weights": {"cell 0 1": 2, "cell 0 2": -1}}),
    (RANK, {"weights": {"cell 0 1": 2, "cell 1 2": 1}}),
    (RANK, {"weights": {"cell 0 1": 10**100, "cell 0 2": 1}}),
    (RANK, {"weights": {"cell 0 1": 2**64, "cell 0 2": 2**64}}),
    (RANK, {"how": "INVARIANT"}),
    (WAITING, {"lowered_by": ()}),
    (WAITING, {"weights": {"state 0 0": 2, "state 0 1": 1, "value 0 0 1": 1, "value 0 0 2": 2, "value 0 0 3": 3}}),
    (WAITING, {"weights": {"state 0 0": 1, "state 0 1": 2}}),
    (PROGRESS, {"weights": {"cell 1 1": 1, "cell 1 2": 1}}),
    (PROGRESS, {"lowered_by": ("lowers 1",)}),
    (PROGRESS, {"lowered_by": ("lowers 1", "lowers 3")}),
    (PROGRESS, {"lowered_by": ("waiting",)}),
    (PROGRESS, {"pending": ()}),
    (PROGRESS, {"pending": ("premise", "elsewhere 0 1")}),
    (PROGRESS, {"how": "RANK"}),
    (CLOCK, {"clock": ()}),
    (CLOCK, {"clock": WATCH[:3]}),
    (CLOCK, {"how": "STEPS"}),
    (SUMS, {"clock": SUMS.evidence.clock[1:]}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 0 0 0", *SUMS.evidence.clock[1:])}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 0 1", *SUMS.evidence.clock[1:])}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 9 1 0", *SUMS.evidence.clock[1:])}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 0 1 0 1 0 4 0", *SUMS.evidence.clock[1:])}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 0 5 0", *SUMS.evidence.clock[1:])}),
    (SUMS, {"clock": ("stopwatch sum 0 1 1 0 1 7", *SUMS.evidence.clock[1:])}),
    (LAPSES, {"weights": {"value 0 0 0": 3, "value 0 0 1": 2, "value 0 0 2": 1}}),
    (LAPSES, {"weights": {**LAPSES.evidence.weights, "waits 0 0 0": 1}}),
    (LAPS, {"weights": {}}),
    (LAPS, {"weights": {"gap 0 0 0 2 0 0": 1}}),
    (LAPS, {"weights": {"gap 2 0 0 0 0 1": 1}}),
    (LAPS, {"weights": {"gap 2 0 0 1 0 0": 1}}),
    (LAPS, {"weights": {"gap 2 0 0 0 0": 1}}),
    (LAPS, {"weights": {"gap 2 0 0 0 0 0": -1}}),
    (LAPS, {"weights": {"gap 2 7 0 0 0 0": 1}}),
    (LAPS, {"weights": {"gap 3 0 0 0 0 0": 1}}),
    (SIDE_BY_SIDE, {"clock": SIDE_BY_SIDE.evidence.clock[:-1]}),
    (SIDE_BY_SIDE, {"clock": (*SIDE_BY_SIDE.evidence.clock[:-1], "older 0 1 1 2")}),
    (SIDE_BY_SIDE, {"clock": (*SIDE_BY_SIDE.evidence.clock[:-1], "older 1 1 9 1")}),
    (SIDE_BY_SIDE, {"clock": SIDE_BY_SIDE.evidence.clock[1:]}),
    (FOUND, {"formula": "true"}),
    (FOUND, {"formula": "false"}),
    (FOUND, {"formula": "(not (= v0.0 5))"}),
    (FOUND, {"formula": "(= 0 1) (check-sat"}),
    (FOUND, {"formula": "(= v0.0 x1)"}),
    (FOUND, {"formula": "(= v0.9 0)"}),
    (LONGER, {"k": 1}),
    (LONGER, {"k": 0}),
    (LONGER, {"k": 5}),
    (LONGER, {"how": "INVARIANT"}),
    (GUARDS, {"how": "TIMERS"}),
]


@pytest.mark.parametrize(
    ("case", "changed"), EDITS, ids=[f"{name(case)}-{place}" for place, (case, _) in enumerate(EDITS)]
)
def test_evidence_that_is_edited_shows_nothing(case: Case, changed: dict[str, Any]) -> None:
    """Less than is needed, something else, of another kind, or nothing that there is."""
    assert not case.confirmed(**changed)


@pytest.mark.parametrize("case", [case for case in CASES if case not in (INVARIANT, STEPS)], ids=name)
def test_evidence_of_another_claim_shows_nothing(case: Case) -> None:
    """Each laid beside this claim in turn, where it is of another kind; what every step keeps or does by itself needs no evidence, and is left out; but the clock of the same machine, which shows what comes in the end as well."""
    kinds = {"PROGRESS", "CLOCK"}
    others = [other for other in CASES if other.evidence.how != case.evidence.how]
    others = [other for other in others if other.file != case.file or {other.evidence.how, case.evidence.how} != kinds]

    assert [] == [name(other) for other in others if attrs.evolve(case, evidence=other.evidence).confirmed()]


def test_a_claim_that_holds_in_the_first_moments_alone_is_not_confirmed() -> None:
    """A counter that goes to three, of which it is said that it stays below: so it is for two moments in a row, and for three."""
    here, many = State("here"), integer("many", 0, 3)
    counts = here.on(Go).when(many < 3).stay().set(many, many + 1)
    machine = Machine("counts", (here,), here, (counts,), (many,), properties=(always("below", many < 3),))
    for k in (2, 3, 4):
        section = Section((), {"claim 0": Evidence("LONGER", k=k)})
        sections = {"definition": Section((), {}), "properties": section, "version": Section((), {})}
        [outcome] = check_certificate(read_declaration(write(machine)), Version(), sections, InProcess()).values()
        assert outcome.failed


@pytest.mark.parametrize(
    ("second", "lemmas", "shown"),
    [
        pytest.param(~sure, ("lapsed 0 0 0", "lapsed 0 0 1"), True, id="opposite guards"),
        pytest.param(~sure, ("lapsed 0 0 0",), False, id="one of the lemmas"),
        pytest.param(~sure, ("lapsed 0 0 0", "lapsed 0 1 1", "lapsed 0 0 2"), False, id="of timers that there are not"),
        pytest.param(~sure & (late > 6), ("lapsed 0 0 0", "lapsed 0 0 1"), False, id="guards that may both fail"),
    ],
)
def test_a_timer_that_would_end_a_stay_and_has_fired_has_lapsed(
    second: Any, lemmas: tuple[str, ...], shown: bool
) -> None:
    """Of two timers with opposite guards one ends the stay, whatever the parameter is."""
    here, there = State("here"), State("there")
    lines = (
        here.after(late, Late).when(sure).to(there),
        here.after(late, Late).when(second).to(there),
        there.on(Go).to(here),
    )
    text = write(Machine("picks", (here, there), here, lines))
    section = Section(lemmas, {"check 6": Evidence("IMPLIED")})
    sections = {"definition": section, "properties": Section((), {}), "version": Section((), {})}
    [outcome] = check_certificate(read_declaration(text), Version(), sections, InProcess()).values()
    assert shown is (not outcome.why)


@pytest.mark.parametrize(
    ("lemma", "shown"),
    [
        ("bound 0 0 0 3", True),
        ("bound 0 0 0 2", False),
        ("bound 0 0 1 0", True),
        ("bound 0 0 1 1", True),
        ("bound 0 0 1 2", False),
        ("bound 0 0 2 0", True),
        ("bound 0 0 4 0", False),
        ("bound 0 0 3 0", False),
        ("bound 0 0 6 0", False),
        ("bound 0 0 2 9", False),
        ("bound 0 9 0 3", False),
    ],
)
def test_a_bound_is_believed_where_it_is_kept(lemma: str, shown: bool) -> None:
    """A counter that goes to three, or as far as a parameter of three and more allows."""
    here, many = State("here"), integer("many", -1, None)
    most = parameter("most", int, 3, low=2)
    counts = here.on(Go).when((many < most) & (many < 2)).stay().set(many, many + 1)
    text = write(Machine("counts", (here,), here, (counts,), (many,), properties=(always("so", many < 3),)))
    asked = by_induction(
        Unknowns(read_declaration(text), {}),
        (),
        [one] if (one := lemma_of(read_declaration(text), lemma)) else [],
        {},
        InProcess(),
    )
    assert shown is bool(asked.held)


class Twins(InProcess):
    """Asks of what every question takes for granted whether it can be so at all."""

    def __init__(self) -> None:
        self.empty: list[str] = []
        self.asked = 0

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[Answer]:
        self.asked += 1
        if super().ask(common, [["(assert true)"]]) != ["sat"]:
            self.empty.append("\n".join(common))
        return super().ask(common, questions)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_a_question_takes_for_granted_can_be_so(case: Case) -> None:
    """A question that is answered with no since nothing is so shows nothing: each has a twin that is answered with yes."""
    twins = Twins()

    assert case.confirmed(twins)
    assert [] == twins.empty


def test_there_is_a_case_of_each_kind_of_proof_that_a_solver_is_asked_about() -> None:
    """So that none is without its twins."""
    asked = {how for _, how, _ in ARGUMENTS} | {how for _, how in CHECKS} | {"INVARIANT", "STEPS"}

    assert asked == {case.evidence.how for case in CASES}


HARD = [
    "(declare-const x Int)",
    "(declare-const y Int)",
    "(assert (and (> x 1) (> y 1) (= (* x x x) (+ 7 (* y y y y)))))",
]


def test_cvc5_answers_gives_up_and_admits_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three answers; whatever goes wrong is the third, also where it prints an answer of its own."""
    asked = [["(assert false)"], ["(assert true)"], ["(check-sat)"], ["(assert whatever)"]]
    assert ["unsat", "sat"] == InProcess().ask(["(set-logic ALL)"], asked[:2])
    assert all(
        answer.startswith("unknown") for one in asked[2:] for answer in InProcess().ask(["(set-logic ALL)"], [one])
    )

    monkeypatch.setattr("fsm.verification.checker.solver.BUDGET", 1)
    assert ["unknown"] == InProcess().ask(["(set-logic ALL)"], [HARD])


@pytest.mark.parametrize(
    ("does", "answer"),
    [
        ("echo unsat", "unsat"),
        ("echo '  sat  '", "sat"),
        ("echo unknown", "unknown"),
        ("echo unsat unsat", "unknown"),
        ("echo UNSAT", "unknown"),
        ("true", "unknown"),
        ("echo unsat; exit 1", "unknown"),
        ("echo unsat; kill -SEGV $$", "unknown"),
        ("echo unsat; echo beware >&2", "unknown"),
        ("echo unsat; echo sat", "unknown"),
        ("yes", "unknown"),
        ("yes >&2", "unknown"),
        ("echo unsat; exec sleep 60", "unknown"),
        ("sleep 60 & echo unsat", "unknown"),
        ("echo unsat; sleep 60 >&- 2>&- & exit 0", "unknown"),
        ("echo unsat; exec >&- 2>&-; sleep 60", "unknown"),
        ("printf 'un\\033[2Jsat'", "unknown"),
    ],
)
def test_a_program_is_believed_when_it_ends_well_and_says_one_word(does: str, answer: str) -> None:
    """No more of it is read than an answer needs, and what it leaves running is ended: each comes back."""
    assert [answer] == Program(shlex.join(("sh", "-c", does)), seconds=1.0).ask([], [[]])


def test_what_a_program_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    """A process in a session of its own, which holds the output open: the program has ended, and is not believed."""
    left = tmp_path / "left"
    does = f"setsid sh -c 'echo $$ > {left}.new; mv {left}.new {left}; exec sleep 300' & while ! [ -e {left} ]; do sleep 0.01; done; echo unsat"

    said = Program(shlex.join(("sh", "-c", does))).ask([], [[]])

    os.kill(int(left.read_text()), signal.SIGKILL)  # it is there still
    assert ["unknown"] == said


def test_a_program_that_is_silent_again_and_again_is_not_asked_any_more() -> None:
    """Otherwise a check of many questions would have no end."""
    program = Program("sh -c 'exec sleep 60'", seconds=0.05)

    assert [False, False, False, True, True] == ["again" in program.ask([], [[]])[0] for _ in range(5)]


@pytest.mark.parametrize("command", ["", "  ", "'", '"', "sh 'x", "sh\0", "no-such-solver"])
def test_what_is_no_command_is_told_before_anything_is_asked(command: str) -> None:
    """As a shell reads it."""
    with pytest.raises(ValueError, match=r"is no command|No closing quotation"):
        Program(command)


@pytest.mark.parametrize(("bound", "confirmed"), [(3, True), (0, False), (-1, False)])
def test_nothing_is_confirmed_where_nothing_satisfies_the_assumptions(bound: int, confirmed: bool) -> None:
    """Of no values of the parameters every claim would hold."""
    here, size = State("here"), parameter("size", int, 3, low=1)
    machine = Machine("still", (here,), here, (here.on(Go).stay(),), properties=(always("it is", inside(here)),))
    text = write(attrs.evolve(machine, assumptions=(Assumption("small", size <= 3),)))
    section = Section((), {"claim 0": Evidence("INVARIANT")})
    sections = {"definition": Section((), {}), "properties": section, "version": Section((), {})}
    changed = read_declaration(text.replace('{"constant":3}', f'{{"constant":{bound}}}'))
    [outcome] = check_certificate(changed, Version(), sections, InProcess()).values()

    assert confirmed is not bool(outcome.why)


@pytest.mark.parametrize(("where", "why"), [("nowhere", ""), ("there", "not all is so that should be: sat")])
def test_that_somebody_is_where_no_line_leads_is_never_so(where: str, why: str) -> None:
    """Whoever waits there is served in the end, since nobody ever does: evidence may say so. Of where somebody can be it shows nothing."""
    gone, there, nowhere = (State(name) for name in ("gone", "there", "nowhere"))
    machine = Machine("guest", (gone, there, nowhere), gone, (gone.on(Enter).to(there), nowhere.on(Enter).to(gone)))
    guests = each("guests", machine, key="who")
    waiting = guests.any(nowhere if where == "nowhere" else there)
    claim = leads_to("whoever waits is served", waiting, ~waiting, fair=(Arrive,))
    system = System("hall", (guests,), wires=(wire(Arrive, guests[Arrive.who].by(Enter)),), properties=(claim,))
    evidence = Evidence("PROGRESS", lowered_by=("lowers 0",), pending=("some 0 2",))

    session = Session(read_declaration(write(system)), InProcess())
    assert session.outcomes({}, Section((), {"claim 0": evidence}))["claim 0"].why == why
