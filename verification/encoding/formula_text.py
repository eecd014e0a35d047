"""A formula as text, read by a reader of our own: a few operators, the symbols that are handed in, `let`, and nothing else.

    formula   = true | false | number | symbol | name | (operator formula ...) | (let ((name formula) ...) formula)
    operator  = and or not => ite = distinct < <= > >= + - *      of a product, one side is a constant
    name      = a!1, a!2, ...

It is what SMT-LIB calls a term, of a form that a certificate needs. A certificate comes from a stranger: no text of
it reaches a solver's own reader, which obeys commands. There is no recursion here, so that no nesting fills the
stack, and what would be large is refused before it is made.

You may not add an operator that our certificates do not use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import attrs
import z3

from fsm.verification.encoding.terms import (
    FALSE,
    TRUE,
    chosen,
    conj,
    disj,
    equal,
    implies,
    less,
    negated,
    number,
    plus,
    times,
    value_of,
)

__all__ = ["Unreadable", "read"]

Term = Any

LONGEST = 200_000
"""The most characters of a formula."""
LARGEST = 100_000
"""The most operators and operands of a formula, what a name stands for counted wherever it is used."""
DEEPEST = 200
"""The most operators inside one another."""
DIGITS = 100
"""The most digits of a number."""

WHITE = " \t\n\r\f\v"
"""What may stand between the words of a formula: no other white space."""
TOKEN = re.compile(r"\s*([()]|[^\s()]+)", re.ASCII)
NAME = re.compile(r"a![1-9][0-9]{0,8}", re.ASCII)
NUMBER = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class Unreadable(Exception):
    """A text that is no formula of this form, or a term that has none; with what is wrong, in words."""


@attrs.frozen(eq=False)
class _Node:
    """A term with what it costs: how deep it is, how large where every name is written out."""

    term: Term
    depth: int = 1
    size: int = 1

    @property
    def is_truth(self) -> bool:
        return isinstance(self.term, z3.BoolRef)


@attrs.define(eq=False)
class _Open:
    """A bracket that is not closed yet.

    Attributes:
        head: its operator, `let`, `bindings` or the name that is bound; empty where none was read.
        names: what a `let` binds.
    """

    head: str = ""
    items: list[_Node] = attrs.field(factory=list)
    names: dict[str, _Node] = attrs.field(factory=dict)


def read(text: str, symbols: Mapping[str, Term]) -> Term:
    """The formula that a text is, over these symbols.

    Raises:
        Unreadable: it is none.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"it has more than {LONGEST} characters")
    return _Reader(symbols).read(text)


class _Reader:
    """What is open while a text is read, outermost first."""

    def __init__(self, symbols: Mapping[str, Term]) -> None:
        self.symbols = symbols
        self.open = [_Open("formula")]

    def read(self, text: str) -> Term:
        place, end = 0, len(text.rstrip(WHITE))
        while place < end:
            found = TOKEN.match(text, place)
            assert found is not None, "every character is white, a bracket or another"
            place = found.end()
            self._take(found[1])
        top = self.open.pop()
        if self.open or len(top.items) != 1:
            raise Unreadable("a bracket is not closed" if self.open else "it is not one formula")
        if not top.items[0].is_truth:
            raise Unreadable("it is a number")
        return top.items[0].term

    def _take(self, token: str) -> None:
        here = self.open[-1]
        if token == "(":
            self._begin(here)
        elif token == ")":
            self._end(self.open.pop())
        elif here.head:
            self._put(self._atom(token))
        elif (
            token == "let"
            or token in OPERATORS
            or (len(self.open) > 1 and self.open[-2].head == "bindings" and NAME.fullmatch(token))
        ):
            here.head = token
        else:
            raise Unreadable(f"{_short(token)} is no operator")

    def _begin(self, here: _Open) -> None:
        if not here.head:
            raise Unreadable("a bracket stands where an operator should")
        first = here.head == "let" and not here.names and not here.items
        self.open.append(_Open("bindings") if first else _Open())
        if len(self.open) > 3 * DEEPEST:
            raise Unreadable(f"it is nested deeper than {DEEPEST}")

    def _end(self, closed: _Open) -> None:
        if not self.open:
            raise Unreadable("a bracket is closed that is not open")
        if closed.head == "bindings":
            if not closed.names or closed.items:
                raise Unreadable("a let binds no name")
            self.open[-1].names = closed.names
        elif self.open[-1].head == "bindings":
            if (
                closed.head in OPERATORS
                or closed.head == "let"
                or len(closed.items) != 1
                or closed.head in self.open[-1].names
            ):
                raise Unreadable("a let binds something else than one name to one formula")
            self.open[-1].names[closed.head] = closed.items[0]
        elif closed.head == "let":
            if len(closed.items) != 1 or not closed.names:
                raise Unreadable("a let has no formula, or more than one")
            self._put(closed.items[0])
        else:
            self._put(_applied(closed.head, closed.items))

    def _put(self, node: _Node) -> None:
        here = self.open[-1]
        if here.head == "bindings" or (here.head == "let" and not here.names):
            raise Unreadable("a let binds no name")
        here.items.append(node)

    def _atom(self, token: str) -> _Node:
        """A constant, a symbol, or what a name stands for; the innermost where it is bound twice."""
        if token in ("true", "false"):
            return _Node(TRUE if token == "true" else FALSE)
        if NUMBER.fullmatch(token):
            if len(token) > DIGITS:
                raise Unreadable(f"a number has more than {DIGITS} digits")
            return _Node(number(int(token)))
        if token in self.symbols:
            return _Node(self.symbols[token])
        bound = (one.names[token] for one in reversed(self.open) if one.head == "let" and token in one.names)
        node = next(bound, None)
        if node is None:
            raise Unreadable(f"{_short(token)} is no symbol of this declaration")
        return node


def _applied(operator: str, items: list[_Node]) -> _Node:
    """An operator with what stands behind it."""
    if operator not in OPERATORS:
        raise Unreadable("a bracket holds nothing")
    depth, size = 1 + max((one.depth for one in items), default=0), 1 + sum(one.size for one in items)
    if depth > DEEPEST or size > LARGEST:
        raise Unreadable(f"it is nested deeper than {DEEPEST}, or has more than {LARGEST} operators and operands")
    fits, make = OPERATORS[operator]
    truths = [one.is_truth for one in items]
    if not fits(truths):
        raise Unreadable(f"{operator} does not stand before what it is for")
    made = make([one.term for one in items])
    if abs(value_of(made) or 0) >= 10**DIGITS:
        raise Unreadable(f"a number has more than {DIGITS} digits")
    return _Node(made, depth, size)


def _negative(terms: list[Term]) -> Term:
    first, *rest = terms if len(terms) > 1 else [number(0), *terms]
    return plus([first, *(times(number(-1), one) for one in rest)])


def _product(terms: list[Term]) -> Term:
    if sum(value_of(one) is None for one in terms) > 1:
        raise Unreadable("a product has no constant side")
    return reduce(times, terms)


def _of_truths(least: int, most: int) -> Callable[[list[bool]], bool]:
    return lambda truths: least <= len(truths) <= most and all(truths)


def _of_numbers(least: int, most: int) -> Callable[[list[bool]], bool]:
    return lambda truths: least <= len(truths) <= most and not any(truths)


MANY = LARGEST
OPERATORS: dict[str, tuple[Callable[[list[bool]], bool], Callable[[list[Term]], Term]]] = {
    "and": (_of_truths(1, MANY), conj),
    "or": (_of_truths(1, MANY), disj),
    "not": (_of_truths(1, 1), lambda terms: negated(terms[0])),
    "=>": (_of_truths(2, 2), lambda terms: implies(*terms)),
    "ite": (lambda truths: len(truths) == 3 and truths[0] and truths[1] == truths[2], lambda terms: chosen(*terms)),
    "=": (lambda truths: len(truths) == 2 and truths[0] == truths[1], lambda terms: equal(*terms)),
    "distinct": (lambda truths: len(truths) == 2 and truths[0] == truths[1], lambda terms: negated(equal(*terms))),
    "<": (_of_numbers(2, 2), lambda terms: less(*terms)),
    "<=": (_of_numbers(2, 2), lambda terms: less(*terms, strictly=False)),
    ">": (_of_numbers(2, 2), lambda terms: less(*reversed(terms))),
    ">=": (_of_numbers(2, 2), lambda terms: less(*reversed(terms), strictly=False)),
    "+": (_of_numbers(1, MANY), plus),
    "-": (_of_numbers(1, MANY), _negative),
    "*": (_of_numbers(2, MANY), _product),
}
"""For each operator, of what it may stand before (true for a truth value), and how its term is made."""


def _short(token: str) -> str:
    return repr(token if len(token) <= 40 else f"{token[:40]}...")
