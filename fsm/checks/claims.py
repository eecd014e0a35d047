"""What a property may say: the place of its formulas by its modality, and one sentence each."""

from __future__ import annotations

from fsm.checks.reading import CLAIM, SETTING, STEP, Scope, check_reading
from fsm.errors import DefinitionError
from fsm.properties import Modality, Property


def check_claims(where: str, claims: tuple[Property, ...], scope: Scope) -> None:
    """Raise DefinitionError for the first property that reads what it may not, or repeats a sentence."""
    seen: set[str] = set()
    for claim in claims:
        place = STEP if claim.modality in (Modality.EACH_STEP, Modality.CAN_HAPPEN) else CLAIM
        for expr, wanted in ((claim.premise, place), (claim.formula, place), (claim.duration, SETTING)):
            if expr is not None:
                check_reading(f"{where}: property {claim.sentence!r}", expr, wanted, scope)
        if claim.sentence in seen:
            raise DefinitionError(where, f"two properties say {claim.sentence!r}")
        seen.add(claim.sentence)
