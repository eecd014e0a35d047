"""Every property of a machine or system, decided in one version of the business or in several.

What the declaration says to hold in every version is proved once, for every value of every parameter, the
mixtures of versions that nobody sells included. Only what that does not settle is decided in a version
of its own: what the declaration says to be refuted in some version, what needs a run, and what holds in
each version but not between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.traces.trace import Trace
from fsm.verification.decide.assumptions import assumption_checks, marked, satisfied
from fsm.verification.decide.decide import decide, show
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.vacuity import Cases
from fsm.verification.decide.wellformedness import check
from fsm.verification.definition import checks_of
from fsm.verification.undecided import blank
from fsm.verification.verdict import Proved, Report, Verdict

__all__ = ["InVersion", "Progress", "Study", "silent"]

Progress = Callable[[str], None]


def silent(sentence: str) -> None:
    """Nobody is told how far it has come."""


class Study:
    """A machine or system, looked at in one version after another.

    Args:
        processes: how many slow engines may work at once on a property.
        definition: whether to check the definition.
        alone: each claim is decided by itself: of the runs that show what is reachable only its own is looked for.
        version: which one of this target is meant by a version that is asked for, or by none.
    """

    def __init__(
        self,
        target: Machine | System,
        *,
        processes: int = 1,
        definition: bool = True,
        alone: bool = False,
        version: Callable[[NamedProfile | None], NamedProfile | None] | None = None,
    ) -> None:
        self.target = target
        self._version = self._first if version is None else version
        self.system = as_system(target)
        self.processes, self.definition, self.alone = processes, definition, alone
        self.whole = Prover(self.system, processes=processes, alone=alone)
        self.runs: dict[str, Trace] = {}
        self.checked: dict[Property, Verdict] = {}
        self._satisfied: dict[tuple[tuple[str, Any], ...], bool | None] = {}
        self._everywhere: dict[Property, Proved | None] = {}
        self._versions: dict[tuple[tuple[str, Any], ...], dict[Property, Verdict]] = {}
        self._cases: dict[Property, Proved] = {}
        self.case_runs: dict[Property, Mapping[str, Trace]] = {}

    def report(self, profile: NamedProfile | None = None, *, progress: Progress = silent) -> Report:
        """What is known in one version; the arguments are those of `fsm.verification.verify`."""
        version = self.in_version(profile)
        checks = version.checks
        verdicts: list[Verdict] = []
        for claim in version.claims:
            progress(claim.sentence)
            verdicts.append(version.decide(claim))
        version.close()
        return version.report(verdicts[: len(checks)], verdicts[len(checks) :])

    @cached_property
    def assumed(self) -> dict[Property, Verdict]:
        """What is wrong with the assumptions, or not known to be right."""
        return {one.claim: one for one in assumption_checks(self.whole)}

    def marked(self, verdict: Verdict, prover: Prover) -> Verdict:
        """The verdict, that it holds for want of cases where the assumptions leave nothing to choose."""
        key = tuple(prover.fixed.items())
        if key not in self._satisfied:
            self._satisfied[key] = satisfied(prover, prover.fixed)
        return marked(verdict, self._satisfied[key])

    def in_version(self, profile: NamedProfile | None = None) -> InVersion:
        """The study in one version, by default the first where the target has any."""
        profile = self._version(profile)
        values = {} if profile is None else dict(profile.within(self.system.parameters).values)
        known = self._versions.setdefault(tuple(values.items()), {})
        return InVersion(self, profile, values, known)

    def _first(self, profile: NamedProfile | None) -> NamedProfile | None:
        return self.system.profiles[0] if profile is None and self.system.profiles else profile

    def in_every_version(self, claim: Property) -> Proved | None:
        """The proof for every value of every parameter, where the declaration says that the claim always holds and there is one."""
        if claim.refuted_in or claim.retracted:
            return None
        if claim not in self._everywhere:
            shown = show(self.whole, claim)
            self._everywhere[claim] = shown if isinstance(shown, Proved) else None
        return self._everywhere[claim]

    def with_cases(self, verdict: Verdict, cases: Cases) -> Verdict:
        """The verdict with the cases that are never met. Which those are no version changes, so each claim is looked at once."""
        if not isinstance(verdict, Proved):
            return verdict
        if verdict.claim not in self._cases:
            self._cases[verdict.claim] = cases.judge(verdict)
            self.case_runs[verdict.claim] = cases.runs.get(verdict.claim, {})
        judged = self._cases[verdict.claim]
        return (
            attrs.evolve(verdict, never=judged.never, unmet=judged.unmet) if judged.never or judged.unmet else verdict
        )


@attrs.define(eq=False)
class InVersion:
    """A machine or system in one version: each check of its definition and each property is decided when it is asked for.

    Attributes:
        values: of the parameters that the version fixes; two versions that fix the same ones have the same verdicts.
    """

    study: Study
    profile: NamedProfile | None
    values: Mapping[str, Any]
    _decided: dict[Property, Verdict]

    @cached_property
    def prover(self) -> Prover:
        """The engines for these values."""
        study = self.study
        if not self.values:
            return study.whole
        return Prover(study.system, self.values, study.runs, processes=study.processes, alone=study.alone)

    @cached_property
    def cases(self) -> Cases:
        """What the properties speak of."""
        return Cases(self.study.system.properties, self.prover, self.study.whole)

    @cached_property
    def checks(self) -> tuple[Property, ...]:
        """The checks of the definition, which no version changes."""
        return (*self.study.assumed, *checks_of(self.study.target)) if self.study.definition else ()

    @property
    def claims(self) -> tuple[Property, ...]:
        """The checks and the properties."""
        return (*self.checks, *self.study.system.properties)

    def prepare(self) -> None:
        """Find what all claims share: the invariants, and what is true of timers."""
        self.study.whole.prepare()
        if any(self.study.in_every_version(claim) is None for claim in self.study.system.properties):
            self.prover.prepare()

    def decide(self, claim: Property) -> Verdict:
        """The verdict on a check or a property."""
        if claim in self.checks:
            return self._check(claim)
        if claim not in self._decided:
            verdict = self.study.with_cases(self._verdict(claim), self.cases)
            self._decided[claim] = self.study.marked(verdict, self.prover)
        return self._decided[claim]

    def _check(self, claim: Property) -> Verdict:
        study = self.study
        if claim not in study.checked:
            known = study.assumed.get(claim)
            study.checked[claim] = study.marked(check(study.whole, claim), study.whole) if known is None else known
        return study.checked[claim]

    def _verdict(self, claim: Property) -> Verdict:
        shown = self.study.in_every_version(claim) if self.values else None
        if shown is not None:
            return shown
        return decide(self.prover, claim)

    def close(self) -> None:
        """Keep the runs that show what is reachable for the next version."""
        self.study.runs.update(self.prover.met)

    def report(self, definition: Iterable[Verdict] = (), verdicts: Iterable[Verdict] = ()) -> Report:
        """The report of some verdicts."""
        return attrs.evolve(self._blank, definition=tuple(definition), verdicts=tuple(verdicts))

    @cached_property
    def _blank(self) -> Report:
        return blank(self.study.target, self.study.system, self.profile, self.values)
