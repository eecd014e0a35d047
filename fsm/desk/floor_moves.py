"""What an event on the floor is called at the desk and on the journey: one line for each, no rule of its own.

Whether a desk or a journey takes what it is told is decided there alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, cast

from fsm.desk import contact as customer
from fsm.desk import events as desk
from fsm.desk import floor_events as floor
from fsm.desk import journey_events as journey
from fsm.desk.agent_status import Status
from fsm.desk.channel import Channel, Speaker
from fsm.desk.floor_state import Caller, FloorSnapshot
from fsm.desk.journey import JOURNEY
from fsm.desk.journey_parts import contact, tiles
from fsm.desk.tile import connected, offered
from fsm.desk.transcript import Voice
from fsm.snapshot import Instance, Snapshot

__all__ = ["CONTACT", "TILES", "TRANSLATIONS", "Moves", "live_agent", "offered_to"]

new = tuple.__new__
NOBODY: tuple[str, ...] = ()
RINGS, TALKS = offered.name, connected.name
CONTACT, TILES = (JOURNEY.parts.index(part) for part in (contact, tiles))
"""Where the parts of a journey stand in its snapshots: looked up by name they cost as much as a rule."""

SPEAKERS = {Voice.CUSTOMER: Speaker.CUSTOMER, Voice.AGENT: Speaker.AGENT}
UNKNOWN = Caller(Channel.CHAT, "")
"""Of a contact that is not here: its journey refuses whatever it is told."""


class Moves(NamedTuple):
    """What desks and journeys are told, and which agents are busy from now on.

    Attributes:
        desks: agent and event of `DESK`, in the order in which they are told.
        journey: the contact and its event of `JOURNEY`; None where the event is no matter of a journey.
        busy: the agents who go to the end of those that wait for contacts.
    """

    desks: tuple[tuple[str, object], ...]
    journey: tuple[str, object] | None
    busy: tuple[str, ...] = NOBODY


Translation = Callable[[FloorSnapshot, Any], Moves]

OFFERS = {Channel.CHAT: desk.OfferChat, Channel.VOICE: desk.OfferCall, Channel.TASK: desk.OfferTask, Channel.EMAIL: desk.OfferEmail}


def tiles_of(journey: Snapshot) -> Mapping[str, Instance]:
    """What the contact is on each agent's desk."""
    return cast("Mapping[str, Instance]", journey.parts[TILES])


def live_agent(journey: Snapshot | None) -> str | None:
    """The agent at whose desk the contact rings or talks; at most one, as JOURNEY proves."""
    if journey is not None:
        for agent, tile in tiles_of(journey).items():
            if tile[0] == TALKS or tile[0] == RINGS:
                return agent
    return None


def _arrived(snapshot: FloorSnapshot, contact: str) -> int:
    known = snapshot.journeys.get(contact)
    if known is None:
        return snapshot.now
    at: int = cast(Instance, known.parts[CONTACT]).arrived_at
    return at


def offered_to(snapshot: FloorSnapshot, contact: str) -> Callable[[str], Moves]:
    """For an agent, what desk and journey are told when the contact is offered: by its channel, with its name and when it arrived (S14)."""
    channel, name = snapshot.callers.get(contact, UNKNOWN)
    arrived = _arrived(snapshot, contact)
    told = OFFERS[channel](contact, name, arrived)
    return lambda agent: new(Moves, (((agent, told),), (contact, journey.Ring(agent, channel, name, arrived)), (agent,)))


def _hand_over(snapshot: FloorSnapshot, said: floor.HandOver) -> Moves:
    channel, name = snapshot.callers.get(said.contact, UNKNOWN)
    arrived = _arrived(snapshot, said.contact)
    told = ((said.agent, desk.End(said.contact)), (said.to, OFFERS[channel](said.contact, name, arrived)))
    return Moves(told, (said.contact, journey.HandTo(said.agent, said.to, channel, name, arrived)), (said.agent, said.to))


def _say(snapshot: FloorSnapshot, said: floor.Say) -> Moves:
    """The desk hears what customer and agent write while they talk."""
    known = snapshot.journeys.get(said.contact)
    agent = live_agent(known) if known is not None and said.voice in SPEAKERS else None
    kept = (said.contact, customer.Say(said.voice, said.speaker, said.text))
    if agent is None or known is None or tiles_of(known)[agent].state == RINGS:
        return Moves((), kept)
    moves: Moves = new(Moves, (((agent, desk.Text(said.contact, SPEAKERS[said.voice])),), kept, NOBODY))
    return moves


def _hang_up(snapshot: FloorSnapshot, said: floor.HangUp) -> Moves:
    known = snapshot.journeys.get(said.contact)
    agent = live_agent(known)
    left = (said.contact, journey.HangUp())
    if agent is None or known is None:
        return Moves((), left)
    if tiles_of(known)[agent].state == RINGS:
        return Moves(((agent, desk.Abandon(said.contact)),), left)
    return Moves(((agent, desk.End(said.contact)),), left, (agent,))


def _set_status(snapshot: FloorSnapshot, said: floor.SetStatus) -> Moves:
    return Moves(((said.agent, desk.SetStatus(said.status)),), None, (said.agent,) if said.status is Status.AVAILABLE else NOBODY)


def _both(at_desk: Callable[[str], object], on_journey: Callable[[str], object], *, frees: bool = False) -> Translation:
    """The desk is told the contact, the journey is told the agent. Agents are few, so what is said of them is made once."""
    of_agent = lru_cache(maxsize=4_096)(on_journey)

    def translate(snapshot: FloorSnapshot, said: Any) -> Moves:
        contact, agent = said.contact, said.agent
        moves: Moves = new(Moves, (((agent, at_desk(contact)),), (contact, of_agent(agent)), (agent,) if frees else NOBODY))
        return moves

    return translate


TRANSLATIONS: dict[type, Translation] = {
    floor.Arrive: lambda snapshot, said: Moves((), (said.contact, customer.Arrive(said.entry, said.channel))),
    floor.LeaveBot: lambda snapshot, said: Moves((), (said.contact, customer.LeaveBot())),
    floor.Offer: lambda snapshot, said: offered_to(snapshot, said.contact)(said.agent),
    floor.Accept: _both(desk.Accept, journey.Answer),
    floor.Reject: _both(desk.Reject, journey.Decline),
    floor.Say: _say,
    floor.Attach: lambda snapshot, said: Moves(((said.agent, desk.Attach(said.contact, said.speaker)),), None),
    floor.Fail: _both(desk.Fail, journey.Break, frees=True),
    floor.End: _both(desk.End, journey.Conclude, frees=True),
    floor.SendBack: _both(desk.End, journey.SendBack, frees=True),
    floor.HandOver: _hand_over,
    floor.HangUp: _hang_up,
    floor.Clear: _both(desk.Clear, journey.Tidy),
    floor.SetStatus: _set_status,
}
"""Every event but `Route`, which is an `Offer` to whom the routing finds."""
