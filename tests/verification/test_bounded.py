"""Bounded search: a shortest run under whatever profile has one; and what a bound that finds nothing says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Rule,
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
    parameter,
    wire,
)
from fsm.command.invocation.target import resolve
from fsm.desk import DESK
from fsm.traces import replay
from fsm.verification import Refuted, Unknown, verify
from fsm.verification import solver as ask
from fsm.verification.decide import safety
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.search import bounded
from fsm.verification.search.bounded import search_bounded
from fsm.verification.solver import Asker, GaveUp

from .mutants import without_rules

JUGS = as_system(resolve(f"{Path(__file__).parents[1] / 'regression' / 'refuted' / 'jugs.py'}:SUBJECT"))  # type: ignore[arg-type]
out, in_, gone = State("out"), State("inside"), State("gone")
places = parameter("places", int, 1, low=0)
strict = parameter("strict", bool, True)


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


@event
class Enter:
    pass


@event
class Leave:
    pass


@event
class Close:
    """Sent by time."""


@effect
class Entered:
    pass


def room(*claims: Any, rules: tuple[Rule, ...] = ()) -> System:
    """Guests come while there are places; each is sent out after a minute."""
    guest = Machine(
        "guest",
        (out, in_, gone),
        out,
        (
            out.on(Enter).to(in_).emits(Entered),
            in_.on(Leave).to(out),
            in_.after(60_000, Close).to(gone),
            gone.on(Leave).to(out),
        ),
    )
    guests = each("guests", guest, key="who", at_most=places)
    wires = (wire(Come, guests[Come.who].by(Enter)), wire(Go, guests[Go.who].by(Leave)))
    return System(
        "room",
        (guests,),
        wires,
        rules=rules,
        parameters=(places, strict),
        properties=tuple(make(guests) for make in claims),
    )


def never(many: int) -> Any:
    return lambda guests: always("not so many", guests.count(in_) < many)


def test_the_published_riddle_has_its_published_length() -> None:
    """Three and five litres make four in six steps, and in no fewer."""
    found = search_bounded(JUGS, JUGS.properties[-1], {})

    assert found.trace is not None
    assert (6, 5) == (len(found.trace.steps), found.steps)
    assert found.trace == replay(compile(JUGS), found.trace.events)


def test_a_bound_that_finds_nothing_says_no_more_than_that() -> None:
    found = search_bounded(JUGS, JUGS.properties[-1], {}, steps=5)

    assert (None, 5, "") == (found.trace, found.steps, found.why)


def test_the_profile_is_picked_that_has_a_run() -> None:
    """By default there is one place; two are needed."""
    system = room(never(2))
    found = search_bounded(system, system.properties[0], {})

    assert found.trace is not None
    assert dict(found.trace.profile)["places"] >= 2
    assert 2 == len(found.trace.steps)
    assert None is search_bounded(system, system.properties[0], {"places": 1}).trace


def test_timers_fire_when_they_fall_due() -> None:
    """Who was sent out had come a minute before."""
    system = room(lambda guests: always("nobody is sent out", guests.none(gone)))
    found = search_bounded(system, system.properties[0], {})

    assert found.trace is not None
    assert (60_000, 2) == (found.trace.last.now, len(found.trace.steps))


def test_a_step_that_breaks_a_claim_is_found() -> None:
    system = room(
        lambda guests: each_step("nobody leaves", ~happens(Go)),
        lambda guests: each_step(
            "fewer only by time", (after(guests.count()) < before(guests.count())) >> happens(Close)
        ),
    )
    found = [search_bounded(system, claim, {}) for claim in system.properties]

    assert [2, 2] == [one.broken for one in found]
    assert [2, 2] == [len(one.trace.steps) for one in found if one.trace is not None]


def test_between_two_timers_of_one_instant_is_looked_too() -> None:
    """The run has both; the claim is broken after the first."""
    marked = boolean("marked")
    machine = Machine(
        "clockwork",
        (out, in_),
        out,
        (out.after(5, Close).stay().set(marked, True), out.after(5, Leave).to(in_)),
        variables=(marked,),
    )
    machine = attrs.evolve(machine, properties=(always("unmarked", ~(inside(out) & marked)),))
    verdict = verify(machine, definition=False).verdicts[0]

    assert isinstance(verdict, Refuted)
    assert "a run of 2 steps, replayed; broken after step 1, between two timers of one instant" == verdict.argument


def test_the_desk_without_a_rule_breaks_in_two_steps_of_some_profile() -> None:
    """No chat slot need be free: then a profile with none takes one."""
    system = without_rules(DESK, "a chat slot is free")
    (claim,) = [one for one in system.properties if one.sentence.startswith("chats in use")]
    found = search_bounded(system, claim, {}, steps=3, keys=2)

    assert found.trace is not None
    assert 2 == len(found.trace.steps)


def test_what_nobody_can_break_in_so_many_steps_is_unknown_and_names_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never proved, whatever the bound."""
    monkeypatch.setattr(safety, "BUDGET", 10)
    monkeypatch.setattr(
        safety, "_show_untimed", lambda prover, claim: safety.Failure("induction", {}, "was told to give up")
    )
    monkeypatch.setattr(safety, "_show_clocked", lambda *given: None)
    monkeypatch.setattr(safety, "_show_by_k", lambda *given: None)
    monkeypatch.setattr(safety, "_show_by_spacer", lambda *given: None)
    system = room(lambda guests: always("never more than places", guests.count() <= places))
    verdict = verify(system, definition=False).verdicts[0]

    assert isinstance(verdict, Unknown)
    assert "bounded, k = 12, 3 keys: no run breaks it" in verdict.why


def test_a_run_that_the_runtime_does_not_take_is_none() -> None:
    """Planted: the encoding forgets a rule."""
    system = room(never(1), rules=(Rule("nobody comes", on=Come, when=strict & ~strict),))
    real = Clocked.__init__
    patch = pytest.MonkeyPatch()
    patch.setattr(
        Clocked, "__init__", lambda self, given, *rest, **more: real(self, attrs.evolve(given, rules=()), *rest, **more)
    )
    try:
        found = search_bounded(system, system.properties[0], {})
    finally:
        patch.undo()

    assert found.trace is None
    assert "the runtime does not take the run of 1 steps that the encoding does" == found.why
    assert None is search_bounded(system, system.properties[0], {}).trace


def test_a_run_that_breaks_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the runtime takes the run and sees nothing wrong."""
    monkeypatch.setattr(bounded, "holds", lambda *given: True)
    system = room(never(1))

    assert search_bounded(system, system.properties[0], {}).trace is None


def test_a_solver_that_gives_up_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = Asker.ask, iter(range(100))
    monkeypatch.setattr(
        ask.Asker, "ask", lambda *given, **more: GaveUp("told to") if next(asked) == 3 else real(*given, **more)
    )
    found = search_bounded(JUGS, JUGS.properties[-1], {})

    assert (None, 2, "the solver gave up (told to)") == (found.trace, found.steps, found.why)


def test_what_the_encoding_cannot_say_is_refused() -> None:
    """A claim on the steps of every instance; one that counts effects is not even asked."""
    system = room(
        lambda guests: each_step("each stays", for_each(guests, before(inside(in_)) >> after(inside(in_)))),
        lambda guests: always("none entered", emitted(Entered) < 1),
    )
    with pytest.raises(Unencodable):
        search_bounded(system, system.properties[0], {})

    assert ["Refuted", "Refuted"] == [type(one).__name__ for one in verify(system, definition=False).verdicts]


def test_two_parts_that_share_a_key_are_followed_by_one_number() -> None:
    """Who is in the room is in the book: one key names one instance of each."""
    guest = Machine("guest", (out, in_), out, (out.on(Enter).to(in_), in_.on(Leave).to(out)))
    guests, book = each("guests", guest, key="who"), each("book", guest, key="who")
    door = one("door", Machine("door", (out, in_), out, (out.on(Leave).to(in_), in_.on(Enter).to(out))))
    claim = always("never two and the door open", (guests.count() < 2) | (book.count() < 2) | door.inside(out))
    system = System(
        "hotel",
        (guests, book, door),
        (wire(Come, guests[Come.who].by(Enter), book[Come.who].by(Enter)),),
        properties=(claim,),
    )
    found = search_bounded(system, claim, {})

    assert found.trace is not None
    assert 3 == len(found.trace.steps)
    assert dict(found.trace.last["guests"]).keys() == dict(found.trace.last["book"]).keys()
