"""The words that expressions are built of: variables, and inside, before, after, happens, emitted, applied, named."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar, get_type_hints

import attrs

from fsm.checks.calls import told
from fsm.checks.names import check_name
from fsm.errors import BadName, Incomplete, OutOfRange, WrongKind
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque, domain_of_type
from fsm.language.events import check_event, effect_fields
from fsm.language.expressions import Compare, Const, Expr, Formula, Param, T, Var, formula, lift
from fsm.language.leaves import AnyPart, Applied, Emitted, FieldRef, Happens, InState, Left, Moment, PartVar
from fsm.language.machine import State
from fsm.language.values.annotations import check_storable, check_unchanging
from fsm.language.values.brief import brief

__all__ = [
    "after", "applied", "before", "boolean", "carried", "choice", "emitted", "happens", "in_state", "inside", "integer",
    "left", "named",
]  # fmt: skip

E = TypeVar("E", bound=Enum)


def inside(*states: State) -> Formula:
    """The machine that the property or selector speaks of is in one of these states."""
    return in_state(None, "inside()", states)


def in_state(part: AnyPart | None, where: str, states: tuple[State, ...]) -> Formula:
    """In one of these states, of which there must be one."""
    if not states:
        raise Incomplete(where, "names no state", "Name at least one.")
    for state in states:
        if not isinstance(state, State):
            raise WrongKind(where, f"{brief(state)} is not a state", "Give the State itself, not its name.")
    return InState(part, tuple(dict.fromkeys(states)))


@told
def emitted(effect: type) -> Expr[int]:
    """How many effects of this class were emitted since the start; counts, for properties only."""
    effect_fields(effect)
    return Emitted(effect)


def happens(*events: type) -> Formula:
    """The step is taken on one of these events; for `each_step` only."""
    if not events:
        raise Incomplete("happens()", "names no event", "Name at least one.")
    for event in events:
        check_event("happens()", event)
    return Happens(events)


@told
def before(value: Expr[T]) -> Expr[T]:
    """The value just before a step, at the step's instant; for `each_step` only."""
    return Moment("before", lift(value))


@told
def after(value: Expr[T]) -> Expr[T]:
    """The value just after a step; for `each_step` only."""
    return Moment("after", lift(value))


def applied(function: Callable[..., T], *arguments: Any) -> Expr[T]:
    """What a pure function makes of these values, as carried data: `applied(with_line, transcript, Say.text)`.

    Args:
        function: at the top of a module, with an annotated return type that is immutable. It must be
            pure; proofs leave its result out, since no condition may read it.
        arguments: variables, fields, parameters, instants, constants.

    Raises:
        DefinitionError: a function without a name of its own, or without a return type, or whose result can change.
    """
    name = getattr(function, "__qualname__", "")
    if not name or "<" in name:
        what = "a lambda" if name.endswith("<lambda>") else f"{name.rpartition('.')[2] or type(function).__name__}"
        raise BadName("applied()", f"{what} has no name of its own", "Write a function at the top of a module.")
    where = f"applied({name})"
    try:
        kind = get_type_hints(function).get("return")
    except NameError as unknown:
        raise Incomplete(where, f"the types of its annotations are not known at run time: {unknown}") from unknown
    if kind is None:
        raise Incomplete(where, "its return type is not annotated", "Say what it returns: def f(...) -> Transcript.")
    check_unchanging(where, kind)
    return Applied(function, tuple(lift(argument) for argument in arguments), Opaque(kind))


@told
def left(kind: type[T]) -> Expr[T]:
    """The state that a transition leaves, as a value in what it emits: `.emits(StatusChanged, before=left(Status), after=Status.AWAY)`.

    A line that starts in several states is one line for each, with the value of that state.

    Args:
        kind: an enumeration, of which the member with the value or the name of the state is meant; or str, for the state's name.
    """
    domain = domain_of_type(kind)
    if not isinstance(domain, Enumeration) and kind is not str:
        raise WrongKind("left()", f"{brief(kind)} is no enumeration", "Give one with a member for each state, or str.")
    return Left(domain)


def named(name: str, condition: Formula) -> Formula:
    """The same condition under a name: `named("tries left", wrong < MOST - 1)`.

    Pictures and tables show the name, and say once what it stands for. Everything else reads the
    condition: it runs, is proved, stored and told in messages as if it had no name.

    Args:
        name: a few words on one line.

    Raises:
        DefinitionError: an empty name, one that breaks the line, or what is no condition.
    """
    given: object = name
    if not (isinstance(given, str) and given.strip() and given.isprintable()):
        raise BadName("named()", f"{name!r} is no name", "Give a few words on one line.")
    made = formula(condition, f"named({name!r})")
    if isinstance(made, Var | Param | FieldRef | PartVar | Const):
        made = Compare("==", made, Const(True))  # a leaf is told by what it is, and stays that one
    return attrs.evolve(made, called=name.strip())


# Variables of a machine: what it remembers beside its state


@told
def boolean(name: str, *, initial: bool = False, doc: str = "") -> Var[bool]:
    """A variable that is true or false."""
    return _variable(name, Booleans(), initial, doc)


def choice(name: str, members: type[E], *, initial: E | None = None, doc: str = "") -> Var[E]:
    """A variable over the members of an enumeration; the first one is the initial value unless given."""
    domain = Enumeration(members)
    return _variable(name, domain, next(iter(members)) if initial is None else initial, doc)


@told
def integer(name: str, low: int | None = None, high: int | None = None, *, initial: int = 0, doc: str = "") -> Var[int]:
    """A whole number from `low` to `high`, both included; None means without end."""
    return _variable(name, Integers(low, high), initial, doc)


def carried(name: str, type: type[T], *, initial: T, doc: str = "") -> Var[T]:
    """Data of an immutable type that rides along: updates write it, effects emit it, no condition reads it."""
    check_storable(f"variable {name}", type)
    return _variable(name, Opaque(type), _constant(initial), doc)


def _variable(name: str, domain: Domain, initial: T, doc: str) -> Var[T]:
    check_name("variable", name)
    if not domain.contains(initial):
        raise OutOfRange(f"variable {name}", f"its initial value {brief(initial)} is not {domain}")
    return Var(name, domain, initial, doc)


def _constant(value: T) -> T:
    """The value itself, which must be immutable and no expression."""
    made = lift(value)
    if not isinstance(made, Const):
        raise WrongKind(str(made), "is an expression where a value is wanted")
    return value
