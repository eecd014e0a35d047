"""Every property of a machine or system, decided in one version of the business or in several.

What the page says to hold in every version is proved once, for every value of every parameter, the
mixtures of versions that nobody sells included. Only what that does not settle is decided in a version
of its own: what the page says to be refuted in some version, what needs a run, and what holds in
each version but not between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.traces.trace import Trace
from fsm.verification.decide.assumptions import marked
from fsm.verification.decide.decide import decide, decide_within, show
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.vacuity import with_vacuity
from fsm.verification.decide.wellformedness import definition_claims
from fsm.verification.verdict import Proved, Verdict

__all__ = ["Report", "Study", "verify"]

Progress = Callable[[str], None]


@attrs.frozen(eq=False)
class Report:
    """What is known of a machine or system.

    Attributes:
        system: what was looked at; a machine as the only part of a system.
        name: of the machine or system.
        doc: its sentence.
        kind: `machine` or `system`.
        verdicts: one for each property, in the order of the page.
        definition: one for each check of the definition.
        assumptions: names of the assumptions on parameters, with their formulas in words.
        covers: for what a symbolic proof holds, in words.
        version: for what one holds that covers this version alone; empty where no parameter is fixed.
        profile: the named profile it speaks of; None for every value of every parameter.
        confirmed: by whom its proofs were confirmed, in words; empty where nobody was asked.
    """

    system: System
    name: str
    doc: str
    kind: str
    verdicts: tuple[Verdict, ...]
    definition: tuple[Verdict, ...]
    assumptions: tuple[tuple[str, str], ...]
    covers: str
    version: str = ""
    profile: NamedProfile | None = None
    confirmed: str = ""

    def expects_refutation(self, claim: Property) -> bool:
        """Whether the page says that the claim does not hold in this profile."""
        return self.profile is not None and self.profile.name in claim.refuted_in

    @property
    def all(self) -> tuple[Verdict, ...]:
        return (*self.definition, *self.verdicts)


def _silent(sentence: str) -> None:
    """Nobody is told how far it has come."""


def verify(
    target: Machine | System,
    *,
    profile: NamedProfile | None = None,
    definition: bool = True,
    progress: Progress = _silent,
    processes: int = 1,
    timeout: float | None = None,
) -> Report:
    """Decide every property of a machine or system and check its definition.

    Args:
        profile: fixes some parameters for the properties, by default the first profile of the target where it
            has any; the definition is checked for every value.
        definition: whether to check the definition.
        progress: told each property's sentence before it is looked at.
        processes: how many slow engines may work at once on a property; the report is the same.
        timeout: seconds for each property; what takes longer is unknown, and nothing else changes. None for
            no limit but the budgets of the solver.

    Raises:
        Disagreement: one engine proves what another refutes, which is a defect of fsm.
    """
    return Study(target, processes=processes, timeout=timeout).report(profile, definition=definition, progress=progress)


class Study:
    """A machine or system, looked at in one version after another; the arguments are those of `verify`."""

    def __init__(self, target: Machine | System, *, processes: int = 1, timeout: float | None = None) -> None:
        self.target = target
        self.system = as_system(target)
        self.processes, self.timeout = processes, timeout
        self.whole = Prover(self.system, processes=processes)
        self._everywhere: dict[Property, Proved | None] = {}
        self._decided: dict[tuple[tuple[str, Any], ...], tuple[Verdict, ...]] = {}
        self._runs: dict[str, Trace] = {}
        self._checked: list[Verdict] = []
        self._cases: dict[Property, Proved] = {}

    def report(
        self, profile: NamedProfile | None = None, *, definition: bool = True, progress: Progress = _silent
    ) -> Report:
        """What is known in one version; the arguments are those of `verify`."""
        system = self.system
        if profile is None and system.profiles:
            profile = system.profiles[0]
        values = {} if profile is None else profile.within(system.parameters).values
        checks = tuple(self._checks(progress)) if definition else ()
        verdicts = self._in_version(values, progress)
        kind = "machine" if isinstance(self.target, Machine) else "system"
        assumptions = tuple((one.name, str(one.that)) for one in system.all_assumptions)
        version = Prover(system, values).leaves_open if values else ""
        return Report(
            system,
            self.target.name,
            self.target.doc,
            kind,
            verdicts,
            checks,
            assumptions,
            self.whole.covers,
            version,
            profile,
        )

    def _checks(self, progress: Progress) -> list[Verdict]:
        """The verdicts on the definition, which no version changes."""
        if not self._checked:
            for check in definition_claims(self.target, self.whole):
                progress(check.claim.sentence)
                self._checked.append(check)
            self._checked = [*marked(self._checked, self.whole)]
        return self._checked

    def _in_version(self, values: Mapping[str, Any], progress: Progress) -> tuple[Verdict, ...]:
        """The verdicts where parameters have these values: two versions that fix the same ones have the same."""
        key = tuple(values.items())
        if key not in self._decided:
            prover = Prover(self.system, values, self._runs, processes=self.processes) if values else self.whole
            verdicts = tuple(self._verdicts(prover, progress))
            progress("no claim holds for want of cases")
            self._decided[key] = marked(self._with_cases(verdicts, prover), prover)
            self._runs.update(prover.witnesses)
        return self._decided[key]

    def _verdicts(self, prover: Prover, progress: Progress) -> Iterator[Verdict]:
        for claim in self.system.properties:
            progress(claim.sentence)
            shown = None if prover is self.whole else self._in_every_version(claim)
            if shown is not None:
                yield shown
            else:
                yield decide(prover, claim) if self.timeout is None else decide_within(prover, claim, self.timeout)

    def _with_cases(self, verdicts: tuple[Verdict, ...], prover: Prover) -> tuple[Verdict, ...]:
        """The verdicts with the cases that are never met. Which those are no version changes, so each claim is looked at once."""
        new = [one for one in verdicts if isinstance(one, Proved) and one.claim not in self._cases]
        self._cases.update({one.claim: one for one in with_vacuity(new, prover, self.whole) if isinstance(one, Proved)})
        return tuple(map(self._told, verdicts))

    def _told(self, verdict: Verdict) -> Verdict:
        if not isinstance(verdict, Proved):
            return verdict
        judged = self._cases[verdict.claim]
        return (
            attrs.evolve(verdict, never=judged.never, unmet=judged.unmet) if judged.never or judged.unmet else verdict
        )

    def _in_every_version(self, claim: Property) -> Proved | None:
        """The proof for every value of every parameter, where the page says that the claim always holds and there is one."""
        if claim.refuted_in:
            return None
        if claim not in self._everywhere:
            shown = show(self.whole, claim)
            self._everywhere[claim] = shown if isinstance(shown, Proved) else None
        return self._everywhere[claim]
