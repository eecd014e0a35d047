"""Twenty agents, two hundred contacts: every property of DESK and JOURNEY holds of every desk and every journey, whatever happens.

What must always hold, in each step and within a time is checked at every step (`floor_shadow`).
What must be possible from everywhere is shown from wherever a run has ended: the floor is cleared
up, every contact that is still there is served, every desk is empty and its agent available, and
each agent is offered a chat: to whom those still there happen to be routed is no claim.
What can come about at all is shown in `test_floor.py`, situation by situation.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fsm import Modality
from fsm.desk import DESK, VERSIONS, Channel, Status
from fsm.desk.floor import Floor, FloorSnapshot, FloorStep
from fsm.desk.floor import events as on
from fsm.desk.floor.state import fewest_held, longest_idle
from fsm.desk.journey import Entry, Voice
from fsm.semantics.satisfaction import expected, holds

from .floor_shadow import Shadow

AGENTS = tuple(f"agent-{number:02}" for number in range(20))
CONTACTS = tuple(f"contact-{number:03}" for number in range(200))
CALLS = ("call-1", "call-2", "call-3")
"""Ids of calls that agents place."""
FLAGS = (
    "voice", "outbound_calls", "rejected_holds", "missed_blocks_agent", "held_blocks_channel",
    "voice_shares", "chat_shares", "task_shares", "email_shares", "attachments", "auto_accept",
)  # fmt: skip
SOAK = "SOAK" in os.environ
"""Set by `make soak`: then there are many more shifts."""
pytestmark = [pytest.mark.soak] if SOAK else []
RECOVERABLE = [claim for claim in DESK.properties if claim.modality is Modality.RECOVERABLE]
ROUTED = {Channel.VOICE: "voice", Channel.TASK: "max_tasks", Channel.EMAIL: "max_emails"}


@st.composite
def profiles(draw: Any) -> dict[str, Any]:
    """A version of the guide, with everything that it leaves to the administrator."""
    version = draw(st.sampled_from(VERSIONS))
    chosen = {name: draw(st.booleans()) for name in FLAGS}
    chosen |= {
        "max_chats": draw(st.integers(1, version.values["chat_ceiling"])),
        "max_tasks": draw(st.integers(0, 2)),
        "max_emails": draw(st.integers(0, 2)),
    }
    return chosen | dict(version.values)


agents, contacts = st.sampled_from(AGENTS[:4]), st.sampled_from(CONTACTS[:12])
"""The first few are spoken of most, so that they meet; the others are there, and everything is checked on them."""
anybody, anyone, whoever = (
    agents | st.sampled_from(AGENTS),
    contacts | st.sampled_from(CONTACTS),
    contacts | st.sampled_from(CALLS),
)
events = st.one_of(
    st.builds(on.Route, contact=anyone),
    st.builds(on.Route, contact=contacts),
    st.builds(on.Offer, contact=contacts, agent=agents),
    st.builds(on.PlaceCall, contact=whoever, agent=agents, name=st.just("called")),
    *(
        st.builds(kind, contact=whoever, agent=agents)
        for kind in (on.Accept, on.Reject, on.Fail, on.End, on.SendBack, on.Clear)
    ),
    st.builds(on.HandOver, contact=contacts, agent=agents, to=anybody),
    st.builds(on.LeaveBot, contact=anyone),
    st.builds(on.HangUp, contact=whoever),
    st.builds(on.Say, contact=contacts, voice=st.sampled_from(Voice), speaker=st.just("x"), text=st.text(max_size=2)),
    st.builds(on.Attach, contact=contacts, voice=st.sampled_from(Voice), speaker=st.just("x"), file=st.just("a.pdf")),
    st.builds(on.SetStatus, agent=agents, status=st.sampled_from(Status)),
    st.builds(
        on.Arrive, contact=whoever, entry=st.sampled_from(Entry), channel=st.just(Channel.CHAT), name=st.just("again")
    ),
)
pauses = st.sampled_from([0, 0, 0, 1, 500, 5_000, 15_000, 20_000])


def opened(shadow: Shadow, channels: list[Channel]) -> int:
    """Everybody is available, every contact has arrived and was routed; how many of them an agent took."""
    for agent in AGENTS:
        shadow.send(on.SetStatus(agent, Status.AVAILABLE), 1_000)
    for number, contact in enumerate(CONTACTS):
        entry = Entry.BOT if number % 7 == 6 else Entry.QUEUE
        shadow.send(
            on.Arrive(contact, entry, channels[(number + number // len(AGENTS)) % len(channels)], contact.upper()),
            1_000,
        )
    return sum([shadow.send(on.Route(contact), 1_000) for contact in CONTACTS])


def meant(shadow: Shadow, event: Any, likely: bool) -> Any:
    """The event, said to the agent with whom the contact is: else nearly every one would be refused."""
    if not likely or not hasattr(event, "agent") or isinstance(event, on.Offer | on.PlaceCall):
        return event
    contact = getattr(event, "contact", "")
    known = shadow.snapshot.journeys.get(contact)
    agent = next(reversed(known["tiles"]), None) if known is not None else shadow.snapshot.placed.get(contact)
    return event if agent is None else type(event)(**{**event.__dict__, "agent": agent})


def cleared(floor: Floor, snapshot: FloorSnapshot, agent: str, contact: str) -> tuple[FloorSnapshot, bool]:
    """The floor without a contact's tile at a desk, and whether they have talked: whatever state it is in, the agent can be rid of it."""
    talked = False
    for state, event in (("offered", on.Accept), ("connected", on.End)):
        if snapshot.desks[agent]["tiles"][contact].state == state:
            snapshot, talked = floor.step(snapshot, event(contact, agent), snapshot.now).after, True
    return floor.step(snapshot, on.Clear(contact, agent), snapshot.now).after, talked


def recovered(floor: Floor, snapshot: FloorSnapshot, agent: str) -> set[tuple[str, str]]:
    """Which recoverable claims of a desk are true of this one now."""
    return {
        (agent, one.sentence)
        for one in RECOVERABLE
        if holds(floor.engines[agent], one.formula, snapshot.desks[agent], {})
    }


def drained(floor: Floor, snapshot: FloorSnapshot) -> tuple[FloorSnapshot, set[str]]:
    """The floor after everything is cleared up and everyone served, and who was."""
    served: set[str] = set()
    for agent in AGENTS:
        for contact in tuple(snapshot.desks[agent]["tiles"]):
            snapshot, talked = cleared(floor, snapshot, agent, contact)
            served |= {contact} if talked else set()
        snapshot = floor.step(snapshot, on.SetStatus(agent, Status.AVAILABLE), snapshot.now).after
    for contact in tuple(snapshot.journeys):
        if snapshot.journeys[contact]["contact"].state == "with_bot":
            snapshot = floor.step(snapshot, on.LeaveBot(contact), snapshot.now).after
        snapshot = floor.step(snapshot, on.Route(contact), snapshot.now).after
        (agent,) = snapshot.journeys[contact]["tiles"]
        snapshot, talked = cleared(floor, snapshot, agent, contact)
        served |= {contact} if talked else set()
    return snapshot, served


def offered_again(floor: Floor, snapshot: FloorSnapshot) -> tuple[FloorSnapshot, set[tuple[str, str]]]:
    """The floor after each agent was offered a chat and has ended it; which recoverable claims came true at whose desk."""
    came_true: set[tuple[str, str]] = set()
    for agent in AGENTS:
        contact = f"one more for {agent}"
        for event in (on.Arrive(contact, Entry.QUEUE, Channel.CHAT, "more"), on.Offer(contact, agent)):
            snapshot = floor.step(snapshot, event, snapshot.now).after
        came_true |= recovered(floor, snapshot, agent)
        snapshot, _ = cleared(floor, snapshot, agent, contact)
        came_true |= recovered(floor, snapshot, agent)
    return snapshot, came_true


@settings(
    max_examples=100 if SOAK else 3,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    profiles(),
    st.sampled_from([longest_idle, fewest_held]),
    st.lists(st.tuples(events, pauses, st.booleans()), min_size=60, max_size=120),
)
def test_every_property_of_desk_and_journey_holds_on_a_floor(
    chosen: dict[str, Any], routing: Any, said: list[tuple[Any, int, bool]]
) -> None:
    """Whatever is said to whomever, at whatever instants, under whatever guide; and then every contact can be served and every desk emptied."""
    shadow = Shadow(Floor(AGENTS, chosen, routing))
    channels = [
        Channel.CHAT,
        Channel.CHAT,
        Channel.CHAT,
        *[channel for channel, limit in ROUTED.items() if chosen[limit]],
    ]
    assert len(AGENTS) <= opened(shadow, channels)
    for event, pause, likely in said:
        shadow.send(meant(shadow, event, likely), shadow.snapshot.now + pause)
    shadow.wait(shadow.snapshot.now + 60_000)

    waiting = {contact for contact, one in shadow.snapshot.journeys.items() if one["contact"].state != "ended"}
    emptied, served = drained(shadow.floor, shadow.snapshot)
    over, came_true = offered_again(shadow.floor, emptied)

    assert waiting <= served
    params = shadow.floor.engines[AGENTS[0]].params
    assert came_true >= {
        (agent, one.sentence) for agent in AGENTS for one in RECOVERABLE if expected(one, DESK.profiles, params)
    }
    for floor in (emptied, over):
        assert ({}, {}, {}) == (dict(floor.journeys), dict(floor.callers), dict(floor.placed))
        assert all(("available", {}) == (desk["agent"].state, dict(desk["tiles"])) for desk in floor.desks.values())


# Planted faults: what the comparison must see


class Deaf(Floor):
    """Its journeys are not told that an offer was counted or missed."""

    def _advance(self, snapshot: FloorSnapshot, to: int) -> Any:
        after, effects = super()._advance(snapshot, to)
        return after._replace(journeys=snapshot.journeys), effects


class ClearsAtTheDeskOnly(Floor):
    """The journey keeps a tile that the agent has cleared."""

    def step(self, snapshot: FloorSnapshot, event: object, at: int) -> FloorStep:
        taken = super().step(snapshot, event, at)
        return (
            taken._replace(after=taken.after._replace(journeys=snapshot.journeys))
            if isinstance(event, on.Clear)
            else taken
        )


class ClearsOnTheJourneyOnly(Floor):
    """The desk keeps a tile that the agent has cleared."""

    def step(self, snapshot: FloorSnapshot, event: object, at: int) -> FloorStep:
        taken = super().step(snapshot, event, at)
        return (
            taken._replace(after=taken.after._replace(desks=snapshot.desks)) if isinstance(event, on.Clear) else taken
        )


def shift(floor: Floor) -> None:
    """Ann misses a contact, clears it and takes it; another one waits."""
    shadow = Shadow(floor)
    for agent in floor.engines:
        shadow.send(on.SetStatus(agent, Status.AVAILABLE), 0)
    shadow.send(on.Arrive("c-1", Entry.QUEUE, Channel.CHAT, "Cem"), 0)
    shadow.send(on.Offer("c-1", "ann"), 0)
    shadow.wait(20_000)
    shadow.send(on.Clear("c-1", "ann"), 20_001)
    shadow.send(on.Route("c-1"), 20_002)


@pytest.mark.parametrize("faulty", [Deaf, ClearsAtTheDeskOnly, ClearsOnTheJourneyOnly])
def test_a_floor_that_tells_one_side_only_is_found_out(faulty: type[Floor]) -> None:
    """One that tells both passes the same shift."""
    shift(Floor(["ann", "bob"]))
    with pytest.raises(AssertionError):
        shift(faulty(["ann", "bob"]))
