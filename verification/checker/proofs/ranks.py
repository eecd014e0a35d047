"""Ranks, and the goal that they lead to. Standard library only.

A rank is a whole number, never below zero: what each instance weighs in its cell, each part with one instance in its state and with its
values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.lemma import of_the_only
from fsm.verification.checker.meaning import Instance, Moment, Situation, holds, known, term_of
from fsm.verification.checker.proofs.lemmas import numbered, readable, term_of_place, whose
from fsm.verification.checker.steps import Step
from fsm.verification.checker.terms import conj, disj, equal, if_then, negation, number, total
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["Goal", "Rank", "above", "cell_place", "rank_of", "value_at"]

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
        local: of a gap, as long as a part is in a state.
    """

    cells: Mapping[int, Mapping[Cell, int]]
    states: Mapping[tuple[int, int], int]
    values: Mapping[tuple[int, int, str], int]
    waits: Mapping[tuple[int, int, int], int]
    gaps: Mapping[tuple[int, ...], int]
    sooner: tuple[Rank, ...] = ()
    local: Mapping[tuple[int, ...], int] = field(default_factory=dict)

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
            old.append(f"(* {weight} {above(gap, step.situation, before)})")
            new.append(f"(* {weight} {above(gap, step.situation, after)})")
        for place, weight in self.local.items():
            part, state, gap = place[0], place[1], place[2:]
            for moment, terms in ((before, old), (after, new)):
                there = moment.only[part].is_in([state])
                terms.append(if_then(there, f"(* {weight} {above(gap, step.situation, moment)})", "0"))
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
    gaps, local = dict[tuple[int, ...], int](), dict[tuple[int, ...], int]()
    levels: dict[int, dict[tuple[int, ...], int]] = {}
    for name, weight in weights.items():
        words, places = numbered(name)
        if words == "gap" and len(places) == 6 and 0 <= weight < HEAVIEST:
            gaps[places] = weight
            continue
        if words == "local gap" and len(places) == 8 and 0 <= weight < HEAVIEST and _is_place(declaration, *places[:2]):
            local[places] = weight
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
            variable, value = value_at(declaration, *places)
            values[part, variable, value] = weight
        elif words == "waits" and len(places) == 3 and not counted:
            waits[part, places[1], _mark(declaration, *places)] = weight
        else:
            raise CannotSay("a rank of what is no place")
    sooner = tuple(Rank({}, {}, {}, {}, levels[level]) for level in sorted(levels))
    return Rank(cells, states, values, waits, gaps, sooner, local)


def _is_place(declaration: Declaration, part: int, state: int) -> bool:
    """Whether it is a state of a part with one instance."""
    alone = part < len(declaration.parts) and declaration.parts[part]["each"] is None
    return alone and state < len(declaration.machine(part)["states"])


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


def value_at(declaration: Declaration, part: int, place: int, value: int) -> tuple[int, str]:
    """The variable that evidence counts so, and the term of its value."""
    machine = declaration.machine(part)
    variables = readable(machine)
    if place >= len(variables):
        raise CannotSay("a value of no variable")
    return variables[place], term_of_place(machine["variables"][variables[place]]["domain"], value)


def above(gap: tuple[int, ...], situation: Situation, moment: Moment) -> str:
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
        return holds(premise, of_the_only(replace(situation, untimed=True)))

    def away(self, situation: Situation) -> str:
        """That it goes on."""
        return conj([self.region(situation), negation(self.met(situation))])

    def closer(self, step: Step, *, strictly: bool = True) -> str:
        """That a step leads to the goal, or stays in the region and lowers the rank (or does not raise it)."""
        lower = self.rank.lower(step, strictly=strictly)
        return disj([conj([lower, self.region(step.after)]), self.met(step.after)])
