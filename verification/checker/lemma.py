"""A formula about a moment, on which proofs rest. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from fsm.verification.checker.meaning import Situation, term_of

__all__ = ["Lemma", "of_the_only", "whole"]


@dataclass(frozen=True)
class Lemma:
    """A formula about a moment from which time goes on.

    Attributes:
        name: words of ours and places.
        say: its term in a situation.
        expression: that of the claim which it is, where it is one.
    """

    name: str
    say: Callable[[Situation], str] = field(compare=False)
    expression: int | None = field(default=None, compare=False)


def of_the_only(situation: Situation) -> Situation:
    """A machine alone speaks of its only instance."""
    if not situation.declaration.alone:
        return situation
    moments = (situation.before.only[0], situation.after.only[0])
    return replace(situation, instance=moments, of_machine=situation.declaration.parts[0]["machine"])


def whole(expression: int, situation: Situation) -> str:
    """A formula about a moment from which time goes on; a machine alone speaks of its only instance."""
    return term_of(expression, of_the_only(replace(situation, untimed=True)))
