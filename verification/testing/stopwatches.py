"""The `within` properties on a run: by when something must have come true, and whether it did.

A clock starts at the instant at which a property's `start` becomes true, and is looked at
whenever time has passed it. Between two steps nothing changes but time, so a property that
itself reads the time in state, or counts effects, is not followed here; proofs look at it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TypeVar

from fsm.language.leaves import Clock, Emitted
from fsm.language.parts import Each, Part
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Instance, Snapshot, initial_instance
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import fold, interpret
from fsm.semantics.satisfaction import holds
from fsm.semantics.situation import Situation

__all__ = ["Stopwatches", "followed_by_runs"]

T = TypeVar("T")

Followed = tuple[Property, Part | None]
"""A `within` property, and the part of whose machine it speaks; None for one of the system itself."""


def followed_by_runs(target_properties: tuple[Property, ...], parts: tuple[Part, ...]) -> tuple[Followed, ...]:
    """The `within` properties of a system and of the machines of these parts that a run can be measured by."""
    said: list[Followed] = [(claim, None) for claim in target_properties]
    said += [(claim, part) for part in parts for claim in part.machine.properties]
    return tuple((claim, part) for claim, part in said if claim.modality is Modality.WITHIN and not _reads_time(claim))


def _reads_time(claim: Property) -> bool:
    return any(
        isinstance(node, Clock | Emitted)
        for formula in (claim.premise, claim.formula)
        if formula is not None
        for node in walk(formula)
    )


class Stopwatches:
    """The watch that run for `within` properties; one for each property and instance."""

    def __init__(self, engine: Engine, followed: tuple[Followed, ...]) -> None:
        self.engine = engine
        self._watch = [_Stopwatch(interpret(_given(claim.duration), params=engine.params)) for claim, _ in followed]
        self._followed = followed

    def overdue(self, snapshot: Snapshot) -> Property | None:
        """Look at the next snapshot of the run: a property that it is too late for, or None."""
        for (claim, part), watch in zip(self._followed, self._watch, strict=True):
            for key, starts, ends in self._look(claim, part, snapshot, watch.known()):
                if watch.late(key, starts, ends, snapshot.now):
                    return claim
        return None

    def _look(
        self, claim: Property, part: Part | None, snapshot: Snapshot, known: set[Hashable]
    ) -> Iterator[tuple[Hashable, bool, bool]]:
        """For each instance: whether `start` and `end` are true of it now."""
        start, end = _given(claim.premise), claim.formula
        if part is None:
            yield None, holds(self.engine, start, snapshot, {}), holds(self.engine, end, snapshot, {})
            return
        there: dict[Hashable, Instance] = (
            dict(snapshot[part.name]) if isinstance(part, Each) else {None: snapshot[part.name]}
        )
        for key in [*there, *sorted(known - {*there}, key=repr)]:
            instance = there.get(key) or initial_instance(part.machine, snapshot.now)
            read = Situation.of(self.engine, snapshot).of_instance(instance, key)
            yield key, bool(fold(start, read)), bool(fold(end, read))


class _Stopwatch:
    """The watch of one property: by instance, when it is too late."""

    def __init__(self, duration: int) -> None:
        self.duration = duration
        self._too_late: dict[Hashable, int] = {}
        self._true: set[Hashable] = set()

    def known(self) -> set[Hashable]:
        return {*self._too_late, *self._true}

    def late(self, key: Hashable, starts: bool, ends: bool, now: int) -> bool:
        if now > self._too_late.get(key, now):
            return True
        if ends:
            self._too_late.pop(key, None)
        elif starts and key not in self._true:
            self._too_late.setdefault(key, now + self.duration)
        (self._true.add if starts else self._true.discard)(key)
        return False


def _given(value: T | None) -> T:
    assert value is not None, "a within property has its start and its duration"
    return value
