"""Records of which nobody knows which was first: whatever orders explain them all are kept, side by side."""

from __future__ import annotations

import attrs

from fsm.verification.monitoring.arrival import Arrived, Group, orders
from fsm.verification.monitoring.declared.boxes import either
from fsm.verification.monitoring.explaining.explanation import merged
from fsm.verification.monitoring.judging import Setting, Trail, judge
from fsm.verification.monitoring.verdicts import Conforms, Inconclusive, Judgement, Violates

__all__ = ["judged_in_any_order"]

CUT = "more records may have been in another order than were tried"

Way = tuple[Trail, list[Judgement]]
"""A trail after the records of a group in one of their orders, and what they said; fewer than they are where the next one violates."""


def judged_in_any_order(setting: Setting, trail: Trail, group: Group) -> list[Judgement]:
    """What the records say, in whichever order they may have been; where a group was cut neither they nor what follows from them can violate."""
    several = orders(group.records, setting.declaration.sources)
    boxes = trail.boxes or [setting.declaration.first_box]
    after, said = _explained(setting, trail, several) or _as_first(setting, trail, several[0])
    for field in attrs.fields(Trail):
        setattr(trail, field.name, getattr(after, field.name))
    if not group.cut:
        return said
    trail.beliefs = [attrs.evolve(one, box=either(one.box, boxes)) for one in trail.beliefs or ()]
    trail.doubt(CUT)
    return [Inconclusive(one.where, one.what, CUT) if isinstance(one, Violates) else one for one in said]


def _explained(setting: Setting, trail: Trail, several: list[tuple[Arrived, ...]]) -> Way | None:
    """What is left by those orders in which nothing violates, and what the surest of them says; None where there is none, or no choice."""
    for patient in (False, True) if len(several) > 1 else ():
        ways = [_one_way(setting, trail, order, patient) for order in several]
        whole = [(after, said) for after, said in ways if len(said) == len(several[0])]
        if whole:
            overlooked = {why: None for after, _ in ways for why in after.overlooked}
            sure = min(whole, key=lambda way: sum(not isinstance(one, Conforms) for one in way[1]))
            return _any_of(setting, [after for after, _ in whole], overlooked), sure[1]
    return None


def _as_first(setting: Setting, trail: Trail, order: tuple[Arrived, ...]) -> Way:
    """What the records say in the first of their orders, where no other is better."""
    after = trail.copy()
    said = [judge(setting, after, one.observation, repeated=one.repeated) for one in order]
    return after, [one for one in said if one is not None]


def _one_way(setting: Setting, trail: Trail, order: tuple[Arrived, ...], patient: bool) -> Way:
    """The records in this order, up to one that violates."""
    after = trail.copy()
    said: list[Judgement] = []
    for one in order:
        judgement = judge(setting, after, one.observation, repeated=one.repeated, patient=patient)
        if judgement is None or isinstance(judgement, Violates):
            break
        said.append(judgement)
    return after, said


def _any_of(setting: Setting, several: list[Trail], overlooked: dict[str, None]) -> Trail:
    """What any of these ways believes. They differ, so that nothing is looked at again from before; where something can go unseen other orders may have been."""
    trail, bound = several[0], setting.explanations
    beliefs = merged(setting.declaration, [one for way in several for one in way.beliefs or ()])
    if len(beliefs) > bound:
        overlooked[f"more than {bound} explanations: bound reached"] = None
    trail.beliefs, trail.base, trail.items, trail.older = beliefs[:bound], beliefs[:bound], [], []
    trail.overlooked = overlooked
    trail.suspended = frozenset[int]().union(*(way.suspended for way in several))
    trail.gaps = any(way.gaps for way in several)
    trail.forgot = any((setting.declaration.lossy, trail.gaps, overlooked, *(way.forgot for way in several)))
    for name, known in trail.sources.items():
        known.lost = any(way.sources[name].lost for way in several)
    return trail
