"""Runs as data: taken again, printed, and held against a claim.

    replay         a run of a system along given events, each taken by the engine: the only way in which a trace is made
    Trace          a run, step by step (`TraceStep`, `Moved`); as text it is what a report shows
    breach         where and why a run breaks a claim (`Breach`): which part of the formula is false, and what it saw
    assert_holds   the same as an assertion, for tests that keep a counterexample

The form of a trace in JSON is in `fsm.storage`.
"""

from fsm.traces.replay import replay
from fsm.traces.steps import Moved, TraceStep
from fsm.traces.trace import Trace
from fsm.traces.violation import Breach, assert_holds, breach

__all__ = ["Breach", "Moved", "Trace", "TraceStep", "assert_holds", "breach", "replay"]
