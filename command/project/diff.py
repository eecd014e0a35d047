"""`fsm diff`: what a newer declaration claims that an older one did not, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.invocation.target import resolve
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
BREAKING = ("weakened", "removed", "incomparable")
"""After these the newer claims do not imply the older ones."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table in Markdown.")
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, as_json: bool, as_markdown: bool) -> None:
    """Compare the claims of two declarations, each by what it says and not by its text.

    OLD and NEW are TARGETs. A claim of one sentence in both is weakened, strengthened, equivalent or incomparable, as a
    solver finds over every state and step that the types allow, reachable or not; or it is added, or removed. What is assumed of
    parameters is compared too. Rules, transitions and verdicts are not.

    Exit status: 0 the newer claims imply the older ones; 1 a claim is weakened, removed or incomparable; 3 nothing of that,
    but something not decided; 2 wrong usage.
    """
    if as_json and as_markdown:
        raise WrongUsage("--json and --markdown exclude each other")
    declarations = resolve(old), resolve(new)
    from fsm.verification.changes.claims import changes_of

    changes = changes_of(*declarations)
    counts = Counter(one.change.value for one in changes)
    status = 1 if any(counts[kind] for kind in BREAKING) else 3 if counts["not decided"] else 0
    if as_json:
        echo_json(
            {"format": 1, "exit_status": status, "old": old, "new": new, "claims": [_plain(one) for one in changes]}
        )
    elif as_markdown:
        echo_lines(_markdown(changes))
    else:
        _print(changes)
        echo(", ".join(f"{counts[kind]} {kind}" for kind in MARKS if counts[kind]) or "no claims")
    ctx.exit(status)


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


def _markdown(changes: Sequence[ClaimChange]) -> str:
    rows = [
        f"| {one.change.value} | {for_markdown(one.sentence)} | {for_markdown(one.old)} | {for_markdown(one.new)} | {for_markdown(one.why)} |"
        for one in changes
    ]
    return "\n".join(["| change | claim | old | new | why |", "|---|---|---|---|---|", *rows])
