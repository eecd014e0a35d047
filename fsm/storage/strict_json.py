"""JSON text from somewhere else, read strictly: what is ambiguous or no number is refused, with its path.

Python's reader takes the last of two equal names, and NaN, and Infinity. A stored snapshot must
not be read two ways, so here they are errors. Nothing here knows what the document means.
"""

from __future__ import annotations

import json
import math
from typing import Any

import attrs

from fsm.errors import BadInput, BadSnapshot

__all__ = ["DEEPEST", "DOCUMENT", "LARGEST", "below", "parse", "write"]

DOCUMENT = "document"
"""The path of the whole."""
LARGEST = 16 * 1024 * 1024
"""The most characters of a document: a stranger's text must not fill the memory."""

DEEPEST = 100
"""The most objects and lists inside one another: a stranger's text must not fill the stack."""


def below(path: str, step: str | int) -> str:
    """The path of a field or an item: `parts.tiles[2].state`."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    said = f".{step}" if step.isidentifier() else f"[{json.dumps(step)}]"
    return said.removeprefix(".") if path == DOCUMENT else path + said


def write(tree: Any) -> str:
    """The text of a document, in ASCII, equal for equal documents.

    Raises:
        BadSnapshot: a number that JSON has not, more than LARGEST characters, or nested deeper than DEEPEST.
    """
    _check_depth(tree)
    try:
        text = json.dumps(tree, separators=(",", ":"), allow_nan=False)
    except ValueError as beyond:
        raise BadSnapshot(DOCUMENT, f"cannot be written as JSON: {beyond}") from beyond
    if len(text) > LARGEST:
        raise BadSnapshot(DOCUMENT, f"has {len(text)} characters; at most {LARGEST} are read back")
    return text


def parse(text: str | bytes) -> Any:
    """The document as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BadInput: neither str nor bytes.
        BadSnapshot: no JSON, not UTF-8, too large, too deep, a name that stands twice, or no finite number.
    """
    if not isinstance(text, str | bytes):
        raise BadInput("text", f"{type(text).__name__} is neither str nor bytes")
    if len(text) > LARGEST:
        raise BadSnapshot(DOCUMENT, f"has {len(text)} characters; at most {LARGEST} are read")
    faults: list[_Fault] = []

    def fault(said: str, name: str | None = None) -> _Fault:
        faults.append(_Fault(said, name))
        return faults[-1]

    def pairs(given: list[tuple[str, Any]]) -> Any:
        named = dict(given)
        if len(named) == len(given):
            return named
        seen: set[str] = set()
        twice = next(name for name, _ in given if name in seen or seen.add(name))  # type: ignore[func-returns-value]  # adds, and goes on
        return fault("stands twice", twice)

    def real(digits: str) -> Any:
        number = float(digits)
        return number if math.isfinite(number) else fault(f"{digits} is too large a number")

    try:
        written = text.decode() if isinstance(text, bytes) else text
        tree = json.loads(
            written,
            object_pairs_hook=pairs,
            parse_float=real,
            parse_constant=lambda said: fault(f"{said} is no number"),
        )
    except UnicodeDecodeError as wrong:
        raise BadSnapshot(DOCUMENT, f"is not UTF-8: {wrong}") from wrong
    except RecursionError as deep:
        raise BadSnapshot(DOCUMENT, TOO_DEEP) from deep
    except ValueError as wrong:
        raise BadSnapshot(DOCUMENT, f"is not JSON: {wrong}") from wrong
    _check_depth(tree)
    if faults:
        raise _found(tree)
    return tree


def _check_depth(tree: Any) -> None:
    level = [tree]
    for _ in range(DEEPEST):
        inside = [
            one
            for node in level
            for one in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
        ]
        level = [node for node in inside if isinstance(node, dict | list)]
    if level:
        raise BadSnapshot(DOCUMENT, TOO_DEEP)


TOO_DEEP = f"is nested more than {DEEPEST} deep"


@attrs.frozen(eq=False)
class _Fault:
    """Stands in the tree where something is wrong; `name` is the field that is, when it is not the whole."""

    said: str
    name: str | None


def _found(tree: Any) -> BadSnapshot:
    """The first fault of the document, with its path."""
    waiting: list[tuple[str, Any]] = [(DOCUMENT, tree)]
    while not isinstance(waiting[-1][1], _Fault):
        path, node = waiting.pop()
        inside = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        waiting += [(below(path, step), one) for step, one in reversed(inside)]
    path, node = waiting[-1]
    return BadSnapshot(path if node.name is None else below(path, node.name), node.said)
