"""Every property of a machine or system, decided, in one version of the business or in all profiles at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import attrs

from fsm.machine import Machine
from fsm.parameters import NamedProfile
from fsm.properties import Property
from fsm.system import System, as_system
from fsm.verification.definitions import definition_claims
from fsm.verification.vacuity import with_vacuity
from fsm.verification.verdict import Verdict
from fsm.verification.verifier import Verifier
from fsm.words import phrase

__all__ = ["Report", "Verifier", "verify"]


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
        profile: the named profile it speaks of; None for every value of every parameter.
    """

    system: System
    name: str
    doc: str
    kind: str
    verdicts: tuple[Verdict, ...]
    definition: tuple[Verdict, ...]
    assumptions: tuple[tuple[str, str], ...]
    covers: str
    profile: NamedProfile | None = None

    def expects_refutation(self, claim: Property) -> bool:
        """Whether the page says that the claim does not hold in this profile."""
        return self.profile is not None and self.profile.name in claim.refuted_in

    @property
    def all(self) -> tuple[Verdict, ...]:
        return (*self.definition, *self.verdicts)


@lru_cache(maxsize=8)
def _everywhere(system: System) -> Verifier:
    """The engines for every value of every parameter: what is asked of every version is asked of them once."""
    return Verifier(system)


def verify(
    target: Machine | System,
    *,
    profile: NamedProfile | None = None,
    definition: bool = True,
    progress: Callable[[str], None] = lambda sentence: None,
) -> Report:
    """Decide every property of a machine or system and check its definition.

    Args:
        profile: fixes some parameters for the properties, by default the first profile of the target where it
            has any; the definition is checked for every value.
        definition: whether to check the definition.
        progress: told each property's sentence before it is looked at.
    """
    system = as_system(target)
    if profile is None and system.profiles:
        profile = system.profiles[0]
    named = {param.name for param in system.parameters}
    fixed = {} if profile is None else {name: value for name, value in profile.values.items() if name in named}
    checks: list[Verdict] = []
    everywhere = _everywhere(system)
    for check in definition_claims(target, everywhere) if definition else ():
        progress(check.claim.sentence)
        checks.append(check)
    verifier = Verifier(system, fixed) if fixed else everywhere
    verdicts: list[Verdict] = []
    for claim in system.properties:
        progress(claim.sentence)
        verdicts.append(verifier.decide(claim))
    progress("no claim holds for want of cases")
    verdicts = list(with_vacuity(verdicts, verifier, everywhere))
    kind = "machine" if isinstance(target, Machine) else "system"
    assumptions = tuple((one.name, phrase(one.that)) for one in system.all_assumptions)
    return Report(system, target.name, target.doc, kind, tuple(verdicts), tuple(checks), assumptions, verifier.covers, profile)
