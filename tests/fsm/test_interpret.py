"""What an expression means, against a second evaluation that shares nothing with the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import parameter
from fsm.language.expressions import (
    Arithmetic,
    Choose,
    Compare,
    Const,
    Expr,
    Formula,
    Implies,
    Junction,
    Not,
    Param,
    choose,
    lift,
)  # fmt: skip
from fsm.semantics.evaluation import fold, interpret

n = parameter("n", int, 0, low=-9, high=9)
m = parameter("m", int, 0, low=-9, high=9)
p = parameter("p", bool, False)
q = parameter("q", bool, False)
VALUES = {"n": 3, "m": -2, "p": True, "q": False}


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (lift(7), 7),
        (n == 3, True), (n == m, False),
        (n != 3, False), (n != m, True),
        (n < 3, False), (m < n, True),
        (n <= 3, True), (n <= m, False),
        (n > 3, False), (n > m, True),
        (n >= 3, True), (m >= n, False),
        (n + m, 1), (n - m, 5), (n * -2, -6), (2 * m, -4),
        (p & q, False), (p & p & p, True),
        (p | q, True), (q | q | q, False),
        (p >> q, False), (p >> p, True), (q >> p, True), (q >> q, True),
        (~p, False), (~q, True),
        (choose(p, n, m), 3), (choose(q, n, m), -2),
    ],
)  # fmt: skip
def test_an_operator_means_what_it_says(expr: Expr[Any], value: object) -> None:
    """Each operator on values that tell it from its neighbours."""
    assert interpret(expr, params=VALUES) == value
    assert type(interpret(expr, params=VALUES)) is type(value)


def test_what_is_not_known_beforehand_is_asked_for() -> None:
    """Leaves are read by whoever folds, and a branch that is not taken is not read."""
    asked: list[str] = []

    def read(node: Expr[Any]) -> object:
        assert isinstance(node, Param)
        asked.append(node.name)
        return VALUES[node.name]

    assert fold(choose(p, n, m) + 1, read) == 4
    assert asked == ["p", "n"]


def written_in_python(expr: Expr[Any]) -> str:
    """The expression as Python source, every operation in brackets."""
    match expr:
        case Const(value=value):
            return f"({value!r})"
        case Param(name=name):
            return name
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            return f"({written_in_python(left)} {op} {written_in_python(right)})"
        case Junction(op=op, parts=parts):
            return f"({f' {op} '.join(written_in_python(part) for part in parts)})"
        case Not(part=part):
            return f"(not {written_in_python(part)})"
        case Implies(premise=premise, conclusion=conclusion):
            return f"({written_in_python(conclusion)} if {written_in_python(premise)} else True)"
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return f"({written_in_python(then)} if {written_in_python(condition)} else {written_in_python(otherwise)})"
        case _:
            raise AssertionError(expr)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> tuple[Formula, Expr[int]]:
    """A formula and a number, each made of smaller ones."""
    if depth == 0:
        return draw(st.sampled_from([p, q, lift(True)])), draw(st.sampled_from([n, m, lift(2)]))
    (a, x), (b, y) = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    formula = draw(
        st.sampled_from(
            [a & b, a | b, a >> b, ~a, x == y, x != y, x < y, x <= y, x > y, x >= y, choose(a, b, ~b), a == b]
        )
    )
    return formula, draw(st.sampled_from([x + y, x - y, x * 3, -2 * y, choose(a, x, y)]))


@settings(deadline=None)
@given(
    expressions(),
    st.fixed_dictionaries({"n": st.integers(-9, 9), "m": st.integers(-9, 9), "p": st.booleans(), "q": st.booleans()}),
)
def test_walking_the_tree_agrees_with_python(both: tuple[Formula, Expr[int]], values: Mapping[str, Any]) -> None:
    """The same formula, written out as Python and given to Python."""
    for expr in both:
        assert interpret(expr, params=values) == eval(written_in_python(expr), {}, dict(values))
