"""A step in which it is chosen who moves, and what an event carries. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.meaning import Instance, Situation
from fsm.verification.checker.steps import Kind, StepMaker
from fsm.verification.checker.unknowns import Unknowns, within

__all__ = ["Chosen"]

Json = Any


class Chosen(StepMaker):
    """The relation of one kind of step, taken by these instances.

    Args:
        who: for each instance of a part with many that moves by itself or is named, in their order.
        payload: values of fields of the event, where they are not any values; by place. With it a line whose guard cannot be said is
            not taken: it is asked in which ways a step is possible, not what every step does.
    """

    def __init__(
        self,
        unknowns: Unknowns,
        kind: Kind,
        base: Situation,
        who: Iterable[Instance],
        payload: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(unknowns, kind, base)
        self._who, self._payload = iter(who), payload

    def anyone(self, part: int) -> Instance:
        """The next of them."""
        return next(self._who)

    def any_field(self, place: int, domain: Json) -> str | None:
        """The value that is chosen, which must be one of the field."""
        given = (self._payload or {}).get(place)
        if given is None:
            return super().any_field(place, domain)
        self.conditions.append(within(self.declaration, domain, given))
        return given

    def guard(self, line: Json, about: Situation) -> str | None:
        """The guard of a line; None where it cannot be said."""
        try:
            return super().guard(line, about)
        except CannotSay:
            if self._payload is None:
                raise
            return None

    def timers_allow(self) -> None:
        """What is so of time is said of the moment, not of a way that is chosen."""
