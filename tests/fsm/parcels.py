"""A parcel locker whose declaration changed twice: three real declarations, as a service has had them over the years.

first    a parcel waits, and goes back when nobody came
second   the size is remembered; what went back is called returned; a parcel waits a day
third    the system has another name, and no large parcel may be held while the locker is closed
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from fsm import Engine, Field, Machine, State, System, always, choice, compile, each, event, one, wire


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@event
class Put:
    parcel: Field[str]


@event
class PutSized:
    parcel: Field[str]
    size: Field[Size]


@event
class Take:
    parcel: Field[str]


@event
class Arrive:
    """A parcel is put in."""


@event
class ArriveSized:
    """A parcel of a size is put in."""

    size: Field[Size]


@event
class Leave:
    """A parcel is taken out."""


@event
class GiveUp:
    """Sent by time."""


@event
class Close:
    """Nobody can reach the locker."""


absent, waiting = State("absent"), State("waiting")
back, returned = State("back"), State("returned")
open_, closed = State("open"), State("closed")
size = choice("size", Size)

FIRST_PARCEL = Machine(
    "parcel", (absent, waiting, back), absent,
    (absent.on(Arrive).to(waiting), waiting.after(1_000, GiveUp).to(back), (waiting | back).on(Leave).to(absent)),
)  # fmt: skip
SECOND_PARCEL = Machine(
    "parcel", (absent, waiting, returned), absent,
    (absent.on(ArriveSized).to(waiting).set(size, ArriveSized.size), waiting.after(2_000, GiveUp).to(returned), (waiting | returned).on(Leave).to(absent)),
    (size,),
)  # fmt: skip
DOOR = Machine("door", (open_, closed), open_, (open_.on(Close).to(closed),))


def locker(name: str, parcel: Machine, put: type, arrive: type, *, large_needs_open: bool) -> System:
    door = one("door", DOOR)
    parcels = each("parcels", parcel, key="parcel")
    fields: dict[str, Any] = {"size": PutSized.size} if put is PutSized else {}
    key = PutSized.parcel if put is PutSized else Put.parcel
    claim = (
        always("no large parcel is held behind a closed door", ~door.inside(closed) | parcels.none(size == Size.LARGE))
        if large_needs_open
        else None
    )
    return System(
        name, (door, parcels),
        (
            wire(put, parcels[key].by(arrive, **fields)),
            wire(Take, parcels[Take.parcel].by(Leave)),
        ),
        properties=() if claim is None else (claim,),
    )  # fmt: skip


FIRST: Engine = compile(locker("locker", FIRST_PARCEL, Put, Arrive, large_needs_open=False))
SECOND: Engine = compile(locker("locker", SECOND_PARCEL, PutSized, ArriveSized, large_needs_open=False))
THIRD: Engine = compile(locker("parcel_station", SECOND_PARCEL, PutSized, ArriveSized, large_needs_open=True))
