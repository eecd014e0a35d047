"""A page in Markdown: a table for each machine or system, and below it what is not well, with its run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fsm.command.invocation.output import printable
from fsm.command.project.discovery import place_in_words
from fsm.notebook import for_markdown

if TYPE_CHECKING:
    from fsm.verification.report import Item, Section, VerdictInWords

__all__ = ["markdown"]


def markdown(sections: Sequence[Section]) -> str:
    """The page."""
    from fsm.verification.report import summary

    lines = [f"**{summary(sections)}**", ""]
    for one in sections:
        lines += _section(one)
    return "\n".join(lines).rstrip("\n")


def _section(section: Section) -> Iterator[str]:
    from fsm.verification.report import NOT_WELL

    heading = section.heading
    rows = list(zip(heading.items, section.entries, strict=True))
    yield f"### {for_markdown(f'{heading.title} in {heading.version}' if heading.version else heading.title)}"
    yield from ["", "| verdict | claim | how | where |", "|---|---|---|---|"]
    yield from (_row(item, entry) for item, entry in rows)
    yield ""
    for _, entry in rows:
        if entry.kind in NOT_WELL:
            yield from ["```text", *(printable(line).replace("```", "'''") for line in entry.lines), "```", ""]
    if section.confirmed:
        yield from [for_markdown(section.confirmed), ""]


def _row(item: Item, entry: VerdictInWords) -> str:
    how = entry.plain.get("argument") or entry.plain.get("why") or ""
    return f"| {entry.kind} | {for_markdown(item.sentence)} | {for_markdown(how)} | {for_markdown(place_in_words(item.written))} |"
