"""A whole declaration called otherwise: every name, sentence and doc of its canonical form through one function.

Nothing else changes, since things know each other by place. Who reads a declaration must give the same
answers under any names: a solver's text the same bytes, a count the same number. Where a wire is left out since a
field of its event is called as a part's key, both go on being called alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import attrs

from fsm.canonical.tables import Row

__all__ = ["KINDS", "Name", "renamed"]

KINDS = (
    "enumeration", "member", "event", "event field", "effect", "effect field", "parameter",
    "machine", "state", "variable", "system", "part", "key", "rule", "condition",
    "assumption", "profile", "sentence", "doc",
)  # fmt: skip
"""The kinds of what has a name. A doc may be anything; the others must stay different where they are told apart by name."""


Path = tuple[str | int, ...]


@attrs.frozen
class Name:
    """What one thing is called.

    Attributes:
        kind: one of KINDS.
        path: where it stands in the document: ("machines", 1, "states", 2, "name").
        text: what it is called.
    """

    kind: str
    path: Path
    text: str


def renamed(document: dict[str, Row], name: Callable[[Name], str]) -> dict[str, Row]:
    """The canonical form of the same declaration under other names.

    Args:
        document: what `writing.document` gives; it is left as it is.
        name: the new name of each thing. Names of states, variables, events and the like are identifiers.
    """
    made = deepcopy(document)
    for kind, path in _names(made):
        *steps, last = path
        around: Any = made
        for step in steps:
            around = around[step]
        around[last] = name(Name(kind, path, around[last]))
    for field, key in _agreeing(made):
        field["name"] = key
    return made


def _agreeing(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The fields that name instances by wires that are left out, and how the keys of their parts are called."""
    system = document["system"]
    for wire in [] if system is None else system["wires"]:
        for move in [] if wire["written"] else wire["moves"]:
            if move["key"] is not None:
                event, field = document["expressions"][move["key"]]["field"]
                yield document["events"][event]["fields"][field], system["parts"][move["part"]]["each"]["key"]


Kinds = Iterator[tuple[str, Path]]
"""Of which kind a name is, and where it stands."""


def _names(document: dict[str, Any]) -> Kinds:
    for at, row in _rows(document, "enumerations"):
        yield "enumeration", (*at, "name")
        yield from (("member", (*at, "members", place)) for place in range(len(row["members"])))
    for kind in ("event", "effect"):
        for at, row in _rows(document, f"{kind}s"):
            yield from _words(kind, at)
            yield from ((f"{kind} field", (*field, "name")) for field, _ in _rows(row, "fields", at))
    for at, _ in _rows(document, "parameters"):
        yield from _words("parameter", at)
    for at, row in _rows(document, "expressions"):
        yield from (("condition", (*at, tag, 0)) for tag in row if tag == "named")
    for at, row in _rows(document, "machines"):
        yield from _words("machine", at)
        for kind in ("state", "variable"):
            for below, _ in _rows(row, f"{kind}s", at):
                yield from _words(kind, below)
        yield from _claims(row, at)
    if document["system"] is not None:
        yield from _system(document["system"], ("system",))


def _rows(around: Any, table: str, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    return (((*at, table, place), row) for place, row in enumerate(around[table]))


def _words(kind: str, at: Path) -> Kinds:
    yield kind, (*at, "name")
    yield "doc", (*at, "doc")


def _system(row: Any, at: Path) -> Kinds:
    yield from _words("system", at)
    for below, part in _rows(row, "parts", at):
        yield "part", (*below, "name")
        yield from () if part["each"] is None else [("key", (*below, "each", "key"))]
    yield from (("rule", (*below, "name")) for below, _ in _rows(row, "rules", at))
    yield from _claims(row, at)


def _claims(row: Any, at: Path) -> Kinds:
    yield from (("assumption", (*below, "name")) for below, _ in _rows(row, "assumptions", at))
    for below, _ in _rows(row, "profiles", at):
        yield from _words("profile", below)
    yield from (("sentence", (*below, "sentence")) for below, _ in _rows(row, "properties", at))
