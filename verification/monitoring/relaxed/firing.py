"""What an event may do to what a system may have been: every line that some run could take, each on its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

import attrs

from fsm.language.leaves import FieldRef, Stamp
from fsm.language.machine import Transition
from fsm.language.parts import Each, Move
from fsm.language.system import Wire
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import Interval
from fsm.verification.monitoring.declared.worth import Worth, given, may_be, worth
from fsm.verification.monitoring.relaxed.state import OTHERS, Relaxed, Whereabouts

__all__ = ["Fields", "Stage", "Way", "moved", "replaced", "ways", "widen"]

Fields = Mapping[str, Worth]


@attrs.frozen(eq=False)
class Way:
    """What an instance may do.

    Attributes:
        lines: with the states that they leave.
        fields: of its action.
        certain: it moves, where the others do.
    """

    place: int
    key: Hashable
    lines: tuple[tuple[str, Transition], ...]
    fields: Fields
    certain: bool = True


@attrs.frozen(eq=False)
class Stage:
    """The time between two observations, and what may go unseen in it.

    Attributes:
        when: between these instants.
        told: within these instants, what the next record tells of.
        gap: anything.
        telling: places of parts of which the next record tells the changes.
        still: instances that are seen later in a state that they were in before.
        began: where the instances of parts were of which the next record tells the changes: it tells one change of each.
        seen: this is what the record shows: it may do anything.
    """

    when: Interval
    gap: bool
    telling: frozenset[int]
    still: frozenset[tuple[int, Hashable]]
    began: Mapping[tuple[int, Hashable], frozenset[str]] = attrs.field(factory=dict)
    seen: bool = False
    told: Interval | None = None

    def at(self, declaration: Declaration, place: int, state: str, line: Transition) -> Interval:
        """When an instance may take a line: a change that a record tells, at the instant of the record."""
        if self.told is None or self.gap or place not in declaration.told or line.target is None:
            return self.when
        return self.when if line.target.name == state else self.told

    def may_go_unseen(self, declaration: Declaration, event: type) -> bool:
        return self.gap or self.seen or event not in declaration.always

    def may_change(self, declaration: Declaration, place: int, key: Hashable, state: str, line: Transition) -> bool:
        if line.target is None or self.seen:
            return True
        if (place, key) in self.still:
            return False
        if place not in declaration.told or self.gap:
            return True
        if place not in self.telling:
            return line.target.name == state
        return state in self.began.get((place, key), self.began.get((place, OTHERS), ()))


def ways(
    relaxed: Relaxed, footprint: Footprint, keys: Mapping[str, Hashable], fields: Fields, stage: Stage
) -> list[list[Way]] | None:
    """For each wire that may apply, what it may do; None where no rule or wire lets the event be taken."""
    leaf = relaxed.leaf(fields)
    if not all(may_be(worth(rule.when, leaf), True) for rule, _, _ in footprint.rules):
        return None
    system = relaxed.declaration.system
    found = []
    for wire in system.wires_on(footprint.event):
        if wire.when is not None and not may_be(worth(wire.when, leaf), True):
            continue
        made = moved(relaxed, wire, keys, fields, stage, None)
        if made is not None:
            found.append(made)
    return found or None


def moved(
    relaxed: Relaxed, wire: Wire, keys: Mapping[str, Hashable], fields: Fields, stage: Stage, sender: Hashable
) -> list[Way] | None:
    """What the moves of a wire may do; None where one of them certainly cannot be made."""
    made: list[Way] = []
    for move in wire.moves:
        place = relaxed.declaration.places[move.part.name]
        given = _given(relaxed, move, fields)
        for key, needed in _moving(relaxed, place, move, keys, sender):
            lines = tuple(lines_of(relaxed, place, key, move.action, given, stage))
            if needed and not lines:
                return None
            made.append(Way(place, key, lines, given, needed))
    return made


def _given(relaxed: Relaxed, move: Move, fields: Fields) -> Fields:
    if not move.payload:
        return fields
    leaf = relaxed.leaf(fields)
    return {name: worth(value, leaf) for name, value in move.payload}


def _moving(
    relaxed: Relaxed, place: int, move: Move, keys: Mapping[str, Hashable], sender: Hashable
) -> Iterator[tuple[Hashable, bool]]:
    """The instances that a move may move, and whether it certainly needs them."""
    if not isinstance(move.part, Each):
        yield None, True
    elif isinstance(move.key, FieldRef) and move.key.name in keys:
        yield keys[move.key.name], True
    elif isinstance(move.key, Stamp) and sender is not None:
        yield sender, True
    else:
        yield from ((key, False) for key in relaxed.parts[place])


def lines_of(
    relaxed: Relaxed, place: int, key: Hashable, action: type, fields: Fields, stage: Stage
) -> Iterator[tuple[str, Transition]]:
    """The lines on an action that an instance may take, each with the state that it leaves."""
    one = relaxed.instance(place, key)
    for state in one.states:
        for line in relaxed.declaration.lines_on(place, action, state):
            if not stage.may_change(relaxed.declaration, place, key, state, line):
                continue
            if line.guard is None or may_be(worth(line.guard, relaxed.own_leaf(place, one, state, fields)), True):
                yield state, line


def widen(relaxed: Relaxed, several: Sequence[Way], stage: Stage, *, growing: bool = False) -> bool:
    """What may have happened may have been; whether that is new.

    Args:
        growing: numbers that grow do so for ever.
    """
    new = False
    for way in several:
        one = relaxed.instance(way.place, way.key)
        for state, line in way.lines:
            values = _written(relaxed, one, way, state, line)
            when = one.states[state] if line.target is None else stage.at(relaxed.declaration, way.place, state, line)
            target = state if line.target is None else line.target.name
            new = one.enter(target, when, values, growing=growing) or new
    return new


def _written(relaxed: Relaxed, one: Whereabouts, way: Way, state: str, line: Transition) -> tuple[Worth, ...]:
    """The values that a line leaves."""
    values = list(one.values[state])
    fields = way.fields
    if line.guard is not None:
        fields = given(line.guard, fields, relaxed.own_leaf(way.place, one, state, fields))
    variables = relaxed.declaration.machines[way.place].variables
    for variable, value in line.updates:
        slot = next(slot for slot, known in enumerate(variables) if known is variable)
        values[slot] = worth(value, relaxed.own_leaf(way.place, one, state, fields))
    return tuple(values)


def replaced(relaxed: Relaxed, several: Sequence[Way], when: Interval) -> None:
    """What has happened: the instances are where these lines lead."""
    for way in several:
        if way.key is OTHERS or not way.certain:
            widen(relaxed, [way], Stage(when, True, frozenset(), frozenset()))
            continue
        one = relaxed.instance(way.place, way.key)
        made = Whereabouts({}, {})
        for state, line in way.lines:
            target, entered = (state, one.states[state]) if line.target is None else (line.target.name, when)
            made.enter(target, entered, _written(relaxed, one, way, state, line))
        one.states, one.values = made.states, made.values
