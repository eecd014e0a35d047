"""Making Z3 terms, constants folded on the way: what the encoders are made with.

The API of Z3 for Python checks and converts each argument of each operator, which costs more than
all the solving. Here the arguments are terms already; those that are constants, most of them where
a cell has a value for every variable, never reach the solver. `z3` gives one pointer to equal terms.

What it can never do: simplify more than constants, repetition and zero; `z3.simplify` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

import z3

__all__ = [
    "FALSE", "TRUE", "Swap", "Unencodable", "chosen", "conj", "disj", "equal", "implies", "less", "negated", "number", "of_value", "plus", "some_symbol", "symbols_in", "symbols_of", "times",
    "value_of",
]  # fmt: skip

Term = Any

CONTEXT = z3.main_ctx()
REF = CONTEXT.ref()

BITS = 10_000
"""The most bits of a number: what has more digits Python does not put in words either."""

TRUE: Term = z3.BoolVal(True)
FALSE: Term = z3.BoolVal(False)
VALUES: dict[int, bool | int] = {TRUE.ast.value: True, FALSE.ast.value: False}
"""The value of every constant made here, by its pointer; `number` keeps them alive."""


class Unencodable(Exception):
    """Something that an encoding cannot say, and therefore refuses.

    Attributes:
        what: the expression or declaration, in words.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@cache
def number(value: int) -> Term:
    """A whole number.

    Raises:
        Unencodable: it has more digits than solvers are given.
    """
    if value.bit_length() > BITS:
        raise Unencodable(f"a number of {value.bit_length()} bits")
    made = z3.IntVal(value)
    VALUES[made.ast.value] = value
    return made


def of_value(value: object) -> Term | None:
    """A value of a readable domain as a constant; None for any other."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, Enum):
        return number(_places(type(value))[id(value)])
    return number(value) if isinstance(value, int) else None


@cache
def _places(members: type[Enum]) -> dict[int, int]:
    """Where each member of an enumeration stands in it, by its identity: its name, its hash and its `==` are its author's."""
    return {id(member): place for place, member in enumerate(members)}


def value_of(term: Term) -> bool | int | None:
    """The value of a constant made here; None for any other term."""
    return VALUES.get(term.ast.value)


def _array(terms: Sequence[Term]) -> Any:
    return (z3.Ast * len(terms))(*[term.ast for term in terms])


def conj(parts: Iterable[Term]) -> Term:
    """All of them."""
    return _junction(parts, FALSE, TRUE, z3.Z3_mk_and)


def disj(parts: Iterable[Term]) -> Term:
    """Some of them."""
    return _junction(parts, TRUE, FALSE, z3.Z3_mk_or)


def _junction(parts: Iterable[Term], decides: Term, empty: Term, make: Any) -> Term:
    kept: dict[int, Term] = {}
    for part in parts:
        known = part.ast.value
        if known == decides.ast.value:
            return decides
        if known != empty.ast.value:
            kept[known] = part
    terms = list(kept.values())
    if len(terms) < 2:
        return terms[0] if terms else empty
    return z3.BoolRef(make(REF, len(terms), _array(terms)), CONTEXT)


def negated(term: Term) -> Term:
    value = value_of(term)
    if value is not None:
        return FALSE if value else TRUE
    return z3.BoolRef(z3.Z3_mk_not(REF, term.ast), CONTEXT)


def implies(premise: Term, conclusion: Term) -> Term:
    return disj((negated(premise), conclusion))


def chosen(condition: Term, then: Term, otherwise: Term) -> Term:
    """`then` where the condition holds, else `otherwise`."""
    value = value_of(condition)
    if value is not None or then.ast.value == otherwise.ast.value:
        return otherwise if value is False else then
    kind = z3.BoolRef if isinstance(then, z3.BoolRef) else z3.ArithRef
    return kind(z3.Z3_mk_ite(REF, condition.ast, then.ast, otherwise.ast), CONTEXT)


def equal(left: Term, right: Term) -> Term:
    if left.ast.value == right.ast.value:
        return TRUE
    one, other = value_of(left), value_of(right)
    if one is not None and other is not None:
        return FALSE  # equal constants have one pointer
    for value, rest in ((one, right), (other, left)):
        if isinstance(value, bool):
            return rest if value else negated(rest)
    return z3.BoolRef(z3.Z3_mk_eq(REF, left.ast, right.ast), CONTEXT)


def less(left: Term, right: Term, *, strictly: bool = True) -> Term:
    """`left < right`, or `left <= right`."""
    one, other = value_of(left), value_of(right)
    if one is not None and other is not None:
        return TRUE if (one < other if strictly else one <= other) else FALSE
    return z3.BoolRef((z3.Z3_mk_lt if strictly else z3.Z3_mk_le)(REF, left.ast, right.ast), CONTEXT)


def plus(parts: Iterable[Term]) -> Term:
    """Their sum."""
    fixed = 0
    kept: list[Term] = []
    for part in parts:
        value = value_of(part)
        if value is None:
            kept.append(part)
        else:
            fixed += value
    if fixed or not kept:
        kept.append(number(fixed))
    return kept[0] if len(kept) == 1 else z3.ArithRef(z3.Z3_mk_add(REF, len(kept), _array(kept)), CONTEXT)


def times(left: Term, right: Term) -> Term:
    """A product, of which one side is a constant."""
    one, other = value_of(left), value_of(right)
    if one is not None and other is not None:
        return number(one * other)
    if 0 in (one, other):
        return number(0)
    if 1 in (one, other):
        return right if one == 1 else left
    return z3.ArithRef(z3.Z3_mk_mul(REF, 2, _array((left, right))), CONTEXT)


SORTS = {z3.Z3_BOOL_SORT: z3.BoolRef, z3.Z3_INT_SORT: z3.ArithRef, z3.Z3_REAL_SORT: z3.ArithRef}
_LOOKED: dict[int, Term] = {}
"""Terms that were looked through, by their pointers: kept, so that these and those of what stands in them stay their own."""
_SYMBOLS: dict[int, frozenset[int]] = {}
"""By the pointer of a term, those of the symbols that stand in it."""
_SYMBOL: dict[int, Term] = {}
"""Every symbol that was met, by its pointer."""


def symbols_in(term: Term) -> frozenset[int]:
    """The pointers of the symbols that stand in a term."""
    known = _SYMBOLS.get(term.ast.value)
    if known is not None:
        return known
    _LOOKED[term.ast.value] = term
    waiting = [(term.ast, _below(term.ast))]
    while waiting:
        node, below = waiting.pop()
        missing = [one for one in below if one.value not in _SYMBOLS]
        if missing:
            waiting += [(node, below), *[(one, _below(one)) for one in missing]]
        else:
            _SYMBOLS[node.value] = _symbols(node, below)
    return _SYMBOLS[term.ast.value]


def _below(node: z3.Ast) -> list[z3.Ast]:
    """What stands directly in a term without quantifiers."""
    assert z3.Z3_get_ast_kind(REF, node) in (z3.Z3_APP_AST, z3.Z3_NUMERAL_AST), "quantifiers bind what is no symbol"
    return [z3.Z3_get_app_arg(REF, node, place) for place in range(z3.Z3_get_app_num_args(REF, node))]


def _symbols(node: z3.Ast, below: list[z3.Ast]) -> frozenset[int]:
    if below:
        return frozenset().union(*[_SYMBOLS[one.value] for one in below])
    if z3.Z3_get_decl_kind(REF, z3.Z3_get_app_decl(REF, node)) != z3.Z3_OP_UNINTERPRETED:
        return frozenset()
    _SYMBOL[node.value] = SORTS[z3.Z3_get_sort_kind(REF, z3.Z3_get_sort(REF, node))](node, CONTEXT)
    return frozenset({node.value})


def symbols_of(terms: Iterable[Term]) -> list[Term]:
    """Every symbol that stands in some terms, in order."""
    found: dict[int, None] = {}
    todo = [(one.ast, symbols_in(one)) for one in terms][::-1]
    while todo:
        node, symbols = todo.pop()
        if node.value in symbols:
            found[node.value] = None
        elif not symbols <= found.keys():
            todo += [(one, _SYMBOLS[one.value]) for one in _below(node)][::-1]
    return [_SYMBOL[pointer] for pointer in found]


def some_symbol(terms: Iterable[Term], fits: Callable[[Term], bool]) -> bool:
    """Whether some symbol that stands in the terms is such."""
    return any(fits(_SYMBOL[pointer]) for pointer in frozenset().union(*map(symbols_in, terms)))


_SWAPS: WeakValueDictionary[tuple[tuple[int, int], ...], Swap] = WeakValueDictionary()
"""By the pointers of their terms, which a swap keeps alive."""


class Swap:
    """Symbols to be replaced by terms, all at once."""

    def __init__(self, pairs: Iterable[tuple[Term, Term]]) -> None:
        self.pairs = [(symbol, term) for symbol, term in pairs if symbol.ast.value != term.ast.value]
        self._symbols = frozenset(symbol.ast.value for symbol, _ in self.pairs)
        self._fixed = frozenset(symbol.ast.value for symbol, term in self.pairs if value_of(term) is not None)
        self._from, self._to = _array([symbol for symbol, _ in self.pairs]), _array([term for _, term in self.pairs])
        self._done: dict[int, tuple[Term, Term]] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[Term, Term]]) -> Swap:
        """The swap of these pairs: one for all who ask, since many ways lead to one state, and what it makes of a term is kept."""
        swap = cls(pairs)
        key = tuple((symbol.ast.value, term.ast.value) for symbol, term in swap.pairs)
        return _SWAPS.setdefault(key, swap)

    def touches(self, term: Term) -> bool:
        """Whether any of the symbols stands in a term."""
        return not self._symbols.isdisjoint(symbols_in(term))

    def __call__(self, term: Term) -> Term:
        """The term with the symbols replaced; the same term where none of them stands in it, TRUE or FALSE where that is settled."""
        known = self._done.get(term.ast.value)
        if known is None:
            known = self._done[term.ast.value] = term, self._replaced(term)
        return known[1]

    def _replaced(self, term: Term) -> Term:
        if not self.touches(term):
            return term
        kind = z3.BoolRef if isinstance(term, z3.BoolRef) else z3.ArithRef
        made = kind(z3.Z3_substitute(REF, term.ast, len(self.pairs), self._from, self._to), CONTEXT)
        if kind is z3.BoolRef and symbols_in(term) <= self._fixed:
            made = kind(z3.Z3_simplify(REF, made.ast), CONTEXT)
        return made
