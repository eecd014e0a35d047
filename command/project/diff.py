"""`fsm diff`: what a newer declaration claims and does that an older one did not, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import click

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.numbers import Amount, shortened
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.invocation.target import resolve
from fsm.command.project.comparing import BREAKING_BY_DEFAULT, ComparedTarget, Comparison, status_of
from fsm.command.project.configuration import NOTHING, Configuration, configuration
from fsm.command.project.scope import Scope, narrowed, scope_of
from fsm.command.prove import named_targets
from fsm.command.reports.changes import as_json as document_of
from fsm.command.reports.changes import changes_schema, in_markdown, in_words, less_in_words, tally
from fsm.errors import BadInput
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["diff"]

COLOURS = {"↓": "red", "-": "red", "≠": "red", "✗": "red", "?": "yellow", "↑": "green", "+": "green", "=": "green", "✓": "green"}  # fmt: skip


def _print_schema(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        echo_json(changes_schema())
        ctx.exit()


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--old-profile", metavar="NAME", help="The version of OLD; without it, every value of its parameters.")
@click.option("--new-profile", metavar="NAME", help="The same of NEW.")
@click.option("--rename", "renames", metavar="OLD=NEW", multiple=True, help="What is called otherwise since then.")
@click.option("--no-verdicts", is_flag=True, help="Leave out which verdicts changed: nothing is proved then but that.")
@click.option(
    "--timeout", type=Amount("seconds"), metavar="SECONDS", help="For each claim; what takes longer is unknown."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; --schema prints what describes it.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a page in Markdown, as for a pull request.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of --json.",
)
@click.pass_context
def diff(
    ctx: click.Context, old: str, new: str | None, old_profile: str | None, new_profile: str | None, renames: tuple[str, ...],
    no_verdicts: bool, timeout: float | None, as_json: bool, as_markdown: bool,
) -> None:  # fmt: skip
    """Compare two declarations by what they say and do, and not by their text.

    OLD and NEW are TARGETs; or OLD alone is a revision of this git repository (main, HEAD~1), whose targets of [tool.fsm] are
    compared with those of this folder.

    Claims: one of the same sentence in both is weakened, strengthened, equivalent or incomparable, as a
    solver finds over every state and step that the types allow, reachable or not; or it is added, or removed. What is assumed of
    parameters is compared too. Behaviour: the shortest run that one takes and the other refuses, or after which another effect
    is emitted, each way; or that there is none: same, OLD refines NEW (every run of OLD is one of NEW), NEW refines OLD. Verdicts: the claims of
    both that are decided otherwise now, with the run. Snapshots: what a migration has to say. What is proved: values that the first profile or
    the configuration fixes now, claims that are called open now, implementations that are tested no more.

    Exit status: 0 nothing breaks; 1 something does that the configuration calls breaking ([tool.fsm] breaking; without it, a claim
    that is weakened, removed or incomparable, a run that is no longer taken, a claim that is refuted now, less that is proved); 3 nothing of that, but something of it not decided; 2 wrong usage.
    """
    if as_json and as_markdown:
        raise WrongUsage("--json and --markdown exclude each other")
    project = configuration(Path.cwd())
    comparison = Comparison(old_profile, new_profile, not no_verdicts, timeout or project.timeout, width())
    names = dict(map(_renamed, renames))
    breaking = BREAKING_BY_DEFAULT if project.breaking is None else project.breaking
    if new is None:
        found, before, after = _of_revision(old, project, comparison, names)
        breaking = tuple(dict.fromkeys([*before.breaking, *breaking]))
    else:
        pair = resolve(old), resolve(new)
        found = [_of_target(new, *pair, comparison, names)]
        before, after = (scope_of(NOTHING, [(new, one)]) for one in pair)
    found = [_with_functions(one, before, after) for one in found]
    less = [] if old_profile or new_profile else list(narrowed(before, after))
    status = status_of(found, less, breaking)
    if as_json:
        echo_json(document_of(found, less, old, new, status, breaking))
    elif as_markdown:
        echo_lines(in_markdown(found, less))
    else:
        _print(found, less)
    ctx.exit(status)


def _with_functions(one: ComparedTarget, before: Scope, after: Scope) -> ComparedTarget:
    """With the functions that are written otherwise now."""
    from fsm.verification.changes.functions import altered

    return attrs.evolve(one, functions=altered(*(side.functions.get(one.name, {}) for side in (before, after))))


def _print(found: list[ComparedTarget], less: Sequence[str]) -> None:
    for one in found:
        lines = list(in_words(one, width()))
        if len(found) > 1 and lines:
            echo(one.name)
        for line, mark in lines:
            echo(line, mark=(line[: line.index(mark) + 1], COLOURS[mark]) if mark in COLOURS else None)
    for line, mark in less_in_words(less, width()):
        echo(line, mark=(mark, COLOURS[mark]) if mark else None)
    echo(tally(found, less))


def _of_revision(
    revision: str, project: Configuration, comparison: Comparison, renames: Mapping[str, str]
) -> tuple[list[ComparedTarget], Scope, Scope]:
    """Every target of the configuration here or there, by its name; with what is proved of all, there and here."""
    from fsm.command.project.revisions import declared_at

    if not project.targets:
        raise WrongUsage(
            "a revision is compared by the targets of [tool.fsm] in pyproject.toml, and there are none. Or name two TARGETs."
        )
    there, named = declared_at(revision), named_targets(project.targets)
    old, new = there.targets, dict(named)
    met: set[str] = set()
    found = []
    for name in dict.fromkeys([*old, *new]):
        before = old.get(name)
        own = {word: renames[word] for word in renames if before is not None and _has(before, word)}
        met |= own.keys()
        found.append(_of_target(name, before, new.get(name), comparison, own))
    missing = [word for word in renames if word not in met]
    if missing:
        raise WrongUsage(f"--rename {shortened(missing[0])}: nothing was called so at {revision}.")
    return found, there.scope, scope_of(project, named)


def _renamed(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old or not new:
        raise WrongUsage(f"--rename {shortened(text)}: write old=new, a name of OLD and what it is called in NEW.")
    return old, new


def _has(target: Machine | System, word: str) -> bool:
    from fsm.verification.changes.pairing import names_of

    return word in names_of(target)


def _of_target(
    name: str,
    old: Machine | System | None,
    new: Machine | System | None,
    comparison: Comparison,
    renames: Mapping[str, str],
) -> ComparedTarget:
    """What became of one target."""
    from fsm.verification.changes.pairing import NoSuchName, with_names

    if old is not None and renames:
        try:
            with_names(old, renames)
        except NoSuchName as missing:
            raise WrongUsage(f"--rename {shortened(str(missing))}: nothing of {old.name} is called so.") from None
        except BadInput as refused:
            raise WrongUsage(f"--rename: under these names {old.name} is no declaration: {refused}") from None
    return comparison.of(name, old, new, renames)
