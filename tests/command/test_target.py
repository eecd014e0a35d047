"""TARGET: which machine a command is about, and what is said when it names none.

A broken target is wrong usage, never a verdict.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsm import System
from fsm.command import group
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.target import resolve
from fsm.desk import TILE

DOOR = """
from enum import Enum

from fsm import Field, Machine, State, event


class Side(Enum):
    LEFT = 1
    RIGHT = 2


@event
class Push:
    side: Field[Side]


shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", states=(shut, ajar), initial=shut, transitions=(shut.on(Push).to(ajar), ajar.on(Push).to(shut)))
"""

BROKEN = """
from fsm import Machine, State

shut = State("shut")
DOOR = Machine("door", states=(shut, shut), initial=shut, transitions=())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command is called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaint(target: str) -> str:
    with pytest.raises(WrongUsage) as wrong:
        resolve(target)
    assert wrong.value.exit_code == 2
    assert "\n" not in wrong.value.message
    return wrong.value.message


def test_a_machine_is_named_by_its_module() -> None:
    """`package.module:NAME`."""
    assert TILE is resolve("fsm.desk.tile:TILE")


def test_a_machine_is_named_by_its_file(folder: Path) -> None:
    """`path/to/machine.py:NAME`, also where an event's type is declared in that file."""
    (folder / "machines").mkdir()
    (folder / "machines" / "door_in_a_file.py").write_text(DOOR, encoding="utf-8")

    assert "door" == resolve("machines/door_in_a_file.py:DOOR").name


def test_a_module_of_the_current_folder_is_found(folder: Path) -> None:
    """As with `python -m`."""
    (folder / "door_in_this_folder.py").write_text(DOOR, encoding="utf-8")

    assert "door" == resolve("door_in_this_folder:DOOR").name


def test_a_file_may_import_its_neighbours_and_leaves_the_search_path_as_it_was(folder: Path) -> None:
    """The folder of the file is searched while it is imported, and no longer."""
    (folder / "door_next_to_it.py").write_text(DOOR, encoding="utf-8")
    (folder / "front_door.py").write_text("from door_next_to_it import DOOR\n", encoding="utf-8")
    before = list(sys.path)

    assert "door" == resolve("front_door.py:DOOR").name
    assert before == sys.path


def test_a_file_named_like_an_imported_module_does_not_replace_it(folder: Path) -> None:
    """A machine in `json.py` is read, and `json` stays what it was."""
    import json

    (folder / "json.py").write_text(DOOR, encoding="utf-8")

    assert "door" == resolve("json.py:DOOR").name
    assert json is sys.modules["json"]


@pytest.mark.parametrize("target", ["fsm.desk", "DESK", ":", "fsm.desk:", ":DESK"])
def test_a_target_without_module_or_name_is_told_the_two_forms(target: str) -> None:
    """What next stands in the message."""
    expected = f"{target!r} names no machine. Write package.module:NAME or path/to/machine.py:NAME."

    assert expected == complaint(target)


def test_a_missing_module_is_named() -> None:
    """Which part of the dotted name is missing, and where modules are searched."""
    assert complaint("no_such_package.machines:DOOR").startswith("there is no module no_such_package. ")
    assert complaint("fsm.desk.no_such_page:DOOR").startswith("there is no module fsm.desk.no_such_page. ")


def test_a_missing_file_is_named(folder: Path) -> None:
    """A path is not searched for anywhere."""
    assert complaint("machines/door.py:DOOR").startswith("there is no file machines/door.py. ")


def test_a_misspelt_file_is_answered_with_the_one_beside_it(folder: Path) -> None:
    """One letter is missing; a folder that is not there holds nothing near."""
    (folder / "vending.py").write_text(DOOR, encoding="utf-8")
    assert complaint("vendin.py:DOOR").startswith("there is no file vendin.py. Did you mean vending.py? ")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("payin + 1", "name 'payin' is not defined; did you mean paying?"),
        ("prnt(paying)", "name 'prnt' is not defined; did you mean print?"),
        ("recoverable", "name 'recoverable' is not defined; it is in fsm: write from fsm import recoverable"),
        ("zq", "name 'zq' is not defined"),
    ],
)
def test_a_name_that_is_not_defined_is_answered_with_the_one_that_is_meant(
    folder: Path, line: str, expected: str
) -> None:
    """The nearest of the file and of Python, and where a name of the library is to be had."""
    (folder / "misspelt.py").write_text(f"paying = 1\n{line}\n", encoding="utf-8")
    assert complaint("misspelt.py:DOOR").endswith(f"raised NameError while it was imported: {expected}")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["verfy"], "No such command 'verfy'. Did you mean verify?"),
        (["zzz"], "No such command 'zzz'."),
        (["verify", "fsm.desk:DESK", "--set", "price=9"], "No such option '--set': verify proves every value; fsm count --set looks at one."),
        (["verify", "fsm.desk:DESK", "--nothing"], "No such option"),
    ],
)  # fmt: skip
def test_what_the_command_has_not_is_answered_with_what_it_has(arguments: list[str], expected: str) -> None:
    """A misspelt command, and an option that another command has."""
    run = CliRunner().invoke(group.fsm, arguments)
    assert 2 == run.exit_code
    assert expected in run.output


def test_a_missing_name_is_answered_with_those_there_are() -> None:
    """A misspelt name is one glance away from the right one."""
    assert "DOOR in fsm.desk.tile does not exist. It has TILE." == complaint("fsm.desk.tile:DOOR")


def test_a_name_that_is_no_machine_says_what_it_is() -> None:
    """A state is not a machine."""
    assert "missed in fsm.desk.tile is a State, not a machine or system. It has TILE." == complaint(
        "fsm.desk.tile:missed"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BROKEN, "door.py, line 5 declares something that cannot be: "),
        ("def door(:\n", "door.py, line 1 is not Python: invalid syntax."),
        ("import no_such_library.deep\n", "door.py, line 1 imports no_such_library, which is not installed."),
        ("DOORS = {}\nDOORS['front']\n", "door.py, line 2 raised KeyError while it was imported: 'front'"),
        (
            "import json\njson.loads('[')\n",
            "door.py, line 2 raised JSONDecodeError while it was imported: Expecting value",
        ),
        ("import sys\nsys.exit('goodbye')\n", "door.py, line 2 raised SystemExit while it was imported: goodbye"),
        (
            "class Closed(Exception): pass\nraise Closed\n",
            "door.py, line 2 raised Closed while it was imported: no message",
        ),
    ],
    ids=[
        "broken declaration",
        "syntax error",
        "missing library",
        "exception",
        "exception in a library",
        "exit",
        "exception of its own",
    ],
)
def test_a_file_that_cannot_be_imported_is_one_line_that_says_where(folder: Path, text: str, expected: str) -> None:
    """The line of the caller's own file, whatever was raised below it."""
    (folder / "door.py").write_text(text, encoding="utf-8")

    assert expected in complaint("door.py:DOOR")


LINES = """
from fsm import Assumption, Field, Machine, Rule, State, System, always, event, inside, one, parameter, wire
a, b, c = State("a"), State("b"), State("c")

@event
class Go:
    pass

@event
class Come:
    pass

limit = parameter("limit", int, 1, low=0)
M = Machine(
    "m", (a, b), a,
    (
        a.on(Go).to(b),
        b.on(Go).to({target}),
    ),
    properties=(
        always("x", inside({state})),
        always("{sentence}", inside(a)),
    ),
)
part = one("m", M)
S = System(
    "s", (part,),
    wires=(
        wire(Come, part.by(Go), when=limit > 1),
        wire(Come, part.by(Go), when={when}),
    ),
    parameters=(limit,),
    rules=(
        Rule("r", on=Come, when=part.inside(a)),
        Rule("{rule}", on=Come, when=limit > 0),
    ),
)
"""
WELL = {"target": "a", "state": "a", "sentence": "y", "when": "limit <= 1", "rule": "q"}


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"target": "c"}, "b.on(Go)"),
        ({"state": "c"}, 'always("x"'),
        ({"sentence": "x"}, 'always("x", inside(a))'),
        ({"when": "limit > 0"}, "part.by(Go), when=limit > 0"),
        ({"rule": "r"}, 'Rule("r", on=Come, when=limit'),
    ],
    ids=["transition", "property", "sentence", "wire", "rule"],
)
def test_the_line_of_the_declaration_is_named_and_not_that_of_the_machine(
    folder: Path, wrong: dict[str, str], line: str
) -> None:
    """Where the transition, the wire, the rule, the property stands that is wrong."""
    text = LINES.format(**WELL | wrong)
    (folder / "lines.py").write_text(text, encoding="utf-8")
    number = max(number for number, one in enumerate(text.splitlines(), start=1) if line in one)

    assert f"lines.py, line {number} declares something that cannot be: " in complaint("lines.py:S")


def test_a_line_knows_where_it_is_written_and_means_the_same_anywhere(folder: Path) -> None:
    """No part of a declaration's meaning: neither of its canonical form nor of what it looks like."""
    from fsm.canonical import write

    (folder / "lines.py").write_text(LINES.format(**WELL), encoding="utf-8")
    (folder / "moved.py").write_text("\n" * 20 + LINES.format(**WELL), encoding="utf-8")
    here, there = resolve("lines.py:S"), resolve("moved.py:S")

    assert write(here).replace("lines", "moved") == write(there)
    assert "written" not in repr(here)


def test_the_command_prints_one_line_and_exits_with_two(folder: Path) -> None:
    """Status 1 means refuted, so nothing else may leave with it."""
    (folder / "door.py").write_text(BROKEN, encoding="utf-8")

    done = subprocess.run(
        [Path(sys.executable).with_name("fsm"), "verify", "door.py:DOOR"], capture_output=True, text=True
    )

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert "state 'shut' is declared twice" in done.stderr


def test_two_targets_of_one_file_know_each_other(tmp_path: Path) -> None:
    """The file is run once, so a machine is the one that the system beside it has."""
    file = tmp_path / "two_targets.py"
    file.write_text(
        "from fsm import Machine, State, System, event, one\n"
        "@event\nclass Go: pass\n"
        "a, b = State('a'), State('b')\n"
        "M = Machine('m', (a, b), a, (a.on(Go).to(b),))\n"
        "S = System('s', (one('p', M),))\n"
    )
    system, machine = resolve(f"{file}:S"), resolve(f"{file}:M")

    assert isinstance(system, System)
    assert system.parts[0].machine is machine


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("models/door.py:DOR", "models/door.py:DOOR"),
        ("models/door.py:door", "models/door.py:DOOR"),
        ("modles/door.py:DOOR", "models/door.py"),
        ("models/dor.py:DOOR", "models/door.py"),
        ("modles/other/door.py:DOOR", "models"),
        ("shop.doors:DOOR", "shop.door"),
        ("shp.door:DOOR", "shop.door"),
        ("fsm.dsk:DESK", "fsm.desk"),
        ("fsm.desk:desk", "fsm.desk:DESK"),
    ],
)
def test_a_name_that_is_misspelt_brings_the_one_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, meant: str
) -> None:
    """Of a machine, a file, a folder, a package or a module."""
    for file in ("models/door.py", "shop/door.py", "shop/__init__.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(
            "from fsm import Machine, State\nshut = State('shut')\nDOOR = Machine('door', (shut,), shut, ())\n"
            if "door" in file
            else "",
            encoding="utf-8",
        )
    monkeypatch.chdir(tmp_path)

    assert f"Did you mean {meant}? " in complaint(named)


@pytest.mark.parametrize("named", ["x" * 100_000, f"{'x' * 100_000}.py", f"{'x' * 5_000}/{'y' * 5_000}.py:DOOR"])
def test_nobody_looks_for_what_a_very_long_name_means(named: str) -> None:
    """It is refused as soon as any other."""
    named = named if ":" in named else f"{named}:DOOR"

    assert "there is no " in complaint(named)[:15]
    assert "Did you mean" not in complaint(named)
