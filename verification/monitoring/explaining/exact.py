"""The fast lane: while a single explanation is wholly known, the runtime takes what was seen as it takes any event.

Nothing else decides here: whatever is not wholly known (an interval, a parameter, a timer that is due, a record that may be a second
one, something seen of the state) and whatever does not simply conform is left to the explanations, which then see it from its
beginning. What claims say of a step is asked of them once for all steps that are the same but for keys and instants, which no claim
in the lane reads.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.events import field_refs
from fsm.language.leaves import Clock, FieldRef, Stamp
from fsm.language.snapshot import Snapshot, frozen_instances, new
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import fold
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import ANY, FAR, Interval, is_known
from fsm.verification.monitoring.explaining.claims import Claims, Watched, read_instances
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, instances, tidied
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.explaining.run import Run
from fsm.verification.monitoring.explaining.snapshots import event_of, snapshot_of

__all__ = ["Exact", "Lane"]

KNOWN = 4_096
"""Of so many steps it is remembered that they break no claim."""

ABSENT = object()
"""A key that no instance has."""

Pending = tuple[tuple[int, Hashable, Interval], ...]


@attrs.frozen(eq=False)
class Exact:
    """A single explanation that is wholly known.

    Attributes:
        belief: the explanation.
        snapshot: the same for the runtime, at true instants.
        engine: under the values of the parameters.
    """

    belief: Explanation
    snapshot: Snapshot
    engine: Engine


@attrs.frozen(eq=False)
class Awaited:
    """What a state says of a claim about what must come true.

    Attributes:
        place: of the part of whose instances it speaks; None where there is one answer.
        answers: for each instance, in their order, then for one that is not there: it has come true, and it starts to be awaited.
    """

    number: int
    place: int | None
    answers: tuple[tuple[bool, bool], ...]


class Lane:
    """A declaration and its claims, ready for streams in which nothing is hidden."""

    def __init__(self, declaration: Declaration, claims: Claims) -> None:
        self._declaration, self._claims = declaration, claims
        self._places = range(len(declaration.parts))
        self._each = tuple(start is not None for start in declaration.initial)
        self._open = not any(
            isinstance(node, Clock | Stamp | FieldRef)
            for watched in claims.by_number
            for expr in (watched.claim.formula, watched.claim.premise)
            if expr is not None
            for node in walk(expr)
        )
        self._known: dict[Any, tuple[Awaited, ...]] = {}
        self._dated: dict[tuple[int, str, int], bool] = {}
        self._unseen: dict[type, dict[str, Any]] = {}

    # Into the lane

    def enter(self, one: Explanation) -> Exact | None:
        """The explanation in the lane; None where something of it is not known."""
        declaration = self._declaration
        if not self._open or one.open or any(part is None for part in one.parts):
            return None
        if any(len(values) != 1 for values in one.box):
            return None
        for place, _, held in instances(one):
            if UNKNOWN in held.values:
                return None
            if not is_known(held.since) and declaration.dated(place, held.state, held.spent):
                return None
        belief = tidied(declaration, one)
        engine = declaration.engine(one.box, self._places)
        parts = tuple(
            self._instance(place, part)
            if isinstance(part, Held)
            else frozen_instances({key: self._instance(place, held) for key, held in part.items()})
            for place, part in enumerate(belief.parts)
        )
        return Exact(belief, engine.snapshot(one.now[0], parts), engine)

    def _instance(self, place: int, held: Held) -> Any:
        since = -FAR if held.since == ANY else held.since[0]
        return new(type(self._declaration.first(place)), (held.state, since, held.spent, *held.values))

    # In the lane

    def taken(self, exact: Exact, item: Item) -> Exact | None:
        """What is known after the observation; None where that takes more than a step of the runtime that conforms."""
        footprint = item.footprint
        if footprint is None or not _plain(item):
            return None
        at = item.at[0]
        _, now, due, parts = exact.snapshot
        if at < now or (due is not None and due <= at) or not self._decided(footprint, item.fields):
            return None
        if exact.belief.pending and self._overdue(exact.belief, at):
            return None
        payload = self._payload(footprint.event, item.fields)
        try:
            attempted = exact.engine.attempt(exact.snapshot, event_of(footprint.event, payload), footprint.event, at)
        except WiresOverlap:
            return None
        if attempted is None:
            return None
        moved = self._moved(exact.belief, parts, attempted[0].parts, item.at)
        if moved is None:
            return None
        belief = Explanation(moved, item.at, exact.belief.box, frozenset(), exact.belief.pending)
        judged = self._judged(exact, belief, footprint, payload, attempted[0].parts)
        return None if judged is None else Exact(judged, attempted[0], exact.engine)

    def _decided(self, footprint: Footprint, fields: Mapping[str, Any]) -> bool:
        """Whether everything that decides what the event does was seen."""
        if footprint.computes and footprint.clocks:
            return False
        gaps = self._declaration.gaps
        return all(name in fields for name in footprint.fields) and not (gaps and gaps.intersection(footprint.params))

    def _payload(self, event: type, fields: Mapping[str, Any]) -> dict[str, Any]:
        unseen = self._unseen.get(event)
        if unseen is None:
            unseen = self._unseen[event] = dict.fromkeys(field_refs(event), UNKNOWN)
        return {**unseen, **fields}

    def _overdue(self, one: Explanation, at: int) -> bool:
        return any(at > since[1] + self._claims.longest(number, one) for number, _, since in one.pending)

    def _moved(self, one: Explanation, before: Any, after: Any, at: Interval) -> tuple[Any, ...] | None:
        """The parts of an explanation after a step; None where a value was not seen."""
        made: list[Any] = []
        for place, (old, was, became) in enumerate(zip(one.parts, before, after, strict=True)):
            if became is was:
                made.append(old)
            elif self._each[place]:
                made.append(
                    {
                        key: old[key] if instance is was.get(key) else self._held(place, old.get(key), instance, at)
                        for key, instance in became.items()
                    }
                )
            else:
                made.append(self._held(place, old, became, at))
        for place, part in enumerate(made):
            if part is not one.parts[place]:
                several = (part,) if isinstance(part, Held) else part.values()
                if any(UNKNOWN in held.values for held in several):
                    return None
        return tuple(made)

    def _held(self, place: int, old: Held | None, instance: Any, at: Interval) -> Held:
        state, entered, spent, *values = instance
        kind = (place, state, spent)
        dated = self._dated.get(kind)
        if dated is None:
            dated = self._dated[kind] = self._declaration.dated(place, state, spent)
        since = (at if old is None or entered == at[0] else old.since) if dated else ANY
        return Held(state, spent, tuple(values), since)

    # Claims

    def _judged(
        self, exact: Exact, after: Explanation, footprint: Footprint, payload: Mapping[str, Any], parts: Any
    ) -> Explanation | None:
        """With what must come true by then; None where a claim is broken."""
        step = self._step(exact, footprint, payload, parts)
        awaited = self._known.get(step)
        if awaited is not None:
            pending = _pending(awaited, after)
            return after if pending == after.pending else attrs.evolve(after, pending=pending)
        run = Run(self._declaration, self._claims)
        before = attrs.evolve(exact.belief, now=after.now)
        made = self._claims.after(run, before, after, footprint.event, payload)
        if not made or run.overlooked:
            return None
        if len(self._known) >= KNOWN:
            self._known.clear()
        self._known[step] = tuple(self._awaited(watched, after) for watched in self._claims.responses)
        return made[0]

    def _step(self, exact: Exact, footprint: Footprint, payload: Mapping[str, Any], after: Any) -> Any:
        """What a step is but for keys and instants."""
        before: Any = exact.snapshot.parts
        keys = [(payload[name], places) for name, places in footprint.keys.items()]
        given = [key for key, _ in keys]
        where = tuple(
            [
                (given.index(key), tuple([_place_of(key, before[place]) for place in places if self._each[place]]))
                for key, places in keys
            ]
        )
        fields = tuple([payload[name] for name in footprint.fields if name not in footprint.keys])
        told = after if footprint.clocks else ()
        return exact.engine, footprint.event, fields, where, self._discrete(before), self._discrete(told)

    def _discrete(self, parts: Any) -> tuple[Any, ...]:
        return tuple(
            [
                tuple([(one[0], *one[2:]) for one in part.values()]) if self._each[place] else (part[0], *part[2:])
                for place, part in enumerate(parts)
            ]
        )

    def _awaited(self, watched: Watched, one: Explanation) -> Awaited:
        declaration, claim = self._declaration, watched.claim
        assert claim.premise is not None
        now = snapshot_of(declaration, declaration.layout, one, {})
        several = read_instances(declaration.under(one.box), watched, now, {ABSENT: None})
        answers = tuple((bool(fold(claim.formula, read)), bool(fold(claim.premise, read))) for _, read in several)
        place = None if watched.part is None else declaration.places[watched.part.name]
        return Awaited(watched.number, place if place is not None and self._each[place] else None, answers)


def _plain(item: Item) -> bool:
    """Whether an observation is of an event alone, at a known instant, with nothing lost before it."""
    return not (
        item.looked is not None
        or item.sent is not None
        or item.parameters
        or item.repeated
        or item.permit.gap
        or item.at[0] != item.at[1]
    )


def _place_of(key: Hashable, part: Mapping[Hashable, Any]) -> int:
    """Which of the instances, in their order, has the key; -1 for none."""
    return list(part).index(key) if key in part else -1


def _pending(several: tuple[Awaited, ...], one: Explanation) -> Pending:
    """What must come true after a step: what was awaited and has not, and what starts to be."""
    found: list[tuple[int, Hashable, Interval]] = []
    for awaited in several:
        waiting = {key: since for number, key, since in one.pending if number == awaited.number}
        keys = (None,) if awaited.place is None else tuple(one.parts[awaited.place])
        for key, (done, starts) in zip(keys, awaited.answers, strict=False):
            if not done and (starts or key in waiting):
                found.append((awaited.number, key, waiting.get(key, one.now)))
        if not awaited.answers[-1][0]:
            found += [(awaited.number, key, since) for key, since in waiting.items() if key not in keys]
    return tuple(found)
