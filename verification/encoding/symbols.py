"""The symbols of a solver: numbers in the order of the declaration, and the only place where they are made.

A symbol is what it stands for: a kind, and places in the declaration. `s2` is the state of part 2, `v2.0` its
first variable, `n3.1.0.1` how many instances of part 3 are in its state 1 with the first value of its variable
and one timer fired. Two things therefore have two symbols whatever they are called, and a declaration whose names
are changed is asked about in the same bytes. What a symbol means is told beside a script, never in it.

No other module may make a symbol; a test holds that door.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs
import z3

from fsm.language.domains import Booleans, Domain

__all__ = ["NEXT", "Symbol", "SymbolKind", "copy_of", "integer", "of_domain", "read", "relation", "symbol_of", "truth"]

Term = Any


class SymbolKind(Enum):
    """What a symbol stands for, by the letter that it begins with; in brackets the places that tell it from others."""

    PARAMETER = "q"  # (parameter)
    STATE = "s"  # (part), or (part, instance) of one that is followed
    VARIABLE = "v"  # (part, variable), or (part, instance, variable)
    FIRED = "t"  # whether a timer of the stay has fired: (part, timer), or (part, instance, timer)
    AGE = "a"  # the time in state: (part), or (part, instance)
    COUNTER = "n"  # how many are in a cell: (part, state, a value for each variable, 1 for each timer that has fired)
    EMITTED = "e"  # how often an effect was emitted: (effect), of those that are counted
    FIELD = "f"  # (event, field)
    ACTION_FIELD = "g"  # the field of an action, whatever hands it on: (field)
    MOVED_AGE = "m"  # the time in state of what a move names: (move)
    SHARE = "p"  # how many of a cell move by one of their lines: (move, part, state, ..., line)
    SHARE_AGE = "c"  # for how long one of those has been in its state
    ANY_AGE = "x"  # a time in state of which nothing is asked
    DELAY = "d"  # the time that passes before an event
    STOPWATCH_RUNS = "r"
    STOPWATCH_SHOWS = "w"
    HAPPENING = "h"  # which way a step goes
    BROKEN = "b"  # whether a step breaks the claim
    KNOWN = "k"  # that a fact which was made known is assumed: (fact)
    ASSUMED = "l"  # that a fact of one question is assumed: (fact)
    WEIGHT = "u"  # what a place weighs: (place)
    REACHED = "y"  # the relation that Spacer defines
    LOST = "z"  # that a state is reached which breaks the claim


KINDS = tuple(SymbolKind)
NEXT = -1
"""The copy of a symbol that belongs to the state after a step."""
WRITTEN = re.compile(r"([a-z])((?:[0-9]+(?:\.[0-9]+)*)?)(?:(\+)|@([0-9]+))?", re.ASCII)
LONGEST = 2_000
"""The most characters of a symbol that is read; a cell has a number for each variable of its machine."""


@attrs.frozen(cache_hash=True)
class Symbol:
    """What a symbol stands for.

    Attributes:
        at: places in the declaration, or numbers in another order that no name decides.
        copy: of which step's state it is a copy, or `NEXT`; None for the state itself.
    """

    kind: SymbolKind
    at: tuple[int, ...] = ()
    copy: int | None = None

    def __str__(self) -> str:
        """As it stands in a script: a simple symbol of SMT-LIB."""
        of = "" if self.copy is None else "+" if self.copy == NEXT else f"@{self.copy}"
        return f"{self.kind.value}{'.'.join(map(str, self.at))}{of}"

    @property
    def order(self) -> tuple[int, tuple[int, ...], int]:
        """By kind, then as things stand in the declaration."""
        return KINDS.index(self.kind), self.at, NEXT - 1 if self.copy is None else self.copy


def integer(kind: SymbolKind, *at: int) -> Term:
    """A symbol for a whole number."""
    return z3.Int(str(Symbol(kind, at)))


def truth(kind: SymbolKind, *at: int) -> Term:
    """A symbol for a truth value."""
    return z3.Bool(str(Symbol(kind, at)))


def of_domain(domain: Domain, kind: SymbolKind, *at: int) -> Term:
    """A symbol for any value of a readable domain; its bounds are `translation.within`."""
    return truth(kind, *at) if isinstance(domain, Booleans) else integer(kind, *at)


def relation(kind: SymbolKind, sorts: Sequence[Any], context: Any) -> Any:
    """A relation over values of these sorts."""
    return z3.Function(str(Symbol(kind)), *sorts, z3.BoolSort(context))


def copy_of(term: Term, copy: int) -> Term:
    """The same symbol, of the state of another step."""
    key = term.ast.value, copy
    if key not in _COPIES:
        _COPIES[key] = term, z3.Const(str(attrs.evolve(symbol_of(term), copy=copy)), term.sort())
    return _COPIES[key][1]


_COPIES: dict[tuple[int, int], tuple[Term, Term]] = {}
"""By the pointer of the symbol, which is kept, so that its pointer stays its own."""


def symbol_of(term: Term) -> Symbol:
    """What a symbol stands for."""
    return read(term.decl().name())


@lru_cache(maxsize=8192)
def read(text: str) -> Symbol:
    """The symbol that is written so.

    Raises:
        ValueError: none is.
    """
    found = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError("is no symbol")
    letter, at, following, copy = found.groups()
    places = tuple(map(int, at.split("."))) if at else ()
    symbol = Symbol(SymbolKind(letter), places, NEXT if following else None if copy is None else int(copy))
    if str(symbol) != text:
        raise ValueError("is no symbol")
    return symbol
