"""One step of a run as data: what was sent, by whom, and which instances it changed."""

from __future__ import annotations

from collections.abc import Hashable

import attrs

from fsm.language.snapshot import Instance, Taken

__all__ = ["Moved", "Running", "TraceStep"]


@attrs.frozen
class Running:
    """A timer that runs: the event that time will send, and when (milliseconds)."""

    event: type
    due: int


@attrs.frozen
class Moved:
    """An instance that is another after a step than before it.

    Attributes:
        part: the name of its part.
        key: its key; None for a part made by `one`.
        before: what it was; in its initial state where it did not exist.
        after: what it is; in its initial state where it exists no more.
        running: its timers, in the order they fall due.
        lapsed: what its timers would have sent that fell due while their guard said no.
    """

    part: str
    key: Hashable
    before: Instance
    after: Instance
    running: tuple[Running, ...]
    lapsed: tuple[type, ...]


@attrs.frozen(repr=False)
class TraceStep(Taken):
    """One step, with what it changed.

    Attributes:
        moved: every instance that changed, in the order of the parts, then of the keys.
    """

    moved: tuple[Moved, ...]
