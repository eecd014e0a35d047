"""What was said in a contact, and by whom: carried data, which no condition reads (S13)."""

from __future__ import annotations

from enum import Enum

import attrs


class Voice(Enum):
    """Who speaks."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


@attrs.frozen
class Line:
    """One line of a conversation.

    Attributes:
        speaker: the name of the customer, the bot or the agent.
        at: the instant, milliseconds.
    """

    voice: Voice
    speaker: str
    text: str
    at: int


@attrs.frozen
class Transcript:
    """The lines of a conversation, first to last."""

    lines: tuple[Line, ...] = ()


EMPTY = Transcript()


def with_line(transcript: Transcript, voice: Voice, speaker: str, text: str, at: int) -> Transcript:
    """The transcript with one more line."""
    return Transcript((*transcript.lines, Line(voice, speaker, text, at)))
