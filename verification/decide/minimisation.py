"""A run in the most usual profile in which it breaks its claim: what a reader need not be told.

A search picks small values for parameters. Where the same events break the claim with the default
too, the default it is, so that a counterexample names only the parameters that it needs.

What it can never do is change a verdict: every run it gives was replayed and breaks the claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.errors import BadInput, WiresOverlap
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.runtime.engine import prepare
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.traces.violation import breach

__all__ = ["plainest"]


def plainest(system: System, fixed: Mapping[str, Any], claim: Property, trace: Trace) -> Trace:
    """The run under the defaults if it can be, else with as many of them as can be, one after the other.

    Args:
        fixed: values of parameters that a version of the business fixes.
        claim: what the run breaks with its last step.
    """
    usual = {param.name: fixed.get(param.name, param.default) for param in system.parameters}
    best = _breaking(system, claim, trace, usual)
    if best is not None:
        return best
    best = trace
    for name, value in trace.profile:
        profile = dict(best.profile)
        if value != usual[name]:
            best = _breaking(system, claim, trace, {**profile, name: usual[name]}) or best
    return best


def _breaking(system: System, claim: Property, trace: Trace, profile: Mapping[str, Any]) -> Trace | None:
    """The run under another profile, where it can happen and its last step breaks the claim."""
    try:
        engine = prepare(system, profile)
        again = replay(engine, trace.events, start=engine.start(trace.start.now))
    except (BadInput, EventRefused, TimeStopped, WiresOverlap):
        return None
    found = breach(engine, claim, again)
    return again if found is not None and len(found.trace.steps) == len(again.steps) == len(trace.steps) else None
