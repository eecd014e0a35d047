"""The lemmas that evidence names: by words of ours and places, each a formula about a moment. Standard library only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.lemma import Lemma, whole
from fsm.verification.checker.meaning import Instance, Situation, known, term_of
from fsm.verification.checker.proofs.lemmas import (
    formula_of,
    in_turn,
    numbered,
    of_every,
    readable,
    term_of_place,
    whose,
)
from fsm.verification.checker.terms import conj, disj, equal, if_then, negation, number, total

__all__ = ["lemma_of"]

Json = Any

LENGTHS = {
    "order": 2,
    "cell order": 2,
    "part claim": 2,
    "fired": 5,
    "waiting": 5,
    "unfired": 3,
    "lapsed": 3,
    "bound": 4,
    "bound in": 5,
    "without": 4,
    "not above": 4,
    "apart": 4,
    "older": 4,
    "never": 2,
}
"""How many places follow the words of an id."""


def lemma_of(declaration: Declaration, name: str) -> Lemma | None:
    """The lemma of this id; None for one of a kind that is not known here."""
    words, places = numbered(name)
    if words == "claim":
        claim = formula_of(declaration, name, "always")
        return (
            None
            if claim is None
            else Lemma(name, lambda situation: whole(claim["formula"], situation), claim["formula"])
        )
    if words == "sum":
        return _of_sum(declaration, name, places)
    if words == "cell order":
        places = places[:2]
    if len(places) != LENGTHS.get(words) or places[0] >= len(declaration.parts):
        return None
    if words == "part claim":
        return _inherited(declaration, name, *places)
    if words in ("order", "cell order"):
        return in_turn(declaration, name, *places)
    if words == "never":
        return Lemma(name, of_every(places[0], lambda one: negation(equal(one.state, str(places[1])))))
    if words in ("apart", "older"):
        return _of_two(declaration, name, words, places) if places[2] < len(declaration.parts) else None
    if words == "bound":
        return _of_bound(declaration, name, *places)
    if words == "bound in":
        part, state, place, bound, what = places
        return _of_bound(declaration, name, part, place, bound, what, state)
    if words == "without":
        return _without(declaration, name, *places)
    if words == "not above":
        return _in_order(declaration, name, places)
    return (_of_lapse if words == "lapsed" else _of_timer)(declaration, name, words, places)


def _inherited(declaration: Declaration, name: str, part: int, place: int) -> Lemma | None:
    """An `always` of a part's machine: of every instance of the part."""
    claims = declaration.machine(part)["properties"]
    if place >= len(claims) or claims[place]["modality"] != "always":
        return None
    machine = declaration.parts[part]["machine"]

    def say(situation: Situation) -> str:
        def of(one: Instance) -> str:
            about = replace(situation, untimed=True).deeper(instance=(one, one), of_machine=machine)
            return term_of(claims[place]["formula"], about)

        return of_every(part, of)(situation)

    return Lemma(name, say, claims[place]["formula"])


def _of_timer(declaration: Declaration, name: str, words: str, places: tuple[int, ...]) -> Lemma | None:
    """In a state a timer never stays fired; or a variable has a value once it has fired, or as long as it has not."""
    part, state, place, *value = places
    machine = declaration.machine(part)
    timer = whose(machine, state, place)
    if timer is None:
        return None
    mark, variables = timer.mark, readable(machine)
    if value and value[0] >= len(variables):
        return None

    def of(one: Instance) -> str:
        fired = "false" if mark is None else one.marks[mark]
        held = ["false"]
        if value:
            variable = variables[value[0]]
            held = [
                equal(known(one.values[variable]), term_of_place(machine["variables"][variable]["domain"], value[1]))
            ]
        before = fired if words == "waiting" else negation(fired)
        return disj([negation(equal(one.state, str(state))), before, *held])

    return Lemma(name, of_every(part, of))


def _of_lapse(declaration: Declaration, name: str, words: str, places: tuple[int, ...]) -> Lemma | None:
    """In a state, a timer has fired only where its guard does not hold of the time at which it falls due."""
    part, state, place = places
    machine = declaration.machine(part)
    timer = whose(machine, state, place)
    guard = None if timer is None else machine["transitions"][timer.line]["guard"]
    if timer is None or timer.mark is None or guard is None:
        return None
    mark, after, of_machine = timer.mark, timer.after, declaration.parts[part]["machine"]

    def say(situation: Situation) -> str:
        def of(one: Instance) -> str:
            due = replace(one, elapsed=term_of(after, situation))
            about = replace(situation, untimed=False).deeper(instance=(due, due), of_machine=of_machine)
            return disj(
                [negation(equal(one.state, str(state))), negation(one.marks[mark]), negation(term_of(guard, about))]
            )

        return of_every(part, of)(situation)

    return Lemma(name, say)


def _of_two(declaration: Declaration, name: str, words: str, places: tuple[int, ...]) -> Lemma | None:
    """Two parts with one instance each are never in these states at once; or the first has been there for at least as long as the second."""
    first, mine, second, its = places
    if any(declaration.parts[part]["each"] is not None for part in (first, second)):
        return None

    def say(situation: Situation) -> str:
        one, other = situation.before.only[first], situation.before.only[second]
        both = conj([equal(one.state, str(mine)), equal(other.state, str(its))])
        longer = "false" if words == "apart" else f"(>= {known(one.elapsed)} {known(other.elapsed)})"
        return disj([negation(both), longer])

    return Lemma(name, say)


def _of_bound(
    declaration: Declaration, name: str, part: int, place: int, bound: int, what: int, state: int | None = None
) -> Lemma | None:
    """A whole number is compared with a constant, by its distance from the least value or else from the first one, or with a parameter; everywhere, or in one state."""
    machine = declaration.machine(part)
    variables, parameters = readable(machine), declaration.json["parameters"]
    if place >= len(variables) or bound > 7 or (1 < bound < 6 and what >= len(parameters)):
        return None
    variable = machine["variables"][variables[place]]
    domains = [variable["domain"], *([parameters[what]["domain"]] if 1 < bound < 6 else [])]
    if any(domain == "boolean" or "integer" not in domain for domain in domains):
        return None
    low = integer_of(variable["domain"]["integer"][0])
    base = integer_of(variable["initial"]) if low is None else low
    compared = ("<=", ">=", "<=", ">=", "<", ">", "<=", ">=")[bound]

    def say(situation: Situation) -> str:
        other = known(situation.params[what]) if 1 < bound < 6 else number((base or 0) + (what if bound < 2 else -what))

        def of(one: Instance) -> str:
            elsewhere = "false" if state is None else negation(equal(one.state, str(state)))
            return disj([elsewhere, f"({compared} {known(one.values[variables[place]])} {other})"])

        return of_every(part, of)(situation)

    return Lemma(name, say)


def _number_at(declaration: Declaration, part: int, place: int) -> int | None:
    """The variable at a place of a part with one instance, where it is a whole number."""
    if part >= len(declaration.parts) or declaration.parts[part]["each"] is not None:
        return None
    machine = declaration.machine(part)
    variables = readable(machine)
    domain = machine["variables"][variables[place]]["domain"] if place < len(variables) else "boolean"
    return None if domain == "boolean" or "integer" not in domain else variables[place]


def _in_order(declaration: Declaration, name: str, places: tuple[int, ...]) -> Lemma | None:
    """One whole number is never above another."""
    lower, upper = (_number_at(declaration, *places[at : at + 2]) for at in (0, 2))
    if lower is None or upper is None:
        return None

    def say(situation: Situation) -> str:
        only = situation.before.only
        return f"(<= {known(only[places[0]].values[lower])} {known(only[places[2]].values[upper])})"

    return Lemma(name, say)


def _of_sum(declaration: Declaration, name: str, places: tuple[int, ...]) -> Lemma | None:
    """A sum is what it is at the start: of variables (0), of whether a part is in a state (1), of how many of a part are in one (2), each with its weight."""
    made: list[tuple[int, int, int, int]] = []
    first = 0
    for kind, part, place, coded in zip(*(places[start::4] for start in range(4)), strict=False):
        weight = -(coded // 2) if coded % 2 else coded // 2
        if kind > 2 or part >= len(declaration.parts):
            return None
        machine, counted = declaration.machine(part), declaration.parts[part]["each"] is not None
        if counted is not (kind == 2) or (kind > 0 and place >= len(machine["states"])):
            return None
        if kind == 2 and place == machine["initial"]:  # nobody counts those that do not exist
            return None
        at = place
        if kind == 0:
            variable = _number_at(declaration, part, place)
            if variable is None:
                return None
            at = variable
            first += weight * (integer_of(machine["variables"][variable]["initial"]) or 0)
        elif kind == 1:
            first += weight * int(place == machine["initial"])
        made.append((kind, part, at, weight))
    if not made or len(places) % 4:
        return None

    def say(situation: Situation) -> str:
        terms = [f"(* {number(weight)} {_added(situation, kind, part, at)})" for kind, part, at, weight in made]
        return equal(total(terms), number(first))

    return Lemma(name, say)


def _added(situation: Situation, kind: int, part: int, at: int) -> str:
    if kind == 2:
        return total(many for cell, many in situation.before.counted[part].items() if cell.state == at)
    one = situation.before.only[part]
    return known(one.values[at]) if kind == 0 else if_then(equal(one.state, str(at)), "1", "0")


def _without(declaration: Declaration, name: str, part: int, state: int, place: int, value: int) -> Lemma | None:
    """In a state a variable never has this value."""
    machine = declaration.machine(part)
    variables = readable(machine)
    if place >= len(variables):
        return None
    domain = machine["variables"][variables[place]]["domain"]

    def of(one: Instance) -> str:
        so = equal(known(one.values[variables[place]]), term_of_place(domain, value))
        return disj([negation(equal(one.state, str(state))), negation(so)])

    return Lemma(name, of_every(part, of))
