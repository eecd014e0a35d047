"""Counts that read a field of the event, taken apart: one count for each value that the field can have.

    tiles.none(channel != Offer.channel)      # of two channels, this is
    (Offer.channel == CHAT) & tiles.none(channel != CHAT) | (Offer.channel == VOICE) & tiles.none(channel != VOICE)

So nobody who reads a declaration has to know of them. It takes one count for each value, or for each choice of values where
a condition reads several fields, so their number has a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, cast

from fsm.errors import CannotBeRead
from fsm.language.domains import Integers, Opaque, is_finite
from fsm.language.expressions import Compare, Const, Expr, Formula, Junction, Not, junction
from fsm.language.leaves import Count, FieldRef
from fsm.language.printing import label
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk

__all__ = ["MOST_CASES", "by_values", "case_of"]

MOST_CASES = 64
"""So many choices of values of the fields that the counts of one comparison read."""


def case_of(node: Expr[Any], holds: Callable[[Formula], object]) -> Formula | None:
    """Of a comparison that was taken apart, what is compared where fields have the values that they have now; None of anything else.

    It is known by its shape, so that a declaration that was read back says the same as the first.
    """
    if not (isinstance(node, Junction) and node.op == "or" and node.called):
        return None
    cases = [one for one in node.parts if isinstance(one, Junction) and one.op == "and" and _is_case(one.parts)]
    fits = [one.parts[-1] for one in cases if all(map(holds, one.parts[:-1]))]
    return fits[0] if len(cases) == len(node.parts) and len(fits) == 1 else None


def _is_case(parts: tuple[Formula, ...]) -> bool:
    """Whether these say which values fields have, and at last how many are counted then."""
    *values, compared = (one.part if isinstance(one, Not) else one for one in parts)
    return (
        compared is parts[-1]
        and isinstance(compared, Compare)
        and any(isinstance(one, Count) for one in walk(compared))
        and all(
            isinstance(one, Compare) and isinstance(one.below()[0], FieldRef) and isinstance(one.below()[1], Const)
            for one in values
        )
    )


def by_values(where: str, condition: Formula) -> Formula:
    """The same condition, in which no count reads a field.

    Raises:
        DefinitionError: a count reads a field that has no end, or too many values.
    """
    made = substitute(condition, lambda node: _cases(where, node) if isinstance(node, Compare) else None)
    return cast(Formula, made)


def _cases(where: str, node: Compare) -> Expr[Any] | None:
    """A comparison of counts, value by value; None for one whose counts read no field."""
    counts = [one for one in walk(node) if isinstance(one, Count)]
    fields = list({structure(field): field for count in counts for field in _fields(count)}.values())
    if not fields:
        return None
    choices = [_values(where, field) for field in fields]
    cases: list[Formula] = []
    for values in product(*choices):
        if len(cases) == MOST_CASES:
            raise CannotBeRead(where, f"{node} has more than {MOST_CASES} cases", "Count by fields of fewer values.")
        known = {structure(field): value for field, value in zip(fields, values, strict=True)}
        is_so = [_has(field, value) for field, value in zip(fields, values, strict=True)]
        cases.append(junction("and", *is_so, cast(Formula, _with(node, known))))
    return Junction("or", tuple(cases), called=node.called or str(node))


def _with(node: Expr[Any], known: dict[str, Any]) -> Expr[Any]:
    """The counts of a comparison with these values of fields."""

    def inside(count: Expr[Any]) -> Expr[Any] | None:
        if not isinstance(count, Count):
            return None
        return substitute(count, lambda one: Const(known[structure(one)]) if isinstance(one, FieldRef) else None)

    return substitute(node, inside)


def _has(field: FieldRef[Any], value: Any) -> Formula:
    if value is True:
        return Compare("==", field, Const(True))
    return Not(Compare("==", field, Const(True))) if value is False else Compare("==", field, Const(value))


def _fields(count: Count) -> list[FieldRef[Any]]:
    return [node for node in walk(count) if isinstance(node, FieldRef)]


def _values(where: str, field: FieldRef[Any]) -> list[Any]:
    domain = field.domain
    if isinstance(domain, Opaque) or not is_finite(domain) or (isinstance(domain, Integers) and _wide(domain)):
        raise CannotBeRead(
            where,
            f"{label(field.event)}.{field.name} is read in a count of instances, and is {domain}",
            f"A count reads fields of at most {MOST_CASES} values: an enumeration, a boolean, a short range.",
        )
    return list(domain.values())


def _wide(domain: Integers) -> bool:
    return domain.low is not None and domain.high is not None and domain.high - domain.low >= MOST_CASES
