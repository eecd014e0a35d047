"""`fsm export`: a declaration for other people's tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.canonical import write
from fsm.command.group import fsm
from fsm.command.invocation.target import resolve
from fsm.verification.promela import promela

TARGET = f"{Path(__file__).parents[1] / 'regression' / 'proved' / 'lock_server.py'}:SUBJECT"
FAR = """
from fsm import *
red, far = State("red"), integer("far", 0, 10**12)
@event
class Go: pass
FAR = Machine("far", (red,), red, (red.on(Go).stay().set(far, far),), (far,))
"""


def export(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, ["export", *arguments])


def test_json_is_the_canonical_form() -> None:
    """What `fsm show --json` prints."""
    done = export("--to", "json", TARGET)

    assert (0, write(resolve(TARGET))) == (done.exit_code, done.stdout)
    assert "verified-fsm declaration" == json.loads(done.stdout)["form"]


def test_a_model_for_spin_is_of_the_values_and_keys_that_are_given() -> None:
    """The desk with two chats, three contacts in the world."""
    done = export("--to", "promela", "fsm.desk:DESK", "--set", "max_chats=2", "--keys", "3")

    assert 0 == done.exit_code
    assert "#define P0 2 /* max_chats */" in done.stdout
    assert "byte st1[3]" in done.stdout


def test_the_first_version_is_meant_unless_one_is_named() -> None:
    """As with `fsm verify`."""
    first, ten = (export("--to", "promela", "fsm.desk:DESK", *more).stdout for more in ((), ("--profile", "ten-chats")))

    assert "5 /* chat_ceiling */" in first
    assert "10 /* chat_ceiling */" in ten


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """In a folder that was not there."""
    file = tmp_path / "models" / "lock.pml"

    assert 0 == export("--to", "promela", TARGET, "--out", str(file)).exit_code
    assert promela(resolve(TARGET)) == file.read_text(encoding="ascii")


def test_the_questions_of_its_proofs_are_a_script() -> None:
    """TARGET is proved for it."""
    done = export("--to", "smt2", TARGET)

    assert 0 == done.exit_code
    assert done.stdout.startswith("; system lock_server, every value of every parameter")
    assert "(set-info :status unsat)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "json", "--keys", "2"), "--set and --keys are for --to promela"),
        (("--to", "smt2", "--set", "a=1"), "--set and --keys are for --to promela"),
        (("--to", "json", "--profile", "seed"), "--profile NAME is for --to promela and smt2"),
        (("--to", "promela", "--set", "none=1"), "--set 'none=1': write name=value"),
        (("--to", "tla"), "'tla' is not one of"),
        (("--to", "promela", "--keys", "0"), "--keys"),
    ],
)
def test_wrong_usage_says_what_is_meant(arguments: tuple[str, ...], said: str) -> None:
    """With status 2."""
    done = export(TARGET, *arguments)

    assert 2 == done.exit_code
    assert said in done.stderr


def test_what_no_model_says_is_refused_by_name(tmp_path: Path) -> None:
    """With status 2 and the reason, and no file."""
    (tmp_path / "far.py").write_text(FAR, encoding="utf-8")

    done = export("--to", "promela", f"{tmp_path / 'far.py'}:FAR", "--out", str(tmp_path / "far.pml"))

    assert 2 == done.exit_code
    assert "far is no model for SPIN: a whole number is beyond 2147483647." in done.stderr
    assert not (tmp_path / "far.pml").exists()
