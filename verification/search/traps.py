"""Snapshots from which a goal cannot be reached any more, by enumeration of a finite system.

What it can never say: anything about a system with parameters, one in which more than one instance keeps time, or one that is not finite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.expressions import Const, Formula
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.semantics.satisfaction import Tally, tallied
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.traces.violation import claimed, saved_run
from fsm.verification.search.breadth_first import BUDGET, WORK, Search
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import instances_in, is_between, next_step

__all__ = ["Trap", "assert_recovers", "find_trap"]


Sending = tuple[object | None, int]
"""What was sent, None where time passes, and when."""
ONWARDS = 2_000
"""How many snapshots a saved test looks at to find its way out."""


@attrs.frozen(eq=False)
class Trap:
    """What enumeration found.

    Attributes:
        trace: a shortest run to a snapshot from which nothing leads to the goal; None when there is none.
        snapshots: how many there are, up to renaming of keys.
    """

    trace: Trace | None
    snapshots: int


def assert_recovers(
    target: Machine | System, sentence: str, events: Sequence[tuple[object | None, int]], profile: Profile | None = None
) -> None:
    """That a search finds a run to the goal from where these events lead: what a saved counterexample of a `recoverable` asserts.

    Events that cannot happen any more lead nowhere, which is well.

    Args:
        events: each with its instant (milliseconds); None lets time alone pass.
        profile: values of parameters by name; those not named have their defaults.

    Raises:
        AssertionError: none of the snapshots met from there is the goal; with the run to there.
        BadInput: there is no such claim any more, or the profile, an event or an instant is none of this target.
    """
    __tracebackhide__ = True  # pytest shows the test and the message
    run = saved_run(target, events, profile)
    if run is None:
        return
    engine, trace = run
    claim = claimed(engine, sentence)
    search = Search(
        engine, {"goal": Goal(claim.formula), "wherever": Goal(Const(True) if claim.premise is None else claim.premise)}
    )
    for position, tally in _ends(trace):
        many = _looked_at_in_vain(search, position, tally)
        if many:
            cited = f" ({', '.join(claim.cites)})" if claim.cites else ""
            raise AssertionError(
                f"recoverable: {claim.sentence}{cited}\n{trace}\nwanted  {claim.formula}\nfalse   none of {many} snapshots met from here is that"
            )


def _ends(trace: Trace) -> list[tuple[Snapshot, Tally]]:
    """Where a run comes to with what was sent last, with what was emitted by then: its last snapshot, and those between two timers on the way there."""
    tally: Tally = {}
    met = [(trace.start, tally)]
    for step in trace.steps:
        tally = tallied(tally, step.effects)
        met.append((step.after, tally))
    passed = zip(met[1:-1], trace.steps, strict=False)
    between = [one for one, step in passed if is_between(one[0]) and step.at == trace.last.now]
    return [*between, met[-1]]


def _looked_at_in_vain(search: Search, first: Snapshot, tally: Tally) -> int:
    """How many snapshots of the region were met from one of it, none of them the goal; 0 where one is."""
    if not search.meets("wherever", first, tally):
        return 0
    queue = [(first, tally)]
    seen = {search.canonical(first, tally)}
    for snapshot, emitted in queue:
        if search.meets("goal", snapshot, emitted):
            return 0
        inside = search.meets("wherever", snapshot, emitted)
        for event, at in search.moves(snapshot) if inside and len(seen) < ONWARDS else ():
            step = next_step(search.engine, snapshot, event, at)
            after = tallied(emitted, step.effects) if search.counts else emitted
            known = search.canonical(step.after, after)
            if known not in seen:
                seen.add(known)
                queue.append((step.after, after))
    return len(seen)


def find_trap(engine: Engine, goal: Formula, wherever: Formula | None = None, budget: int = BUDGET) -> Trap | None:
    """A snapshot from which the goal cannot be reached; None when there is more to look at than the budget allows, or something stands in the way of a timer."""
    search = Search(
        engine, {"goal": Goal(goal), "wherever": Goal(Const(True) if wherever is None else wherever)}, budget
    )
    start = engine.start(0)
    first = search.canonical(start, {})
    way: dict[Any, tuple[Any, Sending]] = {first: (None, (None, 0))}
    back: dict[Any, list[Any]] = {}
    reached: list[Any] = []
    inside: set[Any] = set()
    between: set[Any] = set()
    queue = [(first, start)]
    work = 0
    for known, snapshot in queue:
        if search.meets("goal", snapshot):
            reached.append(known)
        if search.meets("wherever", snapshot):
            inside.add(known)
        if is_between(snapshot):
            between.add(known)
        for event, at in search.moves(snapshot):
            try:
                after = next_step(engine, snapshot, event, at).after
            except (TimeStopped, WiresOverlap):
                return None
            work += 1 + instances_in(after)
            child = search.canonical(after, {})
            back.setdefault(child, []).append(known)
            if child not in way:
                way[child] = (known, (event, at))
                queue.append((child, after))
        if len(way) > budget or work >= WORK * budget:
            return None
    saved = set(reached)
    for known in reached:
        for source in back.get(known, ()):
            if source not in saved and source in inside:
                saved.add(source)
                reached.append(source)
    lost = [known for known, _ in queue if known not in saved and known in inside]
    if not lost:
        return Trap(None, len(way))
    last = next((known for known in lost if known not in between), None)
    return None if last is None else Trap(replay(engine, _events(way, last)), len(way))


def _events(way: dict[Any, tuple[Any, Sending]], known: Any) -> list[Sending]:
    """What was sent on the way there; of time that passes again and again, until when."""
    events: list[Sending] = []
    while way[known][0] is not None:
        known, (event, at) = way[known]
        if event is not None or not events or events[-1][0] is not None:
            events.append((event, at))
    return events[::-1]
