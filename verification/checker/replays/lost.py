"""What is lost where a run ends, or never comes while it goes round: refutations that a run alone does not show. Standard library only.

The run is taken again. That the goal of a `recoverable` never comes from its end is shown as an invariant is, with runs that begin there: what is so there and
is kept by every step; or by going through all there is from there. A `leads to` is lost where a run comes back to where it was, keeps away from the goal, and is
fair. Of a dead end it is asked whether some event can be taken, at any later instant. Whatever cannot be said so is not confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma, whole
from fsm.verification.checker.meaning import Situation
from fsm.verification.checker.plain.machines import Refused, Stopped
from fsm.verification.checker.plain.values import Here, Instance, Rejected
from fsm.verification.checker.plain.walk import Walk
from fsm.verification.checker.proofs.definition import both_guards, both_wires
from fsm.verification.checker.proofs.induction import by_induction
from fsm.verification.checker.proofs.lemmas import formula_of, limits_of, orders_of, readable
from fsm.verification.checker.proofs.named import lemma_of
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome, answers
from fsm.verification.checker.proofs.ranges import lapses_out_of_range, leaves_range
from fsm.verification.checker.proofs.reads import below, owed_of
from fsm.verification.checker.replays.claims import of_each
from fsm.verification.checker.replays.clock import since_then
from fsm.verification.checker.replays.ends import Ended, ended, impossible, moment_at, settled
from fsm.verification.checker.replays.enumeration import World
from fsm.verification.checker.replays.facts import emissions_at, facts_at
from fsm.verification.checker.replays.owed import is_given, nobody
from fsm.verification.checker.replays.runs import NoRun, Run
from fsm.verification.checker.shapes import Malformed
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.terms import negation
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["UNSHOWN", "is_lost", "lost_by"]

Json = Any
LOST = ("recoverable", "leads to", "each leads to")
"""The modalities of claims that a run breaks by where it cannot go."""
MOST_GONE_THROUGH = 20_000
"""How many snapshots are met from the end of a run: a proof that nothing leads on is looked for first, and this is dearer."""
TIME = ("elapsed", "part_elapsed")
UNSHOWN = "what cannot come after the run is not shown"
UnknownsOf = Callable[[Mapping[int, Json]], Unknowns]
Told = tuple[Sequence[Run], Sequence[str]]
Check = Callable[[Unknowns, Ended, Asked], bool]


def is_lost(declaration: Declaration, name: str) -> bool:
    """Whether a run shows by what cannot follow it that this does not hold."""
    return name in CHECKS or formula_of(declaration, name, *LOST) is not None


def lost_by(
    declaration: Declaration, fixed: Mapping[int, Json], name: str, told: Told, solver: Asked, under: UnknownsOf
) -> Outcome:
    """Whether a run shows that a claim or a check of the definition does not hold; of one that was taken, and shows it not as far as is known here, `UNSHOWN`.

    Args:
        told: the run, and the ids of lemmas that may help.
        under: the unknowns of the declaration under these values of the parameters.
    """
    runs, named = told
    if len(runs) != 1 or not is_lost(declaration, name):
        raise CannotSay("is nothing that a run breaks by where it cannot go")
    try:
        run = ended(declaration, fixed, runs[0])
    except (NoRun, Malformed, Rejected, Refused, Stopped):
        return Outcome("run 0 is none", True)
    try:
        shown = _is_lost(under(run.values), run, formula_of(declaration, name, *LOST), CHECKS.get(name), named, solver)
    except CannotSay as reason:
        return Outcome(f"{UNSHOWN}: {reason}")
    return CONFIRMED if shown else Outcome(UNSHOWN)


def _is_lost(
    unknowns: Unknowns, run: Ended, claim: Json | None, check: Check | None, named: Sequence[str], solver: Asked
) -> bool:
    if claim is None:
        return check is not None and check(unknowns, run, solver)
    if claim["modality"] == "leads to":
        return _goes_round(unknowns, run, claim, None, solver)
    if claim["modality"] == "each leads to":
        part, (goal, premise) = of_each(unknowns.declaration, claim)
        said = {**claim, "formula": goal, "premise": premise}
        keys = dict.fromkeys(key for way in run.ways for key in settled(way).parts[part])
        return any(_goes_round(unknowns, run, said, (part, key), solver) for key in (*keys, nobody(run)))
    lemmas = (lemma_of(unknowns.declaration, one) for one in named)
    return _never_again(unknowns, run, claim, [one for one in lemmas if one is not None], solver)


# What never comes


def _never_again(unknowns: Unknowns, run: Ended, claim: Json, named: Sequence[Lemma], solver: Asked) -> bool:
    """The premise holds where the run ends, and as long as it holds nothing leads to the goal."""
    plain, here, premise = run.plain, run.here, claim["premise"]
    if plain.value(claim["formula"], here) or not (premise is None or plain.value(premise, here)):
        return False
    goal = Lemma("never the goal", lambda situation: negation(whole(claim["formula"], situation)))
    region = [] if premise is None else [Lemma("the premise", lambda situation: whole(premise, situation))]
    facts = [
        goal,
        *named,
        *limits_of(unknowns.declaration),
        *orders_of(unknowns.declaration),
        *facts_at(unknowns.declaration, here),
    ]
    facts += emissions_at(unknowns.declaration, here, claim["formula"])
    ways: tuple[Callable[[], bool], ...] = (
        lambda: goal in by_induction(unknowns, region, facts, {}, solver, moment_at(here)).held,
        lambda: _is_over(unknowns, run, solver) and not _has(unknowns.declaration, [claim["formula"]], TIME),
        lambda: _gone_through(unknowns.declaration, run, claim),
    )
    return any(map(_is_shown, ways))


def _is_shown(way: Callable[[], bool]) -> bool:
    """Whether something is shown in a way, where that can be said."""
    try:
        return way()
    except CannotSay:
        return False


def _gone_through(declaration: Declaration, run: Ended, claim: Json) -> bool:
    """Whether all there is from the end of the run, gone through, keeps away from the goal."""
    asked = [one for one in (claim["formula"], claim["premise"]) if one is not None]
    world = World(declaration, run.values, asked=asked)
    known = world.explore(since_then(run.here), MOST_GONE_THROUGH)
    met, waiting = {known}, [known]
    while waiting:
        at = waiting.pop()
        if world.holds(claim["formula"], at):
            return False
        for _, to, _ in world.steps[at] if world.holds(claim["premise"], at) else ():
            if to not in met:
                met.add(to)
                waiting.append(to)
    return True


# What goes round


def _goes_round(unknowns: Unknowns, run: Ended, claim: Json, whose: tuple[int, Hashable] | None, solver: Asked) -> bool:
    """The run comes back to where it was, time has passed, the goal is never met from a premise on, and no fair event is put off for ever.

    Args:
        whose: the part and key of the instance of which the claim speaks, where it speaks of each.
    """
    plain, last = run.plain, run.here

    def holds(formula: int, seen: Here) -> bool:
        return bool(plain.value(formula, seen if whose is None else plain.about(seen, *whose)))

    if not _goes_by_itself(unknowns.declaration, claim):
        raise CannotSay(
            "a run that goes round, where instances are named by what they carry, or the time in state or effects are read"
        )
    waits = False
    for seen in (one for way in run.ways for one in way if isinstance(one, Here)):
        waits = not holds(claim["formula"], seen) and (
            waits or claim["premise"] is None or holds(claim["premise"], seen)
        )
    if not waits:
        return False
    for begin, way in enumerate(run.ways[:-1]):
        here = settled(way)
        if here.at < last.at and _same(unknowns.declaration, here, last):
            loop = run.ways[begin + 1 :]
            away = not any(holds(claim["formula"], one) for way in loop for one in way if isinstance(one, Here))
            owed = [owed_of(one) for one in claim["fair"]]
            if any(strong for _, _, strong in owed) and _reads(unknowns.declaration, TIME):
                raise CannotSay("what is possible again and again, where that depends on the time in state")
            if away and all(is_given(unknowns, one, run, begin, solver) for one in owed):
                return True
    return False


def _same(declaration: Declaration, one: Here, other: Here) -> bool:
    """Whether the same can follow: each instance is what it was, and has been for as long where anything measures that."""
    if any(
        not isinstance(held, Instance) and held.keys() != other.parts[part].keys()
        for part, held in enumerate(one.parts)
    ):
        return False
    measured = _reads(declaration, TIME)
    for part, held in enumerate(one.parts):
        machine = declaration.machine(part)
        its = other.parts[part]
        pairs = [(held, its)] if isinstance(held, Instance) else [(held[key], its[key]) for key in held]
        for mine, theirs in pairs:
            timers = sum(timer.state == mine.state for timer in timers_of(machine))
            ages = one.at - mine.since == other.at - theirs.since
            alike = (mine.state, mine.fired) == (theirs.state, theirs.fired) and _told(machine, mine) == _told(
                machine, theirs
            )
            if not alike or not (ages or (not measured and len(mine.fired) == timers)):
                return False
    return True


def _told(machine: Json, one: Instance) -> list[Any]:
    return [one.values[place] for place in readable(machine)]


def _reads(declaration: Declaration, words: Sequence[str]) -> bool:
    """Whether what happens depends on such nodes, anywhere."""
    lines = [line for machine in declaration.json["machines"] for line in machine["transitions"]]
    read = [place for line in lines for place in (line["guard"], *(update for _, update in line["updates"]))]
    read += [
        place for wire in declaration.wires for place in (wire["when"], *(move["every"] for move in wire["moves"]))
    ]
    read += [rule["when"] for rule in declaration.rules]
    return _has(declaration, read, words)


def _has(declaration: Declaration, expressions: Sequence[int | None], words: Sequence[str]) -> bool:
    table = declaration.json["expressions"]
    return any(
        next(iter(table[place])) in words
        for place in below(declaration, (one for one in expressions if one is not None))
    )


def _goes_by_itself(declaration: Declaration, claim: Json) -> bool:
    """Whether all that decides what follows is in what is compared: keys are fields of events, and nobody counts effects or reads, in the claim, the time in state."""
    moves = [move for wire in declaration.wires for move in wire["moves"] if move["key"] is not None]
    by_fields = all("field" in declaration.json["expressions"][move["key"]] for move in moves)
    formulas = (claim["formula"], claim["premise"])
    timeless = not _has(declaration, formulas, (*TIME, "emitted"))
    return by_fields and timeless and not _reads(declaration, ("emitted",))


# Checks of the definition


def _both(asked: Callable[[Situation], dict[str, str]]) -> Check:
    """Two conditions hold where the run ends, with some values of an event's fields."""

    def look(unknowns: Unknowns, run: Ended, solver: Asked) -> bool:
        moment = moment_at(run.here)(unknowns)
        terms = asked(moment)
        questions = [lambda own, term=term: term for term in terms.values()]
        return "sat" in answers(moment.script, questions, solver)

    return look


def _stops(unknowns: Unknowns, run: Ended, solver: Asked) -> bool:
    """The timer that falls due next cannot fire."""
    timer = run.plain.next_timer(run.here.parts)
    try:
        for _ in () if timer is None else Walk(run.plain, run.here.parts, run.here.at).pass_to(timer[0]):
            pass
    except Stopped:
        return True
    return False


def _dead_end(unknowns: Unknowns, run: Ended, solver: Asked) -> bool:
    """Some instance stands where lines lead on, no timer will ever fire, and no event can be taken, now or later."""
    held = [
        (part, one)
        for part, held in enumerate(run.here.parts)
        for one in ([held] if isinstance(held, Instance) else held.values())
    ]
    leads_on = any(run.plain.leaving(run.plain.parts[part][0], one.state) for part, one in held)
    return leads_on and _is_over(unknowns, run, solver)


def _is_over(unknowns: Unknowns, run: Ended, solver: Asked) -> bool:
    """No timer will ever fire after the run, and no event can be taken, now or later: as the relations say, or all events that there are."""
    if run.plain.next_timer(run.here.parts) is not None and not _stops(unknowns, run, solver):
        return False
    if _is_shown(lambda: impossible(unknowns, run.here, None, solver, later=True)):
        return True
    return not any(True for _ in World(unknowns.declaration, run.values).taken(run.here.parts))


def _has_no_room(unknowns: Unknowns, run: Ended, solver: Asked) -> bool:
    """A line is meant to be taken where the run ends, with some values of its event's fields, or the next timer is; and a value has no room."""
    return lapses_out_of_range(run.plain, run.here) or _both(leaves_range)(unknowns, run, solver)


CHECKS: dict[str, Check] = {
    "check 3": _both(both_guards),
    "check 4": _both(both_wires),
    "check 5": _stops,
    "check 6": _dead_end,
    "check 7": _has_no_room,
}
"""Those of the definition that a run breaks: what must be so where it ends."""
