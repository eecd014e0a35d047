"""The usual picture of a system: parts side by side, events, notes with numbers, and what is left out, counted."""

from __future__ import annotations

import html
import re
from typing import Any

import attrs
import pytest

from fsm import Machine, Rule, State, System, compile, each, event, integer, named, one, parameter, wire
from fsm.desk import DESK, JOURNEY, TILE, Accept, OfferChat, SetStatus, Status
from fsm.diagrams import Detail, Options, dot, svg
from tests.diagrams.measuring import measured

WHOLE = Options(values={})
SPELLED = Options(values={}, detail=Detail.RULES)


def said(dot_text: str) -> str:
    """The words of a picture."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", dot_text)).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("system", "options"),
    [(DESK, Options()), (DESK, WHOLE), (JOURNEY, Options())],
    ids=["desk", "whole desk", "journey"],
)
def test_the_systems_of_the_desk_fit_one_page(system: System, options: Options) -> None:
    """800 by 1,000 pixels and 60 kB at most, also beyond all versions, with letters of 11 pixels."""
    picture = svg(system, options)
    page = measured(picture)

    assert (page.width, page.height) <= (800, 1_000)
    assert page.height <= 1_000
    assert len(picture.encode()) <= 60_000
    assert page.smallest >= 11


def test_lines_carry_events_and_numbers_and_nothing_else(read: Any) -> None:
    """What stands behind the numbers is told once, below."""
    picture = read(dot(DESK, WHOLE))

    (offers,) = picture.between("tiles.free", "tiles.offered")
    assert "offer chat 2 offer call 3 offer task 4 offer email 5 each if 16" == offers.words
    (rejected,) = picture.between("tiles.offered", "tiles.rejected")
    assert "reject + 18 abandon" == rejected.words
    assert picture.states["tiles.offered"] == "offered non response after 15 s"
    text = said(dot(DESK, WHOLE))
    assert 1 == text.count("only an available agent is offered contacts")
    assert 1 == len(re.findall(r"\b16 not auto-accepted", text))


def test_one_arrow_joins_a_pair_of_states(read: Any) -> None:
    """Whatever leads from one to the other."""
    for system in (DESK, JOURNEY):
        lines = [(line.source, line.target) for line in read(dot(system, WHOLE)).lines]

        assert len(lines) == len(set(lines))


def test_rules_on_the_same_events_share_a_note_and_a_note_names_those_that_hold_besides() -> None:
    """One number for each event: the rules on all offers are told once."""
    text = said(dot(DESK, WHOLE))

    assert "1 only an available agent is offered contacts" in text
    assert "a chat slot is free and 1" in text
    assert "calls are routed to this agent and 1 and 6" in text


def test_what_several_parts_do_together_is_told_once() -> None:
    """Events that do the same share a line; each way with its condition."""
    text = said(dot(DESK, WHOLE))

    assert "+ reject, fail: tiles if rejected holds or not the next status is due" in text
    assert "tiles and agent (take next status) if not rejected holds and the next status is due" in text
    assert 1 == text.count("+ clear:")
    assert "+ expire: tiles and contact (unanswered)" in said(dot(JOURNEY, WHOLE))


def test_what_is_left_out_is_counted() -> None:
    """An overview that hides something says so."""
    assert "not shown: 27 changes of variables and 26 effects" in said(dot(DESK, WHOLE))
    assert "3 transitions that nothing sends here" in said(dot(JOURNEY))
    assert "not shown" not in said(dot(DESK, Options(values={}, detail=Detail.FULL)))
    assert re.search(r"left out: \d+ things that never matter in seed", said(dot(DESK)))


def test_with_rules_every_note_says_what_it_demands_and_where_it_comes_from() -> None:
    """The same picture, its notes spelled out."""
    text = said(dot(DESK, SPELLED))

    assert "only an available agent is offered contacts (S01): agent is available" in text
    assert "auto-accepted: auto accept and channel = chat" in text
    assert "(S01)" not in said(dot(DESK, WHOLE))


def test_what_moves_together_explains_the_names_of_its_conditions_where_notes_are_spelled_out() -> None:
    """The way of an event tells what its name stands for, as a note does."""
    assert "auto-accepted: auto accept and channel = chat" in said(dot(JOURNEY, SPELLED)).partition("hand to:")[2]
    assert "auto-accepted: auto accept" not in said(dot(JOURNEY))


# Values of parameters


def test_nothing_is_drawn_that_never_comes_about_in_a_version(read: Any) -> None:
    """In the seed no task, no waiting status, no auto-accept: nor what follows from their absence."""
    picture = read(dot(DESK))
    words = " ".join([*picture.states.values(), *(line.words for line in picture.lines)])

    assert "offer chat" in words
    for absent in ("offer task", "offer email", "plan", "attach"):
        assert absent not in words
    text = said(dot(DESK))
    for absent in ("auto-accepted", "the next status is due", "following", "an e-mail slot is free"):
        assert absent not in text
    assert [] == picture.between("tiles.free", "tiles.connected")[1:]
    assert ["place call 5"] == [line.words for line in picture.between("tiles.free", "tiles.connected")]


def test_a_later_version_shows_what_it_brought() -> None:
    """The waiting status came in 2021."""
    version = next(one for one in DESK.profiles if one.name == "next-status")
    later = Options(values=dict(version.values), version=version.name)

    assert "the next status is due" in said(dot(DESK, later))
    assert "in next-status" in said(dot(DESK, later))


@event
class Knock:
    """A guest knocks."""


@event
class Rest:
    """The door rests."""


ajar, wide, walled = State("ajar"), State("wide"), State("walled")
strict = parameter("strict", bool, False)
most = parameter("most", int, 3, low=0)
knocks = integer("knocks", 0, 9)


def door(*, named_guard: bool = False, forgets: bool = False) -> Machine:
    patient = knocks < most
    return Machine(
        "door",
        (ajar, wide, walled),
        ajar,
        (
            ajar.on(Knock).when(named("patient", patient) if named_guard else patient).to(wide),
            ajar.on(Knock).when(strict).to(walled),
            walled.on(Rest).to(ajar) if forgets else walled.on(Rest).to(ajar).set(knocks, 1),
            wide.on(Rest).when(knocks != 1).to(ajar),
        ),
        (knocks,),
    )


@pytest.mark.parametrize(
    ("values", "states", "words"),
    [
        ({}, {"ajar", "wide", "walled"}, "knocks < most"),
        ({"strict": False}, {"ajar", "wide"}, "0 < most"),
        ({"strict": False, "most": 0}, {"ajar"}, "nothing sends"),
        ({"strict": True}, {"ajar", "wide", "walled"}, "knocks ≠ 1"),
        ({"strict": False, "most": 5}, {"ajar", "wide"}, "knock"),
    ],
    ids=["none", "lenient", "nobody", "strict", "patient"],
)
def test_what_can_never_happen_under_values_goes_with_all_that_hangs_on_it(
    values: dict[str, Any], states: set[str], words: str, read: Any
) -> None:
    """A guard that never holds, then the state it led to, then the variable that only its way changes, then guards on that."""
    text = dot(door(), Options(values=values, detail=Detail.RULES))

    assert states | {"(start)"} == set(read(text).states)
    assert (words in said(text)) is (words != "nothing sends")
    if values == {"strict": False}:
        assert "knocks ≠ 1" not in said(text)  # nothing is left that sets it, so it is 0 for good


def test_a_rule_that_always_holds_goes_and_an_event_that_it_always_refuses_goes_too() -> None:
    """Whatever the rule speaks of."""
    doors = each("doors", door(forgets=True), key="who")
    closed = parameter("closed", bool, False)

    @event
    class Visit:
        """A guest comes."""

        from fsm import Field

        who: Field[str]

    house = System(
        "house",
        (doors,),
        wires=(wire(Visit, doors[Visit.who].by(Knock)),),
        rules=(
            Rule("it is open", on=Visit, when=~closed),
            Rule("nobody knocks too often", on=Visit, when=doors.count() >= 0),
        ),
        parameters=(strict, most, closed),
    )

    opened = said(dot(house, Options(values={"closed": False})))
    assert "it is open" not in opened
    assert "visit" in opened
    assert "nobody knocks too often" not in opened  # no count is below nought
    assert "visit" not in said(dot(house, Options(values={"closed": True})))


def test_a_guard_with_a_name_is_shown_by_it_and_explained_where_notes_are_spelled_out() -> None:
    """The name where a glance must do, the formula where it is read."""
    brief, spelled = (
        said(dot(door(named_guard=True), Options(values={}, detail=detail)))
        for detail in (Detail.OVERVIEW, Detail.RULES)
    )

    assert "1 patient" in brief
    assert "knocks < most" not in brief
    assert "patient: knocks < most" in spelled


# What is marked


def test_a_snapshot_is_shown_in_its_states(read: Any) -> None:
    """One instance is here, of many the keys are named, at most three."""
    desk = compile(DESK, {"max_chats": 9, "chat_ceiling": 9})
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    for number in range(5):
        snapshot = desk.step(snapshot, OfferChat(f"c-{number}", "Ann <b>", 0), 0).after
    snapshot = desk.step(snapshot, Accept("c-4"), 1).after
    picture = read(dot(DESK, attrs.evolve(WHOLE, snapshot=snapshot)))

    assert "available here set status" in picture.states["agent.available"]
    assert picture.states["tiles.offered"].startswith("offered c-0, c-1, c-2 and 1 more")
    assert picture.states["tiles.connected"].startswith("connected c-4")
    marked = {node for node in picture.graph.nodes() if node.attr["color"] == "#b3261e"}
    assert {"agent.available", "tiles.offered", "tiles.connected"} == marked
    assert "where it is" in said(dot(DESK, attrs.evolve(WHOLE, snapshot=snapshot)))


def test_what_a_variant_changed_is_marked(read: Any) -> None:
    """Its lines, its states, its rules; and a word for the colour."""
    accept = next(one for one in TILE.transitions if one.event.__name__ == "Accept")
    missed = next(state for state in TILE.states if state.name == "missed")
    options = Options(values={}, detail=Detail.FULL, changed=(accept, missed, DESK.rules[0]))
    picture = read(dot(DESK, options))

    (line,) = picture.between("tiles.offered", "tiles.connected")
    assert "#0f766e" == line.style["color"]
    assert "#0f766e" == picture.graph.get_node("tiles.missed").attr["color"]
    assert '<FONT COLOR="#0f766e" POINT-SIZE="11">only an available agent' in dot(DESK, options)
    assert ">changed<" in dot(DESK, options).replace("<B>", "").replace("</B>", "")
    assert "#0f766e" not in dot(DESK, WHOLE)


def test_the_same_change_is_marked_in_an_overview(read: Any) -> None:
    """Also where values leave only part of a transition, or of a rule."""
    accept = next(one for one in TILE.transitions if one.event.__name__ == "Accept")
    offer = next(one for one in TILE.transitions if one.event.__name__ == "Offer")
    picture = read(dot(DESK, Options(changed=(accept, offer, DESK.rules[0]))))

    colours = {line.style.get("color") for line in picture.lines if line.target in ("tiles.connected", "tiles.offered")}
    assert {"#0f766e", None} == colours  # placing a call is as it was
    assert "#0f766e" in dot(DESK, Options(changed=(DESK.rules[0],)))


def test_where_parts_do_not_fit_beside_each_other_they_stand_below(turnstile: Machine) -> None:
    """Six gates need two rows; on a narrow page each its own."""
    gates = System("gates", tuple(one(f"gate_{number}", turnstile) for number in range(6)))

    assert measured(svg(gates)).width <= 800
    assert measured(svg(gates, Options(width=400))).width <= 400
    assert measured(svg(gates, Options(width=400))).height > measured(svg(gates)).height
