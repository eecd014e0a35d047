"""What `fsm verify` is asked to do, and who does it: the machines in a process, each system in another, cvc5 beside each.

Which processes there are changes nothing of what is found.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from fsm.command.invocation.elsewhere import guarded, heed, numbers_of_any_length
from fsm.command.invocation.interrupts import held
from fsm.command.invocation.target import resolve
from fsm.command.invocation.versions import versions_of
from fsm.command.project.configuration import KnownUnknown
from fsm.command.project.discovery import place_in_words, targets_in
from fsm.command.project.expectations import check_known, settled
from fsm.command.project.fixing import check_values, fixed
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.command.project.kept import Kept
    from fsm.verification import Report
    from fsm.verification.messages import Decided, Place
    from fsm.verification.report import Heading, Section
    from fsm.verification.study_processes import Job

__all__ = ["ProofOrder", "Proving", "groups", "named_targets", "resolved", "targets", "version_in"]

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
        values: of parameters, that the configuration fixes.
        known: claims that are known to be open.
        whole: whether these are all targets of the configuration, so that what is known must be of one of them.
        cache: where verdicts are kept; None for nowhere.
        trust: what is kept of a proof is believed.
        jobs: how many processes work at once on systems, and on a claim; None for all systems, and a few on a claim.
        explain: a part of the sentences of claims of which more is told.
    """

    targets: tuple[str, ...]
    profile: str | None = None
    all_profiles: bool = False
    fast: bool = False
    certificates: Path | None = None
    timeout: float | None = None
    width: int = 100
    values: Mapping[str, Any] = attrs.field(factory=dict)
    known: tuple[KnownUnknown, ...] = ()
    whole: bool = False
    cache: Path | None = None
    trust: bool = False
    jobs: int | None = None
    explain: str | None = None


@attrs.frozen
class ProofOutline:
    """How many versions there are, and how many groups of machines and systems: one where all is for one process.

    Attributes:
        twins: the titles that several of them have.
    """

    versions: int
    groups: int
    twins: frozenset[str] = frozenset()


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
        self.jobs: list[Job] = [self._job(0)]
        self._printing = self._print()
        self._lines: deque[str] = deque()
        self._unsaid = ""

    def run(self, total: float | None = None) -> Generator[str]:
        """Prove; gives how far it has come after everything that happens, and every moment.

        Args:
            total: seconds for all.
        """
        from fsm.verification.study_processes import listen

        for _ in listen(self.jobs, total):
            for job in self.jobs:
                heed(job.answer)
            self.jobs += self._more()
            self._go_on()
            yield self._words()

    def _more(self) -> list[Job]:
        """The groups that may be looked at now."""
        if self._outline is None:
            return []
        working = sum(not job.started or job.worker is not None for job in self.jobs)
        free = self._outline.groups if self.order.jobs is None else max(0, self.order.jobs - working)
        start = len(self.jobs)
        return [self._job(group) for group in range(start, min(self._outline.groups, start + free))]

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
        outline = self._outline
        groups = 1 if outline is None else outline.groups
        return outline is not None and len(self.jobs) == groups and all(job.plan is not None for job in self.jobs)

    @property
    def _outline(self) -> ProofOutline | None:
        told = self.jobs[0].told
        return told if isinstance(told, ProofOutline) else None

    def _job(self, group: int) -> Job:
        from fsm.verification.decide.elsewhere.processes import Worker
        from fsm.verification.study_processes import Job

        return Job(lambda known: Worker(guarded, _study, self.order, group, self._outline, known), self.order.timeout)

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
        from fsm.verification.messages import confirmation, kept_in_words
        from fsm.verification.report import Section, closing, earlier_of, is_told, opening

        while (outline := self._outline) is None:
            yield
        for version in range(outline.versions):
            for group in range(outline.groups):
                while len(self.jobs) <= group or (plan := self.jobs[group].plan) is None:
                    yield
                many = len(plan.sections) // outline.versions
                for number, heading in enumerate(plan.sections[version * many : (version + 1) * many], version * many):
                    earlier = earlier_of(self.sections, heading)
                    told: list[Decided] = []
                    for item in range(len(heading.items)):
                        while (number, item) not in self.jobs[group].decided:
                            yield
                        told.append(self._settled(self.jobs[group].decided[number, item], heading))
                        if len(told) == 1 and self._has_said(group, number, heading):
                            place = place_in_words(heading.written) if heading.title in outline.twins else ""
                            self._lines.extend(opening(heading, place))
                        if is_told(told[-1].entry, item, earlier) and self._is_said(told[-1]):
                            self._lines.extend(told[-1].entry.lines)
                    kept = [one.kept for one in told]
                    confirmed = confirmation(confirm=not self.order.fast, kept=kept) + kept_in_words(kept)
                    self.sections.append(Section(heading, tuple(one.entry for one in told), confirmed))
                    if self._has_said(group, number, heading):
                        self._lines.extend(closing(self.sections[-1], earlier, self.order.width))

    def _settled(self, decided: Decided, heading: Heading) -> Decided:
        """What is decided, with what the configuration knows of it, and how long that took."""
        entry = settled(decided.entry, heading, self.order.known, self.order.width)
        plain = entry.plain | {"seconds": round(decided.seconds, 3)} | ({"kept": decided.kept} if decided.kept else {})
        return attrs.evolve(decided, entry=attrs.evolve(entry, plain=plain))

    def _has_said(self, group: int, number: int, heading: Heading) -> bool:
        """Whether anything is known of a section."""
        decided = self.jobs[group].decided
        return any(
            self._is_said(decided[number, item]) for item in range(len(heading.items)) if (number, item) in decided
        )


def _study(
    tell: Callable[[Any], None],
    order: ProofOrder,
    group: int,
    outline: ProofOutline | None,
    known: Mapping[Place, Decided],
) -> None:
    """What a process does: prove one group of machines and systems; or all, where certificates are written, or where something is kept of every claim.

    Args:
        outline: what the first process told, who says whether all is for one.
    """
    numbers_of_any_length()
    parts, named = groups(order.targets), [target for _, target in named_targets(order.targets)]
    versions = versions_of(named, order.profile, all_of_them=order.all_profiles)
    titles = Counter(_title(one) for one in targets(order.targets))
    kept = _kept(
        order, [(one, version_in(order, named, one, asked)) for asked in versions for one in targets(order.targets)]
    )
    if outline is None:
        together = order.certificates is not None or (kept is not None and kept.is_on_file())
        twins = frozenset(title for title in titles if titles[title] > 1)
        outline = ProofOutline(len(versions), 1 if together else len(parts), twins)
    tell(outline)

    from fsm.verification.definition import checks_of

    if order.whole:
        check_values(named, order.values)
        all_of_them = targets(order.targets)
        check_known(
            order.known,
            [(one.name, claim.sentence) for one in all_of_them for claim in (*one.properties, *checks_of(one))],
        )
    processes = order.jobs or (PROCESSES if len(parts) <= PROCESSES else 1)
    alone = order.timeout is not None
    chosen = targets(order.targets) if outline.groups == 1 else parts[group]
    if len(chosen) < len(targets(order.targets)):
        kept = _kept(order, [(one, version_in(order, named, one, asked)) for asked in versions for one in chosen])
    if kept is not None and not known:
        found = kept.known()
        if kept.is_whole(found):
            tell(kept.plan())
        for decided in found.values():
            tell(decided)
        if kept.is_whole(found):
            return
        known = found

    from fsm.verification.stream import study_on
    from fsm.verification.study import Study

    studies = [
        Study(one, processes=processes, alone=alone, version=partial(version_in, order, named, one)) for one in chosen
    ]
    keep = None if kept is None else kept.keep
    reports = study_on(
        studies,
        versions,
        tell,
        confirm=not order.fast,
        known=known,
        width=order.width,
        keep=keep,
        explain=order.explain,
    )
    if order.certificates is not None:
        _write_certificates(order, reports)


def _kept(order: ProofOrder, sections: Sequence[tuple[Machine | System, NamedProfile | None]]) -> Kept | None:
    """What an earlier run kept; nothing where certificates are written or a claim is explained, which need evidence of now."""
    if order.cache is None or order.certificates is not None or order.explain:
        return None
    from fsm.command.project.kept import Kept
    from fsm.verification.cache.entries import Folder

    alone = order.timeout is not None
    return Kept(Folder(order.cache), sections, order.trust, not order.fast, alone, order.width)


def _title(one: Machine | System) -> str:
    return f"{'system' if isinstance(one, System) else 'machine'} {one.name}"


def version_in(
    order: ProofOrder, named: Sequence[Machine | System], target: Machine | System, asked: NamedProfile | None
) -> NamedProfile | None:
    """The version in which a target is looked at: the one that is asked for, or the first of its own or of a system around it."""
    around = [one for one in named if isinstance(one, System) and any(part.machine is target for part in one.parts)]
    first = next((one.profiles[0] for one in (target, *around) if one.profiles), None)
    return fixed(target, first if asked is None else asked, order.values)


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


@cache
def _named(name: str, folder: Path) -> tuple[tuple[str, Machine | System], ...]:
    """What a target names, seen from a folder."""
    return tuple(targets_in(name))


def named_targets(names: Sequence[str]) -> list[tuple[str, Machine | System]]:
    """What the user named, each machine and system once, with the name of it alone."""
    found: dict[Machine | System, str] = {}
    for name in names:
        for alone, target in _named(name, Path.cwd()):
            found.setdefault(target, alone)
    return [(alone, target) for target, alone in found.items()]


def targets(names: Sequence[str]) -> list[Machine | System]:
    """What is to be proved, parts before the whole."""
    return [one for group in groups(names) for one in group]


def groups(names: Sequence[str]) -> list[list[Machine | System]]:
    """What is to be proved: the machines, each once, together; then each system by itself."""
    named = [target for _, target in named_targets(names)]
    systems = [one for one in named if isinstance(one, System)]
    machines = [part.machine for one in systems for part in one.parts]
    machines += [one for one in named if isinstance(one, Machine)]
    together: list[list[Machine | System]] = [[*dict.fromkeys(machines)]]
    return together + [[one] for one in systems]
