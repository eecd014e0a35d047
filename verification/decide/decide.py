"""Which engine answers which kind of property.

The kind of property and the fixed orders in `safety`, `possibility` and `response` say which engine answers,
never which is faster, so that two runs print the same report.
"""

from __future__ import annotations

from collections.abc import Callable

from fsm.language.properties import Modality, Property
from fsm.verification.decide.possibility import (
    decide_can_happen,
    decide_reachable,
    decide_recoverable,
    show_recoverable,
)
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.response import decide_leads_to, show_leads_to
from fsm.verification.decide.safety import decide_safety, show_safety
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.engines.induction import Failure
from fsm.verification.verdict import Proved, Unknown, Verdict

__all__ = ["decide", "show"]

Decides = Callable[[Prover, Property], Verdict]
Shows = Callable[[Prover, Property], Proved | Failure]


def decide(prover: Prover, claim: Property) -> Verdict:
    """The verdict on one property."""
    decides, _ = _methods(claim.modality)
    try:
        return decides(prover, claim)
    except Unencodable as refused:
        return Unknown(claim, f"the encoding cannot say {refused.what}")


def show(prover: Prover, claim: Property) -> Proved | Failure:
    """The symbolic proof of a property, or where it stops; nothing is searched for."""
    _, shows = _methods(claim.modality)
    try:
        return shows(prover, claim)
    except Unencodable as refused:
        return Failure("the encoding", {}, f"it cannot say {refused.what}")


def _methods(modality: Modality) -> tuple[Decides, Shows]:
    """How a kind of property is decided, and how it is shown without a search."""
    match modality:
        case Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN:
            return decide_safety, show_safety
        case Modality.REACHABLE:
            return decide_reachable, _by_a_run_only
        case Modality.CAN_HAPPEN:
            return decide_can_happen, _by_a_run_only
        case Modality.RECOVERABLE:
            return decide_recoverable, show_recoverable
        case Modality.LEADS_TO | Modality.EACH_LEADS_TO:
            return decide_leads_to, show_leads_to


def _by_a_run_only(prover: Prover, claim: Property) -> Failure:
    return Failure("a run", {}, "nothing else shows what can happen")
