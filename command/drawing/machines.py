"""Drawings of machines and systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fsm.command.drawing.drawing import Drawing
from fsm.language.machine import Machine
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.diagrams import Options

__all__ = ["Chosen", "drawings"]

Chosen = tuple[Machine | System, "Options"]
"""What is drawn, and how."""


def drawings(chosen: Sequence[Chosen], formats: Sequence[str]) -> Iterator[Drawing]:
    """Each machine or system once, in each of the formats; where two have one name, the later ones are numbered."""
    from fsm import diagrams

    makers: dict[str, Callable[..., str | bytes]] = {
        "svg": diagrams.svg,
        "png": diagrams.png,
        "dot": diagrams.dot,
        "mmd": diagrams.mermaid,
        "md": diagrams.table,
    }
    stems: list[str] = []
    drawn: list[Machine | System] = []
    for target, options in chosen:
        if target in drawn:
            continue
        drawn.append(target)
        stems.append(_free(target.name, stems))
        what = "system" if isinstance(target, System) else "machine"
        for kind in dict.fromkeys(formats):
            about = {"name": target.name, "is": what, "format": kind}
            yield Drawing(stems[-1], kind, about, partial(makers[kind], target, options))


def _free(name: str, taken: Sequence[str]) -> str:
    return next(
        stem for stem in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if stem not in taken
    )
