"""What happened unseen: the shortest runs of the declaration that show the observations which nothing else explains.

Best first over the product of declaration and observations (A*: Hart, Nilsson and Raphael 1968): an observation is read at
no cost, an event that nobody saw costs one. Where nothing waits any more nothing is possible.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count, product
from typing import Any

import attrs

from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR
from fsm.verification.monitoring.explaining.explanation import (
    Covered,
    Explanation,
    Happening,
    held_at,
    merged,
    tidied,
    unnamed,
)
from fsm.verification.monitoring.explaining.helping import Wanted, helps, wanted
from fsm.verification.monitoring.explaining.matching import wrong
from fsm.verification.monitoring.explaining.passing import until
from fsm.verification.monitoring.explaining.permits import permitted
from fsm.verification.monitoring.explaining.reading import Item, read, reopened, told_early
from fsm.verification.monitoring.explaining.run import KEPT, Run, Trouble
from fsm.verification.monitoring.explaining.stepping import payloads, taken

__all__ = ["Sought", "search"]

UNREACHABLE = 99
"""So many steps away is what no transitions lead to."""


@attrs.frozen(eq=False)
class Sought:
    """What a search came to.

    Attributes:
        found: explanations after the last observation.
        ended: whether everything was looked at, or something was found.
        closest: the explanation just before the last observation that is the fewest steps away from it; None where none came so far.
    """

    found: list[Explanation]
    ended: bool
    closest: Explanation | None = None


def search(
    run: Run,
    starts: Sequence[Explanation],
    items: Sequence[Item],
    *,
    budget: int,
    keep: int,
    first: bool = True,
    guided: Wanted | None = None,
) -> Sought:
    """Runs that show all the observations.

    Args:
        starts: explanations before the first of them.
        budget: how many steps of the runtime to try.
        keep: how many explanations to give back at most.
        guided: look only at what could help with this, or against what stands in the way; that nothing is found says nothing then.
        first: something may have happened unseen before the first observation; not where the starts are all that there can be.
    """
    order = count()
    waiting: list[tuple[int, int, int, int, int, Explanation]] = []
    known = Covered()
    last = run.looks + budget

    def wait(cost: int, place: int, one: Explanation) -> None:
        tidy = tidied(run.declaration, one)
        if known.adds(tidy, place):
            ahead = _distance(run, tidy, items[place]) if place < len(items) else 0
            heappush(waiting, (cost + ahead, -place, ahead, next(order), cost, tidy))

    for start in starts:
        wait(0, 0, start)
    found: list[Explanation] = []
    best: int | None = None
    closest: Explanation | None = None
    away = UNREACHABLE
    while waiting:
        estimate, behind, ahead, _, cost, one = heappop(waiting)
        if best is not None and (estimate > best or len(found) >= keep):
            break
        if -behind == len(items):
            best = cost if best is None else best
            found.append(one)
            continue
        if 1 - behind == len(items) and ahead < away:
            closest, away = one, ahead
        if run.looks > last:
            return Sought(merged(run.declaration, found), bool(found), closest)
        item = items[-behind]
        early = told_early(run, one, item)
        if early is not None:
            wait(cost, -behind, early)
        run.troubles, before = [], run.troubles
        for made in read(run, one, item):
            wait(cost, 1 - behind, attrs.evolve(made, changed=frozenset()))
        sought = None if guided is None else wanted(run, run.troubles).with_(guided)
        run.troubles = [*before, *run.troubles][:KEPT]
        if behind or first:
            run.supposing = True
            for made in _unseen(run, one, items[-behind:], sought):
                wait(cost + 1, -behind, made)
            run.supposing = False
    return Sought(merged(run.declaration, found), bool(found) or guided is None, closest)


def _distance(run: Run, one: Explanation, item: Item) -> int:
    """How many steps the observation is away, as far as that shows with guards, rules and other instances left aside."""
    far = 0
    if item.looked is not None and item.footprint is None and item.sent is None:
        several = dict[tuple[int, Hashable], int]()
        for place, key, states in wrong(run, one, item.looked):
            several[place, key] = 1 if states is None else _away(run, one, place, key, states, item.at[0])
        for look in item.looked.looks:
            if look.states and (look.place, look.key) not in several:
                several[look.place, look.key] = _away(run, one, look.place, look.key, look.states, item.at[0])
        far = sum(several.values())
    elif item.footprint is not None:
        for place, action in item.footprint.actions:
            far = max(far, _to_take(run, one, item, place, action))
    return far


def _away(run: Run, one: Explanation, place: int, key: Hashable, states: Collection[str], at: int) -> int:
    """How many steps an instance is away from these states at least, at this instant or later: timers take none, and have fired by then."""
    declaration = run.declaration
    if one.parts[place] is None or (place in one.open and held_at(one, place, key) is None):
        return 0
    held = held_at(one, place, key)
    state = str(declaration.initial[place]) if held is None else held.state
    if held is None or held.since[1] + _longest(run, one, place, state) >= at:
        return _least(run, place, state, states)
    targets = [
        (0 if line.duration is not None else 1) + _least(run, place, line.target.name, states)
        for line in declaration.machines[place].transitions
        if line.target is not None and any(source.name == state for source in line.sources)
    ]
    return min(targets, default=UNREACHABLE)


def _least(run: Run, place: int, state: str, states: Collection[str]) -> int:
    table = run.declaration.steps_between[place][state]
    return min((table.get(each, UNREACHABLE) for each in states), default=0)


def _longest(run: Run, one: Explanation, place: int, state: str) -> int:
    """How long an instance can be in a state at most."""
    lines = run.declaration.timer_lines(place, state)
    timers = run.declaration.timers.of(one.box)[place].get(state, ())
    leaving = (
        timer.duration[1]
        for timer in timers
        if lines[timer.order].guard is None and lines[timer.order].target is not None
    )
    return min(leaving, default=2 * FAR)


def _to_take(run: Run, one: Explanation, item: Item, place: int, action: type) -> int:
    """How many steps an instance that the event names is away from a state in which it can take its action."""
    assert item.footprint is not None
    declaration = run.declaration
    if place in item.footprint.every or len(item.footprint.actions) > 1:
        return 0
    key = None
    if declaration.initial[place] is not None:
        names = [name for name, places in item.footprint.keys.items() if place in places and name in item.fields]
        if not names:
            return 0
        key = item.fields[names[0]]
    sources = {
        state.name for line in declaration.machines[place].transitions if line.event is action for state in line.sources
    }
    return _away(run, one, place, key, sources, item.at[0])


def _unseen(run: Run, one: Explanation, items: Sequence[Item], sought: Wanted | None) -> Iterator[Explanation]:
    """What an event that nobody saw before these observations leads to.

    Args:
        sought: only what could help with this.
    """
    item, permit = items[0], items[0].permit
    one = reopened(one, item)
    tried = [
        (footprint, payload)
        for footprint in run.declaration.insertable
        if permit.gap or footprint.event not in run.declaration.always
        for payload in _payloads(run, one, items, footprint)
    ]
    if not tried or item.at[1] < one.now[0]:
        return
    for before in until(run, one, (one.now[0], item.at[1]), permit):
        for footprint, payload in tried if sought is None else _helpful(run, before, tried, sought):
            for made in taken(run, before, footprint, payload):
                allowed = permitted(run.declaration, before, made, footprint.event, permit)
                if allowed is not None and _made_by(run, before, allowed, footprint, item):
                    fields = tuple((name, payload[name]) for name in (*footprint.keys, *footprint.fields))
                    yield attrs.evolve(allowed, story=(allowed.story, Happening(footprint.event, allowed.now, fields)))


def _helpful(
    run: Run, one: Explanation, tried: Sequence[tuple[Footprint, Any]], sought: Wanted
) -> Iterator[tuple[Footprint, Any]]:
    """Those that could help with what is wanted, or with what those want that are refused."""
    rest = list(tried)
    known = sought
    while rest and sought:
        mine = [pair for pair in rest if helps(run, *pair, sought)]
        rest = [pair for pair in rest if pair not in mine]
        troubles: list[Trouble] = []
        for footprint, payload in mine:
            run.troubles, before = [], run.troubles
            if taken(run, one, footprint, payload):
                yield footprint, payload
            else:
                troubles += run.troubles
            run.troubles = before
        more = wanted(run, troubles)
        sought, known = more.without(known), known.with_(more)


def _made_by(run: Run, before: Explanation, after: Explanation, footprint: Footprint, item: Item) -> bool:
    """Whether each instance that the event makes was made by an event that it can have come by."""
    for look in item.looked.looks if item.looked is not None else ():
        keyed = run.declaration.initial[look.place] is not None
        made = held_at(before, look.place, look.key) is None and held_at(after, look.place, look.key) is not None
        if look.by and footprint.event not in look.by and keyed and made:
            return False
    return True


def _payloads(run: Run, one: Explanation, items: Sequence[Item], footprint: Footprint) -> Iterator[Mapping[str, Any]]:
    """The event with every choice of keys that can make a difference."""
    choices = [_keys(run, one, items, places) for places in footprint.keys.values()]
    for chosen in product(*choices):
        yield from payloads(run, one, footprint, dict(zip(footprint.keys, chosen, strict=True)))


def _keys(run: Run, one: Explanation, items: Sequence[Item], places: Sequence[int]) -> Sequence[Hashable]:
    """Those that are there, those that observations name from now on, and one more where somebody whom nobody named can make a difference."""
    known: dict[Hashable, None] = {}
    for place in places:
        known.update(dict.fromkeys(one.parts[place] or ()))
    for item in items:
        known.update(dict.fromkeys(_named(item, places)))
    told = not items[0].permit.gap and run.declaration.told.issuperset(places)
    if run.declaration.helped.intersection(places) and not told:
        held = {key: None for place in places for key in one.parts[place] or ()}
        return (*known, unnamed(held))
    return tuple(known)


def _named(item: Item, places: Sequence[int]) -> Iterator[Hashable]:
    """The keys of instances of these parts that an observation names."""
    if item.footprint is not None:
        for name, mine in item.footprint.keys.items():
            if name in item.fields and set(mine) & set(places):
                yield item.fields[name]
    if item.sent is not None:
        yield from (key for place, key in item.sent.whom if place in places)
    if item.looked is not None:
        yield from (look.key for look in item.looked.looks if look.place in places)
