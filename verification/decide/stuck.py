"""A run to where nothing can happen any more, found by a solver: where a caller must choose a number that no search tries.

What it can never say: that there is no such run; and anything of parts with many instances.
"""

from __future__ import annotations

from typing import Any

from fsm.language.expressions import Const, Formula
from fsm.language.parts import Each, One
from fsm.language.properties import Property
from fsm.language.snapshot import Snapshot
from fsm.traces.trace import Trace
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.instance import readable
from fsm.verification.encoding.terms import Unencodable, conj, disj, equal
from fsm.verification.encoding.translation import of_value
from fsm.verification.engines.induction import Induction
from fsm.verification.engines.wellformed import stuck
from fsm.verification.search.bounded import search_bounded
from fsm.verification.search.dead_ends import is_end
from fsm.verification.solver import No

__all__ = ["run_to_dead_end"]

STEPS = 6
"""Of how many steps a run is looked for: another search has gone further, by the numbers that it tries."""


def run_to_dead_end(prover: Prover, induction: Induction, claim: Property) -> Trace | None:
    """A shortest run to a dead end: no timer runs there, and no caller can have anything taken, whatever is sent and however long it takes."""
    if any(isinstance(part, Each) for part in prover.system.parts):
        return None
    try:
        found = search_bounded(prover.system, claim, prover.fixed, steps=STEPS, lost=stuck(induction.counting)).trace
    except Unencodable:
        return None
    if found is None or found.last.due is not None or is_end(prover.engine(dict(found.profile)), found.last):
        return None
    counting = induction.counting
    given = [
        equal(counting.params[param], of_value(value))
        for param, (_, value) in zip(prover.system.parameters, found.profile, strict=True)
        if param.name not in prover.fixed
    ]
    here = conj((counting.state(_all_of(prover, found.last)), *given))
    return found if _nothing_is_taken(induction, here) else None


def _all_of(prover: Prover, snapshot: Snapshot) -> Formula:
    """What is so in a snapshot, but for clocks and carried data."""
    said: Formula = Const(True)
    for part in prover.system.parts:
        assert isinstance(part, One)
        one: Any = snapshot[part.name]
        said = said & part.inside(part.machine.state(one.state))
        for variable in readable(part.machine):
            said = said & (part[variable] == getattr(one, variable.name))
    return said


def _nothing_is_taken(induction: Induction, here: Any) -> bool:
    """Whether no event of a caller goes any way there, with any values of its fields and at any time in state."""
    counting = induction.counting
    for one in counting.occurrences:
        if one.sender is None:
            rules = (term for _, term in one.rules)
            goes = disj(conj(branch.conditions) for branch in one.branches)
            asked = conj((here, *counting.places.field_bounds(one.event), *rules, goes))
            if not isinstance(induction.asker.ask(asked, [*induction.assumptions]), No):
                return False
    return True
