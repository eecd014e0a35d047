"""What can always come: from every moment away from the goal something that can be done lowers a rank. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import Timer, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, known
from fsm.verification.checker.possible.events import quiet, running, waited, ways
from fsm.verification.checker.possible.moments import calm_moment, excluded
from fsm.verification.checker.proofs.questions import Outcome, assume
from fsm.verification.checker.proofs.ranks import Goal, rank_of
from fsm.verification.checker.proofs.time.timers import unblocked
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, StepMaker, kinds_of_steps
from fsm.verification.checker.terms import TRUE, conj, disj, negation
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["recovers"]

Json = Any


def recovers(
    unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, weights: Mapping[str, int], waits: bool, solver: Asked
) -> Outcome:
    """Whether from every moment of the lemmas something leads closer: an event that callers can have taken, or waiting."""
    goal = Goal(claim, rank_of(unknowns, weights))
    base, steps = calm_moment(unknowns, lemmas)
    base.script.require(goal.away(base))
    stuck = [negation(conj([step.possible, goal.closer(step)])) for step in steps]
    idle = negation(running(base)) if waits else TRUE
    made = excluded(base.script, {"nothing leads closer": conj([*stuck, idle])}, solver)
    for kind in kinds_of_steps(unknowns.declaration):
        if kind.timer is not None and not made.why:
            made = made.and_then(_timer_leads(unknowns, lemmas, goal, kind, waits, solver))
    return made if made.why else unblocked(unknowns, lemmas, solver)


def _timer_leads(
    unknowns: Unknowns, lemmas: Sequence[Lemma], goal: Goal, kind: Kind, waits: bool, solver: Asked
) -> Outcome:
    """As the second of an instant, when nobody is heard before it, a timer stays in the region or reaches the goal; where waiting leads on, any lowers the rank, and the second never raises it."""
    step = StepMaker(unknowns, kind).made()
    situation = step.situation.at(step.situation.before, 0)
    assume(situation, lemmas)
    step.script.require(goal.away(situation))
    second = _may_be_second(unknowns.declaration, kind)
    if not waits:
        stays = disj([goal.region(step.after), goal.met(step.after)])
        return excluded(step.script, {f"{step.name} leads away": negation(stays)} if second else {}, solver)
    raises = {f"{step.name} raises the rank": negation(goal.closer(step, strictly=False))}
    made = excluded(step.script, raises if second else {}, solver)
    for way in (*ways(unknowns, situation), *waited(unknowns, _earlier(situation))):
        step.script.require(negation(conj([way.possible, goal.closer(way)])))
    return made.and_then(excluded(step.script, {f"{step.name} leads no closer": negation(goal.closer(step))}, solver))


def _earlier(situation: Situation) -> Situation:
    """A moment from which nothing happened until this one, at which a timer fires as the first of its instant: no timer was due then."""
    delay = situation.script.declare("Int")
    only = {
        part: replace(one, elapsed=f"(- {known(one.elapsed)} {delay})") for part, one in situation.before.only.items()
    }
    moment = situation.placed(replace(situation.before, only=only))
    ages = (f"(>= {known(one.elapsed)} 0)" for one in only.values())
    situation.script.require(conj([f"(> {delay} 0)", *ages, quiet(moment)]))
    return moment


def _may_be_second(declaration: Declaration, kind: Kind) -> bool:
    """Whether the timer may be the second of an instant, when nobody can do anything before it fires.

    Only another timer can be the first: of another instance, or of the same stay and as long, where that one does not end the stay, or
    lapses. A state that is entered anew has no timer due at once, since durations are positive.
    """
    assert kind.timer is not None
    part, due = kind.timer
    machine = declaration.machine(part)
    first = [
        one for one in timers_of(machine) if one.state == due.state and one.line != due.line and one.mark is not None
    ]
    return (
        declaration.parts[part]["each"] is not None
        or any(timers_of(declaration.machine(place)) for place in range(len(declaration.parts)) if place != part)
        or any(_as_long(declaration, one, due) for one in first)
    )


def _as_long(declaration: Declaration, one: Timer, other: Timer) -> bool:
    """Whether two timers of one stay may fall due together: all may, but constants that are not equal."""
    rows = [declaration.json["expressions"][timer.after] for timer in (one, other)]
    lasting = [integer_of(row.get("constant")) for row in rows]
    return None in lasting or lasting[0] == lasting[1]
