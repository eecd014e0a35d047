"""Facts of the guide, told as short scenes at a desk that runs. Instants are milliseconds."""

from __future__ import annotations

import pytest

from fsm import BadInput, EventRefused, Snapshot, compile
from fsm.desk import (
    DESK, Abandon, Accept, Channel, Clear, End, NonResponseCounted, OfferCall, OfferChat, Reject, SetStatus, SlotFreed, Status,
)  # fmt: skip
from fsm.engine import Engine

SEED = compile(DESK)


def available(desk: Engine = SEED) -> Snapshot:
    """A desk whose agent has just become Available, at instant 0."""
    return desk.step(desk.start(), SetStatus(Status.AVAILABLE), at=0).after


def chat(contact: str) -> OfferChat:
    return OfferChat(contact, name=contact.upper(), arrived_at=0)


def call(contact: str) -> OfferCall:
    return OfferCall(contact, name=contact.upper(), arrived_at=0)


def states(snapshot: Snapshot) -> dict[str, str]:
    """Each contact on the desk with the state of its tile."""
    return {contact: tile.state for contact, tile in snapshot["tiles"].items()}


def test_a_sixth_chat_is_refused() -> None:
    """Five chats at once is the most (S02)."""
    desk = available()
    for number in range(1, 6):
        desk = SEED.step(desk, chat(f"c-{number}"), at=number).after

    with pytest.raises(EventRefused, match="a chat slot is free"):
        SEED.step(desk, chat("c-6"), at=6)


def test_no_administrator_can_allow_six_chats() -> None:
    """The limit is the administrator's, up to five (S02)."""
    with pytest.raises(BadInput, match="no more chats than the vendor does"):
        compile(DESK, {"max_chats": 6})


def test_an_offer_can_be_accepted_until_twenty_seconds_have_passed() -> None:
    """At 19.999 s the agent's hand is in time, at 20 s the contact is missed (S10)."""
    ringing = SEED.step(available(), chat("ann"), at=0).after

    assert {"ann": "connected"} == states(SEED.step(ringing, Accept("ann"), at=19_999).after)
    with pytest.raises(EventRefused) as late:
        SEED.step(ringing, Accept("ann"), at=20_000)
    assert {"ann": "missed"} == states(late.value.snapshot)


def test_a_chat_missed_during_another_stays_on_the_desk() -> None:
    """A second chat that is not accepted leaves a tile that says missed; the first one goes on (S11)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after
    ringing = SEED.step(talking, chat("bob"), at=2_000).after

    assert {"ann": "connected", "bob": "missed"} == states(SEED.advance(ringing, to=60_000).after)


def test_an_agent_who_walks_away_is_offered_chats_until_every_slot_is_missed() -> None:
    """Nobody answers, the status stays Available: each chat is counted after 15 s and keeps its slot (S18, S21, S22)."""
    two_slots = compile(DESK, {"max_chats": 2})
    first = two_slots.step(available(two_slots), chat("ann"), at=0).after
    second = two_slots.step(first, chat("bob"), at=30_000)
    alone = two_slots.advance(second.after, to=60_000)

    counted = [effect.at for effect in second.effects + alone.effects if isinstance(effect, NonResponseCounted)]
    assert [15_000, 45_000] == counted
    assert {"ann": "missed", "bob": "missed"} == states(alone.after)
    assert two_slots.why_not(alone.after, chat("cyd"), at=60_000) is not None


def test_a_non_response_is_counted_once_with_its_instants() -> None:
    """The effect says which contact, since when it rang and when it was counted (S19)."""
    ringing = SEED.step(available(), chat("ann"), at=5_000).after

    counted = [effect for effect in SEED.advance(ringing, to=100_000).effects if isinstance(effect, NonResponseCounted)]
    assert [NonResponseCounted("ann", Channel.CHAT, offered_at=5_000, at=20_000)] == counted


def test_an_offer_accepted_at_seventeen_seconds_was_counted() -> None:
    """Between the two times an offer is counted and can still be accepted (D1)."""
    accepted = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=17_000)

    assert {"ann": "connected"} == states(accepted.after)
    assert [NonResponseCounted("ann", Channel.CHAT, offered_at=0, at=15_000)] == list(accepted.effects)


def test_a_missed_tile_knows_since_when_it_is_there() -> None:
    """What an agent who returns wants to see: missed, and for how long (S20)."""
    ringing = SEED.step(available(), chat("ann"), at=1_000).after

    tile = SEED.advance(ringing, to=600_000).after["tiles"]["ann"]
    assert ("missed", 21_000) == (tile.state, tile.since)


def test_a_tile_knows_since_when_it_is_in_after_contact_work() -> None:
    """After contact work has a time of its own, which starts when the conversation ends (S17)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after

    tile = SEED.step(talking, End("ann"), at=90_000).after["tiles"]["ann"]
    assert ("after_work", 90_000) == (tile.state, tile.since)


def test_clearing_a_missed_contact_lets_the_next_chat_in() -> None:
    """The one slot is taken by a missed contact; clearing it, and that alone, frees it (S23)."""
    one_slot = compile(DESK, {"max_chats": 1})
    missed = one_slot.advance(one_slot.step(available(one_slot), chat("ann"), at=0).after, to=20_000).after
    assert one_slot.why_not(missed, chat("bob"), at=20_000) is not None

    cleared = one_slot.step(missed, Clear("ann"), at=30_000)

    assert (SlotFreed("ann", Channel.CHAT, since=20_000, at=30_000),) == cleared.effects
    assert {"bob": "offered"} == states(one_slot.step(cleared.after, chat("bob"), at=30_000).after)


@pytest.mark.parametrize(("holds", "left"), [(True, {"ann": "rejected"}), (False, {})], ids=["holds its slot", "gives it back"])
def test_a_rejected_offer_gives_its_slot_back_only_where_the_profile_says_so(holds: bool, left: dict[str, str]) -> None:
    """A rejected offer stays until it is cleared, unless the profile decides otherwise (D4)."""
    desk = compile(DESK, {"rejected_holds": holds})
    ringing = desk.step(available(desk), chat("ann"), at=0).after

    assert left == states(desk.step(ringing, Reject("ann"), at=1_000).after)


@pytest.mark.parametrize("status", [Status.AWAY, Status.OFFLINE])
def test_a_status_change_sends_no_contact_away(status: Status) -> None:
    """What rings and what is live stays as it is; only new contacts are kept out (D6)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after
    ringing = SEED.step(talking, chat("bob"), at=2_000).after

    gone = SEED.step(ringing, SetStatus(status), at=3_000).after

    assert {"ann": "connected", "bob": "offered"} == states(gone)
    assert SEED.why_not(gone, chat("cyd"), at=3_000) is not None


def test_a_contact_whose_tile_is_held_is_not_offered_again() -> None:
    """A contact is on a desk once: not again while its missed tile is there, on no channel (D8)."""
    missed = SEED.advance(SEED.step(available(), chat("ann"), at=0).after, to=20_000).after

    assert SEED.why_not(missed, chat("ann"), at=20_000) is not None
    assert SEED.why_not(missed, call("ann"), at=20_000) is not None


def test_a_missed_call_keeps_calls_away_until_it_is_cleared() -> None:
    """A missed call is a missed tile in the one voice slot (D9)."""
    missed = SEED.advance(SEED.step(available(), call("ann"), at=0).after, to=20_000).after

    with pytest.raises(EventRefused, match="the voice slot is free"):
        SEED.step(missed, call("bob"), at=20_000)
    cleared = SEED.step(missed, Clear("ann"), at=21_000).after
    assert {"bob": "offered"} == states(SEED.step(cleared, call("bob"), at=21_000).after)


def test_a_customer_who_leaves_while_it_rings_leaves_a_tile_behind() -> None:
    """The slot stays taken until the agent clears it (D12)."""
    ringing = SEED.step(available(), chat("ann"), at=0).after

    assert {"ann": "rejected"} == states(SEED.step(ringing, Abandon("ann"), at=1_000).after)


def test_a_profile_without_voice_and_chats_is_routed_nothing() -> None:
    """A routing profile may switch every channel off (D13)."""
    silent = compile(DESK, {"voice": False, "max_chats": 0})
    desk = available(silent)

    assert silent.why_not(desk, chat("ann"), at=0) is not None
    assert silent.why_not(desk, call("ann"), at=0) is not None
