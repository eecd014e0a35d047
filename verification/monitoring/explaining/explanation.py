"""An explanation: what the system may be, as far as what was seen allows; discrete, with an interval for each instant that nobody saw.

Subset construction (Rabin and Scott 1959): a monitor keeps a few of these. Values: they are compared by content and never change.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from fsm.verification.monitoring.declared.boxes import Box, joined
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.intervals import ANY, FAR, Interval

__all__ = [
    "Covered",
    "Explanation",
    "Happening",
    "Held",
    "Nobody",
    "Story",
    "happened",
    "held_at",
    "instances",
    "merged",
    "shape",
    "tidied",
    "unnamed",
    "with_held",
]


class Held(NamedTuple):
    """One instance: its state, which timers of this stay have fired, its variables, and when it entered the state."""

    state: str
    spent: int
    values: tuple[Any, ...]
    since: Interval


@attrs.frozen
class Nobody:
    """The key of an instance that nobody named."""

    number: int

    def __repr__(self) -> str:
        return f"unnamed {self.number + 1}"


@attrs.frozen
class Happening:
    """Something that nobody saw.

    Attributes:
        event: its class.
        fields: those that name instances or decide something; none for what time sent.
        part, key: the instance to which time sent it.
    """

    event: type
    at: Interval
    fields: tuple[tuple[str, Any], ...] = ()
    part: str | None = None
    key: Hashable = None


Story = tuple["Story", Happening] | None
"""What happened unseen, the last first."""


@attrs.frozen
class Explanation:
    """What the system may be.

    Attributes:
        parts: by place: the instance of a `one` part, None where nobody knows it; the instances of an `each` part by key.
        now: of what was last seen or supposed.
        box: the values of parameters that are left.
        open: places of parts that may hold instances which nobody named.
        opened: these were there by then, as far as nothing unseen can have brought them to the state that they are in.
        pending: claims that must come true and have not yet, with the instance and since when.
        changed: instances of which the record that is being read told a change.
        story: what happened unseen.
    """

    parts: tuple[Any, ...]
    now: Interval
    box: Box
    open: frozenset[int] = frozenset()
    pending: tuple[tuple[int, Hashable, Interval], ...] = ()
    changed: frozenset[tuple[int, Hashable]] = frozenset()
    story: Story = attrs.field(default=None, eq=False)
    opened: int = FAR


def instances(one: Explanation) -> Iterator[tuple[int, Hashable, Held]]:
    """Every instance that is known, with its place and key."""
    for place, part in enumerate(one.parts):
        if isinstance(part, Held):
            yield place, None, part
        elif part is not None:
            for key, held in part.items():
                yield place, key, held


def held_at(one: Explanation, place: int, key: Hashable) -> Held | None:
    """An instance; None where it is not known, or not there."""
    part = one.parts[place]
    return part if part is None or isinstance(part, Held) else part.get(key)


def with_held(declaration: Declaration, one: Explanation, place: int, key: Hashable, held: Held | None) -> Explanation:
    """With one instance otherwise: in its initial state, or None, it is forgotten where keys tell instances apart."""
    start = declaration.initial[place]
    if start is None:
        return attrs.evolve(one, parts=(*one.parts[:place], held, *one.parts[place + 1 :]))
    part = dict(one.parts[place])
    part.pop(key, None)
    if held is not None and held.state != start:
        part[key] = held
    return attrs.evolve(one, parts=(*one.parts[:place], part, *one.parts[place + 1 :]))


def happened(one: Explanation) -> tuple[Happening, ...]:
    """What happened unseen, in its order."""
    found = []
    story = one.story
    while story is not None:
        story, happening = story
        found.append(happening)
    return tuple(reversed(found))


# Which are the same


def tidied(declaration: Declaration, one: Explanation) -> Explanation:
    """Without the instants on which nothing depends."""
    made: list[Any] = []
    for place, part in enumerate(one.parts):
        if part is None:
            made.append(None)
        elif isinstance(part, Held):
            made.append(_tidy(declaration, place, part))
        else:
            made.append({key: _tidy(declaration, place, held) for key, held in part.items()})
    return attrs.evolve(one, parts=tuple(made), opened=one.opened if one.open else FAR)


def _tidy(declaration: Declaration, place: int, held: Held) -> Held:
    return held if held.since == ANY or declaration.dated(place, held.state, held.spent) else held._replace(since=ANY)


def shape(one: Explanation) -> tuple[Any, tuple[Interval, ...]]:
    """What is discrete, and the intervals: an explanation whose intervals are all wider can do all that another of its shape can."""
    discrete: list[Any] = []
    spans = [one.now]
    for part in one.parts:
        if part is None:
            discrete.append(None)
        elif isinstance(part, Held):
            discrete.append(part[:3])
            spans.append(part.since)
        else:
            order = sorted(part.items(), key=lambda item: repr(item[0]))
            discrete.append(tuple((key, *held[:3]) for key, held in order))
            spans += [held.since for _, held in order]
    spans += [since for _, _, since in one.pending]
    waiting = tuple((number, key) for number, key, _ in one.pending)
    opened = one.opened if one.open else FAR
    return (tuple(discrete), one.open, opened, waiting, one.changed), tuple(spans)


class Covered:
    """Explanations that were met. One covers another of its shape where every interval is as wide and no value is missing."""

    def __init__(self) -> None:
        self._known: dict[Any, list[tuple[tuple[Interval, ...], Box]]] = {}

    def adds(self, one: Explanation, place: int = 0) -> bool:
        """Note an explanation, met at some place of a stream; whether none that was met there covers it."""
        discrete, spans = shape(one)
        others = self._known.setdefault((place, discrete), [])
        if any(_wider(each, spans) and _covers(box, one.box) for each, box in others):
            return False
        others.append((spans, one.box))
        return True


def _wider(spans: tuple[Interval, ...], others: tuple[Interval, ...]) -> bool:
    return all(one[0] <= other[0] and other[1] <= one[1] for one, other in zip(spans, others, strict=True))


def _covers(one: Box, other: Box) -> bool:
    return all(mine == yours or set(yours) <= set(mine) for mine, yours in zip(one, other, strict=True))


def merged(declaration: Declaration, several: Iterable[Explanation]) -> list[Explanation]:
    """Those that are the same once; those that differ in what is left of one parameter as one with both."""
    groups: dict[Any, list[Explanation]] = {}
    for one in several:
        tidy = tidied(declaration, one)
        _put(groups.setdefault(shape(tidy), []), tidy)
    return [one for group in groups.values() for one in group]


def _put(group: list[Explanation], new: Explanation) -> None:
    for place, old in enumerate(group):
        box = joined(old.box, new.box)
        if box is not None:
            del group[place]
            _put(group, attrs.evolve(old, box=box))
            return
    group.append(new)


def unnamed(part: Mapping[Hashable, object]) -> Nobody:
    """A key for one more instance that nobody named."""
    number = 0
    while Nobody(number) in part:
        number += 1
    return Nobody(number)
