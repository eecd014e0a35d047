"""Whether anything can stand in the way of a timer: what every claim about time in a system rests on.

A timer that moves its own instance alone cannot be blocked. One that others are wired to needs
all of them to be able to follow, whenever it falls due, and two that fall due together must lead to
the same place whichever goes first.
"""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import Any

from fsm.language.parts import Sent
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, TRUE, conj, disj, equal, negated
from fsm.verification.engines.enabledness import by_one_key
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import GaveUp, No, Yes

__all__ = ["timer_questions", "unblocked"]

MOST_WAYS = 36
"""Of how many ways of two timers it is asked which of them the second takes after the first; beyond, it must be the one that it would have taken."""


def unblocked(induction: Induction) -> Kept | Failure:
    """Whether in every state of the invariants every timer that may fall due can move all that it must, in any order."""
    counting = induction.counting
    used: set[FactId] = set()
    for _, name, question in timer_questions(counting):
        match induction.asker.ask_least(question, [*induction.assumptions, *induction.invariants]):
            case No(used=facts):
                used |= facts
            case Yes(model=model):
                return Failure(name, induction.shown(model))
            case GaveUp(reason=reason):
                return Failure(name, {}, reason)
    return Kept(induction.with_lemmas(used))


def timer_questions(counting: Counting) -> list[tuple[FactId, str, Any]]:
    """What must be impossible, each with its words."""
    return [*_blocked(counting), *_quarrels(counting)]


def _wired(counting: Counting) -> list[tuple[str, Branch, list[Branch]]]:
    """The branches of timers to which other parts are wired, with the ways in which those can follow."""
    found = []
    for part in counting.system.parts:
        for timer, own in counting.own_timers(part):
            wires = [
                one
                for one in counting.system.wires
                if isinstance(one.event, Sent) and one.event.part is part and one.event.event is timer.event
            ]
            if wires and own.transitions:
                found.append((timer.event.__name__, own, list(counting.with_wires([own], wires))))
    return found


def _blocked(counting: Counting) -> list[tuple[FactId, str, Any]]:
    """A timer falls due and no wire lets the others follow, as far as counters can tell."""
    return [
        (
            FactId(Of.BLOCKED, (place,)),
            f"{name} blocked",
            conj((*own.conditions, negated(disj(conj(way.conditions) for way in ways if by_one_key(way))))),
        )
        for place, (name, own, ways) in enumerate(_wired(counting))
    ]


def _quarrels(counting: Counting) -> list[tuple[FactId, str, Any]]:
    """Two timers of different instances of one part for which it matters which goes first; of different parts the earlier one does."""
    every = [(name, way, ways) for name, _, ways in _wired(counting) for way in ways]
    questions = []
    for (one, (first_name, first, its)), (other, (second_name, second, theirs)) in combinations_with_replacement(
        enumerate(every), 2
    ):
        both = (*first.conditions, *second.conditions)
        few = len(its) * len(theirs) <= MOST_WAYS
        thens = product(its if few else [first], theirs if few else [second])
        agree = disj(_agree((first, after_first), (second, after_second)) for after_second, after_first in thens)
        wrong = conj((*both, _apart(counting, first, second), negated(agree)))
        questions.append((FactId(Of.QUARREL, (one, other)), f"{first_name} and {second_name}", wrong))
    return questions


def _agree(one: tuple[Branch, Branch], other: tuple[Branch, Branch]) -> Any:
    """Two branches one after the other, and two others: both can be gone, and lead to the same place."""
    (first, then), (second, after) = one, other
    follow = (*map(first.after, then.conditions), *map(second.after, after.conditions))
    state = dict.fromkeys(term for branch in (first, then, second, after) for term in branch.next)
    ends = (equal(first.after(then.next.get(term, term)), second.after(after.next.get(term, term))) for term in state)
    return conj((*follow, *ends))


def _apart(counting: Counting, first: Branch, second: Branch) -> Any:
    """The two timers belong to different instances of one part."""
    one, other = first.moved[0], second.moved[0]
    if one.part is not other.part or one.before is None:
        return FALSE
    if one.before == other.before:
        return counting.counters[one.part][one.before] >= 2  # type: ignore[index]  # timers of each parts stand in cells
    return TRUE
