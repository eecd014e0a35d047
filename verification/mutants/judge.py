"""What becomes of one mutant: killed, equivalent, surviving, or nobody knows; a crash is none of these.

A mutant of a machine is judged on the machine's own declaration and on that of every system it stands in.
"""

from __future__ import annotations

import traceback
from enum import Enum

import attrs

from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.traces.trace import Trace
from fsm.verification.mutants.equivalence import Differs, Same, same_behaviour
from fsm.verification.mutants.generate import Mutant
from fsm.verification.mutants.kill import Killing, by_a_loss, by_a_proof, by_a_run
from fsm.verification.mutants.subjects import Subject

__all__ = ["Fate", "Outcome", "judge"]


class Fate(Enum):
    """How a mutant ends."""

    STILLBORN = "stillborn"
    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"
    UNKNOWN = "unknown"
    CRASHED = "crashed"


@attrs.frozen(eq=False)
class Outcome:
    """What became of a mutant, and why.

    Attributes:
        home, kind, mutant: where it is planted, what sort it is, its name.
        why: the argument, in words.
        declaration, killer, cites: the property that killed it.
        trace: the run that broke the property; None where something is proved to be impossible now.
    """

    home: str
    kind: str
    mutant: str
    fate: Fate
    why: str = ""
    declaration: str = ""
    killer: str = ""
    cites: tuple[str, ...] = ()
    trace: Trace | None = None


def judge(mutant: Mutant, subjects: tuple[Subject, ...]) -> Outcome:
    """What becomes of a mutant of one of these subjects."""
    try:
        return _judged(mutant, subjects)
    except Exception:  # noqa: BLE001  # whatever a fault makes the tool do, it is reported as a crash, and never as a kill
        return _outcome(mutant, Fate.CRASHED, traceback.format_exc(limit=-4))


def _outcome(mutant: Mutant, fate: Fate, why: str) -> Outcome:
    return Outcome(mutant.home.name, mutant.kind, mutant.name, fate, why)


def _judged(mutant: Mutant, subjects: tuple[Subject, ...]) -> Outcome:
    declared = mutant.declared()
    if declared is None:
        return _outcome(mutant, Fate.STILLBORN, "it cannot be declared")
    left: list[tuple[Subject, System, str]] = []
    alike: list[str] = []
    for subject in _standing_on(mutant, subjects):
        faulty = subject.with_fault(mutant.home, declared)
        if faulty is None:
            continue
        killing = by_a_run(subject, faulty, quickly=True)
        if killing is not None:
            return _killed(mutant, killing)
        same = _same(subject, faulty)
        if isinstance(same, Same):
            if subject.declared is mutant.home:
                return _outcome(mutant, Fate.EQUIVALENT, _alike(same))
            alike.append(subject.name)
            continue
        killing = by_a_loss(subject, faulty) or by_a_run(subject, faulty)
        if killing is not None:
            return _killed(mutant, killing)
        left.append((subject, faulty, same.where))
    return _argued(mutant, left, alike)


def _argued(mutant: Mutant, left: list[tuple[Subject, System, str]], alike: list[str]) -> Outcome:
    """What no short run has broken."""
    unknown: list[str] = []
    for subject, faulty, _ in left:
        found = by_a_proof(subject, faulty)
        if isinstance(found, Killing):
            return _killed(mutant, found)
        unknown += [
            f"{subject.name}: {sentence}" for sentence in (*(claim.sentence for claim in found), *subject.unknown)
        ]
    if alike and all(subject.declared is mutant.home for subject, _, _ in left):
        return _outcome(mutant, Fate.EQUIVALENT, f"it behaves alike in {' and '.join(alike)}, where it is used")
    if unknown:
        return _outcome(mutant, Fate.UNKNOWN, f"neither proved nor refuted with the fault: {'; '.join(unknown)}")
    return _outcome(
        mutant,
        Fate.SURVIVED,
        f"every property that counts is proved with the fault; it differs on {', '.join(dict.fromkeys(one for _, _, one in left))}",
    )


def _standing_on(mutant: Mutant, subjects: tuple[Subject, ...]) -> list[Subject]:
    """The subject of the mutant's home, then those of the systems that the machine stands in."""
    homes = [subject for subject in subjects if subject.declared is mutant.home]
    if isinstance(mutant.home, Machine):
        homes += [
            subject
            for subject in subjects
            if isinstance(subject.declared, System)
            and any(part.machine is mutant.home for part in subject.declared.parts)
        ]
    return homes


def _same(subject: Subject, faulty: System) -> Same | Differs:
    return Differs("the encoding") if subject.invariants is None else same_behaviour(subject.invariants, faulty)


def _alike(same: Same) -> str:
    return f"it behaves alike on {', '.join(dict.fromkeys(same.events))}" if same.events else "it behaves alike"


def _killed(mutant: Mutant, killing: Killing) -> Outcome:
    claim = killing.claim
    return Outcome(
        mutant.home.name,
        mutant.kind,
        mutant.name,
        Fate.KILLED,
        killing.argument,
        killing.declaration,
        claim.sentence,
        claim.cites,
        killing.trace,
    )
