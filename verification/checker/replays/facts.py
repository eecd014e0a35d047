"""What is so at a moment and may go on being so: tried as lemmas of all that follows it, and believed in nothing. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, how_many, known
from fsm.verification.checker.plain.values import Here, Instance
from fsm.verification.checker.proofs.lemmas import readable
from fsm.verification.checker.proofs.reads import effects_of
from fsm.verification.checker.replays.ends import term_of_value
from fsm.verification.checker.terms import calculated, disj, equal, negation

__all__ = ["emissions_at", "facts_at"]

Json = Any


def emissions_at(declaration: Declaration, here: Here, goal: int) -> Iterator[Lemma]:
    """That so many effects were emitted, or more, of those that are counted."""
    for effect in sorted(effects_of(declaration, [goal])):
        for operator in ("<=", ">="):
            yield _emitted(effect, operator, str(here.tally.get(effect, 0)))


def _emitted(effect: int, operator: str, many: str) -> Lemma:
    return Lemma(
        f"effect {effect} {operator} {many}",
        lambda situation: calculated(operator, situation.before.emitted[effect], many),
    )


def facts_at(declaration: Declaration, here: Here) -> Iterator[Lemma]:
    """What is so, and may go on being so: of states, values, and how many are where."""
    for part, held in enumerate(here.parts):
        machine = declaration.machine(part)
        states = range(len(machine["states"]))
        if isinstance(held, Instance):
            yield from (_not_in(part, state) for state in states if state != held.state)
            yield from _of_values(machine, part, held)
            continue
        there = [one.state for one in held.values()]
        for state in states:
            if state != machine["initial"]:
                yield _how_many_in(part, {state}, "<=", there.count(state))
        for state in sorted(set(there)):
            onward = _onward(machine, state)
            if machine["initial"] not in onward:
                yield _how_many_in(part, onward, ">=", sum(one in onward for one in there))


def _not_in(part: int, state: int) -> Lemma:
    return Lemma(
        f"part {part} not in {state}",
        lambda situation: negation(equal(situation.before.only[part].state, str(state))),
    )


def _of_values(machine: Json, part: int, one: Instance) -> Iterator[Lemma]:
    for place in readable(machine):
        value = one.values[place]
        if type(value) is int:
            yield from (_compared(part, place, operator, value) for operator in ("<=", ">="))
        else:
            yield _compared(part, place, "=", value)


def _compared(part: int, place: int, operator: str, value: Any) -> Lemma:
    term = known(term_of_value(value))

    def say(situation: Situation) -> str:
        its = known(situation.before.only[part].values[place])
        return equal(its, term) if operator == "=" else calculated(operator, its, term)

    return Lemma(f"part {part} value {place} {operator}", say)


def _how_many_in(part: int, states: set[int], operator: str, many: int) -> Lemma:
    def say(situation: Situation) -> str:
        held = how_many(situation, part, lambda one: _is_in(one.state, states))
        return calculated(operator, held, str(many))

    return Lemma(f"part {part} in {sorted(states)} {operator} {many}", say)


def _is_in(state: str, states: set[int]) -> str:
    return disj(equal(state, str(one)) for one in sorted(states))


def _onward(machine: Json, state: int) -> set[int]:
    """The states to which lines lead from one, itself among them."""
    met, waiting = {state}, [state]
    while waiting:
        left = waiting.pop()
        for line in machine["transitions"]:
            if left in line["sources"] and line["target"] is not None and line["target"] not in met:
                met.add(line["target"])
                waiting.append(line["target"])
    return met
