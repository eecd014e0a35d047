"""A door where strangers come in, what is thrown at it, and the row of the table that says how it ended.

A door throws one input for each random number that it is given, and says what became of it. Whether it *may* be taken is said by
an oracle that shares nothing with what judges it: a reading of the text of our own (`plain_json`), a store that was
written by hand (`plain_store`), or what the thrower itself knows, since it made the input wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from random import Random
from time import thread_time

import attrs

__all__ = ["Door", "Ending", "Outcome", "Row", "attacked", "judged"]


class Ending(Enum):
    """How an input ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WRONGLY_ACCEPTED = "wrong accepts"
    WRONGLY_REFUSED = "wrong refusals"
    UNDOCUMENTED = "other exceptions"


@attrs.frozen
class Outcome:
    """What one input came to.

    Attributes:
        ending: how it ended.
        said: what it was, and what was said of it, where that is wrong.
    """

    ending: Ending
    said: str = ""


@attrs.frozen
class Door:
    """A way in.

    Attributes:
        name: what comes in there.
        share: of a million inputs, how many are thrown at this one; processes cost more than calls.
        least: so many in a small campaign.
        attack: throws one input.
        clock: what it takes is measured by, seconds.
    """

    name: str
    share: int
    least: int
    attack: Callable[[Random], Outcome]
    clock: Callable[[], float] = thread_time


@attrs.define
class Row:
    """What became of the inputs of one door.

    Attributes:
        slowest: the processor time of the slowest input, seconds; of processes, what they took from beginning to end.
        wrong: the first that ended wrongly, in words.
    """

    name: str
    counts: dict[Ending, int] = attrs.field(factory=lambda: dict.fromkeys(Ending, 0))
    slowest: float = 0.0
    wrong: list[str] = attrs.field(factory=list)

    @property
    def inputs(self) -> int:
        return sum(self.counts.values())

    @property
    def faults(self) -> int:
        """How many ended as none may."""
        wrong = (Ending.WRONGLY_ACCEPTED, Ending.WRONGLY_REFUSED, Ending.UNDOCUMENTED)
        return sum(self.counts[one] for one in wrong)


def attacked(door: Door, many: int, seed: int) -> Row:
    """So many inputs thrown at a door, the same for the same seed."""
    row = Row(door.name)
    for number in range(many):
        random = Random(f"{door.name} {seed} {number}")
        begun = door.clock()
        outcome = door.attack(random)
        row.slowest = max(row.slowest, door.clock() - begun)
        row.counts[outcome.ending] += 1
        if outcome.said and len(row.wrong) < 20:
            row.wrong.append(f"input {number} of {door.name}: {outcome.ending.value}: {outcome.said}")
    return row


def judged(allowed: bool, run: Callable[[], object], refusals: tuple[type[Exception], ...], words: object) -> Outcome:
    """What a call came to that may give something, or raise one of these refusals.

    Args:
        allowed: whether it may give something, as the oracle says.
        words: what was thrown, for who reads of it.
    """
    try:
        run()
    except refusals as refused:
        return Outcome(Ending.WRONGLY_REFUSED, f"{words!r:.600}: {refused}") if allowed else Outcome(Ending.REFUSED)
    except Exception as other:  # noqa: BLE001  # whatever it is: that none gets out is what is asked
        return Outcome(Ending.UNDOCUMENTED, f"{words!r:.600}: {type(other).__name__}: {other!s:.300}")
    return Outcome(Ending.ACCEPTED) if allowed else Outcome(Ending.WRONGLY_ACCEPTED, f"{words!r:.600}")
