"""The model on which the tools of the field were measured: a status, chat slots and one voice line.

A chat is offered, connected, missed until it is cleared, or in after call work; the voice line is
offered, connected or in after call work, and a call that nobody takes leaves it free. Nothing is
routed unless the agent is available; a chat only while the voice line is free and a slot is, a
call only while no chat is held.
"""

from __future__ import annotations

from enum import Enum

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    one,
    parameter,
    wire,
)

__all__ = ["DESK", "SetStatus", "slots"]


class Status(Enum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    BREAK = "break"


@event
class SetStatus:
    status: Field[Status]


@event
class RouteChat:
    slot: Field[str]


@event
class AcceptChat:
    slot: Field[str]


@event
class MissChat:
    slot: Field[str]


@event
class EndChat:
    slot: Field[str]


@event
class ClearChat:
    slot: Field[str]


@event
class Offer:
    pass


@event
class Accept:
    pass


@event
class Miss:
    pass


@event
class End:
    pass


@event
class Clear:
    pass


@event
class RouteCall:
    pass


@event
class AcceptCall:
    pass


@event
class MissCall:
    pass


@event
class EndCall:
    pass


@event
class ClearCall:
    pass


offline, available, on_break = State("offline"), State("available"), State("on_break")
free, offered, connected, missed, after_work = (
    State("free"),
    State("offered"),
    State("connected"),
    State("missed"),
    State("after_work"),
)

AGENT = Machine(
    "agent",
    states=(offline, available, on_break),
    initial=offline,
    transitions=(
        (offline | on_break).on(SetStatus).when(SetStatus.status == Status.AVAILABLE).to(available),
        (offline | available).on(SetStatus).when(SetStatus.status == Status.BREAK).to(on_break),
        (available | on_break).on(SetStatus).when(SetStatus.status == Status.OFFLINE).to(offline),
    ),
)
CHAT = Machine(
    "chat",
    states=(free, offered, connected, missed, after_work),
    initial=free,
    transitions=(
        free.on(Offer).to(offered),
        offered.on(Accept).to(connected),
        offered.on(Miss).to(missed),
        connected.on(End).to(after_work),
        (missed | after_work).on(Clear).to(free),
    ),
)
VOICE = Machine(
    "voice",
    states=(free, offered, connected, after_work),
    initial=free,
    transitions=(
        free.on(RouteCall).to(offered),
        offered.on(AcceptCall).to(connected),
        offered.on(MissCall).to(free),
        connected.on(EndCall).to(after_work),
        after_work.on(ClearCall).to(free),
    ),
)

slots = parameter("slots", int, 5, low=0)
agent, voice = one("agent", AGENT), one("voice", VOICE)
chats = each("chats", CHAT, key="slot")

DESK = System(
    "published",
    parts=(agent, voice, chats),
    parameters=(slots,),
    wires=(
        wire(RouteChat, chats[RouteChat.slot].by(Offer)),
        wire(AcceptChat, chats[AcceptChat.slot].by(Accept)),
        wire(MissChat, chats[MissChat.slot].by(Miss)),
        wire(EndChat, chats[EndChat.slot].by(End)),
        wire(ClearChat, chats[ClearChat.slot].by(Clear)),
    ),
    rules=(
        Rule("only an available agent is offered anything", on=(RouteChat, RouteCall), when=agent.inside(available)),
        Rule("no chat while the voice line is busy", on=RouteChat, when=voice.inside(free)),
        Rule("no call while a chat is held", on=RouteCall, when=chats.none()),
        Rule("a slot is free", on=RouteChat, when=chats.count() < slots),
    ),
    properties=(
        always("no chat and call are held together", voice.inside(free) | chats.none()),
        always("slots in use never exceed their number", chats.count() <= slots),
        each_step(
            "a missed slot ends only by clearing",
            (after(chats.count(missed)) < before(chats.count(missed))) >> happens(Clear),
        ),
    ),
)
