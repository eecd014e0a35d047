"""What stands on the lines of a machine or of a part: everything, or events with the numbers of their notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from fsm.diagrams.graphs.labels import Entry, Remark
from fsm.diagrams.graphs.machines import Entries
from fsm.diagrams.graphs.style import CONDITION, EVENT, FAR, GREY, INK, RULE, SYSTEM_EVENT, TIME
from fsm.diagrams.views.notes import Notes
from fsm.diagrams.views.triggers import Trigger, triggers
from fsm.diagrams.views.views import SystemView
from fsm.diagrams.views.wording import KEPT, changes, condition, deadline, event_name, listed, spaced, value
from fsm.language.expressions import Const, Expr, Formula
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Part

__all__ = ["full_of_machine", "full_of_part", "short_of_machine", "short_of_part"]

UNSENT = "nothing sends it here"
SHORT = 48
"""Characters of a condition that stands on a line; a longer one stands below the picture."""
TOGETHER = "+"
"""Behind an event that moves several parts."""


def full_of_machine(machine: Machine, notes: Notes) -> Entries:
    """Everything that a machine says of a transition."""

    def entries(sources: Sequence[State], transitions: Sequence[Transition]) -> list[Entry]:
        return [
            Entry(
                (event_name(one.event),),
                INK if one.happy else EVENT,
                (*_anew(sources, one), *_when(machine, one, notes), *(Remark(text) for text in changes(one))),
            )
            for one in transitions
        ]

    return entries


def full_of_part(view: SystemView, part: Part, notes: Notes) -> Entries:
    """Everything that a system says of a transition of a part."""

    def entries(sources: Sequence[State], transitions: Sequence[Transition]) -> list[Entry]:
        return [entry for one in transitions for entry in _driven(view, part, sources, one, notes)]

    return entries


def _driven(
    view: SystemView, part: Part, sources: Sequence[State], transition: Transition, notes: Notes
) -> Iterator[Entry]:
    found = triggers(view, part, transition, sources)
    anew = _anew(sources, transition)
    if not found:
        yield Entry((event_name(transition.event),), GREY, (Remark(UNSENT), *anew))
    for trigger in found:
        color = SYSTEM_EVENT if trigger.sender is None else TIME
        yield Entry((event_name(trigger.event),), color, (*anew, *_remarks(view, transition, trigger, notes)))


def _remarks(view: SystemView, transition: Transition, trigger: Trigger, notes: Notes) -> Iterator[Remark]:
    if trigger.wire is not None and trigger.move is not None:
        if trigger.sender is not None:
            yield Remark(f"of {spaced(trigger.sender.name)}", TIME, italic=True)
        if trigger.move.action is not trigger.event:
            yield Remark(f"as {event_name(trigger.move.action)}")
        for field, given in trigger.move.told:
            if isinstance(given, Const):
                yield Remark(f"{spaced(field)}{KEPT}={KEPT}{value(given)}")
        if trigger.move.where is not None:
            yield Remark(f"every one that is {condition(trigger.move.where)}")
        if trigger.wire.when is not None:
            yield _if(view.system, trigger.wire.when, notes)
    yield from _when(trigger.part.machine, transition, notes)
    if trigger.partners:
        yield Remark(f"together with {listed(spaced(one.name) for one in trigger.partners)}", SYSTEM_EVENT)
    if trigger.rules:
        word = "rule" if len(trigger.rules) == 1 else "rules"
        yield Remark(f"{word} {', '.join(map(str, trigger.rules))}", RULE)


def _anew(sources: Sequence[State], transition: Transition) -> tuple[Remark, ...]:
    """What a transition says that leads to its own source: time in state starts anew."""
    return (Remark("starts anew"),) if tuple(sources) == (transition.target,) else ()


def _when(machine: Machine, transition: Transition, notes: Notes) -> Iterator[Remark]:
    """When a transition is taken: its deadline, then its guard."""
    if transition.duration is not None:
        yield from _deadline(transition.duration)
    if transition.guard is not None:
        yield _if(machine, transition.guard, notes)


def _if(owner: object, formula: Formula, notes: Notes) -> Remark:
    """A condition where it is short; else the number of the note that tells it."""
    text = condition(formula)
    if len(text) <= SHORT:
        return Remark(text, italic=True)
    return Remark(f"if {notes.of(owner, formula)}", italic=True)


def _deadline(duration: Expr[int]) -> Iterator[Remark]:
    """When time sends the event; the name of the parameter that says so stands on its own line."""
    when, _, parameter = deadline(duration).partition(" (")
    yield Remark(when, TIME, italic=True)
    if parameter:
        yield Remark(f"({parameter}", TIME, italic=True)


# Overviews


@attrs.frozen
class Cause:
    """An event on a line of an overview.

    Attributes:
        event: its name.
        far: whether it moves several parts.
        rules: numbers of the notes on its rules.
        conditions: numbers of the notes on what must hold besides.
    """

    event: str
    color: str
    remarks: tuple[Remark, ...] = ()
    far: bool = False
    rules: tuple[int, ...] = ()
    conditions: tuple[int, ...] = ()


def short_of_machine(machine: Machine, notes: Notes) -> Entries:
    """Events, with when time sends them and the number of the note that tells the guard."""

    def entries(sources: Sequence[State], transitions: Sequence[Transition]) -> list[Entry]:
        return _grouped(
            Cause(
                event_name(one.event),
                EVENT if one.duration is None else TIME,
                (*_anew(sources, one), *_due(one)),
                conditions=_guard(machine, one, notes),
            )
            for one in transitions
        )

    return entries


def short_of_part(view: SystemView, part: Part, notes: Notes) -> Entries:
    """Events as they are called outside, with the numbers of the notes that tell their rules and conditions."""
    several = {wire.event_class for wire in view.wires if len(wire.moves) > 1 or wire.sender is not None}

    def entries(sources: Sequence[State], transitions: Sequence[Transition]) -> list[Entry]:
        return _grouped(cause for one in transitions for cause in causes(sources, one))

    def causes(sources: Sequence[State], transition: Transition) -> Iterator[Cause]:
        guard = _guard(part.machine, transition, notes)
        anew = _anew(sources, transition)
        found = triggers(view, part, transition, sources)
        for trigger in found:
            far = trigger.event in several
            when = None if trigger.wire is None or far else trigger.wire.when
            yield Cause(
                event_name(trigger.event),
                SYSTEM_EVENT if trigger.sender is None else TIME,
                (*anew, *_due(transition)),
                far,
                notes.on(trigger.event),
                (*([] if when is None else [notes.of(view.system, when)]), *guard),
            )

    return entries


def _grouped(causes: Iterable[Cause]) -> list[Entry]:
    """Each event once, with what else must hold in one of its ways; events that differ in their names alone share an entry.

    What all of several entries demand is said once, below them.
    """
    events: dict[Cause, list[tuple[int, ...]]] = {}
    for cause in causes:
        events.setdefault(attrs.evolve(cause, conditions=()), []).append(cause.conditions)
    ways = {cause: _either(numbers) for cause, numbers in events.items()}
    common = next(iter(ways.values()), "") if len(ways) > 1 and len(set(ways.values())) == 1 else ""
    groups: dict[Entry, list[str]] = {}
    for cause, way in ways.items():
        entry = Entry((), cause.color, cause.remarks, tuple(_marks(cause, "" if common else way)))
        groups.setdefault(entry, []).append(cause.event)
    entries = [attrs.evolve(entry, events=tuple(dict.fromkeys(names))) for entry, names in groups.items()]
    if len(entries) == 1 and common:
        return [attrs.evolve(entries[0], marks=(*entries[0].marks, (common, CONDITION)))]
    return [*entries, Entry((), CONDITION, (Remark(f"each if {common}"),))] if common else entries


def _either(ways: list[tuple[int, ...]]) -> str:
    """The numbers of what must hold, as `4/5` where either will do; nothing where some way demands nothing."""
    return "" if () in ways else "/".join(dict.fromkeys(" ".join(map(str, way)) for way in ways))


def _marks(cause: Cause, conditions: str) -> Iterator[tuple[str, str]]:
    if cause.far:
        yield TOGETHER, FAR
    yield from ((str(number), RULE) for number in cause.rules)
    if conditions:
        yield conditions, CONDITION


def _due(transition: Transition) -> tuple[Remark, ...]:
    return () if transition.duration is None else tuple(_deadline(transition.duration))[:1]


def _guard(machine: Machine, transition: Transition, notes: Notes) -> tuple[int, ...]:
    return () if transition.guard is None else (notes.of(machine, transition.guard),)
