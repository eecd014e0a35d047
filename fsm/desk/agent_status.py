"""The statuses an agent can choose, and the one that may wait."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """The one routable status, a status of the company's own, or offline."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


class Next(Enum):
    """The status that waits until the desk is empty; only these two can (guide of 2021-07)."""

    NONE = "none"
    AWAY = "away"
    OFFLINE = "offline"
