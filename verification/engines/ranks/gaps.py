"""How far a whole number of a `one` part stands above another, or nothing where it does not: never below nothing, so that it can weigh.

The other is the least or the largest value of the variable (its first one where there is no least), a parameter with which it is compared, or another variable.
Thus a counter with a million values weighs by one number, and what shall grow without end by how far it is from where it shall come.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

import attrs

from fsm.language.domains import Integers
from fsm.language.expressions import Compare, Const, Expr, Param, Var
from fsm.language.leaves import Count, PartVar
from fsm.language.parts import Each, One
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.encoding.bounds import base_of, compared, names
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import readable
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.terms import chosen, equal, less, number, plus, times
from fsm.verification.facts import FactId, Of

__all__ = [
    "CONSTANT", "LARGEST", "LEAST", "PARAMETER", "POPULATION", "VARIABLE", "Gap", "Numbers", "gaps", "gaps_of", "local_gaps",
]  # fmt: skip

Term = Any
LEAST, LARGEST, VARIABLE, PARAMETER, CONSTANT, POPULATION = range(6)
"""What one side of a gap is; each with two places: of a part and its variable, of a parameter and nothing, of the size of a number and
whether it is below nothing, or of a part and the state of which it is how many of its instances are there."""
FURTHEST = 999_999
"""The largest constant that is named."""
MOST = 24
"""How many gaps of one part are tried."""
MOST_LOCAL = 120
"""Of how many gaps in one state each weights are looked for."""


@attrs.frozen(eq=False)
class Gap:
    """How far one number stands above another.

    Attributes:
        words: the two, as a person writes it.
    """

    place: FactId
    words: str
    term: Term


@attrs.frozen
class _Side:
    """One of the two numbers."""

    at: tuple[int, int, int]
    words: str
    term: Term


class Numbers(Protocol):
    """An encoding, as far as gaps read it."""

    system: System

    @property
    def places(self) -> Places:
        """Where things stand."""

    @property
    def params(self) -> Mapping[Param[Any], Term]:
        """The terms of the parameters."""

    @property
    def ones(self) -> Mapping[One, tuple[Term, Mapping[Var[Any], Term], tuple[Term, ...]]]:
        """For each part that has one instance the terms of its state, its variables, its timers."""


@lru_cache(maxsize=8)
def gaps(counting: Counting) -> tuple[Gap, ...]:
    """Every gap that is worth a weight."""
    return (
        *(gap for part in counting.ones for gap in gaps_of(counting, part)),
        *(gap for part in counting.counters for gap in islice(_of_many(counting, part), MOST)),
    )


@lru_cache(maxsize=8)
def local_gaps(counting: Counting) -> tuple[Gap, ...]:
    """Each gap of the variables of a part, where all of them have ends, as long as the part is in a state: what shall fall there may grow elsewhere (a rank for each place of a program: Podelski and Rybalchenko, 2004)."""
    found = []
    for part, (state, _, _) in counting.ones.items():
        at = counting.places.parts[part]
        numbers = [one.domain for one in readable(part.machine) if isinstance(one.domain, Integers)]
        bounded = all(one.finite for one in numbers) and len(part.machine.states) > 1
        for number_, one in enumerate(part.machine.states) if bounded else ():
            here = equal(state, number(number_))
            found += [
                Gap(
                    FactId(Of.GAP_IN, (at, number_, *gap.place.at)),
                    f"{gap.words} in {one.name}",
                    chosen(here, gap.term, number(0)),
                )
                for gap in gaps_of(counting, part)
            ]
    return tuple(found) if len(found) <= MOST_LOCAL else ()


def _of_many(counting: Counting, part: Each) -> Iterator[Gap]:
    """How many of a part are in a state, above and below whatever conditions or its limits compare numbers of its instances with."""
    states = [place for place, state in enumerate(part.machine.states) if state != part.machine.initial]
    limits: list[Expr[Any]] = [limit for limit in (part.at_most, part.population) if limit is not None]
    compared_ = [one for one in (*_conditions(counting.system), *_claimed(counting.system)) if isinstance(one, Compare)]
    about = [one for one in compared_ if any(isinstance(node, Count) and node.part is part for node in walk(one))]
    nodes = dict.fromkeys(node for one in [*limits, *about] for node in walk(one))
    others = [side for node in nodes if (side := _whatever(counting, node)) is not None]
    for place in states:
        term = plus(many for cell, many in counting.counters[part].items() if cell.at[0] == place)
        at = counting.places.parts[part]
        mine = _Side((POPULATION, at, place), f"{part.name} {part.machine.states[place].name}", term)
        for other in others:
            yield _gap(other, mine)
            yield _gap(mine, other)


def _whatever(counting: Counting, node: object) -> _Side | None:
    """A parameter, a constant, or a variable of a part with one instance."""
    if isinstance(node, PartVar) and isinstance(node.part, One):
        return _other(counting, node.part, None, node.var)
    return _other(counting, None, None, node) if isinstance(node, Param | Const) else None


def _conditions(system: System) -> Iterator[Expr[Any]]:
    conditions = [wire.when for wire in system.wires if wire.when is not None]
    for condition in (*conditions, *(rule.when for rule in system.rules)):
        yield from walk(condition)


def _claimed(system: System) -> Iterator[Expr[Any]]:
    """What claims compare: their goals are where a rank comes to its end."""
    for claim in system.properties:
        for formula in (claim.formula, claim.premise):
            yield from () if formula is None else (node for node in walk(formula) if isinstance(node, Compare))


def gaps_of(counting: Numbers, part: One) -> Iterator[Gap]:
    """The gaps of the variables of a part that has one instance."""
    at, seen = counting.places.parts[part], 0
    read = [*compared(counting.system, part.machine), *_claimed(counting.system)]
    for place, variable in enumerate(readable(part.machine)):
        if isinstance(variable.domain, Integers):
            mine = _Side((VARIABLE, at, place), f"{part.name} {variable.name}", counting.ones[part][1][variable])
            mentioned = dict.fromkeys(node for expr in read if names(expr, variable) for node in walk(expr))
            others = [other for node in mentioned if (other := _other(counting, part, variable, node)) is not None]
            pairs = [
                *_ends(variable, at, place, mine),
                *(pair for other in others for pair in ((other, mine), (mine, other))),
            ]
            for above, below in pairs[: MOST - seen]:
                seen += 1
                yield _gap(above, below)


def _ends(variable: Var[Any], at: int, place: int, mine: _Side) -> Iterator[tuple[_Side, _Side]]:
    """The variable above its least value, and below its largest."""
    base = base_of(variable)
    yield mine, _Side((LEAST, at, place), str(base), number(base))
    high = variable.domain.high if isinstance(variable.domain, Integers) else None
    if high is not None:
        yield _Side((LARGEST, at, place), str(high), number(high)), mine


def _other(counting: Numbers, part: One | None, variable: Var[Any] | None, node: object) -> _Side | None:
    """What a condition compares the variable with: a constant, a parameter, or a variable of this part or another."""
    if isinstance(node, Const):
        value = node.value
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > FURTHEST or _is_end(variable, value):
            return None
        return _Side((CONSTANT, abs(value), int(value < 0)), str(value), number(value))
    if isinstance(node, Param):
        at = _index(counting.system.parameters, node)
        whole = isinstance(node.domain, Integers) and at is not None
        return _Side((PARAMETER, at, 0), node.name, counting.params[node]) if whole and at is not None else None
    whose = node.part if isinstance(node, PartVar) else part
    other = node.var if isinstance(node, PartVar) else node
    if (
        not isinstance(other, Var)
        or not isinstance(whose, One)
        or not isinstance(other.domain, Integers)
        or (whose is part and other is variable)
    ):
        return None
    at = _index(readable(whose.machine), other)
    if at is None:
        return None
    return _Side(
        (VARIABLE, counting.places.parts[whose], at),
        f"{whose.name} {other.name}",
        counting.ones[whose][1][other],
    )


def _is_end(variable: Var[Any] | None, value: int) -> bool:
    """Whether a constant is where the range of a variable begins or ends: that is a gap of its own."""
    if variable is None or not isinstance(variable.domain, Integers):
        return False
    return value in (base_of(variable), variable.domain.high)


def _index(among: Sequence[object], one: object) -> int | None:
    """Where it stands; equality of expressions is a formula."""
    return next((place for place, other in enumerate(among) if other is one), None)


def _gap(above: _Side, below: _Side) -> Gap:
    difference = plus((above.term, times(number(-1), below.term)))
    words = above.words if below.words == "0" else f"({above.words} - {below.words})"
    return Gap(
        FactId(Of.GAP, (*above.at, *below.at)), words, chosen(less(below.term, above.term), difference, number(0))
    )
