"""`a & b >> c` means something that nobody means who writes it: it is told on its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fsm import DefinitionError, State, inside
from fsm.language.expressions import Formula

a, b, c = inside(State("a")), inside(State("b")), inside(State("c"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (lambda: a & b >> c, "(a & b) >> c"),
        (lambda: a | b >> c, "(a | b) >> c"),
        (lambda: a >> b & c, "a >> (b & c)"),
        (lambda: a >> b | c, "a >> (b | c)"),
        (
            lambda: (
                c  # the first
                & b >> a
            ),
            "(c & b) >> a",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_implication_beside_and_or_or_needs_parentheses(written: Callable[[], Formula], meant: str) -> None:
    """It says how Python reads the line, and what to write."""
    with pytest.raises(DefinitionError, match="`>>` binds closer") as told:
        written()
    assert f"Write {meant}, or the parentheses that you mean." in str(told.value)


def test_with_parentheses_or_by_name_it_is_what_it_says() -> None:
    """Also over several lines, and where one side was made elsewhere."""
    rule = b >> c
    formulas = [
        a & (b >> c),
        (b >> c) & a,
        a
        & (  # why
            b >> c
        ),
        a & rule,
        rule | a,
        (a & b) >> c,
        a >> (b & c),
    ]
    assert all("if" in str(one) for one in formulas)


def test_where_no_source_can_be_read_nothing_is_said() -> None:
    """As at a prompt, or in text that is executed."""
    names = {"a": a, "b": b, "c": c}
    assert "if" in str(eval("a & b >> c", names))  # that is what is tried
