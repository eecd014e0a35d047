"""What nobody knows of an instance, looked at as far as something depends on it: every state, every value that makes a difference."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import product
from typing import Any

from fsm.language.domains import Domain, Integers, Opaque, is_finite
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.intervals import FAR, up_to
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, held_at, with_held
from fsm.verification.monitoring.explaining.run import Run
from fsm.verification.monitoring.relaxed.drifting import drifting

__all__ = ["any_instance", "known_parts", "known_values", "unnamed_instance", "worth"]

FEW = 64
"""Of an integer with more values only those near constants are looked at, which is said."""


def unnamed_instance(
    run: Run, one: Explanation, place: int, states: Collection[str] | None = None, *, fired: bool = False
) -> Iterator[Held]:
    """Every instance that nobody named until now and that there can be at a place, in one of some states.

    Where only what is seen brings an instance to a state, it has been there since before anything was seen.

    Args:
        fired: every timer that is due by now has fired.
    """
    if place not in one.open or one.opened == FAR:
        yield from any_instance(run, one, place, states)
        return
    drifts = drifting(run.declaration, place, one.box)
    timers, lines = run.declaration.timers.of(one.box)[place], run.declaration.timer_lines
    since = up_to(min(one.opened, one.now[1]))
    for held in any_instance(run, one, place, states):
        leaving = (
            timer.duration[1]
            for timer in timers.get(held.state, ())
            if (line := lines(place, held.state)[timer.order]).guard is None and line.target is not None
        )
        if held.state in drifts:
            yield held
        elif one.opened + min(leaving, default=2 * FAR) >= one.now[0] + fired:
            yield held._replace(since=since)


def any_instance(run: Run, one: Explanation, place: int, states: Collection[str] | None = None) -> Iterator[Held]:
    """Every instance that there can be at a place, in one of some states: its variables unknown."""
    machine = run.declaration.machines[place]
    start = run.declaration.initial[place]
    for state in machine.states:
        if state.name != start and (states is None or state.name in states):
            values = tuple(UNKNOWN for _ in machine.variables)
            for spent in _spent(run.declaration, place, state.name):
                yield Held(state.name, spent, values, up_to(one.now[1]))


def _spent(declaration: Declaration, place: int, state: str) -> Iterable[int]:
    """Which timers may have fired while it stays in the state: those that need not leave it."""
    machine = declaration.machines[place]
    inside = next(one for one in machine.states if one.name == state)
    staying = [
        1 << order for order, one in enumerate(machine.timers(inside)) if one.target is None or one.guard is not None
    ]
    return (sum(chosen) for chosen in product(*((0, bit) for bit in staying)))


def known_parts(run: Run, one: Explanation, places: Iterable[int]) -> list[Explanation]:
    """With every state for those parts of one instance that nobody knows."""
    found = [one]
    for place in sorted(places):
        if one.parts[place] is None:
            found = [
                with_held(run.declaration, each, place, None, held)
                for each in found
                for held in any_instance(run, each, place)
            ]
    return found


def known_values(
    run: Run, one: Explanation, slots: Collection[tuple[int, int]], only: Collection[tuple[int, Hashable]]
) -> list[Explanation]:
    """With every value for those variables that nobody saw and that are read.

    Args:
        only: of parts whose instances are told apart by keys, those that the event moves; all of them where one stands for a whole part, by the key `...`.
    """
    found = [one]
    for place, slot in sorted(slots):
        part = one.parts[place]
        if part is None:
            continue
        keys = (
            [None] if isinstance(part, Held) else [key for key in part if (place, key) in only or (place, ...) in only]
        )
        for key in keys:
            held = held_at(one, place, key)
            if held is not None and held.values[slot] is UNKNOWN:
                values, complete = worth(
                    run.declaration.machines[place].variables[slot].domain, run.declaration.numbers | run.near
                )
                if not complete:
                    run.overlook("a number that nobody saw may have more values than were tried")
                found = [made for each in found for made in _with_each(run.declaration, each, place, key, slot, values)]
    return found


def _with_each(
    declaration: Declaration, one: Explanation, place: int, key: Hashable, slot: int, values: Iterable[Any]
) -> Iterator[Explanation]:
    held = held_at(one, place, key)
    assert held is not None
    for value in values:
        yield with_held(
            declaration, one, place, key, held._replace(values=(*held.values[:slot], value, *held.values[slot + 1 :]))
        )


def worth(domain: Domain, numbers: Iterable[int]) -> tuple[list[Any], bool]:
    """Values of a domain to look at, and whether these are all that there are."""
    if isinstance(domain, Opaque):
        return [UNKNOWN], True
    if not isinstance(domain, Integers):
        return list(domain.values()), is_finite(domain)
    if domain.low is not None and domain.high is not None and domain.high - domain.low < FEW:
        return list(range(domain.low, domain.high + 1)), True
    ends = {end for end in (domain.low, domain.high, 0) if end is not None}
    near = {number + step for number in {*numbers, *ends} for step in (-1, 0, 1)}
    return sorted((value for value in near if domain.contains(value)), key=lambda value: (abs(value), value < 0)), False
