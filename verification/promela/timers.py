"""What time does, as text of Promela: it passes by a millisecond, and of the timers that are due the first one fires.

A timer whose guard does not hold lapses, and the next one is looked for in the same step. Nobody sees an instant at which a timer is due
and no other has fired at that instant yet: it fires as the instant comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from fsm.verification.comments import in_comment
from fsm.verification.promela.facts import PartFacts, Unsayable
from fsm.verification.promela.formulas import AFTER
from fsm.verification.promela.steps import Steps

BITS = 30
"""Of an int in which a timer that has fired is one."""

__all__ = ["due", "lapsing", "passing", "ranks"]


def ranks(steps: Steps, part: PartFacts) -> dict[int, list[tuple[int, int, int]]]:
    """For each state its timers in the order in which they fall due: rank, place of the transition, milliseconds."""
    found = {}
    for state in range(len(part.machine["states"])):
        if len(part.timers(state)) > BITS:
            raise Unsayable(f"a state of {part.row['name']} has more than {BITS} timers")
        order = sorted(part.timers(state), key=lambda place: part.durations[place])
        found[state] = [(rank, place, part.durations[place]) for rank, place in enumerate(order)]
    return found


def due(steps: Steps) -> Iterator[str]:
    """`first` is the number of the timer that fires next, NONE if none is due; `who` is whose it is."""
    for called, age in (("due", "age"), ("due_then", "b_age")):
        yield f"inline {called}() {{"
        yield "  first = NONE; who = 0;"
        for part in steps.facts.parts:
            for rank, group in _by_rank(steps, part).items():
                for place_in_part, index in enumerate(part.indices):
                    for state, line, after in group:
                        cell = f"{part.place}{index}"
                        waits = f"(n_fired{cell} & {2**rank}) == 0"
                        earlier = " && first == NONE" if place_in_part == 0 else _or_chosen(part, place_in_part, group)
                        yield f"  if :: n_st{cell} == {state} && {age}{cell} >= {after} && {waits}{earlier} -> first = {_number(part, line)}; who = {place_in_part} :: else fi;"
        yield "}"


def _or_chosen(part: PartFacts, place: int, group: list[tuple[int, int, int]]) -> str:
    """A later instance goes first where it was chosen to, and those before it have the same timer in the order."""
    alike = " || ".join(f"first == {_number(part, line)}" for line in dict.fromkeys(line for _, line, _ in group))
    return f" && (first == NONE || (pick == {place} && ({alike})))"


def _by_rank(steps: Steps, part: PartFacts) -> dict[int, list[tuple[int, int, int]]]:
    """State, transition and milliseconds, by the order of the timer in its state."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for state, timers in ranks(steps, part).items():
        for rank, line, after in timers:
            found.setdefault(rank, []).append((state, line, after))
    return dict(sorted(found.items()))


def _number(part: PartFacts, line: int) -> int:
    """A timer by its part and its transition."""
    return part.place * 100000 + line + 1


def passing(steps: Steps) -> Iterator[str]:
    """Time passes, or between two timers of one instant the next one fires."""
    yield "inline passing() {"
    yield "  d_step {"
    yield "    begin(); due();"
    yield "    if :: first == NONE -> passed = 1;"
    for part in steps.facts.parts:
        if part.aging:
            for index in part.indices:
                cell = f"{part.place}{index}"
                states = " || ".join(f"st{cell} == {state}" for state in sorted(part.aging))
                yield f"      if :: ({states}) && age{cell} < {part.cap} -> b_age{cell} = age{cell} + 1; n_age{cell} = b_age{cell} :: else fi;"
    yield "       due_then()"
    yield "    :: else fi;"
    if any(part.timed for part in steps.facts.parts):
        yield from (f"    {line}" for line in _firing(steps))
    yield "    if :: ok -> commit() :: else -> missed() fi"
    yield "  }"
    yield "}"


def _firing(steps: Steps) -> Iterator[str]:
    """The first timer that is due and does not lapse."""
    yield "do"
    yield ":: first == NONE || ev != 0 -> break"
    for part in steps.facts.parts:
        for line in dict.fromkeys(line for group in _by_rank(steps, part).values() for _, line, _ in group):
            for place, index in enumerate(part.indices):
                yield f":: first == {_number(part, line)} && ev == 0 && who == {place} ->"
                yield from (f"   {one}" for one in _fired(steps, part, index, line))
    yield "od;"
    yield "if :: ev != 0 -> lapse() :: else fi;"


def lapsing(steps: Steps) -> Iterator[str]:
    """Where no other timer of this instant fires any more, those that are due lapse with the last one that did."""
    yield "inline lapse() {"
    yield "  first = NONE;"
    waiting = []
    for part in steps.facts.parts:
        for state, timers in ranks(steps, part).items():
            for rank, line, after in timers:
                for index in part.indices:
                    cell = f"{part.place}{index}"
                    due = f"n_st{cell} == {state} && n_age{cell} >= {after} && (n_fired{cell} & {2**rank}) == 0"
                    yield f"  if :: {due}{steps.guard(part, index, line, {}, AFTER)} -> first = 0 :: else fi;"
                    waiting.append(f"if :: {due} -> n_fired{cell} = n_fired{cell} | {2**rank} :: else fi")
    yield "  if :: first == NONE ->"
    yield from (f"     {one};" for one in waiting)
    yield "     skip"
    yield "  :: else fi"
    yield "}"


def _fired(steps: Steps, part: PartFacts, index: str, place: int) -> Iterator[str]:
    line, cell = part.machine["transitions"][place], f"{part.place}{index}"
    event = line["event"]
    bits = [
        f":: st{cell} == {state} -> n_fired{cell} = n_fired{cell} | {2**rank}"
        for state, timers in ranks(steps, part).items()
        for rank, one, _ in timers
        if one == place
    ]
    guard = steps.guard(part, index, place, {}).removeprefix(" && ")
    yield f"if {' '.join(bits)} fi; /* {in_comment(steps.facts.events[event]['name'])} */"
    if guard:
        yield f"if :: !{guard} -> due_then() :: else ->"
    yield f"ev = {event + 1}; did{cell} = {event + 1}; {' '.join(one for one in steps.applied(part, index, place, {}) if one)}"
    wires = [one for one in steps.facts.wires if one["sender"] == part.place and one["event"] == event]
    if wires:
        key = index.strip("[]")
        yield from steps.wired(wires, {}, key)
        yield "assert(ok || far); /* time can pass */"
    if guard:
        yield "fi"
