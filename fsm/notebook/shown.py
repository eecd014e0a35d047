"""The base of what a notebook can show: it asks whoever draws, and knows nobody.

Whoever draws says so in the metadata of an installed distribution, by an entry point of the group
`fsm.notebook`; in this distribution that is `fsm.diagrams`. Where there is none, or where what it needs is not
installed, the notebook shows the text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

__all__ = ["Form", "Painter", "Shown"]

Form = Literal["svg", "markdown"]
Painter = Callable[[object, Form], str]
"""What draws: from a machine, a system, a snapshot or a run, an SVG or a page of Markdown. An ImportError says that something is missing."""

GROUP = "fsm.notebook"


class Shown:
    """Something that a notebook shows as a picture or as Markdown, and everybody else by its `repr`."""

    __slots__ = ()

    def _repr_svg_(self) -> str | None:
        return painted(self, "svg")

    def _repr_markdown_(self) -> str | None:
        return painted(self, "markdown")


def painted(thing: object, form: Form) -> str | None:
    """What the first painter makes of it; None where there is none that can."""
    for painter in _painters():
        try:
            return painter(thing, form)
        except ImportError:
            continue
    return None


@cache
def _painters() -> tuple[Painter, ...]:
    from importlib.metadata import entry_points  # costs more than the whole of `import fsm`

    found: list[Painter] = []
    for one in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            found.append(one.load())
        except ImportError:
            continue
    return tuple(found)
