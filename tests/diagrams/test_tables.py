"""Markdown tables: every transition, wire, rule and parameter, for pages that show no pictures."""

from __future__ import annotations

import attrs

from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.diagrams import table
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.system import System


def test_every_transition_is_a_row() -> None:
    """In the order in which they are tried."""
    for machine in (AGENT, TILE, CONTACT):
        head, *rows = table(machine).split("| from | on | when | to | does |\n|---|---|---|---|---|\n")[1].splitlines()

        assert len(machine.transitions) == len([head, *rows])


def test_a_row_says_from_where_on_what_when_where_to_and_what_changes() -> None:
    """With the target of the happy path in bold."""
    assert (
        "| free | offer | not (auto accept and channel = chat) | **offered** | sets channel, name and arrived at; "
        in table(TILE)
    )
    assert "| offered and connected | fail | not rejected holds | free | emits failed and slot freed |" in table(TILE)
    assert "| missed, rejected and failed | clear |  | free | emits slot freed |" in table(TILE)
    assert "stays | counted = true; emits non response counted |" in table(TILE)


def test_every_state_is_a_row_with_what_it_means() -> None:
    """The initial one says so."""
    assert "| free (start) | idle | no tile: the slot can be used |" in table(TILE)
    assert "| missed | trouble | nobody answered in time |" in table(TILE)


def test_a_system_lists_its_parts_events_rules_and_parameters() -> None:
    """Headings for each, tables for all."""
    page = table(DESK)

    assert ["# desk", "## agent", "## tiles", "## events", "## rules", "## parameters"] == [
        line for line in page.splitlines() if line.startswith("#")
    ]
    assert "| **offer chat** |  | tiles [contact]: offer (channel = chat, name, arrived at) |" in page
    assert (
        "| 3 | no chat while another channel is live | offer chat | (voice shares or no tiles offered or connected with channel = voice) and "
        in page
    )
    assert (
        "| max chats | 5 | an integer, 0 or more | chats that may be routed to one agent at once | S02, D13 |" in page
    )


def test_an_event_tells_under_which_condition_it_moves_whom(house: System) -> None:
    """One line for each move; who sends it, when it is time."""
    page = table(house)

    assert (
        "| **enter** | no guests with smoking | guests [guest]: seat (name, smoking = false)<br>turnstile: coin |"
        in page
    )
    assert "| **close** |  | all guests seated: leave<br>light: press |" in page
    assert "| **go out of light, sent by time** |  | turnstile: push |" in page


def test_a_bar_in_a_sentence_does_not_end_a_cell(house: System) -> None:
    """Markdown would cut it there."""
    assert "| 2 | not \\| at once | pay |" in table(house)


def test_what_is_not_there_has_no_heading(turnstile: Machine) -> None:
    """No empty tables."""
    bare = as_system(turnstile)

    assert "## rules" not in table(bare)
    assert "## parameters" not in table(bare)
    lonely = attrs.evolve(turnstile, transitions=(), doc="")
    assert "| from |" not in table(lonely)
    assert table(lonely).startswith("# turnstile\n\n| state |")
