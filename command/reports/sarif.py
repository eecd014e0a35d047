"""SARIF 2.1.0 (OASIS, 2020): what is not well, each at the line of its claim, so that it is shown beside the code.

What is proved is no finding. What is known to be open is one that is suppressed, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fsm.command.invocation.output import printable
from fsm.command.project.discovery import relative

if TYPE_CHECKING:
    from fsm.verification.report import Item, Section, VerdictInWords

__all__ = ["sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"unknown": "warning", "known unknown": "note"}
RULES = {
    "refuted": "A claim does not hold: a run breaks it.",
    "unknown": "Nobody knows whether a claim holds.",
    "proved against expectation": "A claim holds that is said not to hold here.",
    "vacuous": "A claim holds only because what it speaks of never happens.",
    "known unknown": "A claim is known to be open.",
    "no longer unknown": "A claim is proved that is said to be open.",
}


def sarif(sections: Sequence[Section]) -> bytes:
    """The file, in ASCII."""
    from fsm.verification.report import to_plain

    version = to_plain(())["versions"]["verified-fsm"]
    driver = {
        "name": "verified-fsm",
        "version": version,
        "rules": [{"id": _id(kind), "shortDescription": {"text": text}} for kind, text in RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": f"{Path.cwd().as_uri().rstrip('/')}/"}},
        "results": [result for one in sections for result in _results(one)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1).encode("ascii") + b"\n"


def _id(kind: str) -> str:
    return kind.replace(" ", "-")


def _results(section: Section) -> Iterator[dict[str, Any]]:
    for item, entry in zip(section.heading.items, section.entries, strict=True):
        if entry.kind in RULES:
            yield _result(section, item, entry)


def _result(section: Section, item: Item, entry: VerdictInWords) -> dict[str, Any]:
    heading = section.heading
    where = f"{heading.title} in {heading.version}" if heading.version else heading.title
    text = "\n".join([f"{printable(where)}: {printable(item.sentence)}", *map(printable, entry.lines[1:])])
    result: dict[str, Any] = {
        "ruleId": _id(entry.kind),
        "ruleIndex": list(RULES).index(entry.kind),
        "level": LEVELS.get(entry.kind, "error"),
        "message": {"text": text},
        "locations": [] if item.written is None else [_location(*item.written)],
        "partialFingerprints": {"claim/v1": f"{where}: {item.fingerprint or item.sentence}"},
    }
    if "reason" in entry.plain and entry.kind == "known unknown":
        result["suppressions"] = [{"kind": "external", "justification": entry.plain["reason"]}]
    return result


def _location(file: str, line: int) -> dict[str, Any]:
    name = relative(file)
    below = not Path(name).is_absolute()
    artifact = {"uri": quote(name), "uriBaseId": "ROOT"} if below else {"uri": Path(file).as_uri()}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line}}}
