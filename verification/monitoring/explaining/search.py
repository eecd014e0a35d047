"""What happened unseen: the shortest runs of the declaration that show the observations which nothing else explains.

Best first over the product of declaration and observations (A*: Hart, Nilsson and Raphael 1968): an observation is read at
no cost, an event that nobody saw costs one. Where nothing waits any more nothing is possible.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count, product
from typing import Any

import attrs

from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.explaining.explanation import (
    Covered,
    Explanation,
    Happening,
    held_at,
    merged,
    tidied,
    unnamed,
)
from fsm.verification.monitoring.explaining.matching import wrong
from fsm.verification.monitoring.explaining.passing import until
from fsm.verification.monitoring.explaining.permits import permitted
from fsm.verification.monitoring.explaining.reading import Item, read
from fsm.verification.monitoring.explaining.run import Run
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
    """

    found: list[Explanation]
    ended: bool


def search(
    run: Run, starts: Sequence[Explanation], items: Sequence[Item], *, budget: int, keep: int, first: bool = True
) -> Sought:
    """Runs that show all the observations.

    Args:
        starts: explanations before the first of them.
        budget: how many steps of the runtime to try.
        keep: how many explanations to give back at most.
        first: something may have happened unseen before the first observation; not where the starts are all that there can be.
    """
    order = count()
    waiting: list[tuple[int, int, int, int, Explanation]] = []
    known = Covered()
    last = run.looks + budget

    def wait(cost: int, place: int, one: Explanation) -> None:
        tidy = tidied(run.declaration, one)
        if known.adds(tidy, place):
            ahead = _distance(run, tidy, items[place]) if place < len(items) else 0
            heappush(waiting, (cost + ahead, -place, next(order), cost, tidy))

    for start in starts:
        wait(0, 0, start)
    found: list[Explanation] = []
    best: int | None = None
    while waiting:
        estimate, behind, _, cost, one = heappop(waiting)
        if best is not None and (estimate > best or len(found) >= keep):
            break
        if -behind == len(items):
            best = cost if best is None else best
            found.append(one)
            continue
        if run.looks > last:
            return Sought(merged(run.declaration, found), bool(found))
        item = items[-behind]
        for made in read(run, one, item):
            wait(cost, 1 - behind, attrs.evolve(made, changed=frozenset()))
        if behind or first:
            run.supposing = True
            for made in _unseen(run, one, item):
                wait(cost + 1, -behind, made)
            run.supposing = False
    return Sought(merged(run.declaration, found), True)


def _distance(run: Run, one: Explanation, item: Item) -> int:
    """How many steps the observation is away at least, guards and rules left aside."""
    declaration = run.declaration
    far = 0
    if item.looked is not None and item.footprint is None and item.sent is None:
        for place, key, states in wrong(run, one, item.looked):
            held = held_at(one, place, key)
            state = declaration.initial[place] if held is None else held.state
            table = declaration.steps_between[place].get(str(state), {})
            far += 1 if states is None else min((table.get(each, UNREACHABLE) for each in states), default=1)
    elif item.footprint is not None:
        for place, action in item.footprint.actions:
            far = max(far, _to_take(run, one, item, place, action))
    return far


def _to_take(run: Run, one: Explanation, item: Item, place: int, action: type) -> int:
    """How many steps an instance that the event names is away from a state in which it can take its action."""
    assert item.footprint is not None
    declaration = run.declaration
    if place in item.footprint.every or one.parts[place] is None or place in one.open:
        return 0
    key = None
    if declaration.initial[place] is not None:
        names = [name for name, places in item.footprint.keys.items() if place in places and name in item.fields]
        if not names:
            return 0
        key = item.fields[names[0]]
    held = held_at(one, place, key)
    table = declaration.steps_between[place][str(declaration.initial[place] if held is None else held.state)]
    sources = {
        state.name for line in declaration.machines[place].transitions if line.event is action for state in line.sources
    }
    least = min((table.get(state, UNREACHABLE) for state in sources), default=0)
    return least if len(item.footprint.actions) == 1 else 0


def _unseen(run: Run, one: Explanation, item: Item) -> Iterator[Explanation]:
    """What an event that nobody saw before this observation leads to."""
    permit = item.permit
    tried = [
        (footprint, payload)
        for footprint in run.declaration.insertable
        if permit.gap or footprint.event not in run.declaration.always
        for payload in _payloads(run, one, item, footprint)
    ]
    if not tried or item.at[1] < one.now[0]:
        return
    for before in until(run, one, (one.now[0], item.at[1]), permit):
        for footprint, payload in tried:
            for made in taken(run, before, footprint, payload):
                allowed = permitted(run.declaration, before, made, footprint.event, permit)
                if allowed is not None and _made_by(run, before, allowed, footprint, item):
                    fields = tuple((name, payload[name]) for name in (*footprint.keys, *footprint.fields))
                    yield attrs.evolve(allowed, story=(allowed.story, Happening(footprint.event, allowed.now, fields)))


def _made_by(run: Run, before: Explanation, after: Explanation, footprint: Footprint, item: Item) -> bool:
    """Whether each instance that the event makes was made by an event that it can have come by."""
    for look in item.looked.looks if item.looked is not None else ():
        keyed = run.declaration.initial[look.place] is not None
        made = held_at(before, look.place, look.key) is None and held_at(after, look.place, look.key) is not None
        if look.by and footprint.event not in look.by and keyed and made:
            return False
    return True


def _payloads(run: Run, one: Explanation, item: Item, footprint: Footprint) -> Iterator[Mapping[str, Any]]:
    """The event with every choice of keys that can make a difference."""
    choices = [_keys(run, one, item, places) for places in footprint.keys.values()]
    for chosen in product(*choices):
        yield from payloads(run, footprint, dict(zip(footprint.keys, chosen, strict=True)))


def _keys(run: Run, one: Explanation, item: Item, places: Sequence[int]) -> Sequence[Hashable]:
    """Those that are there, those that the observation names, and one more where somebody whom nobody named can make a difference."""
    known: dict[Hashable, None] = {}
    for place in places:
        known.update(dict.fromkeys(one.parts[place] or ()))
    if item.footprint is not None:
        named = [name for name, mine in item.footprint.keys.items() if name in item.fields and set(mine) & set(places)]
        known.update({item.fields[name]: None for name in named})
    if item.sent is not None:
        known.update({key: None for place, key in item.sent.whom if place in places})
    if item.looked is not None:
        known.update({look.key: None for look in item.looked.looks if look.place in places})
    told = not item.permit.gap and run.declaration.told.issuperset(places)
    if run.declaration.helped.intersection(places) and not told:
        held = {key: None for place in places for key in one.parts[place] or ()}
        return (*known, unnamed(held))
    return tuple(known)
