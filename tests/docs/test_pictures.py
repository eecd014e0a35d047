"""Pictures that documents show are what the declaration draws today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.docs.test_docs import ROOT, blocks

FSM = Path(sys.executable).with_name("fsm")
SHOWN = ROOT / "docs" / "pictures"


def drawn(*targets: str) -> str:
    """What `fsm draw --out docs/pictures` would change, in its words."""
    return subprocess.run([FSM, "draw", *targets, "--out", SHOWN, "--check"], stdout=subprocess.PIPE, text=True).stdout


def test_every_picture_of_the_documents_is_drawn_from_the_declaration(tmp_path: Path) -> None:
    """Those of the desk, and that of the first machine of README.md, once it is mended."""
    model = next(block.body for block in blocks(ROOT / "README.md") if block.note == "file: hall.py")
    (tmp_path / "hall.py").write_text(model.replace("sold <= seats).stay", "sold < seats).stay"), encoding="utf-8")

    assert "5 files are current\n" == drawn("fsm.desk:DESK", "fsm.desk:JOURNEY")
    assert "1 files are current\n" == drawn(f"{tmp_path}/hall.py:HALL")
    assert 6 == len(list(SHOWN.iterdir()))
