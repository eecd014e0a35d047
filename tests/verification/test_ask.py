"""Asking the solver: yes with values, no with the facts it took, and, as an answer of its own, that it does not know."""

from __future__ import annotations

import z3

from fsm.verification.facts import FactId, Of
from fsm.verification.solver import Asker, GaveUp, No, Yes

x, y = z3.Ints("x y")


def facts(many: int) -> list[FactId]:
    return [FactId(Of.CLAIM, (place,)) for place in range(many)]


def test_yes_comes_with_values() -> None:
    """What is always assumed holds of them."""
    answer = Asker([x > 3]).ask(x < 5)

    assert isinstance(answer, Yes)
    assert 4 == answer.model.eval(x).as_long()


def test_no_names_the_facts_it_took_and_no_others() -> None:
    """Facts made known before and facts of this question alone; the third is not needed."""
    asker = Asker()
    x_is_large, y_is_large, y_is_small = facts(3)
    asker.know(x_is_large, x > 10)
    asker.know(y_is_large, y > 10)

    answer = asker.ask_least(x < y, [x_is_large, y_is_large], {y_is_small: y < 5})

    assert isinstance(answer, No)
    assert answer.used in ({x_is_large, y_is_small}, {y_is_large, y_is_small})


def test_of_the_facts_named_none_can_be_left_out() -> None:
    """Without either of them the question has an answer."""
    asker = Asker()
    *others, no_less = facts(7)
    for number, other in enumerate(others):
        asker.know(other, x != number)
    asker.know(no_less, x >= 0)

    answer = asker.ask_least(x == 3, [*others, no_less])

    assert isinstance(answer, No)
    assert {others[3]} == answer.used


def test_a_fact_of_one_question_is_forgotten_by_the_next() -> None:
    """Nothing leaks from question to question."""
    asker = Asker()

    assert isinstance(asker.ask(x == 1, local={facts(1)[0]: x == 2}), No)
    assert isinstance(asker.ask(x == 1), Yes)
    assert 2 == asker.questions


def test_a_solver_at_its_limit_gives_up_and_says_why() -> None:
    """Neither yes nor no; the least set of facts is then not looked for."""
    asker = Asker([x > 1, y > 1], budget=1)

    for answer in (asker.ask(x * x * x + y * y * y == 1729), asker.ask_least(x * x * x + y * y * y == 1729)):
        assert isinstance(answer, GaveUp)
        assert answer.reason
