"""The channels on which contacts reach an agent, and who speaks on them."""

from enum import Enum

NEVER = -1
"""In the place of an instant: nobody has written yet, or answered."""


class Channel(Enum):
    """How the customer reaches the agent. Tasks and e-mail came with cross-channel routing."""

    CHAT = "chat"
    VOICE = "voice"
    TASK = "task"
    EMAIL = "email"


class Speaker(Enum):
    """Who wrote the last text of a conversation; nobody before the first, and no text is by nobody."""

    NOBODY = "nobody"
    CUSTOMER = "customer"
    AGENT = "agent"


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
