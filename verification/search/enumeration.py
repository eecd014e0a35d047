"""Every snapshot of a system under one profile, by the public step: counted, and every property judged.

Where parts have timers or read their time in state, time passes millisecond by millisecond, and times
in state count up to the largest that something compares them with. That is exact for the durations of
the profile: give it durations of a few milliseconds. No instant is left out to save work.

What it can never say: anything about other values of the parameters, bounded responses, effects since
the start, and anything at all but what was refuted when the budget ends first.
"""

from __future__ import annotations

import attrs

from fsm.language.composition import as_system
from fsm.language.expressions import Const
from fsm.language.leaves import Emitted
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.parts import Each
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Instance, Snapshot, Step
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import TimeStopped
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal
from fsm.verification.search.results import BUDGET, OF_STEPS, Explored, Progress, judged, kept_by_steps
from fsm.verification.search.step_tests import StepTest
from fsm.verification.search.symmetry import Sendings
from fsm.verification.verdict import Verdict

__all__ = ["enumerate_snapshots"]

Sent = tuple[object | None, int]
"""An event, or None where time passes, with its instant in milliseconds."""
BY = "the public step"
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
    progress: Progress = quiet,
) -> Explored:
    """Every snapshot of a machine or system under one profile, and a verdict on each of its properties.

    Args:
        profile: values of parameters by name; those not named have their defaults. Durations are milliseconds.
        keys: how many names of keys there are in the world; None for as many as are ever needed.
        named: tell snapshots apart by names; then `keys` must be given where a part has keys.
        budget: how many snapshots to meet at most; where it ends the walk, nothing is proved.
        progress: told how far the walk is.

    Raises:
        BadInput: the profile is none of this system.
        ValueError: names shall be told apart, and nobody says how many there are.
    """
    system = as_system(target)
    if named and keys is None and any(isinstance(part, Each) for part in system.parts):
        raise ValueError("with names, it must be said how many keys there are")
    engine = compile(system, profile)
    return _Walk(engine, keys, named, budget, progress).explored()


def _why_not(claim: Property) -> str:
    read = [node for formula in (claim.formula, claim.premise) if formula is not None for node in walk(formula)]
    if claim.modality is Modality.LEADS_TO:
        return "enumeration follows no response"
    if claim.modality is Modality.WITHIN:
        return "enumeration follows no bounded response"
    return "what was emitted since the start is not counted" if any(isinstance(node, Emitted) for node in read) else ""


class _Walk:
    """One walk by breadth. Snapshots are numbered as they are met; of each only its name is kept, and how it was come to.

    Attributes:
        met: for a claim that something can be reached, the first snapshot where it is; for one that always holds, where it does not.
        broken: for a claim on steps, the snapshot before one that breaks it, and what was sent.
        measured: for each snapshot what the claims on steps ask of it.
        back: for each snapshot those one step before it; kept where some claim is of recoverability.
    """

    def __init__(self, engine: Engine, keys: int | None, named: bool, budget: int, progress: Progress) -> None:
        self.engine = engine
        self.claims = {claim.sentence: claim for claim in engine.system.properties if not _why_not(claim)}
        read = [
            formula
            for claim in self.claims.values()
            for formula in (claim.formula, claim.premise)
            if formula is not None
        ]
        self.sendings = Sendings(engine, keys, named=named, read=read)
        self.keys, self.named, self.budget, self.progress = keys, named, budget, progress
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
        self.saved: dict[str, set[int]] = {name: set() for name in self.goals}
        self.inside: dict[str, set[int]] = {name: set() for name in self.goals}
        self.met: dict[str, int] = {}
        self.broken: dict[str, tuple[int, Sent]] = {}
        self.back: dict[int, list[int]] = {}
        self.measured: list[tuple[tuple[object, ...], ...]] = []
        start = engine.start(0)
        self.numbers = {self.sendings.name(start): 0}
        self.ways: list[tuple[int, Sent]] = [(-1, (None, 0))]
        self.steps, self.ends = 0, 0
        self.dead: list[int] = []
        self.why = self.sendings.untried
        self.depth = -1
        self._look(start, 0)
        level = [(0, start)]
        while level and not (self.why and self.why != self.sendings.untried):
            self.depth += 1
            level = self._following(level)

    def _following(self, level: list[tuple[int, Snapshot]]) -> list[tuple[int, Snapshot]]:
        """The snapshots one step away that were not met before."""
        found: list[tuple[int, Snapshot]] = []
        attempt, events, numbered = self.engine.attempt, self.sendings.events, self._numbered
        for number, snapshot in level:
            now, taken = snapshot.now, set[tuple[type | None, int]]()
            for event in events(snapshot):
                done = attempt(snapshot, event, event.__class__, now)
                if done is not None:
                    after = numbered(number, (event, now), done[0], found)
                    taken.add((event.__class__, after))
                    self._judge_step(number, snapshot, (event, now), Step(*done, ()), after)
            if self.sendings.timed:
                taken |= self._tick(number, snapshot, found)
            self.steps += len(taken)
            if self.goals:
                for _, after in taken:
                    self.back.setdefault(after, []).append(number)
            if not taken and snapshot.due is None:
                self._end(number, snapshot)
            if len(self.numbers) > self.budget:
                self.why = f"more than {self.budget:,} snapshots"
                return found
            if number % OFTEN == 0:
                self.progress(len(self.numbers), self.depth)
        return found

    def _tick(self, number: int, snapshot: Snapshot, found: list[tuple[int, Snapshot]]) -> set[tuple[type | None, int]]:
        """A millisecond passes; nothing where it changes nothing."""
        sent = (None, snapshot.now + 1)
        try:
            step = self.engine.advance(snapshot, snapshot.now + 1)
        except TimeStopped as stopped:
            self.why = f"time stops: {' '.join(str(stopped).split())}"
            return set()
        if not step.timed and self.sendings.name(step.after) == self.sendings.name(snapshot):
            return set()
        after = self._numbered(number, sent, step.after, found)
        self._judge_step(number, snapshot, sent, step, after)
        self._judge_between(number, sent, step)
        return {(None, after)}

    def _numbered(self, number: int, sent: Sent, after: Snapshot, found: list[tuple[int, Snapshot]]) -> int:
        """The number of a snapshot that a step leads to; a new one is looked at."""
        name = self.sendings.name(after)
        known = self.numbers.get(name)
        if known is None:
            known = self.numbers[name] = len(self.ways)
            self.ways.append((number, sent))
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
        for name in self.goals:
            if self.judge.meets(name, snapshot):
                self.saved[name].add(number)
            if self.judge.meets((name, "region"), snapshot):  # type: ignore[arg-type]  # as above
                self.inside[name].add(number)

    def _judge_step(self, number: int, snapshot: Snapshot, sent: Sent, step: Step, after: int) -> None:
        if not self.of_steps:
            return
        old, new = self.measured[number], self.measured[after]
        for place, (name, test) in enumerate(self.of_steps.items()):
            if name not in self.broken and not test.holds(snapshot, *sent, step, old[place], new[place]):
                self.broken[name] = (number, sent)

    def _judge_between(self, number: int, sent: Sent, step: Step) -> None:
        """What always holds does so between two timers of one instant, too."""
        for one in step.timed[:-1]:
            for name, wanted in self.of_states.items():
                if (
                    not wanted
                    and name not in self.met
                    and name not in self.broken
                    and not self.judge.meets(name, one.after)
                ):
                    self.broken[name] = (number, sent)

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
            self.engine.system, self.engine.params, BY, self.keys, self.named, len(self.numbers), self.steps, self.depth, self.ends, len(self.dead), deadlock,
            not self.why, self.why, (),
        )  # fmt: skip
        return attrs.evolve(
            found, verdicts=tuple(self._verdict(claim, found) for claim in self.engine.system.properties)
        )

    def _verdict(self, claim: Property, found: Explored) -> Verdict:
        name = claim.sentence
        if name in self.broken:
            number, sent = self.broken[name]
            trace = self._run(number, sent)
            return (
                judged(claim, found, met=trace)
                if claim.modality is Modality.CAN_HAPPEN
                else judged(claim, found, broken=trace)
            )
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
        saved, inside = self.saved[name], self.inside[name]
        reached = sorted(saved)
        for number in reached:
            for before in self.back.get(number, ()):
                if before in inside and before not in saved:
                    saved.add(before)
                    reached.append(before)
        lost = min(inside - saved, default=None)
        return None if lost is None else self._run(lost)

    def _run(self, number: int, *more: Sent) -> Trace:
        way = list(more)
        while number:
            number, sent = self.ways[number]
            way.insert(0, sent)
        return replay(self.engine, way)
