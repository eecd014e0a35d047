"""Some minutes at a desk, as a service would send them: what is taken, and what is refused."""

from __future__ import annotations

from fsm.desk import Accept, Clear, End, OfferCall, OfferChat, Reject, SetStatus, Status

CHATS = ("c-1", "c-2", "c-3", "c-4", "c-5")

SAID = (
    (SetStatus(Status.AVAILABLE), 1_000, ""),
    *((OfferChat(contact, "Ann", arrived_at=0), 2_000 + 100 * place, "") for place, contact in enumerate(CHATS)),
    (OfferChat("c-9", "Dan", arrived_at=0), 2_500, "refused: every slot is in use"),
    (Accept("c-1"), 4_000, ""),
    (Accept("c-2"), 5_000, ""),
    (Accept("c-3"), 6_000, ""),
    (OfferCall("v-9", "Eve", arrived_at=0), 6_500, "refused: no call while another channel is live"),
    (End("c-1"), 30_000, ""),  # by then c-4 and c-5 were counted and missed: four timers
    (Accept("c-4"), 30_500, "refused: it is missed"),
    (Clear("c-4"), 31_000, ""),
    (Clear("c-1"), 40_000, ""),
    (OfferChat("c-6", "Bob", arrived_at=0), 41_000, ""),
    (Reject("c-6"), 42_000, ""),
    (End("c-2"), 60_000, ""),
    (End("c-3"), 61_000, ""),
    *((Clear(contact), 62_000, "") for contact in ("c-2", "c-3", "c-5", "c-6")),
    (OfferCall("v-1", "Cid", arrived_at=0), 70_000, ""),
    (Accept("v-1"), 71_000, ""),
    (OfferChat("c-9", "Dan", arrived_at=0), 71_500, "refused: no chat while another channel is live"),
    (End("v-1"), 90_000, ""),
    (Clear("v-1"), 91_000, ""),
    (SetStatus(Status.AWAY), 92_000, ""),
    (OfferChat("c-9", "Dan", arrived_at=0), 93_000, "refused: the agent is away"),
)

DAY = tuple((event, at) for event, at, _ in SAID)
TAKEN = tuple((event, at) for event, at, refused in SAID if not refused)
