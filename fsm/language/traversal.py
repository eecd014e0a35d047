"""Walking what has nodes below it: each node once, however often it is shared, and without recursion, however deep it lies.

An expression is written as a tree, but Python shares what has a name: after `b = a + a`, `c = b + b` a walk
by places takes time that doubles with each line. So every walk here remembers nodes by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

__all__ = ["bottom_up", "depth", "in_turn", "walk"]


class Node(Protocol):
    """What can be walked."""

    def below(self) -> tuple[Any, ...]:
        """The nodes directly below, in the order they were written."""
        ...


N = TypeVar("N", bound=Node)
R = TypeVar("R")


def walk(root: N) -> Iterator[N]:
    """The node and everything below it, in the order it was written: each node once, where it stands first."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += reversed(node.below())


def nothing(_: object) -> None:
    """No answer beforehand."""


def bottom_up(root: N, combine: Callable[[N, tuple[R, ...]], R], given: Callable[[N], R | None] = nothing) -> R:
    """What `combine` makes of a node and of what it has made of the nodes below; of each node once.

    Args:
        given: what is known of a node beforehand; None where nothing is. What is below such a node is not looked at.
    """
    made: dict[int, R] = {}
    waiting = [(root, False)]
    while waiting:
        node, opened = waiting.pop()
        if id(node) in made:
            continue
        if not opened and (known := given(node)) is not None:
            made[id(node)] = known
        elif opened or not node.below():
            made[id(node)] = combine(node, tuple([made[id(one)] for one in node.below()]))
        else:
            waiting.append((node, True))
            waiting += [(one, False) for one in reversed(node.below())]
    return made[id(root)]


def depth(root: Node) -> int:
    """How many nodes stand below each other, the node itself among them."""
    return bottom_up(root, lambda _, below: 1 + max(below, default=0))


def in_turn(
    root: N, needed: Callable[[N, dict[int, R]], tuple[N, ...]], value: Callable[[N, dict[int, R]], R]
) -> dict[int, R]:
    """The values of a node and of what it needs, by identity: each once, and only what is needed.

    Args:
        needed: the nodes whose values that of a node hangs on, as far as the values that are known tell; asked again when these are.
        value: that of a node, given the values known by then.
    """
    known: dict[int, R] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [one for one in needed(node, known) if id(one) not in known]
        if missing:
            waiting += missing
        else:
            known[id(waiting.pop())] = value(node, known)
    return known
