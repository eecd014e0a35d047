"""What a complete walk through the snapshots of a system found: how many there are, and what holds of them.

The same for whichever walked: the public step (`enumeration`) or packed numbers (`packed`). Exact where
`complete`; where not, what was refuted stays refuted and all else is unknown, never proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Formula, Implies, Not
from fsm.language.parts import Each
from fsm.language.printing import value_in_words
from fsm.language.properties import POSSIBLE, Modality, Property
from fsm.language.system import System
from fsm.semantics.satisfaction import expected
from fsm.traces.trace import Trace
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = [
    "BUDGET",
    "Explored",
    "Progress",
    "as_said",
    "covers",
    "exit_status",
    "judged",
    "kept_by_steps",
    "of_snapshots",
]

BUDGET = 2_000_000
"""How many snapshots are met at most, unless somebody says otherwise."""

Progress = Callable[[int, int], None]
"""Told from time to time how many snapshots were met, and how many steps the farthest are from the start."""


@attrs.frozen(eq=False)
class Explored:
    """What was found.

    Attributes:
        system: what was walked through.
        params: under which values of its parameters.
        by: who walked, in words.
        keys: how many names of keys there are in the world; None for as many as are ever needed.
        named: whether names tell snapshots apart; else those are one that a renaming of keys turns into each other.
        snapshots: how many were met.
        steps: how many steps leave them: of each, every event with every snapshot it leads to.
        depth: how many steps the farthest are from the start.
        ends: how many have nothing left to happen, every instance being in a state that no transition leaves.
        deadlocks: how many have nothing left to happen and are no such end.
        deadlock: a shortest run to one.
        complete: there are no others.
        why: what stopped the walk where it is not complete.
        verdicts: on every property of the system.
        told_apart: how many there are where names tell keys apart, those between two timers of one instant among them: what a model
            checker without symmetry stores. None where the number of keys is not given, or nobody counted them.
    """

    system: System
    params: Mapping[str, Any]
    by: str
    keys: int | None
    named: bool
    snapshots: int
    steps: int
    depth: int
    ends: int
    deadlocks: int
    deadlock: Trace | None
    complete: bool
    why: str
    verdicts: tuple[Verdict, ...]
    told_apart: int | None = None


def covers(system: System, params: Mapping[str, Any], keys: int | None) -> str:
    """For what the counts and verdicts hold, in words."""
    values = [f"{name} = {value_in_words(value)}" for name, value in params.items()]
    parts = [part.name for part in system.parts if isinstance(part, Each)]
    world = (
        [f"any number of {name}" for name in parts]
        if keys is None
        else [f"{keys} key{'s' * (keys != 1)}"] * bool(parts)
    )
    return " and ".join([*([", ".join(values)] if values else []), *world]) or "every run"


def judged(
    claim: Property,
    found: Explored,
    *,
    broken: Trace | None = None,
    met: Trace | None = None,
    lost: Trace | None = None,
    why: str = "",
) -> Verdict:
    """The verdict on a claim.

    Args:
        found: the counts; its own verdicts are not read.
        broken: a shortest run that breaks it.
        met: one to a snapshot that is to be reachable.
        lost: one to a snapshot from which the goal cannot be reached any more.
        why: why the walk says nothing of it at all.
    """
    over = f"enumeration of {found.snapshots:,} snapshots{'' if found.named else ' up to renaming'}"
    within = covers(found.system, found.params, found.keys)
    trace = broken or lost
    if trace is not None:
        return Refuted(claim, f"a shortest run, found by {over}, replayed", trace)
    if met is not None:
        return Proved(claim, "a shortest run to it, replayed", within, witness=met)
    if why:
        return Unknown(claim, why)
    if not found.complete:
        return Unknown(claim, f"{over} came to no end: {found.why}", "Give a larger budget, or smaller parameters.")
    if claim.modality in POSSIBLE:
        return Refuted(claim, f"in none, by {over}, which are all there are")
    return Proved(claim, f"{over}, which are all there are", within)


def kept_by_steps(claim: Property) -> Formula:
    """The formula that a step breaks which refutes the claim or, where something can happen, shows it."""
    return Not(claim.formula) if claim.modality is Modality.CAN_HAPPEN else claim.formula


def of_snapshots(claim: Property) -> Formula:
    """The formula over snapshots that a walk without clocks asks of a claim.

    Where nothing measures time it may pass at any snapshot, as much as it likes; so a bounded response says that its goal is there
    wherever its premise is, and no duration helps.
    """
    if claim.modality is Modality.WITHIN and claim.premise is not None:
        return Implies(claim.premise, claim.formula)
    return claim.formula


def as_said(verdict: Verdict, found: Explored) -> bool:
    """Whether a claim may be refuted under these values by the declaration: there it does not hold, or it says that something can happen under some."""
    if not isinstance(verdict, Refuted):
        return False
    of_some = verdict.claim.modality in POSSIBLE and bool(found.system.parameters)
    return of_some or not expected(verdict.claim, found.system.profiles, found.params)


def exit_status(found: Explored) -> int:
    """1 where something is refuted against the declaration or a deadlock was met, else 3 where the walk came to no end or something is unknown, else 0."""
    if found.deadlocks or any(isinstance(one, Refuted) and not as_said(one, found) for one in found.verdicts):
        return 1
    return 3 if not found.complete or any(isinstance(one, Unknown) for one in found.verdicts) else 0
