"""The channels on which contacts reach an agent."""

from __future__ import annotations

from enum import Enum


class Channel(Enum):
    """How the customer reaches the agent."""

    CHAT = "chat"
    VOICE = "voice"
