"""Checking certificates: everything in them is made once more from the declaration, compared, and asked again.

Of the folder only names are believed for as long as it takes to look them up: which lemmas, which weights,
which runs. The questions come from the declaration. One that is missing, edited, or one too many is named;
so is one that the solver does not answer with `unsat`.

You may not skip a question because the folder says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from fsm.canonical.fingerprint import fingerprint
from fsm.checks.assumptions import Assumed
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.traces.trace import Trace
from fsm.verification.certificates.files import SECTIONS, Certified, CertifiedSubject, Query, TheorySection, run_paths
from fsm.verification.certificates.questions.by_kind import allowed_script, claim_id, definition_of
from fsm.verification.certificates.reading import (
    BadCertificate,
    files_in,
    is_text,
    names_in,
    plainly,
    read_document,
    read_json,
)
from fsm.verification.certificates.replaying import counted_again, replayed, shows
from fsm.verification.certificates.schema import (
    CERTIFICATE,
    FORMAT,
    CertificateDocument,
    ClaimDocument,
    EntryDocument,
    IndexDocument,
    SectionDocument,
    evidence_in,
    facts_in,
)
from fsm.verification.certificates.solvers import Answer, Said
from fsm.verification.certificates.theory import BadEvidence
from fsm.verification.certificates.writing import INDEX, files_of, written_by
from fsm.verification.definition import sentences_of
from fsm.verification.engines.wellformed import goals_of
from fsm.verification.evidence import How, by_questions
from fsm.verification.facts import FactId

__all__ = ["Checked", "Finding", "Grade", "check_folder", "index_of"]

VERDICTS = ("proved", "refuted", "unknown")

FOLDER = re.compile(r"(machine|system)-(0|[1-9][0-9]{0,5})", re.ASCII)
"""What a folder of a certificate is called: what it is of, and a number."""

Files = Mapping[str, Path]
"""The files of a certificate, by their paths from its folder."""

Ask = Callable[[str], Answer]
"""Asks a solver one script."""


class Grade(Enum):
    """What a finding means for the certificate."""

    FAILED = "failed"
    UNKNOWN = "unknown"


@attrs.frozen
class Finding:
    """Something that is not as it should be.

    Attributes:
        where: the file or claim.
        what: what is wrong with it.
    """

    grade: Grade
    where: str = attrs.field(converter=plainly)
    what: str = attrs.field(converter=plainly)


@attrs.frozen
class Checked:
    """What was found of one certificate.

    Attributes:
        name: of the machine or system, with its version.
        claims: how many claims hold; `questions` how many a solver answered with unsat; `runs` how many were replayed.
    """

    name: str = attrs.field(converter=plainly)
    claims: int
    questions: int
    runs: int
    findings: tuple[Finding, ...]

    @classmethod
    def failed(cls, name: str, *findings: tuple[str, str]) -> Checked:
        """Of which nothing holds, with where something is wrong and what."""
        return cls(name, 0, 0, 0, tuple(Finding(Grade.FAILED, where, what) for where, what in findings))


def index_of(folder: Path) -> IndexDocument:
    """What a folder says it holds.

    Raises:
        BadCertificate: it has no index, or that is none.
    """
    found: IndexDocument = read_document(folder / INDEX, INDEX, IndexDocument)
    if found.format != FORMAT:
        raise BadCertificate(INDEX, f"is of format {brief(found.format)}; format {FORMAT} is read")
    folders = [one.folder for one in found.certificates]
    strange = next((one for one in folders if not FOLDER.fullmatch(one) or folders.count(one) > 1), None)
    if strange is not None:
        raise BadCertificate(INDEX, f"{brief(strange)} is no name of a folder, or stands twice")
    return found


def check_folder(
    folder: Path,
    targets: Iterable[Machine | System],
    version: NamedProfile | None,
    ask: Ask,
    progress: Callable[[str], None] = lambda name: None,
) -> list[Checked]:
    """Check every certificate of a folder against these declarations, each of which must have one.

    Args:
        version: in which the system and its machines must be certified; None where there are none.
        ask: the solver.
        progress: told each certificate's name before it is looked at.

    Raises:
        BadCertificate: the index is none.
    """
    index = index_of(folder)
    left = list(index.certificates)
    strange = sorted(set(names_in(folder, "the folder")) - {one.folder for one in left} - {INDEX})
    done = (
        [Checked.failed("the folder", *((one, "the index knows nothing of it") for one in strange))] if strange else []
    )
    for target in targets:
        kind = "machine" if isinstance(target, Machine) else "system"
        name = f"{kind} {target.name}"
        progress(name)
        entry = next((one for one in left if (one.kind, one.name) == (kind, target.name)), None)
        if entry is None:
            done.append(Checked.failed(name, (INDEX, f"has no certificate of {name}")))
        else:
            left.remove(entry)
            done.append(_check(folder, entry, index, target, version, ask))
    for one in left:
        name = f"{one.kind} {one.name}"
        done.append(Checked.failed(name, (INDEX, f"{name} is not among what is checked")))
    return done


def _check(
    folder: Path,
    entry: EntryDocument,
    index: IndexDocument,
    target: Machine | System,
    version: NamedProfile | None,
    ask: Ask,
) -> Checked:
    name = f"{entry.kind} {entry.name}" + (f", version {entry.profile}" if entry.profile else "")
    try:
        place = folder / entry.folder
        if place.is_symlink() or not place.is_dir():
            raise BadCertificate(entry.folder, "there is no such folder")
        there = files_in(place)
        sections, runs = _rebuilt(there, entry, as_system(target), version)
        found = [*_compared(there, sections, index), *_allowed(sections, ask)]
    except BadCertificate as wrong:
        return Checked.failed(name, (wrong.where, wrong.what))
    judged = [one for section in sections for one in _judged(section, ask)]
    found += [one for _, findings in judged for one in findings]
    questions = len({query.text for section in sections for query in section.queries})
    return Checked(
        name,
        sum(one.evidence is not None and not findings for one, findings in judged),
        questions,
        runs,
        tuple(dict.fromkeys(found)),
    )


def _rebuilt(
    there: Files, entry: EntryDocument, system: System, version: NamedProfile | None
) -> tuple[tuple[TheorySection, ...], int]:
    """The claims of the declaration with the evidence of the folder, and how many runs were replayed."""
    document: CertificateDocument = read_document(_file(there, CERTIFICATE), CERTIFICATE, CertificateDocument)
    said = (document.format, document.kind, document.name, document.fingerprint, document.profile)
    if said != (FORMAT, entry.kind, entry.name, entry.fingerprint, entry.profile):
        raise BadCertificate(CERTIFICATE, "says otherwise than the index of what it is a certificate")
    if document.fingerprint != fingerprint(system):
        raise BadCertificate(
            CERTIFICATE, f"is of another declaration: {brief(document.fingerprint)} is not {fingerprint(system)}"
        )
    _of_version(version, document.profile)
    subject = CertifiedSubject(entry.kind, entry.name, system, version)
    definition = [definition_of(sentence) for sentence in sentences_of(entry.kind)]
    found = [_section(there, subject, "definition", {}, definition, document.definition)]
    found += [_section(there, subject, *one) for one in _split(subject, list(system.properties), document)]
    return tuple(section for section, _ in found), sum(many for _, many in found)


def _split(
    subject: CertifiedSubject, claims: list[Property], document: CertificateDocument
) -> Iterator[tuple[str, Mapping[str, Any], list[Property], SectionDocument]]:
    """The claims that are shown for every version, and the rest; which are which is for the certificate to say, that none is left out is not."""
    everywhere = set(facts_in(one.claim for one in document.properties.claims))
    if everywhere & set(facts_in(one.claim for one in document.version.claims)):
        raise BadCertificate(CERTIFICATE, "shows a claim twice")
    ids = {claim_id(subject.system, one, of_definition=False): one for one in claims}
    yield (
        "properties",
        {},
        [one for fact, one in ids.items() if fact in everywhere or not subject.fixed],
        document.properties,
    )
    yield (
        "version",
        subject.fixed,
        [one for fact, one in ids.items() if fact not in everywhere and subject.fixed],
        document.version,
    )


def _of_version(version: NamedProfile | None, name: str | None) -> None:
    """A folder does not decide of which version it is asked."""
    if name != (None if version is None else version.name):
        raise BadCertificate(
            CERTIFICATE,
            f"is of version {brief(name)}; asked was {brief(None if version is None else version.name)}",
        )


def _section(
    there: Files,
    subject: CertifiedSubject,
    name: str,
    fixed: Mapping[str, Any],
    claims: list[Property],
    document: SectionDocument,
) -> tuple[TheorySection, int]:
    ids = [claim_id(subject.system, one, of_definition=name == SECTIONS[0]) for one in claims]
    if list(facts_in(one.claim for one in document.claims)) != ids:
        raise BadCertificate(CERTIFICATE, f"of {name} there are other claims than those of the declaration")
    certified = []
    runs = 0
    for id_, claim, said in zip(ids, claims, document.claims, strict=True):
        if said.verdict not in VERDICTS:
            raise BadCertificate(CERTIFICATE, f"{brief(said.verdict)} is no verdict")
        traces = _traces(there, subject, name, fixed, (id_, claim), said)
        runs += len(traces)
        evidence = None if said.evidence is None else evidence_in(said.evidence, document, traces)
        certified.append(Certified(id_, claim, evidence, said.verdict))
    return TheorySection(subject, name, fixed, tuple(certified)), runs


def _traces(
    there: Files,
    subject: CertifiedSubject,
    section: str,
    fixed: Mapping[str, Any],
    of: tuple[FactId, Property],
    said: ClaimDocument,
) -> dict[FactId, Trace]:
    """The runs of a claim, each replayed; all that the claim asks for, and no others."""
    if said.evidence is None or said.evidence.how is not How.RUNS:
        return {}
    id_, claim = of
    goals = goals_of(claim, subject.system, of_definition=section == SECTIONS[0])
    if facts_in(one.shows for one in said.evidence.runs) != tuple(goals):
        raise BadCertificate(CERTIFICATE, f"{id_}: the runs are not those that it asks for")
    found = {}
    for what, path in run_paths(section, id_, goals).items():
        found[what] = replayed(subject.system, fixed, read_json(_file(there, path), path), path)
        if not shows(subject.system, found[what], goals[what].goal):
            raise BadCertificate(path, f"does not show: {goals[what].words}")
    return found


def _compared(there: Files, sections: tuple[TheorySection, ...], index: IndexDocument) -> Iterator[Finding]:
    """Every file against what the declaration makes of the evidence."""
    made = dict(files_of(sections))
    hint = (
        ""
        if index.written_by == written_by()
        else f"; it was written by {brief(index.written_by)}, this is {written_by()}"
    )
    for path, text in made.items():
        if path not in there:
            yield Finding(Grade.FAILED, path, "is missing")
        elif not is_text(there[path], path, text):
            yield Finding(Grade.FAILED, path, f"is not what the declaration makes of it{hint}")
    yield from (Finding(Grade.FAILED, path, "is one too many") for path in there if path not in made)


def _file(there: Files, path: str) -> Path:
    if path not in there:
        raise BadCertificate(path, "there is no such file")
    return there[path]


def _allowed(sections: tuple[TheorySection, ...], ask: Ask) -> Iterator[Finding]:
    """Whether some profile is allowed, for all that is certified and in its version: of nothing, every claim would hold."""
    system, assumptions = sections[0].subject.system, sections[0].subject.system.all_assumptions
    for fixed in {bool(section.fixed): section.fixed for section in sections}.values():
        known = Assumed(assumptions, system.parameters, fixed).satisfied
        if known is None:
            known = _answered(system, fixed, ask)
        if known is None:
            yield Finding(Grade.UNKNOWN, CERTIFICATE, "nobody knows whether something satisfies the assumptions")
        elif not known:
            yield Finding(
                Grade.FAILED, CERTIFICATE, "nothing satisfies the assumptions, so that every claim would hold"
            )


def _answered(system: System, fixed: Mapping[str, Any], ask: Ask) -> bool | None:
    try:
        answer = ask(allowed_script(system, fixed))
    except BadEvidence:
        return None
    return {Said.SAT: True, Said.UNSAT: False}.get(answer.said)


def _judged(section: TheorySection, ask: Ask) -> Iterator[tuple[Certified, list[Finding]]]:
    """Each claim with what stands against it."""
    answers: dict[str, Answer] = {}
    for one in section.certified:
        yield one, list(_against(one, section, lambda query: _asked(query, answers, ask)))


def _asked(query: Query, answers: dict[str, Answer], ask: Ask) -> Answer:
    if query.text not in answers:
        answers[query.text] = ask(query.text)
    return answers[query.text]


def _against(one: Certified, section: TheorySection, answer: Callable[[Query], Answer]) -> Iterator[Finding]:
    claim, evidence, profile = one.claim, one.evidence, section.subject.profile
    if evidence is None:
        if not claim.fails_in(None if profile is None else profile.name):
            yield Finding(Grade.UNKNOWN, claim.sentence, f"has no certificate: {one.verdict}")
    elif one.id in section.wrong:
        yield Finding(Grade.FAILED, claim.sentence, section.wrong[one.id])
    elif evidence.how is How.ENUMERATION:
        counted = counted_again(section.subject.system, claim, section.fixed)
        if counted != evidence.snapshots:
            yield Finding(
                Grade.FAILED, claim.sentence, f"{counted}; the certificate says {brief(evidence.snapshots)} snapshots"
            )
    elif by_questions(evidence):
        for query in section.needs(one.id, evidence):
            said = answer(query)
            if said.said is Said.SAT:
                yield Finding(Grade.FAILED, query.path, "has an answer: it does not hold")
            elif said.said is Said.UNKNOWN:
                yield Finding(Grade.UNKNOWN, query.path, f"is not answered: {said.why}")
