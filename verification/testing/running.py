"""A derived test, run at once: for who has no test suite in which it could stand."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.system import System
from fsm.verification.testing.adapter import Adapter
from fsm.verification.testing.stateful import stateful

__all__ = ["run"]

ALL = tuple(HealthCheck)
"""How quick the machine is must not decide; Hypothesis suppresses them of its own state machines too."""


def run(
    target: Machine | System, profile: Profile, *, implementation: Callable[[], Adapter], examples: int | None = None
) -> None:
    """Draw runs and compare after each step.

    Args:
        examples: how many runs; None for as many as Hypothesis is told.

    Raises:
        RunFailed: the implementation does something else than is declared.
        BadInput: as `compile` does for a wrong profile.
    """
    assert settings.default is not None
    runs = settings.default.max_examples if examples is None else examples
    derived = stateful(target, profile, implementation=implementation)
    run_state_machine_as_test(derived, settings=settings(max_examples=runs, deadline=None, suppress_health_check=ALL))
