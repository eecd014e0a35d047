"""The clocked encoding asked about concrete snapshots: what it says can happen there, and what then is.

A position is a snapshot in the encoding's own terms: a value for each of its symbols. Slots are
given to keys by number; the time in state of an instance that does not exist says nothing and is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import z3

from fsm import Snapshot
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.parts import Each
from fsm.language.snapshot import Instance
from fsm.verification.encoding.clocked import Clocked, Happening, Slot
from fsm.verification.encoding.translation import of_value

from .reachable import Numbers, key_fields
from .substituting import Assignment, Conditions, Exchange, Symbols, plain

__all__ = ["ByKeys", "Position"]

Position = tuple[Any, ...]
Call = tuple[type, tuple[object, ...]]
"""An event class with a value for each field: a number for a key, None for carried data."""


class ByKeys:
    """The clocked encoding of a system under one profile.

    Args:
        encoding: with as many keys as any snapshot has instances, and one more.
        params: the value of every parameter.
    """

    def __init__(self, encoding: Clocked, params: Mapping[str, Any]) -> None:
        self.encoding = encoding
        self.system = encoding.system
        self.params = {term: of_value(params[param.name]) for param, term in encoding.params.items()}
        symbols = [symbol for slot in encoding.slots for symbol in slot.symbols()]
        places = {symbol: place for place, symbol in enumerate(symbols)}
        self.symbols = Symbols([*symbols, encoding.delay])
        self._ages = {places[slot.age] for slot in encoding.slots}
        self._absences = [
            (places[slot.state], places[slot.age], initial_state(slot))
            for slot in encoding.slots
            if isinstance(slot.part, Each)
        ]
        self._exchanges: dict[Call | None, Exchange] = {}
        self._known: dict[Call, list[tuple[Happening, Any]]] = {}
        self._asked: dict[tuple[Call, ...], tuple[list[tuple[Call, Happening]], Conditions]] = {}
        self._moved: dict[tuple[Happening, Call | None], Assignment] = {}

    # Between snapshots and positions

    def position(self, snapshot: Snapshot, numbers: Numbers) -> Position:
        """A snapshot in the encoding's terms."""
        values: list[Any] = []
        for slot in self.encoding.slots:
            values += self._slot(slot, snapshot, numbers)
        return tuple(values)

    def _slot(self, slot: Slot, snapshot: Snapshot, numbers: Numbers) -> list[Any]:
        held = snapshot[slot.part.name]
        instance = (
            held
            if isinstance(held, Instance)
            else next((one for key, one in held.items() if numbers[key] == slot.number), None)
        )
        if instance is None:
            return [
                initial_state(slot),
                *(plain(variable.initial) for variable in slot.values),
                *(False for _ in slot.spent),
                0,
            ]
        states = [state.name for state in slot.part.machine.states]
        variables = instance.variables
        spent = [bool(instance.spent & (1 << bit)) for bit in range(len(slot.spent))]
        return [
            states.index(instance.state),
            *(plain(variables[one.name]) for one in slot.values),
            *spent,
            snapshot.now - instance.since,
        ]

    def call(self, event: object, numbers: Numbers) -> Call:
        """An event in the encoding's terms."""
        kind: type = type(event)
        keys, refs = key_fields(self.system, kind), field_refs(kind)
        values = [
            numbers[getattr(event, name)] if name in keys else _field(ref.domain, getattr(event, name))
            for name, ref in refs.items()
        ]
        return kind, tuple(values)

    # What can happen

    def answers(self, position: Position, calls: tuple[Call, ...], delay: int) -> dict[Call, list[Position]]:
        """For each event, the positions to which it may lead after a delay; none where it is refused."""
        found: dict[Call, list[Position]] = {call: [] for call in calls}
        for call, happening in self.happenings(position, calls, delay):
            found[call].append(self._after(happening, call, position, delay))
        return found

    def happenings(self, position: Position, calls: tuple[Call, ...], delay: int) -> list[tuple[Call, Happening]]:
        """What may happen on these events after a delay."""
        ways, conditions = self._called(calls)
        return [ways[place] for place in conditions.hold((*position, delay))]

    def timed(self, position: Position, delay: int) -> set[Position]:
        """The positions to which timers may lead that fire when the delay has passed, others having lapsed before."""
        found: set[Position] = set()
        seen = open_ = {(position, delay)}
        while open_:
            steps = [(self._step(happening, *here), happening) for here in open_ for happening in self._due(*here)]
            found |= {after for after, happening in steps if happening.actions}
            open_ = {(after, 0) for after, happening in steps if not happening.actions} - seen
            seen = seen | open_
        return found

    def settled(self, position: Position, delay: int) -> tuple[set[Position], bool]:
        """The positions in which time may end when the delay has passed and every timer due by then has fired; and whether some timer may be blocked."""
        ends: set[Position] = set()
        blocked = False
        seen = open_ = {(position, delay)}
        while open_:
            due = {here: self._due(*here) for here in open_}
            for (here, wait), happenings in due.items():
                senders = [
                    slot
                    for place, slot in enumerate(self.encoding.slots)
                    if place not in self._calm.hold((*here, wait))
                ]
                blocked |= any(slot not in [one.sender for one in happenings] for slot in senders)
                ends |= set() if senders else {self._older(here, wait)}
            open_ = {
                (self._step(happening, *here), 0) for here, happenings in due.items() for happening in happenings
            } - seen
            seen = seen | open_
        return ends, blocked

    def _step(self, happening: Happening, position: Position, delay: int) -> Position:
        return self._after(happening, None, position, delay)

    def _due(self, position: Position, delay: int) -> list[Happening]:
        """What time may send or let lapse when the delay has passed."""
        happenings, conditions = self._timers
        return [happenings[place] for place in conditions.hold((*position, delay))]

    @cached_property
    def _calm(self) -> Conditions:
        """Of each slot, whether none of its timers is due when the delay has passed."""
        ahead = [
            self.encoding.deadlines(slot, slot.age + self.encoding.delay, strict=True) for slot in self.encoding.slots
        ]
        put = self._exchange(None).put
        return Conditions([put(z3.And([z3.BoolVal(True), *terms])) for terms in ahead], self.symbols)

    @cached_property
    def _timers(self) -> tuple[list[Happening], Conditions]:
        timed = [one for one in self.encoding.happenings if one.sender is not None]
        return timed, Conditions(self._exchange(None).put_all([one.condition for one in timed]), self.symbols)

    def _called(self, calls: tuple[Call, ...]) -> tuple[list[tuple[Call, Happening]], Conditions]:
        if calls not in self._asked:
            ways = [(call, happening, condition) for call in calls for happening, condition in self._ways(call)]
            conditions = Conditions([condition for _, _, condition in ways], self.symbols)
            self._asked[calls] = ([(call, happening) for call, happening, _ in ways], conditions)
        return self._asked[calls]

    def _ways(self, call: Call) -> list[tuple[Happening, Any]]:
        """The happenings of an event with these fields that some position allows."""
        if call not in self._known:
            called = [one for one in self.encoding.happenings if one.sender is None and one.event is call[0]]
            conditions = self._exchange(call).put_all([one.condition for one in called])
            ways = zip(called, conditions, strict=True)
            self._known[call] = [(one, condition) for one, condition in ways if not z3.is_false(condition)]
        return self._known[call]

    def _exchange(self, call: Call | None) -> Exchange:
        """Values for parameters, and for the fields of an event."""
        if call not in self._exchanges:
            self._exchanges[call] = Exchange({**self.params, **({} if call is None else self.fields(call))})
        return self._exchanges[call]

    def fields(self, call: Call) -> dict[Any, Any]:
        """The values of the symbols of an event's fields."""
        event, values = call
        refs = zip(field_refs(event).values(), values, strict=True)
        return {self.encoding.places.field(event, ref): of_value(value) for ref, value in refs if value is not None}

    # What then is

    def _after(self, happening: Happening, call: Call | None, position: Position, delay: int) -> Position:
        if (happening, call) not in self._moved:
            terms = self._exchange(call).put_all([*happening.next.values()])
            self._moved[happening, call] = Assignment(dict(zip(happening.next, terms, strict=True)), self.symbols)
        return self._without_absent_ages(
            self._moved[happening, call].after((*position, delay), self._older(position, delay))
        )

    def _older(self, position: Position, delay: int) -> Position:
        """When only time has passed."""
        return self._without_absent_ages(
            [value + delay if place in self._ages else value for place, value in enumerate(position)]
        )

    def _without_absent_ages(self, position: list[Any]) -> Position:
        for state, age, initial in self._absences:
            if position[state] == initial:
                position[age] = 0
        return tuple(position)


def initial_state(slot: Slot) -> int:
    return slot.part.machine.states.index(slot.part.machine.initial)


def _field(domain: Any, value: Any) -> object:
    return None if isinstance(domain, Opaque) else plain(value)
