"""`population` means one thing to whoever reads it: as many keys as can have an instance, before a step and after it together.

What it is, is said in `fsm.language.parts.each`. Held to it here: the compiled step and its explanation, the `transitions` engine,
loading, both encodings, the enumerations with names and without, and what `fsm verify` says.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from fsm import (
    BadSnapshot,
    EventRefused,
    Field,
    Machine,
    NamedProfile,
    State,
    System,
    always,
    compile,
    each,
    event,
    parameter,
    reachable,
    wire,
)
from fsm.language.parts import Each, Sent
from fsm.storage import dump, load
from fsm.verification import Proved, Refuted, verify
from fsm.verification.definition import TIMERS
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import explore
from fsm.verification.search.results import Explored

from .agreement.comparing import compare_everywhere

away, here = State("away"), State("here")
size = parameter("size", int, 1, low=0, high=3)


@event
class Enter:
    pass


@event
class Leave:
    pass


@event
class Nod:
    """Heard by whoever is away."""


@event
class Tire:
    """Sent by time."""


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


@event
class Greet:
    """Two are named, of whom one may stay away."""

    comes: Field[str]
    nods: Field[str]


@event
class Relieve:
    """One leaves, another comes."""

    off: Field[str]
    on: Field[str]


@event
class Both:
    """Two come."""

    one: Field[str]
    other: Field[str]


GUARD = Machine(
    "guard", (away, here), away, (away.on(Enter).to(here), here.on(Leave).to(away), away.on(Nod).to(away))
)  # fmt: skip


def room(**limits: Any) -> System:
    """Guards who come and go."""
    guards = each("guards", GUARD, key="who", **limits)
    return System(
        "room", (guards,), parameters=tuple({limit: None for limit in limits.values() if limit is size}),
        wires=(
            wire(Come, guards[Come.who].by(Enter)),
            wire(Go, guards[Go.who].by(Leave)),
            wire(Greet, guards[Greet.comes].by(Enter), guards[Greet.nods].by(Nod)),
            wire(Relieve, guards[Relieve.off].by(Leave), guards[Relieve.on].by(Enter)),
            wire(Both, guards[Both.one].by(Enter), guards[Both.other].by(Enter)),
        ),
    )  # fmt: skip


def rooms(first: Any, second: Any) -> System:
    """One key stands in two parts at once."""
    left, right = each("left", GUARD, key="who", population=first), each("right", GUARD, key="who", population=second)
    return System(
        "rooms", (left, right),
        wires=(
            wire(Come, left[Come.who].by(Enter), right[Come.who].by(Enter)),
            wire(Go, left[Go.who].by(Leave)),
            wire(Greet, right[Greet.comes].by(Enter), left[Greet.nods].by(Nod)),
        ),
    )  # fmt: skip


TIRED = Machine("tired", (away, here), away, (away.on(Enter).to(here), here.after(2, Tire).to(away)))
SOFA = Machine("sofa", (away, here), away, (away.on(Enter).to(here), here.on(Enter).stay()))


def relay(population: Any) -> System:
    """Whoever leaves by a timer comes to the next room, which has a population of its own."""
    first = each("first", TIRED, key="who", at_most=2)
    second = each("second", SOFA, key="who", population=population)
    sent: Sent = first.sends(Tire)
    return System(
        "relay", (first, second),
        wires=(wire(Come, first[Come.who].by(Enter)), wire(sent, second[sent.key].by(Enter))),
    )  # fmt: skip


WORLDS: dict[str, tuple[System, int]] = {
    "nobody": (room(population=0), 0),
    "one": (room(population=1), 1),
    "two": (room(population=2), 2),
    "a population below the limit": (room(population=1, at_most=2), 1),
    "a population above the limit": (room(population=3, at_most=2), 2),
    "a limit alone": (room(at_most=1), 1),
    "a parameter": (room(population=size), 1),
    "one parameter is both": (room(population=size, at_most=size), 1),
    "of two linked parts both say one": (rooms(1, 1), 1),
    "of two linked parts the second says more": (rooms(1, 2), 2),
    "of two linked parts one has none": (rooms(1, 0), 0),
}


def with_claims(system: System, most: int) -> System:
    """The system with claims on how many there ever are."""
    claims = [
        claim
        for part in system.parts
        if isinstance(part, Each)
        for claim in (
            always(f"never more than so many in {part.name}", part.count() <= most),
            always(f"never so many in {part.name}", part.count() < most + 1),
            reachable(f"one more in {part.name}", part.count() == most + 1),
        )
    ]
    return attrs.evolve(system, properties=tuple(claims))


@pytest.mark.parametrize(("system", "most"), WORLDS.values(), ids=WORLDS)
def test_step_live_and_both_encodings_take_and_refuse_the_same(system: System, most: int) -> None:
    """At every snapshot, every event, with every choice of keys there and of two new ones."""
    seen = compare_everywhere(system, {})

    assert seen["refused"] > 0
    assert (seen["snapshots"] > 1) is (most > 0)


def counts(found: Explored) -> tuple[object, ...]:
    return (
        found.snapshots, found.steps, found.depth, found.ends, found.deadlocks, found.complete, found.why,
        tuple(type(verdict) for verdict in found.verdicts),
    )  # fmt: skip


@pytest.mark.parametrize(("system", "most"), WORLDS.values(), ids=WORLDS)
def test_the_enumerations_count_the_same_and_as_many_as_there_can_be(system: System, most: int) -> None:
    """Up to renaming, with as many keys as are ever needed; and with names, in a world of three."""
    claimed = with_claims(system, most)
    found = enumerate_snapshots(claimed)

    assert found.complete
    assert counts(found) == counts(explore(claimed))
    assert counts(enumerate_snapshots(claimed, keys=3, named=True)) == counts(explore(claimed, keys=3, named=True))
    assert not any(isinstance(verdict, Refuted) for verdict in found.verdicts if "more" not in verdict.claim.sentence)
    assert {Refuted} == {type(verdict) for verdict in found.verdicts if "one more" in verdict.claim.sentence}
    assert isinstance(enumerate_snapshots(with_claims(system, most - 1)).verdicts[-1], Proved | Refuted)


@pytest.mark.parametrize(("system", "most"), WORLDS.values(), ids=WORLDS)
def test_proofs_say_so_too(system: System, most: int) -> None:
    """Never more than so many; and, where the room is not empty, sometimes so many."""
    values = NamedProfile("as-it-is", {param.name: param.default for param in system.parameters})
    for verdict in verify(with_claims(system, most), profile=values, definition=False).verdicts:
        assert isinstance(verdict, Refuted if "one more" in verdict.claim.sentence else Proved), verdict
    if most:
        last = verify(with_claims(system, most - 1), profile=values, definition=False).verdicts
        assert any(isinstance(verdict, Proved) for verdict in last if "one more" in verdict.claim.sentence)


# What it is


def test_a_key_that_is_named_and_has_no_instance_does_not_count() -> None:
    """In a world of one, one comes while another who stays away is greeted; and nobody else comes."""
    engine = compile(room(population=1))
    after = engine.step(engine.start(), Greet("ann", "bob"), 0).after

    assert ["ann"] == [*after["guards"]]
    assert engine.step(after, Go("ann"), 0).after == engine.start()
    with pytest.raises(EventRefused, match="guards"):
        engine.step(after, Come("bob"), 0)
    with pytest.raises(EventRefused, match="guards"):
        engine.step(engine.start(), Both("ann", "bob"), 0)


@pytest.mark.parametrize(("limits", "taken"), [({"at_most": 1}, True), ({"population": 1}, False), ({"population": 2}, True), ({"at_most": size, "population": size}, False)])  # fmt: skip
def test_one_that_leaves_makes_room_under_a_limit_and_not_in_a_world(limits: dict[str, Any], taken: bool) -> None:
    """Of two who relieve each other there are two, at that moment."""
    engine = compile(room(**limits))
    after = engine.step(engine.start(), Come("ann"), 0).after

    assert taken is (engine.why_not(after, Relieve("ann", "bob"), 0) is None)


def test_a_key_that_was_forgotten_leaves_its_place_to_any_other() -> None:
    """Nothing remembers who was there."""
    engine = compile(room(population=1))
    snapshot = engine.start()
    for who in ("ann", "bob", "ann", "cat"):
        snapshot = engine.step(snapshot, Come(who), 0).after
        assert [who] == [*snapshot["guards"]]
        snapshot = engine.step(snapshot, Go(who), 0).after


def test_a_snapshot_of_a_larger_world_is_not_loaded() -> None:
    """The population of the profile holds for what is loaded, too."""
    world = room(population=size)
    two, one = compile(world, {"size": 2}), compile(world, {"size": 1})
    text = dump(two, two.step(two.start(), Both("ann", "bob"), 0).after)

    with pytest.raises(BadSnapshot):
        load(one, text, 0)


def test_a_population_that_is_a_parameter_is_proved_for_every_value() -> None:
    """The world is as large as it says."""
    system = room(population=size)
    guards = system.parts[0]
    claims = (
        always("never more than there are", guards.count() <= size),
        reachable("all of three", guards.count() == 3),
    )  # type: ignore[union-attr]  # a part made by each
    for verdict in verify(attrs.evolve(system, properties=claims), definition=False).verdicts:
        assert isinstance(verdict, Proved), verdict


@pytest.mark.parametrize(
    ("population", "reason"), [(0, "part second may hold 0 at most"), (1, "part second may hold 1 at most"), (3, "")]
)
def test_a_timer_that_would_make_one_too_many_stops_time(population: int, reason: str) -> None:
    """Two tire at once, of five who come one after the other; that a timer may be blocked is what the check of the definition says."""
    system = relay(population)
    (timers,) = [one for one in verify(system).definition if one.claim.sentence == TIMERS]
    found = enumerate_snapshots(system, keys=3, named=True)

    assert isinstance(timers, Refuted)
    assert bool(reason) is found.why.startswith("time stops")
    assert reason in found.why
