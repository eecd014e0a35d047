"""The form in which evidence travels: `certificate.json` of one machine or system, `index.json` of a folder of them.

Read strictly: what is missing, too much or of another type is refused with its path. What it means is not
judged here.
"""

from __future__ import annotations

import attrs

from fsm.traces.trace import Trace
from fsm.verification.certificates.files import Section
from fsm.verification.evidence import Evidence, How, Met

__all__ = [
    "FORMAT",
    "CertificateDocument",
    "ClaimDocument",
    "EntryDocument",
    "EvidenceDocument",
    "IndexDocument",
    "SectionDocument",
    "evidence_in",
    "section_out",
]

FORMAT = 1
"""Of the form. A reader of one refuses every other."""


@attrs.frozen
class UsesDocument:
    """A lemma and the lemmas that its own questions use."""

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
    """Evidence without what all of a section share; of a run only what it shows, the run is a file of its own."""

    how: How
    lemmas: tuple[str, ...]
    k: int
    weights: tuple[WeightDocument, ...]
    lowered_by: tuple[str, ...]
    pending: tuple[str, ...]
    timers: tuple[str, ...]
    clock: tuple[str, ...]
    formula: str
    runs: tuple[str, ...]
    snapshots: int


@attrs.frozen
class ClaimDocument:
    """A claim; without evidence where it is not proved."""

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
    """One machine or system; `profile` is the version of the last section, None where there are none."""

    format: int
    kind: str
    name: str
    fingerprint: str
    profile: str | None
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


def section_out(section: Section) -> SectionDocument:
    """The document of a section."""
    values = tuple(ValuesDocument(symbol, known) for symbol, known in section.met.values.items())
    proofs = tuple(UsesDocument(name, uses) for name, uses in section.proofs.items())
    claims = tuple(
        ClaimDocument(one.claim.sentence, one.verdict, None if one.evidence is None else _evidence_out(one.evidence))
        for one in section.certified
    )
    return SectionDocument(section.met.empty, values, proofs, claims)


def _evidence_out(evidence: Evidence) -> EvidenceDocument:
    weights = tuple(WeightDocument(place, weight) for place, weight in evidence.weights)
    return EvidenceDocument(
        evidence.how, evidence.lemmas, evidence.k, weights, evidence.lowered_by, evidence.pending, evidence.timers, evidence.clock, evidence.formula,
        tuple(evidence.runs), evidence.snapshots,
    )  # fmt: skip


def evidence_in(given: EvidenceDocument, section: SectionDocument, runs: dict[str, Trace]) -> Evidence:
    """The evidence that a document is, with its runs."""
    return Evidence(
        given.how,
        given.lemmas,
        {one.lemma: one.uses for one in section.proofs},
        given.k,
        tuple((one.place, one.weight) for one in given.weights),
        given.lowered_by,
        given.pending,
        given.timers,
        given.clock,
        given.formula,
        runs,
        given.snapshots,
        Met(section.empty, {one.symbol: one.values for one in section.values}),
    )
