"""`fsm mutate`: plant small faults in a declaration and say which property catches each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import attrs
import click

from fsm.command.invocation.elsewhere import guarded, heed, numbers_of_any_length
from fsm.command.invocation.endings import BadFile, WrongUsage
from fsm.command.invocation.files import content_of, toml_in
from fsm.command.invocation.output import echo, echo_json, echo_lines
from fsm.command.invocation.target import targets_argument
from fsm.command.prove import targets as targets_of
from fsm.command.terminal.progress import Progress
from fsm.language.machine import Machine
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.mutants.report import OutcomeInWords, Result

__all__ = ["mutate"]

PROCESSES = 2
"""How many mutants are judged at once."""


@click.command()
@targets_argument()
@click.option("--profile", metavar="NAME", help="The version to judge; without it, the first one.")
@click.option(
    "--reasons",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="TOML: for each machine or system a table of mutants that may survive, each with its reason.",
)
@click.option("--all", "everything", is_flag=True, help="Print every mutant, also those killed, with their runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every mutant with what became of it.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def mutate(
    ctx: click.Context,
    targets: tuple[str, ...],
    profile: str | None,
    reasons: Path | None,
    everything: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Plant every small fault in TARGET, one at a time, and say which property catches it, by which run.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system, faults are planted
    in its machines too; of several, what they share is judged by the claims of all. A fault that changes nothing is shown
    to change nothing; one that survives needs a reason. A property counts only where it cites what it comes from; where none
    does, all count.

    Exit status: 0 every mutant is killed, equivalent or listed with a reason, 1 one survives without a reason or a
    reason is stale, 3 nobody knows of one, 2 wrong usage, 70 a mutant made fsm crash, 130 interrupted: what is judged by then
    is printed.
    """
    from fsm.verification.mutants import report

    judging = _Judging(MutationOrder(targets, profile, None if reasons is None else _from_file(reasons)))
    with Progress(quiet=quiet) as progress:
        try:
            for words in judging.run():
                progress.say(words)
        except KeyboardInterrupt:
            if judging.outline is not None:
                _print(report, judging.result, everything, as_json)
            echo("fsm: interrupted; not every mutant is judged", err=True)
            raise
    _print(report, judging.result, everything, as_json)
    ctx.exit(report.exit_status(judging.result))


def _print(report: ModuleType, result: Result, everything: bool, as_json: bool) -> None:
    if as_json:
        echo_json(report.to_plain(result))
    else:
        echo_lines(report.render(result, everything=everything))


@attrs.frozen
class MutationOrder:
    """What is to be judged, as it can be sent to another process."""

    targets: tuple[str, ...]
    profile: str | None
    reasons: dict[tuple[str, str], str] | None


@attrs.frozen
class MutationOutline:
    """How many mutants there are, and what a result says besides."""

    many: int
    subjects: tuple[str, ...]
    version: str
    claims: tuple[tuple[str, str], ...]
    reasons: dict[tuple[str, str], str]


class _Judging:
    """The mutants of an order while they are judged, in processes that take every second one."""

    def __init__(self, order: MutationOrder) -> None:
        self.order = order
        self.outline: MutationOutline | None = None
        self.entries: dict[int, OutcomeInWords] = {}

    def run(self) -> Iterator[str]:
        """Judge them; gives how far it has come after everything that happens, and every moment."""
        from fsm.verification.decide.elsewhere.processes import Answered, Told, Worker, WorkerFailed, WorkFailed, hear

        working = [Worker(guarded, _judge, self.order, share) for share in range(PROCESSES)]
        workers = list(working)
        try:
            while working:
                for worker, message in hear(working, 0.5):
                    match message:
                        case Told(value=MutationOutline() as outline):
                            self.outline = outline
                        case Told(value=(place, entry)):
                            self.entries[place] = entry
                        case Answered(value=value):
                            heed(value)
                            working.remove(worker)
                        case WorkerFailed(trace=trace):
                            raise WorkFailed(trace)
                        case _:
                            raise WorkFailed(f"a process ended without an answer ({message})")
                yield self._words()
        finally:
            for worker in workers:
                worker.end()

    def _words(self) -> str:
        if self.outline is None or not self.entries:
            return "reading the declaration"
        last = list(self.entries.values())[-1]
        return f"{len(self.entries)} of {self.outline.many}: {last.home}: {last.mutant}"

    @property
    def result(self) -> Result:
        """What is known, in the order of the subjects, whoever was first."""
        from fsm.verification.mutants.report import Result

        assert self.outline is not None
        entries = tuple(entry for _, entry in sorted(self.entries.items(), key=lambda pair: pair[0]))
        return Result(self.outline.subjects, self.outline.version, self.outline.claims, entries, self.outline.reasons)


def _judge(tell: Callable[[Any], None], order: MutationOrder, share: int) -> None:
    """What a process does: tell what became of the mutants that are its share."""
    from fsm.verification.mutants.generate import mutants_of
    from fsm.verification.mutants.judge import judge
    from fsm.verification.mutants.report import entry_of
    from fsm.verification.mutants.subjects import subjects_of

    numbers_of_any_length()
    declared = targets_of(order.targets)
    known = [profile.name for one in declared for profile in one.profiles]
    if order.profile is not None and order.profile not in known:
        raise WrongUsage(
            f"there is no profile {order.profile!r}. There is {', '.join(dict.fromkeys(known)) or 'none'}."
        )
    reasons = _of_the_desk(declared) if order.reasons is None else order.reasons
    mutants = [mutant for one in declared for mutant in mutants_of(one)]
    subjects = subjects_of(tuple(declared), order.profile)
    version = next((subject.version.name for subject in subjects if subject.version is not None), "")
    claims = tuple((subject.name, sentence) for subject in subjects for sentence in subject.claims)
    tell(MutationOutline(len(mutants), tuple(subject.name for subject in subjects), version, claims, reasons))
    for place in range(share, len(mutants), PROCESSES):
        tell((place, entry_of(judge(mutants[place], subjects))))


def _of_the_desk(declared: list[Machine | System]) -> dict[tuple[str, str], str]:
    """The reasons that stand beside the desk, for what of it is judged."""
    from fsm.desk.known_mutants import REASONS

    return {(home.name, name): reason for home, reason, names in REASONS if home in declared for name in names}


def _from_file(path: Path) -> dict[tuple[str, str], str]:
    read = toml_in(path, content_of(path))
    for home, table in read.items():
        if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
            raise BadFile(f'{path}: {home} is no table of reasons. Write [{home}], then "the mutant" = "the reason".')
    return {(home, name): reason for home, table in read.items() for name, reason in table.items()}
