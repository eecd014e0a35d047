"""`fsm verify` as people and CI call it: a process, a page or JSON, and a status that says what was found."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsm.command.verify import targets, verify
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE

REGRESSION = Path(__file__).parents[1] / "regression"


def run(*arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    fsm = Path(sys.executable).with_name("fsm")
    return subprocess.run([fsm, "verify", *arguments], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True)


def test_the_desk_is_proved_and_the_page_says_so_the_same_every_time() -> None:
    """Status 0, nothing on stderr, no timing on the page; byte for byte the same under another order of hashes."""
    first, second = run(seed="1"), run(seed="4711")

    assert (0, "") == (first.returncode, first.stderr)
    assert first.stdout == second.stdout
    assert re.fullmatch(r"\d+ proved, 0 refuted, 0 unknown", first.stdout.splitlines()[-1])
    assert not re.search(r"\bseconds?\b|\belapsed\b|\d+\.\d+ ?m?s\b", first.stdout)


def test_without_a_target_it_is_the_machines_of_the_desk_the_contact_and_the_desk() -> None:
    """Each once, parts before the whole."""
    assert [AGENT, TILE, CONTACT, DESK, JOURNEY] == targets(None, DESK)


def test_of_a_system_its_machines_come_first_and_a_machine_stands_alone() -> None:
    """A machine that two parts share is proved once."""
    assert [AGENT, TILE, DESK] == targets("fsm.desk:DESK")
    assert [TILE] == targets("fsm.desk.tile:TILE")
    assert ["process", "two_processes"] == [one.name for one in targets(f"{REGRESSION / 'refuted/peterson_without_turn.py'}:SUBJECT")]


@pytest.mark.parametrize(("file", "status"), [("proved/finite", 0), ("refuted/trap", 1), ("unknown/stopwatch", 3)])
def test_the_status_says_what_was_found(file: str, status: int) -> None:
    """0 proved, 1 refuted, 3 unknown; the document says the same, and every property stands in it."""
    done = CliRunner().invoke(verify, [f"{REGRESSION / file}.py:SUBJECT", "--json"])
    document = json.loads(done.stdout)

    assert (status, status, 1) == (done.exit_code, document["exit_status"], document["format"])
    assert file.split("/")[0] in {claim["verdict"] for report in document["reports"] for claim in report["properties"]}


def test_a_wrong_target_is_wrong_usage() -> None:
    """One line that says what next, status 2: no verdict."""
    done = run("fsm.desk:DESKS")

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert "DESKS in fsm.desk does not exist" in done.stderr


def test_marks_are_coloured_for_a_terminal_and_plain_in_a_file() -> None:
    """The colour is no part of the page."""
    target = f"{REGRESSION / 'refuted/open_door.py'}:SUBJECT"

    assert "\x1b[" not in CliRunner().invoke(verify, [target]).stdout
    assert "\x1b[31m\x1b[1m  ✗\x1b[0m only a hand" in CliRunner().invoke(verify, [target], color=True).stdout
