"""Values of the standard library that have one text: dates, UUIDs, decimals, paths, bytes.

They are known by the names of their classes, so that none of their modules has to be imported for a machine that uses none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import attrs

from fsm.language.values.limits import DIGITS, is_short

__all__ = ["TEXTS", "TextForm", "name_of_standard", "standard_class"]


@attrs.frozen
class TextForm:
    """How values of a class are written and read, and which of them would come back as they are."""

    write: Callable[[Any], str]
    read: Callable[[Any, str], Any]
    is_kept: Callable[[Any], bool] = lambda value: True


def _from_text(kind: Any, text: str) -> Any:
    return kind(text)


def _from_iso(kind: Any, text: str) -> Any:
    return kind.fromisoformat(text)


def _has_fixed_offset(value: Any) -> bool:
    """A zone has a name that ISO 8601 does not write, parts of a second in an offset are not read back, and `fold` tells apart what compares equal."""
    zone = value.tzinfo
    if value.fold or zone is None:
        return not value.fold
    if (type(zone).__module__, type(zone).__qualname__) != ("datetime", "timezone"):
        return False
    return not zone.utcoffset(None).microseconds


def _fraction(kind: Any, text: str) -> Any:
    """Not by `Fraction(text)`, to which 1e999999999 is one that takes all memory."""
    top, _, bottom = text.partition("/")
    if len(text) > 2 * DIGITS + 2 or not all(one.removeprefix("-").isdecimal() for one in (top, bottom or "1")):
        raise ValueError("not a fraction")
    return kind(int(top), int(bottom or "1"))


def _duration(kind: Any, text: str) -> Any:
    days, seconds, microseconds = map(int, text[:40].split(":"))
    return kind(days, seconds, microseconds)


def _from_base64(kind: Any, text: str) -> Any:
    from binascii import a2b_base64

    return a2b_base64(text, strict_mode=True)


def _to_base64(value: Any) -> str:
    from binascii import b2a_base64

    return b2a_base64(value, newline=False).decode("ascii")


_PLAIN_TEXT = TextForm(str, _from_text)
_ISO = TextForm(lambda value: str(value.isoformat()), _from_iso)
_ISO_IN_ZONE = TextForm(_ISO.write, _from_iso, _has_fixed_offset)
TEXTS: dict[str, TextForm] = {
    "uuid.UUID": _PLAIN_TEXT,
    "decimal.Decimal": TextForm(str, _from_text, lambda value: not value.is_snan()),
    "fractions.Fraction": TextForm(str, _fraction, lambda value: is_short(value.numerator) and is_short(value.denominator)),
    "datetime.date": _ISO,
    "datetime.datetime": _ISO_IN_ZONE,
    "datetime.time": _ISO_IN_ZONE,
    "datetime.timedelta": TextForm(lambda value: f"{value.days}:{value.seconds}:{value.microseconds}", _duration),
    "builtins.bytes": TextForm(_to_base64, _from_base64),
    **{f"ipaddress.IPv{version}{what}": _PLAIN_TEXT for version in (4, 6) for what in ("Address", "Interface", "Network")},
    **{f"pathlib.{name}": _PLAIN_TEXT for name in ("Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath")},
}  # fmt: skip
CONCRETE = ("pathlib.Path", "pathlib.PurePath")
"""Classes of which there are no objects: calling one gives an object of the class for this system."""


def name_of_standard(kind: type) -> str | None:
    """The name in TEXTS that a class has; None for one that is none of them, whatever it calls itself."""
    name = f"{kind.__module__}.{kind.__qualname__}".replace("pathlib._local.", "pathlib.")  # as Python 3.13 says
    return name if name in TEXTS and _by_name(name) is kind else None


@cache
def standard_class(name: str) -> type:
    """The class of the objects that a name in TEXTS stands for."""
    kind: Any = _by_name(name)
    return type(kind()) if name in CONCRETE else kind


@cache
def _by_name(name: str) -> Any:
    module, _, wanted = name.rpartition(".")
    return getattr(import_module(module), wanted)
