"""The site of docs/: built without a warning, with every public name in its reference."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

from tests.conftest import ROOT, Once
from tests.docs.test_architecture import packages

FACES = [package for package, _ in packages() if importlib.import_module(package).__all__]


@pytest.fixture(scope="session")
def site(once: Once) -> Path:
    """Built once for all who look at it, as `make docs` builds it."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    return once("site", build)


@pytest.fixture(scope="session")
def listed(site: Path) -> set[str]:
    """The names that the reference explains."""
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, link: link)
    return {name for kind, names in inventory.items() if kind.startswith("py:") for name in names}


def homes(package: str, name: str) -> Iterator[str]:
    """Under which names of which faces a thing may be explained: that of each that hands it out."""
    thing = getattr(importlib.import_module(package), name)
    for face in FACES:
        module = importlib.import_module(face)
        if name in module.__all__ and getattr(module, name) is thing:
            yield f"{face}.{name}"


def unexplained(listed: set[str]) -> list[str]:
    return [
        f"{face}.{name}"
        for face in FACES
        for name in importlib.import_module(face).__all__
        if not listed & set(homes(face, name))
    ]


def test_every_public_name_is_in_the_reference(listed: set[str]) -> None:
    """Every one of `__all__` of every package."""
    assert [] == unexplained(listed)


def test_a_public_name_that_is_left_out_is_found(listed: set[str]) -> None:
    """The check can fail."""
    assert ["fsm.Machine"] == unexplained(listed - {"fsm.Machine"})


def test_pictures_are_made_by_the_build(site: Path) -> None:
    """Each page that names a target shows it, with the colours of the page."""
    wanted = [page for page in (ROOT / "docs").rglob("*.md") if "\n```fsm " in page.read_text(encoding="utf-8")]
    shown = [(site / page.relative_to(ROOT / "docs")).with_suffix(".html") for page in wanted]

    assert wanted
    assert [] == [
        page.name for page in shown if '<svg xmlns="http://www.w3.org/2000/svg"' not in page.read_text("utf-8")
    ]
    assert 'body[data-theme="dark"] .fsm-picture [fill="#ffffff"]' in (site / "_static" / "dark.css").read_text("utf-8")


def test_nothing_is_fetched_from_elsewhere_to_show_a_page(site: Path) -> None:
    """No script, style or letter of somebody's server."""
    pages = [page.read_text(encoding="utf-8") for page in site.rglob("*.html")]

    assert len(pages) > 30
    assert [] == [page for page in pages if 'src="http' in page or '<link rel="stylesheet" href="http' in page]
