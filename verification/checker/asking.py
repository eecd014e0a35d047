"""The checker as something that is asked again and again in one process, by whoever has proved something. Standard library only.

All that comes in is text: a declaration in its canonical form, values of parameters by place, evidence as a certificate has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from fsm.verification.checker.certificate import Section, Session, evidence_in
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.shapes import Malformed, strict_json
from fsm.verification.checker.solver import Answer, InProcess

__all__ = ["outcomes_of"]

Json = Any


class _Counting(InProcess):
    """cvc5, and a digest of each question that it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[Answer]:
        before = hashlib.sha256("\n".join(common).encode())
        for question in questions:
            digest = before.copy()
            digest.update("\n".join(question).encode())
            self.asked.append(digest.digest())
        return super().ask(common, questions)


def outcomes_of(declaration: str, asked: str) -> tuple[dict[str, str], list[bytes]]:
    """For the id of each claim why it is not confirmed, empty where it is; and digests of the questions that were asked.

    Args:
        asked: JSON: `fixed`, pairs of a parameter's place and its value; `lemmas`, ids; `met`, symbols with their values;
            `claims`, ids with their evidence.
    """
    order = strict_json(asked)
    claims = {name: evidence_in(row) for name, row in order["claims"]}
    section = Section(tuple(order["lemmas"]), claims, tuple((name, tuple(values)) for name, values in order["met"]))
    try:
        session, solver = _session(declaration)
    except Malformed as wrong:
        return dict.fromkeys(claims, f"the declaration cannot be read: {wrong}"), []
    solver.asked = []
    outcomes = session.outcomes(dict(order["fixed"]), section)
    return {name: outcome.why for name, outcome in outcomes.items()}, solver.asked


@lru_cache(maxsize=4)
def _session(declaration: str) -> tuple[Session, _Counting]:
    solver = _Counting()
    return Session(read_declaration(declaration), solver), solver
