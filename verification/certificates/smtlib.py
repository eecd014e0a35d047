"""One question as a closed SMT-LIB 2 script: declarations, facts with their ids, the question, `check-sat`.

Whoever has a solver that reads SMT-LIB can ask it; the proof holds when the answer is `unsat`. In it are numbered
symbols, operators and words of ours: no text of a declaration stands here, not even in a comment. What the
numbers mean is told in README.txt. The same formulas give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import z3

from fsm.verification.encoding.symbols import read
from fsm.verification.facts import FactId

__all__ = ["ScriptWriter", "slug"]

Term = Any
TOKEN = re.compile(r"[^\s()]+")
OPERATORS = frozenset(
    ("and", "or", "not", "ite", "let", "=", "<", "<=", ">", ">=", "+", "-", "*", "=>", "distinct", "true", "false")
)


class ScriptWriter:
    """Writes scripts; what several of them share is put in text once.

    Args:
        symbols: some that will be met.
    """

    def __init__(self, symbols: Sequence[Term] = ()) -> None:
        self._texts: dict[int, tuple[Term, str]] = {}
        self._tokens: dict[int, frozenset[str]] = {}
        self._declared = {one.sexpr(): one.decl().sexpr() for one in symbols}

    def script(
        self, of: FactId, at: str, types: Sequence[Term], facts: Sequence[tuple[FactId, Term]], question: Term
    ) -> str:
        """The text of one question.

        Args:
            of: the claim or lemma that it is about; `at` which question of it.
            types: formulas that every question assumes.
            facts: each fact that it assumes, with its formula.
        """
        assert len({fact for fact, _ in facts}) == len(facts), "a fact stands twice in a question"
        lines = [f"; {of}: {at}", "(set-logic ALL)"]
        lines += self.declarations([*types, *(term for _, term in facts), question])
        lines += [f"(assert {self.text(one)})" for one in types]
        lines += [f"(assert (! {self.text(term)} :named fact-{slug(str(fact))}))" for fact, term in facts]
        lines += [f"(assert {self.text(question)})", "(check-sat)"]
        return "\n".join(lines) + "\n"

    def declarations(self, terms: Sequence[Term]) -> list[str]:
        """A line for each symbol, in the order of the declaration."""
        found: set[str] = set()
        for term in terms:
            found |= self._symbols(term)
        return [self._declared[token] for token in sorted(found, key=lambda token: read(token).order)]

    def _symbols(self, term: Term) -> frozenset[str]:
        """The symbols of a formula, as its text has them; reading the text is much faster than walking the formula."""
        known = self._tokens.get(term.ast.value)
        if known is None:
            words = frozenset(
                one
                for one in TOKEN.findall(self.text(term))
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

    def text(self, term: Term) -> str:
        """A formula as SMT-LIB."""
        known = self._texts.get(term.ast.value)
        if known is None:
            known = self._texts[term.ast.value] = (term, term.sexpr())
        return known[1]


def slug(text: str) -> str:
    """An id, or words and ids of ours, as a simple symbol and as part of a file's name."""
    return text.replace(" ", "-")
