"""What a monitor says, in words for a person, as JSON, and as JUnit for a pipeline. Printing is all that happens here."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from textwrap import indent
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fsm.verification.monitoring.report import KeyCount, Report
from fsm.verification.monitoring.verdicts import Because, Inconclusive, Verdict, Violates, Where

__all__ = ["VERSION", "junit", "page", "plain", "told"]

VERSION = 1
"""Of the form of the JSON."""

SIGNS = {Verdict.CONFORMS: "✓", Verdict.VIOLATES: "✗", Verdict.INCONCLUSIVE: "?"}

MANY = 20
"""So many machines are listed in a summary."""


def told(said: Violates | Inconclusive) -> str:
    """One judgement, in a few lines."""
    head = f"{where_in_words(said.where)}: "
    if isinstance(said, Inconclusive):
        return f"? {head}{said.what}\n    inconclusive: {said.why}"
    lines = [f"✗ {head}{said.what}"]
    lines += [f"    {one.kind.value:<6} {one.name}{_cited(one)}" for one in said.because]
    lines.append(indent(said.refusal, "    | "))
    if said.nearest:
        lines.append(f"    allowed would have been: {'; '.join(said.nearest)}")
    if said.left:
        lines.append(f"    for every value left of {'; '.join(said.left)}")
    return "\n".join(lines)


def where_in_words(where: Where) -> str:
    """Where a record stands: position, machine, instant, source."""
    parts = [where.position or where.source]
    if where.key is not None:
        parts.append(str(where.key))
    if where.at is not None:
        parts.append(f"at {where.at}")
    return ", ".join(parts)


def _cited(because: Because) -> str:
    return f" ({', '.join(because.cites)})" if because.cites else ""


def page(report: Report) -> str:
    """The summary: the tally, what was broken, which machines, what is left of parameters."""
    total = report.total()
    lines = [
        f"{SIGNS[report.verdict]} {report.system} {report.verdict.value}: "
        f"{total.conforms:,} observations conform, {total.violates:,} violate, {total.inconclusive:,} inconclusive; "
        f"{_many(len(report.keys), 'machine')}"
    ]
    if not report.keys:
        lines.append("  nothing was seen, so nothing is said")
    if report.broken:
        lines.append("broken")
        lines += [
            f"  {count:>6,}  {one.kind.value} {one.name}{_cited(one)}"
            for one, count in _by_count(report.broken.items())
        ]
    if report.why:
        lines.append("inconclusive")
        lines += [f"  {count:>6,}  {why}" for why, count in _by_count(report.why.items())]
    wrong = [(key, one) for key, one in report.keys.items() if one.verdict is not Verdict.CONFORMS]
    if wrong and (len(report.keys) > 1 or None not in report.keys):
        lines.append("machines")
        lines += [
            f"  {SIGNS[one.verdict]} {key}: {one.violates:,} violate, {one.inconclusive:,} inconclusive, {one.conforms:,} conform"
            for key, one in wrong[:MANY]
        ]
        if len(wrong) > MANY:
            lines.append(f"  and {len(wrong) - MANY:,} more")
    lines += _left(report)
    if report.doubled or report.late:
        lines.append(f"records that came twice: {report.doubled:,}; too late: {report.late:,}")
    if report.unwatched:
        many = len(report.unwatched)
        lines.append(f"{_many(many, 'claim')} {'are' if many > 1 else 'is'} not watched: the JSON says which, and why")
    return "\n".join(lines)


def _by_count(pairs: Any) -> list[tuple[Any, int]]:
    return sorted(pairs, key=lambda one: (-one[1], str(one[0])))


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _left(report: Report) -> Iterator[str]:
    """Which values of parameters that nobody saw are left, machines that agree together."""
    groups: dict[tuple[str, ...], list[Hashable]] = {}
    for key, left in report.left.items():
        groups.setdefault(left, []).append(key)
    for left, keys in list(groups.items())[:MANY]:
        whose = (
            ""
            if keys == [None]
            else f" of {', '.join(str(key) for key in keys[:5])}{'' if len(keys) <= 5 else f' and {len(keys) - 5:,} more'}"
        )
        yield f"values left{whose}"
        yield from (f"  {one}" for one in left)


# For machines


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "version": VERSION,
        "system": report.system,
        "verdict": report.verdict.value,
        "total": _counted(report.total()),
        "broken": [{**_because(one), "count": count} for one, count in _by_count(report.broken.items())],
        "inconclusive": [{"why": why, "count": count} for why, count in _by_count(report.why.items())],
        "machines": [
            {"key": _key(key), "verdict": one.verdict.value, **_counted(one), "left": list(report.left.get(key, ()))}
            for key, one in report.keys.items()
        ],
        "judgements": [judgement(one) for one in report.told],
        "doubled": report.doubled,
        "late": report.late,
        "unwatched": list(report.unwatched),
    }


def judgement(said: Violates | Inconclusive) -> dict[str, Any]:
    """One judgement as JSON has it."""
    where = {
        "source": said.where.source,
        "key": _key(said.where.key),
        "at": said.where.at,
        "position": said.where.position,
    }
    if isinstance(said, Inconclusive):
        return {"verdict": "inconclusive", **where, "what": said.what, "why": said.why}
    return {
        "verdict": "violates",
        **where,
        "what": said.what,
        "because": [_because(one) for one in said.because],
        "refusal": said.refusal,
        "nearest": list(said.nearest),
        "left": list(said.left),
    }


def _because(one: Because) -> dict[str, Any]:
    return {"kind": one.kind.value, "name": one.name, "cites": list(one.cites)}


def _counted(one: KeyCount) -> dict[str, int]:
    return {"conforms": one.conforms, "violates": one.violates, "inconclusive": one.inconclusive}


def _key(key: Hashable) -> Any:
    return key if key is None or isinstance(key, str | int | float | bool) else str(key)


def junit(report: Report) -> str:
    """A test case for each machine and for each thing that was broken, as JUnit's XML."""
    cases = []
    for key, one in report.keys.items():
        name = report.system if key is None else str(key)
        mine = [said for said in report.told if said.where.key == key]
        cases.append(_case(report.system, name, one.verdict, "\n\n".join(told(said) for said in mine[:MANY])))
    failures = sum(one.verdict is Verdict.VIOLATES for one in report.keys.values())
    errors = sum(one.verdict is Verdict.INCONCLUSIVE for one in report.keys.values())
    if not cases:
        cases.append(_case(report.system, report.system, Verdict.INCONCLUSIVE, "nothing was seen"))
        errors = 1
    head = f'<testsuite name={quoteattr(_legal(report.system))} tests="{len(cases)}" failures="{failures}" errors="{errors}">'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", head, *cases, "</testsuite>", "</testsuites>", ""]
    )


def _case(system: str, name: str, verdict: Verdict, text: str) -> str:
    head = f"  <testcase classname={quoteattr(_legal(system))} name={quoteattr(_legal(name))}"
    if verdict is Verdict.CONFORMS:
        return f"{head}/>"
    element = "failure" if verdict is Verdict.VIOLATES else "error"
    return f"{head}><{element} message={quoteattr(verdict.value)}>{escape(_legal(text))}</{element}></testcase>"


def _legal(text: str) -> str:
    """Without the characters that XML has not."""
    return "".join(
        one if one in "\t\n\r" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff" else "�"
        for one in text
    )
