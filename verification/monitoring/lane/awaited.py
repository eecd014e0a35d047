"""What claims about what must come true say of a state, once for all states that are the same but for keys and instants."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import attrs

from fsm.semantics.evaluation import fold
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.intervals import Interval
from fsm.verification.monitoring.explaining.claims import Watched, read_instances
from fsm.verification.monitoring.explaining.explanation import Explanation
from fsm.verification.monitoring.explaining.snapshots import snapshot_of

__all__ = ["Awaited", "Pending", "awaited", "pending"]

ABSENT = object()
"""A key that no instance has."""

Pending = tuple[tuple[int, Hashable, Interval], ...]
"""Claims that must come true and have not yet, with the instance and since when."""


@attrs.frozen(eq=False)
class Awaited:
    """What a state says of a claim about what must come true.

    Attributes:
        place: of the part of whose instances it speaks; None where there is one answer.
        answers: for each instance, in their order, then for one that is not there: it has come true, and it starts to be awaited.
    """

    number: int
    place: int | None
    answers: tuple[tuple[bool, bool], ...]


def awaited(declaration: Declaration, watched: Watched, one: Explanation) -> Awaited:
    """What the state of an explanation says of a claim."""
    claim = watched.claim
    assert claim.premise is not None
    now = snapshot_of(declaration, declaration.layout, one, {})
    several = read_instances(declaration.under(one.box), watched, now, {ABSENT: None})
    answers = tuple((bool(fold(claim.formula, read)), bool(fold(claim.premise, read))) for _, read in several)
    place = None if watched.part is None else declaration.places[watched.part.name]
    return Awaited(
        watched.number, place if place is not None and declaration.initial[place] is not None else None, answers
    )


def pending(several: tuple[Awaited, ...], old: Pending, parts: tuple[Any, ...], at: Interval) -> Pending:
    """What must come true after a step: what was awaited and has not, and what starts to be."""
    found: list[tuple[int, Hashable, Interval]] = []
    for one in several:
        waiting = {key: since for number, key, since in old if number == one.number} if old else {}
        keys = (None,) if one.place is None else tuple(parts[one.place])
        for key, (done, starts) in zip(keys, one.answers, strict=False):
            if not done and (starts or key in waiting):
                found.append((one.number, key, waiting.get(key, at)))
        if waiting and not one.answers[-1][0]:
            found += [(one.number, key, since) for key, since in waiting.items() if key not in keys]
    return tuple(found)
