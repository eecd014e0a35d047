"""Tables of the canonical form: what stands in a declaration many times is a row once, and is known by its place.

Equal rows are one row (hash-consing: Filliâtre and Conchon, "Type-safe modular hash-consing", 2006), so two
declarations that say the same have the same tables, whether or not their trees share nodes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import attrs

from fsm.errors import BadData

__all__ = ["Row", "Rows", "compact", "each_once"]

Row = Any
"""JSON: a dict, a list, a string, a number, a truth value or None."""

T = TypeVar("T")
R = TypeVar("R")


def compact(tree: Row) -> str:
    """JSON without a needless character, in ASCII: equal for equal trees with their fields in one order."""
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


@attrs.frozen
class Rows:
    """Rows in the order in which they were first asked for, each with the key by which it is known."""

    rows: list[Row] = attrs.field(factory=list)
    _places: dict[Hashable, int] = attrs.field(init=False, factory=dict)

    def place(self, key: Hashable, made: Callable[[], Row]) -> int:
        """The place of what has this key, made when it is asked for first."""
        if key not in self._places:
            row = made()
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]

    @property
    def keys(self) -> tuple[Any, ...]:
        """By what each row is known, in their order."""
        return tuple(self._places)

    def place_of(self, row: Row) -> int:
        """The place of a row that is known by what it says."""
        return self.place(compact(row), lambda: row)


def each_once(
    root: T,
    below: Callable[[T], Iterable[T]],
    made: Callable[[T, tuple[R, ...]], R],
    known: dict[Hashable, tuple[T, R]],
    key: Callable[[T], Hashable] = id,
) -> R:
    """What is made of a node from what is made of those below it: each node once, however often it stands there and however deep.

    Args:
        root: the node.
        below: the nodes directly below one.
        made: what to make of a node, given what was made of those below.
        known: what was made before, and is remembered; it keeps the nodes alive, since `id` tells them apart.
        key: what tells nodes apart.

    Raises:
        DefinitionError: a node that stands below itself.
    """
    waiting: list[tuple[T, tuple[T, ...], Iterator[T]]] = []
    opened: set[Hashable] = set()

    def enter(node: T) -> None:
        if key(node) in opened:
            raise BadData(type(node).__name__, "contains itself", "Give a value that ends somewhere.")
        children = tuple(below(node))
        waiting.append((node, children, iter(children)))
        opened.add(key(node))

    if key(root) not in known:
        enter(root)
    while waiting:
        node, children, left = waiting[-1]
        missing = [*islice((child for child in left if key(child) not in known), 1)]  # a node may be None
        if missing:
            enter(missing[0])
            continue
        known[key(node)] = (node, made(node, tuple(known[key(child)][1] for child in children)))
        opened.discard(key(node))
        waiting.pop()
    return known[key(root)][1]
