"""The shortest run that still fails: events are left out, as many at once as can be, and come earlier.

Hypothesis shortens what it drew, choice by choice, and cannot leave out a wait and send the next
event at once where it ended. Here a run is a list of events at instants, so it can. What comes
back cannot be shortened by leaving out any events that follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fsm.verification.testing.failures import RunFailed

__all__ = ["Events", "shortened"]

Events = tuple[tuple[object | None, int], ...]
"""What was sent, None where time alone passed, each with its instant in milliseconds."""


def shortened(
    failed: RunFailed, start: int, durations: tuple[int, ...], play: Callable[[int, Events], RunFailed | None]
) -> RunFailed:
    """The failure at the end of a run that is as short as can be.

    Args:
        failed: at the end of a run.
        start: where that run began, milliseconds.
        durations: of timers, milliseconds: waits that matter.
        play: plays events from a start anew; how that fails, if it does.
    """
    found: RunFailed | None = failed
    while found is not None:
        failed, found = found, None
        for begin, events in _simpler(start, failed.events, durations):
            other = play(begin, events)
            if other is not None and other.same_as(failed) and _size(begin, other.events) < _size(start, failed.events):
                start, found = begin, other
                break
    return failed


def _size(start: int, events: Events) -> tuple[int, int, list[int], int]:
    """What is compared: how many entries, how many of them are events, the instants, the start."""
    return len(events), sum(event is not None for event, _ in events), [at for _, at in events], start


def _simpler(start: int, events: Events, durations: tuple[int, ...]) -> Iterator[tuple[int, Events]]:
    """Shorter runs, the shortest first, then runs in which an event is only waited for, that begin earlier, or wait less."""
    for length in range(len(events) - 1, 0, -1):
        for first in range(len(events) - length + 1):
            yield start, events[:first] + events[first + length :]
    for place, (event, at) in enumerate(events):
        if event is not None:
            yield start, (*events[:place], (None, at), *events[place + 1 :])
    if start:
        yield 0, tuple((event, at - start) for event, at in events)
    waits = sorted({0, 1, *(length + off for length in durations for off in (-1, 0, 1))})
    for place, (event, at) in enumerate(events):
        before = events[place - 1][1] if place else start
        for wait in waits:
            if wait < at - before:
                earlier = at - before - wait
                yield start, events[:place] + tuple((other, later - earlier) for other, later in events[place:])
                if place + 1 < len(events):
                    yield start, (*events[:place], (event, at - earlier), *events[place + 1 :])
