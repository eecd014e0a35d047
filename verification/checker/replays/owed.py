"""Whether a run that goes round for ever gives what callers owe events. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice, product

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.plain.machines import Refused
from fsm.verification.checker.plain.values import Here, Instance, Parts
from fsm.verification.checker.replays.clock import UNTOLD
from fsm.verification.checker.replays.ends import Ended, impossible, settled
from fsm.verification.checker.replays.enumeration import World
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["is_given", "nobody"]


def is_given(unknowns: Unknowns, owed: tuple[int, int | None, bool], run: Ended, begin: int, solver: Asked) -> bool:
    """Whether a fair event is taken on the way round, or somewhere on it cannot be; of one that is owed compassion, nowhere on it can be.

    Of what each key is owed that is asked of every key on the way, and of one that is none of them. Nothing may read the time in state
    where compassion is owed.
    """
    (event, field, strong), ways = owed, run.ways[begin + 1 :]
    loop = [one for way in ways for one in (way if strong else (settled(way),)) if isinstance(one, Here)]
    enough = all if strong else any
    if field is None:
        taken = any(one.event == event for one in run.sent[begin:])
        return taken or enough(impossible(unknowns, here, event, solver) for here in loop)
    world = World(unknowns.declaration, run.values)
    if field not in world.keyed.get(event, {}):
        raise CannotSay("what each instance is owed goes by a field that names none")
    named = {one.given[field] for one in run.sent[begin:] if one.event == event}
    met = dict.fromkeys((*(key for here in loop for key in _keys(world, here.parts, event, field)), nobody(run)))
    left = [key for key in met if key not in named]
    return all(enough(not _can_be_named(world, here.parts, event, field, key) for here in loop) for key in left)


def nobody(run: Ended) -> int:
    """A key that no instance and no event of a run has."""
    keys = {key for way in run.ways for held in settled(way).parts if not isinstance(held, Instance) for key in held}
    given = {value for one in run.sent for value in one.given}
    return next(key for key in count() if key not in keys | given)


def _keys(world: World, parts: Parts, event: int, field: int) -> dict[int, None]:
    """The keys of instances that a field of an event may name."""
    group = world.groups[min(world.keyed[event][field])]
    return dict.fromkeys(key for part in group for key in parts[part])


def _can_be_named(world: World, parts: Parts, event: int, field: int, key: int) -> bool:
    """Whether an event that names this key by this field can be taken."""
    for given in _namings(world, parts, event, field, key):
        try:
            world.plain.judged(parts, event, given, UNTOLD)
        except Refused:
            continue
        return True
    return False


def _namings(world: World, parts: Parts, event: int, field: int, key: int) -> Iterator[tuple[object, ...]]:
    """The fields of every event that names this key by this field: whoever else there is by the others, and new ones."""
    keyed, choices = world.keyed[event], []
    for one in keyed:
        known = {**_keys(world, parts, event, one), key: None}
        new = islice((name for name in count() if name not in known), len(keyed))
        choices.append([key] if one == field else [*known, *new])
    for keys, payload in product(product(*choices), world.payloads[event]):
        given = payload | dict(zip(keyed, keys, strict=True))
        yield tuple(given[place] for place in range(len(given)))
