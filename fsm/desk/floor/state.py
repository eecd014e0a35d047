"""What a floor remembers between two events, what a step of it gives, how it refuses, and whom it asks first.

Desks and journeys are snapshots of `DESK` and `JOURNEY`, as their engines made them. Each has the
instant at which something last happened to it: time that changes nothing is not written anywhere,
which is why a floor of hundreds of contacts costs no more for each event than the two it speaks of.

A routing is a strategy given to a floor by its caller: it names agents in the order in which they are to be asked, and the first whose
desk takes the contact has it ring. It is a pure function, and need not know any rule: the desks do.
"""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import ClassVar, NamedTuple

import attrs

from fsm import Refusal, Snapshot
from fsm.desk import Channel
from fsm.language.events import event_in_words
from fsm.language.snapshot import Layout


class Caller(NamedTuple):
    """What the floor knows of a contact beside its journey: both are fixed when it arrives."""

    channel: Channel
    name: str


@attrs.frozen(cache_hash=True)
class FloorLayout:
    """What a floor's snapshot is a snapshot of: who works there, and what desks and journeys are, their durations among it.

    Attributes:
        staff: each agent with the layout of the desk, in the order of the staff.
        journey: the layout of the journeys.
    """

    staff: tuple[tuple[str, Layout], ...]
    journey: Layout


class FloorSnapshot(NamedTuple):
    """Everything a floor remembers.

    Attributes:
        layout: of what floor it is a snapshot; another floor refuses it.
        now: the instant of the last step or advance, milliseconds.
        due: the earliest instant at which time will do something; None when no offer rings.
        desks: the snapshot of each agent's desk, every agent of the staff.
        journeys: the snapshot of each contact's journey, until it has ended and its last tile is cleared.
        callers: channel and name of each of these contacts.
        placed: the calls that agents have placed, until they are cleared: at whose desk each is (D2).
        idle: the agents, longest idle first: each went to the end when last offered a contact or placing a call, when a conversation
            ended, when becoming Available.
    """

    layout: FloorLayout
    now: int
    due: int | None
    desks: MappingProxyType[str, Snapshot]
    journeys: MappingProxyType[str, Snapshot]
    callers: MappingProxyType[str, Caller]
    placed: MappingProxyType[str, str]
    idle: tuple[str, ...]


class AtDesk(NamedTuple):
    """An effect of an agent's desk; what the journey's tile emits is the same and is not said twice."""

    agent: str
    effect: object


class FloorStep(NamedTuple):
    """What a step gives: the floor after it and what the world should do, in order, what time did first."""

    after: FloorSnapshot
    effects: tuple[AtDesk, ...]


@attrs.frozen
class Objection:
    """Who stood in the way: the desk of an agent, or the journey of a contact, with its own refusal."""

    who: str
    refusal: Refusal


@attrs.frozen(auto_exc=True, str=False)
class FloorRefused(Exception):
    """An event that the floor does not take now: desk and journey stay as they are, both.

    Attributes:
        event: as it came.
        at: the instant, milliseconds.
        objections: everyone who stood in the way; for a contact that nobody takes, the desk of every agent asked.
        snapshot: the floor with nothing moved but time, to be kept by the caller.
        effects: what time did on the way.
    """

    code: ClassVar[str] = "FSM204"

    event: object
    at: int
    objections: tuple[Objection, ...]
    snapshot: FloorSnapshot
    effects: tuple[AtDesk, ...]

    def __str__(self) -> str:
        lines = [f"  {one.who}: {one.refusal}".replace("\n", "\n  ") for one in self.objections]
        return "\n".join(
            [f"{event_in_words(self.event)} is refused on the floor.", *(lines or ["  the routing named nobody"])]
        )


Routing = Callable[[FloorSnapshot, str], Iterable[str]]
"""From the floor and the contact's id to agents, the one to be asked first first; one left out is not asked."""


def longest_idle(floor: FloorSnapshot, contact: str) -> Iterable[str]:
    """The agent who has been without something new for longest (the default)."""
    return floor.idle


def fewest_held(floor: FloorSnapshot, contact: str) -> Iterable[str]:
    """The agent with the fewest tiles on the desk; among those, the one idle for longest."""
    return sorted(floor.idle, key=lambda agent: len(floor.desks[agent]["tiles"]))
