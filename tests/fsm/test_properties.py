"""Properties: a sentence, how it must hold, and its formula."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import (
    DefinitionError,
    Modality,
    always,
    boolean,
    each_step,
    integer,
    parameter,
    reachable,
    recoverable,
    within,
)

seen = boolean("seen")
amount = integer("amount", 0, 3)
limit = parameter("limit", int, 5, low=1)


def test_a_property_keeps_what_it_was_told() -> None:
    """Sentence, modality, formula and citations, one alone without brackets."""
    made = [
        always("a", seen, cites="S01"),
        each_step("b", seen),
        reachable("c", seen),
        recoverable("d", seen, cites=("S01", "S02")),
    ]
    assert [one.modality for one in made] == [
        Modality.ALWAYS,
        Modality.EACH_STEP,
        Modality.REACHABLE,
        Modality.RECOVERABLE,
    ]
    assert [one.cites for one in made] == [("S01",), (), (), ("S01", "S02")]
    assert all(one.formula is seen for one in made)


def test_a_deadline_has_a_premise_and_a_length() -> None:
    """Whenever the premise becomes true, the formula is true soon."""
    made = within("soon", limit + 1, seen, ~seen)
    assert made.modality is Modality.WITHIN
    assert made.premise is seen
    assert made.duration is not None


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: always(" ", seen), "always(...): begins with no sentence. Say in words what must hold, then the formula."),
        (lambda: always(seen, "it is"), "always(...): begins with no sentence. Say in words what must hold, then the formula."),
        (lambda: reachable("it is", amount), "property 'it is': needs a formula, not amount, which is an integer from 0 to 3."),
        (lambda: within("it is", seen, 5, seen), "property 'it is': a duration is in milliseconds, not a formula. Write within(sentence, milliseconds, start, end)."),
        (lambda: within("it is", 5, amount, seen), "property 'it is': needs a formula, not amount, which is an integer from 0 to 3."),
        (lambda: within("it is", 0, seen, seen), "property 'it is': its duration is not positive. Give a positive constant or a parameter whose range starts at 1."),
        (lambda: within("it is", seen, seen, seen), "property 'it is': a duration is in milliseconds, not a formula. Write within(sentence, milliseconds, start, end)."),
        (lambda: within("it is", amount + 1, seen, seen), "property 'it is': amount cannot be read in a duration, a limit or an assumption: it is a variable of one machine. "
            "Give a constant or a parameter; where it depends on a variable, a line for each of its values: .when(x == 1)."),
        (lambda: always("it is", seen, cites=(7,)), "cites: (7,) are not ids of facts or decisions. Write \"S06\", or (\"S05\", \"S06\")."),
    ],
)  # fmt: skip
def test_a_wrong_property_is_refused_where_it_is_written(declare: Any, message: str) -> None:
    """No sentence, no formula, no time."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message
