"""What a part is but for keys and instants, as a number: so that steps that are the same are known again quickly."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import count
from typing import Any

__all__ = ["Kinds", "place_of"]


class Kinds:
    """Numbers for what parts are.

    Args:
        each: for each place, whether keys tell the instances of the part apart.
        most: so many are remembered; what is forgotten gets another number when it comes again.
    """

    def __init__(self, each: tuple[bool, ...], most: int) -> None:
        self._each, self._most = each, most
        self._known: dict[Any, int] = {}
        self._numbers = count()

    def of(self, parts: Any) -> tuple[int, ...]:
        return tuple([self._kind(place, part) for place, part in enumerate(parts)])

    def after(self, kinds: tuple[int, ...], before: Any, after: Any) -> tuple[int, ...]:
        """Of the parts after a step, where those before it are known."""
        return tuple(
            [
                kind if part is was else self._kind(place, part)
                for place, (kind, was, part) in enumerate(zip(kinds, before, after, strict=True))
            ]
        )

    def _kind(self, place: int, part: Any) -> int:
        if self._each[place]:
            kind = (place, *[(one[0], *one[2:]) for one in part.values()])
        else:
            kind = (place, part[0], *part[2:])
        found = self._known.get(kind)
        if found is None:
            if len(self._known) >= self._most:
                self._known.clear()
            found = self._known[kind] = next(self._numbers)
        return found


def place_of(key: Hashable, part: Mapping[Hashable, Any]) -> int:
    """Which of the instances, in their order, has the key; -1 for none."""
    return [*part].index(key) if key in part else -1
