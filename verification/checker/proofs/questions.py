"""Questions about a moment, what is answered, and what that means for a claim. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma, of_the_only
from fsm.verification.checker.meaning import Situation, term_of
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.terms import FALSE, TRUE, Script, negation
from fsm.verification.checker.unknowns import Unknowns, anywhere

__all__ = [
    "CONFIRMED",
    "UNSAT",
    "Outcome",
    "answers",
    "assume",
    "constantly",
    "excluded",
    "implied",
    "moment_of",
    "once",
    "outcome",
]

UNSAT = "unsat"
Made = TypeVar("Made")


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


def excluded(script: Script, terms: dict[str, str], solver: Asked) -> Outcome:
    """Whether each of these is impossible where the script holds; by where that is asked."""
    made = CONFIRMED
    for where, answer in zip(
        terms, answers(script, [constantly(term) for term in terms.values()], solver), strict=True
    ):
        made = made.and_then(outcome(answer, where))
    return made


def constantly(term: str) -> Callable[[Script], str]:
    """What a question says that needs no symbol of its own."""
    return lambda own: term


def assume(situation: Situation, lemmas: Sequence[Lemma]) -> None:
    """That the lemmas hold at the moment of a situation."""
    for lemma in lemmas:
        situation.script.require(lemma.say(situation))


def moment_of(unknowns: Unknowns, lemmas: Sequence[Lemma]) -> Situation:
    """Any moment in which the lemmas hold, in a script of its own."""
    made = replace(anywhere(unknowns), untimed=False)
    assume(made, lemmas)
    return made


def once(unknowns: Unknowns, name: str, lemmas: Sequence[Lemma], make: Callable[[], Made]) -> Made:
    """What is made from these lemmas, made once: from these very ones, since two of one name may say different things."""
    if name in unknowns.remembered:
        of, made = unknowns.remembered[name]
        if list(map(id, of)) == list(map(id, lemmas)):
            return cast("Made", made)
    unknowns.remembered[name] = tuple(lemmas), make()
    return cast("Made", unknowns.remembered[name][1])


def implied(unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Any, solver: Asked) -> Outcome:
    """Whether the lemmas exclude every moment that breaks a claim."""
    base = moment_of(unknowns, lemmas)
    broken = negation(term_of(claim["formula"], of_the_only(replace(base, untimed=True))))
    return excluded(base.script, {"where the lemmas hold": broken}, solver)
