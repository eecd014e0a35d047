"""How much room text takes.

Widths come from the font that pictures are laid out in (`rendering/fonts`), so that a label has the
same lines on every machine, whatever fonts stand there. Boxes get some slack besides, because a
browser may have to show another font.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from unicodedata import combining, east_asian_width

__all__ = ["SLACK", "width"]

WIDTHS = Path(__file__).parents[1] / "rendering" / "fonts" / "widths.json"

UNKNOWN, IDEOGRAPH = 650, 1000
"""What a character that the font lacks is taken to measure, in thousandths of the size; one of East Asia is a square."""
SLACK = 1.06
"""How much wider another font may be than the one that was measured."""


def width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """How wide a text is, in the unit of the size of its letters."""
    letters = _widths()["bold" if bold else "italic" if italic else "regular"]
    return sum(letters.get(sign) or _unknown(sign) for sign in text) * size / 1000


@cache
def _widths() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = json.loads(WIDTHS.read_text(encoding="utf-8"))
    return table


def _unknown(sign: str) -> int:
    return 0 if combining(sign) else IDEOGRAPH if east_asian_width(sign) in "WF" else UNKNOWN
