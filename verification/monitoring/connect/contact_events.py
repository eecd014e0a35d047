"""Amazon Connect's contact events (EventBridge): the customer's side of a contact, seen now and then.

They are sent as well as can be, in no order, and nothing shows an offer or a miss. Names of fields are written in several
cases, by the vendor too; no instant is written as 1970-01-01T00:00:00.001Z.
"""

from __future__ import annotations

from typing import Any

from fsm.language.system import System
from fsm.verification.monitoring.connect.documents import as_instant, at
from fsm.verification.monitoring.mapped.columns import Misread
from fsm.verification.monitoring.observations import Observation, Seen, Sight

__all__ = ["ContactEvents"]

CONTACT = "contact"
TILES = "tiles"

CONTACT_STATES = {
    "INITIATED": ("with_bot", "queued"),
    "CONNECTED_TO_SYSTEM": ("with_bot", "queued"),
    "QUEUED": ("queued", "offered"),
    "CONNECTED_TO_AGENT": ("with_agent",),
    "DISCONNECTED": ("ended",),
    "COMPLETED": ("ended",),
}
"""Where the contact is, as the journey calls it. It is queued until somebody accepts: the offers in between nobody sees."""

TILE_STATES = {"CONNECTED_TO_AGENT": ("connected",), "DISCONNECTED": ("after_work", "free"), "COMPLETED": ("free",)}
"""What the contact is on the desk of the agent whom the event names."""

SILENT = ("CONTACT_DATA_UPDATED", "PAUSED", "RESUMED", "AMD_DISABLED", "WEBRTC_API", "VOICEMAIL")
"""Events that say nothing of the journey."""

INSTANTS = {
    "INITIATED": "initiationTimestamp",
    "CONNECTED_TO_SYSTEM": "connectedToSystemTimestamp",
    "QUEUED": "enqueueTimestamp",
    "CONNECTED_TO_AGENT": "connectedToAgentTimestamp",
    "DISCONNECTED": "disconnectTimestamp",
}
"""Where the instant of an event stands, before that of the envelope."""


class ContactEvents:
    """A reader of contact events for a journey."""

    def __init__(self, system: System, source: str) -> None:
        self.states = {part.name: {state.name for state in part.machine.states} for part in system.parts}
        self.source = source

    def read(self, record: Any, position: str) -> list[Observation]:
        detail = at(record, "detail") if at(record, "detail") is not None else record
        kind = str(at(detail, "eventType") or "").upper()
        contact = at(detail, "contactId")
        trouble: list[str] = []
        when = None
        try:
            own = INSTANTS.get(kind)
            when = None if own is None else as_instant(_own_instant(detail, kind, own))
            when = as_instant(at(record, "time")) if when is None else when
        except Misread as wrong:
            trouble.append(str(wrong))
        if when is None and not trouble:
            trouble.append("the event has no instant")
        if contact is None:
            trouble.append("the event has no contactId")
        if kind not in CONTACT_STATES and kind not in SILENT:
            trouble.append(f"event type {kind!r} is unknown")
        seen = self._seen(kind, detail)
        id_ = at(record, "id")
        return [
            Observation(
                when, None, {}, None, seen, {}, self.source, None if contact is None else str(contact),
                None if id_ is None else str(id_), None, position, tuple(trouble),
            )
        ]  # fmt: skip

    def _seen(self, kind: str, detail: Any) -> Seen | None:
        if kind not in CONTACT_STATES:
            return None
        sights = []
        if CONTACT in self.states:
            states = tuple(one for one in CONTACT_STATES[kind] if one in self.states[CONTACT])
            sights.append(Sight(CONTACT, None, states or None))
        agent = at(detail, "agentInfo", "agentArn")
        if agent is not None and TILES in self.states and kind in TILE_STATES:
            states = tuple(one for one in TILE_STATES[kind] if one in self.states[TILES])
            sights.append(Sight(TILES, str(agent), states))
        return Seen(tuple(sights)) if sights else None


def _own_instant(detail: Any, kind: str, name: str) -> Any:
    """The event's own instant, also where it stands with the queue or with the agent."""
    for path in ((name,), ("queueInfo", name), ("agentInfo", name)):
        found = at(detail, *path)
        if found is not None:
            return found
    return None
