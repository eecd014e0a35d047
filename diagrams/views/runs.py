"""A run as a sequence: a column for each instance that moves, a row for each step, and how it ends.

What a column says in a row is what changed there: the state that is entered, values, timers that run
now. Long runs are cut in the middle, and wide ones to the instances that moved last; what is not
shown is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

import attrs

from fsm.diagrams.views.presence import key_in_words
from fsm.diagrams.views.wording import event_name, listed, meaning, plain, spaced
from fsm.language.events import told_fields
from fsm.language.machine import Kind
from fsm.language.printing import duration_in_words, shortened, value_in_words
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Instance, Snapshot
from fsm.language.system import System
from fsm.runtime.compiled_transitions import timers_of
from fsm.runtime.engine import Engine
from fsm.traces.steps import Moved, TraceStep
from fsm.traces.trace import Trace
from fsm.traces.violation import breach

__all__ = ["Cell", "Lane", "Row", "RunView", "run_view"]

LONGEST_VALUE = 40
FIRST, LAST = 6, 30
"""So many steps at the beginning and at the end of a run are shown; those between are counted."""


SHOWN = {
    Modality.ALWAYS: "kept",
    Modality.EACH_STEP: "kept",
    Modality.WITHIN: "kept",
    Modality.REACHABLE: "reached",
    Modality.CAN_HAPPEN: "happened",
    Modality.RECOVERABLE: "never again",
    Modality.LEADS_TO: "never",
    Modality.EACH_LEADS_TO: "never",
}
"""What a run says of a claim that no step of it breaks."""


@attrs.frozen
class Lane:
    """One instance on its way.

    Attributes:
        part, key: the name of its part, and its key; None for a part made by `one`.
        title: what it is called.
    """

    part: str
    key: Hashable
    title: str


@attrs.frozen
class Cell:
    """An instance after a step.

    Attributes:
        state: the name of its state; empty where it does not exist.
        entered: whether it came there in this step.
        changes: what else changed, and the timers that run since.
    """

    state: str
    entered: bool
    changes: tuple[str, ...] = ()


@attrs.frozen
class Row:
    """A step; or the steps that are not shown, as one.

    Attributes:
        number: of the step, from 1; 0 for the start, None for steps that are not shown.
        at: the instant, since the start of the run.
        event: what was sent; what the steps were that are not shown.
        by_time: whether time sent it.
        details: its fields, and what the step emitted.
        cells: one for each lane.
        round: whether it belongs to what is repeated for ever.
    """

    number: int | None
    at: str
    event: str
    by_time: bool
    details: tuple[str, ...]
    cells: tuple[Cell, ...]
    round: bool


@attrs.frozen
class RunView:
    """A run as it is shown.

    Attributes:
        name: of the system.
        claim: the sentence that it breaks or shows; may be empty.
        lanes: the instances.
        rows: the start, then the steps.
        ending: what is broken at its end, or that it goes on for ever: a heading and what it says.
        left_out: what is not shown; may be empty.
        kinds: of states, by the names of part and state, as far as they are known.
    """

    name: str
    claim: str
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    ending: tuple[tuple[str, str], ...]
    left_out: str
    kinds: Mapping[tuple[str, str], Kind]


def run_view(engine: Engine | None, trace: Trace, sentence: str, most: int) -> RunView:
    """A run as a sequence.

    Args:
        engine: under which it was made; without it a run is told without kinds of states, first timers and what is broken.
        sentence: what it breaks or shows, a claim of the system or of one of its machines; may be empty.
        most: so many instances are shown at most.
    """
    lanes, hidden = _lanes(trace, most)
    kinds = {} if engine is None else _kinds(engine.system)
    rows = [_start(engine, trace, lanes), *_steps(trace, lanes)]
    left_out = f"not shown: {hidden} more {'instance' if hidden == 1 else 'instances'}" if hidden else ""
    ending = _ending(engine, trace, sentence)
    return RunView(trace.system, sentence, tuple(lanes), tuple(_cut(rows)), tuple(ending), left_out, kinds)


def _kinds(system: System) -> dict[tuple[str, str], Kind]:
    return {(part.name, state.name): state.kind for part in system.parts for state in part.machine.states}


def _claims(system: System) -> Iterator[Property]:
    yield from system.properties
    for part in system.parts:
        yield from part.machine.properties


def _lanes(trace: Trace, most: int) -> tuple[list[Lane], int]:
    """The instances to show, and how many are not: those of single parts first, then those that move, the last to move before others."""
    moves = [(moved.part, moved.key) for step in trace.steps for moved in step.moved]
    parts = dict(zip(trace.start.layout.parts, trace.start.parts, strict=True))
    lanes = [Lane(name, None, spaced(name)) for name, held in parts.items() if isinstance(held, Instance)]
    for name, held in parts.items():
        if not isinstance(held, Instance):
            keys = dict.fromkeys([*sorted(held, key=repr), *(key for part, key in moves if part == name)])
            lanes += [Lane(name, key, f"{spaced(name)} {key_in_words(key)}") for key in keys]
    late = {place: number for number, place in enumerate(moves)}
    ranked = sorted(lanes, key=lambda lane: -late.get((lane.part, lane.key), -1))
    kept = [lane for lane in lanes if lane in ranked[:most]]
    return kept, len(lanes) - len(kept)


def _instance(snapshot: Snapshot, lane: Lane) -> Instance | None:
    held: Any = snapshot[lane.part]
    found: Instance | None = held if isinstance(held, Instance) else held.get(lane.key)
    return found


def _start(engine: Engine | None, trace: Trace, lanes: Sequence[Lane]) -> Row:
    cells = []
    for lane in lanes:
        instance = _instance(trace.start, lane)
        first = () if instance is None else _at_first(engine, lane, instance, trace.start.now)
        cells.append(_cell(instance, True, first))
    at, what = (_instant(0), "start") if trace.steps or engine is not None else (_instant(trace.start.now), "now")
    return Row(0, at, what, False, tuple(_profile(trace)), tuple(cells), False)


def _at_first(engine: Engine | None, lane: Lane, instance: Instance, now: int) -> tuple[str, ...]:
    """The values that conditions can read, and the timers that run; without the engine, every value."""
    machine = None if engine is None else engine.system.part(lane.part).machine
    carried = () if machine is None else [one.name for one in machine.carries()]
    values = [f"{spaced(name)} {_value(value)}" for name, value in instance.variables.items() if name not in carried]
    timers = {} if engine is None or machine is None else timers_of(machine, engine.params)
    running = [
        _timer(timer.event, instance.since + timer.offset - now)
        for timer in timers.get(instance.state, ())
        if not instance.spent & timer.bit
    ]
    return (*values, *running)


def _profile(trace: Trace) -> Iterator[str]:
    """The parameters with another value than the usual one."""
    usual = dict(trace.usual)
    for name, value in trace.profile:
        if name not in usual or usual[name] != value:
            yield f"{spaced(name)} {_value(value)}"


def _steps(trace: Trace, lanes: Sequence[Lane]) -> Iterator[Row]:
    for place, step in enumerate(trace.steps):
        cells = tuple(_after(step, lane) for lane in lanes)
        by_time = step.given is None
        emitted = [event_name(type(effect)) for effect in step.effects]
        given = ", ".join(_fields(step))
        details = (*([given] if given else []), *([f"emits {listed(emitted)}"] if emitted else []))
        loops = trace.loop is not None and place >= trace.loop
        yield Row(place + 1, _instant(step.at - trace.start.now), _sent(step), by_time, details, cells, loops)


def _sent(step: TraceStep) -> str:
    return "time passes" if step.kind is None else event_name(step.kind)


def _fields(step: TraceStep) -> Iterator[str]:
    if step.given is not None:
        for name, value in told_fields(step.given).items():
            yield f"{spaced(name)} {_value(value)}"
    elif step.part is not None:
        yield f"of {spaced(step.part) if step.key is None else key_in_words(step.key)}"


def _after(step: TraceStep, lane: Lane) -> Cell:
    instance = _instance(step.after, lane)
    moved = next((one for one in step.moved if (one.part, one.key) == (lane.part, lane.key)), None)
    if moved is None:
        return _cell(instance, False, ())
    came = _instance(step.before, lane) is None
    anew = came or (moved.before.state, moved.before.since) != (moved.after.state, moved.after.since)
    return _cell(instance, anew, () if instance is None else tuple(_changes(step, moved, came, anew)))


def _changes(step: TraceStep, moved: Moved, came: bool, anew: bool) -> Iterator[str]:
    before = moved.before.variables
    for name, value in moved.after.variables.items():
        if value != before[name] or (came and isinstance(value, Enum)):
            yield f"{spaced(name)} {_value(value)}"
    if anew:
        for timer in moved.running:
            yield _timer(timer.event, timer.due - step.at)
    for event in moved.lapsed:
        yield f"{event_name(event)} lapses"


def _cell(instance: Instance | None, entered: bool, changes: tuple[str, ...]) -> Cell:
    return Cell("" if instance is None else instance.state, entered, changes)


def _timer(event: type, left: int) -> str:
    return f"{event_name(event)} in {duration_in_words(left)}"


def _instant(milliseconds: int) -> str:
    return "0" if milliseconds == 0 else duration_in_words(milliseconds)


def _value(value: object) -> str:
    return shortened(value_in_words(value), LONGEST_VALUE)


def _cut(rows: list[Row]) -> Iterator[Row]:
    """The rows, those in the middle of a long run as one."""
    if len(rows) <= 1 + FIRST + LAST + 1:
        yield from rows
        return
    yield from rows[: 1 + FIRST]
    hidden = rows[1 + FIRST : -LAST]
    many = [f"{times} × {event}" for event, times in Counter(row.event for row in hidden).most_common()]
    cells = tuple(attrs.evolve(cell, entered=False, changes=()) for cell in hidden[-1].cells)
    yield Row(None, "", f"{len(hidden)} steps", False, (listed(many),), cells, hidden[-1].round)
    yield from rows[-LAST:]


def _ending(engine: Engine | None, trace: Trace, sentence: str) -> Iterator[tuple[str, str]]:
    """What is broken, or what the run shows, each with its name."""
    if trace.loop is not None:
        yield "for ever", f"and so on, from step {trace.loop + 1} again"
    claims = [] if engine is None else [one for one in _claims(engine.system) if one.sentence == sentence]
    if engine is None or not claims:
        return
    claim = claims[0]
    broken = breach(engine, claim, trace)
    if broken is None:
        yield SHOWN[claim.modality], plain(meaning(claim.formula))
        return
    parts = " and ".join(broken.blame.parts)
    yield "broken", parts
    if broken.wanted != parts:
        yield "wanted", broken.wanted
    if broken.blame.seen:
        yield "seen", ", ".join(f"{name} = {value}" for name, value in broken.blame.seen)
    for text in broken.let_by:
        yield "let by", text
