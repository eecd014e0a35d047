"""A kettle: small enough that what becomes of each of its mutants can be followed by hand."""

from __future__ import annotations

from fsm import (
    Field,
    Machine,
    State,
    after,
    always,
    before,
    boolean,
    can_happen,
    carried,
    each_step,
    effect,
    emitted,
    event,
    happens,
    inside,
    reachable,
    within,
)

off = State("off")
heating = State("heating")
hot = State("hot")

lid_open = boolean("lid_open")
label = carried("label", str, initial="")


@event
class Press:
    """Somebody presses the switch."""

    label: Field[str]


@event
class Lift:
    """Somebody lifts or closes the lid."""


@event
class Boil:
    """Sent by time: the water boils."""


@event
class Pour:
    """Somebody pours."""


@effect
class Whistle:
    """The water boils."""


BOILS_AFTER = 60_000
"""Milliseconds."""

KETTLE = Machine(
    "kettle",
    states=(off, heating, hot),
    initial=off,
    variables=(lid_open, label),
    transitions=(
        off.on(Press).when(~lid_open).to(heating).set(label, Press.label),
        off.on(Lift).stay().set(lid_open, ~lid_open),
        heating.after(BOILS_AFTER, Boil).to(hot).emits(Whistle),
        hot.on(Pour).to(off).set(lid_open, False),
    ),
    properties=(
        always("nothing is heated while the lid is open", inside(heating) >> ~lid_open, cites="K1"),
        each_step(
            "it whistles when it boils, and never else",
            after(emitted(Whistle) == 0) | happens(Boil) | (before(emitted(Whistle)) == after(emitted(Whistle))),
            cites="K2",
        ),
        each_step("what boils is hot", happens(Boil) >> after(inside(hot) & (emitted(Whistle) >= 1)), cites="K2"),
        each_step(
            "only what is hot is poured, and then it is off",
            happens(Pour) >> (before(inside(hot)) & after(inside(off))),
            cites="K3",
        ),
        within("it boils within a minute", BOILS_AFTER, inside(heating), inside(hot), cites="K4"),
        reachable("water can boil", inside(hot), cites="K4"),
        reachable("the lid can be open", lid_open & inside(off), cites="K1"),
        can_happen("tea can be made", happens(Pour), cites="K3"),
        can_happen("the lid can be closed again", before(lid_open) & after(~lid_open), cites="K1"),
        reachable("nobody says where this comes from", inside(heating)),
    ),
)
