"""Asking Z3: the only place that talks to the solver. Three answers, never folded into two.

The budget is the solver's own resource count and not the clock, so that the same question gets the
same answer on every machine. What goes wrong inside the solver is an answer that it does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import z3

from fsm.verification.encoding.symbols import SymbolKind, integer, truth
from fsm.verification.encoding.terms import CONTEXT, REF, less, number, plus, times
from fsm.verification.facts import FactId

__all__ = ["Answer", "Asker", "GaveUp", "Lightest", "No", "Solver", "Yes", "gave_up"]

BUDGET = 20_000_000
PRESSED = "interrupted from keyboard"
"""What Z3 makes of a key that was pressed while it worked."""

Term = Any


@attrs.frozen(eq=False)
class Yes:
    """There is such an assignment: `model` gives it."""

    model: Any


@attrs.frozen(eq=False)
class No:
    """There is none; `used` are the facts that rule it out."""

    used: frozenset[FactId]


@attrs.frozen(eq=False)
class GaveUp:
    """The solver does not know."""

    reason: str


Answer = Yes | No | GaveUp


class Solver(z3.Solver):  # type: ignore[misc]  # a package without types
    """Z3's own, given terms that need no conversion: its interface for Python spends more on converting them than it does on an answer."""

    def add(self, *terms: Term) -> None:
        for one in terms:
            z3.Z3_solver_assert(REF, self.solver, one.ast)

    def check(self, *literals: Term) -> z3.CheckSatResult:
        assumed = (z3.Ast * len(literals))(*[one.ast for one in literals])
        return z3.CheckSatResult(z3.Z3_solver_check_assumptions(REF, self.solver, len(literals), assumed))


def _under(literal: Term, that: Term) -> Term:
    """That a literal implies this, as Z3 has it before any simplification."""
    return z3.BoolRef(z3.Z3_mk_implies(REF, literal.ast, that.ast), CONTEXT)


class Asker:
    """Questions under facts, so that an answer can say which of them it used.

    Args:
        always: formulas that every question assumes without naming them.
        budget: the solver's resource limit for one question.
    """

    def __init__(self, always: Iterable[Term] = (), budget: int = BUDGET) -> None:
        self._solver = Solver()
        self._solver.set("rlimit", budget)
        self._solver.set("random_seed", 0)
        self._solver.add(*always)
        self._known: dict[FactId, Term] = {}
        self._implied: dict[tuple[int, int], tuple[Term, Term]] = {}
        self.questions = 0

    def know(self, fact: FactId, that: Term) -> None:
        """Make a fact known; questions say which they assume."""
        literal = self._known[fact] = truth(SymbolKind.KNOWN, len(self._known))
        self._solver.add(_under(literal, that))

    def ask(
        self, question: Term, assuming: Sequence[FactId] = (), local: Mapping[FactId, Term] | None = None
    ) -> Answer:
        """Can the question be true under these facts?

        Args:
            question: a formula.
            assuming: facts made known before.
            local: further facts, for this question alone.
        """
        self.questions += 1
        literals = {fact: self._known[fact] for fact in assuming}
        self._solver.push()
        try:
            for place, (fact, that) in enumerate((local or {}).items()):
                literals[fact], guarded = self._guarded(place, that)
                self._solver.add(guarded)
            self._solver.add(question)
            return self._answer(literals)
        finally:
            self._solver.pop()

    def _guarded(self, place: int, that: Term) -> tuple[Term, Term]:
        """The name of a fact of one question, and that the name implies it: made once, since most questions ask for most facts of the one before."""
        key = (place, that.ast.value)
        if key not in self._implied:
            literal = truth(SymbolKind.ASSUMED, place)
            self._implied[key] = (literal, _under(literal, that))
        return self._implied[key]

    def _answer(self, literals: Mapping[FactId, Term]) -> Answer:
        try:
            result = self._solver.check(*literals.values())
            if result == z3.sat:
                return Yes(self._solver.model())
            if result == z3.unsat:
                core = {literal.ast.value for literal in self._solver.unsat_core()}
                return No(frozenset(fact for fact, literal in literals.items() if literal.ast.value in core))
            return gave_up(self._solver.reason_unknown())
        except z3.Z3Exception as fault:
            return gave_up(str(fault))

    def ask_least(
        self, question: Term, assuming: Sequence[FactId] = (), local: Mapping[FactId, Term] | None = None
    ) -> Answer:
        """As `ask`; a no names a set of facts of which none can be left out."""
        answer = self.ask(question, assuming, local)
        if not isinstance(answer, No):
            return answer
        own = local or {}
        order = [*assuming, *own]
        needed = [fact for fact in order if fact in answer.used]
        for fact in list(needed):
            rest = [other for other in needed if other != fact]
            fewer = self.ask(
                question,
                [other for other in rest if other not in own],
                {other: own[other] for other in rest if other in own},
            )
            if isinstance(fewer, No):
                needed = [other for other in order if other in fewer.used]
        return No(frozenset(needed))


def gave_up(reason: str) -> GaveUp:
    """That the solver does not know.

    Raises:
        KeyboardInterrupt: it was interrupted, and with it whoever asked.
    """
    if PRESSED in reason:
        raise KeyboardInterrupt
    return GaveUp(reason)


class Lightest:
    """Weights of places: whole numbers, none below nothing, their sum as small as what was learnt of them allows.

    Args:
        alike: for each place which weight it has; places that share a number weigh the same.
    """

    def __init__(self, alike: Mapping[FactId, int]) -> None:
        self.weights = {place: integer(SymbolKind.WEIGHT, number_) for place, number_ in alike.items()}
        every = [integer(SymbolKind.WEIGHT, number_) for number_ in dict.fromkeys(alike.values())]
        self._solver = z3.Optimize()
        self._solver.set("rlimit", BUDGET)
        self._solver.add(*(less(number(0), one, strictly=False) for one in every))
        self._solver.minimize(plus(every))

    def keep(self, place: FactId, least: int) -> None:
        """A place weighs no less than this, where there is such a place."""
        if place in self.weights:
            self.learn(less(number(least), self.weights[place], strictly=False))

    def learn(self, that: Term) -> None:
        """What the weights must satisfy."""
        self._solver.add(that)

    def change(self, by: Mapping[FactId, int]) -> Term:
        """By how much a state becomes heavier that so many more are at each place."""
        return plus(times(number(many), self.weights[place]) for place, many in by.items() if place in self.weights)

    def found(self) -> dict[FactId, int] | None:
        """The weights; None where there are none, or none are found."""
        try:
            if self._solver.check() != z3.sat:
                return None
            model = self._solver.model()
        except z3.Z3Exception as fault:
            gave_up(str(fault))
            return None
        return {place: model.eval(one, model_completion=True).as_long() for place, one in self.weights.items()}
