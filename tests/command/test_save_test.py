"""`fsm verify --save-test`: a refuted claim becomes a pytest that fails for the same reason, until the page is mended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import attrs
import pytest
from click.testing import CliRunner, Result

from fsm import BadInput, event
from fsm.command.verify import verify
from fsm.storage.python_source import PythonText
from fsm.traces import assert_holds
from fsm.verification.search.traps import assert_recovers

STALL = '''\
"""A stall with a few hooks, on which coats hang by number; the boy may leave."""

from enum import Enum

from fsm import (
    Assumption, Field, Machine, Rule, State, System, after, always, before, carried, choice, each, each_step, event, inside, one, parameter,
    recoverable, wire, within,
)  # fmt: skip


class Cloth(Enum):
    WOOL = "wool"
    SILK = "silk"


hooks = parameter("hooks", int, 5, low=0)
silk_too = parameter("silk_too", bool, False)
patience = parameter("patience", int, 60_000, low=1)


@event
class Hang:
    number: Field[str]
    cloth: Field[Cloth]


@event
class Fetch:
    number: Field[str]


@event
class Leave:
    pass


@event
class Return:
    pass


@event
class Tire:
    """Sent by time."""


@event
class Put:
    cloth: Field[Cloth]


@event
class Take:
    pass


cloth = choice("cloth", Cloth)
away, hanging = State("away"), State("hanging")
COAT = Machine("coat", (away, hanging), away, (away.on(Put).to(hanging).set(cloth, Put.cloth), hanging.on(Take).to(away)), variables=(cloth,))
here, gone = State("here"), State("gone")
BOY = Machine(
    "boy", (here, gone), here, (here.after(patience, Tire).stay(), here.on(Leave).to(gone){return_}),
    properties=({within}),
)
boy, coats = one("boy", BOY), each("coats", COAT, key="number")
STALL = System(
    "stall",
    parts=(boy, coats),
    wires=(wire(Hang, coats[Hang.number].by(Put, cloth=Hang.cloth)), wire(Fetch, coats[Fetch.number].by(Take))),
    rules=({rules}),
    parameters=(hooks, silk_too, patience),
    properties=(
        always("no more coats than hooks", coats.count() <= hooks, cites="H1"),
        always("no \\"silk\\" where it is not taken", coats.any(cloth == Cloth.SILK) >> silk_too),
        each_step("a coat leaves only while the boy is here", (after(coats.count()) < before(coats.count())) >> before(boy.inside(here))),
        recoverable("the boy can be here", boy.inside(here)),
    ),
    assumptions=({assumed}),
)
'''
BROKEN = {
    "return_": "",
    "within": 'within("the boy is off in time", patience, inside(here), inside(gone)),',
    "rules": "",
    "assumed": "",
}
MENDED = {
    "return_": ", gone.on(Return).to(here)",
    "within": 'within("the boy is off in time", patience, inside(here), inside(here, gone)),',
    "rules": (
        'Rule("a hook is free", on=Hang, when=coats.count() < hooks), Rule("no silk", on=Hang, when=silk_too | (Hang.cloth == Cloth.WOOL)),'
        'Rule("somebody must be here", on=Fetch, when=boy.inside(here)),'
    ),
    "assumed": 'Assumption("there are hooks", hooks >= 2),',
}
SENTENCES = (
    "no more coats than hooks",
    'no "silk" where it is not taken',
    "a coat leaves only while the boy is here",
    "the boy can be here",
    "the boy is off in time",
)


def declare(folder: Path, words: dict[str, str], name: str = "stall") -> None:
    text = STALL
    for gap, word in words.items():
        text = text.replace("{" + gap + "}", word)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


def save(target: str, file: Path) -> Result:
    return CliRunner().invoke(verify, [target, "--fast", "--save-test", str(file)])


def play(folder: Path) -> subprocess.CompletedProcess[str]:
    """The saved tests under pytest, in a process of its own."""
    options = "-q -p no:cacheprovider -p no:benchmark -p no:xdist -p no:pytest_cov -c /dev/null --rootdir . ."
    command = [sys.executable, "-P", "-m", "pytest", *options.split()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def stall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the broken stall, and the tests of what broke it below."""
    folder: Path = tmp_path_factory.mktemp("saved")
    declare(folder, BROKEN)
    done = save(f"{folder / 'stall.py'}:STALL", folder / "tests" / "test_stall.py")
    assert 1 == done.exit_code
    assert "5 tests, which fail as long as the claims do" in done.stderr
    return folder


def test_each_saved_test_fails_for_the_reason_that_the_report_gives(stall: Path) -> None:
    """One test for each refuted claim; the message has the sentence, the run, the formula that is false and what it saw."""
    declare(stall, BROKEN)
    done = play(stall)

    assert 1 == done.returncode
    assert "5 failed" in done.stdout
    for sentence in SENTENCES:
        assert f": {sentence}" in done.stdout
    assert "always: no more coats than hooks (H1)" in done.stdout
    assert "false   at most 0 coats" in done.stdout
    assert "seen    number of coats = 1 (n-1 hanging)" in done.stdout
    assert "seen    boy = here, waited = 2 ms" in done.stdout
    assert "snapshots met from here is that" in done.stdout


def test_a_claim_that_is_false_at_the_start_is_saved_like_any_other(tmp_path: Path) -> None:
    """A test without events, that fails; and the report can be drawn."""
    valve = Path(__file__).parents[1] / "regression" / "refuted" / "wrong_start.py"
    (tmp_path / "valve.py").write_text(valve.read_text(encoding="utf-8"), encoding="utf-8")
    done = save(f"{tmp_path / 'valve.py'}:SUBJECT", tmp_path / "test_valve.py")

    assert 1 == done.exit_code
    assert "1 test, which fails as long as the claims do" in done.stderr
    played = play(tmp_path)
    assert (1, True) == (played.returncode, "always: the valve is open" in played.stdout)
    assert "does not hold at the start" in played.stdout


def test_they_pass_once_the_page_is_mended(stall: Path) -> None:
    """By a rule, an assumption, a transition more, or another claim of the same words: the run no longer breaks it, or can no longer happen."""
    declare(stall, MENDED)
    done = play(stall)

    assert 0 == done.returncode, done.stdout
    assert "5 passed" in done.stdout


def test_the_text_is_python_that_a_person_would_write(stall: Path) -> None:
    """Events by their constructors, members of enumerations by their names, only the parameters that are not as by default."""
    text = (stall / "tests" / "test_stall.py").read_text(encoding="utf-8")

    assert 'sys.path.insert(0, str(Path(__file__).resolve().parent / ".."))' in text
    assert "from stall import BOY, STALL, Cloth, Fetch, Hang, Leave\n" in text
    assert '        (Hang(number="n-1", cloth=Cloth.WOOL), 0),\n' in text
    assert '    assert_holds(STALL, "no more coats than hooks", events, profile={"hooks": 0})\n' in text
    assert '    assert_holds(BOY, "the boy is off in time", events, profile={"patience": 1})\n' in text
    assert '    assert_holds(STALL, "no \\"silk\\" where it is not taken", events)\n' in text
    assert "        # at 1 ms time sends tire of boy\n        (None, 2),  # time passes\n" in text
    assert "repr" not in text


def test_the_text_is_the_same_every_time(stall: Path, tmp_path: Path) -> None:
    """Two runs write the same bytes."""
    declare(stall, BROKEN)
    again = stall / "tests" / "test_stall_again.py"
    save(f"{stall / 'stall.py'}:STALL", again)
    text = again.read_text(encoding="utf-8")
    again.unlink()

    assert (stall / "tests" / "test_stall.py").read_text(encoding="utf-8") == text


def test_nothing_is_written_where_no_run_refutes_anything(tmp_path: Path) -> None:
    """It says so; the status is the verdict's alone."""
    done = save("fsm.desk:AGENT", tmp_path / "test_agent.py")

    assert 0 == done.exit_code
    assert "is not written: no claim is refuted by a run" in done.stderr
    assert [] == list(tmp_path.iterdir())


DOOR = """
from fsm import Machine, State, always, event, inside

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar),), properties=(always("it stays shut", inside(shut{more})),))
"""


def test_a_file_of_any_name_is_reached_by_its_test(tmp_path: Path) -> None:
    """One that has the name of a module of Python, or a name that is no word, is loaded under another."""
    names = ("queue", "my-door", "2 doors", "größe", "v1.2")
    for place, name in enumerate(names):
        (tmp_path / f"{name}.py").write_text(DOOR.format(more=""), encoding="utf-8")
        done = save(f"{tmp_path / name}.py:DOOR", tmp_path / "tests" / f"test_{place}.py")
        assert 1 == done.exit_code, done.output

    assert "5 failed" in play(tmp_path / "tests").stdout
    for name in names:
        (tmp_path / f"{name}.py").write_text(DOOR.format(more=", ajar"), encoding="utf-8")
    assert "5 passed" in play(tmp_path / "tests").stdout


def test_a_file_of_a_package_is_reached_by_its_test(tmp_path: Path) -> None:
    """With its relative imports, from the folder above the package."""
    inner = tmp_path / "market" / "stalls"
    inner.mkdir(parents=True)
    (tmp_path / "market" / "__init__.py").touch()
    (inner / "__init__.py").touch()
    (inner / "door.py").write_text(DOOR.format(more=""), encoding="utf-8")
    (inner / "open.py").write_text("from .door import DOOR\n", encoding="utf-8")
    done = save(f"{inner / 'open.py'}:DOOR", tmp_path / "tests" / "test_it.py")

    assert 1 == done.exit_code, done.output
    assert "1 failed" in play(tmp_path / "tests").stdout


def test_a_sentence_may_hold_what_a_file_of_python_may_not(tmp_path: Path) -> None:
    """Escape sequences, quotes, a character that is no part of a name, ten thousand characters."""
    sentence = '"no \\x1b[2J \\\\ \'\'\' \\"\\"\\" coats²" * 500'
    text = DOOR.format(more="").replace('"it stays shut"', sentence)
    (tmp_path / "odd.py").write_text(text, encoding="utf-8")
    done = save(f"{tmp_path / 'odd.py'}:DOOR", tmp_path / "tests" / "test_it.py")

    assert 1 == done.exit_code, done.output
    assert "1 failed" in play(tmp_path).stdout


def test_a_file_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    """No verdict is lost to a traceback."""
    (tmp_path / "another_door.py").write_text(DOOR.format(more=""), encoding="utf-8")
    (tmp_path / "tests").write_text("", encoding="utf-8")
    done = save(f"{tmp_path / 'another_door.py'}:DOOR", tmp_path / "tests" / "test_it.py")

    assert 2 == done.exit_code
    assert "cannot write" in done.stderr


# Values as Python


@attrs.frozen
class Line:
    """Somebody said something."""

    who: str
    _when: int = 0


@event
class Say:
    """With a line."""


HERE = __name__


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"), (None, "None"), (1_700_000_000_000, "1_700_000_000_000"), (-3, "-3"), (0.5, "0.5"), ('a "b" \\', '"a \\"b\\" \\\\"'), ("a\nb", "'a\\nb'"),
        (b"ab", "b'ab'"), ((1,), "(1,)"), ((1, "a"), '(1, "a")'), ((), "()"), (frozenset({2, 1}), "frozenset({1, 2})"), (frozenset(), "frozenset()"),
        (Line("Ann", 5), 'Line(who="Ann", when=5)'), (Say(), "Say()"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_is_written_as_the_python_that_makes_it(value: object, text: str) -> None:
    """Evaluating the text gives the value again."""
    assert text == PythonText(HERE).value(value)
    assert value == eval(text, globals())


def test_two_classes_of_one_name_are_told_apart() -> None:
    """The second one gets another name in the import."""
    python, other = PythonText(HERE), ModuleType("other_place")
    sys.modules["other_place"] = other
    other.Say = event(type("Say", (), {"__module__": "other_place", "__qualname__": "Say"}))  # type: ignore[attr-defined]  # a module made here
    written = (python.value(Say()), python.value(other.Say()))
    del sys.modules["other_place"]

    assert ("Say()", "Say_2()") == written
    assert ["from other_place import Say as Say_2", f"from {HERE} import Say"] == python.imports()


def test_what_cannot_be_imported_or_written_is_refused() -> None:
    """Rather than a test that does not run."""

    @event
    class Local:
        pass

    with pytest.raises(BadInput, match="cannot be imported"):
        PythonText(HERE).value(Local())
    with pytest.raises(BadInput, match="cannot be written as Python"):
        PythonText(HERE).value(object())


# What a saved test asserts


@pytest.mark.parametrize("asserts", [assert_holds, assert_recovers])
def test_a_claim_that_is_no_longer_on_the_page_and_a_profile_of_another_page_are_errors(
    asserts: Callable[..., None],
) -> None:
    """A test that says nothing any more does not pass."""
    from fsm.desk import DESK

    for words, profile in (("nobody says this", {}), ("at most one call is held", {"no_such": 1})):
        with pytest.raises(BadInput):
            asserts(DESK, words, [], profile)


@pytest.mark.parametrize("asserts", [assert_holds, assert_recovers])
def test_a_run_that_cannot_happen_breaks_nothing(asserts: Callable[..., None]) -> None:
    """An event that is refused, or values that an assumption rules out."""
    from fsm.desk import DESK, Accept

    asserts(DESK, "at most one call is held", [(Accept("c-1"), 0)])
    asserts(DESK, "at most one call is held", [], {"max_chats": 99})
