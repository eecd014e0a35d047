"""`fsm diff`: what a newer declaration claims that an older one did not, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.invocation.target import resolve
from fsm.command.project.configuration import configuration
from fsm.command.prove import named_targets
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.notebook import for_markdown

if TYPE_CHECKING:
    from fsm.verification.changes.claims import ClaimChange

__all__ = ["diff"]

MARKS = {
    "weakened": "↓",
    "removed": "-",
    "incomparable": "≠",
    "not decided": "?",
    "strengthened": "↑",
    "added": "+",
    "equivalent": "=",
}
Compared = tuple[str, "Sequence[ClaimChange]"]
"""The name of a target, and what became of its claims."""
BREAKING = ("weakened", "removed", "incomparable")
"""After these the newer claims do not imply the older ones."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table in Markdown.")
@click.pass_context
def diff(ctx: click.Context, old: str, new: str | None, as_json: bool, as_markdown: bool) -> None:
    """Compare the claims of two declarations, each by what it says and not by its text.

    OLD and NEW are TARGETs; or OLD alone is a revision of this git repository (main, HEAD~1), whose targets of [tool.fsm] are
    compared with those of this folder. A claim of one sentence in both is weakened, strengthened, equivalent or incomparable, as a
    solver finds over every state and step that the types allow, reachable or not; or it is added, or removed. What is assumed of
    parameters is compared too. Rules, transitions and verdicts are not.

    Exit status: 0 the newer claims imply the older ones; 1 a claim is weakened, removed or incomparable; 3 nothing of that,
    but something not decided; 2 wrong usage.
    """
    if as_json and as_markdown:
        raise WrongUsage("--json and --markdown exclude each other")
    found = _of_revision(old) if new is None else [_compared(new, resolve(old), resolve(new))]
    counts = Counter(one.change.value for _, changes in found for one in changes)
    status = 1 if any(counts[kind] for kind in BREAKING) else 3 if counts["not decided"] else 0
    if as_json:
        targets = [{"target": name, "claims": [_plain(one) for one in changes]} for name, changes in found]
        echo_json({"format": 1, "exit_status": status, "old": old, "new": new, "targets": targets})
    elif as_markdown:
        echo_lines("\n".join(line for name, changes in found for line in _markdown(name, changes)))
    else:
        for name, changes in found:
            if len(found) > 1 and any(one.change.value != "equivalent" for one in changes):
                echo(name)
            _print(changes)
        echo(", ".join(f"{counts[kind]} {kind}" for kind in MARKS if counts[kind]) or "no claims")
    ctx.exit(status)


def _of_revision(revision: str) -> list[Compared]:
    """Every target of the configuration here or there, by its name."""
    from fsm.command.project.revisions import declared_at

    names = configuration(Path.cwd()).targets
    if not names:
        raise WrongUsage(
            "a revision is compared by the targets of [tool.fsm] in pyproject.toml, and there are none. Or name two TARGETs."
        )
    old, new = declared_at(revision), dict(named_targets(names))
    return [_compared(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def _compared(name: str, old: Machine | System | None, new: Machine | System | None) -> Compared:
    from fsm.verification.changes.claims import added, changes_of, removed

    if old is None or new is None:
        return name, removed(old) if old is not None else added(new) if new is not None else []
    return name, changes_of(old, new)


def _plain(one: ClaimChange) -> dict[str, Any]:
    return {
        "sentence": one.sentence,
        "change": one.change.value,
        "old": one.old or None,
        "new": one.new or None,
        "why": one.why,
    }


def _print(changes: Sequence[ClaimChange]) -> None:
    """What changed, each with what it says before and after; what did not is counted alone."""
    for one in changes:
        kind = one.change.value
        if kind == "equivalent" and one.old == one.new:
            continue
        for line in wrap(f"{MARKS[kind]} {kind}: {one.sentence}", width(), subsequent_indent="  "):
            echo(line, mark=(line[:1], "red" if kind in BREAKING else "yellow" if kind == "not decided" else "green"))
        told = [("old", one.old), ("new", one.new), ("", one.why)]
        for word, text in told:
            for line in wrap(text, width(), initial_indent=f"    {word:5}", subsequent_indent=" " * 9):
                echo(line)


def _markdown(name: str, changes: Sequence[ClaimChange]) -> list[str]:
    rows = [
        f"| {one.change.value} | {for_markdown(one.sentence)} | {for_markdown(one.old)} | {for_markdown(one.new)} | {for_markdown(one.why)} |"
        for one in changes
    ]
    return [f"### {for_markdown(name)}", "", "| change | claim | old | new | why |", "|---|---|---|---|---|", *rows, ""]
