"""A declaration tests somebody's own implementation, and itself: what is right passes, each planted fault is found."""

from __future__ import annotations

import os
import unittest
from enum import Enum
from operator import le
from textwrap import dedent
from typing import Annotated, Any, NewType

import attrs
import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

import fsm.verification
from fsm import (
    BadInput,
    Engine,
    EventRefused,
    Field,
    Machine,
    Modality,
    Range,
    Refusal,
    Snapshot,
    State,
    Step,
    System,
    always,
    before,
    boolean,
    compile,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    reachable,
    wire,
    within,
)  # fmt: skip
from fsm.desk import AGENT, CONTACT, DESK, TILE, End, OfferChat, SetStatus, Status
from fsm.desk.agent import SetStatus as AgentSetsStatus
from fsm.desk.tile import Expire
from fsm.runtime import compiled_expressions
from fsm.runtime.enabled import Possible
from fsm.runtime.refusal import FIRINGS
from fsm.verification.testing import LawBroken, Mismatch, PropertyBroken, RunFailed, adapter, stateful
from fsm.verification.testing.oracle import Follower

from . import faulty_desks as faulty
from .hand_desk import HandDesk

SOAK = "SOAK" in os.environ
"""Set by `make soak`."""
pytestmark = [pytest.mark.soak] if SOAK else []

FIND = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=400,
    stateful_step_count=50,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
)
PASS = settings(FIND, max_examples=500 if SOAK else 10, stateful_step_count=30)
"""That nothing is said against what is right is seen on few runs here, and on many by `make soak`."""

PROFILES: list[dict[str, Any]] = [
    {},
    {"max_chats": 1, "missed_blocks_agent": True, "non_response_after": 20_000},
    {"max_chats": 2, "outbound_calls": True, "held_blocks_channel": False, "rejected_holds": False},
    {"voice": False, "max_chats": 0},
]


def found(
    target: Machine | System, profile: dict[str, Any] | None = None, implementation: Any = None, start: int = 0
) -> RunFailed:
    """What the derived test finds, from a seed that is always the same."""
    derived = seed(start)(stateful(target, profile, implementation=implementation))
    with pytest.raises(RunFailed) as failed:
        run_state_machine_as_test(derived, settings=FIND)
    return failed.value


# Somebody's own implementation


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_a_faithful_desk_passes(profile: dict[str, Any]) -> None:
    """A desk written by hand that does what is declared is not accused, under any profile."""
    run_state_machine_as_test(stateful(DESK, profile, implementation=lambda: HandDesk(**profile)), settings=PASS)


FAULTS: list[tuple[type[HandDesk], dict[str, Any], int, int]] = [
    (faulty.AMissFreesTheSlot, {}, 3, 13),
    (faulty.ATimerFiresTwice, {}, 3, 0),
    (faulty.ASixthChat, {}, 7, 22),
    (faulty.ACallDuringChats, {}, 3, 1),
    (faulty.ACallAfterRejectedChats, {}, 3, 1),
    (faulty.AutoAccept, {}, 2, 0),
    (faulty.AnOfferOnBreak, {}, 2, 1),
    (faulty.AMissCountedTwice, {}, 3, 14),
    (faulty.AcceptAfterTheWindow, {}, 3, 0),
    (faulty.AMillisecondLate, {}, 3, 0),
    (faulty.ARefusalThatMovesState, {}, 4, 3),
    (faulty.ClearEndsAConversation, {}, 4, 18),
    (faulty.ARejectedOfferFreesItsSlot, {}, 3, 0),
    (faulty.AcceptingDoesNotStopTheClock, {}, 4, 4),
    (faulty.AnOldTimerMeetsANewOffer, {"rejected_holds": False}, 5, 4),
    (faulty.ASlotTooFew, {}, 6, 4),
]
"""The desk, its profile, how many events show its fault, and a seed with which Hypothesis comes to it soon."""


@pytest.mark.parametrize(
    ("desk", "profile", "events", "start"), FAULTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_each_planted_fault_is_found_with_the_shortest_run(
    desk: type[HandDesk], profile: dict[str, Any], events: int, start: int
) -> None:
    """Each number was counted by hand: no run of fewer events shows the fault.

    A sixth chat, for one: the agent becomes available, five offers, and the one that must be refused.
    """
    mismatch = found(DESK, profile, lambda: desk(**profile), start)

    assert isinstance(mismatch, Mismatch)
    assert events == len(mismatch.run)


def test_a_mismatch_says_after_which_event_what_differs_and_where() -> None:
    """The message names the event, the instance, both values, and the run that leads there."""
    mismatch = found(DESK, {}, faulty.AutoAccept)

    assert isinstance(mismatch, Mismatch)
    assert ("state", "tiles", "contact-1") == (mismatch.what, mismatch.part, mismatch.key)
    assert ("offered", "connected") == (mismatch.expected, mismatch.actual)
    first, *_, line, last = str(mismatch).splitlines()
    assert "state of tiles[contact-1]: 'offered' by the declaration, 'connected' by the implementation" in first
    assert "  at 0 ms  set_status(status=available)" == line
    assert last.startswith("  at 0 ms  offer_c")


class Shows(HandDesk):
    """A desk whose adapter shows what its test hands it."""

    shown: dict[str, object]

    def observe(self) -> dict[str, object]:
        return {**super().observe(), **self.shown}


@pytest.mark.parametrize(
    ("shown", "where"),
    [
        ({"tabs": {}}, "observe()"),
        ({"tiles": []}, "observe()['tiles']"),
        ({"agent": 1}, "observe(): agent"),
        ({"agent": ("offline", {"mood": 1})}, "observe(): agent"),
    ],
    ids=["an unknown part", "no mapping", "no state", "an unknown variable"],
)
def test_an_adapter_that_shows_something_else_is_told_so(shown: dict[str, object], where: str) -> None:
    """A misspelt part or variable is not left out of the comparison, it is an error."""
    made = type("Shown", (Shows,), {"shown": shown})

    with pytest.raises(BadInput) as wrong:
        run_state_machine_as_test(stateful(DESK, implementation=made), settings=FIND)

    assert where == wrong.value.where


def test_an_adapter_that_does_not_answer_is_told_so() -> None:
    """None is neither taken nor refused."""

    class Silent(HandDesk):
        def send(self, event: object, at: int) -> bool:
            super().send(event, at)
            return None  # type: ignore[return-value]  # the mistake that is planted

    with pytest.raises(BadInput, match="answers None"):
        run_state_machine_as_test(stateful(DESK, implementation=Silent), settings=FIND)


def documented_agent() -> Any:
    """The adapter that the documentation shows."""
    assert adapter.__doc__ is not None
    lines = [line for line in adapter.__doc__.splitlines() if line.startswith("    ") or not line]
    names: dict[str, Any] = {}
    exec(dedent("\n".join(lines)), names)
    return names["OurAgent"], names["TestOurAgent"]


def test_the_adapter_of_the_documentation_passes() -> None:
    """It shows no variables and no effects, and implements one machine."""
    _, case = documented_agent()
    case.settings = PASS
    result = unittest.TestResult()

    case("runTest").run(result)

    assert (1, []) == (result.testsRun, result.errors + result.failures)


def test_an_implementation_that_starts_wrongly_is_found_at_the_start() -> None:
    """Before any event."""
    agent, _ = documented_agent()

    class Stubborn(agent):  # type: ignore[misc]  # its class is made from the documentation
        def start(self, at: int) -> None:
            self.status = "away"

    mismatch = found(AGENT, {}, Stubborn)
    assert 0 == len(mismatch.run)
    assert "at the start" in str(mismatch)


def test_the_same_effects_in_another_order_differ() -> None:
    """Within one event the order of effects counts; among timers of one instant it does not."""

    class Backwards(HandDesk):
        def effects(self) -> list[object]:
            return super().effects()[::-1]

    mismatch = found(DESK, {}, Backwards)
    assert isinstance(mismatch, Mismatch)
    assert ("effects", 3) == (mismatch.what, len(mismatch.run))


# The declaration itself


@pytest.mark.parametrize("target", [DESK, AGENT, TILE, CONTACT], ids=lambda target: target.name)
def test_what_is_declared_keeps_its_own_properties(target: Machine | System) -> None:
    """The desk, and machines alone."""
    run_state_machine_as_test(stateful(target), settings=PASS)


least, counted = State("least"), integer("counted", 0)


@event
class Count:
    pass


COUNTER = Machine(
    "counter",
    (least,),
    least,
    (least.on(Count).when(counted < 3).stay().set(counted, counted + 1),),
    (counted,),
    (
        always("it counts to three", counted < 4),
        each_step("it counts below three", happens(Count) >> before(counted < 3)),
    ),
)


def test_an_operator_that_is_compiled_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps are taken by what is compiled, and judged by what is not."""
    monkeypatch.setitem(compiled_expressions.OPERATORS, "<", le)

    broken = found(COUNTER)

    assert isinstance(broken, PropertyBroken)
    assert "it counts" in str(broken)


RULES: list[tuple[str, dict[str, Any], set[str], int]] = [
    ("only an available agent is offered contacts", {}, {"only an Available agent is offered anything"}, 1),
    (
        "a chat slot is free",
        {"max_chats": 0},
        {"chats in use never exceed the limit", "no chat is offered when every slot is in use"},
        2,
    ),
    ("outbound calls are switched on", {}, {"the agent starts calls only, and only where that is switched on"}, 1),
    (
        "no call while another channel is live",
        {"held_blocks_channel": False},
        {"no call is offered while a chat is live", "a call and a chat ring together never"},
        3,
    ),
]


@pytest.mark.parametrize(
    ("rule", "profile", "sentences", "events"), RULES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_left_out_breaks_its_property(
    rule: str, profile: dict[str, Any], sentences: set[str], events: int
) -> None:
    """The failure names the property's sentence, at the end of the shortest run."""
    without = attrs.evolve(DESK, rules=tuple(one for one in DESK.rules if one.name != rule))

    broken = found(without, profile)

    assert isinstance(broken, PropertyBroken)
    assert broken.claim.sentence in sentences
    assert broken.claim.sentence in str(broken)
    assert events == len(broken.run)


def test_a_timer_left_out_breaks_the_deadline_of_its_machine() -> None:
    """Offers that never expire: after an offer, time passes and nothing ends it."""
    tile = attrs.evolve(
        TILE,
        transitions=tuple(one for one in TILE.transitions if one.event is not Expire),
        properties=tuple(claim for claim in TILE.properties if claim.modality is Modality.WITHIN),
    )

    broken = found(tile)

    assert isinstance(broken, PropertyBroken)
    assert "an offer ends within the accept window" == broken.claim.sentence
    assert 2 == len(broken.run)
    assert "seen    tile = offered, waited = " in str(broken)


# A small system with keys and numbers of other kinds

Bay = NewType("Bay", str)


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"


@event
class Put:
    """Something is put on a shelf."""

    shelf: Field[object]
    bay: Field[Bay]
    lot: Field[tuple[int, ...]]
    side: Field[Side]
    weight: Field[int]
    height: Field[Annotated[int, Range(0, 9)]]
    note: Field[object]


@event
class Take:
    shelf: Field[object]
    bay: Field[Bay]
    lot: Field[tuple[int, ...]]


@event
class Load:
    weight: Field[int]


@event
class Unload:
    """It is taken away."""


@event
class Rot:
    """Sent by time: it lay too long."""


empty, full = State("empty"), State("full")
load = integer("load", 0, None)
heavy = boolean("heavy")
SPOT = Machine(
    "spot", (empty, full), empty,
    (
        empty.on(Load).when(Load.weight > 10).to(full).set(load, Load.weight).set(heavy, True),
        empty.on(Load).when((Load.weight >= 0) & (Load.weight <= 10)).to(full).set(load, Load.weight),
        full.on(Unload).to(empty),
        full.after(5_000, Rot).to(empty),
    ),
    variables=(load, heavy),
    properties=(
        each_step("only loading fills a spot", happens(Load) | ~happens(Load)),
        within("what lies there rots in five seconds", 5_000, inside(full), inside(empty)),
        reachable("a spot can be full", inside(full)),
    ),
)  # fmt: skip
shelves = each("shelves", SPOT, key="shelf")
bays = each("bays", SPOT, key="bay")
lots = each("lots", SPOT, key="lot")
STORE = System(
    "store",
    (shelves, bays, lots, one("agent", AGENT)),
    wires=(
        wire(Put, shelves[Put.shelf].by(Load, weight=Put.weight), bays[Put.bay].by(Load, weight=Put.weight), lots[Put.lot].by(Load, weight=Put.weight)),
        wire(Take, shelves[Take.shelf].by(Unload), bays[Take.bay].by(Unload), lots[Take.lot].by(Unload)),
    ),
)  # fmt: skip


def test_keys_and_fields_of_every_kind_are_drawn() -> None:
    """Strings, names of a type of their own and tuples may be keys; numbers, enumerations and anything else may be carried."""
    run_state_machine_as_test(stateful(STORE), settings=settings(PASS, max_examples=10, stateful_step_count=15))


def test_what_must_always_hold_is_checked_after_every_step() -> None:
    """A claim that one event breaks; and one that the start breaks already."""
    never_full = attrs.evolve(SPOT, properties=(always("a spot is never full", ~inside(full)),))
    always_full = attrs.evolve(SPOT, properties=(always("a spot is always full", inside(full)),))

    broken = [found(one) for one in (never_full, always_full)]
    assert [("a spot is never full", 1), ("a spot is always full", 0)] == [
        (one.claim.sentence, len(one.run)) for one in broken if isinstance(one, PropertyBroken)
    ]


def test_a_deadline_of_a_machine_is_measured_for_each_instance() -> None:
    """Spots that rot too late are found by the property of their machine."""
    late = tuple(one if one.duration is None else full.after(5_001, Rot).to(empty) for one in SPOT.transitions)
    part = each("spots", attrs.evolve(SPOT, transitions=late), key="bay")
    slow = System("slow", (part,), wires=(wire(Put, part[Put.bay].by(Load, weight=Put.weight)),))

    broken = found(slow)

    assert isinstance(broken, PropertyBroken)
    assert ("what lies there rots in five seconds", 2) == (broken.claim.sentence, len(broken.run))


# The engine: each law is checked with an engine that breaks it


class ForgetsTime(Engine):
    """A refusal that forgets what time did."""

    def step(self, snapshot: Snapshot, event: object, at: int) -> Step:
        try:
            return super().step(snapshot, event, at)
        except EventRefused as refused:
            raise attrs.evolve(refused, snapshot=snapshot) from refused


class NamesNobody(Engine):
    """A refusal without a reason."""

    def step(self, snapshot: Snapshot, event: object, at: int) -> Step:
        try:
            return super().step(snapshot, event, at)
        except EventRefused as refused:
            raise attrs.evolve(refused, refusal=Refusal(event, at, tuple, tuple)) from refused


class IsLate(Engine):
    """Events come first and timers after them."""

    def step(self, snapshot: Snapshot, event: object, at: int) -> Step:
        return super().step(snapshot, event, snapshot.now)


class ListsNothing(Engine):
    def possible(self, snapshot: Snapshot, at: int, *, firings: int = FIRINGS) -> tuple[Possible, ...]:
        return ()


class ListsEverything(Engine):
    def possible(self, snapshot: Snapshot, at: int, *, firings: int = FIRINGS) -> tuple[Possible, ...]:
        return (*super().possible(snapshot, at, firings=firings), Possible(End, (("contact", "c-1"),)))


class LeavesTimers(Engine):
    """Time stands still when it is asked to pass."""

    def advance(self, snapshot: Snapshot, to: int, *, firings: int = FIRINGS) -> Step:
        return Step(snapshot, ())


def offer_then(follower: Follower, event: object | None) -> None:
    """A contact is offered, and ten seconds later an event arrives; without one, the window ends."""
    follower.send(SetStatus(Status.AVAILABLE), 0)
    follower.send(OfferChat("c-1", "Ann", arrived_at=0), 0)
    if event is None:
        follower.wait(20_000)
    else:
        follower.send(event, 10_000)


@pytest.mark.parametrize(
    ("made", "event", "law"),
    [
        (ForgetsTime, OfferChat("c-1", "Ann", arrived_at=0), "a refused event changes nothing but time"),
        (NamesNobody, OfferChat("c-1", "Ann", arrived_at=0), "a refusal names who stood in the way"),
        (
            IsLate,
            SetStatus(Status.AWAY),
            "letting time pass and then sending the event is the same as sending it at once",
        ),
        (ListsNothing, SetStatus(Status.AWAY), "what is listed as possible is what is taken"),
        (ListsEverything, End("c-1"), "what is listed as possible is what is taken"),
        (LeavesTimers, None, "after a step no timer is overdue"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_engine_that_breaks_a_law_is_found(made: type[Engine], event: object | None, law: str) -> None:
    """The laws of running are checked on every step, and each of them can fail."""
    follower = Follower(made(DESK, compile(DESK).params), DESK, 0)

    with pytest.raises(LawBroken) as broken:
        offer_then(follower, event)

    assert law == broken.value.law
    assert law in str(broken.value)


def test_a_timer_that_something_stands_in_the_way_of_is_found() -> None:
    """Time that cannot pass is a fault of the declaration, not of the test."""
    spots, agent = each("spots", SPOT, key="bay"), one("agent", AGENT)
    stuck = System(
        "stuck", (spots, agent),
        wires=(wire(Put, spots[Put.bay].by(Load, weight=Put.weight)), wire(spots.sends(Rot), agent.by(AgentSetsStatus, status=Status.AWAY), when=agent.inside(AGENT.states[1]))),
    )  # fmt: skip

    broken = found(stuck)

    assert isinstance(broken, LawBroken)
    assert "nothing stands in the way of time" == broken.law


def test_without_its_libraries_the_room_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ImportError that names the cure, where something is to be proved."""
    monkeypatch.setitem(__import__("sys").modules, "z3", None)

    with pytest.raises(ImportError, match=r"need z3; install with: pip install 'verified-fsm\[verification\]'"):
        fsm.verification.verify(AGENT)
