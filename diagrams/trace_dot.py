"""A run on the picture of a machine: numbered lines that it took, states that it visited, the rest pale.

    trace_dot(engine, trace, part)      # DOT

A system has one picture for each part that moved; the numbers are those of the steps of the whole
run, which stand below. Where several instances of a part move, their keys stand beside the numbers.
Nothing here runs a machine: which transitions a step took is read off the declaration.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from fsm.diagrams.dot import Html, Value, cell, lines, row, styled, table
from fsm.diagrams.labels import Entry, Note, conditions_of, entry_of
from fsm.diagrams.machine_dot import Marks, draw, heading, page
from fsm.diagrams.style import EVENT_SIZE, FAINT, GRAPH, GREY, INK, PALE, TAKEN
from fsm.language.machine import State, Transition
from fsm.language.parts import Each, Part
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.traces.causes import taken_transitions
from fsm.traces.printing import in_words
from fsm.traces.trace import Trace

__all__ = ["trace_dot"]

WIDTH = 88
"""Characters on a line of the steps."""


def trace_dot(engine: Engine, trace: Trace, part: Part, caption: str = "") -> str:
    """What a run does to a part, on the picture of its machine.

    Args:
        engine: under which the trace was made.
        caption: what the run shows, a sentence.
    """
    run = _Run(engine, trace, part)
    name = part.name if part.name == engine.system.name else f"{engine.system.name}: {part.name}"
    head: dict[str, Value] = {
        **GRAPH,
        "label": Html(table([*heading(name, caption), *_steps(trace, run.steps)], CELLPADDING=2)),
        "labelloc": "t",
    }
    graph = page(name, head)
    draw(graph, part.machine, "", lambda transition: [entry_of(transition)], run)
    return graph.source


def _steps(trace: Trace, mine: set[int]) -> list[str]:
    """The steps, those that move the part in ink."""
    found = []
    for number, sent in enumerate(in_words(trace.start.now, trace.steps), 1):
        ink, accent = (INK, TAKEN) if number in mine else (FAINT, FAINT)
        first, *rest = [styled(text, color=ink, size=EVENT_SIZE) for text in lines(sent, WIDTH)]
        found.append(
            row(cell([f"{styled(str(number), color=accent, size=EVENT_SIZE, bold=True)} &nbsp;{first}", *rest]))
        )
    return [row(cell([table(found, CELLPADDING=1)], "CENTER"))] if found else []


def _state(snapshot: Snapshot, part: Part, key: Hashable) -> str:
    """Where an instance is; one that does not exist is in its initial state."""
    held = snapshot[part.name]
    instance = held.get(key) if isinstance(part, Each) else held
    return part.machine.initial.name if instance is None else str(instance.state)


class _Run(Marks):
    """The way of a run through one part.

    Attributes:
        steps: the numbers of the steps that move the part.
        visited, last: names of states, in `last` those where its instances end.
    """

    def __init__(self, engine: Engine, trace: Trace, part: Part) -> None:
        self.taken: dict[tuple[str, int], list[str]] = {}
        went = [
            (number, key, transition, _state(step.before, part, key))
            for number, step in enumerate(trace.steps, 1)
            for name, key, transition in taken_transitions(engine, step)
            if name == part.name
        ]
        keys = {key for _, key, _, _ in went}
        ends: dict[Hashable, str] = {}
        for number, key, transition, source in went:
            self.taken.setdefault((source, id(transition)), []).append(
                f"{number} ({key})" if len(keys) > 1 else str(number)
            )
            ends[key] = source if transition.target is None else transition.target.name
        self.steps = {number for number, _, _, _ in went}
        self.last = set(ends.values()) or {part.machine.initial.name}
        self.visited = {source for _, _, _, source in went} | self.last

    def numbers(self, sources: tuple[State, ...], transition: Transition) -> list[str]:
        """The steps that took a transition from one of these states."""
        return [number for state in sources for number in self.taken.get((state.name, id(transition)), ())]

    def entries(self, sources: tuple[State, ...], transition: Transition, found: Iterable[Entry]) -> Iterable[Entry]:
        numbers = self.numbers(sources, transition)
        for entry in found:
            if numbers:
                yield Entry(
                    f"{', '.join(numbers)}  {entry.event}",
                    TAKEN,
                    tuple(Note(note.text, GREY, italic=True) for note in conditions_of(transition)),
                )
            else:
                yield Entry(entry.event, FAINT)

    def line(self, sources: tuple[State, ...], joining: tuple[Transition, ...]) -> dict[str, Value]:
        taken = any(self.numbers(sources, transition) for transition in joining)
        return {"color": TAKEN, "penwidth": 2.2} if taken else {"color": PALE, "penwidth": 1}

    def state(self, state: State) -> dict[str, Value]:
        if state.name in self.last:
            return {"color": TAKEN, "penwidth": 2.6}
        if state.name in self.visited:
            return {"color": TAKEN, "penwidth": 1.2}
        return {"fillcolor": "white", "color": PALE, "fontcolor": FAINT}
