"""Assumptions on parameters that nothing satisfies: then no profile could be chosen, and every claim would hold.

What the defaults satisfy is satisfied. Else assumptions that share parameters are looked at together: by intervals, and value by
value where few are left. Where that does not decide it nothing is said here: the proofs ask a solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from fsm.checks.intervals import Bounds, learn
from fsm.checks.kinds import shown
from fsm.errors import NeverHolds
from fsm.language.domains import Integers, Opaque
from fsm.language.expressions import Const, Formula, Param
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk
from fsm.semantics.evaluation import interpret
from fsm.semantics.simplification import simplify

__all__ = ["Assumed", "check_assumptions"]

MANY = 4_096
"""So many choices of values are tried at most."""
ROUNDS = 4
"""How often intervals are made narrower by each other."""


class Assumed:
    """Assumptions with some parameters fixed, in groups that share a parameter which is not.

    Args:
        fixed: values of parameters by name.
    """

    def __init__(
        self, assumptions: Iterable[Assumption], parameters: Iterable[Param[Any]], fixed: Mapping[str, Any]
    ) -> None:
        self.params = {param.name: param for param in parameters}
        self.usual = {name: fixed.get(name, param.default) for name, param in self.params.items()}
        self.groups: list[list[tuple[Assumption, Formula]]] = []
        for one in assumptions:
            self._add(one, _under(one.that, fixed))

    def _add(self, one: Assumption, that: Formula) -> None:
        names = _names(that)
        sharing = [group for group in self.groups if names & set().union(*(_names(other) for _, other in group))]
        self.groups = [group for group in self.groups if group not in sharing]
        self.groups.append([pair for group in sharing for pair in group] + [(one, that)])

    @property
    def contradiction(self) -> list[Assumption]:
        """Assumptions that nothing satisfies together; none where none were found."""
        broken = next((group for group in self.groups if self._decided(group) is False), [])
        return [one for one, _ in broken]

    @property
    def satisfied(self) -> bool | None:
        """Whether some values satisfy all of them; None where that is not found out here."""
        answers = [self._decided(group) for group in self.groups]
        return False if False in answers else None if None in answers else True

    @property
    def by_default(self) -> list[Assumption]:
        """The assumptions that the defaults of what is not fixed do not satisfy."""
        return [one for group in self.groups for one, that in group if not interpret(that, params=self.usual)]

    def _decided(self, group: list[tuple[Assumption, Formula]]) -> bool | None:
        formulas = [that for _, that in group]
        if all(interpret(that, params=self.usual) for that in formulas):
            return True
        bounds = _bounds(formulas)
        if any(low is not None and high is not None and low > high for low, high in bounds.values()):
            return False
        params = [
            self.params[name] for name in sorted(set().union(*map(_names, formulas)), key=list(self.params).index)
        ]
        choices = [_values(param, bounds) for param in params]
        if None in choices or prod(len(one) for one in choices if one is not None) > MANY:
            return None
        tried = (dict(zip([param.name for param in params], picked, strict=True)) for picked in product(*choices))  # type: ignore[arg-type]  # none is None
        return any(all(interpret(that, params=values) for that in formulas) for values in tried)


def check_assumptions(
    where: str, assumptions: Sequence[Assumption], params: Sequence[Param[Any]], profiles: Sequence[NamedProfile]
) -> None:
    """Raise DefinitionError where nothing satisfies the assumptions, or nothing that a named profile allows does."""
    broken = Assumed(assumptions, params, {}).contradiction
    if broken:
        raise NeverHolds(
            f"{where}: {_called(broken)}",
            f"nothing satisfies {_said(broken)}",
            "No profile could be chosen, and every claim would hold. Change it, or the range of a parameter.",
        )
    for profile in profiles:
        broken = Assumed(assumptions, params, profile.values).contradiction
        if broken:
            values = ", ".join(f"{name} = {shown(value)}" for name, value in profile.values.items())
            raise NeverHolds(
                f"{where}: profile {profile.name!r}",
                f"{values} contradicts {_called(broken)}: {_said(broken)}",
                "Nothing could be configured in this version, and every claim would hold. Give it other values.",
            )


def _called(assumptions: list[Assumption]) -> str:
    return f"assumption{'s' * (len(assumptions) > 1)} {' and '.join(repr(one.name) for one in assumptions)}"


def _said(assumptions: list[Assumption]) -> str:
    return " and ".join(str(one.that) for one in assumptions)


def _under(that: Formula, fixed: Mapping[str, Any]) -> Formula:
    """The formula with the values that are fixed put in."""
    return simplify(
        substitute(
            that, lambda node: Const(fixed[node.name]) if isinstance(node, Param) and node.name in fixed else None
        )
    )


def _names(that: Formula) -> set[str]:
    return {node.name for node in walk(that) if isinstance(node, Param)}


def _bounds(formulas: Iterable[Formula]) -> Bounds:
    """Between which values everything lies that the formulas compare, as far as intervals tell."""
    bounds: Bounds = {}
    for _ in range(ROUNDS):
        for that in formulas:
            bounds = learn(bounds, that)
    return bounds


def _values(param: Param[Any], bounds: Bounds) -> list[object] | None:
    """Every value that a parameter can have within the bounds; None where they are too many to list."""
    domain = param.domain
    if isinstance(domain, Opaque):
        return None
    if not isinstance(domain, Integers):
        return list(domain.values())
    low, high = bounds.get(structure(param), (domain.low, domain.high))
    low, high = domain.low if low is None else low, domain.high if high is None else high
    return None if low is None or high is None or high - low >= MANY else list(range(low, high + 1))
