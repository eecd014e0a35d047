"""That an instance is in a state only under parameters by which a line may be taken: one that led there, or on the way. Standard library only."""

from __future__ import annotations

from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import term_of
from fsm.verification.checker.possible.events import is_fixed
from fsm.verification.checker.proofs.lemmas import of_every
from fsm.verification.checker.terms import disj, negation

__all__ = ["led_there"]


def led_there(declaration: Declaration, name: str, places: tuple[int, ...]) -> Lemma | None:
    """An instance is in a state only where the guard of a line holds, which reads parameters alone; None where it reads more."""
    part, state, line = places
    lines = declaration.machine(part)["transitions"]
    guard = lines[line]["guard"] if line < len(lines) else None
    if guard is None or not is_fixed(declaration, guard):
        return None
    elsewhere = of_every(part, lambda one: negation(one.is_in([state])))
    return Lemma(name, lambda situation: disj([elsewhere(situation), term_of(guard, situation)]))
