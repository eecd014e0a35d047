"""What it costs to have claims decided as items of a run of pytest, against `fsm verify`: a hundred claims, processes of their own.

Bar: at most a tenth more processor time, pytest's own start not left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

from report import Report

PROVED = Path(__file__).parents[1] / "regression" / "proved"
SLOW = ("leader_election", "finite", "alternating_bit", "bakery")
"""Which take so long to decide that nothing else would be measured."""
TIMES = 3
BAR = 1.1


def test_a_hundred_claims_as_items_of_pytest(report: Report, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for file in sorted(PROVED.glob("*.py")):
        if file.stem not in SLOW:
            copy(file, tmp_path / "models")
    (tmp_path / "pyproject.toml").write_text('[tool.fsm]\ntargets = ["models"]\n', encoding="utf-8")

    rounds = [(_seconds(tmp_path, "fsm", "verify", "-q"), _seconds(tmp_path, "pytest", "-q")) for _ in range(TIMES)]
    alone, items = (min(one) for one in zip(*rounds, strict=True))
    collected = subprocess.run([sys.executable, "-m", "pytest", "-q", "--collect-only"], cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip
    many = collected.stdout.count("::") // 2

    assert many >= 100
    report.notes.append(
        f"- {many} claims and checks as items of pytest at most a tenth over `fsm verify`: {items:.1f} s against {alone:.1f} s of processor time, "
        f"{items / alone:.2f} times, {'met' if items <= BAR * alone else 'MISSED'}"
    )


def _seconds(folder: Path, *command: str) -> float:
    """Processor time of a command and of all that it starts; looked at while they run, since not everyone is waited for."""
    begun = subprocess.Popen([sys.executable, "-m", *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    spent: dict[str, int] = {}
    while begun.poll() is None:
        spent |= dict(_of_session(begun.pid))
        time.sleep(0.02)
    assert 0 == begun.returncode, command
    return sum(spent.values()) / os.sysconf("SC_CLK_TCK")


def _of_session(session: int) -> Iterator[tuple[str, int]]:
    """The ticks of each process of a session, as Linux tells them."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            yield file.parent.name, int(fields[11]) + int(fields[12])
