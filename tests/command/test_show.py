"""`fsm show`: what a declaration says, for a person and for another program."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.canonical import read, write
from fsm.command.group import fsm
from fsm.desk import DESK

MACHINE = '''
from fsm import *

@event
class Knock:
    """Somebody wants to come in."""
    loud: Field[bool]

@event
class Late: pass

@effect
class Rang:
    at: int

shut, ajar = State("shut", "nobody can look in"), State("ajar")
knocks = integer("knocks", 0, 3, doc="how often")
pause = parameter("pause", int, 2000, low=1, doc="until it falls shut", cites="S01")
DOOR = Machine("door", (shut, ajar), shut, (
    shut.on(Knock).when(Knock.loud & (knocks < 3)).to(ajar).set(knocks, knocks + 1).emits(Rang, at=NOW),
    (shut | ajar).on(Knock).stay(),
    ajar.after(pause, Late).to(shut),
), (knocks,), properties=(within("it falls shut", pause, inside(ajar), inside(shut), cites="S01"),), doc="A door that falls shut.")
ODD = Machine("odd", (shut,), shut, (), properties=(always("\\ud800 \\x1b[31m\\nred", inside(shut)),), doc="two\\nlines")
HUGE = Machine("huge", (shut,), shut, (), (integer("far", initial=10**400),))
'''

LISTING = """\
machine door: A door that falls shut.
  states
    shut  the first, nobody can look in
    ajar
  variables
    knocks  0; an integer from 0 to 3: how often
  transitions
    shut         knock, when loud and knocks < 3: to ajar, knocks = knocks + 1, emits rang(at = now)
    shut | ajar  knock: stays
    ajar         late, after pause ms: to shut
  claims
    within  it falls shut (S01)
            from ajar: shut within pause ms
  events
    knock  Somebody wants to come in. [loud: true or false]
    late
  effects
    rang  [at: an integer]
  parameters
    pause  2000; an integer, 1 or more: until it falls shut
"""


def show(*words: str) -> Result:
    return CliRunner().invoke(fsm, ["show", *words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "door.py"
    path.write_text(MACHINE, encoding="utf-8")
    return path


def test_a_machine_is_listed_in_words(file: Path) -> None:
    """Whatever stands in it, in the order in which it stands there."""
    shown = show(f"{file}:DOOR")

    assert (0, LISTING) == (shown.exit_code, shown.stdout)


def test_a_system_is_listed_with_its_machines() -> None:
    """Parts, wires, rules and claims first."""
    lines = show("fsm.desk:DESK").stdout.splitlines()

    assert "    tiles  one tile for each contact" in lines
    assert "    nothing is offered while a status waits (D6)" in lines
    assert [line for line in lines if line.startswith("machine ")] == [
        f"machine {part.machine.name}, of {part.name}: {part.machine.doc}" for part in DESK.parts
    ]


def test_the_canonical_form_is_printed_as_json(file: Path) -> None:
    """What is printed is read back as the same declaration."""
    desk, door = show("fsm.desk:DESK", "--json"), show(f"{file}:DOOR", "--json")

    assert (0, write(DESK)) == (desk.exit_code, desk.stdout)
    assert door.stdout == write(read(door.stdout))


@pytest.mark.parametrize("name", ["ODD", "HUGE"])
def test_whatever_an_author_wrote_can_be_shown(file: Path, name: str) -> None:
    """Half a character, a command to a terminal, the end of a line, a number of many digits."""
    for words in ((), ("--json",)):
        shown = show(f"{file}:{name}", *words)

        assert 0 == shown.exit_code, shown.output
        assert all(one.isprintable() or one == "\n" for one in shown.stdout)


@pytest.mark.parametrize("words", [(), ("nowhere:DOOR",), ("fsm.desk:Status",), ("fsm.desk:DESK", "--yaml")])
def test_wrong_usage_is_told_and_nothing_is_shown(words: tuple[str, ...]) -> None:
    shown = show(*words)

    assert (2, "") == (shown.exit_code, shown.stdout)
    assert shown.stderr


def test_help_says_what_is_shown() -> None:
    shown = show("--help")

    assert 0 == shown.exit_code
    assert "canonical form" in shown.stdout
