"""What is looked for: a snapshot or a step of which a formula holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from fsm.language.events import field_refs
from fsm.language.expressions import Formula, Not
from fsm.language.machine import Transition
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.enabled import lists_all
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import interpret
from fsm.semantics.satisfaction import Seen, holds_of_step, lines_taken
from fsm.verification.search.clocks import has_one_clock, keeps_time

__all__ = ["Goal", "breach_of", "goal_of", "is_exact"]


@attrs.frozen(eq=False)
class Goal:
    """What is looked for: a snapshot where the formula has the value wanted, or a step that breaks it.

    Attributes:
        of_steps: the formula speaks of steps; one that breaks it is looked for.
        line: one such step is looked for in which some instance takes this transition, which no formula over a step can say.
        premise, duration: a bounded response; a run is looked for that breaks it (`fsm.semantics.stopwatch`), milliseconds.
    """

    formula: Formula
    wanted: bool = True
    of_steps: bool = False
    premise: Formula | None = None
    duration: int = 0
    line: Transition | None = None

    def met_by(self, engine: Engine, step: Seen) -> bool:
        """Whether a step is one that is looked for."""
        if holds_of_step(engine, self.formula, step):
            return False
        return self.line is None or any(one is self.line for one in lines_taken(engine, step))


def goal_of(claim: Property) -> Goal:
    """What a run shows of a claim that something is possible."""
    return Goal(Not(claim.formula), of_steps=True) if claim.modality is Modality.CAN_HAPPEN else Goal(claim.formula)


def breach_of(claim: Property, params: Mapping[str, Any]) -> Goal:
    """What a run that breaks a claim shows, under these values of the parameters."""
    if claim.duration is None:
        return Goal(claim.formula, wanted=False, of_steps=claim.modality is Modality.EACH_STEP)
    return Goal(claim.formula, premise=claim.premise, duration=interpret(claim.duration, params=params))


def is_exact(system: System, *formulas: Formula, fixed: Iterable[str] = (), timeless: bool = False) -> bool:
    """Whether a complete search has seen all there is: no parameters, every payload tried that matters, and of time every change (`clocks`).

    Args:
        formulas: what is looked for.
        fixed: the names of parameters that have one value in all that is asked.
        timeless: nothing may keep time.
    """
    fields = [ref for event in system.events for ref in field_refs(event).values()]
    free = {param.name for param in system.parameters} - set(fixed)
    in_time = not keeps_time(system, formulas) or (not timeless and has_one_clock(system, formulas))
    return not free and in_time and all(lists_all(ref) for ref in fields)
