"""Asking Z3: the only place that talks to the solver. Three answers, never folded into two.

The budget is the solver's own resource count and not the clock, so that the same question gets the
same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import z3

__all__ = ["Answer", "Asker", "GaveUp", "No", "Yes"]

BUDGET = 20_000_000


@attrs.frozen(eq=False)
class Yes:
    """There is such an assignment: `model` gives it."""

    model: Any


@attrs.frozen(eq=False)
class No:
    """There is none; `used` are the names of the facts that rule it out."""

    used: frozenset[str]


@attrs.frozen(eq=False)
class GaveUp:
    """The solver does not know."""

    reason: str


Answer = Yes | No | GaveUp


class Asker:
    """Questions under facts that have names, so that an answer can say which facts it used.

    Args:
        always: formulas that every question assumes without naming them.
        budget: the solver's resource limit for one question.
    """

    def __init__(self, always: Iterable[Any] = (), budget: int = BUDGET) -> None:
        self._solver = z3.Solver()
        self._solver.set("rlimit", budget)
        self._solver.set("random_seed", 0)
        self._solver.add(*always)
        self._names: dict[str, Any] = {}
        self.questions = 0

    def name(self, name: str, fact: Any) -> None:
        """Make a fact known under a name; questions say which names they assume."""
        literal = self._names[name] = z3.Bool(f"fact:{name}")
        self._solver.add(z3.Implies(literal, fact))

    def ask(self, question: Any, assuming: Sequence[str] = (), local: Mapping[str, Any] | None = None) -> Answer:
        """Can the question be true under these facts?

        Args:
            question: a formula.
            assuming: names of facts made known before.
            local: further facts by name, for this question alone.
        """
        self.questions += 1
        literals = {name: self._names[name] for name in assuming}
        self._solver.push()
        try:
            for name, fact in (local or {}).items():
                literals[name] = z3.Bool(f"local:{name}")
                self._solver.add(z3.Implies(literals[name], fact))
            self._solver.add(question)
            result = self._solver.check(*literals.values())
            if result == z3.sat:
                return Yes(self._solver.model())
            if result == z3.unsat:
                core = {literal.get_id() for literal in self._solver.unsat_core()}
                return No(frozenset(name for name, literal in literals.items() if literal.get_id() in core))
            return GaveUp(self._solver.reason_unknown())
        finally:
            self._solver.pop()

    def ask_least(self, question: Any, assuming: Sequence[str] = (), local: Mapping[str, Any] | None = None) -> Answer:
        """As `ask`; a no names a set of facts of which none can be left out."""
        answer = self.ask(question, assuming, local)
        if not isinstance(answer, No):
            return answer
        needed = sorted(answer.used)
        for name in list(needed):
            rest = [other for other in needed if other != name]
            known = [other for other in rest if other in self._names]
            own = {other: fact for other, fact in (local or {}).items() if other in rest}
            fewer = self.ask(question, known, own)
            if isinstance(fewer, No):
                needed = sorted(fewer.used)
        return No(frozenset(needed))
