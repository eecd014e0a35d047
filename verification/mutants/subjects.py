"""A machine or system as it is declared, with all that a fault in it is judged by.

Made once for all faults: which of its properties count, its invariants, a run for everything that
shall be possible, and the profiles that short searches try.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from fsm.errors import BadInput, DefinitionError
from fsm.language.composition import as_system, with_machine
from fsm.language.domains import Booleans, Integers
from fsm.language.expressions import Junction, Param
from fsm.language.leaves import Happens, InState, Moment
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.runtime.profile import complete
from fsm.traces.trace import Trace
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.engines.induction import Induction
from fsm.verification.mutants.lemmas import stronger
from fsm.verification.verdict import Proved, Unknown, Verdict

__all__ = ["Subject", "counts_as_evidence", "subjects_of"]

Declared = Machine | System
SMALL = 2
"""How large a number is that an administrator chooses, in short searches."""


class Subject:
    """A machine or system in one version.

    Attributes:
        declared: what is mutated.
        version: the profile that is judged; None where it has none.
    """

    def __init__(self, declared: Declared, version: NamedProfile | None) -> None:
        self.declared = declared
        self.version = version
        self.system = as_system(declared)
        self.fixed = {} if version is None else dict(version.within(self.system.parameters).values)
        self.prover = Prover(self.system, self.fixed)

    def _expected_refuted(self, claim: Property) -> bool:
        return claim.fails_in(None if self.version is None else self.version.name)

    @property
    def name(self) -> str:
        return self.declared.name

    def with_fault(self, home: Declared, faulty: Declared) -> System | None:
        """This one with a fault in it, or in one of its machines; None where that cannot be declared."""
        if self.declared is home:
            return as_system(faulty)
        assert isinstance(self.declared, System)
        assert isinstance(home, Machine)
        assert isinstance(faulty, Machine)
        try:
            return with_machine(self.declared, home, faulty)
        except DefinitionError:
            return None

    def counted(self, system: System) -> tuple[Property, ...]:
        """The properties of a faulty system by which it can be caught."""
        return tuple(one for one in system.properties if one.sentence in self.claims)

    @cached_property
    def invariants(self) -> Induction | None:
        """What is proved of the declaration without a fault; None where the encoding cannot say it."""
        induction = self.prover.induction
        return stronger(induction) if isinstance(induction, Induction) else None

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        """Of every property that counts, what is known of it without a fault."""
        cited = any(one.cites for one in self.system.properties)
        counted = [one for one in self.system.properties if counts_as_evidence(one, cited=cited)]
        asked = [one for one in counted if not self._expected_refuted(one)]
        return {one.sentence: decide(self.prover, one) for one in asked}

    @cached_property
    def _proved(self) -> dict[str, Proved]:
        """Those that are proved: what is false anyway catches nothing."""
        return {sentence: verdict for sentence, verdict in self._verdicts.items() if isinstance(verdict, Proved)}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Those of which nobody knows even without a fault, so that nobody knows whether they would catch one."""
        return tuple(sentence for sentence, verdict in self._verdicts.items() if isinstance(verdict, Unknown))

    @property
    def claims(self) -> tuple[str, ...]:
        """The sentences of the properties by which a fault can be caught: they say where they come from, and are proved without it."""
        return tuple(self._proved)

    @property
    def witnesses(self) -> dict[str, Trace]:
        """For each property that something is possible, the run that shows it without the fault."""
        return {sentence: verdict.witness for sentence, verdict in self._proved.items() if verdict.witness is not None}

    @cached_property
    def trials(self) -> tuple[dict[str, Any], ...]:
        """Profiles that short searches try: small numbers and the defaults, then each switch turned, then durations alike."""
        return tuple(self._trials())

    def _trials(self) -> Iterator[dict[str, Any]]:
        open_ones = [one for one in self.system.parameters if one.name not in self.fixed]
        lengths = [
            line.duration
            for part in self.system.parts
            for line in part.machine.transitions
            if line.duration is not None
        ]
        durations = {node.name for length in lengths for node in walk(length) if isinstance(node, Param)}
        base = {
            one.name: SMALL
            for one in open_ones
            if isinstance(one.domain, Integers) and one.name not in durations and one.domain.contains(SMALL)
        }
        others = [{one.name: not one.default} for one in open_ones if isinstance(one.domain, Booleans)]
        alike = {one.name: 10_000 for one in open_ones if one.name in durations and one.domain.contains(10_000)}
        tried: list[dict[str, Any]] = [{}, *others, *([alike] if alike else [])]
        for other in tried:
            profile = {**base, **other, **self.fixed}
            try:
                complete(self.system, profile)
            except BadInput:
                continue
            yield profile


def counts_as_evidence(claim: Property, *, cited: bool) -> bool:
    """Whether a property may kill a mutant: it cites where it comes from, and does not just say a line of the transition table again.

    Args:
        cited: some property of the declaration cites; where none does, all count that say more than a line.
    """
    return (bool(claim.cites) or not cited) and not _restates(claim)


def _restates(claim: Property) -> bool:
    """A possibility that names the state before, the event and the state after, all three: a line of the table."""
    parts = (
        claim.formula.parts if isinstance(claim.formula, Junction) and claim.formula.op == "and" else (claim.formula,)
    )
    said = {part.when for part in parts if isinstance(part, Moment) and isinstance(part.of, InState)}
    return (
        claim.modality is Modality.CAN_HAPPEN
        and {"before", "after"} <= said
        and any(isinstance(part, Happens) for part in parts)
    )


def subjects_of(targets: tuple[Declared, ...], version: str | None = None) -> tuple[Subject, ...]:
    """Machines and systems, in one version by name, by default the first one that any of them has."""
    known = {profile.name: profile for target in targets for profile in target.profiles}
    chosen = next(iter(known.values()), None) if version is None else known[version]
    return tuple(Subject(target, chosen) for target in targets)
