"""What the checker answers again and again in one process, to whoever has proved something. Standard library only.

All that comes in is text: a declaration in its canonical form, values of parameters by place, evidence as a certificate has it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import EVIDENCE, Section, Version, evidence_in, values_of_version
from fsm.verification.checker.proofs.refutations import ASSUMPTIONS
from fsm.verification.checker.replays.lost import UNSHOWN
from fsm.verification.checker.shapes import Malformed, match, strict_json
from fsm.verification.checker.solver import InProcess

__all__ = ["ASSUMPTIONS", "UNSHOWN", "answered"]

Json = Any
SHAPE = {"fixed": [(int, int)], "lemmas": [str], "met": [(str, [int])], "claims": [(str, EVIDENCE)]}


def answered(declaration: str, asked: str) -> dict[str, str]:
    """For the id of each claim why it is not confirmed, empty where it is.

    Args:
        asked: JSON: `fixed`, pairs of a parameter's place and its value; `lemmas`, ids; `met`, symbols with their values;
            `claims`, ids with their evidence.

    Raises:
        Malformed: it is no such thing.
    """
    order = strict_json(asked, "the question")
    match(order, SHAPE, "order")
    claims = {name: evidence_in(row) for name, row in order["claims"]}
    section = Section(tuple(order["lemmas"]), claims, tuple((name, tuple(values)) for name, values in order["met"]))
    try:
        session = _session(declaration)
    except Malformed as wrong:
        return dict.fromkeys(claims, f"the declaration cannot be read: {wrong}")
    fixed = values_of_version(session.declaration, Version(None, tuple(map(tuple, order["fixed"]))))
    outcomes = session.outcomes(fixed, section)
    return {name: outcome.why for name, outcome in outcomes.items()}


@lru_cache(maxsize=4)
def _session(declaration: str) -> Session:
    return Session(read_declaration(declaration), InProcess())
