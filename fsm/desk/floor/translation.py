"""What an event on the floor is called at the desk and on the journey: one line for each, no rule of its own.

Whether a desk or a journey takes what it is told is decided there alone. Wherever an event of the
floor has the fields that they read, it is handed on as it is, with what it is called there.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from fsm import Snapshot
from fsm.desk import DESK, JOURNEY, Channel, Speaker, Status, agent, parts, tile
from fsm.desk import events as desk
from fsm.desk.floor import events as floor
from fsm.desk.floor.state import Caller, FloorSnapshot
from fsm.desk.journey import Entry, Voice
from fsm.desk.journey import contact as customer
from fsm.desk.journey import events as journey
from fsm.desk.journey.journey import contact, tiles
from fsm.desk.vocabulary import NEVER
from fsm.language.events import field_refs
from fsm.language.snapshot import new

NOBODY: tuple[str, ...] = ()
AVAILABLE, WITH_AGENT, ENDED = agent.available.name, customer.with_agent.name, customer.ended.name
LIVE = RINGS, TALKS = tile.offered.name, tile.connected.name
OVER = tuple(state.name for state in (tile.after_work, tile.missed, tile.rejected, tile.failed))
CONTACT, AT_AGENTS = (JOURNEY.parts.index(part) for part in (contact, tiles))
AGENT, TILES = (DESK.parts.index(part) for part in (parts.agent, parts.tiles))
"""Where parts stand in snapshots: looked up by name they cost as much as a rule."""

SPEAKERS = {Voice.CUSTOMER: Speaker.CUSTOMER, Voice.AGENT: Speaker.AGENT}
UNKNOWN = Caller(Channel.CHAT, "")
"""Of a contact that is not here: its journey refuses whatever it is told."""


Told = tuple[str, type, Any]
"""Who is told (an agent, or a contact), what that is called there, and an object with the fields that it reads."""


class Moves(NamedTuple):
    """What desks and journeys are told, and which agents are busy from now on.

    Attributes:
        desks: agents, in the order in which they are told.
        journey: the contact; None where the event is no matter of a journey.
        busy: the agents who go to the end of those that wait for contacts.
    """

    desks: tuple[Told, ...]
    journey: Told | None
    busy: tuple[str, ...] = NOBODY


def as_event(told: Told) -> object:
    """What somebody is told, as an event of their declaration."""
    _, event, payload = told
    return event(**{name: getattr(payload, name) for name in field_refs(event)})


Translation = Callable[[FloorSnapshot, Any], Moves]

OFFERS = {
    Channel.CHAT: desk.OfferChat,
    Channel.VOICE: desk.OfferCall,
    Channel.TASK: desk.OfferTask,
    Channel.EMAIL: desk.OfferEmail,
}


def live_at(journey: Snapshot | None) -> tuple[str | None, str]:
    """The agent at whose desk the contact rings or talks, at most one, as JOURNEY proves, and in which state its tile is there.

    In a variant an agent may talk with the contact in a state that it has added, on hold: then it is the one who had it last.
    """
    if journey is not None:
        held: Any = journey.parts[AT_AGENTS]
        for agent, tile in held.items():
            if tile[0] in LIVE:
                return agent, tile[0]
        contact: Any = journey.parts[CONTACT]
        for agent, tile in reversed(held.items()) if contact[0] == WITH_AGENT else ():
            if tile[0] not in OVER:
                return agent, tile[0]
    return None, ""


def _known_of(snapshot: FloorSnapshot, contact: str) -> tuple[int, int]:
    """When the customer arrived, now where nobody is known (S14), and when somebody last wrote, whoever that was (D15)."""
    known = snapshot.journeys.get(contact)
    if known is None:
        return snapshot.now, NEVER
    customer: Any = known.parts[CONTACT]
    lines = customer.transcript.lines
    return customer.arrived_at, lines[-1].at if lines else NEVER


def _offer(snapshot: FloorSnapshot, contact: str, **who: str) -> tuple[type, SimpleNamespace]:
    """What a desk calls an offer of the contact, by its channel, and all that desk and journey read of it (S14)."""
    channel, name = snapshot.callers.get(contact, UNKNOWN)
    arrived_at, last_text_at = _known_of(snapshot, contact)
    return OFFERS[channel], SimpleNamespace(
        contact=contact, channel=channel, name=name, arrived_at=arrived_at, last_text_at=last_text_at, **who
    )


def offered_to(snapshot: FloorSnapshot, contact: str, agent: str) -> Moves:
    """What desk and journey are told when the contact is offered to an agent."""
    called, offer = _offer(snapshot, contact, agent=agent)
    return Moves(((agent, called, offer),), (contact, journey.Ring, offer), (agent,))


def _hand_over(snapshot: FloorSnapshot, said: floor.HandOver) -> Moves:
    called, offer = _offer(snapshot, said.contact, agent=said.agent, to=said.to)
    return Moves(
        ((said.agent, desk.End, said), (said.to, called, offer)),
        (said.contact, journey.HandTo, offer),
        (said.agent, said.to),
    )


def _arrive(snapshot: FloorSnapshot, said: floor.Arrive) -> Moves:
    """Whoever has placed a call by this id is told of another one, and refuses: an id is used once."""
    caller = snapshot.placed.get(said.contact)
    return Moves(() if caller is None else ((caller, desk.PlaceCall, said),), (said.contact, customer.Arrive, said))


def _place_call(snapshot: FloorSnapshot, said: floor.PlaceCall) -> Moves:
    """Whoever has this id already is told of it once more, and refuses: an id is used once."""
    asked = dict.fromkeys((said.agent, snapshot.placed.get(said.contact, said.agent)))
    known = (
        (said.contact, customer.Arrive, floor.Arrive(said.contact, Entry.QUEUE, Channel.VOICE, said.name))
        if said.contact in snapshot.journeys
        else None
    )
    return Moves(tuple((agent, desk.PlaceCall, said) for agent in asked), known, (said.agent,))


def _heard(at_desk: type, on_journey: type) -> Translation:
    """The desk hears what customer and agent write or send while they talk; the desk of another agent, who refuses it (D20).

    What is written while the contact talks with an agent in a state that a variant has added is a matter of the journey alone.
    """

    def translate(snapshot: FloorSnapshot, said: Any) -> Moves:
        contact, speaker = said.contact, SPEAKERS.get(said.voice)
        holder, state = live_at(snapshot.journeys.get(contact))
        agent = holder
        if speaker is Speaker.AGENT and state != RINGS:
            named = said.speaker if said.speaker in snapshot.desks else holder
            agent = named if said.agent is None else said.agent
        if speaker is None or holder is None or state == RINGS or (agent == holder and state != TALKS):
            return Moves((), (contact, on_journey, said))
        return new(Moves, (((agent, at_desk, at_desk(contact, speaker)),), (contact, on_journey, said), NOBODY))

    return translate


def _hang_up(snapshot: FloorSnapshot, said: floor.HangUp) -> Moves:
    """Whoever the customer talks with is told that it is over, whoever it rings at that nobody is there any more; a call that an agent placed is talk."""
    contact, caller = said.contact, snapshot.placed.get(said.contact)
    if caller is not None:
        return Moves(((caller, desk.End, said),), None, (caller,))
    agent, state = live_at(snapshot.journeys.get(contact))
    if agent is None or state == RINGS:
        return Moves(() if agent is None else ((agent, desk.Abandon, said),), (contact, journey.HangUp, said))
    left = (contact, journey.HangUp, said) if state == TALKS else (contact, journey.Conclude, journey.Conclude(agent))
    return Moves(((agent, desk.End, said),), left, (agent,))


def _set_status(snapshot: FloorSnapshot, said: floor.SetStatus) -> Moves:
    """Who becomes Available waits from now on; who was has waited since then."""
    known = snapshot.desks.get(said.agent)
    becomes = said.status is Status.AVAILABLE and known is not None and known.parts[AGENT][0] != AVAILABLE
    return Moves(((said.agent, desk.SetStatus, said),), None, (said.agent,) if becomes else NOBODY)


def _accept(snapshot: FloorSnapshot, said: floor.Accept) -> Moves:
    """The desk is told of what was written while the contact waited and rang (D15)."""
    answer = desk.Accept(said.contact, _known_of(snapshot, said.contact)[1])
    known = None if said.contact in snapshot.placed else (said.contact, journey.Answer, said)
    return Moves(((said.agent, desk.Accept, answer),), known)


def _both(at_desk: type, on_journey: type, *, frees: bool = False, queues: bool = False) -> Translation:
    """The desk is told the contact, the journey is told the agent; a call that an agent placed has no journey, and came from no queue."""

    def translate(snapshot: FloorSnapshot, said: Any) -> Moves:
        contact, agent = said.contact, said.agent
        journey = None if contact in snapshot.placed and not queues else (contact, on_journey, said)
        return new(Moves, (((agent, at_desk, said),), journey, (agent,) if frees else NOBODY))

    return translate


TRANSLATIONS: dict[type, Translation] = {
    floor.Arrive: _arrive,
    floor.LeaveBot: lambda snapshot, said: Moves((), (said.contact, customer.LeaveBot, said)),
    floor.Offer: lambda snapshot, said: offered_to(snapshot, said.contact, said.agent),
    floor.PlaceCall: _place_call,
    floor.Accept: _accept,
    floor.Reject: _both(desk.Reject, journey.Decline),
    floor.Say: _heard(desk.Text, customer.Say),
    floor.Attach: _heard(desk.Attach, customer.Attach),
    floor.Fail: _both(desk.Fail, journey.Break, frees=True),
    floor.End: _both(desk.End, journey.Conclude, frees=True),
    floor.SendBack: _both(desk.End, journey.SendBack, frees=True, queues=True),
    floor.HandOver: _hand_over,
    floor.HangUp: _hang_up,
    floor.Clear: _both(desk.Clear, journey.Tidy),
    floor.SetStatus: _set_status,
}
"""Every event but `Route`, which is an `Offer` to whom the routing finds."""
