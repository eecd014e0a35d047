"""What the desk calls what Amazon Connect calls otherwise: the one place to change when a name of the desk changes.

A variant of the desk need not have all of it: what a declaration has not is not read.
"""

from __future__ import annotations

__all__ = [
    "AGENT", "CHANNELS", "CHANNEL_VARIABLE", "CONTACT_STATES", "DIALLED", "NEXT_STATUS", "NEXT_VARIABLE", "SLOTS", "STATUSES", "TILES", "VOICE_STATES",
]  # fmt: skip

AGENT = "agent"
TILES = "tiles"

STATUSES = {"ROUTABLE": "available", "CUSTOM": "away", "OFFLINE": "offline"}
"""The agent's states, by the type of the vendor's status."""

CONTACT_STATES = {
    "INCOMING": ("offered",),
    "PENDING": ("offered",),
    "CONNECTING": ("offered",),
    "CONNECTED": ("connected",),
    "CONNECTED_ONHOLD": ("connected",),
    "PAUSED": ("connected",),
    "MISSED": ("missed",),
    "REJECTED": ("rejected",),
    "ENDED": ("after_work",),
    "ERROR": ("failed", "missed", "rejected"),
}
"""A tile's states. An ERROR may be a miss or a rejection as well: in the streams of 2019 it is, and nobody can tell since."""

VOICE_STATES = {"MISSED": ("missed", "rejected")}
"""A call that the agent rejects is shown as missed."""

CHANNELS = {
    "VOICE": "VOICE",
    "CHAT": "CHAT",
    "TASK": "TASK",
    "TASKS": "TASK",
    "EMAIL": "EMAIL",
}
CHANNEL_VARIABLE = "channel"

NEXT_VARIABLE = "following"
NEXT_STATUS = {"OFFLINE": "OFFLINE", "CUSTOM": "AWAY", "": "NONE"}
"""The status that waits, by its type; none waits where none is shown."""

SLOTS = {"VOICE": "voice", "CHAT": "max_chats", "TASK": "max_tasks", "EMAIL": "max_emails"}
"""The parameter that a channel's number of slots sets."""

DIALLED = "place_call"
"""By what a call comes to the desk that the agent places."""
