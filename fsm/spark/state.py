"""What a stream remembers: of each bucket its machines, each as the monitor writes it (`Watch.state`), and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pyspark.sql import Row
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle

from fsm.errors import BadArgument
from fsm.spark.dealing import CLOCK, VERDICTS, Job, Reading, row_of
from fsm.verification.monitoring import Judgement, Watch

__all__ = ["Watching"]

Verdict = Row(*(field.split()[0] for field in VERDICTS.split(", ")))


class Watching(StatefulProcessor):
    """The machines of a bucket under a monitor."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reading: Reading | None = None

    def init(self, handle: StatefulProcessorHandle) -> None:
        """A task begins."""
        self.reading = self.job.begin()
        self.handle = handle
        self.machines = handle.getMapState("machines", "machine string", "state string")
        self.waiting = handle.getMapState("waiting", "machine string", "until bigint")
        self.lost = handle.getValueState("lost", "lost string")
        self.waited: set[str] = set()

    def handleInputRows(self, key: Any, rows: Iterator[Any], timerValues: Any) -> Iterator[Any]:
        """Records of the bucket, in their order; all that is known of their machines is read, and written again."""
        assert self.reading is not None
        (bucket,) = key
        if bucket == CLOCK:
            return iter(())
        known = self.lost.get()
        watch = self.reading.monitor.watch()
        watch.lost = {} if known is None else self._read_lost(known[0])
        told: list[Judgement] = []
        for row in sorted(rows, key=lambda one: one["order"]):
            _, seen = self.reading.observations(row["record"] or "", row["source"], row["position"] or "")
            if not isinstance(seen, str):
                for one in seen:
                    self._take_up(watch, one.key)
            told += self.reading.judged(watch, bucket, row["record"] or "", row["source"], row["position"] or "")
        self._keep(watch)
        lost = json.dumps({"buckets": self.reading.buckets, "lost": watch.lost})
        if known is None or known[0] != lost:
            self.lost.update((lost,))
        return (Verdict(*row_of(one)) for one in told)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Any]:
        """The watermark has passed what waits in some machine: nothing older comes any more."""
        assert self.reading is not None
        now = timerValues.getCurrentWatermarkInMs()
        due = [name for (name,), (until,) in self.waiting.iterator() if until <= now]
        watch = self.reading.monitor.watch()
        for name in due:
            self._take_up_by_name(watch, name)
        told = watch.end()
        self._keep(watch)
        return (Verdict(*row_of(one)) for one in told)

    def _read_lost(self, stored: str) -> dict[str, int]:
        """How many records could not be read; a checkpoint with other buckets has its machines elsewhere."""
        assert self.reading is not None
        known = json.loads(stored)
        if known["buckets"] != self.reading.buckets:
            raise BadArgument(
                "buckets",
                f"{self.reading.buckets}: the checkpoint has {known['buckets']}",
                f"Give buckets={known['buckets']}, or begin with a new checkpoint.",
            )
        lost: dict[str, int] = known["lost"]
        return lost

    def _take_up(self, watch: Watch, key: Any) -> None:
        if key not in watch.machines:
            self._take_up_by_name(watch, repr(key))

    def _take_up_by_name(self, watch: Watch, name: str) -> None:
        assert self.reading is not None
        stored = self.machines.getValue((name,))
        if stored is not None:
            watch.machines.update(self.reading.monitor.resume(stored[0]).machines)
            self.waited |= {repr(key) for key, one in watch.machines.items() if one.lane.waiting}

    def _keep(self, watch: Watch) -> None:
        """Each machine for itself; and when to look again at one in which something waits."""
        assert self.reading is not None
        for key, machine in watch.machines.items():
            name = repr(key)
            alone = self.reading.monitor.watch()
            alone.machines[key] = machine
            self.machines.updateValue((name,), (alone.state(),))
            if machine.lane.waiting and machine.lane.top is not None:
                until = machine.lane.top + 1
                self.waiting.updateValue((name,), (until,))
                self.handle.registerTimer(until)
            elif name in self.waited:
                self.waiting.removeKey((name,))
        self.waited = set()

    def close(self) -> None:
        """A task ends."""
