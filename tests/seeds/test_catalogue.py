"""The catalogue is complete, and nothing in it points at something that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fsm.desk
from fsm import Machine, Property, System
from fsm.language.expressions import Param
from fsm.seeds import DeadLink, Fact, find
from fsm.seeds import facts as catalogue

FACTS = catalogue()
ROOT = Path(__file__).parents[2]


def by_id(facts: tuple[Fact, ...]) -> Any:
    return pytest.mark.parametrize("fact", facts, ids=[fact.id for fact in facts])


def declared() -> Iterator[Machine | System]:
    for name in fsm.desk.__all__:
        value = getattr(fsm.desk, name)
        if isinstance(value, Machine | System):
            yield value


def citing() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Everything in the declaration that cites facts, with the ids it cites."""
    for owner in declared():
        for claim in owner.properties:
            yield f"property {owner.name}: {claim.sentence}", claim.cites
        for assumption in owner.assumptions:
            yield f"assumption {owner.name}: {assumption.name}", assumption.cites
        if isinstance(owner, System):
            for rule in owner.rules:
                yield f"rule {owner.name}: {rule.name}", rule.cites
            for parameter in owner.parameters:
                yield f"parameter {owner.name}: {parameter.name}", parameter.cites


def test_every_fact_and_every_decision_stands_in_the_catalogue_once() -> None:
    """S01 to S23 are the guide's facts, D1 to D14 and D18 the decisions where it is silent."""
    expected = [f"S{number:02}" for number in range(1, 24)] + [f"D{number}" for number in (*range(1, 15), 18)]

    assert expected == [fact.id for fact in FACTS]


@by_id(tuple(fact for fact in FACTS if fact.id.startswith("D")))
def test_a_decision_says_which_question_it_answers(fact: Fact) -> None:
    """Every decision answers a question that the guide leaves open."""
    assert fact.question.endswith("?")


@by_id(FACTS)
def test_a_fact_is_modelled_shown_and_breakable_or_says_what_is_missing(fact: Fact) -> None:
    """A fact is never dropped silently."""
    complete = bool(fact.modelled_by and fact.shown_by and fact.broken_by)

    assert complete or fact.not_yet


@by_id(FACTS)
def test_what_models_a_fact_and_what_would_break_it_is_declared(fact: Fact) -> None:
    """Each reference is found in the machine or system that it names."""
    for reference in fact.modelled_by + fact.broken_by:
        assert find(reference) is not None


@by_id(FACTS)
def test_what_shows_a_fact_exists(fact: Fact) -> None:
    """A fact is shown by properties of the declaration and by tests of this suite, and all of them are there."""
    for reference in fact.shown_by:
        if reference.startswith("tests/"):
            path, _, name = reference.partition("::")
            assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), reference
        else:
            assert isinstance(find(reference), Property)


@pytest.mark.parametrize(
    ("reference", "cites"), tuple(citing()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_a_declaration_cites_is_in_the_catalogue(reference: str, cites: tuple[str, ...]) -> None:
    """Every property, rule, assumption and parameter of the desk cites facts that exist, and at least one."""
    assert cites, f"{reference} cites nothing"
    assert set(cites) <= {fact.id for fact in FACTS}


@by_id(FACTS)
def test_a_property_that_cites_a_fact_is_listed_under_it_and_the_other_way_round(fact: Fact) -> None:
    """The catalogue and the pages of the desk say the same about what proves a fact."""
    cited_by = {reference for reference, cites in citing() if reference.startswith("property") and fact.id in cites}

    assert cited_by == {reference for reference in fact.shown_by if not reference.startswith("tests/")}


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("rule desk: no chat on Sundays", "desk has no such rule"),
        ("rule office: no chat while another channel is live", "names no machine or system"),
        ("colour tile: missed", "tile has no such colour"),
        ("view desk: View.colour", "desk has no such view"),
        ("view tile: View.page", "tile has no such view"),
        ("state tile missed", "names no machine or system"),
        ("transition tile: offered to connected on Expire", "tile has no such transition"),
    ],
)
def test_a_reference_to_something_that_is_gone_is_a_dead_link(reference: str, complaint: str) -> None:
    """A link is looked up, never trusted."""
    with pytest.raises(DeadLink, match=complaint) as dead:
        find(reference)

    assert reference == dead.value.reference


def test_a_parameter_of_the_desk_is_found_by_its_name() -> None:
    """References lead to the very objects of the declaration."""
    found = find("parameter desk: max_chats")

    assert isinstance(found, Param)
    assert fsm.desk.DESK.parameters[0] is found
