"""A short search for the first run that breaks any of many claims at once.

The claims are compiled, so that a thousand snapshots cost a fraction of a second; every step that
the public `step` and `advance` take is judged. The run that is found is played again from its start
and judged a second time by walking the formula: what does not break the claim then is no kill.

What it can never say: that no run breaks a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula
from fsm.language.leaves import Emitted, ForEach, Happens, Moment
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Snapshot
from fsm.language.traversal import walk
from fsm.runtime.compiled_expressions import Closure, compile_expression
from fsm.runtime.compiled_leaves import system_leaf
from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import Seen, Tally, holds, holds_of_step, seen_steps
from fsm.semantics.simplification import with_values
from fsm.semantics.stopwatch import Watch
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal, breach_of
from fsm.verification.search.step_tests import StepGoals

__all__ = ["Caught", "NotReplayed", "breaks", "hunt"]


class NotReplayed(AssertionError):
    """A run that was found and, played again, does not break the claim: a defect of this tool."""


@attrs.frozen(eq=False)
class Caught:
    """A claim that a run breaks.

    Attributes:
        trace: replayed.
        snapshots: how many were met until then.
    """

    claim: Property
    trace: Trace
    snapshots: int


def hunt(engine: Engine, claims: tuple[Property, ...], budget: int) -> Caught | None:
    """The first run that breaks one of the claims, which are `always`, `each_step` or `within`; None when none was found.

    Args:
        budget: how many snapshots to meet at most.
    """
    return _Hunt(engine, claims, budget).caught()


def breaks(engine: Engine, claim: Property, trace: Trace) -> bool:
    """Whether a run breaks a claim, by walking its formula over every step that the runtime takes again."""
    snapshot = trace.start
    seen: list[Seen] = []
    for event, at in trace.events:
        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        seen += seen_steps(engine, snapshot, event, at, step, seen[-1].emitted_after if seen else {})
        snapshot = step.after
    if claim.modality is Modality.EACH_STEP:
        return not all(holds_of_step(engine, claim.formula, one) for one in seen)
    positions: list[tuple[Snapshot, Tally]] = [
        (trace.start, {}),
        *((one.after, one.emitted_after) for one in seen),
        (snapshot, seen[-1].emitted_after if seen else {}),
    ]
    if claim.modality is Modality.WITHIN:
        watch = Watch(engine, claim)
        return any(watch.look(position, tally) for position, tally in positions)
    return not all(holds(engine, claim.formula, position, tally) for position, tally in positions)


class _CompiledGoals(StepGoals):
    """The goals that look for a step, compiled: thousands of steps are judged by the same few."""

    def __init__(self, engine: Engine, goals: Mapping[str, Goal]) -> None:
        super().__init__(engine, goals)
        self._kept = [(name, compiled_step(engine, goal.formula)) for name, goal in goals.items() if goal.of_steps]

    def met_by(self, steps: Callable[[], Iterable[Seen]], met: Container[str]) -> Iterator[str]:
        if self._kept:
            seen = list(steps())
            yield from (name for name, kept in self._kept if name not in met and not all(map(kept, seen)))


class _Hunt(Search):
    def __init__(self, engine: Engine, claims: tuple[Property, ...], budget: int) -> None:
        self.claims = {str(place): claim for place, claim in enumerate(claims)}
        super().__init__(engine, {name: breach_of(claim, engine.params) for name, claim in self.claims.items()}, budget)
        self._ages = tuple(
            attrs.evolve(ages, points=tuple(sorted({1, *ages.points}))) if ages.states else ages for ages in self._ages
        )  # a time in state must not be 0
        self._tests = {name: _compiled(engine, self.goals[name].formula) for name in self._tests}
        self._of_steps = _CompiledGoals(engine, self.goals)

    def caught(self) -> Caught | None:
        found = self.run(enough=1)
        if not found.traces:
            return None
        name = min(found.traces, key=int)
        claim, trace = self.claims[name], found.traces[name]
        if not breaks(self.engine, claim, trace):
            raise NotReplayed(f"{claim.sentence}: the run that was found, played again, does not break it\n{trace}")
        return Caught(claim, trace, found.snapshots)


def _state_leaf(engine: Engine) -> Callable[[Expr[Any]], Closure | None]:
    """Leaves of a state formula; the subject is the tuple of parts with the tally behind it."""
    known = system_leaf(engine.system)

    def leaf(expr: Expr[Any]) -> Closure | None:
        if isinstance(expr, Emitted):
            effect = expr.effect
            return lambda subject, event, at, key: subject[-1].get(effect, 0)
        return known(expr)

    return leaf


def _compiled(engine: Engine, formula: Formula) -> Callable[[Snapshot, Tally], bool]:
    if any(isinstance(node, ForEach) for node in walk(formula)):
        return lambda snapshot, tally: holds(engine, formula, snapshot, tally)
    closure = compile_expression(with_values(formula, engine.params), _state_leaf(engine))
    return lambda snapshot, tally: bool(closure((*snapshot.parts, tally), None, snapshot.now, None))


def compiled_step(engine: Engine, formula: Formula) -> Callable[[Seen], bool]:
    """A formula over steps as a function of one step; the same as `holds_of_step`, faster."""
    if any(isinstance(node, ForEach) for node in walk(formula)):
        return lambda seen: holds_of_step(engine, formula, seen)
    state = _state_leaf(engine)

    def leaf(expr: Expr[Any]) -> Closure | None:
        match expr:
            case Moment(when=when, of=of):
                inner = compile_expression(of, state)
                if when == "before":
                    return lambda seen, event, at, key: inner(
                        (*seen.before.parts, seen.emitted_before), None, seen.at, None
                    )
                return lambda seen, event, at, key: inner((*seen.after.parts, seen.emitted_after), None, seen.at, None)
            case Happens(events=events):
                return lambda seen, event, at, key: (
                    seen.kind in events or any(one in events for one in seen.moved.values())
                )
            case _:
                return None

    closure = compile_expression(with_values(formula, engine.params), leaf)
    return lambda seen: bool(closure(seen, None, None, None))
