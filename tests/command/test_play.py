"""`fsm play`: any machine or system, played by lines that somebody types or that stand in a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fsm.command.playing.lines import COMMANDS

from .terminal import Terminal

LIFT = """
from enum import Enum
from typing import Annotated

from fsm import Field, Machine, Range, State, event, integer


class Way(Enum):
    UP = "u"
    DOWN = "d"


@event
class Call:
    floor: Field[Annotated[int, Range(0, 9)]]
    way: Field[Way]
    urgent: Field[bool]
    by: Field[str]
    note: Field[str | None]


@event
class Arrive:
    pass


waiting, moving = State("waiting"), State("moving")
aim = integer("aim", 0, 9)
LIFT = Machine(
    "lift",
    (waiting, moving),
    waiting,
    (waiting.on(Call).to(moving).set(aim, Call.floor), moving.after(20_000, Arrive).to(waiting)),
    (aim,),
)
"""


UTF8 = {"PYTHONIOENCODING": "utf-8:strict"}


def play(
    target: str, lines: str | bytes, *options: str, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fsm", "play", target, *options]
    given = lines.encode() if isinstance(lines, str) else lines
    done = subprocess.run(command, input=given, cwd=folder, capture_output=True, check=False, env=os.environ | UTF8)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def lift(tmp_path: Path) -> Path:
    (tmp_path / "lift.py").write_text(LIFT, encoding="utf-8")
    return tmp_path


def test_the_same_lines_bring_the_same_run() -> None:
    """What each event changes and emits, who refuses it, what time sends, and what would be taken."""
    shift = "set_status available\noffer_chat c-1 'Ann Lee' arrived_at=0\naccept c-2\n.wait\n.wait 10 s\n.possible\n.back\n.where\n"
    first, second = play("fsm.desk:DESK", shift), play("fsm.desk:DESK", shift)

    assert (0, "", first.stdout) == (second.returncode, second.stderr, second.stdout)
    told = first.stdout
    assert "0 ms\n  agent: agent(offline since 0, following=none)\n  tiles: none\npossible now: set_status\n" in told
    assert "> set_status available\n0 ms: set_status(status=available)\n  agent: offline → available\n" in told
    assert "  tiles c-1: free → offered (channel chat, speaker nobody, name 'Ann Lee'); non_response in 15 s" in told
    assert "accept(contact='c-2') is refused.\n  part     tiles[c-2] is free" in told
    assert "> .wait\n15 s: 15 s later: non_response of c-1\n" in told
    assert "> .wait 10 s\n20 s: 5 s later: expire of c-1\n  tiles c-1: offered → missed\n" in told
    assert "possible now: offer_chat, clear(c-1), set_status\n" in told
    assert told.endswith("name='Ann Lee', arrived_at=0, last_text_at=0)\n")
    assert 2 == told.partition("> .back")[2].count("tiles c-1: tile(offered since 0, spent=1,")


def test_a_version_and_values_are_played() -> None:
    """Without a chat slot no chat is taken."""
    done = play("fsm.desk:DESK", "set_status available\noffer_chat c-1 Ann 0\n", "--set", "max_chats=0")

    assert "a chat slot is free" in done.stdout
    assert 2 == play("fsm.desk:DESK", "", "--profile", "never").returncode


def test_help_names_every_command_and_nothing_is_read_after_the_end(lift: Path) -> None:
    """The end is said, or the end of the input."""
    done = play("lift.py:LIFT", ".help\n.quit\nno such thing\n", folder=lift)

    assert (0, "") == (done.returncode, done.stderr)
    assert [f".{name}" for name in COMMANDS] == re.findall(r"^\.\w+", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("way", ["up", "UP", "way=Up"])
def test_fields_are_given_by_place_or_by_name(way: str, lift: Path) -> None:
    """A text as it is, the rest as in JSON, a member by its name."""
    done = play("lift.py:LIFT", f"call 5 {way} note=null by=7 urgent=true # hurry\n\n", folder=lift)

    assert (0, "") == (done.returncode, done.stderr)
    assert "call(floor=5, way=up, urgent=true, by='7', note=None)" in done.stdout
    assert "lift: waiting → moving (aim 5); arrive in 20 s" in done.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("fly", "lift has no event 'fly'; it has call, and .help"),
        ("arrive", "lift has no event 'arrive'"),  # time sends it
        ("call 5 up true", "by is missing"),
        ("call 5 up true Ann null more", "'more' is too much"),
        ("call 12 up true Ann null", "fields.floor"),
        ("call 5 left true Ann null", "fields.way"),
        ("call 5 up yes Ann null", "fields.urgent"),
        ("call 5 up true 'Ann", "no closing quotation"),
        (".jump", "there is no '.jump'"),
        (".back 3", "there is no '.back 3'"),
        (".wait soon", "'soon' is no duration"),
        (".wait -1 s", "'-1s' is no duration"),
        (".wait 1000000000000000 h", "is no duration"),
        ("call " + 10_000 * "x", "a line has more than 10,000 characters"),
        (b"call \xff\n", "standard input is not utf-8"),
        ("call \x1b[31m", "floor"),
    ],
    ids=lambda one: None if len(one) > 40 else str(one),
)
def test_a_line_that_says_nothing_ends_what_is_read_from_a_file(line: str | bytes, told: str, lift: Path) -> None:
    """With its number and what is wrong; nothing of it reaches the terminal as it is."""
    done = play("lift.py:LIFT", line, folder=lift)

    assert 2 == done.returncode, done.stdout + done.stderr
    assert told in done.stderr
    assert 1 == len(done.stderr.splitlines())
    assert "\x1b" not in done.stderr + done.stdout


def test_time_that_never_comes_to_an_end_is_told_with_how_far_it_has_come(tmp_path: Path) -> None:
    """Of a timer that begins anew for ever, only so many firings are played at once."""
    (tmp_path / "lift.py").write_text(LIFT.replace(".to(waiting)),", ".to(moving)),"), encoding="utf-8")
    lines = "call 5 up true Ann null\n.wait 999999999999 h\n.back\n.wait 1 min\n"
    done = play("lift.py:LIFT", lines, folder=tmp_path)

    assert 0 == done.returncode, done.stderr
    assert "\n20000 s: a timer has begun anew many times on the way; this is how far time has come\n" in done.stdout
    assert (
        "> .back\n0 ms\n  lift: lift(moving since 0, aim=5)\n> .wait 1 min\n20 s: 20 s later: arrive of lift\n"
        in done.stdout
    )


def test_somebody_at_a_terminal_who_mistypes_goes_on() -> None:
    """The line is told what is wrong with it, and the next one is read."""
    with Terminal("play", "fsm.desk:DESK") as terminal:
        terminal.until("possible now: set_status\n>")
        terminal.press("set_stats available\r")
        terminal.until("desk has no event 'set_stats'")
        terminal.press("set_status available\r")
        terminal.until("agent: offline → available")
        terminal.press(".quit\r")

        assert 0 == terminal.ends()
