"""Tests derived from a declaration: a Hypothesis state machine that sends events and checks every step.

    from fsm.verification.testing.stateful import stateful

    TestDesk = stateful(DESK).TestCase                                  # the declaration itself
    TestOurDesk = stateful(DESK, implementation=OurDesk).TestCase       # somebody's own implementation of it

Possible events are sent, events that must be refused, and time; deadlines are met exactly, and
missed by a millisecond. What is checked after each step is in `fsm.verification.testing.oracle`; how an
implementation is plugged in and compared, in `fsm.verification.testing.adapter`.

A test passes when nothing was found. That is no proof: it looks at some runs. Of `leads_to` it says nothing at
all, since no finite run breaks one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.control import current_build_context
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.verification.testing.adapter import Adapter, Compared
from fsm.verification.testing.failures import RunFailed
from fsm.verification.testing.oracle import Claims, Follower
from fsm.verification.testing.shrinking import Events, shortened
from fsm.verification.testing.strategies import Prefer, durations, instants, possible_event, refused_event

__all__ = ["stateful"]

STARTS = (0, 1_700_000_000_000)
"""Instants at which runs begin: none before, and one of our days."""


def stateful(
    target: Machine | System, profile: Profile | None = None, *, implementation: Callable[[], Adapter] | None = None
) -> type[RuleBasedStateMachine]:
    """A Hypothesis state machine that tests a declaration, or an implementation against it.

    What it finds is raised as a `fsm.verification.testing.failures.RunFailed`, at the end of a run that is
    as short as can be.

    Args:
        target: the system, or a machine alone.
        profile: values of parameters by name; those not named have their defaults.
        implementation: makes an adapter (see `fsm.verification.testing.adapter`); its class will do.

    Returns:
        A class: `.TestCase` for pytest and unittest, or for `run_state_machine_as_test`.

    Raises:
        BadInput: as `compile` does for a wrong profile.
    """
    engine = prepare(target, profile)
    plan = DerivedPlan(engine, target, implementation, durations(engine))
    name = "".join(word.capitalize() for word in engine.system.name.split("_"))
    return type(f"{name}Runs", (DerivedTest,), {"plan": plan, "__module__": __name__})


@attrs.frozen
class DerivedPlan:
    """What is tested, and against what."""

    engine: Engine
    target: Machine | System
    implementation: Callable[[], Adapter] | None
    durations: tuple[int, ...]
    claims: Claims = attrs.field(init=False)

    @claims.default
    def _of_every_run(self) -> Claims:
        return Claims(self.engine, self.target)

    def begin(self, at: int) -> Played:
        """A run of the declaration, and of the implementation where there is one, at its start."""
        follower = Follower(self.engine, self.target, at, self.claims)
        return Played(
            follower,
            None if self.implementation is None else Compared(self.engine, self.implementation, follower.snapshot),
        )

    def play(self, start: int, events: Events) -> RunFailed | None:
        """How a run fails; None when it does not."""
        try:
            played = self.begin(start)
            for event, at in events:
                played.go(event, at)
        except RunFailed as failed:
            return failed
        return None


@attrs.frozen
class Played:
    """A run of a declaration and of what is compared with it."""

    follower: Follower
    compared: Compared | None

    def go(self, event: object | None, at: int) -> None:
        """Send an event at an instant; None lets time alone pass."""
        outcome = self.follower.wait(at) if event is None else self.follower.send(event, at)
        if self.compared is not None:
            self.compared.go(event, at, outcome, self.follower.snapshot, self.follower.run)


KINDS = ("possible", "possible", "possible", "possible", "refused", "refused", "wait")


@st.composite
def _often(draw: st.DrawFn) -> type | None:
    test: DerivedTest = draw(st.runner())
    return draw(st.sampled_from([None, *test.plan.engine.system.events]))


@st.composite
def _instant(draw: st.DrawFn) -> int:
    test: DerivedTest = draw(st.runner())
    return draw(st.sampled_from(instants(test.plan.engine, test.snapshot, test.plan.durations)))


@st.composite
def _event(draw: st.DrawFn) -> object | None:
    """Nothing, an event that is possible now (and perhaps no longer when it is sent), or one that is not."""
    test: DerivedTest = draw(st.runner())
    engine, snapshot, kind = test.plan.engine, test.snapshot, draw(st.sampled_from(KINDS))
    if kind == "wait":
        return None
    possible = engine.possible(snapshot, snapshot.now)
    if kind == "possible" and possible:
        return possible_event(draw, engine, snapshot, possible, test.prefer)
    return refused_event(draw, engine, snapshot, possible, test.prefer)


class DerivedTest(RuleBasedStateMachine):
    """One run: begun at an instant, then events, refused ones among them, and time."""

    plan: ClassVar[DerivedPlan]

    @initialize(at=st.sampled_from(STARTS), often=_often())
    def begin(self, at: int, often: type | None) -> None:
        """The start, and which event this run sends often."""
        self.start, self.prefer = at, Prefer(often, Counter())
        self.played = self.plan.begin(at)

    @rule(event=_event(), at=_instant())
    def step(self, event: object | None, at: int) -> None:
        """Send an event, or let time alone pass.

        One rule for all, since Hypothesis leaves out rules by chance, and most runs would only wait.
        """
        self.prefer.sent[type(event)] += 1
        try:
            self.played.go(event, at)
        except RunFailed as failed:
            # Shortened at the very end only, when Hypothesis has found its shortest run and plays it for the report.
            shortest = (
                shortened(failed, self.start, self.plan.durations, self.plan.play)
                if current_build_context().is_final
                else failed
            )
            raise shortest from None

    @property
    def snapshot(self) -> Snapshot:
        return self.played.follower.snapshot
