"""The evidence of a proof, read from a certificate and believed in nothing, and what becomes of each claim.

What this program cannot say is told as such: it is never called confirmed. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.induction import Lemma, Outcome, by_induction
from fsm.verification.checker.shapes import Malformed, match, optional, strict_json
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Unknowns

__all__ = ["Section", "check_certificate", "read_certificate"]

SECTIONS = ("definition", "properties", "version")
MOST = 100_000
Json = Any


@dataclass(frozen=True)
class Section:
    """Claims that are shown under the same values of parameters.

    Attributes:
        lemmas: ids of all that its proofs rest on.
        claims: for the id of each that is said to be proved, by which argument.
    """

    lemmas: tuple[str, ...]
    claims: Mapping[str, str]


def read_certificate(text: str) -> tuple[str | None, dict[str, Section]]:
    """The version that a certificate speaks of, and its sections.

    Raises:
        Malformed: it is none.
    """
    document = strict_json(text)
    evidence = {"how": str, "lemmas": [str], "k": int, "weights": [dict], "lowered_by": [str], "pending": [str]}
    evidence |= {"timers": [str], "clock": [str], "formula": str, "runs": [str], "snapshots": int}
    claim = {"claim": str, "sentence": str, "verdict": str, "evidence": optional(evidence)}
    section = {"empty": [str], "values": [dict], "proofs": [{"lemma": str, "uses": [str]}], "claims": [claim]}
    shape = {"format": int, "kind": str, "name": str, "fingerprint": str, "profile": optional(str)}
    match(document, shape | dict.fromkeys(SECTIONS, section), "certificate")
    made = {}
    for name in SECTIONS:
        proved = [one for one in document[name]["claims"] if one["evidence"] is not None]
        if len({one["claim"] for one in proved}) < len(proved):
            raise Malformed(f"certificate.{name}: a claim stands twice")
        lemmas = tuple(dict.fromkeys(one["lemma"] for one in document[name]["proofs"]))
        made[name] = Section(lemmas, {one["claim"]: one["evidence"]["how"] for one in proved})
    return document["profile"], made


def check_certificate(
    declaration: Declaration, profile: str | None, sections: Mapping[str, Section], solver: Asked
) -> dict[tuple[str, str], Outcome]:
    """For each claim of each section that is said to be proved, what became of it."""
    made: dict[tuple[str, str], Outcome] = {}
    lemmas: tuple[str, ...] = ()
    for name in SECTIONS:
        section = sections[name]
        lemmas = tuple(dict.fromkeys([*lemmas, *section.lemmas]))
        if not section.claims:
            continue
        try:
            fixed = _values(declaration, profile) if name == "version" else {}
            outcomes = _section(declaration, fixed, lemmas, section.claims, solver)
        except CannotSay as reason:
            outcomes = dict.fromkeys(section.claims, Outcome(str(reason)))
        made |= {(name, claim): outcome for claim, outcome in outcomes.items()}
    return made


def _values(declaration: Declaration, profile: str | None) -> dict[int, Json]:
    """The value of every parameter in a version: the default where the profile is silent."""
    parameters = declaration.json["parameters"]
    values = {place: parameter["default"] for place, parameter in enumerate(parameters)}
    if profile is not None:
        named = [one for one in declaration.profiles if one["name"] == profile]
        if len(named) != 1:
            raise CannotSay("the certificate speaks of a version that the declaration does not have")
        for place, value in named[0]["values"]:
            if type(place) is int and 0 <= place < len(parameters):
                values[place] = value
    return values


def _section(
    declaration: Declaration,
    fixed: Mapping[int, Json],
    lemmas: tuple[str, ...],
    claims: Mapping[str, str],
    solver: Asked,
) -> dict[str, Outcome]:
    unknowns = Unknowns(declaration, fixed)
    known = {name: lemma for name in lemmas if (lemma := _lemma(declaration, name)) is not None}
    steps = {
        name: formula
        for name, how in claims.items()
        if how == "STEPS" and (formula := _formula(declaration, name, "each step")) is not None
    }
    implied = {
        name: formula
        for name, how in claims.items()
        if how == "IMPLIED" and (formula := _formula(declaration, name, "always")) is not None
    }
    held, outcomes = by_induction(unknowns, tuple(known.values()), steps, implied, solver)
    for name, how in claims.items():
        if name in outcomes:
            continue
        if how == "INVARIANT" and _formula(declaration, name, "always") is not None:
            kept = known.get(name) in held
            outcomes[name] = (
                Outcome() if kept else Outcome("is not kept by every step, together with the other lemmas", True)
            )
        else:
            outcomes[name] = Outcome("is shown by an argument that this checker does not know")
    return outcomes


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _formula(declaration: Declaration, name: str, modality: str) -> int | None:
    """The formula of a claim of this modality; None where it is none."""
    word, _, place = name.partition(" ")
    number = _number(place)
    if word != "claim" or number is None or number >= len(declaration.properties):
        return None
    claim = declaration.properties[number]
    return int(claim["formula"]) if claim["modality"] == modality else None


def _lemma(declaration: Declaration, name: str) -> Lemma | None:
    """The lemma of this id; None for one of a kind that is not known here."""
    words = name.split(" ")
    numbers = [_number(word) for word in words[1:] if word != "claim"]
    places = [one for one in numbers if one is not None]
    if len(places) < len(numbers):
        return None
    if words[0] == "claim" and len(places) == 1:
        formula = _formula(declaration, name, "always")
        return None if formula is None else Lemma(formula)
    if words[0] == "part" and words[2:3] == ["claim"] and len(places) == 2:
        return _of_part(declaration, *places)
    if words[0] in ("fired", "waiting") and len(places) == 5:
        return _of_timer(declaration, words[0] == "fired", *places)
    return None


def _of_part(declaration: Declaration, part: int, place: int) -> Lemma | None:
    """An `always` of a part's machine: of every instance of the part."""
    if part >= len(declaration.parts) or place >= len(declaration.machine(part)["properties"]):
        return None
    claim = declaration.machine(part)["properties"][place]
    return Lemma(claim["formula"], part) if claim["modality"] == "always" else None


def _of_timer(
    declaration: Declaration, fired: bool, part: int, state: int, timer: int, variable: int, value: int
) -> Lemma | None:
    """In a state, a variable has a value once its timer has fired, or as long as it has not."""
    if part >= len(declaration.parts):
        return None
    return Lemma(None, part, (state, timer, variable, value, fired))
