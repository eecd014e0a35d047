"""Dark colours: for each colour of the pictures the one that stands for it on a dark page.

A picture is laid out in light colours. An SVG carries the dark ones as a style that a browser
takes where its reader prefers a dark page; where dark is asked for, the DOT itself is recoloured.
"""

from __future__ import annotations

import re

__all__ = ["DARK", "recoloured", "style_for"]

DARK = {
    "#ffffff": "#0d1117",
    "#1f2933": "#e6edf3",
    "#323f4b": "#c9d1d9",
    "#5b6876": "#9da7b3",
    "#9aa5b1": "#768390",
    "#dde2e7": "#30363d",
    "#cbd2d9": "#444c56",
    "#935300": "#e3a04f",
    "#0b5cad": "#79b8ff",
    "#b3261e": "#ff8f86",
    "#7b2ff2": "#c4a1ff",
    "#0f766e": "#4fd1c5",
    "#f3f5f7": "#21262d",
    "#7b8794": "#8b949e",
    "#fff3d1": "#3a2f14",
    "#c99a2e": "#d6a93f",
    "#dff3e4": "#12331f",
    "#3f9b5f": "#56b877",
    "#e1edfb": "#142c47",
    "#4a86c5": "#6ba6e5",
    "#fde4e1": "#43201d",
    "#cf5c50": "#e5776b",
}
"""By the colours of `graphs.style`, as they are written there."""

COLOURED = re.compile(r'(color=)"(#[0-9a-f]{6})"', re.IGNORECASE)
"""A colour in DOT, of a statement or of a label; what a declaration says cannot look like that, since its quotes are escaped."""


def recoloured(dot: str) -> str:
    """The graph in dark colours."""
    return COLOURED.sub(lambda match: f'{match[1]}"{DARK.get(match[2].lower(), match[2])}"', dot)


def style_for(svg_class: str) -> str:
    """What a browser is told where its reader prefers a dark page; only elements of this class are touched."""
    rules = "".join(
        f'.{svg_class} [fill="{light}"]{{fill:{dark}}}.{svg_class} [stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in DARK.items()
    )
    return f"@media(prefers-color-scheme:dark){{{rules}}}"
