"""A refusal, and the two errors of running that carry one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import attrs

from fsm.errors import BadInput
from fsm.language.events import event_in_words
from fsm.language.snapshot import Snapshot, Taken
from fsm.language.values.brief import brief, some
from fsm.runtime.enabled import Possible
from fsm.runtime.obstacles import Obstacle

__all__ = ["FIRINGS", "EventRefused", "Refusal", "TimeStopped", "TooManyFirings"]

TOLD = 8
"""So many obstacles, and so many possible events, the text of a refusal tells."""


@attrs.frozen(eq=False, slots=False)
class Refusal:
    """An event that is not taken, and why.

    Who stood in the way is looked up when somebody first asks: a service that only goes on from the
    advanced snapshot does not pay for it.

    Attributes:
        event: the event as it came; the event class for one that time sends.
        at: the instant, milliseconds.
        obstacles: every rule and part that stood in the way.
        possible: what would be taken instead, at the same instant; nothing for an event that time sends.
    """

    event: object
    at: int
    _find_obstacles: Callable[[], tuple[Obstacle, ...]] = attrs.field(repr=False)
    _find_possible: Callable[[], tuple[Possible, ...]] = attrs.field(repr=False)

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        return self._find_obstacles()

    @cached_property
    def possible(self) -> tuple[Possible, ...]:
        return self._find_possible()

    def _facts(self) -> tuple[object, int, tuple[Obstacle, ...], tuple[Possible, ...]]:
        return self.event, self.at, self.obstacles, self.possible

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Refusal) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._facts())

    def __reduce__(self) -> Any:
        return revive_refusal, self._facts()

    def __str__(self) -> str:
        """A few lines however many instances there are; the attributes have everything."""
        lines = [f"{event_in_words(self.event)} is refused.", *(f"  {one}" for one in self.obstacles[:TOLD])]
        if len(self.obstacles) > TOLD:
            lines.append(f"  and {len(self.obstacles) - TOLD:,} more stand in the way")
        if not isinstance(self.event, type):
            lines.append(f"  possible now: {some(map(str, self.possible), TOLD) or 'nothing'}")
        return "\n".join(lines)


def revive_refusal(event: object, at: int, obstacles: tuple[Obstacle, ...], possible: tuple[Possible, ...]) -> Refusal:
    """A refusal of which everything is known."""
    return Refusal(event, at, lambda: obstacles, lambda: possible)


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

    code: ClassVar[str] = "FSM201"

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

    code: ClassVar[str] = "FSM202"

    refusal: Refusal

    def __str__(self) -> str:
        return f"time cannot pass: {self.refusal}"


FIRINGS = 1_000
"""So many timers of one instance fire in one call at most, unless somebody says otherwise."""


@attrs.frozen(auto_exc=True, str=False)
class TooManyFirings(BadInput):
    """An instant so far away that timers of one instance would fire more often than one call may let them.

    Nothing is lost, and nothing is wrong with the declaration: whoever goes on from `snapshot`, as often as it takes, gets
    what one call would have given. The event of a step was not judged yet.

    Attributes:
        where: the argument that is too far away.
        snapshot: how far time has come.
        effects: what timers emitted on the way.
        timed: the steps that time took.
    """

    code: ClassVar[str] = "FSM203"

    snapshot: Snapshot = attrs.field(default=None)  # it is always given; those before it have defaults
    effects: tuple[object, ...] = ()
    timed: tuple[Taken, ...] = ()

    @classmethod
    def of(cls, where: str, who: str, firings: int, snapshot: Snapshot, timed: tuple[Taken, ...]) -> TooManyFirings:
        """The error of one call: `who` would fire once more than it may."""
        return cls(
            where,
            f"by then timers of {who} would fire more than {firings:,} times",
            f"Go on from the snapshot that this error carries, at {brief(snapshot.now)}, or allow more with firings=.",
            snapshot,
            tuple(effect for taken in timed for effect in taken.effects),
            timed,
        )
