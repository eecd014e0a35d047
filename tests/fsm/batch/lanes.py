"""What a batch says of a lane, and what the engine says of the same, in one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fsm import BadInput, Engine, EventRefused, Snapshot, TimeStopped, TooManyFirings
from fsm.batch import NO_EVENT, Batch, Events, Outcome, Result
from fsm.batch.layout import coded, dtype_of
from fsm.language.events import field_refs

__all__ = ["events_of", "said_alone", "said_of"]

Said = tuple[Any, ...]


def events_of(batch: Batch, events: Sequence[object | None]) -> Events:
    """Events that somebody has as objects, as columns."""
    system = batch.engine.system
    kinds = np.array([NO_EVENT if one is None else system.events.index(type(one)) for one in events], dtype=np.intp)
    fields: dict[str, Any] = {}
    for event in system.events:
        for name, ref in field_refs(event).items():
            initial: list[Any] = [0 if dtype_of(ref.domain) is not np.object_ else None] * len(events)
            for lane, one in enumerate(events):
                if type(one) is event:
                    initial[lane] = coded(ref.domain, getattr(one, name))
            column = np.empty(len(events), dtype=np.object_)
            column[:] = initial
            fields[f"{event.__name__}.{name}"] = (
                column if dtype_of(ref.domain) is np.object_ else np.array(initial, dtype=dtype_of(ref.domain))
            )
    return batch.events(kinds, **fields)


def said_of(result: Result, lane: int) -> Said:
    """What became of a lane, but for the instant of one in which nothing happened."""
    outcome = Outcome(result.outcomes[lane])
    if outcome in (Outcome.REJECTED, Outcome.STOPPED):
        return outcome, result.before[lane]
    return outcome, result.after[lane], result.effects(lane), result.timers(lane)


def said_alone(engine: Engine, snapshot: Snapshot, event: object | None, at: int, firings: int = 1_000) -> Said:
    """The same, by `Engine.step`."""
    try:
        step = (
            engine.advance(snapshot, at, firings=firings)
            if event is None
            else engine.step(snapshot, event, at, firings=firings)
        )
    except EventRefused as refused:
        return Outcome.REFUSED, refused.snapshot, refused.effects, _timers(refused.timed)
    except TimeStopped:
        return Outcome.STOPPED, snapshot
    except TooManyFirings as many:
        return Outcome.UNFINISHED, many.snapshot, many.effects, _timers(many.timed)
    except BadInput:
        return Outcome.REJECTED, snapshot
    return (Outcome.PASSED if event is None else Outcome.TAKEN), step.after, step.effects, _timers(step.timed)


def _timers(timed: Any) -> tuple[tuple[int, str, type], ...]:
    return tuple((one.at, one.part, one.event) for one in timed)
