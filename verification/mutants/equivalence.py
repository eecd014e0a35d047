"""A fault that changes nothing: shown by Z3, for every value of the parameters and any number of instances.

Both declarations are encoded side by side over the same symbols. From every state of the invariants
that are proved of the one without the fault, each event must be taken by both or by neither; and
where it is taken, the same instances must land in the same states with the same values, their time
in state started anew or kept alike, the same carried data written and the same effects emitted.
Both start alike and have the same timers, so all that follows is the same, by induction.

What it can never say: that two declarations differ. A difference that the invariants allow may be
unreachable, and expressions over carried data are compared as they are written, not by what they give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from itertools import combinations
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.machine import Transition
from fsm.language.parts import Each, Move
from fsm.language.rewriting import structure
from fsm.language.system import System
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import lengths_of
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.terms import FALSE, TRUE, Unencodable, conj, disj, equal, negated, number, plus
from fsm.verification.engines.induction import Induction
from fsm.verification.solver import No

__all__ = ["Differs", "Same", "Ways", "deed", "same_behaviour", "simulated", "wires_of"]

Term = Any
Ways = Set[str]
"""`first`, `second`, or both."""


@attrs.frozen
class Same:
    """Both behave alike wherever the first can come.

    Attributes:
        events: those that had to be asked about; the encodings of all others are the same terms.
    """

    events: tuple[str, ...]


@attrs.frozen
class Differs:
    """They were not shown to behave alike.

    Attributes:
        where: the event, or what else differs.
    """

    where: str


def same_behaviour(induction: Induction, faulty: System) -> Same | Differs:
    """Whether a system with a fault behaves as the one whose invariants these are.

    Args:
        induction: of the system without the fault.
        faulty: with parts of the same names, whose machines have the same states and variables.
    """
    return simulated(induction, faulty, induction.counting.fixed)


def simulated(
    induction: Induction, system: System, fixed: Mapping[str, Any], asked_of: Ways = frozenset(("first", "second"))
) -> Same | Differs:
    """Whether what one of two systems takes from a state the other takes too, to the same state and with the same effects.

    Args:
        induction: of the first.
        system: the second, with parts of the same names, whose machines have the same states and variables, and begin alike.
        fixed: values of its parameters.
        asked_of: whose events the other must take: of the `first`, of the `second`, or of both. What time sends, and what both
            take, must be alike in any case. Where it is one alone, no two wires of an event of either may apply at once.
    """
    sound = induction.counting
    try:
        one = _whole(induction)
        other = Counting(system, fixed, sound.live, places=Places(system, tuple(sound.places.events)))
        if _timers(one) != _timers(other):
            return Differs("the timers")
        asked: list[str] = []
        for name, question in _questions(one, other, asked_of):
            if question is not FALSE:
                asked.append(name)
                if not isinstance(induction.asker.ask(question, [*induction.assumptions, *induction.invariants]), No):
                    return Differs(name)
    except Unencodable as refused:
        return Differs(f"the encoding, which cannot say {refused.what}")
    return Same(tuple(asked))


@lru_cache(maxsize=16)
def _whole(induction: Induction) -> Counting:
    """All that the declaration without a fault may do, also what the invariants found empty; the same for all its faults."""
    sound = induction.counting
    return Counting(sound.system, sound.fixed, sound.live)


def _timers(counting: Counting) -> list[Any]:
    """Every timer of every state: what it sends and after how long, as terms that are equal only where they are the same."""
    found: list[Any] = []
    for part in counting.system.parts:
        at = [
            cells.place(cell, number(0)) for each, cells in counting.cells.items() if each is part for cell in cells.all
        ]
        for place in at if isinstance(part, Each) else counting.stays(part):
            lengths = [length.ast.value for length in lengths_of(place, counting.params)]
            sent = [timer.event for timer in place.machine.timers(place.state)]
            found.append((counting.places.parts[part], place.state, sent, lengths))
    return found


Way = tuple[tuple[str, Any], ...]
"""Where the instances that are named one by one are before the event: for each, its part and cell."""


def _questions(one: Counting, other: Counting, asked_of: Ways) -> Iterator[tuple[str, Term]]:
    """For each event, that it makes a difference which of the two declarations takes it."""
    known = {(occurrence.event, _sender(occurrence)): occurrence for occurrence in other.occurrences}
    for occurrence in one.occurrences:
        key = (occurrence.event, _sender(occurrence))
        twin = known.pop(key, None)
        payloads = _payloads_agree(one.system, other.system, occurrence.event)
        asked = BOTH if occurrence.sender is not None else asked_of
        yield (
            occurrence.name,
            conj(
                (
                    occurrence.quiet,
                    *one.places.field_bounds(occurrence.event),
                    _difference(occurrence, twin, payloads, asked),
                )
            ),
        )
    for occurrence in known.values():
        if occurrence.sender is None and "second" not in asked_of:
            continue
        taken = disj(_taken(branch, occurrence) for branch in occurrence.branches)
        yield occurrence.name, conj((occurrence.quiet, *other.places.field_bounds(occurrence.event), taken))


def _sender(occurrence: Occurrence) -> str | None:
    return None if occurrence.sender is None else occurrence.sender.name


BOTH = frozenset(("first", "second"))


def _difference(one: Occurrence, other: Occurrence | None, payloads: bool, asked: Ways) -> Term:
    """One takes the event and the other does not, or both do, and not alike."""
    mine, theirs = _by_way(one), {} if other is None else _by_way(other)
    found: list[Term] = []
    for way in dict.fromkeys((*mine, *theirs)):
        here, there = mine.get(way, []), theirs.get(way, [])
        if other is not None and payloads and _the_same(one, here, other, there):
            continue
        first = disj(_taken(branch, one) for branch in here)
        second = disj(_taken(branch, other) for branch in there) if other is not None else FALSE
        if equal(first, second) is not TRUE:
            found += [conj((first, negated(second)))] if "first" in asked else []
            found += [conj((negated(first), second))] if "second" in asked else []
        for branch in here:
            for twin in there:
                unlike = _unlike(branch, twin) if payloads else TRUE
                if unlike is not FALSE and other is not None:
                    found.append(conj((_taken(branch, one), _taken(twin, other), unlike)))
        if found and other is not None:
            found += [
                conj((_taken(first, other), _taken(second, other))) for first, second in combinations(there, 2)
            ]  # two wires at once
    return disj(found)


def _the_same(one: Occurrence, here: list[Branch], other: Occurrence, there: list[Branch]) -> bool:
    """Whether both can go the same ways in the same terms, so that nothing need be asked."""
    return len(here) == len(there) and all(
        _taken(branch, one).ast.value == _taken(twin, other).ast.value and _unlike(branch, twin) is FALSE
        for branch, twin in zip(here, there, strict=True)
    )


def _by_way(occurrence: Occurrence) -> dict[Way, list[Branch]]:
    found: dict[Way, list[Branch]] = {}
    for branch in occurrence.branches:
        way = tuple(
            (moved.part.name, moved.before) for moved in branch.moved if moved.alone and moved.before is not None
        )
        found.setdefault(way, []).append(branch)
    return found


def _taken(branch: Branch, occurrence: Occurrence) -> Term:
    return conj((*branch.conditions, *branch.clock, *(term for _, term in occurrence.rules)))


def _unlike(one: Branch, other: Branch) -> Term:
    """Two ways from the same cells end differently: in what moves, in a value, in what is written or emitted."""
    emitting = _emitting(one), _emitting(other)
    if emitting[0] != emitting[1] and sorted(emitting[0], key=repr) == sorted(emitting[1], key=repr):
        return TRUE  # effects have an order
    mine, theirs = _deeds(one), _deeds(other)
    if mine is None or theirs is None:
        return (
            FALSE
            if mine is theirs and not one.transitions and not other.transitions and _next(one, other) is FALSE
            else TRUE
        )
    many = [
        negated(equal(mine.get(name, number(0)), theirs.get(name, number(0))))
        for name in dict.fromkeys((*mine, *theirs))
    ]
    return disj((*many, _next(one, other)))


def _emitting(branch: Branch) -> list[Any]:
    """What emits anything, in order."""
    return [deed(one) for one in branch.transitions if one.effects]


def _next(one: Branch, other: Branch) -> Term:
    """Some variable of the state has another value afterwards."""
    before = {variable.ast.value: variable for variable in (*one.next, *other.next)}
    mine = {variable.ast.value: term for variable, term in one.next.items()}
    theirs = {variable.ast.value: term for variable, term in other.next.items()}
    return disj(
        negated(equal(mine.get(pointer, variable), theirs.get(pointer, variable)))
        for pointer, variable in before.items()
    )


def _deeds(branch: Branch) -> dict[Any, Term] | None:
    """What was done, and by how many instances; None for a timer that lapsed, which does nothing."""
    if len(branch.moved) != len(branch.transitions):
        return None
    found: dict[Any, Term] = {}
    for moved, transition in zip(branch.moved, branch.transitions, strict=True):
        done = (moved.part.name, moved.action, moved.before, moved.after, *deed(transition))
        found[done] = plus((found.get(done, number(0)), moved.many))
    return found


def deed(transition: Transition) -> tuple[Any, ...]:
    """What a transition does beside what the counters see: whether it starts the time in state anew, what it writes as carried data, what it emits."""
    carried = sorted(
        (variable.name, structure(value))
        for variable, value in transition.updates
        if isinstance(variable.domain, Opaque)
    )
    effects = [
        (emit.effect, tuple((name, structure(value)) for name, value in emit.fields)) for emit in transition.effects
    ]
    return (transition.target is None, tuple(carried), tuple(effects))


def _payloads_agree(one: System, other: System, event: type) -> bool:
    """Whether what an action writes and emits can be compared by its text: every wire of the event hands it the same fields, or the wires are the same."""
    mine, theirs = _payloads(one, event), _payloads(other, event)
    alone = all(len(given) == 1 for given in mine.values()) and all(
        given == mine.get(action) for action, given in theirs.items()
    )
    return alone or wires_of(one, event) == wires_of(other, event)


def wires_of(system: System, event: type) -> list[Any]:
    """The wires of an event as they are written."""
    return [
        (
            structure(wire.when),
            [
                (move.part.name, move.action, structure(move.key), structure(move.where), _fields(move))
                for move in wire.moves
            ],
        )
        for wire in system.all_wires
        if wire.event_class is event
    ]


def _fields(move: Move) -> tuple[Any, ...]:
    return tuple((name, structure(value)) for name, value in move.payload)


def _payloads(system: System, event: type) -> Mapping[tuple[str, type], set[Any]]:
    found: dict[tuple[str, type], set[Any]] = {}
    for wire in system.all_wires:
        for move in wire.moves if wire.event_class is event else ():
            found.setdefault((move.part.name, move.action), set()).add((structure(move.key), _fields(move)))
    return found
