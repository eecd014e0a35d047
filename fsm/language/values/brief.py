"""A value in a message: short, in one line, whatever it is, also where it cannot be printed at all.

Messages quote what somebody handed in. It may be a number of a million digits, which Python refuses to print,
a text of megabytes, or an object whose `__repr__` raises; a message never fails because of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

__all__ = ["brief", "said_by", "some"]

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies in memory: of no use to a reader, and another one in each process."""
LENGTH = 80
"""The most characters of a quoted value; a fingerprint fits."""

ITEMS = 6
DEPTH = 3
BITS = 256
"""An integer of at most so many has at most 78 digits."""


def brief(value: object, depth: int = DEPTH) -> str:
    """The `repr` of a value, cut where it is long; said in words where there is none."""
    kind = type(value)
    if kind is int:
        return _integer(value)  # type: ignore[arg-type]  # its class says so
    if kind is str or kind is bytes:
        return _text(value)  # type: ignore[arg-type]  # its class says so
    if kind in BRACKETS:
        return _cut(_several(value, kind, depth))  # type: ignore[arg-type]  # its class says so
    try:
        return _cut(ADDRESS.sub("", str.__str__(repr(value))))
    except Exception:  # noqa: BLE001  # an object that is not ours: whatever it raises, the message it stands in must be told
        return f"<a {kind.__name__} that cannot be printed>"


def said_by(error: BaseException) -> str:
    """What an error of somebody else's code says, with its class, cut where it is long."""
    try:
        text = str.__str__(str(error))
    except Exception:  # noqa: BLE001  # as above
        text = ""
    return f"{type(error).__name__}: {text if len(text) <= 200 else f'{text[:200]}...'}"


def some(words: Iterable[str], most: int = 20) -> str:
    """The first of some words, with how many more there are."""
    first = list(islice(iterator := iter(words), most))
    more = sum(1 for _ in iterator)
    return ", ".join(first) + (f" and {more:,} more" if more else "")


BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}"), set: ("{", "}"), frozenset: ("frozenset({", "})"),
}  # fmt: skip


def _integer(number: int) -> str:
    if number.bit_length() <= BITS:
        return str(number)
    sign = "a negative" if number < 0 else "an"
    return f"<{sign} integer of about {int(number.bit_length() * 0.30103) + 1:,} digits>"


def _text(text: str | bytes) -> str:
    return repr(text) if len(text) <= LENGTH else f"{text[: LENGTH // 2]!r}... ({len(text):,} long)"


def _several(items: list[object] | dict[object, object], kind: type, depth: int) -> str:
    opening, closing = BRACKETS[kind]
    if not items:
        return repr(items)
    if depth == 0:
        return f"{opening}...{closing}"
    if kind in (set, frozenset) and len(items) > ITEMS:
        return f"<a {kind.__name__} of {len(items):,} values>"  # the first of them would be others on every run
    if isinstance(items, dict):
        shown = [f"{brief(name, depth - 1)}: {brief(one, depth - 1)}" for name, one in islice(items.items(), ITEMS)]
    else:
        shown = [brief(one, depth - 1) for one in islice(items, ITEMS)]
        if kind in (set, frozenset):
            shown.sort()
    comma = "," if kind is tuple and len(items) == 1 else ""
    return f"{opening}{', '.join(shown)}{comma}{', ...' if len(items) > ITEMS else ''}{closing}"


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 3]}..."
