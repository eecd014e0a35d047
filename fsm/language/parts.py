"""Parts of a system: one(machine), each(machine), and who is selected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import attrs

from fsm.checks.calls import told
from fsm.checks.each_parts import check_each
from fsm.checks.kinds import check_kind, shown
from fsm.checks.names import check_name
from fsm.checks.scoping import COUNTED_ON, SELECTED, Place, Scope, check_reading, check_variable
from fsm.errors import CannotBeRead, Incomplete, NotDeclared, SentByTime, WrongKind
from fsm.language.domains import Opaque
from fsm.language.events import check_event, check_fields, field_refs, is_left_out, left_out
from fsm.language.expressions import Const, Expr, Formula, Var, formula, junction, lift
from fsm.language.formulas import in_state
from fsm.language.leaves import Count, FieldRef, ForEach, InState, PartVar, Stamp
from fsm.language.machine import Machine, State

__all__ = [
    "Each",
    "Move",
    "One",
    "Part",
    "Selection",
    "Sent",
    "T",
    "check_states",
    "each",
    "everyone",
    "for_each",
    "one",
]


T = TypeVar("T")
OWN_LINES = (
    "Write it as a guard on the lines of its machine; where it depends on other parts too, let each wire tell the action so by a field. "
    "In a claim write for_each(part, happens(Action) >> before(...))."
)
READABLE = " Conditions may read this one; a number that tells somebody from others is of a type of its own: NewType('Number', int)."


@attrs.frozen(eq=False)
class One:
    """A part with exactly one instance. Made by `one`."""

    name: str
    machine: Machine

    def __repr__(self) -> str:
        return f"<one {self.name}: {self.machine.name}>"

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

    def __repr__(self) -> str:
        return f"<each {self.name}: {self.machine.name} by {self.key}>"

    def __getitem__(self, key: Expr[Any]) -> Selection:
        """The instance with the key that an event names: `tiles[Accept.contact]`."""
        opaque = isinstance(key, FieldRef) and isinstance(key.domain, Opaque)
        if not opaque and not (isinstance(key, Stamp) and key.what == "key"):
            raise WrongKind(
                f"{self.name}[...]",
                f"{shown(key)} is no key",
                "A key is an opaque field of the wire's event, or the .key of what time sends."
                + (READABLE if isinstance(key, FieldRef) else ""),
            )
        return Selection(self, key, None)

    def every(self, *where: State | Formula) -> Selection:
        """All instances that satisfy this at once: `tiles.every(after_work)`."""
        return Selection(self, None, self._where(where, SELECTED))

    def count(self, *where: State | Formula) -> Expr[int]:
        """How many instances are in one of the states named and satisfy every formula given."""
        return Count(self, self._where(where, COUNTED_ON))

    def any(self, *where: State | Formula) -> Formula:
        return self.count(*where) > 0

    def none(self, *where: State | Formula) -> Formula:
        return self.count(*where) == 0

    def all(self, *where: State | Formula) -> Formula:
        """Every instance there is satisfies this; true when there is none."""
        if not where:
            raise Incomplete(f"{self.name}.all()", "says nothing of its instances", "Name states or a formula.")
        return Count(self, ~self._where(where, COUNTED_ON)) == 0

    def sends(self, event: type) -> Sent:
        """The event that time sends to an instance, to wire other parts to it."""
        return _sent(self, event)

    def _where(self, where: tuple[State | Formula, ...], place: Place) -> Formula:
        """In one of the states named, and every formula given; nothing given means every instance there is."""
        states = tuple(dict.fromkeys(one for one in where if isinstance(one, State)))
        formulas = [formula(one, self.name) for one in where if not isinstance(one, State)]
        check_states(self, states)
        if states or not where:
            formulas.insert(0, InState(None, states) if states else everyone(self.machine))
        fits = formulas[0] if len(formulas) == 1 else junction("and", *formulas)
        check_reading(self.name, fits, place, Scope(self.machine.name, self.machine, fields=None))
        return fits


Part = One | Each


def everyone(machine: Machine) -> InState:
    """Every instance that there is: in any state but the initial one."""
    return InState(None, tuple(state for state in machine.states if state != machine.initial), everyone=True)


def check_states(part: Part, states: Iterable[object]) -> None:
    """Raise DefinitionError unless these are states of the part's machine."""
    for state in states:
        check_kind(part.name, state, State, "a state")
        if state not in part.machine.states:
            raise NotDeclared(part.name, f"{part.machine.name} has no state {shown(state)}")


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

    if not TYPE_CHECKING:  # what type checkers refuse as it is

        def _not_read(self, *_: object) -> NoReturn:
            raise CannotBeRead(self.name, "who is named is read by the lines of its own machine alone", OWN_LINES)

        inside = __getitem__ = _not_read


@attrs.frozen(eq=False)
class Sent:
    """The event that time sends to an instance of a part."""

    part: Part
    event: type

    @property
    def key(self) -> Expr[Any]:
        """The key of the instance that time moves."""
        if isinstance(self.part, One):
            raise WrongKind(
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

    @property
    def told(self) -> tuple[tuple[str, Expr[Any]], ...]:
        """The payload without what is left out, for those who show it."""
        optional = left_out(self.action)
        return tuple(
            (name, value)
            for name, value in self.payload
            if not (isinstance(value, Const) and is_left_out(optional, name, value.value))
        )


def _sent(part: Part, event: type) -> Sent:
    where = f"{part.name}.sends()"
    check_event(where, event)
    if event not in part.machine.timed_events:
        raise SentByTime(where, f"time never sends {event.__name__} to {part.name}")
    return Sent(part, event)


def _payload(part: Part, action: type, fields: dict[str, Any]) -> tuple[tuple[str, Expr[Any]], ...]:
    where = f"{part.name} by {getattr(action, '__name__', action)}"
    check_event(where, action)
    if action not in part.machine.events:
        raise NotDeclared(where, f"{action.__name__} is no event of {part.machine.name}")
    if action in part.machine.timed_events:
        raise SentByTime(where, f"{action.__name__} is sent to {part.name} by time and cannot be wired")
    domains = {name: ref.domain for name, ref in field_refs(action).items()}
    given = {**fields, **{name: default for name, default in left_out(action).items() if name not in fields}}
    check_fields(where, domains, given, call=f"by({action.__name__}")
    return tuple((name, lift(value)) for name, value in given.items())


@told
def one(name: str, machine: Machine) -> One:
    """A part with exactly one instance of the machine."""
    _check_part(name, machine)
    return One(name, machine)


@told
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
        at_most: the most instances there may be after a step; events that would make more are refused. One that ends in the
            same step makes room for one that begins.
        population: how many keys in the world can have an instance, where that is a number (agents); a symbol of its own, since
            nobody can end to make room for another: the two have different keys. An event is refused that begins instances where
            those before it and the new ones are more than so many together. A key that is named and has no instance, before the
            step nor after it, does not count; one that was forgotten may come again, under this or any other name.
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


@told
def for_each(part: Each, claim: Formula) -> Formula:
    """The claim holds of every instance of the part; `inside(...)` and variables in it are the instance's own."""
    if not isinstance(part, Each):
        raise WrongKind("for_each()", f"speaks of {shown(part)}, which is no part made by each()")
    return ForEach(part, formula(claim, "for_each"))
