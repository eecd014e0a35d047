"""The questions of a proof, by its kind: closed formulas that a solver must answer with no.

by_kind           the questions of one claim, by its kind
followed          the questions of what comes of each of many instances
k_induction       the questions of a claim that k states in a row show
obligations       the questions that a proof answers with no
progress          the questions of what comes in the end
timed_induction   the questions of a claim about time
"""

from __future__ import annotations

__all__: list[str] = []
