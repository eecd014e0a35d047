"""A machine or system that somebody plays: where it is, and what a line makes of it.

No clock is read: time passes when the player says so, so that the same lines bring the same run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from fsm.command.playing.lines import COMMANDS, Command
from fsm.errors import BadInput, WiresOverlap
from fsm.language.printing import duration_in_words, key_in_words
from fsm.language.snapshot import Instance, Snapshot
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, TimeStopped, TooManyFirings
from fsm.traces import Trace, replay
from fsm.traces.printing import changes, in_words

__all__ = ["Session"]

KEPT = 1_000
"""So many lines can be taken back."""


class Session:
    """What is played.

    Attributes:
        snapshot: that has been reached.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine, self.snapshot = engine, engine.start()
        self._before: deque[Snapshot] = deque(maxlen=KEPT)

    def play(self, told: Command | object) -> Iterator[str]:
        """What a line does, in lines; `quit` is for the caller to heed."""
        match told:
            case Command("wait", duration):
                yield from self._wait(duration)
            case Command("possible"):
                yield from self.possible()
            case Command("where"):
                yield from self.where()
            case Command("back"):
                yield from self._back()
            case Command("help"):
                yield from (f".{name:<9} {text}" for name, text in COMMANDS.items())
            case _:
                yield from self._take(told, self.snapshot.now)

    def where(self) -> Iterator[str]:
        """The instant, then each instance."""
        yield f"{duration_in_words(self.snapshot.now)}"
        for name, held in zip(self.snapshot.layout.parts, self.snapshot.parts, strict=True):
            if isinstance(held, Instance):
                yield f"  {name}: {held}"
            else:
                yield from (f"  {name} {key_in_words(key)}: {one}" for key, one in held.items())
                if not held:
                    yield f"  {name}: none"

    def possible(self) -> Iterator[str]:
        """What would be taken, and what time will send."""
        events = [str(one) for one in self.engine.possible(self.snapshot, self.snapshot.now)]
        yield f"possible now: {', '.join(events) or 'nothing'}"
        if self.snapshot.due is not None:
            yield f"next timer in {duration_in_words(self.snapshot.due - self.snapshot.now)}"

    def _wait(self, duration: int | None) -> Iterator[str]:
        if duration is None and self.snapshot.due is None:
            yield "no timer runs; say how long, as .wait 15 s"
            return
        until = self.snapshot.due if duration is None else self.snapshot.now + duration
        yield from self._take(None, until if until is not None else self.snapshot.now)

    def _back(self) -> Iterator[str]:
        if not self._before:
            yield "nothing to take back"
            return
        self.snapshot = self._before.pop()
        yield from self.where()

    def _take(self, event: object | None, at: int) -> Iterator[str]:
        try:
            run = replay(self.engine, [(event, at)], start=self.snapshot)
        except TooManyFirings as stopped:
            self._before.append(self.snapshot)
            self.snapshot = stopped.snapshot
            yield f"{duration_in_words(self.snapshot.now)}: a timer has begun anew many times on the way; this is how far time has come"
            return
        except (EventRefused, TimeStopped, BadInput, WiresOverlap) as refused:
            yield from str(refused).splitlines()
            return
        self._before.append(self.snapshot)
        self.snapshot = run.last
        yield from _told(run)


def _told(run: Trace) -> Iterator[str]:
    """Each step with its instant, and what it changed below."""
    for step, words in zip(run.steps, in_words(run.start.now, run.steps), strict=True):
        yield f"{duration_in_words(step.at)}: {words}"
        yield from (f"  {line}" for line in changes(step))
