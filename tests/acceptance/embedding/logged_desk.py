"""A desk that lives in a log: judged in memory, true only once it is in the log.

The engine is pure, so the order is always the same: ask what a step would give, append it, and go
on from it only when the log has taken it. Whoever dies in between has changed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import attrs

from fsm import Engine, Step
from fsm.storage import dump, effect_out, event_in, event_out, load

from .log import Behind, Log, Row

EVERY = 20
"""Rows between two snapshots: a restart replays fewer."""


class KeyUsed(Exception):
    """The key was used for another event."""


@attrs.frozen
class Taken:
    """An event that is in the log. `again` says that it had been there before it came."""

    position: int
    again: bool


class LoggedDesk:
    """The desk after the last row that was read. `clock` gives milliseconds; the log never runs back, whatever the clock does."""

    def __init__(self, engine: Engine, log: Log, clock: Callable[[], int]) -> None:
        self.engine, self.log, self.clock = engine, log, clock
        kept = log.kept()
        if kept is None:
            self.position, self.snapshot = 0, engine.start(at=0)
        else:
            self.position, text = kept
            self.snapshot = load(engine, text, now=max(clock(), json.loads(text)["now"]))
        self.catch_up()

    def stop(self) -> None:
        """Keep the desk as it is, so that a newer declaration finds nothing left to judge (`successor`)."""
        self.catch_up()
        self.log.keep(self.position, dump(self.engine, self.snapshot))
        self.log.close()

    def catch_up(self) -> None:
        """Take what others appended, and what was appended after the snapshot from which this one started."""
        for row in self.log.after(self.position):
            if row.event is None:
                step = self.engine.advance(self.snapshot, row.at)
            else:
                step = self.engine.step(self.snapshot, event_in(self.engine, row.event), row.at)
            self._go_on(row, step)

    def now(self) -> int:
        return max(self.clock(), self.snapshot.now)

    def pass_time(self) -> None:
        """Timers that are due go into the log by themselves, so that they have fired whatever comes next."""
        while (due := self.engine.due(self.snapshot)) is not None and due <= self.now():
            at = self.now()
            self._append(None, at, None, self.engine.advance(self.snapshot, at))

    def send(self, key: str, event: object) -> Taken:
        """The event, once for each key, however often it is sent.

        Raises:
            KeyUsed: the key was used for another event.
            EventRefused, BadInput: as `Engine.step` does; nothing was written, and the key can be used again.
        """
        said = event_out(event)
        while True:
            self.catch_up()  # judged on an older desk it might be refused for a reason that is gone
            self.pass_time()
            known = self.log.find(key)
            if known is not None:
                if known.event != said:
                    raise KeyUsed(f"{key} was used for {known.event['name']}")
                return Taken(known.position, again=True)
            at = self.now()
            if self._append(key, at, said, self.engine.step(self.snapshot, event, at)):
                return Taken(self.position, again=False)

    def _append(self, key: str | None, at: int, said: object, step: Step) -> bool:
        """Whether the log took it; if not, somebody else was quicker, and what they did has been read."""
        row = Row(self.position + 1, key, at, said, [effect_out(effect) for effect in step.effects])
        try:
            self.log.append(row)
        except Behind:
            self.catch_up()
            return False
        self._go_on(row, step)
        return True

    def _go_on(self, row: Row, step: Step) -> None:
        self.position, self.snapshot = row.position, step.after
        if self.position % EVERY == 0:
            self.log.keep(self.position, dump(self.engine, self.snapshot))
