"""`fsm init`: a model file to begin from, its test, and what the tests need to know; nothing that stands there is written over."""

from __future__ import annotations

import re
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from string import Template

import click

from fsm.command.invocation.endings import Unwritable, WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.output import echo, echo_lines, printable

__all__ = ["init"]

NAME = re.compile(r"(?!test_)[a-z][a-z0-9_]{0,59}")

MODEL = Template('''\
"""$name: say here in a sentence what must hold, whatever happens.

Proved, drawn and tested by

    fsm verify $name.py:$constant
    fsm draw $name.py:$constant
    pytest
"""

from fsm import Machine, State, event, integer, parameter
from fsm import after, always, before, each_step, happens, inside, reachable, within

most = parameter("most", int, 3, low=1, high=10, doc="how often it may be tried")
limit = parameter("limit", int, 30_000, low=1, doc="milliseconds that one try may take")

idle = State("idle", "nothing goes on")
busy = State("busy", "a try goes on")
done = State("done", "it has worked")
given_up = State("given_up", "it is not tried any more")

tries = integer("tries", 0, 10, doc="tries begun")


@event
class Begin:
    """Somebody tries."""


@event
class Finish:
    """The try has worked."""


@event
class GiveUp:
    """Somebody does not want it any more."""


@event
class Expire:
    """Sent by time: the try has taken too long."""


$constant = Machine(
    "$name",
    states=(idle, busy, done, given_up),
    initial=idle,
    variables=(tries,),
    transitions=(
        idle.on(Begin).when(tries < most).to(busy).set(tries, tries + 1).happily(),
        busy.on(Finish).to(done).happily(),
        busy.after(limit, Expire).to(idle),
        idle.on(GiveUp).to(given_up),
    ),
    properties=(
        always("it is tried no more often than allowed", tries <= most),
        always("only what was tried has worked", inside(done) >> (tries > 0)),
        each_step("what is over stays over", before(inside(done, given_up)) >> after(inside(done, given_up))),
        each_step("it is done by a try and by nothing else", (~before(inside(done)) & after(inside(done))) >> happens(Finish)),
        within("a try ends in time", limit, inside(busy), ~inside(busy)),
        reachable("the last try can work", inside(done) & (tries == most)),
    ),
)
''')

TEST = Template('''\
"""What $name does, run by run: tests that are derived from the declaration, and one that is written by hand."""

from fsm import compile
from fsm.verification.testing import stateful

from $name import $constant, Begin

Test$title = stateful($constant).TestCase


def test_a_try_that_takes_too_long_is_over_and_may_be_repeated() -> None:
    """Once, where two tries are allowed."""
    engine = compile($constant, {"most": 2})
    begun = engine.step(engine.start(), Begin(), at=0).after

    expired = engine.advance(begun, to=30_000).after

    assert expired["$name"].state == "idle"
    again = engine.step(expired, Begin(), at=30_000).after
    assert again["$name"].state == "busy"
    refused = engine.why_not(engine.advance(again, to=60_000).after, Begin(), at=60_000)
    assert "tries" in str(refused)
''')

CONFIGURATION = """\
[tool.pytest.ini_options]
testpaths = ["."]
pythonpath = ["."]  # a test imports the model that stands beside it

[tool.mypy]
strict = true
"""


@click.command()
@click.argument("name")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The folder to write to; this one, if it is left out.",
)
def init(name: str, folder: Path) -> None:
    """Write a model file to begin from, and its test.

    NAME is that of the machine and of the file: NAME.py, test_NAME.py and, where no project is configured yet, a
    pyproject.toml. What is written is proved and its tests pass. Nothing is written over.

    Exit status: 0 written, 2 wrong usage, or something stands there already.
    """
    _check(name)
    words = {"name": name, "constant": name.upper(), "title": name.title().replace("_", "")}
    files = {
        folder / f"{name}.py": MODEL.substitute(words),
        folder / f"test_{name}.py": TEST.substitute(words),
    }
    there = [str(file) for file in files if file.exists() or file.is_symlink()]
    if there:
        raise Unwritable(f"there is a file {' and a file '.join(map(printable, there))} already; nothing was written.")
    place = folder.resolve()
    if not any((above / "pyproject.toml").exists() for above in (place, *place.parents)):
        files[folder / "pyproject.toml"] = CONFIGURATION
    for file, text in files.items():
        put(file, text.encode())
        echo(printable(str(file)))
    target = printable(f"{folder / name}.py:{name.upper()}")
    echo_lines(f"\nNext:\n  fsm verify {target}\n  fsm draw {target}\n  pytest {printable(str(folder))}")


def _check(name: str) -> None:
    """Raises WrongUsage where a module cannot have the name, or another one has it."""
    if not NAME.fullmatch(name) or iskeyword(name):
        raise WrongUsage(
            f"{printable(repr(name))} cannot name a model file: write small letters, digits and _, a letter first, not test_ and no keyword."
        )
    if find_spec(name) is not None and not Path(f"{name}.py").exists():
        raise WrongUsage(
            f"{name} is a module that is installed; a model of this name would hide it. Take another name."
        )
