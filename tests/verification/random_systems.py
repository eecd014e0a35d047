"""Claims about systems drawn at random, and what an enumeration through the public step has to say of them.

The systems are those of `tests/systems.py`, without the parameters they do not mention; `claims(system)` draws a
property of each kind. `Enumeration` looks at the runs under one profile with a few keys: plain and slow,
it shares nothing with `fsm.verification.search.breadth_first`, and merges nothing but what a shift of all instants makes equal.

It never says that something holds, except where it came to an end with all the keys that there can be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product
from typing import Any

import attrs
from hypothesis import strategies as st

from fsm.errors import DefinitionError
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Formula, Param
from fsm.language.formulas import after as later
from fsm.language.formulas import before as sooner
from fsm.language.formulas import happens
from fsm.language.leaves import Clock
from fsm.language.parts import Each, for_each
from fsm.language.properties import Modality, Property, always, each_step, reachable, recoverable, within
from fsm.language.snapshot import Instance, Snapshot, Step
from fsm.language.system import System
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.semantics.satisfaction import holds, holds_of_step, seen_steps
from fsm.semantics.simplification import with_values
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.verdict import Proved, Refuted, Verdict

from ..systems import formulas, system_leaves, systems  # noqa: TID252  # the suite is no installed package

__all__ = ["Enumeration", "contradiction", "systems_with_claims"]

OLD = 7
"""No guard drawn here tells times in state apart beyond this many milliseconds."""


# What is claimed


@st.composite
def systems_with_claims(draw: st.DrawFn) -> System:
    """A system with a property of each kind."""
    system = lightened(draw(systems()))
    return attrs.evolve(system, properties=draw(claims(system)))


def lightened(system: System) -> System:
    """The system without the parameters that it does not mention."""
    for param in system.parameters:
        try:
            system = attrs.evolve(system, parameters=tuple(one for one in system.parameters if one is not param))
        except DefinitionError:
            continue
    return system


@st.composite
def claims(draw: st.DrawFn, system: System) -> tuple[Property, ...]:
    leaves = [leaf for leaf in system_leaves(system.parts) if not _is_foreign(system, leaf)]
    about = formulas(leaves)
    ones = [part for part in system.parts if not isinstance(part, Each)]
    made = [
        always("first", draw(about)),
        always("second", draw(about) >> draw(about)),
        each_step("step", sooner(draw(about)) >> later(draw(about))),
        reachable("can", draw(about)),
        recoverable("again", draw(about)),
    ]
    if system.events:
        made.append(
            each_step(
                "by event", (sooner(draw(about)) & ~later(draw(about))) >> happens(draw(st.sampled_from(system.events)))
            )
        )
    for part in system.parts:
        if isinstance(part, Each) and part.machine.variables:
            made.append(always(f"each of {part.name}", for_each(part, draw(formulas(part.machine.variables)))))
    if ones:
        clock = Clock(draw(st.sampled_from(ones)))
        made.append(always("time", draw(about) >> draw(st.sampled_from([clock <= 2, clock < 3, clock <= 4]))))
        made.append(within("soon", draw(st.integers(1, 4)), draw(about), draw(about)))
    return tuple(made)


def _is_foreign(system: System, leaf: Expr[Any]) -> bool:
    """A parameter that the system does not have."""
    return isinstance(leaf, Param) and all(leaf is not own for own in system.parameters)


# What is seen


Watches = dict[str, tuple[int | None, bool]]
"""For each bounded response: the instant after which it is too late, None where nothing is waited for; and whether its premise was true."""


@attrs.define(eq=False)
class Enumeration:
    """Runs under one profile with a few keys, by breadth, as far as a budget goes.

    Attributes:
        eager: a bounded response is waited for again where its premise stays true after its goal, as the search reads it;
            else where the premise becomes true alone, which is less.
        seen: the snapshots met, one of each kind, in order.
        edges: for each of them, what one event or tick makes of it.
        whole: every run under the profile was looked at, up to renaming.
        broken: the sentences of `always`, `each_step` and `within` that some run breaks.
    """

    engine: Engine
    budget: int
    eager: bool = False
    seen: list[Snapshot] = attrs.field(init=False, factory=list)
    edges: dict[Hashable, set[Hashable]] = attrs.field(init=False, factory=dict)
    whole: bool = attrs.field(init=False, default=False)
    broken: set[str] = attrs.field(init=False, factory=set)

    def run(self, first: Snapshot) -> Enumeration:
        """Everything from a snapshot on, until the budget is spent."""
        keys, enough = few_keys(self.engine, first)
        events = list(all_events(self.engine.system, keys))
        queue = [(first, self._look(first, {}))]
        known = {_node(*queue[0])}
        met = {kind(first): first}
        for snapshot, watches in queue:
            for event, at, step in self._steps(snapshot, events):
                child = step.after, self._follow(snapshot, event, at, step, watches)
                self.edges.setdefault(kind(snapshot), set()).add(kind(step.after))
                met.setdefault(kind(step.after), step.after)
                if _node(*child) not in known:
                    known.add(_node(*child))
                    queue.append(child)
            if len(known) >= self.budget:
                break
        else:
            self.whole = enough
        self.seen = list(met.values())
        return self

    def along(self, trace: Trace) -> Enumeration:
        """The run of a trace alone."""
        snapshot = self.engine.start(trace.start.now)
        watches = self._look(snapshot, {})
        for event, at in trace.events:
            step = self.engine.advance(snapshot, at) if event is None else self.engine.step(snapshot, event, at)
            watches = self._follow(snapshot, event, at, step, watches)
            snapshot = step.after
        self.seen = [snapshot]
        return self

    def _steps(self, snapshot: Snapshot, events: list[object]) -> Iterator[tuple[object | None, int, Step]]:
        for event in events:
            try:
                yield event, snapshot.now, self.engine.step(snapshot, event, snapshot.now)
            except EventRefused:
                continue
        try:
            yield None, snapshot.now + 1, self.engine.advance(snapshot, snapshot.now + 1)
        except TimeStopped:
            return

    def _follow(self, snapshot: Snapshot, event: object | None, at: int, step: Step, watches: Watches) -> Watches:
        """Look at everything on the way of a step."""
        for one in seen_steps(self.engine, snapshot, event, at, step, {}):
            self.broken |= {
                claim.sentence
                for claim in self._of(Modality.EACH_STEP)
                if not holds_of_step(self.engine, claim.formula, one)
            }
        for between in (*(one.after for one in step.timed), step.after):
            watches = self._look(between, watches)
        return watches

    def _look(self, snapshot: Snapshot, watches: Watches) -> Watches:
        self.broken |= {
            claim.sentence for claim in self._of(Modality.ALWAYS) if not holds(self.engine, claim.formula, snapshot, {})
        }
        found: Watches = {}
        for claim in self._of(Modality.WITHIN):
            assert claim.premise is not None and isinstance(claim.duration, Const)
            late, was = watches.get(claim.sentence, (None, False))
            if late is not None and snapshot.now > late:
                self.broken.add(claim.sentence)
                late = None
            asked = holds(self.engine, claim.premise, snapshot, {})
            if holds(self.engine, claim.formula, snapshot, {}):
                late = None
            elif late is None and asked and (self.eager or not was):
                late = snapshot.now + claim.duration.value
            found[claim.sentence] = (late, asked)
        return found

    def _of(self, modality: Modality) -> list[Property]:
        return [claim for claim in self.engine.system.properties if claim.modality is modality]

    def meets(self, goal: Formula) -> bool:
        """Whether some snapshot met satisfies a formula."""
        return any(holds(self.engine, goal, snapshot, {}) for snapshot in self.seen)

    def loses(self, goal: Formula) -> bool:
        """Whether from some snapshot met no way leads to the goal; says something only where the enumeration is whole."""
        back: dict[Hashable, set[Hashable]] = {}
        for source, targets in self.edges.items():
            for target in targets:
                back.setdefault(target, set()).add(source)
        todo = [kind(one) for one in self.seen if holds(self.engine, goal, one, {})]
        saved = set(todo)
        while todo:
            for source in back.get(todo.pop(), set()) - saved:
                saved.add(source)
                todo.append(source)
        return any(kind(one) not in saved for one in self.seen)


def _node(snapshot: Snapshot, watches: Watches) -> Hashable:
    left = tuple((None if late is None else late - snapshot.now, was) for late, was in watches.values())
    return kind(snapshot), left


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
    most = with_values(keyed[0].at_most, engine.params) if len(keyed) == 1 and keyed[0].at_most is not None else None
    if isinstance(most, Const):
        return [*used, *(f"k-{number}" for number in range(most.value - len(used) + 2))], True
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
    claim = verdict.claim
    trace = verdict.witness if isinstance(verdict, Proved) else verdict.trace if isinstance(verdict, Refuted) else None
    engine = None if trace is None else compile(system, dict(trace.profile))
    if trace is not None and engine is not None and trace != replay(engine, trace.events):
        return "its run does not replay"
    match verdict, claim.modality:
        case Proved(), Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN if claim.sentence in seen.broken:
            return "proved, and a run breaks it"
        case Proved(), Modality.RECOVERABLE if seen.whole and seen.loses(claim.formula):
            return "proved, and from some snapshot no way leads there"
        case Refuted(), Modality.REACHABLE if seen.meets(claim.formula):
            return "refuted, and a run leads there"
    if trace is None or engine is None:
        return "without the run that shows it" if _needs_run(verdict) else None
    alone = Enumeration(engine, seen.budget, eager=True).along(trace)
    match verdict, claim.modality:
        case Refuted(), Modality.RECOVERABLE if Enumeration(engine, seen.budget).run(trace.last).meets(claim.formula):
            return "refuted, and a way leads on from the end of its run"
        case Refuted(), Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN if claim.sentence not in alone.broken:
            return "its run does not break it"
        case Proved(), Modality.REACHABLE if not alone.meets(claim.formula):
            return "its run does not lead there"
    return None


def _needs_run(verdict: Verdict) -> bool:
    proved = isinstance(verdict, Proved) and verdict.claim.modality is Modality.REACHABLE
    return proved or (isinstance(verdict, Refuted) and verdict.claim.modality is not Modality.REACHABLE)
