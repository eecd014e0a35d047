"""The form in which evidence travels: `certificate.json` of one machine or system, `index.json` of a folder of them.

Read strictly: what is missing, too much or of another type is refused with its path. What it means is not
judged here.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from fsm.language.values.brief import brief
from fsm.traces.trace import Trace
from fsm.verification import facts
from fsm.verification.certificates.files import CertifiedSubject, TheorySection
from fsm.verification.certificates.reading import BadCertificate
from fsm.verification.certificates.runs import RunDocument
from fsm.verification.encoding import symbols
from fsm.verification.encoding.symbols import Symbol
from fsm.verification.evidence import Evidence, How, Met
from fsm.verification.facts import FactId

__all__ = [
    "CERTIFICATE",
    "FORMAT",
    "CertificateDocument",
    "ClaimDocument",
    "EntryDocument",
    "EvidenceDocument",
    "IndexDocument",
    "SectionDocument",
    "evidence_in",
    "evidence_out",
    "fact_in",
    "facts_in",
    "section_out",
]

CERTIFICATE = "certificate.json"
FORMAT = 3
"""Of the form. A reader of one refuses every other."""


@attrs.frozen
class UsesDocument:
    """A lemma and the lemmas that its own questions use; ids, as all that is named here."""

    lemma: str
    uses: tuple[str, ...]


@attrs.frozen
class WeightDocument:
    """What a place weighs."""

    place: str
    weight: int


@attrs.frozen
class ValuesDocument:
    """The values that a symbol takes."""

    symbol: str
    values: tuple[int, ...]


@attrs.frozen
class EvidenceDocument:
    """Evidence without what all of a section share."""

    how: How
    lemmas: tuple[str, ...]
    k: int
    weights: tuple[WeightDocument, ...]
    lowered_by: tuple[str, ...]
    pending: tuple[str, ...]
    timers: tuple[str, ...]
    clock: tuple[str, ...]
    formula: str
    runs: tuple[RunDocument, ...]
    snapshots: int
    refuted: bool


@attrs.frozen
class ClaimDocument:
    """A claim; without evidence where it is not proved. The sentence is for a reader."""

    claim: str
    sentence: str
    verdict: str
    evidence: EvidenceDocument | None


@attrs.frozen
class SectionDocument:
    """The claims of one theory."""

    empty: tuple[str, ...]
    values: tuple[ValuesDocument, ...]
    proofs: tuple[UsesDocument, ...]
    claims: tuple[ClaimDocument, ...]


@attrs.frozen
class CertificateDocument:
    """One machine or system; `profile` is the version of the last section, None where there are none, `values` what it gives to parameters, by place."""

    format: int
    kind: str
    name: str
    fingerprint: str
    profile: str | None
    values: tuple[tuple[int, int], ...]
    definition: SectionDocument
    properties: SectionDocument
    version: SectionDocument


@attrs.frozen
class EntryDocument:
    """A certificate of the folder."""

    folder: str
    kind: str
    name: str
    fingerprint: str
    profile: str | None


@attrs.frozen
class IndexDocument:
    """All certificates of a folder; `target` is what `fsm verify` was called with."""

    format: int
    written_by: str
    target: str | None
    certificates: tuple[EntryDocument, ...]


def section_out(section: TheorySection) -> SectionDocument:
    """The document of a section."""
    values = tuple(ValuesDocument(str(symbol), known) for symbol, known in section.met.values.items())
    proofs = tuple(UsesDocument(str(lemma), _texts(section.proofs[lemma])) for lemma in section.lemmas)
    claims = tuple(
        ClaimDocument(
            str(one.id),
            one.claim.sentence,
            one.verdict,
            None if one.evidence is None else evidence_out(one.evidence, section.subject),
        )
        for one in section.certified
    )
    return SectionDocument(_texts(section.met.empty), values, proofs, claims)


def _texts(ids: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, ids))


def evidence_out(evidence: Evidence, subject: CertifiedSubject) -> EvidenceDocument:
    """The document of a claim's evidence."""
    return EvidenceDocument(
        evidence.how,
        _texts(evidence.lemmas),
        evidence.k,
        tuple(WeightDocument(str(place), weight) for place, weight in evidence.weights),
        _texts(evidence.lowered_by),
        _texts(evidence.pending),
        _texts(evidence.timers),
        _texts(evidence.clock),
        evidence.formula,
        tuple(subject.runs.run(str(what), trace) for what, trace in evidence.runs.items()),
        evidence.snapshots,
        evidence.refuted,
    )


def evidence_in(given: EvidenceDocument, section: SectionDocument, runs: dict[FactId, Trace]) -> Evidence:
    """The evidence that a document is, with its runs.

    Raises:
        BadCertificate: something in it is no id.
    """
    return Evidence(
        given.how,
        facts_in(given.lemmas),
        {fact_in(one.lemma): facts_in(one.uses) for one in section.proofs},
        given.k,
        tuple((fact_in(one.place), one.weight) for one in given.weights),
        facts_in(given.lowered_by),
        facts_in(given.pending),
        facts_in(given.timers),
        facts_in(given.clock),
        given.formula,
        runs,
        given.snapshots,
        given.refuted,
        Met(tuple(map(_symbol, section.empty)), {_symbol(one.symbol): one.values for one in section.values}),
    )


def fact_in(text: str) -> FactId:
    """The fact that is written so.

    Raises:
        BadCertificate: none is.
    """
    try:
        return facts.read(text)
    except ValueError as wrong:
        raise BadCertificate(CERTIFICATE, f"{brief(text)} {wrong}") from wrong


def facts_in(texts: Iterable[str]) -> tuple[FactId, ...]:
    """The facts that are written so.

    Raises:
        BadCertificate: one is none.
    """
    return tuple(map(fact_in, texts))


def _symbol(text: str) -> Symbol:
    try:
        return symbols.read(text)
    except ValueError as wrong:
        raise BadCertificate(CERTIFICATE, f"{brief(text)} {wrong}") from wrong
