"""The four variants of the tutorial's desk in every version of the guide, alone and together: nothing is unknown, and what is retracted is refuted.

`make soak` goes through all of it; the suite looks at what was unknown once.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path

import attrs
import pytest

from fsm import NamedProfile, System
from fsm.desk import DESK, VERSIONS
from fsm.variants import derivation, varied
from fsm.verification import Proved, Refuted, verify

SOAK = "SOAK" in os.environ
PAGE = Path(__file__).parents[2] / "docs/tutorial/desk.md"
NAMES = {"hold": "HELD", "minutes": "LIMITED", "three": "AWAY", "percent": "FULL"}
ROWS = [names for many in (1, 2, len(NAMES)) for names in combinations(NAMES, many)]
UNKNOWN_ONCE = {
    "hold": ("a contact is connected after it was counted only where", "what is on hold was counted only where"),
    "three": ("a status that waits is taken by itself only when",),
}
"""Claims that were unknown, or refuted, in the last version of the guide while the page said otherwise."""


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, System]]:
    """What the page's files declare."""
    folder = tmp_path_factory.mktemp("tutorial")
    for name, code in re.findall(
        r"<!-- file: (\w+)\.py -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    ):
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield {name: getattr(import_module(name), known) for name, known in NAMES.items()}
    sys.path.remove(str(folder))
    for name in NAMES:
        del sys.modules[name]


def decided(made: System, version: NamedProfile, *, definition: bool) -> None:
    """What is expected to hold is proved, and what is not has a run."""
    report = verify(made, profile=version, definition=definition)
    for one in report.verdicts:
        assert isinstance(one, Refuted if report.expects_refutation(one.claim) else Proved), one
    assert all(isinstance(one, Proved) for one in report.definition)


@pytest.mark.parametrize("name", UNKNOWN_ONCE)
def test_what_was_unknown_of_a_variant_of_the_tutorial_is_proved(desks: dict[str, System], name: str) -> None:
    """In the last version of the guide, which has all that came later."""
    claims = tuple(one for one in desks[name].properties if one.sentence.startswith(UNKNOWN_ONCE[name]))
    assert len(UNKNOWN_ONCE[name]) == len(claims)
    decided(attrs.evolve(desks[name], properties=claims), VERSIONS[-1], definition=False)


if SOAK:

    @pytest.mark.soak
    @pytest.mark.parametrize("version", VERSIONS, ids=lambda one: one.name)
    @pytest.mark.parametrize("names", ROWS, ids=" ".join)
    def test_every_claim_is_decided_in_every_version(
        desks: dict[str, System], names: tuple[str, ...], version: NamedProfile
    ) -> None:
        """Of the desk and of its machines, and every check of the definition."""
        tops = [known.variants[-1] for name in names if (known := derivation(desks[name])) is not None]
        made = varied(DESK, *tops)
        decided(made, version, definition=version is VERSIONS[0])
