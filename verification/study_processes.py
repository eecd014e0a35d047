"""Studies in other processes, listened to: each within its limits of time, all of them within that of the whole.

A process whose time is up is ended, and another takes over what was told and goes on behind what took too
long, which is unknown. A limit can only turn answers into unknown.

Nothing here knows a declaration, a solver or a formula: it could not decide anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.verification.decide.elsewhere.processes import Answered, Died, Told, Worker, WorkerFailed, WorkFailed, hear
from fsm.verification.messages import Begun, Decided, Place, StudyPlan
from fsm.verification.report import left_open

__all__ = ["Job", "listen"]

MOMENT = 0.5
"""Seconds after which whoever listens is called back, whatever happens."""
MORE_TIME = "Give it more with --timeout, or none: then the solver's budgets end it."


@attrs.define(eq=False)
class Job:
    """A study in a process of its own.

    Args:
        begin: begins the process, which is given what was told before.
        timeout: seconds for each item; None for no limit.

    Attributes:
        plan: None until the process has read the declaration.
        decided: what is known, by its place.
        begun: what is being looked at.
        told: what else the process told last.
        answer: what it answered in the end.
    """

    begin: Callable[[Mapping[Place, Decided]], Worker]
    timeout: float | None = None
    plan: StudyPlan | None = None
    decided: dict[Place, Decided] = attrs.field(factory=dict)
    begun: Begun | None = None
    told: Any = None
    answer: Any = None
    _since: float = 0.0
    started: bool = False
    _worker: Worker | None = None

    @property
    def worker(self) -> Worker | None:
        """The process that works on it now."""
        return self._worker

    def start(self) -> None:
        """Begin, or go on behind what was decided."""
        self.started = True
        self._worker, self.begun, self._since = self.begin(self.decided), None, time.monotonic()

    def end(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    @property
    def places(self) -> list[Place]:
        """Every item, in order; none until they are known."""
        sections = () if self.plan is None else self.plan.sections
        return [(section, item) for section, heading in enumerate(sections) for item in range(len(heading.items))]

    @property
    def open(self) -> list[Place]:
        """What is not decided."""
        return [place for place in self.places if place not in self.decided]

    @property
    def deadline(self) -> float | None:
        """When the time for what is being looked at is up; what all share may take the time of all of them."""
        if self.timeout is None or self.begun is None:
            return None
        shares = 1 if self.begun.item is not None else sum(section == self.begun.section for section, _ in self.open)
        return self._since + self.timeout * shares

    def take(self, message: Any) -> None:
        """Heed what the process told."""
        match message:
            case StudyPlan():
                self.plan = message
            case Begun():
                self.begun, self._since = message, time.monotonic()
            case Decided(place=place):
                self.decided[place] = message
            case _:
                self.told = message

    def leave_open(self, places: Sequence[Place], why: str, hint: str = "") -> None:
        """Nobody will know of these."""
        for section, item in places:
            assert self.plan is not None
            entry = left_open(self.plan.sections[section].items[item], why, hint)
            plain: Any = ("unknown", {"why": why, "hint": hint}, {}, [])
            self.decided[section, item] = Decided((section, item), entry, plain)

    def give_up(self, why: str, hint: str = "") -> None:
        """Leave open what was being looked at, and go on with the rest; nobody goes on where nothing was."""
        assert self.begun is not None
        section, item = self.begun.section, self.begun.item
        lost = [place for place in self.open if place[0] == section] if item is None else [(section, item)]
        self.leave_open([place for place in lost if place not in self.decided], why, hint)
        self.end()
        if self.open:
            self.start()


def listen(jobs: Sequence[Job], total: float | None = None) -> Iterator[None]:
    """Run jobs to their end, all at once; control comes back after everything that happens, and every moment.

    Args:
        jobs: others may be added while they run.
        total: seconds for all of them.

    Raises:
        WorkFailed: a process ended by an error of its own, or before it had read the declaration.
    """
    end = None if total is None else time.monotonic() + total
    try:
        while True:
            for job in jobs:
                if not job.started:
                    job.start()
            running = {job.worker: job for job in jobs if job.worker is not None}
            if not running:
                break
            now = time.monotonic()
            if end is not None and now >= end:
                for job in running.values():
                    job.end()
                    job.leave_open(
                        job.open,
                        f"time limit: no verdict when {total:g} s had passed for all",
                        "Give it more with --total-timeout.",
                    )
                break
            limits = [limit for job in jobs if (limit := job.deadline) is not None] + ([] if end is None else [end])
            for worker, message in hear(list(running), max(0.0, min([MOMENT, *(limit - now for limit in limits)]))):
                _heed(running[worker], message)
            for job in running.values():
                if job.worker is not None and job.deadline is not None and time.monotonic() >= job.deadline:
                    job.give_up(f"time limit: no verdict after {job.timeout:g} s", MORE_TIME)
            yield
    finally:
        for job in jobs:
            job.end()
    yield


def _heed(job: Job, message: Any) -> None:
    match message:
        case Told(value=value):
            job.take(value)
        case Answered(value=value):
            job.answer = value
            job.end()
        case WorkerFailed(trace=trace):
            raise WorkFailed(trace)
        case Died(how=how) if job.begun is None:
            raise WorkFailed(f"a process ended before it had begun ({how})")
        case Died(how=how):
            job.give_up(f"the process that looked at it ended ({how})", "Perhaps there was not enough memory.")
