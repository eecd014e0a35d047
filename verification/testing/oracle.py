"""Following a run of a system, and checking at every step what must be true of it.

Checked after every single step, those of time included: every `always` and `each_step`
property, also of the machines inside; the `within` properties; and laws that hold of every
system: time and then the event is the same as both at once, a refusal changes nothing but time
and says who stood in the way, what `possible` lists is what `step` takes.

This file knows nothing of Hypothesis: a run may come from anywhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import groupby

import attrs

from fsm.errors import WiresOverlap
from fsm.language.composition import inherited
from fsm.language.events import field_refs
from fsm.language.machine import Machine
from fsm.language.properties import Modality
from fsm.language.snapshot import Snapshot, Step
from fsm.language.system import System
from fsm.runtime.enabled import Possible, is_carried, key_fields, lists_all
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.semantics.satisfaction import Tally, expected, holds, holds_of_step, seen_steps
from fsm.semantics.stopwatch import Watch, bounded_responses
from fsm.verification.testing.failures import LawBroken, PropertyBroken, Run, Sending

__all__ = ["Claims", "Follower", "Reaction"]

ONE_LAW = "letting time pass and then sending the event is the same as sending it at once"
REFUSAL = "a refused event changes nothing but time"
NAMED = "a refusal names who stood in the way"
LISTED = "what is listed as possible is what is taken"
NO_TIMER_LEFT = "after a step no timer is overdue"
TIME_PASSES = "nothing stands in the way of time"
APART = "no two wires of an event apply at once"


@attrs.frozen
class Reaction:
    """What the declaration did with an event.

    Attributes:
        taken: whether it was taken; None where time alone passed.
        effects: what was emitted, in order, grouped by what happened at one instant by time, then by the event.
    """

    taken: bool | None
    effects: tuple[tuple[object, ...], ...]


class Claims:
    """What a declaration says of all its runs under one profile, picked once for them.

    They are judged by walking their formulas: what the runtime is compiled with, which takes the steps, has no part in that.

    Attributes:
        always, each_step: in the order of the declaration, those of the machines inside after the system's own.
        responses: with the part that they speak of, None for the system.
    """

    def __init__(self, engine: Engine, target: Machine | System) -> None:
        inside = target.parts if isinstance(target, System) else ()
        own = [claim for claim in engine.system.properties if expected(claim, engine.system.profiles, engine.params)]
        claims = (
            *own,
            *(
                claim
                for part in inside
                for claim in inherited(part)
                if expected(claim, part.machine.profiles, engine.params)
            ),
        )
        self.always = [claim for claim in claims if claim.modality is Modality.ALWAYS]
        self.each_step = [claim for claim in claims if claim.modality is Modality.EACH_STEP]
        self.responses = [
            (claim, part)
            for claim, part in bounded_responses(engine.system.properties, inside)
            if expected(claim, (engine.system if part is None else part.machine).profiles, engine.params)
        ]


class Follower:
    """One run, from its start.

    Attributes:
        snapshot: where the run is.
        run: what was done so far.

    Raises:
        RunFailed: by every method, as soon as something is not as declared.
    """

    def __init__(self, engine: Engine, target: Machine | System, at: int, claims: Claims | None = None) -> None:
        """Begin at an instant (milliseconds); `target` is what the engine was compiled from, `claims` what it must keep to."""
        self.engine = engine
        self._claims = Claims(engine, target) if claims is None else claims
        self._watches = self._fresh_watches()
        self._tally: Tally = {}
        self.run: Run = ()
        self.snapshot = self.start = engine.start(at)
        self._look(self.snapshot, self._tally)

    def send(self, event: object, at: int) -> Reaction:
        """Send an event at an instant, milliseconds, and check everything."""
        self.run += (Sending(event, at),)
        passed = self._advance(at)
        step, refused = self._answer(self.snapshot, event, at)
        self._note(step, refused is None)
        if refused is not None:
            self._law(REFUSAL, step == passed, f"{step} after {passed}")
            self._law(NAMED, bool(refused.refusal.obstacles), "nobody is named")
        after, again = self._answer(passed.after, event, at)
        same = (again is None, after.after, passed.effects + after.effects) == (
            refused is None,
            step.after,
            step.effects,
        )
        self._law(ONE_LAW, same, f"{after} against {step}")
        self._check_listed(event, at, passed.after, refused is None)
        self._settle(None if refused is not None else event, at, step)
        return Reaction(refused is None, self._grouped(step))

    def wait(self, to: int) -> Reaction:
        """Let time pass until an instant, milliseconds, and check everything."""
        self.run += (Sending(None, to),)
        step = self._advance(to)
        self._note(step, None)
        self._settle(None, to, step)
        return Reaction(None, self._grouped(step))

    def _fresh_watches(self) -> list[Watch]:
        """A watch for each `within`, before the run begins."""
        return [Watch(self.engine, claim, part) for claim, part in self._claims.responses]

    # Doing

    def _answer(self, snapshot: Snapshot, event: object, at: int) -> tuple[Step, EventRefused | None]:
        try:
            return self.engine.step(snapshot, event, at), None
        except EventRefused as refused:
            return Step(refused.snapshot, refused.effects, refused.timed), refused
        except WiresOverlap as both:
            raise LawBroken(self.run, APART, str(both)) from both

    def _advance(self, to: int) -> Step:
        try:
            return self.engine.advance(self.snapshot, to)
        except TimeStopped as stopped:
            raise LawBroken(self.run, TIME_PASSES, str(stopped)) from stopped
        except WiresOverlap as both:
            raise LawBroken(self.run, APART, str(both)) from both

    def _note(self, step: Step, taken: bool | None) -> None:
        self.run = (*self.run[:-1], attrs.evolve(self.run[-1], taken=taken, timed=step.timed))

    def _grouped(self, step: Step) -> tuple[tuple[object, ...], ...]:
        """Timers of one instant commute, so what they emit has no order among them."""
        groups = [
            tuple(effect for taken in group for effect in taken.effects)
            for _, group in groupby(step.timed, key=lambda taken: taken.at)
        ]
        return (*groups, step.effects[sum(len(group) for group in groups) :])

    # Checking

    def _settle(self, event: object | None, at: int, step: Step) -> None:
        """Check every single step, then go on from the last."""
        looked: Snapshot | None = None
        for seen in seen_steps(self.engine, self.snapshot, event, at, step, self._tally):
            for claim in self._claims.each_step:
                if not holds_of_step(self.engine, claim.formula, seen):
                    raise PropertyBroken(self.run, claim, self.engine, self.start)
            self._tally = seen.emitted_after
            self._look(seen.after, self._tally)
            looked = seen.after
        if looked is not step.after:
            self._look(step.after, self._tally)
        self._law(NO_TIMER_LEFT, step.after.due is None or step.after.due > at, f"one is due {step.after.due}")
        self.snapshot = step.after

    def _look(self, snapshot: Snapshot, tally: Tally) -> None:
        for claim in self._claims.always:
            if not holds(self.engine, claim.formula, snapshot, tally):
                raise PropertyBroken(self.run, claim, self.engine, self.start)
        for watch in self._watches:
            if watch.look(snapshot, tally):
                raise PropertyBroken(self.run, watch.claim, self.engine, self.start)

    def _check_listed(self, event: object, at: int, before: Snapshot, taken: bool) -> None:
        """`possible` speaks of events for some payload, and of unbounded numbers it tries a few."""
        kind: type = type(event)
        keyed = key_fields(self.engine.system, kind)
        others = [ref for name, ref in field_refs(kind).items() if name not in keyed]
        named = tuple(
            (name, value) for name, value in _values(event, keyed) if any(value in before[part] for part in keyed[name])
        )
        asked = Possible(type(event), named)
        listed = asked in self.engine.possible(before, at)
        if taken and all(lists_all(ref) for ref in others):
            self._law(LISTED, listed, f"{asked} is not listed and was taken")
        if not taken and all(is_carried(self.engine.system, kind, ref) for ref in others):
            self._law(LISTED, not listed, f"{asked} is listed and was refused")

    def _law(self, law: str, kept: bool, seen: str) -> None:
        if not kept:
            raise LawBroken(self.run, law, seen)


def _values(event: object, keyed: Mapping[str, list[str]]) -> list[tuple[str, Hashable]]:
    return [(name, getattr(event, name)) for name in keyed]
