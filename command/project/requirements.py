"""Somebody's own requirements, and what of their declarations cites each: claims, rules, assumptions, parameters.

Requirements stand in a TOML file, a table each, or in a Markdown file, as headings, items or rows that begin with an id:

    [[requirement]]                     - R-7: a door is never open and locked
    id = "R-7"                          ## R-7 A door is never open and locked
    text = "..."                        | R-7 | a door is never open and locked |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.files import content_of, toml_in
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["Requirement", "cited", "requirements"]

ID = re.compile(r"[A-Za-z][A-Za-z_.]*-?[0-9]+(?:[.-][0-9]+)*", re.ASCII)
ROW = re.compile(
    rf"\s*(?:[-*+]\s+|#+\s+|\|\s*|[0-9]+[.)]\s+)(?:\*\*|`)?({ID.pattern})(?:\*\*|`)?[\s:.|)]+(\S.*?)[\s|]*", re.ASCII
)


@attrs.frozen
class Requirement:
    """What somebody asks for.

    Attributes:
        line: where it stands in its file.
    """

    id: str
    text: str
    line: int


def requirements(file: Path) -> list[Requirement]:
    """The requirements of a file, in its order.

    Raises:
        WrongUsage: it cannot be read, has none, or has an id twice.
    """
    if not file.is_file():
        raise WrongUsage(f"there is no file {file}.")
    content = content_of(file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is not UTF-8.") from None
    found = list(_of_toml(file, text) if file.suffix == ".toml" else _of_markdown(text))
    seen: dict[str, Requirement] = {}
    for one in found:
        if one.id in seen:
            raise WrongUsage(f"{file}, line {one.line}: {one.id} stands there already, on line {seen[one.id].line}.")
        seen[one.id] = one
    if not found:
        raise WrongUsage(
            f"{file} has no requirement: write [[requirement]] with id and text, or `- R-1: text` in Markdown."
        )
    return found


def _of_markdown(text: str) -> Iterator[Requirement]:
    for number, line in enumerate(text.splitlines(), 1):
        if row := ROW.fullmatch(line):
            yield Requirement(row[1], row[2], number)


def _of_toml(file: Path, text: str) -> Iterator[Requirement]:
    tables = toml_in(file, text.encode("utf-8"))
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.fullmatch(r"\s*\[\[\s*requirement\s*\]\]\s*(#.*)?", line)
    ]
    rows = tables.get("requirement", [])
    if set(tables) - {"requirement"} or not isinstance(rows, list):
        raise WrongUsage(f"{file} has more than [[requirement]] tables, or none.")
    for place, row in enumerate(rows):
        line = lines[place] if place < len(lines) else 1
        if (
            not isinstance(row, dict)
            or set(row) != {"id", "text"}
            or not all(isinstance(one, str) and one.strip() for one in row.values())
        ):
            raise WrongUsage(f"{file}, line {line}: a requirement has an id and a text, both texts, and nothing else.")
        yield Requirement(row["id"], row["text"], line)


def cited(targets: Sequence[Machine | System]) -> dict[str, list[tuple[str, str]]]:
    """For each id what cites it: what kind of thing that is, and which."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target in targets:
        for kind, name, ids in _citing(target):
            for one in ids:
                entry = (kind, f"{target.name}: {name}")
                if entry not in found.setdefault(one, []):
                    found[one].append(entry)
    return found


def _citing(target: Machine | System) -> Iterator[tuple[str, str, Sequence[str]]]:
    yield from (("claim", claim.sentence, claim.cites) for claim in target.properties)
    yield from (("assumption", one.name, one.cites) for one in target.assumptions)
    yield from (("rule", rule.name, rule.cites) for rule in (target.rules if isinstance(target, System) else ()))
    yield from (("parameter", param.name, param.cites) for param in as_system(target).parameters)
