"""How pictures look: colours, sizes, lines and the kinds of states. No layout, no words.

Every reader of `fsm.diagrams` that writes DOT leans on this file. You may change any value;
then look at every picture again, at the width of a page.
"""

from __future__ import annotations

import attrs

from fsm.diagrams.dot import Value
from fsm.language.machine import Kind

__all__ = [
    "EDGE", "EVENT", "EVENT_SIZE", "FAINT", "FAMILY", "FILLS", "FRAME", "GAP", "GRAPH", "GREY", "HAPPY", "INK", "MEETING", "NODE",
    "NOTE_SIZE", "PAGE", "PALE", "PART", "RULE", "START", "STATE_SIZE", "STRAIGHT", "SYSTEM_EVENT", "TAKEN", "TIME", "TIMED", "TITLE_SIZE", "Fill",
]  # fmt: skip

FAMILY = "Roboto Diagram,Roboto,Helvetica,Arial,sans-serif"
"""What browsers try in this order; the first is shipped with the package and stands in each SVG."""

INK = "#1f2933"
"""Titles, states and the happy path."""
EVENT = "#323f4b"
"""Events off the happy path."""
GREY = "#616e7c"
"""Guards, effects and remarks: grey, and still readable on white (contrast 5.3)."""
FAINT = "#9aa5b1"
"""Transitions off the happy path."""
TIME = "#a15c00"
"""What time does: deadlines and the events that it sends."""
SYSTEM_EVENT = "#0b5cad"
"""The events that callers send to a system."""
TAKEN = "#b3261e"
"""The way of a run: its numbers, lines and states."""
PALE = "#dde2e7"
"""Lines and states that a run does not touch; their names are in `FAINT`."""
RULE = "#8a3ffc"
"""The numbers of rules."""

TITLE_SIZE, STATE_SIZE, EVENT_SIZE, NOTE_SIZE = 13, 10.5, 9.5, 8.5


@attrs.frozen
class Fill:
    """The colours of a state."""

    inside: str
    border: str


FILLS = {
    Kind.IDLE: Fill("#f3f5f7", "#7b8794"),
    Kind.WAITING: Fill("#fff3d1", "#c99a2e"),
    Kind.ACTIVE: Fill("#dff3e4", "#3f9b5f"),
    Kind.WRAPPING: Fill("#e1edfb", "#4a86c5"),
    Kind.TROUBLE: Fill("#fde4e1", "#cf5c50"),
}

PAGE = 800
"""The width of a page of documentation, in pixels."""

GRAPH: dict[str, Value] = {
    "rankdir": "TB",
    "nodesep": 0.1,
    "ranksep": 0.35,
    "pad": 0.2,
    "bgcolor": "white",
    "fontname": FAMILY,
    "fontcolor": INK,
}
FRAME: dict[str, Value] = {"labelloc": "t", "peripheries": 0, "margin": 0}
GAP: dict[str, Value] = {"peripheries": 0, "margin": 4, "label": ""}
PART: dict[str, Value] = {
    "labelloc": "t",
    "labeljust": "l",
    "style": "rounded",
    "peripheries": 1,
    "color": "#cbd2d9",
    "margin": 18,
}
NODE: dict[str, Value] = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": FAMILY,
    "fontsize": STATE_SIZE,
    "fontcolor": INK,
    "margin": 0,
    "height": 0.3,
    "width": 0.75,
}
EDGE: dict[str, Value] = {
    "fontname": FAMILY,
    "fontsize": EVENT_SIZE,
    "fontcolor": EVENT,
    "color": FAINT,
    "arrowsize": 0.7,
}
START: dict[str, Value] = {
    "shape": "circle",
    "style": "filled",
    "fillcolor": INK,
    "color": INK,
    "width": 0.13,
    "height": 0.13,
    "fixedsize": True,
    "label": "",
    "tooltip": "start",
}
MEETING: dict[str, Value] = {"shape": "plain", "style": "filled", "fillcolor": "white"}
"""Where the lines of several states become one: their label, with no border, so that it is no state."""
HAPPY: dict[str, Value] = {"color": INK, "penwidth": 1.8}
TIMED: dict[str, Value] = {"style": "dashed"}
STRAIGHT = 20
"""How hard the layout pulls the happy path straight; other edges weigh 1."""
