"""Recoverability for every number of instances: from everywhere some event leads closer to the goal.

Closer means a smaller rank: each cell weighs the number of events that bring an instance back to
where it does not exist, each state of a `one` part its distance to where the goal can hold. Shown
by Z3 with every parameter symbolic: in every state of the invariants that is not the goal, some
event that callers send is taken whatever the clocks say and lowers the rank or reaches the goal;
or some timer is running, and whichever fires first does.

What it can never say: that a goal is not recoverable. Where no such rank is found the answer is open.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import z3

from fsm.expressions import Formula
from fsm.machine import State
from fsm.system import Each, One, Part
from fsm.verification.ask import GaveUp, No, Yes
from fsm.verification.encoding.cells import Cell
from fsm.verification.enabled import running, ways
from fsm.verification.encoding.counting import Branch, Counting
from fsm.verification.induction import Failure, Induction

__all__ = ["Rank", "lost_states", "show_recoverable"]

Term = Any


@attrs.frozen(eq=False)
class Rank:
    """A proof of recoverability.

    Attributes:
        weights: what each cell and state weighs, in words; those that weigh nothing are left out.
        events: the events that lower it.
        used: the facts that the proof uses.
    """

    weights: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    used: frozenset[str]


ROUNDS = 40


def show_recoverable(induction: Induction, goal: Formula, *, waits: bool) -> Rank | Failure:
    """A rank that leads to the goal from every state of the invariants, or the state where none was found.

    Distances are the first guess; a state from which nothing lowers the rank makes what stands
    there weigh more, and the question is asked again.

    Args:
        waits: nothing can stand in the way of a timer, so that waiting for one leads on.
    """
    target = induction.counting.state(goal)
    weights = _weights(induction, target)
    found = _try(induction, target, weights, waits)
    for _ in range(ROUNDS):
        if not isinstance(found, Yes):
            return found
        _heavier(induction.counting, weights, found.model)
        found = _try(induction, target, weights, waits)
    return Failure("no event leads closer", induction.shown(found.model)) if isinstance(found, Yes) else found


def lost_states(induction: Induction, goal: Formula) -> list[tuple[Part, tuple[State, ...]]]:
    """For each part, the states from which no transition, whatever its guard, leads to where the goal can hold."""
    counting = induction.counting
    target = counting.state(goal)
    lost: list[tuple[Part, tuple[State, ...]]] = []
    for part in counting.system.parts:
        if isinstance(part, One):
            saved = set(_distances(_edges(counting, part), _goals(induction, target, part)))
        else:
            counters = counting.counters[part]
            goals = [counting.cells[part].initial, *(cell for cell, many in counters.items() if _possible(induction, z3.And(target, many > 0)))]
            saved = {cell.state for cell in _distances(_edges(counting, part), goals)}
        states = tuple(state for state in part.machine.states if state not in saved)
        lost += [(part, states)] if states else []
    return lost


def _try(induction: Induction, target: Term, weights: Weights, waits: bool) -> Rank | Failure | Yes:
    counting = induction.counting
    rank = _rank(counting, weights)

    def closer(branch: Branch) -> Term:
        return z3.Or(branch.after(rank) < rank, branch.after(target))

    lowering = {f"lowers:{one.name}": z3.Not(z3.Or(ways(one, closer))) for one in counting.occurrences if one.sender is None}
    if waits:
        lowering["lowers:waiting"] = z3.Not(_waiting(counting, closer))
    question = z3.And(counting.quiet, z3.Not(target))
    match induction.asker.ask_least(question, [*induction.assumptions, *induction.invariants], lowering):
        case No(used=used):
            events = tuple(name.removeprefix("lowers:") for name in lowering if name in used)
            facts = induction.with_lemmas({fact for fact in used if fact not in lowering})
            return Rank(tuple((name, weight) for name, weight in _named(weights) if weight), events, facts)
        case Yes() as stuck:
            return stuck
        case GaveUp(reason=reason):
            return Failure("the rank", {}, reason)


def _heavier(counting: Counting, weights: Weights, model: Any) -> None:
    """What stands where nothing leads closer weighs one more: the instances there, or, where there are none, the states."""

    def value(term: Term) -> int:
        return int(model.eval(term, model_completion=True).as_long())

    occupied = [
        (table, cell) for part, table in weights.items() if isinstance(part, Each) for cell in table
        if cell in counting.counters[part] and value(counting.counters[part][cell]) > 0
    ]  # fmt: skip
    ones = [
        (table, part.machine.states[value(counting.ones[part][0])]) for part, table in weights.items() if isinstance(part, One)
    ]  # fmt: skip
    for table, place in occupied or ones:
        table[place] = table.get(place, 0) + 1


Weights = dict[Any, dict[Any, int]]


def _weights(induction: Induction, target: Term) -> Weights:
    """For each part, the weight of each cell or state; those from which nothing leads back weigh nothing."""
    counting = induction.counting
    found: Weights = {}
    for part in counting.system.parts:
        edges = _edges(counting, part)
        if isinstance(part, Each):
            goals: list[Any] = [counting.cells[part].initial]
        else:
            goals = _goals(induction, target, part)
        found[part] = _distances(edges, goals)
    return found


def _edges(counting: Counting, part: Any) -> list[tuple[Any, Any]]:
    """Where one event or timer takes one instance of a part."""
    edges: list[tuple[Any, Any]] = []
    for occurrence in counting.occurrences:
        for branch in occurrence.branches:
            for moved in branch.moved:
                if moved.part is part and isinstance(part, Each):
                    edges.append((moved.before, moved.after))
    if isinstance(part, One):
        for transition in part.machine.transitions:
            edges += [(source, transition.target or source) for source in transition.sources]
    return edges


def _goals(induction: Induction, target: Term, part: One) -> list[State]:
    """The states of a part in which the goal may hold."""
    state = induction.counting.ones[part][0]
    return [one for number, one in enumerate(part.machine.states) if _possible(induction, z3.And(target, state == number))]


def _possible(induction: Induction, term: Term) -> bool:
    """Nothing shows that this cannot be."""
    return not isinstance(induction.asker.ask(term, [*induction.assumptions, *induction.invariants]), No)


def _distances(edges: Iterable[tuple[Any, Any]], goals: list[Any]) -> dict[Any, int]:
    back: dict[Any, list[Any]] = {}
    for source, target in edges:
        back.setdefault(target, []).append(source)
    distance = dict.fromkeys(goals, 0)
    queue = [(0, place) for place in range(len(goals))]
    nodes = list(goals)
    while queue:
        far, place = heapq.heappop(queue)
        for source in back.get(nodes[place], ()):
            if source not in distance:
                distance[source] = far + 1
                nodes.append(source)
                heapq.heappush(queue, (far + 1, len(nodes) - 1))
    return distance


def _rank(counting: Counting, weights: Weights) -> Term:
    terms: list[Term] = []
    for part, table in weights.items():
        if isinstance(part, Each):
            terms += [table.get(cell, 0) * counter for cell, counter in counting.counters[part].items()]
        else:
            state = counting.ones[part][0]
            terms += [z3.If(state == part.machine.states.index(one), weight, 0) for one, weight in table.items()]
    return z3.Sum(terms) if terms else z3.IntVal(0)


def _named(weights: Weights) -> list[tuple[str, int]]:
    said: dict[str, int] = {}
    for part, table in weights.items():
        for place, weight in table.items():
            name = place.state.name if isinstance(place, Cell) else place.name
            said[f"{part.name} {name}"] = max(weight, said.get(f"{part.name} {name}", 0))
    return list(said.items())


def _waiting(counting: Counting, closer: Callable[[Branch], Term]) -> Term:
    """A timer is running, and every timer that can fire first leads closer."""
    timers = running(counting)
    leads = [z3.Implies(condition, closer(branch)) for condition, branch in timers]
    return z3.And(z3.Or([condition for condition, _ in timers] or [z3.BoolVal(False)]), *leads)
