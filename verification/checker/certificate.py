"""What becomes of each claim of a certificate.

What this program cannot say is told as such: it is never called confirmed. Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.evidence import SECTIONS, Evidence, Section, Version, values_of_version
from fsm.verification.checker.keys import with_endless_keys
from fsm.verification.checker.lemma import Lemma, of_the_only
from fsm.verification.checker.meaning import term_of
from fsm.verification.checker.possible.moments import implied
from fsm.verification.checker.proofs.definition import always_goes_on, guards_exclude, must_be_sound, wires_exclude
from fsm.verification.checker.proofs.formulas import lemma_found, lemma_met
from fsm.verification.checker.proofs.induction import Say, Shown, by_induction
from fsm.verification.checker.proofs.lemmas import formula_of, limits_of, orders_of
from fsm.verification.checker.proofs.named import lemma_of
from fsm.verification.checker.proofs.progress import leads_to
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.proofs.ranges import stays_in_range
from fsm.verification.checker.proofs.recovery import recovers
from fsm.verification.checker.proofs.refutations import ASSUMPTIONS, Never, never, nothing_allowed
from fsm.verification.checker.proofs.rows import DEEPEST, holds_in_rows
from fsm.verification.checker.proofs.time.clocks import always_timed, within_time
from fsm.verification.checker.proofs.time.followed import followed
from fsm.verification.checker.proofs.time.timers import unblocked
from fsm.verification.checker.replays.claims import met, never_met
from fsm.verification.checker.replays.enumeration import World
from fsm.verification.checker.replays.lost import is_lost, lost_by
from fsm.verification.checker.replays.runs import broken_by, shown_by
from fsm.verification.checker.shapes import Malformed
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.unknowns import Unknowns
from fsm.verification.checker.whole.completeness import Key, judged, must_be_of

__all__ = [
    "Session",
    "check_all",
    "check_certificate",
]

REPLAYED = ("RUNS", "ENUMERATION")
"""Arguments that no solver is asked about."""
Json = Any


def check_all(
    declaration: Declaration, version: Version, sections: Mapping[str, Section], solver: Asked
) -> dict[Key, Outcome]:
    """For each claim of the declaration what became of it, whether it is in the certificate or not.

    Raises:
        Malformed: the certificate says that it is of another declaration.
    """
    if version.head is None:
        raise Malformed("certificate: does not say of what it is")
    must_be_of(declaration, version.head)
    told = {(name, claim): one for name, section in sections.items() for claim, one in section.told.items()}
    return judged(declaration, version.profile, told, check_certificate(declaration, version, sections, solver))


def check_certificate(
    declaration: Declaration, version: Version, sections: Mapping[str, Section], solver: Asked
) -> dict[Key, Outcome]:
    """For each claim of each section that is said to be shown, what became of it."""
    session = Session(declaration, solver)
    made: dict[Key, Outcome] = {}
    lemmas: tuple[str, ...] = ()
    for name in SECTIONS:
        lemmas = tuple(dict.fromkeys([*lemmas, *sections[name].lemmas]))
        section = replace(sections[name], lemmas=lemmas)
        fixed = values_of_version(declaration, version) if name == "version" else {}
        made |= {(name, claim): outcome for claim, outcome in session.outcomes(fixed, section).items()}
    return made


class Session:
    """A declaration while claims of it are asked about: what was shown under some values of parameters is not asked again.

    Raises:
        Malformed: it tells instances apart by what has few values.
    """

    def __init__(self, declaration: Declaration, solver: Asked) -> None:
        self.declaration, self.solver = with_endless_keys(declaration), solver
        self._theories: dict[str, _Theory] = {}

    def outcomes(self, fixed: Mapping[int, Json] | None, section: Section) -> dict[str, Outcome]:
        """What became of each claim; of a version that there is not, nothing."""
        if fixed is None:
            return dict.fromkeys(section.claims, Outcome("speaks of a version that the declaration does not have"))
        made = {
            name: self._replayed(fixed, name, one, section.lemmas)
            for name, one in section.claims.items()
            if one.how in REPLAYED
        }
        if ASSUMPTIONS in section.claims:
            made[ASSUMPTIONS] = nothing_allowed(self.declaration, fixed, self.solver)
        asked = {name: one for name, one in section.claims.items() if name not in made}
        return made | self._asked(fixed, replace(section, claims=asked))

    def _replayed(self, fixed: Mapping[int, Json], name: str, evidence: Evidence, lemmas: Sequence[str]) -> Outcome:
        """What a run shows, or all there is."""
        try:
            if evidence.how == "RUNS":
                if evidence.refuted and is_lost(self.declaration, name):
                    lost = lost_by(self.declaration, fixed, name, (evidence.runs, lemmas), self.solver, self._under)
                    return replace(lost, replayed=True)
                shown = broken_by if evidence.refuted else shown_by
                return replace(shown(self.declaration, fixed, name, evidence.runs), replayed=True)
            look = (
                never_met(self.declaration, name, evidence.pending) if evidence.refuted else met(self.declaration, name)
            )
            world = World(self.declaration, fixed, look.followed, look.formulas if look.in_time else None)
            return replace(world.shows(look, evidence.snapshots), replayed=True)
        except CannotSay as reason:
            return Outcome(str(reason))

    def _under(self, values: Mapping[int, Json]) -> Unknowns:
        """The unknowns of one profile."""
        theory = self._theories.get("[]")
        general = Unknowns(self.declaration, {}) if theory is None else theory.unknowns
        return Unknowns(self.declaration, values, general)

    def _asked(self, fixed: Mapping[int, Json], section: Section) -> dict[str, Outcome]:
        if not section.claims:
            return {}
        key = json.dumps(sorted(fixed.items()))
        try:
            general = self._theories.get("[]")
            if key not in self._theories:
                self._theories[key] = _Theory(self.declaration, fixed, self.solver, general)
            theory = self._theories[key]
            if general is not None:  # what holds for all values of the parameters holds for these
                theory.held = tuple(dict.fromkeys([*theory.held, *general.held]))
            return theory.outcomes(section)
        except CannotSay as reason:
            return dict.fromkeys(section.claims, Outcome(str(reason)))


class _Theory:
    """A declaration under values of its parameters: its lemmas once, then each claim by its kind."""

    def __init__(
        self, declaration: Declaration, fixed: Mapping[int, Json], solver: Asked, general: _Theory | None
    ) -> None:
        self.declaration, self.fixed, self.solver = declaration, fixed, solver
        self.unknowns: Unknowns = Unknowns(declaration, fixed, None if general is None else general.unknowns)
        self.held: tuple[Lemma, ...] = ()
        must_be_sound(declaration, self.unknowns, solver)

    def outcomes(self, section: Section) -> dict[str, Outcome]:
        """What became of each claim."""
        made: dict[str, Outcome] = {}
        steps: dict[str, Say] = {
            name: _over_steps(claim["formula"]) for name in section.claims if (claim := self._claim(name, "each step"))
        }
        refuting: dict[str, Never] = {}
        for name, evidence in section.claims.items():
            try:
                if evidence.refuted:
                    refuting[name] = never(self.declaration, name, evidence.pending)
            except CannotSay as reason:
                made[name] = Outcome(str(reason))
        for one in refuting.values():
            steps |= one.steps
        lemmas = [*self._lemmas(section), *(lemma for one in refuting.values() for lemma in one.lemmas)]
        new = [lemma for lemma in dict.fromkeys(lemmas) if lemma not in self.held]
        shown = self._shown(section, new, steps)
        for name, evidence in section.claims.items():
            if name not in made:
                try:
                    made[name] = (
                        refuting[name].outcome(self.unknowns, self.held, shown, self.solver)
                        if name in refuting
                        else self._outcome(name, evidence, shown)
                    )
                except CannotSay as reason:
                    made[name] = Outcome(str(reason))
        return made

    def _shown(self, section: Section, lemmas: Sequence[Lemma], steps: Mapping[str, Say]) -> Shown:
        """What induction shows; of the claims that are named as lemmas and are not kept, those too that moments in a row show, and what they help with."""
        shown = by_induction(self.unknowns, self.held, lemmas, steps, self.solver)
        self.held = (*self.held, *shown.held)
        lost = (one for one in lemmas if one.name in section.lemmas and one not in shown.held)
        longer = tuple(one for one in lost if self._longer(one))
        if longer:
            self.held = (*self.held, *longer)
            left = [one for one in lemmas if one not in self.held]
            shown = by_induction(self.unknowns, self.held, left, steps, self.solver)
            self.held = (*self.held, *shown.held)
        return shown

    def _longer(self, lemma: Lemma) -> bool:
        """Whether a claim that is named as a lemma, and that not every step keeps, holds after some moments in a row."""
        claim = self._claim(lemma.name, "always")
        if claim is None:
            return False
        try:
            rows = (holds_in_rows(self.unknowns, self.held, claim, k, self.solver) for k in range(2, DEEPEST + 1))
            return any(not one.why for one in rows)
        except CannotSay:
            return False

    def _claim(self, name: str, *modalities: str) -> Json | None:
        return formula_of(self.declaration, name, *modalities)

    def _lemmas(self, section: Section) -> list[Lemma]:
        """All that the proofs name: those of time are as good as others, and so are claims that are said to be invariants."""
        invariant = [name for name, evidence in section.claims.items() if evidence.how == "INVARIANT"]
        clocks = [one.clock for name, one in section.claims.items() if self._claim(name, "each leads to") is None]
        named = [*section.lemmas, *invariant, *(name for clock in clocks for name in clock)]
        known = [lemma_of(self.declaration, name) for name in dict.fromkeys(named)]
        made = [*limits_of(self.declaration), *orders_of(self.declaration), *(one for one in known if one is not None)]
        made += [lemma_met(symbol, values) for symbol, values in section.met]
        found = [(name, one) for name, one in section.claims.items() if one.how == "FOUND"]
        return [*made, *(lemma_found(name, evidence.formula) for name, evidence in found)]

    def _outcome(self, name: str, evidence: Evidence, shown: Shown) -> Outcome:
        """By the kind of the claim, and the argument that the evidence names."""
        how, theory = evidence.how, (self.unknowns, self.held)
        if name in shown.over and how in ("STEPS", "CLOCK"):
            return shown.over[name]
        if how == "INVARIANT" and self._claim(name, "always") is not None:
            return CONFIRMED if name in {lemma.name for lemma in self.held} else shown.lost[name]
        check = CHECKS.get((name, how))
        if check is not None:
            return check(*theory, self.solver)
        for modality, argument, argue in ARGUMENTS:
            claim = self._claim(name, modality)
            if argument == how and claim is not None:
                return argue(self, claim, evidence)
        return Outcome("is shown by an argument that this checker does not know")

    def rank(self, claim: Json, weights: Mapping[str, int], waits: bool) -> Outcome:
        """Something leads closer from everywhere."""
        return recovers(self.unknowns, self.held, claim, weights, waits, self.solver)

    def progress(self, claim: Json, evidence: Evidence) -> Outcome:
        """Every fair run comes to the goal."""
        return leads_to(
            self.unknowns, self.held, claim, evidence.weights, evidence.lowered_by, evidence.pending, self.solver
        )

    def clock(self, claim: Json, evidence: Evidence) -> Outcome:
        """It holds with the time in state; nothing stands in the way of a timer."""
        if claim["modality"] in ("within", "leads to"):
            made = within_time(self.unknowns, self.held, claim, evidence.clock, self.solver)
        else:
            made = always_timed(self.unknowns, self.held, claim, self.solver)
        return made if made.why else unblocked(self.unknowns, self.held, self.solver)

    def each(self, claim: Json, evidence: Evidence) -> Outcome:
        """It comes of each instance, since it does of its machine alone; nothing stands in the way of a timer."""
        theory = _Theory(followed(self.declaration, claim), self.fixed, self.solver, None)
        made = theory.outcomes(Section((), {"claim 0": evidence}))["claim 0"]
        return made if made.why else unblocked(self.unknowns, self.held, self.solver)


def _over_steps(formula: int) -> Say:
    return lambda situation: term_of(formula, of_the_only(situation))


Argue = Callable[[_Theory, Json, Evidence], Outcome]
ARGUMENTS: tuple[tuple[str, str, Argue], ...] = (
    ("always", "FOUND", lambda on, claim, told: implied(on.unknowns, on.held, claim, on.solver)),
    ("always", "LONGER", lambda on, claim, told: holds_in_rows(on.unknowns, on.held, claim, told.k, on.solver)),
    ("always", "CLOCK", _Theory.clock),
    ("within", "CLOCK", _Theory.clock),
    ("leads to", "CLOCK", _Theory.clock),
    ("each leads to", "CLOCK", _Theory.each),
    ("recoverable", "RANK", lambda on, claim, told: on.rank(claim, told.weights, "waiting" in told.lowered_by)),
    ("leads to", "PROGRESS", _Theory.progress),
)
"""For each modality of a claim, which arguments show it, and how that is asked."""
Check = Callable[[Unknowns, tuple[Lemma, ...], Asked], Outcome]
CHECKS: dict[tuple[str, str], Check] = {
    ("check 3", "IMPLIED"): guards_exclude,
    ("check 4", "IMPLIED"): wires_exclude,
    ("check 5", "TIMERS"): unblocked,
    ("check 6", "IMPLIED"): always_goes_on,
    ("check 7", "IMPLIED"): stays_in_range,
}
"""Those of the definition that a proof shows, by their number and argument."""
