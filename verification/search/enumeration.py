"""Every snapshot of a system under one profile, by the public step: counted, and every property judged.

Where parts have timers or read their time in state, time passes millisecond by millisecond, and times
in state count up to the largest that something compares them with. That is exact for the durations of
the profile: give it durations of a few milliseconds. No instant is left out to save work.

What it can never say: anything about other values of the parameters, effects since the start, and anything
at all but what was refuted when the budget ends first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from math import factorial, prod
from typing import Any, NamedTuple

import attrs

from fsm.errors import WiresOverlap
from fsm.language.composition import as_system
from fsm.language.expressions import Const, Formula
from fsm.language.leaves import Emitted
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import OF_STEPS, RESPONSES, Modality, Property
from fsm.language.snapshot import Instance, Snapshot, Step
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.refusal import TimeStopped
from fsm.semantics.evaluation import interpret
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.clocks import has_one_clock, reads_clock
from fsm.verification.search.goal import Goal
from fsm.verification.search.late_ways import Onward, TooFar, late_way
from fsm.verification.search.positions import Names, Stimulus, instances_in, is_between, next_step, orders, sendings
from fsm.verification.search.results import BUDGET, Explored, Progress, judged, kept_by_steps
from fsm.verification.search.step_tests import StepTest
from fsm.verification.search.symmetry import Sendings
from fsm.verification.verdict import Unknown, Verdict

__all__ = ["TOO_MUCH", "enumerate_snapshots"]

BY = "the public step"
BY_CHANGE = "the public step, time from change to change"
TOO_MUCH = "more than were to be looked at"
OFTEN = 5_000
"""After so many snapshots progress is told."""


def quiet(snapshots: int, depth: int) -> None:
    """Tells nobody."""


def enumerate_snapshots(
    target: Machine | System,
    profile: Profile | None = None,
    *,
    keys: int | None = None,
    named: bool = False,
    budget: int = BUDGET,
    work: int | None = None,
    by_change: bool = False,
    progress: Progress = quiet,
) -> Explored:
    """Every snapshot of a machine or system under one profile, and a verdict on each of its properties.

    Args:
        profile: values of parameters by name; those not named have their defaults. Durations are milliseconds.
        keys: how many names of keys there are in the world; None for as many as are ever needed.
        named: tell snapshots apart by names; then `keys` must be given where a part has keys.
        budget: how many snapshots to meet at most; where it ends the walk, nothing is proved.
        work: how many instances the snapshots from which steps are taken may hold at most, each counted as one more; None for as many as
            there are. Where it ends the walk, `why` is `TOO_MUCH`.
        by_change: go from one timer to the next, where that misses nothing but waiting: one instance alone has timers, nothing reads the
            time in state, and no claim is of a bounded response. Elsewhere time passes millisecond by millisecond all the same.
        progress: told how far the walk is.

    Raises:
        BadInput: the profile is none of this system.
        ValueError: names shall be told apart, and nobody says how many there are.
    """
    system = as_system(target)
    if named and keys is None and any(isinstance(part, Each) for part in system.parts):
        raise ValueError("with names, it must be said how many keys there are")
    engine = prepare(system, profile)
    return _Walk(engine, keys, named, (budget, work), progress, by_change=by_change).explored()


def _why_not(claim: Property) -> str:
    read = [node for formula in (claim.formula, claim.premise) if formula is not None for node in walk(formula)]
    if claim.modality in RESPONSES:
        return "enumeration follows no response"
    return "what was emitted since the start is not counted" if any(isinstance(node, Emitted) for node in read) else ""


def _waits_alone(system: System, claimed: Sequence[Formula]) -> bool:
    """Whether all that time does is to bring the next timer of one instance: how long it has waited by then is seen by nothing."""
    guards = [one.guard for part in system.parts for one in part.machine.transitions if one.guard is not None]
    return has_one_clock(system, claimed) and not any(map(reads_clock, [*guards, *claimed]))


def ways_to_name(held: Iterable[Hashable], keys: int) -> int:
    """In how many ways so many keys can be given to instances of these kinds, and to nothing."""
    kinds = Counter(held)
    return factorial(keys) // (prod(map(factorial, kinds.values())) * factorial(keys - kinds.total()))


class Way(NamedTuple):
    """A step from a snapshot: from which number, and what was sent."""

    source: int
    sent: Stimulus


class _Walk:
    """One walk by breadth. Snapshots are numbered as they are met; of each only its name is kept, and how it was come to.

    Attributes:
        met: for a claim that something can be reached, the first snapshot where it is; for one that always holds, where it does not.
        broken: for a claim on steps, one that breaks it.
        measured: for each snapshot what the claims on steps ask of it.
        holding: for a claim that its formula is reached from everywhere, or in time, the snapshots where it is.
        inside: for the same, those where its premise holds.
        back: for each snapshot those one step before it; kept where some claim is of recoverability.
        onward: for each snapshot what leads on; kept where some claim is of a bounded response.
    """

    def __init__(
        self,
        engine: Engine,
        keys: int | None,
        named: bool,
        most: tuple[int, int | None],
        progress: Progress,
        *,
        by_change: bool,
    ) -> None:
        self.engine = engine
        self.claims = {claim.sentence: claim for claim in engine.system.properties if not _why_not(claim)}
        read = [
            formula
            for claim in self.claims.values()
            for formula in (claim.formula, claim.premise)
            if formula is not None
        ]
        self.sendings = Sendings(engine, keys, named=named, read=read)
        self.keys, self.named, self.progress = keys, named, progress
        self.budget, self.work = most
        asked = {name: Goal(claim.formula) for name, claim in self.claims.items() if claim.modality not in OF_STEPS}
        regions = {
            (name, "region"): Goal(Const(True) if claim.premise is None else claim.premise)
            for name, claim in self.claims.items()
        }
        self.judge = Search(engine, {**asked, **regions})  # type: ignore[dict-item]  # two sorts of names, told apart
        self.of_steps = {
            name: StepTest(engine, kept_by_steps(claim))
            for name, claim in self.claims.items()
            if claim.modality in OF_STEPS
        }
        self.of_states = {
            name: claim.modality is Modality.REACHABLE
            for name, claim in self.claims.items()
            if claim.modality in (Modality.ALWAYS, Modality.REACHABLE)
        }
        self.goals = [name for name, claim in self.claims.items() if claim.modality is Modality.RECOVERABLE]
        self.responses = [name for name, claim in self.claims.items() if claim.modality is Modality.WITHIN]
        self.by_change = by_change and not self.responses and self.sendings.timed and _waits_alone(engine.system, read)
        self.holding: dict[str, set[int]] = {name: set() for name in (*self.goals, *self.responses)}
        self.inside: dict[str, set[int]] = {name: set() for name in (*self.goals, *self.responses)}
        self.onward: dict[int, Onward] = {}
        self.met: dict[str, int] = {}
        self.broken: dict[str, Way] = {}
        self.back: dict[int, list[int]] = {}
        self.measured: list[tuple[tuple[object, ...], ...]] = []
        start = engine.start(0)
        self.numbers = {self.sendings.name(start): 0}
        self.ways = [Way(-1, Stimulus(None, 0))]
        self.steps, self.ends, self.between = 0, 0, 0
        self.dead: list[int] = []
        self.why = self.sendings.untried
        self.depth = -1
        self._look(start, 0)
        level = [(0, start)]
        while level and not self._stopped:
            self.depth += 1
            level = self._following(level)

    @property
    def _stopped(self) -> bool:
        """Whether something ended the walk."""
        return bool(self.why) and self.why != self.sendings.untried

    def _following(self, level: list[tuple[int, Snapshot]]) -> list[tuple[int, Snapshot]]:
        """The snapshots one step of a caller away that were not met before."""
        found: list[tuple[int, Snapshot]] = []
        for number, snapshot in level:
            todo = [(number, snapshot)]
            while todo:
                new = self._step(*todo.pop())
                todo += [one for one in new if is_between(one[1])]
                found += [one for one in new if not is_between(one[1])]
            if len(self.numbers) > self.budget:
                self.why = f"more than {self.budget:,} snapshots"
                return found
            if self.work is not None:
                self.work -= 1 + instances_in(snapshot)
                if self.work < 0:
                    self.why = TOO_MUCH
                    return found
            if number % OFTEN == 0:
                self.progress(self.snapshots, self.depth)
        return found

    def _step(self, number: int, snapshot: Snapshot) -> list[tuple[int, Snapshot]]:
        """The snapshots that a step leads to from one, as far as they were not met before."""
        new: list[tuple[int, Snapshot]] = []
        taken: dict[tuple[type | None, int], None] = {}
        for way, called, step in self._tried(number, snapshot):
            after = self._numbered(way, step.after, new)
            taken[None if way.sent.event is None else way.sent.event.__class__, after] = None
            if self.of_steps:
                self._judge_step(way, called, step, after)
        self._note(number, snapshot, list(taken))
        return new

    def _note(self, number: int, snapshot: Snapshot, taken: list[tuple[type | None, int]]) -> None:
        """What leads on from a snapshot, as far as somebody asks."""
        at_once = tuple([after for event, after in taken if event is not None])
        time = tuple([after for event, after in taken if event is None])
        between = is_between(snapshot)
        self.between += between
        self.steps += 0 if between else len(at_once) + bool(time)
        if self.goals:
            for _, after in taken:
                self.back.setdefault(after, []).append(number)
        if self.responses:
            rests = not (between or time or self._stopped)
            self.onward[number] = Onward(time, (), rests) if between else Onward(at_once, time, rests)
        if not taken and snapshot.due is None:
            self._end(number, snapshot)

    @property
    def snapshots(self) -> int:
        """How many were met that a caller can see: those between two timers of one instant are looked at, and not counted."""
        return len(self.numbers) - self.between

    def _tried(self, number: int, snapshot: Snapshot) -> Iterator[tuple[Way, Snapshot, Step]]:
        """Every step from a snapshot, with the snapshot as its keys are called there."""
        now, between = snapshot.now, is_between(snapshot)
        attempt = self.engine.attempt
        for event in () if between else self.sendings.events(snapshot):
            try:
                done = attempt(snapshot, event, event.__class__, now)
            except WiresOverlap:
                self.why = f"two wires of {label(event.__class__)} apply at once"
                continue
            if done is not None:
                yield Way(number, Stimulus(event, now)), snapshot, Step(*done, ())
        at = now if between else snapshot.due if self.by_change else now + 1
        if at is not None and (between or self.sendings.timed):
            try:
                for names, called, step in self._orders(snapshot, at):
                    if step.timed or self.sendings.name(step.after) != self.sendings.name(snapshot):
                        yield Way(number, Stimulus(None, at, names)), called, step
            except (TimeStopped, WiresOverlap) as stopped:
                self.why = f"time stops: {' '.join(str(stopped).split())}"

    def _orders(self, snapshot: Snapshot, at: int) -> Iterator[tuple[Names, Snapshot, Step]]:
        """What time takes first; where names do not tell keys apart, whichever instance may go first."""
        if self.named:
            yield {}, snapshot, next_step(self.engine, snapshot, None, at)
        else:
            yield from orders(self.engine, snapshot, at, partial(self.sendings.kind_of, snapshot))

    def _numbered(self, way: Way, after: Snapshot, found: list[tuple[int, Snapshot]]) -> int:
        """The number of a snapshot that a step leads to; a new one is looked at."""
        name = self.sendings.name(after)
        known = self.numbers.get(name)
        if known is None:
            known = self.numbers[name] = len(self.ways)
            self.ways.append(way)
            self._look(after, known)
            found.append((known, after))
        return known

    # Judging

    def _look(self, snapshot: Snapshot, number: int) -> None:
        if self.of_steps:
            self.measured.append(tuple([test.measured(snapshot) for test in self.of_steps.values()]))
        for name, wanted in self.of_states.items():
            if name not in self.met and self.judge.meets(name, snapshot) == wanted:
                self.met[name] = number
        for name in self.holding:
            if self.judge.meets(name, snapshot):
                self.holding[name].add(number)
            if self.judge.meets((name, "region"), snapshot):  # type: ignore[arg-type]  # as above
                self.inside[name].add(number)

    def _judge_step(self, way: Way, snapshot: Snapshot, step: Step, after: int) -> None:
        old, new = self.measured[way.source], self.measured[after]
        for place, (name, test) in enumerate(self.of_steps.items()):
            if name not in self.broken and not test.holds(
                snapshot, way.sent.event, way.sent.at, step, old[place], new[place]
            ):
                self.broken[name] = way

    def _end(self, number: int, snapshot: Snapshot) -> None:
        """Nothing can happen any more: an end, where no transition leaves the state of any instance, or a deadlock."""
        held = [
            (part, one)
            for part, now in zip(self.engine.system.parts, snapshot.parts, strict=True)
            for one in ([now] if isinstance(now, Instance) else now.values())
        ]
        if all(
            not part.machine.leaving(state)
            for part, one in held
            for state in part.machine.states
            if state.name == one.state
        ):
            self.ends += 1
        else:
            self.dead.append(number)

    # What was found

    def explored(self) -> Explored:
        """The counts with the verdicts."""
        deadlock = self._run(self.dead[0]) if self.dead else None
        found = Explored(
            self.engine.system, self.engine.params, BY_CHANGE if self.by_change else BY, self.keys, self.named, self.snapshots, self.steps, self.depth, self.ends, len(self.dead), deadlock,
            not self.why, self.why, (),
        )  # fmt: skip
        return attrs.evolve(
            found,
            told_apart=self._told_apart(),
            verdicts=tuple(self._verdict(claim, found) for claim in self.engine.system.properties),
        )

    def _told_apart(self) -> int | None:
        """How many snapshots those met are where names tell keys apart: for each, the ways to name what it holds."""
        if self.named or not self.sendings.groups:
            return len(self.numbers)
        if self.keys is None:
            return None
        names: Iterable[Any] = self.numbers
        ways: list[int] = [prod([ways_to_name(held, self.keys) for held in name[1:]]) for name in names]
        return sum(ways)

    def _verdict(self, claim: Property, found: Explored) -> Verdict:
        name = claim.sentence
        if name in self.broken:
            trace = self._run(self.broken[name].source, self.broken[name])
            return (
                judged(claim, found, met=trace)
                if claim.modality is Modality.CAN_HAPPEN
                else judged(claim, found, broken=trace)
            )
        if name in self.responses:
            try:
                return judged(claim, found, broken=self._late(claim))
            except TooFar as far:
                return Unknown(claim, str(far), "Give it shorter durations.")
        if name in self.met:
            trace = self._run(self.met[name])
            return (
                judged(claim, found, met=trace)
                if claim.modality is Modality.REACHABLE
                else judged(claim, found, broken=trace)
            )
        return judged(
            claim, found, lost=self._lost(name) if name in self.goals and found.complete else None, why=_why_not(claim)
        )

    def _lost(self, name: str) -> Trace | None:
        """A shortest run to a snapshot of the region from which nothing leads to the goal within it."""
        saved, inside = self.holding[name], self.inside[name]
        reached = sorted(saved)
        for number in reached:
            for before in self.back.get(number, ()):
                if before in inside and before not in saved:
                    saved.add(before)
                    reached.append(before)
        lost = min(inside - saved, default=None)
        return None if lost is None else self._run(lost)

    def _late(self, claim: Property) -> Trace | None:
        """A shortest run on which a bounded response comes too late."""
        assert claim.duration is not None
        duration = interpret(claim.duration, params=self.engine.params)
        late = late_way(self.onward, self.inside[claim.sentence], self.holding[claim.sentence], duration)
        if late is None:
            return None
        snapshot, number, ways = self.engine.start(0), 0, list[Way]()
        for wanted, waited in late.steps:
            way, snapshot = next(
                (way, step.after)
                for way, called, step in self._tried(number, snapshot)
                if self.numbers.get(self.sendings.name(step.after)) == wanted and (way.sent.at > called.now) is waited
            )
            ways.append(way)
            number = wanted
        if late.rest:
            ways.append(Way(number, Stimulus(None, snapshot.now + late.rest)))
        return replay(self.engine, sendings(self.engine, [way.sent for way in ways]))

    def _run(self, number: int, last: Way | None = None) -> Trace:
        """The run that a snapshot was met by, and one step more."""
        ways = [] if last is None else [last]
        while number:
            ways.append(self.ways[number])
            number = self.ways[number].source
        return replay(self.engine, sendings(self.engine, [way.sent for way in ways[::-1]]))
