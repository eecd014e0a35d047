"""What a newer declaration does that an older one did not, and the other way round: with the shortest run, or the proof that there is none.

Only what a caller sees is compared: which events are taken at which instant, and what is emitted. First both are sent the same
events by breadth (`walk`), under every value of the parameters where these are few. What that leaves open is proved by a solver, for
every value and any number of instances, with the identity as the simulation (`mutants.equivalence`). What neither shows is not decided.

A parameter that only one of them has is at its default; profiles that one of them rules out are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache, partial
from itertools import islice, product
from math import prod
from typing import Any

import attrs

from fsm.errors import BadInput
from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.language.expressions import Param
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.printing import value_in_words
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.verification.changes.alignment import Unlike, aligned
from fsm.verification.changes.pairing import paired
from fsm.verification.changes.replaying import Difference, replayed
from fsm.verification.changes.settings import Setting, runs_of_settings, settings_of
from fsm.verification.changes.walk import Kind, walk_both

__all__ = ["Behaviour", "Relation", "behaviour"]

NEAR = 2_000
"""So many answers of both are compared before a solver is asked."""
BUDGET = 30_000
"""So many answers of both are compared at most."""
MOST = 64
"""Profiles that are gone through one by one, where there are no more."""
FEW = 9
"""Profiles that are tried, where there are more."""


Trials = list[tuple[Engine, Engine]]
Found = dict[Kind, Difference]


class Relation(Enum):
    """What the runs of two declarations have to do with each other."""

    SAME = "same"
    OLD_REFINES_NEW = "OLD refines NEW"
    NEW_REFINES_OLD = "NEW refines OLD"
    DIFFERENT = "different"
    NOT_DECIDED = "not decided"


@attrs.frozen(eq=False)
class Behaviour:
    """How two declarations differ in what they do.

    Attributes:
        old_in_new: whether every run of the older one is one of the newer, with the same effects; None where that is not decided.
        new_in_old: the other way round.
        differences: a shortest run for each kind, replayed.
        settings: which parameters may be set otherwise; where all may be set as before the runs of before are compared.
        why: how that is known, or why it is not.
        complete: whether every run was gone through.
    """

    old_in_new: bool | None
    new_in_old: bool | None
    differences: tuple[Difference, ...]
    why: str
    settings: tuple[Setting, ...] = ()
    complete: bool = False

    @property
    def lost(self) -> bool | None:
        """Whether the newer one refuses some run of the older; None where that is not decided."""
        return self._differs(Kind.LOST, self.old_in_new)

    @property
    def gained(self) -> bool | None:
        """Whether the newer one takes some run that the older one refuses; None where that is not decided."""
        return self._differs(Kind.GAINED, self.new_in_old)

    def _differs(self, kind: Kind, within: bool | None) -> bool | None:
        if any(one.kind is kind for one in self.differences):
            return True
        return False if within or self.complete else None

    @property
    def relation(self) -> Relation:
        """In a word."""
        match self.old_in_new, self.new_in_old:
            case True, True:
                return Relation.SAME
            case True, False:
                return Relation.OLD_REFINES_NEW
            case False, True:
                return Relation.NEW_REFINES_OLD
            case False, False:
                return Relation.DIFFERENT
            case _:
                return Relation.NOT_DECIDED


def behaviour(
    old: Machine | System,
    new: Machine | System,
    *,
    old_profile: NamedProfile | None = None,
    new_profile: NamedProfile | None = None,
    budget: int = BUDGET,
) -> Behaviour:
    """How the runs of two declarations differ.

    Args:
        old_profile, new_profile: what is fixed of the parameters of each.
        budget: how many answers are compared at most.
    """
    try:
        before, after = paired(old, new)
    except BadInput as refused:
        return Behaviour(None, None, (), f"they cannot be compared: {refused}")
    fixed = [
        {} if one is None else dict(one.within(system.parameters).values)
        for one, system in ((old_profile, before), (new_profile, after))
    ]
    trials, every = _trials(before, after, fixed[0], fixed[1])
    if not trials:
        return Behaviour(None, None, (), "no profile is one of both")
    found, gap = _walked(trials, NEAR)
    gap = gap or ("" if every else "there are more profiles than were gone through")
    old_in_new, new_in_old, why = _judged(found, gap)
    if None in (old_in_new, new_in_old):
        old_in_new, new_in_old, why = _shown(before, after, fixed[0], fixed[1], old_in_new, new_in_old, gap)
    if None in (old_in_new, new_in_old):
        further, left = _walked(trials, budget)
        found, gap = found | further, left or ("" if every else gap)
        judged = _judged(found, gap)
        old_in_new, new_in_old = (
            known if known is not None else one for known, one in zip(judged[:2], (old_in_new, new_in_old), strict=True)
        )
        why = why if None in (old_in_new, new_in_old) else judged[2]
    settings = tuple(settings_of(before, after, fixed[0], fixed[1]))
    mine, theirs = _fixed(before, after, fixed[0], fixed[1])
    engines = partial(_engine, before, _own(before, mine)), partial(_engine, after, _own(after, theirs))
    found = runs_of_settings(settings, *engines) | found
    differences = tuple(found[kind] for kind in Kind if kind in found)
    if not all(one.wider for one in settings):
        old_in_new = False
    if not all(one.narrower for one in settings):
        new_in_old = False
    alone = {name: value for name, value in _alone(before, after).items() if name not in fixed[0] | fixed[1]}
    if alone:
        why += f"; with {', '.join(f'{name} = {value_in_words(value)}' for name, value in alone.items())}, the default, since one of them alone has it"
    known = {param.name: param.default for param in before.parameters}
    for param in after.parameters:
        if param.name in known.keys() - (fixed[0].keys() & fixed[1].keys()) and known[param.name] != param.default:
            why += f"; where nobody sets {param.name} it is {value_in_words(param.default)}, and was {value_in_words(known[param.name])}"
    return Behaviour(old_in_new, new_in_old, differences, why, settings, not gap)


def _judged(found: Found, gap: str) -> tuple[bool | None, bool | None, str]:
    """What runs show, and that there are no others where nothing was left out."""
    lost, gained = (kind in found or Kind.EFFECTS in found for kind in (Kind.LOST, Kind.GAINED))
    if not gap:
        return not lost, not gained, "every run was gone through"
    return False if lost else None, False if gained else None, "shown by runs" if lost and gained else gap


def _walked(trials: Trials, budget: int) -> tuple[Found, str]:
    """The differences that a walk under each profile shows, and why there may be others."""
    found: Found = {}
    gap = ""
    for mine, theirs in trials:
        if len(found) == len(Kind):
            break
        walked = walk_both(mine, theirs, budget // len(trials))
        gap = gap or walked.gap
        for kind, way in walked.ways.items():
            if kind not in found or len(way) < len(found[kind].way):
                found[kind] = replayed(kind, way, mine, theirs)
    return found, gap


def _own(system: System, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the parameters that a system has."""
    return {param.name: values[param.name] for param in system.parameters if param.name in values}


def _engine(system: System, profile: Mapping[str, Any], **other: Any) -> Engine | None:
    """The system under a profile, with other values of some parameters; None where that is none of it."""
    return _prepared(system, tuple({**profile, **other}.items()))


@lru_cache(maxsize=64)
def _prepared(system: System, profile: tuple[tuple[str, Any], ...]) -> Engine | None:
    """The same; of what is compared again and again, made once."""
    try:
        return prepare(system, dict(profile))
    except BadInput:
        return None


def _trials(old: System, new: System, fixed: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Trials, bool]:
    """Both under the values that they are walked through under, and whether these are all there are."""
    theirs = {param.name: param for param in new.parameters}
    mine, twins = _fixed(old, new, fixed, other)
    free = [param for param in old.parameters if param.name in theirs and param.name not in mine]
    values = [_values(param, theirs[param.name]) for param in free]
    many = prod(MOST + 1 if one is None else len(one) for one in values)
    if many <= MOST:
        picked = product(*(one or () for one in values))
        chosen = [dict(zip((param.name for param in free), one, strict=True)) for one in picked]
    else:
        chosen = list(islice(_some(free), FEW))
    pairs = [(_engine(old, _own(old, mine | one)), _engine(new, _own(new, twins | one))) for one in chosen]
    return [(one, two) for one, two in pairs if one is not None and two is not None], many <= MOST


def _values(param: Param[Any], twin: Param[Any]) -> tuple[Any, ...] | None:
    """The values of a parameter that both may have; None where they are many."""
    domain = param.domain
    if isinstance(domain, Integers) and (domain.low is None or domain.high is None or domain.high - domain.low > MOST):
        return None
    assert isinstance(domain, Booleans | Enumeration | Integers)
    return tuple(one for one in domain.values() if twin.domain.contains(one))


def _fixed(
    old: System, new: System, fixed: Mapping[str, Any], other: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both fix in a proof: what one fixes the other has too, and what one alone has is at its default."""
    alone = _alone(old, new)
    return {**alone, **other, **fixed}, {**alone, **fixed, **other}


def _alone(old: System, new: System) -> dict[str, Any]:
    """The defaults of the parameters that one of them alone has."""
    own, twins = ({param.name: param.default for param in system.parameters} for system in (old, new))
    return {name: value for name, value in {**own, **twins}.items() if name not in own or name not in twins}


def _some(free: list[Param[Any]]) -> Iterator[dict[str, Any]]:
    """The defaults, then each parameter by itself at another value."""
    yield {}
    for param in free:
        yield from ({param.name: value} for value in _others(param))


def _others(param: Param[Any]) -> list[Any]:
    domain = param.domain
    if isinstance(domain, Integers):
        ends = (param.default + 1, param.default - 1, domain.low, domain.high)
        return [one for one in dict.fromkeys(ends) if one is not None and domain.contains(one)][:2]
    return [one for one in domain.values() if one != param.default]  # type: ignore[union-attr]  # parameters are never opaque


def _shown(
    old: System,
    new: System,
    fixed: Mapping[str, Any],
    other: Mapping[str, Any],
    old_in_new: bool | None,
    new_in_old: bool | None,
    gap: str,
) -> tuple[bool | None, bool | None, str]:
    """What a solver shows of what no run contradicts: both ways at once, or one of them; and how, or why it does not."""
    from fsm.verification.changes.refinement import refined

    try:
        one, two = aligned(old, new)
    except Unlike as unlike:
        return old_in_new, new_in_old, f"{gap}; no proof, since there are {unlike}"
    mine, theirs = _fixed(old, new, fixed, other)
    ways = [(old_in_new is None, new_in_old is None)]
    ways += [(True, False), (False, True)] if ways == [(True, True)] else []
    known, said = [old_in_new, new_in_old], ""
    for way in ways:
        shown, why = refined(one, two, mine, theirs, first=way[0], second=way[1])
        said = said or why
        if shown:
            known = [True if asked else kept for asked, kept in zip(way, known, strict=True)]
        if None not in known:
            return known[0], known[1], BY_PROOF
    return known[0], known[1], f"{gap}; {said}"


BY_PROOF = "proved by a solver, for every value of every parameter and any number of instances"
