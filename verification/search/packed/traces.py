"""From a packed number back to a run that the runtime takes.

A way through numbers is walked with `Engine.step`; where the runtime knows no such step, the two
executions contradict each other, which is our bug and says so (`Contradiction`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fsm.language.expressions import Formula
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import holds_of_step, seen_steps
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.packed.named import NamedSpace
from fsm.verification.search.packed.tallies import Tallies

__all__ = ["Contradiction", "run_to", "way_to"]

Space = Tallies | NamedSpace
Sent = tuple[object | None, int]


class Contradiction(AssertionError):
    """The packed enumeration and the runtime say different things of one declaration."""


def way_to(space: Space, levels: Sequence[Sequence[int]], number: int, depth: int) -> list[int]:
    """The numbers of a shortest run to a snapshot of the level `depth`."""
    way = [number]
    for level in reversed(levels[:depth]):
        way.append(next(one for one in level if way[-1] in space.successors(one)))
    return way[::-1]


def run_to(engine: Engine, space: Space, way: Sequence[int], breaks: Formula | None = None) -> Trace:
    """The run of the runtime through these snapshots, up to renaming.

    Args:
        breaks: one more step follows, which this formula over steps does not hold of.

    Raises:
        Contradiction: the runtime takes no such step.
    """
    search = Search(engine, {})
    snapshot = engine.start(0)
    sent: list[Sent] = []
    for number in way[1:]:
        event, snapshot = _following(engine, search, space, snapshot, space.tally(number))
        sent.append((event, 0))
    if breaks is not None:
        sent.append((_breaking(engine, search, snapshot, breaks), 0))
    return replay(engine, sent)


def _following(engine: Engine, search: Search, space: Space, snapshot: Snapshot, wanted: int) -> tuple[Any, Snapshot]:
    for event, at in search.moves(snapshot):
        after = engine.step(snapshot, event, at).after
        if space.shape.tally(after) == wanted:
            return event, after
    raise Contradiction(f"the packed enumeration takes a step from {snapshot} that the runtime does not")


def _breaking(engine: Engine, search: Search, snapshot: Snapshot, formula: Formula) -> object:
    for event, at in search.moves(snapshot):
        step = engine.step(snapshot, event, at)
        if not all(holds_of_step(engine, formula, one) for one in seen_steps(engine, snapshot, event, at, step, {})):
            return event
    raise Contradiction(f"no step of the runtime from {snapshot} breaks what the packed enumeration says is broken")
