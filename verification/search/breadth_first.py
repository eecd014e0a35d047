"""Breadth-first search through the public step: shortest runs to what somebody looks for.

Snapshots that differ only in the names of keys, in instants all shifted alike, or in carried data
are taken for one. Time is tried where something can change: now, when a timer falls due, and
around the times in state that guards speak of.

What it can never say: that something cannot happen, unless it came to an end (`complete`) in a
system without clocks and parameters. A bound that finds nothing answers nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from itertools import product
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Formula
from fsm.language.leaves import ForEach
from fsm.language.parts import Each
from fsm.language.snapshot import Instance, Snapshot, Step, readable_places
from fsm.language.traversal import walk
from fsm.runtime.compiled_expressions import Closure, compile_expression
from fsm.runtime.compiled_leaves import system_leaf
from fsm.runtime.enabled import key_fields, numbers_now, worth_trying
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.semantics.satisfaction import Tally, counts_effects, holds, seen_steps, tallied
from fsm.semantics.simplification import with_values
from fsm.semantics.stopwatch import Stopwatch
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import Stimulus, instances_in, is_between, orders, sendings
from fsm.verification.search.samples import new_keys, sample_of
from fsm.verification.search.step_tests import StepGoals
from fsm.verification.search.successors import ages_of

__all__ = ["Found", "Search", "search"]

BUDGET = 20_000
WORK = 10
"""For each snapshot of the budget, how many instances may be looked at by all steps tried: many in one snapshot cost as much as few in many."""


@attrs.frozen(eq=False)
class Found:
    """What a search found.

    Attributes:
        traces: for each goal that was met, a shortest run to it, replayed.
        snapshots: how many snapshots were met, up to renaming.
        complete: everything reachable by the payloads and instants tried was met; where `is_exact`, everything.
    """

    traces: Mapping[str, Trace]
    snapshots: int
    complete: bool


@attrs.frozen(eq=False)
class _Node:
    snapshot: Snapshot
    tally: Tally
    parent: _Node | None
    sent: Stimulus
    watches: tuple[Stopwatch, ...] = ()


Test = Callable[[Snapshot, Tally], bool]
Kinds = Mapping[Hashable, Hashable]
"""For each key what no event and no property can tell it from others by."""


@attrs.frozen(eq=False)
class _Response:
    """A bounded response that is looked for: its name, its formulas compiled, and its stopwatch before anything is waited for."""

    name: str
    premise: Test
    goal: Test
    stopwatch: Stopwatch

    def at(self, watch: Stopwatch, snapshot: Snapshot, tally: Tally) -> Stopwatch:
        """The stopwatch at a position."""
        premise, goal = self.premise(snapshot, tally), self.goal(snapshot, tally)
        return watch.at(snapshot.now, premise=premise, goal=goal)


class Search:
    """One search under one profile.

    Args:
        engine: the system, compiled.
        goals: what to look for, by name.
        budget: how many snapshots to meet at most.
        just_in_time: events are also tried a millisecond before a timer falls due, which puts it off while another timer runs on.
    """

    def __init__(
        self, engine: Engine, goals: Mapping[str, Goal], budget: int = BUDGET, *, just_in_time: bool = False
    ) -> None:
        self.engine = engine
        self.goals = dict(goals)
        self.budget = budget
        self.just_in_time = just_in_time or any(goal.premise is not None for goal in goals.values())
        read = [formula for goal in goals.values() for formula in (goal.formula, goal.premise) if formula is not None]
        self.counts = any(map(counts_effects, read))
        self._tests = {
            name: _test(engine, goal.formula)
            for name, goal in goals.items()
            if not goal.of_steps and goal.premise is None
        }
        self._of_steps = StepGoals(engine, goals) if any(goal.of_steps for goal in goals.values()) else None
        self._responses = [
            _Response(name, _test(engine, goal.premise), _test(engine, goal.formula), Stopwatch(goal.duration))
            for name, goal in goals.items()
            if goal.premise is not None
        ]
        self._ages = tuple(ages_of(part, engine.params, read) for part in engine.system.parts)
        self._slots = tuple(readable_places(part.machine) for part in engine.system.parts)
        self._keyed = {event: key_fields(engine.system, event) for event in engine.system.events}
        self._choices = cache(self._fixed_choices)  # of what is sent: a class may refuse what is made up
        self.longest = max(ages.cap for ages in self._ages)
        """After so long in a state, milliseconds, nothing measures how much longer."""
        self.endless = any(ages.endless for ages in self._ages)
        """Whether a time in state is compared with what has no end."""

    def run(self, enough: int | None = None) -> Found:
        """Search until every goal is met, or `enough` of them, everything is seen or the budget is spent."""
        enough = len(self.goals) if enough is None else enough
        start = self.engine.start(0)
        root = _Node(start, {}, None, Stimulus(None, 0))
        root = attrs.evolve(root, watches=self._watched(root, tuple(one.stopwatch for one in self._responses)))
        met: dict[str, _Node] = {}
        self._look(root, met)
        seen = {self.canonical(start, {}, root.watches)}
        frontier = [root]
        work = 0
        while frontier and len(met) < enough:
            following: list[_Node] = []
            for node in frontier:
                for child in self._children(node, met):
                    work += 1 + instances_in(child.snapshot)
                    known = self.canonical(child.snapshot, child.tally, child.watches)
                    if known not in seen:
                        seen.add(known)
                        self._look(child, met)
                        following.append(child)
                if len(met) >= enough:
                    break
                if len(seen) >= self.budget or work >= WORK * self.budget:
                    return Found(self._traces(met), len(seen), False)
            frontier = following
        return Found(self._traces(met), len(seen), not frontier)

    def meets(self, name: str, snapshot: Snapshot, tally: Tally | None = None) -> bool:
        """Whether a snapshot, after so many effects, is what the goal of this name looks for."""
        return self._tests[name](snapshot, tally or {}) == self.goals[name].wanted

    def _look(self, node: _Node, met: dict[str, _Node]) -> None:
        for name, test in self._tests.items():
            if name not in met and test(node.snapshot, node.tally) == self.goals[name].wanted:
                met[name] = node
        for response, watch in zip(self._responses, node.watches, strict=True):
            if response.name not in met and watch.deadline is not None:
                late = node if watch.late else self._late(node, response, watch)
                if late is not None:
                    met[response.name] = late

    def _watched(self, node: _Node, watches: tuple[Stopwatch, ...]) -> tuple[Stopwatch, ...]:
        """The stopwatches at a position, as they were before it."""
        snapshot, tally = node.snapshot, node.tally
        return tuple([one.at(watch, snapshot, tally) for one, watch in zip(self._responses, watches, strict=True)])

    def _late(self, node: _Node, response: _Response, watch: Stopwatch) -> _Node | None:
        """The same run with time passing until the response is late; None when timers bring the goal first."""
        assert watch.deadline is not None
        at = watch.deadline + 1
        try:
            step = self.engine.advance(node.snapshot, at)
        except (TimeStopped, WiresOverlap):
            return None
        tally = node.tally
        for taken in step.timed:
            tally = tallied(tally, taken.effects)
            watch = response.at(watch, taken.after, tally)
        if not response.at(watch, step.after, tally).late:
            return None
        return _Node(step.after, tally, node, Stimulus(None, at), node.watches)

    def _children(self, node: _Node, met: dict[str, _Node]) -> Iterator[_Node]:
        for sent, snapshot, step in self._attempts(node.snapshot):
            tally = tallied(node.tally, step.effects) if self.counts else {}
            child = _Node(step.after, tally, node, sent)
            child = attrs.evolve(child, watches=self._watched(child, node.watches)) if self._responses else child
            if self._of_steps is not None:
                taken = partial(seen_steps, self.engine, snapshot, sent.event, sent.at, step, node.tally)
                for name in self._of_steps.met_by(taken, met):
                    met.setdefault(name, child)
            yield child

    def steps_from(self, snapshot: Snapshot) -> Iterator[tuple[Stimulus, Step]]:
        """Everything worth trying from a snapshot, with the step."""
        return ((sent, step) for sent, _, step in self._attempts(snapshot))

    def _attempts(self, snapshot: Snapshot) -> Iterator[tuple[Stimulus, Snapshot, Step]]:
        """Everything worth trying from a snapshot, with the snapshot as its keys are called then, and the step."""
        by_key = cache(lambda: self._by_key(snapshot))
        for event, at in self.moves(snapshot):
            if event is not None:
                yield Stimulus(event, at), snapshot, self.engine.step(snapshot, event, at)
                continue
            with suppress(TimeStopped, WiresOverlap):
                for names, called, step in orders(self.engine, snapshot, at, lambda part, key: by_key()[key]):
                    yield Stimulus(None, at, names), called, step

    def moves(self, snapshot: Snapshot) -> Iterator[tuple[object | None, int]]:
        """Everything worth trying from a snapshot: each event that is taken now, and each instant worth waiting for; time alone between two timers."""
        if is_between(snapshot):
            yield None, snapshot.now
            return
        kinds, numbers = self._by_key(snapshot), numbers_now(self.engine, snapshot)
        for event in self.engine.system.events:
            for payload in self._payloads(event, kinds, numbers):
                made = event(**payload)
                if self.engine.takes(snapshot, made, event, snapshot.now):
                    yield made, snapshot.now
        yield from ((None, instant) for instant in self.instants(snapshot))

    def next_moves(self, snapshot: Snapshot) -> Iterator[tuple[object | None, int]]:
        """The same, of instants the next one alone: for who asks what is so on the way, too, and goes on from there."""
        for event, at in self.moves(snapshot):
            yield event, at
            if event is None:
                return  # instants come last, the next one first

    def instants(self, snapshot: Snapshot) -> list[int]:
        """Those worth waiting for: when a timer falls due, and around the times in state that guards speak of."""
        later = set[int]()
        if snapshot.due is not None:
            later |= {snapshot.due, snapshot.due - 1} if self.just_in_time else {snapshot.due}
        for part, ages in zip(snapshot.parts, self._ages, strict=True):
            for instance in (part,) if isinstance(part, Instance) else part.values():
                if instance.state in ages.states:
                    values = [instance[slot] + step for slot in ages.compared for step in (0, 1)]
                    later |= {instance.since + point for point in (*ages.points, *values)}
        return sorted(at for at in later if at > snapshot.now and (snapshot.due is None or at <= snapshot.due))

    def payloads(self, snapshot: Snapshot, event: type) -> Iterator[dict[str, Any]]:
        """Payloads that can make a difference: keys of each kind there is and new ones, as many as the event has fields for keys."""
        return self._payloads(event, self._by_key(snapshot), numbers_now(self.engine, snapshot))

    def _payloads(self, event: type, kinds: Kinds, numbers: frozenset[int]) -> Iterator[dict[str, Any]]:
        """The same, of what is read of a snapshot once for all events."""
        keyed, refs = self._keyed[event], field_refs(event)
        known = _of_each_kind(kinds, len(keyed)) if keyed else []
        choices = dict(self._choices(event))
        for name, ref in refs.items():
            if name in keyed:
                part = self.engine.system.part(keyed[name][0])
                assert isinstance(part, Each)
                choices[name] = [*known, *self._new_keys(part, ref.domain, kinds, len(keyed))]
            elif isinstance(ref.domain, Integers):
                choices[name] = worth_trying(self.engine.system, event, ref, numbers)
        for picked in product(*choices.values()):
            yield dict(zip(choices, picked, strict=True))

    def _fixed_choices(self, event: type) -> dict[str, list[Any]]:
        """For each field of an event what is tried in it at every snapshot; nothing yet where that depends on the snapshot."""
        choices: dict[str, list[Any]] = {}
        for name, ref in field_refs(event).items():
            if name in self._keyed[event] or isinstance(ref.domain, Integers):
                choices[name] = []
            elif isinstance(ref.domain, Opaque):
                choices[name] = [sample_of(ref)]
            else:
                choices[name] = worth_trying(self.engine.system, event, ref)
        return choices

    def _new_keys(self, part: Each, domain: Domain, used: Container[Hashable], many: int) -> list[Hashable]:
        """So many keys that no instance has."""
        return new_keys(part.key, domain, used, many)

    def _by_key(self, snapshot: Snapshot) -> Kinds:
        """For each key what it stands for, in every part: an event may name one key in several."""
        found: dict[Hashable, list[Hashable]] = {}
        for place, part in enumerate(snapshot.parts):
            if not isinstance(part, Instance):
                for key, instance in part.items():
                    found.setdefault(key, []).append((place, self._kind(place, instance, snapshot.now)))
        return {key: tuple(kinds) for key, kinds in found.items()}

    def canonical(self, snapshot: Snapshot, tally: Tally, watches: tuple[Stopwatch, ...] = ()) -> Hashable:
        """The same for snapshots that no event and no property can tell apart."""
        ones = tuple(
            self._kind(place, part, snapshot.now)
            for place, part in enumerate(snapshot.parts)
            if isinstance(part, Instance)
        )
        kinds = Counter(self._by_key(snapshot).values())
        late = tuple([None if one.deadline is None else max(one.deadline - snapshot.now, -1) for one in watches])
        return (ones, frozenset(kinds.items()), late, frozenset(tally.items()) if self.counts else None)

    def _kind(self, place: int, instance: Instance, now: int) -> Hashable:
        ages = self._ages[place]
        age = min(now - instance.since, ages.cap) if instance.state in ages.states else None
        return (instance.state, age, instance.spent, *[instance[slot] for slot in self._slots[place]])

    def _traces(self, met: dict[str, _Node]) -> dict[str, Trace]:
        return {name: replay(self.engine, sendings(self.engine, _way(node))) for name, node in met.items()}


def search(engine: Engine, goals: Mapping[str, Goal], budget: int = BUDGET, *, just_in_time: bool = False) -> Found:
    """Shortest runs of a compiled system to each of the goals, by what such a `Search` tries."""
    return Search(engine, goals, budget, just_in_time=just_in_time).run()


def _of_each_kind(kinds: Kinds, many: int) -> list[Hashable]:
    """So many keys of each kind, where there are so many."""
    met: Counter[Hashable] = Counter()
    chosen: list[Hashable] = []
    for key, kind in kinds.items():
        met[kind] += 1
        if met[kind] <= many:
            chosen.append(key)
    return chosen


def _way(node: _Node) -> list[Stimulus]:
    way: list[Stimulus] = []
    while node.parent is not None:
        way.append(node.sent)
        node = node.parent
    return way[::-1]


def _test(engine: Engine, formula: Formula) -> Test:
    """The formula of a snapshot: compiled where the closures know every leaf, walked where not."""
    if counts_effects(formula) or any(isinstance(node, ForEach) for node in walk(formula)):
        return lambda snapshot, tally: holds(engine, formula, snapshot, tally)
    closure: Closure = compile_expression(with_values(formula, engine.params), system_leaf(engine.system))
    return lambda snapshot, tally: bool(closure(snapshot.parts, None, snapshot.now, None))
