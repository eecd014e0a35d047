"""Which profile to search under: one that the formula looked for allows, small where it may be small.

A proof speaks of every profile, a run of one. Z3 picks values under which the invariants do not
already rule out a last step to what is looked for: durations and switches as by default where that
is possible, other numbers as small as possible.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import product
from math import prod
from typing import Any

from fsm.language.domains import Integers, Opaque
from fsm.language.expressions import Param
from fsm.language.parts import Each
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.encoding.terms import conj, disj, equal, negated
from fsm.verification.encoding.translation import of_value, value_in, value_of
from fsm.verification.engines.induction import Induction
from fsm.verification.solver import No, Yes

__all__ = ["corners", "few_profiles", "fewest", "is_duration", "last_step", "suggest"]

SMALL = (0, 1, 2, 3, 4)
FEW = 24
"""So many profiles are looked at one by one."""


def suggest(induction: Induction, wanted: Any) -> dict[str, Any] | No:
    """Values of the parameters under which some state of the invariants may satisfy a term.

    No when none does, for no profile. Where the solver gives up, parameters keep their defaults.
    """
    counting = induction.counting
    facts = [*induction.assumptions, *induction.invariants]
    chosen: dict[str, Any] = dict(counting.fixed)
    question = wanted
    known = induction.asker.ask(question, facts)
    if not isinstance(known, Yes):
        return known if isinstance(known, No) else chosen
    for param in counting.system.parameters:
        if param.name in counting.fixed:
            continue
        symbol = counting.params[param]
        value = value_of(param.domain, value_in(known.model, symbol))
        for better in _preferred(counting.system, param):
            if better == value:
                break
            answer = induction.asker.ask(conj((question, equal(symbol, of_value(better)))), facts)
            if isinstance(answer, Yes):
                known, value = answer, better
                break
        question, chosen[param.name] = conj((question, equal(symbol, of_value(value)))), value
    return chosen


def corners(system: System, fixed: Container[str]) -> Iterator[dict[str, Any]]:
    """Profiles away from the defaults: each parameter by itself at an end of its range and next to its default, then all at once."""
    free = {
        param.name: _ends(param)
        for param in system.parameters
        if param.name not in fixed and not is_duration(system, param)
    }
    yield from ({name: value} for name, values in free.items() for value in values)
    if len(free) > 1:
        yield from ({name: values[place] for name, values in free.items() if values} for place in (0, -1))


def few_profiles(system: System, fixed: Container[str]) -> Iterator[dict[str, Any]]:
    """All values of the parameters together, where they are few; else the corners."""
    free = {param.name: _few_values(param) for param in system.parameters if param.name not in fixed}
    listed = [values for values in free.values() if values]
    if len(listed) < len(free) or prod(map(len, listed)) > FEW:
        yield from corners(system, fixed)
    elif free:
        yield from (dict(zip(free, picked, strict=True)) for picked in product(*listed))


def fewest(system: System, fixed: Container[str]) -> dict[str, Any]:
    """As few keys in the world as there may be, where a parameter says how many: what is used up is used up soonest there."""
    counted = [part.population for part in system.parts if isinstance(part, Each)]
    return {
        param.name: param.domain.low
        for param in counted
        if isinstance(param, Param) and isinstance(param.domain, Integers) and param.domain.low is not None
        if param.name not in fixed
    }


def _few_values(param: Param[Any]) -> tuple[object, ...]:
    """What a parameter may be, where that is little; else nothing."""
    domain = param.domain
    if isinstance(domain, Opaque) or (
        isinstance(domain, Integers) and (domain.low is None or domain.high is None or domain.high - domain.low >= FEW)
    ):
        return ()
    return tuple(domain.values())


def _ends(param: Param[Any]) -> list[Any]:
    """What a parameter may be, its default aside: of an integer, the ends of its range, what is next to the default, and what is small."""
    domain = param.domain
    if isinstance(domain, Integers):
        values = [domain.low, domain.high, param.default + 1, param.default - 1, *SMALL]
        return sorted({one for one in values if one is not None and domain.contains(one)} - {param.default})
    return [value for value in domain.values() if value != param.default]  # type: ignore[union-attr]  # parameters are never opaque


def last_step(induction: Induction, goal: Any) -> Any:
    """Some event leads from where the goal is not to where it is; or it is there at the start."""
    steps = [induction.start(goal)]
    for occurrence in induction.counting.occurrences:
        arrives = induction.broken_after(negated(goal), occurrence)
        if arrives is not None:
            steps.append(conj((negated(goal), arrives, *induction.rules(occurrence).values())))
    return disj(steps)


def _preferred(system: System, param: Param[Any]) -> list[Any]:
    if isinstance(param.domain, Integers) and not is_duration(system, param):
        return [value for value in SMALL if param.domain.contains(value)]
    if isinstance(param.domain, Integers):
        return [param.default]
    rest = [value for value in param.domain.values() if value != param.default]  # type: ignore[union-attr]  # parameters are never opaque
    return [param.default, *rest]


def is_duration(system: System, param: Param[Any]) -> bool:
    """Whether some timer runs as long as the parameter says."""
    durations = [one.duration for part in system.parts for one in part.machine.transitions if one.duration is not None]
    return any(node is param for duration in durations for node in walk(duration))
