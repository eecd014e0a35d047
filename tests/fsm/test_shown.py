"""What an assertion that fails, a debugger and a log show of things: a line each, in the words of the declaration."""

from __future__ import annotations

import pytest

import fsm
from fsm import (
    Assumption,
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    boolean,
    each,
    event,
    integer,
    one,
    parameter,
    wire,
)
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Unknown


@event
class Come:
    guest: Field[str]


@event
class Go:
    guest: Field[str]


away, here = State("away"), State("here", "at the table")
fed, many = boolean("fed"), integer("many", 0, 3)
comes = away.on(Come).when(~fed & (many < 3)).to(here)
GUEST = Machine("guest", (away, here), away, (comes, here.on(Go).to(away)), (fed, many))
guests = each("guests", GUEST, key="guest")
places = parameter("places", int, 20, low=1)
room = Rule("there is room", on=Come, when=guests.count() < places)
few = always("never more than places", guests.count() <= places)
arrives = wire(Come, guests[Come.guest].by(Come, guest=Come.guest), when=places > 3)
leaves = wire(Go, guests[Go.guest].by(Go, guest=Go.guest))
TABLE = System("table", (guests,), (arrives, leaves), (room,), (places,), properties=(few,))
ENGINE = fsm.compile(TABLE)
DINNER = replay(ENGINE, [*((Come(f"g{place:02}"), 0) for place in range(12)), (None, 5)])


@pytest.mark.parametrize(
    ("thing", "line"),
    [
        (here, "<State here>"),
        (fed, "<Var fed>"),
        (places, "<Param places>"),
        (comes.guard, "<Junction not fed and many < 3>"),
        (comes, "<Transition away on Come to here>"),
        (here.on(Go).stay(), "<Transition here on Go to stay>"),
        (GUEST, "<Machine guest: 2 states, 2 transitions>"),
        (one("host", GUEST), "<one host: guest>"),
        (guests, "<each guests: guest by guest>"),
        (arrives, "<Wire Come where places > 3: guests>"),
        (room, "<Rule there is room: fewer than places guests>"),
        (few, "<always: never more than places>"),
        (Assumption("not too few", places > 1), "<Assumption not too few: places > 1>"),
        (TABLE, "<System table: guests>"),
        (ENGINE, "Engine(table, {'places': 20})"),
        (ENGINE.start(), "Snapshot(table at 0: guests={})"),
        (DINNER, "<Trace of table: 13 steps>"),
        (DINNER.steps[0], "<come(guest='g00') at 0>"),
        (DINNER.steps[-1], "<time passes at 5>"),
        (Proved(few, "induction", "every places"), "<proved: never more than places (induction; for every places)>"),
        (Refuted(few, "a run of 13 steps", DINNER), "<refuted: never more than places (a run of 13 steps)>"),
        (Unknown(few, "nobody knows"), "<unknown: never more than places (nobody knows)>"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_thing_is_shown_as_one_line(thing: object, line: str) -> None:
    """Without what is below it; the whole is read off its attributes."""
    assert line == repr(thing)


def test_of_many_instances_a_few_are_shown() -> None:
    """And how many more there are."""
    shown = repr(DINNER.last)

    assert shown.startswith("Snapshot(table at 5: guests={'g00': guest(here since 0, fed=false, many=0), 'g01': ")
    assert shown.endswith(", 2 more})")


def test_a_refutation_as_text_has_its_run() -> None:
    """A line, then the run; what is proved or unknown is the line alone."""
    refuted, proved = Refuted(few, "a run of 13 steps", DINNER), Proved(few, "induction", "every places")

    assert ["refuted: never more than places (a run of 13 steps)", *str(DINNER).split("\n")] == str(refuted).split("\n")
    assert "proved: never more than places (induction; for every places)" == str(proved)
