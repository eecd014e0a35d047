"""A formula with one thing wrong: a conjunct lost or negated, a state forgotten, a bound off by one.

Every variant differs from the formula as a tree; whether it differs in meaning is a question for
the proofs (`equivalence`). The order is that of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from fsm.errors import DefinitionError
from fsm.language.domains import Integers
from fsm.language.expressions import Compare, Const, Expr, Formula, Junction, Not, arithmetic, compare
from fsm.language.leaves import InState
from fsm.language.rewriting import structure, substitute

__all__ = ["shifted", "variants"]

ORDERS = ("<", "<=", ">", ">=", "==", "!=")


def variants(expr: Expr[Any]) -> Iterator[tuple[str, Expr[Any]]]:
    """Each faulty form of an expression with the fault in words: `'max_chats + 1' instead of 'max_chats'`."""
    seen = {structure(expr)}
    for said, made in _everywhere(expr):
        known = structure(made)
        if known not in seen:
            seen.add(known)
            yield said, made


def _everywhere(expr: Expr[Any]) -> Iterator[tuple[str, Expr[Any]]]:
    for node in _nodes(expr):
        for said, other in _at(node):
            yield said, _with(expr, node, other)


def _nodes(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Every node once, the whole first."""
    seen: set[int] = set()
    queue = [expr]
    while queue:
        node = queue.pop(0)
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            queue[:0] = node.below()


def _with(expr: Expr[Any], old: Expr[Any], new: Expr[Any]) -> Expr[Any]:
    return substitute(expr, lambda node: new if node is old else None)


def _at(node: Expr[Any]) -> Iterator[tuple[str, Expr[Any]]]:
    match node:
        case Junction(op=op, parts=parts):
            for place, part in enumerate(parts):
                rest = parts[:place] + parts[place + 1 :]
                yield f"without {_quoted(part)}", rest[0] if len(rest) == 1 else Junction(op, rest)
            for place, part in enumerate(parts):
                opposite = _opposite(part)
                yield _instead(opposite, part), Junction(op, (*parts[:place], opposite, *parts[place + 1 :]))
        case InState(part=part_, states=states) if len(states) > 1:
            for state in states:
                yield (
                    f"without '{state.name}' in {_quoted(node)}",
                    InState(part_, tuple(one for one in states if one != state)),
                )
        case Compare(op=op, left=left, right=right) if op in ORDERS:
            for other in shifted(right):
                try:
                    made = compare(op, left, other)
                except DefinitionError:
                    continue  # the constant has left its range: nobody can declare this
                yield _instead(made, node), made
        case _:
            return


def shifted(value: Expr[Any]) -> list[Expr[Any]]:
    """A value off by one: a number one more and one less, a member of an enumeration as the next one."""
    if isinstance(value, Const) and isinstance(value.value, Enum):
        members = list(type(value.value))
        return [Const(members[(members.index(value.value) + 1) % len(members)])] if len(members) > 1 else []
    if isinstance(value, Const) and type(value.value) is int:
        return [Const(value.value + 1), Const(value.value - 1)]
    if isinstance(value.domain, Integers):
        return [arithmetic("+", value, 1), arithmetic("-", value, 1)]
    return []


def _opposite(part: Formula) -> Formula:
    return part.part if isinstance(part, Not) else Not(part)


def _quoted(expr: Expr[Any]) -> str:
    return f"'{expr}'"


def _instead(new: Expr[Any], old: Expr[Any]) -> str:
    return f"{_quoted(new)} instead of {_quoted(old)}"
