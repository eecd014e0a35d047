"""What is written is standard SMT-LIB. That it shows what it should is seen in tests/regression."""

from __future__ import annotations

import re

import pytest

from fsm.desk import TILE
from fsm.verification import verify
from fsm.verification.certificates.confirming import sections_of
from fsm.verification.certificates.smtlib import ScriptWriter
from fsm.verification.encoding.symbols import SymbolKind, integer
from fsm.verification.encoding.terms import TRUE
from fsm.verification.facts import FactId, Of

AT_LEAST_TWO = ("and", "or", "+", "*", "=", "<", "<=", ">", ">=")


def lonely(script: str) -> list[str]:
    """Operators that stand without two arguments, which some solvers read and the standard does not know."""
    found: list[str] = []
    open_: list[list[str]] = []
    for token in re.findall(r"\|[^|]*\||[()]|[^\s()]+", re.sub(r";.*", "", script)):
        if token == "(":
            open_.append([])
        elif token == ")":
            inside = open_.pop()
            found += inside[:1] if inside and inside[0] in AT_LEAST_TWO and len(inside) < 3 else []
            if open_:
                open_[-1].append("()")
        else:
            found += [token] if token in AT_LEAST_TWO and open_[-1] else []
            open_[-1].append(token)
    return found


def test_every_script_of_a_machine_is_standard() -> None:
    """A machine of the desk: timers, clocks, counted effects."""
    sections = sections_of(verify(TILE))
    scripts = [query.text for section in sections for query in section.queries]

    assert scripts
    assert [] == [one for script in scripts for one in lonely(script)]
    assert all(
        script.endswith("(check-sat)\n") and script.count("(check-sat)") == 1 and script.isascii()
        for script in (re.sub(r";.*", "", one) for one in scripts)
    )


def test_the_check_above_can_fail() -> None:
    """One argument, or none."""
    assert ["or"] == lonely("(assert (or (= x 1)))")
    assert ["and"] == lonely("(assert (not and))")


def test_symbols_stand_in_the_order_of_the_declaration_and_facts_under_their_ids() -> None:
    """Not in that of their texts: the tenth comes after the second."""
    tenth, second = (integer(SymbolKind.PARAMETER, place) for place in (10, 2))
    script = ScriptWriter().script(
        FactId(Of.CLAIM, (3,)),
        "on event 2",
        (),
        [(FactId(Of.RULE, (0,)), tenth > 0), (FactId(Of.PART_CLAIM, (0, 2)), second < 0)],
        tenth == second,
    )

    assert [
        "; claim 3: on event 2",
        "(set-logic ALL)",
        "(declare-fun q2 () Int)",
        "(declare-fun q10 () Int)",
        "(assert (! (> q10 0) :named fact-rule-0))",
        "(assert (! (< q2 0) :named fact-part-0-claim-2))",
        "(assert (= q10 q2))",
        "(check-sat)",
    ] == script.splitlines()


def test_a_fact_stands_once_in_a_question() -> None:
    """Two of one id would be read as one."""
    fact = FactId(Of.RULE, (0,))
    with pytest.raises(AssertionError, match="stands twice"):
        ScriptWriter().script(fact, "start", (), [(fact, TRUE), (fact, TRUE)], TRUE)
