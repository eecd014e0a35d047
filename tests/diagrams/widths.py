"""How wide the letters of the font are, read from the font: the table that the pictures are laid out by.

python tests/diagrams/widths.py      writes it
"""

from __future__ import annotations

import json
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "diagrams" / "rendering" / "fonts"
TABLE = FONTS / "widths.json"


def widths() -> dict[str, dict[str, int]]:
    """For each style the width of each character, in thousandths of the size of the letters, rounded up."""
    return {style.lower(): _of(TTFont(FONTS / f"RobotoDiagram-{style}.ttf")) for style in ("Regular", "Bold", "Italic")}


def _of(font: TTFont) -> dict[str, int]:
    em, advances = font["head"].unitsPerEm, font["hmtx"]
    return {chr(code): -(-advances[glyph][0] * 1000 // em) for code, glyph in sorted(font.getBestCmap().items())}


def as_text(table: dict[str, dict[str, int]]) -> str:
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TABLE.write_text(as_text(widths()), encoding="utf-8")
