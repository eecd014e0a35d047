"""What comes through the doors of the command: arguments, files, streams, texts. Whatever is wrong is one clear line
and status 2; 1 means refuted and nothing else, 70 is a defect of fsm and is reached by none of these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fsm.command.group import fsm as group
from fsm.command.invocation.numbers import Amount, Whole
from fsm.strict_json import LARGEST

FSM = Path(sys.executable).with_name("fsm")
DOOR = """
from fsm import Machine, State, always, event, inside, integer

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar),), properties=(always({sentence}, inside(shut)),))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the command is called: a door that does not stay shut."""
    (tmp_path / "door.py").write_text(DOOR.format(sentence="'it stays shut'"), encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FSM, *arguments], cwd=folder, capture_output=True, encoding="utf-8", **more)  # type: ignore[call-overload, no-any-return]  # options of a process


def complaint(folder: Path, *arguments: str) -> str:
    """The one line that a command leaves with."""
    done = run(folder, *arguments)
    assert "" == done.stdout
    return complaint_of(done)


def complaint_of(done: subprocess.CompletedProcess[str]) -> str:
    assert 2 == done.returncode, done.stderr
    return next(line for line in done.stderr.splitlines() if line.startswith("Error: "))


# No target


@pytest.mark.parametrize("command", ["verify", "count", "why", "cover", "mutate", "draw"])
def test_a_forgotten_target_is_not_green(command: str, folder: Path) -> None:
    """It says what could be named, found by reading: nothing of this folder was run."""
    (folder / "other.py").write_text(
        "import fsm as f\nfrom fsm import System as S\nraise SystemExit\nA: f.Machine = f.Machine(1)\nB = S(2)\nC = 3\n"
    )
    (folder / "no_python.py").write_text("def (", encoding="utf-8")
    (folder / "no_text.py").write_bytes(b"\xff\x00")
    done = run(folder, command)

    assert (2, "") == (done.returncode, done.stdout)
    assert "Error: name a TARGET." in done.stderr
    assert ["  door.py:DOOR", "  other.py:A", "  other.py:B"] == done.stderr.splitlines()[-3:]


def test_where_nothing_is_declared_it_says_so(tmp_path: Path) -> None:
    """An empty folder is no proof of anything."""
    done = run(tmp_path, "verify")

    assert 2 == done.returncode
    assert "No file *.py of this folder declares a machine or system." in done.stderr


def test_a_file_without_a_name_is_answered_with_its_names(folder: Path) -> None:
    """What to write stands in the message."""
    assert "'door.py' names no machine. Write door.py:DOOR." in complaint(folder, "count", "door.py")


# Modules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise BaseException('out')", "line 1 raised BaseException while it was imported: out"),
        ("import os; os._exit(0)", "line 1 raised SystemExit while it was imported: 0"),
        ("raise KeyboardInterrupt", "line 1 raised KeyboardInterrupt while it was imported: no message"),
        ("def __getattr__(name):\n    raise ValueError(name)", "line 2 raised ValueError while it was imported: DOOR"),
        ("class E(Exception):\n    def __str__(self): raise E\nraise E", "line 3 raised E while it was imported: "),
        ("raise Exception('x' * 100_000)", "... (100,000 characters)"),
        ("raise Exception('\\x1b[2J\\ud800\\u202e')", r"imported: \x1b[2J\ud800\u202e"),
        ("import sys; sys.modules[__name__] = 5", "DOOR in broken.py does not exist. It has no machine or system."),
        (
            "class Odd:\n    __class__ = property(lambda self: 1 / 0)\nDOOR = Odd()",
            "DOOR in broken.py is an Odd, not a machine or system",
        ),
        ("def f(): f()\nf()", "raised RecursionError while it was imported"),
    ],
)
def test_whatever_a_module_does_at_import_is_wrong_usage(text: str, said: str, folder: Path) -> None:
    """It leaves with 2 and one line, also where it would have left by itself."""
    (folder / "broken.py").write_text(text, encoding="utf-8")

    assert said in complaint(folder, "draw", "broken.py:DOOR")


def test_what_a_model_file_prints_is_no_part_of_a_report(folder: Path) -> None:
    """Neither what it prints, nor what a program that it calls prints, nor what it would print at the end."""
    talk = (
        "import os, atexit\nprint('by print')\nos.system('echo by a program')\natexit.register(print, 'at the end')\n"
    )
    (folder / "talks.py").write_text(talk + "from door import DOOR\n", encoding="utf-8")
    done = run(folder, "count", "talks.py:DOOR", "--json")

    assert 1 == json.loads(done.stdout)["exit_status"] == done.returncode
    assert {"by print", "by a program"} <= set(done.stderr.splitlines())


def test_a_model_file_may_have_any_name(folder: Path) -> None:
    """It replaces no other module, neither one of Python's nor one that is loaded later, nor do several of them."""
    names = ("queue", "json", "z3", "my-door", "2nd door", "größe", "v1.2", "__main__", "fsm")
    for name in names:
        (folder / f"{name}.py").write_text((folder / "door.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = run(folder, "verify", "--fast", *(f"{name}.py:DOOR" for name in names))

    assert (1, len(names)) == (done.returncode, done.stdout.count("✗ it stays shut")), done.stderr


@pytest.mark.parametrize("package", ["gates", "json"])
def test_a_file_of_a_package_is_imported_as_part_of_it(package: str, folder: Path) -> None:
    """Its relative imports work, also where the package has the name of one of Python's."""
    inner = folder / package / "wide"
    inner.mkdir(parents=True)
    for file in (inner.parent / "__init__.py", inner / "__init__.py"):
        file.touch()
    (inner / "gate.py").write_text("from ..base import DOOR\nfrom . import beside\n", encoding="utf-8")
    (inner / "beside.py").touch()
    (inner.parent / "base.py").write_text((folder / "door.py").read_text(encoding="utf-8"), encoding="utf-8")

    assert 1 == run(folder, "count", f"{package}/wide/gate.py:DOOR").returncode
    assert 1 == run(inner, "count", "gate.py:DOOR").returncode


# Numbers and texts


@pytest.mark.parametrize("seconds", ["inf", "nan", "-1", "1e400", "0", "soon", "١", "9" * 5000])
def test_a_limit_of_time_is_a_finite_number(seconds: str, folder: Path) -> None:
    """Neither for ever nor no time at all."""
    done = CliRunner().invoke(group, ["verify", str(folder / "door.py:DOOR"), "--timeout", seconds])

    assert 2 == done.exit_code
    assert "seconds: more than zero" in done.stderr


def test_every_number_of_every_command_is_plain_digits_of_ascii() -> None:
    """Python also reads those of other scripts, underscores and space around; no option leaves that to it."""
    context = click.Context(group)
    commands = [group.get_command(context, name) for name in group.list_commands(context)]
    options = [one for command in commands if command is not None for one in command.params]
    numbers = [
        one for one in options if isinstance(one.type, click.types.IntParamType | click.types.FloatParamType | Amount)
    ]

    assert 8 <= len(numbers)
    assert [] == [one.name for one in numbers if not isinstance(one.type, Amount | Whole)]
    for one in numbers:
        for given in ("١", "1_0", " 1", "1\n", "0x1", ""):
            with pytest.raises(click.BadParameter, match="is no"):
                one.type.convert(given, one, None)
        least = getattr(one.type, "min", None) or 1
        assert least == one.type.convert(str(least), one, None)


@pytest.mark.parametrize("option", ["--speed", "--rate", "--for"])
def test_the_desk_takes_finite_numbers_too(option: str, folder: Path) -> None:
    """Before it asks for a terminal."""
    assert "'inf' is no number of" in complaint(folder, "desk", option, "inf")


def test_a_number_of_five_thousand_digits_is_told_in_a_few(folder: Path) -> None:
    """Python would not even print it."""
    said = complaint(folder, "count", "fsm.desk:DESK", "--set", f"max_chats={'9' * 5000}")

    assert "(5,000 characters) is not an integer, 0 or more." in said
    assert len(said) < 200


@pytest.mark.parametrize("command", ["verify", "count"])
def test_a_declaration_may_name_any_number(command: str, folder: Path) -> None:
    """Of five thousand digits too, which Python itself neither prints nor reads: it is proved with, and told by its length."""
    text = (
        DOOR.format(sentence="'it stays shut'")
        .replace("(shut.on(Push).to(ajar),)", "(shut.on(Push).when(n < 10**5000).to(ajar).set(n, n + 1),)")
        .replace("DOOR =", "n = integer('n', 0, 10**5000)\nDOOR =")
        .replace(", properties", ", variables=(n,), properties")
    )
    (folder / "long.py").write_text(text, encoding="utf-8")
    page, document = run(folder, command, "long.py:DOOR"), run(folder, command, "long.py:DOOR", "--json")

    assert (1, 1) == (page.returncode, document.returncode), page.stderr + document.stderr
    assert "about 5,001 digits" in page.stdout or command == "count"
    assert 1 == json.loads(document.stdout)["exit_status"]


@pytest.mark.parametrize("command", ["verify", "count", "cover"])
def test_what_the_callers_own_function_raises_is_told_with_its_line(command: str, folder: Path) -> None:
    """It is their function, called while a run is taken: no defect of fsm."""
    text = DOOR.format(sentence="'it stays shut'").replace("class Push:\n    pass", "class Push:\n    note: Field[str]")
    text = text.replace("import Machine", "import Field, applied, effect, Machine").replace(
        "shut, ajar",
        "def twice(x) -> str:\n    return x[10] * 2\n\n@effect\nclass Said:\n    what: Field[str]\n\nshut, ajar",
        1,
    )
    text = text.replace("to(ajar)", "to(ajar).emits(Said, what=applied(twice, Push.note))")
    (folder / "own.py").write_text(text, encoding="utf-8")

    assert "own.py, line 9 raised IndexError while it was run: string index out of range" in complaint_of(
        run(folder, command, "own.py:DOOR")
    )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_sentence_is_printed_and_never_obeyed(encoding: str, folder: Path) -> None:
    """Escape sequences, controls that turn the line round, NUL, half a character: as their escapes, whatever the terminal reads."""
    odd = r"'a\x00b\x1b[31mc\u202ed\ud800e\x9bf\u2713\U0001f600'"
    (folder / "odd.py").write_text(DOOR.format(sentence=odd), encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    text = run(folder, "count", "odd.py:DOOR", env=environment)
    document = run(folder, "count", "odd.py:DOOR", "--json", env=environment)

    assert (1, 1) == (text.returncode, document.returncode), text.stderr + document.stderr
    assert r"a\x00b\x1b[31mc\u202ed\ud800e\x9bf" in text.stdout
    assert (
        "a\x00b\x1b[31mc\u202ed\ud800e\x9bf\u2713\U0001f600" == json.loads(document.stdout)["properties"][0]["sentence"]
    )


FILES = [
    ("draw", "door.py:DOOR", "--trace"),
    ("draw", "door.py:DOOR", "--snapshot"),
    ("mutate", "door.py:DOOR", "--reasons"),
    ("trace", "door.py:DOOR", "--catalogue"),
    ("monitor", "door.py", "--mapping"),
]


@pytest.mark.parametrize("arguments", FILES, ids=lambda arguments: arguments[-1])
@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = " + b"[" * 100_000], ids=["no text", "deep"])
def test_a_file_that_is_none_of_its_kind_is_wrong_usage(
    arguments: tuple[str, ...], content: bytes, folder: Path
) -> None:
    (folder / "file.toml").write_bytes(content)

    assert "Error: " in given(folder, arguments)


@pytest.mark.parametrize("arguments", FILES, ids=lambda arguments: arguments[-1])
def test_no_file_is_read_to_its_end_that_is_too_large(arguments: tuple[str, ...], folder: Path) -> None:
    """One without an end, such as a device, would fill the memory."""
    with (folder / "file.toml").open("wb") as file:
        file.truncate(LARGEST + 1)  # takes no room on the disk

    assert "file.toml is larger than 16,777,216 bytes" in given(folder, arguments)


def given(folder: Path, arguments: tuple[str, ...]) -> str:
    """What a command says of a file that it cannot take."""
    command, target, option = arguments
    done = CliRunner().invoke(group, [command, str(folder / target), option, str(folder / "file.toml")])
    assert 2 == done.exit_code, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[]",
        '{"steps": [], "system": "door"}',
        '{"steps": 5, "system": "door", "profile": {}}',
        '{"reports": [{"definition": [1], "properties": []}]}',
        '{"reports": [{"definition": 1, "properties": []}]}',
        '{"reports": [{"definition": [], "properties": [{"sentence": "s", "verdict": "refuted", "trace": {"system": "door"}}]}]}',
        '{"steps": %s, "system": "door", "profile": {}}' % ("9" * 5000),
        "\udcff",
    ],
    ids=range(9),
)
def test_what_is_no_trace_is_wrong_usage(text: str, folder: Path) -> None:
    """Deep, of another shape, with endless numbers, no UTF-8."""
    (folder / "file.toml").write_bytes(text.encode("utf-8", "surrogateescape"))

    assert "file.toml" in given(folder, ("draw", "door.py:DOOR", "--trace"))


@pytest.mark.parametrize(
    "arguments", [("show",), ("show", "--json"), ("count",), ("count", "--json"), ("draw", "--format", "md")]
)
def test_every_command_prints_its_report_on_standard_output(arguments: tuple[str, ...], folder: Path) -> None:
    """And nothing of it elsewhere, also where a model file prints."""
    (folder / "talks.py").write_text("print('talk')\nfrom door import DOOR\n", encoding="utf-8")
    quiet, loud = run(folder, *arguments, "door.py:DOOR"), run(folder, *arguments, "talks.py:DOOR")

    assert quiet.stdout == loud.stdout != ""
    assert ("", "talk\n") == (quiet.stderr, loud.stderr)


def test_no_command_prints_past_the_one_door_for_output() -> None:
    """`print` and `click.echo` go to standard error once a model file is imported: a report printed so would be lost."""
    import fsm.command

    room = Path(fsm.command.__file__).parent
    doors = {"output.py", "program.py", "endings.py", "__init__.py"}
    past = [
        f"{file.name}: {line.strip()}"
        for file in sorted(room.rglob("*.py"))
        if file.name not in doors
        for line in file.read_text(encoding="utf-8").splitlines()
        if "click.echo(" in line or line.strip().startswith("print(")
    ]

    assert [] == past


# Streams


@pytest.mark.parametrize(("closed", "status"), [(0, 1), (1, 2), (2, 1)])
def test_a_closed_stream_is_no_traceback(closed: int, status: int, folder: Path) -> None:
    """Without standard output there is nowhere to print to; the others are not needed."""
    done = run(folder, "count", "door.py:DOOR", preexec_fn=lambda: os.close(closed))

    assert status == done.returncode
    assert (closed != 1) == ("✗ it stays shut" in done.stdout)
    assert (
        "Error: standard output is closed, so there is nowhere to print to.\n" if closed == 1 else ""
    ) == done.stderr


@pytest.mark.parametrize(
    "arguments", [("count", "door.py:DOOR"), ("trace", "--references"), ("--help",), ("count", "--help")]
)
def test_a_reader_that_leaves_ends_the_command_quietly(arguments: tuple[str, ...], folder: Path) -> None:
    """As `| head` does: nothing on standard error, and the status of a closed pipe."""
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run([FSM, *arguments], cwd=folder, stdout=writes, stderr=subprocess.PIPE, text=True)
    os.close(writes)

    assert (141, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("arguments", [("count", "door.py:DOOR"), ("trace",), ("--help",)])
def test_a_report_that_cannot_be_written_is_no_verdict(arguments: tuple[str, ...], folder: Path) -> None:
    """A full disk."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([FSM, *arguments], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True)

    assert 2 == done.returncode
    assert "Error: cannot write standard output: No space left on device. [FSM401]\n" == done.stderr


@pytest.mark.parametrize("make", ["draw", "save"])
def test_what_stood_there_stays_where_there_is_no_room(make: str, folder: Path) -> None:
    """A picture, a saved test: whole or not at all."""
    arguments, file = {
        "draw": (("draw", "door.py:DOOR", "--format", "dot", "--out", "."), folder / "door.dot"),
        "save": (("verify", "door.py:DOOR", "--fast", "--save-test", "test_door.py"), folder / "test_door.py"),
    }[make]
    file.write_text("what stood there", encoding="utf-8")
    done = run(folder, *arguments, preexec_fn=no_room)

    assert 2 == done.returncode
    assert f"Error: cannot write {file.name}: File too large" in done.stderr
    assert "what stood there" == file.read_text(encoding="utf-8")
    assert {"door.py", file.name} == {one.name for one in folder.iterdir() if one.name != "__pycache__"}


def no_room() -> None:
    """No file of this process may have more than a few bytes, as on a disk that is full."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_it_can_be_called_by_python_too(folder: Path) -> None:
    """`python -m fsm` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "fsm", "count", "door.py:DOOR"], cwd=folder, capture_output=True, text=True
    )

    assert 1 == done.returncode
    assert run(folder, "count", "door.py:DOOR").stdout == done.stdout
