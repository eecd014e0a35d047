"""What the vendor's documents have in common: names in any case, null in several forms, instants as text or as seconds."""

from __future__ import annotations

from typing import Any

from fsm.verification.monitoring.mapped.columns import Misread, instant

__all__ = ["as_instant", "at", "mapping_at", "rows_at"]

NULL_INSTANT = 1
"""1970-01-01T00:00:00.001Z is what contact events write for no instant."""

SECONDS = 100_000_000_000
"""A smaller number is seconds: as milliseconds it would lie before 1973."""


def at(document: Any, *names: str) -> Any:
    """What stands at names one inside the other, whatever their case; None for nothing and for the text null."""
    found = document
    for name in names:
        if not isinstance(found, dict):
            return None
        if name in found:
            found = found[name]
        else:
            wanted = name.lower()
            found = next(
                (value for key, value in found.items() if isinstance(key, str) and key.lower() == wanted), None
            )
    return None if found is None or (isinstance(found, str) and found.lower() == "null") else found


def mapping_at(document: Any, *names: str) -> dict[str, Any] | None:
    """The object there; None where there is none.

    Raises:
        Misread: something else stands there.
    """
    found = at(document, *names)
    if found is None or isinstance(found, dict):
        return found
    raise Misread(f"{'.'.join(names)} is no object")


def rows_at(document: Any, *names: str) -> list[Any] | None:
    """The list there; None where there is none.

    Raises:
        Misread: something else stands there.
    """
    found = at(document, *names)
    if found is None or isinstance(found, list):
        return found
    raise Misread(f"{'.'.join(names)} is no list")


def as_instant(found: Any) -> int | None:
    """An instant, milliseconds: ISO 8601, or a number of seconds or milliseconds since 1970; None where it says none.

    Raises:
        Misread: it is none.
    """
    if found is None:
        return None
    small = isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < SECONDS
    said = instant(found, "s" if small else None)
    return None if said == NULL_INSTANT else said
