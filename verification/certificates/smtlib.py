"""One question as a closed SMT-LIB 2 script: declarations, named facts, the question, `check-sat`.

Whoever has a solver that reads SMT-LIB can ask it; the proof holds when the answer is `unsat`.
The same formulas give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from fsm.verification.encoding.build import symbols_in

__all__ = ["Writer", "quoted"]

Term = Any
WIDTH = 110


class Writer:
    """Writes scripts; what several of them share is put in words once.

    Args:
        legend: what the numbers of a symbol stand for.
    """

    def __init__(self, legend: Mapping[str, str]) -> None:
        self.legend = legend
        self._said: dict[int, tuple[Term, str]] = {}
        self._declared: dict[int, tuple[str, str]] = {}

    def script(self, head: Sequence[str], types: Sequence[Term], facts: Sequence[tuple[str, str, Term]], question: Term, asked: str) -> str:
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
        found: set[int] = set()
        for term in terms:
            pointers = symbols_in(term)
            if not pointers <= self._declared.keys():
                self._learn(term)
            found |= pointers
        lines = []
        for name, line in sorted(self._declared[pointer] for pointer in found):
            meaning = self.legend.get(name)
            lines.append(f"{line} ; {meaning}" if meaning else line)
        return lines

    def _learn(self, term: Term) -> None:
        todo = [term]
        while todo:
            node = todo.pop()
            below = [one for one in node.children() if not symbols_in(one) <= self._declared.keys()]
            if not node.num_args() and symbols_in(node):
                self._declared[node.ast.value] = (node.decl().name(), node.decl().sexpr())
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


