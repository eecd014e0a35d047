"""A stranger's formula is read by a reader of our own: a few operators, known symbols, and nothing that a solver obeys."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm.verification.encoding.formula_text import DEEPEST, LARGEST, Unreadable, read
from fsm.verification.encoding.symbols import SymbolKind, integer, truth
from fsm.verification.encoding.terms import chosen, conj, disj, equal, less, negated, number, plus, times

KNOWN = {
    "s0": integer(SymbolKind.STATE, 0),
    "q1": integer(SymbolKind.PARAMETER, 1),
    "t0.1": truth(SymbolKind.FIRED, 0, 1),
}

numbers = st.recursive(
    st.integers(-(10**30), 10**30).map(number) | st.sampled_from([KNOWN["s0"], KNOWN["q1"]]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(plus),
        st.builds(times, st.integers(-9, 9).map(number), inner),
        st.builds(chosen, st.just(KNOWN["t0.1"]), inner, inner),
    ),
    max_leaves=8,
)
truths = st.recursive(
    st.just(KNOWN["t0.1"]) | st.builds(less, numbers, numbers) | st.builds(equal, numbers, numbers),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(conj), st.lists(inner, max_size=3).map(disj), inner.map(negated), st.builds(equal, inner, inner)
    ),
    max_leaves=8,
)  # fmt: skip


def same(one: Any, other: Any) -> bool:
    solver = z3.Solver()
    solver.add(one != other)
    return bool(solver.check() == z3.unsat)


@settings(deadline=None)
@given(truths)
def test_what_z3_writes_of_our_terms_is_read_back_as_what_it_means(term: Any) -> None:
    """With every operator, and with what is shared under a name."""
    assert same(term, read(term.sexpr(), KNOWN))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("(distinct s0 3)", KNOWN["s0"] != 3),
        ("(=> t0.1 (= s0 3))", z3.Implies(KNOWN["t0.1"], KNOWN["s0"] == 3)),
        ("(> s0 3)", KNOWN["s0"] > 3),
        ("(>= s0 3)", KNOWN["s0"] >= 3),
        ("(< (- s0) (- s0 q1 2))", -KNOWN["s0"] < KNOWN["s0"] - KNOWN["q1"] - 2),
    ],
)
def test_an_operator_that_z3_seldom_writes_means_what_smt_lib_says(text: str, means: Any) -> None:
    """Our terms are without them, other solvers' are not."""
    assert same(means, read(text, KNOWN))


def test_what_is_shared_is_read_once() -> None:
    """Names of a `let` stand for what they are bound to, the inner before the outer, all of one `let` at once."""
    assert same(KNOWN["s0"] < 3, read("(let ((a!1 (< s0 3))) a!1)", KNOWN))
    assert same(
        KNOWN["s0"] < 4, read("(let ((a!1 (< s0 3))) (let ((a!1 (< s0 4)) (a!2 a!1)) (and a!1 (or a!2 true))))", KNOWN)
    )
    assert same(KNOWN["s0"] < 3, read("(let ((a!1 (< s0 3))) (and (let ((a!1 true)) a!1) a!1))", KNOWN))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not one formula"),
        ("true false", "not one formula"),
        ("(and true", "is not closed"),
        ("true)", "is closed that is not open"),
        ("()", "holds nothing"),
        ("(true)", "is no operator"),
        ("(s0)", "is no operator"),
        ("((and true))", "where an operator should"),
        ("s0", "it is a number"),
        ("7", "it is a number"),
        ("s1", "is no symbol"),
        ("(< s0 q2)", "is no symbol"),
        ("(< s0 03)", "is no symbol"),
        ("(< s0 -3)", "is no symbol"),
        ("(< s0 1.0)", "is no symbol"),
        ("(< s0 ３)", "is no symbol"),
        ("(< s0 |q1|)", "is no symbol"),
        ('(= s0 "x")', "is no symbol"),
        ("(div s0 2)", "is no operator"),
        ("(forall ((x Int)) (< x s0))", "is no operator"),
        ("(exists ((x Int)) (< x s0))", "is no operator"),
        ("(! true :named p)", "is no operator"),
        ("(_ bv1 8)", "is no operator"),
        ("((_ is cons) s0)", "where an operator should"),
        ("; true\ntrue", "is no symbol"),
        ("(not true true)", "does not stand before"),
        ("(not s0)", "does not stand before"),
        ("(< s0 t0.1)", "does not stand before"),
        ("(< s0 1 2)", "does not stand before"),
        ("(ite s0 true false)", "does not stand before"),
        ("(ite true 1 false)", "does not stand before"),
        ("(= 1 true)", "does not stand before"),
        ("(= (* s0 q1) 1)", "no constant side"),
        ("(= (* s0 2 q1) 1)", "no constant side"),
        ("(= (* s0) 1)", "does not stand before"),
        ("(let () true)", "binds no name"),
        ("(let ((s0 1)) true)", "is no operator"),
        ("(let ((and true)) true)", "something else than one name"),
        ("(let ((a!1 true true)) a!1)", "something else than one name"),
        ("(let ((a!1 true) (a!1 false)) a!1)", "something else than one name"),
        ("(let ((a!1 a!1)) a!1)", "is no symbol"),
        ("(let ((a!1 true)))", "no formula, or more than one"),
        ("(let ((a!1 true)) a!1 a!1)", "no formula, or more than one"),
        ("(let true true)", "binds no name"),
        ("(let (a!1 true) true)", "is no symbol"),
        ("a!1", "is no symbol"),
        (f"(< s0 {'9' * 101})", "more than 100 digits"),
        (f"(< s0 (* {'9' * 60} {'9' * 60}))", "more than 100 digits"),
        ("true) (set-option :regular-output-channel \"told\") (echo \"x\"", "closed that is not open"),
        ("true)(check-sat)(assert true", "closed that is not open"),
        ("true\0", "is no symbol"),
        ("true\u00a0", "is no symbol"),
        ("true \u2003", "is no symbol"),
        ("tr\ud800ue", "is no symbol"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_in_words(text: str, complaint: str) -> None:
    """Whatever some solver would make of it."""
    with pytest.raises(Unreadable, match=complaint):
        read(text, KNOWN)


def doubled(times_: int) -> str:
    """A formula that is twice as large with each line, in few characters."""
    lets = "".join(f"(let ((a!{place + 1} (and a!{place} a!{place} t0.1))) " for place in range(1, times_))
    return f"(let ((a!1 t0.1)) {lets}a!{times_}{')' * times_}"


@pytest.mark.parametrize(
    "text",
    [
        "(not " * 200_000 + "true" + ")" * 200_000,
        "(" * 200_000,
        "(let ((a!1 " * 20_000,
        "(not " * (DEEPEST + 1) + "true" + ")" * (DEEPEST + 1),
        "true" + " " * 10**6,
        f"(and {'true ' * (LARGEST + 1)})"[: 10**7],
        doubled(60),
        "(< s0 " + "9" * 10**6 + ")",
        ")" * 10**6,
        "x" * 10**6,
    ],
    ids=["deep", "open", "lets", "just too deep", "white", "many", "doubled", "digits", "closed", "a word"],
)
def test_what_would_be_large_is_refused_before_it_is_made(text: str) -> None:
    """In a moment, without a full stack and without a full memory."""
    begun = time.process_time()
    with pytest.raises(Unreadable):
        read(text, KNOWN)

    assert time.process_time() - begun < 2


def test_no_depth_of_pythons_own_is_needed() -> None:
    """There is no recursion."""
    deepest = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        assert same(KNOWN["t0.1"], read("(not " * 198 + "t0.1" + ")" * 198, KNOWN))
    finally:
        sys.setrecursionlimit(deepest)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["(", ")", "and", "let", "a!1", "a!2", "s0", "t0.1", "true", "7", "(let ((a!1 ", "not", "<", " ", "+", "-", "*", "ite"]), max_size=25).map(" ".join))  # fmt: skip
def test_every_text_is_a_formula_or_is_refused(text: str) -> None:
    """Nothing else comes out."""
    try:
        made = read(text, KNOWN)
    except Unreadable:
        return
    assert z3.is_bool(made)
