"""Which property of its subject a faulty system breaks: refuted by a run, or by a proof that something can no longer be.

Cheap ways first: short searches for a run (`hunt`), then induction on the faulty system, event by
event, and a search under the profile where it fails; what shall be possible is tried by the run that
showed it. The checks of the definition (`every transition can fire`) kill nothing: they would catch a
fault without knowing what the machine is for.

What it can never say: that no property breaks, unless each is proved of the faulty system.
"""

from __future__ import annotations

from functools import partial

import attrs

from fsm.errors import BadInput
from fsm.language.properties import POSSIBLE, SAFETY, Modality, Property
from fsm.language.system import System
from fsm.runtime.engine import prepare
from fsm.semantics.satisfaction import counts_effects
from fsm.traces.trace import Trace
from fsm.verification.decide.possibility import decide_recoverable
from fsm.verification.decide.prover import Prover, steps_of
from fsm.verification.decide.response import decide_leads_to
from fsm.verification.decide.safety import decide_safety
from fsm.verification.encoding.terms import negated
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.mutants.first_kill import Caught, NotReplayed, breaks, hunt
from fsm.verification.mutants.lemmas import stronger
from fsm.verification.mutants.subjects import Subject
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.goal import Goal, goal_of
from fsm.verification.solver import No
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["Killing", "by_a_loss", "by_a_proof", "by_a_run"]

QUICK, FIRST, LATER, COUNTED, LOOKED_FOR = 60, 600, 200, 250, 1_000
"""How many snapshots a search meets: the first of all, under the first profile, under each other one, where effects or stopwatches count, and for something possible."""


@attrs.frozen(eq=False)
class Killing:
    """A property that a faulty system breaks.

    Attributes:
        declaration: of which the property is.
        argument: how it is refuted, in words.
        trace: a run that breaks it, replayed; None where it is proved that something cannot be any more.
    """

    declaration: str
    claim: Property
    argument: str
    trace: Trace | None


def by_a_run(subject: Subject, faulty: System, *, quickly: bool = False) -> Killing | None:
    """A property that a short run breaks.

    Args:
        quickly: under the first profile alone, among the first snapshots.
    """
    safety = [one for one in subject.counted(faulty) if one.modality in SAFETY]
    counting = tuple(one for one in safety if one.duration is not None or counts_effects(one.formula))
    plain = tuple(one for one in safety if one not in counting)
    for place, profile in enumerate(subject.trials[:1] if quickly else subject.trials):
        try:
            engine = prepare(faulty, profile)
        except BadInput:
            continue
        for claims, budget in (
            (plain, QUICK if quickly else LATER if place else FIRST),
            (counting, QUICK if quickly else COUNTED),
        ):
            caught = hunt(engine, claims, budget) if claims else None
            if caught is not None:
                return _killed(subject, caught)
    return None


def _killed(subject: Subject, caught: Caught) -> Killing:
    return Killing(subject.name, caught.claim, f"{steps_of(caught.trace)}, replayed", caught.trace)


def by_a_loss(subject: Subject, faulty: System) -> Killing | None:
    """Something possible that cannot be any more, among what the runs that showed it show no longer."""
    prover = Prover(faulty, subject.fixed)
    for claim in subject.counted(faulty):
        if claim.modality in POSSIBLE and prover.again(subject.witnesses[claim.sentence], goal_of(claim)) is None:
            verdict = _decide_possible(subject, prover, claim)
            if isinstance(verdict, Refuted):
                return Killing(subject.name, claim, verdict.argument, verdict.trace)
    return None


def by_a_proof(subject: Subject, faulty: System) -> Killing | tuple[Property, ...]:
    """A property that is refuted of the faulty system, or those of which nobody knows: none where all are proved."""
    prover = Prover(faulty, subject.fixed)
    unknown: list[Property] = []
    for claim in sorted(subject.counted(faulty), key=lambda one: _ORDER[one.modality]):
        match _decide(subject, prover, claim):
            case Refuted(argument=argument, trace=trace):
                if (
                    trace is not None
                    and claim.modality in SAFETY
                    and not breaks(prover.engine(dict(trace.profile)), claim, trace)
                ):
                    raise NotReplayed(
                        f"{claim.sentence}: the run that was found, played again, does not break it\n{trace}"
                    )
                return Killing(subject.name, claim, argument, trace)
            case Unknown():
                unknown.append(claim)
            case Proved():
                pass
    return tuple(unknown)


_ORDER = {
    Modality.CAN_HAPPEN: 0,
    Modality.REACHABLE: 0,
    Modality.ALWAYS: 1,
    Modality.EACH_STEP: 1,
    Modality.WITHIN: 1,
    Modality.RECOVERABLE: 2,
    Modality.LEADS_TO: 3,
    Modality.EACH_LEADS_TO: 3,
}
"""What is cheap to ask goes first."""


def _decide(subject: Subject, prover: Prover, claim: Property) -> Verdict:
    match claim.modality:
        case Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN:
            return decide_safety(prover, claim, slowly=False)
        case Modality.RECOVERABLE:
            return decide_recoverable(prover, claim)
        case Modality.REACHABLE | Modality.CAN_HAPPEN:
            return _decide_possible(subject, prover, claim)
        case Modality.LEADS_TO | Modality.EACH_LEADS_TO:
            return decide_leads_to(prover, claim)


def _decide_possible(subject: Subject, prover: Prover, claim: Property) -> Verdict:
    """By the run that showed it, by a proof that it cannot be, or by a short search."""
    goal = goal_of(claim)
    again = prover.again(subject.witnesses[claim.sentence], goal)
    if again is not None:
        return Proved(claim, "the same run", "this run", witness=again)
    induction = prover.induction
    if isinstance(induction, Induction) and not reads_clock(claim.formula):
        for known in (induction, stronger(induction)):
            if isinstance(_excluded(known, goal), Kept):
                what = "no step is such" if goal.of_steps else "the invariants exclude it"
                return Refuted(claim, f"{what}, for {prover.covers}")
        wanted = prover.suggested(goal)
        if isinstance(wanted, No):
            return Refuted(claim, f"no step leads there, for {prover.covers}")
        found = prover.search(wanted, {claim.sentence: goal}, LOOKED_FOR).traces
        if found:
            return Proved(claim, "another run", "this run", witness=found[claim.sentence])
    return Unknown(claim, "no run was found, and nothing shows that there is none")


def _excluded(known: Induction, goal: Goal) -> Kept | Failure:
    if goal.of_steps:
        return known.show_step(partial(known.counting.step, goal.formula))
    return known.show_implied(negated(known.counting.state(goal.formula)))
