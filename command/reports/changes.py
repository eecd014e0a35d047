"""What `fsm diff` says: as text, as JSON described by `changes.schema.json`, and as a page in Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from fsm.command.invocation.output import printable
from fsm.command.project.comparing import ComparedTarget
from fsm.notebook import for_markdown

if TYPE_CHECKING:
    from fsm.verification.changes.behaviour import Behaviour
    from fsm.verification.changes.replaying import Difference

__all__ = ["MARKS", "as_json", "changes_schema", "in_markdown", "in_words", "less_in_words", "tally"]

MARKS = {
    "weakened": "↓",
    "removed": "-",
    "incomparable": "≠",
    "not decided": "?",
    "strengthened": "↑",
    "added": "+",
    "equivalent": "=",
}
RUNS = {"no longer taken": "-", "newly taken": "+", "other effects": "≠"}


def tally(targets: Sequence[ComparedTarget], less: Sequence[str] = ()) -> str:
    """The last line: how many claims are what, in a word what became of the behaviour, and how much is proved less."""
    counts = Counter(one.change.value for target in targets for one in target.claims)
    runs = Counter(one.behaviour.relation.value for one in targets if one.behaviour is not None)
    runs["same"] += sum(one.is_as_before for one in targets)
    claims = ", ".join(f"{counts[kind]} {kind}" for kind in MARKS if counts[kind]) or "no claims"
    behaviour = ", ".join(
        (f"{many} {kind}" if len(targets) > 1 else kind) for kind, many in sorted(runs.items()) if many
    )
    parts = [claims, f"behaviour: {behaviour}" if behaviour else "", f"{len(less)} narrowed" if less else ""]
    return "; ".join(filter(None, parts))


def in_words(target: ComparedTarget, width: int) -> Iterator[tuple[str, str]]:
    """The lines of a target, each with how it begins where that has a colour."""
    for one in target.claims:
        kind = one.change.value
        if kind == "equivalent" and one.old == one.new:
            continue
        yield from _marked(f"{MARKS[kind]} {kind}: {one.sentence}", width)
        for word, text in (("old", one.old), ("new", one.new), ("", one.why)):
            yield from (
                (line, "") for line in wrap(text, width, initial_indent=f"    {word:5}", subsequent_indent=" " * 9)
            )
    if target.behaviour is not None:
        yield from _behaviour(target.behaviour, width)
    for name in target.functions:
        yield from _marked(f"? effects: {name} is written otherwise now, and nobody compares what it gives", width)
    for change in target.verdicts or ():
        yield from _marked(
            f"{'✗' if change.is_lost else '?' if change.is_open else '✓' if change.new == 'proved' else '≠'} verdict: it was {change.old}",
            width,
        )
        yield from ((f"  {line}", "") for line in change.lines)
    if target.snapshots is not None and target.snapshots.is_needed:
        yield from _marked("≠ snapshots: a migration must bring them over", width)
        yield from ((line, "") for text in target.snapshots.lines for line in wrap(text, width, initial_indent="    ", subsequent_indent="      "))  # fmt: skip
        if not target.snapshots.lines:
            yield "    it has nothing to say: their parts stay as they are", ""


def less_in_words(less: Sequence[str], width: int) -> Iterator[tuple[str, str]]:
    """What is proved or tested less, each line with how it begins where that has a colour."""
    for text in less:
        yield from _marked(f"- narrowed: {text}", width)


def _marked(text: str, width: int) -> Iterator[tuple[str, str]]:
    first, *rest = wrap(text, width, subsequent_indent="  ")
    yield first, first[:1]
    yield from ((line, "") for line in rest)


def _behaviour(one: Behaviour, width: int) -> Iterator[tuple[str, str]]:
    mark = {"same": "=", "different": "≠", "not decided": "?", "OLD refines NEW": "+", "NEW refines OLD": "-"}
    yield from _marked(f"{mark[one.relation.value]} behaviour: {_relation(one)} ({one.why})", width)
    for setting in one.settings:
        yield f"    {setting.name} was {setting.old}, and may be {setting.new}", ""
    for difference in one.differences:
        yield from (
            (line, line.strip()[:1] if place == 0 else "")
            for place, line in enumerate(wrap(f"{RUNS[difference.kind.value]} {difference.kind.value}: {difference.said}", width, initial_indent="  ", subsequent_indent="    "))
        )  # fmt: skip
        yield from ((f"      {line}", "") for line in difference.run.text().splitlines())


def _relation(one: Behaviour) -> str:
    known = {
        (True, None): "every run of OLD is one of NEW; whether the other way round is not decided",
        (None, True): "every run of NEW is one of OLD; whether the other way round is not decided",
        (False, None): "not the same; whether every run of NEW is one of OLD is not decided",
        (None, False): "not the same; whether every run of OLD is one of NEW is not decided",
    }
    return known.get((one.old_in_new, one.new_in_old), one.relation.value)


# JSON


def changes_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    text = files("fsm.command.reports").joinpath("changes.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def as_json(
    targets: Sequence[ComparedTarget],
    less: Sequence[str],
    old: str,
    new: str | None,
    status: int,
    breaking: Sequence[str],
) -> Any:
    """The document."""
    return {
        "format": 1,
        "exit_status": status,
        "old": old,
        "new": new,
        "breaking": list(breaking),
        "narrowed": list(less),
        "targets": [_target(one, breaking) for one in targets],
    }


def _target(one: ComparedTarget, breaking: Sequence[str]) -> dict[str, Any]:
    snapshots = one.snapshots
    return {
        "target": one.name,
        "unchanged": one.is_as_before,
        "breaks": [kind for kind in dict.fromkeys(one.kinds()) if kind in breaking],
        "claims": [
            {
                "sentence": claim.sentence,
                "change": claim.change.value,
                "old": claim.old or None,
                "new": claim.new or None,
                "why": claim.why,
            }
            for claim in one.claims
        ],
        "behaviour": None if one.behaviour is None else _plain_behaviour(one.behaviour),
        "verdicts": None
        if one.verdicts is None
        else [
            {"sentence": change.sentence, "old": change.old, "new": change.new, "verdict": change.plain}
            for change in one.verdicts
        ],
        "functions": list(one.functions),
        "snapshots": None
        if snapshots is None
        else {
            "source": snapshots.source,
            "target": snapshots.target,
            "migration": snapshots.is_needed,
            "changes": list(snapshots.lines),
        },
    }


def _plain_behaviour(one: Behaviour) -> dict[str, Any]:
    return {
        "relation": one.relation.value,
        "old_in_new": one.old_in_new,
        "new_in_old": one.new_in_old,
        "why": one.why,
        "settings": [{"parameter": each.name, "old": each.old, "new": each.new} for each in one.settings],
        "differences": [_plain_difference(each) for each in one.differences],
    }


def _plain_difference(one: Difference) -> dict[str, Any]:
    from fsm.verification.changes.replaying import run_out

    return {"kind": one.kind.value, "why": one.said, "run": run_out(one)}


# Markdown


def in_markdown(targets: Sequence[ComparedTarget], less: Sequence[str]) -> str:
    """The page."""
    lines = [f"**{for_markdown(tally(targets, less))}**", ""]
    if less:
        lines += ["### What is proved less", "", *(f"- {for_markdown(text)}" for text in less), ""]
    for one in targets:
        lines += [f"### {for_markdown(one.name)}", "", *_table(one)]
        if one.is_as_before:
            lines += ["As before.", ""]
        told = [line for line, _ in in_words(_without_claims(one), 100)]
        if told:
            lines += ["```text", *(printable(line).replace("```", "'''") for line in told), "```", ""]
    return "\n".join(lines).rstrip("\n")


def _table(target: ComparedTarget) -> Iterator[str]:
    if target.is_as_before:
        return
    yield from ["| change | claim | old | new | why |", "|---|---|---|---|---|"]
    for one in target.claims:
        cells = (one.change.value, one.sentence, one.old, one.new, one.why)
        yield f"| {' | '.join(map(for_markdown, cells))} |"
    yield ""


def _without_claims(target: ComparedTarget) -> ComparedTarget:
    return ComparedTarget(target.name, (), target.behaviour, target.verdicts, target.snapshots, target.functions)
