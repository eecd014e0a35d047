"""Pictures and texts of machines, systems and runs: what `fsm.diagrams` offers, put together from its rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from fsm.diagrams.graphs.matrix import Columns, matrix_dot
from fsm.diagrams.graphs.runs import graph_of_run, view_of_run
from fsm.diagrams.graphs.systems import machine_dot, system_dot
from fsm.diagrams.options import Options, Theme
from fsm.diagrams.rendering.render import render_png, render_svg, width_of_png, width_of_svg
from fsm.diagrams.rendering.theme import recoloured
from fsm.diagrams.texts.description import described_machine, described_system
from fsm.diagrams.texts.markdown import machine_table, system_table, table_of_run
from fsm.diagrams.texts.mermaid import machine_mermaid, system_mermaid
from fsm.diagrams.texts.mermaid import run_mermaid as sequence
from fsm.diagrams.views.selection import view_of_machine, view_of_system
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.traces.trace import Trace

__all__ = [
    "described",
    "dot",
    "matrix_svg",
    "mermaid",
    "png",
    "run_dot",
    "run_mermaid",
    "run_png",
    "run_svg",
    "svg",
    "table",
]

USUAL = Options()
CAUTION = (1.0, 1.3, 1.7, float("inf"))
"""By how much parts may be wider than they are likely to be; the next one is tried where a picture is too wide."""

P = TypeVar("P", str, bytes)


def dot(target: Machine | System, options: Options = USUAL) -> str:
    """The picture as DOT, the language of Graphviz."""
    return next(_layouts(target, options))


def svg(target: Machine | System, options: Options = USUAL) -> str:
    """The picture as SVG, to be written as UTF-8.

    Raises:
        ImportError: there is no Graphviz.
        RenderingFailed: Graphviz gave up.
    """
    render = partial(
        render_svg,
        source=dot(target, options),
        title=target.name.replace("_", " "),
        description=described(target, options),
        dark=options.theme is Theme.AUTO,
    )
    return _fitting(target, options, render, width_of_svg)


def png(target: Machine | System, options: Options = USUAL) -> bytes:
    """The picture as PNG; raises what `svg` raises."""
    return _fitting(target, options, render_png, width_of_png)


def _fitting(
    target: Machine | System, options: Options, render: Callable[[str], P], width_of: Callable[[P], float]
) -> P:
    """The first layout that fits the page; how wide a part becomes is known when Graphviz has laid it out."""
    layouts = _layouts(target, options)
    picture = render(next(layouts))
    for layout in layouts:
        if width_of(picture) <= options.width:
            break
        picture = render(layout)
    return picture


def _layouts(target: Machine | System, options: Options) -> Iterator[str]:
    """The picture as DOT, of a system then with fewer and fewer parts beside each other; each once."""
    given: list[str] = []
    for caution in CAUTION if isinstance(target, System) else CAUTION[:1]:
        light = machine_dot(target, options) if isinstance(target, Machine) else system_dot(target, options, caution)
        if light not in given:
            yield recoloured(light) if options.theme is Theme.DARK else light
        given.append(light)


def described(target: Machine | System, options: Options = USUAL) -> str:
    """What the picture shows, in words, for those who hear it."""
    if isinstance(target, Machine):
        return described_machine(view_of_machine(target, options))
    return described_system(view_of_system(target, options))


def mermaid(target: Machine | System, options: Options = USUAL) -> str:
    """The same as Mermaid, which GitHub and others draw: `stateDiagram-v2`."""
    return machine_mermaid(target, options) if isinstance(target, Machine) else system_mermaid(target, options)


def run_mermaid(engine: Engine, trace: Trace, sentence: str = "", options: Options = USUAL) -> str:
    """A run as Mermaid: `sequenceDiagram`; see `run_dot`."""
    return sequence(view_of_run(engine, trace, sentence, options.width))


def run_dot(engine: Engine, trace: Trace, sentence: str = "", options: Options = USUAL) -> str:
    """A run as DOT: one picture for all parts, a row for each step, a band for each instance.

    Args:
        engine: under which the trace was made.
        sentence: of the claim that the run breaks or shows, which stands above it; what is broken stands below.
        options: its width and its theme.
    """
    light = graph_of_run(view_of_run(engine, trace, sentence, options.width), options.width)
    return recoloured(light) if options.theme is Theme.DARK else light


def run_svg(engine: Engine, trace: Trace, sentence: str = "", options: Options = USUAL) -> str:
    """A run as SVG; see `run_dot`. Raises what `svg` raises."""
    title = f"a run of {trace.system.replace('_', ' ')}{f': {sentence}' if sentence else ''}"
    drawn = run_dot(engine, trace, sentence, options)
    return render_svg(drawn, title=title, description=str(trace), dark=options.theme is Theme.AUTO)


def run_png(engine: Engine, trace: Trace, sentence: str = "", options: Options = USUAL) -> bytes:
    """A run as PNG; see `run_dot`. Raises what `svg` raises."""
    return render_png(run_dot(engine, trace, sentence, options))


def matrix_svg(
    title: str, columns: Columns, rows: Iterable[tuple[str, Sequence[bool]]], idle: Sequence[str] = ()
) -> str:
    """A matrix of claims and what they rest on as SVG; see `fsm.diagrams.graphs.matrix`."""
    return render_svg(matrix_dot(title, columns, rows, idle), title=title, dark=True)


def table(target: Machine | System, options: Options = USUAL) -> str:
    """The same as Markdown: a row for each state; of a system what goes together, the rules and the parameters too."""
    return machine_table(target, options) if isinstance(target, Machine) else system_table(target, options)


def run_table(engine: Engine, trace: Trace, sentence: str = "", options: Options = USUAL) -> str:
    """A run as a Markdown table: a row for each step; see `run_dot`."""
    return table_of_run(view_of_run(engine, trace, sentence, options.width))
