"""A run that failed, told in the words of the declaration: what was sent, when, what time did, and what was not true.

    after offer_chat(contact='contact-1', name='') at 0 ms: answer: 'taken' by the declaration, 'refused' by the implementation,
    found after 2 events:
      at 0 ms  set_status(status=available)
      at 0 ms  offer_chat(contact='contact-1', name='')

A property that does not hold is told as the report of a proof tells it (`fsm.traces.violation`). Other failures
may be about a refusal, which no trace has, so these list what was sent.

Errors here are kept by Hypothesis, which hangs notes on them, so they are not frozen.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import attrs

from fsm.language.events import event_in_words
from fsm.language.printing import duration_in_words
from fsm.language.properties import Property
from fsm.language.snapshot import Snapshot, Taken
from fsm.runtime.engine import Engine
from fsm.traces.replay import replay
from fsm.traces.violation import Breach, breach

__all__ = ["LawBroken", "Mismatch", "PropertyBroken", "Run", "RunFailed", "Sending", "when"]


@attrs.frozen
class Sending:
    """One thing that a run did.

    Attributes:
        event: what was sent; None where time alone passed.
        at: the instant, milliseconds.
        taken: whether the declaration took it; None where time alone passed, or where the run ended before the answer.
        timed: the steps that time took first.
    """

    event: object | None
    at: int
    taken: bool | None = None
    timed: tuple[Taken, ...] = ()

    def lines(self) -> list[str]:
        """What time did, then what was sent, each with its instant."""
        found = [
            f"{when(one.at)}  time sends {event_in_words(one.event)} to {place(str(one.part), one.key)}"
            for one in self.timed
        ]
        if self.event is not None:
            found.append(f"{when(self.at)}  {event_in_words(self.event)}{' is refused' if self.taken is False else ''}")
        elif not self.timed or self.timed[-1].at != self.at:
            found.append(f"{when(self.at)}  time has passed")
        return found


Run = tuple[Sending, ...]


def when(at: int) -> str:
    """An instant in words."""
    return f"at {duration_in_words(at)}"


def place(part: str, key: Hashable) -> str:
    """An instance in words: the part's name, with the key where it has one."""
    return part if key is None else f"{part}[{key}]"


def _told(run: Run) -> str:
    lines = [line for sending in run for line in sending.lines()]
    return "\n".join(f"  {line}" for line in lines)


@attrs.define(auto_exc=True, str=False)
class RunFailed(AssertionError):
    """A run after which something is not as declared.

    Attributes:
        run: everything that was done, the last entry being the one that failed.
    """

    run: Run

    if TYPE_CHECKING:

        @property
        def reason(self) -> str:
            """What is not as declared; every kind of failure says it in its own words."""

    @property
    def events(self) -> tuple[tuple[object | None, int], ...]:
        """What was sent, None where time alone passed, each with its instant in milliseconds."""
        return tuple((sending.event, sending.at) for sending in self.run)

    def same_as(self, other: RunFailed) -> bool:
        """Whether the other is a failure of the same kind, at the end of another run."""
        return type(self) is type(other)

    def __str__(self) -> str:
        count = len(self.run)
        head = (
            f"{self.reason}\nfound at the start"
            if not count
            else f"{self.reason}\nfound after {count} event{'s' * (count > 1)}:"
        )
        return f"{head}\n{_told(self.run)}".rstrip()


@attrs.define(auto_exc=True, str=False)
class PropertyBroken(RunFailed):
    """A property that does not hold on a run.

    Attributes:
        claim: the property.
        engine: under which it was run.
        start: the snapshot where it began.
    """

    claim: Property
    engine: Engine
    start: Snapshot

    @property
    def breach(self) -> Breach | None:
        """The same run as the report of a proof shows it; a refused event is time that passed."""
        events = [(sending.event if sending.taken else None, sending.at) for sending in self.run]
        return breach(self.engine, self.claim, replay(self.engine, events, start=self.start))

    @property
    def reason(self) -> str:
        cited = f" ({', '.join(self.claim.cites)})" if self.claim.cites else ""
        return f"{self.claim.modality.value}: {self.claim.sentence}{cited}: this does not hold,"

    def __str__(self) -> str:
        broken = self.breach
        return super().__str__() if broken is None else str(broken)

    def same_as(self, other: RunFailed) -> bool:
        return isinstance(other, PropertyBroken) and other.claim is self.claim


@attrs.define(auto_exc=True, str=False)
class LawBroken(RunFailed):
    """A law of running, true of every system, that does not hold on a run.

    Attributes:
        law: the law, a sentence.
        seen: what was seen instead.
    """

    law: str
    seen: str

    @property
    def reason(self) -> str:
        return f"law: {self.law}: this does not hold, {self.seen},"


@attrs.define(auto_exc=True, str=False)
class Mismatch(RunFailed):
    """An implementation that does something else than its declaration.

    Attributes:
        what: what differs: `answer`, `effects`, `instances`, `state`, or the name of a variable.
        part: the part that differs; None for an answer and for effects.
        key: the instance's key; None for a part made by `one`.
        expected: by the declaration.
        actual: by the implementation.
    """

    what: str
    part: str | None
    key: Hashable
    expected: object
    actual: object

    @property
    def reason(self) -> str:
        last = self.run[-1] if self.run else None
        after = (
            "at the start"
            if last is None
            else f"after {event_in_words(last.event)} {when(last.at)}"
            if last.event is not None
            else f"{when(last.at)}"
        )
        where = self.what if self.part is None else f"{self.what} of {place(self.part, self.key)}"
        return f"{after}: {where}: {self.expected!r} by the declaration, {self.actual!r} by the implementation,"
