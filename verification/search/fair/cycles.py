"""Fair cycles, by enumeration of one profile: a run that goes round for ever without the goal, or that there is none.

Snapshots that differ only in the names of keys are taken for one, as in `search`. That is right for
fairness by event class: whether some event of a class is possible, and whether one is taken, does
not depend on names, nor do formulas. Where a claim is about each instance by itself, one key is told apart from all others, for which it
stands; what is owed to others is passed over then, so that no run is missed. A run that gives all of them what is owed is looked for in worlds of few
names, each told apart. A cycle up to names is unrolled until the very same keys return, and the runtime takes every step of it.

Where an event is owed compassion and a group of snapshots that lead to each other lets it be possible and never taken, a fair run in it keeps to
where it is not possible (Emerson and Lei, 1987).

What it can never say: anything about other profiles; that there is no such run, where there are clocks
or where more was reachable than the budget; anything about formulas that count effects; a run on which somebody is owed compassion where guards
measure time, since what is possible for an instant while time passes is not seen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence

import attrs

from fsm.errors import WiresOverlap
from fsm.language.expressions import Formula
from fsm.language.leaves import ForEach
from fsm.language.parts import Each
from fsm.language.properties import Fairness, Modality, Property
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.traces.lasso import for_ever, shifted
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import BUDGET
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.fair.components import Known, components
from fsm.verification.search.fair.named import NamedSearch
from fsm.verification.search.fair.owed import Owed, owed_in, put_off
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import is_between, next_step

__all__ = ["Asked", "Cycles", "find_cycle"]

NOTHING: dict[type, int] = {}
ROUNDS = 1_000
"""How often a cycle up to names is gone round at most until the keys return; they are finitely many, so some round is the last."""
WORLDS = (2, 1, 3)
"""So many names of keys there are in the worlds in which each is told apart, the likeliest first."""

Sent = tuple[object | None, int]


@attrs.frozen(eq=False)
class Asked:
    """What is asked of runs that never end.

    Attributes:
        start, goal: from where something must come, and what.
        fair: what callers owe events.
        of_each: it is asked of each instance of a part by itself; `start` and `goal` say which part.
    """

    start: Formula
    goal: Formula
    fair: tuple[Fairness, ...] = ()
    of_each: bool = False

    @classmethod
    def by(cls, claim: Property) -> Asked:
        """What a claim asks."""
        assert claim.premise is not None, "leads_to(...) has a premise"
        return cls(claim.premise, claim.formula, claim.fair, claim.modality is Modality.EACH_LEADS_TO)


@attrs.frozen(eq=False)
class Cycles:
    """What enumeration found.

    Attributes:
        trace: a fair run without the goal, its loop named, replayed; None when none was found.
        key: of the instance that the run keeps away from the goal, where it is asked of each.
        snapshots: how many were met, up to renaming of keys.
        complete: everything reachable by the payloads and instants tried was met.
    """

    trace: Trace | None
    snapshots: int
    complete: bool
    key: Hashable = None


@attrs.frozen(eq=False)
class _Edge:
    """A step between snapshots up to names.

    Attributes:
        event: the class that is taken; None where time passes.
        answers: what is owed and given by it.
        waits: whether time passes.
        pending: the goal is met at neither of its ends.
    """

    event: type | None
    answers: frozenset[Owed]
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
    possible: set[Owed] = attrs.field(factory=set)

    @property
    def settled(self) -> bool:
        """Not between two timers of one instant, where time alone can go on: what is possible then says nothing of fairness."""
        return not is_between(self.snapshot)

    def denies(self, owed: Owed) -> bool:
        """A caller cannot have such an event taken here."""
        return self.settled and owed not in self.possible


def find_cycle(engine: Engine, asked: Asked, budget: int = BUDGET) -> Cycles:
    """A run from where the premise holds that is fair and never meets the goal."""
    graph = _Graph(engine, asked, budget)
    complete = graph.explore()
    found, none = graph.run(), Cycles(None, len(graph.nodes), complete)
    if found is None:
        return none
    for many in WORLDS if any(one.key for one in asked.fair) else ():
        if isinstance(found, Trace) and put_off(engine, found, asked.fair) is None:
            break
        graph = _Graph(engine, asked, budget, many)
        graph.explore()
        found = graph.run()
    if not isinstance(found, Trace):
        return attrs.evolve(none, complete=False)
    if any(one.key for one in asked.fair) and put_off(engine, found, asked.fair) is not None:
        return attrs.evolve(none, complete=False)
    _check(graph, found)
    return attrs.evolve(none, trace=found, key=graph.search.followed)


class _Lost(Exception):
    """Of two snapshots that were taken for one, one cannot go where the other can: a guard measures time in a way that ages forget."""


class _Graph:
    """Everything reachable, step by step, up to renaming of keys."""

    def __init__(self, engine: Engine, asked: Asked, budget: int, world: int | None = None) -> None:
        self.engine, self.budget, self.asked = engine, budget, asked
        goals = {"start": Goal(asked.start), "goal": Goal(asked.goal)}
        said = asked.start if asked.of_each else None
        part = said.part if isinstance(said, ForEach) and isinstance(said.part, Each) else None
        self.search = NamedSearch(engine, goals, budget, part, world)
        self.owed = owed_in(self.search, asked.fair)
        self.long = self.search.longest + 1
        self.nodes: dict[Known, _Node] = {}

    def explore(self) -> bool:
        """Meet all that is reachable; False when the budget ends first."""
        first = self.engine.start(0)
        queue = deque([self._met(first, None)])
        while queue:
            known = queue.popleft()
            node = self.nodes[known]
            for edge, after, (event, _) in self._steps(node.snapshot, node.goal):
                node.possible |= edge.answers
                if self._names_a_stranger(event):
                    continue
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

    def _names_a_stranger(self, event: object | None) -> bool:
        fields = [field for kind, field in self.search.fields if type(event) is kind]
        return any(getattr(event, field) in self.search.strangers for field in fields)

    def _steps(self, snapshot: Snapshot, goal: bool) -> Iterator[tuple[_Edge, Snapshot, Sent]]:
        for event, at in self.moves(snapshot):
            try:
                step = next_step(self.engine, snapshot, event, at)
            except (TimeStopped, WiresOverlap):
                continue
            met = goal or self.search.meets("goal", step.after)
            target = self.search.canonical(step.after, NOTHING)
            yield (
                _Edge(
                    None if event is None else type(event),
                    frozenset(one for one in self.owed if one.is_answered_by(event)),
                    at > snapshot.now,
                    target,
                    not met,
                ),
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

    def run(self) -> Trace | _Lost | None:
        """The first fair cycle that keeps away from the goal after the premise, as a run; None where there is none."""
        way = self.lasso()
        if way is None:
            return None
        lines = [line for part in self.engine.system.parts for line in part.machine.transitions]
        measured = any(line.guard is not None and reads_clock(line.guard) for line in lines)
        if measured and any(one.strong for one in self.owed):
            return _Lost()
        try:
            return self.unrolled(*way)
        except _Lost as lost:
            return lost

    def lasso(self) -> tuple[list[_Edge], list[_Edge]] | None:
        """The steps to the first fair cycle that keeps away from the goal after the premise, and the steps round it."""
        parent = self._pending()
        found = list(self._fair_groups(list(parent)))
        if not found:
            return None
        group = min(found, key=lambda one: min(self.nodes[known].number for known in one))
        settled = [known for known in group if self.nodes[known].settled]
        entry = min(settled, key=lambda known: self.nodes[known].number)
        return [*self._stem(parent, entry)], self._round(group, entry)

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

    def _fair_groups(self, region: list[Known]) -> Iterator[frozenset[Known]]:
        """Groups on whose way round time passes, and every fair event is taken, or not possible: of one that is owed compassion, anywhere."""
        regions = [region]
        while regions:
            inside = frozenset(region := regions.pop())
            for group in components(region, lambda known, inside=inside: self._within(known, inside)):  # type: ignore[misc]
                edges = [edge for known in group for edge in self._within(known, group)]
                left = [one for one in self.owed if not any(one in edge.answers for edge in edges)]
                denied = [one for one in left if any(self.nodes[known].denies(one) for known in group)]
                strong = {one for one in left if one.strong}
                if denied != left or not any(edge.waits for edge in edges):
                    continue
                kept = [known for known in region if known in group and not strong & self.nodes[known].possible]
                if len(kept) == len(group):
                    yield group
                else:
                    regions.append(kept)

    def _within(self, known: Known, group: frozenset[Known]) -> list[_Edge]:
        return [edge for edge in self._inside(known) if edge.target in group]

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

    def _round(self, group: frozenset[Known], entry: Known) -> list[_Edge]:
        """Round the cycle: past all that makes it fair, and back."""
        edges: list[_Edge] = []
        here = entry

        def go(wanted: Callable[[Known, _Edge | None], bool]) -> None:
            nonlocal here
            way = self._way(group, here, wanted)
            edges.extend(way)
            here = way[-1].target if way else here

        given = {one for known in group for edge in self._within(known, group) for one in edge.answers}
        for owed in self.owed:
            if any(self.nodes[known].denies(owed) for known in group) and not (owed.strong and owed in given):
                go(lambda known, edge, owed=owed: self.nodes[known].denies(owed))  # type: ignore[misc]
            elif not any(owed in edge.answers for edge in edges):
                go(lambda known, edge, owed=owed: edge is not None and owed in edge.answers)  # type: ignore[misc]
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
            if (taken.event, taken.answers, taken.waits, taken.target) == (
                edge.event,
                edge.answers,
                edge.waits,
                edge.target,
            ) and not self._names_a_stranger(one[0]):
                sent.append(one)
                return after
        raise _Lost


def _check(graph: _Graph, trace: Trace) -> None:
    """What makes a run a counterexample, asked of the run itself: nothing that the enumeration said is believed.

    Raises:
        AssertionError: it is none. That is a fault of this file.
    """
    assert trace.loop is not None
    snapshots = [trace.start, *(step.after for step in trace.steps)]
    asked = max(place for place, one in enumerate(snapshots[: trace.loop + 1]) if graph.search.meets("start", one))
    assert not any(graph.search.meets("goal", one) for one in snapshots[asked:]), "the goal is met after the premise"
    late = put_off(graph.engine, trace, graph.asked.fair)
    assert late is None, f"{late} is put off for ever"
