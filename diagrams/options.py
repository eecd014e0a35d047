"""What somebody may choose about a picture."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs

from fsm.errors import OutOfRange
from fsm.language.machine import Machine
from fsm.language.snapshot import Snapshot
from fsm.language.system import System

__all__ = ["PAGE", "Detail", "Direction", "Options", "Theme"]

PAGE = 800
"""The width of a page of documentation, in pixels of CSS."""
NARROWEST = 320


class Detail(Enum):
    """How much a picture tells.

    An overview has states, events, and the numbers of notes; the notes tell rules and named conditions
    by their names. `RULES` spells the notes out. `FULL` has everything on the lines.
    """

    OVERVIEW = "overview"
    RULES = "rules"
    FULL = "full"


class Direction(Enum):
    """Where the lines of a picture lead: down, for narrow pages, or to the right."""

    DOWN = "down"
    RIGHT = "right"


class Theme(Enum):
    """The colours: `AUTO` follows the reader's browser in an SVG, and is light elsewhere."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"


@attrs.frozen(kw_only=True)
class Options:
    """What somebody may choose about a picture.

    Attributes:
        detail: None is the usual one: an overview of a system, everything of a machine.
        values: of parameters, by name: what never matters under them is left out. None stands for those of the first version
            that the declaration names, if it names any; without values, everything is drawn.
        version: what these values are called in the picture.
        width: of the page, in pixels of CSS; parts of a system stand side by side while they fit.
        snapshot: of which the states are marked.
        changed: states, transitions, wires and rules of the declaration that are marked as changed.
    """

    detail: Detail | None = None
    values: Mapping[str, Any] | None = None
    version: str = ""
    width: int = PAGE
    direction: Direction = Direction.DOWN
    theme: Theme = Theme.AUTO
    snapshot: Snapshot | None = None
    changed: tuple[object, ...] = ()

    def of(self, target: Machine | System) -> Options:
        """The same with the values that are meant where none are given."""
        if self.values is not None:
            return self
        first = target.profiles[0] if target.profiles else None
        return attrs.evolve(
            self, values={} if first is None else dict(first.values), version=first.name if first else ""
        )

    def __attrs_post_init__(self) -> None:
        if self.width < NARROWEST:
            raise OutOfRange("a picture", f"cannot be {self.width} pixels wide", f"Give at least {NARROWEST}.")
