"""Expressions: what guards, updates, rules and properties are made of, as frozen trees.

Nothing here computes a value. The runtime compiles these trees to closures, `fsm.semantics.evaluation`
walks them, the proofs translate them to Z3, pictures put them in words. `==`, `<`, `&` and
their kin build larger trees, so a tree has no truth value: using one as a condition of Python
raises on that line.

You may add a node. Every reader (closures, interpret, words, structure, the encodings) must
then learn it, and the agreement tests will say which did not.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast, overload

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
    pass

__all__ = ["Expr", "Formula", "Var", "boolean", "carried", "choice", "choose", "integer"]  # fmt: skip

T = TypeVar("T")

NO_TRUTH = "Write & for and, | for or, ~ for not, (a < x) & (x < b) for a < x < b, (x == a) | (x == b) for x in (a, b), choose(...) for if."


@attrs.frozen(eq=False)
class Expr(Generic[T]):
    """A frozen tree that stands for a value of type T; `domain` says which values.

    Attributes:
        called: what a person calls a condition, given by `named`; pictures and tables show it, nothing else reads it.
    """

    called: str = attrs.field(default="", kw_only=True)

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
        flat.extend(part.parts if isinstance(part, Junction) and part.op == op and not part.called else (part,))
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
