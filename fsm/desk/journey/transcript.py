"""What was said in a contact, and by whom: carried data, which no condition reads (S13)."""

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
        text: what was written, or the name of the file that was sent.
        at: the instant, milliseconds.
        file: it was a file (S04).
    """

    voice: Voice
    speaker: str
    text: str
    at: int
    file: bool = False


@attrs.frozen
class Transcript:
    """The lines of a conversation, first to last."""

    lines: tuple[Line, ...] = ()


EMPTY = Transcript()


def with_line(transcript: Transcript, voice: Voice, speaker: str, text: str, at: int) -> Transcript:
    """The transcript with one more line."""
    return Transcript((*transcript.lines, Line(voice, speaker, text, at)))


def with_file(transcript: Transcript, voice: Voice, speaker: str, file: str, at: int) -> Transcript:
    """The transcript with one more line, which is a file."""
    return Transcript((*transcript.lines, Line(voice, speaker, file, at, file=True)))
