"""Citations: the ids of facts and decisions that a rule, a property or a parameter comes from."""

from __future__ import annotations

from collections.abc import Iterable

from fsm.errors import DefinitionError

__all__ = ["Cites", "cited"]

Cites = str | Iterable[str]
"""One id (`"S06"`) or several (`("S05", "S06")`)."""


def cited(cites: Cites) -> tuple[str, ...]:
    """The ids as a tuple; one alone may be written without brackets."""
    ids: tuple[object, ...] = (cites,) if isinstance(cites, str) else tuple(cites)
    known = tuple(one for one in ids if isinstance(one, str) and one.strip())
    if len(known) < len(ids):
        raise DefinitionError("cites", f"{ids!r} are not ids of facts or decisions", 'Write "S06", or ("S05", "S06").')
    return known
