"""Wires: all instances that an event names move in one step, or none does."""

from __future__ import annotations

from typing import Any

import pytest

import fsm
from fsm import (
    DefinitionError,
    Engine,
    Event,
    EventRefused,
    Field,
    Machine,
    Snapshot,
    State,
    System,
    TimeStopped,
    before,
    boolean,
    each,
    each_step,
    event,
    for_each,
    happens,
    integer,
    one,
    parameter,
    wire,
)
from fsm.errors import CannotBeRead
from fsm.language.parts import Each
from fsm.live import Live
from fsm.runtime.obstacles import NamedTwice

from .yard import STUCK, YARD, Call, Come, Load, Push, Ring, SendHome, Swap, Told


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


def after(engine: Engine, run: list[tuple[Any, int]]) -> Snapshot:
    """Where events lead, each with how long it comes after the one before."""
    snapshot = engine.start()
    for sent, pause in run:
        snapshot = engine.step(snapshot, sent, snapshot.now + pause).after
    return snapshot


def loading(yard: Engine, *plates: str) -> Snapshot:
    """A yard with an open gate where these lorries load."""
    come: list[tuple[Any, int]] = [(Come(plate, Load.SAND, ""), 0) for plate in plates]
    return after(yard, [(Push(), 0), *come, *((Call(plate), 2 if plate == plates[0] else 0) for plate in plates)])


def test_every_instance_that_fits_moves_at_once(yard: Engine) -> None:
    """All lorries that load go home, in the order of their plates, and the gate moves with them."""
    step = yard.step(loading(yard, "y", "x"), SendHome(), 2)
    assert ({}, "wide") == (dict(step.after["lorries"]), step.after["gate"].state)
    assert ["x", "y"] == [told.who for told in step.effects if isinstance(told, Told)]


def test_where_nobody_fits_everybody_has_moved(yard: Engine) -> None:
    """With no lorry to send home the gate moves alone."""
    assert "wide" == yard.step(after(yard, [(Push(), 0)]), SendHome(), 0).after["gate"].state


def test_an_instance_back_in_its_initial_state_is_forgotten(yard: Engine) -> None:
    """A lorry that went home is no lorry of the yard, and its plate can come again, as new."""
    home = yard.step(loading(yard, "x"), SendHome(), 2).after
    assert {} == dict(home["lorries"])
    assert ("waiting", 4) == yard.step(home, Come("x", Load.SAND, ""), 4).after["lorries"]["x"][:2]


def test_one_event_moves_two_instances_of_a_part(yard: Engine) -> None:
    """A lorry leaves and another takes its place, also in a full yard."""
    swapped = yard.step(loading(yard, "x", "y"), Swap("x", "z"), 2).after
    assert {"y": "loading", "z": "waiting"} == {key: lorry.state for key, lorry in swapped["lorries"].items()}


def test_one_event_does_not_move_an_instance_twice(yard: Engine) -> None:
    """A lorry cannot be swapped for itself."""
    with pytest.raises(EventRefused, match=r"part     lorries\[x\] is named twice"):
        yard.step(loading(yard, "x"), Swap("x", "x"), 2)


def test_a_part_never_holds_more_than_it_may(yard: Engine) -> None:
    """The third lorry of two is refused."""
    with pytest.raises(EventRefused, match="part     lorries may hold 2 at most; now held: 2"):
        yard.step(loading(yard, "x", "y"), Come("z", Load.SAND, ""), 2)


# Two at once, where there is little room

out, inside, asleep = State("out"), State("inside"), State("asleep")
strict = parameter("strict", bool, False)
room_for = parameter("room_for", int, 1, low=0)


@event
class Enter:
    pass


@event
class Exit:
    pass


@event
class Rest:
    pass


@event
class Drill:
    pass


@event
class Dismiss:
    pass


@event
class Train:
    who: Field[str]


@event
class EnterTogether:
    first: Field[str]
    second: Field[str]


@event
class Relieve:
    number: Field[int]


weary = boolean("weary")
GUARD = Machine(
    "guard",
    states=(out, inside, asleep),
    initial=out,
    variables=(weary,),
    transitions=(
        out.on(Enter).to(inside).set(weary, False),
        inside.on(Exit).to(out),
        inside.on(Rest).when(weary).to(asleep),
        inside.on(Rest).when(~weary & strict).stay(),
        inside.on(Drill).stay().set(weary, True),
    ),
)
rounds = integer("rounds", initial=10)
CHIEF = Machine(
    "chief",
    states=(out, inside),
    initial=out,
    variables=(rounds,),
    transitions=(out.on(Exit).stay().set(rounds, rounds + 1),),
)
guards, chief = each("guards", GUARD, key="name", at_most=room_for), one("chief", CHIEF)
ROOM = System(
    "room",
    parts=(guards, chief),
    parameters=(strict, room_for),
    wires=(
        wire(Train, guards[Train.who].by(Drill)),
        wire(Rest, guards.every().by(Rest)),
        wire(Dismiss, guards.every().by(Exit)),
        wire(EnterTogether, guards[EnterTogether.first].by(Enter), guards[EnterTogether.second].by(Enter)),
        wire(Relieve, chief.by(Exit), when=Relieve.number == 3 * chief[rounds]),
        wire(Relieve, guards.every().by(Exit), when=Relieve.number - chief[rounds] >= 20),
    ),
)


def test_two_new_instances_need_room_for_two() -> None:
    """Each alone would find room."""
    room = fsm.compile(ROOM)
    with pytest.raises(EventRefused, match="part     guards may hold 1 at most; now held: 0"):
        room.step(room.start(), EnterTogether("ann", "bob"), 0)


def test_two_keys_that_are_one_are_refused() -> None:
    """Though each move alone could be made."""
    room = fsm.compile(ROOM, {"room_for": 2})
    for ask in (room.step, lambda _, sent, at: Live(ROOM, {"room_for": 2}).send(sent, at)):
        with pytest.raises(EventRefused) as refused:
            ask(room.start(), EnterTogether("ann", "ann"), 0)
        assert (NamedTwice("guards", "ann"),) == refused.value.refusal.obstacles


@event
class Relief:
    off: Field[str]
    on: Field[str]


people = each("people", GUARD, key="name", population=room_for)
WORLD = System(
    "world",
    parts=(people,),
    parameters=(strict, room_for),
    wires=(
        wire(Train, people[Train.who].by(Enter)),
        wire(Relief, people[Relief.off].by(Exit), people[Relief.on].by(Enter)),
    ),
)


@pytest.mark.parametrize("sent", [Train("bob"), Train("cat"), Relief("ann", "bob")], ids=repr)
def test_a_key_is_as_good_as_another_while_there_are_enough(sent: object) -> None:
    """Two guards are in the world; which two they are shows when they come."""
    world = fsm.compile(WORLD, {"room_for": 2})
    assert world.why_not(world.step(world.start(), Train("ann"), 0).after, sent, 0) is None


@pytest.mark.parametrize("sent", [Train("bob"), Relief("ann", "bob")], ids=repr)
def test_an_event_that_names_more_keys_than_there_are_is_refused(sent: object) -> None:
    """Also where one goes as the other comes: both would be in the world."""
    world, living = fsm.compile(WORLD), Live(WORLD)
    living.send(Train("ann"), 0)
    alone = world.step(world.start(), Train("ann"), 0).after

    with pytest.raises(EventRefused, match="part     people may hold 1 at most; now held: 1"):
        world.step(alone, sent, 0)
    with pytest.raises(EventRefused, match="part     people may hold 1 at most; now held: 1"):
        living.send(sent, 0)


def test_two_new_instances_are_possible_where_there_is_room_for_two() -> None:
    """What is listed stands for two keys, not for one named twice."""
    listed = [
        {one.event for one in room.possible(room.start(), 0)}
        for room in (fsm.compile(ROOM, {"room_for": 2}), fsm.compile(ROOM))
    ]
    assert [True, False] == [EnterTogether in events for events in listed]


def test_two_wires_that_apply_at_once_are_a_fault_of_the_declaration() -> None:
    """Which the checks could not find; neither the step nor a live object chooses."""
    room = fsm.compile(ROOM)
    told = r"system room: 2 wires apply to Relieve\(number=30\) at once\. Make their conditions disjoint\."
    with pytest.raises(DefinitionError, match=told):
        room.step(room.start(), Relieve(30), 0)
    with pytest.raises(DefinitionError, match=told):
        Live(ROOM).send(Relieve(30), 0)
    assert 10 == room.step(room.start(), Relieve(100), 0).after["chief"].rounds


def test_where_one_of_all_cannot_move_nobody_does() -> None:
    """A guard who is not weary does not rest, unless drill is strict; a guard asleep cannot be dismissed."""
    lax, firm = (fsm.compile(ROOM, {"room_for": 2, "strict": strictly}) for strictly in (False, True))
    both = after(lax, [(EnterTogether("ann", "bob"), 0), (Train("bob"), 0)])
    with pytest.raises(
        EventRefused, match=r"guard    guards\[ann\] is inside, where rest needs weary; now weary: false"
    ):
        lax.step(both, Rest(), 0)
    both = after(firm, [(EnterTogether("ann", "bob"), 0), (Train("bob"), 0)])
    resting = firm.step(both, Rest(), 0).after
    assert {"ann": "inside", "bob": "asleep"} == {key: one.state for key, one in resting["guards"].items()}
    with pytest.raises(EventRefused, match=r"part     guards\[bob\] is asleep, where there is no exit"):
        firm.step(resting, Dismiss(), 0)
    assert {} == dict(firm.step(both, Dismiss(), 0).after["guards"])


# Who is named is read by its own lines


class Bring(Event):
    """A book comes back, to whoever is there."""

    book: Field[str]


class Take(Event):
    """The book is told whether somebody was at the counter."""

    staffed: Field[bool]


class Staff(Event):
    """Somebody comes to the counter."""


class Lend(Event):
    """A book goes out. Nobody need be there."""

    book: Field[str]


def library() -> System:
    """A book that was lent comes back anyhow, one that is torn over a counter with somebody behind it."""
    empty, staffed, shelved, lent, torn = (State(name) for name in ("empty", "staffed", "shelved", "lent", "torn"))
    counter = one("counter", Machine("counter", (empty, staffed), empty, (empty.on(Staff).to(staffed),)))
    lines = (
        shelved.on(Lend).to(lent),
        lent.on(Lend).to(torn),
        lent.on(Take).to(shelved),
        torn.on(Take).when(Take.staffed).to(shelved),
    )
    books = each("books", Machine("book", (shelved, lent, torn), shelved, lines), key="book")
    there = counter.inside(staffed)
    by_hand = for_each(books, (happens(Take) & before(fsm.inside(torn))) >> before(there))
    return System(
        "library",
        (counter, books),
        wires=(
            wire(Bring, books[Bring.book].by(Take, staffed=True), when=there),
            wire(Bring, books[Bring.book].by(Take, staffed=False), when=~there),
        ),
        properties=(each_step("what is torn is taken by hand", by_hand),),
    )


def test_what_depends_on_who_is_named_and_on_others_is_told_by_the_wire() -> None:
    """The instance alone knows its state, the wire alone the other parts; the refusal names the instance and what it was told."""
    engine = fsm.compile(library())
    lent = [(Lend("a"), 0), (Lend("b"), 0), (Lend("b"), 0)]
    assert {"b"} == set(after(engine, [*lent, (Bring("a"), 0)])["books"])
    told = r"guard    books\[b\] is torn, where take needs staffed; now staffed: false"
    with pytest.raises(EventRefused, match=told):
        after(engine, [*lent, (Bring("b"), 0)])
    assert {"a"} == set(after(engine, [*lent, (Staff(), 0), (Bring("b"), 0)])["books"])


@pytest.mark.parametrize("read", [lambda one: one.inside(State("torn")), lambda one: one[boolean("torn")]])
def test_a_condition_that_reads_who_is_named_is_told_how_to_say_it(read: Any) -> None:
    """The selection says who moves; what there is to read of it stands elsewhere."""
    books = library().part("books")
    assert isinstance(books, Each)
    with pytest.raises(
        CannotBeRead, match=r"books\[\.\.\.\]: who is named is read by the lines of its own machine alone"
    ):
        read(books[Bring.book])


# What time sends cannot be refused, or time stops


def test_time_stops_where_a_part_wired_to_a_timer_cannot_move() -> None:
    """Up to there it passes; the error says who stood in the way, and `fsm verify` would have said so before."""
    stuck = fsm.compile(STUCK)
    assert 4 == stuck.advance(stuck.start(), 4).after.now
    with pytest.raises(TimeStopped) as stopped:
        stuck.advance(stuck.start(), 5)
    assert "time cannot pass: ring is refused.\n  part     sleeper is calm, where there is no wake" == str(
        stopped.value
    )
    assert (Ring, 5, ()) == (stopped.value.refusal.event, stopped.value.refusal.at, stopped.value.refusal.possible)
