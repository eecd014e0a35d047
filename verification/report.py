"""The report of `fsm verify`: text for a person, the same every time.

What was proved and by whom is decided elsewhere; here it is only put in words. No timings, so that
two runs of the same declaration print the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from textwrap import wrap
from typing import Any

import attrs

from fsm.canonical.fingerprint import claim_fingerprint, fingerprint
from fsm.canonical.listing import formula_in_words
from fsm.checks.unused import unused
from fsm.language.machine import Machine
from fsm.language.properties import Property
from fsm.language.source.origin import Origin
from fsm.language.system import System
from fsm.runtime.engine import prepare
from fsm.storage.traces import trace_out
from fsm.traces.trace import Trace
from fsm.traces.violation import Breach, breach
from fsm.verification.verdict import Proved, Refuted, Report, Unknown, Verdict

__all__ = [
    "FAILS",
    "Heading",
    "Item",
    "Section",
    "VerdictInWords",
    "closing",
    "earlier_of",
    "entry_of",
    "exit_status",
    "heading_of",
    "is_told",
    "left_open",
    "opening",
    "render",
    "section_of",
    "summary",
    "to_plain",
    "with_more",
]  # fmt: skip

WIDTH = 100
MARKS = {Proved: "✓", Refuted: "✗", Unknown: "?"}
CHANGED = "≠"
"""The mark of a claim that is refuted where the declaration says that it does not hold."""
VACUOUS = "∅"
"""The mark of a claim that holds only because what it speaks of never happens."""
KINDS = (
    "proved", "refuted", "unknown", "refuted as expected", "proved against expectation", "vacuous",
    "known unknown", "no longer unknown",
)  # fmt: skip
FAILS = frozenset({"refuted", "proved against expectation", "vacuous", "no longer unknown"})
"""What makes the exit status 1."""
NOT_WELL = FAILS | {"unknown", "known unknown"}
"""What is told of every version again."""


@attrs.frozen
class Item:
    """A check or a property, before anything is known of it.

    Attributes:
        modality: its kind, in words.
        expected: `proved`, or `refuted` where the declaration says that it does not hold in this version.
        written: the file and line of the claim; of a check, of the machine or system.
        retracted: why a variant says that it does not hold; empty where none does.
        new: whether a variant claims it, and not its base.
        formula: in words; empty of a check of the definition.
        fingerprint: of what it says; empty likewise.
    """

    sentence: str
    modality: str
    cites: tuple[str, ...]
    expected: str
    written: Origin | None = None
    retracted: str = ""
    new: bool = False
    formula: str = ""
    fingerprint: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """Where it stands and what it says, as plain values for JSON."""
        file, line = self.written or (None, None)
        return {
            "formula": self.formula or None,
            "fingerprint": self.fingerprint or None,
            "file": file,
            "line": line,
        }


@attrs.frozen
class Heading:
    """What a section says before its verdicts.

    Attributes:
        title: the machine or system.
        version: the name of the profile; empty where there is none.
        lines: what stands below the title.
        items: what will be decided, the checks of the definition first.
        checks: how many those are.
        plain: the same as plain values for JSON.
        written: the file and line where the machine or system is declared.
    """

    title: str
    version: str
    lines: tuple[str, ...]
    items: tuple[Item, ...]
    checks: int
    plain: dict[str, Any]
    written: Origin | None = None


@attrs.frozen
class VerdictInWords:
    """One verdict in words, without the objects it speaks of: it can be sent to another process.

    Attributes:
        kind: one of `KINDS`.
        lines: how it is printed.
        plain: the same as plain values for JSON.
    """

    sentence: str
    kind: str
    lines: tuple[str, ...]
    plain: dict[str, Any]


@attrs.frozen
class Section:
    """One report in words.

    Attributes:
        entries: one for each item of the heading.
        confirmed: by whom its proofs were confirmed; empty where nobody was asked.
    """

    heading: Heading
    entries: tuple[VerdictInWords, ...]
    confirmed: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """The section as plain values for JSON."""
        plain = self.heading.plain
        verdicts = [
            item.plain | {"outcome": entry.kind, "seconds": None} | entry.plain
            for item, entry in zip(self.heading.items, self.entries, strict=True)
        ]
        checks = self.heading.checks
        said = {"confirmed": self.confirmed, "assumptions": plain["assumptions"]}
        return plain | said | {"definition": verdicts[:checks], "properties": verdicts[checks:]}


def exit_status(reports: Sequence[Report | Section]) -> int:
    """0 when everything is as the declaration says, 1 when something is refuted, decided against what is said of it or vacuous, else 3 when something is unknown."""
    kinds = {entry.kind for one in _sections(reports) for entry in one.entries}
    return 1 if kinds & FAILS else 3 if "unknown" in kinds else 0


def render(reports: Sequence[Report | Section]) -> str:
    """All reports as one text, the tally of each after its verdicts and that of all last."""
    sections = _sections(reports)
    lines: list[str] = []
    for place, one in enumerate(sections):
        earlier = earlier_of(sections[:place], one.heading)
        lines += opening(one.heading)
        lines += [line for at, entry in enumerate(one.entries) if is_told(entry, at, earlier) for line in entry.lines]
        lines += closing(one, earlier)
    return "\n".join([*lines, summary(sections)])


def earlier_of(sections: Sequence[Section], heading: Heading) -> Section | None:
    """The section on the same machine or system in the version before, of which only the differences are told.

    Two declarations may be called alike; each has its place in every version.
    """
    alike = [one for one in sections if one.heading.title == heading.title]
    others = [one for one in alike if one.heading.version != heading.version]
    place = len(alike) - len(others)
    before = [one for one in others if one.heading.version == others[-1].heading.version]
    return before[place] if place < len(before) else None


def opening(heading: Heading, place: str = "") -> list[str]:
    """The lines before the verdicts.

    Args:
        place: where it is declared, in words, where another of this name is told of too.
    """
    of = f" in {heading.version}" if heading.version else ""
    return [f"{heading.title}{of}", *([f"  declared in {place}"] if place else []), *heading.lines, ""]


def is_told(entry: VerdictInWords, place: int, earlier: Section | None) -> bool:
    """Whether the verdict at this place is new: not what an earlier version has already, or not well."""
    return earlier is None or earlier.entries[place].kind != entry.kind or entry.kind in NOT_WELL


def closing(section: Section, earlier: Section | None, width: int = WIDTH) -> list[str]:
    """The lines after the verdicts."""
    told = any(is_told(entry, at, earlier) for at, entry in enumerate(section.entries))
    lines = [] if earlier is None else [f"  all {'else ' if told else ''}as in {earlier.heading.version}"]
    return [
        *lines,
        *([""] if told else []),
        *_wrapped(f"{_tally(section.entries)}. {section.confirmed}", "  ", width=width),
        "",
    ]


def summary(reports: Sequence[Report | Section]) -> str:
    """The last line: how many claims were proved, refuted, left unknown."""
    return _tally([entry for one in _sections(reports) for entry in one.entries])


def _sections(reports: Sequence[Report | Section]) -> list[Section]:
    return [one if isinstance(one, Section) else section_of(one) for one in reports]


def _tally(entries: Sequence[VerdictInWords]) -> str:
    counts = Counter(entry.kind for entry in entries)
    return ", ".join(f"{counts[kind]} {kind}" for place, kind in enumerate(KINDS) if place < 3 or counts[kind])


def section_of(report: Report, width: int = WIDTH) -> Section:
    """A report in words."""
    heading = heading_of(
        report, [one.claim for one in report.definition], [one.claim for one in report.verdicts], width
    )
    return Section(heading, tuple(entry_of(one, report, width) for one in report.all), report.confirmed)


def heading_of(
    report: Report,
    checks: Sequence[Property],
    claims: Sequence[Property],
    width: int = WIDTH,
    *,
    beside: Iterable[Machine | System] = (),
) -> Heading:
    """What can be said before anything is decided, of a report without verdicts.

    Args:
        beside: what is reported with it: a system reads the variables of its machines.
    """
    profile = report.profile
    lines = _wrapped(report.doc, "  ", width=width)
    if profile is not None:
        since, doc = f", since {profile.since}" if profile.since else "", f": {profile.doc}" if profile.doc else ""
        lines += _wrapped(f"version   {profile.name}{since}{doc}", "  ", "            ", width)
    if report.covers:
        lines += _wrapped(f"Proved here means: for {report.covers}, unless a line says otherwise.", "  ", width=width)
    if report.version:
        lines += _wrapped(f"This version means: for {report.version}.", "  ", width=width)
    if report.derivation is not None:
        lines += _wrapped(f"varied    {', '.join(report.derivation.names)}", "  ", "            ", width)
        for one in report.derivation.withdrawn:
            why = f"withdrawn {one.sentence}: it names {one.what}, which {one.by!r} takes away"
            lines += _wrapped(why, "  ", "            ", width)
    for name, formula in report.assumptions:
        lines += _wrapped(f"assuming  {name}: {formula}", "  ", "            ", width)
    spare = () if _is_read_by(report, beside) else unused(report.system)
    for what in spare:
        lines += _wrapped(f"unused    {what}", "  ", "            ", width)
    items = (*(_item(claim, report) for claim in checks), *(_claim_item(claim, report) for claim in claims))
    name = "" if profile is None else profile.name
    plain, title = _plain_report(report) | {"unused": list(spare)}, f"{report.kind} {report.name}"
    return Heading(title, name, tuple(lines), items, len(checks), plain, report.written)


def _is_read_by(report: Report, beside: Iterable[Machine | System]) -> bool:
    """Whether the machine of a report is part of a system that is reported too."""
    machines = {id(part.machine) for part in report.system.parts} if report.kind == "machine" else set()
    systems = [one for one in beside if isinstance(one, System)]
    return any(id(part.machine) in machines for one in systems for part in one.parts)


def _item(claim: Property, report: Report) -> Item:
    expected = "refuted" if report.expects_refutation(claim) else "proved"
    written = claim.written if claim in report.system.properties else report.written
    new = report.is_new(claim)
    return Item(claim.sentence, claim.modality.value, claim.cites, expected, written, claim.retracted, new=new)


def _claim_item(claim: Property, report: Report) -> Item:
    """A claim with what it says; what a check asks is no formula of the declaration."""
    return attrs.evolve(
        _item(claim, report), formula=formula_in_words(claim), fingerprint=claim_fingerprint(report.system, claim)
    )


def entry_of(verdict: Verdict, report: Report, width: int = WIDTH) -> VerdictInWords:
    """One verdict in words."""
    item = _item(verdict.claim, report)
    return VerdictInWords(
        item.sentence,
        _kind(verdict, item),
        tuple(_verdict(verdict, item, report, width)),
        _plain(verdict, item, report),
    )


def with_more(entry: VerdictInWords, more: Iterable[str], width: int = WIDTH) -> VerdictInWords:
    """The entry with more lines below it."""
    lines = [
        line
        for one in more
        for line in _wrapped(one, "      ", f"      {' ' * (len(one) - len(one.lstrip()))}  ", width)
    ]
    return attrs.evolve(entry, lines=(*entry.lines, *lines))


def left_open(item: Item, why: str, hint: str = "", width: int = WIDTH) -> VerdictInWords:
    """The entry of what was not decided."""
    lines = [
        *_wrapped(_cited(item), f"  {MARKS[Unknown]} ", "    ", width),
        *_wrapped(f"unknown: {why}", "      ", width=width),
    ]
    plain = _plain_item(item, "unknown") | {"why": why, "hint": hint}
    return VerdictInWords(item.sentence, "unknown", (*lines, *_wrapped(hint, "      ", width=width)), plain)


def _kind(verdict: Verdict, item: Item) -> str:
    expected = item.expected == "refuted"
    match verdict:
        case Proved():
            return "proved against expectation" if expected else "vacuous" if verdict.never else "proved"
        case Refuted():
            return "refuted as expected" if expected else "refuted"
        case Unknown():
            return "unknown"


def _cited(item: Item) -> str:
    return f"{item.sentence} ({', '.join(item.cites)})" if item.cites else item.sentence


def _verdict(verdict: Verdict, item: Item, report: Report, width: int) -> Iterator[str]:
    kind = _kind(verdict, item)
    mark = {"refuted as expected": CHANGED, "proved against expectation": MARKS[Refuted], "vacuous": VACUOUS}.get(
        kind, MARKS[type(verdict)]
    )
    yield from _wrapped(_cited(item), f"  {mark} ", "    ", width)
    if item.new:
        yield "      new in the variant"
    if item.retracted:
        yield from _wrapped(f"retracted: {item.retracted}", "      ", "        ", width)
    match verdict:
        case Proved():
            covers = "" if verdict.covers == report.covers else f"; covers {verdict.covers}"
            yield from _listed("vacuous: it holds only because this never happens", verdict.never, width)
            against = (
                ""
                if kind != "proved against expectation"
                else f", though the declaration says that it does not hold {_where_not(item)}"
            )
            yield from _wrapped(f"proved{against}: {verdict.argument}{covers}", "      ", width=width)
            yield from _listed("rests on the rule", verdict.rules, width)
            yield from _listed("assumes", verdict.assumptions, width)
            yield from _listed("uses", verdict.lemmas, width)
            yield from _listed("open is whether this ever happens", verdict.unmet, width)
        case Refuted():
            said = "refuted" if kind == "refuted" else f"does not hold {_where_not(item)}, as the declaration says"
            yield from _wrapped(f"{said}: {verdict.argument}", "      ", width=width)
            yield from _listed("excluded by the rule", verdict.rules, width)
            if verdict.trace is not None:
                told = {} if report.profile is None else report.profile.values
                broken = _breach(verdict, report.system)
                why = [] if broken is None else broken.lines()
                yield from (f"      {line}" for line in (*verdict.trace.text(told).splitlines(), *why))
        case Unknown():
            yield from _wrapped(f"unknown: {verdict.why}", "      ", width=width)
            yield from _wrapped(verdict.hint, "      ", width=width)


def _where_not(item: Item) -> str:
    return "in this variant" if item.retracted else "in this version"


def _listed(what: str, names: Sequence[str], width: int) -> Iterator[str]:
    for name in names:
        yield from _wrapped(f"{what}: {name}", "      ", "        ", width)


def _wrapped(text: str, first: str, rest: str | None = None, width: int = WIDTH) -> list[str]:
    return wrap(text, width, initial_indent=first, subsequent_indent=first if rest is None else rest)


def to_plain(reports: Sequence[Report | Section]) -> dict[str, Any]:
    """The reports as plain values for JSON; `format` says which form of the document this is."""
    sections = _sections(reports)
    return {
        "format": 1,
        "exit_status": exit_status(sections),
        "versions": {name: _version(name) for name in ("verified-fsm", "z3-solver", "cvc5")},
        "reports": [one.plain for one in sections],
    }


def _version(distribution: str) -> str | None:
    """Of what is installed; None where it is not."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _plain_report(report: Report) -> dict[str, Any]:
    profile = report.profile
    file, line = report.written or (None, None)
    return {
        "name": report.name,
        "kind": report.kind,
        "file": file,
        "line": line,
        "fingerprint": fingerprint(report.system),
        "profile": None if profile is None else {"name": profile.name, "since": profile.since, "doc": profile.doc},
        "covers": report.covers,
        "this_version": report.version,
        "varied": [] if report.derivation is None else list(report.derivation.names),
        "withdrawn": [] if report.derivation is None else [attrs.asdict(one) for one in report.derivation.withdrawn],
        "confirmed": "",
        "assumptions": [{"name": name, "formula": formula} for name, formula in report.assumptions],
    }


def _plain_item(item: Item, verdict: str) -> dict[str, Any]:
    return {
        "sentence": item.sentence,
        "modality": item.modality,
        "cites": list(item.cites),
        "verdict": verdict,
        "expected": item.expected,
        "retracted": item.retracted,
        "new": item.new,
    }


def _plain(verdict: Verdict, item: Item, report: Report) -> dict[str, Any]:
    said = _plain_item(item, type(verdict).__name__.lower())
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
                    "by_types": verdict.by_types,
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
        else breach(prepare(system, dict(verdict.trace.profile)), verdict.claim, verdict.trace)
    )


def _trace(trace: Trace | None, system: System) -> Any:
    return None if trace is None else trace_out(prepare(system, dict(trace.profile)), trace)
