"""Records as they arrive: doubled ones left out, those that come late put in their place as far as a source admits that, too late ones told.

Order is by instant, then by number, then as they came; of a source that admits no disorder as they came. Where instants cannot say which of two records was first (two sources
whose clocks may differ; equal instants of a source that admits disorder), they form a group, read in whichever order explains them.
"""

from __future__ import annotations

from bisect import bisect
from collections import OrderedDict, deque
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import attrs

from fsm.verification.monitoring.observations import Observation, Shows, Source

__all__ = ["ALIKE", "Arrived", "Buffer", "Group", "Lane", "Late", "arrive", "held_for", "in_short", "release"]

ALIKE = 32
"""So many records are remembered of a source without ids that may send one twice."""

GROUP = 4
"""So many records are tried in every order."""


@attrs.frozen
class Arrived:
    """A record in its turn.

    Attributes:
        repeated: it may be one that was read before.
    """

    observation: Observation
    repeated: bool = False


@attrs.frozen
class Group:
    """Records whose turn it is.

    Attributes:
        records: several where any of them may have been first.
        cut: some of them may have been in another order with records of another group.
    """

    records: tuple[Arrived, ...]
    cut: bool = False


@attrs.frozen
class Buffer:
    """How much of each machine is kept of what arrives.

    Attributes:
        ids: so many ids of each source are remembered, by which a record that comes twice is known.
        waiting: so many records wait at most; where more would, the oldest are read, and one that is older comes too late.
        hold: how long (milliseconds) a record waits for older ones.
    """

    ids: int
    waiting: int
    hold: int


@attrs.frozen
class Late:
    """A record that came too late to be put in its place: by so many milliseconds."""

    observation: Observation
    by: int


@attrs.define(eq=False)
class Lane:
    """What of one machine has arrived and waits.

    Attributes:
        waiting: with the order in which they are read.
        top: the youngest instant so far.
        read: the youngest instant that was given out.
        count: of all that arrived.
        ids: by source.
        numbers: the last numbers of each source.
        tops: the youngest instant of each source whose records come in their order.
        cut: the last group that was given out was not all that may have been in another order.
        alike: what records said of which a second one may be the same, in short where that was stored; None where there are none yet.
        stored: some of these stand there in short.
    """

    waiting: list[tuple[tuple[int, int, int], Arrived]] = attrs.field(factory=list)
    top: int | None = None
    read: int | None = None
    count: int = 0
    ids: dict[str, OrderedDict[str, None]] = attrs.field(factory=dict)
    numbers: dict[str, deque[int]] = attrs.field(factory=dict)
    tops: dict[str, int] = attrs.field(factory=dict)
    cut: bool = False
    alike: deque[Any] | None = None
    stored: bool = False


def arrive(lane: Lane, sources: Mapping[str, Source], observation: Observation, buffer: Buffer) -> Late | None:
    """Put a record in its place; None also where it came twice."""
    source = sources[observation.source]
    if _doubled(lane, source, observation, buffer):
        return None
    lane.count += 1
    at = observation.at
    if at is None:
        at = lane.top if lane.top is not None else 0
    elif lane.read is not None and at < lane.read and lane.read - at > _slack(sources, source):
        return Late(observation, lane.read - at)
    else:
        lane.top = at if lane.top is None or at > lane.top else lane.top
    if not source.disorder:
        at = lane.tops[source.name] = max(at, lane.tops.get(source.name, at))
    order = (at, observation.number or 0, lane.count)
    arrived = Arrived(observation, _repeated(lane, source, observation))
    if observation.lost:
        _lose(lane)
    if not lane.waiting or lane.waiting[-1][0] < order:
        lane.waiting.append((order, arrived))
    else:
        place = bisect(lane.waiting, order, key=lambda one: one[0])
        after = lane.waiting[place][1].observation
        lane.waiting.insert(place, (order, _after_lost(arrived) if after.lost else arrived))
    return None


def _lose(lane: Lane) -> None:
    """A record was lost, nobody knows before which of those that wait. Those that are marked so stand together, at the beginning."""
    for place in reversed(range(len(lane.waiting))):
        order, one = lane.waiting[place]
        if one.observation.lost:
            break
        lane.waiting[place] = (order, _after_lost(one))


def _after_lost(one: Arrived) -> Arrived:
    return attrs.evolve(one, observation=attrs.evolve(one.observation, lost=True))


def _slack(sources: Mapping[str, Source], source: Source) -> int:
    """By how much a record may seem older than one of another source that was first."""
    return source.tolerance + max(one.tolerance for one in sources.values())


def _doubled(lane: Lane, source: Source, observation: Observation, buffer: Buffer) -> bool:
    if observation.id is not None:
        ids = lane.ids.get(source.name)
        if ids is None:
            ids = lane.ids[source.name] = OrderedDict()
        if observation.id in ids:
            return True
        ids[observation.id] = None
        if len(ids) > buffer.ids:
            ids.popitem(last=False)
    elif observation.number is not None:
        known = lane.numbers.setdefault(source.name, deque(maxlen=ALIKE))
        if observation.number in known or (len(known) == ALIKE and observation.number < min(known)):
            return True
        known.append(observation.number)
    return False


def _repeated(lane: Lane, source: Source, observation: Observation) -> bool:
    """Whether the record may be one that came before: the source admits it, and nothing tells them apart."""
    if observation.id is not None or observation.number is not None or not may_double(source):
        return False
    said = (
        observation.source,
        observation.at,
        observation.event,
        tuple(observation.fields.items()),
        observation.before,
        observation.after,
    )
    if lane.alike is None:
        lane.alike = deque(maxlen=ALIKE)
    if said in lane.alike or (lane.stored and in_short(said) in lane.alike):
        return True
    lane.alike.append(said)
    return False


def in_short(said: tuple[Any, ...]) -> str:
    """What a record said, as a digest: the same in every process."""
    source, at, event, fields, before, after = said
    name = None if event is None else event.__qualname__
    values = sorted(
        (field, sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)) for field, value in fields
    )
    return blake2b(
        repr((source, at, name, values, before, after)).encode("utf-8", "replace"), digest_size=12
    ).hexdigest()


def may_double(source: Source) -> bool:
    """Whether a record of the source may come twice: where it says so, and where it promises nothing at all."""
    return not any(how is Shows.ALWAYS for how in source.shows.values()) if source.doubles is None else source.doubles


def release(lane: Lane, sources: Mapping[str, Source], buffer: Buffer, *, ended: bool = False) -> list[Group]:
    """The records whose turn it is, in groups; a group of several may be read in any order."""
    hold = buffer.hold
    waiting = lane.waiting
    groups: list[Group] = []
    if len(waiting) == 1 and not hold:
        (((at, *_), arrived),) = waiting
        groups.append(Group((arrived,), lane.cut))
        lane.cut = False
        lane.read = at if lane.read is None or at > lane.read else lane.read
        waiting.clear()
    while waiting:
        size = _group(waiting, sources)
        last = waiting[min(size, GROUP) - 1][0][0]
        held = hold and lane.top is not None and waiting[size - 1][0][0] > lane.top - hold
        if held and not ended and len(waiting) <= buffer.waiting:
            break
        size = min(size, GROUP)
        cut = size < len(waiting) and size == GROUP and _either_first(waiting[size - 1][1], waiting[size][1], sources)
        groups.append(Group(tuple(arrived for _, arrived in waiting[:size]), cut or lane.cut))
        lane.cut = cut
        lane.read = last if lane.read is None else max(lane.read, last)
        del waiting[:size]
    return groups


def held_for(sources: Mapping[str, Source]) -> int:
    """How long (milliseconds) a record waits for older ones."""
    tolerant = sorted((one.tolerance for one in sources.values()), reverse=True)
    skew = sum(tolerant[:2]) if len(tolerant) > 1 else 0
    wrong = (
        max(2 * one.tolerance for one in sources.values() if one.disorder)
        if any(one.disorder for one in sources.values())
        else 0
    )
    return max(max(one.disorder for one in sources.values()), skew, wrong)


def _group(waiting: list[tuple[tuple[int, int, int], Arrived]], sources: Mapping[str, Source]) -> int:
    """How many of the first records may have been in another order; one more than are tried where there are more."""
    size = 1
    while size < len(waiting) and size <= GROUP and _either_first(waiting[size - 1][1], waiting[size][1], sources):
        size += 1
    return size


def _either_first(one: Arrived, other: Arrived, sources: Mapping[str, Source]) -> bool:
    """Whether neither instants nor numbers say which of two neighbours was first."""
    before, after = one.observation, other.observation
    if before.at is None or after.at is None:
        return False
    mine, yours = sources[before.source], sources[after.source]
    if mine.name != yours.name:
        return after.at - before.at <= mine.tolerance + yours.tolerance
    if not mine.disorder or (before.number is not None and after.number is not None):
        return False
    return after.at - before.at <= 2 * mine.tolerance
