"""The report of `fsm verify`: a page for a person, the same every time.

What was proved and by whom is decided elsewhere; here it is only put in words. No timings, so that
two runs of the same declaration print the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

import attrs

from fsm.language.system import System
from fsm.runtime.engine import compile
from fsm.storage.traces import as_dict
from fsm.traces.trace import Trace
from fsm.traces.violation import Breach, breach
from fsm.verification.verdict import THIS_VERSION, Proved, Refuted, Unknown, Verdict
from fsm.verification.verify import Report

__all__ = ["Page", "exit_status", "page_of", "render", "summary", "to_plain"]

WIDTH = 100
MARKS = {Proved: "✓", Refuted: "✗", Unknown: "?"}
CHANGED = "≠"
"""The mark of a claim that is refuted where the page says that it does not hold."""
VACUOUS = "∅"
"""The mark of a claim that holds only because what it speaks of never happens."""
KINDS = ("proved", "refuted", "unknown", "refuted as expected", "proved against expectation", "vacuous")


@attrs.frozen
class Entry:
    """One verdict in words, without the objects it speaks of: it can be sent to another process.

    Attributes:
        kind: one of `KINDS`.
        lines: how it is printed.
    """

    sentence: str
    kind: str
    lines: tuple[str, ...]


@attrs.frozen
class Page:
    """One report in words.

    Attributes:
        title: the machine or system, and its version.
        version: the name of the profile; empty where there is none.
        head: what stands before the verdicts.
        entries: one for each verdict.
        plain: the report as plain values for JSON.
    """

    title: str
    version: str
    head: tuple[str, ...]
    entries: tuple[Entry, ...]
    plain: dict[str, Any]


def exit_status(reports: Sequence[Report | Page]) -> int:
    """0 when everything is as the page says, 1 when something is refuted, proved against it or vacuous, else 3 when something is unknown."""
    kinds = {entry.kind for one in _pages(reports) for entry in one.entries}
    return 1 if kinds & {"refuted", "proved against expectation", "vacuous"} else 3 if "unknown" in kinds else 0


def render(reports: Sequence[Report | Page]) -> str:
    """All reports as one page, the tally of each first.

    Of a machine or system that was reported on in an earlier version, only what is new is told.
    """
    pages = _pages(reports)
    told: dict[str, Page] = {}
    blocks: list[str] = []
    for one in pages:
        earlier = told.get(one.title)
        told[one.title] = one
        blocks.append("\n".join(_lines(one, earlier)))
    return "\n\n".join(blocks) + "\n\n" + summary(pages)


def summary(reports: Sequence[Report | Page]) -> str:
    """The last line: how many claims were proved, refuted, left unknown."""
    return _tally([entry for one in _pages(reports) for entry in one.entries])


def _pages(reports: Sequence[Report | Page]) -> list[Page]:
    return [one if isinstance(one, Page) else page_of(one) for one in reports]


def _tally(entries: Sequence[Entry]) -> str:
    counts = Counter(entry.kind for entry in entries)
    return ", ".join(f"{counts[kind]} {kind}" for place, kind in enumerate(KINDS) if place < 3 or counts[kind])


def _lines(one: Page, earlier: Page | None) -> Iterator[str]:
    of = f" in {one.version}" if one.version else ""
    yield f"{one.title}{of}: {_tally(one.entries)}"
    yield from one.head
    known = {entry.sentence: entry.kind for entry in earlier.entries} if earlier is not None else {}
    entries = [
        entry
        for entry in one.entries
        if known.get(entry.sentence) != entry.kind
        or entry.kind in ("refuted", "unknown", "proved against expectation", "vacuous")
    ]
    if earlier is not None:
        yield f"  all else as in {earlier.version}" if entries else f"  all as in {earlier.version}"
    for entry in entries:
        if entry is entries[0]:
            yield ""
        yield from entry.lines


def page_of(report: Report) -> Page:
    """A report in words."""
    profile = report.profile
    head: list[str] = _wrapped(report.doc, "  ")
    if profile is not None:
        head += _wrapped(
            f"version   {profile.name}{f', since {profile.since}' if profile.since else ''}{f': {profile.doc}' if profile.doc else ''}",
            "  ",
            "            ",
        )
    if report.covers:
        head += _wrapped(f"Proved here means: for {report.covers}, unless a line says otherwise.", "  ")
    if any(isinstance(one, Proved) and one.covers == THIS_VERSION for one in report.verdicts):
        head += _wrapped(f"This version means: for {report.version}.", "  ")
    head += _wrapped(report.confirmed, "  ")
    for name, formula in report.assumptions:
        head += _wrapped(f"assuming  {name}: {formula}", "  ", "            ")
    entries = tuple(Entry(one.claim.sentence, _kind(one, report), tuple(_verdict(one, report))) for one in report.all)
    return Page(
        f"{report.kind} {report.name}",
        "" if profile is None else profile.name,
        tuple(head),
        entries,
        _plain_report(report),
    )


def _kind(verdict: Verdict, report: Report) -> str:
    expected = report.expects_refutation(verdict.claim)
    match verdict:
        case Proved():
            return "proved against expectation" if expected else "vacuous" if verdict.never else "proved"
        case Refuted():
            return "refuted as expected" if expected else "refuted"
        case Unknown():
            return "unknown"


def _verdict(verdict: Verdict, report: Report) -> Iterator[str]:
    cites = f" ({', '.join(verdict.claim.cites)})" if verdict.claim.cites else ""
    kind = _kind(verdict, report)
    mark = {"refuted as expected": CHANGED, "proved against expectation": MARKS[Refuted], "vacuous": VACUOUS}.get(
        kind, MARKS[type(verdict)]
    )
    yield from _wrapped(f"{verdict.claim.sentence}{cites}", f"  {mark} ", "    ")
    match verdict:
        case Proved():
            covers = "" if verdict.covers == report.covers else f"; covers {verdict.covers}"
            for case in verdict.never:
                yield from _wrapped(f"vacuous: it holds only because this never happens: {case}", "      ", "        ")
            against = (
                ""
                if kind != "proved against expectation"
                else ", though the page says that it does not hold in this version"
            )
            yield from _wrapped(f"proved{against}: {verdict.argument}{covers}", "      ")
            yield from _listed("rests on the rule", verdict.rules)
            yield from _listed("assumes", verdict.assumptions)
            yield from _listed("uses", verdict.lemmas)
            yield from _listed("open is whether this ever happens", verdict.unmet)
        case Refuted():
            said = "refuted" if kind == "refuted" else "does not hold in this version, as the page says"
            yield from _wrapped(f"{said}: {verdict.argument}", "      ")
            yield from _listed("excluded by the rule", verdict.rules)
            if verdict.trace is not None:
                told = {} if report.profile is None else report.profile.values
                broken = _breach(verdict, report.system)
                why = [] if broken is None else broken.lines()
                yield from (f"      {line}" for line in (*verdict.trace.text(told).splitlines(), *why))
        case Unknown():
            yield from _wrapped(f"unknown: {verdict.why}", "      ")
            yield from _wrapped(verdict.hint, "      ")


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from _wrapped(f"{what}: {name}", "      ", "        ")


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest)


def to_plain(reports: Sequence[Report | Page]) -> dict[str, Any]:
    """The reports as plain values for JSON; `format` says which form of the document this is."""
    pages = _pages(reports)
    return {"format": 1, "exit_status": exit_status(pages), "reports": [one.plain for one in pages]}


def _plain_report(report: Report) -> dict[str, Any]:
    profile = report.profile
    return {
        "name": report.name,
        "kind": report.kind,
        "profile": None if profile is None else {"name": profile.name, "since": profile.since, "doc": profile.doc},
        "covers": report.covers,
        "this_version": report.version,
        "confirmed": report.confirmed,
        "assumptions": [{"name": name, "formula": formula} for name, formula in report.assumptions],
        "definition": [_plain(verdict, report) for verdict in report.definition],
        "properties": [_plain(verdict, report) for verdict in report.verdicts],
    }


def _plain(verdict: Verdict, report: Report) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sentence": verdict.claim.sentence,
        "modality": verdict.claim.modality.value,
        "cites": list(verdict.claim.cites),
        "verdict": type(verdict).__name__.lower(),
        "expected": "refuted" if report.expects_refutation(verdict.claim) else "proved",
    }
    match verdict:
        case Proved():
            lists = {
                "rules": list(verdict.rules),
                "lemmas": list(verdict.lemmas),
                "assumptions": list(verdict.assumptions),
            }
            cases = {
                "verdict": "vacuous" if verdict.never else "proved",
                "never": list(verdict.never),
                "unmet": list(verdict.unmet),
            }
            return (
                said
                | cases
                | {
                    "argument": verdict.argument,
                    "covers": verdict.covers,
                    **lists,
                    "witness": _trace(verdict.witness, report.system),
                }
            )
        case Refuted():
            broken = _breach(verdict, report.system)
            why = None if broken is None else broken.plain()
            return said | {
                "argument": verdict.argument,
                "rules": list(verdict.rules),
                "trace": _trace(verdict.trace, report.system),
                "why": why,
            }
        case Unknown():
            return said | {"why": verdict.why, "hint": verdict.hint}


def _breach(verdict: Refuted, system: System) -> Breach | None:
    """Where and why its run breaks the claim; None without a run, and where all runs would have to be seen."""
    return (
        None
        if verdict.trace is None
        else breach(compile(system, dict(verdict.trace.profile)), verdict.claim, verdict.trace)
    )


def _trace(trace: Trace | None, system: System) -> Any:
    return None if trace is None else as_dict(compile(system, dict(trace.profile)), trace)
