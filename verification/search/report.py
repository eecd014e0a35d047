"""What a walk through all snapshots found, as text for a person and as plain values for JSON. No timings.

The first line says for which values it holds; nothing below it says more than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from fsm.language.printing import value_in_words
from fsm.runtime.engine import prepare
from fsm.storage.traces import trace_out
from fsm.traces.trace import Trace
from fsm.verification.search.results import Explored, as_said, covers, exit_status
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["render", "to_plain"]

WIDTH = 100
MARKS = {Proved: "✓", Refuted: "✗", Unknown: "?"}


def render(found: Explored, width: int = WIDTH) -> str:
    """The counts, a deadlock where there is one, then each property with its verdict."""
    return "\n".join(_lines(found, width)) + "\n"


def _lines(found: Explored, width: int) -> Iterator[str]:
    yield from wrap(f"{found.system.name}: {covers(found.system, found.params, found.keys)}", width)
    yield from wrap(
        f"counted by {found.by}, {'names of keys told apart' if found.named else 'up to renaming of keys'}",
        width,
        initial_indent="  ",
    )
    yield ""
    for what, many in (
        ("snapshots", found.snapshots),
        ("steps", found.steps),
        ("depth", found.depth),
        ("ends", found.ends),
        ("deadlocks", found.deadlocks),
    ):
        yield f"  {what:<10}{many:>14,}"
    if not found.complete:
        yield ""
        yield from wrap(f"? not all of them: {found.why}", width, initial_indent="  ", subsequent_indent="    ")
    if found.deadlock is not None:
        yield ""
        yield "  ✗ a deadlock: nothing can happen any more, and some instance is in a state that a transition leaves"
        yield from _run(found.deadlock)
    for verdict in found.verdicts:
        yield ""
        yield from _verdict(verdict, found, width)


def _verdict(verdict: Verdict, found: Explored, width: int) -> Iterator[str]:
    cites = f" ({', '.join(verdict.claim.cites)})" if verdict.claim.cites else ""
    mark = "≠" if as_said(verdict, found) else MARKS[type(verdict)]
    yield from wrap(f"{verdict.claim.sentence}{cites}", width, initial_indent=f"  {mark} ", subsequent_indent="    ")
    match verdict:
        case Proved():
            yield from _said(f"proved: {verdict.argument}", width)
        case Refuted():
            yield from _said(
                f"{'not under these values, as the declaration allows' if as_said(verdict, found) else 'refuted'}: {verdict.argument}",
                width,
            )
            if verdict.trace is not None:
                yield from _run(verdict.trace)
        case Unknown():
            yield from _said(f"unknown: {verdict.why}", width)
            yield from _said(verdict.hint, width)


def _said(text: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent="      ", subsequent_indent="      ")


def _run(trace: Trace) -> Iterator[str]:
    yield from (f"      {line}" for line in str(trace).splitlines())


def to_plain(found: Explored) -> dict[str, Any]:
    """The same as plain values; `format` says which form of the document this is."""
    return {
        "format": 1,
        "exit_status": exit_status(found),
        "system": found.system.name,
        "parameters": {
            name: value if isinstance(value, bool | int) else value_in_words(value)
            for name, value in found.params.items()
        },
        "keys": found.keys,
        "named": found.named,
        "by": found.by,
        "snapshots": found.snapshots,
        "steps": found.steps,
        "depth": found.depth,
        "ends": found.ends,
        "deadlocks": found.deadlocks,
        "deadlock": _trace(found, found.deadlock),
        "complete": found.complete,
        "why": found.why,
        "properties": [_plain(verdict, found) for verdict in found.verdicts],
    }


def _plain(verdict: Verdict, found: Explored) -> dict[str, Any]:
    claim = verdict.claim
    said = {
        "sentence": claim.sentence,
        "modality": claim.modality.value,
        "cites": list(claim.cites),
        "verdict": type(verdict).__name__.lower(),
    }
    match verdict:
        case Proved():
            return said | {
                "argument": verdict.argument,
                "covers": verdict.covers,
                "witness": _trace(found, verdict.witness),
            }
        case Refuted():
            return said | {
                "argument": verdict.argument,
                "expected": as_said(verdict, found),
                "trace": _trace(found, verdict.trace),
            }
        case Unknown():
            return said | {"why": verdict.why, "hint": verdict.hint}


def _trace(found: Explored, trace: Trace | None) -> dict[str, Any] | None:
    return None if trace is None else trace_out(prepare(found.system, dict(trace.profile)), trace)
