"""What holds in all there is, and what is never met in it. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.proofs.lemmas import formula_of
from fsm.verification.checker.proofs.refutations import things
from fsm.verification.checker.replays.enumeration import Known, Look, World
from fsm.verification.checker.replays.runs import CHECKS

__all__ = ["met", "never_met"]

Json = Any


def met(declaration: Declaration, name: str) -> Look:
    """That a claim holds in all there is.

    Raises:
        CannotSay: it is no such claim.
    """
    claim = formula_of(declaration, name, *JUDGES)
    if claim is None:
        raise CannotSay("is no claim that is shown by all there is")
    formula, judge = claim["formula"], JUDGES[claim["modality"]]
    formulas = (formula, *([] if claim["premise"] is None else [claim["premise"]]))
    of_steps = claim["modality"] == "each step"
    return Look(
        formulas,
        lambda world, step: not of_steps or bool(world.plain.value(formula, step)),
        lambda world: judge(world, claim),
    )


def never_met(declaration: Declaration, name: str, pending: Sequence[str]) -> Look:
    """That nothing in all there is is as a claim says, or that these things are never met of which a check of the definition speaks.

    Raises:
        CannotSay: it is no such claim.
    """
    claim = formula_of(declaration, name, "reachable", "can happen")
    if claim is None:
        named = {THINGS[name] % at for at in things(declaration, name, pending)}
        _, look = CHECKS[name]
        return Look(
            (),
            lambda world, step: named.isdisjoint(look(world.plain, step)),
            lambda world: all(
                named.isdisjoint(look(world.plain, world.here(parts))) for parts in world.snapshots.values()
            ),
        )
    formula, of_steps = claim["formula"], claim["modality"] == "can happen"
    return Look(
        (formula,),
        lambda world, step: not of_steps or not world.plain.value(formula, step),
        lambda world: of_steps or not any(world.holds(formula, known) for known in world.snapshots),
    )


def _always(world: World, claim: Json) -> bool:
    return all(world.holds(claim["formula"], known) for known in world.snapshots)


def _recoverable(world: World, claim: Json) -> bool:
    """From wherever the premise holds, some steps lead to the goal, and it holds until then."""
    region = {known for known in world.snapshots if world.holds(claim["premise"], known)}
    comes_from: dict[Known, list[Known]] = {}
    for known in region:
        for _, to in world.steps[known]:
            comes_from.setdefault(to, []).append(known)
    waiting = [known for known in world.snapshots if world.holds(claim["formula"], known)]
    good = set(waiting)
    while waiting:
        for known in comes_from.get(waiting.pop(), ()):
            if known not in good:
                good.add(known)
                waiting.append(known)
    return region <= good


def _leads_to(world: World, claim: Json) -> bool:
    """No fair run keeps away from the goal: none that stands still for ever, and none that goes round for ever."""
    away = {known for known in world.snapshots if not world.holds(claim["formula"], known)}
    left = [known for known in away if world.holds(claim["premise"], known)]
    met = set(left)
    while left:
        for _, to in world.steps[left.pop()]:
            if to in away and to not in met:
                met.add(to)
                left.append(to)
    inside = {known: [(event, to) for event, to in world.steps[known] if to in met] for known in met}
    return not any(_is_fair(world, inside, together, claim["fair"]) for together in _components(inside))


def _is_fair(
    world: World, inside: Mapping[Known, list[tuple[int, Known]]], together: set[Known], fair: list[int]
) -> bool:
    """Whether a run can stay in these for ever, and each fair event is taken again and again, or is not possible again and again."""
    taken = {event for known in together for event, to in inside[known] if to in together}
    return all(
        event in taken or any(event not in {one for one, _ in world.steps[known]} for known in together)
        for event in fair
    )


def _components(graph: Mapping[Known, list[tuple[int, Known]]]) -> Iterator[set[Known]]:
    """Those that lead to each other, or one alone: the last that is left first, against the steps (Kosaraju)."""
    order: list[Known] = []
    seen: set[Known] = set()
    for root in graph:
        waiting: list[tuple[Known, bool]] = [(root, False)]
        while waiting:
            known, is_left = waiting.pop()
            if is_left:
                order.append(known)
            elif known not in seen:
                seen.add(known)
                waiting += [(known, True), *((to, False) for _, to in graph[known] if to not in seen)]
    back: dict[Known, list[Known]] = {known: [] for known in graph}
    for known, steps in graph.items():
        for _, to in steps:
            back[to].append(known)
    while order:
        together, new = set[Known](), [order.pop()]
        while new:
            known = new.pop()
            if known in seen:
                seen.remove(known)
                together.add(known)
                new += back[known]
        if together:
            yield together


THINGS = {"check 0": "state %s", "check 1": "line %s from state %s", "check 2": "event %s"}
"""What is met, in the words of a run."""
JUDGES: dict[str, Callable[[World, Json], bool]] = {
    "always": _always,
    "each step": lambda world, claim: True,
    "recoverable": _recoverable,
    "leads to": _leads_to,
}
"""For each modality whether it holds in a world without a step that breaks it."""
