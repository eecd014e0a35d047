"""Pictures that documents show are what the declaration draws today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FSM = Path(sys.executable).with_name("fsm")
SHOWN = Path(__file__).parents[2] / "docs" / "pictures"


def test_every_picture_of_the_documents_is_drawn_from_the_declaration(tmp_path: Path) -> None:
    """`fsm draw --out docs/pictures` would change nothing."""
    subprocess.run(
        [FSM, "draw", "fsm.desk:DESK", "fsm.desk:JOURNEY", "--out", tmp_path], check=True, capture_output=True
    )

    shown = {file.name: file.read_bytes() for file in SHOWN.glob("*.svg")}
    drawn = {file.name: file.read_bytes() for file in tmp_path.glob("*.svg")}
    assert drawn == drawn | shown
