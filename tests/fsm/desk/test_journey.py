"""A contact between queue and desks, on real runs: what moves together, what stays on whose desk. Instants are milliseconds."""

from __future__ import annotations

import pytest

from fsm import Engine, EventRefused, Snapshot, compile
from fsm.desk import CONTACT, JOURNEY, TILE, Channel, Missed, NonResponseCounted, SlotFreed
from fsm.desk.journey import (
    Answer,
    Arrive,
    Attach,
    Break,
    Conclude,
    Decline,
    Entry,
    HandTo,
    HangUp,
    LeaveBot,
    Ring,
    SendBack,
    Tidy,
    Voice,
)
from fsm.desk.journey.transcript import Line
from fsm.desk.tile import Expire
from fsm.language.events import field_refs
from fsm.language.printing import label

THREE = compile(JOURNEY, {"agents": 3})


def ring(agent: str, channel: Channel = Channel.CHAT) -> Ring:
    return Ring(agent, channel, name="Cyd", arrived_at=0)


def hand(agent: str, to: str, channel: Channel = Channel.CHAT) -> HandTo:
    return HandTo(agent, to, channel, name="Cyd", arrived_at=0)


def after(*events: object, engine: Engine = THREE) -> Snapshot:
    """The journey after these events, one a second."""
    journey = engine.start()
    for second, event in enumerate(events):
        journey = engine.step(journey, event, at=1_000 * second).after
    return journey


def places(journey: Snapshot) -> tuple[str, dict[str, str]]:
    """Where the contact is, and its tile on each desk that has one."""
    return journey["contact"].state, {agent: tile.state for agent, tile in journey["tiles"].items()}


QUEUED = (Arrive(Entry.QUEUE, Channel.CHAT),)
CALLED = (Arrive(Entry.QUEUE, Channel.VOICE),)
RINGING = (*QUEUED, ring("ann"))
TALKING = (*RINGING, Answer("ann"))


# The offer


def test_a_journey_and_a_desk_share_their_machines() -> None:
    """The tile of a journey is the tile of a desk, not a copy of it."""
    assert [CONTACT, TILE] == [part.machine for part in JOURNEY.parts]


def test_an_agent_talks_only_after_accepting_by_hand() -> None:
    """Ringing is not talking, however long it rings (S12)."""
    assert ("offered", {"ann": "offered"}) == places(THREE.advance(after(*RINGING), to=20_999).after)
    assert ("with_agent", {"ann": "connected"}) == places(after(*TALKING))


def test_a_contact_rings_at_one_desk_at_a_time() -> None:
    """While it rings, and while it is talked to, nobody else is asked (D3)."""
    for live in (RINGING, TALKING):
        with pytest.raises(EventRefused, match="where there is no offer_to"):
            THREE.step(after(*live), ring("bob"), at=5_000)


def test_an_offer_that_expires_moves_tile_and_contact_in_one_step() -> None:
    """Time sends one event, and it leads both: no snapshot shows one moved and the other not (D3)."""
    passed = THREE.advance(after(*RINGING), to=60_000)

    (before, then) = passed.timed[-2:]
    assert ("offered", {"ann": "offered"}) == places(before.after)
    assert (Expire, 21_000, ("queued", {"ann": "missed"})) == (then.event, then.at, places(then.after))
    assert [NonResponseCounted, Missed] == [type(effect) for effect in passed.effects]


def test_a_missed_contact_waits_in_the_queue_since_the_instant_of_the_miss() -> None:
    """Tile and contact agree on when it happened (D3)."""
    missed = THREE.advance(after(*RINGING), to=60_000).after

    assert (21_000, 21_000) == (missed["contact"].since, missed["tiles"]["ann"].since)


def test_a_contact_missed_at_one_desk_is_talked_to_at_another() -> None:
    """The missed tile stays where it was, the customer does not (D3)."""
    missed = THREE.advance(after(*RINGING), to=21_000).after

    ringing = THREE.step(missed, ring("bob"), at=22_000).after
    talking = THREE.step(ringing, Answer("bob"), at=23_000).after

    assert ("with_agent", {"ann": "missed", "bob": "connected"}) == places(talking)


@pytest.mark.parametrize(
    ("holds", "left"), [(True, {"ann": "rejected"}), (False, {})], ids=["holds its slot", "gives it back"]
)
def test_a_rejected_offer_leaves_a_tile_only_where_the_profile_says_so(holds: bool, left: dict[str, str]) -> None:
    """The contact is queued again either way (D3, D4)."""
    journey = after(*RINGING, Decline("ann"), engine=compile(JOURNEY, {"rejected_holds": holds}))

    assert ("queued", left) == places(journey)


# Who may be asked again


@pytest.mark.parametrize(
    ("events", "tile"),
    [
        ((*RINGING, Decline("ann")), "rejected"),
        ((*RINGING, Break("ann")), "failed"),
        ((*TALKING, Break("ann")), "failed"),
        ((*TALKING, SendBack("ann")), "after_work"),
    ],
    ids=["declined", "broken while it rang", "broken in the talk", "sent back"],
)
def test_a_contact_is_not_offered_again_to_an_agent_who_still_holds_its_tile(
    events: tuple[object, ...], tile: str
) -> None:
    """Whatever the tile is, it keeps its own contact away from that desk, and from no other (D8)."""
    journey = after(*events)
    assert ("queued", {"ann": tile}) == places(journey)

    with pytest.raises(EventRefused, match=rf"tiles\[ann\] is {tile}, where there is no offer"):
        THREE.step(journey, ring("ann"), at=9_000)
    assert THREE.why_not(journey, ring("bob"), at=9_000) is None


def test_an_agent_who_clears_the_missed_tile_can_be_asked_again() -> None:
    """Clearing is what brings the contact back, and it tells for how long the tile was there (D8, S23)."""
    missed = THREE.advance(after(*RINGING), to=21_000).after
    assert THREE.why_not(missed, ring("ann"), at=25_000) is not None

    cleared = THREE.step(missed, Tidy("ann"), at=25_000)

    assert [(SlotFreed, 21_000, 25_000)] == [
        (type(one), one.since, one.at) for one in cleared.effects if isinstance(one, SlotFreed)
    ]
    assert ("offered", {"ann": "offered"}) == places(THREE.step(cleared.after, ring("ann"), at=26_000).after)


def test_where_every_agent_holds_its_tile_a_contact_waits_until_one_is_cleared() -> None:
    """It is in nobody's hands but not lost: any of them can clear (D8, S23)."""
    two = compile(JOURNEY, {"agents": 2})
    journey = after(*RINGING, Decline("ann"), ring("bob"), Decline("bob"), engine=two)

    assert all(two.why_not(journey, ring(agent), at=9_000) is not None for agent in ("ann", "bob"))
    assert two.why_not(two.step(journey, Tidy("bob"), at=9_000).after, ring("bob"), at=9_000) is None


def test_there_are_as_many_agents_as_the_profile_says() -> None:
    """A fourth agent's desk is none of a floor of three."""
    journey = after(*RINGING, Decline("ann"), ring("bob"), Decline("bob"), ring("cat"), Decline("cat"))

    with pytest.raises(EventRefused, match="tiles may hold 3 at most; now held: 3"):
        THREE.step(journey, ring("dan"), at=9_000)


# From one agent to the next


def test_a_hand_over_ends_one_talk_and_rings_at_the_next_desk_in_one_step() -> None:
    """After contact work here, an offer there, and the next agent accepts it by hand (S13, D11)."""
    handed = after(*TALKING, hand("ann", "bob"))
    assert ("offered", {"ann": "after_work", "bob": "offered"}) == places(handed)

    assert ("with_agent", {"ann": "after_work", "bob": "connected"}) == places(
        THREE.step(handed, Answer("bob"), at=5_000).after
    )


def test_a_hand_over_that_is_missed_leads_back_to_the_queue() -> None:
    """Not back to the agent who handed it over (D3, D11)."""
    missed = THREE.advance(after(*TALKING, hand("ann", "bob")), to=60_000).after

    assert ("queued", {"ann": "after_work", "bob": "missed"}) == places(missed)


@pytest.mark.parametrize(
    ("events", "to", "obstacle"),
    [
        (TALKING, "ann", r"tiles\[ann\] is named twice"),
        (
            (*QUEUED, ring("bob"), Decline("bob"), ring("ann"), Answer("ann")),
            "bob",
            r"tiles\[bob\] is rejected, where there is no offer",
        ),
    ],
    ids=["to oneself", "to an agent who holds its tile"],
)
def test_a_hand_over_that_cannot_ring_is_refused_and_the_talk_goes_on(
    events: tuple[object, ...], to: str, obstacle: str
) -> None:
    """Both desks move or neither does (D8, D11)."""
    talking = after(*events)

    with pytest.raises(EventRefused, match=obstacle) as refused:
        THREE.step(talking, hand("ann", to), at=5_000)
    assert places(talking) == places(refused.value.snapshot)


def test_a_contact_sent_back_is_queued_and_its_tile_in_after_contact_work() -> None:
    """One step for tile and contact (D11)."""
    assert ("queued", {"ann": "after_work"}) == places(after(*TALKING, SendBack("ann")))


# The end


@pytest.mark.parametrize(
    ("events", "tiles"),
    [
        ((Arrive(Entry.BOT, Channel.CHAT),), {}),
        ((Arrive(Entry.BOT, Channel.CHAT), LeaveBot()), {}),
        (QUEUED, {}),
        (RINGING, {"ann": "rejected"}),
        (TALKING, {"ann": "after_work"}),
        ((*RINGING, Decline("ann"), ring("bob")), {"ann": "rejected", "bob": "rejected"}),
        ((*TALKING, hand("ann", "bob")), {"ann": "after_work", "bob": "rejected"}),
        ((*TALKING, hand("ann", "bob"), Answer("bob")), {"ann": "after_work", "bob": "after_work"}),
    ],
    ids=[
        "with the bot",
        "after the bot",
        "queued",
        "ringing",
        "talking",
        "ringing at a second desk",
        "handed over",
        "with the second agent",
    ],
)
def test_a_customer_may_hang_up_wherever_the_contact_is(events: tuple[object, ...], tiles: dict[str, str]) -> None:
    """The contact ends at once; where it rang or was talked to a tile stays, until it is cleared (D12)."""
    assert ("ended", tiles) == places(after(*events, HangUp()))


def test_nobody_hangs_up_twice() -> None:
    """A contact that is not there or has ended is left alone (D12)."""
    for events in ((), (*QUEUED, HangUp())):
        assert THREE.why_not(after(*events), HangUp(), at=9_000) is not None


def test_tiles_outlast_the_contact_and_are_cleared_one_by_one() -> None:
    """What is left on the desks is the agents' to clear, and nothing else can happen (S23, D12)."""
    ended = after(*TALKING, hand("ann", "bob"), HangUp())
    assert ["tidy"] == sorted({label(one.event) for one in THREE.possible(ended, at=9_000)})

    assert ("ended", {}) == places(
        THREE.step(THREE.step(ended, Tidy("ann"), at=9_000).after, Tidy("bob"), at=9_000).after
    )


def test_an_agent_concludes_a_talk_and_finishes_up() -> None:
    """The customer's contact has ended, the agent's tile has not (S16)."""
    assert ("ended", {"ann": "after_work"}) == places(after(*TALKING, Conclude("ann")))


# Options and limits


def test_with_auto_accept_a_chat_is_connected_in_the_step_that_offers_it() -> None:
    """It never rings; a call still does (S12, an option of later versions)."""
    automatic = compile(JOURNEY, {"auto_accept": True})

    assert ("with_agent", {"ann": "connected"}) == places(after(*RINGING, engine=automatic))
    assert ("offered", {"ann": "offered"}) == places(after(*CALLED, ring("ann", Channel.VOICE), engine=automatic))


def test_with_auto_accept_a_chat_that_is_handed_over_is_connected_at_once() -> None:
    """And a call that is handed over rings."""
    automatic = compile(JOURNEY, {"auto_accept": True})
    call = (*CALLED, ring("ann", Channel.VOICE), Answer("ann"))

    assert ("with_agent", {"ann": "after_work", "bob": "connected"}) == places(
        after(*RINGING, hand("ann", "bob"), engine=automatic)
    )
    assert ("offered", {"ann": "after_work", "bob": "offered"}) == places(
        after(*call, hand("ann", "bob", Channel.VOICE), engine=automatic)
    )


@pytest.mark.parametrize(
    ("events", "offer", "rule"),
    [
        (QUEUED, ring("ann", Channel.VOICE), "an offer is on the contact's own channel"),
        (TALKING, hand("ann", "bob", Channel.VOICE), "a hand-over is on the contact's own channel"),
    ],
    ids=["an offer", "a hand-over"],
)
def test_a_chat_never_rings_as_a_call(events: tuple[object, ...], offer: object, rule: str) -> None:
    """A contact has one channel, by which it came; every desk is offered it on that one (D8)."""
    with pytest.raises(EventRefused, match=rf"{rule} \(D8\)"):
        THREE.step(after(*events), offer, at=5_000)


FILE = Attach(Voice.CUSTOMER, "Cyd", "parcel.jpg")


def test_a_file_is_refused_on_a_journey_in_words() -> None:
    """The rule says what a chat is, as at the desk (S04)."""
    with pytest.raises(EventRefused, match=r"a chat is text only \(S04\)"):
        THREE.step(after(*TALKING), FILE, at=5_000)


def test_where_files_can_be_sent_a_file_leaves_a_line_in_the_transcript() -> None:
    """Whoever accepts later sees that there is one, and whose (S04, S13, guide of 2021-01)."""
    sent = after(
        *TALKING, FILE, SendBack("ann"), ring("bob"), Answer("bob"), engine=compile(JOURNEY, {"attachments": True})
    )

    assert (Line(Voice.CUSTOMER, "Cyd", "parcel.jpg", at=3_000, file=True),) == sent["contact"].transcript.lines


def test_the_alphabet_of_a_journey_is_this() -> None:
    """A file has an event of its own, so that its refusal can say why (S04)."""
    assert {
        "ring": ("agent", "channel", "name", "arrived_at"),
        "answer": ("agent",),
        "decline": ("agent",),
        "break": ("agent",),
        "hang_up": (),
        "conclude": ("agent",),
        "send_back": ("agent",),
        "hand_to": ("agent", "to", "channel", "name", "arrived_at"),
        "tidy": ("agent",),
        "arrive": ("entry", "channel"),
        "say": ("voice", "speaker", "text"),
        "attach": ("voice", "speaker", "file"),
        "leave_bot": (),
    } == {label(event): tuple(field_refs(event)) for event in JOURNEY.events}
