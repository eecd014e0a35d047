"""What `fsm verify` is asked to do, and who does it: each system in a process of its own, its machines in another, cvc5 beside each.

Which processes there are changes nothing of what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from fsm.command.invocation.target import resolve
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.report import Page
    from fsm.verification.verify import Report, Study

__all__ = ["Order", "groups", "pages", "prove", "resolved", "targets"]

Progress = Callable[[str], None]
PROCESSES = 2
"""How many slow engines work at once on a property, where no more than one system is proved."""


@attrs.frozen
class Order:
    """What is to be proved, as it can be sent to another process.

    Attributes:
        targets: as the user named them.
        versions: the names of profiles; None in place of one where the target has none.
        fast: no second solver.
        certificates: the folder where they go.
        timeout: seconds for each property; None for no limit but the budgets of the solver.
    """

    targets: tuple[str, ...]
    versions: tuple[str | None, ...]
    fast: bool = False
    certificates: Path | None = None
    timeout: float | None = None


def _silent(sentence: str) -> None:
    """Nobody is told how far it has come."""


def pages(order: Order, progress: Progress = _silent) -> list[Page]:
    """The pages in the order of versions, then of targets; the last system here, the others and the machines in processes of their own."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    parts = groups(order.targets)
    if len(parts) == 1 or order.certificates is not None:  # certificates of one call stand under one index
        return [page for of_version in prove(order, None, progress) for page in of_version]
    with ProcessPoolExecutor(len(parts) - 1, get_context("spawn")) as pool:
        waiting = [pool.submit(prove, order, place) for place in range(len(parts) - 1)]
        last = prove(order, len(parts) - 1, progress)
        progress("the others")
        found = [*(one.result() for one in waiting), last]
    return [page for of_version in zip(*found, strict=True) for several in of_version for page in several]


def prove(order: Order, group: int | None, progress: Progress = _silent) -> list[list[Page]]:
    """For each version, the pages on one group of machines and systems, or on all."""
    from fsm.verification.report import page_of
    from fsm.verification.verify import Study

    profiles = {one.name: one for target in order.targets for one in resolved(target).profiles}
    processes = PROCESSES if len(groups(order.targets)) <= PROCESSES else 1
    studies = [
        Study(one, processes=processes, timeout=order.timeout)
        for one in (targets(order.targets) if group is None else groups(order.targets)[group])
    ]
    with _confirming(order, progress) as confirm:
        confirmed = [
            confirm(_report(one, profiles, version, progress) for one in studies) for version in order.versions
        ]
        reports = [finish() for finish in confirmed]
    if order.certificates is not None:
        _write_certificates(order, reports)
    return [[page_of(one) for one in of_version] for of_version in reports]


def _report(study: Study, profiles: dict[str, NamedProfile], version: str | None, progress: Progress) -> Report:
    profile = None if version is None else profiles[version]
    return study.report(profile, progress=partial(_tell, progress, study.target.name))


def _tell(progress: Progress, name: str, sentence: str) -> None:
    progress(f"{name}: {sentence}")


@contextmanager
def _confirming(order: Order, progress: Progress) -> Iterator[Callable[[Iterable[Report]], Callable[[], list[Report]]]]:
    """Takes reports as they are made and gives what waits until their proofs are confirmed: cvc5 answers while the next are sought."""
    if order.fast:
        yield _unconfirmed
        return
    from fsm.verification.certificates.confirming import begin, second_solver

    def begun(reports: Iterable[Report]) -> Callable[[], list[Report]]:
        waiting = [begin(one, solver) for one in reports]

        def finish() -> list[Report]:
            progress("cvc5 confirms")
            return [one.finish() for one in waiting]

        return finish

    with second_solver() as solver:
        yield begun


def _unconfirmed(reports: Iterable[Report]) -> Callable[[], list[Report]]:
    said = [attrs.evolve(one, confirmed="Not confirmed by a second solver: --fast leaves that out.") for one in reports]
    return lambda: said


def _write_certificates(order: Order, reports: Sequence[list[Report]]) -> None:
    """In the folder that was named; where there are several versions, each in a folder of its own below."""
    from fsm.verification.certificates.writing import write_certificates

    assert order.certificates is not None
    for version, of_version in zip(order.versions, reports, strict=True):
        name = "".join(one if one.isalnum() or one in "-_" else "_" for one in str(version))
        write_certificates(
            order.certificates / name if len(reports) > 1 else order.certificates, " ".join(order.targets), of_version
        )


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
