"""A JUnit file: a suite for each machine or system in each version, and a case for each claim and check.

There is no schema that all who read such files agree on; what is written here is what the pipelines' own documents
name: suites with counts, cases with file and line, the run as the text of a failure. What is unknown is an error, so
that nobody counts it as passed; what is known to be open is skipped, with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from fsm.command.invocation.output import printable
from fsm.command.project.discovery import relative

if TYPE_CHECKING:
    from fsm.verification.report import Item, Section, VerdictInWords

__all__ = ["junit"]

ILLEGAL = re.compile("[\ufffe\uffff]")
"""What XML has no place for, beside what no terminal shows."""
RESULTS = {"unknown": "error", "known unknown": "skipped"}
"""What a case says; of any other kind that fails, `failure`."""


def junit(sections: Sequence[Section]) -> bytes:
    """The file, in UTF-8."""
    root = Element("testsuites", name="fsm verify")
    counts: Counter[str] = Counter()
    seconds = 0.0
    for one in sections:
        suite = _suite(one)
        root.append(suite)
        counts.update({name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")})
        seconds += float(suite.attrib["time"])
    root.attrib.update({name: str(counts[name]) for name in ("tests", "failures", "errors", "skipped")})
    root.set("time", f"{seconds:.3f}")
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(section: Section) -> Element:
    heading = section.heading
    title = f"{heading.title} in {heading.version}" if heading.version else heading.title
    where = "" if heading.written is None else relative(heading.written[0])
    suite = Element("testsuite", name=_text(title), tests=str(len(section.entries)))
    counts: Counter[str] = Counter()
    home = ".".join(filter(None, [where.removesuffix(".py").strip("/").replace("/", "."), heading.plain["name"]]))
    for item, entry in zip(heading.items, section.entries, strict=True):
        case = _case(item, entry, f"{home} in {heading.version}" if heading.version else home)
        suite.append(case)
        counts.update(child.tag for child in case)
    suite.attrib.update(failures=str(counts["failure"]), errors=str(counts["error"]), skipped=str(counts["skipped"]))
    suite.set("time", f"{sum(float(case.attrib['time']) for case in suite):.3f}")
    return suite


def _case(item: Item, entry: VerdictInWords, home: str) -> Element:
    from fsm.verification.report import FAILS

    case = Element("testcase", classname=_text(home), name=_text(item.sentence))
    if item.written is not None:
        case.attrib.update(file=_text(relative(item.written[0])), line=str(item.written[1]))
    case.set("time", f"{entry.plain.get('seconds') or 0.0:.3f}")
    tag = RESULTS.get(entry.kind, "failure" if entry.kind in FAILS else "")
    if tag:
        message = (
            entry.plain.get("reason") or entry.plain.get("why" if entry.kind == "unknown" else "argument") or entry.kind
        )
        result = SubElement(case, tag, type=entry.kind, message=_text(str(message)))
        result.text = "\n".join(map(_text, entry.lines))
    return case


def _text(words: str) -> str:
    """One line that XML can hold."""
    return ILLEGAL.sub("?", printable(words))
