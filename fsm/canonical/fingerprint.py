"""What makes two declarations the same: a fingerprint of everything that decides how a system behaves.

A stored snapshot names the fingerprint of the system that wrote it, so that another system does
not read it by accident. It is the SHA-256 of the canonical form of what some step can show, equal in every process.

In it: parts, states, variables, transitions, wires, rules, parameters, assumptions. Left out is
what no step can show: docs, kinds, the happy path, names of machines, rules and assumptions, citations,
properties, profiles, the defaults of parameters (a profile says what they are), of a guard what was written and what its machine said
besides to keep a value in its range, and in which module a class of carried data is declared.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from fsm.canonical.tables import compact
from fsm.canonical.writing import DeclarationWriter
from fsm.language.properties import Property
from fsm.language.system import System

__all__ = ["claim_fingerprint", "fingerprint"]

VERSION = 1
"""Of what is hashed. Another one makes every stored snapshot one of another declaration."""


@lru_cache(maxsize=64)
def fingerprint(system: System) -> str:
    """The SHA-256 of what decides how a system behaves, as 64 hexadecimal digits."""
    tables = DeclarationWriter.of(system, words=False).tables(system)
    return sha256(compact({"fingerprint": VERSION, **tables}).encode("ascii")).hexdigest()


def claim_fingerprint(system: System, claim: Property) -> str:
    """The SHA-256 of what a claim says of a system, whatever its sentence: 64 hexadecimal digits.

    What it speaks of is written by its place in the declaration, so it means something beside the fingerprint of that.
    """
    writer = DeclarationWriter.of(system, words=False)
    formulas = writer.formulas
    said = {
        "modality": claim.modality.value,
        "premise": formulas.formula_or_none(claim.premise, None),
        "formula": formulas.formula(claim.formula, None),
        "duration": formulas.formula_or_none(claim.duration, None),
        "fair": formulas.fair(claim),
        "events": formulas.events.rows,
        "effects": formulas.effects.rows,
        "enumerations": formulas.carried.enumerations.rows,
        "expressions": formulas.expressions.rows,
    }
    return sha256(compact({"claim": VERSION, **said}).encode("ascii")).hexdigest()
