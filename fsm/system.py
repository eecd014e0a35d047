"""A system: machines that move together, by wires, under rules.

A part is `one(machine)` or `each(machine)`, any number of instances told apart by a key. A wire
says which instances move on an event and by which action; a rule forbids. All instances named
move in one step or none does. What can be wrong is checked by `fsm.checks.systems`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

import attrs

from fsm.errors import DefinitionError
from fsm.events import check_event, check_fields, field_refs
from fsm.expressions import (
    Clock, Count, Expr, ForEach, Formula, InState, Param, PartVar, Stamp, Var, formula, junction, lift, substitute,
)  # fmt: skip
from fsm.machine import Machine, State
from fsm.parameters import Assumption, parameters_of
from fsm.properties import Modality, Property

__all__ = ["Each", "Move", "One", "Part", "Rule", "Sent", "System", "Wire", "each", "as_system", "for_each", "one", "wire"]

T = TypeVar("T")


@attrs.frozen(eq=False)
class One:
    """A part with exactly one instance. Made by `one`."""

    name: str
    machine: Machine

    def inside(self, *states: State) -> Formula:
        """The part is in one of these states."""
        self._check(states)
        return InState(self, states)

    def __getitem__(self, variable: Var[T]) -> Expr[T]:
        """The value of one of its variables."""
        if not any(variable is known for known in self.machine.variables):
            raise DefinitionError(f"{self.name}[...]", f"{self.machine.name} has no variable {getattr(variable, 'name', variable)!r}")
        return PartVar(self, variable)

    def by(self, action: type, **fields: Any) -> Move:
        """The part moves by this event of its machine."""
        return Move(self, None, None, action, _payload(self, action, fields))

    def sends(self, event: type) -> Sent:
        """The event that time sends to this part, to wire other parts to it."""
        return Sent(self, event)

    def _check(self, states: Iterable[State]) -> None:
        for state in states:
            if state not in self.machine.states:
                raise DefinitionError(self.name, f"{self.machine.name} has no state {getattr(state, 'name', state)!r}")


@attrs.frozen(eq=False)
class Each:
    """A part with any number of instances, told apart by an opaque key. Made by `each`."""

    name: str
    machine: Machine
    key: str
    at_most: Expr[int] | None
    population: Expr[int] | None

    def __getitem__(self, key: Expr[Any]) -> Selection:
        """The instance with the key that an event names: `tiles[Accept.contact]`."""
        return Selection(self, key, None)

    def every(self, *where: State | Formula) -> Selection:
        """All instances that satisfy this at once: `tiles.every(after_work)`."""
        return Selection(self, None, self._where(where))

    def count(self, *where: State | Formula) -> Expr[int]:
        """How many instances are in one of the states named and satisfy every formula given."""
        return Count(self, self._where(where))

    def any(self, *where: State | Formula) -> Formula:
        return self.count(*where) > 0

    def none(self, *where: State | Formula) -> Formula:
        return self.count(*where) == 0

    def all(self, *where: State | Formula) -> Formula:
        """Every instance there is satisfies this; true when there is none."""
        return Count(self, ~self._where(where)) == 0

    def sends(self, event: type) -> Sent:
        """The event that time sends to an instance, to wire other parts to it."""
        return Sent(self, event)

    def _where(self, where: Iterable[State | Formula]) -> Formula:
        given = tuple(where)
        states = tuple(one for one in given if isinstance(one, State))
        formulas = [one for one in given if not isinstance(one, State)]
        for state in states:
            if state not in self.machine.states:
                raise DefinitionError(self.name, f"{self.machine.name} has no state {state.name!r}")
        if self.machine.initial in states:
            raise DefinitionError(self.name, f"an instance in {self.machine.initial.name!r} does not exist and cannot be selected")
        if states:
            formulas.insert(0, InState(None, states))
        if not formulas:
            return InState(None, tuple(state for state in self.machine.states if state != self.machine.initial))
        return formulas[0] if len(formulas) == 1 else junction("and", *formulas)


Part = One | Each


@attrs.frozen(eq=False)
class Selection:
    """Instances of a part that an event will move: one by its key, or every one that fits."""

    part: Each
    key: Expr[Any] | None
    where: Formula | None

    def by(self, action: type, **fields: Any) -> Move:
        """They move by this event of their machine, whose fields are given as values or expressions."""
        return Move(self.part, self.key, self.where, action, _payload(self.part, action, fields))


@attrs.frozen(eq=False)
class Sent:
    """The event that time sends to an instance of a part."""

    part: Part
    event: type

    @property
    def key(self) -> Expr[Any]:
        """The key of the instance that time moves."""
        return Stamp("key")


@attrs.frozen(eq=False)
class Move:
    """Which instances move and by which action. `key` and `where` are both None for a part made by `one`."""

    part: Part
    key: Expr[Any] | None
    where: Formula | None
    action: type
    payload: tuple[tuple[str, Expr[Any]], ...]


def _payload(part: Part, action: type, fields: dict[str, Any]) -> tuple[tuple[str, Expr[Any]], ...]:
    where = f"{part.name} by {getattr(action, '__name__', action)}"
    check_event(where, action)
    check_fields(where, {name: ref.domain for name, ref in field_refs(action).items()}, fields)
    return tuple((name, lift(value)) for name, value in fields.items())


@attrs.frozen(eq=False)
class Wire:
    """On an event, where the condition holds, these moves are made together. Made by `wire`."""

    event: type | Sent
    moves: tuple[Move, ...]
    when: Formula | None = None

    @property
    def event_class(self) -> type:
        return self.event.event if isinstance(self.event, Sent) else self.event


def wire(event: type | Sent, *moves: Move, when: Formula | None = None) -> Wire:
    """On `event`, where `when` holds, make these moves in one step.

    Args:
        event: an event class, or `part.sends(Event)` for one that time sends.
        moves: `part.by(Action)`, `part[Event.key].by(Action)` or `part.every(...).by(Action)`.
        when: over parts, parameters and the event's fields; wires of one event must not overlap.
    """
    if not isinstance(event, Sent):
        check_event("wire()", event)
    if not moves:
        raise DefinitionError(f"wire({_event_name(event)})", "moves nothing", "Name at least one move.")
    return Wire(event, moves, None if when is None else formula(when, "wire"))


def _event_name(event: type | Sent) -> str:
    return event.event.__name__ if isinstance(event, Sent) else event.__name__


@attrs.frozen(eq=False)
class Rule:
    """A named, cited condition of the system on events: where it does not hold they are refused."""

    name: str
    on: tuple[type, ...] = attrs.field(converter=lambda on: on if isinstance(on, tuple) else (on,))
    when: Formula
    cites: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        formula(self.when, f"rule {self.name!r}")
        for event in self.on:
            check_event(f"rule {self.name!r}", event)


@attrs.frozen(eq=False)
class System:
    """Machines moving together; checked when it is made.

    Attributes:
        name: an identifier.
        parts: its machines, each made by `one` or `each`.
        wires: for each event, what moves. An event class that machines of `one` parts share needs none.
        rules: what forbids an event.
        parameters: what a profile sets.
        assumptions: what every profile must satisfy.
        properties: what must hold.
        doc: a sentence.

    Raises:
        DefinitionError: whatever can be wrong in a declaration.
    """

    name: str
    parts: tuple[Part, ...]
    wires: tuple[Wire, ...] = ()
    rules: tuple[Rule, ...] = ()
    parameters: tuple[Param[Any], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    properties: tuple[Property, ...] = ()
    doc: str = ""

    def __attrs_post_init__(self) -> None:
        from fsm.checks.systems import check_system

        check_system(self)

    @property
    def all_wires(self) -> tuple[Wire, ...]:
        """The wires written, then those that may be left out: events that `one` parts share by class."""
        return self.wires + implied_wires(self)

    @property
    def events(self) -> tuple[type, ...]:
        """Every event that callers may send, in the order of the wires."""
        return tuple(dict.fromkeys(cast(type, one.event) for one in self.all_wires if not isinstance(one.event, Sent)))

    def part(self, name: str) -> Part:
        """The part of this name; KeyError when there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"{self.name} has no part {name!r}")

    @property
    def all_assumptions(self) -> tuple[Assumption, ...]:
        """Its own assumptions, then those of its machines, each once."""
        return tuple(dict.fromkeys(self.assumptions + tuple(one for part in self.parts for one in part.machine.assumptions)))


def implied_wires(system: System) -> tuple[Wire, ...]:
    """Wires for the events of `one` parts that no written wire mentions: all parts that know the class move."""
    written = {one.event_class for one in system.wires} | {move.action for one in system.wires for move in one.moves}
    found: dict[type, list[Move]] = {}
    for part in system.parts:
        if isinstance(part, One):
            for event in part.machine.events:
                if event not in written and event not in part.machine.timed_events:
                    payload = tuple((name, cast(Expr[Any], ref)) for name, ref in field_refs(event).items())
                    found.setdefault(event, []).append(Move(part, None, None, event, payload))
    return tuple(Wire(event, tuple(moves)) for event, moves in found.items())


def one(name: str, machine: Machine) -> One:
    """A part with exactly one instance of the machine."""
    return One(name, machine)


def each(name: str, machine: Machine, *, key: str, at_most: Expr[int] | int | None = None, population: Expr[int] | None = None) -> Each:
    """A part with any number of instances of the machine, told apart by a key.

    Args:
        name: what the part is called.
        machine: an instance comes to be when it leaves the initial state and is forgotten when it returns.
        key: what the key is called (`"contact"`).
        at_most: the most instances there may be; events that would make more are refused.
        population: how many keys exist in the world, where that is a number.
    """
    return Each(name, machine, key, None if at_most is None else lift(at_most), population)


def for_each(part: Each, claim: Formula) -> Formula:
    """The claim holds of every instance of the part; `inside(...)` and variables in it are the instance's own."""
    if not isinstance(part, Each):
        raise DefinitionError("for_each()", "speaks of a part made by each()")
    return ForEach(part, formula(claim, "for_each"))


def as_system(target: Machine | System) -> System:
    """A system as it is; a machine as the system of which it is the only part."""
    if isinstance(target, System):
        return target
    part = one(target.name, target)
    claims = tuple(
        attrs.evolve(
            claim,
            formula=localize(claim.formula, part),
            premise=None if claim.premise is None else localize(claim.premise, part),
        )
        for claim in target.properties
    )
    return System(target.name, (part,), (), (), parameters_of(target), target.assumptions, claims, target.doc)


def localize(expr: Expr[Any], part: One) -> Expr[Any]:
    """What a machine says of itself, said of a part made by `one`."""

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState(part=None, states=states):
                return InState(part, states)
            case Var() as variable:
                return PartVar(part, variable)
            case Clock():
                return Clock(part)
            case _:
                return None

    return substitute(expr, swap)


def inherited(part: Part) -> tuple[Property, ...]:
    """The safety properties of a part's machine, said of the part: wires and rules only restrict a machine."""
    kept = []
    for claim in part.machine.properties:
        if claim.modality in (Modality.ALWAYS, Modality.EACH_STEP):
            said = localize(claim.formula, part) if isinstance(part, One) else ForEach(part, claim.formula)
            kept.append(attrs.evolve(claim, formula=said))
    return tuple(kept)
