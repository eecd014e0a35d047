"""The same declaration gives the same bytes, in every process: reports, pictures and tables can be kept and compared.

That the report on the desk is one of them is seen in tests/command/test_verify.py, where it is proved twice. What the checker
confirms of it is seen once, so here is a machine of which it is asked twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FSM = Path(sys.executable).with_name("fsm")


def written(arguments: list[str], folder: Path, seed: str) -> dict[str, bytes]:
    """What a command prints and writes, under one seed of Python's hashes."""
    folder.mkdir()
    done = subprocess.run(
        [FSM, *arguments], cwd=folder, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
    )
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {"printed": done.stdout, **{file.relative_to(folder).as_posix(): file.read_bytes() for file in files}}


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "-q", "fsm.desk:AGENT"],
        ["trace", "--references"],
        [
            "draw",
            "fsm.desk:DESK",
            "fsm.desk:CONTACT",
            "--out",
            ".",
            "--format",
            "svg",
            "--format",
            "dot",
            "--format",
            "md",
        ],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_gives_the_same_bytes_whatever_the_order_of_hashes(arguments: list[str], tmp_path: Path) -> None:
    """No set and no dictionary of another order shows."""
    first = written(arguments, tmp_path / "first", seed="1")

    assert first == written(arguments, tmp_path / "second", seed="4711")
    assert any(first.values())
