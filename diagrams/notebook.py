"""Pictures and tables for notebooks: what `fsm.notebook` finds by the entry point of this distribution."""

from __future__ import annotations

from fsm.diagrams.graphs.runs import graph_of_run, view_of_run
from fsm.diagrams.options import PAGE
from fsm.diagrams.pictures import svg, table
from fsm.diagrams.rendering.render import render_svg
from fsm.diagrams.texts.markdown import table_of_run
from fsm.language.machine import Machine
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.notebook.shown import Form
from fsm.traces.trace import Trace

__all__ = ["painted"]


def painted(thing: object, form: Form) -> str:
    """A machine, a system, a snapshot or a run.

    A snapshot and a run do not know their declaration: they are shown without the kinds of states.

    Raises:
        ImportError: there is no Graphviz to draw with.
        RenderingFailed: Graphviz gave up.
        TypeError: it is something else.
    """
    match thing:
        case Machine() | System():
            return svg(thing) if form == "svg" else table(thing)
        case Snapshot():
            return painted(Trace(thing.layout.system, (), thing, ()), form)
        case Trace():
            view = view_of_run(None, thing, "", PAGE)
            if form == "markdown":
                return table_of_run(view)
            title = f"{thing.system} at {thing.start.now} ms" if not thing.steps else f"a run of {thing.system}"
            return render_svg(graph_of_run(view, PAGE), title=title, description=str(thing), dark=True)
        case _:
            raise TypeError(f"a notebook shows machines, systems, snapshots and runs, not {type(thing).__name__}")
