"""What a property may say: the place of its formulas by its modality, and one sentence each."""

from __future__ import annotations

from collections.abc import Collection

from fsm.checks.scoping import CLAIM, SETTING, STEP, Scope, check_reading
from fsm.errors import CannotBeRead, DeclaredTwice, SentByTime
from fsm.language.leaves import Clock
from fsm.language.printing import label
from fsm.language.properties import OF_STEPS, RESPONSES, Modality, Property
from fsm.language.source.origin import Faults
from fsm.language.traversal import walk

Keyed = Collection[tuple[type, str]]
"""The fields of events that name instances."""


def check_claims(
    where: str,
    claims: tuple[Property, ...],
    scope: Scope,
    called: tuple[type, ...],
    faults: Faults,
    keyed: Keyed = (),
) -> None:
    """Find each property that reads what it may not, or repeats a sentence.

    Args:
        called: the events that callers send.
        keyed: the fields of theirs that name instances.
    """
    seen: set[str] = set()
    for claim in claims:
        with faults.of(claim):
            _check_claim(f"{where}: property {claim.sentence!r}", claim, scope, called, keyed)
            if claim.sentence in seen:
                raise DeclaredTwice(where, f"two properties say {claim.sentence!r}")
        seen.add(claim.sentence)


def _check_claim(where: str, claim: Property, scope: Scope, called: tuple[type, ...], keyed: Keyed) -> None:
    place = STEP if claim.modality in OF_STEPS else CLAIM
    for expr, wanted in ((claim.premise, place), (claim.formula, place), (claim.duration, SETTING)):
        if expr is not None:
            check_reading(where, expr, wanted, scope)
    if claim.modality in (Modality.WITHIN, *RESPONSES):
        _check_response(where, claim, called, keyed)


def _check_response(where: str, claim: Property, called: tuple[type, ...], keyed: Keyed) -> None:
    for one in claim.fair:
        if one.event not in called:
            known = ", ".join(label(event) for event in called) or "none"
            raise SentByTime(
                f"{where}: fair",
                f"{label(one.event)} is not sent by callers",
                f"Fair are events that callers send: {known}. Timers are fair anyway.",
            )
        if one.key and (one.event, one.key) not in keyed:
            names = ", ".join(f"{label(event)}.{field}" for event, field in keyed if event is one.event)
            raise CannotBeRead(
                f"{where}: fair",
                f"{label(one.event)}.{one.key} names no instance",
                f"What each instance is owed goes by a field that names one: {names}."
                if names
                else f"No field of {label(one.event)} does: name the class, which is owed to whoever it is.",
            )
    if any(
        isinstance(node, Clock) for expr in (claim.premise, claim.formula) if expr is not None for node in walk(expr)
    ):
        word, hint = (
            ("within", "Compare it in always(...), or let a timer enter a state of its own.")
            if claim.modality is Modality.WITHIN
            else ("leads_to", "Bound a time with within(...), or compare it in always(...).")
        )
        raise CannotBeRead(where, f"{word}(...) reads the time in state", hint)
