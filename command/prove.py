"""What `fsm verify` is asked to do, and who does it: the machines in a process, each system in another, cvc5 beside each.

Which processes there are changes nothing of what is found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from fsm.command.invocation.elsewhere import guarded, heed, numbers_of_any_length
from fsm.command.invocation.interrupts import held
from fsm.command.invocation.target import resolve
from fsm.command.invocation.versions import versions_of
from fsm.language.machine import Machine
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification import Report
    from fsm.verification.limits import Job
    from fsm.verification.messages import Decided, Place
    from fsm.verification.report import Heading, Section

__all__ = ["ProofOrder", "Proving", "groups", "resolved", "targets"]

PROCESSES = 2
"""How many slow engines work at once on a property, where no more than one system is proved."""


@attrs.frozen
class ProofOrder:
    """What is to be proved, as it can be sent to another process.

    Attributes:
        targets: as the user named them.
        profile, all_profiles: which versions.
        fast: no second solver.
        certificates: the folder where they go.
        timeout: seconds for each check and property; None for no limit but the budgets of the solver.
        width: of the lines of the report.
    """

    targets: tuple[str, ...]
    profile: str | None = None
    all_profiles: bool = False
    fast: bool = False
    certificates: Path | None = None
    timeout: float | None = None
    width: int = 100


@attrs.frozen
class ProofOutline:
    """How many versions there are, and how many groups of machines and systems."""

    versions: int
    groups: int


class Proving:
    """An order while it is carried out.

    Attributes:
        sections: those that are whole.
    """

    def __init__(self, order: ProofOrder, printed: Callable[[deque[str]], None]) -> None:
        """Args:
        printed: called with lines of the report, in order, as soon as nothing that comes before them is open; it takes
            each away before it prints it.
        """
        self.order, self.printed = order, printed
        self.sections: list[Section] = []
        self.jobs: list[Job] = [self._job(None if order.certificates is not None else 0)]
        self._printing = self._print()
        self._lines: deque[str] = deque()
        self._unsaid = ""

    def run(self, total: float | None = None) -> Generator[str]:
        """Prove; gives how far it has come after everything that happens, and every moment.

        Args:
            total: seconds for all.
        """
        from fsm.verification.limits import listen

        for _ in listen(self.jobs, total):
            for job in self.jobs:
                heed(job.answer)
            if len(self.jobs) == 1 and self.order.certificates is None and self._outline is not None:
                self.jobs += [self._job(group) for group in range(1, self._outline.groups)]
            self._go_on()
            yield self._words()

    def leave_open(self, why: str) -> int:
        """Leave open what is not decided, print all that is, and give how many items are open."""
        many = sum(len(job.open) for job in self.jobs)
        for job in self.jobs:
            job.leave_open(job.open, why)
        self._unsaid = why
        self._go_on()
        return many

    def _go_on(self) -> None:
        """Print what can be; an interrupt comes between two lines, and whoever goes on after it begins with the next."""
        with held():
            next(self._printing, None)
        self.printed(self._lines)

    def _is_said(self, decided: Decided) -> bool:
        return not self._unsaid or decided.entry.plain.get("why") != self._unsaid

    @property
    def read(self) -> bool:
        """Whether all that is to be proved was read."""
        return self._outline is not None and all(job.plan is not None for job in self.jobs)

    @property
    def _outline(self) -> ProofOutline | None:
        told = self.jobs[0].told
        return told if isinstance(told, ProofOutline) else None

    def _job(self, group: int | None) -> Job:
        from fsm.verification.decide.processes import Worker
        from fsm.verification.limits import Job

        return Job(lambda known: Worker(guarded, _study, self.order, group, known), self.order.timeout)

    def _words(self) -> str:
        """What is being looked at, and how much is decided."""
        known, all_of_them = (
            sum(map(len, of)) for of in zip(*((job.decided, job.places) for job in self.jobs), strict=True)
        )
        looked = next((job for job in self.jobs if job.worker is not None and job.begun is not None), None)
        if looked is None or looked.plan is None or looked.begun is None:
            return "reading the declaration" if not known else "cvc5 confirms"
        return f"{known} of {all_of_them} decided; {looked.plan.sections[looked.begun.section].title}: {looked.begun.words}"

    def _print(self) -> Iterator[None]:
        """What is printed, section by section, version by version; stops where something is open, and goes on from there."""
        from fsm.verification.messages import confirmation
        from fsm.verification.report import Section, closing, earlier_of, is_told, opening

        while (outline := self._outline) is None:
            yield
        for version in range(outline.versions):
            for group in range(1 if self.order.certificates is not None else outline.groups):
                while len(self.jobs) <= group or (plan := self.jobs[group].plan) is None:
                    yield
                many = len(plan.sections) // outline.versions
                for number, heading in enumerate(plan.sections[version * many : (version + 1) * many], version * many):
                    earlier = earlier_of(self.sections, heading)
                    told: list[Decided] = []
                    for item in range(len(heading.items)):
                        while (number, item) not in self.jobs[group].decided:
                            yield
                        told.append(self.jobs[group].decided[number, item])
                        if len(told) == 1 and self._has_said(group, number, heading):
                            self._lines.extend(opening(heading))
                        if is_told(told[-1].entry, item, earlier) and self._is_said(told[-1]):
                            self._lines.extend(told[-1].entry.lines)
                    confirmed = confirmation(told, confirm=not self.order.fast)
                    self.sections.append(Section(heading, tuple(one.entry for one in told), confirmed))
                    if self._has_said(group, number, heading):
                        self._lines.extend(closing(self.sections[-1], earlier, self.order.width))

    def _has_said(self, group: int, number: int, heading: Heading) -> bool:
        """Whether anything is known of a section."""
        decided = self.jobs[group].decided
        return any(
            self._is_said(decided[number, item]) for item in range(len(heading.items)) if (number, item) in decided
        )


def _study(tell: Callable[[Any], None], order: ProofOrder, group: int | None, known: Mapping[Place, Decided]) -> None:
    """What a process does: prove one group of machines and systems, or all."""
    numbers_of_any_length()
    found = groups(order.targets)
    versions = versions_of([resolved(one) for one in order.targets], order.profile, all_of_them=order.all_profiles)
    tell(ProofOutline(len(versions), len(found)))

    from fsm.verification.stream import study_on
    from fsm.verification.study import Study

    processes = PROCESSES if len(found) <= PROCESSES else 1
    alone = order.timeout is not None
    chosen = targets(order.targets) if group is None else found[group]
    studies = [Study(one, processes=processes, alone=alone) for one in chosen]
    reports = study_on(studies, versions, tell, confirm=not order.fast, known=known, width=order.width)
    if order.certificates is not None:
        _write_certificates(order, reports)


def _write_certificates(order: ProofOrder, reports: Sequence[list[Report]]) -> None:
    """In the folder that was named; where there are several versions, each in a folder of its own below, all of them or none."""
    from fsm.files import whole_folder
    from fsm.verification.certificates.writing import write_certificates

    assert order.certificates is not None
    target = " ".join(order.targets)
    if len(reports) == 1:
        write_certificates(order.certificates, target, reports[0])
        return
    with whole_folder(order.certificates) as inside:
        for place, of_version in enumerate(reports):
            write_certificates(inside / f"version-{place}", target, of_version)


resolved = cache(resolve)
"""As `resolve`; a file is imported once, so that the objects it declares are the same everywhere."""


def targets(names: Sequence[str]) -> list[Machine | System]:
    """What is to be proved, parts before the whole."""
    return [one for group in groups(names) for one in group]


def groups(names: Sequence[str]) -> list[list[Machine | System]]:
    """What is to be proved: the machines, each once, together; then each system by itself."""
    named = [resolved(name) for name in names]
    systems = [one for one in dict.fromkeys(named) if isinstance(one, System)]
    machines = [part.machine for one in systems for part in one.parts]
    machines += [one for one in named if isinstance(one, Machine)]
    together: list[list[Machine | System]] = [[*dict.fromkeys(machines)]]
    return together + [[one] for one in systems]
