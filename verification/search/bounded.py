"""Bounded search with Z3: a shortest run of at most k steps that breaks a claim, under whatever profile has one.

The clocked encoding is unrolled, step by step: a few keyed instances with their clocks, every parameter
a symbol, so that the solver picks profile, keys, instants and payloads at once. What it finds is
made into events and replayed; the runtime has the last word.

What it can never say: that there is no longer run, or none with more keys than it was given. A bound
that finds nothing answers nothing. It looks for `always` and `each_step` that do not read the time in
state, and refuses what the clocked encoding cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import z3

from fsm.errors import BadInput, WiresOverlap
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.leaves import NEEDED
from fsm.language.parts import Each
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.enabled import is_carried, key_fields
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.semantics.satisfaction import holds, holds_of_step, seen_steps
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.encoding.clocked import Clocked, Happening
from fsm.verification.encoding.symbols import NEXT, SymbolKind, copy_of, integer, truth
from fsm.verification.encoding.terms import Swap, symbols_of
from fsm.verification.encoding.translation import of_value, translate, value_in, value_of
from fsm.verification.facts import FactId, Of
from fsm.verification.search.samples import new_keys, sample_of
from fsm.verification.solver import Asker, GaveUp, No, Yes

__all__ = ["Bound", "search_bounded"]

Term = Any
STEPS = 12
KEYS = 3
BUDGET = 6_000_000
START = FactId(Of.START, (0,))


@attrs.frozen(eq=False)
class Bound:
    """What was searched.

    Attributes:
        trace: a run that breaks the claim, replayed; None when none was found.
        broken: the number of the step after which, or by which, it is broken; others follow where timers fall due at that instant.
        steps: how many steps were asked about in full: no run of so many breaks it, with so many keys.
        keys: how many instances of each part there could be.
        why: why it ended before its bound; empty where it did not.
    """

    trace: Trace | None
    steps: int
    keys: int
    why: str = ""
    broken: int = 0


def search_bounded(
    system: System,
    claim: Property,
    fixed: Mapping[str, Any],
    *,
    steps: int = STEPS,
    keys: int = KEYS,
    lost: Term | None = None,
) -> Bound:
    """A run of as few steps as can be that breaks an `always` or `each_step`, for any profile.

    Args:
        lost: instead, what is so where the run ends: a term over the state where every part has one instance. Whether it is so the runtime cannot say.

    Raises:
        Unencodable: the clocked encoding cannot say the system or the claim.
    """
    unrolled = _Unrolled(system, claim, fixed, keys, lost)
    for step in range(steps + 1):
        answer = unrolled.broken_after(step)
        if isinstance(answer, GaveUp):
            return Bound(None, step - 1, keys, f"the solver gave up ({answer.reason})")
        if isinstance(answer, Yes):
            trace, broken = unrolled.run(answer.model, step)
            return Bound(
                trace,
                step - 1,
                keys,
                ""
                if trace is not None
                else f"the runtime does not take the run of {step} steps that the encoding does",
                broken,
            )
    return Bound(None, steps, keys)


class _Unrolled:
    """The clocked encoding, a step at a time; the symbols of each step are numbered."""

    def __init__(self, system: System, claim: Property, fixed: Mapping[str, Any], keys: int, lost: Term | None) -> None:
        self.system, self.claim, self.keys, self.lost = system, claim, keys, lost
        self.clocked = Clocked(
            system, {part.name: keys for part in system.parts if isinstance(part, Each)}, fixed=fixed
        )
        self.happenings = self.clocked.happenings
        self.which, self.broken = integer(SymbolKind.HAPPENING), truth(SymbolKind.BROKEN)
        self.state = [term for slot in self.clocked.slots for term in slot.symbols()]
        self.of_steps = claim.modality is Modality.EACH_STEP
        holding = None if self.of_steps else self.clocked.state(claim.formula)
        self.holds = holding if lost is None else z3.Not(lost)
        self.relation = z3.Or([self._goes(place, one) for place, one in enumerate(self.happenings)])
        following = [copy_of(term, NEXT) for term in self.state]
        kept = {term.get_id() for term in (*self.clocked.params.values(), *following)}
        self.symbols = [
            term for term in symbols_of([self.relation, *self.clocked.typing, *self.state]) if term.get_id() not in kept
        ]
        self._swaps: dict[int, Swap] = {}
        self.asker = Asker(budget=BUDGET)
        start = [self._at(0, symbol) == value for symbol, value in self.clocked.start.items()]
        assumed = [translate(one.that, self.clocked.state_leaf) for one in system.all_assumptions]
        self.asker.know(START, z3.And([*start, *assumed, self._at(0, z3.And(self.clocked.typing))]))
        self.facts = [START]

    def _goes(self, place: int, one: Happening) -> Term:
        """This happens: what the state is after it, and whether it breaks a claim on steps."""
        changes = {**self.clocked.grown, **one.next}
        lands = [copy_of(symbol, NEXT) == changes.get(symbol, symbol) for symbol in self.state]
        kept = z3.BoolVal(True) if one.lapses or not self.of_steps else self.clocked.step(self.claim.formula, one)
        broken = [self.broken == z3.Not(kept)] if self.of_steps else []
        return z3.And(self.which == place, one.condition, *lands, *broken)

    def _at(self, step: int, term: Term) -> Term:
        if step not in self._swaps:
            renamed = [(symbol, copy_of(symbol, step)) for symbol in self.symbols]
            after = [(copy_of(symbol, NEXT), copy_of(symbol, step + 1)) for symbol in self.state]
            self._swaps[step] = Swap([*renamed, *after])
        return self._swaps[step](term)

    def broken_after(self, step: int) -> Yes | No | GaveUp:
        """Whether a run of so many steps ends where the claim is broken."""
        if step:
            self.facts.append(FactId(Of.STEP, (step,)))
            self.asker.know(
                self.facts[-1],
                z3.And(self._at(step - 1, self.relation), self._at(step, z3.And(self.clocked.typing))),
            )
        if self.of_steps and step == 0:
            return No(frozenset())
        question = copy_of(self.broken, step - 1) if self.of_steps else z3.Not(self._at(step, self.holds))
        answer = self.asker.ask(question, self.facts)
        return self._plainest(question, answer, step) if isinstance(answer, Yes) else answer

    def _plainest(self, question: Term, answer: Yes, steps: int) -> Yes:
        """Of all such runs one that is easy to read: parameters by default, no waiting, the first keys, where that is possible."""
        params = [self.clocked.params[param] == of_value(param.default) for param in self.system.parameters]
        delays = [copy_of(self.clocked.delay, step) == 0 for step in range(steps)]
        keys = [
            copy_of(key, step) == number for step in range(steps) for key in self._keys for number in range(self.keys)
        ]
        wished: list[Term] = []
        for wish in (*params, *delays, *keys):
            if not z3.is_true(answer.model.eval(wish, model_completion=True)):
                better = self.asker.ask(z3.And(question, *wished, wish), self.facts)
                if not isinstance(better, Yes):
                    continue
                answer = better
            wished.append(wish)
        return answer

    @property
    def _keys(self) -> list[Term]:
        """The symbols of fields that name instances."""
        refs = [
            (event, field_refs(event)[name]) for event in self.system.events for name in key_fields(self.system, event)
        ]
        return [self.clocked.places.field(event, ref) for event, ref in refs]

    # The run

    def run(self, model: Any, steps: int) -> tuple[Trace | None, int]:
        """The run that a model tells, as the runtime takes it, and where it breaks the claim; None where it does not."""
        profile = {
            param.name: value_of(param.domain, value_in(model, self.clocked.params[param]))
            for param in self.system.parameters
        }
        engine = prepare(self.system, profile)
        events: list[tuple[object | None, int]] = []
        now = 0
        for step in range(steps):
            one = self.happenings[value_in(model, copy_of(self.which, step))]
            now += value_in(model, copy_of(self.clocked.delay, step))
            events.append((None if one.sender is not None else self._event(model, step, one.event), now))
        try:
            trace = replay(engine, events)
        except (EventRefused, TimeStopped, BadInput, WiresOverlap):
            return None, 0
        broken = _broken(engine, self.claim, trace) if self.lost is None else len(trace.steps)
        return (None, 0) if broken is None else (trace, broken)

    def _event(self, model: Any, step: int, event: type) -> object:
        keyed = key_fields(self.system, event)
        values = {}
        for name, ref in field_refs(event).items():
            if name in keyed:
                part = self.system.part(keyed[name][0])
                assert isinstance(part, Each)
                number = value_in(model, copy_of(self.clocked.places.field(event, ref), step))
                values[name] = new_keys(part.key, ref.domain, set(), number + 1)[-1]
            elif isinstance(ref.domain, Opaque):
                values[name] = sample_of(ref)
            elif ref.default is not NEEDED and is_carried(self.system, event, ref):
                values[name] = ref.default
            else:
                said = value_in(model, copy_of(self.clocked.places.field(event, ref), step))
                values[name] = value_of(ref.domain, said)
        return event(**values)


def _broken(engine: Engine, claim: Property, trace: Trace) -> int | None:
    """After which step, counted from one, the runtime sees the claim broken; 0 at the start, None nowhere."""
    if claim.modality is Modality.ALWAYS:
        snapshots = [trace.start, *(step.after for step in trace.steps)]
        return next((place for place, one in enumerate(snapshots) if not holds(engine, claim.formula, one, {})), None)
    seen = list(_seen(engine, trace))
    return next(
        (place for place, one in enumerate(seen, start=1) if not holds_of_step(engine, claim.formula, one)), None
    )


def _seen(engine: Engine, trace: Trace) -> Iterator[Any]:
    """The steps of the run as properties see them; time that passes alone is none."""
    snapshot = trace.start
    for event, at in trace.events:
        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        yield from seen_steps(engine, snapshot, event, at, step, {})
        snapshot = step.after
