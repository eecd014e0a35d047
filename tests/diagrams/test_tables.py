"""Markdown for people who read no pictures: a row for each state, what goes together, rules and parameters."""

from __future__ import annotations

import re

import attrs
import pytest

from fsm import Machine, State, System, as_system, compile, event
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE
from fsm.diagrams import Detail, Options, table

WHOLE = Options(values={})
EVERYTHING = Options(values={}, detail=Detail.FULL)


def rows(page: str) -> list[list[str]]:
    """The cells of every row, titles and rulers left out."""
    lines = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_state_is_a_row_with_what_can_happen_there() -> None:
    """Seven states of a tile, so seven rows; a manager reads down, not across."""
    _, *states = rows(table(TILE, WHOLE))

    assert [state.name.replace("_", " ") for state in TILE.states] == [re.split(r"\*\*", row[0])[1] for row in states]
    assert ("**missed**: nobody answered in time", "clear → free") == tuple(states[4])
    assert 16 > len(table(TILE).splitlines())


def test_every_transition_is_told_in_the_row_of_each_of_its_states() -> None:
    """In the order in which they are tried; the happy path in bold."""
    for machine in (AGENT, TILE, CONTACT):
        _, *states = rows(table(machine, EVERYTHING))
        for state, (_, ways) in zip(machine.states, states, strict=True):
            assert len(machine.leaving(state)) == len([way for way in ways.split("<br>") if way])
    assert "**offer → offered**: if not auto-accepted" in table(TILE, WHOLE)
    assert "after 15 s (non response after), non response stays" in table(TILE, WHOLE)


def test_what_changes_is_told_where_everything_is_asked_for_and_counted_where_it_is_not() -> None:
    """Nothing is left out without a word."""
    assert "**end → after work**: speaker = nobody; emits ended" in table(TILE, EVERYTHING)
    assert "*Not shown: 20 changes of variables and 18 effects.*" in table(TILE, WHOLE)
    assert "Not shown" not in table(TILE, EVERYTHING)


def test_a_condition_with_a_name_is_told_by_it_and_explained_where_everything_is_asked_for() -> None:
    """A name says what is meant, a formula what is so."""
    assert "if auto-accepted" in table(TILE, WHOLE)
    assert "if auto-accepted (auto accept and channel = chat)" in table(TILE, EVERYTHING)


def test_a_system_lists_its_parts_what_goes_together_rules_and_parameters() -> None:
    """Headings for each, tables for all."""
    page = table(DESK, WHOLE)

    assert [
        "# desk",
        "## agent",
        "## tiles",
        "## What several parts do together",
        "## Rules",
        "## Parameters",
    ] == [line for line in page.splitlines() if line.startswith("#")]
    assert "| 3 | no chat while another channel is live | offer chat | S05 |" in page
    assert (
        "| max chats | 5 | an integer, 0 or more | chats that may be routed to one agent at once | S02, D13 |" in page
    )
    assert "**offer chat → offered**: if not auto-accepted; under rules 1, 2, 3, 7, 11 and 17" in page


def test_what_a_rule_demands_is_told_where_it_is_asked_for() -> None:
    """A column more."""
    demands = table(DESK, Options(values={}, detail=Detail.RULES))

    assert (
        "| 1 | only an available agent is offered contacts | offer chat, offer call, offer task and offer email | agent is available | S01 |"
        in demands
    )


def test_an_event_tells_under_which_condition_it_moves_whom(house: System) -> None:
    """One line for each move; who sends it, when it is time."""
    page = table(house, EVERYTHING)

    assert (
        "| **enter** | guests &#91;guest&#93;: seat (name, smoking = false)<br>turnstile: coin | no guests with smoking |"
        in page
    )
    assert "| **close** | all guests seated: leave<br>light: press |  |" in page
    assert "| **go out** of light, sent by time | turnstile: push |  |" in page
    brief = table(house, WHOLE)
    assert "| **enter** | guests (seat) and turnstile (coin) | no guests with smoking |" in brief
    assert "| **go out** (sent by time) | light and turnstile (push) |  |" in brief


def test_under_a_version_only_what_matters_there_is_told() -> None:
    """The seed knows no tasks, no waiting status and no auto-accept; its numbers are those of the version."""
    page = table(DESK)

    assert "offer task" not in page.split("## Rules")[0]
    assert "auto-accepted" not in page
    assert "plan status" not in page
    assert "accept window" not in page
    assert re.search(r"left out: \d+ things that never matter in seed\.\*", page)
    later = DESK.profiles[2]
    assert "after 20 s, non response stays" in table(TILE, Options(values=dict(later.values)))


def test_what_is_not_there_has_no_heading(turnstile: Machine) -> None:
    """No empty tables, no empty columns."""
    bare = as_system(turnstile)

    assert "## Rules" not in table(bare)
    assert "## Parameters" not in table(bare)
    lonely = attrs.evolve(turnstile, transitions=(), doc="")
    assert table(lonely).startswith("# turnstile\n\n| while it is |\n")


@event
class Wild:
    """An event of a hostile machine."""


@pytest.mark.parametrize(
    "text",
    [
        "a | b",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![x](http://example.org/x.png)",
        "`code` **bold** _it_ ~~gone~~ $x$",
        "two\nlines\r\nand a\ttab",
        "# heading",
        "&lt;b&gt; &#42;",
        "https://example.org www.example.org me@example.org",
        ":warning: @somebody",
        "\x1b[31mred\x00",
        "\u202eright to left",
        "\ud800 alone",
        "\\| backslash \\",
        "a<br>b|---|---|",
    ],
)
def test_no_text_of_a_declaration_is_markup(text: str) -> None:
    """Whatever stands in a name of a rule, a sentence or a meaning keeps its place and is only text, in every dialect."""
    state = State("odd", doc=text)
    machine = Machine("odd", (state,), state, (state.on(Wild).stay(),), doc=text)
    page = table(machine, WHOLE)

    (_, (name, _)) = rows(page)
    said = name.removeprefix("**odd** (start): ")
    assert not set(said) & set("<>[]`*_|\\$~!@\n\r\x1b\x00\u202e")
    assert "://" not in said
    assert "www." not in said
    assert {2} == {line.count("|") - 1 for line in page.splitlines() if line.startswith("|")}


def test_the_page_of_a_system_is_the_same_for_all_versions_that_agree() -> None:
    """A journey names no versions: it is told beyond all of them."""
    assert table(JOURNEY) == table(JOURNEY, WHOLE)
    assert compile(JOURNEY)
