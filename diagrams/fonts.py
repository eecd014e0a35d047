"""The font that pictures ship with, so that they look the same on a machine without fonts and in any browser.

Layout measures text in this font and SVG carries it inside; `fonts/NOTICE` says where it comes
from. Characters that it lacks are taken from whatever fonts the machine has.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path
from xml.sax.saxutils import escape

from fsm.diagrams.style import FAMILY

__all__ = ["configuration", "embedded"]

FOLDER = Path(__file__).parent / "fonts"
STYLES = {"Regular": "400", "Bold": "700", "Italic": "400;font-style:italic"}
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


def embedded(svg: str) -> str:
    """The SVG with the font inside, as a style of its own."""
    family = FAMILY.partition(",")[0]
    faces = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{style};src:url(data:font/woff;base64,{_base64(name)}) format("woff")}}\n'
        for name, style in STYLES.items()
    )
    opening, end, rest = svg.partition('<g id="graph0"')
    return f'{opening}<style type="text/css"><![CDATA[\n{faces}]]></style>\n{end}{rest}'


def _base64(name: str) -> str:
    return b64encode((FOLDER / f"RobotoDiagram-{name}.woff").read_bytes()).decode("ascii")
