"""Questions about a moment, what is answered, and what that means for a claim. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.terms import FALSE, TRUE, Script

__all__ = [
    "CONFIRMED",
    "UNSAT",
    "Outcome",
    "answers",
    "assume",
    "constantly",
    "outcome",
]

UNSAT = "unsat"


@dataclass(frozen=True)
class Outcome:
    """What became of a claim: confirmed where `why` is empty, else the question that has not been answered with no; `failed` where it was answered with yes.

    Attributes:
        replayed: no solver was asked: a run was taken again, or all there is gone through.
    """

    why: str = ""
    failed: bool = False
    replayed: bool = False

    def and_then(self, other: Outcome) -> Outcome:
        """Confirmed where both are."""
        return self if self.why else other


CONFIRMED = Outcome()


def outcome(answer: str, where: str) -> Outcome:
    """Of a question that is to be answered with no."""
    return CONFIRMED if answer == UNSAT else Outcome(f"{where}: {answer}", answer == "sat")


def answers(common: Script, questions: Sequence[Callable[[Script], str]], solver: Asked) -> list[str]:
    """An answer to each question about what is common; what cannot be said is the reason."""
    asked, said, held = [], [], frozenset(common.lines)
    for question in questions:
        own = common.fork()
        try:
            own.require(question(own))
        except CannotSay as reason:
            said.append(str(reason))
        else:
            said.append(UNSAT if _contradicts(own, held) else "")
            asked += [] if said[-1] else [own.lines or ["(assert true)"]]
    answered = iter(solver.ask(common.lines, asked) if asked else ())
    return [reason or next(answered) for reason in said]


def _contradicts(own: Script, held: Collection[str]) -> bool:
    """Whether a question is answered by its text: it is false, or that something is not so which is said to be so."""
    said = own.lines[-1].removeprefix("(assert ")[:-1] if own.lines else TRUE
    return said == FALSE or (said.startswith("(not ") and f"(assert {said[5:-1]})" in held)


def constantly(term: str) -> Callable[[Script], str]:
    """What a question says that needs no symbol of its own."""
    return lambda own: term


def assume(situation: Situation, lemmas: Sequence[Lemma]) -> None:
    """That the lemmas hold at the moment of a situation."""
    for lemma in lemmas:
        situation.script.require(lemma.say(situation))
