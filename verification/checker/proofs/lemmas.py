"""What proofs rest on: formulas about a moment, called by places of the declaration. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsm.verification.checker.cells import CannotSay, Timer, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Instance, Situation, how_many, of_all, term_of
from fsm.verification.checker.terms import TRUE, conj, disj, equal, negation, number

__all__ = [
    "formula_of",
    "in_turn",
    "limits_of",
    "numbered",
    "of_every",
    "orders_of",
    "readable",
    "term_of_place",
    "whose",
]

Json = Any


def numbered(text: str) -> tuple[str, tuple[int, ...]]:
    """The words of an id, and its numbers.

    Raises:
        CannotSay: it is none.
    """
    words = text.split(" ")
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) < 7]
    return " ".join(word for word in words if word not in numbers), tuple(map(int, numbers))


def formula_of(declaration: Declaration, name: str, *modalities: str) -> Json | None:
    """The claim of this id, where it is of one of these modalities."""
    words, places = numbered(name)
    if words != "claim" or len(places) != 1 or places[0] >= len(declaration.properties):
        return None
    claim = declaration.properties[places[0]]
    return claim if claim["modality"] in modalities else None


def limits_of(declaration: Declaration) -> list[Lemma]:
    """That no part has more instances than its limits say: named by no evidence, and shown like every lemma."""
    limits = ("at_most", "population")
    parts = [(place, part["each"]) for place, part in enumerate(declaration.parts) if part["each"] is not None]
    return [
        Lemma(f"limit {place} {limit}", _no_more(place, each[limit]))
        for place, each in parts
        for limit in limits
        if each[limit] is not None
    ]


def orders_of(declaration: Declaration) -> list[Lemma]:
    """That timers of one stay fire in their order, where a state has several: named by no evidence, and shown like every lemma."""
    found = []
    for part in range(len(declaration.parts)):
        states = [timer.state for timer in timers_of(declaration.machine(part))]
        several = [state for state in dict.fromkeys(states) if states.count(state) > 1]
        found += [in_turn(declaration, f"order {part} {state}", part, state) for state in several]
    return found


def _no_more(part: int, limit: int) -> Callable[[Situation], str]:
    def say(situation: Situation) -> str:
        held = how_many(situation, part, lambda one: TRUE)
        return disj([equal(held, "0"), f"(<= {held} {term_of(limit, situation)})"])

    return say


def of_every(part: int, of: Callable[[Instance], str]) -> Callable[[Situation], str]:
    """Of every instance of a part."""

    def say(situation: Situation) -> str:
        if part in situation.before.only:
            return of(situation.before.only[part])
        return of_all(situation, part, of)

    return say


def in_turn(declaration: Declaration, name: str, part: int, state: int) -> Lemma:
    """In a state no timer has fired before one that goes first: a shorter one, or one as long that is declared earlier."""
    timers = [timer for timer in timers_of(declaration.machine(part)) if timer.state == state]
    pairs = [(one, other, one < other) for one in range(len(timers)) for other in range(len(timers)) if one != other]

    def say(situation: Situation) -> str:
        lengths = [term_of(timer.after, situation) for timer in timers]

        def of(one: Instance) -> str:
            fired = ["false" if timer.mark is None else one.marks[timer.mark] for timer in timers]
            wrong = (
                conj(
                    [
                        fired[gone],
                        negation(fired[waits]),
                        f"({'<' if later else '<='} {lengths[waits]} {lengths[gone]})",
                    ]
                )
                for gone, waits, later in pairs
            )
            return disj([negation(equal(one.state, str(state))), negation(disj(wrong))])

        return of_every(part, of)(situation)

    return Lemma(name, say)


def whose(machine: Json, state: int, place: int) -> Timer | None:
    """The timer that stands at a place among those of a state."""
    timers = [timer for timer in timers_of(machine) if timer.state == state]
    return timers[place] if place < len(timers) else None


def readable(machine: Json) -> list[int]:
    """The variables that conditions can read, by place: evidence counts no others."""
    domains = [variable["domain"] for variable in machine["variables"]]
    return [place for place, domain in enumerate(domains) if domain == "boolean" or "opaque" not in domain]


def term_of_place(domain: Json, place: int) -> str:
    """The value that stands at a place of a domain: false before true, members in their order, integers from the least on."""
    if domain == "boolean":
        return "true" if place else "false"
    if "enumeration" in domain:
        return str(place)
    low = integer_of(domain["integer"][0])
    if low is None:
        raise CannotSay("a place among values that have no first")
    return number(low + place)
