"""Records of which nobody knows which was first: whatever orders explain them all are kept, side by side."""

from __future__ import annotations

from itertools import permutations

import attrs

from fsm.verification.monitoring.arrival import Arrived, Group
from fsm.verification.monitoring.explaining.explanation import merged
from fsm.verification.monitoring.judging import Setting, Trail, judge
from fsm.verification.monitoring.verdicts import Conforms, Inconclusive, Judgement, Violates

__all__ = ["judged_in_any_order"]

CUT = "more records may have been in another order than were tried"


def judged_in_any_order(setting: Setting, trail: Trail, group: Group) -> list[Judgement]:
    """What the records say, in whichever order; of a group that was cut a violation cannot be told."""
    for patient in (False, True):
        ways = [
            way
            for order in permutations(group.records)
            if (way := _one_way(setting, trail, order, patient)) is not None
        ]
        if ways:
            _go_on(setting, trail, [after for after, _ in ways])
            return ways[0][1]
    first = trail.copy()
    said = [judge(setting, first, one.observation, repeated=one.repeated) for one in group.records]
    _go_on(setting, trail, [first])
    judgements = [one for one in said if one is not None]
    return [_doubted(one) for one in judgements] if group.cut else judgements


def _one_way(
    setting: Setting, trail: Trail, order: tuple[Arrived, ...], patient: bool
) -> tuple[Trail, list[Judgement]] | None:
    """The trail after the records in this order, where that explains them all."""
    after = trail.copy()
    said: list[Judgement] = []
    for one in order:
        judgement = judge(setting, after, one.observation, repeated=one.repeated, patient=patient)
        if not isinstance(judgement, Conforms):
            return None
        said.append(judgement)
    return after, said


def _go_on(setting: Setting, trail: Trail, several: list[Trail]) -> None:
    """Take over what any of these ways believes; where they differ none can be looked at again from before."""
    first = several[0]
    for field in attrs.fields(Trail):
        setattr(trail, field.name, getattr(first, field.name))
    if len(several) > 1:
        beliefs = merged(setting.declaration, [one for way in several for one in way.beliefs or ()])
        trail.overlooked = {why: None for way in several for why in way.overlooked}
        trail.beliefs, trail.base, trail.items, trail.older = beliefs, list(beliefs), [], []
        trail.forgot = setting.declaration.lossy or any(way.gaps or way.forgot or way.overlooked for way in several)


def _doubted(one: Judgement) -> Judgement:
    return Inconclusive(one.where, one.what, CUT) if isinstance(one, Violates) else one
