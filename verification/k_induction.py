"""k-induction: a formula that holds in the first k states and, after k states in a row where it does, in the next.

Stronger than induction where the state that a step fails from cannot itself be come by; with uniqueness
of states (no state occurs twice on the way, since a shortest run to a fault repeats none) and with the
invariants that induction has shown. Base and step are asked apart, the last step one event at a time
with the next values substituted; earlier steps are one relation over renamed symbols.

What it can never say: that a formula is false. Where the base fails, the encoding, which forgets clocks,
leads to a fault within k steps; the runtime may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
import z3

from fsm.verification.ask import Answer, GaveUp, No, Yes
from fsm.verification.encoding.build import Swap, conj, disj, equal, negated
from fsm.verification.induction import Failure, Induction, Kept

__all__ = ["DEEPEST", "Longer", "show_by_k"]

Term = Any
DEEPEST = 4
"""The largest k that is tried."""


@attrs.frozen(eq=False)
class Longer:
    """A formula that is shown.

    Attributes:
        k: how many states in a row show the next.
        used: the facts that the proof uses, by name.
    """

    k: int
    used: frozenset[str]


def show_by_k(induction: Induction, name: str, deepest: int = DEEPEST) -> Longer | Failure:
    """Whether a candidate that induction did not keep is shown by k-induction, for the least k from 2 on."""
    way = _Way(induction, induction.candidates[name])
    failed = induction.failures[name]
    if failed.where == "start":
        return failed
    for k in range(2, deepest + 1):
        base = way.base(k)
        if isinstance(base, Failure):
            return base
        step = way.step(k)
        if isinstance(step, Kept):
            return Longer(k, induction.with_lemmas(set(base.used | step.used)))
        failed = step
        if failed.reason:
            break
    return failed


class _Way:
    """States in a row: the last has the symbols of the encoding, those before it symbols of their own."""

    def __init__(self, induction: Induction, claim: Term) -> None:
        self.induction, self.counting, self.claim = induction, induction.counting, claim
        self.state = list(self.counting.variables)
        self._swaps: dict[int, Swap] = {}
        self.known = conj(induction.candidates[name] for name in induction.invariants)
        self.step_taken = disj(self._taken())
        kept = {term.get_id() for term in self.counting.params.values()}
        terms = (self.step_taken, self.known, claim, *self.state, *self.counting.typing)
        self.symbols = [term for term in _symbols(terms) if term.get_id() not in kept and not _is_next(term)]

    def _taken(self) -> Iterator[Term]:
        """Each way an event can go, as a relation between a state and the next."""
        for one in self.counting.occurrences:
            allowed = (one.quiet, *self.induction.rules(one).values(), *self.counting.field_bounds(one.event))
            for branch in one.branches:
                lands = [equal(_next(term), branch.after(term)) for term in self.state]
                yield conj((*allowed, *branch.conditions, *branch.clock, *lands))

    def at(self, back: int) -> Swap:
        """Said of the state so many steps before the last, and of the next where a relation speaks of one."""
        if back not in self._swaps:
            renamed = [(term, _renamed(term, back)) for term in self.symbols]
            self._swaps[back] = Swap([*renamed, *((_next(term), _renamed(term, max(back - 1, 0))) for term in self.state)])
        return self._swaps[back]

    def base(self, k: int) -> Kept | Failure:
        """It holds in the first k states; in the first, induction has shown."""
        used: set[str] = set()
        for steps in range(1, k):
            begins = conj(equal(_renamed(term, steps), self.counting.start[term]) for term in self.state)
            facts = {"start": begins, **self._steps(range(1, steps + 1))}
            match self._ask(negated(self.claim), facts):
                case No(used=names):
                    used |= names
                case Yes(model=model):
                    return Failure(f"the base of {k}-induction, {steps} step{'s' if steps > 1 else ''} from the start,", self.induction.shown(model))
                case GaveUp(reason=reason):
                    return Failure(f"the base of {k}-induction", {}, reason)
        return Kept(self._named(used))

    def step(self, k: int) -> Kept | Failure:
        """After k states in a row where it holds it holds in the next."""
        used: set[str] = set()
        rows = {"row": conj(self.at(back)(conj((self.claim, self.known))) for back in range(k)), **self._steps(range(1, k)), **self._unlike(k)}
        for one in self.counting.occurrences:
            question = self.induction.broken_after(self.claim, one)
            if question is None:
                continue
            match self._ask(question, {**rows, **self.induction.rules(one)}):
                case No(used=names):
                    used |= names
                case Yes(model=model):
                    return Failure(f"{k}-induction: {one.name}", self.induction.shown(model))
                case GaveUp(reason=reason):
                    return Failure(f"{k}-induction: {one.name}", {}, reason)
        return Kept(self._named(used))

    def _steps(self, backs: Iterable[int]) -> dict[str, Term]:
        return {f"step {back}": conj((self.at(back)(conj((self.step_taken, *self.counting.typing))),)) for back in backs}

    def _unlike(self, k: int) -> dict[str, Term]:
        """No state of the row occurs twice."""
        pairs = [(early, late) for early in range(k) for late in range(early)]
        unlike = conj(disj(negated(equal(_renamed(term, early), _renamed(term, late))) for term in self.state) for early, late in pairs)
        return {"no state twice": unlike}

    def _ask(self, question: Term, facts: Mapping[str, Term]) -> Answer:
        return self.induction.asker.ask_least(question, [*self.induction.assumptions, *self.induction.invariants], facts)

    def _named(self, used: set[str]) -> frozenset[str]:
        """What a proof rests on; of the earlier steps, all rules and all invariants, which are not told apart there."""
        whole = any(name.startswith("step ") or name == "row" for name in used)
        rules = {name for one in self.counting.occurrences for name in self.induction.rules(one)} if whole else set()
        known = {name for name in used if name in self.induction.assumptions or name in self.induction.candidates or name.startswith("rule:")}
        return frozenset(known | rules | (set(self.induction.invariants) if whole else set()))


def _next(term: Term) -> Term:
    return z3.Const(f"{term.decl().name()}'", term.sort())


def _is_next(term: Term) -> bool:
    return str(term.decl().name()).endswith("'")


def _renamed(term: Term, back: int) -> Term:
    return term if back == 0 else z3.Const(f"{term.decl().name()}@{back}", term.sort())


def _symbols(terms: Iterable[Term]) -> list[Term]:
    """Every symbol that stands in some terms, in order."""
    found: dict[int, Term] = {}
    seen: set[int] = set()
    todo = list(terms)[::-1]
    while todo:
        node = todo.pop()
        if node.get_id() not in seen:
            seen.add(node.get_id())
            if z3.is_const(node) and node.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found[node.get_id()] = node
            todo += node.children()[::-1]
    return list(found.values())

