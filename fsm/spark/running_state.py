"""What a stream of commands remembers: of each machine its snapshot, as `fsm.storage.dump` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyspark.sql import Row
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle

from fsm.spark.commands import ANSWERS, Machines, Runner

__all__ = ["Running"]

Answer = Row(*(field.split()[0] for field in ANSWERS.split(", ")))


class Running(StatefulProcessor):
    """One machine: commands in, answers out."""

    def __init__(self, machines: Machines) -> None:
        self.machines = machines
        self.runner: Runner | None = None

    def init(self, handle: StatefulProcessorHandle) -> None:
        """A task begins."""
        self.runner = self.machines.begin()
        self.handle = handle
        self.snapshot = handle.getValueState("snapshot", "snapshot string")

    def handleInputRows(self, key: Any, rows: Iterator[Any], timerValues: Any) -> Iterator[Any]:
        """Commands of the machine, by their instants."""
        assert self.runner is not None
        (machine,) = key
        stored = self.snapshot.get()[0] if self.snapshot.exists() else None
        answers: list[Any] = []
        commands = [row for row in rows if row["time"] is None]
        for row in sorted(
            commands, key=lambda one: (one["at"] is not None, one["at"], one["event"] or "", one["fields"])
        ):
            stored, said = self.runner.send(machine, stored, row["at"], row["event"], row["fields"])
            answers += said
        if stored is not None:
            self._keep(stored)
        return (Answer(*one) for one in answers)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Any]:
        """The watermark has passed a deadline: no command comes any more that would be older."""
        assert self.runner is not None
        (machine,) = key
        stored, answers = self.runner.pass_to(machine, self.snapshot.get()[0], timerValues.getCurrentWatermarkInMs())
        self._keep(stored)
        return (Answer(*one) for one in answers)

    def _keep(self, stored: str) -> None:
        assert self.runner is not None
        self.snapshot.update((stored,))
        due = self.runner.due(stored)
        if due is not None:
            self.handle.registerTimer(due)

    def close(self) -> None:
        """A task ends."""
