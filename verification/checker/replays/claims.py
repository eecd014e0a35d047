"""What holds in all there is, and what is never met in it. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.proofs.lemmas import formula_of
from fsm.verification.checker.proofs.reads import owed_of
from fsm.verification.checker.proofs.refutations import things
from fsm.verification.checker.replays.enumeration import Known, Look, Taken, World
from fsm.verification.checker.replays.runs import CHECKS

__all__ = ["met", "never_met", "of_each"]

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
    followed, formulas = of_each(declaration, claim) if claim["modality"] == "each leads to" else (None, formulas)
    return Look(
        formulas,
        lambda world, step: not of_steps or bool(world.plain.value(formula, step)),
        lambda world: judge(world, claim),
        followed,
        claim["modality"] in ("always", "each step", "recoverable"),
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
            in_time=True,
        )
    formula, of_steps = claim["formula"], claim["modality"] == "can happen"
    return Look(
        (formula,),
        lambda world, step: not of_steps or not world.plain.value(formula, step),
        lambda world: of_steps or not any(world.holds(formula, known) for known in world.snapshots),
        in_time=True,
    )


def _always(world: World, claim: Json) -> bool:
    return all(world.holds(claim["formula"], known) for known in world.snapshots)


def _recoverable(world: World, claim: Json) -> bool:
    """From wherever the premise holds, some steps lead to the goal, and it holds until then."""
    region = {known for known in world.snapshots if world.holds(claim["premise"], known)}
    comes_from: dict[Known, list[Known]] = {}
    for known in region:
        for _, to, _ in world.steps[known]:
            comes_from.setdefault(to, []).append(known)
    waiting = [known for known in world.snapshots if world.holds(claim["formula"], known)]
    good = set(waiting)
    while waiting:
        for known in comes_from.get(waiting.pop(), ()):
            if known not in good:
                good.add(known)
                waiting.append(known)
    return region <= good


def of_each(declaration: Declaration, claim: Json) -> tuple[int, tuple[int, int]]:
    """The part of which a claim speaks, of each instance by itself, and what it says of one: goal and premise.

    Raises:
        CannotSay: it speaks of no part so.
    """
    table = declaration.json["expressions"]
    said = [table[place].get("for_each") for place in (claim["formula"], claim["premise"]) if place is not None]
    if len(said) != 2 or None in said or said[0][0] != said[1][0]:
        raise CannotSay("what is said of each instance speaks of no part")
    (part, goal), (_, premise) = said
    return part, (goal, premise)


def _each_leads_to(world: World, claim: Json) -> bool:
    _, (goal, premise) = of_each(world.plain.declaration, claim)
    return _leads_to(world, {**claim, "formula": goal, "premise": premise})


def _leads_to(world: World, claim: Json) -> bool:
    """No fair run keeps away from the goal: none that stands still for ever, and none that goes round for ever."""
    away = {known for known in world.snapshots if not world.holds(claim["formula"], known)}
    left = [known for known in away if world.holds(claim["premise"], known)]
    met = set(left)
    while left:
        for _, to, _ in world.steps[left.pop()]:
            if to in away and to not in met:
                met.add(to)
                left.append(to)
    owed = [one for one in map(owed_of, claim["fair"]) if one[1] is None or world.followed is not None]
    return not _has_fair(world, met, owed)


def _has_fair(world: World, region: set[Known], owed: Sequence[tuple[int, int | None, bool]]) -> bool:
    """Whether a fair run can stay in a region for ever.

    What is owed to others than the key that is followed is passed over: so there are more runs, never fewer. Of steps that lead to each
    other, a run that is owed compassion where nothing answers it stays where it is not possible (Emerson and Lei, 1987).
    """
    regions = [region]
    while regions:
        region = regions.pop()
        inside = {known: [one for one in world.steps[known] if one[1] in region] for known in region}
        for together in _components(inside):
            taken = {one for known in together for one in _answered(inside[known], together)}
            possible = {known: _answered(world.steps[known]) for known in together}
            unanswered = [one for one in owed if one[:2] not in taken]
            if any(all(one[:2] in possible[known] for known in together) for one in unanswered):
                continue  # what is owed justice, or compassion, is possible all the time
            strong = {one[:2] for one in unanswered if one[2]}
            left = {known for known in together if not strong & possible[known]}
            if left == together:
                return True
            regions.append(left)
    return False


def _answered(steps: Iterable[Taken], inside: set[Known] | None = None) -> set[tuple[int, int | None]]:
    """The events on which these steps are taken, and the fields by which they name the key that is followed."""
    kept = [one for one in steps if inside is None or one[1] in inside]
    return {(event, field) for event, _, naming in kept for field in (None, *naming)}


def _components(graph: Mapping[Known, list[Taken]]) -> Iterator[set[Known]]:
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
                waiting += [(known, True), *((to, False) for _, to, _ in graph[known] if to not in seen)]
    back: dict[Known, list[Known]] = {known: [] for known in graph}
    for known, steps in graph.items():
        for _, to, _ in steps:
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
    "each leads to": _each_leads_to,
}
"""For each modality whether it holds in a world without a step that breaks it."""
