"""Formulas over steps, compiled where that is possible: thousands of steps a second are judged by them.

What is not a comparison of `before` and `after` of the system, or of which event happens, is left to
the interpreter (`fsm.semantics.satisfaction`), which says the same of each and is a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any

from fsm.language.expressions import Expr, Formula, Not
from fsm.language.leaves import Clock, Emitted, ForEach, Happens, InState, Moment
from fsm.language.parts import One
from fsm.language.rewriting import conjuncts
from fsm.language.snapshot import Snapshot, Step
from fsm.language.traversal import walk
from fsm.runtime.compiled_expressions import Closure, compile_expression
from fsm.runtime.compiled_leaves import system_leaf
from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import Seen, holds_of_step, seen_steps
from fsm.semantics.simplification import with_values
from fsm.verification.search.goal import Goal

__all__ = ["StepGoals", "StepTest"]


class StepGoals:
    """Goals that look for a step. Most are met by few: each is asked only of steps on its event, from its state, where it names them."""

    def __init__(self, engine: Engine, goals: Mapping[str, Goal]) -> None:
        self.engine = engine
        self._goals = {name: goal for name, goal in goals.items() if goal.of_steps}
        self._by_need: dict[tuple[type | None, str | None, str | None], list[str]] = {}
        for name, goal in self._goals.items():
            for need in _needs(goal.formula):
                self._by_need.setdefault(need, []).append(name)

    def met_by(self, steps: Callable[[], Iterable[Seen]], met: Container[str]) -> Iterator[str]:
        """Those that one of these steps meets, of those that no other has met."""
        if all(name in met for name in self._goals):
            return
        for seen in steps():
            events = {None, seen.kind, *seen.moved.values()}
            states = [(part, seen.before[part].state) for part in self._ones]
            for need in product(events, [(None, None), *states]):
                for name in self._by_need.get((need[0], *need[1]), ()):
                    if name not in met and self._goals[name].met_by(self.engine, seen):
                        yield name

    @cached_property
    def _ones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part for _, part, _ in self._by_need if part is not None))


def _needs(formula: Formula) -> Iterator[tuple[type | None, str | None, str | None]]:
    """An event, and a state before of a part with one instance, without which no step breaks the formula; None for any."""
    said = list(conjuncts(formula.part)) if isinstance(formula, Not) else []
    events = next((one.events for one in said if isinstance(one, Happens)), (None,))
    before = [part for one in said if isinstance(one, Moment) and one.when == "before" for part in conjuncts(one.of)]
    at = next(
        (
            [(one.part.name, state.name) for state in one.states]
            for one in before
            if isinstance(one, InState) and isinstance(one.part, One)
        ),
        [(None, None)],
    )
    yield from ((event, part, state) for event in events for part, state in at)


class StepTest:
    """A formula over steps, ready to judge many.

    What it says of a snapshot is measured once for each (`measured`) and not once for each step there.
    """

    def __init__(self, engine: Engine, formula: Formula) -> None:
        self.engine = engine
        self.formula = formula
        self._moments: list[Closure] = []
        happenings = [node for node in walk(formula) if isinstance(node, Happens)]
        self._known = [(node, _events(engine, node)) for node in happenings]
        beyond = any(isinstance(node, ForEach | Clock | Emitted) for node in walk(formula)) or any(
            events is None for _, events in self._known
        )
        self._closure = None if beyond else compile_expression(with_values(formula, engine.params), self._leaf)

    def measured(self, snapshot: Snapshot) -> tuple[Any, ...]:
        """What the formula asks of a snapshot, before or after a step."""
        return tuple([value(snapshot.parts, None, snapshot.now, None) for value in self._moments])

    def holds(
        self, before: Snapshot, event: object | None, at: int, step: Step, old: tuple[Any, ...], new: tuple[Any, ...]
    ) -> bool:
        """Whether it holds of everything that happened between a snapshot and what a step gave.

        Args:
            old, new: what was measured of the snapshots before and after.
        """
        if self._closure is None or event is None:
            return all(
                holds_of_step(self.engine, self.formula, one)
                for one in seen_steps(self.engine, before, event, at, step, {})
            )
        return bool(self._closure((old, new), event, at, None))

    def _leaf(self, expr: Expr[Any]) -> Closure | None:
        match expr:
            case Moment(when=when, of=of):
                side, place = (0 if when == "before" else 1), len(self._moments)
                self._moments.append(compile_expression(of, system_leaf(self.engine.system)))
                return lambda subject, event, at, key: subject[side][place]
            case Happens():
                events = next(found for node, found in self._known if node.events == expr.events)
                assert events is not None
                return lambda subject, event, at, key: event.__class__ in events
            case _:
                return None


def _events(engine: Engine, node: Happens) -> frozenset[type] | None:
    """The events of callers on which it happens, where the event alone says that; else None."""
    found: set[type] = set()
    for event in engine.system.events:
        wires = [one for one in engine.system.all_wires if one.event is event]
        sure = [
            event in node.events or any(move.action in node.events and move.where is None for move in one.moves)
            for one in wires
        ]
        never = [
            event not in node.events and not any(move.action in node.events for move in one.moves) for one in wires
        ]
        if all(sure):
            found.add(event)
        elif not all(never):
            return None
    return frozenset(found)
