"""Whether an explanation shows what was seen of the state; what was not known of it and has been seen now is known."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import attrs

from fsm.language.printing import value_in_words
from fsm.verification.monitoring.declared.declaration import UNKNOWN
from fsm.verification.monitoring.declared.intervals import Interval, in_words, meet
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, held_at, with_held
from fsm.verification.monitoring.explaining.run import Mismatch, Run
from fsm.verification.monitoring.explaining.unknown import any_instance, unnamed_instance

__all__ = ["Look", "Looked", "forced", "matched", "replaced", "wrong"]


@attrs.frozen
class Look:
    """What was seen of one instance.

    Attributes:
        states: one of these; empty for none there; None where that was not seen.
        values: places of variables, each with the values that it may have.
        since: when it entered its state; None where that was not seen.
        by: events, one of which made it; empty where that was not seen.
    """

    place: int
    key: Hashable
    states: tuple[str, ...] | None
    values: tuple[tuple[int, tuple[Any, ...]], ...] = ()
    since: Interval | None = None
    by: tuple[type, ...] = ()


@attrs.frozen
class Looked:
    """What was seen of a state: instances, and the places of parts of which every instance was seen."""

    looks: tuple[Look, ...] = ()
    complete: tuple[int, ...] = ()


def matched(run: Run, one: Explanation, looked: Looked) -> list[Explanation]:
    """The explanations that show it; none where something was seen otherwise."""
    current = [one]
    for look in looked.looks:
        current = [made for each in current for made in _matched(run, each, look)]
    seen = {(look.place, look.key) for look in looked.looks}
    for place in looked.complete:
        current = [made for each in current if (made := _alone(run, each, place, seen)) is not None]
    return current


def _matched(run: Run, one: Explanation, look: Look) -> Iterator[Explanation]:
    start = run.declaration.initial[look.place]
    held = held_at(one, look.place, look.key)
    if held is None:
        absent = start is not None and (look.states is None or not look.states or start in look.states)
        if absent:
            yield one
        if look.states != () and (one.parts[look.place] is None or look.place in one.open):
            for found in unnamed_instance(run, one, look.place, look.states):
                yield from _fitting(run, with_held(run.declaration, one, look.place, look.key, found), look, found)
        elif not absent:
            run.note(Mismatch(one, look.place, look.key, " or ".join(look.states or ())))
        return
    yield from _fitting(run, one, look, held)


def _fitting(run: Run, one: Explanation, look: Look, held: Held) -> Iterator[Explanation]:
    if look.states is not None and held.state not in look.states:
        run.note(Mismatch(one, look.place, look.key, " or ".join(look.states) or "not there"))
        return
    values = list(held.values)
    for slot, wanted in look.values:
        if values[slot] is UNKNOWN:
            values[slot] = wanted[0] if len(wanted) == 1 else UNKNOWN
        elif values[slot] not in wanted:
            name = run.declaration.machines[look.place].variables[slot].name
            run.note(
                Mismatch(
                    one, look.place, look.key, f"{name} = {' or '.join(value_in_words(value) for value in wanted)}"
                )
            )
            return
    since: Interval | None = held.since
    if look.since is not None:
        since = meet(held.since, look.since)
        if since is None:
            run.note(Mismatch(one, look.place, look.key, f"{held.state} since {in_words(look.since)}"))
            return
    assert since is not None
    for timer in run.declaration.timers.of(one.box)[look.place].get(held.state, ()):
        if not held.spent & timer.bit and since[1] + timer.duration[1] < one.now[0]:
            run.note(Mismatch(one, look.place, look.key, f"{held.state} since {in_words(since)}"))
            return
    made = held._replace(values=tuple(values), since=since)
    yield one if made == held else with_held(run.declaration, one, look.place, look.key, made)


def _alone(run: Run, one: Explanation, place: int, seen: set[tuple[int, Hashable]]) -> Explanation | None:
    """The explanation where nobody else is there."""
    others = [key for key in one.parts[place] if (place, key) not in seen]
    for key in others:
        run.note(Mismatch(one, place, key, "not there"))
    return None if others else attrs.evolve(one, open=one.open - {place})


def wrong(run: Run, one: Explanation, looked: Looked) -> Iterator[tuple[int, Hashable, tuple[str, ...] | None]]:
    """Each instance that is otherwise than it was seen, with the states one of which was seen; None where that is right."""
    declaration = run.declaration
    for look in looked.looks:
        held = held_at(one, look.place, look.key)
        start = declaration.initial[look.place]
        if held is None:
            if (
                one.parts[look.place] is not None
                and look.place not in one.open
                and look.states
                and start not in look.states
            ):
                yield look.place, look.key, look.states
        elif look.states is not None and held.state not in look.states:
            yield look.place, look.key, look.states or (str(start),)
        elif any(
            held.values[slot] is not UNKNOWN and held.values[slot] not in wanted for slot, wanted in look.values
        ) or (look.since is not None and meet(held.since, look.since) is None):
            yield look.place, look.key, None
    seen = {(look.place, look.key) for look in looked.looks}
    for place in looked.complete:
        yield from (
            (place, key, (str(declaration.initial[place]),)) for key in one.parts[place] if (place, key) not in seen
        )


def forced(run: Run, one: Explanation, looked: Looked) -> list[Explanation]:
    """The explanation made to show what was seen, whatever it was before: of what is otherwise nothing else is known."""
    current = [one]
    for place, key, states in list(wrong(run, one, looked)):
        current = [made for each in current for made in replaced(run, each, place, key, states)]
    return [made for each in current for made in matched(run, each, looked)]


def replaced(
    run: Run, one: Explanation, place: int, key: Hashable, states: tuple[str, ...] | None
) -> Iterator[Explanation]:
    """With an instance of which no more is known than its states; the one that it is in where they are None."""
    start = run.declaration.initial[place]
    if start is not None and states is not None and start in states:
        yield with_held(run.declaration, one, place, key, None)
    held = held_at(one, place, key)
    wanted = states if states is not None or held is None else (held.state,)
    for made in any_instance(run, one, place, wanted):
        yield with_held(run.declaration, one, place, key, made)
