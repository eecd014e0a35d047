"""Where in a TOML text a key stands; `tomllib` tells what a document says, and not where."""

from __future__ import annotations

import re
import tomllib
from typing import Any

__all__ = ["line_of"]

HEADER = re.compile(r"\s*\[\[?(?P<name>[^\[\]]+)\]\]?\s*(#.*)?")
LINE = re.compile(r"\s*(?P<name>[^=#\[\]{}]+?)\s*=")


def line_of(text: str, path: tuple[str, ...], place: int = 0) -> int:
    """The line on which a key stands, or the header of the table that it is in; 1 where neither is found.

    Args:
        path: the names of the tables, then the key.
        place: of an array of tables, which one, from 0.
    """
    table: tuple[str, ...] = ()
    headers = 0
    above = 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.fullmatch(line):
            table = _names(f"[{header['name']}]")
            headers += table == path[:-1]
            if table[: len(path)] == path:
                return number
            if table == path[:-1] and headers == place + 1:
                above = number
        elif headers in (0, place + 1) and _key(line, table)[: len(path)] == path:
            return number
    return above


def _key(line: str, table: tuple[str, ...]) -> tuple[str, ...]:
    """What a line gives a value to."""
    key = LINE.match(line)
    return () if key is None else (*table, *_names(f"{key['name']} = 0"))


def _names(line: str) -> tuple[str, ...]:
    """The dotted name of a header or a key; none of what is no TOML by itself, such as the inside of a long string."""
    try:
        found: Any = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    names = []
    while isinstance(found, dict) and len(found) == 1:
        ((name, found),) = found.items()
        names.append(name)
    return tuple(names)
