"""`fsm mutate` from the shell: what it prints, and with which status it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from fsm.command.group import fsm

KETTLE = Path(__file__).parents[1] / "verification" / "mutation" / "kettle.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from fsm.command import main; main()", "mutate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "100"}, check=False)


def here(*arguments: str) -> Result:
    """The same, where that it is a process of its own says nothing."""
    return CliRunner().invoke(fsm, ["mutate", *arguments])


def test_a_survivor_without_a_reason_is_status_1_and_everything_is_in_the_json(tmp_path: Path) -> None:
    """A reason given for one of nine leaves eight."""
    reasons = tmp_path / "reasons.toml"
    reasons.write_text('[kettle]\n"off on press to heating: does not set label" = "carried data"\n', encoding="utf-8")
    done = run(f"{KETTLE}:KETTLE", "--json", "--reasons", str(reasons))
    data = json.loads(done.stdout)

    assert 1 == done.returncode
    assert (17, 1, 8) == (data["total"]["killed"], data["total"]["listed"], data["total"]["surviving"])


def test_reasons_that_cannot_be_read_are_wrong_usage(tmp_path: Path) -> None:
    """What, where, what next, before anything is judged."""
    broken, flat = tmp_path / "broken.toml", tmp_path / "flat.toml"
    broken.write_text("[kettle", encoding="utf-8")
    flat.write_text('kettle = "nobody minds"\n', encoding="utf-8")

    assert [2, 2] == [here(f"{KETTLE}:KETTLE", "--reasons", str(one)).exit_code for one in (broken, flat)]


def test_an_unknown_profile_is_wrong_usage() -> None:
    """The kettle has none."""
    done = here(f"{KETTLE}:KETTLE", "--profile", "winter")

    assert 2 == done.exit_code
    assert "There is none" in done.stderr
