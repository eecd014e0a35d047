"""A symbol of a solver is a kind and places; what is written so is read back, and nothing else makes one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm.verification import facts
from fsm.verification.encoding import symbols
from fsm.verification.encoding.symbols import NEXT, Symbol, SymbolKind, copy_of, integer, symbol_of, truth
from fsm.verification.facts import FactId, Of

PLACES = st.lists(st.integers(0, 10**8), max_size=6).map(tuple)


@given(st.builds(Symbol, st.sampled_from(SymbolKind), PLACES, st.none() | st.just(NEXT) | st.integers(0, 99)))
def test_a_symbol_is_read_back_as_what_it_stands_for(symbol: Symbol) -> None:
    """So no two have one text."""
    assert symbol == symbols.read(str(symbol))


@given(st.sampled_from(Of), PLACES)
def test_a_fact_is_read_back_as_what_it_is(of: Of, at: tuple[int, ...]) -> None:
    """So no two have one text."""
    most = of.value.count("#")
    fact = FactId(of, at[: None if of.value.endswith("...") else most])
    if len(fact.at) < most:
        return
    assert fact == facts.read(str(fact))


@pytest.mark.parametrize(
    "text",
    ["", "s", "s01", "s1.", "s1..2", "s1@", "s1@01", "s-1", "s1+1", "S1", "s1 ", " s1", "s1\n", "s１", "ß1", "s1.2@3+", "|s1|", "s" + "1" * 3_000],
)  # fmt: skip
def test_what_is_written_in_another_way_is_no_symbol(text: str) -> None:
    """Neither leading noughts nor other digits: a text that means a symbol is the symbol's own."""
    if text == "s":
        assert Symbol(SymbolKind.STATE) == symbols.read(text)
        return
    with pytest.raises(ValueError, match="is no symbol"):
        symbols.read(text)


@pytest.mark.parametrize(
    "text",
    ["", "claim", "claim 01", "claim  1", "claim 1 ", " claim 1", "claim 1 2", "claim -1", "Claim 1", "claim １", "part 0 claim", "part claim 0 2", "some", "claim 1\n", "claim " + "1" * 10, "some " + "1 " * 2_000],
)  # fmt: skip
def test_what_is_written_in_another_way_is_no_fact(text: str) -> None:
    """Also one with a number too few or too many."""
    with pytest.raises(ValueError, match="is no fact"):
        facts.read(text)


def test_copies_are_symbols_of_their_own() -> None:
    """Of another step's state, or of the next."""
    state = integer(SymbolKind.STATE, 2)

    assert Symbol(SymbolKind.STATE, (2,), 3) == symbol_of(copy_of(state, 3))
    assert Symbol(SymbolKind.STATE, (2,), NEXT) == symbol_of(copy_of(copy_of(state, 3), NEXT))
    assert 4 == len(
        {str(term) for term in (state, copy_of(state, 3), copy_of(state, NEXT), truth(SymbolKind.FIRED, 2))}
    )


# The door

MADE_OF_TERMS = {
    "And", "Ast", "ArithRef", "BoolRef", "BoolVal", "CheckSatResult", "ExprRef", "Fixedpoint", "If", "Implies", "IntVal", "Not", "Optimize", "Or", "Solver", "Sum",
    "Z3Exception", "Z3_OP_UNINTERPRETED", "Z3_mk_add", "Z3_mk_and", "Z3_mk_eq", "Z3_mk_implies", "Z3_mk_ite", "Z3_mk_le", "Z3_mk_lt", "Z3_mk_mul", "Z3_mk_not", "Z3_mk_or",
    "Z3_simplify", "Z3_solver_assert", "Z3_solver_check_assumptions", "Z3_substitute", "eq", "get_var_index", "get_version_string", "is_bool", "is_const", "is_eq", "is_false", "is_int_value", "is_quantifier", "is_true", "main_ctx", "sat", "simplify",
    "substitute", "substitute_vars", "unsat", "Context",
    "Z3_APP_AST", "Z3_BOOL_SORT", "Z3_INT_SORT", "Z3_NUMERAL_AST", "Z3_REAL_SORT", "Z3_get_app_arg", "Z3_get_app_decl", "Z3_get_app_num_args", "Z3_get_ast_kind",
    "Z3_get_decl_kind", "Z3_get_sort", "Z3_get_sort_kind",
    "Z3_OP_ADD", "Z3_OP_DISTINCT", "Z3_OP_EQ", "Z3_OP_GE", "Z3_OP_GT", "Z3_OP_LE", "Z3_OP_LT", "Z3_OP_MUL", "Z3_OP_SUB", "is_app", "is_int",
}  # fmt: skip
"""What of Z3 may be used where no symbol is made: operators, constants, questions, answers. No reader of text is among it."""
DOOR = "encoding/symbols.py"


def uses_of_z3(room: Path) -> Iterator[tuple[str, str]]:
    """Every name of Z3 that a file uses, and how it imports it."""
    for file in sorted(room.rglob("*.py")):
        name = file.relative_to(room).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "z3":
                yield name, node.attr
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "z3":
                yield name, f"from {node.module} import"
            if isinstance(node, ast.Attribute) and node.attr in (
                "from_string",
                "from_file",
                "parse_string",
                "parse_file",
            ):
                yield name, node.attr
            if isinstance(node, ast.Import) and any(
                one.name.startswith("z3.") or (one.name == "z3" and one.asname) for one in node.names
            ):
                yield name, "import"


def breaches(room: Path) -> list[tuple[str, str]]:
    return sorted({(file, used) for file, used in uses_of_z3(room) if file != DOOR and used not in MADE_OF_TERMS})


def test_one_module_alone_makes_symbols(shipped: Path) -> None:
    """Elsewhere terms are made of terms; and no text but our own scripts comes to a reader of Z3's."""
    assert [] == breaches(shipped / "fsm" / "verification")


@pytest.mark.parametrize(
    "line",
    ["z3.Int('x')", "z3.FreshConst(s)", "z3.Bools('p q')", "z3.parse_smt2_string(t)", "from z3 import Int", "import z3 as solver", "z3.Function('f', s, s)", "solver.from_string(t)"],
)  # fmt: skip
def test_a_symbol_made_elsewhere_is_found(line: str, tmp_path: Path) -> None:
    """Under whatever name it is made."""
    (tmp_path / "engine.py").write_text(f"import z3\n{line}\n", encoding="utf-8")

    assert 1 == len(breaches(tmp_path))
