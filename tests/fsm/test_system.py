"""A machine said as a system, and what a part inherits from its machine."""

from __future__ import annotations

from fsm.events import Field, event
from fsm.expressions import ELAPSED, after, before, boolean, happens, inside, structure
from fsm.machine import Machine, State
from fsm.properties import Modality, always, each_step, reachable, within
from fsm.system import System, as_system, each, inherited, one, wire


@event
class Push:
    hard: Field[bool]


@event
class Fall:
    """Sent by time."""


shut, ajar = State("shut"), State("ajar")
seen = boolean("seen")
DOOR = Machine(
    "door", (shut, ajar), shut, (shut.on(Push).to(ajar).set(seen, Push.hard), ajar.after(5, Fall).to(shut)), (seen,),
    (
        always("it was pushed", inside(ajar) >> (seen | (ELAPSED < 9))),
        each_step("it falls shut", happens(Fall) >> (before(inside(ajar)) & after(inside(shut)))),
        reachable("it opens", inside(ajar)),
        within("it shuts", 5, inside(ajar), inside(shut)),
    ),
)  # fmt: skip


def test_a_machine_alone_is_the_system_of_which_it_is_the_only_part() -> None:
    """What it says of itself is said of the part."""
    made = as_system(DOOR)
    (part,) = made.parts
    assert (made.name, part.name, made.events) == ("door", "door", (Push,))
    assert structure(made.properties[0].formula) == (
        "implies", ("in", "door", ("ajar",)), ("or", ("var of", "door", "seen"), ("<", ("elapsed", "door"), ("const", "int", "9"))),
    )  # fmt: skip
    assert structure(made.properties[3].premise) == ("in", "door", ("ajar",))
    assert as_system(made) is made


def test_a_part_inherits_what_wires_and_rules_cannot_break() -> None:
    """Safety is kept by every restriction; what can be reached is not."""
    alone, many = one("front", DOOR), each("doors", DOOR, key="house")
    kept = (Modality.ALWAYS, Modality.EACH_STEP)
    assert tuple(claim.modality for claim in inherited(alone)) == tuple(claim.modality for claim in inherited(many)) == kept
    assert structure(inherited(alone)[0].formula)[1] == ("in", "front", ("ajar",))
    assert structure(inherited(many)[0].formula) == ("for each", "doors", structure(DOOR.properties[0].formula))


def test_events_that_parts_share_need_no_wire() -> None:
    """Where names agree the wire is left out; fields are handed on by name. A wire that is written replaces it."""
    front, back = one("front", DOOR), one("back", DOOR)
    shared = System("house", (front, back))
    (implied,) = shared.all_wires
    assert [move.part for move in implied.moves] == [front, back]
    assert [name for move in implied.moves for name, _ in move.payload] == ["hard", "hard"]
    written = System("house", (front, back), (wire(Push, front.by(Push, hard=Push.hard)),))
    assert written.all_wires == written.wires


def test_instances_of_each_have_no_implied_wire() -> None:
    """Nothing says which of them would move."""
    assert System("street", (each("doors", DOOR, key="house"),)).all_wires == ()
