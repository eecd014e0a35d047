"""What a caller may put into the fields of an event: every value of those that take few, and of a wide whole number what its conditions compare it with.

That some number will do is shown by one that does. It stands where a condition that reads the field turns: `amount <= balance` by the
balance, a number more and a number less. What is not tried is not said to be impossible.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import z3

from fsm.language.domains import Integers, Opaque
from fsm.language.events import field_refs
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.terms import Swap, number, of_value, plus, symbols_in, times, value_of
from fsm.verification.encoding.translation import within

__all__ = ["payloads", "within_range"]

Term = Any
FEW = 64
"""Of how many values every one is tried."""
MOST = 12
"""Of how many wide numbers at most."""
MOST_PAYLOADS = 200
COMPARED = (z3.Z3_OP_EQ, z3.Z3_OP_DISTINCT, z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT)


def payloads(event: type, places: Places, conditions: Sequence[Term]) -> list[list[tuple[Term, Term]]]:
    """Choices of values for the fields of an event; a field that is in none of them may have any value, and each must do.

    Args:
        conditions: what is asked of the event where it goes one way.
    """
    made: list[list[tuple[Term, Term]]] = [[]]
    wide: list[tuple[Term, Integers]] = []
    for ref in field_refs(event).values():
        values = _few(ref.domain)
        if values and len(made) * len(values) <= FEW:
            made = [[*one, (places.field(event, ref), of_value(value))] for one in made for value in values]
        elif isinstance(ref.domain, Integers):
            wide.append((places.field(event, ref), ref.domain))
    fields = frozenset(symbol.ast.value for symbol, _ in wide)
    for symbol, domain in wide:
        tried = list(_worth_trying(symbol, domain, conditions, fields))[:MOST]
        if len(made) * len(tried) <= MOST_PAYLOADS:
            made = [[*one, (symbol, Swap(one)(value))] for one in made for value in tried]
    return made


def within_range(event: type, places: Places, said: Swap) -> Iterator[Term]:
    """That what is put into wide fields is in their range."""
    for ref in field_refs(event).values():
        symbol = places.field(event, ref)
        if isinstance(ref.domain, Integers) and said.touches(symbol):
            yield from map(said, within(symbol, ref.domain))


def _few(domain: Any) -> list[object]:
    """The values of a domain, where they are few."""
    if isinstance(domain, Opaque):
        return []
    if isinstance(domain, Integers) and (domain.low is None or domain.high is None or domain.high - domain.low >= FEW):
        return []
    return list(domain.values())


def _worth_trying(symbol: Term, domain: Integers, conditions: Iterable[Term], fields: frozenset[int]) -> Iterator[Term]:
    """Where conditions turn, and the ends of the range; terms in which no wide field stands."""
    seen: set[int] = set()
    turns = [turn for one in _comparisons(conditions, symbol) for turn in _turns(one, symbol)]
    near = [plus((turn, number(more))) for turn in turns for more in (0, -1, 1)]
    ends = [number(end) for end in (domain.low, domain.high) if end is not None]
    for term in (*near, *(ends or [number(0)])):
        if fields.isdisjoint(symbols_in(term)) and term.ast.value not in seen:
            seen.add(term.ast.value)
            yield term


def _comparisons(conditions: Iterable[Term], symbol: Term) -> Iterator[Term]:
    """Those in which a symbol stands; most of a condition speaks of others."""
    queue = [*conditions]
    met = {term.ast.value for term in queue}
    for term in queue:
        if symbol.ast.value in symbols_in(term):
            children = term.children()
            if term.decl().kind() in COMPARED and len(children) == 2 and z3.is_int(children[0]):
                yield term
            queue += [one for one in children if one.ast.value not in met and not met.add(one.ast.value)]  # type: ignore[func-returns-value]  # remembers


def _turns(comparison: Term, symbol: Term) -> Iterator[Term]:
    """For which value of the symbol both sides are the same."""
    left, right = comparison.children()
    for side, other in ((left, right), (right, left)):
        if symbol.ast.value in symbols_in(side) and symbol.ast.value not in symbols_in(other):
            solved = _solved(side, symbol, other)
            if solved is not None:
                yield solved


def _solved(side: Term, symbol: Term, wanted: Term) -> Term | None:
    """The value of the symbol with which one side is what is wanted; None where that is not plain."""
    while side.ast.value != symbol.ast.value:
        children = side.children() if z3.is_app(side) else []
        mine = [one for one in children if symbol.ast.value in symbols_in(one)]
        rest = [one for one in children if symbol.ast.value not in symbols_in(one)]
        if len(mine) != 1:
            return None
        kind, factor = side.decl().kind(), value_of(rest[0]) if len(rest) == 1 else None
        if kind == z3.Z3_OP_ADD:
            wanted = plus((wanted, *(times(number(-1), one) for one in rest)))
        elif kind == z3.Z3_OP_MUL and isinstance(factor, int) and factor:
            wanted = times(number(-1), wanted) if factor == -1 else wanted / number(factor)
        else:
            return None
        side = mine[0]
    return wanted
