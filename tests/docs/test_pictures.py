"""Pictures that documents show are what the declaration draws today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FSM = Path(sys.executable).with_name("fsm")
SHOWN = Path(__file__).parents[2] / "docs" / "pictures"


def test_every_picture_of_the_documents_is_drawn_from_the_declaration() -> None:
    """`fsm draw --out docs/pictures` would change nothing."""
    drawn = ("fsm.desk:DESK", "fsm.desk:JOURNEY")
    done = subprocess.run([FSM, "draw", *drawn, "--out", SHOWN, "--check"], capture_output=True, text=True, check=False)

    assert (0, "5 files are current\n") == (done.returncode, done.stdout)
    assert 5 == len(list(SHOWN.iterdir()))
