"""Claims about the time in state, proved of the parts that have one instance, with their real clocks and symbolic durations.

A bounded response carries a stopwatch that runs from the first position at which its premise holds until its goal does, and from
there anew as long as the premise goes on holding: in symbols what `fsm.semantics.stopwatch` says of runs. Candidates for invariants relate the stopwatch, the time in state and the timers that
have fired; induction keeps those that hold.

What it can never say: how long any of many instances has been in its state; those are counted beside the others (`among_many`). A system inherits
these claims from its machines when nothing can stand in the way of a timer, which is asked separately.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import attrs
import z3

from fsm.language.domains import Integers
from fsm.language.expressions import Expr, Var
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.encoding.among_many import AmongMany
from fsm.verification.encoding.clocked import Clocked, Happening, Slot
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import lengths_of
from fsm.verification.encoding.quantities import quantities_of_clocked, read
from fsm.verification.encoding.symbols import SymbolKind, integer, truth
from fsm.verification.encoding.terms import Swap, Unencodable, conj, negated, value_of
from fsm.verification.encoding.translation import translate
from fsm.verification.engines.clocks.countdown import Countdown, Stopwatch
from fsm.verification.engines.clocks.detours import Addend, Times, detours
from fsm.verification.engines.clocks.side_by_side import side_by_side
from fsm.verification.engines.induction import Failure, Kept
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock
from fsm.verification.solver import Answer, Asker, GaveUp, No, Yes

MORE = (Of.STOPWATCH_SUM, Of.APART, Of.OLDER, Of.CLAIM)
"""What is tried only where it does not do without."""

__all__ = ["TimedProof", "Timing", "Watched", "in_the_end"]

Term = Any


@attrs.frozen(eq=False)
class TimedProof(Kept):
    """A claim about time that is shown.

    Attributes:
        lemmas: what is so of clocks and of the stopwatch.
    """

    lemmas: tuple[FactId, ...]


def in_the_end(system: System, claim: Property) -> Property | None:
    """The bounded response that shows a `leads_to`, since time grows beyond every bound; None where there is no bound to try.

    The bound is generous: all durations together, as often as whole numbers have values and three times more.
    """
    timers = [line for part in system.parts for line in part.machine.transitions if line.duration is not None]
    lengths = [line.duration for line in timers if line.duration is not None]
    variables = [one.domain for part in system.parts for one in part.machine.variables]
    often = sum(
        one.high - one.low
        for one in variables
        if isinstance(one, Integers) and one.low is not None and one.high is not None
    )
    if not lengths or any(isinstance(node, Var) for length in lengths for node in walk(length)):
        return None
    total: Expr[int] = lengths[0]
    for length in lengths[1:]:
        total = total + length
    return attrs.evolve(claim, modality=Modality.WITHIN, duration=total * (3 + often), fair=())


class Watched:
    """A clocked machine, with a stopwatch or without, and what may be invariants of it. Nothing here asks a solver."""

    def __init__(self, clocked: Clocked, extra: Mapping[FactId, Term], watch: Stopwatch | None) -> None:
        self.clocked, self.watch = clocked, watch
        self._known: dict[Happening, Swap] = {}
        self.candidates = {**dict(clocked.clock_facts), **extra, **side_by_side(clocked), **_claims(clocked)}

    def at_start(self, term: Term) -> Term:
        """A term said of the start."""
        made: Term = self._start(term)
        return made

    @cached_property
    def _start(self) -> Swap:
        start = Swap(self.clocked.start.items())
        if self.watch is None:
            return start
        begun = conj((self.watch.premise, negated(self.watch.goal)))
        return Swap([*start.pairs, (self.watch.runs, start(begun)), (self.watch.shows, z3.IntVal(0))])

    def after(self, happening: Happening, term: Term) -> Term:
        """A term said of the state after a step."""
        made: Term = self._changes(happening)(term)
        return made

    @cached_property
    def countdown(self) -> Countdown:
        """What may be left of a bounded response."""
        assert self.watch is not None
        return Countdown(self.clocked, self.watch, self.after, self.at_start)

    def said(self, fact: FactId) -> Term | None:
        """What a fact says that is known of this machine, or may be; None where there is none."""
        if fact.of is Of.STOPWATCH_LEFT and self.watch is not None:
            return self.countdown.lemma(fact)
        return self.candidates.get(fact)

    def _changes(self, happening: Happening) -> Swap:
        if happening not in self._known:
            changes = {**self.clocked.grown, **happening.next}
            if self.watch is not None:
                met, asked = (
                    self.clocked.after(happening, self.watch.goal),
                    self.clocked.after(happening, self.watch.premise),
                )
                changes[self.watch.runs] = z3.And(z3.Not(met), z3.Or(self.watch.runs, asked))
                changes[self.watch.shows] = z3.If(self.watch.runs, self.watch.shows + self.clocked.delay, 0)
            self._known[happening] = Swap(changes.items())
        return self._known[happening]


def _claims(clocked: Clocked) -> dict[FactId, Term]:
    """Every `always` of the system that does not read the time in state."""
    found: dict[FactId, Term] = {}
    for place, claim in enumerate(clocked.system.properties):
        if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
            with suppress(Unencodable):  # that claim is left to others
                found[FactId(Of.CLAIM, (place,))] = clocked.state(claim.formula)
    return found


class Timing:
    """The clocked proofs of one system: of the parts that have one instance, usually of a machine alone.

    Args:
        known: what holds without clocks.
        counting: how the instances of the others are counted; None where there are no others.
    """

    def __init__(
        self,
        system: System,
        fixed: Mapping[str, Any] | None = None,
        known: Mapping[FactId, Term] | None = None,
        counting: Counting | None = None,
    ) -> None:
        self.system = system
        self.known = dict(known or {})
        many = counting if counting is not None and counting.counters else None
        values = dict(fixed or {})
        self.clocked = AmongMany(system, fixed=values, counting=many) if many else Clocked(system, fixed=values)
        self.assumptions = {
            FactId(Of.ASSUMPTION, (place,)): translate(one.that, self.clocked.state_leaf)
            for place, one in enumerate(system.all_assumptions)
        }
        self._proofs: dict[tuple[Property | None, bool], _Proof] = {}

    def show(self, claim: Property) -> TimedProof | Failure:
        """Whether a claim holds; where clocks alone do not show it, with what is known without them, sums of durations, and what two parts say of each other."""
        timed = claim.modality is Modality.WITHIN or reads_clock(claim.formula)
        shown = self._show(claim, more=not timed)
        return self._show(claim, more=True) if timed and isinstance(shown, Failure) and not shown.reason else shown

    def _show(self, claim: Property, *, more: bool) -> TimedProof | Failure:
        proof = self._proof(claim, more=more)
        return self._excluded(proof, self.questions(claim, proof.watched), more=more)

    def _proof(self, claim: Property, *, more: bool) -> _Proof:
        key = claim if claim.modality is Modality.WITHIN else None  # the others need no stopwatch and share one proof
        if (key, more) not in self._proofs:
            self._proofs[key, more] = _Proof(self, self.watched(claim), more=more)
        return self._proofs[key, more]

    def count_down(self, claim: Property) -> TimedProof | Failure:
        """Whether a bounded response holds by what is left at each moment: durations, as often as numbers say (`countdown`)."""
        proof = self._proof(claim, more=True)
        left = proof.watched.countdown.found(proof.ask) if claim.modality is Modality.WITHIN else {}
        if not left:
            return Failure("what is left", {}, "no durations were found that are left")
        watched = Watched(self.clocked, {**proof.watched.candidates, **left}, proof.watched.watch)
        return self._excluded(_Proof(self, watched, more=True), self.questions(claim, watched), more=True)

    def exclude(self, state: Term, where: str) -> TimedProof | Failure:
        """Whether there is no such state, with all that is known of clocks; a term without clocks of its own."""
        if (None, True) not in self._proofs:
            self._proofs[None, True] = _Proof(self, Watched(self.clocked, {}, None), more=True)
        return self._excluded(self._proofs[None, True], [(where, state)], more=True)

    def _excluded(self, proof: _Proof, questions: list[tuple[str, Term]], *, more: bool) -> TimedProof | Failure:
        used: set[FactId] = set()
        for where, broken in questions:
            kept = proof.shown(broken, where)
            if isinstance(kept, Failure):
                return kept
            used |= kept.used
        if more:
            used, lemmas = proof.needed(used)
            return TimedProof(frozenset(used), lemmas)
        return TimedProof(frozenset(fact for fact in used if fact in self.assumptions), tuple(proof.invariants))

    def questions(self, claim: Property, watched: Watched) -> list[tuple[str, Term]]:
        """What the invariants must exclude, each with where it would happen."""
        match claim.modality:
            case Modality.ALWAYS:
                return self._of_snapshots(claim)
            case Modality.EACH_STEP:
                return [
                    (one.event.__name__, z3.And(one.condition, z3.Not(self.clocked.step(claim.formula, one))))
                    for one in self.clocked.happenings
                    if not one.lapses
                ]
            case _:
                return self._of_waiting(watched)

    def _of_snapshots(self, claim: Property) -> list[tuple[str, Term]]:
        """A formula over one snapshot that may read the time in state: whenever no timer is due, and just after each that fired."""
        calm = [
            term
            for slot in self.clocked.slots
            for term in self.clocked.deadlines(slot, slot.age + self.clocked.delay, strict=True)
        ]
        holds = self.clocked.state(claim.formula)
        questions = [("some instant", z3.And(*calm, z3.Not(self.clocked.after_delay(holds))))]
        for one in self.clocked.happenings:
            if one.sender is not None:
                questions.append((one.event.__name__, z3.And(one.condition, z3.Not(self.clocked.after(one, holds)))))
        return questions

    def _of_waiting(self, watched: Watched) -> list[tuple[str, Term]]:
        """The stopwatch never shows more than the duration."""
        assert watched.watch is not None
        waiting = [
            term
            for slot in self.clocked.slots
            for term in self.clocked.deadlines(slot, slot.age + self.clocked.delay, strict=False)
        ]
        return [
            (
                "waiting",
                z3.And(*waiting, watched.watch.runs, watched.watch.shows + self.clocked.delay > watched.watch.allowed),
            )
        ]

    def watched(self, claim: Property) -> Watched:
        """The machine with what may be invariants of it; for a bounded response also of its stopwatch."""
        if claim.modality is not Modality.WITHIN:
            return Watched(self.clocked, {}, None)
        assert claim.premise is not None and claim.duration is not None
        premise, goal = self.clocked.state(claim.premise), self.clocked.state(claim.formula)
        duration = translate(claim.duration, self.clocked.state_leaf)
        watch = Stopwatch(
            truth(SymbolKind.STOPWATCH_RUNS), integer(SymbolKind.STOPWATCH_SHOWS), premise, goal, duration
        )
        candidates: dict[FactId, Term] = {FactId(Of.STOPWATCH_POSITIVE): watch.shows >= 0}
        candidates[FactId(Of.STOPWATCH_BEFORE_GOAL)] = z3.Or(z3.Not(watch.runs), z3.Not(goal))
        candidates[FactId(Of.STOPWATCH_IN_TIME)] = z3.Or(z3.Not(watch.runs), watch.shows <= duration)
        for slot in self.clocked.slots:
            for number, _ in enumerate(slot.part.machine.states):
                here, at = z3.And(watch.runs, slot.state == number), (self.clocked.places.parts[slot.part], number)
                candidates[FactId(Of.STOPWATCH_OFF, at)] = z3.Not(here)
                candidates[FactId(Of.STOPWATCH_EXACT, at)] = z3.Implies(here, watch.shows == slot.age)
                candidates[FactId(Of.STOPWATCH_AT_MOST, at)] = z3.Implies(here, watch.shows <= slot.age)
            candidates.update(self._sums(slot, watch))
        return Watched(self.clocked, candidates, watch)

    def _sums(self, slot: Slot, watch: Stopwatch) -> Iterator[tuple[FactId, Term]]:
        """What the stopwatch shows on entering a state is at most a sum of durations (`detours`)."""
        part, machine = self.clocked.places.parts[slot.part], slot.part.machine
        lengths = [
            lengths_of(self.clocked.place(slot, state, slot.age), self.clocked.params) for state in machine.states
        ]
        variables = [(variable.domain, term) for variable, term in slot.values.items()]
        for number, detour in detours(machine):
            total = [
                lengths[one.state][one.timer] * (_often(one, *variables[one.variable]) if one.times else 1)
                for one in detour
            ]
            flat = (value for one in detour for value in (one.state, one.timer, int(one.times), one.variable))
            here = z3.And(watch.runs, slot.state == number)
            yield (
                FactId(Of.STOPWATCH_SUM, (part, number, *flat)),
                z3.Implies(here, watch.shows <= slot.age + z3.Sum(total)),
            )


def _often(one: Addend, domain: Any, term: Term) -> Term:
    """How often a duration has passed, by what a variable counts."""
    match one.times:
        case Times.COUNTED_UP:
            return term - domain.low
        case Times.COUNTED_DOWN:
            return domain.high - term
        case Times.LESS:
            return z3.IntVal(-1)
        case _:
            return domain.high - domain.low


class _Proof:
    """Invariants of the clocked machine, with a stopwatch or without."""

    def __init__(self, timing: Timing, watched: Watched, *, more: bool) -> None:
        self.timing, self.watched, self.clocked = timing, watched, timing.clocked
        self.candidates = {fact: term for fact, term in watched.candidates.items() if more or fact.of not in MORE}
        self.known = {fact: term for fact, term in timing.known.items() if more and fact not in self.candidates}
        self.asker = Asker(self.clocked.typing)
        for fact, term in {**timing.assumptions, **self.known, **self.candidates}.items():
            self.asker.know(fact, term)
        self.invariants = self._greatest()

    def _greatest(self) -> list[FactId]:
        """The largest set of candidates that hold at the start and keep each other; one question drops all that it breaks."""
        alive = [fact for fact in self.candidates if self._starts(fact)]
        happenings = list(self.clocked.happenings)
        after = [{fact: self.watched.after(one, self.candidates[fact]) for fact in alive} for one in happenings]
        settled = False
        while not settled:
            settled = True
            for one, said in zip(happenings, after, strict=True):
                answer = self.asker.ask(
                    conj((one.condition, negated(conj(said[fact] for fact in alive)))),
                    [*self.timing.assumptions, *self.known, *alive],
                )
                match answer:
                    case Yes(model=model):
                        alive = [fact for fact in alive if z3.is_true(model.eval(said[fact], model_completion=True))]
                        settled = False
                    case GaveUp():
                        return []
                    case No():
                        pass
        return alive

    def _starts(self, fact: FactId) -> bool:
        said = self.watched.at_start(self.candidates[fact])
        return value_of(said) is True or isinstance(self.asker.ask(negated(said), list(self.timing.assumptions)), No)

    def ask(self, question: Term) -> Answer:
        """Whether there is such a moment, by all that is known."""
        return self.asker.ask(question, [*self.timing.assumptions, *self.known, *self.invariants])

    def shown(self, broken: Term, where: str) -> Kept | Failure:
        """Whether no state of the invariants satisfies this."""
        match self.asker.ask_least(broken, [*self.timing.assumptions, *self.known, *self.invariants]):
            case No(used=used):
                return Kept(used)
            case Yes(model=model):
                return Failure(where, read(quantities_of_clocked(self.clocked), model))
            case GaveUp(reason=reason):
                return Failure(where, {}, reason)

    def needed(self, used: set[FactId]) -> tuple[set[FactId], tuple[FactId, ...]]:
        """What is used of what is known, and those of the invariants that are needed: by a proof, and to keep them."""
        known = [*self.timing.assumptions, *self.known, *self.invariants]
        met = set(used)
        queue = [fact for fact in self.invariants if fact in met]
        for fact in queue:
            for one in self.clocked.happenings:
                lost = conj((one.condition, negated(self.watched.after(one, self.candidates[fact]))))
                answer = self.asker.ask_least(lost, known)
                below = answer.used if isinstance(answer, No) else set(known)
                queue += [lemma for lemma in self.invariants if lemma in below and lemma not in queue]
                met |= below
        return met.difference(self.candidates), tuple(fact for fact in self.invariants if fact in queue)
