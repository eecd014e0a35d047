"""One question as a closed SMT-LIB 2 script: declarations, named facts, the question, `check-sat`.

Whoever has a solver that reads SMT-LIB can ask it; the proof holds when the answer is `unsat`.
The same formulas give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import z3

__all__ = ["Writer", "quoted"]

Term = Any
WIDTH = 110
TOKEN = re.compile(r"\|[^|]*\||[^\s()]+")
OPERATORS = frozenset(
    ("and", "or", "not", "ite", "let", "=", "<", "<=", ">", ">=", "+", "-", "*", "=>", "distinct", "true", "false")
)


class Writer:
    """Writes scripts; what several of them share is put in words once.

    Args:
        legend: what the numbers of a symbol stand for.
        symbols: some that will be met.
    """

    def __init__(self, legend: Mapping[str, str], symbols: Sequence[Term] = ()) -> None:
        self.legend = legend
        self._said: dict[int, tuple[Term, str]] = {}
        self._tokens: dict[int, frozenset[str]] = {}
        self._declared = {one.sexpr(): one.decl().sexpr() for one in symbols}

    def script(
        self,
        head: Sequence[str],
        types: Sequence[Term],
        facts: Sequence[tuple[str, str, Term]],
        question: Term,
        asked: str,
    ) -> str:
        """The text of one question.

        Args:
            head: what it is about, in words.
            types: formulas that every question assumes.
            facts: name, words and formula of each fact that it assumes.
            asked: the question in words.
        """
        terms = [*types, *(term for _, _, term in facts), question]
        lines = [line for text in head for line in _comment(text)]
        lines += ["(set-logic ALL)", *self._declarations(terms)]
        lines += [f"(assert {self._text(one)})" for one in types]
        used: dict[str, int] = {}
        for name, words, term in facts:
            lines += _comment(words) if words else []
            lines.append(f"(assert (! {self._text(term)} :named {quoted(_once(name, used))}))")
        lines += [*_comment(asked), f"(assert {self._text(question)})", "(check-sat)"]
        return "\n".join(lines) + "\n"

    def _declarations(self, terms: Sequence[Term]) -> list[str]:
        found: set[str] = set()
        for term in terms:
            found |= self._symbols(term)
        lines = []
        for token in sorted(found):
            meaning = self.legend.get(token.strip("|"))
            lines.append(f"{self._declared[token]} ; {meaning}" if meaning else self._declared[token])
        return lines

    def _symbols(self, term: Term) -> frozenset[str]:
        """The symbols of a formula, as its text has them; reading the text is much faster than walking the formula."""
        known = self._tokens.get(term.ast.value)
        if known is None:
            words = frozenset(
                one
                for one in TOKEN.findall(self._text(term))
                if one not in OPERATORS and not one[0].isdigit() and "!" not in one
            )
            if not words <= self._declared.keys():
                self._learn(term)
            known = self._tokens[term.ast.value] = words & self._declared.keys()
        return known

    def _learn(self, term: Term) -> None:
        todo, seen = [term], set()
        while todo:
            node = todo.pop()
            if node.ast.value not in seen:
                seen.add(node.ast.value)
                below = node.children()
                if not below and node.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                    self._declared[node.sexpr()] = node.decl().sexpr()
                todo += below

    def _text(self, term: Term) -> str:
        known = self._said.get(term.ast.value)
        if known is None:
            known = self._said[term.ast.value] = (term, term.sexpr())
        return known[1]


def quoted(name: str) -> str:
    """A name as SMT-LIB has it: anything but `|` and a backslash, in ASCII."""
    plain = "".join(one if " " <= one <= "~" and one not in "|\\" else "?" for one in name)
    return f"|{plain}|"


def _once(name: str, used: dict[str, int]) -> str:
    plain = quoted(name)
    used[plain] = used.get(plain, 0) + 1
    return name if used[plain] == 1 else f"{name} ({used[plain]})"


def _comment(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="; ", subsequent_indent=";   ", break_on_hyphens=False) or [";"]
