"""Amazon Connect's agent events: a record of the Kinesis stream is what the desk was just before, and what it is.

Both versions of the stream (2017-10-01, 2019-05-25). Every change of status and of contacts is a record; after two minutes
of silence a heartbeat is sent, until an hour after the agent has logged out, so that a longer silence means lost records. Of
records sent twice the second has the same EventId.
"""

from __future__ import annotations

from typing import Any

from fsm.language.system import System
from fsm.verification.monitoring.connect.desks import DeskWords, contact_at, status_at
from fsm.verification.monitoring.connect.documents import as_instant, at, mapping_at, rows_at
from fsm.verification.monitoring.mapped.columns import Misread
from fsm.verification.monitoring.observations import Observation, Seen

__all__ = ["AgentEvents"]

TYPES = ("LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT")


class AgentEvents:
    """A reader of agent events for a desk."""

    def __init__(self, system: System, source: str) -> None:
        self.words = DeskWords(system)
        self.source = source

    def read(self, record: Any, position: str) -> list[Observation]:
        """What a record shows. A login shows nothing."""
        trouble: list[str] = []
        when: int | None = None
        try:
            when = as_instant(at(record, "EventTimestamp"))
        except Misread as wrong:
            trouble.append(str(wrong))
        kind = at(record, "EventType")
        if kind not in TYPES:
            trouble.append(f"event type {kind!r} is unknown")
        if when is None and not trouble:
            trouble.append("the record has no EventTimestamp")
        agent = at(record, "AgentARN")
        if agent is None:
            trouble.append("the record has no AgentARN")
        before = self._snapshot(record, "PreviousAgentSnapshot", trouble)
        after = self._snapshot(record, "CurrentAgentSnapshot", trouble)
        parameters = self._slots(record, trouble)
        id_ = at(record, "EventId")
        return [
            Observation(
                when,
                before=before,
                after=after,
                parameters=parameters,
                source=self.source,
                key=None if agent is None else str(agent),
                id=None if id_ is None else str(id_),
                position=position,
                trouble=tuple(trouble),
                lost=bool(trouble),
            )
        ]

    def _snapshot(self, record: Any, name: str, trouble: list[str]) -> Seen | None:
        try:
            snapshot = mapping_at(record, name)
            if snapshot is None:
                return None
            names, since = ("Name",), ("StartTimestamp",)
            status = status_at(mapping_at(snapshot, "AgentStatus"), names, since)
            waiting = status_at(
                mapping_at(snapshot, "NextAgentStatus"), names, ("EnqueuedTimestamp", "EnqueueTimestamp")
            )
            rows = rows_at(snapshot, "Contacts")
            contacts = None if rows is None else [contact_at(one, "State") for one in rows]
        except Misread as wrong:
            trouble.append(f"{name}: {wrong}")
            return None
        agent = self.words.agent_sight(status, waiting, trouble)
        return self.words.seen(agent, contacts, trouble)

    def _slots(self, record: Any, trouble: list[str]) -> dict[str, Any]:
        """What the routing profile allows; older versions do not say."""
        try:
            rows = rows_at(record, "CurrentAgentSnapshot", "Configuration", "RoutingProfile", "Concurrency")
        except Misread as wrong:
            trouble.append(str(wrong))
            return {}
        by_channel = {
            str(at(one, "Channel")): at(one, "MaximumSlots")
            for one in rows or ()
            if at(one, "MaximumSlots") is not None
        }
        return self.words.slots(by_channel, trouble)
