"""Names that messages, snapshots and pictures can carry: identifiers, each used once."""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from fsm.errors import BadName, DeclaredTwice

RESERVED = {"state", "since", "spent", "variables", "layout", "count", "index"}


def check_name(what: str, name: object) -> None:
    """Raise DefinitionError for a name that is no identifier."""
    if isinstance(name, str) and keyword.iskeyword(name):
        raise BadName(f"{what} {name!r}", "is a word of Python itself", f"Add a letter or an underscore: {name}_.")
    if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
        raise BadName(
            f"{what} {name!r}", "is not a name", "Use letters, digits and underscores, starting with a letter."
        )


def check_names(where: str, what: str, names: Iterable[str], *, reserved: bool = False) -> None:
    """Raise DefinitionError for a name that is no identifier, is reserved, or stands twice."""
    seen: set[str] = set()
    for name in names:
        check_name(f"{where}: {what}", name)
        if reserved and name in RESERVED:
            raise BadName(
                where,
                f"{what} {name!r} has a name that every machine uses",
                f"Reserved: {', '.join(sorted(RESERVED))}.",
            )
        if name in seen:
            raise DeclaredTwice(where, f"{what} {name!r} is declared twice")
        seen.add(name)
