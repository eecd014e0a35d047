"""What can go wrong, told apart by who must act.

`DefinitionError` is for the author of a machine: the declaration itself is wrong, and it
says so on the line where it is written. `EventRefused` and `BadInput` are for the caller
at run time. Anything else that is raised is a defect of this library.

Every error keeps its facts as attributes and makes its text from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from fsm.language.snapshot import Snapshot, Taken
    from fsm.runtime.refusal import Refusal

__all__ = ["BadInput", "BadSnapshot", "DefinitionError", "EventRefused", "TimeStopped"]


@attrs.frozen(auto_exc=True, str=False)
class DefinitionError(Exception):
    """A declaration that cannot mean anything; raised where it is written.

    Attributes:
        where: the machine, system, transition or expression that is wrong, in words.
        what: what is wrong with it.
        instead: what to write instead.
    """

    where: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.where}: {self.what}.{hint}"


@attrs.frozen(auto_exc=True, str=False)
class BadInput(Exception):
    """An argument that no event could make right: wrong class, wrong type, time running backwards.

    Attributes:
        where: the argument, as a path (`at`, `event.contact`).
        what: what is wrong with it, with the value seen.
        instead: what is accepted.
    """

    where: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.where}: {self.what}.{hint}"


@attrs.frozen(auto_exc=True, str=False)
class BadSnapshot(BadInput):
    """A stored snapshot that must not be trusted; `where` is the path of the bad value."""


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
