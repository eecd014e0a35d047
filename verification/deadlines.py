"""Claims about the time in state, proved on one machine with its real clock and symbolic durations.

A bounded response carries a stopwatch that starts when its premise becomes true and stops when its
goal does. Candidates for invariants relate the stopwatch, the time in state and the timers that
have fired; induction keeps those that hold.

What it can never say: anything about a system of several instances. A system inherits these claims
from its machines when nothing can stand in the way of a timer, which is asked separately.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
import z3

from fsm.properties import Property
from fsm.system import System
from fsm.verification.ask import Asker, GaveUp, No, Yes
from fsm.verification.encoding.clocked import Clocked, Happening
from fsm.verification.encoding.terms import constant, translate
from fsm.verification.induction import Failure, Kept

__all__ = ["Timing"]

Term = Any


@attrs.frozen(eq=False)
class _Watch:
    """The stopwatch of a bounded response: whether it runs, and for how long."""

    runs: Term
    shows: Term


class Timing:
    """The clocked proofs of one system without `each` parts, usually a machine alone."""

    def __init__(self, system: System, fixed: Mapping[str, Any] | None = None) -> None:
        self.system = system
        self.clocked = Clocked(system, fixed=fixed or {})
        self.assumptions = {f"assume:{one.name}": translate(one.that, self.clocked.state_leaf) for one in system.all_assumptions}

    @cached_property
    def _unwatched(self) -> _Proof:
        return _Proof(self, {}, {}, None)

    def show_always(self, claim: Property) -> Kept | Failure:
        """A formula over one snapshot that may read the time in state: whenever no timer is due, and just after each that fired."""
        calm = [term for slot in self.clocked.slots for term in self.clocked.deadlines(slot, slot.age + self.clocked.delay, strict=True)]
        holds = self.clocked.state(claim.formula)
        questions = [("some instant", z3.And(*calm, z3.Not(self.clocked.after_delay(holds))))]
        for one in self.clocked.happenings:
            if one.sender is not None:
                questions.append((one.event.__name__, z3.And(one.condition, z3.Not(self.clocked.after(one, holds)))))
        return self._all_shown(self._unwatched, questions)

    def show_step(self, claim: Property) -> Kept | Failure:
        """A formula over steps that may read the time in state."""
        questions = [(one.event.__name__, z3.And(one.condition, z3.Not(self.clocked.step(claim.formula, one)))) for one in self.clocked.happenings]
        return self._all_shown(self._unwatched, questions)

    def _all_shown(self, proof: _Proof, questions: list[tuple[str, Term]]) -> Kept | Failure:
        used: set[str] = set()
        for where, broken in questions:
            kept = proof.shown(broken, where)
            if isinstance(kept, Failure):
                return kept
            used |= kept.used
        return Kept(frozenset(used))

    def show_within(self, claim: Property) -> Kept | Failure:
        """A bounded response: the stopwatch never shows more than the duration."""
        assert claim.premise is not None and claim.duration is not None
        watch = _Watch(z3.Bool("watch.runs"), z3.Int("watch.shows"))
        premise, goal = self.clocked.state(claim.premise), self.clocked.state(claim.formula)
        duration = translate(claim.duration, self.clocked.state_leaf)
        candidates: dict[str, Term] = {"the stopwatch shows no less than nothing": watch.shows >= 0}
        candidates["the stopwatch runs only before the goal"] = z3.Or(z3.Not(watch.runs), z3.Not(goal))
        candidates["the stopwatch runs no longer than allowed"] = z3.Or(z3.Not(watch.runs), watch.shows <= duration)
        for slot in self.clocked.slots:
            for number, state in enumerate(slot.part.machine.states):
                here = z3.And(watch.runs, slot.state == number)
                candidates[f"the stopwatch runs not in {state.name}"] = z3.Not(here)
                candidates[f"the stopwatch shows the time in {state.name}"] = z3.Implies(here, watch.shows == slot.age)
                candidates[f"the stopwatch shows at most the time in {state.name}"] = z3.Implies(here, watch.shows <= slot.age)
        starts = {watch.runs: z3.And(premise, z3.Not(goal)), watch.shows: z3.IntVal(0)}
        proof = _Proof(self, candidates, starts, (watch, premise, goal))
        waiting = [term for slot in self.clocked.slots for term in self.clocked.deadlines(slot, slot.age + self.clocked.delay, strict=False)]
        return proof.shown(z3.And(*waiting, watch.runs, watch.shows + self.clocked.delay > duration), "waiting")


class _Proof:
    """Invariants of the clocked machine, with a stopwatch or without."""

    def __init__(
        self, timing: Timing, extra: Mapping[str, Term], starts: Mapping[Any, Term], watched: tuple[_Watch, Term, Term] | None
    ) -> None:
        self.timing, self.clocked, self.starts, self.watched = timing, timing.clocked, starts, watched
        self._known: dict[Happening, list[tuple[Term, Term]]] = {}
        self.candidates = {**dict(self.clocked.clock_facts), **extra}
        self.asker = Asker(self.clocked.typing)
        for name, fact in {**timing.assumptions, **self.candidates}.items():
            self.asker.name(name, fact)
        self.invariants = self._greatest()

    def _greatest(self) -> list[str]:
        """The largest set of candidates that hold at the start and keep each other; one question drops all that it breaks."""
        alive = [name for name in self.candidates if self._starts(name)]
        happenings = list(self.clocked.happenings)
        after = [{name: self._after(one, self.candidates[name]) for name in alive} for one in happenings]
        settled = False
        while not settled:
            settled = True
            for one, said in zip(happenings, after, strict=True):
                answer = self.asker.ask(z3.And(one.condition, z3.Not(z3.And([said[name] for name in alive]))), [*self.timing.assumptions, *alive])
                match answer:
                    case Yes(model=model):
                        alive = [name for name in alive if z3.is_true(model.eval(said[name], model_completion=True))]
                        settled = False
                    case GaveUp():
                        return []
                    case No():
                        pass
        return alive

    def _starts(self, name: str) -> bool:
        values = {**self.clocked.start, **{symbol: z3.substitute(term, *self.clocked.start.items()) for symbol, term in self.starts.items()}}
        at_start = z3.substitute(self.candidates[name], *values.items())
        return isinstance(self.asker.ask(z3.Not(at_start), list(self.timing.assumptions)), No)

    def _after(self, happening: Happening, term: Term) -> Term:
        return z3.substitute(term, *self._changes(happening))

    def _changes(self, happening: Happening) -> list[tuple[Term, Term]]:
        if happening not in self._known:
            changes = {**self.clocked.grown, **happening.next}
            if self.watched is not None:
                watch, premise, goal = self.watched
                met, asked = self.clocked.after(happening, goal), self.clocked.after(happening, premise)
                changes[watch.runs] = z3.And(z3.Not(met), z3.Or(watch.runs, asked))
                changes[watch.shows] = z3.If(watch.runs, watch.shows + self.clocked.delay, 0)
            self._known[happening] = list(changes.items())
        return self._known[happening]

    def shown(self, broken: Term, where: str) -> Kept | Failure:
        """Whether no state of the invariants satisfies this."""
        match self.asker.ask_least(broken, [*self.timing.assumptions, *self.invariants]):
            case No(used=used):
                return Kept(frozenset(name for name in used if name in self.timing.assumptions))
            case Yes(model=model):
                names = {term.decl().name(): term for slot in self.clocked.slots for term in slot.symbols()} | self.clocked.params
                return Failure(where, {name: constant(model.eval(term, model_completion=True)) for name, term in sorted(names.items())})
            case GaveUp(reason=reason):
                return Failure(where, {}, reason)
