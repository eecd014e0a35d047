"""Citations: the ids of facts and decisions that a rule, a property or a parameter comes from."""

from __future__ import annotations

from collections.abc import Iterable

from fsm.errors import DefinitionError

__all__ = ["Cites", "cited"]

Cites = str | Iterable[str]
"""One id (`"S06"`) or several (`("S05", "S06")`)."""


def cited(cites: Cites) -> tuple[str, ...]:
    """The ids as a tuple; one alone may be written without brackets."""
    ids = (cites,) if isinstance(cites, str) else tuple(cites)
    for one in ids:
        if not isinstance(one, str) or not one.strip():
            raise DefinitionError("cites", f"{one!r} is no id of a fact or decision")
    return ids
