"""`[tool.fsm]` of pyproject.toml, read strictly: a misspelt key must not turn a check off."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsm import System
from fsm.command.invocation.endings import WrongUsage
from fsm.command.project.configuration import NOTHING, Configuration, Implementation, KnownUnknown, configuration
from fsm.command.project.expectations import check_known
from fsm.command.project.fixing import CONFIGURED, check_values, fixed
from fsm.desk import AGENT, DESK

WHOLE = """\
[project]
name = "shop"

[tool.fsm]
targets = ["machines", "machines/door.py:DOOR", "shop.desk:DESK"]
profile = "spring"
catalogue = "docs/requirements.md"
timeout = 60
total-timeout = 0.5

[tool.fsm.values]
max_chats = 3
night = true

[[tool.fsm.unknown]]
claim = "every order is sent"
reason = "two counters at once"

[[tool.fsm.unknown]]
claim = "every parcel is sent"
reason = "as the orders"
of = "shop"

[[tool.fsm.implementation]]
of = "door"
adapter = "shop.door:OurDoor"
examples = 50

[[tool.fsm.implementation]]
of = "shop"
adapter = "machines/door.py:Theirs"
"""


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path, text: str) -> str:
    """What is said of a configuration that is refused, without the name of the file."""
    with pytest.raises(WrongUsage) as wrong:
        configuration(written(folder, text))
    message: str = wrong.value.message
    assert message.startswith(str(folder / "pyproject.toml"))
    return message.removeprefix(str(folder / "pyproject.toml"))


def test_everything_that_can_be_said_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are from the folder of the file, wherever below it the command is called; names of modules stay as they are."""
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines" / "door.py").touch()
    monkeypatch.chdir(tmp_path / "machines")

    assert Configuration(
        written(tmp_path, WHOLE) / "pyproject.toml",
        (".", "door.py:DOOR", "shop.desk:DESK"),
        "spring",
        {"max_chats": 3, "night": True},
        60.0,
        0.5,
        (
            KnownUnknown("every order is sent", "two counters at once", None, 16),
            KnownUnknown("every parcel is sent", "as the orders", "shop", 20),
        ),
        tmp_path / "docs" / "requirements.md",
        (
            Implementation("door", "shop.door:OurDoor", 50, 26),
            Implementation("shop", "door.py:Theirs", None, 31),
        ),
    ) == configuration(Path.cwd())


@pytest.mark.parametrize("text", ["", '[project]\nname = "fsm"\n', "[tool.ruff]\n", "tool = 3 # fsm\n"])
def test_a_project_that_does_not_speak_of_fsm_says_nothing(tmp_path: Path, text: str) -> None:
    """Nor does one that another tool could not read: that is the other tool's to say."""
    assert NOTHING == configuration(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[tool.fsm]\n\ntarget = ["x"]\n', ", line 3: [tool.fsm] has no key 'target'; it knows targets, "),
        ("[tool]\nfsm.time-out = 3\n", ", line 2: [tool.fsm] has no key 'time-out'; "),
        ("[tool.fsm]\n[tool.fsm.jobs]\nmany = 2\n", ", line 2: [tool.fsm] has no key 'jobs'; "),
        (
            '[[tool.fsm.unknown]]\nclaim = "a"\nreason = "b"\n[[tool.fsm.unknown]]\nclaim = "c"\nreason = "d"\nsince = 3\n',
            ", line 7: [tool.fsm.unknown] has no key 'since'; it knows claim, reason, of.",
        ),
        ('[[tool.fsm.unknown]]\nclaim = "a"\n', ", line 1: [[tool.fsm.unknown]] has no reason: "),
        ('[[tool.fsm.unknown]]\nclaim = "a"\nreason = " "\n', ", line 3: [[tool.fsm.unknown]] has no reason: "),
        ("[tool.fsm]\nunknown = 3\n", ", line 2: unknown is no array of tables: "),
        ("[tool]\nfsm = 3\n", ", line 2: [tool.fsm] is no table."),
        ("[tool.fsm]\nimplementation = 3\n", ", line 2: implementation is no array of tables: "),
        ('[[tool.fsm.implementation]]\nadapter = "a:B"\n', ", line 1: [[tool.fsm.implementation]] has no of: "),
        ('[[tool.fsm.implementation]]\nof = "a"\nadapter = "B"\n', ", line 3: adapter names no class: "),
        (
            '[[tool.fsm.implementation]]\nof = "a"\nadapter = "a:B"\nexamples = 0\n',
            ", line 4: examples is no number of runs from 1 to 1,000,000.",
        ),
        ('[tool.fsm]\ntargets = "machines"\n', ", line 2: targets is no list of texts: "),
        ("[tool.fsm]\ntargets = [3]\n", ", line 2: targets is no list of texts: "),
        ("[tool.fsm]\ntargets = []\n", ", line 2: targets names nothing, so that nothing would be proved."),
        ('[tool.fsm]\nprofile = ""\n', ", line 2: profile is no name of a version."),
        ("[tool.fsm]\ncatalogue = 3\n", ", line 2: catalogue is no name of a file."),
        ("[tool.fsm]\ntimeout = true\n", ", line 2: timeout is no number of seconds: "),
        ("[tool.fsm]\ntotal-timeout = nan\n", ", line 2: total-timeout is no number of seconds: "),
        ("[tool.fsm]\ntimeout = 0\n", ", line 2: timeout is no number of seconds: "),
        ("[tool.fsm.values]\nlimit = 1.5\n", ", line 2: limit is no truth value, integer or name of a member"),
        ("[tool.fsm\n", " is not TOML: "),
    ],
)
def test_what_is_not_known_is_refused_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """Also in the second of several tables of one name."""
    assert complaint(tmp_path, text).startswith(expected)


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    """Where it may speak of fsm at all."""
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.fsm]\n\xff\n")

    with pytest.raises(WrongUsage, match=r"pyproject\.toml, line 2 is not UTF-8"):
        configuration(tmp_path)


# Values


def test_one_reason_excuses_one_claim() -> None:
    """A sentence that several say is open of one of them, which is named; else a claim that comes to be open tomorrow would be excused by the reason of another."""
    there = {("door", "it is shut"), ("gate", "it is shut"), ("gate", "it is open")}

    with pytest.raises(WrongUsage, match=r"line 7: door and gate say 'it is shut'\. Say which is open: of = 'door'\."):
        check_known([KnownUnknown("it is shut", "who knows", None, 7)], there)
    with pytest.raises(
        WrongUsage, match=r"line 7: 2 that are called gate say 'it is shut'\. Give each a name of its own\."
    ):
        check_known([KnownUnknown("it is shut", "who knows", "gate", 7)], [*there, ("gate", "it is shut")])
    check_known([KnownUnknown("it is shut", "who knows", "gate", 7), KnownUnknown("it is open", "too", None, 9)], there)


def test_values_fix_parameters_beside_those_of_the_version() -> None:
    """The version keeps its name, so that what it is known to break is known; its text tells what is fixed."""
    first = DESK.profiles[0]
    free = next(param for param in DESK.parameters if param.name not in first.values)

    made = fixed(DESK, first, {free.name: free.default, "unheard_of": 3})

    assert made is not None
    assert (first.name, {**first.values, free.name: free.default}) == (made.name, dict(made.values))
    assert made.doc.endswith(f"{free.name} = {free.default} by configuration")


def test_without_a_version_the_values_are_one() -> None:
    """And of a machine that has none of the parameters nothing is fixed."""
    plain = System("plain", parts=DESK.parts, wires=DESK.wires, rules=DESK.rules, parameters=DESK.parameters)
    free = plain.parameters[0]

    made = fixed(plain, None, {free.name: free.default})

    assert made is not None
    assert (CONFIGURED, {free.name: free.default}) == (made.name, dict(made.values))
    assert fixed(AGENT, None, {"unheard_of": 3}) is None


def test_a_value_of_no_parameter_is_refused() -> None:
    """It names those that there are."""
    with pytest.raises(
        WrongUsage, match=r"\[tool\.fsm\.values\] fixes 'max_chat'; there is no such parameter: there are "
    ):
        check_values([DESK], {"max_chat": 3})


@pytest.mark.parametrize("value", [True, "three", -1])
def test_a_value_that_the_parameter_cannot_have_is_refused(value: object) -> None:
    """`true` is no number, though Python counts with it."""
    with pytest.raises(WrongUsage, match=r"\[tool\.fsm\.values\] max_chats: .* is not "):
        fixed(DESK, None, {"max_chats": value})


def test_a_value_that_the_version_contradicts_is_refused() -> None:
    """Else its claims would be judged under values that it never had."""
    first = DESK.profiles[0]
    name = next(name for name, value in first.values.items() if value is True or value is False)

    with pytest.raises(WrongUsage, match=rf"fixes {name} = .*, and version {first.name} of desk has another"):
        fixed(DESK, first, {name: not first.values[name]})
