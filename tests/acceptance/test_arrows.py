"""Who may import whom: the arrows hold in what ships, and a planted import that breaks one is found.

The arrows themselves stand in pyproject.toml. The check runs in its own interpreter, in the
folder of the unpacked wheel.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

CONTRACTS = Path(__file__).parents[2] / "pyproject.toml"
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINTER, "--config", CONTRACTS, "--no-cache"], cwd=folder, capture_output=True, text=True)


def test_every_arrow_points_one_way(shipped: Path) -> None:
    """The language knows neither proofs nor pictures; these do not know each other; the encoding knows no runtime."""
    done = lint(shipped)

    assert done.returncode == 0, done.stdout


PLANTED = {
    "Proofs are known to the command, and monitors to Spark": ("runtime/engine.py", "fsm.verification"),
    "Pictures are known to the command alone": ("verification/__init__.py", "fsm.diagrams"),
    "The catalogue of facts is known to the command alone": ("language/properties.py", "fsm.seeds"),
    "Files are written by proofs, pictures and the command alone": ("storage/snapshots.py", "fsm.files"),
    "What a notebook shows asks whoever draws, and knows nobody": ("notebook/shown.py", "fsm.traces"),
    "Nobody imports what runs on Spark": ("batch/batch.py", "fsm.spark"),
    "Nobody imports the command but who starts it": ("verification/__init__.py", "fsm.command"),
    "The language knows nothing that gives it a meaning, runs or stores it": (
        "language/leaves.py",
        "fsm.semantics.evaluation",
    ),
    "Checks of a declaration run nothing": ("checks/kinds.py", "fsm.runtime.profile"),
    "The plain meaning knows none of those that must agree with it": (
        "semantics/evaluation.py",
        "fsm.runtime.compiled_expressions",
    ),
    "The canonical form of a declaration runs nothing": ("canonical/writing.py", "fsm.runtime.engine"),
    "What runs knows neither traces, nor storage, nor models": ("runtime/inputs.py", "fsm.storage.snapshots"),
    "Runs are data, whatever form they are written in": ("traces/steps.py", "fsm.storage.traces"),
    "What is stored is any declaration's": ("storage/codec.py", "fsm.live"),
    "Many machines at once are stepped by tables of their own": ("batch/plans.py", "fsm.storage"),
    "The other engine never sees what is compiled": ("live/moves.py", "fsm.runtime.compiled_wires"),
    "The desk is a model like any other": ("live/object.py", "fsm.desk"),
    "The encoding never sees what runs": ("verification/encoding/terms.py", "fsm.runtime.engine"),
    "A monitor believes what runs and proves nothing": (
        "verification/monitoring/judging.py",
        "fsm.verification.certificates",
    ),
    "The checker shares nothing with the prover": ("verification/checker/terms.py", "fsm.canonical.writing"),
}
"""For each contract, an import against it: where it stands, and of what."""


def test_an_import_against_an_arrow_is_found(shipped: Path, tmp_path: Path) -> None:
    """Each contract can fail, and says its name when it does."""
    shutil.copytree(shipped / "fsm", tmp_path / "fsm")
    for module, imported in PLANTED.values():
        with (tmp_path / "fsm" / module).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")

    done = lint(tmp_path)
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]

    assert done.returncode == 1
    assert [] == [name for name in PLANTED if not any(line.startswith(name) for line in broken)], done.stdout
    assert len(PLANTED) == CONTRACTS.read_text(encoding="utf-8").count("[[tool.importlinter.contracts]]")


DOORS = (("fsm.language.machine", "fsm.checks.machines"), ("fsm.language.system", "fsm.checks.systems"))
"""A machine and a system call their own checks; these know what they check."""


def imports_of(folder: Path) -> dict[str, set[str]]:
    """Who imports whom: at the top, inside functions, and for types only. A package is no module."""
    done = subprocess.run(
        [sys.executable, "-c", GRAPH], cwd=folder, capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    graph: dict[str, list[str]] = json.loads(done.stdout)
    return {module: set(imported) for module, imported in graph.items()}


GRAPH = """
import grimp, json, sys
sys.path.insert(0, ".")
graph = grimp.build_graph("fsm", cache_dir=None)
modules = {one for one in graph.modules if not any(other.startswith(one + ".") for other in graph.modules)}
print(json.dumps({one: sorted(graph.find_modules_directly_imported_by(one) & modules) for one in sorted(modules)}))
"""


def test_imports_go_round_in_no_circle_but_the_two_doors(shipped: Path) -> None:
    """Imports inside functions and for types are counted: whoever reads a module top to bottom never comes back to it."""
    graph = imports_of(shipped)
    for module, checks in DOORS:
        assert module in graph[checks] and checks in graph[module], "a door that is none any more"
        graph[checks].remove(module)

    TopologicalSorter(graph).prepare()  # raises with the circle


def test_no_folder_is_crowded(shipped: Path) -> None:
    """Who looks for something reads a list of at most sixteen files."""
    folders = Counter(file.parent for file in (shipped / "fsm").rglob("*.py") if file.name != "__init__.py")

    assert {} == {str(folder): many for folder, many in folders.items() if many > 16}
