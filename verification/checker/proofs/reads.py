"""What formulas read, wherever they read it. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fsm.verification.checker.declaration import Declaration, operands

__all__ = ["below", "effects_of", "owed_of"]


def below(declaration: Declaration, expressions: Iterable[int]) -> set[int]:
    """The rows of which expressions are made, themselves among them, whatever the situation in which each is evaluated."""
    table = declaration.json["expressions"]
    met, waiting = set[int](), [*expressions]
    while waiting:
        place = waiting.pop()
        if place not in met:
            met.add(place)
            [(name, value)] = table[place].items()
            waiting += operands(table[place])
            waiting += [value] if name in ("before", "after") else [value[1]] if name in ("count", "for_each") else []
    return met


def effects_of(declaration: Declaration, expressions: Iterable[int]) -> set[int]:
    """The effects of which expressions say how many were emitted."""
    nodes = (declaration.json["expressions"][place] for place in below(declaration, expressions))
    return {node["emitted"] for node in nodes if "emitted" in node}


def owed_of(row: Any) -> tuple[int, int | None, bool]:
    """What callers owe an event, the field that names whom, and whether that is compassion."""
    return (row["event"], row["key"], row["strong"]) if isinstance(row, dict) else (row, None, False)
