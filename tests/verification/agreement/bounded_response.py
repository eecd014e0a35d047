"""`within`, read off its definition word by word: what every reader of runs is held against.

Positions are the snapshots of a run in order, each with its instant. For each position at which the premise holds, the goal holds
at that position or at a later one whose instant is at most the duration later. It is broken only once time has passed beyond that.
Slow and plain: it quantifies over positions, and keeps no stopwatch.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from fsm import Engine, Property
from fsm.semantics.evaluation import interpret
from fsm.semantics.satisfaction import Tally, holds, tallied
from fsm.traces import Trace

__all__ = ["Position", "broken", "first_broken", "positions"]


@attrs.frozen
class Position:
    """A position of a run: its instant, milliseconds, and whether premise and goal hold there."""

    at: int
    asked: bool
    met: bool


def positions(engine: Engine, claim: Property, trace: Trace) -> list[Position]:
    """The positions of a run, as a bounded response sees them."""
    assert claim.premise is not None
    tally: Tally = {}
    found = []
    for snapshot, effects in ((trace.start, ()), *((step.after, step.effects) for step in trace.steps)):
        tally = tallied(tally, effects)
        asked, met = (holds(engine, formula, snapshot, tally) for formula in (claim.premise, claim.formula))
        found.append(Position(snapshot.now, asked, met))
    return found


def broken(run: Sequence[Position], duration: int) -> bool:
    """Whether some position asks for the goal in vain."""
    return any(
        one.asked
        and not any(later.met for later in run[place:] if later.at <= one.at + duration)
        and run[-1].at > one.at + duration
        for place, one in enumerate(run)
    )


def first_broken(engine: Engine, claim: Property, trace: Trace) -> int | None:
    """After how many steps of a run it is broken; None where it is not."""
    assert claim.duration is not None
    duration = interpret(claim.duration, params=engine.params)
    run = positions(engine, claim, trace)
    return next((many for many in range(len(run)) if broken(run[: many + 1], duration)), None)
