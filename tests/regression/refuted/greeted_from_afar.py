"""A world of one who can be there: an event that names a second one, who stays away, is taken all the same, since nobody but the first is ever there."""

from fsm import Field, Machine, State, System, always, each, event, wire

away, here = State("away"), State("here")


@event
class Enter:
    pass


@event
class Nod:
    pass


@event
class Greet:
    comes: Field[str]
    nods: Field[str]


GUEST = Machine("guest", (away, here), away, (away.on(Enter).to(here), away.on(Nod).to(away)))
guests = each("guests", GUEST, key="who", population=1)
SUBJECT = System(
    "house",
    parts=(guests,),
    wires=(wire(Greet, guests[Greet.comes].by(Enter), guests[Greet.nods].by(Nod)),),
    properties=(always("there is one at most", guests.count() <= 1), always("nobody is ever here", guests.none(here))),
)

STEPS = 1
