"""What is loaded when: a service that embeds a machine pays for nothing else. Modules are counted, not milliseconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("z3", "cvc5", "hypothesis", "transitions", "cattrs", "graphviz", "pygraphviz", "click", "rich", "textual")


def loaded_by(script: str) -> list[str]:
    """The heavy libraries in a fresh interpreter after a script."""
    ask = f"{script}\nimport json, sys; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True)
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return loaded


def test_importing_the_library_loads_nothing_heavy() -> None:
    """`import fsm` stands on attrs alone."""
    assert [] == loaded_by("import fsm")


def test_declaring_compiling_and_running_a_machine_loads_nothing_heavy() -> None:
    """Nor does the desk, with an event taken and one refused."""
    assert [] == loaded_by(
        """
from fsm import compile
from fsm.desk import DESK, OfferChat, SetStatus, Status
desk = compile(DESK)
start = desk.start()
assert desk.why_not(start, OfferChat("c-1", "Ann", arrived_at=0), at=0)
desk.step(desk.step(start, SetStatus(Status.AVAILABLE), at=0).after, OfferChat("c-1", "Ann", arrived_at=0), at=1)
"""
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["draw", "--help"], ["trace", "S01"], ["desk", "--help"]], ids=" ".join
)
def test_no_command_loads_a_solver_that_does_not_prove(arguments: list[str]) -> None:
    """Subcommands are imported when they are asked for."""
    assert not {"z3", "cvc5", "hypothesis", "transitions", "textual"} & set(loaded_by_command(arguments))


def test_whoever_waits_for_proofs_loads_no_solver() -> None:
    """Other processes prove, and what they tell is words: the command begins the first of them at once."""
    machine = Path(__file__).parents[1] / "regression" / "proved" / "turnstile.py"

    assert not {"z3", "cvc5"} & set(loaded_by_command(["verify", f"{machine}:SUBJECT", "--fast"]))


def loaded_by_command(arguments: list[str]) -> list[str]:
    """The heavy libraries in the process of a command that ends well."""
    return loaded_by(
        f"""
import sys
from fsm.command import main
sys.argv = ["fsm", *{arguments}]
try:
    main()
except SystemExit as end:
    assert not end.code, end
"""
    )
