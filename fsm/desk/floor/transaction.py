"""Telling desks and journeys what an event on the floor means for them: all of them take it, or nothing has happened.

The hot path of a floor. Whether somebody refuses is decided by the engines; nothing here explains why.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from fsm import Engine, Snapshot
from fsm.desk.floor import events as said_on
from fsm.desk.floor.state import AtDesk, Caller, FloorSnapshot
from fsm.desk.floor.translation import AT_AGENTS, CONTACT, ENDED, TILES, Moves, Told
from fsm.desk.journey import Tidy
from fsm.errors import BadStaff
from fsm.language.snapshot import new

Effects = tuple[AtDesk, ...]
Held = Mapping[str, Snapshot]
Moved = tuple[Snapshot, tuple[object, ...]]
"""A desk after it was told, and what it emitted."""


class Hall(NamedTuple):
    """Who is told.

    Attributes:
        engines: by agent, the engine of the desk.
        journey: the engine of the journeys.
        nowhere: the journey of a contact that is not here.
    """

    engines: Mapping[str, Engine]
    journey: Engine
    nowhere: Snapshot

    def told(
        self, snapshot: FloorSnapshot, event: object, moves: Moves, at: int, moved: Moved | None
    ) -> tuple[FloorSnapshot, Effects] | None:
        """The floor after everyone was told, and what the desks emitted; None where somebody refuses.

        One function, since it is what every event pays for: each further call costs as much as a rule.

        Args:
            event: as it was said; None for what time does.
            moves: who is told what.
            moved: the first desk, where the routing, or time, has told it already.
        """
        engines, journey, nowhere = self
        layout, _, due, old, known, callers, placed, idle = snapshot
        meant, about, busy = moves
        desks, journeys = old.copy(), known.copy()
        emitted: list[AtDesk] = []
        for agent, called, payload in meant:
            if moved is None:
                moved = (engines.get(agent) or self.engine_of(agent)).attempt(desks[agent], payload, called, at)
                if moved is None:
                    return None
            desks[agent], effects = moved
            for effect in effects:
                emitted.append(new(AtDesk, (agent, effect)))
            moved = None
        if about is None:
            gone = _gone(old, desks, meant)
            others: tuple[Told, ...] = tuple(
                (contact, Tidy, said) for contact, said in gone.items() if contact in known
            )
            if gone:
                placed = MappingProxyType({one: agent for one, agent in placed.items() if one not in gone})
            if event.__class__ is said_on.PlaceCall:
                placed = MappingProxyType({**placed, event.contact: event.agent})
        else:
            others = (about,)
        for contact, called, payload in others:
            before = journeys.get(contact, nowhere)
            moved = journey.attempt(before, payload, called, at)
            if moved is None and event is not None:
                return None
            journeys[contact] = made = moved[0] if moved is not None else before  # by its own time it is tidy already
            customer: Any = made.parts[CONTACT]
            if customer[0] == ENDED and not made.parts[AT_AGENTS]:  # it is over, and no tile is left
                del journeys[contact]
                here = callers.copy()
                here.pop(contact, None)
                callers = MappingProxyType(here)
        if event.__class__ is said_on.Arrive:
            callers = MappingProxyType({**callers, event.contact: Caller(event.channel, event.name)})
        for agent in busy:
            place = idle.index(agent)
            idle = (*idle[:place], *idle[place + 1 :], agent)
        due = _due_after(due, old, desks, meant)
        after = (layout, at, due, MappingProxyType(desks), MappingProxyType(journeys), callers, placed, idle)
        return new(FloorSnapshot, after), tuple(emitted)

    def engine_of(self, agent: object) -> Engine:
        """The engine of an agent's desk; BadInput for somebody whom the floor does not have."""
        engine = self.engines.get(agent) if isinstance(agent, str) else None
        if engine is None:
            raise BadStaff("agent", f"{agent!r} is nobody of the staff")
        return engine


def _gone(old: Held, desks: Held, meant: tuple[Told, ...]) -> dict[str, Any]:
    """The contacts whose tiles have left a desk, each with what the desk was told: a change of status clears many (D6)."""
    gone = {}
    for agent, _, said in meant:
        before, after = (cast("Mapping[str, Any]", held[agent].parts[TILES]) for held in (old, desks))
        if before is not after:
            gone.update({contact: said for contact in before if contact not in after})
    return gone


def _due_after(due: int | None, old: Held, desks: Held, meant: tuple[Told, ...]) -> int | None:
    """The earliest deadline, milliseconds, None when no offer rings (S10, S18); looked for only where the one that was earliest may be gone."""
    for agent, _, _ in meant:
        before, after = old[agent].due, desks[agent].due
        if before != after:
            if before is not None and before == due:
                return min((desk.due for desk in desks.values() if desk.due is not None), default=None)
            if after is not None and (due is None or after < due):
                due = after
    return due
