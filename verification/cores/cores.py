"""Why is it true? For each claim the rules and guards that its proof rests on, as a matrix.

Rules and guards are named facts in every question that a proof asks, so each answer names those it
used, none of which that question can do without. The claim holds whatever becomes of all others.

What it can never say: that no other proof needs less. Which of them a run, an enumeration or Spacer
rests on is not told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.properties import POSSIBLE, Property
from fsm.language.system import System
from fsm.verification.cores.weakening import weakened, without_assumptions
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.slicing import lean
from fsm.verification.facts import FactId, Of
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["ClaimRow", "Ground", "Matrix", "why"]

A_RUN = "a run"
NOT_APART = "its guards were not told apart"


@attrs.frozen
class Ground:
    """A rule or a guard.

    Attributes:
        kind: `rule`, `assumption` or `guard`; the condition of a wire is a guard, too.
        name: of the rule; of a guard where it stands and what it says.
    """

    kind: str
    name: str


@attrs.frozen
class ClaimRow:
    """One claim.

    Attributes:
        sentence: the claim.
        verdict: proved, refuted or unknown, in the first version asked in which it shall hold.
        rests_on: the grounds of its proof, in the order of the declaration; of several versions, those of any.
        note: what else its proof is; empty for one that is told apart.
    """

    sentence: str
    verdict: str
    rests_on: tuple[Ground, ...]
    note: str = ""


@attrs.frozen
class Matrix:
    """Which claim rests on what.

    Attributes:
        kind, name: of the machine or system.
        grounds: every rule and guard, in the order of the declaration.
        rows: every claim, in the order of the declaration.
    """

    kind: str
    name: str
    grounds: tuple[Ground, ...]
    rows: tuple[ClaimRow, ...]

    @property
    def needed_by_none(self) -> tuple[Ground, ...]:
        """The rules that no proof rests on. A guard may just say where an event leads, which needs no claim."""
        needed = {ground for row in self.rows for ground in row.rests_on}
        return tuple(ground for ground in self.grounds if ground.kind == "rule" and ground not in needed)

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        grounds = [attrs.asdict(ground) for ground in self.grounds]
        rows = [
            {
                "sentence": row.sentence,
                "verdict": row.verdict,
                "rests_on": [self.grounds.index(ground) + 1 for ground in row.rests_on],
                "note": row.note,
            }
            for row in self.rows
        ]
        return {
            "kind": self.kind,
            "name": self.name,
            "grounds": grounds,
            "claims": rows,
            "needed_by_none": [one.name for one in self.needed_by_none],
        }


def why(
    target: Machine | System,
    profiles: Sequence[NamedProfile | None] = (None,),
    *,
    progress: Callable[[str], None] = lambda sentence: None,
) -> Matrix:
    """The matrix of a machine or system.

    Args:
        profiles: the versions to prove it in; None for every value of every parameter.
        progress: told each property's sentence before it is looked at.
    """
    system = as_system(target)
    open_ = weakened(system)
    grounds = {
        **{assumption: Ground("rule", name) for assumption, name in open_.rules.items()},
        **_once(system.all_assumptions),
        **{assumption: Ground("guard", name) for assumption, name in open_.guards.items()},
    }
    versions = [_version(system, open_.system, one) for one in profiles]
    rows = []
    for place, claim in enumerate(system.properties):
        progress(claim.sentence)
        found = [
            _row(claim, open_.system.properties[place], grounds, declared, weak)
            for name, declared, weak in versions
            if not claim.fails_in(name)
        ]
        rows.append(_joined(claim, found, tuple(grounds.values())))
    return Matrix(
        "machine" if isinstance(target, Machine) else "system", target.name, tuple(grounds.values()), tuple(rows)
    )


def _once(assumptions: Sequence[Assumption]) -> dict[Assumption, Ground]:
    """The assumptions as grounds; one more of a name gets a number."""
    found: dict[Assumption, Ground] = {}
    for one in assumptions:
        again = sum(other.name == one.name for other in found)
        found[one] = Ground("assumption", f"{one.name} ({again + 1})" if again else one.name)
    return found


class _Open(Prover):
    """The engines of a declaration whose conditions can be left out: what no event can fill is looked for without any of them."""

    def counting(self) -> Counting:
        found = lean(without_assumptions(self.system), self.fixed)
        return Counting(self.system, self.fixed, found.live, found.occurrences)


def _version(system: System, open_: System, profile: NamedProfile | None) -> tuple[str, Prover, Prover]:
    """The name of a version, and its engines: as declared, and with guards that can be left out."""
    named = {param.name for param in system.parameters}
    fixed = {} if profile is None else {name: value for name, value in profile.values.items() if name in named}
    return "" if profile is None else profile.name, Prover(system, fixed), _Open(open_, fixed)


Grounds = Mapping[Assumption, Ground]


def _row(claim: Property, opened: Property, grounds: Grounds, declared: Prover, open_: Prover) -> ClaimRow:
    """As the open declaration proves it; where that is too weak, or the claim is shown by a run, as the report does."""
    if claim.modality in POSSIBLE:
        return _told(declared, decide(declared, claim), grounds, A_RUN)
    found = decide(open_, opened)
    if isinstance(found, Proved):
        return _told(open_, found, grounds, "")
    return _told(declared, decide(declared, claim), grounds, NOT_APART)


def _told(prover: Prover, verdict: Verdict, grounds: Grounds, note: str) -> ClaimRow:
    """What a verdict says; of the open declaration the rules stand among the assumptions."""
    sentence = verdict.claim.sentence
    match verdict:
        case Proved(used=used, rules=rules):
            assumed = enumerate(prover.system.all_assumptions)
            found = [grounds[one] for place, one in assumed if FactId(Of.ASSUMPTION, (place,)) in used]
            return ClaimRow(sentence, "proved", (*found, *(Ground("rule", name) for name in rules if note)), note)
        case Refuted():
            return ClaimRow(sentence, "refuted", ())
        case Unknown():
            return ClaimRow(sentence, "unknown", ())


def _joined(claim: Property, rows: Iterable[ClaimRow], grounds: tuple[Ground, ...]) -> ClaimRow:
    """One row of those of all versions in which the claim shall hold."""
    found = list(rows)
    if not found:
        return ClaimRow(claim.sentence, "refuted", (), "holds in none of these versions, as the declaration says")
    used = {ground for row in found for ground in row.rests_on}
    return attrs.evolve(found[0], rests_on=tuple(ground for ground in grounds if ground in used))
