"""`verify` with a limit of time for each check and property, in another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System
from fsm.verification.decide.elsewhere.processes import Worker
from fsm.verification.decide.elsewhere.transport import from_plain
from fsm.verification.messages import Begun, Decided, Place
from fsm.verification.stream import study_on
from fsm.verification.study import Progress, Study
from fsm.verification.study_processes import Job, listen
from fsm.verification.verdict import Report

__all__ = ["verify_within"]


def verify_within(
    target: Machine | System,
    profile: NamedProfile | None,
    timeout: float,
    *,
    definition: bool,
    progress: Progress,
    processes: int,
) -> Report:
    """As `verify`, in another process, with a limit of time for each check and property."""
    job = Job(lambda known: Worker(_study, target, profile, definition, processes, known), timeout)
    looked: Begun | None = None
    for _ in listen([job]):
        if job.begun is not None and job.begun is not looked:
            looked = job.begun
            progress(looked.words)
    look = Study(target, definition=definition).in_version(profile)
    system = as_system(target)
    verdicts = [
        from_plain(job.decided[place].plain, claim, system)
        for place, claim in zip(job.places, look.claims, strict=True)
    ]
    checks = len(look.checks)
    return look.report(verdicts[:checks], verdicts[checks:])


def _study(
    tell: Callable[[Any], None],
    target: Machine | System,
    profile: NamedProfile | None,
    definition: bool,
    processes: int,
    known: Mapping[Place, Decided],
) -> None:
    """What the other process does."""
    study_on([Study(target, processes=processes, definition=definition, alone=True)], [profile], tell, known=known)
