"""Whole pictures of machines and systems as DOT: a heading, the machines, and what stands below.

The machines are drawn by `machines.draw`; what stands on their lines is `entries`, and what stands below
is `footnotes`. Parts of a system stand side by side while they are likely to fit the page.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from fsm.diagrams.graphs.dot import Graph, Html, row, table
from fsm.diagrams.graphs.entries import full_of_machine, full_of_part, short_of_machine, short_of_part
from fsm.diagrams.graphs.footnotes import below_each_other, footnotes, rules_table
from fsm.diagrams.graphs.labels import Line, Span, line_width, sized
from fsm.diagrams.graphs.machines import Entries, Highlight, draw, heading, page
from fsm.diagrams.graphs.style import (
    CHANGED,
    FAR,
    FRAME,
    GAP,
    GRAPH,
    GREY,
    LABEL_MARGIN,
    LABEL_ROOM,
    PAD,
    PART,
    STATE_SIZE,
    SYSTEM_EVENT,
    TAKEN,
    TEXT_SIZE,
    TIME,
)  # fmt: skip
from fsm.diagrams.graphs.width import likely_width
from fsm.diagrams.options import Detail, Direction, Options
from fsm.diagrams.views.bundles import bundles
from fsm.diagrams.views.left_out import left_out
from fsm.diagrams.views.notes import Notes
from fsm.diagrams.views.presence import present
from fsm.diagrams.views.selection import view_of_machine, view_of_system
from fsm.diagrams.views.together import together
from fsm.diagrams.views.views import MachineView, PartView
from fsm.diagrams.views.wording import plain, population, spaced
from fsm.language.machine import Machine, State
from fsm.language.system import System

__all__ = ["machine_dot", "system_dot"]


def machine_dot(machine: Machine, options: Options) -> str:
    """A machine as a DOT graph, the same text in every process."""
    options = options.of(machine)
    view = view_of_machine(machine, options)
    full = options.detail in (None, Detail.FULL)
    notes = Notes(None, spelled=full or options.detail is Detail.RULES)

    def body(frame: Graph) -> Html | None:
        entries = full_of_machine(machine, notes) if full else short_of_machine(machine, notes)
        with frame.part("cluster around", GAP) as around:
            draw(around, view, "", entries, LABEL_ROOM, _highlight(options, machine.name))
        version = options.version if options.values else None
        told = left_out([view], view.left_out, version=version, full=full, shortened=notes.shortened)
        return footnotes(notes, [], told, _room(options))

    return _sheet(machine.name, machine.doc, [*_legend(options)], body, options)


def system_dot(system: System, options: Options, caution: float = 1.0) -> str:
    """A system as a DOT graph, the same text in every process.

    Args:
        caution: by how much parts may be wider than they are likely to be; more puts fewer beside each other.
    """
    options = options.of(system)
    full = options.detail is Detail.FULL
    view = view_of_system(system, options)
    spelled, changed = options.detail in (Detail.RULES, Detail.FULL), frozenset(map(id, options.changed))
    notes = Notes(None if full else view, spelled=spelled, changed=changed)
    joint = [] if full else together(view)
    entries = {
        one.part.name: full_of_part(view, one.part, notes) if full else short_of_part(view, one.part, notes)
        for one in view.parts
    }

    def body(frame: Graph) -> Html | None:
        for one in view.parts:
            _draw_part(frame, one, entries[one.part.name], options)
        _place(frame, _rows(view.parts, entries, options, caution))
        told = left_out(
            [one.machine for one in view.parts],
            view.left_out,
            version=options.version if options.values else None,
            full=full,
            shortened=notes.shortened,
        )
        noted = footnotes(notes, joint, told, _room(options))
        if not full:
            return noted
        listed = rules_table(view, changed, _room(options))
        return below_each_other(one for one in (listed, noted) if one is not None)

    timed = any(one.machine.machine.timed_events for one in view.parts)
    legend: list[Span] = [Span("sent by callers", SYSTEM_EVENT, TEXT_SIZE, bold=True)]
    legend += [Span("sent by time", TIME, TEXT_SIZE, bold=True)] if timed else []
    legend += [Span("+ moves several parts", FAR, TEXT_SIZE)] if joint else []
    return _sheet(system.name, system.doc, [*legend, *_legend(options)], body, options)


def _legend(options: Options) -> list[Span]:
    return [
        *([Span("where it is", TAKEN, TEXT_SIZE, bold=True)] if options.snapshot is not None else []),
        *([Span("changed", CHANGED, TEXT_SIZE, bold=True)] if options.changed else []),
    ]


def _sheet(name: str, doc: str, legend: list[Span], body: Callable[[Graph], Html | None], options: Options) -> str:
    """The picture: the heading with a key to the colours, what `body` draws, and below it what `body` gives back."""
    turned = {"rankdir": "LR" if options.direction is Direction.RIGHT else "TB"}
    graph = page(name, {**GRAPH, **turned})
    rows = heading(name, doc, _room(options))
    if legend:
        gaps: Line = tuple(part for span in legend for part in (Span("   ", GREY), span))[1:]
        rows.append(row(sized([gaps], 1, "CENTER")))
    with graph.part("cluster page", {**FRAME, "label": Html(table(rows))}) as frame:
        foot = body(frame)
    if foot is not None:
        graph.look({"label": foot, "labelloc": "b"})
    return graph.source


def _room(options: Options) -> float:
    """Between the margins of the page, for text."""
    return options.width - 2 * (PAD + LABEL_MARGIN)


def _highlight(options: Options, part: str) -> Highlight:
    here = {} if options.snapshot is None else present(options.snapshot, part)
    return Highlight(here, frozenset(map(id, options.changed)))


def _draw_part(frame: Graph, view: PartView, entries: Entries, options: Options) -> None:
    part = view.part
    label = Html(table([row(sized([_heading(view)], 0))]))
    with (
        frame.part(f"cluster around {part.name}", GAP) as around,
        around.part(f"cluster {part.name}", {**PART, "label": label}) as inside,
    ):
        draw(inside, view.machine, f"{part.name}.", entries, LABEL_ROOM, _highlight(options, part.name))


def _heading(view: PartView) -> Line:
    """What stands above a part: its name, and how many there are."""
    many = population(view.part)
    name = Span(plain(spaced(view.part.name)), size=STATE_SIZE, bold=True)
    return (name, Span(f" {plain(many)}", GREY)) if many else (name,)


MARGIN = 24
"""What a frame takes beside what it holds."""


def _rows(
    parts: tuple[PartView, ...], entries: dict[str, Entries], options: Options, caution: float
) -> list[list[PartView]]:
    """Parts side by side while they are likely to fit the page; drawn to the right they lie below each other anyway."""
    rows: list[list[PartView]] = [[]]
    taken = 0.0
    for one in parts:
        inner = likely_width(one.machine, entries[one.part.name], LABEL_ROOM)
        wide = max(inner * caution, line_width(_heading(one))) + MARGIN
        if rows[-1] and taken + wide > options.width - 2 * PAD and options.direction is Direction.DOWN:
            rows.append([])
            taken = 0.0
        rows[-1].append(one)
        taken += wide
    return rows


def _lowest(view: MachineView) -> list[State]:
    """The states from which no line goes down; every other state stands above one of them."""
    above = [
        source
        for bundle in bundles(view)
        if not bundle.goes_back(view)
        for source in bundle.sources
        if source != bundle.target
    ]
    return [state for state in view.states if state not in above]


def _place(frame: Graph, rows: list[list[PartView]]) -> None:
    """Invisible lines that keep the parts of a row at one height, and each row below the one before."""
    for beside in rows:
        for left, right in pairwise(beside):
            ends = f"{left.part.name}.(start)", f"{right.part.name}.(start)"
            frame.edge(*ends, {"style": "invis", "minlen": 0, "weight": 1})
    for above, under in pairwise(rows):
        for upper in above:
            for state in _lowest(upper.machine):
                for lower in under:
                    lowest, start = f"{upper.part.name}.{state.name}", f"{lower.part.name}.(start)"
                    frame.edge(lowest, start, {"style": "invis", "minlen": 1, "weight": 0})
