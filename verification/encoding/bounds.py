"""What whole numbers of `one` parts may be bounded by: what conditions compare them with, one more or less, and parameters. Candidates for invariants.

A constant is named by its distance from the least value of the variable, or from its first value where there is no least.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

from fsm.language.domains import Integers
from fsm.language.expressions import Compare, Const, Expr, Param, Var
from fsm.language.leaves import PartVar
from fsm.language.machine import Machine
from fsm.language.parts import One
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.encoding.instance import readable

__all__ = ["BOUNDS", "OF_PARAMETERS", "Bound", "base_of", "bounds_of", "compared", "constant_of", "names"]

MOST = 6
"""How many constants are tried of one variable, those nearest to its base."""
FURTHEST = 1_000_000
"""How far a constant may be from the base."""


class Bound(IntEnum):
    """A comparison of a variable: with a constant at or above its base, with a parameter, or with a constant below its base."""

    AT_MOST = 0
    AT_LEAST = 1
    AT_MOST_PARAMETER = 2
    AT_LEAST_PARAMETER = 3
    BELOW_PARAMETER = 4
    ABOVE_PARAMETER = 5
    AT_MOST_BELOW = 6
    AT_LEAST_BELOW = 7


BOUNDS = {
    Bound.AT_MOST: "<=",
    Bound.AT_LEAST: ">=",
    Bound.AT_MOST_PARAMETER: "<=",
    Bound.AT_LEAST_PARAMETER: ">=",
    Bound.BELOW_PARAMETER: "<",
    Bound.ABOVE_PARAMETER: ">",
    Bound.AT_MOST_BELOW: "<=",
    Bound.AT_LEAST_BELOW: ">=",
}
"""Each as it is written."""
OF_PARAMETERS = (Bound.AT_MOST_PARAMETER, Bound.AT_LEAST_PARAMETER, Bound.BELOW_PARAMETER, Bound.ABOVE_PARAMETER)


def base_of(variable: Var[Any]) -> int:
    """From where constants are counted."""
    domain = variable.domain
    assert isinstance(domain, Integers)
    return int(variable.initial if domain.low is None else domain.low)


def constant_of(variable: Var[Any], bound: Bound, what: int) -> int:
    """With which constant a variable is compared."""
    return base_of(variable) - what if bound >= Bound.AT_MOST_BELOW else base_of(variable) + what


def bounds_of(system: System, part: One) -> Iterator[tuple[int, Bound, int]]:
    """The variable by its place, how it is compared, and with what: a distance from its base, or the place of a parameter."""
    read = list(compared(system, part.machine))
    for place, variable in enumerate(readable(part.machine)):
        domain = variable.domain
        if not isinstance(domain, Integers):
            continue
        near = _near(variable, read)
        for value in near:
            yield from _constant(place, domain, base_of(variable), value)
        params = dict.fromkeys(
            node for expr in read if names(expr, variable) for node in walk(expr) if isinstance(node, Param)
        )
        for at in (at for at, param in enumerate(system.parameters) if param in params):
            if isinstance(system.parameters[at].domain, Integers):
                yield from ((place, bound, at) for bound in OF_PARAMETERS)


def _constant(place: int, domain: Integers, base: int, value: int) -> Iterator[tuple[int, Bound, int]]:
    """The bounds by a constant that the domain does not say itself."""
    if 0 <= value - base <= FURTHEST:
        if domain.high is None or value < domain.high:
            yield place, Bound.AT_MOST, value - base
        if domain.low is None or value > domain.low:
            yield place, Bound.AT_LEAST, value - base
    elif 0 < base - value <= FURTHEST and domain.low is None:
        yield place, Bound.AT_MOST_BELOW, base - value
        yield place, Bound.AT_LEAST_BELOW, base - value


def compared(system: System, machine: Machine) -> Iterator[Expr[Any]]:
    """Every comparison, and every value that a variable is given, as if it were compared with it."""
    conditions = [line.guard for line in machine.transitions if line.guard is not None]
    conditions += [wire.when for wire in system.wires if wire.when is not None]
    conditions += [rule.when for rule in system.rules]
    for condition in conditions:
        yield from (node for node in walk(condition) if isinstance(node, Compare))
    for line in machine.transitions:
        yield from (
            Compare("==", variable, value)
            for variable, value in line.updates
            if isinstance(value, Const | Param) and isinstance(variable.domain, Integers)
        )


def names(expr: Expr[Any], variable: Var[Any]) -> bool:
    """Whether an expression reads a variable, of a machine or of a part."""
    nodes: Iterable[Expr[Any]] = walk(expr)
    return any(node is variable or (isinstance(node, PartVar) and node.var is variable) for node in nodes)


def _near(variable: Var[Any], read: Iterable[Expr[Any]]) -> list[int]:
    """The constants that it is compared with, one more and one less, its first value: those nearest to the base."""
    said = [
        node.value
        for expr in read
        if names(expr, variable)
        for node in walk(expr)
        if isinstance(node, Const) and isinstance(node.value, int) and not isinstance(node.value, bool)
    ]
    values = {int(variable.initial), *(value + more for value in said for more in (-1, 0, 1))}
    return sorted(values, key=lambda value: (abs(value - base_of(variable)), value))[:MOST]
