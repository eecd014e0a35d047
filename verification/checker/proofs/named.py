"""The lemmas that evidence names: by words of ours and places, each a formula about a moment. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
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
from fsm.verification.checker.proofs.ranges import has_room
from fsm.verification.checker.proofs.switches import led_there
from fsm.verification.checker.terms import conj, disj, equal, if_then, negation, number, total

__all__ = ["KINDS", "lemma_of"]

Json = Any

Places = tuple[int, ...]


def lemma_of(declaration: Declaration, name: str) -> Lemma | None:
    """The lemma of this id; None for one of a kind that is not known here."""
    words, places = numbered(name)
    if words == "cell order":  # of a state of what is counted; what follows is of no account
        places = places[:2]
    if words not in KINDS:
        return None
    many, make = KINDS[words]
    fits = words == "sum" or len(places) == many
    of_a_part = words not in ("claim", "sum")
    return make(declaration, name, places) if fits and not (of_a_part and places[0] >= len(declaration.parts)) else None


def _of_claim(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """An `always` of the declaration."""
    claim = formula_of(declaration, name, "always")
    if claim is None:
        return None
    return Lemma(name, lambda situation: whole(claim["formula"], situation), claim["formula"])


def _inherited(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """An `always` of a part's machine: of every instance of the part."""
    part, place = places
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


def _of_timer(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """In a state a timer never stays fired; or a variable has a value once it has fired, or as long as it has not."""
    part, state, place, *value = places
    machine = declaration.machine(part)
    timer = whose(machine, state, place)
    if timer is None:
        return None
    variables = readable(machine)
    if value and value[0] >= len(variables):
        return None

    def of(one: Instance) -> str:
        fired = one.fired(timer)
        held = ["false"]
        if value:
            variable = variables[value[0]]
            held = [
                equal(known(one.values[variable]), term_of_place(machine["variables"][variable]["domain"], value[1]))
            ]
        before = fired if name.startswith("waiting") else negation(fired)
        return disj([negation(equal(one.state, str(state))), before, *held])

    return Lemma(name, of_every(part, of))


def _of_lapse(declaration: Declaration, name: str, places: Places) -> Lemma | None:
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


def _of_two(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """Two parts with one instance each are never in these states at once; or the first has been there for at least as long as the second."""
    first, mine, second, its = places
    if second >= len(declaration.parts) or any(declaration.parts[part]["each"] for part in (first, second)):
        return None

    def say(situation: Situation) -> str:
        one, other = situation.before.only[first], situation.before.only[second]
        both = conj([equal(one.state, str(mine)), equal(other.state, str(its))])
        longer = "false" if name.startswith("apart") else f"(>= {known(one.elapsed)} {known(other.elapsed)})"
        return disj([negation(both), longer])

    return Lemma(name, say)


def _of_bound(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """A whole number is compared with a constant, by its distance from the least value or else from the first one, or with a parameter; everywhere, or in one state."""
    part, *states, place, bound, what = places
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
            elsewhere = negation(one.is_in(states)) if states else "false"
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


def _in_order(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """One whole number is never above another."""
    lower, upper = (_number_at(declaration, *places[at : at + 2]) for at in (0, 2))
    if lower is None or upper is None:
        return None

    def say(situation: Situation) -> str:
        only = situation.before.only
        return f"(<= {known(only[places[0]].values[lower])} {known(only[places[2]].values[upper])})"

    return Lemma(name, say)


def _of_sum(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """A sum is what it is at the start; each that is added is called by three places, and has its weight: even ones, halved, and odd ones, halved, below nothing."""
    weights = [-(coded // 2) if coded % 2 else coded // 2 for coded in places[3::4]]
    added = [_added(declaration, *places[at : at + 3]) for at in range(0, len(places) - 3, 4)]
    told = [one for one in added if one is not None]
    if not told or len(told) < len(added) or len(places) % 4:
        return None
    first = sum(weight * begins for weight, (begins, _) in zip(weights, told, strict=True))

    def say(situation: Situation) -> str:
        terms = [f"(* {number(weight)} {say(situation)})" for weight, (_, say) in zip(weights, told, strict=True)]
        return equal(total(terms), number(first))

    return Lemma(name, say)


def _added(declaration: Declaration, kind: int, part: int, place: int) -> tuple[int, Callable[[Situation], str]] | None:
    """What is added is at the start, and in a situation: a variable (0), whether a part is in a state (1), how many of a part are in one (2)."""
    variable = _number_at(declaration, part, place)
    if kind == 0 and variable is not None:
        initial = integer_of(declaration.machine(part)["variables"][variable]["initial"]) or 0
        return initial, lambda situation: known(situation.before.only[part].values[variable])
    if kind not in (1, 2) or part >= len(declaration.parts) or place >= len(declaration.machine(part)["states"]):
        return None
    begins = place == declaration.machine(part)["initial"]
    if declaration.parts[part]["each"] is None:
        return (begins, lambda at: if_then(at.before.only[part].is_in([place]), "1", "0")) if kind == 1 else None
    if kind == 1 or begins:  # nobody counts those that do not exist
        return None
    return 0, lambda at: total(many for cell, many in at.before.counted[part].items() if cell.state == place)


def _without(declaration: Declaration, name: str, places: Places) -> Lemma | None:
    """In a state a variable never has this value."""
    part, state, place, value = places
    machine = declaration.machine(part)
    variables = readable(machine)
    if place >= len(variables):
        return None
    domain = machine["variables"][variables[place]]["domain"]

    def of(one: Instance) -> str:
        so = equal(known(one.values[variables[place]]), term_of_place(domain, value))
        return disj([negation(equal(one.state, str(state))), negation(so)])

    return Lemma(name, of_every(part, of))


def _never(declaration: Declaration, name: str, places: Places) -> Lemma:
    """No instance of a part is in a state."""
    return Lemma(name, of_every(places[0], lambda one: negation(one.is_in(places[1:]))))


def _in_turn(declaration: Declaration, name: str, places: Places) -> Lemma:
    return in_turn(declaration, name, *places)


Make = Callable[[Declaration, str, Places], Lemma | None]
KINDS: dict[str, tuple[int, Make]] = {
    "claim": (1, _of_claim),
    "part claim": (2, _inherited),
    "order": (2, _in_turn),
    "cell order": (2, _in_turn),
    "fired": (5, _of_timer),
    "waiting": (5, _of_timer),
    "unfired": (3, _of_timer),
    "lapsed": (3, _of_lapse),
    "bound": (4, _of_bound),
    "bound in": (5, _of_bound),
    "without": (4, _without),
    "not above": (4, _in_order),
    "apart": (4, _of_two),
    "older": (4, _of_two),
    "never": (2, _never),
    "led": (3, led_there),
    "sum": (4, _of_sum),
    "room": (4, has_room),
}
"""What evidence calls a lemma, how many places follow (of a sum, for each that is added), and what it says."""
