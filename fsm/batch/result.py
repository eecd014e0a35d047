"""What a step of many machines gives."""

from __future__ import annotations

from enum import IntEnum

import attrs
import numpy as np

from fsm.batch.events import Events
from fsm.batch.layout import Array
from fsm.batch.moving import Emission
from fsm.batch.snapshots import Snapshots
from fsm.batch.timing import Timed
from fsm.errors import BadInput
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, Refusal, TimeStopped

__all__ = ["Outcome", "Result", "explained"]


class Outcome(IntEnum):
    """What became of a lane.

    TAKEN       its event was taken
    REFUSED     something stood in its event's way; nothing moved but time
    PASSED      no event came; time passed
    STOPPED     a timer fell due and something stood in its way; the lane is as it was
    UNFINISHED  timers would have fired too often; the lane is as far as time has come, and its event was not judged
    REJECTED    the instant lies before the snapshot, or a field is out of its domain; the lane is as it was
    """

    TAKEN = 0
    REFUSED = 1
    PASSED = 2
    STOPPED = 3
    UNFINISHED = 4
    REJECTED = 5


@attrs.frozen(eq=False, repr=False)
class Result:
    """What became of every lane.

    Attributes:
        after: the next snapshots.
        outcomes: of each lane an `Outcome`, as uint8.
        emissions: what was emitted, an effect class and some lanes at a time.
        timed: the timers that fired, likewise.
        before, events, at: what was handed in.
    """

    after: Snapshots
    outcomes: Array
    emissions: tuple[Emission, ...]
    timed: tuple[Timed, ...]
    before: Snapshots
    events: Events
    at: Array

    def __repr__(self) -> str:
        counts = np.bincount(self.outcomes, minlength=len(Outcome))
        told = [f"{counts[one]:,} {one.name.lower()}" for one in Outcome if counts[one]]
        return f"<Result: {', '.join(told) or 'no lanes'}>"

    def lanes(self, outcome: Outcome) -> Array:
        """The places of the lanes that this became of."""
        places: Array = (self.outcomes == outcome).nonzero()[0]
        return places

    def effects(self, lane: int) -> tuple[object, ...]:
        """What one lane emitted, as objects, in the order that `Engine.step` gives."""
        found: list[object] = []
        for one in sorted(self.emissions, key=lambda emission: emission.order):
            place = int(np.searchsorted(one.lanes, lane))
            if place < one.lanes.size and one.lanes[place] == lane:
                found.append(one.made(place))
        return tuple(found)

    def timers(self, lane: int) -> tuple[tuple[int, str, type], ...]:
        """The timers that fired in one lane: the instant, the part and the event, in order."""
        found = []
        for one in sorted(self.timed, key=lambda timed: timed.turn):
            place = int(np.searchsorted(one.lanes, lane))
            if place < one.lanes.size and one.lanes[place] == lane:
                found.append((int(one.at[place]), one.part, one.event))
        return tuple(found)

    def why(self, lane: int) -> Refusal | BadInput | TimeStopped | None:
        """Why a lane's event was not taken, as `Engine.step` says it; None where it was. It is stepped once more, alone."""
        return explained(self.after.engine, self.before[lane], self.events.event(lane), int(self.at[lane]))


def explained(
    engine: Engine, snapshot: Snapshot, event: object | None, at: int
) -> Refusal | BadInput | TimeStopped | None:
    """Why an event is not taken, or time cannot pass."""
    try:
        if event is None:
            engine.advance(snapshot, at)
        else:
            engine.step(snapshot, event, at)
    except EventRefused as refused:
        return refused.refusal
    except (TimeStopped, BadInput) as other:
        return other
    return None
