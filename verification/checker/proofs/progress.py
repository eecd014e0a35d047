"""What comes in every fair run: until the goal nothing raises a rank, and some fair event stays possible until it is taken, which lowers it. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, known
from fsm.verification.checker.possible.events import callers, in_the_end, possible, quiet, running
from fsm.verification.checker.possible.moments import excluded, moment_of
from fsm.verification.checker.proofs.lemmas import numbered
from fsm.verification.checker.proofs.questions import Outcome, assume
from fsm.verification.checker.proofs.ranks import Goal, Rank, cell_place, rank_of, value_at
from fsm.verification.checker.proofs.reads import owed_of
from fsm.verification.checker.proofs.time.timers import unblocked
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, Step, StepMaker, kinds_of_steps
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
    by_clock = TIMELY in lowered_by
    named = lowered_by[: lowered_by.index(TIMELY)] if by_clock else lowered_by
    waits, turns = _turns(unknowns.declaration, claim, named)
    facts = _Pending(unknowns, goal, pending)
    base = moment_of(unknowns, lemmas)
    base.script.require(negation(goal.met(base)))
    made = excluded(
        base.script, {"not all is so that should be": conj([goal.region(base), negation(facts.hold(base))])}, solver
    )
    base.script.require(facts.hold(base))
    if by_clock:
        timely = _Timely(unknowns, turns, _late(unknowns.declaration, lowered_by))
        return made if made.why else made.and_then(_in_time(timely, lemmas, facts, base, solver))
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


TIMELY = "timely"


def _late(declaration: Declaration, lowered_by: Sequence[str]) -> tuple[int, ...]:
    """Which parts are late in the end, where fair events are said to be possible by the time in state."""
    parts: list[int] = []
    for words, places in map(numbered, lowered_by[lowered_by.index(TIMELY) + 1 :]):
        if words != "late" or len(places) != 1 or places[0] >= len(declaration.parts):
            raise CannotSay("what is said to be late in the end is no part")
        parts += places
    if any(part["each"] is not None for part in declaration.parts):
        raise CannotSay("the time in state of instances that are told apart by keys")
    return tuple(parts)


@dataclass(frozen=True)
class _Timely:
    """Fair events, by places, that are possible by the time in state, in the order of their turns; and the parts that are late in the end."""

    unknowns: Unknowns
    turns: Sequence[int]
    late: Sequence[int]

    def able(self, situation: Situation) -> list[str]:
        """When each is possible."""
        return [possible(self.unknowns, situation, event, by_clock=True) for event in self.turns]

    def kept(self, now: Sequence[str], then: Sequence[str], mine: int | None = None) -> str:
        """Whose turn it is, or somebody before, is possible then; nobody where it is taken."""
        said = []
        for place, event in enumerate(self.turns):
            turn = conj([now[place], *map(negation, now[:place])])
            said.append(disj([negation(turn), FALSE if event == mine else disj(then[: place + 1])]))
        return conj(said)

    def stuck(self, base: Situation) -> dict[str, str]:
        """In the end none of them is possible, or one whose turn it is is not any more when time has passed."""
        delay = base.script.declare("Int")
        base.script.require(f"(>= {delay} 0)")
        only = {
            part: replace(one, elapsed=f"(+ {known(one.elapsed)} {delay})") for part, one in base.before.only.items()
        }
        later, now = base.placed(replace(base.before, only=only)), self.able(base)
        drifts = conj([in_the_end(later, self.late), negation(self.kept(now, self.able(later)))])
        end = in_the_end(base, self.late)
        return {
            "in the end no event is possible": conj([end, *map(negation, now)]),
            "time takes a turn away": conj([end, drifts]),
        }

    def strays(self, step: Step, situation: Situation, kind: Kind, rank: Rank) -> str:
        """It raises the rank; or does not lower it though it begins a late stay anew, or takes in the end what it is the turn of, or takes the turn away."""
        before, after = step.situation.before.only, step.situation.after.only
        begins = [negation(equal(known(before[part].elapsed), known(after[part].elapsed))) for part in self.late]
        mine = kind.event if kind.timer is None else None
        turns = negation(self.kept(self.able(situation), self.able(step.after), mine))
        must = disj([*begins, conj([in_the_end(situation, self.late), turns])])
        stays = conj([must, negation(rank.lower(step, strictly=True))])
        return disj([negation(rank.lower(step, strictly=False)), stays])


def _in_time(timely: _Timely, lemmas: Sequence[Lemma], facts: _Pending, base: Situation, solver: Asked) -> Outcome:
    """Nothing raises the rank, and what begins a stay of a late part anew lowers it; so these are late in the end. Then some event is possible, and lowers it.

    A run that never comes to the goal would lower the rank for ever, or put an event off for ever that stays possible.
    """
    unknowns = timely.unknowns
    made = excluded(base.script, timely.stuck(base), solver)
    for kind in kinds_of_steps(unknowns.declaration):
        if not made.why:
            step = StepMaker(unknowns, kind).made()
            situation = step.situation.at(step.situation.before, 0)
            assume(situation, lemmas)
            until = [negation(facts.goal.met(situation)), facts.hold(situation), negation(facts.goal.met(step.after))]
            left = conj([*until, negation(facts.hold(step.after))])
            strays = conj([*until, timely.strays(step, situation, kind, facts.goal.rank)])
            asked = {f"{step.name}: it is no longer as it was": left, f"{step.name} strays": strays}
            made = made.and_then(excluded(step.script, asked, solver))
    return made if made.why or not timely.late else made.and_then(unblocked(unknowns, lemmas, solver))


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
            return FALSE if words == "some" else TRUE  # whom it speaks of can be nowhere that lines lead to
        if words == "elsewhere" and len(places) == 2 and places[0] in moment.only:
            return negation(equal(moment.only[places[0]].state, str(places[1])))
        if words == "other value" and len(places) == 3 and places[0] in moment.only:
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
