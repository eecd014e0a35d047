"""Whether a run, taken again by the runtime, shows what somebody looked for.

What it can never say: that no other run does.
"""

from __future__ import annotations

from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import Seen, Tally, holds, seen_steps, tallied
from fsm.traces.trace import Trace
from fsm.verification.search.goal import Goal

__all__ = ["meets"]


def meets(engine: Engine, trace: Trace, goal: Goal) -> bool:
    """Whether some snapshot or step of a run is what the goal looks for.

    Args:
        engine: under which the trace was made.
        goal: no bounded response.
    """
    snapshot = trace.start
    tally: Tally = {}
    if not goal.of_steps and holds(engine, goal.formula, snapshot, tally):
        return True
    for event, at in trace.events:
        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        if any(_met(engine, goal, seen) for seen in seen_steps(engine, snapshot, event, at, step, tally)):
            return True
        snapshot, tally = step.after, tallied(tally, step.effects)
        if not goal.of_steps and holds(engine, goal.formula, snapshot, tally):
            return True
    return False


def _met(engine: Engine, goal: Goal, seen: Seen) -> bool:
    if goal.of_steps:
        return goal.met_by(engine, seen)
    return holds(engine, goal.formula, seen.after, seen.emitted_after)
