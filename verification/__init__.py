"""Proofs, and tests derived from a declaration. Needs the extra: `pip install 'verified-fsm[verification]'`.

    verify     decides every claim of a machine or system: a `Report`, whose verdicts are matched

        match verdict:                                              # a `Verdict` is one of these three
            case Proved(argument=argument, covers=covers): ...      # by which argument, and for what
            case Refuted(trace=trace): ...                          # a run that breaks it, replayed
            case Unknown(why=why, hint=hint): ...                   # what was tried, and what could close the gap

    render     reports as text, as `fsm verify` prints them

    fsm.verification.testing          tests derived from a declaration, for it or for somebody's own implementation
    fsm.verification.monitoring       whether what really happened conforms to a declaration
    fsm.verification.search.packed    every snapshot, counted
    fsm.verification.certificates     what shows a proof to a stranger
    fsm.verification.checker          asks for a proof again, and shares nothing with what proved it

A solver is loaded when something is proved, Hypothesis when a test is derived: importing this loads neither.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System
from fsm.verification.report import render
from fsm.verification.verdict import Proved, Refuted, Report, Unknown, Verdict

__all__ = ["Proved", "Refuted", "Report", "Unknown", "Verdict", "render", "verify"]


def _silent(sentence: str) -> None:
    """Nobody is told how far it has come."""


def verify(
    target: Machine | System,
    *,
    profile: NamedProfile | None = None,
    definition: bool = True,
    progress: Callable[[str], None] = _silent,
    processes: int = 1,
    timeout: float | None = None,
) -> Report:
    """Decide every property of a machine or system and check its definition.

    Args:
        profile: fixes some parameters for the properties, by default the first profile of the target where it
            has any; the definition is checked for every value.
        definition: whether to check the definition.
        progress: told each property's sentence before it is looked at.
        processes: how many slow engines may work at once on a property; the report is the same.
        timeout: seconds for each check and property, which then are decided in another process; what takes longer is
            unknown, and nothing else changes. None for no limit but the budgets of the solver.

    Raises:
        EnginesDisagree: one engine proves what another refutes, which is a defect of fsm.
        ImportError: no solver is installed.
        WorkFailed: the other process ended by an error, which is a defect of fsm.
    """
    if find_spec("z3") is None:
        raise ImportError("proofs need z3; install with: pip install 'verified-fsm[verification]'")
    from fsm.verification.study import Study
    from fsm.verification.verify_limited import verify_within

    if timeout is None:
        return Study(target, processes=processes, definition=definition).report(profile, progress=progress)
    return verify_within(target, profile, timeout, definition=definition, progress=progress, processes=processes)
