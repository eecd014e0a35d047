"""A machine as DOT: states as nodes, an edge for each pair of states that transitions join.

`draw` draws a machine into any graph, which is how a system shows its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fsm.diagrams.bundles import Bundle, bundles
from fsm.diagrams.dot import Graph, Html, Look, Value, cell, lines, row, styled, table
from fsm.diagrams.labels import Entry, edge_label, entry_of, state_label
from fsm.diagrams.style import (
    EDGE,
    EVENT_SIZE,
    FILLS,
    GRAPH,
    GREY,
    HAPPY,
    MEETING,
    NODE,
    START,
    STRAIGHT,
    TIMED,
    TITLE_SIZE,
)
from fsm.diagrams.wording import event_name, listed, spaced
from fsm.language.machine import Machine, State, Transition

__all__ = ["Marks", "draw", "heading", "machine_dot", "page"]

SPACE = row(cell([styled(" ", size=4)]))

Entries = Callable[[Transition], Iterable[Entry]]


def machine_dot(machine: Machine) -> str:
    """The machine as a DOT graph, the same text in every process."""
    head: dict[str, Value] = {
        **GRAPH,
        "label": Html(table([*heading(machine.name, machine.doc), SPACE], CELLPADDING=2)),
        "labelloc": "t",
    }
    graph = page(machine.name, head)
    draw(graph, machine, "", lambda transition: [entry_of(transition)])
    return graph.source


def page(name: str, head: Look) -> Graph:
    """An empty graph with the look that all of them share."""
    return Graph(name, head, nodes=NODE, edges=EDGE)


def heading(name: str, doc: str, width: int = 78) -> list[str]:
    """The name in bold and the rule of the business below it, as rows of a table."""
    said = (
        [row(cell([styled(text, color=GREY, size=EVENT_SIZE) for text in lines(doc, width)], "CENTER"))] if doc else []
    )
    return [row(cell([styled(spaced(name), size=TITLE_SIZE, bold=True)], "CENTER")), *said]


class Marks:
    """What a picture lays stress on: nothing. Subclasses say what differs from the machine's own picture."""

    def entries(self, sources: tuple[State, ...], transition: Transition, found: Iterable[Entry]) -> Iterable[Entry]:
        """What stands on a line from these states for a transition."""
        return found

    def line(self, sources: tuple[State, ...], joining: tuple[Transition, ...]) -> dict[str, Value]:
        """How a line from these states looks."""
        return {}

    def state(self, state: State) -> dict[str, Value]:
        """How a state looks."""
        return {}


def draw(graph: Graph, machine: Machine, prefix: str, entries: Entries, marks: Marks | None = None) -> None:
    """Draw the nodes and edges of a machine; `prefix` keeps the parts of a system apart."""
    marks = Marks() if marks is None else marks
    found = bundles(machine)
    straight = [
        state
        for bundle in found
        if bundle.happy and not bundle.goes_back(machine)
        for state in (*bundle.sources, bundle.target)
    ]
    graph.node(f"{prefix}(start)", START)
    for state in machine.states:
        group: dict[str, Value] = {"group": f"{prefix}happy"} if state in straight else {}
        graph.node(f"{prefix}{state.name}", _look(machine, state, entries, marks) | group)
    graph.edge(f"{prefix}(start)", f"{prefix}{machine.initial.name}", {**HAPPY, "penwidth": 1.2, "weight": STRAIGHT})
    returns = [bundle.target for bundle in found if bundle.goes_back(machine)]
    for bundle in found:
        _draw_bundle(graph, machine, prefix, bundle, returns, entries, marks)


def _draw_bundle(
    graph: Graph, machine: Machine, prefix: str, bundle: Bundle, returns: list[State], entries: Entries, marks: Marks
) -> None:
    """The line of a bundle; for many sources their lines, the label where they meet, and the line from there.

    A line that goes back up is written from its target down, with its arrow at the other end:
    the layout ranks states by how lines are written.
    """
    target = f"{prefix}{bundle.target.name}"
    back = bundle.goes_back(machine)
    plain: dict[str, Value] = {**(HAPPY if bundle.happy else {}), **(TIMED if bundle.timed else {}), **_hints(bundle)}
    line = {**plain, **marks.line(bundle.sources, bundle.joining)}
    label = edge_label(
        entry
        for transition in bundle.joining
        for entry in marks.entries(bundle.sources, transition, entries(transition))
    )
    arrow: dict[str, Value] = {**line, "dir": "back"} if back else line
    if len(bundle.sources) == 1:
        straight: dict[str, Value] = {"weight": STRAIGHT} if bundle.happy and not back else {}
        ends = (f"{prefix}{bundle.sources[0].name}", target)
        leaving = _leaving(bundle, back, returns, bundle.sources[0])
        graph.edge(*_downwards(back, *ends), {"label": label, **arrow, **straight, **leaving})
        return
    meeting = f"{prefix}{' | '.join(source.name for source in bundle.sources)} to {bundle.target.name}"
    graph.node(meeting, {"label": label, **MEETING})
    for source in bundle.sources:
        own = {**plain, **marks.line((source,), bundle.joining), **_leaving(bundle, back, returns, source)}
        graph.edge(*_downwards(back, f"{prefix}{source.name}", meeting), {**own, "dir": "none"})
    graph.edge(*_downwards(back, meeting, target), arrow)


def _downwards(back: bool, source: str, target: str) -> tuple[str, str]:
    return (target, source) if back else (source, target)


def _leaving(bundle: Bundle, back: bool, returns: list[State], source: State) -> dict[str, Value]:
    """From a state that others come back to, lines leave at the bottom, so that they do not look like those that come in."""
    return {"tailport": "s"} if source in returns and not back and not bundle.happy and bundle.target != source else {}


def _hints(bundle: Bundle) -> dict[str, Value]:
    """What a browser shows where the pointer rests on a line."""
    events = listed(list(dict.fromkeys(event_name(transition.event) for transition in bundle.joining)))
    text = f"{' or '.join(spaced(source.name) for source in bundle.sources)} to {spaced(bundle.target.name)}: {events}"
    return {"tooltip": text, "labeltooltip": text}


def _look(machine: Machine, state: State, entries: Entries, marks: Marks) -> dict[str, Value]:
    stays = [transition for transition in machine.leaving(state) if transition.target is None]
    staying = [entry for transition in stays for entry in marks.entries((state,), transition, entries(transition))]
    fill = FILLS[state.kind]
    given: dict[str, Value] = {"label": state_label(state, staying), "fillcolor": fill.inside, "color": fill.border}
    if state.doc:
        given["tooltip"] = state.doc
    if not any(transition.target not in (None, state) for transition in machine.leaving(state)):
        given["peripheries"] = 2
    return {**given, **marks.state(state)}
