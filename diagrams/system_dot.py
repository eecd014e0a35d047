"""A system as DOT: each part a cluster with its machine, what drives each transition, and the rules below.

The machines are drawn by `machine_dot.draw`; this file says what stands on their lines
(`driven`) and adds the frame around the parts and the table of the rules.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from fsm.diagrams.bundles import bundles
from fsm.diagrams.dot import Graph, Html, Look, cell, row, styled, table
from fsm.diagrams.machine_dot import draw, heading, page
from fsm.diagrams.rules_label import rules_label
from fsm.diagrams.style import EVENT_SIZE, FRAME, GAP, GRAPH, GREY, PAGE, PART, STATE_SIZE, SYSTEM_EVENT, TIME
from fsm.diagrams.triggers import driven
from fsm.diagrams.wording import population, spaced
from fsm.language.machine import Machine, State
from fsm.language.parts import Part
from fsm.language.system import System

__all__ = ["system_dot"]


def system_dot(system: System) -> str:
    """The system as a DOT graph, the same text in every process."""
    head: Look = {**GRAPH, "label": rules_label(system), "labelloc": "b"} if system.rules else GRAPH
    graph = page(system.name, head)
    with graph.part("cluster page", {**FRAME, "label": _title(system)}) as frame:
        for part in system.parts:
            _draw_part(frame, system, part)
        _place(frame, _rows(system.parts))
    return graph.source


def _title(system: System) -> Html:
    timed = any(part.machine.timed_events for part in system.parts)
    legend = [styled("sent by callers", color=SYSTEM_EVENT, size=EVENT_SIZE, bold=True)]
    if timed:
        legend.append(styled("sent by time", color=TIME, size=EVENT_SIZE, bold=True))
    return Html(
        table([*heading(system.name, system.doc), row(cell([" &nbsp; ".join(legend)], "CENTER"))], CELLPADDING=2)
    )


def _draw_part(frame: Graph, system: System, part: Part) -> None:
    name = styled(spaced(part.name), size=STATE_SIZE + 1, bold=True)
    many = population(part)
    label = Html(f"{name} {styled(many, color=GREY, size=EVENT_SIZE)}" if many else name)
    with (
        frame.part(f"cluster around {part.name}", GAP) as around,
        around.part(f"cluster {part.name}", {**PART, "label": label}) as inside,
    ):
        draw(inside, part.machine, f"{part.name}.", partial(driven, system, part))


def _rows(parts: tuple[Part, ...]) -> list[list[Part]]:
    """Parts side by side while they are likely to fit a page."""
    rows: list[list[Part]] = [[]]
    for part in parts:
        if rows[-1] and sum(_width(other) for other in (*rows[-1], part)) > PAGE:
            rows.append([])
        rows[-1].append(part)
    return rows


def _width(part: Part) -> int:
    """What a part will be in width, in pixels, as measured on machines with 2 to 15 lines."""
    return 150 + 40 * len(bundles(part.machine))


def _lowest(machine: Machine) -> list[State]:
    """The states from which no line goes down; every other state stands above one of them."""
    above = [
        source
        for bundle in bundles(machine)
        if not bundle.goes_back(machine)
        for source in bundle.sources
        if source != bundle.target
    ]
    return [state for state in machine.states if state not in above]


def _place(frame: Graph, rows: list[list[Part]]) -> None:
    """Invisible lines that keep the parts of a row at one height, and each row below the one before."""
    for beside in rows:
        for left, right in pairwise(beside):
            frame.edge(f"{left.name}.(start)", f"{right.name}.(start)", {"style": "invis", "minlen": 0, "weight": 1})
    for above, under in pairwise(rows):
        for upper in above:
            for state in _lowest(upper.machine):
                for lower in under:
                    lowest, start = f"{upper.name}.{state.name}", f"{lower.name}.(start)"
                    frame.edge(lowest, start, {"style": "invis", "minlen": 1, "weight": 0})
