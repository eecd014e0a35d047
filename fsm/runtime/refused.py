"""The two errors of running, with what they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from fsm.language.snapshot import Snapshot, Taken
    from fsm.runtime.refusal import Refusal

__all__ = ["EventRefused", "TimeStopped"]


@attrs.frozen(auto_exc=True, str=False)
class EventRefused(Exception):
    """An event that the system does not take now.

    Nothing moved but time: `snapshot` is the given one advanced to the event's instant, and
    `effects` and `timed` are what the timers did on the way, so that nothing is lost.

    Attributes:
        refusal: who stood in the way, with the values they saw, and what is possible now.
        snapshot: the advanced snapshot, to be kept by the caller.
        effects: what timers emitted while time passed.
        timed: the steps that time took.
    """

    refusal: Refusal
    snapshot: Snapshot
    effects: tuple[object, ...]
    timed: tuple[Taken, ...]

    def __str__(self) -> str:
        return str(self.refusal)


@attrs.frozen(auto_exc=True, str=False)
class TimeStopped(Exception):
    """A timer fell due and something stood in its way, so time cannot pass.

    `fsm verify` proves that a declaration has no such timer; this is raised for one that was
    not proved.

    Attributes:
        refusal: the timer's event and who stood in the way.
    """

    refusal: Refusal

    def __str__(self) -> str:
        return f"time cannot pass: {self.refusal}"
