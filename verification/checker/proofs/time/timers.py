"""Whether anything can stand in the way of a timer. Standard library only.

Asked of each timer to which others are wired: that one of its wires can follow whenever it falls due; and of two
timers of one part that fall due together, that either may go first: both can go, and what is so afterwards is the same.
A timer without wires moves its own instance alone, by a guard that reads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Instance, Moment, Situation
from fsm.verification.checker.possible.chosen import Chosen
from fsm.verification.checker.possible.moments import excluded, moment_of, once
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, Step, kinds_of_steps
from fsm.verification.checker.terms import conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns, any_instance

__all__ = ["unblocked"]


def unblocked(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """Whether in every moment of the lemmas all timers that may fall due can move all that they must, in any order."""
    return once(unknowns, "unblocked", lemmas, lambda: _unblocked(unknowns, lemmas, solver))


def _unblocked(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    timed = [kind for kind in kinds_of_steps(unknowns.declaration) if kind.timer is not None and not kind.lapses]
    wired = [kind for kind in timed if kind.wire is not None]
    made = CONFIRMED
    for timer in dict.fromkeys(kind.timer for kind in wired):
        made = made.and_then(_follows(unknowns, [kind for kind in wired if kind.timer == timer], lemmas, solver))
    for first, second in combinations_with_replacement(timed, 2):
        if _may_quarrel(unknowns, first, second):
            made = made.and_then(_agree(unknowns, (first, second), timed, lemmas, solver))
    return made


def _follows(unknowns: Unknowns, kinds: Sequence[Kind], lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """A timer is due, its guard holds, and no wire can follow."""
    base = moment_of(unknowns, lemmas)
    fires = _instance(unknowns, base, kinds[0])
    base.script.require(_step(unknowns, replace(kinds[0], wire=None), base, fires).possible)
    follow = [_step(unknowns, kind, base, fires).possible for kind in kinds if _is_plain(kind)]
    return excluded(base.script, {f"{kinds[0]} is blocked": negation(disj(follow))}, solver)


def _is_plain(kind: Kind) -> bool:
    """Whether a wire names no instance by its key: of another part, nobody knows whether there is one of that key."""
    return kind.wire is None or all(move["key"] is None for move in kind.wire["moves"])


def _part(kind: Kind) -> int:
    """Whose timer it is."""
    assert kind.timer is not None
    return kind.timer[0]


def _instance(unknowns: Unknowns, base: Situation, kind: Kind) -> Instance:
    """The one whose timer fires."""
    part = _part(kind)
    if part in base.before.only:
        return base.before.only[part]
    return any_instance(base.script, unknowns.declaration, unknowns.declaration.machine(part))


def _step(unknowns: Unknowns, kind: Kind, base: Situation, fires: Instance) -> Step:
    """What a timer does from here, whenever it is due."""
    return Chosen(unknowns, kind, base, [fires]).relation()


def _may_quarrel(unknowns: Unknowns, first: Kind, second: Kind) -> bool:
    """Whether nobody says which of two timers goes first, and one of them moves more than itself."""
    parts = {_part(kind) for kind in (first, second)}
    return len(parts) == 1 and parts <= unknowns.cells.keys() and not (first.wire is None and second.wire is None)


def _agree(
    unknowns: Unknowns, kinds: tuple[Kind, Kind], timed: Sequence[Kind], lemmas: Sequence[Lemma], solver: Asked
) -> Outcome:
    """Two timers of different instances can both go, each by one of its wires, and it does not matter which goes first."""
    first, second = kinds
    part = _part(first)
    its, theirs = ([kind for kind in timed if kind.timer == one.timer] for one in kinds)
    if not all(_is_plain(kind) and part not in _moved(kind) for kind in (*its, *theirs)):
        raise CannotSay(f"{first}: it moves others by their keys")
    base = moment_of(unknowns, lemmas)
    one, other = (_instance(unknowns, base, kind) for kind in (first, second))
    at_once = _step(unknowns, first, base, one), _step(unknowns, second, base, other)
    for step in at_once:
        base.script.require(step.possible)
    for cell, many in base.before.counted[part].items():
        base.script.require(disj([negation(conj([one.at(cell), other.at(cell)])), f"(>= {many} 2)"]))
    after_first = [_step(unknowns, kind, base.placed(at_once[0].situation.after), other) for kind in theirs]
    after_second = [_step(unknowns, kind, base.placed(at_once[1].situation.after), one) for kind in its]
    agrees = disj(
        conj([left.possible, right.possible, *_alike(left.situation.after, right.situation.after)])
        for left, right in product(after_first, after_second)
    )
    return excluded(base.script, {f"{first} and {second}": negation(agrees)}, solver)


def _moved(kind: Kind) -> set[int]:
    return set() if kind.wire is None else {move["part"] for move in kind.wire["moves"]}


def _alike(one: Moment, other: Moment) -> Iterator[str]:
    """Of each thing that is counted, or that a part with one instance is, that it is the same."""
    for part, mine in one.only.items():
        its = other.only[part]
        pairs = [(mine.state, its.state), (mine.elapsed, its.elapsed), *zip(mine.values, its.values, strict=True)]
        yield from (equal(left, right) for left, right in pairs if left is not None and right is not None)
        yield from (equal(left, right) for left, right in zip(mine.marks, its.marks, strict=True))
    for part, counted in one.counted.items():
        yield from (equal(many, other.counted[part][cell]) for cell, many in counted.items())
    yield from (equal(left, right) for left, right in zip(one.emitted, other.emitted, strict=True))
