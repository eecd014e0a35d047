"""A refusal says who stood in the way, what they saw, and what is possible instead."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import fsm
from fsm import (
    Engine,
    EventRefused,
    Field,
    Machine,
    Rule,
    Snapshot,
    State,
    System,
    boolean,
    each,
    event,
    integer,
    one,
    parameter,
    wire,
)
from fsm.desk import DESK, Accept, Clear, End, OfferCall, OfferChat, SetStatus, Status
from fsm.runtime.enabled import Possible
from fsm.runtime.obstacles import CannotMove, Full, NamedTwice, NoWire, RuleForbids

from .yard import YARD, Call, Come, Load, Push, SendHome, Swap


def refused(engine: Engine, snapshot: Snapshot, sent: object, at: int) -> EventRefused:
    with pytest.raises(EventRefused) as told:
        engine.step(snapshot, sent, at)
    return told.value


def after(engine: Engine, *run: tuple[Any, int]) -> Snapshot:
    snapshot = engine.start()
    for sent, at in run:
        snapshot = engine.step(snapshot, sent, at).after
    return snapshot


@pytest.fixture(scope="module")
def desk() -> Engine:
    return fsm.compile(DESK, {"max_chats": 2})


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


@pytest.fixture
def busy(desk: Engine) -> Snapshot:
    """One chat is talked to, one was missed."""
    chats = (
        (OfferChat("c-4", "Ann", arrived_at=0), 0),
        (Accept("c-4"), 5),
        (OfferChat("c-7", "Bob", arrived_at=0), 10),
    )
    return desk.advance(after(desk, (SetStatus(Status.AVAILABLE), 0), *chats), 30_000).after


# On the page


def test_a_rule_says_its_name_its_source_what_it_wanted_and_what_it_saw(desk: Engine, busy: Snapshot) -> None:
    """Every rule that stood in the way, with the profile's numbers and the contacts by name."""
    expected = """\
offer_call(contact='c-9', name='Cy', arrived_at=0) is refused.
  rule     no call while another channel is live (S06): no tiles offered or connected with channel = chat; now held: c-4 connected
  rule     no call while another channel is held (S06, D10): no tiles with channel = chat; now held: c-4 connected, c-7 missed
  possible now: text(c-4), fail(c-4), end(c-4), clear(c-7), set_status"""
    assert expected == str(refused(desk, busy, OfferCall("c-9", "Cy", arrived_at=0), 30_000))


def test_a_rule_and_a_part_stand_in_the_way_together(desk: Engine, busy: Snapshot) -> None:
    """A limit is told as the number that the profile sets."""
    expected = """\
offer_chat(contact='c-4', name='Ann', arrived_at=0) is refused.
  rule     a chat slot is free (S02, S22): fewer than 2 tiles with channel = chat; now held: c-4 connected, c-7 missed
  part     tiles[c-4] is connected, where there is no offer
  possible now: text(c-4), fail(c-4), end(c-4), clear(c-7), set_status"""
    assert expected == str(refused(desk, busy, OfferChat("c-4", "Ann", arrived_at=0), 30_000))


def test_a_state_that_a_rule_wants_is_told_with_the_one_it_found(desk: Engine) -> None:
    """Nobody is offered anything before work begins."""
    expected = """\
offer_chat(contact='c-1', name='Ann', arrived_at=0) is refused.
  rule     only an available agent is offered contacts (S01): agent is available; now agent: offline
  possible now: set_status"""
    assert expected == str(refused(desk, desk.start(), OfferChat("c-1", "Ann", arrived_at=0), 0))


def test_a_rule_that_the_profile_alone_breaks_names_the_parameter() -> None:
    """No contact could change it, the administrator could."""
    chats_only = fsm.compile(DESK, {"voice": False})
    told = refused(
        chats_only, after(chats_only, (SetStatus(Status.AVAILABLE), 0)), OfferCall("c-1", "Ann", arrived_at=0), 0
    )
    assert (
        RuleForbids("calls are routed to this agent", ("D13",), "voice", (("voice", "false"),)),
    ) == told.refusal.obstacles


def test_a_contact_that_is_not_there_is_where_it_starts(desk: Engine) -> None:
    """Nobody can accept what was not offered."""
    expected = """\
accept(contact='c-1') is refused.
  part     tiles[c-1] is free, where there is no accept
  possible now: set_status"""
    assert expected == str(refused(desk, desk.start(), Accept("c-1"), 0))


def test_a_guard_that_says_no_is_told_with_what_it_saw(yard: Engine) -> None:
    """Durations in the words of the page."""
    waiting = after(yard, (Push(), 0), (Come("x", Load.SAND, ""), 0))
    expected = """\
call(plate='x') is refused.
  guard    lorries[x] is waiting, where enter needs time in state ≥ 2 ms; now time in state: 1 ms
  possible now: push, come, nudge(x), requeue(x), swap(leaving=x, coming=new), send_home"""
    assert expected == str(refused(yard, waiting, Call("x"), 1))


def test_no_wire_that_applies_is_told_with_all_there_are(yard: Engine) -> None:
    """Lorries come only through an open gate."""
    expected = """\
come(plate='x', load=sand, note='') is refused.
  wire     none applies: gate is ajar or gate is wide; now gate: closed
  possible now: push"""
    assert expected == str(refused(yard, yard.start(), Come("x", Load.SAND, ""), 0))


# As data


def test_every_instance_that_cannot_move_is_an_obstacle(yard: Engine) -> None:
    """Both lorries of a swap stand in its way."""
    waiting = after(yard, (Push(), 0), (Come("x", Load.GLASS, ""), 0))
    obstacles = refused(yard, waiting, Swap("y", "x"), 0).refusal.obstacles
    assert [("y", "away"), ("x", "waiting")] == [
        (one.key, one.state) for one in obstacles if isinstance(one, CannotMove)
    ]


def test_a_refusal_names_a_full_part_and_an_instance_named_twice(yard: Engine) -> None:
    """With the numbers, and with the key."""
    full = after(yard, (Push(), 0), (Come("x", Load.SAND, ""), 0), (Come("y", Load.SAND, ""), 0))
    assert (Full("lorries", 2, 2),) == refused(yard, full, Come("z", Load.SAND, ""), 0).refusal.obstacles
    assert (NamedTwice("lorries", "x"),) == refused(yard, full, Swap("x", "x"), 0).refusal.obstacles


def test_a_rule_over_several_things_tells_each(yard: Engine) -> None:
    """What the event said, what was counted, what a part remembers."""
    glass = after(yard, (Push(), 0), (Come("x", Load.GLASS, ""), 0))
    (forbids,) = refused(yard, glass, Come("y", Load.GLASS, ""), 0).refusal.obstacles
    assert (
        "rule     glass alone: come.load = sand or no lorries with load = glass; now come.load: glass; held: x waiting"
        == str(forbids)
    )
    (home,) = refused(yard, yard.start(), SendHome(), 0).refusal.obstacles
    assert "now gate: closed" == str(home).split("; ", 1)[1]


def test_a_refusal_is_a_value(desk: Engine, busy: Snapshot) -> None:
    """Two askings of one question are equal; so is what comes out of a pickle, after the engine is gone."""
    told = refused(desk, busy, OfferCall("c-9", "Cy", arrived_at=0), 30_000)
    again = desk.why_not(busy, OfferCall("c-9", "Cy", arrived_at=0), 30_000)
    assert (told.refusal, hash(told.refusal)) == (again, hash(again))
    assert told.refusal != desk.why_not(busy, OfferCall("c-8", "Cy", arrived_at=0), 30_000)
    assert told.refusal != "refused"
    carried = pickle.loads(pickle.dumps(told))
    assert (told.refusal, str(told), told.snapshot) == (carried.refusal, str(carried), carried.snapshot)


def test_a_refusal_says_what_is_possible_at_the_same_instant(desk: Engine, busy: Snapshot) -> None:
    """As `possible` would."""
    told = refused(desk, busy, End("c-7"), 40_000)
    assert desk.possible(busy, 40_000) == told.refusal.possible
    assert Possible(Clear, (("contact", "c-7"),)) in told.refusal.possible


# Of a machine alone, where everything that is seen is its own

shut, unlocked = State("shut"), State("unlocked")
tries = integer("tries", 0, 3)
alarmed = boolean("alarmed")
most = parameter("most", int, 3, low=0, high=3)


@event
class Turn:
    code: Field[int]


LOCK = Machine(
    "lock",
    states=(shut, unlocked),
    initial=shut,
    variables=(tries, alarmed),
    transitions=(
        shut.on(Turn).when((Turn.code == 7) & (tries < most)).to(unlocked),
        shut.on(Turn).when((Turn.code == 8) & alarmed).to(unlocked),
    ),
)


def test_all_guards_that_said_no_are_told() -> None:
    """Under the profile, with what each could see."""
    lock = fsm.compile(LOCK, {"most": 2})
    expected = """\
turn(code=9) is refused.
  guard    lock is shut, where turn needs code = 7 and tries < 2 or code = 8 and alarmed; now code: 9; tries: 0; alarmed: false
  possible now: turn"""
    assert expected == str(refused(lock, lock.start(), Turn(9), 0))


def test_a_guard_that_the_profile_alone_breaks_is_told_as_declared() -> None:
    """No code opens a lock that allows no tries."""
    lock = fsm.compile(
        LOCK.__class__("lock", (shut, unlocked), shut, (shut.on(Turn).when(most > 0).to(unlocked),)), {"most": 0}
    )
    expected = """\
turn(code=7) is refused.
  guard    lock is shut, where turn needs most > 0; now most: 0
  possible now: nothing"""
    assert expected == str(refused(lock, lock.start(), Turn(7), 0))


# Two counts in one rule


@event
class Take:
    who: Field[str]


@event
class Hand:
    pass


hand = Machine(
    "hand", states=(shut, unlocked), initial=shut, transitions=(shut.on(Hand).to(unlocked), unlocked.on(Hand).to(shut))
)
left, right, door = each("left", hand, key="who"), each("right", hand, key="who"), one("door", LOCK)
PAIR = System(
    "pair",
    parts=(left, right, door),
    parameters=(most,),
    wires=(wire(Take, left[Take.who].by(Hand)),),
    rules=(Rule("balance", on=Take, when=(left.count() < right.count()) & door.inside(shut)),),
)


def test_two_counts_are_told_apart() -> None:
    """Each under its own words; the door is shut, as the rule wants it, and not told."""
    pair = fsm.compile(PAIR)
    (forbids,) = refused(pair, pair.start(), Take("ann"), 0).refusal.obstacles
    assert (("left", "none"), ("right", "none")) == forbids.seen  # type: ignore[union-attr]  # the only obstacle is the rule


def test_an_obstacle_without_values_says_no_more() -> None:
    """Nothing to see, nothing told."""
    assert "wire     none applies: false" == str(NoWire(("false",), ()))


def test_however_much_stands_in_the_way_and_is_possible_a_refusal_is_told_in_a_few_lines() -> None:
    """A ward of a hundred beds says of the first few why they cannot be made, and what can be done instead; who asks has all of it."""

    @event
    class Occupy:
        bed: Field[str]

    @event
    class Free:
        bed: Field[str]

    @event
    class MakeAll:
        """Of beds that nobody lies in."""

    @event
    class Fill: ...

    @event
    class Leave: ...

    empty, occupied, free = State("empty"), State("occupied"), State("free")
    lines = (empty.on(Fill).to(occupied), occupied.on(Leave).to(free), free.on(MakeAll).to(empty))
    beds = each("beds", Machine("bed", (empty, occupied, free), empty, lines), key="bed")
    moves = (wire(Occupy, beds[Occupy.bed].by(Fill)), wire(Free, beds[Free.bed].by(Leave)))
    ward = fsm.compile(System("ward", (beds,), (*moves, wire(MakeAll, beds.every().by(MakeAll)))))
    snapshot = after(ward, *((Occupy(f"b-{number}"), 0) for number in range(100)))

    told = refused(ward, snapshot, MakeAll(), 0)

    assert (len(told.refusal.obstacles), len(told.refusal.possible)) == (100, 101)
    assert len(str(told).splitlines()) == 11
    assert "  and 92 more stand in the way\n  possible now: " in str(told)
    assert str(told).endswith(" and 93 more")
