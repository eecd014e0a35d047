"""The historical fold as one writes it first: a `match` for each effect, a counter keyed by interval, channel and measure.

It counts and splits the same, remembers what is open, and checks the order of instants. It
cannot be cut: a part that begins in the middle of a contact fails, and parts cannot be joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fsm.desk import (
    Channel,
    Connected,
    Ended,
    Failed,
    Missed,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    Status,
    StatusChanged,
    TextTimerReset,
)  # fmt: skip

QUARTER = 900_000
Counts = Counter[tuple[int, Channel | Status, str]]


def fold_by_hand(effects: Iterable[object]) -> Counts:
    """Counts and milliseconds by quarter of an hour, channel or status, and measure."""
    counts: Counts = Counter()
    stage: dict[object, str] = {}

    def count(at: int, channel: Channel, measure: str) -> None:
        counts[at // QUARTER, channel, measure] += 1

    def spend(start: int, end: int, whose: Channel | Status, measure: str) -> None:
        while start < end:
            edge = min(end, start - start % QUARTER + QUARTER)
            counts[start // QUARTER, whose, measure] += edge - start
            start = edge

    last: int | None = None
    for effect in effects:
        at: int = effect.at  # type: ignore[attr-defined]  # every effect has one
        if last is not None and at < last:
            raise ValueError(f"{effect} comes after an effect at {last}")
        last = at
        match effect:
            case Rang(contact, _, channel, _):
                count(at, channel, "offers")
                stage[contact] = "ringing_time"
            case NonResponseCounted(_, channel, _, _):
                count(at, channel, "non_responses")
            case Missed(contact, channel, since, _):
                count(at, channel, "missed")
                spend(since, at, channel, stage[contact])
                stage[contact] = "uncleared_time"
            case Rejected(contact, channel, since, _):
                count(at, channel, "rejected")
                spend(since, at, channel, stage[contact])
                stage[contact] = "uncleared_time"
            case Connected(contact, channel, since, _):
                count(at, channel, "handled")
                spend(since, at, channel, "ringing_time")
                stage[contact] = "talk_time"
            case Failed(contact, channel, since, _):
                count(at, channel, "failed")
                spend(since, at, channel, stage[contact])
                stage[contact] = "uncleared_time"
            case Ended(contact, channel, since, _):
                count(at, channel, "ended")
                spend(since, at, channel, stage[contact])
                stage[contact] = "after_work_time"
            case SlotFreed(contact, channel, since, _):
                count(at, channel, "freed")
                spend(since, at, channel, stage.pop(contact))
            case StatusChanged(before, _, since, _):
                spend(since, at, before, "status_time")
            case TextTimerReset():
                pass
    return counts
