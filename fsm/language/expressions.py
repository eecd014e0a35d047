"""Expressions: what guards, updates, rules and properties are made of, as frozen trees.

Nothing here computes a value. The runtime compiles these trees to closures, `fsm.semantics.evaluation`
walks them, the proofs translate them to Z3, pictures put them in words. `==`, `<`, `&` and
their kin build larger trees, so a tree has no truth value: using one as a condition of Python
raises on that line.

You may add a node. Every reader (closures, interpret, words, structure, the encodings) must
then learn it, and the agreement tests will say which did not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast, get_type_hints, overload

import attrs

from fsm.checks.names import check_name
from fsm.errors import DefinitionError
from fsm.language.domains import (
    Booleans,
    Domain,
    Enumeration,
    Integers,
    Opaque,
    check_immutable,
    domain_of_value,
    same_kind,
)

if TYPE_CHECKING:
    from fsm.language.machine import State
    from fsm.language.system import Part

__all__ = [
    "ELAPSED", "KEY", "NOW", "SINCE", "Expr", "Formula", "Var", "after", "applied", "before", "boolean",
    "carried", "choice", "choose", "emitted", "happens", "inside", "integer",
]  # fmt: skip

T = TypeVar("T")

NO_TRUTH = "Write & for and, | for or, ~ for not, (a < x) & (x < b) for a < x < b, (x == a) | (x == b) for x in (a, b), choose(...) for if."


@attrs.frozen(eq=False)
class Expr(Generic[T]):
    """A frozen tree that stands for a value of type T; `domain` says which values."""

    @property
    def domain(self) -> Domain:
        raise NotImplementedError

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        from fsm.language.printing import phrase

        raise DefinitionError(phrase(self), "a formula has no truth value", NO_TRUTH)

    def __eq__(self, other: Expr[T] | T) -> Formula:  # type: ignore[override]  # builds a tree, compares nothing
        return compare("==", self, other)

    def __ne__(self, other: Expr[T] | T) -> Formula:  # type: ignore[override]  # builds a tree, compares nothing
        return compare("!=", self, other)

    def __lt__(self: Expr[int], other: Expr[int] | int) -> Formula:
        return compare("<", self, other)

    def __le__(self: Expr[int], other: Expr[int] | int) -> Formula:
        return compare("<=", self, other)

    def __gt__(self: Expr[int], other: Expr[int] | int) -> Formula:
        return compare(">", self, other)

    def __ge__(self: Expr[int], other: Expr[int] | int) -> Formula:
        return compare(">=", self, other)

    def __add__(self: Expr[int], other: Expr[int] | int) -> Expr[int]:
        return arithmetic("+", self, other)

    def __radd__(self: Expr[int], other: int) -> Expr[int]:
        return arithmetic("+", other, self)

    def __sub__(self: Expr[int], other: Expr[int] | int) -> Expr[int]:
        return arithmetic("-", self, other)

    def __rsub__(self: Expr[int], other: int) -> Expr[int]:
        return arithmetic("-", other, self)

    def __mul__(self: Expr[int], other: Expr[int] | int) -> Expr[int]:
        return arithmetic("*", self, other)

    def __rmul__(self: Expr[int], other: int) -> Expr[int]:
        return arithmetic("*", other, self)

    def __and__(self: Formula, other: Formula | bool) -> Formula:
        return junction("and", self, other)

    def __rand__(self: Formula, other: bool) -> Formula:
        return junction("and", other, self)

    def __or__(self: Formula, other: Formula | bool) -> Formula:
        return junction("or", self, other)

    def __ror__(self: Formula, other: bool) -> Formula:
        return junction("or", other, self)

    def __rshift__(self: Formula, other: Formula | bool) -> Formula:
        """`a >> b` means: if a then b."""
        return Implies(formula(self, ">>"), formula(other, ">>"))

    def __rrshift__(self: Formula, other: bool) -> Formula:
        return Implies(formula(other, ">>"), formula(self, ">>"))

    def __invert__(self: Formula) -> Formula:
        return Not(formula(self, "~"))

    def __contains__(self, item: object) -> NoReturn:
        self.__bool__()

    def __iter__(self) -> NoReturn:
        self.__bool__()


Formula = Expr[bool]


# Leaves


@attrs.frozen(eq=False)
class Const(Expr[T]):
    """A value written in the declaration."""

    value: T

    @property
    def domain(self) -> Domain:
        return domain_of_value(self.value)


@attrs.frozen(eq=False)
class Var(Expr[T]):
    """A variable of a machine; opaque ones are carried data. Made by `boolean`, `choice`, `integer`, `carried`."""

    name: str
    of: Domain
    initial: T
    doc: str = ""

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class FieldRef(Expr[T]):
    """A field of an event, read as `Offer.channel` on the class."""

    event: type
    name: str
    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class Param(Expr[T]):
    """A parameter of a system: concrete at run time, a symbol in proofs. Made by `parameter`."""

    name: str
    of: Domain
    default: T
    doc: str = ""
    cites: tuple[str, ...] = ()

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class Clock(Expr[int]):
    """Elapsed: how long the machine itself (part None) or a part has been in its state, milliseconds."""

    part: Part | None = None

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Stamp(Expr[Any]):
    """What a move knows of itself, to be stored or emitted: `key`, `now` or `since`."""

    what: str

    @property
    def domain(self) -> Domain:
        return Opaque(object if self.what == "key" else int)


ELAPSED: Expr[int] = Clock()
"""How long the machine has been in its state, in milliseconds; guards and properties may read it."""
KEY: Expr[Any] = Stamp("key")
"""The key of the instance that moves; carried data."""
NOW: Expr[int] = Stamp("now")
"""The instant of the step, in milliseconds; carried data."""
SINCE: Expr[int] = Stamp("since")
"""The instant at which the machine entered the state it leaves, in milliseconds; carried data."""


@attrs.frozen(eq=False)
class InState(Expr[bool]):
    """In one of these states: the machine itself (part None) or a part made by `one`."""

    part: Part | None
    states: tuple[State, ...]

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class PartVar(Expr[T]):
    """A variable of a part made by `one`: `agent[calls]`."""

    part: Part
    var: Var[T]

    @property
    def domain(self) -> Domain:
        return self.var.domain


@attrs.frozen(eq=False)
class Count(Expr[int]):
    """How many instances of a part satisfy a formula over their own state and variables."""

    part: Part
    where: Formula

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Emitted(Expr[int]):
    """How many effects of a class were emitted since the start. For properties only."""

    effect: type

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Happens(Expr[bool]):
    """The step in question is taken on one of these events. For `each_step` only."""

    events: tuple[type, ...]

    @property
    def domain(self) -> Domain:
        return Booleans()


# Operators


@attrs.frozen(eq=False)
class Compare(Expr[bool]):
    """`left op right`; op is one of == != < <= > >=."""

    op: str
    left: Expr[Any]
    right: Expr[Any]

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class Junction(Expr[bool]):
    """All of the parts (`and`) or some of them (`or`)."""

    op: str
    parts: tuple[Formula, ...]

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class Not(Expr[bool]):
    part: Formula

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class Implies(Expr[bool]):
    premise: Formula
    conclusion: Formula

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class Arithmetic(Expr[int]):
    """`left op right`; op is + or -, or * with a constant on one side."""

    op: str
    left: Expr[int]
    right: Expr[int]

    @property
    def domain(self) -> Domain:
        return Integers()


@attrs.frozen(eq=False)
class Choose(Expr[T]):
    """`then` where `condition` holds, `otherwise` where it does not."""

    condition: Formula
    then: Expr[T]
    otherwise: Expr[T]

    @property
    def domain(self) -> Domain:
        match self.then.domain, self.otherwise.domain:
            case Integers(low=a, high=b), Integers(low=c, high=d):
                low = None if a is None or c is None else min(a, c)
                return Integers(low, None if b is None or d is None else max(b, d))
        return self.then.domain if self.then.domain == self.otherwise.domain else Opaque()


@attrs.frozen(eq=False)
class Applied(Expr[T]):
    """A pure function of carried data, for updates and effects. No condition reads what it gives. Made by `applied`."""

    function: Callable[..., T]
    arguments: tuple[Expr[Any], ...]
    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class Moment(Expr[T]):
    """The value of an expression just before or just after a step. For `each_step` only."""

    when: str
    of: Expr[T]

    @property
    def domain(self) -> Domain:
        return self.of.domain


@attrs.frozen(eq=False)
class ForEach(Expr[bool]):
    """The formula holds of every instance of a part, which its own names then mean. For properties only."""

    part: Part
    formula: Formula

    @property
    def domain(self) -> Domain:
        return Booleans()


# Making leaves


def boolean(name: str, *, initial: bool = False, doc: str = "") -> Var[bool]:
    """A variable that is true or false."""
    return _variable(name, Booleans(), initial, doc)


E = TypeVar("E", bound=Enum)


def choice(name: str, members: type[E], *, initial: E | None = None, doc: str = "") -> Var[E]:
    """A variable over the members of an enumeration; the first one is the initial value unless given."""
    domain = Enumeration(members)
    return _variable(name, domain, next(iter(members)) if initial is None else initial, doc)


def integer(name: str, low: int | None = None, high: int | None = None, *, initial: int = 0, doc: str = "") -> Var[int]:
    """A whole number from `low` to `high`, both included; None means without end."""
    return _variable(name, Integers(low, high), initial, doc)


def carried(name: str, type: type[T], *, initial: T, doc: str = "") -> Var[T]:
    """Data of an immutable type that rides along: updates write it, effects emit it, no condition reads it."""
    check_immutable(f"variable {name}", type)
    return _variable(name, Opaque(type), _constant(initial), doc)


def _variable(name: str, domain: Domain, initial: T, doc: str) -> Var[T]:
    check_name("variable", name)
    if not domain.contains(initial):
        raise DefinitionError(f"variable {name}", f"its initial value {initial!r} is not {domain}")
    return Var(name, domain, initial, doc)


def inside(*states: State) -> Formula:
    """The machine that the property or selector speaks of is in one of these states."""
    return in_state(None, "inside()", states)


def in_state(part: Part | None, where: str, states: tuple[State, ...]) -> Formula:
    """In one of these states, of which there must be one."""
    from fsm.language.machine import State

    if not states:
        raise DefinitionError(where, "names no state", "Name at least one.")
    for state in states:
        if not isinstance(state, State):
            raise DefinitionError(where, f"{state!r} is not a state", "Give the State itself, not its name.")
    return InState(part, tuple(dict.fromkeys(states)))


def emitted(effect: type) -> Expr[int]:
    """How many effects of this class were emitted since the start; counts, for properties only."""
    from fsm.language.events import effect_fields

    effect_fields(effect)
    return Emitted(effect)


def happens(*events: type) -> Formula:
    """The step is taken on one of these events; for `each_step` only."""
    from fsm.language.events import check_event

    if not events:
        raise DefinitionError("happens()", "names no event", "Name at least one.")
    for event in events:
        check_event("happens()", event)
    return Happens(events)


def before(value: Expr[T]) -> Expr[T]:
    """The value just before a step, at the step's instant; for `each_step` only."""
    return Moment("before", lift(value))


def after(value: Expr[T]) -> Expr[T]:
    """The value just after a step; for `each_step` only."""
    return Moment("after", lift(value))


@overload
def choose(condition: Formula, then: Expr[T], otherwise: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: Expr[T], otherwise: T) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: T, otherwise: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: T, otherwise: T) -> Expr[T]: ...
def choose(condition: Formula, then: Any, otherwise: Any) -> Expr[Any]:
    """`then` where `condition` holds, else `otherwise`."""
    first, second = lift(then), lift(otherwise)
    if not same_kind(first.domain, second.domain):
        raise DefinitionError("choose()", f"one branch is {first.domain}, the other {second.domain}")
    return Choose(formula(condition, "choose"), first, second)


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
        raise DefinitionError("applied()", f"{what} has no name of its own", "Write a function at the top of a module.")
    where = f"applied({name})"
    try:
        kind = get_type_hints(function).get("return")
    except NameError as unknown:
        raise DefinitionError(where, f"the types of its annotations are not known at run time: {unknown}") from unknown
    if kind is None:
        raise DefinitionError(
            where, "its return type is not annotated", "Say what it returns: def f(...) -> Transcript."
        )
    check_immutable(where, kind)
    return Applied(function, tuple(lift(argument) for argument in arguments), Opaque(kind))


# Building operators, with their checks


@overload
def lift(value: Expr[T]) -> Expr[T]: ...
@overload
def lift(value: T) -> Expr[T]: ...
def lift(value: Any) -> Expr[Any]:
    """An expression as it is, any other value as a constant, which must be immutable."""
    if isinstance(value, Expr):
        return value
    try:
        hash(value)
    except TypeError as changing:
        kind = type(value).__name__
        raise DefinitionError(
            f"{value!r}", f"a {kind} can change", "Use a tuple, a frozenset or a frozen class."
        ) from changing
    return Const(value)


def _constant(value: T) -> T:
    """The value itself, which must be immutable and no expression."""
    made = lift(value)
    if not isinstance(made, Const):
        raise DefinitionError(_words(made), "is an expression where a value is wanted")
    return value


def formula(value: Any, op: str) -> Formula:
    lifted = lift(value)
    if not isinstance(lifted.domain, Booleans):
        raise DefinitionError(op, f"needs a formula, not {_words(lifted)}, which is {lifted.domain}")
    return cast(Formula, lifted)


def junction(op: str, *parts: Formula | bool) -> Formula:
    flat: list[Formula] = []
    for part in (formula(part, op) for part in parts):
        flat.extend(part.parts if isinstance(part, Junction) and part.op == op else (part,))
    return Junction(op, tuple(flat))


def compare(op: str, left: Any, right: Any) -> Formula:
    one, other = lift(left), lift(right)
    where = f"{_words(one)} {op} {_words(other)}"
    for side in (one, other):
        if isinstance(side.domain, Opaque):
            raise DefinitionError(
                where, f"{_words(side)} is opaque: keys and carried data cannot be compared or ordered"
            )
    if not same_kind(one.domain, other.domain):
        raise DefinitionError(where, f"compares {one.domain} with {other.domain}")
    if op not in ("==", "!=") and not isinstance(one.domain, Integers):
        raise DefinitionError(where, "only integers have an order")
    for constant, side in ((one, other), (other, one)):
        if isinstance(constant, Const) and op in ("==", "!=") and not side.domain.contains(constant.value):
            raise DefinitionError(where, f"{_words(constant)} is out of range: {_words(side)} is {side.domain}")
    return Compare(op, one, other)


def arithmetic(op: str, left: Any, right: Any) -> Expr[int]:
    one, other = lift(left), lift(right)
    where = f"{_words(one)} {op} {_words(other)}"
    for side in (one, other):
        if not isinstance(side.domain, Integers):
            raise DefinitionError(where, f"cannot compute with {_words(side)}, which is {side.domain}")
    if op == "*" and not (isinstance(one, Const) or isinstance(other, Const)):
        raise DefinitionError(
            where, "multiplies two expressions", "One side must be a constant, or nothing could be proved."
        )
    return Arithmetic(op, one, other)


def _words(expr: Expr[Any]) -> str:
    from fsm.language.printing import phrase

    return phrase(expr)


# Walking


def children(expr: Expr[Any]) -> tuple[Expr[Any], ...]:
    """The expressions directly below, in the order they were written."""
    match expr:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Junction(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Implies(premise=premise, conclusion=conclusion):
            return (premise, conclusion)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Moment(of=of):
            return (of,)
        case Applied(arguments=arguments):
            return arguments
        case ForEach(formula=inner) | Count(where=inner):
            return (inner,)
        case _:
            return ()


def walk(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """The expression and everything below it, each once per place it stands."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def substitute(expr: Expr[Any], swap: Callable[[Expr[Any]], Expr[Any] | None]) -> Expr[Any]:
    """The same tree with every node for which `swap` answers replaced by the answer."""
    swapped = swap(expr)
    if swapped is not None:
        return swapped
    match expr:
        case Compare(op, left, right):
            return Compare(op, substitute(left, swap), substitute(right, swap))
        case Arithmetic(op, left, right):
            return Arithmetic(op, substitute(left, swap), substitute(right, swap))
        case Junction(op, parts):
            return Junction(op, tuple(substitute(part, swap) for part in parts))
        case Not(part):
            return Not(substitute(part, swap))
        case Implies(premise, conclusion):
            return Implies(substitute(premise, swap), substitute(conclusion, swap))
        case Choose(condition, then, otherwise):
            return Choose(substitute(condition, swap), substitute(then, swap), substitute(otherwise, swap))
        case Moment(when, of):
            return Moment(when, substitute(of, swap))
        case Applied(function, arguments, of):
            return Applied(function, tuple(substitute(argument, swap) for argument in arguments), of)
        case ForEach(part, inner):
            return ForEach(part, substitute(inner, swap))
        case Count(part, where):
            return Count(part, substitute(where, swap))
        case _:
            return expr


def structure(expr: Expr[Any] | None) -> Any:
    """The tree as nested tuples of plain values: equal exactly for equal trees."""
    if expr is None:
        return None
    below = tuple(structure(child) for child in children(expr))
    match expr:
        case Const(value=value):
            return ("const", type(value).__name__, value.name if isinstance(value, Enum) else repr(value))
        case Var(name=name) | Param(name=name):
            return (type(expr).__name__.lower(), name)
        case FieldRef(event=event, name=name):
            return ("field", event.__name__, name)
        case Clock(part=part):
            return ("elapsed", part.name if part else "")
        case Stamp(what=what):
            return ("stamp", what)
        case InState(part=part, states=states):
            return ("in", part.name if part else "", tuple(sorted(state.name for state in states)))
        case PartVar(part=part, var=var):
            return ("var of", part.name, var.name)
        case Count(part=part):
            return ("count", part.name, *below)
        case ForEach(part=part):
            return ("for each", part.name, *below)
        case Emitted(effect=effect):
            return ("emitted", effect.__name__)
        case Happens(events=events):
            return ("happens", tuple(sorted(event.__name__ for event in events)))
        case Compare(op=op) | Junction(op=op) | Arithmetic(op=op):
            return (op, *below)
        case Moment(when=when):
            return (when, *below)
        case Applied(function=function):
            return ("applied", function.__module__, function.__qualname__, *below)
        case _:
            return (type(expr).__name__.lower(), *below)
