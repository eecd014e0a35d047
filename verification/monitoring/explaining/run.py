"""One reading of one observation: what may go unseen, what stood in the way, and whether everything was looked at."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple, Protocol

import attrs

from fsm.language.properties import Property
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR
from fsm.verification.monitoring.declared.timers import Timer
from fsm.verification.monitoring.explaining.explanation import Explanation

__all__ = ["KEPT", "Blocked", "Broken", "Mismatch", "Permit", "Refused", "Run", "Trouble"]

KEPT = 16
"""So many troubles are kept, to be told."""


class Permit(NamedTuple):
    """What may happen unseen before a record.

    Attributes:
        gap: anything: records may have been lost.
        telling: places of parts of which this record tells the changes.
        low: the earliest instant of the record.
    """

    gap: bool = False
    telling: frozenset[int] = frozenset()
    low: int = -FAR


@attrs.frozen(eq=False)
class Refused:
    """An event that an explanation does not take."""

    before: Explanation
    footprint: Footprint
    payload: Mapping[str, Any]


@attrs.frozen(eq=False)
class Blocked:
    """A timer that had to fire, and would have been seen."""

    before: Explanation
    place: int
    key: Hashable
    timer: Timer


@attrs.frozen(eq=False)
class Mismatch:
    """An instance that is otherwise than it was seen."""

    before: Explanation
    place: int
    key: Hashable
    seen: str


@attrs.frozen(eq=False)
class Broken:
    """A claim that does not hold."""

    number: int
    claim: Property


Trouble = Refused | Blocked | Mismatch | Broken


class Watching(Protocol):
    """The claims, as far as steps ask for them (`explaining.claims`)."""

    def after(
        self,
        run: Run,
        before: Explanation,
        after: Explanation,
        event: type | None,
        payload: Mapping[str, Any],
        sender: tuple[int, Hashable] | None = None,
    ) -> list[Explanation]: ...
    def seen(self, run: Run, one: Explanation) -> list[Explanation]: ...
    def reads(self, number: int) -> frozenset[int]: ...
    def waited(self, run: Run, one: Explanation) -> list[Explanation]: ...


@attrs.define(eq=False)
class Run:
    """Attributes:
    free: rules are left aside: what was seen has happened.
    suspended: claims that were told broken and are not looked at until they hold again.
    near: numbers beside which values are looked at that nobody saw, as well as beside those of the declaration.
    supposing: what happens is only supposed: what must hold is looked at where something is seen.
    looks: how many steps of the runtime were asked for.
    overlooked: why not everything was looked at; what was not is never called impossible.
    troubles: what stood in the way, the first few.
    """

    declaration: Declaration
    claims: Watching
    suspended: frozenset[int] = frozenset()
    free: bool = False
    near: frozenset[int] = frozenset()
    supposing: bool = False
    looks: int = 0
    overlooked: dict[str, None] = attrs.field(factory=dict)
    troubles: list[Trouble] = attrs.field(factory=list)

    def note(self, trouble: Trouble) -> None:
        if len(self.troubles) < KEPT:
            self.troubles.append(trouble)

    def overlook(self, why: str) -> None:
        self.overlooked[why] = None
