"""Who would move on an event, and which of them cannot: the one slow answer, walked off the declaration.

Refusals say with it who stood in the way, causes what let a step happen, claims over steps which actions were taken.
Nothing here decides whether an event is taken: the compiled step does, and `fsm.live` on another engine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property

import attrs

from fsm.language.leaves import AnyPart
from fsm.language.machine import State, Transition
from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance
from fsm.language.system import Wire
from fsm.semantics.evaluation import fold, interpret
from fsm.semantics.situation import Read, Situation

__all__ = ["Movement", "Mover", "movement", "timed_mover"]


@attrs.frozen(eq=False, slots=False)
class Mover:
    """An instance that an event names, and what it can do.

    Attributes:
        part, key: whose it is; the key is None for a part made by `one`.
        instance: what it is before.
        action: the event of its machine that it shall take.
        leaving: the transitions that its state has for the action.
        read: what their leaves are worth.
    """

    part: Part
    key: Hashable
    instance: Instance
    action: type
    leaving: tuple[Transition, ...]
    read: Read

    @cached_property
    def considered(self) -> tuple[tuple[Transition, bool], ...]:
        """Each of these transitions, with whether its guard holds."""
        return tuple((one, one.guard is None or bool(fold(one.guard, self.read))) for one in self.leaving)

    @cached_property
    def taken(self) -> Transition | None:
        """The transition that it takes; None where it cannot move."""
        return next((one for one, holds in self.considered if holds), None)

    @property
    def reached(self) -> State:
        """Where it would be: where it is, unless a transition leads elsewhere."""
        target = None if self.taken is None else self.taken.target
        return target or self.part.machine.state(self.instance.state)


@attrs.frozen(eq=False)
class Movement:
    """What an event would move.

    Attributes:
        wires: those of the event.
        wire: the one that applies; None when none does.
        movers: the instances that it names, in the order of its moves.
    """

    wires: tuple[Wire, ...]
    wire: Wire | None
    movers: tuple[Mover, ...]

    def overfull(self, here: Situation) -> Iterator[tuple[Each, int, int]]:
        """The parts that would hold more instances than they may, or than there are keys in the world: how many they hold, and may."""
        for part in dict.fromkeys(mover.part for mover in self.movers):
            if isinstance(part, Each):
                held, initial = here.held(part), part.machine.initial
                mine = [(one.key in held, one.reached != initial) for one in self.movers if one.part is part]
                new = sum(after and not before for before, after in mine)
                gone = sum(before and not after for before, after in mine)
                for limit, leaving in ((part.at_most, gone), (part.population, 0)):
                    most = None if limit is None else interpret(limit, params=here.params)
                    if most is not None and new > leaving and len(held) + new - leaving > most:
                        yield part, len(held), most


def movement(here: Situation, event: type, sender: AnyPart | None = None) -> Movement:
    """What an event of this class would move where it arrives; one that time sends, beside the sender's own instance."""
    wires = here.system.wires_on(event, sender)
    wire = here.applied(wires)
    movers: list[Mover] = []
    for move in () if wire is None else wire.moves:
        fields = here.payload(move)
        for key, instance in here.named(move):
            leaving = [one for one in _leaving(move.part, instance) if one.event is move.action]
            read = here.of_instance(instance, key, fields)
            movers.append(Mover(move.part, key, instance, move.action, tuple(leaving), read))
    return Movement(wires, wire, tuple(movers))


def timed_mover(here: Situation, part: Part, event: type) -> Mover:
    """The instance to which time sends an event: its timers that fall due just then."""
    held = here.held(part)
    instance: Instance = held if isinstance(held, Instance) else held[here.key]
    timers = [one for one in _leaving(part, instance) if one.duration is not None]
    age = here.at - instance.since
    due = [
        one
        for place, one in enumerate(timers)
        if one.event is event and not instance.spent >> place & 1 and _length(one, here) == age
    ]
    return Mover(part, here.key, instance, event, tuple(due), here.of_instance(instance, here.key))


def _leaving(part: Part, instance: Instance) -> tuple[Transition, ...]:
    return part.machine.leaving(part.machine.state(instance.state))


def _length(timer: Transition, here: Situation) -> int:
    assert timer.duration is not None
    return int(interpret(timer.duration, params=here.params))
