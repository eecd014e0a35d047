"""What an event moves, read off the declaration: rules, then the wire that applies, then each of its moves.

Slow and plain. Every instance is asked of `transitions`; all of them move or none does.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.machine import Machine, Transition
from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance, MachineLayout, Snapshot, revive_instance
from fsm.language.system import System, Wire
from fsm.language.values.brief import brief
from fsm.live.engine import Picker, on
from fsm.semantics.evaluation import noted
from fsm.semantics.situation import Read, Situation

__all__ = ["InstanceChange", "Judge", "bit_of", "first_instance", "moved"]


@attrs.frozen(eq=False)
class InstanceChange:
    """One instance that moves: whose it is, what becomes of it, and what it emits. `key` is None for a part made by `one`."""

    part: Part
    key: Hashable
    after: Instance
    effects: tuple[object, ...]


class Judge:
    """Judges events under one profile; remembers nothing."""

    def __init__(self, system: System, params: Mapping[str, Any]) -> None:
        self.system = system
        self.params = params
        self._pickers: dict[Machine, Picker] = {part.machine: Picker(part.machine) for part in system.parts}

    def sent(self, snapshot: Snapshot, event: object, at: int) -> list[InstanceChange] | None:
        """What an event moves that a caller sends; None when it is refused."""
        here = Situation.of(self, snapshot, at, event)
        if not all(here.value(rule.when) for rule in self.system.rules if type(event) in rule.on):
            return None
        return self._together(here, self.system.wires_on(type(event)))

    def timed(self, snapshot: Snapshot, part: Part, key: Hashable, event: type, at: int) -> list[InstanceChange] | None:
        """What moves with an instance to which time sends an event; None when that is refused."""
        wires = self.system.wires_on(event, part)
        return self._together(Situation.of(self, snapshot, at, None, key), wires) if wires else []

    def pick(self, part: Part, trigger: str, instance: Instance, read: Read) -> tuple[Transition, str] | None:
        """The transition that an instance takes and the state it leads to."""
        return self._pickers[part.machine].pick(trigger, instance.state, read)

    def _together(self, here: Situation, wires: tuple[Wire, ...]) -> list[InstanceChange] | None:
        """The moves of the one wire whose condition holds, when each can be made and none names an instance twice."""
        apply = [one for one in wires if one.when is None or here.value(one.when)]
        if len(apply) > 1:
            raise WiresOverlap(
                f"system {self.system.name}",
                f"{len(apply)} wires apply to {brief(here.event)} at once",
                "Make their conditions disjoint.",
            )
        made: list[InstanceChange] = []
        for move in apply[0].moves if apply else ():
            fields = here.payload(move)
            for which, instance in here.named(move):
                read = here.of_instance(instance, which, fields)
                picked = self.pick(move.part, on(move.action), instance, read)
                if picked is None:
                    return None
                made.append(moved(move.part, which, instance, picked, read, here.at))
        named = {(one.part, one.key) for one in made}
        return made if apply and len(named) == len(made) and self._room(here, made) else None

    def _room(self, here: Situation, made: list[InstanceChange]) -> bool:
        """Whether no part would hold more instances than it may, or name more keys than there are."""
        for part in self.system.parts:
            if isinstance(part, Each):
                held = set(here.held(part))
                mine = [one for one in made if one.part is part]
                gone = {one.key for one in mine if one.after.state == part.machine.initial.name}
                named = held | ({one.key for one in mine} - gone)
                for limit, there in ((part.at_most, named - gone), (part.population, named)):
                    if limit is not None and len(there) > max(len(held), here.value(limit)):
                        return False
        return True


def first_instance(machine: Machine, at: int) -> Instance:
    """An instance as it starts."""
    layout = MachineLayout(machine.name, tuple(variable.name for variable in machine.variables))
    return revive_instance(layout, (machine.initial.name, at, 0, *(variable.initial for variable in machine.variables)))


def moved(
    part: Part, key: Hashable, instance: Instance, picked: tuple[Transition, str], read: Read, at: int
) -> InstanceChange:
    """What a transition makes of an instance: its time in state starts anew unless it stays."""
    one, state = picked
    machine = part.machine.name
    written = {
        variable.name: noted(value, read, f"in {machine}, {one.sets(variable)}") for variable, value in one.updates
    }
    values = instance.variables | written
    since, spent = (at, 0) if one.target is not None else (instance.since, instance.spent | bit_of(part, instance, one))
    effects = tuple(
        emit.effect(
            **{
                name: noted(value, read, f"in {machine}, {one.emitting(emit.effect, name)}")
                for name, value in emit.fields
            }
        )
        for emit in one.effects
    )
    return InstanceChange(part, key, revive_instance(instance.layout, (state, since, spent, *values.values())), effects)


def bit_of(part: Part, instance: Instance, one: Transition) -> int:
    """The bit of `spent` for a timed transition of the instance's state; 0 for one that callers send."""
    timers = [
        other
        for other in part.machine.transitions
        if other.duration is not None and instance.state in {state.name for state in other.sources}
    ]
    return 1 << timers.index(one) if one in timers else 0
