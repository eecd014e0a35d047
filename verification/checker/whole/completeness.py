"""Whether a certificate speaks of all that its declaration claims, and of nothing else. Standard library only.

What a certificate leaves out is not shown, and what it shows not to hold is not shown to hold: neither may pass for good. A claim
may do without where the declaration itself says that it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.declaration import MODALITIES, Declaration
from fsm.verification.checker.proofs.lemmas import formula_of
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.shapes import Malformed

__all__ = ["FORMAT", "Head", "Key", "Told", "judged", "must_be_of"]

FORMAT = 3
CHECKS_ALONE, CHECKS_TOGETHER, RANGES = (0, 1, 3, 6), (2, 4, 5, 6), 7
"""The checks of the definition of a machine, and of a system; and that of a machine which had to say of a line that its values stay in range."""
Json = Any
Key = tuple[str, str]
"""A section and a claim in it."""


@dataclass(frozen=True)
class Head:
    """What a certificate says of itself."""

    format: int
    kind: str
    name: str


@dataclass(frozen=True)
class Told:
    """What a certificate says of a claim, beside what shows it."""

    sentence: str
    verdict: str
    shown: bool
    refuted: bool


def must_be_of(declaration: Declaration, head: Head) -> None:
    """Whether a certificate says that it is of this declaration.

    Raises:
        Malformed: it does not.
    """
    whole = declaration.json["machines"][0] if declaration.alone else declaration.json["system"]
    if head != Head(FORMAT, "machine" if declaration.alone else "system", whole["name"]):
        raise Malformed("certificate: is of another form, or says that it is of another declaration")


def judged(
    declaration: Declaration, profile: str | None, told: Mapping[Key, Told], outcomes: Mapping[Key, Outcome]
) -> dict[Key, Outcome]:
    """What became of each claim of the declaration: of all that there should be, and of all there is."""
    made = dict(outcomes)
    for section, claim in _wanted(declaration, told):
        if (section, claim) not in told:
            made[section, claim] = Outcome("is not in the certificate", True)
    for (section, claim), one in told.items():
        wrong = _wrong(declaration, section, claim, one, told)
        expected = _is_expected(declaration, profile, claim)
        if wrong:
            made[section, claim] = Outcome(wrong, True)
        elif not one.shown and not expected:
            made[section, claim] = Outcome("has no certificate")
        elif one.refuted and not expected and not made[section, claim].why:
            made[section, claim] = Outcome("it does not hold: that is what is shown", True)
    return made


def _wanted(declaration: Declaration, told: Mapping[Key, Told]) -> Iterator[Key]:
    checks: tuple[int, ...] = CHECKS_ALONE if declaration.alone else CHECKS_TOGETHER
    if declaration.alone and any("meant" in line for line in declaration.machine(0)["transitions"]):
        checks = (*checks, RANGES)
    yield from (("definition", f"check {place}") for place in checks)
    for place in range(len(declaration.properties)):
        yield "version" if ("version", f"claim {place}") in told else "properties", f"claim {place}"


def _wrong(declaration: Declaration, section: str, claim: str, one: Told, told: Mapping[Key, Told]) -> str:
    """What cannot be of a claim that stands in a certificate; empty where nothing is wrong."""
    if (section, claim) not in set(_wanted(declaration, told)):
        return "is no claim of the declaration, or stands twice"
    if section != "definition" and one.sentence != declaration.properties[int(claim.split()[1])]["sentence"]:
        return "is called otherwise in the declaration"
    right = ("refuted" if one.refuted else "proved",) if one.shown else ("refuted", "unknown")
    return "" if one.verdict in right else "has another verdict than what shows it"


def _is_expected(declaration: Declaration, profile: str | None, claim: str) -> bool:
    """Whether the declaration itself says that a claim does not hold."""
    found: Json = formula_of(declaration, claim, *MODALITIES)
    names = [one["name"] for one in declaration.profiles]
    return found is not None and bool(
        found["retracted"] or any(0 <= place < len(names) and names[place] == profile for place in found["refuted_in"])
    )
