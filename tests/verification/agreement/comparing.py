"""One meaning, four executions: the compiled step, the `transitions` engine, and two Z3 encodings.

Each check compares all four at one snapshot, and raises at the first difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fsm import Engine, EventRefused, Machine, Snapshot, Step, System, TimeStopped, compile
from fsm.language.parameters import Profile
from fsm.language.parts import Sent
from fsm.language.snapshot import Instance
from fsm.live import Live
from fsm.semantics.evaluation import interpret
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.counting import Counting

from .by_counts import ByCounts
from .by_keys import ByKeys
from .reachable import event_choices, instances, key_fields, numbered, reachable

__all__ = ["Comparison", "compare_everywhere", "compare_under"]


MakeClocked = Callable[[System, Mapping[str, int]], Clocked]
MakeCounting = Callable[[System], Counting]


def compare_everywhere(
    system: System,
    profile: Profile,
    *,
    snapshots_of: Callable[[Engine], list[Snapshot]] = reachable,
    clocked: MakeClocked = Clocked,
    counting: MakeCounting = Counting,
) -> Counter[str]:
    """Compare at every snapshot that a system with finitely many can come to, or at those chosen; how much was compared, when all agrees."""
    engine = compile(system, profile)
    snapshots = snapshots_of(engine)
    new = max((len(key_fields(system, event)) for event in system.events), default=0)
    keys = {name: max(1, new) + max(len(instances(one[name])) for one in snapshots) for name in engine.layout.parts}
    by_keys = ByKeys(clocked(system, keys), engine.params)
    comparison = Comparison(engine, Live(system, profile), by_keys, ByCounts(counting(system), engine.params))
    for snapshot in snapshots:
        comparison.check(snapshot)
    return comparison.seen


_counting = cache(Counting)


@cache
def _clocked(system: System, keys: tuple[tuple[str, int], ...]) -> Clocked:
    return Clocked(system, dict(keys))


def compare_under(
    system: System, profile: Profile, snapshots_of: Callable[[Engine], list[Snapshot]] = reachable
) -> Counter[str]:
    """As `compare_everywhere`, with encodings that all profiles share: no parameter is worth anything in them."""
    return compare_everywhere(
        system,
        profile,
        snapshots_of=snapshots_of,
        clocked=lambda _, keys: _clocked(system, tuple(keys.items())),
        counting=_counting,
    )


def overdue(engine: Engine, snapshot: Snapshot) -> bool:
    """Whether some stay shows by the timers that have fired that another is due."""
    held = [(part.machine, one) for part in engine.system.parts for one in instances(snapshot[part.name])]
    return any(_overdue(machine, one, engine.params) for machine, one in held)


def _overdue(machine: Machine, instance: Instance, params: Mapping[str, Any]) -> bool:
    state = next(one for one in machine.states if one.name == instance.state)
    lengths = [interpret(one.duration, params=params) for one in machine.timers(state) if one.duration is not None]
    fired = [length for bit, length in enumerate(lengths) if instance.spent & (1 << bit)]
    waiting = [length for bit, length in enumerate(lengths) if not instance.spent & (1 << bit)]
    return bool(fired and waiting) and min(waiting) <= max(fired)


class Comparison:
    """Four executions of a system under one profile.

    Args:
        engine: the compiled step.
        live: the `transitions` engine under the same profile.
        by_keys: the clocked encoding.
        by_counts: the counting encoding; None where it refuses the system.

    Attributes:
        seen: how many snapshots were compared, events taken and refused, timers that fired, and events that waited for a timer.
    """

    def __init__(self, engine: Engine, live: Live, by_keys: ByKeys, by_counts: ByCounts | None) -> None:
        self.engine = engine
        self.live = live
        self.by_keys = by_keys
        self.by_counts = by_counts
        self.seen: Counter[str] = Counter()

    def check(self, snapshot: Snapshot) -> None:
        """Every event now, a tick, and every event after it."""
        events = list(event_choices(self.engine.system, snapshot))
        self.check_events(snapshot, events, 0)
        self.check_tick(snapshot)
        if snapshot.due is None or snapshot.due > snapshot.now + 1:
            self.check_events(snapshot, events, 1)

    # Events

    def check_events(self, snapshot: Snapshot, events: list[object], delay: int) -> None:
        """Each event gives the same successor or the same refusal everywhere, when a delay without timers has passed.

        `transitions` is asked about events without a delay: that time passes first is asked of it by ticks.
        """
        numbers = numbered(self.engine.system, snapshot)
        calls = tuple(self.by_keys.call(event, numbers) for event in events)
        answers = self.by_keys.answers(self.by_keys.position(snapshot, numbers), calls, delay)
        afters = [self._step(snapshot, event, snapshot.now + delay, also_live=delay == 0) for event in events]
        for event, call, after in zip(events, calls, afters, strict=True):
            self.seen["refused" if after is None else "taken"] += 1
            wanted = [] if after is None else [self.by_keys.position(after, numbers)]
            assert wanted == answers[call], self._differs("clocked encoding", snapshot, event, delay)
        if self.by_counts is not None and delay == 0:
            self._check_counts(self.by_counts, snapshot, events, afters)

    def _check_counts(
        self, by_counts: ByCounts, snapshot: Snapshot, events: list[object], afters: list[Snapshot | None]
    ) -> None:
        tally = by_counts.tally(snapshot)
        for event, after in zip(events, afters, strict=True):
            wanted = set() if after is None else {by_counts.tally(after)}
            assert wanted == by_counts.called(snapshot, tally, event), self._differs(
                "counting encoding", snapshot, event, 0
            )

    def _step(self, snapshot: Snapshot, event: object, at: int, also_live: bool) -> Snapshot | None:
        """What the compiled step, and the `transitions` engine with it, make of an event; None where it is refused."""
        self.live.resume(snapshot)
        try:
            step = self.engine.step(snapshot, event, at)
        except EventRefused as refused:
            if also_live:
                self._refused(snapshot, event, at, refused)
            return None
        assert not also_live or (step.effects, step.after) == (self.live.send(event, at), self.live.snapshot), (
            self._differs("transitions", snapshot, event, at)
        )
        return step.after

    def _refused(self, snapshot: Snapshot, event: object, at: int, refused: EventRefused) -> None:
        try:
            self.live.send(event, at)
        except EventRefused as also:
            same = (refused.snapshot, refused.effects, refused.timed) == (also.snapshot, also.effects, also.timed)
            assert same and self.live.snapshot == refused.snapshot, self._differs("transitions", snapshot, event, at)
            return
        raise AssertionError(self._differs("transitions", snapshot, event, at))

    # Time

    def check_tick(self, snapshot: Snapshot) -> Step | None:
        """Time passes by one tick, or stops; where no wire follows a timer, everything ends alike whichever goes first."""
        self.seen["snapshots"] += 1
        numbers = numbered(self.engine.system, snapshot)
        ends, blocked = self.by_keys.settled(self.by_keys.position(snapshot, numbers), 1)
        step = self._tick(snapshot)
        if step is None:
            assert blocked, self._differs("clocked encoding", snapshot, None, 1)
            return None
        self._check_timers(snapshot, step)
        end = self.by_keys.position(step.after, numbers)
        alike = (
            ends == {end} if not any(isinstance(one.event, Sent) for one in self.engine.system.wires) else end in ends
        )
        assert alike, self._differs("clocked encoding", snapshot, None, 1)
        return step

    def _tick(self, snapshot: Snapshot) -> Step | None:
        """What the compiled step and the `transitions` engine make of a tick; None where time stops."""
        self.live.resume(snapshot)
        try:
            step = self.engine.advance(snapshot, snapshot.now + 1)
        except TimeStopped:
            try:
                self.live.advance(snapshot.now + 1)
            except TimeStopped:
                return None
            raise AssertionError(self._differs("transitions", snapshot, None, 1)) from None
        assert (step.effects, step.after) == (self.live.advance(snapshot.now + 1), self.live.snapshot), self._differs(
            "transitions", snapshot, None, 1
        )
        return step

    def _check_timers(self, snapshot: Snapshot, step: Step) -> None:
        """Each timer that fired in a tick may fire just then, in both encodings."""
        numbers = numbered(self.engine.system, snapshot)
        before, delay = snapshot, 1
        for taken in step.timed:
            self.seen["timers"] += 1
            possible = self.by_keys.timed(self.by_keys.position(before, numbers), delay)
            assert self.by_keys.position(taken.after, numbers) in possible, self._differs(
                "clocked encoding", before, taken.event, delay
            )
            if self.by_counts is not None:
                tallies = self.by_counts.sent(self.by_counts.tally(before), taken.event, taken.part)
                assert self.by_counts.tally(taken.after) in tallies, self._differs(
                    "counting encoding", before, taken.event, delay
                )
            before, delay = taken.after, 0
            if before.due == taken.at:
                self.check_waiting(before)
        if self.by_counts is not None:
            tallies = self.by_counts.lapsed(self.by_counts.tally(before))
            assert self.by_counts.tally(step.after) in tallies, self._differs("counting encoding", before, None, delay)

    def check_waiting(self, snapshot: Snapshot) -> None:
        """While a timer is due, no event of a caller is judged.

        The counting encoding, which forgets clocks, must know it where one stay shows it: a timer
        has fired, another that falls due no later has not.
        """
        events = list(event_choices(self.engine.system, snapshot))
        numbers = numbered(self.engine.system, snapshot)
        calls = tuple(self.by_keys.call(event, numbers) for event in events)
        answers = self.by_keys.answers(self.by_keys.position(snapshot, numbers), calls, 0)
        self.seen["waiting"] += len(events)
        assert not any(answers.values()), self._differs("clocked encoding", snapshot, None, 0)
        if self.by_counts is not None and overdue(self.engine, snapshot):
            tally = self.by_counts.tally(snapshot)
            assert not any(self.by_counts.called(snapshot, tally, event) for event in events), self._differs(
                "counting encoding", snapshot, None, 0
            )

    def _differs(self, what: str, snapshot: Snapshot, event: object, delay: int) -> str:
        return f"the {what} differs from the compiled step: {event} after {delay} at {snapshot}"
