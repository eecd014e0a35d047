"""A run as one picture: instants, what was sent, what it changed, timers, and what is broken at its end."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

import pytest

from fsm import (
    Engine,
    Field,
    Machine,
    State,
    System,
    always,
    boolean,
    compile,
    each,
    event,
    inside,
    integer,
    leads_to,
    parameter,
    reachable,
    recoverable,
    within,
)
from fsm.desk import DESK, Accept, End, OfferChat, SetStatus, Speaker, Status, Text
from fsm.diagrams import Options, run_dot, run_svg
from fsm.diagrams.graphs.runs import view_of_run
from fsm.diagrams.views.runs import RunView
from fsm.traces import Trace, replay
from fsm.traces.lasso import for_ever
from tests.diagrams.measuring import OTHER_FONT, faults, measured

SVG = "{http://www.w3.org/2000/svg}"

SHIFT = [
    (SetStatus(Status.AVAILABLE), 0),
    (OfferChat("c-1", "Ann", 0), 0),
    (OfferChat("c-2", "Bob", 0), 1_000),
    (Accept("c-2"), 5_000),
    (Text("c-2", Speaker.CUSTOMER), 7_000),
    (End("c-2"), 9_000),
    (None, 25_000),
]


@event
class Wait:
    """Time is over."""


@event
class Turn:
    """It is turned."""


@event
class Come:
    """Somebody comes."""

    who: Field[str]


@event
class Enter:
    """One enters."""


up, down = State("up"), State("down")
turns = integer("turns", 0, 1_000)
dirty = boolean("dirty")
slow = parameter("slow", int, 5_000, low=1)
SWITCH = Machine(
    "switch",
    (up, down),
    up,
    (
        up.on(Turn).when(turns < 999).to(down).set(turns, turns + 1).set(dirty, True),
        down.on(Turn).when(turns < 999).stay().set(turns, turns + 1),
        down.after(slow, Wait).to(up).set(dirty, False),
    ),
    (turns, dirty),
    (
        always("never more than two turns", turns <= 2),
        within("soon up", 3_000, inside(down), inside(up)),
        recoverable("it can go up", inside(up)),
        reachable("it goes down", inside(down)),
        leads_to("it is clean in the end", inside(down), inside(up) & ~dirty),
    ),
)


def run(events: Sequence[tuple[object | None, int]]) -> tuple[Engine, Trace]:
    engine = compile(SWITCH)
    return engine, replay(engine, events)


def view(engine: Engine, trace: Trace, sentence: str = "") -> RunView:
    return view_of_run(engine, trace, sentence, 800)


def words(svg: str) -> str:
    return " | ".join("".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_every_part_and_every_instance_that_moves_has_a_column_and_every_step_a_row() -> None:
    """The start, then steps with their numbers, those of time among them."""
    engine = compile(DESK)
    seen = view(engine, replay(engine, SHIFT))

    assert ["agent", "tiles c-1", "tiles c-2"] == [lane.title.replace("\xa0", " ") for lane in seen.lanes]
    assert [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] == [row.number for row in seen.rows]
    assert ["0", "0", "0", "1 s", "5 s", "7 s", "9 s", "15 s", "20 s", "25 s"] == [row.at for row in seen.rows]
    assert ["non response", "expire", "time passes"] == [
        row.event.replace("\xa0", " ") for row in seen.rows if row.by_time
    ]


def test_a_row_says_what_changed_and_which_timers_run() -> None:
    """Values, and what time will send; nothing where nothing changed."""
    engine = compile(DESK)
    start, opened, offered, *rest = view(engine, replay(engine, SHIFT)).rows

    assert ("following none",) == start.cells[0].changes
    assert ("offline", "available") == (start.cells[0].state, opened.cells[0].state)
    assert {"channel chat", "name 'Ann'", "non response in 15 s", "expire in 20 s"} <= {
        one.replace("\xa0", " ") for one in offered.cells[1].changes
    }
    assert ("contact 'c-1', name 'Ann', arrived at 0", "emits rang") == tuple(
        one.replace("\xa0", " ") for one in offered.details
    )
    assert not offered.cells[0].entered
    assert "missed" == rest[5].cells[1].state


def test_what_is_broken_stands_at_the_end_with_what_it_saw() -> None:
    """The part of the formula that is false, what was wanted, and what let it happen."""
    engine, trace = run([(Turn(), 0), (Turn(), 1), (Turn(), 2)])
    ending = dict(view(engine, trace, "never more than two turns").ending)

    assert "turns ≤ 2" in ending["broken"]
    assert "turns = 3" in ending["seen"]
    assert "turns < 999" in ending["let by"]
    assert "broken" in words(run_svg(engine, trace, "never more than two turns"))


def test_a_bound_that_is_passed_says_for_how_long_it_was_waited() -> None:
    """From where on, and at most how long."""
    engine, trace = run([(Turn(), 0), (None, 3_001)])
    ending = dict(view(engine, trace, "soon up").ending)

    assert "at most 3 s after" in ending["wanted"]
    assert "waited = 3001 ms" in ending["seen"]


@pytest.mark.parametrize(
    ("sentence", "heading", "said"),
    [
        ("it can go up", "never again", "switch is up"),
        ("it goes down", "reached", "switch is down"),
        ("never more than two turns", "kept", "switch.turns ≤ 2"),
        ("no claim of this machine", None, None),
    ],
)
def test_a_run_that_breaks_nothing_by_a_step_says_what_it_shows(sentence: str, heading: str, said: str) -> None:
    """A state from which there is no way back, one that is reached; a check of the definition has no formula."""
    engine, trace = run([(Turn(), 0)])

    assert ([] if heading is None else [(heading, said)]) == list(view(engine, trace, sentence).ending)


def test_a_run_that_goes_round_for_ever_says_so_and_marks_what_is_repeated() -> None:
    """From which step, and what never comes."""
    bell = Machine("bell", (up, down), up, (up.on(Turn).to(down), down.after(1_000, Wait).to(up)))
    ringing = compile(bell)
    lasso = for_ever(ringing, replay(ringing, [(Turn(), 0), (None, 1_000), (Turn(), 1_000), (None, 2_000)]), 0)
    seen = view(ringing, lasso)

    assert ("for ever", "and so on, from step 1 again") in seen.ending
    assert [False, True, True, True, True] == [row.round for row in seen.rows]
    assert 4 == run_dot(ringing, lasso).count('BGCOLOR="#b3261e"')


def test_a_long_run_is_cut_in_the_middle_and_says_what_is_not_shown() -> None:
    """A thousand turns: the first steps, the last ones, and how many lie between."""
    engine, trace = run([(Turn(), at) for at in range(500)])
    seen = view(engine, trace)

    (hidden,) = [row for row in seen.rows if row.number is None]
    assert "464 steps" == hidden.event
    assert ("464 × turn",) == hidden.details
    assert 38 == len(seen.rows)
    assert [1, 2] == [seen.rows[1].number, seen.rows[2].number]
    assert 500 == seen.rows[-1].number


def test_where_more_instances_move_than_fit_those_are_shown_that_moved_last() -> None:
    """And the others are counted."""
    guest = Machine("guest", (up, down), up, (up.on(Enter).to(down),))
    guests = each("guests", guest, key="who")
    from fsm import wire

    hotel = compile(System("hotel", (guests,), wires=(wire(Come, guests[Come.who].by(Enter)),)))
    trace = replay(hotel, [(Come(f"g-{number:02}"), number) for number in range(20)])
    seen = view(hotel, trace)

    assert "guests g-19" == seen.lanes[-1].title.replace("\xa0", " ")
    assert f"not shown: {20 - len(seen.lanes)} more instances" == seen.left_out
    assert measured(run_svg(hotel, trace)).width <= 800


@pytest.mark.parametrize("sentence", ["", "never more than two turns"])
@pytest.mark.parametrize("wide", [400, 800, 1_200])
def test_a_run_is_legible_at_any_width(wide: int, sentence: str) -> None:
    """No words over others, none across a band, letters of eleven pixels."""
    engine, trace = run([(Turn(), 0), (Turn(), 1), (Turn(), 2), (None, 9_000)])
    picture = run_svg(engine, trace, sentence, Options(width=wide))
    page = measured(picture)

    assert page.width <= wide
    assert page.smallest >= 11
    assert [] == faults(page) + faults(measured(picture, wider=OTHER_FONT))


def test_the_run_of_a_shift_is_legible_too() -> None:
    """Three bands beside each other, no wider than a page; heard as the steps in words."""
    engine = compile(DESK)
    picture = run_svg(engine, replay(engine, SHIFT), "an offer ends within 20 s")

    assert measured(picture).width <= 800
    assert [] == faults(measured(picture)) + faults(measured(picture, wider=OTHER_FONT))
    desc = ElementTree.fromstring(picture).find(f"{SVG}desc")
    assert desc is not None
    assert "offer_chat(contact='c-1'" in str(desc.text)


def test_a_run_of_no_step_is_how_it_starts() -> None:
    """A row, and nothing else."""
    engine, trace = run([])

    assert ["start"] == [row.event for row in view(engine, trace).rows]
    assert run_svg(engine, trace).startswith("<svg")


def test_a_run_is_the_same_every_time() -> None:
    """Byte for byte."""
    engine = compile(DESK)

    assert run_svg(engine, replay(engine, SHIFT)) == run_svg(engine, replay(engine, SHIFT))
