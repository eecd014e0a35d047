"""Claims about systems drawn at random, and what an enumeration through the public step has to say of them.

The systems are those of `tests/systems.py`, without the parameters they do not mention, some with an assumption on those that are left;
`claims(system)` draws properties of each kind. `Enumeration` looks at the runs under one profile with a few keys: plain and slow,
it shares nothing with `fsm.verification.search`, and merges nothing but what a shift of all instants makes equal. Of a bounded
response it keeps the deadline of *every* position that asks for the goal, as the definition says it.

Most of the systems have names that meet: each other's, and those that encodings use (`adversarial_names`).

It never says that something holds, except where it came to an end with all the keys that there can be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import product
from typing import Any

import attrs
from hypothesis import strategies as st

from fsm import (
    Assumption,
    DefinitionError,
    Engine,
    EventRefused,
    Modality,
    NamedProfile,
    Property,
    Snapshot,
    Step,
    System,
    TimeStopped,
    always,
    can_happen,
    each_step,
    emitted,
    for_each,
    happens,
    inside,
    leads_to,
    reachable,
    recoverable,
    within,
)
from fsm.language.domains import Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Formula, Param
from fsm.language.formulas import after as later
from fsm.language.formulas import before as sooner
from fsm.language.leaves import Clock
from fsm.language.parts import Each, One
from fsm.language.snapshot import Instance, taken_in_turn
from fsm.runtime.engine import prepare
from fsm.semantics.evaluation import interpret
from fsm.semantics.satisfaction import Tally, counts_effects, holds, holds_of_step, seen_steps, tallied
from fsm.traces import Trace, TraceStep, replay
from fsm.verification import Proved, Refuted, Verdict

from ..systems import Done, formulas, known_at_first, system_leaves, systems  # noqa: TID252  # the suite is no installed package
from .adversarial_names import called_otherwise

__all__ = ["Enumeration", "allowed_profiles", "bounded", "contradiction", "systems_with_claims"]

OLD = 7
"""No guard drawn here tells times in state apart beyond this many milliseconds."""


# What is claimed


@st.composite
def systems_with_claims(draw: st.DrawFn) -> System:
    """A system with properties of each kind."""
    system = lightened(draw(systems(claims=True)))
    if system.parameters and draw(st.integers(0, 2)) == 0:
        system = assuming(system, draw(formulas(system.parameters)))
    if system.parameters and draw(st.integers(0, 3)) == 0:
        values = {one.name: draw(st.sampled_from(list(one.domain.values()))) for one in system.parameters}  # type: ignore[union-attr]  # finite here
        system = with_profile(system, values)
    system = attrs.evolve(system, properties=draw(claims(system)))
    return system if draw(st.integers(0, 3)) == 3 else draw(called_otherwise(system))


def lightened(system: System) -> System:
    """The system without the parameters that it does not mention."""
    for param in system.parameters:
        try:
            system = attrs.evolve(system, parameters=tuple(one for one in system.parameters if one is not param))
        except DefinitionError:
            continue
    return system


def assuming(system: System, that: Formula) -> System:
    """The system with an assumption, where something satisfies it; the defaults need not."""
    try:
        return attrs.evolve(system, assumptions=(Assumption("drawn", that),))
    except DefinitionError:
        return system


def with_profile(system: System, values: dict[str, Any]) -> System:
    """The system with a profile that has a name, where the assumptions allow it."""
    try:
        return attrs.evolve(system, profiles=(NamedProfile("drawn", values),))
    except DefinitionError:
        return system


def allowed_profiles(system: System) -> list[dict[str, Any]]:
    """Every choice of values that the assumptions allow."""
    names = [param.name for param in system.parameters]
    choices = product(*(param.domain.values() for param in system.parameters))  # type: ignore[union-attr]  # finite here
    profiles = [dict(zip(names, picked, strict=True)) for picked in choices]
    return [one for one in profiles if all(interpret(that.that, params=one) for that in system.assumptions)]


@st.composite
def claims(draw: st.DrawFn, system: System) -> tuple[Property, ...]:
    leaves = [leaf for leaf in system_leaves(system.parts) if not _is_foreign(system, leaf)]
    about = formulas(leaves)
    numbers = [leaf for leaf in leaves if isinstance(leaf.domain, Integers)]
    made = [
        always("first", draw(about)),
        always("second", draw(about) >> draw(about)),
        each_step("step", sooner(draw(about)) >> later(draw(about))),
        reachable("can", draw(about)),
        can_happen("may", sooner(draw(about)) & later(draw(about))),
        recoverable("again", draw(about)),
        recoverable("again from there", draw(about), wherever=draw(about)),
        leads_to(
            "comes",
            draw(about),
            draw(about),
            fair=draw(st.sets(st.sampled_from(system.events))) if system.events else (),
        ),
        draw(bounded("soon", system)),
    ]
    if system.events:
        called = draw(st.sampled_from(system.events))
        made.append(each_step("by event", (sooner(draw(about)) & ~later(draw(about))) >> happens(called)))
        made.append(can_happen("by it", happens(draw(st.sampled_from(system.events))) & later(draw(about))))
    for part in system.parts:
        made += draw(claims_about_each(part) if isinstance(part, Each) else claims_about_one(part, numbers))
    if any(line.effects for part in system.parts for line in part.machine.transitions):
        made.append(always("counted", emitted(Done) <= draw(st.sampled_from([0, 1, 2, *numbers]))))
        made.append(always("counted too", emitted(Done) >= draw(st.sampled_from(numbers or [1]))))
    return tuple(made)


@st.composite
def claims_about_one(draw: st.DrawFn, part: One, numbers: list[Any]) -> list[Property]:
    """How long it stays somewhere, that it is never somewhere, and what its variables are."""
    machine, own = part.machine, [part[variable] for variable in part.machine.variables]
    where = draw(st.sampled_from([state for state in machine.states if machine.timers(state)] or machine.states))
    lengths = [0, 1, 2, 3, *numbers] + 3 * [leaf for leaf in own if isinstance(leaf.domain, Integers)]
    made = [always(f"time in {part.name}", part.inside(where) >> (Clock(part) <= draw(st.sampled_from(lengths))))]
    made.append(always(f"never last in {part.name}", ~part.inside(machine.states[-1])))
    late = Clock(part) >= draw(st.sampled_from([1, 2, 3, OLD - 1]))
    made.append(recoverable(f"waits in {part.name}", part.inside(where) & late))
    if own:
        made.append(always(f"known of {part.name}", known_at_first(draw(formulas(own)))))
    return made


@st.composite
def claims_about_each(draw: st.DrawFn, part: Each) -> list[Property]:
    """What holds of each instance, and that there are as many of one kind as of another."""
    machine = part.machine
    kinds: list[Any] = [machine.states[1:]] if len(machine.states) > 2 else []
    kinds += [[variable == value for value in variable.domain.values()] for variable in machine.variables]  # type: ignore[union-attr]  # finite here
    pairs = [draw(st.permutations(kind))[:2] for kind in kinds]
    made = [
        always(f"as many in {part.name} {place}", part.count(some) <= part.count(others))
        for place, (some, others) in enumerate(pairs)
    ]
    made.append(always(f"never last in {part.name}", part.none(machine.states[-1])))
    if machine.variables:
        made.append(always(f"each of {part.name}", for_each(part, draw(formulas(machine.variables)))))
    made.append(draw(of_many(part)))
    return made


@st.composite
def of_many(draw: st.DrawFn, part: Each) -> Property:
    """Claims that look at all instances together: a sum of counts, what each of them comes to, and what is never lost."""
    states = part.machine.states[1:]
    one, other = draw(st.sampled_from(states)), draw(st.sampled_from(states))
    each_there = for_each(part, draw(formulas(part.machine.variables)) if part.machine.variables else inside(one))
    name = f"many of {part.name}"
    match draw(st.integers(0, 4)):
        case 0:
            return always(name, part.count(one) + part.count(other) <= draw(st.integers(0, 3)))
        case 1:
            return each_step(name, sooner(part.count(one) + part.count(other) > 0) >> later(each_there))
        case 2:
            return reachable(name, part.any(one) & each_there)
        case 3:
            return leads_to(name, part.any(one), each_there)
    return recoverable(name, part.none(one), wherever=each_there)


@st.composite
def bounded(draw: st.DrawFn, sentence: str, system: System) -> Property:
    """A bounded response, of so many milliseconds or of as many as a parameter says."""
    about = formulas([leaf for leaf in system_leaves(system.parts) if not _is_foreign(system, leaf)])
    lengths: list[Any] = [1, 2, 3, 4]
    for param in system.parameters:
        if isinstance(param.domain, Integers) and (param.domain.low or 0) >= 1:
            lengths += [param, param + 1, param + 1]
    return within(sentence, draw(st.sampled_from(lengths)), draw(about), draw(about))


def _is_foreign(system: System, leaf: Expr[Any]) -> bool:
    """A parameter that the system does not have."""
    return isinstance(leaf, Param) and all(leaf is not own for own in system.parameters)


# What is seen


Waiting = dict[str, frozenset[int]]
"""For each bounded response the deadlines, in milliseconds, of every position that asked and was not answered."""
Node = tuple[Snapshot, Waiting, Tally]
"""A snapshot, with what of the past claims ask for; effects are counted only where one does."""
Edge = tuple[Hashable, type | None, bool]
"""Where a step leads, the class of the event that was sent, None where time passed, and whether it did."""


@attrs.define(eq=False)
class Enumeration:
    """Runs under one profile with a few keys, by breadth, as far as a budget goes.

    Attributes:
        seen: the snapshots met, one of each kind, in order; those between two timers of one instant among them.
        edges: for each of them that was looked at, what one event, timer or tick makes of it.
        whole: every run under the profile was looked at, up to renaming.
        broken: the sentences of `always`, `each_step` and `within` that some run breaks.
        happened: the sentences of `can_happen` that some step is.
    """

    engine: Engine
    budget: int
    seen: list[Snapshot] = attrs.field(init=False, factory=list)
    edges: dict[Hashable, set[Edge]] = attrs.field(init=False, factory=dict)
    whole: bool = attrs.field(init=False, default=False)
    broken: set[str] = attrs.field(init=False, factory=set)
    happened: set[str] = attrs.field(init=False, factory=set)

    def run(self, first: Snapshot) -> Enumeration:
        """Everything from a snapshot on, until the budget is spent."""
        keys, enough = few_keys(self.engine, first)
        events = list(all_events(self.engine.system, keys))
        queue: list[Node] = [(first, self._look(first, {}, {}), {})]
        known = {_node(*queue[0])}
        met = {kind(first): first}
        stopped = False
        for node in queue:
            snapshot, *_ = node
            for event, at, step in self._steps(snapshot, events):
                if step is None:
                    stopped = True
                    continue
                child = self._follow(node, event, at, step)
                self._note(snapshot, event, at, step, met)
                if _node(*child) not in known:
                    known.add(_node(*child))
                    queue.append(child)
            if len(known) >= self.budget:
                break
        else:
            self.whole = enough and not stopped
        self.seen = list(met.values())
        return self

    def along(self, trace: Trace) -> Enumeration:
        """The run of a trace alone."""
        snapshot = self.engine.start(trace.start.now)
        node: Node = snapshot, self._look(snapshot, {}, {}), {}
        self.seen = [snapshot]
        for event, at in trace.events:
            snapshot, *_ = node
            step = self.engine.advance(snapshot, at) if event is None else self.engine.step(snapshot, event, at)
            node = self._follow(node, event, at, step)
            self.seen += [*(one.after for one in step.timed), step.after]
        return self

    def _steps(self, snapshot: Snapshot, events: list[object]) -> Iterator[tuple[object | None, int, Step | None]]:
        """Every event now, and a millisecond; None where time stops."""
        for event in events:
            try:
                yield event, snapshot.now, self.engine.step(snapshot, event, snapshot.now)
            except EventRefused:
                continue
        try:
            yield None, snapshot.now + 1, self.engine.advance(snapshot, snapshot.now + 1)
        except TimeStopped:
            yield None, snapshot.now + 1, None

    def _note(
        self, snapshot: Snapshot, event: object | None, at: int, step: Step, met: dict[Hashable, Snapshot]
    ) -> None:
        """The snapshots on the way of a step, and the steps between them."""
        way = [one.after for one in step.timed]
        way = [*way[:-1], step.after] if event is None and way else [*way, step.after]
        before, waits = snapshot, at > snapshot.now
        for after in way:
            called = type(event) if event is not None and after is way[-1] else None
            self.edges.setdefault(kind(before), set()).add((kind(after), called, waits))
            met.setdefault(kind(after), after)
            before, waits = after, False

    def _follow(self, node: Node, event: object | None, at: int, step: Step) -> Node:
        """Look at everything on the way of a step; where it leads."""
        snapshot, waiting, tally = node
        for one in seen_steps(self.engine, snapshot, event, at, step, {}):
            self.broken |= {
                claim.sentence
                for claim in self._of(Modality.EACH_STEP)
                if not holds_of_step(self.engine, claim.formula, one)
            }
            self.happened |= {
                claim.sentence
                for claim in self._of(Modality.CAN_HAPPEN)
                if holds_of_step(self.engine, claim.formula, one)
            }
        for taken in taken_in_turn(snapshot, event, at, step):
            tally = self._counted(tally, taken.effects)
            waiting = self._look(taken.after, waiting, tally)
        return step.after, waiting, tally

    def _counted(self, tally: Tally, effects: tuple[object, ...]) -> Tally:
        asked = any(counts_effects(claim.formula) for claim in self._of(Modality.ALWAYS))
        return tallied(tally, effects) if asked else tally

    def _look(self, snapshot: Snapshot, waiting: Waiting, tally: Tally) -> Waiting:
        self.broken |= {
            claim.sentence
            for claim in self._of(Modality.ALWAYS)
            if not holds(self.engine, claim.formula, snapshot, tally)
        }
        found: Waiting = {}
        for claim in self._of(Modality.WITHIN):
            assert claim.premise is not None
            assert claim.duration is not None
            deadlines = waiting.get(claim.sentence, frozenset())
            if any(snapshot.now > deadline for deadline in deadlines):
                self.broken.add(claim.sentence)
                deadlines = frozenset()
            if holds(self.engine, claim.premise, snapshot, {}):
                deadlines |= {snapshot.now + interpret(claim.duration, params=self.engine.params)}
            met = holds(self.engine, claim.formula, snapshot, {})
            found[claim.sentence] = frozenset() if met else deadlines
        return found

    def _of(self, modality: Modality) -> list[Property]:
        return [claim for claim in self.engine.system.properties if claim.modality is modality]

    def meets(self, goal: Formula) -> bool:
        """Whether some snapshot met satisfies a formula."""
        return any(holds(self.engine, goal, snapshot, {}) for snapshot in self.seen)

    def _where(self, formula: Formula) -> set[Hashable]:
        return {kind(one) for one in self.seen if holds(self.engine, formula, one, {})}

    def loses(self, goal: Formula, wherever: Formula) -> bool:
        """Whether from some snapshot of a region no way in it leads to the goal; says something only where the enumeration is whole."""
        region, saved = self._where(wherever), self._where(goal)
        todo = list(saved)
        back: dict[Hashable, set[Hashable]] = {}
        for source, edges in self.edges.items():
            for target, _, _ in edges:
                back.setdefault(target, set()).add(source)
        while todo:
            for source in back.get(todo.pop(), set()) & region - saved:
                saved.add(source)
                todo.append(source)
        return bool(region - saved)

    def keeps_away(self, start: Formula, goal: Formula, fair: tuple[type, ...]) -> bool:
        """Whether some fair run goes round for ever without the goal, from where it was asked for."""
        met, between = self._where(goal), {kind(one) for one in self.seen if one.due is not None and one.due <= one.now}
        inside = {
            node: {edge for edge in edges if edge[0] not in met}
            for node, edges in self.edges.items()
            if node not in met
        }
        begins = self._where(start) - met
        ahead = {node: _reached(inside, node) for node in begins.union(*(_reached(inside, node) for node in begins))}
        for node, reached in ahead.items():
            group = {other for other in reached if node in ahead[other]}
            edges = {edge for one in group for edge in inside[one] if edge[0] in group}
            denied = [
                event
                for event in fair
                if event not in {called for _, called, _ in edges}
                and all(event in {called for _, called, _ in self.edges[one]} for one in group - between)
            ]
            if any(waits for _, _, waits in edges) and not denied:
                return True
        return False


def _reached(edges: dict[Hashable, set[Edge]], node: Hashable) -> set[Hashable]:
    """Where one step or more leads."""
    found: set[Hashable] = set()
    todo = [node]
    while todo:
        for target, _, _ in edges.get(todo.pop(), set()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def _node(snapshot: Snapshot, waiting: Waiting, tally: Tally) -> Hashable:
    left = tuple(frozenset(deadline - snapshot.now for deadline in deadlines) for deadlines in waiting.values())
    return kind(snapshot), left, *tally.values()


def kind(snapshot: Snapshot) -> Hashable:
    """Equal for snapshots that a shift of all instants makes equal, but for times in state that nothing tells apart."""
    return tuple(
        _instance(part, snapshot.now)
        if isinstance(part, Instance)
        else frozenset((key, _instance(one, snapshot.now)) for key, one in part.items())
        for part in snapshot.parts
    )


def _instance(one: Instance, now: int) -> Hashable:
    return (one[0], min(now - one[1], OLD), *one[2:])


def few_keys(engine: Engine, first: Snapshot) -> tuple[list[str], bool]:
    """Keys to try, and whether more of them would give nothing new: one part with a limit, and room for two newcomers."""
    used = sorted({key for part in first.parts if not isinstance(part, Instance) for key in part})
    keyed = [part for part in engine.system.parts if isinstance(part, Each)]
    limits = [limit for part in keyed[:1] for limit in (part.at_most, part.population) if limit is not None]
    if len(keyed) == 1 and limits:
        most = min(interpret(limit, params=engine.params) for limit in limits)
        return [*used, *(f"k-{number}" for number in range(most - len(used) + 2))], True
    return [*used, "k-0", "k-1"], not keyed


def all_events(system: System, keys: list[str]) -> Iterator[object]:
    """Every event with every payload."""
    for event in system.events:
        choices = [
            keys if isinstance(ref.domain, Opaque) else list(ref.domain.values()) for ref in field_refs(event).values()
        ]  # type: ignore[union-attr]  # finite
        yield from (event(*values) for values in product(*choices))


# Whether they contradict each other


def contradiction(verdict: Verdict, system: System, seen: Enumeration) -> str | None:
    """How a verdict contradicts the runs that were looked at, or its own; None where it does not."""
    trace = verdict.witness if isinstance(verdict, Proved) else verdict.trace if isinstance(verdict, Refuted) else None
    engine = None if trace is None else prepare(system, dict(trace.profile))
    if trace is not None and engine is not None and trace.steps != replay(engine, trace.events).steps:
        return "its run does not replay"
    if trace is not None and not all(interpret(one.that, params=dict(trace.profile)) for one in system.assumptions):
        return "its run is of a profile that the assumptions rule out"
    said = _against(verdict, seen)
    if said is not None or trace is None or engine is None:
        return said or ("without the run that shows it" if _needs_run(verdict) else None)
    return _of_its_own_run(verdict, trace, Enumeration(engine, seen.budget).along(trace))


def _against(verdict: Verdict, seen: Enumeration) -> str | None:
    """How it contradicts the runs that were looked at."""
    claim = verdict.claim
    premise = Const(True) if claim.premise is None else claim.premise
    match verdict, claim.modality:
        case Proved(), Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN if claim.sentence in seen.broken:
            return "proved, and a run breaks it"
        case Proved(), Modality.RECOVERABLE if seen.whole and seen.loses(claim.formula, premise):
            return "proved, and from some snapshot no way leads there"
        case Proved(), Modality.LEADS_TO if seen.keeps_away(
            premise, claim.formula, tuple(one.event for one in claim.fair)
        ):
            return "proved, and a fair run keeps away from it"
        case Refuted(), Modality.REACHABLE if seen.meets(claim.formula):
            return "refuted, and a run leads there"
        case Refuted(), Modality.CAN_HAPPEN if claim.sentence in seen.happened:
            return "refuted, and a run does it"
    return None


def _of_its_own_run(verdict: Verdict, trace: Trace, alone: Enumeration) -> str | None:
    """How its run does not show what it says."""
    claim = verdict.claim
    match verdict, claim.modality:
        case Refuted(), Modality.RECOVERABLE if _is_recovered(claim, alone):
            return "refuted, and a way leads on from the end of its run"
        case Refuted(), Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN if claim.sentence not in alone.broken:
            return "its run does not break it"
        case Refuted(), Modality.LEADS_TO if (why := not_for_ever(claim, trace, alone.engine)) is not None:
            return f"its run {why}"
        case Proved(), Modality.REACHABLE if not alone.meets(claim.formula):
            return "its run does not lead there"
        case Proved(), Modality.CAN_HAPPEN if claim.sentence not in alone.happened:
            return "its run does not do it"
    return None


def _is_recovered(claim: Property, alone: Enumeration) -> bool:
    """Whether from everywhere at the last instant of a run, where it must be, the goal can still be reached within the region."""
    premise = Const(True) if claim.premise is None else claim.premise
    last = [one for one in alone.seen if one.now == alone.seen[-1].now and holds(alone.engine, premise, one, {})]
    return all(_leads_on(alone.engine, one, premise, claim.formula, alone.budget) for one in last)


def _leads_on(engine: Engine, first: Snapshot, region: Formula, goal: Formula, budget: int) -> bool:
    """Whether the goal is met from a snapshot, by a run that stays in the region until then."""
    ahead = Enumeration(engine, budget).run(first)
    saved, todo = {kind(first)}, [kind(first)]
    inside, met = ahead._where(region), ahead._where(goal)
    while todo:
        node = todo.pop()
        if node in met:
            return True
        for target, _, _ in ahead.edges.get(node, set()) if node in inside else ():
            if target not in saved:
                saved.add(target)
                todo.append(target)
    return False


def not_for_ever(claim: Property, trace: Trace, engine: Engine) -> str | None:
    """Why a run that goes round for ever is none that is fair and keeps away from the goal; None where it is one."""
    assert claim.premise is not None
    if trace.loop is None:
        return "comes to an end"
    snapshots = [trace.start, *(step.after for step in trace.steps)]
    asked = [place for place, one in enumerate(snapshots[: trace.loop + 1]) if holds(engine, claim.premise, one, {})]
    if not asked or any(holds(engine, claim.formula, one, {}) for one in snapshots[asked[-1] :]):
        return "is not asked for the goal, or meets it"
    round_ = trace.steps[trace.loop :]
    if not goes_round(engine, snapshots[trace.loop], round_):
        return "does not go round"
    for event in (one.event for one in claim.fair):
        possible = [event in {one.event for one in engine.possible(step.before, step.before.now)} for step in round_]
        if event not in {type(step.given) for step in round_} and all(possible):
            return f"puts {event.__name__} off for ever"
    return None


def goes_round(engine: Engine, first: Snapshot, round_: Sequence[TraceStep]) -> bool:
    """Whether what was sent on the way round can be sent again and again, and leads where it led, but for how long a stay has lasted."""
    last = round_[-1].after
    period = last.now - first.now
    for again in range(1, OLD + 1):
        trace = replay(engine, [(step.given, step.at + again * period) for step in round_], start=last)
        if [step.kind for step in trace.steps] != [step.kind for step in round_]:
            return False
        if kind(trace.last) == kind(last):
            return period > 0
        last = trace.last
    return False


def _needs_run(verdict: Verdict) -> bool:
    shows = (Modality.REACHABLE, Modality.CAN_HAPPEN)
    return isinstance(verdict, Proved if verdict.claim.modality in shows else Refuted)
