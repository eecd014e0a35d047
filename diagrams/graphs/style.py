"""How pictures look: colours, sizes, lines and the kinds of states. No layout, no words.

Every reader of `fsm.diagrams` that writes DOT leans on this file. You may change any value;
then look at every picture again, at the width of a page.
"""

from __future__ import annotations

import attrs

from fsm.diagrams.graphs.dot import Value
from fsm.language.machine import Kind

__all__ = [
    "CHANGED", "CONDITION", "EDGE", "EVENT", "FAINT", "FAMILY", "FAR", "FILLS", "FRAME", "GAP", "GRAPH", "GREY", "HAPPY", "INK",
    "LABEL_MARGIN", "LABEL_ROOM", "MEETING", "NODE", "PAD", "PALE", "PAPER", "PART", "RULE", "SPACE_SIZE", "START", "STATE_PAD", "STATE_SIZE", "STATE_WIDTH", "STRAIGHT", "SYSTEM_EVENT", "TAKEN",
    "TIME", "TIMED", "TITLE_SIZE", "Fill",
]  # fmt: skip

FAMILY = "Roboto Diagram,Roboto,Helvetica,Arial,sans-serif"
"""The first is shipped with the package, for the layout; browsers take the first that they have."""

INK = "#1f2933"
"""Titles, states and the happy path."""
EVENT = "#323f4b"
"""Events off the happy path."""
GREY = "#5b6876"
"""Guards, effects and remarks: grey, and still readable on white (contrast 5.3)."""
FAINT = "#9aa5b1"
"""Transitions off the happy path."""
TIME = "#935300"
"""What time does: deadlines and the events that it sends."""
SYSTEM_EVENT = "#0b5cad"
"""The events that callers send to a system."""
TAKEN = "#b3261e"
"""The way of a run: its numbers, lines and states."""
PALE = "#dde2e7"
"""Lines and states that a run does not touch; their names are in `FAINT`."""
RULE = "#7b2ff2"
"""The numbers of rules."""
CONDITION = GREY
"""The numbers of conditions."""
FAR = SYSTEM_EVENT
"""The sign of an event that moves several parts."""
CHANGED = "#0f766e"
"""What a variant changed."""
PAPER = "#ffffff"
"""Behind everything."""

TITLE_SIZE, STATE_SIZE, TEXT_SIZE = 17, 13, 11
"""Sizes of letters. A picture is laid out in pixels of CSS, where Graphviz counts points; whole numbers, because older versions of it cut off the rest."""
SPACE_SIZE = 4
"""Of an empty line between entries."""


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

LABEL_ROOM = 99
"""The room of a line of a label."""
STATE_WIDTH, STATE_PAD = 64, 5
"""The least width of a state and the room around its words."""
PAD, LABEL_MARGIN = 14, 8
"""The margin around a picture; what Graphviz leaves around the label of a graph besides."""

GRAPH: dict[str, Value] = {
    "rankdir": "TB",
    "nodesep": 6 / 72,
    "ranksep": 10 / 72,
    "pad": PAD / 72,
    "bgcolor": PAPER,
    "fontname": FAMILY,
    "fontcolor": INK,
}
FRAME: dict[str, Value] = {"labelloc": "t", "peripheries": 0, "margin": 0}
GAP: dict[str, Value] = {"peripheries": 0, "margin": 3, "label": ""}
PART: dict[str, Value] = {
    "labelloc": "t",
    "labeljust": "l",
    "style": "rounded",
    "peripheries": 1,
    "color": "#cbd2d9",
    "margin": 9,
}
NODE: dict[str, Value] = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": FAMILY,
    "fontsize": STATE_SIZE,
    "fontcolor": INK,
    "margin": 0,
    "height": 0,
    "width": 0,
}
EDGE: dict[str, Value] = {
    "fontname": FAMILY,
    "fontsize": TEXT_SIZE,
    "fontcolor": EVENT,
    "color": FAINT,
    "arrowsize": 0.8,
}
START: dict[str, Value] = {
    "shape": "circle",
    "style": "filled",
    "fillcolor": INK,
    "color": INK,
    "width": 12 / 72,
    "height": 12 / 72,
    "fixedsize": True,
    "label": "",
    "tooltip": "start",
}
MEETING: dict[str, Value] = {"shape": "plain", "style": "filled", "fillcolor": PAPER}
"""Where the lines of several states become one: their label, with no border, so that it is no state."""
HAPPY: dict[str, Value] = {"color": INK, "penwidth": 1.8}
TIMED: dict[str, Value] = {"style": "dashed"}
STRAIGHT = 20
"""How hard the layout pulls the happy path straight; other edges weigh 1."""
