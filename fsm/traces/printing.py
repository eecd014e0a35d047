"""The steps of a run in words: one block for each step, on the left what was sent, on the right what it changed.

    1  set_status(status=available)                 agent: offline → available
    2  offer_chat(contact='c-1', name='Ann')        tiles c-1: free → offered (channel chat, name 'Ann'); ...
    3  15 s later: non_response of c-1              tiles c-1: counted = true

What did not change is not said, and what goes on alike many times is one block:

    1-1000  enter(), 1,000 times                    door: people = 1, ..., door: people = 1000

Nothing here runs a machine.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import Enum
from typing import Any

from fsm.language.events import event_in_words
from fsm.language.printing import duration_in_words, key_in_words, label, value_in_words
from fsm.language.snapshot import Instance, Snapshot
from fsm.traces.steps import Moved, TraceStep

__all__ = ["WIDTH", "changes", "in_words", "lines", "sender"]

WIDTH = 120
"""Of a line, in characters."""
WIDEST_LEFT = 60
MANY = 10
"""So many steps in a row that are alike are told as one block."""
LONGEST_VALUE = 60


def lines(start: int, steps: Sequence[TraceStep], loop: int | None = None) -> list[str]:
    """The lines of a run: one block for each step, a sentence when there is none.

    Args:
        start: the instant at which the run begins, milliseconds.
        loop: the place of the step from which it goes round for ever.
    """
    if not steps:
        return ["Nothing happens: this is how it starts."]
    blocks = _blocks(in_words(start, steps), steps, loop)
    width = min(max(len(words) for _, words, _ in blocks), WIDEST_LEFT)
    indent = max(len(number) for number, _, _ in blocks)
    printed: list[str] = []
    for number, words, changed in blocks:
        right = list(changed)
        if len(words) > width:
            printed.append(f"{number:>{indent}}  {words}")
        else:
            printed.append(f"{number:>{indent}}  {words:<{width}}  {right.pop(0)}")
        printed += [" " * (indent + 2 + width + 2) + more for more in right]
    if loop is not None:
        printed.append(f"and so on for ever, from step {loop + 1} again")
    return printed


def _blocks(sent: Sequence[str], steps: Sequence[TraceStep], loop: int | None) -> list[tuple[str, str, Sequence[str]]]:
    """The number, the left and the right of each block; many steps in a row that are alike are one."""
    blocks: list[tuple[str, str, Sequence[str]]] = []
    place = 0
    while place < len(steps):
        alike = _alike(sent, steps, place, len(steps) if loop is None or place >= loop else loop)
        first = changes(steps[place]) or ("nothing changes",)
        if alike < MANY:
            blocks.append((str(place + 1), sent[place], first))
            place += 1
            continue
        last = changes(steps[place + alike - 1]) or ("nothing changes",)
        right = [one if one == other else f"{one}, ..., {other}" for one, other in zip(first, last, strict=True)]
        blocks.append((f"{place + 1}-{place + alike}", f"{sent[place]}, {alike:,} times", right))
        place += alike
    return blocks


def _alike(sent: Sequence[str], steps: Sequence[TraceStep], place: int, end: int) -> int:
    """How many steps from this place on send the same and change the same things, to whatever values."""
    shape = _shape(steps[place])
    many = 1
    while place + many < end and sent[place + many] == sent[place] and _shape(steps[place + many]) == shape:
        many += 1
    return many


def _shape(step: TraceStep) -> tuple[Any, ...]:
    """What a step changes, without the values."""
    moved = [
        (
            one.part,
            _who(one.part, one.key),
            one.before.state,
            one.after.state,
            [name for name, _ in _written(step, one)],
            bool(one.running),
        )
        for one in step.moved
    ]
    return moved, [type(effect) for effect in step.effects]


def in_words(start: int, steps: Sequence[TraceStep]) -> list[str]:
    """For each step what was sent, and how much later; the first after an instant in milliseconds."""
    before = (start, *(step.at for step in steps))
    return [_sent(step, since) for step, since in zip(steps, before, strict=False)]


def changes(step: TraceStep) -> tuple[str, ...]:
    """What a step changed, a line for each instance, then what it emitted."""
    lines = [f"{_who(moved.part, moved.key)}: {_change(step, moved)}" for moved in step.moved]
    emitted = ", ".join(label(type(effect)) for effect in step.effects)
    return tuple(lines) + ((f"emits {emitted}",) if emitted else ())


def _sent(step: TraceStep, before: int) -> str:
    """What was sent, after how long: `15 s later: non_response of c-1`."""
    later = f"{duration_in_words(step.at - before)} later" if step.at != before else ""
    if step.event is None:
        return later
    words = event_in_words(step.event) if step.part is None else sender(step)
    return f"{later}: {words}" if later else words


def sender(step: TraceStep) -> str:
    """What time sent, and to whom: `non_response of c-1`."""
    return f"{event_in_words(step.event)} of {step.part if step.key is None else key_in_words(step.key)}"


def _change(step: TraceStep, moved: Moved) -> str:
    old, new = moved.before, moved.after
    lapsed = "".join(f"; {label(event)} lapses" for event in moved.lapsed)
    if (old.state, old.since) == (new.state, new.since):
        written = ", ".join(f"{name} = {value}" for name, value in _written(step, moved))
        return (written + lapsed).removeprefix("; ") or f"stays {new.state}"
    where = f"{old.state} → {new.state}" if old.state != new.state else f"{new.state} anew"
    written = ", ".join(f"{name} {value}" for name, value in _written(step, moved))
    running = ", ".join(f"{label(timer.event)} in {duration_in_words(timer.due - step.at)}" for timer in moved.running)
    return where + (f" ({written})" if written else "") + (f"; {running}" if running else "") + lapsed


def _exists(snapshot: Snapshot, moved: Moved) -> bool:
    held: Any = snapshot.parts[snapshot.layout.position(moved.part)]
    return isinstance(held, Instance) or moved.key in held


def _written(step: TraceStep, moved: Moved) -> list[tuple[str, str]]:
    """The variables with other values than before; of an instance that came to be, each choice too; none of one that went."""
    if not _exists(step.after, moved):
        return []
    before, came = moved.before.variables, not _exists(step.before, moved)
    return [
        (name, _value(value))
        for name, value in moved.after.variables.items()
        if value != before[name] or (came and isinstance(value, Enum))
    ]


def _who(part: str, key: Hashable) -> str:
    return part if key is None else f"{part} {key_in_words(key)}"


def _value(value: object) -> str:
    words = value_in_words(value)
    return words if len(words) <= LONGEST_VALUE else words[: LONGEST_VALUE - 1] + "…"
