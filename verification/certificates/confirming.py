"""Having every proof confirmed by the checker, which shares nothing with what found it, before it is called proved.

The checker (`fsm.verification.checker`) is given the canonical form and the evidence, as text, in another process,
while Z3 goes on; it asks questions of its own of cvc5. A proof that it does not confirm becomes unknown.

You may not turn any other verdict into proved here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

import attrs

from fsm.canonical.writing import write
from fsm.language.system import System
from fsm.storage.codec import written
from fsm.verification.certificates.files import SECTIONS, Certified, CertifiedSubject, TheorySection
from fsm.verification.certificates.questions.by_kind import admits, claim_id
from fsm.verification.certificates.schema import EvidenceDocument, evidence_out
from fsm.verification.checker.asking import outcomes_of
from fsm.verification.decide.elsewhere.processes import Apart, WorkFailed
from fsm.verification.definition import ORDER, SATISFIED, satisfies
from fsm.verification.evidence import Evidence, How, by_questions
from fsm.verification.messages import confirmation
from fsm.verification.verdict import THIS_VERSION, Proved, Refuted, Report, Unknown, Verdict

__all__ = [
    "Checker",
    "Confirmation",
    "begin",
    "canonical",
    "checker",
    "confirmed",
    "order_of",
    "sections_of",
]

Answered = dict[str, str]
"""For each claim why it is not confirmed, empty where it is."""


@attrs.define(eq=False)
class Checker:
    """The other process. What several versions of one declaration have in common it is asked once."""

    pool: Executor
    _asked: dict[tuple[str, ...], Future[Answered]] = attrs.field(factory=dict)
    _declarations: dict[int, tuple[Any, str]] = attrs.field(factory=dict)

    def ask(
        self, subject: CertifiedSubject, fixed: Mapping[str, Any], claims: Mapping[str, Evidence]
    ) -> dict[str, Future[Answered]]:
        """What will be answered of each claim; those that were not sent before are sent together."""
        declaration = self._declaration(subject)
        keys = {name: (declaration, order_of(subject, fixed, {name: one})) for name, one in claims.items()}
        new = {name: one for name, one in claims.items() if keys[name] not in self._asked}
        if new:
            answer = self.pool.submit(outcomes_of, declaration, order_of(subject, fixed, new))
            self._asked.update({keys[name]: answer for name in new})
        return {name: self._asked[key] for name, key in keys.items()}

    def _declaration(self, subject: CertifiedSubject) -> str:
        system = subject.system
        if id(system) not in self._declarations:
            self._declarations[id(system)] = system, canonical(subject)
        return self._declarations[id(system)][1]


def canonical(subject: CertifiedSubject) -> str:
    """The declaration that it is about, for whoever has not the author's module."""
    return write(subject.declaration)


def order_of(subject: CertifiedSubject, fixed: Mapping[str, Any], claims: Mapping[str, Evidence]) -> str:
    """What is asked of some claims, as text."""
    lemmas = [
        str(one)
        for evidence in claims.values()
        for one in (*evidence.lemmas, *evidence.timers, *evidence.proofs)
    ]  # fmt: skip
    met = {
        symbol: values
        for evidence in claims.values()
        for symbol, values in (*((one, (0,)) for one in evidence.met.empty), *evidence.met.values.items())
    }
    order = {
        "fixed": subject.runs.values(fixed),
        "lemmas": list(dict.fromkeys(lemmas)),
        "met": [(str(symbol), list(known)) for symbol, known in met.items()],
        "claims": [(name, written(evidence_out(one, subject), EvidenceDocument)) for name, one in claims.items()],
    }
    return json.dumps(order)


@attrs.define(eq=False)
class Confirmation:
    """A report whose proofs are being confirmed.

    Attributes:
        of: for each verdict of the report that the checker is asked about, its id and what will be answered.
        wrong: for each whose evidence is none, what is wrong with it.
    """

    report: Report
    of: Mapping[int, tuple[str, Future[Answered]]]
    wrong: Mapping[int, str]

    def finish(self) -> Report:
        """The report with what was confirmed."""
        definition, properties = (
            tuple(map(self._judged, said)) for said in (self.report.definition, self.report.verdicts)
        )
        words = confirmation(confirm=True)
        return attrs.evolve(self.report, definition=definition, verdicts=properties, confirmed=words)

    def _judged(self, verdict: Verdict) -> Verdict:
        if isinstance(verdict, Unknown):
            return verdict
        found = "proves" if isinstance(verdict, Proved) else "refutes"
        if id(verdict) in self.wrong:
            return Unknown(verdict.claim, f"Z3 {found} it ({verdict.argument}), and {self.wrong[id(verdict)]}")
        if id(verdict) not in self.of:
            return verdict
        claim, answer = self.of[id(verdict)]
        try:
            outcomes = answer.result()
        except WorkFailed as ended:
            return Unknown(verdict.claim, str(ended))
        why = outcomes.get(claim, "nothing was answered")
        if not why:
            return verdict
        if isinstance(verdict, Refuted) and _is_unshown(why):
            return attrs.evolve(verdict, argument=f"{verdict.argument}; the checker takes the run, {RESTS}")
        hint = "With --fast the answer of Z3 alone is taken."
        return Unknown(
            verdict.claim, f"Z3 {found} it ({verdict.argument}), the checker does not confirm it: {why}", hint
        )


def _is_unshown(why: str) -> bool:
    """Whether the checker took a run, and what it shows is not known."""
    from fsm.verification.checker.answering import UNSHOWN

    return why.startswith(UNSHOWN)


@contextmanager
def checker() -> Iterator[Checker]:
    """The other process."""
    with Apart() as process:
        yield Checker(process)


def confirmed(report: Report) -> Report:
    """A report with every proof confirmed, or unknown."""
    with checker() as other:
        return begin(report, other).finish()


def begin(report: Report, other: Checker) -> Confirmation:
    """Have the proofs of a report looked at; `finish` waits for what is found."""
    subject = CertifiedSubject(report.kind, report.name, report.system, report.profile)
    of: dict[int, tuple[str, Future[Answered]]] = {}
    wrong: dict[int, str] = {}
    for name, fixed, verdicts in _places(report, subject):
        of_definition = name == SECTIONS[0]
        shown = {id(one): shown_by(one, report.system, of_definition=of_definition) for one in verdicts}
        complaints = {id(one): _complaint(one, of_definition=of_definition) for one in verdicts}
        wrong |= {one: complaint for one, complaint in complaints.items() if complaint}
        asked = {
            str(claim_id(report.system, one.claim, of_definition=of_definition)): one
            for one in verdicts
            if shown[id(one)] is not None and not complaints[id(one)]
        }
        if asked:
            answers = other.ask(
                subject, fixed, {key: evidence for key, one in asked.items() if (evidence := shown[id(one)])}
            )
            of |= {id(one): (key, answers[key]) for key, one in asked.items()}
    for verdict, fixed in _assumptions(report):
        from fsm.verification.checker.answering import ASSUMPTIONS

        answer = other.ask(subject, fixed, {ASSUMPTIONS: Evidence(How.IMPLIED, refuted=True)})
        of[id(verdict)] = ASSUMPTIONS, answer[ASSUMPTIONS]
    return Confirmation(report, of, wrong)


def _assumptions(report: Report) -> Iterator[tuple[Verdict, dict[str, Any]]]:
    """Each verdict that nothing satisfies the assumptions, with the parameters that are given."""
    named = {satisfies(one.name): dict(one.values) for one in report.system.profiles}
    for verdict in report.definition:
        if isinstance(verdict, Refuted) and verdict.claim.sentence in {SATISFIED, *named}:
            yield verdict, named.get(verdict.claim.sentence, {})


def shown_by(verdict: Verdict, system: System, *, of_definition: bool) -> Evidence | None:
    """What the checker is asked about: the evidence of a proof, or of a refutation without a run; a run that breaks a claim, by what is met on it or cannot come after it."""
    if isinstance(verdict, Unknown):
        return None
    if isinstance(verdict, Refuted) and verdict.trace is not None:
        if of_definition and verdict.claim.sentence not in ORDER:
            return None
        claim = claim_id(system, verdict.claim, of_definition=of_definition)
        lemmas = () if verdict.evidence is None else verdict.evidence.lemmas
        return Evidence(How.RUNS, lemmas, runs={claim: verdict.trace}, refuted=True)
    if isinstance(verdict, Refuted) and verdict.evidence is not None:
        return attrs.evolve(verdict.evidence, refuted=True)
    return verdict.evidence


RESTS = "that nothing else can follow rests on the runtime alone"


def _complaint(verdict: Verdict, *, of_definition: bool) -> str:
    """Why nobody needs to be asked: it is no evidence of such a claim."""
    if isinstance(verdict, Unknown) or (isinstance(verdict, Refuted) and verdict.trace is not None):
        return ""
    if verdict.evidence is None:
        return "there is no certificate of it"
    if isinstance(verdict, Refuted):
        return ""
    complaint = admits(verdict.claim, of_definition, verdict.evidence)
    return f"its certificate is none: {complaint}" if complaint else ""


def sections_of(report: Report) -> tuple[TheorySection, ...]:
    """The claims of a report with their evidence: the definition, what holds in every version, what is said of this one."""
    subject = CertifiedSubject(report.kind, report.name, report.system, report.profile)
    return tuple(_section(subject, *place) for place in _places(report, subject))


def _places(report: Report, subject: CertifiedSubject) -> Iterator[tuple[str, dict[str, Any], tuple[Verdict, ...]]]:
    """For each section its name, the values of parameters in it, and the verdicts."""
    fixed: tuple[dict[str, Any], ...] = ({}, {}, subject.fixed)
    yield from zip(SECTIONS, fixed, _parted(report), strict=True)


def _section(
    subject: CertifiedSubject,
    name: str,
    fixed: Mapping[str, Any],
    verdicts: tuple[Verdict, ...],
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
    return TheorySection(subject, name, fixed, certified)


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
