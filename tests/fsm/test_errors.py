"""Errors: facts as attributes, and a text made from them."""

from __future__ import annotations

from fsm.errors import BadInput, BadSnapshot, DefinitionError


def test_an_error_says_where_what_and_what_instead() -> None:
    """Its facts can be read one by one."""
    error = DefinitionError("machine door", "has no lock", "Add one.")
    assert str(error) == "machine door: has no lock. Add one."
    assert (error.where, error.what, error.instead) == ("machine door", "has no lock", "Add one.")


def test_an_error_without_advice_says_no_more() -> None:
    """Where nothing helps, nothing is added."""
    assert str(DefinitionError("machine door", "has no lock")) == "machine door: has no lock."
    assert str(BadInput("at", "'now' is not an int", "Give milliseconds.")) == "at: 'now' is not an int. Give milliseconds."
    assert str(BadSnapshot("parts.door", "is missing")) == "parts.door: is missing."


def test_the_caller_s_faults_are_told_from_the_author_s() -> None:
    """Who catches one family does not swallow the other."""
    assert issubclass(BadSnapshot, BadInput)
    assert not issubclass(BadInput, DefinitionError)
