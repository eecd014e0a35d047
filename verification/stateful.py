"""Tests derived from a declaration: a Hypothesis state machine that sends events and checks every step.

    from fsm.verification.stateful import stateful

    TestDesk = stateful(DESK).TestCase                                  # the declaration itself
    TestOurDesk = stateful(DESK, implementation=OurDesk).TestCase       # somebody's own implementation of it

Possible events are sent, events that must be refused, and time; deadlines are met exactly, and
missed by a millisecond. What is checked after each step is in `fsm.verification.follow`; how an
implementation is plugged in and compared, in `fsm.verification.adapter`.

A test passes when nothing was found. That is no proof: it looks at some runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from fsm.engine import Engine, compile
from fsm.events import label
from fsm.machine import Machine
from fsm.parameters import Profile
from fsm.possible import Possible
from fsm.snapshot import Snapshot
from fsm.system import System
from fsm.verification.adapter import Adapter, Compared
from fsm.verification.draw_events import instants, legal_event, longest_timer, refused_event
from fsm.verification.follow import Follower

__all__ = ["stateful"]

STARTS = (0, 1_700_000_000_000)
"""Instants at which runs begin: none before, and one of our days."""


def stateful(
    target: Machine | System, profile: Profile | None = None, *, implementation: Callable[[], Adapter] | None = None
) -> type[RuleBasedStateMachine]:
    """A Hypothesis state machine that tests a declaration, or an implementation against it.

    Args:
        target: the system, or a machine alone.
        profile: values of parameters by name; those not named have their defaults.
        implementation: makes an adapter (see `fsm.verification.adapter`); its class will do.

    Returns:
        A class: `.TestCase` for pytest and unittest, or for `run_state_machine_as_test`.

    Raises:
        BadInput: as `compile` does for a wrong profile.
    """
    engine = compile(target, profile)
    sends = {f"send_{label(event)}": _sender(event) for event in engine.system.events}
    plan = _Plan(engine, target, implementation, longest_timer(engine))
    return type(_name(engine.system.name), (DerivedTest,), {"plan": plan, "__module__": __name__, **sends})


@attrs.frozen
class _Plan:
    """What is tested."""

    engine: Engine
    target: Machine | System
    implementation: Callable[[], Adapter] | None
    longest: int


class DerivedTest(RuleBasedStateMachine):
    """One run: begun at an instant, then events, refused ones among them, and time.

    Subclasses have a rule for each event that callers send.
    """

    plan: ClassVar[_Plan]

    @initialize(at=st.sampled_from(STARTS))
    def begin(self, at: int) -> None:
        self.follower = Follower(self.plan.engine, self.plan.target, at)
        made = self.plan.implementation
        self.compared = None if made is None else Compared(self.plan.engine, made, self.follower.snapshot)
        self._listed: tuple[Snapshot, tuple[Possible, ...]] | None = None

    @rule(event=st.runner().flatmap(lambda test: test.refused_event()), at=st.runner().flatmap(lambda test: test.instants()))
    def attempt(self, event: object, at: int) -> None:
        """Send what is not possible now."""
        self.send(event, at)

    @rule(to=st.runner().flatmap(lambda test: test.instants()))
    def wait(self, to: int) -> None:
        """Let time alone pass."""
        outcome = self.follower.wait(to)
        if self.compared is not None:
            self.compared.wait(to, outcome, self.follower.snapshot, self.follower.run)

    def send(self, event: object, at: int) -> None:
        """Send an event to the declaration, and to the implementation where there is one."""
        outcome = self.follower.send(event, at)
        if self.compared is not None:
            self.compared.send(event, at, outcome, self.follower.snapshot, self.follower.run)

    def possible(self) -> tuple[Possible, ...]:
        """What is possible now, looked up once for each step."""
        snapshot = self.follower.snapshot
        if self._listed is None or self._listed[0] is not snapshot:
            self._listed = (snapshot, self.plan.engine.possible(snapshot, snapshot.now))
        return self._listed[1]

    def instants(self) -> st.SearchStrategy[int]:
        return instants(self.plan.engine, self.follower.snapshot, self.plan.longest)

    def refused_event(self) -> st.SearchStrategy[Any]:
        return refused_event(self.plan.engine, self.follower.snapshot, self.possible())

    def legal_event(self, event: type) -> st.SearchStrategy[Any]:
        return legal_event(self.plan.engine, self.follower.snapshot, event, self.possible())


def _sender(kind: type) -> Any:
    """The rule that sends events of one class while some event of it is possible."""

    def send(self: DerivedTest, event: object, at: int) -> None:
        self.send(event, at)

    send.__name__ = send.__qualname__ = f"send_{label(kind)}"
    possible = precondition(lambda self: any(one.event is kind for one in self.possible()))
    drawn = rule(event=st.runner().flatmap(lambda test: test.legal_event(kind)), at=st.runner().flatmap(lambda test: test.instants()))
    return drawn(possible(send))


def _name(system: str) -> str:
    return "".join(word.capitalize() for word in system.split("_")) + "Runs"
