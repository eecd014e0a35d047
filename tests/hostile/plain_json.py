"""JSON read by the letter of RFC 8259, without Python's reader: the oracle of what a text says.

It is strict where Python is not: a name stands once, a number is finite, nothing is nested deeper than a hundred.
"""

from __future__ import annotations

import math
import re
from typing import Any

__all__ = ["NotPlain", "read"]

WHITE = re.compile(r"[ \t\n\r]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
CHARACTERS = re.compile(r'(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*')
ESCAPE = re.compile(r"\\(u([0-9a-fA-F]{4})|.)")
SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
DEEPEST, DIGITS = 100, 4300


class NotPlain(Exception):
    """A text that is no JSON, or says something twice."""


def read(text: str | bytes) -> Any:
    """What a text says: dict, list, str, int, float, bool, None.

    Raises:
        NotPlain: it is none.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise NotPlain from None
    value, place = _value(text, _past_white(text, 0), 0)
    if _past_white(text, place) != len(text):
        raise NotPlain
    return value


def _past_white(text: str, place: int) -> int:
    found = WHITE.match(text, place)
    assert found is not None
    return found.end()


def _value(text: str, place: int, depth: int) -> tuple[Any, int]:
    here = text[place : place + 1]
    if here in ("{", "["):
        if depth == DEEPEST:
            raise NotPlain
        return (_object if here == "{" else _array)(text, place + 1, depth + 1)
    if here == '"':
        return _string(text, place)
    for word, value in (("true", True), ("false", False), ("null", None)):
        if text.startswith(word, place):
            return value, place + len(word)
    return _number(text, place)


def _number(text: str, place: int) -> tuple[Any, int]:
    found = NUMBER.match(text, place)
    if found is None or len(found[0].removeprefix("-")) > DIGITS:
        raise NotPlain
    if found[1] is None and found[2] is None:
        return int(found[0]), found.end()
    if not math.isfinite(number := float(found[0])):
        raise NotPlain
    return number, found.end()


def _string(text: str, place: int) -> tuple[str, int]:
    found = CHARACTERS.match(text, place + 1)
    assert found is not None
    if text[found.end() : found.end() + 1] != '"':
        raise NotPlain
    plain = ESCAPE.sub(lambda one: chr(int(one[2], 16)) if one[2] else SHORT.get(one[1], one[1]), found[0])
    return _joined(plain), found.end() + 1


def _joined(text: str) -> str:
    """Two surrogates that belong together are one character."""
    return re.sub(
        "[\ud800-\udbff][\udc00-\udfff]",
        lambda pair: chr(0x10000 + ((ord(pair[0][0]) - 0xD800) << 10) + (ord(pair[0][1]) - 0xDC00)),
        text,
    )


def _array(text: str, place: int, depth: int) -> tuple[list[Any], int]:
    made: list[Any] = []
    place = _past_white(text, place)
    if text[place : place + 1] == "]":
        return made, place + 1
    while True:
        value, place = _value(text, _past_white(text, place), depth)
        made.append(value)
        place = _past_white(text, place)
        if text[place : place + 1] == "]":
            return made, place + 1
        place = _after(text, place, ",")


def _object(text: str, place: int, depth: int) -> tuple[dict[str, Any], int]:
    made: dict[str, Any] = {}
    place = _past_white(text, place)
    if text[place : place + 1] == "}":
        return made, place + 1
    while True:
        place = _past_white(text, place)
        if text[place : place + 1] != '"':
            raise NotPlain
        name, place = _string(text, place)
        if name in made:
            raise NotPlain
        made[name], place = _value(text, _past_white(text, _after(text, _past_white(text, place), ":")), depth)
        place = _past_white(text, place)
        if text[place : place + 1] == "}":
            return made, place + 1
        place = _after(text, place, ",")


def _after(text: str, place: int, mark: str) -> int:
    if text[place : place + 1] != mark:
        raise NotPlain
    return place + 1
