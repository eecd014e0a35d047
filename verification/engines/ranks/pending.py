"""What is pending, in formulas: the states from a premise on until its goal, what leads on from them, and what strays.

The engine (`progress`) looks for facts and weights with these formulas, and the certificate of what it
found asks them again.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.parts import One
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.places import place_of_value, worth_naming
from fsm.verification.encoding.terms import FALSE, TRUE, conj, disj, equal, implies, less, negated, number, of_value
from fsm.verification.engines.enabledness import ways
from fsm.verification.engines.ranks.rank import Scale
from fsm.verification.facts import FactId, Of

__all__ = ["Helpful", "begins", "impossible", "leaves", "literals", "pending_steps", "possible_of"]

Term = Any


def pending_steps(counting: Counting, goal: Term) -> list[tuple[Occurrence, Branch, Term]]:
    """Every way of every event that does not lead to the goal, and when it is taken."""
    return [
        (
            one,
            branch,
            conj(
                (
                    one.quiet,
                    *counting.places.field_bounds(one.event),
                    *branch.conditions,
                    *branch.clock,
                    negated(branch.after(goal)),
                )
            ),
        )
        for one in counting.occurrences
        for branch in one.branches
    ]


def begins(start: Term, facts: Mapping[FactId, Term]) -> Term:
    """The premise holds where one of the facts does not."""
    return conj((start, negated(conj(facts.values()))))


def leaves(facts: Mapping[FactId, Term], branch: Branch, taken: Term) -> Term:
    """A step after which one of the facts no longer holds."""
    return conj((taken, disj(negated(branch.after(term)) for term in facts.values() if branch.swap.touches(term))))


def literals(counting: Counting) -> Iterator[tuple[FactId, Term]]:
    """Facts that a pending state may have: where parts are not, what variables are not, which cells are filled."""
    places = counting.places.parts
    for part, (state, values, _) in counting.ones.items():
        for place, _ in enumerate(part.machine.states):
            yield FactId(Of.ELSEWHERE, (places[part], place)), negated(equal(state, number(place)))
        for place, (variable, term) in enumerate(values.items()):
            for value in worth_naming(variable.domain):
                at = (places[part], place, place_of_value(variable.domain, value))
                yield FactId(Of.OTHER_VALUE, at), negated(equal(term, of_value(value)))
    for each, counters in counting.counters.items():
        for cell, many in counters.items():
            yield FactId(Of.SOME, (places[each], *cell.at)), less(number(0), many)
            yield FactId(Of.NONE, (places[each], *cell.at)), equal(many, number(0))


@attrs.frozen(eq=False)
class Helpful:
    """What leads on: when each fair event is possible, and whether waiting for a timer does too."""

    possible: Mapping[type, Term]
    timer: Term

    @property
    def waiting(self) -> bool:
        return self.timer is not FALSE

    def none(self, counting: Counting) -> dict[FactId, Term]:
        """That none of the events is possible, one fact for each."""
        return {impossible(counting, event): negated(term) for event, term in self.possible.items()}

    def stuck(self, counting: Counting) -> Term:
        """No timer is due and none runs that leads on."""
        return conj((counting.quiet, negated(self.timer)))

    def idles(self, one: Occurrence, branch: Branch) -> Term:
        """A step may keep the rank: it is not the one that should lower it, and that one, or one named before it, still can."""
        said: list[Term] = []
        earlier: list[Term] = []
        for event, term in self.possible.items():
            turn = conj((term, *(negated(other) for other in earlier)))
            earlier.append(term)
            kept = (
                FALSE if one.event is event and one.sender is None else disj(branch.after(other) for other in earlier)
            )
            said.append(implies(turn, kept))
        if self.waiting:
            sooner = disj(branch.after(other) for other in earlier)
            said.append(disj((*earlier, sooner if one.sender is not None or _moves_a_timer(branch) else TRUE)))
        return conj(said)

    def strays(self, scale: Scale, one: Occurrence, branch: Branch, taken: Term) -> Term:
        """A step that neither lowers the rank nor keeps it as it may."""
        keeps = conj((scale.lowers(branch, strictly=False), self.idles(one, branch)))
        return conj((taken, negated(disj((scale.lowers(branch), keeps)))))


def impossible(counting: Counting, event: type) -> FactId:
    """That callers cannot have an event taken."""
    return FactId(Of.IMPOSSIBLE, (counting.places.events[event],))


def possible_of(counting: Counting, fair: Sequence[type]) -> dict[type, Term]:
    """When callers can have each fair event taken, whatever the clocks say."""
    called = {one.event: one for one in counting.occurrences if one.sender is None}
    return {event: disj(way.taken for way in ways(called[event], counting.places)) for event in fair}


def _moves_a_timer(branch: Branch) -> bool:
    """Whether something moves whose stay, in some state that it may be in, has timers: they would start anew."""
    for moved in branch.moved:
        if isinstance(moved.part, One):
            if any(moved.part.machine.timers(state) for state in moved.part.machine.states):
                return True
        elif moved.before is not None and moved.part.machine.timers(moved.before.state):
            return True
    return False
