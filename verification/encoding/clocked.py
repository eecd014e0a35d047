"""A few keyed instances with their clocks: what happens, and exactly when.

Each instance carries its time in state. A step first lets time pass by a delay that crosses no
deadline, then takes an event of a caller, or sends one that falls due just then. Of timers that
fall due at one instant those of an earlier part go first, and of the instances of one part any may.

What it can never say: anything about more instances than it was given keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations, product
from typing import Any

import attrs
import z3

from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import AnyState, Clock, Count, FieldRef, ForEach, Happens, InState, Moment, PartVar
from fsm.language.machine import State
from fsm.language.parts import Each, Move, One, Part, Sent
from fsm.language.system import System, Wire
from fsm.verification.encoding.instance import (
    InstanceTerms,
    NextInstance,
    initial_values,
    lapses,
    lengths_of,
    marks,
    no_fields,
    on_event,
    on_time,
    readable,
)
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.symbols import SymbolKind, integer, of_domain, truth
from fsm.verification.encoding.terms import Swap, Unencodable, conj, disj
from fsm.verification.encoding.translation import Leaf, translate, within
from fsm.verification.facts import FactId, Of

__all__ = ["Clocked", "Happening", "Slot"]

Term = Any


@attrs.frozen(eq=False)
class Slot:
    """One instance: the symbols of its state, its variables, the timers of its stay and its time in state."""

    part: Part
    number: int | None
    state: Term
    values: Mapping[Var[Any], Term]
    spent: tuple[Term, ...]
    age: Term

    def symbols(self) -> tuple[Term, ...]:
        return (self.state, *self.values.values(), *self.spent, self.age)


@attrs.frozen(eq=False)
class Happening:
    """One way a step can go, after the delay.

    Attributes:
        event: what happens; `sender` the slot whose timer sends it, of what is counted the part, None for a caller's.
        condition: when, rules and clocks included.
        next: the term of every symbol that changes, ages left out where they just grow.
        actions: which slot takes which action; of what is counted, which part.
    """

    event: type
    sender: Slot | Part | None
    condition: Term
    next: Mapping[Any, Term]
    actions: tuple[tuple[Slot | Part, type], ...]

    @property
    def lapses(self) -> bool:
        """Whether a timer's guard says no: nothing happens then, and no claim on steps speaks of it."""
        return self.sender is not None and not self.actions


@attrs.define(eq=False)
class Clocked:
    """The clocked encoding of a system with a fixed number of keys for each `each` part.

    Attributes:
        keys: how many instances of each part are followed, by the part's name.
        delay: the symbol of the time that passes before the event, milliseconds.
        fixed: values of parameters that a profile fixes.
    """

    system: System
    keys: Mapping[str, int] = attrs.field(factory=dict)
    delay: Term = attrs.field(factory=lambda: integer(SymbolKind.DELAY))
    fixed: Mapping[str, Any] = attrs.field(factory=dict)

    @cached_property
    def places(self) -> Places:
        return Places(self.system)

    @cached_property
    def params(self) -> dict[Param[Any], Term]:
        return self.places.parameters(self.fixed)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        numbers = [
            (part, None) if isinstance(part, One) else (part, number)
            for part in self.system.parts
            for number in range(self.keys.get(part.name, 0) if isinstance(part, Each) else 1)
        ]
        return tuple(self._slot(part, None if isinstance(part, One) else number) for part, number in numbers)

    def _slot(self, part: Part, number: int | None) -> Slot:
        at = (self.places.parts[part],) if number is None else (self.places.parts[part], number)
        bits = max(len(part.machine.timers(state)) for state in part.machine.states)
        values = {
            variable: of_domain(variable.domain, SymbolKind.VARIABLE, *at, place)
            for place, variable in enumerate(readable(part.machine))
        }
        fired = tuple(truth(SymbolKind.FIRED, *at, bit) for bit in range(bits))
        return Slot(part, number, integer(SymbolKind.STATE, *at), values, fired, integer(SymbolKind.AGE, *at))

    @cached_property
    def ones(self) -> dict[One, tuple[Term, Mapping[Var[Any], Term], tuple[Term, ...]]]:
        """For each `one` part: the symbol of its state, those of its variables, those of its timers."""
        return {slot.part: (slot.state, slot.values, slot.spent) for slot in self.slots if isinstance(slot.part, One)}

    @cached_property
    def start(self) -> dict[Any, Term]:
        """The value of every symbol at the start."""
        return self._first()

    def _first(self) -> dict[Any, Term]:
        values: dict[Any, Term] = {}
        for slot in self.slots:
            values.update(self.absent(slot))
        return values

    def absent(self, slot: Slot) -> dict[Any, Term]:
        """The symbols of an instance in its initial state."""
        values = {
            slot.state: z3.IntVal(slot.part.machine.states.index(slot.part.machine.initial)),
            slot.age: z3.IntVal(0),
        }
        values.update({slot.values[variable]: value for variable, value in initial_values(slot.part.machine).items()})
        values.update(dict.fromkeys(slot.spent, z3.BoolVal(False)))
        return values

    @cached_property
    def typing(self) -> tuple[Term, ...]:
        """What the symbols' types say, and that time does not run backwards."""
        return (*self._typed(), self.delay >= 0)

    def _typed(self) -> list[Term]:
        said = [bound for param in self.system.parameters for bound in within(self.params[param], param.domain)]
        for slot in self.slots:
            said += [slot.state >= 0, slot.state < len(slot.part.machine.states), slot.age >= 0]
            said += [bound for variable, term in slot.values.items() for bound in within(term, variable.domain)]
        return said

    def place(self, slot: Slot, state: State, age: Term) -> InstanceTerms:
        return InstanceTerms(
            slot.part.machine, state, slot.values, slot.spent[: len(slot.part.machine.timers(state))], age
        )

    def deadlines(self, slot: Slot, age: Term, strict: bool) -> list[Term]:
        """For each timer of each state: where it has not fired it lies ahead of this age (or at it, unless strict)."""
        return [term for _, _, term in self._deadlines(slot, age, strict)]

    def _deadlines(self, slot: Slot, age: Term, strict: bool) -> Iterator[tuple[int, int, Term]]:
        for number, state in enumerate(slot.part.machine.states):
            place = self.place(slot, state, age)
            for timer, (bit, length) in enumerate(zip(place.spent, lengths_of(place, self.params), strict=True)):
                ahead = age < length if strict else age <= length
                yield number, timer, z3.Or(slot.state != self._index(slot, state), bit, ahead)

    @cached_property
    def clock_facts(self) -> tuple[tuple[FactId, Term], ...]:
        """What ages and fired timers say of each other, where every part has one instance; candidates for invariants."""
        said: list[tuple[FactId, Term]] = []
        for slot in self.slots:
            part = self.places.parts[slot.part]
            said += [
                (FactId(Of.DEADLINE, (part, state, timer)), term)
                for state, timer, term in self._deadlines(slot, slot.age, strict=False)
            ]
            for number, state in enumerate(slot.part.machine.states):
                place = self.place(slot, state, slot.age)
                here = slot.state == self._index(slot, state)
                for timer, (bit, length) in enumerate(zip(place.spent, lengths_of(place, self.params), strict=True)):
                    lasted = z3.Implies(z3.And(here, bit), slot.age >= length)
                    said.append((FactId(Of.LASTED, (part, number, timer)), lasted))
                known = (*marks(place, part, number), *lapses(place, self.params, part, number))
                said += [(fact, z3.Implies(here, mark)) for fact, mark in known]
        return tuple(said)

    # Steps

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        return tuple(self._happenings())

    def _happenings(self) -> Iterator[Happening]:
        yield from (one for event in self.system.events for one in self._called(event))
        yield from (one for slot in self.slots for one in self._timed(slot))

    @cached_property
    def grown(self) -> dict[Any, Term]:
        """The ages after the delay."""
        return {slot.age: slot.age + self.delay for slot in self.slots}

    def after_delay(self, term: Term) -> Term:
        return self._grown(term)

    @cached_property
    def _grown(self) -> Swap:
        return Swap(self.grown.items())

    def after(self, happening: Happening, term: Term) -> Term:
        """A term over the state before the delay, said of the state after the step."""
        if happening not in self._known:
            self._known[happening] = Swap({**self.grown, **happening.next}.items())
        return self._known[happening](term)

    @cached_property
    def _known(self) -> dict[Happening, Swap]:
        """What was said of the state after a happening is said in one go the next time."""
        return {}

    def _called(self, event: type) -> Iterator[Happening]:
        calm = [term for slot in self.slots for term in self.deadlines(slot, slot.age + self.delay, strict=True)]

        def fields(expr: Expr[Any]) -> Term:
            assert isinstance(expr, FieldRef)
            return self.places.field(event, expr)

        rules = [translate(rule.when, self._condition(fields)) for rule in self.system.rules if event in rule.on]
        bounds = self.places.field_bounds(event)
        for one in self.system.all_wires:
            if one.event is event:
                for condition, changes, actions in self._wire(one, fields, None):
                    yield Happening(event, None, conj((*calm, *bounds, *rules, *condition)), changes, actions)

    def _condition(self, fields: Leaf) -> Leaf:
        return lambda expr: fields(expr) if isinstance(expr, FieldRef) else self.state_leaf(expr)

    def _wire(
        self, one: Wire, fields: Leaf, sender: Slot | None
    ) -> Iterator[tuple[list[Term], dict[Any, Term], tuple[tuple[Slot, type], ...]]]:
        when = self.system.applies(one)
        condition = [] if when is None else [self.after_delay(translate(when, self._condition(fields)))]
        for picked in product(*(list(self._move(move, one, fields, sender)) for move in one.moves)):
            changes = {symbol: term for _, next_values, _ in picked for symbol, term in next_values.items()}
            actions = tuple(pair for _, _, moved in picked for pair in moved)
            if not any(first[0] is second[0] for first, second in combinations(actions, 2)):
                taken = [term for conditions, _, _ in picked for term in conditions]
                yield [*condition, *taken, *self._room(changes, actions)], changes, actions

    def _move(
        self, move: Move, one: Wire, fields: Leaf, sender: Slot | None
    ) -> Iterator[tuple[list[Term], dict[Any, Term], tuple[tuple[Slot, type], ...]]]:
        payload = dict(move.payload)

        def given(expr: Expr[Any]) -> Term:
            value = payload[expr.name] if isinstance(expr, FieldRef) else expr
            return translate(value, lambda node: fields(node) if isinstance(node, FieldRef) else self._param(node))

        slots = [slot for slot in self.slots if slot.part is move.part]
        if isinstance(move.part, Each) and move.where is not None:
            yield self._every(slots, move, given)
            return
        for slot in slots:
            named: list[Term] = []
            if isinstance(move.key, FieldRef):
                named = [self.places.field(one.event_class, move.key) == slot.number]
            elif move.key is not None and (sender is None or sender.number != slot.number):
                continue
            for state in slot.part.machine.states:
                for outcome in on_event(
                    self.place(slot, state, slot.age + self.delay), move.action, self.params, given
                ):
                    here = [*named, slot.state == self._index(slot, state), outcome.condition]
                    yield here, self._next(slot, outcome), ((slot, move.action),)

    def _room(self, changes: Mapping[Any, Term], actions: tuple[tuple[Slot, type], ...]) -> Iterator[Term]:
        """Of each part that moves there are no more than there were, or no more than there may be; of keys, those before and after together."""
        for part in dict.fromkeys(slot.part for slot, _ in actions):
            if isinstance(part, Each):
                slots = [slot for slot in self.slots if slot.part is part]
                before = [self._exists(slot) for slot in slots]
                after = [z3.substitute(one, *changes.items()) for one in before]
                seen = [z3.Or(*pair) for pair in zip(before, after, strict=True)]
                for limit, counted in ((part.at_most, after), (part.population, seen)):
                    if limit is not None:
                        there, then = (z3.Sum([z3.If(one, 1, 0) for one in some]) for some in (before, counted))
                        yield z3.Or(then <= there, then <= translate(limit, self._param))

    def _every(
        self, slots: list[Slot], move: Move, fields: Leaf
    ) -> tuple[list[Term], dict[Any, Term], tuple[tuple[Slot, type], ...]]:
        assert move.where is not None
        conditions: list[Term] = []
        changes: dict[Any, Term] = {}
        for slot in slots:
            fits = z3.And(self._exists(slot), self.in_slot(slot, move.where, slot.age + self.delay))
            ways: list[tuple[Term, NextInstance]] = []
            for state in slot.part.machine.states:
                for outcome in on_event(
                    self.place(slot, state, slot.age + self.delay), move.action, self.params, fields
                ):
                    ways.append((z3.And(slot.state == self._index(slot, state), outcome.condition), outcome))
            conditions.append(z3.Or(z3.Not(fits), *(way for way, _ in ways)))
            for way, outcome in ways:
                for changed, term in self._next(slot, outcome).items():
                    stays = changes.get(changed, self.grown.get(changed, changed))
                    changes[changed] = z3.If(z3.And(fits, way), term, stays)
        return conditions, changes, tuple((slot, move.action) for slot in slots)

    def _timed(self, slot: Slot) -> Iterator[Happening]:
        others = [
            term
            for other in self.slots
            if other is not slot
            for term in self.deadlines(
                other, other.age + self.delay, strict=self.places.parts[other.part] < self.places.parts[slot.part]
            )
        ]
        for state in slot.part.machine.states:
            place = self.place(slot, state, slot.age + self.delay)
            for (timer, outcomes), length in zip(
                on_time(place, self.params), lengths_of(place, self.params), strict=True
            ):
                here = [slot.state == self._index(slot, state), slot.age + self.delay == length, *others]
                for outcome in outcomes:
                    own = ((slot, timer.event),) if outcome.transition is not None else ()
                    for condition, changes, actions in self._followers(slot, timer.event, bool(own)):
                        together = conj((*here, outcome.condition, *condition))
                        yield Happening(
                            timer.event, slot, together, {**self._next(slot, outcome), **changes}, own + actions
                        )

    def _followers(
        self, slot: Slot, event: type, sent: bool
    ) -> Iterator[tuple[list[Term], dict[Any, Term], tuple[tuple[Slot, type], ...]]]:
        wires = [
            one
            for one in self.system.wires
            if isinstance(one.event, Sent) and one.event.part is slot.part and one.event.event is event
        ]
        if not wires or not sent:
            yield [], {}, ()
        for one in wires if sent else ():
            yield from self._wire(one, no_fields, slot)

    def _next(self, slot: Slot, outcome: NextInstance) -> dict[Any, Term]:
        if isinstance(slot.part, Each) and outcome.state == slot.part.machine.initial:
            return self.absent(slot)
        changes: dict[Any, Term] = {slot.state: self._index(slot, outcome.state)}
        changes.update({slot.values[variable]: term for variable, term in outcome.values.items()})
        bits = (*outcome.spent, *(z3.BoolVal(False) for _ in range(len(slot.spent) - len(outcome.spent))))
        changes.update(dict(zip(slot.spent, bits, strict=True)))
        if outcome.anew:
            changes[slot.age] = z3.IntVal(0)
        return changes

    # Formulas

    def state(self, formula: Formula) -> Term:
        return translate(formula, self.state_leaf)

    def step(self, formula: Formula, happening: Happening) -> Term:
        """A formula over a step; `before` is just before it, when the delay has passed."""

        def leaf(expr: Expr[Any]) -> Term:
            match expr:
                case Moment(when="before", of=of):
                    return self.after_delay(self.state(of))
                case Moment(of=of):
                    return self.after(happening, self.state(of))
                case Happens(events=events):
                    return z3.BoolVal(
                        happening.event in events or any(action in events for _, action in happening.actions)
                    )
                case _:
                    return self._param(expr)

        return translate(formula, leaf)

    def state_leaf(self, expr: Expr[Any]) -> Term:
        match expr:
            case InState(part=One() as part, states=states):
                return disj([self._one(part).state == self._index(self._one(part), state) for state in states])
            case PartVar(part=One() as part, var=var):
                return self._one(part).values[var]
            case Clock(part=One() as part):
                return self._one(part).age
            case Count(part=part, where=where):
                return z3.Sum(
                    [z3.If(self._counted(slot, where), 1, 0) for slot in self.slots if slot.part is part]
                    or [z3.IntVal(0)]
                )
            case ForEach(part=part, formula=formula):
                return z3.And(
                    [
                        z3.Or(z3.Not(self._exists(slot)), self.in_slot(slot, formula, slot.age))
                        for slot in self.slots
                        if slot.part is part
                    ]
                )
            case _:
                return self._param(expr)

    def _counted(self, slot: Slot, where: Formula) -> Term:
        return z3.And(self._exists(slot), self.in_slot(slot, where, slot.age))

    def _exists(self, slot: Slot) -> Term:
        return slot.state != self._index(slot, slot.part.machine.initial)

    def in_slot(self, slot: Slot, formula: Formula, age: Term) -> Term:
        """A formula over one instance, said of a slot; other leaves speak of the system."""

        def leaf(expr: Expr[Any]) -> Term:
            match expr:
                case InState(part=None, states=states):
                    return disj([slot.state == self._index(slot, state) for state in states])
                case Clock(part=None):
                    return age
                case Var() if expr in slot.values:
                    return slot.values[expr]
                case _:
                    return self.state_leaf(expr)

        return translate(formula, leaf)

    def _one(self, part: One) -> Slot:
        return next(slot for slot in self.slots if slot.part is part)

    def _index(self, slot: Slot, state: AnyState) -> Term:
        return z3.IntVal(slot.part.machine.states.index(state))

    def _param(self, expr: Expr[Any]) -> Term:
        if isinstance(expr, Param):
            return self.params[expr]
        raise Unencodable(str(expr))
