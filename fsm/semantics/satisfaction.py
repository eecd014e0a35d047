"""Whether a property holds of concrete snapshots and steps, by walking its formula.

Used where a property is checked on a run and not proved: loading a snapshot, derived tests,
replays, enumeration. `always` and `reachable` speak of a snapshot, `each_step` of a step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula, Var
from fsm.language.leaves import AnyPart, Clock, Emitted, ForEach, Happens, InState, Moment
from fsm.language.machine import Transition
from fsm.language.parameters import NamedProfile, Profile
from fsm.language.parts import Each
from fsm.language.properties import Property
from fsm.language.snapshot import Instance, Snapshot, Step, Taken, initial_instance, taken_in_turn
from fsm.language.traversal import walk
from fsm.semantics.evaluation import fold
from fsm.semantics.movement import movement, timed_mover
from fsm.semantics.situation import Configured, Read, Situation

__all__ = [
    "Seen", "Tally", "counts_effects", "expected", "holds", "holds_of_step", "lines_taken", "read_state", "read_step", "seen_step", "seen_steps", "tallied",
]  # fmt: skip

Tally = Mapping[type, int]
"""How many effects of each class were emitted since the start."""


@attrs.frozen(eq=False, repr=False)
class Seen(Taken):
    """One step as claims see it.

    Attributes:
        moved: the action that each instance took, by part and key.
        emitted_before, emitted_after: effects since the start.
    """

    moved: Mapping[tuple[str, Hashable], type]
    emitted_before: Tally
    emitted_after: Tally


def expected(claim: Property, profiles: tuple[NamedProfile, ...], params: Profile) -> bool:
    """Whether a claim shall hold under these values of the parameters: some profile that allows them is none of those in which it does not."""
    if claim.retracted or not claim.refuted_in:
        return not claim.retracted
    return any(not claim.fails_in(one.name) and one.allows(params) for one in profiles)


def counts_effects(formula: Formula) -> bool:
    """True when the formula counts effects, which a snapshot alone does not know."""
    return any(isinstance(node, Emitted) for node in walk(formula))


def tallied(tally: Tally, effects: tuple[object, ...]) -> Tally:
    """The counts after these effects."""
    return Counter(tally) + Counter(type(effect) for effect in effects) if effects else tally


def holds(engine: Configured, formula: Formula, snapshot: Snapshot, tally: Tally) -> bool:
    """Whether a formula without `before`, `after` and `happens` holds of a snapshot."""
    return bool(fold(formula, read_state(engine, snapshot, snapshot.now, tally, None)))


def holds_of_one(engine: Configured, formula: Formula, snapshot: Snapshot, part: Each, key: Hashable) -> bool:
    """Whether what is said of each instance holds of the one with this key, which is as at the start while there is none."""
    own = (part, key, _instance(snapshot, part, key, snapshot.now))
    return bool(fold(formula, read_state(engine, snapshot, snapshot.now, {}, own)))


def read_state(
    engine: Configured, snapshot: Snapshot, at: int, tally: Tally, own: tuple[AnyPart, Hashable, Instance] | None
) -> Read:
    """Leaves of a state formula; `own` is the instance that a `for_each` speaks of."""
    here = Situation.of(engine, snapshot, at)

    def read(node: Expr[Any]) -> Any:
        match node:
            case Emitted(effect=effect):
                return tally.get(effect, 0)
            case ForEach(part=part, formula=claim):
                return all(
                    fold(claim, read_state(engine, snapshot, at, tally, (part, key, one)))
                    for key, one in snapshot[part.name].items()
                )
            case Var() | InState(part=None) | Clock(part=None) if own is not None:
                return here.of_instance(own[2], own[1])(node)
            case _:
                return here.read(node)

    return read


def holds_of_step(engine: Configured, formula: Formula, seen: Seen) -> bool:
    """Whether a step formula holds of a step."""
    return bool(fold(formula, read_step(engine, seen, None)))


def read_step(engine: Configured, seen: Seen, own: tuple[Each, Hashable] | None) -> Read:
    """Leaves of a step formula; `own` is the instance that a `for_each` speaks of."""

    def read(node: Expr[Any]) -> Any:
        match node:
            case Moment(when=when, of=of):
                snapshot, tally = (
                    (seen.before, seen.emitted_before) if when == "before" else (seen.after, seen.emitted_after)
                )
                instance = None if own is None else (own[0], own[1], _instance(snapshot, own[0], own[1], seen.at))
                return fold(of, read_state(engine, snapshot, seen.at, tally, instance))
            case Happens(events=events):
                if own is not None and any(event in own[0].machine.events for event in events):
                    return seen.moved.get((own[0].name, own[1])) in events
                return seen.kind in events or any(action in events for action in seen.moved.values())
            case ForEach(part=Each() as part, formula=claim):
                keys = sorted({*seen.before[part.name], *seen.after[part.name]}, key=repr)
                return all(fold(claim, read_step(engine, seen, (part, key))) for key in keys)
            case _:
                return read_state(engine, seen.before, seen.at, seen.emitted_before, None)(node)

    return read


def _instance(snapshot: Snapshot, part: Each, key: Hashable, at: int) -> Instance:
    found: Instance = snapshot[part.name].get(key) or initial_instance(part.machine, at)
    return found


def seen_steps(
    engine: Configured, before: Snapshot, event: object | None, at: int, step: Step, tally: Tally
) -> list[Seen]:
    """The steps that `engine.step` or `engine.advance` made, one by one, those of time first; not that time alone passed.

    Args:
        event: the event given; None for `advance`.
        step: what came back.
        tally: effects emitted before it.
    """
    found: list[Seen] = []
    for taken in taken_in_turn(before, event, at, step):
        if taken.event is not None:
            found.append(seen_step(engine, taken, tally))
            tally = found[-1].emitted_after
    return found


def lines_taken(engine: Configured, step: Taken) -> list[Transition | None]:
    """The transitions that instances take in a step on an event, first that of the one to which time has sent it."""
    assert step.kind is not None, "time alone is no step"
    here = Situation.of(engine, step.before, step.at, step.given, step.key)
    sender = None if step.part is None else engine.system.part(step.part)
    timed = [] if sender is None else [timed_mover(here, sender, step.kind)]
    return [one.taken for one in (*timed, *movement(here, step.kind, sender).movers)]


def seen_step(engine: Configured, step: Taken, tally: Tally) -> Seen:
    """A step on an event as claims see it, after these effects."""
    assert step.kind is not None, "time alone is no step"
    here = Situation.of(engine, step.before, step.at, step.given, step.key)
    moved = {} if step.part is None else {(step.part, step.key): step.kind}
    sender = None if step.part is None else engine.system.part(step.part)
    moved |= {(one.part.name, one.key): one.action for one in movement(here, step.kind, sender).movers}
    known = (step.at, step.event, step.part, step.key, step.before, step.after, step.effects)
    return Seen(*known, moved, tally, tallied(tally, step.effects))
