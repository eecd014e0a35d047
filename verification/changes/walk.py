"""Two declarations side by side: the same events sent to both, by breadth, until they answer differently.

A shortest run, by its events, that one takes and the other refuses, or after which something else was emitted. Where the walk comes to its
end and left nothing out, there is no other difference than those it met: the pairs that were met are a simulation (Milner, "An
algebraic definition of simulation between programs", 1971), each way in which no event was refused.

You may not call a walk complete that left out an event, a value or an instant.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from enum import Enum
from typing import Any

import attrs

from fsm.errors import BadInput, WiresOverlap
from fsm.language.snapshot import Instance, Snapshot, Step, readable_places
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.verification.changes.clocks import Clocks
from fsm.verification.changes.sending import Doubled, Pair, Sent, alike, identity

__all__ = ["Kind", "Walked", "Way", "walk_both"]


class Kind(Enum):
    """How two declarations differ after a run that both take, whatever they emitted on it."""

    LOST = "no longer taken"
    GAINED = "newly taken"
    EFFECTS = "other effects"


Way = tuple[tuple[Sent | None, int], ...]
"""What was sent to both, and when; None where time passes."""


@attrs.frozen(eq=False)
class Walked:
    """What a walk met.

    Attributes:
        ways: for each kind of difference a shortest way to one.
        gap: why there may be others; empty where all there is was met.
    """

    ways: Mapping[Kind, Way]
    gap: str


@attrs.frozen(eq=False)
class _Node:
    pair: Pair
    before: _Node | None = None
    sent: Sent | None = None
    at: int = 0


def walk_both(old: Engine, new: Engine, budget: int) -> Walked:
    """Walk through two compiled systems under one profile.

    Args:
        budget: how many answers are compared at most.
    """
    return _Walk(old, new, budget).walked()


class _Walk:
    def __init__(self, old: Engine, new: Engine, budget: int) -> None:
        self.old, self.new, self.left = old, new, budget
        self.doubled, self.clocks = Doubled(old, new), Clocks.of(old, new)
        self.ways: dict[Kind, Way] = {}
        self.gap = self.clocks.gap
        self.slots = [[readable_places(part.machine) for part in engine.system.parts] for engine in (old, new)]

    def walked(self) -> Walked:
        """Until every kind of difference is met, or all there is, or the budget is spent."""
        self._walk()
        return Walked(self.ways, self.gap or self.doubled.gap)

    def _walk(self) -> None:
        start = Pair(self.old.start(0), self.new.start(0))
        seen = {self._name(start)}
        level = [_Node(start)]
        while level and len(self.ways) < len(Kind):
            following: list[_Node] = []
            waiting = deque(level)
            while waiting and len(self.ways) < len(Kind):
                node = waiting.popleft()
                if self.left <= 0:
                    self.gap = self.gap or "there is more than was gone through"
                    return
                for child, later in self._children(node):
                    name = self._name(child.pair)
                    if name not in seen:
                        seen.add(name)
                        (following if later else waiting).append(child)
            level = following

    def _children(self, node: _Node) -> Iterator[tuple[_Node, bool]]:
        """Where both come, and whether an event led there."""
        for sent in self.doubled.sendings(node.pair):
            self.left -= 1
            child = self._told(self._sent, node, sent)
            if child is not None:
                yield child, True
        child = self._told(self._waited, node)
        if child is not None:
            yield child, False

    def _told(self, answer: Callable[..., _Node | None], *asked: Any) -> _Node | None:
        """What both answer; nothing where a function of the author's is not there, as in a declaration that was read back."""
        try:
            return answer(*asked)
        except BadInput as refused:
            self.gap = self.gap or str(refused)
            return None

    def _sent(self, node: _Node, sent: Sent) -> _Node | None:
        old, new = _taken(self.old, node.pair.old, sent.old), _taken(self.new, node.pair.new, sent.new)
        if old is None and new is None:
            return None
        if old is None or new is None:
            self._note(Kind.LOST if new is None else Kind.GAINED, node, sent, node.pair.old.now)
            return None
        if not alike(old[1], new[1]):
            self._note(Kind.EFFECTS, node, sent, node.pair.old.now)
        return _Node(Pair(old[0], new[0]), node, sent, node.pair.old.now)

    def _waited(self, node: _Node) -> _Node | None:
        """Time passes, as far as it makes a difference."""
        for_how_long, exact = self.clocks.wait(node.pair)
        if not for_how_long:
            return None
        if not exact:
            self.gap = self.gap or "instants were left out"
        at = node.pair.old.now + for_how_long
        old, new = _advanced(self.old, node.pair.old, at), _advanced(self.new, node.pair.new, at)
        if old is None and new is None:
            return None
        if old is None or new is None:
            self._note(Kind.LOST if new is None else Kind.GAINED, node, None, at)
            return None
        if any(_several(one) for one in (old, new)):
            self.gap = self.gap or "timers of several instances fall due at one instant, in the order of their keys"
        if not alike(old.effects, new.effects):
            self._note(Kind.EFFECTS, node, None, at)
        return _Node(Pair(old.after, new.after), node, None, at)

    def _note(self, kind: Kind, node: _Node, sent: Sent | None, at: int) -> None:
        if kind not in self.ways:
            self.ways[kind] = tuple(_way(_Node(node.pair, node, sent, at)))

    def _name(self, pair: Pair) -> Hashable:
        """The same for pairs that no run can tell apart."""
        measured = self.clocks.measured(pair)
        ones: list[Hashable] = []
        by_key: dict[Hashable, list[Hashable]] = {key: [] for key in self.doubled.keys(pair)}
        for side, snapshot in enumerate(pair):
            for place, part in enumerate(snapshot.parts):
                slots = self.slots[side][place]
                for key, one in [(None, part)] if isinstance(part, Instance) else part.items():
                    kind = (one[0], one[2], measured.get((side, place, key)), *(identity(one[slot]) for slot in slots))
                    if isinstance(part, Instance):
                        ones.append(kind)
                    else:
                        by_key[key].append((side, place, kind))
        order = sorted(by_key, key=lambda key: (repr(by_key[key]), repr(key)))
        return tuple(ones), tuple(tuple(by_key[key]) for key in order), self._pattern(pair, order)

    def _pattern(self, pair: Pair, order: list[Hashable]) -> tuple[Hashable, ...]:
        """Which of the values that ride along are the same."""
        if not any(slots for side in self.doubled.carries for slots in side):
            return ()
        numbers: dict[Hashable, int] = {identity(key): place for place, key in enumerate(order)}
        found: list[Hashable] = []
        for snapshot, places in zip(pair, self.doubled.carries, strict=True):
            for part, slots in zip(snapshot.parts, places, strict=True):
                instances = [part] if isinstance(part, Instance) else [part.get(key) for key in order]
                for value in (identity(one[slot]) for one in instances if one is not None for slot in slots):
                    constant = self.doubled.is_constant(value)
                    found.append(value if constant else numbers.setdefault(value, len(numbers)))
        return tuple(found)


def _taken(
    engine: Engine, snapshot: Snapshot, sent: tuple[type, Any] | None
) -> tuple[Snapshot, tuple[object, ...]] | None:
    """The next snapshot and what is emitted; None where the event is not taken."""
    if sent is None:
        return None
    try:
        return engine.attempt(snapshot, sent[1], sent[0], snapshot.now)
    except WiresOverlap:
        return None


def _advanced(engine: Engine, snapshot: Snapshot, at: int) -> Step | None:
    """Time passing; None where it stops."""
    try:
        return engine.advance(snapshot, at)
    except (TimeStopped, WiresOverlap):
        return None


def _several(step: Step) -> bool:
    """Whether timers of more than one instance that has a key fired."""
    return len({(one.part, one.key) for one in step.timed if one.key is not None}) > 1


def _way(node: _Node | None) -> list[tuple[Sent | None, int]]:
    """What was sent, waits that follow one another as one."""
    found: list[tuple[Sent | None, int]] = []
    while node is not None and node.before is not None:
        if node.sent is not None or not found or found[-1][0] is not None:
            found.append((node.sent, node.at))
        node = node.before
    return found[::-1]
