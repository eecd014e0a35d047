"""Z3 terms evaluated by putting in values for symbols: many terms at once, and pairs made ready once, since handing them to Z3 is what costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import z3

from fsm.verification.encoding.translation import of_value

__all__ = ["Assignment", "Conditions", "Exchange", "Holes", "Symbols", "plain", "speak_of", "value_of"]

Term = Any
constant = lru_cache(maxsize=None, typed=True)(of_value)


@cache
def hole(place: int, boolean: bool) -> Term:
    return z3.Var(place, z3.BoolSort() if boolean else z3.IntSort())


class Exchange:
    """Other terms in the place of some symbols, in as many terms as one likes."""

    def __init__(self, values: Mapping[Term, Term]) -> None:
        self._pairs = [*values.items()]  # Z3 counts who holds a term
        self._symbols, self._values = (
            (z3.Ast * len(values))(*(one.as_ast() for one in side)) for side in (values, values.values())
        )

    def __call__(self, term: Term) -> Term:
        """As `z3.substitute`, which checks every pair each time."""
        made = z3.Z3_substitute(term.ctx_ref(), term.as_ast(), len(self._pairs), self._symbols, self._values)
        return z3.z3._to_expr_ref(made, term.ctx)

    def put(self, term: Term) -> Term:
        """The term with other terms for its symbols, simplified."""
        return z3.simplify(self(term))

    def put_all(self, terms: Sequence[Term]) -> list[Term]:
        """As `put`, many terms by one call."""
        return list(self.put(together(terms)).children()) if terms else []


class Symbols:
    """Symbols in an order, each of which may be a hole.

    Attributes:
        places: where each stands, by its number in Z3.
    """

    def __init__(self, symbols: Sequence[Term]) -> None:
        self.all = list(symbols)
        self.places = {symbol.get_id(): place for place, symbol in enumerate(symbols)}
        self.holes = Exchange({symbol: hole(place, z3.is_bool(symbol)) for place, symbol in enumerate(symbols)})


class Holes:
    """A term with holes in the places of some symbols."""

    def __init__(self, term: Term, symbols: Symbols) -> None:
        self._term = symbols.holes(z3.simplify(term))

    def filled(self, values: Sequence[object]) -> Term:
        """The term with values in its holes, simplified."""
        return z3.simplify(z3.substitute_vars(self._term, *map(constant, values)))


class Conditions:
    """Formulas evaluated together: one number, in which bit i says whether the i-th holds.

    Args:
        formulas: over these symbols and no others.
        symbols: in the order of the values.
    """

    def __init__(self, formulas: Sequence[Term], symbols: Symbols) -> None:
        bits = z3.Sum([z3.IntVal(0), *(z3.If(one, z3.IntVal(1 << bit), 0) for bit, one in enumerate(formulas))])
        self._bits = Holes(bits, symbols)
        self._many = len(formulas)

    def hold(self, values: Sequence[object]) -> list[int]:
        """The places of the formulas that hold."""
        bits = value_of(self._bits.filled(values))
        return [place for place in range(self._many) if bits >> place & 1]


class Assignment:
    """What becomes of each of some symbols: a value, another symbol's value, or whatever a term says.

    Args:
        next: the term of every symbol that changes.
        symbols: all there are, in the order of the values.
    """

    def __init__(self, next: Mapping[Term, Term], symbols: Symbols) -> None:
        places = symbols.places
        self._values: list[tuple[int, bool | int]] = []
        self._copied: list[tuple[int, int]] = []
        terms: list[tuple[int, Term]] = []
        for symbol, term in next.items():
            simple = z3.simplify(term)
            place, source = places[symbol.get_id()], places.get(simple.get_id())
            if is_value(simple):
                self._values.append((place, value_of(simple)))
            elif source is not None:
                self._copied.append((place, source))
            else:
                terms.append((place, simple))
        self._places = [place for place, _ in terms]
        self._terms = Holes(together([term for _, term in terms]), symbols) if terms else None

    def after(self, values: Sequence[Any], others: Sequence[Any] | None = None) -> list[Any]:
        """The values of all symbols afterwards.

        Args:
            values: of all symbols before.
            others: what becomes of the symbols that are not assigned; they keep their values where it is None.
        """
        made = list(values if others is None else others)
        for place, value in self._values:
            made[place] = value
        for place, source in self._copied:
            made[place] = values[source]
        if self._terms is not None:
            for place, term in zip(self._places, self._terms.filled(values).children(), strict=True):
                made[place] = value_of(term)
        return made


def is_value(term: Term) -> bool:
    return bool(z3.is_true(term) or z3.is_false(term) or z3.is_int_value(term))


def value_of(term: Term) -> bool | int:
    """The value of a term without symbols."""
    if z3.is_true(term) or z3.is_false(term):
        return bool(z3.is_true(term))
    assert z3.is_int_value(term), f"{term} still has symbols"
    return int(term.as_long())


@lru_cache(maxsize=None, typed=True)
def plain(value: Any) -> bool | int:
    """A value of a readable domain as the encodings have it."""
    return value_of(of_value(value))


def together(terms: Sequence[Term]) -> Term:
    """One term that has these below it, of which nothing is known."""
    return z3.Function("together", *(one.sort() for one in terms), z3.BoolSort())(*terms)


def speak_of(terms: Sequence[Term], symbols: Symbols) -> list[bool]:
    """For each term whether no other symbols than these stand in it; what they share is looked at once."""
    fit: dict[int, bool] = {}

    def fits(term: Term) -> bool:
        name = term.get_id()
        if name not in fit:
            below = term.children()
            fit[name] = all(fits(one) for one in below) if below else is_value(term) or name in symbols.places
        return fit[name]

    return [fits(one) for one in terms]
