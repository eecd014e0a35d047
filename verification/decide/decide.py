"""Which engine answers which kind of property, and within what time.

The kind of property and the fixed orders in `safety`, `possibility` and `response` say which engine answers,
never which is faster, so that two runs print the same report.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fsm.language.properties import Modality, Property
from fsm.verification.decide import processes as workers
from fsm.verification.decide import transport as sent
from fsm.verification.decide.possibility import (
    decide_can_happen,
    decide_reachable,
    decide_recoverable,
    show_recoverable,
)
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.response import decide_leads_to, show_leads_to
from fsm.verification.decide.safety import decide_safety, show_safety
from fsm.verification.engines.induction import Failure
from fsm.verification.verdict import Proved, Unknown, Verdict

__all__ = ["decide", "decide_within", "show"]

Decides = Callable[[Prover, Property], Verdict]
Shows = Callable[[Prover, Property], Proved | Failure]


def decide(prover: Prover, claim: Property) -> Verdict:
    """The verdict on one property."""
    decides, _ = _methods(claim.modality)
    return decides(prover, claim)


def show(prover: Prover, claim: Property) -> Proved | Failure:
    """The symbolic proof of a property, or where it stops; nothing is searched for."""
    _, shows = _methods(claim.modality)
    return shows(prover, claim)


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
        case Modality.LEADS_TO:
            return decide_leads_to, show_leads_to


def _by_a_run_only(prover: Prover, claim: Property) -> Failure:
    return Failure("a run", {}, "nothing else shows what can happen")


def decide_within(prover: Prover, claim: Property, seconds: float) -> Verdict:
    """The verdict on a property, or unknown where that takes longer.

    What all properties share, the invariants, is found before and does not count.

    Args:
        seconds: by the clock on the wall; the only thing in a report that depends on how fast a machine is.
    """
    prover.prepare()
    work = partial(_alone, prover, claim)
    answers = workers.run({"verdict": work}, lambda known: bool(known), processes=1, seconds=seconds)
    if "verdict" not in answers:
        return Unknown(
            claim,
            f"time limit: no verdict after {seconds:g} s",
            "Give it more with --timeout, or none: then the solver's budgets end it.",
        )
    return sent.from_plain(answers["verdict"], claim, prover.system)


def _alone(prover: Prover, claim: Property) -> Any:
    """The verdict on one property and no other: of the runs that show what is reachable, only its own is looked for."""
    return sent.to_plain(decide(prover.only(claim), claim), prover.system)
