"""Polls of GetCurrentUserData: for each user what the desk is now; what happened in between nobody saw.

A response has no instant of its own, so the record that keeps it must: `at`, or another column that the mapping names. A
record is a whole response (UserDataList), or the data of one user, alone or under UserData.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsm.language.system import System
from fsm.verification.monitoring.connect.desks import DeskWords, contact_at, status_at
from fsm.verification.monitoring.connect.documents import as_instant, at, mapping_at, rows_at
from fsm.verification.monitoring.mapped.columns import ABSENT, Misread
from fsm.verification.monitoring.observations import Observation

__all__ = ["UserData"]


class UserData:
    """A reader of polls for a desk."""

    def __init__(self, system: System, source: str, instant: Callable[[Any], Any]) -> None:
        self.words = DeskWords(system)
        self.source = source
        self.instant = instant

    def read(self, record: Any, position: str) -> list[Observation]:
        """An observation for each user of the record."""
        trouble: list[str] = []
        when: int | None = None
        try:
            found = self.instant(record)
            when = None if found is ABSENT else as_instant(found)
            users = rows_at(record, "UserDataList")
        except Misread as wrong:
            return [Observation(None, source=self.source, position=position, trouble=(str(wrong),))]
        if when is None:
            trouble.append("the record does not say when it was polled")
        if users is None:
            one = at(record, "UserData")
            users = [record if one is None else one]
        return [self._user(one, when, position, list(trouble)) for one in users]

    def _user(self, user: Any, when: int | None, position: str, trouble: list[str]) -> Observation:
        key = at(user, "User", "Id") or at(user, "User", "Arn")
        if key is None:
            trouble.append("the data does not say of which user it is")
        seen = None
        parameters: dict[str, Any] = {}
        try:
            names, since = ("StatusName", "Name"), ("StatusStartTimestamp", "StartTimestamp")
            status = status_at(mapping_at(user, "Status"), names, since)
            following = at(user, "NextStatus")
            shows_next = isinstance(user, dict) and any(
                isinstance(name, str) and name.lower() == "nextstatus" for name in user
            )
            waiting = status_at({"Name": following} if isinstance(following, str) else following, names, since)
            rows = rows_at(user, "Contacts")
            contacts = None if rows is None else [contact_at(one, "AgentContactState") for one in rows]
            agent = self.words.agent_sight(status, waiting, trouble, waits_shown=shows_next)
            seen = self.words.seen(agent, contacts, trouble)
            parameters = self.words.slots(mapping_at(user, "MaxSlotsByChannel") or {}, trouble)
        except Misread as wrong:
            trouble.append(str(wrong))
        return Observation(
            when,
            None,
            {},
            None,
            seen,
            parameters,
            self.source,
            None if key is None else str(key),
            None,
            None,
            position,
            tuple(trouble),
        )
