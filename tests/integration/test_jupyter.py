"""A notebook, run by a real kernel: the last line of a cell is shown as a picture and as a table."""

from __future__ import annotations

from typing import Any

import nbformat
from nbclient import NotebookClient

CELLS = {
    "machine": "from fsm.desk import TILE\nTILE",
    "system": "from fsm.desk import DESK\nDESK",
    "snapshot": "from fsm import compile\ndesk = compile(DESK)\ndesk.start()",
    "run": (
        "from fsm.desk import SetStatus, Status\nfrom fsm.traces import replay\n"
        "replay(desk, [(SetStatus(Status.AVAILABLE), 0)])"
    ),
    "verdict": (
        "from fsm import Machine, State, event, always, inside\nfrom fsm.verification import verify\n"
        "@event\nclass Go:\n    '''It goes.'''\n"
        "here, there = State('here'), State('there')\n"
        "report = verify(Machine('walk', (here, there), here, (here.on(Go).to(there),), properties=(always('never there', ~inside(there)),)))\n"
        "report.verdicts[0]"
    ),
    "report": "report",
}


def test_a_notebook_shows_declarations_snapshots_runs_and_verdicts() -> None:
    """With nothing imported but what the reader works with."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS.values()])
    NotebookClient(notebook, timeout=120).execute()

    shown: dict[str, Any] = {
        name: cell.outputs[-1].data for name, cell in zip(CELLS, notebook.cells, strict=True) if cell.outputs
    }
    assert list(CELLS) == list(shown)
    for name in ("machine", "system", "snapshot", "run", "verdict"):
        assert shown[name]["image/svg+xml"].startswith("<svg"), name
    assert shown["machine"]["text/markdown"].startswith("# tile")
    assert "| 1 | 0 | **set status**" in shown["run"]["text/markdown"]
    assert "**refuted**: never there" in shown["verdict"]["text/markdown"]
    assert "| refuted | never there |" in shown["report"]["text/markdown"]
    assert "image/svg+xml" not in shown["report"]
