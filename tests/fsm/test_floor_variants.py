"""A floor whose desks and journeys are variants: what a tile does otherwise it does on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import KEY, NOW, SINCE, BadInput, Event, Field, State, wire
from fsm.desk import AGENT, DESK, JOURNEY, TILE, Channel, SlotFreed, Status, agent, tile
from fsm.desk.floor import Floor, FloorRefused, FloorSnapshot, Moves
from fsm.desk.floor import events as on
from fsm.desk.journey import Entry, Voice
from fsm.variants import Variant, varied

MINUTE = 60_000
on_hold = State("on_hold")


class WorkEnds(Event):
    """Sent by time."""


class Hold(Event):
    contact: Field[str]


class HoldAt(Event):
    contact: Field[str]
    agent: Field[str]


MINUTES = Variant(
    "after-contact work ends by itself", TILE,
    adds=(tile.after_work.after(MINUTE, WorkEnds).to(tile.free).emits(SlotFreed, contact=KEY, channel=tile.channel, since=SINCE, at=NOW),),
)  # fmt: skip
HOLD = Variant(
    "hold", TILE, adds=(on_hold, tile.connected.on(Hold).to(on_hold), on_hold.on(tile.End).to(tile.after_work))
)
at_agents = varied(JOURNEY, HOLD).part("tiles")
ON_JOURNEY = Variant(
    "hold on the journey", JOURNEY, machines=(HOLD,),
    adds=(wire(HoldAt, at_agents[HoldAt.agent].by(Hold, contact=HoldAt.contact)),),
)  # fmt: skip


def told(snapshot: FloorSnapshot, said: Any) -> Moves:
    """Both are told, each by its own event."""
    return Moves(((said.agent, Hold, said),), (said.contact, HoldAt, said))


FLOOR = Floor(
    ["ann", "bob"], {"outbound_calls": True}, variants=(MINUTES, HOLD, ON_JOURNEY), translations={HoldAt: told}
)


def after(*events: tuple[int, Any]) -> FloorSnapshot:
    """Ann is available, and a chat waits."""
    snapshot = FLOOR.start()
    first = ((0, on.SetStatus("ann", Status.AVAILABLE)), (0, on.Arrive("c", Entry.QUEUE, Channel.CHAT, "Cem")))
    for at, event in (*first, *events):
        snapshot = FLOOR.step(snapshot, event, at).after
    return snapshot


TALK = ((0, on.Offer("c", "ann")), (1, on.Accept("c", "ann")))


def test_what_time_clears_leaves_desk_and_journey_and_is_forgotten() -> None:
    """A contact that has ended and left no tile is known to nobody; so is a call that the agent placed."""
    snapshot = after(*TALK, (2, on.End("c", "ann")), (3, on.PlaceCall("v", "bob", "Vic")), (4, on.End("v", "bob")))
    assert (["c"], ["v"]) == (list(snapshot.journeys), list(snapshot.placed))

    later = FLOOR.advance(snapshot, 2 + MINUTE).after
    assert ([], [], ["v"]) == (list(later.journeys), list(later.callers), list(later.placed))

    last = FLOOR.advance(later, 4 + MINUTE)
    assert {} == dict(last.after.placed) == dict(FLOOR.desk(last.after, "bob")["tiles"])
    assert ["bob"] == [one.agent for one in last.effects]
    assert "c" in FLOOR.step(last.after, on.Arrive("c", Entry.QUEUE, Channel.CHAT, "Cem"), 5 + MINUTE).after.journeys


def test_a_contact_that_was_sent_back_is_forgotten_at_the_desk_alone() -> None:
    """Its journey goes on."""
    later = FLOOR.advance(after(*TALK, (2, on.SendBack("c", "ann"))), 2 + MINUTE).after
    known = FLOOR.contact(later, "c")

    assert known is not None
    assert ("queued", {}, {}) == (known["contact"].state, dict(known["tiles"]), dict(FLOOR.desk(later, "ann")["tiles"]))


def test_a_floor_takes_further_events_by_what_they_mean_for_both_sides() -> None:
    """Both take it, or it is refused."""
    snapshot = after(*TALK, (2, HoldAt("c", "ann")))
    known = FLOOR.contact(snapshot, "c")

    assert known is not None
    assert "on_hold" == known["tiles"]["ann"].state == FLOOR.desk(snapshot, "ann")["tiles"]["c"].state
    with pytest.raises(FloorRefused) as refused:
        FLOOR.step(snapshot, HoldAt("c", "ann"), 3)
    assert ["desk ann", "journey c"] == [one.who for one in refused.value.objections]
    assert "ended" == after(*TALK, (2, HoldAt("c", "ann")), (3, on.End("c", "ann"))).journeys["c"]["contact"].state


def test_a_floor_of_variants_is_another_floor() -> None:
    """Its snapshots, and its events, are its own."""
    plain = Floor(["ann", "bob"], {"outbound_calls": True})

    with pytest.raises(BadInput, match="of a floor with other agents or other parameters"):
        plain.step(FLOOR.start(), on.SetStatus("ann", Status.AWAY), 0)
    with pytest.raises(BadInput, match="is no event of a floor"):
        plain.step(plain.start(), HoldAt("c", "ann"), 0)  # type: ignore[arg-type]  # that is the claim


def test_a_variant_of_the_desk_varies_journeys_by_its_machines() -> None:
    """Or a tile would do another thing at each."""
    floor = Floor(["ann"], variants=(Variant("work ends", DESK, machines=(MINUTES,)),))

    assert any(WorkEnds in part.machine.events for part in floor.journey.system.parts)
    assert any(WorkEnds in part.machine.events for part in floor.engines["ann"].system.parts)


ON_HOLD = (*TALK, (2, HoldAt("c", "ann")))


def test_a_customer_who_hangs_up_on_hold_leaves_no_conversation_behind() -> None:
    """Desk and journey know that it is over; the agent finishes up, and nobody knows the contact then."""
    snapshot = after(*ON_HOLD, (3, on.HangUp("c")))
    known = FLOOR.contact(snapshot, "c")

    assert known is not None
    assert ("ended", "after_work", "after_work") == (
        known["contact"].state,
        known["tiles"]["ann"].state,
        FLOOR.desk(snapshot, "ann")["tiles"]["c"].state,
    )
    assert {} == dict(FLOOR.step(snapshot, on.Clear("c", "ann"), 4).after.journeys)


def test_who_has_a_contact_on_hold_writes_and_nobody_else_does() -> None:
    """As while they talk (D20); the customer does."""
    snapshot = after(*ON_HOLD)
    for voice, writer in ((Voice.CUSTOMER, None), (Voice.AGENT, "ann")):
        snapshot = FLOOR.step(snapshot, on.Say("c", voice, "Ann", "hello", writer), 3).after
    with pytest.raises(FloorRefused, match="desk bob"):
        FLOOR.step(snapshot, on.Say("c", Voice.AGENT, "Bob", "hello", "bob"), 4)
    assert 2 == len(snapshot.journeys["c"]["contact"].transcript.lines)


class GoHome(Event):
    """Sent by time: the agent has been away for a minute."""


GOES_HOME = Variant("goes home", AGENT, adds=(agent.away.after(MINUTE, GoHome).to(agent.offline),))
desk = varied(DESK, GOES_HOME)
TIDIES = Variant(
    "and tidies up", DESK, machines=(GOES_HOME,),
    adds=(wire(desk.part("agent").sends(GoHome), desk.part("tiles").every(tile.after_work).by(tile.Clear)),),
)  # fmt: skip


def test_what_time_clears_by_a_wire_leaves_the_journey_too() -> None:
    """An agent who is away for a minute leaves, and nothing is left to finish up; a placed call is forgotten as well."""
    floor = Floor(["ann"], {"outbound_calls": True}, variants=(TIDIES,))
    snapshot = floor.start()
    for event in (on.PlaceCall("v", "ann", "Vic"), on.End("v", "ann"), on.SetStatus("ann", Status.AVAILABLE),
                  on.Arrive("c", Entry.QUEUE, Channel.CHAT, "Cem"), on.Clear("v", "ann"), on.Offer("c", "ann"), on.Accept("c", "ann"),
                  on.SetStatus("ann", Status.AWAY), on.End("c", "ann"), on.PlaceCall("w", "ann", "Vic"), on.End("w", "ann")):  # fmt: skip
        snapshot = floor.step(snapshot, event, 0).after
    assert (["c"], ["w"]) == (list(snapshot.journeys), list(snapshot.placed))

    later = floor.advance(snapshot, MINUTE).after
    assert ({}, {}, {}, {}) == (
        dict(later.journeys),
        dict(later.callers),
        dict(later.placed),
        dict(floor.desk(later, "ann")["tiles"]),
    )
