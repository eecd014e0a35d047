"""What an administrator sets and what the guide's versions changed: parameters, with the seed's values as defaults.

Proofs hold for every value that the ranges and the assumptions allow; a version of the guide fixes
some of them (`fsm.desk.later.versions`).
"""

from typing import Any

import attrs

from fsm import Assumption, parameter
from fsm.language.expressions import Param

# Set by an administrator

max_chats = parameter(
    "max_chats", int, 5, low=0, doc="chats that may be routed to one agent at once", cites=("S02", "D13")
)
max_tasks = parameter(
    "max_tasks", int, 0, low=0, doc="tasks that may be routed to one agent at once", cites=("S22", "D13")
)
max_emails = parameter(
    "max_emails", int, 0, low=0, doc="e-mails that may be routed to one agent at once", cites=("S22", "D13")
)
voice = parameter("voice", bool, True, doc="calls are routed to this agent", cites=("D13",))
outbound_calls = parameter("outbound_calls", bool, False, doc="the agent may place calls", cites=("D2",))

# Fixed by the vendor

accept_window = parameter(
    "accept_window", int, 20_000, low=1, doc="milliseconds to accept or reject an offer", cites=("S10",)
)
non_response_after = parameter(
    "non_response_after",
    int,
    15_000,
    low=1,
    doc="milliseconds after which an offer counts as non-response",
    cites=("S18", "S19"),
)

# Decided where the seed is silent

rejected_holds = parameter(
    "rejected_holds", bool, True, doc="a rejected or failed offer holds its slot until cleared", cites=("D4",)
)
missed_blocks_agent = parameter(
    "missed_blocks_agent", bool, False, doc="one missed or failed contact blocks every slot", cites=("D5", "D18")
)
held_blocks_channel = parameter(
    "held_blocks_channel",
    bool,
    True,
    doc="any held contact, not only a live one, keeps other channels away",
    cites=("D10",),
)

# Changed by later versions of the guide

chat_ceiling = parameter("chat_ceiling", int, 5, low=0, doc="the most chats an administrator may allow", cites=("S02",))
attachments = parameter("attachments", bool, False, doc="files can be sent in a chat", cites=("S04",))
next_status = parameter(
    "next_status",
    bool,
    False,
    doc="a status chosen while contacts are live waits until the desk is empty",
    cites=("D6",),
)
speaker_change = parameter(
    "speaker_change", bool, False, doc="the text timer starts again only when the speaker changes", cites=("S15",)
)
auto_accept = parameter("auto_accept", bool, False, doc="chats are connected without the agent's hand", cites=("S12",))
voice_shares = parameter(
    "voice_shares", bool, False, doc="other channels may be routed while a call is held", cites=("S05",)
)
chat_shares = parameter(
    "chat_shares", bool, False, doc="other channels may be routed while chats are held", cites=("S06",)
)
task_shares = parameter(
    "task_shares", bool, False, doc="other channels may be routed while tasks are held", cites=("S05", "S06")
)
email_shares = parameter(
    "email_shares", bool, False, doc="other channels may be routed while e-mails are held", cites=("S05", "S06")
)


def otherwise(switch: Param[Any], default: object) -> Param[Any]:
    """The same for a variant by which the business has it otherwise: whoever says nothing has it so. Today's desk keeps the guide's default."""
    return attrs.evolve(switch, default=default)


PARAMETERS = (
    max_chats, max_tasks, max_emails, voice, outbound_calls, accept_window, non_response_after,
    rejected_holds, missed_blocks_agent, held_blocks_channel,
    chat_ceiling, attachments, next_status, speaker_change, auto_accept, voice_shares, chat_shares, task_shares, email_shares,
)  # fmt: skip

COUNTED_BEFORE_MISSED = Assumption(
    "an offer is counted as non-response no later than it is missed", non_response_after <= accept_window, cites=("D1",)
)
