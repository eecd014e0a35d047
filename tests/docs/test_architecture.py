"""ARCHITECTURE.md and the tables of contents of the packages, held against the tree."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from fsm import Modality

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROOMS = {"fsm": ROOT / "fsm", **{f"fsm.{name}": ROOT / name for name in ("verification", "diagrams", "command", "files", "seeds")}}  # fmt: skip


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("fsm", cache_dir=None)


def floors(page: str) -> dict[str, int]:
    """The floor of each room, as the page says."""
    table = page.partition("<!-- floors -->")[2].partition("<!-- /floors -->")[0]
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", table, re.MULTILINE)
    return {room: int(floor) for floor, rooms in rows for room in re.findall(r"`(fsm\.\w+)`", rooms)}


def upwards(page: str) -> list[str]:
    """Imports of something on a floor above, by what the page says of the floors."""
    said = floors(page)
    rooms = {module: said.get(".".join(module.split(".")[:2]), 0) for module in graph().modules}
    return [
        f"{module} imports {imported}"
        for module in sorted(graph().modules - {"fsm", "fsm.__main__"})
        for imported in sorted(graph().find_modules_directly_imported_by(module) - {"fsm"})
        if rooms[module] < rooms[imported]
    ]


def packages() -> Iterator[tuple[str, Path]]:
    for root, folder in ROOMS.items():
        for file in sorted(folder.rglob("__init__.py")):  # links are not followed
            inside = file.parent.relative_to(folder).parts
            yield ".".join((root, *inside)), file


def test_every_room_stands_on_a_floor() -> None:
    """And no floor has a room that is none any more."""
    rooms = {".".join(module.split(".")[:2]) for module in graph().modules} - {"fsm", "fsm.__main__"}

    assert rooms == set(floors(PAGE))


def test_nobody_imports_what_stands_above() -> None:
    """By the floors of the page, imports inside functions counted."""
    assert [] == upwards(PAGE)


def test_a_page_that_tells_of_other_floors_is_found() -> None:
    """The check can fail: with two floors exchanged there are imports that go up."""
    told = re.sub(r"^\| 4 \|", "| 40 |", PAGE, flags=re.MULTILINE)

    assert any("fsm.traces" in one and "fsm.runtime" in one for one in upwards(told))


@pytest.mark.parametrize(("package", "file"), list(packages()), ids=lambda one: one if isinstance(one, str) else "")
def test_a_package_says_what_is_in_it(package: str, file: Path) -> None:
    """A public one each name of its `__all__`; one that has no public part, each of its modules."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = ast.get_docstring(tree) or ""
    public = importlib.import_module(package).__all__
    modules = [one.stem for one in file.parent.glob("*.py") if not one.stem.startswith("__")]
    modules += [one.parent.name for one in file.parent.glob("*/__init__.py") if not one.parent.is_symlink()]

    assert modules, "a package without anything in it"
    assert [] == [name for name in public or modules if not re.search(rf"(?<!\w){name}(?!\w)", told)]
    assert len(public) == len(set(public))


@pytest.mark.parametrize("package", [package for package, _ in packages()])
def test_everything_public_is_there(package: str) -> None:
    """`from package import *` gives what `__all__` says."""
    module = importlib.import_module(package)

    assert [] == [name for name in module.__all__ if not hasattr(module, name)]


def test_every_kind_of_claim_and_of_verdict_is_a_word_of_the_glossary_and_each_word_stands_once() -> None:
    """In the order of the alphabet."""
    page = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([\w -]+) \| [^|]+ \| [^|]* \|$", page, flags=re.MULTILINE)[1:]

    assert {one.value for one in Modality} | {"proved", "refuted", "unknown"} <= set(words)
    assert sorted(set(words)) == words
