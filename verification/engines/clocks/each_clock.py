"""The time in state of each of many instances: one of them is followed with its clock, while all are counted.

Whatever the others do, of one instance two things are so at every moment: a timer of its stay that has fired was due by then, and one
that has not is not overdue. What its variables say is known of all that are counted.

What it can never say: anything about how long two things took together, or about a step.
"""

from __future__ import annotations

from typing import Any

from fsm.language.leaves import ForEach
from fsm.language.parts import Each
from fsm.language.properties import Modality, Property
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.symbols import SymbolKind, integer
from fsm.verification.encoding.terms import disj

__all__ = ["broken_by_one", "is_of_each_instance"]


def is_of_each_instance(claim: Property) -> bool:
    """Whether a claim says of each of many instances that something always holds."""
    formula = claim.formula
    return claim.modality is Modality.ALWAYS and isinstance(formula, ForEach) and isinstance(formula.part, Each)


def broken_by_one(counting: Counting, claim: Property) -> Any:
    """That some instance breaks the claim, at some moment of its stay.

    Raises:
        Unencodable: it reads the time in state of something else.
    """
    formula = claim.formula
    assert isinstance(formula, ForEach) and isinstance(formula.part, Each)
    age = integer(SymbolKind.AGE, counting.places.parts[formula.part], 0)
    cells = counting.counters[formula.part]
    return disj(counting.some_time_in(formula.part, cell, formula.formula, age) for cell in cells)
