"""Dead ends: snapshots in which nothing can happen any more though something has not come to its end.

The end of a machine is a state that no transition leaves. Where every instance there is stands in such a state, and every part
with one instance does, nothing need happen any more; anywhere else it is a deadlock (Coffman, Elphick and Shoshani, System
Deadlocks, 1971, of processes that all wait).

What it can never say: that there is none, unless it came to its end (`complete`) where `is_exact`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.events import field_refs
from fsm.language.expressions import Arithmetic, Choose, Compare, Formula
from fsm.language.leaves import Clock, ForEach
from fsm.language.parts import Move, One
from fsm.language.snapshot import Instance, Snapshot
from fsm.language.traversal import walk
from fsm.runtime.enabled import is_carried, lists_all
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import Refusal, TimeStopped
from fsm.semantics.evaluation import fold
from fsm.semantics.satisfaction import holds, read_state
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import BUDGET, Search
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import Stimulus, instances_in, sendings

__all__ = ["DeadEnd", "find_dead_end", "find_stop", "is_end"]

WORK = 100
"""For each snapshot of the budget, how many instances may be looked at: a house is full when many are in it."""


@attrs.frozen(eq=False)
class DeadEnd:
    """What a search found.

    Attributes:
        trace: a shortest run to a dead end; None where none was met.
        snapshots: how many snapshots were met, up to renaming of keys.
        complete: everything reachable by the payloads and instants tried was met.
    """

    trace: Trace | None
    snapshots: int
    complete: bool


def find_dead_end(
    engine: Engine, goal: Formula | None = None, wherever: Formula | None = None, budget: int = BUDGET
) -> DeadEnd:
    """A shortest run to a snapshot in which nothing can happen any more, and which is no end.

    Args:
        goal: with it, an end is one too where the goal is not, and does not come by waiting.
        wherever: only where this holds.
    """
    goals = {"goal": goal, "wherever": wherever}
    search = Search(engine, {name: Goal(formula) for name, formula in goals.items() if formula is not None}, budget)

    def wanted(snapshot: Snapshot) -> bool:
        lost = is_end(engine, snapshot) if goal is None else may_come_by_waiting(engine, goal, snapshot)
        return not lost and (wherever is None or search.meets("wherever", snapshot))

    wide = _wide_events(search)
    start = engine.start(0)
    ways: list[tuple[int, Stimulus]] = [(-1, Stimulus(None, 0))]
    numbers = {search.canonical(start, {}): 0}
    queue = [(0, start)]
    work = 0
    for number, snapshot in queue:
        alive = False
        for sent, step in search.steps_from(snapshot):
            alive = alive or sent.event is not None
            work += 1 + instances_in(step.after)
            known = search.canonical(step.after, {})
            if known not in numbers:
                numbers[known] = len(ways)
                queue.append((len(ways), step.after))
                ways.append((number, sent))
        told = alive or not (search.endless or any(_is_heard(search, snapshot, event) for event in wide))
        if told and not alive and _waits_for_nothing(search, snapshot) and wanted(snapshot):
            return DeadEnd(replay(engine, sendings(engine, _way(ways, number))), len(ways), False)
        if len(ways) > budget or work > WORK * budget:
            return DeadEnd(None, len(ways), False)
    return DeadEnd(None, len(ways), not (wide or search.endless))


def may_come_by_waiting(engine: Engine, goal: Formula, snapshot: Snapshot) -> bool:
    """Whether time alone may make a goal true, from a snapshot in which nothing can happen any more; so too where that cannot be told.

    What compares the time in a state with something that does not change, or with that in another state, changes at one
    instant at most: around these, and now, the goal is looked at.
    """
    read = read_state(engine, snapshot, snapshot.now, {}, None)
    instants = {snapshot.now}
    for node in walk(goal):
        if isinstance(node, ForEach | Arithmetic | Choose) and reads_clock(node):
            return True
        if isinstance(node, Compare) and reads_clock(node):
            clock, bound = (node.left, node.right) if isinstance(node.left, Clock) else (node.right, node.left)
            turn = snapshot.now + fold(bound, read) - fold(clock, read)  # of two clocks at any instant
            instants |= {turn - 1, turn, turn + 1}
    until = snapshot.due  # where something stands in the way of the next timer time comes no further
    return any(
        holds(engine, goal, Snapshot(snapshot.layout, at, snapshot.due, snapshot.parts), {})
        for at in sorted(instants)
        if at == snapshot.now or (at > snapshot.now and (until is None or at < until))
    )


def is_end(engine: Engine, snapshot: Snapshot) -> bool:
    """Whether no transition leaves the state of any instance."""
    return all(
        not part.machine.leaving(part.machine.state(one.state))
        for part, now in zip(engine.system.parts, snapshot.parts, strict=True)
        for one in ([now] if isinstance(now, Instance) else now.values())
    )


def _wide_events(search: Search) -> list[type]:
    """The events of which not every payload that matters is tried."""
    system = search.engine.system
    return [
        event
        for event in system.events
        if not all(lists_all(ref) or is_carried(system, event, ref) for ref in field_refs(event).values())
    ]


def _is_heard(search: Search, snapshot: Snapshot, event: type) -> bool:
    """Whether by some wire of the event every part with one instance stands in a state that has a line for its action: no payload helps where none does."""
    wires = [wire for wire in search.engine.system.all_wires if wire.event is event]
    moves = [[move for move in wire.moves if isinstance(move.part, One)] for wire in wires]
    return any(all(_has_line(snapshot, move) for move in alone) for alone in moves)


def _has_line(snapshot: Snapshot, move: Move) -> bool:
    machine, now = move.part.machine, snapshot[move.part.name]
    assert isinstance(now, Instance)
    leaving = machine.leaving(machine.state(now.state))
    return any(line.event is move.action and line.duration is None for line in leaving)


def _waits_for_nothing(search: Search, snapshot: Snapshot) -> bool:
    """No timer runs, or something stands in the way of the next one; and whoever waits can have nothing taken later either."""
    if stops(search.engine, snapshot) is None and snapshot.due is not None:
        return False
    return not any(_taken(search, snapshot, at) for at in search.instants(snapshot) if at != snapshot.due)


def stops(engine: Engine, snapshot: Snapshot) -> Refusal | None:
    """Why time cannot pass beyond the instant when the next timer falls due; None where it can, or where none runs."""
    try:
        if snapshot.due is not None:
            engine.advance(snapshot, snapshot.due)
    except TimeStopped as stopped:
        return stopped.refusal
    except WiresOverlap:  # another check tells of that
        return None
    return None


def find_stop(engine: Engine, budget: int = BUDGET) -> tuple[Trace, Refusal] | None:
    """A shortest run to where something stands in the way of the timer that falls due next, and what; None where none was met."""
    search = Search(engine, {}, budget)
    start = engine.start(0)
    ways: list[tuple[int, Stimulus]] = [(-1, Stimulus(None, 0))]
    seen = {search.canonical(start, {})}
    queue = [start]
    work = 0
    for number, snapshot in enumerate(queue):
        refusal = stops(engine, snapshot)
        if refusal is not None:
            return replay(engine, sendings(engine, _way(ways, number))), refusal
        for sent, step in search.steps_from(snapshot):
            work += 1 + instances_in(step.after)
            known = search.canonical(step.after, {})
            if known not in seen:
                seen.add(known)
                queue.append(step.after)
                ways.append((number, sent))
        if len(ways) > budget or work > WORK * budget:
            return None
    return None


def _taken(search: Search, snapshot: Snapshot, at: int) -> bool:
    later = search.engine.advance(snapshot, at).after
    return any(event is not None for event, _ in search.moves(later))


def _way(ways: list[tuple[int, Stimulus]], number: int) -> list[Stimulus]:
    found: list[Any] = list(_back(ways, number))
    return found[::-1]


def _back(ways: list[tuple[int, Stimulus]], number: int) -> Iterator[Stimulus]:
    while number > 0:
        number, sent = ways[number]
        yield sent
