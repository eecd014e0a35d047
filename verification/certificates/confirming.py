"""Having every proof confirmed by a solver that did not find it, before it is called proved.

The questions are made from the declaration and answered by cvc5 in another process while Z3 goes on.
A proof that it does not confirm becomes unknown; two solvers that contradict each other are a defect,
and both answers are printed.

You may not turn any other verdict into proved here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

import attrs
import z3

from fsm.verification.certificates.files import SECTIONS, Certified, CertifiedSubject, Query, TheorySection
from fsm.verification.certificates.questions.by_kind import ORDER, claim_id
from fsm.verification.certificates.solvers import Answer, Said, ask_all
from fsm.verification.decide.processes import Apart, WorkFailed
from fsm.verification.evidence import How, by_questions
from fsm.verification.facts import FactId
from fsm.verification.messages import confirmed_in_words
from fsm.verification.verdict import THIS_VERSION, Proved, Report, Unknown, Verdict

__all__ = [
    "Confirmation",
    "SecondSolver",
    "SolversDisagree",
    "begin",
    "confirmed",
    "is_counted",
    "second_solver",
    "sections_of",
]  # fmt: skip

AT_ONCE = 20
"""How many questions are sent to the other process together."""


class SolversDisagree(Exception):
    """Two solvers contradict each other: one of them, or what asks them, is wrong."""


@attrs.define(eq=False)
class SecondSolver:
    """The other process. What several versions of one declaration have in common it is asked once."""

    pool: Executor
    _asked: dict[str, tuple[Future[list[Answer]], int]] = attrs.field(factory=dict)
    _bodies: dict[str, str] = attrs.field(factory=dict)
    _sections: dict[tuple[Any, ...], tuple[TheorySection, tuple[Verdict, ...]]] = attrs.field(factory=dict)
    _made: dict[tuple[Any, ...], dict[FactId | None, list[Query]]] = attrs.field(factory=dict)

    def ask(self, scripts: Iterable[str]) -> None:
        """Send what was not sent before, as soon as it is made."""
        new: dict[str, None] = {}
        for question in map(self._body, scripts):
            if question not in self._asked:
                new[question] = None
            if len(new) == AT_ONCE:
                self._send(new)
                new = {}
        if new:
            self._send(new)

    def _send(self, questions: Iterable[str]) -> None:
        batch = list(questions)
        future = self.pool.submit(ask_all, batch)
        self._asked.update({text: (future, at) for at, text in enumerate(batch)})

    def answer(self, script: str) -> Answer:
        """What came back, waited for."""
        future, at = self._asked[self._body(script)]
        try:
            return future.result()[at]
        except WorkFailed as ended:
            return Answer(Said.UNKNOWN, str(ended))

    def _body(self, script: str) -> str:
        if script not in self._bodies:
            self._bodies[script] = _uncommented(script)
        return self._bodies[script]

    def section(
        self, subject: CertifiedSubject, name: str, fixed: Mapping[str, Any], verdicts: tuple[Verdict, ...]
    ) -> TheorySection:
        """The claims with their evidence; made once of the same verdicts, which are kept so that they stay the same."""
        key = (id(subject.system), name, tuple(fixed.items()), tuple(map(id, verdicts)))
        if key not in self._sections:
            made = self._made.setdefault(key[:3], {})
            self._sections[key] = (_section(subject, name, fixed, verdicts, made), verdicts)
        return self._sections[key][0]


@attrs.frozen(eq=False)
class Confirmation:
    """A report whose questions are being answered.

    Attributes:
        sections: of each verdict of the report, those of the definition first.
    """

    report: Report
    sections: tuple[TheorySection, ...]
    solver: SecondSolver

    def finish(self) -> Report:
        """The report with what was confirmed.

        Raises:
            SolversDisagree: cvc5 contradicts Z3.
        """
        of = {
            id(one): section
            for parts, section in zip(_parted(self.report), self.sections, strict=True)
            for one in parts
        }
        definition, properties = (
            tuple(_judged(one, of[id(one)], self.solver.answer) if id(one) in of else one for one in said)
            for said in (self.report.definition, self.report.verdicts)
        )
        words = confirmed_in_words(len(self.questions), sum(map(is_counted, (*definition, *properties))))
        return attrs.evolve(self.report, definition=definition, verdicts=properties, confirmed=words)

    @property
    def questions(self) -> frozenset[str]:
        """What the other solver was asked."""
        return frozenset(query.text for section in self.sections for query in section.queries)


def is_counted(verdict: Verdict) -> bool:
    """Whether it is proved by going through all there is, which no other solver can be asked about."""
    return isinstance(verdict, Proved) and verdict.evidence is not None and verdict.evidence.how is How.ENUMERATION


@contextmanager
def second_solver() -> Iterator[SecondSolver]:
    """The other process."""
    with Apart() as process:
        yield SecondSolver(process)


def confirmed(report: Report) -> Report:
    """A report with every proof confirmed, or unknown.

    Raises:
        SolversDisagree: cvc5 contradicts Z3.
    """
    with second_solver() as solver:
        return begin(report, solver).finish()


def begin(report: Report, solver: SecondSolver) -> Confirmation:
    """Send the questions of a report; `finish` waits for the answers."""
    sections = _sections(report, solver.section)
    solver.ask(query.text for section in sections for query in section.queries)
    return Confirmation(report, sections, solver)


def sections_of(report: Report) -> tuple[TheorySection, ...]:
    """The claims of a report with their evidence: the definition, what holds in every version, what is said of this one."""
    return _sections(report, _section)


def _sections(
    report: Report, make: Callable[[CertifiedSubject, str, Mapping[str, Any], tuple[Verdict, ...]], TheorySection]
) -> tuple[TheorySection, ...]:
    subject = CertifiedSubject(report.kind, report.name, report.system, report.profile)
    fixed: tuple[dict[str, Any], ...] = ({}, {}, subject.fixed)
    return tuple(
        make(subject, name, values, of) for name, values, of in zip(SECTIONS, fixed, _parted(report), strict=True)
    )


def _section(
    subject: CertifiedSubject,
    name: str,
    fixed: Mapping[str, Any],
    verdicts: tuple[Verdict, ...],
    made: dict[FactId | None, list[Query]] | None = None,
) -> TheorySection:
    certified = tuple(
        Certified(
            claim_id(subject.system, one.claim, of_definition=name == SECTIONS[0]),
            one.claim,
            one.evidence if isinstance(one, Proved) else None,
            type(one).__name__.lower(),
        )
        for one in verdicts
    )
    return TheorySection(subject, name, fixed, certified, {} if made is None else made)


def _parted(report: Report) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...], tuple[Verdict, ...]]:
    """The verdicts of each section, in the order of the declaration."""
    fixed = bool(report.version)
    everywhere = tuple(one for one in report.verdicts if not fixed or _in_every_version(one))
    return (
        certified_checks(report.definition),
        everywhere,
        tuple(one for one in report.verdicts if fixed and not _in_every_version(one)),
    )


def certified_checks(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The checks of a definition that certificates speak of: whether assumptions can be satisfied, whoever checks one asks anew."""
    return tuple(one for one in verdicts if one.claim.sentence in ORDER)


def _in_every_version(verdict: Verdict) -> bool:
    return (
        isinstance(verdict, Proved)
        and verdict.covers != THIS_VERSION
        and verdict.evidence is not None
        and by_questions(verdict.evidence)
    )


def _judged(verdict: Verdict, section: TheorySection, said: Callable[[str], Answer]) -> Verdict:
    if not isinstance(verdict, Proved):
        return verdict
    claim, evidence = verdict.claim, verdict.evidence
    id_ = claim_id(section.subject.system, claim, of_definition=section.of_definition)
    if evidence is None:
        return Unknown(claim, f"Z3 proves it ({verdict.argument}), and there is no certificate of it")
    if id_ in section.wrong:
        return Unknown(claim, f"Z3 proves it, and its certificate is none: {section.wrong[id_]}")
    if not by_questions(evidence):
        return verdict
    for query in section.needs(id_, evidence):
        answer = said(query.text)
        if answer.said is Said.SAT:
            return _contradicted(verdict, query)
        if answer.said is Said.UNKNOWN:
            return Unknown(
                claim,
                f"Z3 proves it, cvc5 does not answer {query.path}: {answer.why}",
                "With --fast the answer of Z3 alone is taken.",
            )
    return verdict


def _uncommented(script: str) -> str:
    """The question itself: two that say the same of different claims are one."""
    return "\n".join(line for line in script.splitlines() if not line.startswith(";"))


def _contradicted(verdict: Proved, query: Query) -> Unknown:
    """cvc5 finds an answer: a defect where Z3 finds none to the same script, else a certificate that does not hold.

    Raises:
        SolversDisagree: Z3 finds none.
    """
    solver = z3.Solver(ctx=z3.Context())  # of its own: somebody else may be asking Z3 just now
    solver.from_string(query.text)
    if solver.check() == z3.unsat:
        raise SolversDisagree(
            f"Z3 answers unsat and cvc5 sat; one of them is wrong. {verdict.claim.sentence}: {query.path}\n{query.text}"
        )
    return Unknown(verdict.claim, f"Z3 proves it, and its certificate does not hold: {query.path} has an answer")
