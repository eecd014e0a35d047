"""Records as they arrive: doubled ones left out, those that come late put in their place as far as a source admits that, too late ones told.

They are given out by instant, then by number, then as they came; of a source that admits no disorder as they came. Which of two records was first is known of one such source, by the
numbers of one source, and where the intervals in which they happened do not meet; nowhere else. Records of which another one may have been first form a group, read in whichever order
explains them.
"""

from __future__ import annotations

from bisect import bisect
from collections import OrderedDict, deque
from collections.abc import Mapping
from hashlib import blake2b
from itertools import combinations, permutations
from math import inf
from typing import Any

import attrs

from fsm.verification.monitoring.observations import Observation, Shows, Source

__all__ = ["ALIKE", "Arrived", "Buffer", "Group", "Lane", "Late", "arrive", "held_for", "in_short", "orders", "release"]

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
        records: several where nobody knows of all of them which was first.
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
        hold: how long (milliseconds) a record waits for those that may have been before it; 0 where there can be none.
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
        cut: the last group that was given out may have been in another order with those that follow near enough.
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


def _all_lost_or_none(several: list[Arrived]) -> tuple[Arrived, ...]:
    """Records of a group: what was lost before one of them may have been before any."""
    if any(one.observation.lost for one in several):
        return tuple(_after_lost(one) for one in several)
    return tuple(several)


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
    settled = lane.top - hold if hold and lane.top is not None and not ended else inf
    while waiting and (waiting[0][0][0] <= settled or len(waiting) > buffer.waiting):
        size = _group(waiting, sources)
        held = waiting[size - 1][0][0] > settled
        if held and len(waiting) <= buffer.waiting:
            break
        follows = lane.cut and lane.read is not None and waiting[0][0][0] <= lane.read + _reach(sources)
        cut = held or size > GROUP or follows
        size = min(size, GROUP)
        last = waiting[size - 1][0][0]
        groups.append(Group(_all_lost_or_none([one for _, one in waiting[:size]]), cut))
        lane.cut = cut
        lane.read = last if lane.read is None else max(lane.read, last)
        del waiting[:size]
    return groups


def held_for(sources: Mapping[str, Source]) -> int:
    """How long (milliseconds) a record waits: longer than one may come late that was before it, by clocks that are both wrong."""
    disorder = max(one.disorder for one in sources.values())
    if len(sources) == 1 and not disorder:
        return 0
    return disorder + 2 * max(one.tolerance for one in sources.values()) + 1


def orders(records: tuple[Arrived, ...], sources: Mapping[str, Source]) -> list[tuple[Arrived, ...]]:
    """Every order in which the records of a group may have been; as they stand where what is known of them contradicts itself."""
    before = []
    for one, other in combinations(range(len(records)), 2):
        first = _first(records[one], records[other], sources)
        if first is not None:
            before.append((one, other) if first else (other, one))
    several = [
        tuple(records[place] for place in order)
        for order in permutations(range(len(records)))
        if all(order.index(one) < order.index(other) for one, other in before)
    ]
    return several or [records]


def _group(waiting: list[tuple[tuple[int, int, int], Arrived]], sources: Mapping[str, Source]) -> int:
    """How many of the first records no other can have been before; one more than are tried where there are more."""
    reach = _reach(sources)
    size = place = 1
    while place < len(waiting) and size <= GROUP and waiting[place][0][0] <= waiting[size - 1][0][0] + reach:
        place += 1
        if any(_may_precede(waiting[place - 1][1], one, sources) for _, one in waiting[:size]):
            size = place
    return min(size, GROUP + 1)


def _reach(sources: Mapping[str, Source]) -> int:
    """How far behind a record (milliseconds) another may stand that was before it: two clocks that are both wrong hide that as long
    as twice the greatest tolerance, and so much again a place may be later than the instant of its record."""
    return 4 * max(one.tolerance for one in sources.values())


def _may_precede(other: Arrived, one: Arrived, sources: Mapping[str, Source]) -> bool:
    """Whether a record may have been before one that it stands behind; those without an instant are read as they came."""
    timed = one.observation.at is not None and other.observation.at is not None
    return timed and _first(one, other, sources) is not True


def _first(one: Arrived, other: Arrived, sources: Mapping[str, Source]) -> bool | None:
    """Whether a record was before one that stands behind it; None where nobody knows."""
    mine, yours = one.observation, other.observation
    source, theirs = sources[mine.source], sources[yours.source]
    if source is theirs and (not source.disorder or mine.at is None or yours.at is None):
        return True
    if source is theirs and mine.number is not None and yours.number is not None:
        return mine.number <= yours.number
    if mine.at is None or yours.at is None:
        return None
    reach = source.tolerance + theirs.tolerance
    return None if abs(yours.at - mine.at) <= reach else yours.at > mine.at
