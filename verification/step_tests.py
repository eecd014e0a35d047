"""Formulas over steps, compiled where that is possible: thousands of steps a second are judged by them.

What is not a comparison of `before` and `after` of the system, or of which event happens, is left to
the interpreter (`fsm.claims`), which says the same of each and is a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsm.claims import holds_of_step, seen_steps
from fsm.closures import Closure, compile_expression, constant, system_leaf
from fsm.engine import Engine
from fsm.expressions import Clock, Const, Emitted, Expr, ForEach, Formula, Happens, Moment, walk
from fsm.simplify import with_values
from fsm.snapshot import Snapshot, Step

__all__ = ["StepTest", "step_test"]

StepTest = Callable[[Snapshot, object | None, int, Step], bool]
"""Whether a formula holds of everything that happened between a snapshot and what a step gave."""


def step_test(engine: Engine, formula: Formula) -> StepTest:
    """The formula over steps, ready to judge what `Engine.step` and `Engine.advance` give."""

    def walked(before: Snapshot, event: object | None, at: int, step: Step) -> bool:
        return all(holds_of_step(engine, formula, one) for one in seen_steps(engine, before, event, at, step, {}))

    if any(isinstance(node, ForEach | Clock | Emitted) for node in walk(formula)):
        return walked
    happenings = [node for node in walk(formula) if isinstance(node, Happens)]
    known = {node: _events(engine, node) for node in happenings}
    if any(events is None for events in known.values()):
        return walked
    closure = compile_expression(with_values(formula, engine.params), lambda expr: _leaf(engine, known, expr))

    def judged(before: Snapshot, event: object | None, at: int, step: Step) -> bool:
        if step.timed or event is None:
            return walked(before, event, at, step)
        return bool(closure((before.parts, step.after.parts), event, at, None))

    return judged


def _leaf(engine: Engine, known: dict[Any, frozenset[type] | None], expr: Expr[Any]) -> Closure | None:
    match expr:
        case Moment(when=when, of=of):
            side, inner = (0 if when == "before" else 1), compile_expression(of, system_leaf(engine.system))
            return lambda subject, event, at, key: inner(subject[side], event, at, key)
        case Happens():
            events = next(found for node, found in known.items() if node.events == expr.events)
            assert events is not None
            return lambda subject, event, at, key: event.__class__ in events
        case Const(value=value):
            return constant(value)
        case _:
            return None


def _events(engine: Engine, node: Happens) -> frozenset[type] | None:
    """The events of callers on which it happens, where the event alone says that; else None."""
    found: set[type] = set()
    for event in engine.system.events:
        wires = [one for one in engine.system.all_wires if one.event is event]
        sure = [event in node.events or any(move.action in node.events and move.where is None for move in one.moves) for one in wires]
        never = [event not in node.events and not any(move.action in node.events for move in one.moves) for one in wires]
        if all(sure):
            found.add(event)
        elif not all(never):
            return None
    return frozenset(found)
