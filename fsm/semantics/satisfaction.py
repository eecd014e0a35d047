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
from fsm.language.parameters import NamedProfile, Profile
from fsm.language.parts import Each
from fsm.language.properties import Property
from fsm.language.snapshot import Instance, Snapshot, Step, initial_instance
from fsm.language.traversal import walk
from fsm.semantics.evaluation import fold
from fsm.semantics.movement import movement
from fsm.semantics.situation import Configured, Read, Situation

__all__ = [
    "Seen", "Tally", "actions_taken", "counts_effects", "expected", "holds", "holds_of_step", "read_state", "read_step", "seen_steps", "tallied",
]  # fmt: skip

Tally = Mapping[type, int]
"""How many effects of each class were emitted since the start."""


@attrs.frozen(eq=False)
class Seen:
    """One step as properties see it; an event, or one that time sent.

    Attributes:
        before, after: the snapshots around it, timers that fired earlier already done.
        event: the class of the event; the machine's own where time sent it.
        moved: the action that each instance took, by part and key.
        at: the instant, milliseconds.
        emitted_before, emitted_after: effects since the start.
    """

    before: Snapshot
    event: type
    moved: Mapping[tuple[str, Hashable], type]
    after: Snapshot
    at: int
    emitted_before: Tally
    emitted_after: Tally


def expected(claim: Property, profiles: tuple[NamedProfile, ...], params: Profile) -> bool:
    """Whether a claim shall hold under these values of the parameters: some profile that allows them is none of those in which it does not."""
    return not claim.refuted_in or any(one.name not in claim.refuted_in and one.allows(params) for one in profiles)


def counts_effects(formula: Formula) -> bool:
    """True when the formula counts effects, which a snapshot alone does not know."""
    return any(isinstance(node, Emitted) for node in walk(formula))


def tallied(tally: Tally, effects: tuple[object, ...]) -> Tally:
    """The counts after these effects."""
    return Counter(tally) + Counter(type(effect) for effect in effects) if effects else tally


def holds(engine: Configured, formula: Formula, snapshot: Snapshot, tally: Tally) -> bool:
    """Whether a formula without `before`, `after` and `happens` holds of a snapshot."""
    return bool(fold(formula, read_state(engine, snapshot, snapshot.now, tally, None)))


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
                return seen.event in events or any(action in events for action in seen.moved.values())
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
    """The steps that `engine.step` or `engine.advance` made, one by one, those of time first.

    Args:
        event: the event given; None for `advance`.
        step: what came back.
        tally: effects emitted before it.
    """
    found: list[Seen] = []
    for taken in step.timed:
        emitted = tallied(tally, taken.effects)
        moved = actions_taken(engine, before, taken.event, None, taken.at, taken.part, taken.key)
        found.append(Seen(before, taken.event, moved, taken.after, taken.at, tally, emitted))
        before, tally = taken.after, emitted
    if event is not None:
        rest = step.effects[sum(len(taken.effects) for taken in step.timed) :]
        moved = actions_taken(engine, before, type(event), event, at, None, None)
        found.append(Seen(before, type(event), moved, step.after, at, tally, tallied(tally, rest)))
    return found


def actions_taken(
    engine: Configured, before: Snapshot, kind: type, event: object, at: int, part: str | None, key: Hashable
) -> dict[tuple[str, Hashable], type]:
    """The action of every instance that the event moves."""
    moved: dict[tuple[str, Hashable], type] = {} if part is None else {(part, key): kind}
    sender = None if part is None else engine.system.part(part)
    movers = movement(Situation.of(engine, before, at, event, key), kind, sender).movers
    return moved | {(mover.part.name, mover.key): mover.action for mover in movers}
