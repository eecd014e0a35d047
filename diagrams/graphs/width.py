"""How wide a machine is likely to be drawn, so that parts can be placed before anything is laid out.

States stand on levels, as the layout will rank them; a level is as wide as its states and the labels of
the lines that cross it. An estimate: the layout may do a little better or worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fsm.diagrams.graphs.labels import Entry, entry_lines, line_width
from fsm.diagrams.graphs.lettering import SLACK, width
from fsm.diagrams.graphs.machines import Entries
from fsm.diagrams.graphs.style import STATE_PAD, STATE_SIZE, STATE_WIDTH
from fsm.diagrams.views.bundles import Bundle, bundles
from fsm.diagrams.views.views import MachineView
from fsm.diagrams.views.wording import spaced
from fsm.language.machine import State

__all__ = ["likely_width"]

BESIDE = 14
"""Room between what stands beside each other."""


def likely_width(view: MachineView, entries: Entries, room: float) -> float:
    """In points, without margins."""
    lines = bundles(view)
    levels = _levels(view, lines)
    widths: dict[int, float] = {}

    def add(level: int, wide: float) -> None:
        widths[level] = widths.get(level, -BESIDE) + wide + BESIDE

    for state in view.states:
        staying = entries((state,), [one for one in view.leaving(state) if one.target in (None, state)])
        name = width(spaced(state.name), STATE_SIZE, bold=True) * SLACK + 2 * STATE_PAD
        add(levels[state], max(STATE_WIDTH, name, _widest(staying, room)))
    for line in lines:
        ends = [levels[state] for state in (*line.sources, line.target)]
        add((min(ends) + max(ends)) // 2, _widest(entries(line.sources, line.joining), room))
    return max(widths.values())


def _widest(entries: Iterable[Entry], room: float) -> float:
    return max((line_width(line) for entry in entries for line in entry_lines(entry, room)), default=0.0) + 8


def _levels(view: MachineView, lines: Sequence[Bundle]) -> dict[State, int]:
    """Two levels between the ends of a line, for its label; the longest way counts."""
    levels = dict.fromkeys(view.states, 0)
    for _ in view.states:
        for line in lines:
            back = line.goes_back(view)
            for source in line.sources:
                upper, lower = (line.target, source) if back else (source, line.target)
                if view.states.index(upper) < view.states.index(lower) or not back:
                    levels[lower] = max(levels[lower], min(levels[upper] + 2, 2 * len(view.states)))
    return levels
