"""An agent's desk as the vendor's documents show it, of whichever kind they are: status, contacts, slots.

Traps that are taken care of: a status without a type (2019) goes by its name; a contact on hold or paused keeps no instant of
its own; a connected call may have no instant at which it was connected; silent monitoring is no contact of the desk's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.domains import Domain, Enumeration
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.system import System
from fsm.verification.monitoring.connect.documents import as_instant, at
from fsm.verification.monitoring.connect.names import (
    AGENT,
    CHANNEL_VARIABLE,
    CHANNELS,
    CONTACT_STATES,
    DIALLED,
    NEXT_STATUS,
    NEXT_VARIABLE,
    SLOTS,
    STATUSES,
    TILES,
    VOICE_STATES,
)  # fmt: skip
from fsm.verification.monitoring.mapped.columns import Misread
from fsm.verification.monitoring.observations import Seen, Sight, Since

__all__ = ["Contact", "DeskWords", "Status"]

MONITORING = ("MONITOR",)
FROM_THE_AGENT = ("OUTBOUND", "EXTERNAL_OUTBOUND")
CALLBACK = ("CALLBACK", "QUEUE_CALLBACK")


@attrs.frozen
class Status:
    """A status as a document writes it; instants in milliseconds."""

    name: str | None
    type: str | None
    since: int | None


@attrs.frozen
class Contact:
    """A contact as a document writes it."""

    id: str
    channel: str | None
    state: str | None
    since: int | None
    connected: int | None
    how: str | None


def members(domain: Domain | None, names: Mapping[str, str]) -> dict[str, Any]:
    """The members of an enumeration by the vendor's words, as far as it has them."""
    if not isinstance(domain, Enumeration):
        return {}
    known = domain.members.__members__
    return {word: known[name] for word, name in names.items() if name in known}


class DeskWords:
    """The desk's words for what documents show, as far as a declaration has them."""

    def __init__(self, system: System) -> None:
        parts = {part.name: part for part in system.parts}
        self.agent = parts.get(AGENT)
        self.tiles = parts.get(TILES)
        agent_variables = () if self.agent is None else self.agent.machine.variables
        tile_variables = () if self.tiles is None else self.tiles.machine.variables
        waiting = next((one.domain for one in agent_variables if one.name == NEXT_VARIABLE), None)
        self.next_status = members(waiting, NEXT_STATUS)
        self.waits = bool(self.next_status)
        self.channels = members(
            next((one.domain for one in tile_variables if one.name == CHANNEL_VARIABLE), None), CHANNELS
        )
        self.parameters = {param.name: param for param in system.parameters}
        self.makes = self._makers(system)
        self.dials = tuple(event for event in self.makes if label(event) == DIALLED)
        self.offers = tuple(event for event in self.makes if label(event) != DIALLED)

    def _makers(self, system: System) -> tuple[type, ...]:
        """The events that make a tile."""
        found = []
        for wire in system.all_wires:
            for move in wire.moves:
                if isinstance(move.part, Each) and move.part is self.tiles:
                    machine = move.part.machine
                    if any(one.event is move.action and machine.initial in one.sources for one in machine.transitions):
                        found.append(wire.event_class)
        return tuple(dict.fromkeys(found))

    def shown(self) -> dict[str, frozenset[str]]:
        """The variables that documents show, by part."""
        found = {}
        if self.agent is not None and self.waits:
            found[AGENT] = frozenset({NEXT_VARIABLE})
        if self.tiles is not None and self.channels:
            found[TILES] = frozenset({CHANNEL_VARIABLE})
        return found

    def dates(self) -> frozenset[str]:
        return frozenset(part.name for part in (self.agent, self.tiles) if part is not None)

    # The agent

    def agent_sight(
        self, status: Status | None, waiting: Status | None, trouble: list[str], *, waits_shown: bool = True
    ) -> Sight | None:
        if self.agent is None or status is None:
            return None
        values: tuple[tuple[str, tuple[Any, ...]], ...] = ()
        if self.waits and waits_shown:
            kind = "" if waiting is None else status_type(waiting, trouble)
            if kind in self.next_status:
                values = ((NEXT_VARIABLE, (self.next_status[kind],)),)
        kind = status_type(status, trouble)
        states = None if kind is None else (STATUSES[kind],)
        return Sight(AGENT, None, states, values, status.since, Since.AT_LATEST)

    # Contacts

    def tile_sight(self, contact: Contact, trouble: list[str]) -> Sight:
        channel = (contact.channel or "").upper()
        how = (contact.how or "").upper()
        values: tuple[tuple[str, tuple[Any, ...]], ...] = ()
        if channel and self.channels:
            if channel in self.channels:
                values = ((CHANNEL_VARIABLE, (self.channels[channel],)),)
            else:
                trouble.append(f"channel {contact.channel!r} of contact {contact.id} is unknown")
        state = (contact.state or "").upper()
        dialled = how in FROM_THE_AGENT
        states = VOICE_STATES.get(state) if channel == "VOICE" and state in VOICE_STATES else CONTACT_STATES.get(state)
        if states is None:
            if state:
                trouble.append(f"state {contact.state!r} of contact {contact.id} is unknown")
        elif state == "CONNECTING" and (dialled or how in CALLBACK):
            states = CONTACT_STATES["CONNECTED"]  # the agent's side is there already: the customer is being called
        since, meaning = _since(contact, state, own=not dialled and how not in CALLBACK)
        known = {one.name for one in self.tiles.machine.states} if self.tiles is not None else set()
        states = None if states is None else tuple(one for one in states if one in known) or None
        by = self.dials if dialled else self.offers if how else ()
        return Sight(TILES, contact.id, states, values, since, meaning, by)

    def seen(self, agent: Sight | None, contacts: list[Contact] | None, trouble: list[str]) -> Seen | None:
        """What a document shows; contacts None where it shows none at all."""
        sights = [] if agent is None else [agent]
        complete: tuple[str, ...] = ()
        if contacts is not None and self.tiles is not None:
            mine = [one for one in contacts if (one.how or "").upper() not in MONITORING]
            if len({one.id for one in mine}) < len(mine):
                trouble.append("one contact stands twice among the contacts")
            else:
                sights += [self.tile_sight(one, trouble) for one in mine]
                complete = (TILES,)
        return Seen(tuple(sights), complete) if sights or complete else None

    # Slots

    def slots(self, by_channel: dict[str, Any], trouble: list[str]) -> dict[str, Any]:
        """Values of parameters, by the number of slots of each channel."""
        found: dict[str, Any] = {}
        for channel, count in by_channel.items():
            name = SLOTS.get(str(channel).upper())
            if name is None or name not in self.parameters:
                continue
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                trouble.append(f"{count!r} slots for {channel} are no number")
                continue
            domain = self.parameters[name].domain
            found[name] = count if domain.contains(count) else count > 0
        return found


def _since(contact: Contact, state: str, *, own: bool) -> tuple[int | None, Since]:
    """Since when the tile is in its state, and what that instant means."""
    if state in ("CONNECTED", "CONNECTED_ONHOLD", "PAUSED"):
        if own and contact.connected is not None:
            return contact.connected, Since.ENTERED
        return contact.since, Since.AT_LATEST
    if state == "CONNECTING" and not own:
        return contact.since, Since.AT_LATEST
    return contact.since, Since.ENTERED


def status_type(status: Status, trouble: list[str]) -> str | None:
    """The type of a status: as written, else by its name; None where it is unknown."""
    if status.type is not None:
        if status.type.upper() in STATUSES:
            return status.type.upper()
        trouble.append(f"type {status.type!r} of status {status.name!r} is unknown")
        return None
    if status.name is None:
        trouble.append("a status without a name and a type")
        return None
    return {"available": "ROUTABLE", "offline": "OFFLINE"}.get(status.name.lower(), "CUSTOM")


def status_at(document: Any, names: tuple[str, ...], since: tuple[str, ...]) -> Status | None:
    """The status of a document: its name and type, and since when.

    Args:
        names: how it calls the name of a status.
        since: how it calls the instant.

    Raises:
        Misread: it is no object, or its instant none.
    """
    if document is None:
        return None
    if not isinstance(document, dict):
        raise Misread("a status is no object")
    name = next((said for one in names if (said := at(document, one)) is not None), None)
    kind = at(document, "Type")
    started = next((said for one in since if (said := at(document, one)) is not None), None)
    return Status(None if name is None else str(name), None if kind is None else str(kind), as_instant(started))


def contact_at(document: Any, state: str) -> Contact:
    """A contact of a document.

    Args:
        state: how it calls the contact's state.

    Raises:
        Misread: it has no id, or an instant is none.
    """
    id_ = at(document, "ContactId")
    if id_ is None:
        raise Misread("a contact without an id")
    text = {name: at(document, name) for name in ("Channel", state, "InitiationMethod")}
    return Contact(
        str(id_),
        None if text["Channel"] is None else str(text["Channel"]),
        None if text[state] is None else str(text[state]),
        as_instant(at(document, "StateStartTimestamp")),
        as_instant(at(document, "ConnectedToAgentTimestamp")),
        None if text["InitiationMethod"] is None else str(text["InitiationMethod"]),
    )
