"""The form in which evidence travels: `certificate.json` of one machine or system, `index.json` of a folder of them.

Read strictly: what is missing, too much or of another type is refused with its path. What it means is not
judged here.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from fsm.verification.certificates.files import CertifiedSubject, TheorySection
from fsm.verification.certificates.runs import RunDocument
from fsm.verification.evidence import Evidence, How

__all__ = [
    "CERTIFICATE",
    "FORMAT",
    "CertificateDocument",
    "ClaimDocument",
    "EntryDocument",
    "EvidenceDocument",
    "IndexDocument",
    "SectionDocument",
    "evidence_out",
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
