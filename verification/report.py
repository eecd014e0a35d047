"""The report of `fsm verify`: a page for a person, the same every time.

What was proved and by whom is decided elsewhere; here it is only put in words. No timings, so that
two runs of the same declaration print the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from fsm.engine import compile
from fsm.system import System
from fsm.trace import Trace
from fsm.trace_json import as_dict
from fsm.trace_page import page
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict
from fsm.verification.verify import Report

__all__ = ["exit_status", "render", "summary", "to_plain"]

WIDTH = 100
MARKS = {Proved: "✓", Refuted: "✗", Unknown: "?"}


def exit_status(reports: Sequence[Report]) -> int:
    """0 when everything is proved, 1 when something is refuted, else 3 when something is unknown."""
    kinds = {type(verdict) for report in reports for verdict in report.all}
    return 1 if Refuted in kinds else 3 if Unknown in kinds else 0


def render(reports: Sequence[Report]) -> str:
    """All reports as one page, the tally of each first."""
    return "\n\n".join("\n".join(_lines(report)) for report in reports) + "\n\n" + summary(reports)


def summary(reports: Sequence[Report]) -> str:
    """The last line: how many claims were proved, refuted, left unknown."""
    return _tally([verdict for report in reports for verdict in report.all])


def _tally(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(type(verdict) for verdict in verdicts)
    return f"{counts[Proved]} proved, {counts[Refuted]} refuted, {counts[Unknown]} unknown"


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.kind} {report.name}: {_tally(report.all)}"
    yield from _wrapped(report.doc, "  ")
    if report.covers:
        yield from _wrapped(f"Proved here means: for {report.covers}, unless a line says otherwise.", "  ")
    for name, formula in report.assumptions:
        yield from _wrapped(f"assuming  {name}: {formula}", "  ", "            ")
    yield ""
    for verdict in report.all:
        yield from _verdict(verdict, report)


def _verdict(verdict: Verdict, report: Report) -> Iterator[str]:
    cites = f" ({', '.join(verdict.claim.cites)})" if verdict.claim.cites else ""
    yield from _wrapped(f"{verdict.claim.sentence}{cites}", f"  {MARKS[type(verdict)]} ", "    ")
    match verdict:
        case Proved():
            covers = "" if verdict.covers == report.covers else f"; covers {verdict.covers}"
            yield from _wrapped(f"proved: {verdict.argument}{covers}", "      ")
            yield from _listed("rests on the rule", verdict.rules)
            yield from _listed("assumes", verdict.assumptions)
            yield from _listed("uses", verdict.lemmas)
        case Refuted():
            yield from _wrapped(f"refuted: {verdict.argument}", "      ")
            yield from _listed("excluded by the rule", verdict.rules)
            if verdict.trace is not None:
                yield from (f"      {line}" for line in page(verdict.trace).splitlines())
        case Unknown():
            yield from _wrapped(f"unknown: {verdict.why}", "      ")
            yield from _wrapped(verdict.hint, "      ")


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from _wrapped(f"{what}: {name}", "      ", "        ")


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest)


def to_plain(reports: Sequence[Report]) -> dict[str, Any]:
    """The reports as plain values for JSON; `format` says which form of the document this is."""
    return {
        "format": 1,
        "exit_status": exit_status(reports),
        "reports": [
            {
                "name": report.name,
                "kind": report.kind,
                "covers": report.covers,
                "assumptions": [{"name": name, "formula": formula} for name, formula in report.assumptions],
                "definition": [_plain(verdict, report.system) for verdict in report.definition],
                "properties": [_plain(verdict, report.system) for verdict in report.verdicts],
            }
            for report in reports
        ],
    }


def _plain(verdict: Verdict, system: System) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sentence": verdict.claim.sentence,
        "modality": verdict.claim.modality.value,
        "cites": list(verdict.claim.cites),
        "verdict": type(verdict).__name__.lower(),
    }
    match verdict:
        case Proved():
            lists = {"rules": list(verdict.rules), "lemmas": list(verdict.lemmas), "assumptions": list(verdict.assumptions)}
            return said | {"argument": verdict.argument, "covers": verdict.covers, **lists, "witness": _trace(verdict.witness, system)}
        case Refuted():
            return said | {"argument": verdict.argument, "rules": list(verdict.rules), "trace": _trace(verdict.trace, system)}
        case Unknown():
            return said | {"why": verdict.why, "hint": verdict.hint}


def _trace(trace: Trace | None, system: System) -> Any:
    return None if trace is None else as_dict(compile(system, dict(trace.profile)), trace)
