"""Lemmas about the stopwatch of a claim in time: what it shows at most, state by state. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import integer_of
from fsm.verification.checker.meaning import Instance, Situation, known, term_of
from fsm.verification.checker.proofs.lemmas import numbered, readable, whose
from fsm.verification.checker.proofs.ranks import above
from fsm.verification.checker.terms import FALSE, conj, disj, equal, negation, number, total

__all__ = ["Say", "Watch", "about_the_watch"]

Json = Any


@dataclass(frozen=True)
class Watch:
    """Whether the stopwatch runs, and what it shows, in milliseconds: two terms, at a moment with the time in state of each part."""

    runs: str
    shows: str
    situation: Situation
    duration: str
    goal: str


Say = Callable[[Watch], str]


def about_the_watch(name: str) -> Say | None:
    """A lemma about the stopwatch, by its id; None for what is none."""
    words, places = numbered(name)
    if not places:
        return {
            "stopwatch positive": lambda watch: f"(>= {watch.shows} 0)",
            "stopwatch before goal": lambda watch: disj([negation(watch.runs), negation(watch.goal)]),
            "stopwatch in time": lambda watch: disj([negation(watch.runs), f"(<= {watch.shows} {watch.duration})"]),
        }.get(words)
    if words == "stopwatch left":
        return _left(places)
    sums = places[2:] if words == "stopwatch sum" else ()
    compared: dict[str, Callable[[Watch, Instance], str]] = {
        "stopwatch off": lambda watch, one: FALSE,
        "stopwatch sum": lambda watch, one: f"(<= {watch.shows} {_sum(watch.situation, one, places[0], sums)})",
        "stopwatch exact": lambda watch, one: equal(watch.shows, known(one.elapsed)),
        "stopwatch at most": lambda watch, one: f"(<= {watch.shows} {known(one.elapsed)})",
    }
    if words not in compared or len(places) - len(sums) != 2 or len(sums) % 4:
        return None
    part, state = places[:2]

    def say(watch: Watch) -> str:
        one = watch.situation.before.only.get(part)
        if one is None:
            raise CannotSay("a stopwatch of no part")
        here = [watch.runs, equal(one.state, str(state))]
        return disj([negation(conj(here)), compared[words](watch, one)])

    return say


ADDEND = 10
"""How many numbers say one thing that is left: a weight, a part, a state and a timer of it, and the six of how often it takes so long."""


def _left(places: Sequence[int]) -> Say | None:
    """While one part is in a state, and another, or the same, in one: what the stopwatch shows and what is left are at most the time in the first state and the duration."""
    there, addends = places[:4], places[4:]
    if len(there) < 4 or len(addends) % ADDEND:
        return None

    def say(watch: Watch) -> str:
        situation, only = watch.situation, watch.situation.before.only
        if not {there[0], there[2]} <= only.keys():
            raise CannotSay("a stopwatch of no part")
        here = [only[part].is_in([state]) for part, state in (there[:2], there[2:])]
        left = [_takes(situation, addends[at : at + ADDEND]) for at in range(0, len(addends), ADDEND)]
        allowed = f"(+ {known(only[there[0]].elapsed)} {watch.duration})"
        return disj([negation(conj([watch.runs, *here])), f"(<= {total([watch.shows, *left])} {allowed})"])

    return say


def _takes(situation: Situation, addend: Sequence[int]) -> str:
    """A duration, so often.

    Raises:
        CannotSay: there is no such timer, or no such number.
    """
    weight, part, state, timer = addend[:4]
    parts = range(len(situation.declaration.parts))
    found = whose(situation.declaration.machine(part), state, timer) if part in parts else None
    if found is None:
        raise CannotSay("a duration that there is not")
    often = above(tuple(addend[4:]), situation, situation.before)
    return f"(* {weight} {term_of(found.after, situation)} {often})"


def _sum(situation: Situation, one: Instance, part: int, addends: Sequence[int]) -> str:
    """The time in state and durations: of a state's timer, once, or once less (4); or so many times as a variable is above its least value, below its largest, or can change.

    Raises:
        CannotSay: there is no such timer or variable.
    """
    machine = situation.declaration.machine(part)
    variables, made = readable(machine), [known(one.elapsed)]
    for place in range(0, len(addends), 4):
        state, timer, times, variable = addends[place : place + 4]
        found = whose(machine, state, timer)
        if found is None or times > 4 or (0 < times < 4 and variable >= len(variables)):
            raise CannotSay("a sum of durations that there are not")
        if 0 < times < 4:
            at = variables[variable]
            often = _counted(machine["variables"][at], one.values[at], times)
        else:
            often = "(- 1)" if times else "1"
        made.append(f"(* {term_of(found.after, situation)} {often})")
    return total(made)


def _counted(variable: Json, term: str | None, times: int) -> str:
    """How far a whole number is above its least value (1), below its largest (2), or how many values it has after the first (3)."""
    domain = variable["domain"]
    if domain == "boolean" or "integer" not in domain:
        raise CannotSay("what is counted is no whole number")
    low, high = (None if bound is None else integer_of(bound) for bound in domain["integer"])
    if (low is None and times != 2) or (high is None and times != 1):
        raise CannotSay("what is counted has no end")
    if times == 1:
        return f"(- {known(term)} {number(low or 0)})"
    return f"(- {number(high or 0)} {known(term) if times == 2 else number(low or 0)})"
