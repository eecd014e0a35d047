"""Having every proof confirmed by a solver that did not find it, before it is called proved.

The questions are made from the declaration and answered by cvc5 in another process while Z3 goes on.
A proof that it does not confirm becomes unknown; two solvers that contradict each other are a defect,
and both answers are printed.

You may not turn any other verdict into proved here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import attrs
import z3

from fsm.verification.certificates.evidence import by_questions
from fsm.verification.certificates.folder import Certified, Query, Section, Subject
from fsm.verification.certificates.solvers import Answer, Said, ask_all, cvc5_name
from fsm.verification.verdict import Proved, Unknown, Verdict
from fsm.verification.verify import Report

__all__ = ["Confirmation", "Disagreement", "begin", "confirmed", "second_solver", "sections_of"]

AT_ONCE = 40
"""How many questions are sent to the other process together."""


class Disagreement(Exception):
    """Two solvers contradict each other: one of them, or what asks them, is wrong."""


@attrs.frozen(eq=False)
class Confirmation:
    """A report whose questions are being answered.

    Attributes:
        answers: for each batch of scripts, what will come back.
    """

    report: Report
    sections: tuple[Section, Section]
    answers: tuple[tuple[Sequence[Query], Future[list[Answer]]], ...]

    def finish(self) -> Report:
        """The report with what was confirmed.

        Raises:
            Disagreement: cvc5 contradicts Z3.
        """
        said = {query.text: answer for batch, future in self.answers for query, answer in zip(batch, future.result(), strict=True)}
        definition, properties = ([_judged(verdict, section, said) for verdict in of] for of, section in zip(_verdicts(self.report), self.sections, strict=True))
        words = f"Every proof is confirmed by {cvc5_name()}, which was asked {len(said)} questions; runs are replayed."
        return attrs.evolve(self.report, definition=tuple(definition), verdicts=tuple(properties), confirmed=words)


@contextmanager
def second_solver() -> Iterator[Executor]:
    """The other process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


def confirmed(report: Report) -> Report:
    """A report with every proof confirmed, or unknown.

    Raises:
        Disagreement: cvc5 contradicts Z3.
    """
    with second_solver() as pool:
        return begin(report, pool).finish()


def begin(report: Report, pool: Executor) -> Confirmation:
    """Send the questions of a report; `finish` waits for the answers."""
    sections = sections_of(report)
    each = list({query.text: query for section in sections for query in section.queries}.values())
    batches = [each[place : place + AT_ONCE] for place in range(0, len(each), AT_ONCE)]
    return Confirmation(report, sections, tuple((batch, pool.submit(ask_all, [one.text for one in batch])) for batch in batches))


def sections_of(report: Report) -> tuple[Section, Section]:
    """The claims of a report with their evidence."""
    subject = Subject(report.kind, report.name, report.system, report.profile)
    fixed: tuple[dict[str, Any], dict[str, Any]] = ({}, subject.fixed)
    first, second = (
        Section(subject, name, values, tuple(Certified(one.claim, one.evidence if isinstance(one, Proved) else None, type(one).__name__.lower()) for one in of))
        for name, values, of in zip(("definition", "properties"), fixed, _verdicts(report), strict=True)
    )
    return first, second


def _verdicts(report: Report) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    return report.definition, report.verdicts


def _judged(verdict: Verdict, section: Section, said: dict[str, Answer]) -> Verdict:
    if not isinstance(verdict, Proved):
        return verdict
    claim, evidence = verdict.claim, verdict.evidence
    if evidence is None:
        return Unknown(claim, f"Z3 proves it ({verdict.argument}), and there is no certificate of it")
    if claim.sentence in section.wrong:
        return Unknown(claim, f"Z3 proves it, and its certificate is none: {section.wrong[claim.sentence]}")
    if not by_questions(evidence):
        return verdict
    for query in section.needs(claim, evidence):
        answer = said[query.text]
        if answer.said is Said.SAT:
            return _contradicted(verdict, query)
        if answer.said is Said.UNKNOWN:
            return Unknown(claim, f"Z3 proves it, cvc5 does not answer {query.path}: {answer.why}", "With --fast the answer of Z3 alone is taken.")
    return verdict


def _contradicted(verdict: Proved, query: Query) -> Unknown:
    """cvc5 finds an answer: a defect where Z3 finds none to the same script, else a certificate that does not hold.

    Raises:
        Disagreement: Z3 finds none.
    """
    solver = z3.Solver()
    solver.from_string(query.text)
    if solver.check() == z3.unsat:
        raise Disagreement(f"Z3 answers unsat and cvc5 sat; one of them is wrong. {verdict.claim.sentence}: {query.path}\n{query.text}")
    return Unknown(verdict.claim, f"Z3 proves it, and its certificate does not hold: {query.path} has an answer")
