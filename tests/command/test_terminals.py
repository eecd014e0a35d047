"""A report in a real terminal: colours where it has them and nobody minds, lines as wide as it is, progress that leaves nothing behind."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from fsm.command.invocation.output import NARROWEST, WIDEST
from tests.conftest import ROOT

FSM = Path(sys.executable).with_name("fsm")
DOOR = """
from fsm import Machine, State, always, event, inside

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar),), properties=(
    always("a door that nobody has pushed since it was last shut stays shut, whoever may be standing in front of it", inside(shut)),
))
"""


def shown(folder: Path, *arguments: str, columns: int = 120, **environment: str) -> str:
    """What a terminal of so many columns is sent, by the report and on standard error."""
    (folder / "door.py").write_text(DOOR, encoding="utf-8")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    program = subprocess.Popen(
        [FSM, *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env=kept | {"TERM": "xterm-256color"} | environment,
    )  # fmt: skip
    os.close(theirs)
    sent = b""
    try:
        while more := os.read(ours, 65_536):
            sent += more
    except OSError:  # how Linux says that nobody holds the other end
        pass
    os.close(ours)
    assert 1 == program.wait()
    return sent.decode()


VERIFY = ("verify", "door.py:DOOR", "--fast")


def test_marks_have_colours_where_the_terminal_has(tmp_path: Path) -> None:
    """Red for what is refuted, green for what is proved; nothing else is coloured."""
    text = shown(tmp_path, *VERIFY, "-q")

    assert "\x1b[31m\x1b[1m  ✗\x1b[0m a door that nobody" in text
    assert "\x1b[32m\x1b[1m  ✓\x1b[0m every state can be reached" in text
    assert text.count("\x1b[") == 3 * text.count("\x1b[1m")


COLOURLESS: tuple[dict[str, str], ...] = ({"NO_COLOR": "1"}, {"TERM": "dumb"})
TABLE = {
    "a terminal": "from 40 to 100",
    "a terminal, `COLUMNS` set": "from 40 to 100",
    "a terminal, `NO_COLOR` set": "as above",
    "a terminal, `TERM=dumb`": "as above",
    "a file or a pipe": "100",
}
"""The rows of docs/reference/commands.md, with how many columns a report has there."""


def test_one_table_says_what_a_report_looks_like_where() -> None:
    """The page has a row for each place that the tests here print at, and no other; and the columns that the program has."""
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith(("| a terminal", "| a file or"))
    ]

    assert list(TABLE) == [row[0] for row in rows]
    assert all(columns in row[2] for row, columns in zip(rows, TABLE.values(), strict=True))
    assert (40, 100) == (NARROWEST, WIDEST)
    assert {"NO_COLOR", "TERM"} == {name for one in COLOURLESS for name in one}


@pytest.mark.parametrize("environment", COLOURLESS, ids=lambda one: next(iter(one)))
def test_nobody_gets_colours_who_does_not_want_them(environment: dict[str, str], tmp_path: Path) -> None:
    """NO_COLOR (no-color.org), and a terminal that has none: not a single escape sequence of a colour, and in a dumb one none at all."""
    text = shown(tmp_path, *VERIFY, **environment)

    assert "✗ a door that nobody" in text
    assert "\x1b[3" not in text and "\x1b[1m" not in text
    assert "TERM" not in environment or "\x1b" not in text


@pytest.mark.parametrize(("columns", "told"), [(40, {}), (60, {}), (200, {"COLUMNS": "79"})])
def test_a_report_is_as_wide_as_a_narrow_terminal(columns: int, told: dict[str, str], tmp_path: Path) -> None:
    """No line of it breaks where the terminal would break it; a file gets a hundred columns, whatever the terminal."""
    for command in (VERIFY, ("count", "door.py:DOOR")):
        text = shown(tmp_path, *command, "-q", columns=columns, NO_COLOR="1", **told)
        columns = int(told.get("COLUMNS", columns))
        assert columns >= max(len(line.rstrip()) for line in text.splitlines() if not line.startswith("      "))
        assert "whoever may be" in " ".join(text.split())


def test_a_report_in_a_terminal_is_the_one_in_a_file(tmp_path: Path) -> None:
    """But for its colours; what moves on standard error meanwhile is wiped out, line by line."""
    text = shown(tmp_path, *VERIFY, "-q", NO_COLOR="1")
    file = subprocess.run([FSM, *VERIFY], cwd=tmp_path, capture_output=True, text=True)

    assert file.stdout == text.replace("\r\n", "\n")


def test_what_moves_meanwhile_leaves_no_trace_on_the_screen(tmp_path: Path) -> None:
    """As a person sees it in the end: the report alone."""
    pyte = pytest.importorskip("pyte")
    screen = pyte.Screen(120, 40)
    pyte.Stream(screen).feed(shown(tmp_path, *VERIFY))
    seen = [line.rstrip() for line in screen.display if line.strip()]
    file = subprocess.run([FSM, *VERIFY], cwd=tmp_path, capture_output=True, text=True)

    assert [line for line in file.stdout.splitlines() if line.strip()] == seen
