"""The evidence of a proof, read from a certificate and believed in nothing. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.replays.runs import SHAPE as RUN
from fsm.verification.checker.replays.runs import Run, run_in, value_of
from fsm.verification.checker.shapes import Malformed, match, optional, strict_json
from fsm.verification.checker.whole.completeness import Head, Told

__all__ = [
    "EVIDENCE",
    "SECTIONS",
    "Evidence",
    "Section",
    "Version",
    "evidence_in",
    "read_certificate",
    "values_of_version",
]

Json = Any
SECTIONS = ("definition", "properties", "version")
EVIDENCE = {
    "how": str,
    "lemmas": [str],
    "k": int,
    "weights": [{"place": str, "weight": int}],
    "lowered_by": [str],
    "pending": [str],
    "timers": [str],
    "clock": [str],
    "formula": str,
    "runs": [RUN],
    "snapshots": int,
    "refuted": bool,
}
"""The shape of the evidence of a proof."""


@dataclass(frozen=True)
class Evidence:
    """What a proof names, by places: nothing of it is believed.

    Attributes:
        how: by which argument.
        weights: of a rank.
        lowered_by: what leads on, in the order of its turns.
        pending: what is so until the goal.
        clock: lemmas about the time in state and the stopwatch.
        k: how many moments in a row.
        formula: an invariant that a solver found.
        runs: to be taken again.
        snapshots: how many there are.
        refuted: whether it shows that the claim does not hold.
    """

    how: str
    weights: Mapping[str, int] = field(default_factory=dict)
    lowered_by: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    k: int = 0
    formula: str = ""
    runs: tuple[Run, ...] = ()
    snapshots: int = 0
    refuted: bool = False


@dataclass(frozen=True)
class Section:
    """Claims that are shown under the same values of parameters.

    Attributes:
        lemmas: ids of all that its proofs rest on.
        claims: for the id of each that is said to be proved, the evidence.
        met: for symbols, the only values that they have.
        told: for the id of each claim, what is said of it.
    """

    lemmas: tuple[str, ...]
    claims: Mapping[str, Evidence]
    met: tuple[tuple[str, tuple[int, ...]], ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """What the last section of a certificate speaks of: a named profile, and values of parameters by their places; with its head."""

    profile: str | None = None
    values: tuple[tuple[int, int], ...] = ()
    head: Head | None = None


def _shape() -> Json:
    """The form of a certificate."""
    section = {
        "empty": [str],
        "values": [{"symbol": str, "values": [int]}],
        "proofs": [{"lemma": str, "uses": [str]}],
        "claims": [{"claim": str, "sentence": str, "verdict": str, "evidence": optional(EVIDENCE)}],
    }
    head = {"format": int, "kind": str, "name": str, "fingerprint": str, "profile": optional(str)}
    return head | {"values": [(int, int)]} | dict.fromkeys(SECTIONS, section)


def read_certificate(text: str) -> tuple[Version, dict[str, Section]]:
    """The version that a certificate speaks of, and its sections.

    Raises:
        Malformed: it is none.
    """
    document = strict_json(text, "certificate.json")
    match(document, _shape(), "certificate")
    made = {}
    for name in SECTIONS:
        claims = document[name]["claims"]
        if len({one["claim"] for one in claims}) < len(claims):
            raise Malformed(f"certificate.{name}: a claim stands twice")
        shown = {one["claim"]: evidence_in(one["evidence"]) for one in claims if one["evidence"] is not None}
        told = {one["claim"]: _told(one) for one in claims}
        lemmas = tuple(dict.fromkeys(one["lemma"] for one in document[name]["proofs"]))
        met = [(one, (0,)) for one in document[name]["empty"]]
        met += [(one["symbol"], tuple(one["values"])) for one in document[name]["values"]]
        made[name] = Section(lemmas, shown, tuple(met), told)
    head = Head(document["format"], document["kind"], document["name"])
    return Version(document["profile"], tuple(map(tuple, document["values"])), head), made


def _told(row: Json) -> Told:
    evidence = row["evidence"]
    return Told(row["sentence"], row["verdict"], evidence is not None, evidence is not None and evidence["refuted"])


def evidence_in(row: Json) -> Evidence:
    """The evidence of a row whose shape is right."""
    weights = {one["place"]: one["weight"] for one in row["weights"]}
    if len(weights) < len(row["weights"]):
        raise Malformed("certificate: a weight stands twice")
    pending, lowered_by, clock = (tuple(row[name]) for name in ("pending", "lowered_by", "clock"))
    runs = tuple(map(run_in, row["runs"]))
    k, formula, snapshots, refuted = (row[name] for name in ("k", "formula", "snapshots", "refuted"))
    return Evidence(row["how"], weights, lowered_by, pending, clock, k, formula, runs, snapshots, refuted)


def values_of_version(declaration: Declaration, version: Version) -> dict[int, Json] | None:
    """The values of the parameters that a version gives; what it leaves open is open. None of a version that there is not.

    One that the declaration does not name is what the certificate says: of a system whose parameters another one's profile gives.
    """
    rows = declaration.json["parameters"]
    if any(not 0 <= place < len(rows) for place, _ in version.values):
        return None
    given = {place: value_of(declaration, rows[place]["domain"], value) for place, value in version.values}
    named = [one for one in declaration.profiles if one["name"] == version.profile]
    said = {
        place: value for one in named for place, value in one["values"] if type(place) is int and 0 <= place < len(rows)
    }
    return given if len(given) == len(version.values) and (not named or said == given) else None
