"""What an administrator sets: the routing profile, as parameters with the seed's values as defaults.

Proofs hold for every value that the ranges and the assumptions allow.
"""

from __future__ import annotations

from fsm.parameters import Assumption, parameter

max_chats = parameter("max_chats", int, 5, low=0, doc="chats that may be routed to one agent at once", cites=("S02", "D13"))
voice = parameter("voice", bool, True, doc="calls are routed to this agent", cites=("D13",))
outbound_calls = parameter("outbound_calls", bool, False, doc="the agent may place calls", cites=("D2",))

accept_window = parameter("accept_window", int, 20_000, low=1, doc="milliseconds to accept or reject an offer", cites=("S10",))
non_response_after = parameter(
    "non_response_after", int, 15_000, low=1, doc="milliseconds after which an offer counts as non-response", cites=("S18", "S19")
)

rejected_holds = parameter("rejected_holds", bool, True, doc="a rejected or failed offer holds its slot until cleared", cites=("D4",))
missed_blocks_agent = parameter("missed_blocks_agent", bool, False, doc="one missed contact blocks every slot", cites=("D5",))
held_blocks_channel = parameter(
    "held_blocks_channel", bool, True, doc="any held contact, not only a live one, keeps the other channel away", cites=("D10",)
)

PARAMETERS = (
    max_chats, voice, outbound_calls, accept_window, non_response_after, rejected_holds, missed_blocks_agent, held_blocks_channel,
)  # fmt: skip

AT_MOST_FIVE = Assumption("an administrator allows at most five chats", max_chats <= 5, cites=("S02",))
COUNTED_BEFORE_MISSED = Assumption(
    "an offer is counted as non-response no later than it is missed", non_response_after <= accept_window, cites=("D1",)
)
