"""The font that pictures are laid out in, so that they come out the same on a machine without fonts.

Graphviz measures text in it, and draws PNG with it; `fonts/NOTICE` says where it comes from, and
`fonts/widths.json` how wide its letters are. Characters that it lacks are taken from whatever fonts the machine has.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["configuration"]

FOLDER = Path(__file__).parent / "fonts"
ELSEWHERE = (
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
    "<dir>/System/Library/Fonts</dir><dir>/Library/Fonts</dir>"
    '<dir prefix="xdg">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>'
)
EXACT = (
    '<match target="font"><edit name="hinting" mode="assign"><bool>false</bool></edit>'
    '<edit name="hintstyle" mode="assign"><const>hintnone</const></edit></match>'
)
"""Letters keep their widths instead of being rounded to whole pixels, which would space them unevenly."""


def configuration() -> str:
    """What fontconfig is told: this font first, then those of the machine."""
    windows = "<dir>WINDOWSFONTDIR</dir>" if sys.platform == "win32" else ""
    return (
        f'<?xml version="1.0"?>\n<fontconfig><dir>{escape(str(FOLDER))}</dir>{ELSEWHERE}{windows}{EXACT}</fontconfig>\n'
    )
