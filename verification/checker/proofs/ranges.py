"""That every value stays in its range, of lines whose guard had to say so besides what was written. Standard library only.

Wherever such a line is meant to be taken, and no line before it is, its guard holds and each value that it writes has room. Of a
timer: at the instant at which it falls due, in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, Timer, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Instance as Terms
from fsm.verification.checker.meaning import Situation, holds, term_of
from fsm.verification.checker.plain.machines import Plain
from fsm.verification.checker.plain.values import Here, Instance
from fsm.verification.checker.possible.moments import excluded, moment_of
from fsm.verification.checker.proofs.definition import on_event
from fsm.verification.checker.proofs.lemmas import of_every
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.proofs.reads import below
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.terms import conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns, within

__all__ = ["has_room", "lapses_out_of_range", "leaves_range", "stays_in_range"]

Json = Any
COMES = ("field", "elapsed", "part_elapsed", "stamp", "applied")
"""What comes with an event or with time, or is carried: a lemma about a moment does not read it."""


def stays_in_range(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """No moment of the lemmas is one in which a line is meant to be taken and its values have no room."""
    base = moment_of(unknowns, lemmas)
    return excluded(base.script, {**leaves_range(base), **_timers(base)}, solver)


def _lines(base: Situation, *, timed: bool) -> Iterator[tuple[int, Json]]:
    if not base.declaration.alone:
        raise CannotSay("ranges are looked at in a machine alone")
    lines = enumerate(base.declaration.machine(0)["transitions"])
    return ((place, line) for place, line in lines if "meant" in line and (line["after"] is not None) is timed)


def leaves_range(base: Situation) -> dict[str, str]:
    """Of each line that waits for an event and each state that it leaves, that it is meant to be taken, and a value has no room."""
    asked = {}
    for place, line in _lines(base, timed=False):
        machine, one = base.declaration.machine(0), base.before.only[0]
        about = replace(on_event(base, line["event"]), instance=(one, one), of_machine=0)
        before = [
            other
            for other in machine["transitions"][:place]
            if other["after"] is None and other["event"] == line["event"]
        ]
        for state in line["sources"]:
            first = [negation(holds(other["guard"], about)) for other in before if state in other["sources"]]
            terms = [equal(one.state, str(state)), *first, _meant_in_vain(line, about)]
            asked[f"values of line {place} from state {state}"] = conj(terms)
    return asked


def _timers(base: Situation) -> dict[str, str]:
    """The same of timers: of the time in state at which they fall due, in their turn, as long as they have not fired."""
    asked = {}
    for place, line in _lines(base, timed=True):
        one = base.before.only[0]
        timers = timers_of(base.declaration.machine(0))
        for timer in timers:
            if timer.line == place:
                others = [other for other in timers if other.state == timer.state and other.line != place]
                due = replace(one, elapsed=term_of(timer.after, base))
                about = replace(base, instance=(due, due), of_machine=0)
                turn = [negation(one.fired(timer)), *(_is_over(base, other, timer) for other in others)]
                terms = [equal(one.state, str(timer.state)), *turn, _meant_in_vain(line, about)]
                asked[f"values of line {place} from state {timer.state}"] = conj(terms)
    return asked


def _is_over(base: Situation, other: Timer, timer: Timer) -> str:
    """Another timer of the state has fired, where it goes before this one."""
    sooner = "<=" if other.line < timer.line else "<"
    first = f"({sooner} {term_of(other.after, base)} {term_of(timer.after, base)})"
    return disj([negation(first), base.before.only[0].fired(other)])


# What is written


def numbers_written(declaration: Declaration, part: int, line: Json) -> Iterator[tuple[Json, int]]:
    """What a line writes into whole numbers that have a range, of variables and of effects: the domain, and the value."""
    variables, effects = declaration.machine(part)["variables"], declaration.json["effects"]
    written = [(variables[place]["domain"], value) for place, value in line["updates"]]
    for emit in line["effects"]:
        domains = (field["domain"] for field in effects[emit["effect"]]["fields"])
        written += zip(domains, emit["fields"], strict=True)
    return (
        (domain, value)
        for domain, value in written
        if type(domain) is dict and any(end is not None for end in domain.get("integer", ()))
    )


def has_room(declaration: Declaration, name: str, places: tuple[int, ...]) -> Lemma | None:
    """Always in that state; or where what was written as the line's guard holds."""
    part, place, state, meant = places
    lines = declaration.machine(part)["transitions"]
    line = lines[place] if place < len(lines) else {}
    if "meant" not in line or meant > 1 or (meant and line["meant"] is None):
        return None
    numbers = list(numbers_written(declaration, part, line))
    read = [value for _, value in numbers] + [line["meant"]] * meant
    if any(next(iter(declaration.json["expressions"][one])) in COMES for one in below(declaration, read)):
        return None
    of_machine = declaration.parts[part]["machine"]

    def say(situation: Situation) -> str:
        def of(one: Terms) -> str:
            about = replace(situation, untimed=True).deeper(instance=(one, one), of_machine=of_machine)
            fits = [within(declaration, domain, term_of(value, about)) for domain, value in numbers]
            elsewhere = [negation(equal(one.state, str(state)))]
            elsewhere += [negation(term_of(line["meant"], about))] if meant else []
            return disj([*elsewhere, conj(fits)])

        return of_every(part, of)(situation)

    return Lemma(name, say)


def _meant_in_vain(line: Json, about: Situation) -> str:
    """What was written holds; and the guard does not, or a value is out of its domain."""
    declaration = about.declaration
    numbers = numbers_written(declaration, 0, line)
    fits = [within(declaration, domain, term_of(value, about)) for domain, value in numbers]
    return conj([holds(line["meant"], about), disj([negation(one) for one in (holds(line["guard"], about), *fits)])])


def lapses_out_of_range(plain: Plain, here: Here) -> bool:
    """Whether the timer that falls due next is meant to be taken, and lapses."""
    timer, one = plain.next_timer(here.parts), here.parts[0]
    if timer is None or not isinstance(one, Instance):
        return False
    at, _, _, place, _ = timer
    _, line, _ = plain.timers(0, one.state)[place]
    if "meant" not in line:
        return False
    about = replace(here, at=at, own=one, machine=0)
    meant = line["meant"] is None or bool(plain.value(line["meant"], about))
    return meant and not plain.value(line["guard"], about)
