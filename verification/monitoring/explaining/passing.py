"""Time passes on an explanation: timers fire in the order of their deadlines, as far as what was seen lets that be known.

Between two deadlines whose intervals overlap either may be first. A deadline whose instant is known fires then, and not
otherwise; two of one known instant fire in the order of the runtime.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.snapshot import Snapshot, frozen_instances, new
from fsm.runtime.refusal import TimeStopped
from fsm.verification.monitoring.declared.boxes import narrowed, pieces
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR, Interval, is_known, meet
from fsm.verification.monitoring.declared.timers import Timer
from fsm.verification.monitoring.explaining.explanation import (
    Covered,
    Explanation,
    Happening,
    Held,
    held_at,
    instances,
    tidied,
    with_held,
)
from fsm.verification.monitoring.explaining.permits import permitted
from fsm.verification.monitoring.explaining.run import Blocked, Permit, Run
from fsm.verification.monitoring.explaining.snapshots import AT, step_parts
from fsm.verification.monitoring.explaining.stepping import OVERLAP, made_whole
from fsm.verification.monitoring.explaining.unknown import unnamed_instance

__all__ = ["Expected", "expected", "until"]

LATER = AT + 5
"""Since when, for the runtime, those are in their states who do not move."""

FIRINGS = 10_000
"""So many timers fire between two observations at most."""


@attrs.frozen
class Running:
    """A timer that runs."""

    place: int
    key: Hashable
    held: Held
    timer: Timer

    @property
    def due(self) -> Interval:
        since, duration = self.held.since, self.timer.duration
        return (max(-FAR, since[0] + duration[0]), min(FAR, since[1] + duration[1]))

    @property
    def turn(self) -> tuple[int, int, str]:
        """Its place among those of one instant."""
        return (self.place, self.timer.order, repr(self.key))


@attrs.frozen
class Expected:
    """An event of time's that was seen: of which class, sent to one of these instances (place and key), when."""

    event: type
    whom: tuple[tuple[int, Hashable], ...]
    at: Interval

    def is_of(self, one: Running) -> bool:
        return one.timer.event is self.event and (one.place, one.key) in self.whom


def until(run: Run, one: Explanation, at: Interval, permit: Permit, *, glance: bool = False) -> list[Explanation]:
    """The explanations at an instant of the interval, after every timer due by then.

    Args:
        glance: timers due at the very instant may still have to fire: somebody looked between.
    """
    target = meet(at, (one.now[0], FAR))
    return [] if target is None else _passed(run, one, target, permit, 0 if glance else 1, None)


def expected(run: Run, one: Explanation, wanted: Expected, permit: Permit) -> list[Explanation]:
    """The explanations in which the timer that was seen has just fired."""
    target = meet(wanted.at, (one.now[0], FAR))
    if target is None:
        return []
    several = [made for place, key in wanted.whom for made in _perhaps_running(run, one, place, key, wanted.event)]
    return [made for each in [one, *several] for made in _passed(run, each, target, permit, 1, wanted)]


def _perhaps_running(run: Run, one: Explanation, place: int, key: Hashable, event: type) -> Iterator[Explanation]:
    """With an instance of which nothing is known, in a state in which the timer runs."""
    if one.parts[place] is None or (place in one.open and held_at(one, place, key) is None):
        table = run.declaration.timers.of(one.box)[place]
        states = [state for state, timers in table.items() if any(timer.event is event for timer in timers)]
        for held in unnamed_instance(run, one, place, states):
            yield with_held(run.declaration, one, place, key, held)


def _passed(
    run: Run, start: Explanation, at: Interval, permit: Permit, after: int, wanted: Expected | None
) -> list[Explanation]:
    """Everything that time can come to, each once: what another covers is left out."""
    waiting, found = deque([(start, FIRINGS)]), list[Explanation]()
    known = Covered()
    while waiting:
        one, left = waiting.popleft()
        running = _running(run, one)
        rest = meet(at, (one.now[0], FAR))
        if rest is None:
            continue
        if wanted is None:
            quiet = _quiet(run, one, running, rest, after)
            found += [] if quiet is None else run.claims.waited(run, quiet)
        for chosen in running:
            ready = _first(run, one, running, chosen, rest)
            if ready is None:
                continue
            if not left:
                run.overlook(f"more than {FIRINGS:,} timers fire between two observations")
                break
            first, instant = ready
            seen = meet(instant, wanted.at) if wanted is not None and wanted.is_of(chosen) else None
            if seen is not None:
                found += _fired(run, first, chosen, seen, None)
            for fired in _fired(run, first, chosen, instant, permit):
                tidy = tidied(run.declaration, fired)
                if known.adds(tidy):
                    waiting.append((tidy, left - 1))
    return found


def _running(run: Run, one: Explanation) -> list[Running]:
    """Of each instance the timers that can be the next."""
    declaration = run.declaration
    timers = declaration.timers.of(one.box)
    for place in declaration.waking:
        if one.parts[place] is None or place in one.open:
            run.overlook(f"a timer of {declaration.parts[place].name} that nobody knows of may have moved others")
    found = []
    for place, key, held in instances(one):
        soonest = FAR * 2
        for timer in timers[place].get(held.state, ()):
            if not held.spent & timer.bit and timer.duration[0] <= soonest:
                found.append(Running(place, key, held, timer))
                soonest = min(soonest, timer.duration[1] - (timer.duration[0] == timer.duration[1]))
    return found


def _quiet(run: Run, one: Explanation, running: list[Running], at: Interval, after: int) -> Explanation | None:
    """At an instant of the interval, before any of these is due."""
    low, high = at
    for each in running:
        high = min(high, each.due[1] - after)
    if low > high:
        return None
    return _not_before(run, attrs.evolve(one, now=(low, high)), running, low + after)


def _not_before(run: Run, one: Explanation, running: list[Running], low: int) -> Explanation | None:
    """Where none of these is due before."""
    for each in running:
        if each.due[0] < low:
            known = meet(each.held.since, (low - each.timer.duration[1], FAR))
            if known is None:
                return None
            made = _since(run, one, each, known)
            if made is None:
                return None
            one = made
    return one


def _since(run: Run, one: Explanation, each: Running, since: Interval) -> Explanation | None:
    """With what is known of since when; None where another timer of the same instance excludes that."""
    part = one.parts[each.place]
    now = part if isinstance(part, Held) else part[each.key]
    known = meet(now.since, since)
    if known is None:
        return None
    return with_held(run.declaration, one, each.place, each.key, now._replace(since=known))


def _first(
    run: Run, one: Explanation, running: list[Running], chosen: Running, at: Interval
) -> tuple[Explanation, Interval] | None:
    """The explanation in which this timer is due before all others, and when."""
    window = meet(chosen.due, (one.now[0], at[1]))
    if window is None:
        return None
    low, high = window
    others = [each for each in running if each is not chosen]
    for each in others:
        high = min(high, each.due[1] - (each.turn < chosen.turn))
    if low > high:
        return None
    ready: Explanation | None = one
    for each in others:
        ready = _not_before(run, ready, [each], low + (each.turn < chosen.turn)) if ready is not None else None
    if ready is None:
        return None
    shortest, longest = chosen.timer.duration
    made = _since(run, ready, chosen, (low - longest, high - shortest))
    return None if made is None else (made, (low, high))


def _fired(run: Run, one: Explanation, chosen: Running, at: Interval, permit: Permit | None) -> Iterator[Explanation]:
    """The timer has fired; without a permit, it was seen."""
    declaration = run.declaration
    footprint = declaration.sent[chosen.place, chosen.timer.event]
    if footprint.clocks - {chosen.place} or (chosen.place in footprint.clocks and not is_known(chosen.timer.duration)):
        run.overlook(f"what {chosen.timer.event.__name__} does depends on a time in state that nobody saw")
    started = _lasted(run, attrs.evolve(one, now=at), chosen) if permit is None else attrs.evolve(one, now=at)
    if started is None:
        return
    for whole in made_whole(run, started, footprint, {}, (chosen.place, chosen.key)):
        for box in pieces(whole.box, footprint.params):
            before = whole if box is whole.box else attrs.evolve(whole, box=box)
            made = _advanced(run, before, chosen, footprint, at)
            if made is None:
                continue
            after, took = made
            if took and permit is not None:
                story = (
                    before.story,
                    Happening(chosen.timer.event, at, (), declaration.parts[chosen.place].name, chosen.key),
                )
                allowed = permitted(declaration, before, attrs.evolve(after, story=story), chosen.timer.event, permit)
                if allowed is None:
                    run.note(Blocked(before, chosen.place, chosen.key, chosen.timer))
                    continue
                after = allowed
            if not took and permit is None:
                continue
            yield from run.claims.after(
                run, before, after, chosen.timer.event if took else None, {}, sender=(chosen.place, chosen.key)
            )


def _lasted(run: Run, one: Explanation, chosen: Running) -> Explanation | None:
    """A timer was seen to fire: a parameter that is its duration is as long as the stay was; None where it cannot be."""
    place, held = chosen.timer.param, held_at(one, chosen.place, chosen.key)
    if place is None or held is None or len(one.box[place]) == 1:
        return one
    declaration = run.declaration
    low, high = one.now[0] - held.since[1], one.now[1] - held.since[0]
    domain, listed = declaration.system.parameters[place].domain, declaration.open_to(place, one.box[place]) is None
    values = narrowed(domain, one.box[place], low, high, listed=listed)
    return attrs.evolve(one, box=(*one.box[:place], values, *one.box[place + 1 :])) if values else None


def _advanced(
    run: Run, one: Explanation, chosen: Running, footprint: Footprint, at: Interval
) -> tuple[Explanation, bool] | None:
    """The parts after the timer, by the runtime, on a snapshot in which nothing else is due; and whether it did anything."""
    run.looks += 1
    declaration = run.declaration
    engine = declaration.engine(one.box, footprint.params)
    offset = declaration.timers.offset(chosen.place, chosen.held.state, chosen.timer, engine.params)
    parts: list[Any] = []
    for place, part in enumerate(one.parts):
        first = declaration.first(place)
        if part is None:
            parts.append(new(type(first), (first[0], LATER, *first[2:])))
            continue
        made = {
            key: new(
                type(first),
                _masked(run, held, chosen, offset)
                if (place, key) == (chosen.place, chosen.key)
                else (held.state, LATER, held.spent, *held.values),
            )
            for key, held in ([(None, part)] if isinstance(part, Held) else part.items())
        }
        parts.append(made[None] if isinstance(part, Held) else frozen_instances(made))
    try:
        step = engine.advance(new(Snapshot, (engine.layout, AT - 1, AT, tuple(parts))), AT)
    except (TimeStopped, WiresOverlap) as stopped:
        run.overlook(OVERLAP if isinstance(stopped, WiresOverlap) else f"time cannot pass: {stopped}")
        return None
    after = step_parts(declaration, one, step.after.parts, at)
    mine: Any = step.after.parts[chosen.place]
    moved = mine if chosen.key is None else mine.get(chosen.key)
    was = held_at(one, chosen.place, chosen.key)
    if was is not None and moved is not None and moved[1] == AT - offset:
        # it stayed, with what it had fired before and this timer
        held = Held(moved[0], was.spent | chosen.timer.bit, tuple(moved[3:]), was.since)
        after = with_held(declaration, after, chosen.place, chosen.key, held)
    return after, bool(step.timed)


def _masked(run: Run, held: Held, chosen: Running, offset: int) -> tuple[Any, ...]:
    """The instance with all its other timers fired."""
    bits = sum(timer.bit for timer in run.declaration.timers.of(run.declaration.first_box)[chosen.place][held.state])
    return (held.state, AT - offset, bits & ~chosen.timer.bit, *held.values)
