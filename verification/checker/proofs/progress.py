"""What comes in every fair run: until the goal nothing raises a rank, and some fair event stays possible until it is taken, which lowers it. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, known
from fsm.verification.checker.possible.events import callers, possible, quiet, running
from fsm.verification.checker.proofs.lemmas import numbered
from fsm.verification.checker.proofs.questions import Outcome, assume, excluded, moment_of
from fsm.verification.checker.proofs.ranks import Goal, cell_place, rank_of, value_at
from fsm.verification.checker.proofs.reads import owed_of
from fsm.verification.checker.proofs.timers import unblocked
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, StepMaker, kinds_of_steps
from fsm.verification.checker.terms import FALSE, TRUE, conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["leads_to"]

Json = Any


def leads_to(
    unknowns: Unknowns,
    lemmas: Sequence[Lemma],
    claim: Json,
    weights: Mapping[str, int],
    lowered_by: Sequence[str],
    pending: Sequence[str],
    solver: Asked,
) -> Outcome:
    """Whether every fair run comes from the premise to the goal.

    Args:
        weights: of the rank.
        lowered_by: what leads on, in the order of its turns.
        pending: what is so until the goal.
    """
    goal = Goal(claim, rank_of(unknowns, weights))
    waits, turns = _turns(unknowns.declaration, claim, lowered_by)
    facts = _Pending(unknowns, goal, pending)
    base = moment_of(unknowns, lemmas)
    base.script.require(negation(goal.met(base)))
    made = excluded(
        base.script, {"not all is so that should be": conj([goal.region(base), negation(facts.hold(base))])}, solver
    )
    base.script.require(facts.hold(base))
    base.script.require(quiet(base))
    stuck = [negation(possible(unknowns, base, event)) for event in turns]
    idle = negation(running(base)) if waits else TRUE
    made = made.and_then(excluded(base.script, {"nothing leads on": conj([*stuck, idle])}, solver))
    for kind in kinds_of_steps(unknowns.declaration):
        made = made if made.why else made.and_then(_keeps_on(unknowns, lemmas, facts, kind, turns, waits, solver))
    return made.and_then(unblocked(unknowns, lemmas, solver)) if waits and not made.why else made


def _turns(declaration: Declaration, claim: Json, lowered_by: Sequence[str]) -> tuple[bool, list[int]]:
    """Whether waiting leads on, and which fair events do."""
    order, turns = callers(declaration), []
    just = [event for event, key, _ in map(owed_of, claim["fair"]) if key is None]  # compassion is justice, and more
    for name in lowered_by:
        words, places = numbered(name)
        if words == "lowers" and len(places) == 1 and places[0] < len(order) and order[places[0]] in just:
            turns.append(order[places[0]])
        elif (words, places) != ("waiting", ()):
            raise CannotSay("what is said to lead on is no fair event of the claim")
    return "waiting" in lowered_by, turns


@dataclass(frozen=True)
class _Pending:
    """What is so from the premise on until the goal."""

    unknowns: Unknowns
    goal: Goal
    names: Sequence[str]

    def hold(self, situation: Situation) -> str:
        """That all of it is so."""
        return conj(self._one(name, situation) for name in self.names)

    def _one(self, name: str, situation: Situation) -> str:
        words, places = numbered(name)
        if (words, places) == ("premise", ()):
            return self.goal.region(situation)
        declaration, moment = self.unknowns.declaration, situation.before
        if words in ("some", "none") and places and places[0] in moment.counted:
            counted = moment.counted[places[0]]
            for cell in counted:
                if cell_place(declaration, places[0], cell) == places[1:]:
                    return f"(> {counted[cell]} 0)" if words == "some" else f"(<= {counted[cell]} 0)"
            if words == "none":
                return TRUE
        elif words == "elsewhere" and len(places) == 2 and places[0] in moment.only:
            return negation(equal(moment.only[places[0]].state, str(places[1])))
        elif words == "other value" and len(places) == 3 and places[0] in moment.only:
            variable, value = value_at(declaration, *places)
            return negation(equal(known(moment.only[places[0]].values[variable]), value))
        raise CannotSay("what is said to be so until the goal is nothing that is counted")


def _keeps_on(
    unknowns: Unknowns,
    lemmas: Sequence[Lemma],
    facts: _Pending,
    kind: Kind,
    turns: Sequence[int],
    waits: bool,
    solver: Asked,
) -> Outcome:
    """A step reaches the goal, or all stays so and the rank falls, or it stays and whoever's turn it is, or somebody before, stays possible.

    Where no fair event is possible it is time's turn: a step that keeps the rank then is none of a timer, and starts none anew.
    """
    step = StepMaker(unknowns, kind).made()
    situation, goal = step.situation.at(step.situation.before, 0), facts.goal
    assume(situation, lemmas)
    until = conj([negation(goal.met(situation)), facts.hold(situation), negation(goal.met(step.after))])
    now = [possible(unknowns, situation, event) for event in turns]
    then = [possible(unknowns, step.after, event) for event in turns]
    mine = kind.event if kind.timer is None else None
    said = []
    for place, event in enumerate(turns):
        turn = conj([now[place], *map(negation, now[:place])])
        kept = FALSE if event == mine else disj(then[: place + 1])
        said.append(disj([negation(turn), kept]))
    if waits:
        restarts = kind.timer is not None or any(
            _has_timers(unknowns.declaration, mover.part) for mover in step.situation.movers
        )
        said.append(disj([*now, disj(then) if restarts else TRUE]))
    idles = conj([goal.rank.lower(step, strictly=False), *said])
    strays = conj([until, negation(disj([goal.rank.lower(step, strictly=True), idles]))])
    left = conj([until, negation(facts.hold(step.after))])
    asked = {f"{step.name}: it is no longer as it was": left, f"{step.name} strays": strays}
    return excluded(step.script, asked, solver)


def _has_timers(declaration: Declaration, part: int) -> bool:
    return bool(timers_of(declaration.machine(part)))
