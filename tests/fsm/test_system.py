"""A machine said as a system, and what a part inherits from its machine."""

from __future__ import annotations

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Modality,
    State,
    System,
    after,
    always,
    as_system,
    before,
    boolean,
    compile,
    each,
    each_step,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    one,
    reachable,
    wire,
    within,
)
from fsm.canonical import fingerprint, read, write
from fsm.language.composition import inherited
from fsm.semantics.satisfaction import holds_of_step, seen_steps
from fsm.verification import Proved, verify


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
    assert str(made.properties[0].formula) == "if door is ajar then door.seen or time in state of door < 9 ms"
    assert str(made.properties[3].premise) == "door is ajar"
    assert as_system(made) is made


def test_a_part_inherits_what_wires_and_rules_cannot_break() -> None:
    """Safety is kept by every restriction; what can be reached is not."""
    alone, many = one("front", DOOR), each("doors", DOOR, key="house")
    kept = (Modality.ALWAYS, Modality.EACH_STEP)
    assert (
        tuple(claim.modality for claim in inherited(alone))
        == tuple(claim.modality for claim in inherited(many))
        == kept
    )
    assert str(inherited(alone)[0].formula).startswith("if front is ajar then")
    assert str(inherited(many)[0].formula) == f"for each of doors: {DOOR.properties[0].formula}"


@event
class Enter:
    house: Field[str]


@event
class Knock:
    house: Field[str]


@event
class Quit:
    house: Field[str]


@event
class Mark:
    """The lodger is marked."""


@event
class Go:
    """The lodger comes or goes."""


@effect
class Noted:
    """The mark is written down."""


marked = boolean("marked")
LODGER = Machine(
    "lodger", (shut, ajar), shut,
    (shut.on(Go).to(ajar), ajar.on(Mark).stay().set(marked, True).emits(Noted), ajar.on(Go).to(shut)), (marked,),
    (
        each_step("a mark stays", before(marked) >> after(marked)),
        each_step("going goes", happens(Go) >> (before(inside(ajar)) | after(inside(ajar)))),
        always("one mark at most", emitted(Noted) <= 1),
    ),
)  # fmt: skip


def test_an_instance_that_is_forgotten_keeps_no_promise_about_its_variables() -> None:
    """Alone, a machine keeps its variables for ever; an instance that returns to the start begins anew."""
    lodgers = each("lodgers", LODGER, key="house")
    wires = (
        wire(Enter, lodgers[Enter.house].by(Go)), wire(Knock, lodgers[Knock.house].by(Mark)), wire(Quit, lodgers[Quit.house].by(Go)),
    )  # fmt: skip
    engine = compile(System("inn", (lodgers,), wires))
    first = engine.step(engine.start(), Enter("h"), at=0).after
    second = engine.step(first, Knock("h"), at=1).after
    leaving = engine.step(second, Quit("h"), at=2)
    (step,) = seen_steps(engine, second, Quit("h"), 2, leaving, {})
    assert not holds_of_step(engine, for_each(lodgers, LODGER.properties[0].formula), step)
    assert [holds_of_step(engine, claim.formula, step) for claim in inherited(lodgers)] == [True, True]


def test_a_count_of_effects_is_not_inherited() -> None:
    """One mark for each lodger is many marks for the inn."""
    kept = [claim.sentence for claim in inherited(each("lodgers", LODGER, key="house"))]
    assert kept == [claim.sentence for claim in inherited(one("lodger", LODGER))] == ["a mark stays", "going goes"]


def test_events_that_parts_share_need_no_wire() -> None:
    """Where names agree the wire is left out; fields are handed on by name. A wire that is written replaces it."""
    front, back = one("front", DOOR), one("back", DOOR)
    shared = System("house", (front, back))
    (implied,) = shared.all_wires
    assert [move.part for move in implied.moves] == [front, back]
    assert [name for move in implied.moves for name, _ in move.payload] == ["hard", "hard"]
    written = System("house", (front, back), (wire(Push, front.by(Push, hard=Push.hard)),))
    assert written.all_wires == written.wires


def test_instances_of_each_have_no_implied_wire_where_no_field_names_one() -> None:
    """Nothing says which of them would move."""
    assert System("street", (each("doors", DOOR, key="house"),)).all_wires == ()


@event
class Shout:
    house: Field[str]
    loud: Field[bool]


def test_an_event_with_a_field_named_as_the_key_needs_no_wire() -> None:
    """It moves that instance of every part that knows the class, and its fields are handed on; a part made by `one` moves too."""
    quiet, woken = State("quiet"), State("woken")
    machine = Machine("sleeper", (quiet, woken), quiet, (quiet.on(Shout).when(Shout.loud).to(woken),))
    sleepers, cats, watchman = (
        each("sleepers", machine, key="house"),
        each("cats", machine, key="house"),
        one("guard", machine),
    )
    street = System("street", (sleepers, cats, watchman))
    engine = compile(street)
    woke = engine.step(engine.start(at=0), Shout(house="7", loud=True), at=0).after

    assert (list(woke["sleepers"]), list(woke["cats"]), woke["guard"].state) == (["7"], ["7"], "woken")
    assert engine.why_not(engine.start(at=0), Shout(house="7", loud=False), at=0) is not None
    written = System(
        "street", (sleepers, cats), (wire(Shout, cats[Shout.house].by(Shout, house=Shout.house, loud=Shout.loud)),)
    )
    assert written.all_wires == written.wires
    assert fingerprint(street) == fingerprint(
        System(
            "street",
            street.parts,
            (
                wire(
                    Shout,
                    sleepers[Shout.house].by(Shout, house=Shout.house, loud=Shout.loud),
                    cats[Shout.house].by(Shout, house=Shout.house, loud=Shout.loud),
                    watchman.by(Shout, house=Shout.house, loud=Shout.loud),
                ),
            ),
        )
    )


def test_what_needs_no_wire_is_proved_and_read_back_like_what_has_one() -> None:
    """For every number of instances."""
    quiet, woken = State("quiet"), State("woken")
    machine = Machine("sleeper", (quiet, woken), quiet, (quiet.on(Shout).when(Shout.loud).to(woken),))
    sleepers = each("sleepers", machine, key="house", at_most=3)
    street = System("street", (sleepers,), properties=(always("three wake at most", sleepers.count(woken) <= 3),))

    assert [type(one) for one in verify(street).verdicts] == [Proved]
    assert write(read(write(street))) == write(street)
