"""A machine as DOT: states as nodes, an edge for each pair of states that transitions join.

`draw` draws a machine into any graph, which is how a system shows its parts; what stands on the lines
is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from fsm.diagrams.graphs.dot import Graph, Look, Value, row
from fsm.diagrams.graphs.labels import Entry, Remark, Span, edge_label, flowed, sized, state_label
from fsm.diagrams.graphs.style import (
    CHANGED,
    EDGE,
    FILLS,
    GREY,
    HAPPY,
    MEETING,
    NODE,
    START,
    STRAIGHT,
    TAKEN,
    TEXT_SIZE,
    TIMED,
    TITLE_SIZE,
)
from fsm.diagrams.views.bundles import Bundle, bundles
from fsm.diagrams.views.views import MachineView
from fsm.diagrams.views.wording import event_name, listed, plain, spaced
from fsm.language.machine import State, Transition

__all__ = ["NOTHING", "Entries", "Highlight", "draw", "heading", "page"]

Entries = Callable[[Sequence[State], Sequence[Transition]], list[Entry]]
"""What a label says of transitions from some states that share a line, or that stay where they are."""


@attrs.frozen
class Highlight:
    """What a picture lays stress on.

    Attributes:
        here: by the name of a state, what is in it, in words.
        changed: the identities of states and transitions that a variant added or replaced.
    """

    here: Mapping[str, str] = attrs.field(factory=dict)
    changed: frozenset[int] = frozenset()


NOTHING = Highlight()


def page(name: str, head: Look) -> Graph:
    """An empty graph with the look that all of them share."""
    return Graph(name, head, nodes=NODE, edges=EDGE)


def heading(name: str, doc: str, room: float) -> list[str]:
    """The name in bold and the rule of the business below it, as rows of a table."""
    title = row(sized([(Span(plain(spaced(name)), size=TITLE_SIZE, bold=True),)], 0, "CENTER"))
    if not doc.strip():
        return [title]
    said = flowed([Span(" ".join(doc.split()), GREY, TEXT_SIZE)], room)
    return [title, row(sized(said, 1, "CENTER"))]


def draw(
    graph: Graph, view: MachineView, prefix: str, entries: Entries, room: float, highlight: Highlight = NOTHING
) -> None:
    """Draw the nodes and edges of a machine.

    Args:
        prefix: keeps the parts of a system apart.
        room: of a line of a label.
    """
    Drawing(graph, view, prefix, entries, room, highlight).draw()


@attrs.frozen(eq=False)
class Drawing:
    """A machine that is being drawn into a graph; the attributes are the arguments of `draw`."""

    graph: Graph
    view: MachineView
    prefix: str
    entries: Entries
    room: float
    highlight: Highlight

    def draw(self) -> None:
        lines = bundles(self.view)
        ahead = [line for line in lines if line.happy and not line.goes_back(self.view)]
        straight = [state for line in ahead for state in (*line.sources, line.target)]
        self.graph.node(self.node("(start)"), START)
        for state in self.view.states:
            group: Look = {"group": f"{self.prefix}happy"} if state in straight else {}
            self.graph.node(self.node(state.name), {**self.state(state), **group})
        first: Look = {**HAPPY, "penwidth": 1.2, "weight": STRAIGHT}
        self.graph.edge(self.node("(start)"), self.node(self.view.machine.initial.name), first)
        for line in lines:
            self.line(line)

    def node(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def line(self, bundle: Bundle) -> None:
        """The line of a bundle, broken by its label: the label is a node, so that nothing lies over it and it lies in its frame.

        Lines of many sources meet there. A line that goes back up is written from its target down, with
        its arrow at the other end: the layout ranks states by how lines are written.
        """
        back = bundle.goes_back(self.view)
        happy: Look = {"weight": STRAIGHT} if bundle.happy and not back else {}
        look: Look = {
            **(HAPPY if bundle.happy else {}),
            **(TIMED if bundle.timed else {}),
            **({"color": CHANGED} if self.is_changed(*bundle.joining) else {}),
            **happy,
            "edgetooltip": _hint(bundle),
        }
        label = self.node(f"{' | '.join(source.name for source in bundle.sources)} to {bundle.target.name}")
        group: Look = {"group": f"{self.prefix}happy"} if happy else {}
        self.graph.node(
            label, {"label": edge_label(self.entries(bundle.sources, bundle.joining), self.room), **MEETING, **group}
        )
        for source in bundle.sources:
            self.graph.edge(*_downwards(back, self.node(source.name), label), {**look, "dir": "none"})
        self.graph.edge(
            *_downwards(back, label, self.node(bundle.target.name)), {**look, **({"dir": "back"} if back else {})}
        )

    def state(self, state: State) -> dict[str, Value]:
        """How a state looks; a double ring where no line leaves it."""
        leaving = self.view.leaving(state)
        stays = [one for one in leaving if one.target in (None, state)]
        here = self.highlight.here.get(state.name)
        remarks = () if here is None else (Remark(here, TAKEN, bold=True),)
        label = state_label(spaced(state.name), self.entries((state,), stays), remarks, self.room)
        fill = FILLS[state.kind]
        look: dict[str, Value] = {"label": label, "fillcolor": fill.inside, "color": fill.border}
        look["tooltip"] = " ".join(state.doc.split()) or plain(spaced(state.name))
        if not any(transition.target not in (None, state) for transition in leaving):
            look["peripheries"] = 2
        if here is not None:
            look |= {"color": TAKEN, "penwidth": 2.4}
        if id(state) in self.highlight.changed or self.is_changed(*stays):
            look |= {"color": CHANGED, "penwidth": 2}
        return look

    def is_changed(self, *transitions: Transition) -> bool:
        return any(id(self.view.declared[id(one)]) in self.highlight.changed for one in transitions)


def _downwards(back: bool, source: str, target: str) -> tuple[str, str]:
    return (target, source) if back else (source, target)


def _hint(bundle: Bundle) -> str:
    """What a browser shows where the pointer rests on a line."""
    events = listed(dict.fromkeys(event_name(transition.event) for transition in bundle.joining))
    sources = " or ".join(spaced(source.name) for source in bundle.sources)
    return plain(f"{sources} to {spaced(bundle.target.name)}: {events}")
