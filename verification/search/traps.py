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

__all__ = ["ReachabilityGraph", "Trap", "assert_recovers", "explore", "find_trap"]


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
        for event, at in search.next_moves(snapshot) if inside and len(seen) < ONWARDS else ():
            step = next_step(search.engine, snapshot, event, at)
            after = tallied(emitted, step.effects) if search.counts else emitted
            known = search.canonical(step.after, after)
            if known not in seen:
                seen.add(known)
                queue.append((step.after, after))
    return len(seen)


@attrs.frozen(eq=False)
class ReachabilityGraph:
    """What was met from the start, the nearest first.

    Attributes:
        search: by which it was met, and which knows the goal and the region.
        met: each snapshot, by what is called alike by every renaming of keys.
        way: from where each was met first, and by what was sent.
        back: from where all one step leads there.
        complete: there is no more.
    """

    search: Search
    met: dict[Any, Snapshot]
    way: dict[Any, tuple[Any, Sending]]
    back: dict[Any, list[Any]]
    complete: bool

    def stranded(self) -> dict[Any, Snapshot]:
        """Those of the region from which no way to the goal was met; all of it where effects are counted, of which a snapshot tells nothing."""
        inside = {known for known, snapshot in self.met.items() if self.search.meets("wherever", snapshot)}
        met = {} if self.search.counts else self.met
        reached = [known for known, snapshot in met.items() if self.search.meets("goal", snapshot)]
        saved = set(reached)
        for known in reached:
            for source in self.back.get(known, ()):
                if source not in saved and source in inside:
                    saved.add(source)
                    reached.append(source)
        return {known: one for known, one in self.met.items() if known in inside and known not in saved}

    def run_to(self, known: Any) -> Trace:
        """A shortest run there, replayed: what was sent; of time that passes again and again, until when."""
        events: list[Sending] = []
        while self.way[known][0] is not None:
            known, (event, at) = self.way[known]
            if event is not None or not events or events[-1][0] is not None:
                events.append((event, at))
        return replay(self.search.engine, events[::-1])


def explore(engine: Engine, goal: Formula, wherever: Formula | None, budget: int) -> ReachabilityGraph:
    """The snapshots nearest to the start, about as many as the budget says; no more of them where something stands in the way of a timer."""
    search = Search(
        engine, {"goal": Goal(goal), "wherever": Goal(Const(True) if wherever is None else wherever)}, budget
    )
    start = engine.start(0)
    first = search.canonical(start, {})
    made = ReachabilityGraph(search, {first: start}, {first: (None, (None, 0))}, {}, complete=True)
    queue = [(first, start)]
    work = 0
    for known, snapshot in queue:
        for event, at in search.next_moves(snapshot):
            try:
                after = next_step(engine, snapshot, event, at).after
            except (TimeStopped, WiresOverlap):
                return attrs.evolve(made, complete=False)
            work += 1 + instances_in(after)
            child = search.canonical(after, {})
            made.back.setdefault(child, []).append(known)
            if child not in made.met:
                made.met[child], made.way[child] = after, (known, (event, at))
                queue.append((child, after))
        if len(queue) > budget or work >= WORK * budget:
            return attrs.evolve(made, complete=False)
    return made


def find_trap(engine: Engine, goal: Formula, wherever: Formula | None = None, budget: int = BUDGET) -> Trap | None:
    """A snapshot from which the goal cannot be reached; None when there is more to look at than the budget allows, or something stands in the way of a timer."""
    explored = explore(engine, goal, wherever, budget)
    if not explored.complete:
        return None
    lost = explored.stranded()
    if not lost:
        return Trap(None, len(explored.met))
    last = next((known for known, snapshot in lost.items() if not is_between(snapshot)), None)
    return None if last is None else Trap(explored.run_to(last), len(explored.met))
