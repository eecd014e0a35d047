"""Expressions: what guards, updates, rules and properties are made of, as frozen trees that print themselves.

Nothing here computes a value. The runtime compiles these trees, `fsm.semantics.evaluation` walks them, the proofs
translate them to Z3. `==`, `<`, `&` and their kin build larger trees, so a tree has no truth value: using one as a
condition of Python raises on that line.

You may add a node: it says what is below it, what it says itself, and its words. The readers that give it a value (the
compiled expressions, the evaluation, the encodings) must then learn it, and the agreement tests will say which did not.
"""

from __future__ import annotations

from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeVar, cast, overload

import attrs

from fsm.errors import BadData, DefinitionError, NoTruthValue, OutOfRange, WrongType
from fsm.language.domains import Booleans, Domain, Integers, Opaque, domain_of_value, fits, same_kind
from fsm.language.printing import SIGNS, Words, phrase, shortened, value_in_words
from fsm.language.source.grouping import check_grouping
from fsm.language.values.brief import brief

__all__ = [
    "LARGE", "Arithmetic", "Choose", "Compare", "Const", "Expr", "Formula", "Implies", "Junction", "Not", "Param", "Truth", "Var",
    "arithmetic", "choose", "compare", "formula", "junction", "lift",
]  # fmt: skip

T = TypeVar("T")

NO_TRUTH = "Write & for and, | for or, ~ for not, (a < x) & (x < b) for a < x < b, (x == a) | (x == b) for x in (a, b), choose(...) for if."
DIVIDED = "Keep what is left over, or how often it fits, in a variable or a field of the event of its own."
COMPARED_VARIABLE = "Declare it with boolean(...), integer(...) or choice(...) for conditions to read it."
INSIDE = "Keep what a condition asks, how many there are say, in a variable of its own; applied(...) may look into what is stored or emitted."
COMPARED = "Declare the field as Field[bool], Field[int] or of an enumeration for conditions to read it."

LARGE = 200
"""An expression of at most so many places may be walked by recursion, which is quicker; a larger one may be too deep, or shared too often."""
COUNTED = 1_000_000
"""Beyond so many places nobody counts."""
WIDEST = 64
"""So many parts a junction takes in from a smaller one, so that a long chain of `&` costs no more than it is long."""


@attrs.frozen(eq=False, repr=False)
class Expr(Generic[T]):
    """A frozen tree that stands for a value of type T; `domain` says which values.

    Attributes:
        called: what a person calls a condition, given by `named`; pictures and tables show it, nothing else reads it.
        size: of how many places it consists, a node counted wherever it stands; no more than `COUNTED`.
    """

    kind: ClassVar[str] = ""
    """What a leaf is, in words; empty for operators and constants."""
    called: str = attrs.field(default="", kw_only=True)
    size: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "size", min(COUNTED, 1 + sum(one.size for one in self.below())))

    @property
    def domain(self) -> Domain:
        raise NotImplementedError

    # As a tree

    def below(self) -> tuple[Expr[Any], ...]:
        """The expressions directly below, in the order they were written."""
        return ()

    def with_below(self, *below: Any) -> Self:
        """The same node over others."""
        return type(self)(*below) if below else self

    def head(self) -> tuple[object, ...]:
        """What the node itself says, as strings and classes: with what is below, all that tells it from others."""
        return (type(self).__name__.lower(),)

    # In words

    def in_words(self, write: Words) -> tuple[str, int]:
        """What it says, and how tightly that binds."""
        raise AssertionError(type(self))

    def denied(self, write: Words) -> tuple[str, int]:
        """What its negation says."""
        return f"not {write(self, 5)}", 4

    def compared(self, op: str, other: Expr[Any], write: Words) -> str:
        """What a comparison says that it begins."""
        return f"{write(self, 6)} {SIGNS[op]} {write(other, 6)}"

    def __str__(self) -> str:
        return phrase(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {shortened(phrase(self), 100)}>"

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise NoTruthValue(str(self), "a formula has no truth value", NO_TRUTH)

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

    if not TYPE_CHECKING:  # what type checkers refuse as it is

        def _not_counted(self, other: object) -> NoReturn:
            raise WrongType(
                str(self), "is divided or raised to a power, and only +, - and * are in the language", DIVIDED
            )

        __mod__ = __rmod__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __divmod__ = _not_counted
        __pow__ = __rpow__ = _not_counted

    def __and__(self: Formula, other: Formula | bool) -> Formula:
        _grouped(self, other)
        return junction("and", self, other)

    def __rand__(self: Formula, other: bool) -> Formula:
        return junction("and", other, self)

    def __or__(self: Formula, other: Formula | bool) -> Formula:
        _grouped(self, other)
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

    def __len__(self) -> NoReturn:
        raise WrongType(str(self), "is looked into, and no condition knows what is inside of a value", INSIDE)

    def __getitem__(self, item: object) -> NoReturn:
        self.__len__()


Formula = Expr[bool]


# Leaves


@attrs.frozen(eq=False, repr=False)
class Const(Expr[T]):
    """A value written in the declaration."""

    value: T

    @property
    def domain(self) -> Domain:
        return domain_of_value(self.value)

    def head(self) -> tuple[object, ...]:
        value = self.value
        plain = value.name if isinstance(value, Enum) else f"{value:x}" if type(value) is int else repr(value)
        return ("const", type(value).__name__, plain)

    def in_words(self, write: Words) -> tuple[str, int]:
        return value_in_words(self.value), 9


@attrs.frozen(eq=False, repr=False)
class Var(Expr[T]):
    """A variable of a machine; opaque ones are carried data. Made by `boolean`, `choice`, `integer`, `carried`."""

    kind = "a variable of one machine"

    name: str
    of: Domain
    initial: T
    doc: str = ""

    @property
    def domain(self) -> Domain:
        return self.of

    def head(self) -> tuple[object, ...]:
        return ("var", self.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        return self.name, 9


@attrs.frozen(eq=False, repr=False)
class Param(Expr[T]):
    """A parameter of a system: concrete at run time, a symbol in proofs. Made by `parameter`."""

    kind = "a parameter"

    name: str
    of: Domain
    default: T
    doc: str = ""
    cites: tuple[str, ...] = ()

    @property
    def domain(self) -> Domain:
        return self.of

    def head(self) -> tuple[object, ...]:
        return ("param", self.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        return self.name, 9


# Operators


class Truth(Expr[bool]):
    """What is true or false."""

    __slots__ = ()

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False, repr=False)
class Binary(Expr[T]):
    """`left op right`."""

    op: str
    left: Expr[Any]
    right: Expr[Any]

    def below(self) -> tuple[Expr[Any], ...]:
        return self.left, self.right

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.op, *below)

    def head(self) -> tuple[object, ...]:
        return (self.op,)


@attrs.frozen(eq=False, repr=False)
class Compare(Binary[bool], Truth):
    """`left op right`; op is one of == != < <= > >=."""

    def in_words(self, write: Words) -> tuple[str, int]:
        return self.left.compared(self.op, self.right, write), 5


@attrs.frozen(eq=False, repr=False)
class Junction(Truth):
    """All of the parts (`and`) or some of them (`or`)."""

    op: str
    parts: tuple[Formula, ...]

    def below(self) -> tuple[Expr[Any], ...]:
        return self.parts

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.op, below)

    def head(self) -> tuple[object, ...]:
        return (self.op,)

    def in_words(self, write: Words) -> tuple[str, int]:
        own = 3 if self.op == "and" else 2
        same = [isinstance(part, Junction) and part.op == self.op for part in self.parts]
        return f" {self.op} ".join(
            write(part, own + (not one)) for part, one in zip(self.parts, same, strict=True)
        ), own


@attrs.frozen(eq=False, repr=False)
class Not(Truth):
    part: Formula

    def below(self) -> tuple[Expr[Any], ...]:
        return (self.part,)

    def in_words(self, write: Words) -> tuple[str, int]:
        return self.part.denied(write)


@attrs.frozen(eq=False, repr=False)
class Implies(Truth):
    premise: Formula
    conclusion: Formula

    def below(self) -> tuple[Expr[Any], ...]:
        return self.premise, self.conclusion

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"if {write(self.premise, 2)} then {write(self.conclusion, 1)}", 1


@attrs.frozen(eq=False, repr=False)
class Arithmetic(Binary[int]):
    """`left op right`; op is + or -, or * with a constant on one side."""

    @property
    def domain(self) -> Domain:
        return Integers()

    def in_words(self, write: Words) -> tuple[str, int]:
        own = 7 if self.op == "*" else 6
        return f"{write(self.left, own)} {SIGNS[self.op]} {write(self.right, own + 1)}", own


@attrs.frozen(eq=False, repr=False)
class Choose(Expr[T]):
    """`then` where `condition` holds, `otherwise` where it does not."""

    condition: Formula
    then: Expr[T]
    otherwise: Expr[T]
    of: Domain = attrs.field(init=False, repr=False)

    @of.default
    def _wider(self) -> Domain:
        first, second = self.then.domain, self.otherwise.domain
        match first, second:
            case Integers(low=a, high=b), Integers(low=c, high=d):
                low = None if a is None or c is None else min(a, c)
                return Integers(low, None if b is None or d is None else max(b, d))
        if isinstance(first, Opaque) != isinstance(second, Opaque):
            return first if isinstance(first, Opaque) else second
        return first if first == second else Opaque()

    @property
    def domain(self) -> Domain:
        return self.of

    def below(self) -> tuple[Expr[Any], ...]:
        return self.condition, self.then, self.otherwise

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"{write(self.then, 6)} if {write(self.condition, 2)} else {write(self.otherwise, 6)}", 1


@overload
def choose(condition: Formula, then: Expr[T], otherwise: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: Expr[T], otherwise: T) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: T, otherwise: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Formula, then: T, otherwise: T) -> Expr[T]: ...
def choose(condition: Formula, then: Any, otherwise: Any) -> Expr[Any]:
    """`then` where `condition` holds, else `otherwise`; carried data, where one of both is."""
    first, second = lift(then), lift(otherwise)
    if not (same_kind(first.domain, second.domain) or _carries(first.domain, second.domain)):
        raise WrongType("choose()", f"one branch is {first.domain}, the other {second.domain}")
    return Choose(formula(condition, "choose"), first, second)


def _carries(first: Domain, second: Domain) -> bool:
    """Whether one is carried data of a type that the other's values have."""
    return any(
        isinstance(carried, Opaque) and not isinstance(other, Opaque) and fits(carried, other)
        for carried, other in ((first, second), (second, first))
    )


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
        raise BadData(brief(value), f"a {kind} can change", "Use a tuple, a frozenset or a frozen class.") from changing
    return Const(value)


def formula(value: Any, op: str) -> Formula:
    lifted = lift(value)
    if not isinstance(lifted.domain, Booleans):
        raise WrongType(op, f"needs a formula, not {lifted}, which is {lifted.domain}", _formula_instead(lifted, op))
    return cast(Formula, lifted)


def _formula_instead(given: Expr[Any], op: str) -> str:
    """What to write for what is no formula."""
    kind = getattr(given.domain, "type", None)
    if instead := getattr(kind, "INSTEAD", ""):  # of who is written where a formula is meant
        return str(instead)
    if kind in FUNCTIONS:
        return "Write the formula itself, not a function: coins < 9."
    if op in ("and", "or", ">>"):
        return "& | >> bind more tightly than == and <: write (a == b) & (c < d)."
    return "~ binds more tightly than == and <: write ~(a == b)." if op == "~" else ""


FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)


def _grouped(*parts: object) -> None:
    """That parentheses say what `>>` belongs to, where it stands beside `&` or `|`."""
    if any(isinstance(part, Implies) for part in parts):
        check_grouping()


def junction(op: str, *parts: Formula | bool) -> Formula:
    flat: list[Formula] = []
    for part in (formula(part, op) for part in parts):
        inner = isinstance(part, Junction) and part.op == op and not part.called and len(part.parts) <= WIDEST
        flat.extend(part.below() if inner else (part,))
    return Junction(op, tuple(flat))


def compare(op: str, left: Any, right: Any) -> Formula:
    one, other = lift(left), lift(right)

    def refused(what: str) -> DefinitionError:
        return WrongType(f"{one} {op} {other}", what)

    for side in (one, other):
        if isinstance(side.domain, Opaque):
            raise WrongType(
                f"{one} {op} {other}",
                f"{side} is opaque: keys and carried data cannot be compared or ordered",
                COMPARED_VARIABLE if isinstance(side, Var) else COMPARED,
            )
    if not same_kind(one.domain, other.domain):
        raise refused(f"compares {one.domain} with {other.domain}")
    if op not in ("==", "!=") and not isinstance(one.domain, Integers):
        raise refused("only integers have an order")
    for constant, side in ((one, other), (other, one)):
        if isinstance(constant, Const) and op in ("==", "!=") and not side.domain.contains(constant.value):
            raise OutOfRange(f"{one} {op} {other}", f"{constant} is out of range: {side} is {side.domain}")
    return Compare(op, one, other)


def arithmetic(op: str, left: Any, right: Any) -> Expr[int]:
    one, other = lift(left), lift(right)

    def refused(what: str, instead: str = "") -> DefinitionError:
        return WrongType(f"{one} {op} {other}", what, instead)

    for side in (one, other):
        if not isinstance(side.domain, Integers):
            raise refused(f"cannot compute with {side}, which is {side.domain}")
    if op == "*" and not (isinstance(one, Const) or isinstance(other, Const)):
        raise refused("multiplies two expressions", "One side must be a constant, or nothing could be proved.")
    return Arithmetic(op, one, other)
