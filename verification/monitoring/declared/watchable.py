"""Which claims a run that is seen can break, as far as a monitor follows them."""

from __future__ import annotations

from fsm.language.leaves import Clock, Emitted
from fsm.language.properties import Modality, Property
from fsm.language.traversal import walk

__all__ = ["watchable", "why_not"]

WATCHED = frozenset({Modality.ALWAYS, Modality.EACH_STEP, Modality.WITHIN})


def why_not(claim: Property, profile: str | None = None) -> str | None:
    """Why a monitor does not follow the claim; None where it does.

    Args:
        profile: the name of the version that is monitored.
    """
    if claim.fails_in(profile):
        return f"it is not expected to hold{'' if profile is None else f' in {profile}'}"
    if claim.modality not in WATCHED:
        return f"no run breaks {claim.modality.value}"
    said = [one for one in (claim.formula, claim.premise) if one is not None]
    nodes = [node for one in said for node in walk(one)]
    if any(isinstance(node, Emitted) for node in nodes):
        return "it counts effects"
    if any(isinstance(node, Clock) for node in nodes):
        return "it reads the time in state"
    return None


def watchable(claim: Property) -> bool:
    """Whether a monitor follows the claim: it speaks of every run, counts no effects and reads no time in state."""
    return why_not(claim) is None
