"""Which observations nothing can show, whatever happened unseen: reachability with everything that may happen taken together.

As planners find dead ends by leaving aside what actions undo (Hoffmann and Nebel 2001): each instance may have been in every state that some event or
timer could bring it to by then. An observation that even this does not show is shown by no run. It looks at no order, so that it says nothing of most
observations; where it says something there is nothing to search for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import attrs

from fsm.language.events import field_refs
from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR, Interval, meet
from fsm.verification.monitoring.declared.worth import Numbers, Worth, of_domain
from fsm.verification.monitoring.explaining.explanation import Explanation
from fsm.verification.monitoring.explaining.matching import Look, Looked
from fsm.verification.monitoring.explaining.passing import Expected
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.relaxed.firing import Fields, Stage, Way, moved, replaced, ways, widen
from fsm.verification.monitoring.relaxed.state import OTHERS, Relaxed

__all__ = ["impossible", "impossible_from_anything"]

ROUNDS = 32
"""So often is looked at what may happen before one observation, from half of it on with numbers that have no end; where that has none nothing is said."""


class _Endless(Exception):
    """What may happen has no end: a number that grows."""


def impossible(declaration: Declaration, starts: Iterable[Explanation], items: Sequence[Item]) -> bool:
    """Whether no run from any of these shows the observations."""
    try:
        return all(
            not _shows(Relaxed.of(declaration, one), one.now[0], items, _Timers(declaration, [one.box], items))
            for one in starts
        )
    except _Endless:
        return False


def impossible_from_anything(declaration: Declaration, boxes: Sequence[Box], items: Sequence[Item]) -> bool:
    """Whether no run shows the observations, whatever was before."""
    start = Relaxed.anything(declaration, items[0].at[1], boxes)
    try:
        return not _shows(start, -FAR, items, _Timers(declaration, [declaration.first_box, *boxes], items))
    except _Endless:
        return False


class _Timers:
    """How long timers may last, under any of the values of parameters."""

    def __init__(self, declaration: Declaration, boxes: Sequence[Box], items: Sequence[Item]) -> None:
        self._several = [declaration.timers.of(box) for box in boxes]
        self._told = any(item.parameters for item in items)

    def of(self, place: int, state: str) -> Iterator[tuple[int, type, Interval]]:
        """Each with its order and its event."""
        known = [{timer.order: timer for timer in one[place].get(state, ())} for one in self._several]
        for order, timer in known[0].items():
            low = min(one[order].duration[0] for one in known)
            high = max(one[order].duration[1] for one in known)
            yield order, timer.event, (1, FAR) if self._told else (low, high)


def _shows(relaxed: Relaxed, low: int, items: Sequence[Item], timers: _Timers) -> bool:
    for place, item in enumerate(items):
        window = meet(item.at, (low, FAR))
        if window is None:
            return item.repeated and place + 1 < len(items) and _shows(relaxed, low, items[place + 1 :], timers)
        without = relaxed.copy() if item.repeated else None
        _name(relaxed, item)
        fits = _waited(relaxed, items[place:], low, window, timers)
        relaxed.tell(item.parameters)
        fits = fits and _shown(relaxed, item, window, timers)
        if not relaxed.declaration.promised:
            relaxed.tell(item.parameters, ever=True)
        if without is None and not fits:
            return False
        if without is not None:
            if fits:
                without.join(relaxed)
            relaxed = without
        else:
            low = window[0]
    return True


def _waited(relaxed: Relaxed, items: Sequence[Item], now: int, window: Interval, timers: _Timers) -> bool:
    """What may happen before the first of these; whether everything can be somewhere.

    From when on some instance is in the state that is seen later, nothing moves it: the time before and after that is looked at by itself.
    """
    item = items[0]
    relaxed.tell(item.parameters, before=True)
    began = _began(relaxed, item)
    unchanged = frozenset(_unchanged(relaxed, item, began))
    cuts = sorted({since for since, _ in _stays_from(items) if now <= since < window[0]})
    lows = [now, *(cut + 1 for cut in cuts)]
    for low, high in zip(lows, [*cuts, window[1]], strict=True):
        if low > now and not _stays(relaxed, low, timers):
            return False
        looks = [look for since, look in _stays_from(items) if since < low]
        for look in looks:
            one = relaxed.instance(look.place, look.key)
            if look.states is not None:
                one.keep([state for state in one.states if state in look.states])
            if not one.states:
                return False
        still = unchanged | {(look.place, look.key) for look in looks}
        stage = Stage(
            (low, high), item.permit.gap, item.permit.telling, still, began, told=(item.permit.low, item.at[1])
        )
        for done in range(ROUNDS):
            if not _happens(relaxed, stage, timers, growing=done >= ROUNDS // 2):
                break
        else:
            raise _Endless
    return True


def _stays_from(items: Sequence[Item]) -> Iterator[tuple[int, Look]]:
    """Instances that are seen with the instant from which on they are in their state at the latest."""
    for item in items:
        if item.looked is not None and not item.repeated:
            yield from (
                (look.since[1], look) for look in item.looked.looks if look.since is not None and look.states != ()
            )


def _began(relaxed: Relaxed, item: Item) -> Mapping[tuple[int, Hashable], frozenset[str]]:
    """Where the instances are of which the record tells a change."""
    return {
        (place, key): frozenset(one.states)
        for place in item.permit.telling
        for key, one in relaxed.parts[place].items()
    }


def _unchanged(
    relaxed: Relaxed, item: Item, began: Mapping[tuple[int, Hashable], frozenset[str]]
) -> Iterator[tuple[int, Hashable]]:
    """Instances of which the record tells no change: they are seen where they were, and one change would lead elsewhere."""
    if item.permit.gap or item.looked is None:
        return
    for look in item.looked.looks:
        known = began.get((look.place, look.key))
        if look.place in relaxed.declaration.told and known is not None and look.states and known == set(look.states):
            (state, *others) = known
            if not others and not relaxed.declaration.returns(look.place, state):
                yield look.place, look.key


def _shown(relaxed: Relaxed, item: Item, window: Interval, timers: _Timers) -> bool:
    """Whether what may have been by then shows the observation; what may be after it."""
    if item.sent is not None and not _sent(relaxed, item.sent, window, timers):
        return False
    if item.sent is None and not _stays(relaxed, window[0], timers):
        return False
    if item.footprint is not None and not _taken(relaxed, item.footprint, item.fields, window):
        return False
    return item.looked is None or _seen(relaxed, item.looked)


def _name(relaxed: Relaxed, item: Item) -> None:
    """Instances that the observation names are told apart from the others from now on."""
    if item.looked is not None:
        for look in item.looked.looks:
            relaxed.instance(look.place, look.key)
    if item.footprint is not None:
        for name, places in item.footprint.keys.items():
            for place in places:
                relaxed.instance(place, item.fields[name])
    if item.sent is not None:
        for place, key in item.sent.whom:
            relaxed.instance(place, key)


# What happens unseen


def _happens(relaxed: Relaxed, stage: Stage, timers: _Timers, *, growing: bool) -> bool:
    """Everything that may happen next; whether anything of it is new.

    Args:
        growing: numbers that grow do so for ever.
    """
    new = False
    declaration = relaxed.declaration
    for footprint in declaration.insertable:
        if not stage.may_go_unseen(declaration, footprint.event):
            continue
        fields = _fields(footprint, {})
        choices = [dict.fromkeys(key for place in places for key in relaxed.parts[place]) for places in footprint.keys.values()]  # fmt: skip
        for chosen in product(*choices):
            keys = dict(zip(footprint.keys, chosen, strict=True))
            for several in ways(relaxed, footprint, keys, fields, stage) or ():
                new = widen(relaxed, several, stage, growing=growing) or new
    for place in declaration.timed:
        for key in list(relaxed.parts[place]):
            new = _fires(relaxed, place, key, stage, timers, growing=growing) or new
    return new


def _fields(footprint: Footprint, known: Mapping[str, Any]) -> Fields:
    found: dict[str, Worth] = {}
    for name, ref in field_refs(footprint.event).items():
        seen = known.get(name, UNKNOWN)
        found[name] = of_domain(ref.domain) if seen is UNKNOWN or name not in footprint.fields else frozenset((seen,))
    return found


def _fires(relaxed: Relaxed, place: int, key: Hashable, stage: Stage, timers: _Timers, *, growing: bool) -> bool:
    """The timers of an instance that may fire."""
    new = False
    one = relaxed.parts[place][key]
    for state, entered in list(one.states.items()):
        for order, event, lasting in timers.of(place, state):
            if entered[0] + lasting[0] > stage.when[1] or not stage.may_go_unseen(relaxed.declaration, event):
                continue
            several = _by_timer(relaxed, place, key, state, order, event, stage)
            new = widen(relaxed, several, stage, growing=growing) or new
    return new


def _by_timer(
    relaxed: Relaxed, place: int, key: Hashable, state: str, order: int, event: type, stage: Stage
) -> list[Way]:
    """What a timer may do to its instance and to others."""
    declaration = relaxed.declaration
    line = declaration.timer_lines(place, state)[order]
    if not stage.may_change(declaration, place, key, state, line):
        return []
    made = [Way(place, key, ((state, line),), {})]
    for wire in declaration.system.wires_on(event, declaration.parts[place]):
        made += [attrs.evolve(way, certain=False) for way in moved(relaxed, wire, {}, {}, stage, key) or ()]
    return made


def _stays(relaxed: Relaxed, now: int, timers: _Timers) -> bool:
    """Leave out the states in which no instance can be by now; whether each can be somewhere."""
    for place in relaxed.declaration.timed:
        for key, one in relaxed.parts[place].items():
            for state, entered in list(one.states.items()):
                lines = relaxed.declaration.timer_lines(place, state)
                leaving = (
                    lasting[1]
                    for order, _, lasting in timers.of(place, state)
                    if lines[order].guard is None and lines[order].target is not None
                )
                if entered[1] < FAR and entered[1] + min(leaving, default=FAR * 2) < now:
                    del one.states[state]
            if not one.states and key is not OTHERS:
                return False
    return True


# What is seen


def _sent(relaxed: Relaxed, sent: Expected, window: Interval, timers: _Timers) -> bool:
    """The event of time's has been sent to one of these; whether it can have been."""
    found = False
    before = relaxed.copy()
    for place, key in sent.whom:
        one = before.instance(place, key)
        targets: list[Way] = []
        for state, entered in list(one.states.items()):
            for order, event, lasting in timers.of(place, state):
                if event is not sent.event:
                    continue
                if entered[0] + lasting[0] <= window[1] and min(FAR, entered[1] + lasting[1]) >= window[0]:
                    stage = Stage(window, True, frozenset(), frozenset(), seen=True)
                    targets += _by_timer(before, place, key, state, order, event, stage)
        if targets:
            found = True
            alone = len(sent.whom) == 1
            mine = [line for way in targets if way.certain for line in way.lines]
            several = [Way(place, key, tuple(mine), {}, alone), *(way for way in targets if not way.certain)]
            replaced(relaxed, several, window)
    return found


def _taken(relaxed: Relaxed, footprint: Footprint, seen: Mapping[str, Any], window: Interval) -> bool:
    """The event has happened; whether it can have."""
    keys = {name: seen[name] for name in footprint.keys}
    stage = Stage(window, True, frozenset(), frozenset(), seen=True)
    found = ways(relaxed, footprint, keys, _fields(footprint, seen), stage)
    if found is None:
        return False
    *others, last = found
    several = [relaxed.copy() for _ in others]
    replaced(relaxed, last, window)
    for other, moves in zip(several, others, strict=True):
        replaced(other, moves, window)
        relaxed.join(other)
    return True


def _seen(relaxed: Relaxed, looked: Looked) -> bool:
    """What was seen is there; whether it can be."""
    if not all(_looks(relaxed, look) for look in looked.looks):
        return False
    seen = {(look.place, look.key) for look in looked.looks}
    for place in looked.complete:
        start = str(relaxed.declaration.initial[place])
        for key, one in relaxed.parts[place].items():
            if (place, key) not in seen:
                if start not in one.states:
                    return False
                one.keep([start])
    return True


def _looks(relaxed: Relaxed, look: Look) -> bool:
    """An instance is as it was seen; whether it can be."""
    one = relaxed.instance(look.place, look.key)
    start = relaxed.declaration.initial[look.place]
    wanted = None if look.states is None else set(look.states) or {str(start)}
    for state, entered in list(one.states.items()):
        fits = wanted is None or state in wanted
        if fits and state != start:
            since = entered if look.since is None else meet(entered, look.since)
            values = list(one.values[state])
            for slot, several in look.values:
                values[slot] = _narrowed(values[slot], several)
            fits = since is not None and not any(value == frozenset() for value in values)
            if fits and since is not None:
                one.states[state], one.values[state] = since, tuple(values)
        if not fits:
            del one.states[state]
    return bool(one.states)


def _narrowed(known: Worth, values: Sequence[Any]) -> Worth:
    if isinstance(known, Numbers):
        return frozenset(value for value in values if type(value) is int and known.low <= value <= known.high)
    return frozenset(values) if known is None else known & frozenset(values)
