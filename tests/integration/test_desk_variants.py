"""The whole desk in each of the variants of the tutorial is proved, or refuted where the variant says so; nothing is unknown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_docs import ROOT, blocks

PAGE = ROOT / "docs" / "tutorial" / "desk.md"
FILES = {block.note.removeprefix("file: "): block.body for block in blocks(PAGE) if block.note.startswith("file: ")}


def test_each_variant_is_a_page_of_its_own() -> None:
    """At most thirty lines, with what it imports."""
    assert ["hold.py", "minutes.py", "three.py", "percent.py"] == list(FILES)
    assert all(len(body.splitlines()) <= 30 for body in FILES.values())


@pytest.mark.parametrize(
    ("target", "retracted"), [("hold.py:HELD", 4), ("minutes.py:LIMITED", 3), ("three.py:AWAY", 1), ("percent.py:FULL", 2)]
)  # fmt: skip
def test_every_claim_of_a_variant_is_decided(target: str, retracted: int, tmp_path: Path) -> None:
    """Those of the guide and its own are proved, and what it retracts is refuted with a run."""
    file = target.partition(":")[0]
    (tmp_path / file).write_text(FILES[file], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fsm", "verify", "--fast", target], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )

    last = done.stdout.splitlines()[-1]
    assert (0, True) == (done.returncode, bool(re.match(r"\d+ proved, 0 refuted, 0 unknown", last))), last
    assert f"{retracted} refuted as expected" in last
