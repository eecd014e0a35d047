"""A floor: what happens to a contact at an agent's desk happens to both or to neither. Instants are milliseconds."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import BadInput, Modality
from fsm.desk import (
    DESK,
    VERSIONS,
    Accept,
    Channel,
    Missed,
    NonResponseCounted,
    OfferChat,
    Rang,
    SetStatus,
    Speaker,
    Status,
)  # fmt: skip
from fsm.desk.floor import Floor, FloorRefused, FloorSnapshot
from fsm.desk.floor import events as on
from fsm.desk.floor.state import AtDesk, fewest_held
from fsm.desk.journey import JOURNEY, Entry, Voice
from fsm.desk.screen import Screen, view
from fsm.semantics.satisfaction import holds

FLOOR = Floor(["ann", "bob"])


def opened(floor: Floor = FLOOR, *contacts: str, channel: Channel = Channel.CHAT, at: int = 0) -> FloorSnapshot:
    """Everybody is available, these contacts are queued."""
    snapshot = floor.start(at)
    for agent in floor.engines:
        snapshot = floor.step(snapshot, on.SetStatus(agent, Status.AVAILABLE), at).after
    for contact in contacts:
        snapshot = floor.step(snapshot, on.Arrive(contact, Entry.QUEUE, channel, contact.upper()), at).after
    return snapshot


def after(snapshot: FloorSnapshot, *events: Any, floor: Floor = FLOOR, at: int | None = None) -> FloorSnapshot:
    for event in events:
        snapshot = floor.step(snapshot, event, snapshot.now if at is None else at).after
    return snapshot


def places(snapshot: FloorSnapshot, contact: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Where the contact is, its tiles by agent as the journey has them, and as the desks have them."""
    journey = snapshot.journeys[contact]
    there = {agent: desk["tiles"][contact].state for agent, desk in snapshot.desks.items() if contact in desk["tiles"]}
    return journey["contact"].state, {agent: tile.state for agent, tile in journey["tiles"].items()}, there


def refusal(snapshot: FloorSnapshot, event: Any, at: int, floor: Floor = FLOOR) -> FloorRefused:
    with pytest.raises(FloorRefused) as refused:
        floor.step(snapshot, event, at)
    return refused.value


# Both, or neither


def test_an_offer_rings_at_the_desk_and_on_the_journey() -> None:
    """With the contact's name and the instant at which it arrived (S01, S14)."""
    snapshot = opened(FLOOR, "c-1", at=7)

    step = FLOOR.step(snapshot, on.Offer("c-1", "bob"), 50)

    assert ("offered", {"bob": "offered"}, {"bob": "offered"}) == places(step.after, "c-1")
    tile = step.after.desks["bob"]["tiles"]["c-1"]
    assert ("C-1", 7, 50) == (tile.name, tile.arrived_at, tile.since)
    assert (AtDesk("bob", Rang("c-1", "C-1", Channel.CHAT, 50)),) == step.effects


def test_an_offer_expires_on_both_at_the_same_instant() -> None:
    """Counted at 15 s, missed at 20 s; the contact is queued again and the tile stays (D3)."""
    ringing = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"))
    assert 15_000 == FLOOR.due(ringing)

    counted = FLOOR.advance(ringing, 15_000)
    missed = FLOOR.advance(counted.after, 90_000)

    assert (AtDesk("ann", NonResponseCounted("c-1", Channel.CHAT, 0, 15_000)),) == counted.effects
    assert (AtDesk("ann", Missed("c-1", Channel.CHAT, 0, 20_000)),) == missed.effects
    assert ("queued", {"ann": "missed"}, {"ann": "missed"}) == places(missed.after, "c-1")
    assert (
        20_000 == missed.after.journeys["c-1"]["tiles"]["ann"].since == missed.after.desks["ann"]["tiles"]["c-1"].since
    )
    assert (90_000, None) == (missed.after.now, missed.after.due)
    assert missed.after == FLOOR.advance(ringing, 90_000).after
    assert after(missed.after, on.Offer("c-1", "bob")).journeys["c-1"]["contact"].state == "offered"


def test_two_offers_that_end_at_once_end_in_the_order_of_the_staff() -> None:
    """Whoever was offered a contact first."""
    ringing = after(opened(FLOOR, "c-1", "c-2"), on.Offer("c-1", "bob"), on.Offer("c-2", "ann"))

    assert ["ann", "bob"] == [one.agent for one in FLOOR.advance(ringing, 15_000).effects]


def test_what_the_desk_refuses_does_not_happen_to_the_contact() -> None:
    """No call while a chat is held: the contact stays queued, and the refusal is the desk's own (S06)."""
    snapshot = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"), on.Arrive("v-1", Entry.QUEUE, Channel.VOICE, "Vera"))

    refused = refusal(snapshot, on.Offer("v-1", "ann"), 5)

    assert ["desk ann"] == [one.who for one in refused.objections]
    assert "no call while another channel is live (S06)" in str(refused)
    assert str(refused).startswith(
        "offer(contact='v-1', agent='ann') is refused on the floor.\n  desk ann: offer_call("
    )
    assert snapshot._replace(now=5) == refused.snapshot


def test_what_the_journey_refuses_does_not_happen_at_the_desk() -> None:
    """A contact that rings at one desk is not offered at another (D8)."""
    snapshot = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"))

    refused = refusal(snapshot, on.Offer("c-1", "bob"), 0)

    assert ["journey c-1"] == [one.who for one in refused.objections]
    assert snapshot == refused.snapshot


def test_everyone_who_stands_in_the_way_is_named() -> None:
    """A contact that nobody knows is accepted by nobody."""
    refused = refusal(opened(), on.Accept("c-1", "ann"), 3)

    assert ["desk ann", "journey c-1"] == [one.who for one in refused.objections]


def test_a_refusal_carries_what_time_did() -> None:
    """An accept at 20 s is too late; by then the offer was counted and missed."""
    ringing = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"))

    refused = refusal(ringing, on.Accept("c-1", "ann"), 20_000)

    assert [NonResponseCounted, Missed] == [type(one.effect) for one in refused.effects]
    assert FLOOR.advance(ringing, 20_000).after == refused.snapshot


def test_time_and_then_the_event_is_both_at_once() -> None:
    """The law of the engines holds of the floor."""
    ringing = after(opened(FLOOR, "c-1", "c-2"), on.Offer("c-1", "ann"))
    routed = FLOOR.step(ringing, on.Route("c-2"), 16_000)

    passed = FLOOR.advance(ringing, 16_000)
    assert routed.after == FLOOR.step(passed.after, on.Route("c-2"), 16_000).after
    assert routed.effects[: len(passed.effects)] == passed.effects


# The way of a contact


def test_a_contact_is_served_and_forgotten() -> None:
    """From the bot to its end; the transcript keeps what was said, the desk's text timer hears customer and agent (S13, S15)."""
    snapshot = after(
        opened(), on.Arrive("c-1", Entry.BOT, Channel.CHAT, "Cem"), on.Say("c-1", Voice.BOT, "Lex", "hello"), on.LeaveBot("c-1"), on.Route("c-1"),
        on.Say("c-1", Voice.CUSTOMER, "Cem", "anybody?"), on.Accept("c-1", "ann"),
    )  # fmt: skip
    snapshot = after(snapshot, on.Say("c-1", Voice.AGENT, "Ann", "here"), at=4_000)

    journey = FLOOR.contact(snapshot, "c-1")
    assert journey is not None
    assert ["hello", "anybody?", "here"] == [line.text for line in journey["contact"].transcript.lines]
    assert (4_000, Speaker.AGENT) == (
        snapshot.desks["ann"]["tiles"]["c-1"].last_text_at,
        snapshot.desks["ann"]["tiles"]["c-1"].speaker,
    )

    over = after(snapshot, on.End("c-1", "ann"), on.Clear("c-1", "ann"))
    assert (None, {}, {}) == (FLOOR.contact(over, "c-1"), dict(over.journeys), dict(over.callers))


SPOKEN = {
    "nothing": ((), 60_000),
    "waiting": ((10_000,), 10_000),
    "waiting and ringing": ((10_000, 55_000), 55_000),
    "at the first instant of all": ((0,), 0),
}


@pytest.mark.parametrize(("lines", "since"), SPOKEN.values(), ids=SPOKEN)
def test_the_text_timer_counts_from_the_latest_text_also_of_a_customer_who_waits(
    lines: tuple[int, ...], since: int
) -> None:
    """Only where nothing was written it counts from the moment of connecting (S15, D15)."""
    said = [(at, on.Say("c-1", Voice.CUSTOMER, "Cem", "hello?")) for at in lines]
    for floor, offered in ((FLOOR, 50_000), (Floor(["ann"], {"auto_accept": True}), 60_000)):
        connected = [] if offered == 60_000 else [(60_000, on.Accept("c-1", "ann"))]
        snapshot = opened(floor, "c-1")
        for at, event in sorted([*said, (offered, on.Offer("c-1", "ann")), *connected], key=lambda one: one[0]):
            snapshot = after(snapshot, event, floor=floor, at=at)

        seen = view(floor.engines["ann"], floor.desk(snapshot, "ann"), 61_000, Screen())

        assert [61_000 - since] == [tab.since_text for tab in seen.tabs]


def test_a_text_that_lies_ahead_by_another_clock_shows_no_time() -> None:
    """Whoever tells a desk alone of the texts may have another clock (S15)."""
    desk = FLOOR.engines["ann"]
    snapshot = desk.start()
    for event in (SetStatus(Status.AVAILABLE), OfferChat("c-1", "Cem", 0), Accept("c-1", last_text_at=99)):
        snapshot = desk.step(snapshot, event, 7).after

    assert [0] == [tab.since_text for tab in view(desk, snapshot, 8, Screen()).tabs]


WRITERS = {
    "who holds it": (on.Say("c-1", Voice.AGENT, "Ann A.", "hello", agent="ann"), None),
    "who holds it, by a name of their own": (on.Say("c-1", Voice.AGENT, "Ann A.", "hello"), None),
    "another": (on.Say("c-1", Voice.AGENT, "Bob B.", "hello", agent="bob"), ["desk bob"]),
    "another, whose id is shown": (on.Say("c-1", Voice.AGENT, "bob", "hello"), ["desk bob"]),
    "another, by the name of who holds it": (on.Say("c-1", Voice.AGENT, "ann", "hello", agent="bob"), ["desk bob"]),
    "a customer called like an agent": (on.Say("c-1", Voice.CUSTOMER, "bob", "hello"), None),
    "a file of another": (on.Attach("c-1", Voice.AGENT, "Bob B.", "a.pdf", agent="bob"), ["desk bob"]),
}


@pytest.mark.parametrize(("said", "who"), WRITERS.values(), ids=WRITERS)
def test_an_agent_writes_to_those_contacts_that_the_agent_holds(said: Any, who: list[str] | None) -> None:
    """A line of anybody else's is in no transcript, and no text timer starts again (D20)."""
    floor = Floor(["ann", "bob"], {"attachments": True})
    talking = after(opened(floor, "c-1"), on.Offer("c-1", "ann"), on.Accept("c-1", "ann"), floor=floor)
    if who is None:
        assert 1 == len(after(talking, said, floor=floor).journeys["c-1"]["contact"].transcript.lines)
        return

    refused = refusal(talking, said, 5, floor)

    assert (who, ()) == ([one.who for one in refused.objections], refused.effects)
    assert talking._replace(now=5) == refused.snapshot


def test_an_agent_who_works_elsewhere_writes_to_nobody() -> None:
    """Bad input, as wherever an agent is named (D20)."""
    talking = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"), on.Accept("c-1", "ann"))

    with pytest.raises(BadInput, match="'eve' is nobody of the staff"):
        FLOOR.step(talking, on.Say("c-1", Voice.AGENT, "Eve", "hello", agent="eve"), 5)


def test_a_contact_is_handed_over_in_one_step() -> None:
    """After contact work at one desk, ringing at the other (D11); to oneself it is refused."""
    talking = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"), on.Accept("c-1", "ann"))

    handed = after(talking, on.HandOver("c-1", "ann", "bob"))

    tiles = {"ann": "after_work", "bob": "offered"}
    assert ("offered", tiles, tiles) == places(handed, "c-1")
    left = {"ann": "after_work", "bob": "rejected"}
    assert ("ended", left, left) == places(after(handed, on.HangUp("c-1")), "c-1")
    assert ["desk ann", "journey c-1"] == [
        one.who for one in refusal(talking, on.HandOver("c-1", "ann", "ann"), 0).objections
    ]


@pytest.mark.parametrize(
    ("event", "state", "tile"),
    [
        (on.SendBack("c-1", "ann"), "queued", "after_work"),
        (on.Fail("c-1", "ann"), "queued", "failed"),
        (on.End("c-1", "ann"), "ended", "after_work"),
        (on.HangUp("c-1"), "ended", "after_work"),
    ],
    ids=["sent back", "broken", "ended", "hung up"],
)
def test_a_talk_ends_on_both_sides(event: Any, state: str, tile: str) -> None:
    """However it ends (D4, D11, D12)."""
    talking = after(opened(FLOOR, "c-1"), on.Offer("c-1", "ann"), on.Accept("c-1", "ann"))

    assert (state, {"ann": tile}, {"ann": tile}) == places(after(talking, event), "c-1")


def test_a_customer_may_leave_while_waiting_and_while_it_rings() -> None:
    """Nothing is left of one who waited; one who left while it rang leaves a tile (D12)."""
    snapshot = after(opened(FLOOR, "c-1", "c-2"), on.Offer("c-1", "ann"), on.HangUp("c-1"), on.HangUp("c-2"))

    assert ("ended", {"ann": "rejected"}, {"ann": "rejected"}) == places(snapshot, "c-1")
    assert ["c-1"] == list(snapshot.callers)
    assert ["journey c-9"] == [one.who for one in refusal(snapshot, on.HangUp("c-9"), 0).objections]


def test_a_status_that_clears_tiles_clears_them_on_both_sides() -> None:
    """Where the guide lets a status wait, choosing one clears after contact work (D6)."""
    (version,) = (one for one in VERSIONS if one.name == "next-status")
    floor = Floor(["ann", "bob"], version.values)
    snapshot = after(
        opened(floor, "c-1", "c-2"),
        on.Offer("c-1", "ann"),
        on.Accept("c-1", "ann"),
        on.SendBack("c-1", "ann"),
        floor=floor,
    )

    tidy = after(snapshot, on.SetStatus("ann", Status.AWAY), floor=floor)

    assert ("queued", {}, {}) == places(tidy, "c-1")


def test_a_file_is_refused_where_a_chat_is_text_only() -> None:
    """In the words of the rule (S04); later versions take it."""
    events = (on.Offer("c-1", "ann"), on.Accept("c-1", "ann"))
    sent = on.Attach("c-1", Voice.CUSTOMER, "Cyd", "a.pdf")
    assert "a chat is text only (S04)" in str(refusal(after(opened(FLOOR, "c-1"), *events), sent, 0))

    floor = Floor(["ann"], {"attachments": True})
    taken = after(opened(floor, "c-1"), *events, sent, floor=floor, at=9)
    assert taken.desks["ann"]["tiles"]["c-1"].last_text_at == 9
    assert ["a.pdf"] == [line.text for line in taken.journeys["c-1"]["contact"].transcript.lines if line.file]


# Calls that agents place


CALLING = Floor(["ann", "bob"], {"outbound_calls": True})


def called(*contacts: str) -> FloorSnapshot:
    """Ann has placed a call; these contacts are queued."""
    return after(opened(CALLING, *contacts), on.PlaceCall("o-1", "ann", "Olga"), floor=CALLING)


def test_a_call_that_an_agent_places_is_a_matter_of_the_desk_alone() -> None:
    """Beside a chat, without a journey, until it is cleared (D2)."""
    talking = after(called("c-1"), on.Offer("c-1", "bob"), on.PlaceCall("o-2", "bob", "Otto"), floor=CALLING)

    assert {"o-1": "ann", "o-2": "bob"} == talking.placed
    assert ["c-1"] == list(talking.journeys)
    assert {"c-1": "offered", "o-2": "connected"} == {
        contact: tile.state for contact, tile in talking.desks["bob"]["tiles"].items()
    }
    assert ("ann", "bob") == talking.idle
    assert "outbound calls are switched on (D2)" in str(refusal(opened(), on.PlaceCall("o-1", "ann", "Olga"), 0))


@pytest.mark.parametrize(
    ("event", "state"),
    [(on.End("o-1", "ann"), "after_work"), (on.HangUp("o-1"), "after_work"), (on.Fail("o-1", "ann"), "failed")],
    ids=["ended", "hung up", "broken"],
)
def test_a_placed_call_ends_and_is_cleared(event: Any, state: str) -> None:
    """However it ends; then its id is free again."""
    over = after(called(), event, floor=CALLING)
    assert (state, {"o-1": "ann"}, ("bob", "ann")) == (over.desks["ann"]["tiles"]["o-1"].state, over.placed, over.idle)

    gone = after(over, on.Clear("o-1", "ann"), floor=CALLING)
    assert ({}, {}) == (dict(gone.placed), dict(gone.desks["ann"]["tiles"]))
    assert (
        "queued"
        == after(gone, on.Arrive("o-1", Entry.QUEUE, Channel.CHAT, "Olga"), floor=CALLING)
        .journeys["o-1"]["contact"]
        .state
    )


def test_a_status_that_clears_tiles_clears_placed_calls_too() -> None:
    """They have no journey that could be told (D6)."""
    floor = Floor(["ann"], {"outbound_calls": True, "next_status": True})
    over = after(opened(floor), on.PlaceCall("o-1", "ann", "Olga"), on.End("o-1", "ann"), floor=floor)

    assert {} == dict(after(over, on.SetStatus("ann", Status.AWAY), floor=floor).placed)


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (on.Arrive("o-1", Entry.QUEUE, Channel.CHAT, "Olga"), ["desk ann"]),
        (on.PlaceCall("o-1", "bob", "Olga"), ["desk ann"]),
        (on.PlaceCall("o-1", "ann", "Olga"), ["desk ann"]),
        (on.PlaceCall("c-1", "bob", "Cem"), ["journey c-1"]),
        (on.Route("o-1"), ["journey o-1"]),
        (on.SendBack("o-1", "ann"), ["journey o-1"]),
        (on.HandOver("o-1", "ann", "bob"), ["journey o-1"]),
        (on.Say("o-1", Voice.AGENT, "Ann", "hello"), ["journey o-1"]),
        (on.Attach("o-1", Voice.AGENT, "Ann", "a.pdf"), ["journey o-1"]),
    ],
    ids=lambda given: "" if isinstance(given, list) else type(given).__name__,
)
def test_an_id_stands_for_one_thing(event: Any, who: list[str]) -> None:
    """A placed call is no contact that waits, and no contact is called by an id that somebody has."""
    snapshot = called("c-1")

    refused = refusal(snapshot, event, 0, CALLING)

    assert who == [one.who for one in refused.objections]
    assert snapshot == refused.snapshot


# Routing


def test_who_is_available_already_keeps_the_place_among_those_who_wait() -> None:
    """Choosing the status once more makes nobody busy; becoming Available does."""
    snapshot = after(opened(), on.SetStatus("ann", Status.AVAILABLE))
    assert ("ann", "bob") == snapshot.idle

    assert ("bob", "ann") == after(
        snapshot, on.SetStatus("ann", Status.AWAY), on.SetStatus("ann", Status.AVAILABLE)
    ).idle


def test_the_longest_idle_agent_is_asked_first() -> None:
    """Whoever had something new last is asked last."""
    snapshot = opened(Floor(["ann", "bob", "cyd"]), "c-1", "c-2", "c-3")
    assert ("ann", "bob", "cyd") == snapshot.idle

    snapshot = after(
        snapshot,
        on.Route("c-1"),
        on.Route("c-2"),
        on.Accept("c-1", "ann"),
        on.End("c-1", "ann"),
        floor=Floor(["ann", "bob", "cyd"]),
    )

    assert ("cyd", "bob", "ann") == snapshot.idle


def test_an_agent_who_does_not_take_the_contact_is_passed_over() -> None:
    """Ann is away, so it rings at Bob's."""
    snapshot = after(opened(FLOOR, "c-1"), on.SetStatus("ann", Status.AWAY), on.Route("c-1"))

    assert ("offered", {"bob": "offered"}, {"bob": "offered"}) == places(snapshot, "c-1")


def test_a_contact_that_nobody_takes_stays_in_the_queue() -> None:
    """Every agent who was asked says why not."""
    snapshot = after(opened(FLOOR, "c-1"), on.SetStatus("ann", Status.AWAY), on.SetStatus("bob", Status.OFFLINE))

    refused = refusal(snapshot, on.Route("c-1"), 4)

    assert ["desk ann", "desk bob"] == [one.who for one in refused.objections]
    assert "only an available agent is offered contacts (S01)" in str(refused)
    assert ["journey c-9"] == [one.who for one in refusal(opened(), on.Route("c-9"), 0).objections]


def test_the_caller_supplies_the_routing() -> None:
    """Any function of the floor and the contact; one that names nobody finds nobody."""
    floor = Floor(["ann", "bob"], routing=lambda snapshot, contact: ["bob"])
    assert {"bob": "offered"} == places(after(opened(floor, "c-1"), on.Route("c-1"), floor=floor), "c-1")[1]

    floor = Floor(["ann", "bob"], routing=lambda snapshot, contact: ())
    assert str(refusal(opened(floor, "c-1"), on.Route("c-1"), 0, floor)).endswith("\n  the routing named nobody")


def test_the_agent_with_the_fewest_contacts_can_be_asked_first() -> None:
    """Ann is idle for longest and has a tile; Bob has none."""
    floor = Floor(["ann", "bob"], routing=fewest_held)
    snapshot = after(
        opened(floor, "c-1", "c-2"),
        on.Offer("c-1", "ann"),
        on.SetStatus("bob", Status.AVAILABLE),
        on.Route("c-2"),
        floor=floor,
    )

    assert {"bob": "offered"} == places(snapshot, "c-2")[1]


def test_each_agent_has_a_routing_profile() -> None:
    """What an administrator sets for one agent is no matter of the others (S02, D13)."""
    floor = Floor({"ann": {"max_chats": 1}, "bob": {}}, {"max_chats": 2})
    snapshot = after(
        opened(floor, "c-1", "c-2", "c-3", "c-4"), *(on.Route(f"c-{number}") for number in (1, 2, 3)), floor=floor
    )

    assert [1, 2] == [len(desk["tiles"]) for desk in snapshot.desks.values()]
    assert 2 == len(refusal(snapshot, on.Route("c-4"), 0, floor).objections)


# What cannot be meant


@pytest.mark.parametrize(
    ("staff", "profile", "said"),
    [
        ([], {}, "staff: is empty"),
        (["ann", "ann"], {}, "staff: 'ann' stands twice"),
        ([7], {}, "staff: 7 is no agent's id"),
        ([["ann"]], {}, "staff: ['ann'] is no agent's id"),
        ({"ann": {"accept_window": 5}}, {}, "staff.ann.accept_window: is the same for every agent"),
        (["ann"], {"max_chat": 5}, "profile.max_chat: desk has no such parameter"),
    ],
)
def test_a_floor_that_cannot_be_is_refused(staff: Any, profile: Any, said: str) -> None:
    """Where it is made."""
    with pytest.raises(BadInput) as wrong:
        Floor(staff, profile)

    assert str(wrong.value).startswith(said)


@pytest.mark.parametrize(
    ("event", "at", "said"),
    [
        (on.Accept("c-1", "dan"), 5, "agent: 'dan' is nobody of the staff"),
        (on.Accept("c-1", 3), 5, "accept.agent: 3 is not"),  # type: ignore[arg-type]
        (on.Arrive("c-1", "bot", Channel.CHAT, ""), 5, "arrive.entry: 'bot' is not"),  # type: ignore[arg-type]
        ("accept", 5, "event: 'accept' is no event of a floor. Its events: route, arrive"),
        (on.HangUp("c-1"), 4, "at: 4 lies before the floor's 5"),
        (on.HangUp("c-1"), 5.0, "at: 5.0 is not an instant"),
        pytest.param(
            on.HangUp("c-1"), 10**4_300, "at: <an integer of about 4,301 digits> is not an instant", id="endless"
        ),
    ],
)
def test_an_argument_that_nothing_could_make_right_is_told(event: Any, at: Any, said: str) -> None:
    """As by the engines."""
    with pytest.raises(BadInput) as wrong:
        FLOOR.step(opened(FLOOR, "c-1", at=5), event, at)

    assert str(wrong.value).startswith(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "None is no snapshot of a floor"),
        (FLOOR.engines["ann"].start(), "is no snapshot of a floor"),
        (Floor(["ann", "cyd"]).start(), "is of a floor with other agents or other parameters. This one has: ann, bob"),
        (Floor(["bob", "ann"]).start(), "is of a floor with other agents"),
        (
            Floor(["ann", "bob"], {"accept_window": 30_000}).start(),
            "is of a floor with other agents or other parameters",
        ),
    ],
    ids=["nothing", "a desk", "other agents", "another order", "other durations"],
)
@pytest.mark.parametrize(
    "ask",
    [
        lambda given: FLOOR.step(given, on.Arrive("c-1", Entry.QUEUE, Channel.CHAT, "Cem"), 0),
        lambda given: FLOOR.advance(given, 0),
        lambda given: FLOOR.due(given),
        lambda given: FLOOR.desk(given, "ann"),
        lambda given: FLOOR.contact(given, "c-1"),
    ],
    ids=["step", "advance", "due", "desk", "contact"],
)
def test_a_snapshot_of_another_floor_is_refused(ask: Any, given: Any, said: str) -> None:
    """Whatever is asked."""
    with pytest.raises(BadInput) as wrong:
        ask(given)

    assert str(wrong.value).startswith("snapshot: ")
    assert said in str(wrong.value)


def test_a_floor_made_alike_goes_on() -> None:
    """Another process has another object, of the same agents and parameters."""
    snapshot = opened(Floor(["ann", "bob"]), "c-1")

    assert after(opened(FLOOR, "c-1"), on.Route("c-1")) == after(snapshot, on.Route("c-1"))


def test_looking_at_a_desk_or_a_contact_is_looking_at_the_floors_instant() -> None:
    """Time that changed nothing is not written anywhere, and is there when somebody looks."""
    snapshot = FLOOR.advance(opened(FLOOR, "c-1"), 9_000).after
    contact = FLOOR.contact(snapshot, "c-1")

    assert (0, 9_000) == (snapshot.desks["ann"].now, FLOOR.desk(snapshot, "ann").now)
    assert contact is not None and 9_000 == contact.now
    with pytest.raises(BadInput, match="nobody of the staff"):
        FLOOR.desk(snapshot, "dan")
    assert "Floor(2 agents)" == repr(FLOOR)


# What can happen, and what can always be had again


def test_what_is_reachable_and_recoverable_is_there_on_a_floor() -> None:
    """Twenty agents, two hundred contacts: each situation that a claim says can come about does, and at the end every contact was served."""
    staff = [f"a-{number}" for number in range(20)]
    claims = [
        claim
        for system in (DESK, JOURNEY)
        for claim in system.properties
        if claim.modality in (Modality.REACHABLE, Modality.RECOVERABLE)
    ]
    seen: set[str] = set()

    def shift(profile: dict[str, Any], *said: Any, channel: Channel = Channel.CHAT) -> None:
        floor = Floor(staff, profile)
        snapshot = opened(floor, *(f"c-{number}" for number in range(200)), channel=channel)
        for event in said:
            snapshot = (
                floor.advance(snapshot, snapshot.now + event).after
                if isinstance(event, int)
                else after(snapshot, event, floor=floor)
            )
            for engine, one in [
                (floor.engines["a-0"], floor.desk(snapshot, "a-0")),
                (floor.journey, floor.contact(snapshot, "c-0")),
            ]:
                if one is not None:
                    seen.update(
                        claim.sentence
                        for claim in claims
                        if claim in engine.system.properties and holds(engine, claim.formula, one, {})
                    )

    first = (on.Offer("c-0", "a-0"), on.Accept("c-0", "a-0"))
    shift({}, *first, on.Fail("c-0", "a-0"), on.Clear("c-0", "a-0"), on.Offer("c-1", "a-0"), on.Reject("c-1", "a-0"))
    shift(
        {},
        on.Offer("c-0", "a-0"),
        20_000,
        on.Offer("c-0", "a-1"),
        on.Accept("c-0", "a-1"),
        on.End("c-0", "a-1"),
        on.Clear("c-0", "a-0"),
    )
    shift({"max_chats": 2}, on.Offer("c-0", "a-0"), on.Offer("c-1", "a-0"), 20_000)
    shift({}, on.Offer("c-0", "a-0"), 17_000, on.Accept("c-0", "a-0"), on.End("c-0", "a-0"))
    shift({}, *(said for agent in staff for said in (on.Offer("c-0", agent), 20_000)))
    shift({"non_response_after": 19_999}, on.Offer("c-0", "a-0"), 19_999, on.Accept("c-0", "a-0"))
    shift({}, on.Offer("c-0", "a-0"), channel=Channel.VOICE)

    shift({"outbound_calls": True}, *first, on.PlaceCall("call-0", "a-0", "Customer"))

    assert {claim.sentence for claim in claims} == seen
