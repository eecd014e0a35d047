"""Faults that no property of the desk catches, each with the reason why it may survive `fsm mutate`.

A reason that names no surviving mutant is an error there.
"""

from fsm import Machine, System
from fsm.desk.agent import AGENT
from fsm.desk.journey.contact import CONTACT
from fsm.desk.tile import TILE

CARRIED = "carried data: no condition and so no property may read it; tests/fsm/desk/test_view.py and test_transcript.py show it"

REASONS: tuple[tuple[Machine | System, str, tuple[str, ...]], ...] = (
    (
        AGENT,
        "choosing the status that is chosen already changes nothing; the seed does not say whether it is taken or refused",
        (
            "away on set_status to away when status = away: left out",
            "away on set_status to away when status = away: the guard 'status = away' negated",
            "offline on set_status to offline when status = offline: left out",
            "offline on set_status to offline when status = offline: the guard 'status = offline' negated",
        ),
    ),
    (
        AGENT,
        "which status is chosen is told by a field of the event, which no property may read; tests/fsm/desk walk every choice",
        (
            "offline on set_status to away when status = away: the guard 'status = away' negated",
            "away on set_status to offline when status = offline: the guard 'status = offline' negated",
        ),
    ),
    (
        CONTACT, CARRIED,
        (
            "arriving on arrive to with_bot when entry = bot: does not set arrived_at",
            "arriving on arrive to with_bot when entry = bot: does not set transcript",
            "arriving on arrive to queued when entry = queue: does not set arrived_at",
            "arriving on arrive to queued when entry = queue: does not set transcript",
            "with_bot on say to with_bot: does not set transcript",
            "queued on say to queued: does not set transcript",
            "offered on say to offered: does not set transcript",
            "with_agent on say to with_agent: does not set transcript",
        ),
    ),
    (
        TILE, CARRIED,
        (
            "free on offer to offered when not (auto_accept and channel = chat): does not set name",
            "free on offer to offered when not (auto_accept and channel = chat): does not set arrived_at",
            "free on dial to connected: does not set name",
            "free on dial to connected: does not set arrived_at",
            "free on dial to connected: does not set last_text_at",
            "offered on accept to connected: does not set last_text_at",
            "connected on text to connected when channel = chat and text.speaker ≠ nobody and (not speaker_change or text.speaker ≠ speaker): does not set last_text_at",
        ),
    ),
    (
        CONTACT,
        "who may speak when is told by a field of the event, which no property may read; the seed says what is said, not who is refused; tests/fsm/desk/test_transcript.py",
        (
            "with_bot on say to with_bot: without the guard 'voice ≠ agent'",
            "with_bot on say to with_bot: the guard 'voice ≠ agent' negated",
            "with_bot on say to with_bot: 'voice ≠ customer' instead of 'voice ≠ agent'",
            "queued on say to queued: without the guard 'voice = customer'",
            "queued on say to queued: the guard 'voice = customer' negated",
            "queued on say to queued: 'voice = bot' instead of 'voice = customer'",
            "offered on say to offered: without the guard 'voice = customer'",
            "offered on say to offered: the guard 'voice = customer' negated",
            "offered on say to offered: 'voice = bot' instead of 'voice = customer'",
            "with_agent on say to with_agent: without the guard 'voice ≠ bot'",
            "with_agent on say to with_agent: the guard 'voice ≠ bot' negated",
            "with_agent on say to with_agent: 'voice ≠ agent' instead of 'voice ≠ bot'",
        ),
    ),
)  # fmt: skip
"""The machine or system, the reason, and the mutants it speaks of."""
