"""What a property may say: the place of its formulas by its modality, and one sentence each."""

from __future__ import annotations

from fsm.checks.scoping import CLAIM, SETTING, STEP, Scope, check_reading
from fsm.errors import CannotBeRead, DeclaredTwice, SentByTime
from fsm.language.leaves import Clock
from fsm.language.printing import label
from fsm.language.properties import OF_STEPS, Modality, Property
from fsm.language.source.origin import Faults
from fsm.language.traversal import walk


def check_claims(
    where: str, claims: tuple[Property, ...], scope: Scope, called: tuple[type, ...], faults: Faults
) -> None:
    """Find each property that reads what it may not, or repeats a sentence.

    Args:
        called: the events that callers send.
    """
    seen: set[str] = set()
    for claim in claims:
        with faults.of(claim):
            _check_claim(f"{where}: property {claim.sentence!r}", claim, scope, called)
            if claim.sentence in seen:
                raise DeclaredTwice(where, f"two properties say {claim.sentence!r}")
        seen.add(claim.sentence)


def _check_claim(where: str, claim: Property, scope: Scope, called: tuple[type, ...]) -> None:
    place = STEP if claim.modality in OF_STEPS else CLAIM
    for expr, wanted in ((claim.premise, place), (claim.formula, place), (claim.duration, SETTING)):
        if expr is not None:
            check_reading(where, expr, wanted, scope)
    if claim.modality in (Modality.WITHIN, Modality.LEADS_TO):
        _check_response(where, claim, called)


def _check_response(where: str, claim: Property, called: tuple[type, ...]) -> None:
    for one in claim.fair:
        if one not in called:
            known = ", ".join(label(event) for event in called) or "none"
            raise SentByTime(
                f"{where}: fair",
                f"{label(one)} is not sent by callers",
                f"Fair are events that callers send: {known}. Timers are fair anyway.",
            )
    if any(
        isinstance(node, Clock) for expr in (claim.premise, claim.formula) if expr is not None for node in walk(expr)
    ):
        word, hint = {
            Modality.WITHIN: ("within", "Compare it in always(...), or let a timer enter a state of its own."),
            Modality.LEADS_TO: ("leads_to", "Bound a time with within(...), or compare it in always(...)."),
        }[claim.modality]
        raise CannotBeRead(where, f"{word}(...) reads the time in state", hint)
