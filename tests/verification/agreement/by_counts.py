"""The counting encoding asked about concrete snapshots: which branches are open there, and where they lead.

A tally is a snapshot in the encoding's own terms: how many instances are in each cell, and the
state of every `one` part. Keys and clocks are forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import attrs
import z3

from fsm import Machine, Snapshot
from fsm.language.domains import Opaque, is_finite
from fsm.language.events import field_refs
from fsm.language.leaves import FieldRef
from fsm.language.parts import Each, Move
from fsm.language.snapshot import Instance
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.symbols import SymbolKind, integer
from fsm.verification.encoding.translation import of_value

from .reachable import wires_on
from .substituting import Assignment, Conditions, Exchange, Holes, Symbols, plain, speak_of, value_of

__all__ = ["ByCounts", "Named", "Tally"]

Tally = tuple[Any, ...]
Where = tuple[tuple[str, Cell], ...]
"""The parts and cells of the instances that an event names by key, in the order of the moves."""
Payload = tuple[type, object]
"""An event class with the values of its finite fields; for what time sends, with the part that it is sent to."""
Term = Any


@attrs.frozen
class Named:
    """An instance that the i-th move of a wire names by its key: where it is and for how long (None: it does not exist)."""

    move: int
    part: str
    key: Hashable
    cell: Cell
    age: int | None


@attrs.frozen(eq=False)
class Way:
    """A branch under one profile, for one payload.

    Attributes:
        occurrence, branch: of the encoding.
        fields: the values of the event's fields.
        where: the instances that it moves by key.
        lapses: a timer lapses, and nothing is sent.
        condition: when it is open.
        known: what the terms of the branch become under this profile, for this payload.
        symbols: of tallies.
    """

    occurrence: Occurrence
    branch: Branch
    fields: Mapping[Any, Term]
    where: Where
    lapses: bool
    condition: Term
    known: Exchange
    symbols: Symbols

    @property
    def clock(self) -> Holes | None:
        """What it says of the time in state; None for nothing."""
        return self._followed[0]

    @property
    def moves(self) -> Assignment:
        """What becomes of the tally."""
        return self._followed[1]

    @cached_property
    def _followed(self) -> tuple[Holes | None, Assignment]:
        """Made for those that open somewhere, which few do."""
        changed = [one for one in self.branch.next if one.get_id() in self.symbols.places]
        said, *terms = self.known.put_all(
            [z3.And([z3.BoolVal(True), *self.branch.clock]), *(self.branch.next[one] for one in changed)]
        )
        moves = Assignment(dict(zip(changed, terms, strict=True)), self.symbols)
        return None if z3.is_true(said) else Holes(said, self.symbols), moves


class ByCounts:
    """The counting encoding of a system under one profile.

    Args:
        params: the value of every parameter.
    """

    def __init__(self, encoding: Counting, params: Mapping[str, Any]) -> None:
        self.encoding = encoding
        self.system = encoding.system
        self.params = {term: of_value(params[param.name]) for param, term in encoding.params.items()}
        ever = set(encoding.emitted.values())
        self.symbols = Symbols([one for one in encoding.variables if one not in ever])
        self._counters = {
            part: {cell: place for place, cell in enumerate(counters)} for part, counters in encoding.counters.items()
        }
        self._cells: dict[tuple[Machine, Any], Cell] = {}
        self._open: dict[Tally, Mapping[Payload, list[tuple[Way, Term]]]] = {}

    # Between snapshots and tallies

    def tally(self, snapshot: Snapshot) -> Tally:
        """A snapshot in the encoding's terms."""
        values: list[Any] = []
        for part, (_, variables, spent) in self.encoding.ones.items():
            instance = snapshot[part.name]
            known = instance.variables
            values.append([one.name for one in part.machine.states].index(instance.state))
            values += [plain(known[variable.name]) for variable in variables]
            values += [bool(instance.spent & (1 << place)) for place in range(len(spent))]
        for each, counters in self._counters.items():
            counts = [0] * len(counters)
            for one in snapshot[each.name].values():
                counts[counters[self.cell(each.machine, one)]] += 1
            values += counts
        return tuple(values)

    def cell(self, machine: Machine, instance: Instance) -> Cell:
        """The cell that an instance is in."""
        known = (machine, (instance[0], *instance[2:]))
        if known not in self._cells:
            self._cells[known] = _cell(self.encoding, machine, instance)
        return self._cells[known]

    def named(self, snapshot: Snapshot, event: object) -> tuple[tuple[Named, ...], ...]:
        """For each wire of the event, the instances that its moves name by key, in order."""
        kind: type = type(event)
        return tuple(
            tuple(
                self._named(snapshot, place, move, event)
                for place, move in enumerate(one.moves)
                if isinstance(move.key, FieldRef)
            )
            for one in wires_on(self.system, kind)
        )

    def _named(self, snapshot: Snapshot, place: int, move: Move, event: object) -> Named:
        assert isinstance(move.part, Each) and isinstance(move.key, FieldRef)
        key = getattr(event, move.key.name)
        instance = snapshot[move.part.name].get(key)
        if instance is None:
            return Named(place, move.part.name, key, self.encoding.cells[move.part].initial, None)
        return Named(place, move.part.name, key, self.cell(move.part.machine, instance), snapshot.now - instance.since)

    # What can happen

    def called(self, snapshot: Snapshot, tally: Tally, event: object) -> set[Tally]:
        """The tallies to which an event leads, with the keys it names; none where it is refused."""
        return {tuple(way.moves.after(tally)) for way in self.open_ways(snapshot, tally, event)}

    def open_ways(self, snapshot: Snapshot, tally: Tally, event: object) -> list[Way]:
        """The branches that an event opens, with the keys it names."""
        ways = self._opened(tally).get(_payload(event), [])
        found: list[Way] = []
        for named in self.named(snapshot, event):
            if len({(one.part, one.key) for one in named}) < len(named):
                continue  # counters do not tell keys apart: an instance named twice is no branch of theirs, and refused
            where = tuple((one.part, one.cell) for one in named)
            found += [
                way
                for way, left in ways
                if way.where == where and way not in found and self._holds(left, snapshot, named)
            ]  # wires may name alike
        return found

    def sent(self, tally: Tally, event: type, part: str) -> set[Tally]:
        """The tallies to which an event may lead that time sends to some instance of a part, others having lapsed before."""
        ways = ((one, way) for one in self.lapsed(tally) for way, _ in self._opened(one).get((event, part), []))
        return {tuple(way.moves.after(one)) for one, way in ways if not way.lapses}

    def lapsed(self, tally: Tally) -> set[Tally]:
        """The tallies to which timers lead that lapse."""
        seen = open_ = {tally}
        while open_:
            ways = ((one, way) for one in open_ for opened in self._opened(one).values() for way, _ in opened)
            open_ = {tuple(way.moves.after(one)) for one, way in ways if way.lapses} - seen
            seen = seen | open_
        return seen

    def _opened(self, tally: Tally) -> Mapping[Payload, list[tuple[Way, Term]]]:
        """For each event, the branches open in a tally, each with what it says of clocks."""
        if tally not in self._open:
            of_tallies, conditions, of_clocks = self._ways
            open_: dict[Payload, list[tuple[Way, Term]]] = {}
            for place in conditions.hold(tally):
                name, way = of_tallies[place]
                open_.setdefault(name, []).append((way, _clock(way, tally)))
            for name, way, condition in of_clocks:
                left = condition.filled(tally)
                if not z3.is_false(left):
                    open_.setdefault(name, []).append((way, z3.And(left, _clock(way, tally))))
            self._open[tally] = open_
        return self._open[tally]

    @cached_property
    def _ways(self) -> tuple[list[tuple[Payload, Way]], Conditions, list[tuple[Payload, Way, Holes]]]:
        """Every branch of every event: those that speak of tallies alone, and those that speak of clocks too."""
        ways = [(name, way) for one in self.encoding.occurrences for name, way in self._of_occurrence(one)]
        alone = speak_of([way.condition for _, way in ways], self.symbols)
        of_tallies = [one for one, plain_ in zip(ways, alone, strict=True) if plain_]
        of_clocks = [
            (name, way, Holes(way.condition, self.symbols))
            for (name, way), plain_ in zip(ways, alone, strict=True)
            if not plain_
        ]
        return of_tallies, Conditions([way.condition for _, way in of_tallies], self.symbols), of_clocks

    def _of_occurrence(self, occurrence: Occurrence) -> Iterator[tuple[Payload, Way]]:
        refs = [ref for ref in field_refs(occurrence.event).values() if is_finite(ref.domain)]
        for values in product(*(ref.domain.values() for ref in refs)):
            fields = {
                self.encoding.places.field(occurrence.event, ref): of_value(value)
                for ref, value in zip(refs, values, strict=True)
            }
            known = Exchange(self.params | fields)
            asked = [occurrence.quiet, *(term for _, term in occurrence.rules)]
            conditions = known.put_all([z3.And([*asked, *one.conditions]) for one in occurrence.branches])
            payload = values if occurrence.sender is None else occurrence.sender.name
            for branch, condition in zip(occurrence.branches, conditions, strict=True):
                if not z3.is_false(condition):
                    lapses = not branch.transitions
                    yield (
                        (occurrence.event, payload),
                        Way(occurrence, branch, fields, _where(branch), lapses, condition, known, self.symbols),
                    )

    def _holds(self, clock: Term, snapshot: Snapshot, named: Sequence[Named]) -> bool:
        """Whether what is left of a condition, which speaks of clocks, is true of a snapshot."""
        return z3.is_true(clock) or bool(value_of(Exchange(self._ages(snapshot) | _elapsed(named)).put(clock)))

    def _ages(self, snapshot: Snapshot) -> dict[Any, Term]:
        return {
            integer(SymbolKind.AGE, self.encoding.places.parts[part]): z3.IntVal(
                snapshot.now - snapshot[part.name].since
            )
            for part in self.encoding.ones
        }


def _payload(event: object) -> Payload:
    refs = field_refs(type(event))
    return type(event), tuple(getattr(event, name) for name, ref in refs.items() if is_finite(ref.domain))


def _cell(encoding: Counting, machine: Machine, instance: Instance) -> Cell:
    cells = next(cells for part, cells in encoding.cells.items() if part.machine is machine)
    state = next(one for one in machine.states if one.name == instance.state)
    known = instance.variables
    values = tuple(known[variable.name] for variable in machine.variables if not isinstance(variable.domain, Opaque))
    return cells.cell(
        state, values, tuple(bool(instance.spent & (1 << bit)) for bit in range(len(machine.timers(state))))
    )


def _where(branch: Branch) -> Where:
    """What a branch moves by key: instances of which it moves exactly one."""
    return tuple((one.part.name, one.before) for one in branch.moved if one.before is not None and one.alone)


def _clock(way: Way, tally: Tally) -> Term:
    return z3.BoolVal(True) if way.clock is None else way.clock.filled(tally)


def _elapsed(named: Sequence[Named]) -> dict[Hashable, Term]:
    """The encoding speaks of the time in state of what the i-th move names."""
    return {integer(SymbolKind.MOVED_AGE, one.move): z3.IntVal(one.age) for one in named if one.age is not None}
