"""One machine of many, and what is known of it."""

from __future__ import annotations

import attrs

from fsm.verification.monitoring.arrival import Lane
from fsm.verification.monitoring.judging import Trail

__all__ = ["Watched"]


@attrs.define(eq=False)
class Watched:
    """One machine: what has arrived and waits, what was read, and how many records that may have been its own could not be."""

    lane: Lane = attrs.field(factory=Lane)
    trail: Trail = attrs.field(factory=Trail)
    lost: dict[str, int] = attrs.field(factory=dict)
