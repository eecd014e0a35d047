"""Wires of one event whose conditions overlap: two of them could then apply at once.

Worlds are tried in which the conditions read what they read: states, finite values, and of every
integer the numbers around each constant it is compared with. A world that is found makes both
conditions hold, so an overlap that is reported is one. Where integers are compared with
each other, or worlds are too many, some overlap may be missed: the proofs ask Z3, and the runtime
refuses to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, product
from typing import Any

import attrs

from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import LARGE, Arithmetic, Compare, Const, Expr, Formula, Param, Var
from fsm.language.leaves import AnyPart, Count, FieldRef, InState, PartVar
from fsm.language.parts import One
from fsm.language.rewriting import conjuncts, opposite, structures
from fsm.language.traversal import walk
from fsm.semantics.evaluation import fold

LIMIT = 50_000

Names = Mapping[int, str]
"""The structure of every node of the conditions, by its identity: worked out once, for all worlds."""
World = dict[str, Any]
"""What each leaf of the conditions is worth, by its structure."""


def overlap(first: Formula, second: Formula, given: Iterable[Formula] = (), most: int = LIMIT) -> bool:
    """True when some world was found in which both conditions, and what is given, hold; so many are tried at most."""
    if opposite(first, second):
        return False
    conditions = (first, second, *given)
    names = structures(conditions)
    many = min(most, _most(conditions))
    worlds = islice(_worlds(conditions, names, _Effort(4 * most), _Effort(many)), many)
    try:
        return any(all(_holds(one, world, names) for one in conditions) for world in worlds)
    except _TooMany:
        return False


def tries_every_world(first: Formula, second: Formula, given: Iterable[Formula] = ()) -> bool:
    """Whether `overlap` tries all worlds of these conditions, or passes them over, rather than the first of too many."""
    conditions = (first, second, *given)
    many = _most(conditions)
    try:
        worlds = _worlds(conditions, structures(conditions), _Effort(4 * LIMIT), _Effort(many))
        return next(islice(worlds, many, None), None) is None
    except _TooMany:
        return False


def surely_apart(first: Formula, second: Formula, given: Iterable[Formula] = ()) -> bool:
    """Whether no state satisfies both conditions, as far as that is certain: where `overlap` finds none it may be left open.

    It is certain where one is the other with a `~` before it; and where all worlds were tried and the conditions compare each
    integer with constants alone, one count of instances at most among them.
    """
    if opposite(first, second):
        return True
    nodes = _distinct((first, second), structures((first, second)))
    if not all(map(_is_plain, nodes)) or sum(isinstance(node, Count) for node in nodes) > 1:
        return False
    known = tuple(one for one in given if all(map(_is_plain, walk(one))))
    return tries_every_world(first, second, known) and not overlap(first, second, known)


def _is_plain(node: Expr[Any]) -> bool:
    """Nothing that is computed, no integer compared with another: the numbers around the constants stand for all."""
    match node:
        case Arithmetic():
            return False
        case Compare(left=left, right=right) if isinstance(left.domain, Integers):
            return isinstance(left, Const) or isinstance(right, Const)
        case _:
            return True


def _most(conditions: tuple[Formula, ...]) -> int:
    """How many worlds are tried: of conditions that take long to look at, fewer."""
    return max(1, LIMIT * LARGE // max(LARGE, *(one.size for one in conditions)))


def _holds(expr: Expr[Any], world: World, names: Names) -> Any:
    return fold(expr, lambda node: world[names[id(node)]])


class _TooMany(Exception):
    """The worlds of some conditions are too many to make."""


@attrs.define
class _Effort:
    """What is left of the effort that may be spent on making worlds."""

    left: int

    def spend(self, much: int = 1) -> None:
        self.left -= much
        if self.left < 0:
            raise _TooMany


def _worlds(conditions: tuple[Formula, ...], names: Names, effort: _Effort, passed_over: _Effort) -> Iterator[World]:
    """Every world, but for those in which something that counts nothing and must hold does not: of these so many at most."""
    nodes = _distinct(conditions, names)
    points = _points(nodes)
    effort.spend(len(points) ** 2)
    amounts = sorted(points | {a - b for a in points for b in points})  # counts add up, so that differences matter
    singles = [node for node in nodes if isinstance(node, (FieldRef, Param, PartVar))]
    insides = [node for node in nodes if isinstance(node, InState) and isinstance(node.part, One)]
    homes = list(dict.fromkeys(node.part for node in insides if node.part is not None))
    counts = [node for node in nodes if isinstance(node, Count)]
    said = chain.from_iterable(map(conjuncts, conditions))
    uncounted = [one for one in said if not any(isinstance(node, Count) for node in walk(one))]
    for values in product(*(_candidates(node.domain, points) for node in singles)):
        world = {names[id(node)]: value for node, value in zip(singles, values, strict=True)}
        for states in product(*(home.machine.states for home in homes)):
            where = dict(zip(homes, states, strict=True))
            for node in insides:
                world[names[id(node)]] = node.part is not None and where[node.part] in node.states
            effort.spend()
            if all(_holds(one, world, names) for one in uncounted):
                yield from _populations(world, counts, names, points, amounts, effort)
            else:
                passed_over.spend()


def _populations(
    world: World, counts: list[Count], names: Names, points: set[int], amounts: list[int], effort: _Effort
) -> Iterator[World]:
    """The world with every number of instances of each kind, where a kind is what the counts can tell apart."""
    parts = list(dict.fromkeys(count.part for count in counts))
    kinds = [
        (part, kind)
        for part in parts
        for kind in _kinds(part, [count for count in counts if count.part is part], names, world, points, effort)
    ]
    for numbers in product(*(_candidates(Integers(0, None), amounts) for _ in kinds)):
        made = dict(world)
        for count in counts:
            mine = (
                number
                for (part, kind), number in zip(kinds, numbers, strict=True)
                if part is count.part and names[id(count)] in kind
            )
            made[names[id(count)]] = sum(mine)
        yield made


def _kinds(
    part: AnyPart, counts: list[Count], names: Names, world: World, points: set[int], effort: _Effort
) -> list[frozenset[str]]:
    """Which of the counts an instance can belong to at once; every combination that some instance has."""
    read = _distinct((count.where for count in counts), names)
    variables = [node for node in read if isinstance(node, Var)]
    insides = [node for node in read if isinstance(node, InState)]
    kinds: dict[frozenset[str], None] = {}
    for state in part.machine.states:
        if state == part.machine.initial:
            continue
        for values in product(*(_candidates(variable.domain, points) for variable in variables)):
            effort.spend()
            own = {**world, **{names[id(node)]: value for node, value in zip(variables, values, strict=True)}}
            own |= {names[id(node)]: state in node.states for node in insides}
            kinds[frozenset(names[id(count)] for count in counts if _holds(count.where, own, names))] = None
    kinds.pop(frozenset(), None)
    return list(kinds)


def _distinct(exprs: Iterable[Expr[Any]], names: Names) -> list[Expr[Any]]:
    """All nodes of some expressions, those of one structure once."""
    return list({names[id(node)]: node for node in chain.from_iterable(map(walk, exprs))}.values())


def _points(nodes: list[Expr[Any]]) -> set[int]:
    """The numbers around the constants that are compared or computed with."""
    sides = [side for node in nodes if isinstance(node, (Compare, Arithmetic)) for side in (node.left, node.right)]
    written = {side.value for side in sides if isinstance(side, Const) and isinstance(side.domain, Integers)}
    return {point + step for point in written | {0} for step in (-1, 0, 1)}


def _candidates(domain: Domain, points: Iterable[int]) -> list[Any]:
    assert not isinstance(domain, Opaque), "conditions read no opaque data"
    if not isinstance(domain, Integers):
        return list(domain.values())
    ends = {end for end in (domain.low, domain.high) if end is not None}
    return sorted(point for point in {*points, *ends} if domain.contains(point))
