"""The groups of snapshots that lead to each other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Protocol

__all__ = ["Known", "components"]

Known = Hashable


class Leads(Protocol):
    """What leads somewhere."""

    @property
    def target(self) -> Known: ...


def components(nodes: Iterable[Known], edges: Callable[[Known], Sequence[Leads]]) -> Iterator[frozenset[Known]]:
    """The strongly connected groups (Tarjan 1972), by an explicit stack, since runs are longer than Python's."""
    index: dict[Known, int] = {}
    low: dict[Known, int] = {}
    stack: list[Known] = []
    on: set[Known] = set()
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[Known, Iterator[Leads]]] = []

        def enter(known: Known, work: list[tuple[Known, Iterator[Leads]]] = work) -> None:
            index[known] = low[known] = len(index)
            stack.append(known)
            on.add(known)
            work.append((known, iter(edges(known))))

        enter(root)
        while work:
            known, rest = work[-1]
            for edge in rest:
                if edge.target not in index:
                    enter(edge.target)
                    break
                if edge.target in on:
                    low[known] = min(low[known], index[edge.target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[known])
                if low[known] == index[known]:
                    group: list[Known] = []
                    while not group or group[-1] != known:
                        group.append(stack.pop())
                        on.discard(group[-1])
                    yield frozenset(group)
