"""A running system goes over to other parameters: by an explicit act, which checks everything that must always hold (D19)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    BadInput,
    BadSnapshot,
    Engine,
    EventRefused,
    Machine,
    NamedProfile,
    Snapshot,
    State,
    System,
    always,
    each,
    event,
    wire,
)
from fsm.desk import DESK, Accept, Clear, End, OfferCall, OfferChat, SetStatus, Speaker, Status, Text
from fsm.language.leaves import Clock
from fsm.runtime.engine import prepare
from fsm.storage import Migration, Migrations, dump, load, take_over

from .depot import DEPOT, Shelf, Size, Store

FIVE, THREE, TWO = (fsm.compile(DESK, {"max_chats": most}) for most in (5, 3, 2))


def desk(engine: Engine, *events: Any, at: int = 0) -> Snapshot:
    snapshot = engine.step(engine.start(), SetStatus(Status.AVAILABLE), at).after
    for said in events:
        snapshot = engine.step(snapshot, said, at).after
    return snapshot


def chats(*contacts: str) -> list[Any]:
    return [said for contact in contacts for said in (OfferChat(contact, contact, 0), Accept(contact))]


def test_nobody_goes_on_under_other_parameters_unawares() -> None:
    """Neither a step, nor time, nor a question, nor a stored snapshot; also where the change would do no harm."""
    snapshot = desk(FIVE, *chats("ann"))
    for ask in (
        lambda: THREE.step(snapshot, Text("ann", Speaker.AGENT), 1),
        lambda: THREE.advance(snapshot, 1),
        lambda: THREE.possible(snapshot, 1),
        lambda: THREE.why_not(snapshot, End("ann"), 1),
        lambda: THREE.due(snapshot),
        lambda: dump(THREE, snapshot),
        lambda: load(THREE, dump(FIVE, snapshot), 1),
    ):
        with pytest.raises(BadInput, match=r"made under other parameters.*take_over"):
            ask()


def test_what_must_always_hold_decides_whether_it_goes_over() -> None:
    """Three chats go over to a limit of three; a limit of two is told to be broken, and the desk goes on as before."""
    snapshot = desk(FIVE, *chats("ann", "bob", "cyd"))
    step = take_over(THREE, snapshot, at=7)
    assert (THREE.layout, 7, (), ()) == (step.after.layout, step.after.now, step.effects, step.timed)
    assert snapshot.parts == step.after.parts
    assert step.after == load(THREE, dump(THREE, step.after), 7)
    with pytest.raises(EventRefused, match="a chat slot is free"):
        THREE.step(step.after, OfferChat("dan", "Dan", 0), 8)

    with pytest.raises(BadSnapshot) as broken:
        take_over(TWO, snapshot, at=7)
    assert "parts: breaks what must always hold: chats in use never exceed the limit (S02, S21)." == str(broken.value)
    cleared = desk(FIVE, *chats("ann", "bob", "cyd"), End("ann"), Clear("ann"))
    assert ["bob", "cyd"] == sorted(take_over(TWO, cleared, at=7).after["tiles"])


def test_stored_or_in_memory_it_goes_over_alike() -> None:
    """What was written under other parameters names them, so nobody has to remember."""
    snapshot = desk(FIVE, *chats("ann"))
    for given_as in (snapshot, dump(FIVE, snapshot), dump(FIVE, snapshot).encode()):
        assert take_over(THREE, snapshot, at=7) == take_over(THREE, given_as, at=7)
    assert FIVE.advance(snapshot, 7) == take_over(FIVE, snapshot, at=7)


def test_time_passes_under_the_parameters_that_it_was_made_under() -> None:
    """What fell due by then did so as promised when it began to ring; nothing of it is lost."""
    hurried = fsm.compile(DESK, {"accept_window": 2_000, "non_response_after": 1_000})
    ringing = desk(FIVE, OfferChat("ann", "Ann", 0))
    step = take_over(hurried, ringing, at=30_000)
    assert FIVE.advance(ringing, 30_000).effects == step.effects
    assert [15_000, 20_000] == [one.at for one in step.timed]
    assert "missed" == step.after["tiles"]["ann"].state


@pytest.mark.parametrize(
    ("durations", "said"),
    [
        (
            {"accept_window": 15_500},
            "parts.tiles['ann'].spent: expire must have fired: under this profile it falls due 15500 ms after entering, at 15500, and the snapshot's now is 16000.",
        ),
        (
            {"non_response_after": 17_000},
            "parts.tiles['ann'].spent: non_response cannot have fired: under this profile it falls due 17 s after entering",
        ),
    ],
    ids=["a shorter one", "a longer one"],
)
def test_a_timer_that_could_not_stand_so_is_told(durations: dict[str, Any], said: str) -> None:
    """Of which instance, by its key; it goes over when the contact has stopped ringing."""
    other = fsm.compile(DESK, durations)
    ringing = FIVE.advance(desk(FIVE, OfferChat("ann", "Ann", 0)), 16_000).after
    with pytest.raises(BadSnapshot) as told:
        take_over(other, ringing, at=16_000)
    assert str(told.value).startswith(said)
    answered = FIVE.step(ringing, Accept("ann"), 16_000).after
    assert "connected" == take_over(other, answered, at=16_000).after["tiles"]["ann"].state


def test_the_room_of_a_part_is_checked() -> None:
    """`at_most` and `population`, where no claim says it."""
    many, few, rare = fsm.compile(DEPOT), fsm.compile(DEPOT, {"room": 1}), fsm.compile(DEPOT, {"shelves": 1})
    snapshot = many.start()
    for aisle in "ab":
        snapshot = many.step(snapshot, Store(Shelf(aisle, 0), Size.SMALL, None), 0).after
    for engine, said in (
        (few, "parts.boxes: holds 2 instances; at most 1 may be held."),
        (rare, "parts.boxes: holds 2 instances; only 1 exist."),
    ):
        with pytest.raises(BadSnapshot) as told:
            take_over(engine, snapshot, at=0)
        assert said == str(told.value)


def test_what_is_no_snapshot_of_this_declaration_does_not_go_over() -> None:
    """Nor one from the future, nor a document that names no parameters, or none of this system."""
    wrong: list[tuple[Any, str]] = [
        (fsm.compile(DEPOT).start(), "snapshot: a snapshot of depot is no snapshot of this desk"),
        (None, "snapshot: None is no snapshot of this desk"),
        (tuple.__new__(Snapshot), "snapshot: a half-made snapshot is no snapshot of this desk"),
        (desk(FIVE, at=9), "to: 7 lies before the snapshot's 9"),
        (dump(FIVE, desk(FIVE, at=9)), "now: 9 lies after the instant of loading, 7."),
        ("[]", "profile: None is not an object."),
        (json.dumps({**json.loads(dump(FIVE, FIVE.start())), "profile": {}}), "profile.max_chats: is missing."),
        (dump(FIVE, FIVE.start()).replace('"max_chats":5', '"max_chats":-1'), "profile.max_chats: -1 is not an integer, 0 or more."),
        (dump(FIVE, FIVE.start()).replace('"max_chats":5', '"max_chats":6'), "profile: breaks the assumption"),
    ]  # fmt: skip
    for given_as, said in wrong:
        with pytest.raises(BadInput) as told:
            take_over(THREE, given_as, at=7)
        assert said in str(told.value)
    with pytest.raises(BadInput, match="at: None is not an instant"):
        take_over(THREE, FIVE.start(), at=None)  # type: ignore[arg-type]  # the mistake in question


def test_a_snapshot_of_an_older_declaration_goes_over_by_a_migration() -> None:
    """Under the parameters that both have; those that the older one did not have are the newer engine's."""
    older = json.loads(dump(FIVE, desk(FIVE, *chats("ann", "bob", "cyd"))))
    del older["profile"]["attachments"]
    text = json.dumps({**older, "fingerprint": "0" * 64})
    way = Migrations(Migration("files can be sent", "0" * 64, THREE.layout.fingerprint, lambda parts, now: parts))
    assert 3 == len(take_over(THREE, text, 1, way).after["tiles"])
    with pytest.raises(BadSnapshot, match=r"profile\.max_chats: 5 is not 3"):
        load(THREE, text, 1, way)
    assert 3 == len(load(FIVE, text, 1, way)["tiles"])
    with pytest.raises(BadSnapshot, match="chats in use never exceed the limit"):
        take_over(TWO, text, 1, way)


profiles = st.fixed_dictionaries(
    {
        "max_chats": st.integers(0, 4),
        "accept_window": st.sampled_from([15_000, 20_000, 25_000]),
        "non_response_after": st.sampled_from([10_000, 15_000]),
        "outbound_calls": st.booleans(),
    }
)
events = st.lists(
    st.tuples(
        st.sampled_from([*chats("ann", "bob", "cyd"), OfferCall("vic", "Vic", 0), Accept("vic"), End("ann"), Clear("ann"), Clear("bob")]),
        st.sampled_from([0, 0, 5_000, 10_000]),
    ),
    max_size=10,
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(profiles, profiles, events)
def test_whatever_goes_over_is_what_loading_would_take(
    before: dict[str, Any], after: dict[str, Any], said: list[tuple[Any, int]]
) -> None:
    """No more and no less: the snapshot under the other parameters, as if it had been stored under these."""
    one, other = fsm.compile(DESK, before), fsm.compile(DESK, after)
    snapshot = desk(one)
    for given_event, pause in said:
        try:
            snapshot = one.step(snapshot, given_event, snapshot.now + pause).after
        except EventRefused as refused:
            snapshot = refused.snapshot
    document = {**json.loads(dump(one, snapshot)), "profile": other.params}
    try:
        expected = load(other, json.dumps(document), snapshot.now)
    except BadSnapshot:
        with pytest.raises(BadSnapshot):
            take_over(other, snapshot, snapshot.now)
    else:
        taken = take_over(other, snapshot, snapshot.now).after
        assert (expected, expected.due) == (taken, taken.due)


# A profile has snapshots that can be stored


@event
class Enter:
    pass


out, inside_ = State("out"), State("entered")
LIMIT = fsm.parameter("limit", int, 3, low=0)


def door(claim: Any) -> Machine:
    return Machine(
        "door", (out, inside_), out, (out.on(Enter).to(inside_),), properties=(always("it is so", claim, cites="S01"),)
    )


@pytest.mark.parametrize(
    "claim", [LIMIT <= 10, fsm.inside(out) >> (LIMIT <= 10), (Clock() >= 0) & (LIMIT <= 10)], ids=str
)
def test_a_profile_under_which_the_first_snapshot_breaks_a_claim_is_refused(claim: Any) -> None:
    """No snapshot could be stored. Who looks for what is wrong prepares an engine all the same."""
    machine = door(claim)
    engine = fsm.compile(machine, {"limit": 10})
    assert engine.start() == load(engine, dump(engine, engine.start()), 0)
    with pytest.raises(BadInput) as told:
        fsm.compile(machine, {"limit": 11})
    said = "profile: breaks what must always hold, in the first snapshot already: it is so (S01). Ask fsm verify."
    assert said == str(told.value)
    broken = prepare(machine, {"limit": 11})
    assert "entered" == broken.step(broken.start(), Enter(), 0).after["door"].state
    with pytest.raises(BadSnapshot, match="breaks what must always hold: it is so"):
        dump(broken, broken.start())


def test_a_declaration_that_is_wrong_under_every_profile_can_be_run_and_not_stored() -> None:
    """Its author wants to see why; `dump` says which claim it is."""
    engine = fsm.compile(door(fsm.inside(inside_)))
    assert "entered" == engine.step(engine.start(), Enter(), 0).after["door"].state
    with pytest.raises(BadSnapshot, match=r"parts\.door: breaks what must always hold: it is so \(S01\)"):
        dump(engine, engine.start())


def test_a_claim_that_a_profile_is_expected_to_break_does_not_forbid_it() -> None:
    """As `refuted_in` says; nor does one about instances of which there is none at the start."""
    machine = Machine(
        "door",
        (out, inside_),
        out,
        (out.on(Enter).to(inside_),),
        properties=(always("few", LIMIT <= 3, refuted_in=("many",)),),
        profiles=(NamedProfile("usual", {"limit": 3}), NamedProfile("many", {"limit": 9})),
    )
    engine = fsm.compile(machine, {"limit": 9})
    assert engine.start() == load(engine, dump(engine, engine.start()), 0)
    people = each("people", Machine("person", (out, inside_), out, (out.on(Enter).to(inside_),), properties=(always("nobody is in", fsm.inside(out)),)), key="who")  # fmt: skip
    fsm.compile(System("house", (people,), (wire(Come, people[Come.who].by(Enter)),)))


@event
class Come:
    who: fsm.Field[str]


# Clocks that do not agree


def test_a_clock_that_is_a_little_ahead_is_tolerated_when_it_is_asked_for() -> None:
    """By so many milliseconds and no more; time does not run back, so the next step is taken at the snapshot's own instant."""
    text = dump(FIVE, desk(FIVE, at=1_000))
    with pytest.raises(BadSnapshot, match="now: 1000 lies after the instant of loading, 990"):
        load(FIVE, text, 990)
    assert 1_000 == load(FIVE, text, 990, skew=10).now
    with pytest.raises(BadSnapshot, match="now: 1000 lies after the instant of loading, 999"):
        load(FIVE, text, 990, skew=9)
    with pytest.raises(BadInput, match="at: 990 lies before the snapshot's 1000"):
        FIVE.step(load(FIVE, text, 990, skew=10), SetStatus(Status.AWAY), 990)
    for wrong in (-1, True, 1.5, None):
        with pytest.raises(BadInput, match=f"skew: {wrong} is not a number of milliseconds"):
            load(FIVE, text, 990, skew=wrong)  # type: ignore[arg-type]  # the mistake in question
