"""Fair cycles, by enumeration of one profile: a run that goes round for ever without the goal, or that there is none.

Snapshots that differ only in the names of keys are taken for one, as in `search`. That is right for
fairness by event class: whether some event of a class is possible, and whether one is taken, does
not depend on names, nor do formulas. It would not be right for fairness to each instance. A cycle
up to names is unrolled until the very same keys return, and the runtime takes every step of it.

What it can never say: anything about other profiles; that there is no such run, where there are clocks
or where more was reachable than the budget; anything about formulas that count effects.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import attrs

from fsm.errors import WiresOverlap
from fsm.language.expressions import Formula
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.traces.lasso import for_ever, shifted
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import BUDGET, Search
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import is_between, next_step

__all__ = ["Cycles", "find_cycle"]

NOTHING: dict[type, int] = {}
ROUNDS = 1_000
"""How often a cycle up to names is gone round at most until the keys return; they are finitely many, so some round is the last."""

Known = Hashable
Sent = tuple[object | None, int]


@attrs.frozen(eq=False)
class Cycles:
    """What enumeration found.

    Attributes:
        trace: a fair run without the goal, its loop named, replayed; None when none was found.
        snapshots: how many were met, up to renaming of keys.
        complete: everything reachable by the payloads and instants tried was met.
    """

    trace: Trace | None
    snapshots: int
    complete: bool


@attrs.frozen(eq=False)
class _Edge:
    """A step between snapshots up to names.

    Attributes:
        event: the class that is taken; None where time passes.
        waits: whether time passes.
        pending: the goal is met at neither of its ends.
    """

    event: type | None
    waits: bool
    target: Known
    pending: bool


@attrs.define(eq=False)
class _Node:
    number: int
    snapshot: Snapshot
    came_from: tuple[Known, _Edge] | None
    asked: bool
    """The premise holds, and the goal is not met."""
    goal: bool
    edges: list[_Edge] = attrs.field(factory=list)

    @property
    def settled(self) -> bool:
        """Not between two timers of one instant, where time alone can go on: what is possible then says nothing of fairness."""
        return not is_between(self.snapshot)

    def denies(self, event: type) -> bool:
        """A caller cannot have the event taken here."""
        return self.settled and not any(edge.event is event for edge in self.edges)


def find_cycle(engine: Engine, start: Formula, goal: Formula, fair: Sequence[type], budget: int = BUDGET) -> Cycles:
    """A run from where `start` holds that is fair and never meets `goal`."""
    graph = _Graph(engine, start, goal, budget)
    complete = graph.explore()
    way = graph.lasso(fair)
    if way is None:
        return Cycles(None, len(graph.nodes), complete)
    try:
        trace = graph.unrolled(*way)
    except _Lost:
        return Cycles(None, len(graph.nodes), False)
    _check(graph, trace, fair)
    return Cycles(trace, len(graph.nodes), complete)


class _Lost(Exception):
    """Of two snapshots that were taken for one, one cannot go where the other can: a guard measures time in a way that ages forget."""


class _Graph:
    """Everything reachable, step by step, up to renaming of keys."""

    def __init__(self, engine: Engine, start: Formula, goal: Formula, budget: int) -> None:
        self.engine, self.budget = engine, budget
        self.search = Search(engine, {"start": Goal(start), "goal": Goal(goal)}, budget)
        self.long = self.search.longest + 1
        self.nodes: dict[Known, _Node] = {}

    def explore(self) -> bool:
        """Meet all that is reachable; False when the budget ends first."""
        first = self.engine.start(0)
        queue = deque([self._met(first, None)])
        while queue:
            known = queue.popleft()
            node = self.nodes[known]
            for edge, after, _ in self._steps(node.snapshot, node.goal):
                node.edges.append(edge)
                if edge.target not in self.nodes:
                    if len(self.nodes) >= self.budget:
                        node.edges.clear()  # what is possible there is known in part only; so no cycle may pass it
                        return False
                    queue.append(self._met(after, (known, edge)))
        return True

    def _met(self, snapshot: Snapshot, came_from: tuple[Known, _Edge] | None) -> Known:
        known = self.search.canonical(snapshot, NOTHING)
        goal = self.search.meets("goal", snapshot)
        self.nodes[known] = _Node(
            len(self.nodes), snapshot, came_from, self.search.meets("start", snapshot) and not goal, goal
        )
        return known

    def _steps(self, snapshot: Snapshot, goal: bool) -> Iterator[tuple[_Edge, Snapshot, Sent]]:
        for event, at in self.moves(snapshot):
            try:
                step = next_step(self.engine, snapshot, event, at)
            except (TimeStopped, WiresOverlap):
                continue
            met = goal or self.search.meets("goal", step.after)
            target = self.search.canonical(step.after, NOTHING)
            yield (
                _Edge(None if event is None else type(event), at > snapshot.now, target, not met),
                step.after,
                (event, at),
            )

    def moves(self, snapshot: Snapshot) -> Iterator[Sent]:
        """What can be sent now, and time: until just before a timer, or, where none runs, so much that nothing measures how much."""
        yield from self.search.moves(snapshot)
        if is_between(snapshot):
            return
        if snapshot.due is not None and snapshot.due - 1 > snapshot.now:
            yield None, snapshot.due - 1
        if snapshot.due is None:
            yield None, snapshot.now + self.long

    # Cycles

    def lasso(self, fair: Sequence[type]) -> tuple[list[_Edge], list[_Edge]] | None:
        """The steps to the first fair cycle that keeps away from the goal after the premise, and the steps round it."""
        parent = self._pending()
        found = [group for group in _components(parent, self._inside) if self._is_fair(group, fair)]
        if not found:
            return None
        group = min(found, key=lambda one: min(self.nodes[known].number for known in one))
        settled = [known for known in group if self.nodes[known].settled]
        entry = min(settled, key=lambda known: self.nodes[known].number)
        return [*self._stem(parent, entry)], self._round(group, entry, fair)

    def _pending(self) -> dict[Known, tuple[Known, _Edge] | None]:
        """Where a run can be that met the premise and not yet the goal, each with the step that leads there first."""
        found: dict[Known, tuple[Known, _Edge] | None] = {
            known: None for known, node in self.nodes.items() if node.asked
        }
        queue = deque(found)
        while queue:
            known = queue.popleft()
            for edge in self._inside(known):
                if edge.target not in found:
                    found[edge.target] = (known, edge)
                    queue.append(edge.target)
        return found

    def _inside(self, known: Known) -> list[_Edge]:
        return [edge for edge in self.nodes[known].edges if edge.pending and edge.target in self.nodes]

    def _is_fair(self, group: frozenset[Known], fair: Sequence[type]) -> bool:
        """Time passes on the way round, and every fair event is taken there or somewhere not possible."""
        edges = [edge for known in group for edge in self._inside(known) if edge.target in group]
        taken = {edge.event for edge in edges}
        return any(edge.waits for edge in edges) and all(
            event in taken or any(self.nodes[known].denies(event) for known in group) for event in fair
        )

    def _stem(self, parent: dict[Known, tuple[Known, _Edge] | None], entry: Known) -> list[_Edge]:
        """From the start to where the premise holds, then without the goal to the cycle."""
        edges: list[_Edge] = []
        known, came = entry, parent[entry]
        while came is not None:
            edges.append(came[1])
            known = came[0]
            came = parent[known]
        first = self.nodes[known].came_from
        while first is not None:
            edges.append(first[1])
            first = self.nodes[first[0]].came_from
        return edges[::-1]

    def _round(self, group: frozenset[Known], entry: Known, fair: Sequence[type]) -> list[_Edge]:
        """Round the cycle: past all that makes it fair, and back."""
        edges: list[_Edge] = []
        here = entry

        def go(wanted: Callable[[Known, _Edge | None], bool]) -> None:
            nonlocal here
            way = self._way(group, here, wanted)
            edges.extend(way)
            here = way[-1].target if way else here

        for event in fair:
            if any(self.nodes[known].denies(event) for known in group):
                go(lambda known, edge, event=event: self.nodes[known].denies(event))  # type: ignore[misc]
            elif not any(edge.event is event for edge in edges):
                go(lambda known, edge, event=event: edge is not None and edge.event is event)  # type: ignore[misc]
        if not any(edge.waits for edge in edges):
            go(lambda known, edge: edge is not None and edge.waits)
        go(lambda known, edge: known == entry)
        return edges

    def _way(self, group: frozenset[Known], here: Known, wanted: Callable[[Known, _Edge | None], bool]) -> list[_Edge]:
        """A shortest way inside a group to a snapshot, or over a step, that is wanted."""
        if wanted(here, None):
            return []
        seen: dict[Known, list[_Edge]] = {here: []}
        queue = deque([here])
        while queue:
            known = queue.popleft()
            for edge in self._inside(known):
                if edge.target in group:
                    way = [*seen[known], edge]
                    if wanted(edge.target, edge):
                        return way
                    if edge.target not in seen:
                        seen[edge.target] = way
                        queue.append(edge.target)
        raise AssertionError("every part of a strongly connected group can be reached from every other")

    # The run itself

    def unrolled(self, stem: Sequence[_Edge], cycle: Sequence[_Edge]) -> Trace:
        """The run with its keys: round the cycle until the same ones return."""
        sent: list[Sent] = []
        snapshot = self.engine.start(0)
        for edge in stem:
            snapshot = self._go(snapshot, edge, sent)
        begun: dict[Hashable, int] = {}
        for _ in range(ROUNDS):
            here = shifted(self.engine, snapshot)
            if here in begun:
                break
            begun[here] = len(sent)
            for edge in cycle:
                snapshot = self._go(snapshot, edge, sent)
        returned = shifted(self.engine, snapshot)
        if returned not in begun:  # something measures a stay for ever, and no round is as the one before
            raise _Lost
        first = begun[returned]
        before = len(replay(self.engine, sent[:first]).steps)
        return for_ever(self.engine, replay(self.engine, sent), before)

    def _go(self, snapshot: Snapshot, edge: _Edge, sent: list[Sent]) -> Snapshot:
        """The first step from here that is this one up to names."""
        for taken, after, one in self._steps(snapshot, False):
            if (taken.event, taken.waits, taken.target) == (edge.event, edge.waits, edge.target):
                sent.append(one)
                return after
        raise _Lost


def _check(graph: _Graph, trace: Trace, fair: Sequence[type]) -> None:
    """What makes a run a counterexample, asked of the run itself: nothing that the enumeration said is believed.

    Raises:
        AssertionError: it is none. That is a fault of this file.
    """
    assert trace.loop is not None
    snapshots = [trace.start, *(step.after for step in trace.steps)]
    asked = max(place for place, one in enumerate(snapshots[: trace.loop + 1]) if graph.search.meets("start", one))
    assert not any(graph.search.meets("goal", one) for one in snapshots[asked:]), "the goal is met after the premise"
    engine, round_ = graph.engine, trace.steps[trace.loop :]
    taken = {step.kind for step in round_}
    for event in fair:
        possible = [any(one.event is event for one in engine.possible(step.before, step.before.now)) for step in round_]
        assert event in taken or not all(possible), f"{event.__name__} is put off for ever"


def _components(nodes: Iterable[Known], edges: Callable[[Known], list[_Edge]]) -> Iterator[frozenset[Known]]:
    """The strongly connected groups (Tarjan 1972), by an explicit stack, since runs are longer than Python's."""
    index: dict[Known, int] = {}
    low: dict[Known, int] = {}
    stack: list[Known] = []
    on: set[Known] = set()
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[Known, Iterator[_Edge]]] = []

        def enter(known: Known, work: list[tuple[Known, Iterator[_Edge]]] = work) -> None:
            index[known] = low[known] = len(index)
            stack.append(known)
            on.add(known)
            work.append((known, iter(edges(known))))

        enter(root)
        while work:
            known, rest = work[-1]
            for edge in rest:
                if edge.target not in index:
                    enter(edge.target)
                    break
                if edge.target in on:
                    low[known] = min(low[known], index[edge.target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[known])
                if low[known] == index[known]:
                    group: list[Known] = []
                    while not group or group[-1] != known:
                        group.append(stack.pop())
                        on.discard(group[-1])
                    yield frozenset(group)
