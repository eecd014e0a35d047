"""Systems for comparing executions: with claims of every sort, made from whatever parts a system has."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from fsm import Property, System, after, always, before, each_step, for_each, happens, inside, reachable, recoverable
from fsm.language.parts import Each
from fsm.verification.search.clocks import reads_clock

from .mutants import with_machine

__all__ = ["untimed", "with_claims"]


def with_claims(system: System) -> System:
    """The system with claims about its parts in the place of its own: true or not, of every sort that counts can say."""
    return attrs.evolve(system, properties=tuple(_claims(system)))


def _claims(system: System) -> Iterator[Property]:
    for part in (one for one in system.parts if one.machine.events):
        last, event = part.machine.states[-1], part.machine.events[0]
        if isinstance(part, Each):
            many = part.count(last)
            yield always(f"{part.name}: never two in {last.name}", many < 2)
            yield always(f"{part.name}: all are there", for_each(part, inside(last) | (part.count() >= 2)))
            yield each_step(f"{part.name}: one by one", after(many) - before(many) <= 1)
            yield each_step(f"{part.name}: leaves by one event", (after(many) < before(many)) >> happens(event))
            yield each_step(
                f"{part.name}: each by it",
                for_each(part, (before(inside(last)) & after(~inside(last))) >> happens(event)),
            )
            yield reachable(f"{part.name}: two at once", part.count() >= 2)
            yield recoverable(f"{part.name}: empty again", part.none())
            yield recoverable(f"{part.name}: empty again from one", part.none(), wherever=part.count() <= 1)
        else:
            yield always(f"{part.name}: never {last.name}", ~part.inside(last))
            yield each_step(
                f"{part.name}: comes by one event",
                after(part.inside(last)) >> (before(part.inside(last)) | happens(event)),
            )
            yield reachable(f"{part.name}: {last.name}", part.inside(last))
            yield recoverable(f"{part.name}: again {last.name}", part.inside(last))


def untimed(system: System) -> System:
    """The system without its timers, and without what reads the time in state.

    Raises:
        DefinitionError: something in it cannot be without them.
    """
    system = attrs.evolve(system, wires=tuple(one for one in system.wires if one.sender is None))
    for machine in dict.fromkeys(part.machine for part in system.parts):
        kept = tuple(
            one
            for one in machine.transitions
            if one.duration is None and not (one.guard is not None and reads_clock(one.guard))
        )
        if kept != machine.transitions:
            system = with_machine(system, machine, attrs.evolve(machine, transitions=kept))
    return system
