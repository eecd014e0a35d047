"""What comes in the end: ranks. Standard library only.

A rank is a whole number, never below zero: what each instance weighs in its cell, each part with one instance in its state and with its
values. `recoverable`: from every moment away from the goal something that can be done lowers it. `leads to`: until the goal nothing
raises it, and some fair event stays possible until it is taken, which lowers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.meaning import Instance, Moment, Situation, known, term_of
from fsm.verification.checker.proofs.lemmas import Lemma, numbered, of_the_only, readable, term_of_place, whose
from fsm.verification.checker.proofs.questions import Outcome, assume, calm_moment, excluded, moment_of
from fsm.verification.checker.proofs.timers import unblocked
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, Step, StepMaker, Unknowns, kinds_of_steps
from fsm.verification.checker.terms import FALSE, TRUE, conj, disj, equal, if_then, negation, number, total
from fsm.verification.checker.ways import callers, possible, quiet, running, ways

__all__ = ["Rank", "leads_to", "rank_of", "recovers"]

Json = Any
HEAVIEST = 10**100


@dataclass(frozen=True)
class Rank:
    """What weighs how much.

    Attributes:
        cells: for each part with many instances.
        states, values, waits: of each part with one; values by variable and term, waits by state and mark.
        gaps: of how far one number is above another.
        sooner: what counts before all that, the first first; each of gaps alone.
    """

    cells: Mapping[int, Mapping[Cell, int]]
    states: Mapping[tuple[int, int], int]
    values: Mapping[tuple[int, int, str], int]
    waits: Mapping[tuple[int, int, int], int]
    gaps: Mapping[tuple[int, ...], int]
    sooner: tuple[Rank, ...] = ()

    def lower(self, step: Step, *, strictly: bool) -> str:
        """That it falls in a step; or, not strictly, does not rise. What counts sooner decides, where it changes."""
        falls: list[str] = []
        kept: list[str] = []
        for level in (*self.sooner, self):
            before, after = level.change(step)
            falls.append(conj([*kept, f"(< {after} {before})"]))
            kept.append(f"(<= {after} {before})")
        return disj(falls if strictly else [*falls, conj(kept)])

    def change(self, step: Step) -> tuple[str, str]:
        """What weighs before a step and after it, without what stands still."""
        before, after = step.situation.before, step.situation.after
        old = [term for part, one in before.only.items() for term in self._of(part, one)]
        new = [term for part, one in after.only.items() for term in self._of(part, one)]
        for gap, weight in self.gaps.items():
            old.append(f"(* {weight} {_above(gap, step.situation, before)})")
            new.append(f"(* {weight} {_above(gap, step.situation, after)})")
        for mover in step.situation.movers:
            for cell, weight in self.cells.get(mover.part, {}).items():
                weighs = str(weight) if mover.many == "1" else f"(* {weight} {mover.many})"
                old.append(if_then(conj([mover.takes, mover.before.at(cell)]), weighs, "0"))
                new.append(if_then(conj([mover.takes, mover.after.at(cell)]), weighs, "0"))
        return total(old), total(new)

    def _of(self, part: int, one: Instance) -> Iterator[str]:
        for (owner, state), weight in self.states.items():
            if owner == part:
                yield if_then(equal(one.state, str(state)), str(weight), "0")
        for (owner, variable, value), weight in self.values.items():
            if owner == part:
                yield if_then(equal(known(one.values[variable]), value), str(weight), "0")
        for (owner, state, mark), weight in self.waits.items():
            if owner == part:
                yield if_then(conj([equal(one.state, str(state)), negation(one.marks[mark])]), str(weight), "0")


def rank_of(unknowns: Unknowns, weights: Mapping[str, int]) -> Rank:
    """The rank that evidence names by places.

    Raises:
        CannotSay: something in it is no place, or weighs less than nothing.
    """
    declaration = unknowns.declaration
    cells: dict[int, dict[Cell, int]] = {part: {} for part in unknowns.cells}
    states, values, waits = {}, {}, {}
    gaps: dict[tuple[int, ...], int] = {}
    levels: dict[int, dict[tuple[int, ...], int]] = {}
    for name, weight in weights.items():
        words, places = numbered(name)
        if words == "gap" and len(places) == 6 and 0 <= weight < HEAVIEST:
            gaps[places] = weight
            continue
        if words == "sooner gap" and len(places) == 7 and 0 <= weight < HEAVIEST:
            levels.setdefault(places[0], {})[places[1:]] = weight
            continue
        if not 0 <= weight < HEAVIEST or not places or places[0] >= len(declaration.parts):
            raise CannotSay("a rank of what is no place, or without measure")
        part, counted = places[0], places[0] in cells
        if words == "cell" and counted:
            cells[part] |= {
                cell: weight for cell in unknowns.cells[part] if cell_place(declaration, part, cell) == places[1:]
            }
        elif words == "state" and len(places) == 2 and not counted:
            states[part, places[1]] = weight
        elif words == "value" and len(places) == 3 and not counted:
            variable, value = _value(declaration, *places)
            values[part, variable, value] = weight
        elif words == "waits" and len(places) == 3 and not counted:
            waits[part, places[1], _mark(declaration, *places)] = weight
        else:
            raise CannotSay("a rank of what is no place")
    sooner = tuple(Rank({}, {}, {}, {}, levels[level]) for level in sorted(levels))
    return Rank(cells, states, values, waits, gaps, sooner)


def cell_place(declaration: Declaration, part: int, cell: Cell) -> tuple[int, ...]:
    """How evidence calls a cell: its state, the places of its values, and for each timer of the state whether it has fired."""
    known: dict[Cell, tuple[int, ...]] = declaration.remembered.setdefault(("places", part), {})
    if cell in known:
        return known[cell]
    machine = declaration.machine(part)
    made = [cell.state]
    for variable in readable(machine):
        domain, value = machine["variables"][variable]["domain"], cell.values[variable]
        made.append(next(place for place in range(10_000) if term_of_place(domain, place) == value))
    timers = [timer for timer in timers_of(machine) if timer.state == cell.state]
    known[cell] = (*made, *(int(timer.mark is not None and cell.marks[timer.mark]) for timer in timers))
    return known[cell]


def _value(declaration: Declaration, part: int, place: int, value: int) -> tuple[int, str]:
    """The variable that evidence counts so, and the term of its value."""
    machine = declaration.machine(part)
    variables = readable(machine)
    if place >= len(variables):
        raise CannotSay("a value of no variable")
    return variables[place], term_of_place(machine["variables"][variables[place]]["domain"], value)


def _above(gap: tuple[int, ...], situation: Situation, moment: Moment) -> str:
    """By how much a whole number is above another; nothing where it is not."""
    above, below = (_side(situation, moment, *gap[start : start + 3]) for start in (0, 3))
    return if_then(f"(> {above} {below})", f"(- {above} {below})", "0")


def _side(situation: Situation, moment: Moment, kind: int, first: int, second: int) -> str:
    """A whole number: the least value of a variable or else its first one (0), its largest (1), the variable (2), a parameter (3), a constant
    by its size and whether it is below nothing (4), or how many of a part are in a state (5).

    Raises:
        CannotSay: it is none, or there is none.
    """
    declaration = situation.declaration
    parameters = declaration.json["parameters"]
    if kind == 4:
        return number(-first if second else first)
    if kind == 5 and first in moment.counted and second != declaration.machine(first)["initial"]:
        return total(moment.counted[first][cell] for cell in moment.counted[first] if cell.state == second)
    if kind == 3 and first < len(parameters):
        declared, term = parameters[first], situation.params[first]
    elif kind < 3 and first in moment.only and second < len(readable(declaration.machine(first))):
        place = readable(declaration.machine(first))[second]
        declared, term = declaration.machine(first)["variables"][place], moment.only[first].values[place] or ""
    else:
        raise CannotSay("a rank of a number that there is not")
    domain = declared["domain"]
    if domain == "boolean" or "integer" not in domain:
        raise CannotSay("a rank of what is no whole number")
    if kind > 1:
        return term
    end = integer_of(domain["integer"][kind])
    end = integer_of(declared["initial"]) if end is None and kind == 0 else end
    if end is None:
        raise CannotSay("a rank of a number that there is not")
    return number(end)


def _mark(declaration: Declaration, part: int, state: int, place: int) -> int:
    """The mark of the timer that stands at a place among those of a state."""
    timer = whose(declaration.machine(part), state, place)
    if timer is None or timer.mark is None:
        raise CannotSay("a rank of a timer that does not stay fired")
    return timer.mark


@dataclass(frozen=True)
class Goal:
    """Where it shall come to, and where it goes on until then; terms of a moment."""

    claim: Json
    rank: Rank

    def met(self, situation: Situation) -> str:
        """That it is reached."""
        return term_of(self.claim["formula"], of_the_only(replace(situation, untimed=True)))

    def region(self, situation: Situation) -> str:
        """That the premise holds, where there is one."""
        premise = self.claim["premise"]
        return TRUE if premise is None else term_of(premise, of_the_only(replace(situation, untimed=True)))

    def away(self, situation: Situation) -> str:
        """That it goes on."""
        return conj([self.region(situation), negation(self.met(situation))])

    def closer(self, step: Step, *, strictly: bool = True) -> str:
        """That a step leads to the goal, or stays in the region and lowers the rank (or does not raise it)."""
        lower = self.rank.lower(step, strictly=strictly)
        return disj([conj([lower, self.region(step.after)]), self.met(step.after)])


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
    """A timer that fires stays in the region or reaches the goal; where waiting leads on, it lowers the rank, and as the second of an instant never raises it."""
    step = StepMaker(unknowns, kind).made()
    situation = step.situation.at(step.situation.before, 0)
    assume(situation, lemmas)
    step.script.require(goal.away(situation))
    if not waits:
        stays = disj([goal.region(step.after), goal.met(step.after)])
        return excluded(step.script, {f"{step.name} leads away": negation(stays)}, solver)
    raises = {f"{step.name} raises the rank": negation(goal.closer(step, strictly=False))}
    made = excluded(step.script, raises if _may_be_second(unknowns.declaration, kind) else {}, solver)
    for way in ways(unknowns, situation):
        step.script.require(negation(conj([way.possible, goal.closer(way)])))
    return made.and_then(excluded(step.script, {f"{step.name} leads no closer": negation(goal.closer(step))}, solver))


def _may_be_second(declaration: Declaration, kind: Kind) -> bool:
    """Whether the timer may be the second of an instant, when nobody can do anything before it fires.

    Only another timer can be the first: of another instance, or of the same stay, where that one does not end the stay. A state that is
    entered anew has no timer due at once, since durations are positive.
    """
    assert kind.timer is not None
    part, line, state = kind.timer
    machine = declaration.machine(part)
    others = [timer for timer in timers_of(machine) if timer.state == state and timer.line != line]
    return (
        declaration.parts[part]["each"] is not None
        or any(timers_of(declaration.machine(place)) for place in range(len(declaration.parts)) if place != part)
        or any(machine["transitions"][timer.line]["target"] is None for timer in others)
    )


def leads_to(
    unknowns: Unknowns,
    lemmas: Sequence[Lemma],
    claim: Json,
    evidence: tuple[Mapping[str, int], Sequence[str], Sequence[str]],
    solver: Asked,
) -> Outcome:
    """Whether every fair run comes from the premise to the goal.

    Args:
        evidence: weights, what leads on in the order of its turns, and what is so until the goal.
    """
    weights, lowered_by, pending = evidence
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
    for name in lowered_by:
        words, places = numbered(name)
        if words == "lowers" and len(places) == 1 and places[0] < len(order) and order[places[0]] in claim["fair"]:
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
            variable, value = _value(declaration, *places)
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
    mine = None if kind.timer is not None or kind.wire is None else kind.wire["event"]
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
