"""The evidence of a proof, read from a certificate and believed in nothing, and what becomes of each claim.

What this program cannot say is told as such: it is never called confirmed. Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.meaning import Moment, Situation, term_of
from fsm.verification.checker.proofs.clocks import always_timed, within_time
from fsm.verification.checker.proofs.definition import always_goes_on, guards_exclude, wires_exclude
from fsm.verification.checker.proofs.formulas import lemma_found, lemma_met
from fsm.verification.checker.proofs.induction import by_induction
from fsm.verification.checker.proofs.lemmas import Lemma, formula_of, lemma_of, limits_of
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome, implied
from fsm.verification.checker.proofs.ranks import leads_to, recovers
from fsm.verification.checker.proofs.rows import holds_in_rows
from fsm.verification.checker.proofs.timers import unblocked
from fsm.verification.checker.shapes import Malformed, match, optional, strict_json
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Unknowns
from fsm.verification.checker.terms import Script, disj

__all__ = [
    "Evidence",
    "Section",
    "Session",
    "check_certificate",
    "evidence_in",
    "read_certificate",
    "values_of_version",
]

SECTIONS = ("definition", "properties", "version")
MOST = 100_000
Json = Any


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
    """

    how: str
    weights: Mapping[str, int] = field(default_factory=dict)
    lowered_by: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    k: int = 0
    formula: str = ""


@dataclass(frozen=True)
class Section:
    """Claims that are shown under the same values of parameters.

    Attributes:
        lemmas: ids of all that its proofs rest on.
        claims: for the id of each that is said to be proved, the evidence.
        met: for symbols, the only values that they have.
    """

    lemmas: tuple[str, ...]
    claims: Mapping[str, Evidence]
    met: tuple[tuple[str, tuple[int, ...]], ...] = ()


def read_certificate(text: str) -> tuple[str | None, dict[str, Section]]:
    """The version that a certificate speaks of, and its sections.

    Raises:
        Malformed: it is none.
    """
    document = strict_json(text)
    evidence = {"how": str, "lemmas": [str], "k": int, "weights": [{"place": str, "weight": int}], "lowered_by": [str]}
    evidence |= {"pending": [str], "timers": [str], "clock": [str], "formula": str, "runs": [str], "snapshots": int}
    claim = {"claim": str, "sentence": str, "verdict": str, "evidence": optional(evidence)}
    section = {
        "empty": [str],
        "values": [{"symbol": str, "values": [int]}],
        "proofs": [{"lemma": str, "uses": [str]}],
        "claims": [claim],
    }
    shape = {"format": int, "kind": str, "name": str, "fingerprint": str, "profile": optional(str)}
    match(document, shape | dict.fromkeys(SECTIONS, section), "certificate")
    made = {}
    for name in SECTIONS:
        proved = [one for one in document[name]["claims"] if one["evidence"] is not None]
        if len({one["claim"] for one in proved}) < len(proved):
            raise Malformed(f"certificate.{name}: a claim stands twice")
        lemmas = tuple(dict.fromkeys(one["lemma"] for one in document[name]["proofs"]))
        met = [(one, (0,)) for one in document[name]["empty"]]
        met += [(one["symbol"], tuple(one["values"])) for one in document[name]["values"]]
        made[name] = Section(lemmas, {one["claim"]: evidence_in(one["evidence"]) for one in proved}, tuple(met))
    return document["profile"], made


def evidence_in(row: Json) -> Evidence:
    """The evidence of a row whose shape is right."""
    weights = {one["place"]: one["weight"] for one in row["weights"]}
    if len(weights) < len(row["weights"]):
        raise Malformed("certificate: a weight stands twice")
    pending, lowered_by, clock = (tuple(row[name]) for name in ("pending", "lowered_by", "clock"))
    return Evidence(row["how"], weights, lowered_by, pending, clock, row["k"], row["formula"])


def check_certificate(
    declaration: Declaration, profile: str | None, sections: Mapping[str, Section], solver: Asked
) -> dict[tuple[str, str], Outcome]:
    """For each claim of each section that is said to be proved, what became of it."""
    session = Session(declaration, solver)
    made: dict[tuple[str, str], Outcome] = {}
    lemmas: tuple[str, ...] = ()
    for name in SECTIONS:
        lemmas = tuple(dict.fromkeys([*lemmas, *sections[name].lemmas]))
        section = replace(sections[name], lemmas=lemmas)
        fixed = values_of_version(declaration, profile) if name == "version" else {}
        made |= {(name, claim): outcome for claim, outcome in session.outcomes(fixed, section).items()}
    return made


class Session:
    """A declaration while claims of it are asked about: what was shown under some values of parameters is not asked again."""

    def __init__(self, declaration: Declaration, solver: Asked) -> None:
        self.declaration, self.solver = declaration, solver
        self._theories: dict[str, _Theory] = {}

    def outcomes(self, fixed: Mapping[int, Json] | None, section: Section) -> dict[str, Outcome]:
        """What became of each claim; of a version that there is not, nothing."""
        if fixed is None:
            return dict.fromkeys(section.claims, Outcome("speaks of a version that the declaration does not have"))
        if not section.claims:
            return {}
        key = json.dumps(sorted(fixed.items()))
        try:
            if key not in self._theories:
                self._theories[key] = _Theory(self.declaration, fixed, self.solver)
            theory, general = self._theories[key], self._theories.get("[]")
            if general is not None:  # what holds for all values of the parameters holds for these
                theory.held = tuple(dict.fromkeys([*theory.held, *general.held]))
            return theory.outcomes(section)
        except CannotSay as reason:
            return dict.fromkeys(section.claims, Outcome(str(reason)))


def values_of_version(declaration: Declaration, profile: str | None) -> dict[int, Json] | None:
    """The value of every parameter in a version: the default where the profile is silent; None of a version that there is not."""
    parameters = declaration.json["parameters"]
    values = {place: parameter["default"] for place, parameter in enumerate(parameters)}
    if profile is not None:
        named = [one for one in declaration.profiles if one["name"] == profile]
        if len(named) != 1:
            return None
        for place, value in named[0]["values"]:
            if type(place) is int and 0 <= place < len(parameters):
                values[place] = value
    return values


class _Theory:
    """A declaration under values of its parameters: its lemmas once, then each claim by its kind."""

    def __init__(self, declaration: Declaration, fixed: Mapping[int, Json], solver: Asked) -> None:
        self.declaration, self.solver = declaration, solver
        self.unknowns = Unknowns(declaration, fixed)
        self.held: tuple[Lemma, ...] = ()
        self._must_be_sound()

    def _must_be_sound(self) -> None:
        """Some values of the parameters satisfy the assumptions, or every claim would hold; and durations are positive.

        Raises:
            CannotSay: one of them is not so, or nobody knows.
        """
        script = Script()
        nowhere = Moment({}, {}, ())
        situation = Situation(self.declaration, script, self.unknowns.params(script), nowhere, nowhere)
        timers = [timer for machine in self.declaration.json["machines"] for timer in timers_of(machine)]
        none = disj(f"(<= {term_of(timer.after, situation)} 0)" for timer in timers)
        if self.solver.ask(script.lines, [["(assert true)"], [f"(assert {none})"]]) != ["sat", "unsat"]:
            raise CannotSay(
                "it is not known that some values of the parameters satisfy the assumptions, and that all durations are positive"
            )

    def outcomes(self, section: Section) -> dict[str, Outcome]:
        """What became of each claim."""
        made = {}
        steps = {name: claim["formula"] for name in section.claims if (claim := self._claim(name, "each step"))}
        new = [lemma for lemma in self._lemmas(section) if lemma not in self.held]
        more, over = by_induction(self.unknowns, self.held, new, steps, self.solver)
        self.held = (*self.held, *more)
        for name, evidence in section.claims.items():
            try:
                made[name] = self._outcome(name, evidence, over)
            except CannotSay as reason:
                made[name] = Outcome(str(reason))
        return made

    def _claim(self, name: str, *modalities: str) -> Json | None:
        return formula_of(self.declaration, name, *modalities)

    def _lemmas(self, section: Section) -> list[Lemma]:
        """All that the proofs name: those of time are as good as others, and so are claims that are said to be invariants."""
        invariant = [name for name, evidence in section.claims.items() if evidence.how == "INVARIANT"]
        named = [*section.lemmas, *invariant, *(name for one in section.claims.values() for name in one.clock)]
        known = [lemma_of(self.declaration, name) for name in dict.fromkeys(named)]
        made = [*limits_of(self.declaration), *(one for one in known if one is not None)]
        made += [lemma_met(symbol, values) for symbol, values in section.met]
        found = [(name, one) for name, one in section.claims.items() if one.how == "FOUND"]
        return [*made, *(lemma_found(name, evidence.formula) for name, evidence in found)]

    def _outcome(self, name: str, evidence: Evidence, over: Mapping[str, Outcome]) -> Outcome:
        """By the kind of the claim, and the argument that the evidence names."""
        how, theory = evidence.how, (self.unknowns, self.held)
        if name in over and how in ("STEPS", "CLOCK"):
            return over[name]
        check = CHECKS.get((name, how))
        if check is not None:
            return check(*theory, self.solver)
        for modality, argument, argue in ARGUMENTS:
            claim = self._claim(name, modality)
            if argument == how and claim is not None:
                return argue(self, name, claim, evidence)
        return Outcome("is shown by an argument that this checker does not know")

    def invariant(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """It is one of the lemmas that hold."""
        kept = name in {lemma.name for lemma in self.held}
        return CONFIRMED if kept else Outcome("is not kept by every step, together with the other lemmas", True)

    def found(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """The lemmas that hold, what a solver found among them, exclude that it does not."""
        return implied(self.unknowns, self.held, claim, self.solver)

    def in_rows(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """It holds after so many moments in a row."""
        return holds_in_rows(self.unknowns, self.held, claim, evidence.k, self.solver)

    def rank(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """Something leads closer from everywhere."""
        waits = "waiting" in evidence.lowered_by
        return recovers(self.unknowns, self.held, claim, evidence.weights, waits, self.solver)

    def progress(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """Every fair run comes to the goal."""
        shown = (evidence.weights, evidence.lowered_by, evidence.pending)
        return leads_to(self.unknowns, self.held, claim, shown, self.solver)

    def clock(self, name: str, claim: Json, evidence: Evidence) -> Outcome:
        """It holds with the time in state; nothing stands in the way of a timer."""
        if claim["modality"] == "within":
            made = within_time(self.unknowns, self.held, claim, evidence.clock, self.solver)
        else:
            made = always_timed(self.unknowns, self.held, claim, self.solver)
        return made if made.why else unblocked(self.unknowns, self.held, self.solver)


ARGUMENTS: tuple[tuple[str, str, Callable[[_Theory, str, Json, Evidence], Outcome]], ...] = (
    ("always", "INVARIANT", _Theory.invariant),
    ("always", "FOUND", _Theory.found),
    ("always", "LONGER", _Theory.in_rows),
    ("always", "CLOCK", _Theory.clock),
    ("within", "CLOCK", _Theory.clock),
    ("recoverable", "RANK", _Theory.rank),
    ("leads to", "PROGRESS", _Theory.progress),
)
"""For each modality of a claim, which arguments show it, and how that is asked."""
Check = Callable[[Unknowns, tuple[Lemma, ...], Asked], Outcome]
CHECKS: dict[tuple[str, str], Check] = {
    ("check 3", "IMPLIED"): guards_exclude,
    ("check 4", "IMPLIED"): wires_exclude,
    ("check 5", "TIMERS"): unblocked,
    ("check 6", "IMPLIED"): always_goes_on,
}
"""Those of the definition that a proof shows, by their number and argument."""
