"""The command as a whole: what it offers, and the status it leaves with when fsm itself is at fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsm.command.group import fsm

FSM = Path(sys.executable).with_name("fsm")


@pytest.mark.parametrize(
    "subcommand",
    [
        "init",
        "verify",
        "count",
        "check-certificate",
        "why",
        "cover",
        "mutate",
        "draw",
        "show",
        "monitor",
        "play",
        "trace",
        "desk",
    ],
)
def test_every_subcommand_explains_itself(subcommand: str) -> None:
    """`fsm --help` lists it, `fsm SUBCOMMAND --help` says more."""
    listed, explained = (
        CliRunner().invoke(fsm, [*asked, "--help"], prog_name="fsm").stdout for asked in ([], [subcommand])
    )

    assert f"\n  {subcommand} " in listed
    assert explained.startswith(f"Usage: fsm {subcommand} ")
    assert "Exit status: 0 " in " ".join(explained.split())


@pytest.mark.parametrize("arguments", [["nonsense"], ["trace", "--nonsense"]], ids=" ".join)
def test_wrong_usage_leaves_with_two(arguments: list[str]) -> None:
    """As everywhere."""
    done = subprocess.run([FSM, *arguments], capture_output=True, text=True)

    assert (2, "") == (done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("fault", "status", "last"),
    [
        (
            "KeyError('planted')",
            70,
            "fsm: this is a defect of fsm, not of your machine; please report it with the lines above",
        ),
        (
            "PermissionError(13, 'Permission denied', 'report.txt')",
            2,
            "Error: [Errno 13] Permission denied: 'report.txt' [FSM401]",
        ),
        ("KeyboardInterrupt", 130, ""),
    ],
    ids=["a defect of fsm", "a file that cannot be written", "an interruption"],
)
def test_what_ends_a_command_without_an_answer_does_not_look_like_a_refutation(
    fault: str, status: int, last: str
) -> None:
    """Python and click leave with 1 on these, and 1 means refuted."""
    planted = f"""
import sys
import fsm.seeds
from fsm.command import main
def gone():
    raise {fault}
fsm.seeds.facts = gone
sys.argv = ["fsm", "trace"]
main()
"""
    done = subprocess.run([sys.executable, "-c", planted], capture_output=True, text=True)

    assert (status, last) == (done.returncode, (done.stderr.splitlines() or [""])[-1])


def test_the_command_alone_shows_its_help_once_and_is_wrong_usage() -> None:
    """Not as an error: nothing was asked for yet."""
    done = subprocess.run([FSM], capture_output=True, text=True)

    assert (2, 1, False) == (done.returncode, (done.stdout + done.stderr).count("Usage: fsm"), "Error" in done.stderr)


@pytest.mark.parametrize(
    ("subcommand", "library", "extra"),
    [
        ("draw fsm.desk:TILE", "graphviz", "verified-fsm[diagrams]"),
        ("verify fsm.desk:TILE", "z3", "verified-fsm[all]"),
        ("trace", "cattrs", "verified-fsm[all]"),
    ],
    ids=["a room that names its extra", "a solver", "a library"],
)
def test_a_subcommand_without_its_libraries_says_what_to_install(
    subcommand: str, library: str, extra: str, tmp_path: Path
) -> None:
    """One line and the status of wrong usage, whichever extra is installed and whichever is not; also where the processes that it begins miss it."""
    absent = f"import sys; sys.modules[{library!r}] = None"  # in every process, before anything of ours
    (tmp_path / "sitecustomize.py").write_text(absent, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "fsm", *subcommand.split()],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert extra in done.stderr
