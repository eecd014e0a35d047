"""SMT-LIB text, put together from numbered symbols: no text of anybody's is in it. Standard library only.

A term is its text. Literals are folded where they meet, so that what a cell decides is not asked again.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable

__all__ = ["FALSE", "TRUE", "Script", "calculated", "conj", "disj", "equal", "if_then", "negation", "number", "total"]

TRUE, FALSE = "true", "false"
COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def number(value: int) -> str:
    """The literal of a whole number."""
    return str(value) if value >= 0 else f"(- {-value})"


def _value(term: str) -> int | None:
    """The whole number that a literal stands for."""
    if term.isdigit():
        return int(term)
    return -int(term[3:-1]) if term.startswith("(- ") and term[3:-1].isdigit() else None


def _literal(term: str) -> bool:
    return term in (TRUE, FALSE) or _value(term) is not None


def calculated(operation: str, left: str, right: str) -> str:
    """A comparison or a calculation."""
    one, other = _value(left), _value(right)
    if one is None or other is None:
        return f"({operation} {left} {right})"
    if operation in COMPARED:
        return TRUE if COMPARED[operation](one, other) else FALSE
    return number({"+": one + other, "-": one - other, "*": one * other}[operation])


def negation(term: str) -> str:
    """Not."""
    return {TRUE: FALSE, FALSE: TRUE}.get(term, f"(not {term})")


def conj(terms: Iterable[str]) -> str:
    """All of them."""
    return _joined("and", dict.fromkeys(terms), TRUE, FALSE)


def disj(terms: Iterable[str]) -> str:
    """Some of them."""
    return _joined("or", dict.fromkeys(terms), FALSE, TRUE)


def total(terms: Iterable[str]) -> str:
    """Their sum."""
    return _joined("+", terms, "0")


def _joined(operation: str, terms: Iterable[str], neutral: str, absorbing: str | None = None) -> str:
    kept = [term for term in terms if term != neutral]
    if absorbing in kept:
        return absorbing or neutral
    return f"({operation} {' '.join(kept)})" if len(kept) > 1 else kept[0] if kept else neutral


def equal(left: str, right: str) -> str:
    """Whether two are the same."""
    if left == right:
        return TRUE
    return FALSE if _literal(left) and _literal(right) else f"(= {left} {right})"


def if_then(condition: str, yes: str, no: str) -> str:
    """A value that depends on a condition."""
    if condition == TRUE or yes == no:
        return yes
    return no if condition == FALSE else f"(ite {condition} {yes} {no})"


class Script:
    """Declarations, definitions and assertions, in the order in which they were made."""

    def __init__(self) -> None:
        self.lines: list[str] = ["(set-logic QF_NIA)"]
        self._symbols = 0
        self._defined: dict[tuple[str, str], str] = {}

    def fork(self) -> Script:
        """What is said beyond this and taken back afterwards."""
        made = Script()
        made.lines, made._symbols, made._defined = [], self._symbols, dict(self._defined)
        return made

    def copy(self) -> Script:
        """The same, to be gone on with."""
        made = self.fork()
        made.lines = [*self.lines]
        return made

    def declare(self, sort: str) -> str:
        """A new unknown of the sort `Int` or `Bool`."""
        self._symbols += 1
        self.lines.append(f"(declare-const x{self._symbols} {sort})")
        return f"x{self._symbols}"

    def define(self, sort: str, term: str) -> str:
        """A symbol for a term, where it is longer than a symbol; the same one for the same term."""
        if len(term) < 12:
            return term
        if (symbol := self._defined.get((sort, term))) is None:
            self._symbols += 1
            symbol = self._defined[sort, term] = f"x{self._symbols}"
            self.lines.append(f"(define-fun {symbol} () {sort} {term})")
        return symbol

    def require(self, term: str) -> None:
        """What is so."""
        if term != TRUE:
            self.lines.append(f"(assert {term})")
