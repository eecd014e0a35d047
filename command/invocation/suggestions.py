"""What was meant by a name that is not there: the nearest one beside it, as a question. Nothing is imported for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

__all__ = ["near_file", "near_module", "near_name"]

MOST = 10_000
"""Entries of a folder that are looked at."""
LONGEST = 200
"""Characters of a name that somebody may have misspelt."""


def near_name(name: str, known: Iterable[str], before: str = "") -> str:
    """The known name that is meant, as a question; also where its letters are of another size. Nothing where none is like it."""
    if len(name) > LONGEST:
        return ""
    names = list(known)
    sizes = {one.lower(): one for one in names}
    near = get_close_matches(name, names, 1) or [sizes[one] for one in get_close_matches(name.lower(), sizes, 1)]
    return f"Did you mean {before}{near[0]}? " if near else ""


def near_file(file: Path) -> str:
    """The file or folder that is meant: where the first part of a path that is not there should stand."""
    if len(str(file)) > LONGEST:
        return ""
    for place in (*reversed(file.parents), file):
        if not place.exists():
            suffixes = {".py"} if place == file and file.suffix == ".py" else None
            beside = _beside(place.parent, suffixes)
            near = get_close_matches(place.name, beside, 1)
            if not near:
                return ""
            meant = place.with_name(near[0]) / file.relative_to(place)
            return f"Did you mean {meant if meant.exists() else place.with_name(near[0])}? "
    return ""


def near_module(name: str, folders: Sequence[Path]) -> str:
    """The module or package in one of these folders that is meant, or, without a dot, the folder."""
    if len(name) > LONGEST:
        return ""
    first, _, rest = name.partition(".")
    for folder in folders:
        known = [
            one.removesuffix(".py") for one in _beside(folder, None) if one.endswith(".py") or (folder / one).is_dir()
        ]
        if first in known and rest and (folder / first).is_dir():
            inner = near_module(rest, [folder / first])
            return inner.replace("Did you mean ", f"Did you mean {first}.", 1)
        near = get_close_matches(first, known, 1)
        if near and first not in known:
            return f"Did you mean {'.'.join([near[0], *([rest] if rest else [])])}? "
    return ""


def _beside(folder: Path, suffixes: set[str] | None) -> list[str]:
    """What stands in a folder, by name; what is hidden is not meant."""
    try:
        entries = list(islice(folder.iterdir(), MOST))
    except OSError:
        return []
    return sorted(
        one.name for one in entries if one.name[0] not in "._" and (suffixes is None or one.suffix in suffixes)
    )
