"""What of a declaration the proofs' runs and its derived tests go through: states, transitions, guards both ways, rules both ways.

A transition counts for each of its states. A guard has two outcomes, it held or it did not, when its
event came; so has a rule. Of the machines inside a system those transitions count that something sends.

What it can never say: that what was gone through was looked at well. That is what mutants are for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fsm.errors import BadInput, WiresOverlap
from fsm.language.composition import as_system, localize
from fsm.language.domains import Booleans, Integers
from fsm.language.expressions import Const, Formula
from fsm.language.formulas import after, before, happens, inside
from fsm.language.leaves import Clock, FieldRef, ForEach
from fsm.language.machine import Machine, State, Transition
from fsm.language.parameters import Profile
from fsm.language.parts import Each, Part
from fsm.language.printing import label
from fsm.language.properties import POSSIBLE
from fsm.language.snapshot import Instance, Snapshot
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.obstacles import CannotMove, RuleForbids
from fsm.runtime.refusal import EventRefused, Refusal
from fsm.traces.causes import considered, taken_transitions
from fsm.traces.replay import replay
from fsm.traces.steps import TraceStep
from fsm.traces.trace import Trace
from fsm.verification.decide.decide import decide
from fsm.verification.decide.profiles import is_duration, suggest
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.wellformedness import check, taken_by
from fsm.verification.definition import checks_of
from fsm.verification.encoding.terms import disj
from fsm.verification.engines.induction import Induction
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal
from fsm.verification.solver import No
from fsm.verification.testing.failures import RunFailed
from fsm.verification.testing.stateful import stateful

__all__ = ["Coverage", "Item", "cover", "items_of"]

Item = tuple[str, str]
"""The kind of a thing that can be exercised, and its words; both tell it apart."""

KINDS = ("state", "transition", "guard holds", "guard does not", "rule holds", "rule forbids")
ROUNDS = 1
"""How many times the derived test of one profile is run, each time for a few runs."""
FAR = 4_000
"""How many snapshots a search for one transition meets."""
RUNS, STEPS = 5, 40
"""How many runs of the derived test at a time, and of how many steps."""


@attrs.frozen
class Coverage:
    """What was exercised, and by whom.

    Attributes:
        kind, name: of the machine or system.
        items: everything that there is to exercise, in the order of the declaration.
        proofs: what runs of proofs went through.
        tests: what derived tests went through.
    """

    kind: str
    name: str
    items: tuple[Item, ...]
    proofs: frozenset[Item]
    tests: frozenset[Item]

    @property
    def unexercised(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item not in self.proofs | self.tests)

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        items = [
            {
                "kind": kind,
                "what": what,
                "by": [by for by, done in (("proofs", self.proofs), ("tests", self.tests)) if (kind, what) in done],
            }
            for kind, what in self.items
        ]
        return {
            "kind": self.kind,
            "name": self.name,
            "exercised": len(self.items) - len(self.unexercised),
            "items": items,
        }


def cover(
    target: Machine | System,
    profiles: Iterable[Profile] = (),
    *,
    rounds: int = ROUNDS,
    progress: Callable[[str], None] = lambda sentence: None,
) -> Coverage:
    """What proofs and derived tests of a machine or system exercise.

    Args:
        profiles: under which the derived tests are run, besides the defaults, all switches turned, and small numbers.
        rounds: how often for each of them, while they leave something out; 0 for the proofs alone.
        progress: told what is being run.
    """
    system = as_system(target)
    items = items_of(system)
    proofs: set[Item] = set()
    progress("the runs of the proofs")
    everywhere = Prover(system)
    first = Prover(system, system.profiles[0].within(system.parameters).values if system.profiles else {})
    for engine, trace in _runs(target, everywhere, first):
        proofs |= _of_trace(engine, trace)
    progress("runs to what these leave out")
    for part, source, one in _transitions(system):
        if ("transition", _line(part, source, one)) not in proofs:
            for engine, trace in _to(everywhere, part, source, one):
                proofs |= _of_trace(engine, trace)
    for item, (goal, events) in _refusing(system).items():
        if item not in proofs:
            proofs |= _refused_at(everywhere, goal, events)
    if not set(items) <= proofs:  # a proof of what never happens finds no run, and a refutation is rare
        for claim in system.properties:
            if claim.modality not in POSSIBLE:
                decide(first, claim)
        proofs |= {item for engine, trace in first.runs for item in _of_trace(engine, trace)}
    tests: set[Item] = set()
    tried = _profiles(system, profiles)
    for number in range(rounds):
        for profile in tried:
            if set(items) <= tests:
                break
            progress(f"derived tests, round {number + 1}")
            tests |= _of_tests(target, profile, number)
    kind = "machine" if isinstance(target, Machine) else "system"
    return Coverage(kind, target.name, items, frozenset(proofs), frozenset(tests))


def _runs(target: Machine | System, everywhere: Prover, first: Prover) -> Iterator[tuple[Engine, Trace]]:
    """The runs that show the definition to be sound, for every profile, and what is possible, under the first one."""
    for check_ in checks_of(target):
        check(everywhere, check_)
    for claim in first.system.properties:
        if claim.modality in POSSIBLE:
            decide(first, claim)
    yield from (*everywhere.runs, *first.runs)


def _to(everywhere: Prover, part: Part, source: State, one: Transition) -> list[tuple[Engine, Trace]]:
    """A run that takes a transition, under a profile that allows it."""
    induction = everywhere.induction
    if not isinstance(induction, Induction):
        return []
    ways = [
        taken_by(event, branch)
        for event in induction.counting.occurrences
        for branch in event.branches
        if one in branch.transitions
    ]
    profile = suggest(induction, disj(ways))
    if isinstance(profile, No):
        return []
    before = len(everywhere.runs)
    everywhere.search(profile, {"it": Goal(_never(part, source, one), of_steps=True, line=one)}, FAR)
    return [
        longer for run in everywhere.runs[before:] for longer in _and_on(*run, _senders(everywhere.system, part, one))
    ]


def _and_on(engine: Engine, trace: Trace, events: list[type]) -> Iterator[tuple[Engine, Trace]]:
    """A run, and the same with one step more: a guard that compares a field may need what a first step has left behind."""
    yield engine, trace
    search = Search(engine, {})
    for event in events:
        for payload in search.payloads(trace.last, event):
            with suppress(EventRefused, WiresOverlap):
                yield engine, replay(engine, (*trace.events, (event(**payload), trace.last.now)))


def _senders(system: System, part: Part, one: Transition) -> list[type]:
    """The events of callers that make a part take a transition."""
    sent = [
        wire.event for wire in system.all_wires for move in wire.moves if move.part is part and move.action is one.event
    ]
    return [event for event in dict.fromkeys(sent) if isinstance(event, type)]


def _never(part: Part, source: State, one: Transition) -> Formula:
    """As a claim on steps, that a transition is never taken; its guard only as far as no field is in it."""
    plain = one.guard is None or any(isinstance(node, FieldRef | Clock) for node in walk(one.guard))
    here = inside(source) if plain or one.guard is None else inside(source) & one.guard
    never = ~(before(here) & happens(one.event) & after(inside(one.target or source)))
    return ForEach(part, never) if isinstance(part, Each) else localize(never, part)


def _refusing(system: System) -> dict[Item, tuple[Formula, list[type]]]:
    """For each guard that may say no and each rule that may forbid: where to stand, and which events to send there."""
    found: dict[Item, tuple[Formula, list[type]]] = {}
    for part, source, one in _transitions(system):
        if one.guard is not None and one.duration is None:
            goal = (
                part.any(source)
                if isinstance(part, Each) and source != part.machine.initial
                else None
                if isinstance(part, Each)
                else part.inside(source)
            )
            found.setdefault(
                ("guard does not", _guard(part, one)),
                (Const(True) if goal is None else goal, _senders(system, part, one)),
            )
    for rule in system.rules:
        goal = Const(True) if any(isinstance(node, FieldRef) for node in walk(rule.when)) else ~rule.when
        found["rule forbids", rule.name] = (goal, list(rule.on))
    return found


def _refused_at(everywhere: Prover, goal: Formula, events: list[type]) -> set[Item]:
    """What refuses these events, with every payload that can make a difference, where a run to the goal ends."""
    found: set[Item] = set()
    trace = everywhere.find({"it": Goal(goal)}).get("it")
    if trace is not None:
        engine = everywhere.engine(dict(trace.profile))
        search = Search(engine, {})
        for event in events:
            for payload in search.payloads(trace.last, event):
                refusal = engine.why_not(trace.last, event(**payload), trace.last.now)
                found |= set() if refusal is None else _of_refusal(engine, refusal)
    return found


def _transitions(system: System) -> Iterator[tuple[Part, State, Transition]]:
    """The transitions that something sends, once for each state they leave."""
    for part in system.parts:
        sent = {move.action for wire in system.all_wires for move in wire.moves if move.part is part} | set(
            part.machine.timed_events
        )
        yield from (
            (part, source, one) for one in part.machine.transitions if one.event in sent for source in one.sources
        )


def _profiles(system: System, given: Iterable[Profile]) -> list[dict[str, Any]]:
    """The defaults, all switches the other way, small numbers, both, then those given; each once."""
    turned: dict[str, Any] = {
        param.name: not param.default for param in system.parameters if isinstance(param.domain, Booleans)
    }
    small: dict[str, Any] = {
        param.name: 1
        for param in system.parameters
        if isinstance(param.domain, Integers) and param.domain.contains(1) and not is_duration(system, param)
    }
    found: list[dict[str, Any]] = []
    for values in ({}, turned, small, turned | small, *map(dict, given)):
        whole = _allowed(system, values)
        if whole not in found:
            found.append(whole)
    return found


def _allowed(system: System, values: Profile) -> dict[str, Any]:
    """The defaults with as many of these values as the assumptions allow, one after the other."""
    whole: dict[str, Any] = {}
    for name, value in values.items():
        try:
            prepare(system, {**whole, name: value})
        except BadInput:
            continue
        whole[name] = value
    return whole


# What there is


def items_of(system: System) -> tuple[Item, ...]:
    """Everything that there is to exercise."""
    found: list[Item] = []
    for part in system.parts:
        found += [("state", f"{part.name} {state.name}") for state in part.machine.states]
    for part, source, one in _transitions(system):
        found.append(("transition", _line(part, source, one)))
        found += [
            (outcome, _guard(part, one)) for outcome in ("guard holds", "guard does not") if one.guard is not None
        ]
    found += [(outcome, rule.name) for rule in system.rules for outcome in ("rule holds", "rule forbids")]
    return tuple(sorted(dict.fromkeys(found), key=lambda item: KINDS.index(item[0])))


def _line(part: Part, source: State, one: Transition) -> str:
    guard = "" if one.guard is None else f" when {one.guard}"
    return f"{part.name} {source.name} on {label(one.event)}{guard} to {(one.target or source).name}"


def _guard(part: Part, one: Transition) -> str:
    assert one.guard is not None
    return f"{part.name} {' or '.join(dict.fromkeys(state.name for state in one.sources))} on {label(one.event)} when {one.guard}"


# What was gone through


def _of_trace(engine: Engine, trace: Trace) -> set[Item]:
    found = set(_states(engine, trace.start))
    for step in trace.steps:
        found |= _of_step(engine, step)
    return found


def _of_step(engine: Engine, step: TraceStep) -> set[Item]:
    found = set(_states(engine, step.after))
    for name, key, one in taken_transitions(engine, step):
        part = engine.system.part(name)
        found.add(("transition", _line(part, _source(part, step.before, key), one)))
    for name, _, one, holds in considered(engine, step):
        if one.guard is not None:
            found.add(("guard holds" if holds else "guard does not", _guard(engine.system.part(name), one)))
    for moved in step.moved:
        part = engine.system.part(moved.part)
        lapsed = [
            one
            for one in part.machine.timers(_named(part, moved.before.state))
            if one.event in moved.lapsed and one.guard is not None
        ]
        found |= {("guard does not", _guard(part, one)) for one in lapsed}
    return found | {("rule holds", rule.name) for rule in engine.system.rules if type(step.given) in rule.on}


def _states(engine: Engine, snapshot: Snapshot) -> Iterator[Item]:
    for part in engine.system.parts:
        held = snapshot[part.name]
        there = [held] if isinstance(held, Instance) else [*held.values()]
        yield from (("state", f"{part.name} {one.state}") for one in there)
        if isinstance(part, Each):  # whoever is not there is where it begins
            yield "state", f"{part.name} {part.machine.initial.name}"


def _source(part: Part, snapshot: Snapshot, key: Hashable) -> State:
    held = snapshot[part.name]
    instance = held.get(key) if isinstance(part, Each) else held
    return part.machine.initial if instance is None else _named(part, instance.state)


def _named(part: Part, state: str) -> State:
    return next(one for one in part.machine.states if one.name == state)


def _of_refusal(engine: Engine, refusal: Refusal) -> set[Item]:
    """The rules that forbade, and the guards that said no."""
    found: set[Item] = set()
    for obstacle in refusal.obstacles:
        match obstacle:
            case RuleForbids(rule=rule):
                found.add(("rule forbids", rule))
            case CannotMove(part=name, state=state, action=action):
                part = engine.system.part(name)
                leaving = part.machine.leaving(_named(part, state))
                found |= {
                    ("guard does not", _guard(part, one))
                    for one in leaving
                    if one.event is action and one.guard is not None
                }
            case _:
                pass
    return found


class _Noting:
    """The declaration itself in the place of an implementation: it notes what it goes through (an `Adapter`)."""

    def __init__(self, engine: Engine, found: set[Item]) -> None:
        self.engine, self.found = engine, found

    def start(self, at: int) -> None:
        self.snapshot = self.engine.start(at)
        self.found |= set(_states(self.engine, self.snapshot))

    def send(self, event: object, at: int) -> bool:
        try:
            self._note(event, at)
        except EventRefused as refused:
            self.found |= _of_refusal(self.engine, refused.refusal)
            self._note(None, at)
            return False
        return True

    def wait(self, to: int) -> None:
        self._note(None, to)

    def _note(self, event: object | None, at: int) -> None:
        trace = replay(self.engine, [(event, at)], start=self.snapshot)
        self.found |= _of_trace(self.engine, trace)
        self.snapshot = trace.last

    def observe(self) -> Mapping[str, object]:
        held = {part.name: self.snapshot[part.name] for part in self.engine.system.parts}
        return {
            name: one.state if isinstance(one, Instance) else {key: each.state for key, each in one.items()}
            for name, one in held.items()
        }


def _of_tests(target: Machine | System, profile: Profile, number: int) -> set[Item]:
    """What a few runs of the derived test go through, the same ones every time for a number."""
    found: set[Item] = set()
    engine = prepare(target, profile)
    derived = stateful(target, profile, implementation=lambda: _Noting(engine, found))
    derived = type(f"{derived.__name__}{number}", (derived,), {})  # what is drawn depends on the name
    chosen = settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=RUNS,
        stateful_step_count=STEPS,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    with suppress(RunFailed):  # a claim that is refuted ends a run early; what was gone through counts
        run_state_machine_as_test(derived, settings=chosen)
    return found
