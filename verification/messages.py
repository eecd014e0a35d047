"""What a study tells while it goes on: what will be decided, what is being looked at, and each verdict.

Words and plain values alone, so that whoever listens loads no solver and no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import attrs

from fsm.verification.report import Heading, VerdictInWords

__all__ = ["Begun", "Decided", "Place", "StudyPlan", "confirmation", "kept_in_words"]

Place = tuple[int, int]
"""A section, and an item of it."""
UNCONFIRMED = "Not confirmed by the checker: --fast leaves that out."


@attrs.frozen
class StudyPlan:
    """What will be decided, section by section: the versions in order, in each the targets."""

    sections: tuple[Heading, ...]


@attrs.frozen
class Begun:
    """Something is being looked at.

    Attributes:
        item: None for what all items of the section share.
    """

    section: int
    item: int | None
    words: str


@attrs.frozen
class Decided:
    """A verdict.

    Attributes:
        entry: in words.
        plain: without the objects of the declaration (`transport`).
        seconds: from when it was looked at until it was decided; proofs are confirmed beside.
        kept: how it was shown again, where it was decided before: `confirmed again`, `replayed` or `believed`.
    """

    place: Place
    entry: VerdictInWords
    plain: Any
    seconds: float = 0.0
    kept: str = ""


def kept_in_words(kept: Sequence[str]) -> str:
    """How many verdicts were decided before, and how they were shown again; nothing where none was."""
    counts = Counter(filter(None, kept))
    said = {
        "confirmed again": "confirmed again by the checker",
        "replayed": "replayed",
        "believed": "believed, as --trust-cache says",
    }
    told = ", ".join(f"{counts[how]} {words}" for how, words in said.items() if counts[how])
    return f" Of the cache: {told}." if told else ""


def confirmation(*, confirm: bool, kept: Sequence[str] = ()) -> str:
    """By whom the proofs of a section are confirmed, in words; not by how many questions, since claims are asked about together that are decided together."""
    if not confirm:
        return UNCONFIRMED
    which = "Every proof that is not believed" if "believed" in kept else "Every proof"
    return f"{which} is confirmed by the checker, which asked cvc5 {version('cvc5')}; runs are replayed."
