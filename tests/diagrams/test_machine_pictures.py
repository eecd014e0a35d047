"""The picture of one machine: what a reader finds in it, and what every line and colour says."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from fsm import Kind, Machine, State
from fsm.desk import AGENT, CONTACT, TILE
from fsm.diagrams import Options, dot

DESK = [AGENT, TILE, CONTACT]
WHOLE = Options(values={})
"""Beyond all versions."""


@pytest.mark.parametrize("machine", DESK, ids=lambda machine: machine.name)
def test_every_transition_of_the_desk_is_drawn(machine: Machine, not_drawn: Any) -> None:
    """From each of its states, to its target or inside the state, with its event and its guard."""
    assert [] == not_drawn(machine, dot(machine, WHOLE))


@pytest.mark.parametrize(
    ("machine", "left_out"),
    [(machine, place) for machine in DESK for place in range(len(machine.transitions))],
    ids=lambda one: getattr(one, "name", str(one)),
)
def test_a_transition_that_is_left_out_is_noticed(machine: Machine, left_out: int, not_drawn: Any) -> None:
    """The claim above can fail: a picture of the machine without one transition lacks exactly that one."""
    gone = machine.transitions[left_out]
    kept = tuple(transition for transition in machine.transitions if transition is not gone)

    assert [gone] == not_drawn(machine, dot(attrs.evolve(machine, transitions=kept, properties=()), WHOLE))


def test_the_initial_state_is_the_one_that_the_dot_points_to(read: Any) -> None:
    """One dot, one arrow."""
    assert ["free"] == [line.target for line in read(dot(TILE, WHOLE)).lines if line.source == "(start)"]


def test_the_happy_path_is_heavy_and_straight_and_the_rest_is_grey(read: Any) -> None:
    """Forward steps of the happy path pull on each other; its way back is heavy, and not straight."""
    picture = read(dot(TILE, WHOLE))

    (accept,) = picture.between("offered", "connected")
    assert ("1.8", "20", "#1f2933") == (accept.style["penwidth"], accept.style["weight"], accept.style["color"])
    (clear,) = picture.between("after_work", "free")
    assert ("1.8", None) == (clear.style["penwidth"], clear.style.get("weight"))
    (dial,) = picture.between("free", "connected")
    assert (None, None) == (dial.style.get("penwidth"), dial.style.get("weight"))
    assert "#9aa5b1" == picture.graph.edge_attr["color"]


def test_states_that_share_a_transition_share_its_label(read: Any) -> None:
    """Missed, rejected and failed are all cleared: three lines, and the words once."""
    picture = read(dot(TILE, WHOLE))

    assert {"clear emits slot freed"} == {
        line.words for state in ("missed", "rejected", "failed") for line in picture.between(state, "free")
    }
    assert 2 == dot(TILE, WHOLE).count("<B>clear</B>")  # after work is cleared too, on the happy path


def test_two_transitions_between_the_same_states_share_a_line(read: Any) -> None:
    """An offer is rejected by the agent, where rejected tiles hold, or abandoned by the customer."""
    assert ["reject rejected holds emits rejected abandon emits rejected"] == [
        line.words for line in read(dot(TILE, WHOLE)).between("offered", "rejected")
    ]


def test_a_transition_that_stays_stands_inside_its_state(read: Any) -> None:
    """Not a loop: nothing moves."""
    picture = read(dot(TILE, WHOLE))

    assert (
        "offered non response after 15 s (non response after) counted = true emits non response counted"
        == picture.states["offered"]
    )
    assert [] == picture.between("offered", "offered")


def test_a_guard_reads_as_a_person_would_say_it(read: Any) -> None:
    """By values and names, without the signs of Python."""
    assert ["set status status = away emits status changed"] == [
        line.words for line in read(dot(AGENT, WHOLE)).between("offline", "away")
    ]


def test_time_is_told_in_seconds_and_its_lines_are_dashed(read: Any, stair_light: Machine) -> None:
    """A deadline that a profile sets shows its default and its name; a computed one is spelt out."""
    picture = read(dot(stair_light))

    (blink,) = picture.between("lit", "warning")
    assert ("blink after 90 s (patience)", "dashed") == (blink.words, blink.style["style"])
    assert ["go out after patience + 10 s"] == [line.words for line in picture.between("warning", "cooling_down")]
    assert ["cool after patience × 2 ms"] == [line.words for line in picture.between("cooling_down", "off")]
    (press,) = picture.between("off", "lit")
    assert None is press.style.get("style")


def test_a_transition_to_its_own_state_says_that_it_starts_anew(read: Any, stair_light: Machine) -> None:
    """It stands inside the state, like one that stays, which does not start the time in state anew."""
    assert "lit press starts anew time in state ≥ 5 s" == read(dot(stair_light)).states["lit"]


def test_what_changes_is_told_below_the_event(read: Any, guest: Machine, turnstile: Machine) -> None:
    """Fields that are stored under their own name are named once."""
    assert ["seat sets name and smoking label = 'table_1'"] == [
        line.words for line in read(dot(guest)).between("free", "seated")
    ]
    assert ["coin coins = coins + 1 emits unlock"] == [
        line.words for line in read(dot(turnstile)).between("locked", "unlocked")
    ]


def test_a_state_that_nothing_leaves_has_a_double_ring(read: Any) -> None:
    """Only `ended` of a contact."""
    picture = read(dot(CONTACT, WHOLE))

    assert ["ended"] == [node for node in picture.graph.nodes() if node.attr["peripheries"] == "2"]


def test_states_are_filled_by_their_kind(read: Any) -> None:
    """The same kind the same colour, another kind another."""
    picture = read(dot(TILE, WHOLE))

    colours = [(state.kind, picture.graph.get_node(state.name).attr["fillcolor"]) for state in TILE.states]
    assert len({kind for kind, _ in colours}) == len(set(colours)) == len(Kind)


def test_the_rule_of_the_business_stands_under_the_name(read: Any, turnstile: Machine, stair_light: Machine) -> None:
    """A machine without one has only its name."""
    assert "label=<" in dot(turnstile)
    assert "One coin lets one person through." in dot(turnstile)
    assert "<B>stair light</B>" in dot(stair_light)


def test_what_a_state_means_is_shown_where_the_pointer_rests(read: Any) -> None:
    """In the declaration's own words."""
    picture = read(dot(TILE, WHOLE))

    assert "nobody answered in time" == picture.graph.get_node("missed").attr["tooltip"]
    (clear,) = picture.between("missed", "free")
    assert "missed or rejected or failed to free: clear" == clear.style["edgetooltip"]


def test_no_sentence_can_break_a_picture(read: Any) -> None:
    """Quotes, brackets, ampersands and control characters in a declaration are only text."""
    wild = State("odd", doc='a "b" <c> & \\d \x07 {e} -> f')
    machine = Machine("odd", (wild,), wild, (), doc='<b>"R&D"</b> \x00 \\ }')

    picture = read(dot(machine))

    assert ["(start)", "odd"] == sorted(picture.states)
    assert "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;" in dot(machine)
