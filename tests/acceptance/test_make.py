"""`make verify`: the main job, as the README promises it; `make quick`: nothing is forgotten."""

from __future__ import annotations

import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from fsm import Modality
from tests.conftest import ROOT
from tests.docs.test_architecture import packages
from tests.quick import CLAIMS, PACKAGES, PROVED, quick


def test_make_verify_proves_the_desk_and_draws_it(desk_made: tuple[CompletedProcess[str], Path]) -> None:
    """The report on stdout, the pictures in build/diagrams, status 0."""
    done, folder = desk_made

    assert done.returncode == 0, done.stdout + done.stderr
    assert "only an Available agent is offered anything" in done.stdout
    assert {"desk.svg", "tile.svg", "agent.svg"} <= {file.name for file in (folder / "build" / "diagrams").iterdir()}


def test_the_quick_tier_knows_every_package_and_every_kind_of_claim() -> None:
    """Who adds one says which quick test shows it."""
    assert {package for package, _ in packages()} == set(PACKAGES)
    assert {modality.value for modality in Modality} == set(CLAIMS)


@pytest.mark.parametrize(("kind", "test"), [(kind, test) for kind, test in CLAIMS.items() if test.startswith(PROVED)])
def test_the_example_that_shows_a_kind_of_claim_has_one(kind: str, test: str) -> None:
    """A claim of this kind stands in the file."""
    example = (ROOT / "examples" / f"{test.partition('[')[2][:-1]}.py").read_text(encoding="utf-8")

    assert re.search(rf"^        {kind.replace(' ', '_')}\(", example, flags=re.MULTILINE)


@pytest.mark.parametrize("test", quick())
def test_what_the_quick_tier_names_is_there(test: str) -> None:
    """A test that was renamed is not run any more, and nobody would see it."""
    file, _, name = test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")

    assert not name or f"def {name.partition('[')[0]}(" in text
