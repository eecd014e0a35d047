"""`fsm trace`: what of the guide is there, and what is not."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from fsm.command.group import fsm
from fsm.seeds import facts


def trace(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, ["trace", *arguments])


def test_the_table_has_a_row_for_every_fact_and_a_tally() -> None:
    """S01 to S23, D1 to D14 and D18, in order."""
    shown = trace()

    first_words = [line.split()[0] for line in shown.output.splitlines() if line.strip()]
    assert [fact.id for fact in facts()] == [word for word in first_words if word in {fact.id for fact in facts()}]
    assert shown.output.splitlines()[-1].startswith("38 facts and decisions: ")
    assert 0 == shown.exit_code


def test_a_single_fact_is_shown_with_everything_it_is_linked_to() -> None:
    """Whoever asks for S23 sees what models it, what shows it, what would break it."""
    lines = trace("s23").output.splitlines()

    assert lines[0].startswith("S23 (slots, contact) ")
    assert "  modelled by  event desk: Clear" in lines
    assert "  shown by     property tile: only clearing ends a missed contact" in lines
    assert "  broken by    transition tile: missed | rejected | failed to free on Clear" in lines
    assert "  standing     shown" in lines


def test_what_is_missing_can_be_asked_for() -> None:
    """Each of these says why it is not there yet."""
    listed = json.loads(trace("--missing", "--json").output)

    assert [fact.id for fact in facts() if fact.not_yet] == [entry["id"] for entry in listed]
    assert all(entry["not_yet"] for entry in listed)


def test_facts_can_be_asked_for_by_what_they_are_about() -> None:
    """The facts about time are those that speak of seconds and timers."""
    listed = json.loads(trace("--kind", "time", "--json").output)

    assert {"S10", "S18", "D1"} <= {entry["id"] for entry in listed}
    assert all("time" in entry["kinds"] for entry in listed)


def test_json_carries_every_field_and_the_standing() -> None:
    """For tools that want to read the catalogue."""
    (entry,) = json.loads(trace("D1", "--json").output)

    expected = {"id", "statement", "kinds", "question", "modelled_by", "shown_by", "broken_by", "not_yet", "standing"}
    assert expected == set(entry)
    assert "shown" == entry["standing"]


def test_an_unknown_id_is_wrong_usage() -> None:
    """The answer names those there are."""
    shown = trace("S24")

    assert 2 == shown.exit_code
    assert "there is no fact S24. There are S01, S02" in shown.stderr
