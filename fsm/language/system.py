"""A system: machines that move together, by wires, under rules.

A part is `one(machine)` or `each(machine)`, any number of instances told apart by a key. A wire
says which instances move on an event and by which action; a rule forbids. All instances named
move in one step or none does. What can be wrong is checked by `fsm.checks.systems`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

import attrs

from fsm.checks.each_parts import check_each
from fsm.checks.kinds import check_kind, shown
from fsm.checks.names import check_name
from fsm.checks.scoping import COUNTED, SELECTED, Place, Scope, check_reading, check_variable
from fsm.citations import cited
from fsm.errors import DefinitionError
from fsm.language.domains import Opaque
from fsm.language.events import check_event, check_fields, field_refs
from fsm.language.expressions import (
    Clock,
    Count,
    Emitted,
    Expr,
    FieldRef,
    ForEach,
    Formula,
    Implies,
    InState,
    Moment,
    Not,
    Param,
    PartVar,
    Stamp,
    Var,
    formula,
    in_state,
    junction,
    lift,
    substitute,
    walk,
)  # fmt: skip
from fsm.language.machine import Machine, State
from fsm.language.parameters import Assumption, NamedProfile, parameters_of
from fsm.language.properties import Modality, Property

__all__ = [
    "Each",
    "Move",
    "One",
    "Part",
    "Rule",
    "Sent",
    "System",
    "Wire",
    "as_system",
    "each",
    "for_each",
    "one",
    "wire",
]

T = TypeVar("T")


@attrs.frozen(eq=False)
class One:
    """A part with exactly one instance. Made by `one`."""

    name: str
    machine: Machine

    def inside(self, *states: State) -> Formula:
        """The part is in one of these states."""
        check_states(self, states)
        return in_state(self, f"{self.name}.inside()", states)

    def __getitem__(self, variable: Var[T]) -> Expr[T]:
        """The value of one of its variables."""
        check_kind(f"{self.name}[...]", variable, Var, "a variable")
        check_variable(f"{self.name}[...]", self.machine, variable)
        return PartVar(self, variable)

    def by(self, action: type, **fields: Any) -> Move:
        """The part moves by this event of its machine."""
        return Move(self, None, None, action, _payload(self, action, fields))

    def sends(self, event: type) -> Sent:
        """The event that time sends to this part, to wire other parts to it."""
        return _sent(self, event)


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
        opaque = isinstance(key, FieldRef) and isinstance(key.domain, Opaque)
        if not opaque and not (isinstance(key, Stamp) and key.what == "key"):
            raise DefinitionError(
                f"{self.name}[...]",
                f"{shown(key)} is no key",
                "A key is an opaque field of the wire's event, or the .key of what time sends.",
            )
        return Selection(self, key, None)

    def every(self, *where: State | Formula) -> Selection:
        """All instances that satisfy this at once: `tiles.every(after_work)`."""
        return Selection(self, None, self._where(where, SELECTED))

    def count(self, *where: State | Formula) -> Expr[int]:
        """How many instances are in one of the states named and satisfy every formula given."""
        return Count(self, self._where(where, COUNTED))

    def any(self, *where: State | Formula) -> Formula:
        return self.count(*where) > 0

    def none(self, *where: State | Formula) -> Formula:
        return self.count(*where) == 0

    def all(self, *where: State | Formula) -> Formula:
        """Every instance there is satisfies this; true when there is none."""
        if not where:
            raise DefinitionError(f"{self.name}.all()", "says nothing of its instances", "Name states or a formula.")
        return Count(self, ~self._where(where, COUNTED)) == 0

    def sends(self, event: type) -> Sent:
        """The event that time sends to an instance, to wire other parts to it."""
        return _sent(self, event)

    def _where(self, where: tuple[State | Formula, ...], place: Place) -> Formula:
        """In one of the states named, and every formula given; nothing given means every instance there is."""
        states = tuple(dict.fromkeys(one for one in where if isinstance(one, State)))
        formulas = [formula(one, self.name) for one in where if not isinstance(one, State)]
        check_states(self, states)
        if not where:
            states = tuple(state for state in self.machine.states if state != self.machine.initial)
        if states:
            formulas.insert(0, InState(None, states))
        fits = formulas[0] if len(formulas) == 1 else junction("and", *formulas)
        check_reading(self.name, fits, place, Scope(self.machine.name, self.machine))
        return fits


Part = One | Each


def check_states(part: Part, states: Iterable[object]) -> None:
    """Raise DefinitionError unless these are states of the part's machine."""
    for state in states:
        check_kind(part.name, state, State, "a state")
        if state not in part.machine.states:
            raise DefinitionError(part.name, f"{part.machine.name} has no state {shown(state)}")


@attrs.frozen(eq=False)
class Selection:
    """Instances of a part that an event will move: one by its key, or every one that fits."""

    part: Each
    key: Expr[Any] | None
    where: Formula | None

    def by(self, action: type, **fields: Any) -> Move:
        """They move by this event of their machine, whose fields are given as values or expressions."""
        return Move(self.part, self.key, self.where, action, _payload(self.part, action, fields))

    @property
    def name(self) -> str:
        """The selection in a message."""
        return f"{self.part.name}.every(...)" if self.key is None else f"{self.part.name}[...]"


@attrs.frozen(eq=False)
class Sent:
    """The event that time sends to an instance of a part."""

    part: Part
    event: type

    @property
    def key(self) -> Expr[Any]:
        """The key of the instance that time moves."""
        if isinstance(self.part, One):
            raise DefinitionError(
                f"{self.part.name}.sends({self.event.__name__})", f"{self.part.name} is one instance, without a key"
            )
        return Stamp("key")


@attrs.frozen(eq=False)
class Move:
    """Which instances move and by which action. `key` and `where` are both None for a part made by `one`."""

    part: Part
    key: Expr[Any] | None
    where: Formula | None
    action: type
    payload: tuple[tuple[str, Expr[Any]], ...]


def _sent(part: Part, event: type) -> Sent:
    where = f"{part.name}.sends()"
    check_event(where, event)
    if event not in part.machine.timed_events:
        raise DefinitionError(where, f"time never sends {event.__name__} to {part.name}")
    return Sent(part, event)


def _payload(part: Part, action: type, fields: dict[str, Any]) -> tuple[tuple[str, Expr[Any]], ...]:
    where = f"{part.name} by {getattr(action, '__name__', action)}"
    check_event(where, action)
    if action not in part.machine.events:
        raise DefinitionError(where, f"{action.__name__} is no event of {part.machine.name}")
    if action in part.machine.timed_events:
        raise DefinitionError(where, f"{action.__name__} is sent to {part.name} by time and cannot be wired")
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

    @property
    def sender(self) -> Part | None:
        """The part whose timer sends the event; None for one that callers send."""
        return self.event.part if isinstance(self.event, Sent) else None


def wire(event: type | Sent, *moves: Move, when: Formula | None = None) -> Wire:
    """On `event`, where `when` holds, make these moves in one step.

    Args:
        event: an event class, or `part.sends(Event)` for one that time sends.
        moves: `part.by(Action)`, `part[Event.key].by(Action)` or `part.every(...).by(Action)`.
        when: over parts, parameters and the event's fields; wires of one event must not overlap.
    """
    if not isinstance(event, Sent):
        check_event("wire()", event)
    for move in moves:
        if isinstance(move, Selection):
            raise DefinitionError(f"wire({_event_name(event)})", f"{move.name} has no action", "Name one: .by(Action).")
        check_kind(f"wire({_event_name(event)})", move, Move, "a move")
    if not moves:
        raise DefinitionError(f"wire({_event_name(event)})", "moves nothing", "Name at least one move.")
    return Wire(event, moves, None if when is None else formula(when, "wire"))


def _classes(on: type | Iterable[type]) -> tuple[type, ...]:
    """One event class or several, as a tuple."""
    return (on,) if isinstance(on, type) or not isinstance(on, Iterable) else tuple(on)


def _event_name(event: type | Sent) -> str:
    return event.event.__name__ if isinstance(event, Sent) else event.__name__


@attrs.frozen(eq=False)
class Rule:
    """A named, cited condition of the system on events: where it does not hold they are refused."""

    name: str
    on: tuple[type, ...] = attrs.field(converter=_classes)
    when: Formula
    cites: tuple[str, ...] = attrs.field(default=(), converter=cited)

    def __attrs_post_init__(self) -> None:
        where = f"rule {self.name!r}"
        name: object = self.name
        if not isinstance(name, str) or not name.strip():
            raise DefinitionError(where, "has no name", "Say in words what it allows.")
        if not self.on:
            raise DefinitionError(where, "forbids no event", "Name at least one: on=Event.")
        for event in self.on:
            check_event(where, event)
        formula(self.when, where)


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
        profiles: named values of parameters, the default first: versions of the business.
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
    profiles: tuple[NamedProfile, ...] = ()
    doc: str = ""

    def __attrs_post_init__(self) -> None:
        from fsm.checks.systems import check_system

        check_system(self)

    @cached_property
    def all_wires(self) -> tuple[Wire, ...]:
        """The wires written, then those that may be left out: events that `one` parts share by class."""
        return self.wires + implied_wires(self)

    @cached_property
    def events(self) -> tuple[type, ...]:
        """Every event that callers may send, in the order of the wires."""
        return tuple(dict.fromkeys(one.event for one in self.all_wires if not isinstance(one.event, Sent)))

    def part(self, name: str) -> Part:
        """The part of this name; KeyError when there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"{self.name} has no part {name!r}")

    @property
    def all_assumptions(self) -> tuple[Assumption, ...]:
        """Its own assumptions, then those of its machines, each once."""
        return tuple(
            dict.fromkeys(self.assumptions + tuple(one for part in self.parts for one in part.machine.assumptions))
        )


def implied_wires(system: System) -> tuple[Wire, ...]:
    """Wires for the events of `one` parts that no written wire mentions: all parts that know the class move."""
    written = {one.event_class for one in system.wires} | {move.action for one in system.wires for move in one.moves}
    found: dict[type, list[Move]] = {}
    for part in system.parts:
        if isinstance(part, One):
            for event in part.machine.events:
                if event not in written and event not in part.machine.timed_events:
                    found.setdefault(event, []).append(Move(part, None, None, event, tuple(field_refs(event).items())))
    return tuple(Wire(event, tuple(moves)) for event, moves in found.items())


def one(name: str, machine: Machine) -> One:
    """A part with exactly one instance of the machine."""
    _check_part(name, machine)
    return One(name, machine)


def each(
    name: str,
    machine: Machine,
    *,
    key: str,
    at_most: Expr[int] | int | None = None,
    population: Expr[int] | int | None = None,
) -> Each:
    """A part with any number of instances of the machine, told apart by a key.

    Args:
        name: what the part is called.
        machine: an instance comes to be when it leaves the initial state and is forgotten when it returns.
        key: what the key is called (`"contact"`).
        at_most: the most instances there may be; events that would make more are refused.
        population: how many keys exist in the world, where that is a number; events that would name one more are refused.
    """
    _check_part(name, machine)
    check_name("key", key)
    most, size = _limit(at_most), _limit(population)
    check_each(f"part {name}", machine, (most, size))
    return Each(name, machine, key, most, size)


def _limit(limit: Expr[int] | int | None) -> Expr[int] | None:
    return limit if limit is None or isinstance(limit, Expr) else lift(limit)


def _check_part(name: str, machine: Machine) -> None:
    check_name("part", name)
    check_kind(f"part {name}", machine, Machine, "a machine")


def for_each(part: Each, claim: Formula) -> Formula:
    """The claim holds of every instance of the part; `inside(...)` and variables in it are the instance's own."""
    if not isinstance(part, Each):
        raise DefinitionError("for_each()", f"speaks of {shown(part)}, which is no part made by each()")
    return ForEach(part, formula(claim, "for_each"))


def as_system(target: Machine | System) -> System:
    """A system as it is; a machine as the system of which it is the only part."""
    if isinstance(target, System):
        return target
    check_kind("as_system()", target, Machine, "a machine or a system")
    part = one(target.name, target)
    claims = tuple(
        attrs.evolve(
            claim,
            formula=localize(claim.formula, part),
            premise=None if claim.premise is None else localize(claim.premise, part),
        )
        for claim in target.properties
    )
    params = parameters_of(target)
    profiles = tuple(one.within(params) for one in target.profiles)
    return System(target.name, (part,), (), (), params, target.assumptions, claims, profiles, target.doc)


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
    """The safety properties of a part's machine, said of the part: wires and rules only restrict a machine.

    Not among them is one that counts effects, since those of all parts and instances are counted
    together. One that reads a variable after the step says nothing of a step by which an instance
    is forgotten: its variables are then as at the start, where those of the machine alone are kept.
    """
    kept = []
    for claim in part.machine.properties:
        counts = any(isinstance(node, Emitted) for node in walk(claim.formula))
        if claim.modality in (Modality.ALWAYS, Modality.EACH_STEP) and not counts:
            said = (
                localize(claim.formula, part)
                if isinstance(part, One)
                else ForEach(part, _unless_forgotten(part, claim.formula))
            )
            kept.append(attrs.evolve(claim, formula=said))
    return tuple(kept)


def _unless_forgotten(part: Each, claim: Formula) -> Formula:
    later = [node for node in walk(claim) if isinstance(node, Moment) and node.when == "after"]
    if not any(isinstance(below, Var) for node in later for below in walk(node)):
        return claim
    return Implies(Moment("after", Not(InState(None, (part.machine.initial,)))), claim)
