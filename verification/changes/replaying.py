"""A run that shows a difference, taken again by both declarations, and on both executions of each.

What a walk or a solver says of a run is not believed: who is said to take it takes it here, and who is said to refuse refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.errors import BadInput, WiresOverlap
from fsm.language.events import effect_fields, field_refs
from fsm.language.printing import label, value_in_words
from fsm.live import Live
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.storage.traces import trace_out
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.changes.sending import alike
from fsm.verification.changes.walk import Kind, Way

__all__ = ["Difference", "DoesNotReplay", "is_taken", "replayed", "run_out"]

REFUSALS = (EventRefused, TimeStopped, WiresOverlap, BadInput)


class DoesNotReplay(Exception):
    """A run is not what the walk said, which is a defect of fsm."""


@attrs.frozen(eq=False)
class Difference:
    """A shortest run after which two declarations differ.

    Attributes:
        run: as the one takes it that takes it; where both do, as the newer one does.
        said: why the other refuses it, or what each of both emits.
        way: what was sent to both.
        engine: who takes the run.
    """

    kind: Kind
    run: Trace
    said: str
    way: Way
    engine: Engine


def replayed(kind: Kind, way: Way, old: Engine, new: Engine) -> Difference:
    """The difference at the end of a way, as the runtimes show it.

    Raises:
        DoesNotReplay: they do not show it.
    """
    events = [_typed(side, way, engine) for side, engine in enumerate((old, new))]
    if kind is Kind.EFFECTS:
        runs = [_run(engine, given) for engine, given in zip((old, new), events, strict=True)]
        before, after = (_last(engine, given) for engine, given in zip((old, new), events, strict=True))
        if alike(before, after):
            raise DoesNotReplay("both emit the same")
        return Difference(kind, runs[1], f"OLD emits {_words(before)}; NEW emits {_words(after)}", way, new)
    taker, other = (0, 1) if kind is Kind.LOST else (1, 0)
    engines = (old, new)
    run = _run(engines[taker], events[taker])
    return Difference(kind, run, _refusal(engines[other], way, events[other], other), way, engines[taker])


def is_taken(way: Way, engine: Engine, side: int) -> bool:
    """Whether a declaration takes all of what was sent.

    Args:
        side: 0 where it is the older one, 1 where it is the newer.
    """
    events = _typed(side, way, engine)
    try:
        replay(engine, events)
    except REFUSALS:
        return False
    return len(events) == len(way)


def run_out(one: Difference) -> Any:
    """The run as JSON has runs."""
    return trace_out(one.engine, one.run)


def _typed(side: int, way: Way, engine: Engine) -> list[tuple[object | None, int]]:
    """The events of a way as one of both has them; shorter where it has no such event."""
    found: list[tuple[object | None, int]] = []
    for sent, at in way:
        if sent is None:
            found.append((None, at))
            continue
        given = sent.old if side == 0 else sent.new
        if given is None:
            break
        cls, fields = given
        found.append((cls(**{name: getattr(fields, name) for name in field_refs(cls)}), at))
    return found


def _run(engine: Engine, events: list[tuple[object | None, int]]) -> Trace:
    """A run that both executions take alike."""
    try:
        run = replay(engine, events)
    except REFUSALS as refused:
        raise DoesNotReplay(str(refused)) from refused
    live = _live(engine)
    if live is not None:
        for event, at in events:
            if event is None:
                live.advance(at)
            else:
                live.send(event, at)
        if live.snapshot != run.last:
            raise DoesNotReplay("the two executions of one declaration come to different snapshots")
    return run


def _live(engine: Engine) -> Live | None:
    """The other execution, which begins nowhere that breaks what must always hold."""
    try:
        return Live(engine.system, engine.params)
    except BadInput:
        return None


def _last(engine: Engine, events: list[tuple[object | None, int]]) -> tuple[object, ...]:
    """What is emitted by the last that is sent."""
    *before, (event, at) = events
    start = replay(engine, before).last
    step = engine.advance(start, at) if event is None else engine.step(start, event, at)
    return step.effects


def _refusal(engine: Engine, way: Way, events: list[tuple[object | None, int]], side: int) -> str:
    """Why the last is refused, in words."""
    name = "NEW" if side else "OLD"
    if len(events) < len(way):
        sent = way[-1][0]
        assert sent is not None
        known = any(event.__name__ == sent.name for event in engine.system.events)
        return f"{name} has no event {sent.name}" + (" with these fields" if known else "")
    said = _refused(engine, events)
    live = _live(engine)
    if live is not None:
        for event, at in events[:-1]:
            _ = live.advance(at) if event is None else live.send(event, at)
        try:
            event, at = events[-1]
            _ = live.advance(at) if event is None else live.send(event, at)
        except REFUSALS:
            return f"{name} refuses it: {said}"
        raise DoesNotReplay("the two executions of one declaration answer differently")
    return f"{name} refuses it: {said}"


def _refused(engine: Engine, events: list[tuple[object | None, int]]) -> str:
    """Who stands in the way of the last."""
    start = replay(engine, events[:-1]).last
    event, at = events[-1]
    try:
        _ = engine.advance(start, at) if event is None else engine.step(start, event, at)
    except REFUSALS as refused:
        lines = [" ".join(line.split()) for line in str(refused).splitlines() if line.strip()]
        return "; ".join([one for one in lines[1:] if not one.startswith("possible now")] or lines)
    raise DoesNotReplay("it is taken")


def _words(effects: tuple[Any, ...]) -> str:
    return ", ".join(_shown(effects)) or "nothing"


def _shown(effects: tuple[Any, ...]) -> Iterator[str]:
    for one in effects:
        fields = ", ".join(f"{name}={value_in_words(getattr(one, name))}" for name in effect_fields(type(one)))
        yield f"{label(type(one))}({fields})" if fields else label(type(one))
