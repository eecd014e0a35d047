"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsm.command.invocation.endings import Unwritable, WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.here import machines_here
from fsm.command.invocation.numbers import Amount, Whole
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.project.configuration import Configuration, configuration
from fsm.command.project.discovery import FORMS
from fsm.command.project.watching import watch
from fsm.command.prove import ProofOrder, Proving, named_targets
from fsm.command.prove import targets as targets_of
from fsm.command.reports.document import document, schema
from fsm.command.reports.junit import junit as junit_of
from fsm.command.reports.markdown import markdown
from fsm.command.reports.sarif import sarif as sarif_of
from fsm.command.terminal.progress import Progress

if TYPE_CHECKING:
    from fsm.verification.report import Section

__all__ = ["verify"]


FILE = click.Path(dir_okay=False, path_type=Path)


def _print_schema(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        echo_json(schema())
        ctx.exit()


@click.command()
@click.argument("targets", metavar="[TARGET...]", nargs=-1)
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Prove every version; of later ones the report tells what is new.")
@click.option(
    "--fast",
    is_flag=True,
    help="Leave out that the checker, which shares nothing with the prover, has cvc5 confirm every proof.",
)
@click.option(
    "--certificates",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write what shows the proofs to a stranger; see `fsm check-certificate`.",
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep verdicts in this folder; what is kept there is shown again without a prover.",
)
@click.option("--no-cache", is_flag=True, help="Neither keep verdicts nor look at what is kept.")
@click.option("--trust-cache", is_flag=True, help="Believe what is kept of a proof; the checker is not asked again.")
@click.option(
    "--timeout",
    type=Amount("seconds"),
    metavar="SECONDS",
    help="For each check and property; what takes longer is unknown.",
)
@click.option(
    "--total-timeout",
    type=Amount("seconds"),
    metavar="SECONDS",
    help="For all of them together; what is not decided then is unknown.",
)
@click.option(
    "--save-test",
    "test",
    type=FILE,
    metavar="FILE",
    help="Write a pytest for each claim refuted by a run that ends.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; --schema prints what describes it.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a page in Markdown, as for a job's summary.")
@click.option("--junit", type=FILE, metavar="FILE", help="Write a JUnit file beside: a case for each claim.")
@click.option("--sarif", type=FILE, metavar="FILE", help="Write a SARIF file beside: what is not well, at its line.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of --json.",
)
@click.option(
    "--jobs",
    type=Whole(1, 64),
    metavar="N",
    help="So many systems, and so many slow engines on a claim, at once; the report is the same. Default: all systems, two engines.",
)
@click.option(
    "--explain",
    metavar="TEXT",
    help="Tell more of each claim in whose sentence this stands: what its proof rests on, or where it fails.",
)
@click.option("--watch", "watched", is_flag=True, help="Prove again what a saved file changed, until an interrupt.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def verify(
    ctx: click.Context, targets: tuple[str, ...], profile: str | None, all_profiles: bool, fast: bool, certificates: Path | None,
    cache: Path | None, no_cache: bool, trust_cache: bool, timeout: float | None, total_timeout: float | None, test: Path | None, as_json: bool, as_markdown: bool,
    junit: Path | None, sarif: Path | None, jobs: int | None, explain: str | None, watched: bool, quiet: bool,
) -> None:  # fmt: skip
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; or a file, a folder or a package,
    for all that it declares. Without any, the targets of [tool.fsm] in pyproject.toml are proved, under the values and
    limits that stand there. Of a system its machines
    are proved first. Of several, a machine that they share is proved once. Where TARGET has profiles, the first one fixes the parameters that it names; what the declaration says not to hold in a later
    one is expected to be refuted there. Every proof is confirmed by the checker, with cvc5; one that it does not confirm is unknown.

    Verdicts are printed in the order of the declaration, each as soon as all before it are there; an interrupt
    prints what is decided by then. With a cache, what an earlier run proved is confirmed again by the checker, without a prover;
    what it refuted is replayed.

    Exit status: 0 everything is as the declaration says, 1 something is refuted, or proved, against it, or holds only because what
    it speaks of never happens, 3 nothing of that but something unknown, 2 wrong usage or bad input, 130 interrupted. With --watch it goes on until an interrupt: 130, or 143 where it is terminated.
    """
    from fsm.verification import report

    _check_empty(certificates)
    if as_json and as_markdown:
        raise WrongUsage("--json and --markdown exclude each other")
    project = configuration(Path.cwd())
    names = targets or _configured(project)
    order = ProofOrder(
        names,
        profile or (None if all_profiles else project.profile),
        all_profiles,
        fast,
        certificates,
        timeout or project.timeout,
        width(),
        project.values,
        project.unknown,
        whole=not targets,
        cache=_cache(project, cache, off=no_cache, trusted=trust_cache),
        trust=trust_cache,
        jobs=jobs,
        explain=explain,
    )
    if watched:
        if certificates is not None:
            raise WrongUsage("--watch and --certificates exclude each other: certificates need a new folder each time")
        watch(names, _options(ctx))
    if certificates is not None and project.values:
        raise WrongUsage(
            "certificates are of versions that the declaration has: take [tool.fsm.values] out, or name a profile there"
        )
    with Progress(quiet=quiet) as progress:
        proving = Proving(order, partial(_print, progress, as_json or as_markdown))
        try:
            with closing(proving.run(total_timeout or project.total_timeout)) as coming:
                for words in coming:
                    progress.say(words)
        except KeyboardInterrupt as stop:
            missing = proving.leave_open(INTERRUPTED)
            _write(proving.sections, junit, sarif)
            if as_json:
                echo_json(document(proving.sections) | {"exit_status": getattr(stop, "status", 130)})
            elif as_markdown:
                echo_lines(markdown(proving.sections))
            echo(f"fsm: interrupted; {missing} verdicts are missing", err=True)
            raise
    if not proving.read:
        echo(
            f"fsm: TARGET was not read within {total_timeout or project.total_timeout:g} s; nothing is known of it",
            err=True,
        )
        ctx.exit(3)
    if test is not None:
        _save(test, names, proving.sections)
    _write(proving.sections, junit, sarif)
    if as_json:
        echo_json(document(proving.sections))
    elif as_markdown:
        echo_lines(markdown(proving.sections))
    else:
        echo(report.summary(proving.sections))
    ctx.exit(report.exit_status(proving.sections))


def _options(ctx: click.Context) -> list[str]:
    """The options of this command as another one is given them."""
    found: list[str] = []
    for option in ctx.command.params:
        value = ctx.params.get(option.name or "")
        if isinstance(option, click.Option) and option.name != "watched" and value not in (None, False, ()):
            written = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            found += [option.opts[-1]] if value is True else [option.opts[-1], written]
    return found


def _cache(project: Configuration, given: Path | None, *, off: bool, trusted: bool) -> Path | None:
    """Where verdicts are kept: in the folder that is named, or that of the configuration; nowhere without."""
    if off and (given is not None or trusted):
        raise WrongUsage("--no-cache excludes --cache and --trust-cache")
    place = None if off else given or project.cache
    if trusted and place is None:
        raise WrongUsage("--trust-cache needs a cache: --cache DIR, or [tool.fsm] cache")
    if place is not None and place.exists() and not place.is_dir():
        raise Unwritable(f"{place} is no folder; verdicts are kept in one")
    if place is not None and place.exists() and not os.access(place, os.W_OK):
        echo(f"fsm: nothing can be written to {place}: what is decided now is not kept", err=True)
    return place


def _configured(project: Configuration) -> tuple[str, ...]:
    """The targets of the configuration, where none is named."""
    if project.targets:
        return project.targets
    where = "" if project.file is None else f"[tool.fsm] of {project.file} names no targets.\n"
    raise click.UsageError(
        f"name a TARGET. {FORMS} Or say in pyproject.toml what is yours: [tool.fsm], targets.\n{where}{machines_here(Path.cwd())}"
    )


def _print(progress: Progress, as_json: bool, lines: deque[str]) -> None:
    """Print lines of the report, unless it is a document."""
    if as_json:
        lines.clear()
    if lines:
        with progress.aside():
            while lines:
                line = lines.popleft()
                echo(line, mark=MARKS.get(line[:3]))


def _write(sections: Sequence[Section], junit_file: Path | None, sarif_file: Path | None) -> None:
    """The files that are asked for beside the report."""
    if junit_file is not None:
        put(junit_file, junit_of(sections))
    if sarif_file is not None:
        put(sarif_file, sarif_of(sections))


def _check_empty(folder: Path | None) -> None:
    """Certificates go to a folder of their own, which is said before anything is proved."""
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unwritable(f"{folder} is there already and not empty; certificates need a folder of their own")


def _save(file: Path, names: Sequence[str], proved: Sequence[Section]) -> None:
    """Write the tests, or say on stderr why there are none."""
    from fsm.command.save_test import counterexamples, save_tests

    found = list(counterexamples(targets_of(names), [section.plain for section in proved]))
    if found:
        save_tests(file, [alone for alone, _ in named_targets(names)], found)
        echo(
            f"{file}: {len(found)} test{'s' * (len(found) > 1)}, which fail{'s' * (len(found) == 1)} as long as the claims do",
            err=True,
        )
    else:
        echo(f"{file} is not written: no claim is refuted by a run that ends", err=True)


INTERRUPTED = "interrupted before a verdict"
MARKS = {
    f"  {mark}": (f"  {mark}", colour)
    for mark, colour in zip("✓✗?≠∅", ("green", "red", "yellow", "cyan", "red"), strict=True)
}
"""How the line of a verdict begins, and in which colour."""
