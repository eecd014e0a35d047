"""What time does: which timer falls due next, and what it moves. Read off the declaration at every question."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.machine import Transition
from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance, revive_instance
from fsm.language.system import System
from fsm.live.engine import after
from fsm.live.moves import InstanceChange, Judge, bit_of, moved
from fsm.semantics.evaluation import interpret
from fsm.semantics.situation import Situation

__all__ = ["Due", "fire", "lapsed", "next_due"]


@attrs.frozen(eq=False)
class Due:
    """A timer that runs.

    Attributes:
        at: its deadline, milliseconds.
        order: what goes first of those due together: the part's place, the timer's among those of its state, the key's `repr`.
        part, key, instance: whose it is.
        transition: what it makes the instance take.
    """

    at: int
    order: tuple[int, int, str]
    part: Part
    key: Hashable
    instance: Instance
    transition: Transition


def next_due(system: System, parts: tuple[Any, ...], params: Mapping[str, Any]) -> Due | None:
    """The timer that falls due first; None when none runs."""
    return min(_running(system, parts, params), key=lambda one: (one.at, one.order), default=None)


def _running(system: System, parts: tuple[Any, ...], params: Mapping[str, Any]) -> Iterator[Due]:
    for place, (part, held) in enumerate(zip(system.parts, parts, strict=True)):
        for key, instance in held.items() if isinstance(part, Each) else [(None, held)]:
            state = part.machine.state(instance.state)
            timers = [
                (interpret(one.duration, params=params), one)
                for one in part.machine.timers(state)
                if one.duration is not None
            ]
            for rank, (length, one) in enumerate(sorted(timers, key=lambda timer: timer[0])):
                if not instance.spent & bit_of(part, instance, one):
                    yield Due(instance.since + length, (place, rank, repr(key)), part, key, instance, one)


def fire(judge: Judge, due: Due) -> InstanceChange | None:
    """What the timer makes of its own instance; None when its guard says no."""
    read = Situation(judge.system, judge.params, (), due.at).of_instance(due.instance, due.key)
    picked = judge.pick(due.part, after(due.part.machine.transitions.index(due.transition)), due.instance, read)
    return None if picked is None else moved(due.part, due.key, due.instance, picked, read, due.at)


def lapsed(due: Due) -> InstanceChange:
    """A timer whose guard said no: spent for this stay, without anything moving."""
    state, since, spent, *values = due.instance
    return InstanceChange(
        due.part,
        due.key,
        revive_instance(
            due.instance.layout, (state, since, spent | bit_of(due.part, due.instance, due.transition), *values)
        ),
        (),
    )
