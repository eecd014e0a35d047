"""Reading the catalogue: TOML in, frozen records out; a key that no record knows is refused."""

from __future__ import annotations

import tomllib
from enum import Enum
from functools import cache
from importlib.resources import files

import attrs
import cattrs

__all__ = ["Fact", "Kind", "Standing", "facts"]


class Kind(Enum):
    """What a fact is about."""

    ROUTING = "routing"
    SLOTS = "slots"
    CONTACT = "contact"
    TIME = "time"
    VIEW = "view"
    METRICS = "metrics"


class Standing(Enum):
    """How much of a fact is there."""

    SHOWN = "shown"
    IN_PART = "in part"
    NOT_YET = "not yet"


@attrs.frozen
class Fact:
    """One fact of the guide (S) or one decision (D).

    Attributes:
        id: S01 to S23, D1 to D14.
        statement: the fact, or the decision taken.
        kinds: what it is about.
        question: for a decision, what the guide leaves open.
        modelled_by: references to what in the declaration says it.
        shown_by: references to properties, and ids of tests.
        broken_by: references to what would break it by being left out or changed.
        not_yet: what is missing and where it will come from; empty when nothing is.
    """

    id: str
    statement: str
    kinds: tuple[Kind, ...]
    question: str = ""
    modelled_by: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    broken_by: tuple[str, ...] = ()
    not_yet: str = ""

    @property
    def standing(self) -> Standing:
        if not self.not_yet:
            return Standing.SHOWN
        return Standing.IN_PART if self.shown_by else Standing.NOT_YET


@attrs.frozen
class Catalogue:
    """The file as a whole."""

    fact: tuple[Fact, ...]


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact and decision, in the order of the catalogue."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    text = files("fsm.seeds").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return converter.structure(tomllib.loads(text), Catalogue).fact
