"""JSON text from somewhere else, read strictly: what is ambiguous or no number is refused, with its path.

Python's reader takes the last of two equal names, and NaN, and Infinity. A stored snapshot must
not be read two ways, so here they are errors. Nothing here knows what the document means.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from fsm.errors import BadArgument, BadSnapshot, UnreadableText
from fsm.language.values.brief import brief
from fsm.language.values.limits import DIGITS

__all__ = ["DOCUMENT", "LARGEST", "LIMITS", "ByKey", "Limits", "below", "parse", "write"]

DOCUMENT = "document"
"""The path of the whole."""
LARGEST = 16 * 1024 * 1024
"""The most characters of a document unless somebody says otherwise."""


@attrs.frozen
class Limits:
    """How much of a stranger's document is read: it must not fill the memory, nor the stack, nor the time of a service.

    Attributes:
        characters: the most in its text; bytes, where it comes as bytes.
        depth: the most objects and lists inside one another.
        digits: the most of one number; the values of a system never have more than 4,300.
        instances: the most of one part.
    """

    characters: int = LARGEST
    depth: int = 100
    digits: int = DIGITS
    instances: int = 100_000


LIMITS = Limits()


class ByKey(str):
    """The step of a path to an instance in memory, told by its key: `parts.tiles['c-1'].state`."""

    __slots__ = ()


def below(path: str, step: str | int) -> str:
    """The path of a field or an item: `parts.tiles[2].state`."""
    if isinstance(step, int | ByKey):
        return f"{path}[{step}]"
    if len(step) > 80:
        step = f"{step[:77]}..."
    said = f".{step}" if step.isidentifier() else f"[{json.dumps(step)}]"
    return said.removeprefix(".") if path == DOCUMENT else path + said


def write(tree: Any, limits: Limits = LIMITS) -> str:
    """The text of a document, in ASCII, equal for equal documents.

    Raises:
        BadSnapshot: a number that JSON has not, or more than the limits allow: it would not be read back.
    """
    _check_depth(tree, limits)
    try:
        text = json.dumps(tree, separators=(",", ":"), allow_nan=False)
    except ValueError as beyond:
        raise UnreadableText(DOCUMENT, f"cannot be written as JSON: {beyond}") from beyond
    if len(text) > limits.characters:
        raise UnreadableText(DOCUMENT, f"has {len(text)} characters; at most {limits.characters} are read back")
    return text


def parse(text: str | bytes, limits: Limits = LIMITS) -> Any:
    """The document as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BadInput: neither str nor bytes.
        BadSnapshot: no JSON, not UTF-8, more than the limits allow, a name that stands twice, or no finite number.
    """
    if not isinstance(text, str | bytes):
        raise BadArgument("text", f"{type(text).__name__} is neither str nor bytes")
    if len(text) > limits.characters:
        raise UnreadableText(DOCUMENT, f"has {len(text)} characters; at most {limits.characters} are read")
    try:
        plain = bytes.__bytes__(text).decode() if isinstance(text, bytes) else str.__str__(text)
    except UnicodeDecodeError as wrong:
        raise UnreadableText(DOCUMENT, f"is not UTF-8: {wrong}") from None
    faults: list[_Fault] = []
    tree = _loads(plain, limits, faults)
    _check_depth(tree, limits)
    if faults:
        raise _first(tree)
    return tree


def _loads(text: str, limits: Limits, faults: list[_Fault]) -> Any:
    """The tree, with faults in the places of what is wrong.

    Python's own limit of digits is the quick way to find that a number has too many; which one it is is found by
    looking at each.
    """
    every = limits.digits < DIGITS or not _python_limits_digits()
    try:
        try:
            return json.loads(text, **_hooks(limits, faults, int if every else None))
        except json.JSONDecodeError:
            raise
        except ValueError:
            faults.clear()
        return json.loads(text, **_hooks(limits, faults, lambda digits: 0))  # only where the fault stands is asked
    except RecursionError:
        raise UnreadableText(DOCUMENT, _too_deep(limits)) from None
    except json.JSONDecodeError as wrong:
        raise UnreadableText(DOCUMENT, f"is not JSON: {wrong}") from None


def _hooks(limits: Limits, faults: list[_Fault], integer: Callable[[str], int] | None) -> dict[str, Any]:
    """What is called for objects and numbers; `integer` for those of few enough digits, None where Python's own way will do."""

    def fault(said: str, name: str | None = None) -> _Fault:
        faults.append(_Fault(said, name))
        return faults[-1]

    def pairs(given: list[tuple[str, Any]]) -> Any:
        named = dict(given)
        return named if len(named) == len(given) else fault("stands twice", _twice(name for name, _ in given))

    def real(digits: str) -> Any:
        if len(digits) > limits.digits:
            return fault(f"has {len(digits):,} digits; at most {limits.digits:,} are read")
        number = float(digits)
        return number if math.isfinite(number) else fault(f"{brief(digits)[1:-1]} is too large a number")

    def whole(digits: str) -> Any:
        count, most = len(digits) - digits.startswith("-"), min(limits.digits, DIGITS)
        return (
            integer(digits)
            if count <= most and integer is not None
            else fault(f"has {count:,} digits; at most {most:,} are read")
        )

    numbers = {} if integer is None else {"parse_int": whole}
    return {
        "object_pairs_hook": pairs,
        "parse_float": real,
        "parse_constant": lambda said: fault(f"{said} is no number"),
        **numbers,
    }


def _python_limits_digits() -> bool:
    """Whether this process keeps Python's limit of digits, with which the time for a long number is bounded."""
    try:
        int("1" * (DIGITS + 1))
    except ValueError:
        return True
    return False


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError


def _check_depth(tree: Any, limits: Limits) -> None:
    level = [tree] if isinstance(tree, dict | list) else []
    for _ in range(limits.depth):
        if not level:
            return
        level = [
            one
            for node in level
            for one in (node.values() if type(node) is dict else node)
            if type(one) is dict or type(one) is list
        ]
    if level:
        raise UnreadableText(DOCUMENT, _too_deep(limits))


def _too_deep(limits: Limits) -> str:
    return f"is nested more than {limits.depth} deep"


@attrs.frozen(eq=False)
class _Fault:
    """Stands in the tree where something is wrong; `name` is the field that is, when it is not the whole."""

    said: str
    name: str | None


def _first(tree: Any) -> BadSnapshot:
    """The first fault of the document, with its path."""
    way: list[str | int] = []
    fault, path = tree, DOCUMENT
    inside = [_steps(tree)]
    while type(fault) is not _Fault:
        step, fault = next(inside[-1], ("", None))
        if fault is None:
            inside.pop()
            del way[-1:]
        else:
            way.append(step)
            inside.append(_steps(fault))
    for step in way if fault.name is None else (*way, fault.name):
        path = below(path, step)
    return UnreadableText(path, fault.said)


def _steps(node: Any) -> Iterator[tuple[str | int, Any]]:
    """What stands inside a node and may hold a fault, or is one."""
    items = node.items() if type(node) is dict else enumerate(node) if type(node) is list else ()
    return ((step, one) for step, one in items if type(one) is dict or type(one) is list or type(one) is _Fault)
