"""`fsm count`: how many snapshots there are under given parameters, and a status that says what was found."""

from __future__ import annotations

import json
from math import comb
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm

TESTS = Path(__file__).parents[1]
PUBLISHED = f"{TESTS / 'verification/published.py'}:DESK"


def count(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, ["count", *arguments])


def regression(file: str) -> str:
    return f"{TESTS / 'regression' / file}.py:SUBJECT"


@pytest.mark.parametrize(
    ("by", "named", "snapshots"),
    [("packed", False, 387), ("step", False, 387), ("packed", True, 9_384), ("step", True, 9_384)],
)
def test_the_published_counts_come_out_either_way(by: str, named: bool, snapshots: int) -> None:
    """Status 0: nothing is broken and nothing stands still."""
    names = ["--named-keys", "--keys", "5"] if named else []
    done = count(PUBLISHED, "--set", "slots=5", "--by", by, "--json", *names)
    document = json.loads(done.stdout)

    assert (0, 0, 1) == (done.exit_code, document["exit_status"], document["format"])
    assert (snapshots, 17, 0, 0, True) == tuple(
        document[name] for name in ("snapshots", "depth", "ends", "deadlocks", "complete")
    )
    assert {"proved"} == {claim["verdict"] for claim in document["properties"]}


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        ("proved/locker", 0, "✓ a locker with tries left is not sealed"),
        ("refuted/peterson_without_turn", 1, "✗ a deadlock: nothing can happen any more"),
        ("refuted/trap", 1, "✗ a card can always pay again"),
        ("refuted/excluded", 0, "≠ the room can be overfull"),
        ("proved/long_way_fair", 3, "enumeration follows no response"),
        ("refuted/emitted_goal", 3, "what was emitted since the start is not counted"),
    ],
)
def test_the_status_says_what_was_found(file: str, status: int, words: str) -> None:
    """0 nothing is broken, 1 something is, or stands still, 3 something is left open."""
    done = count(regression(file))
    document = json.loads(count(regression(file), "--json").stdout)

    assert (status, status) == (done.exit_code, document["exit_status"])
    assert words in done.stdout


def test_a_budget_that_ends_is_told_on_the_page() -> None:
    """Status 3: nothing is proved."""
    done = count(regression("proved/mutual_exclusion"), "--budget", "50")

    assert 3 == done.exit_code
    assert "? not all of them: more than 50 snapshots" in done.stdout


def test_what_holds_only_under_other_values_does_not_fail_the_count() -> None:
    """A call beside a chat needs outbound calls, which the desk of 2019 leaves out: the page allows that."""
    done = count("fsm.desk:DESK", "--set", "max_chats=1", "--set", "accept_window=1", "--set", "non_response_after=1")

    assert "≠ a call and a chat can be held together with outbound calls (D2)" in done.stdout
    assert 3 == done.exit_code  # what counts effects is left open


def test_a_version_of_the_page_gives_its_values() -> None:
    """And what is set besides goes before them."""
    from fsm.desk import DESK

    document = json.loads(
        count(
            "fsm.desk:DESK", "--profile", DESK.profiles[-1].name, "--set", "max_chats=0", "--budget", "10", "--json"
        ).stdout
    )

    assert 0 == document["parameters"]["max_chats"]
    assert (
        DESK.profiles[-1].values.items()
        >= {name: document["parameters"][name] for name in DESK.profiles[-1].values if name != "max_chats"}.items()
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--set", "slots"], "write name=value; published has the parameters slots"),
        (["--set", "lots=1"], "write name=value; published has the parameters slots"),
        (["--set", "slots=few"], "'few' is not an integer, 0 or more"),
        (["--set", "slots=-1"], "'-1' is not an integer, 0 or more"),
        (["--profile", "x"], "published has no profile 'x'. It has none."),
        (["--by", "step", "--named-keys"], "with names, it must be said how many keys there are. Use --keys."),
    ],
)
def test_wrong_usage_is_no_verdict(arguments: list[str], complaint: str) -> None:
    """One line that says what next, status 2."""
    done = count(PUBLISHED, *arguments)

    assert 2 == done.exit_code
    assert complaint in done.output


def test_what_is_no_value_of_a_switch_or_breaks_an_assumption_is_wrong_usage() -> None:
    """So is asking for packed numbers of what reads a clock."""
    assert "'perhaps' is not true or false" in count("fsm.desk:DESK", "--set", "voice=perhaps").output
    assert 2 == count("fsm.desk:DESK", "--set", "accept_window=1", "--set", "non_response_after=2").exit_code
    assert "and time is not packed. Use --by step." in count("fsm.desk:DESK", "--by", "packed").output


LAMP = """
from enum import Enum
from fsm import Machine, State, event, parameter

class Hue(Enum):
    RED = 1
    BLUE = 2

@event
class Switch:
    pass

off, on = State("off"), State("on")
hue = parameter("hue", Hue, Hue.RED)
LAMP = Machine("lamp", states=(off, on), initial=off, transitions=(off.on(Switch).when(hue == Hue.RED).to(on), on.on(Switch).to(off)))
"""


def test_a_member_of_an_enumeration_is_set_by_its_name(tmp_path: Path) -> None:
    """As pages write it: in small letters."""
    page = tmp_path / "lamp_page.py"
    page.write_text(LAMP, encoding="utf-8")

    assert "lamp: hue = blue" in count(f"{page}:LAMP", "--set", "hue=blue").stdout
    assert "'green' is not one of red, blue" in count(f"{page}:LAMP", "--set", "hue=green").output


@pytest.mark.parametrize(("slots", "by"), [(5, "the public step"), (20, "packed numbers")], ids=["387", "31,887"])
def test_the_quicker_walker_is_chosen_by_how_much_there_is(slots: int, by: str) -> None:
    """Counted and not timed; the page and the document say which, and the count is the published one."""
    found = json.loads(count(PUBLISHED, "--set", f"slots={slots}", "--json").stdout)

    assert (by, 3 * (comb(slots + 4, 4) + 3), 0) == (found["by"], found["snapshots"], found["exit_status"])
    assert {"proved"} == {claim["verdict"] for claim in found["properties"]}
