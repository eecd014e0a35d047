"""The fast lane: while a single explanation is wholly known, the runtime takes what was seen as it takes any event.

Nothing else decides here: whatever is not wholly known (an interval, a parameter, a record that may be a second one, something
seen of the state) and whatever does not simply conform is left to the explanations, which then see it from its
beginning. What claims say of a step is asked of them once for all steps that are the same but for keys and instants, which no claim
in the lane reads.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import attrs

from fsm.errors import BadInput, WiresOverlap
from fsm.language.events import field_refs
from fsm.language.leaves import Clock, FieldRef, Stamp
from fsm.language.snapshot import Snapshot, frozen_instances, new
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
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

FIRINGS = 16
"""So many timers fire before one event at most."""

KNOWN = 4_096
"""Of so many steps it is remembered that they break no claim."""

ABSENT = object()
"""A key that no instance has."""

NOBODY: frozenset[int] = frozenset()

Pending = tuple[tuple[int, Hashable, Interval], ...]


class Exact(NamedTuple):
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
        self._lengths: dict[tuple[int, Any], int] = {}
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
        if at < exact.snapshot.now or not self._decided(footprint, item.fields):
            return None
        brought = self._brought(exact, at)
        if brought is None or self._overdue(brought.belief, at):
            return None
        exact = brought
        payload = self._payload(footprint.event, item.fields)
        try:
            attempted = exact.engine.attempt(exact.snapshot, event_of(footprint.event, payload), footprint.event, at)
        except WiresOverlap:
            return None
        if attempted is None:
            return None
        return self._judged(exact, attempted[0], item.at, footprint, payload, None)

    def _brought(self, exact: Exact, at: int) -> Exact | None:
        """With every timer fired that is due by an instant; None where one would have been seen, or several fire together."""
        for _ in range(FIRINGS):
            due = exact.snapshot.due
            if due is None or due > at:
                return exact
            fired = self._fired(exact, due)
            if fired is None:
                return None
            exact = fired
        return None

    def _fired(self, exact: Exact, due: int) -> Exact | None:
        declaration = self._declaration
        if declaration.told or self._overdue(exact.belief, due):
            return None
        try:
            step = exact.engine.advance(exact.snapshot, due)
        except (BadInput, TimeStopped, WiresOverlap):
            return None
        if len(step.timed) != 1:
            return None
        (timed,) = step.timed
        place, kind = declaration.places[str(timed.part)], timed.kind
        assert kind is not None, "a timer sends an event"
        footprint = declaration.sent[place, kind]
        if kind in declaration.always or footprint.clocks - {place}:
            return None
        if self._lapsed(exact.snapshot.parts, step.after.parts, (place, timed.key)):
            return None
        return self._judged(exact, step.after, (due, due), footprint, {}, (place, timed.key))

    def _lapsed(self, before: Any, after: Any, sender: tuple[int, Hashable]) -> bool:
        """Whether another timer came at the same instant and did nothing."""
        for place, (was, became) in enumerate(zip(before, after, strict=True)):
            if became is was:
                continue
            pairs = (
                [(key, was.get(key), one) for key, one in became.items()]
                if self._each[place]
                else [(None, was, became)]
            )
            if any(
                old is not None and (place, key) != sender and old[:2] == one[:2] and old[2] != one[2]
                for key, old, one in pairs
            ):
                return True
        return False

    def _decided(self, footprint: Footprint, fields: Mapping[str, Any]) -> bool:
        """Whether everything that decides what the event does was seen."""
        if footprint.computes and footprint.clocks:
            return False
        for name in footprint.fields:
            if name not in fields:
                return False
        gaps = self._declaration.gaps
        return not (gaps and gaps.intersection(footprint.params))

    def _payload(self, event: type, fields: Mapping[str, Any]) -> dict[str, Any]:
        unseen = self._unseen.get(event)
        if unseen is None:
            # what is unseen here is nothing that is kept: the declaration is sliced, and fields that decide something were seen
            unseen = self._unseen[event] = dict.fromkeys(field_refs(event), UNKNOWN)
        return {**unseen, **fields}

    def _overdue(self, one: Explanation, at: int) -> bool:
        return bool(one.pending) and any(at > since[1] + self._longest(number, one) for number, _, since in one.pending)

    def _longest(self, number: int, one: Explanation) -> int:
        key = (number, one.box)
        found = self._lengths.get(key)
        if found is None:
            found = self._lengths[key] = self._claims.longest(number, one)
        return found

    def _moved(self, one: Explanation, before: Any, after: Any, at: Interval) -> tuple[Any, ...]:
        """The parts of an explanation after a step."""
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
        self,
        exact: Exact,
        after: Snapshot,
        at: Interval,
        footprint: Footprint,
        payload: Mapping[str, Any],
        sender: tuple[int, Hashable] | None,
    ) -> Exact | None:
        """After a step, with what must come true by then; None where a claim is broken."""
        parts = self._moved(exact.belief, exact.snapshot.parts, after.parts, at)
        old, box = exact.belief.pending, exact.belief.box
        step = self._step(exact, footprint, payload, sender, after.parts)
        awaited = self._known.get(step)
        if awaited is not None:
            belief = Explanation(parts, at, box, NOBODY, _pending(awaited, old, parts, at))
            return Exact(belief, after, exact.engine)
        belief = Explanation(parts, at, box, NOBODY, old)
        run = Run(self._declaration, self._claims)
        before = attrs.evolve(exact.belief, now=at)
        made = self._claims.after(run, before, belief, footprint.event, payload, sender)
        if not made or run.overlooked:
            return None
        if len(self._known) >= KNOWN:
            self._known.clear()
        several = [self._awaited(watched, belief) for watched in self._claims.responses]
        self._known[step] = tuple(one for one in several if not all(done for done, _ in one.answers))
        return Exact(made[0], after, exact.engine)

    def _step(
        self,
        exact: Exact,
        footprint: Footprint,
        payload: Mapping[str, Any],
        sender: tuple[int, Hashable] | None,
        after: Any,
    ) -> Any:
        """What a step is but for keys and instants."""
        before: Any = exact.snapshot.parts
        told = self._discrete(after) if footprint.clocks else None
        if sender is not None:
            place, key = sender
            who = (place, _place_of(key, before[place]) if self._each[place] else 0)
            return exact.engine, footprint.event, who, self._discrete(before), told
        keys = [(payload[name], places) for name, places in footprint.keys.items()]
        given = [key for key, _ in keys]
        where = [
            given.index(key) if place is None else _place_of(key, before[place])
            for key, places in keys
            for place in (None, *places)
            if place is None or self._each[place]
        ]
        fields = [payload[name] for name in footprint.fields if name not in footprint.keys]
        return exact.engine, footprint.event, (*fields, *where), len(fields), self._discrete(before), told

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
    return [*part].index(key) if key in part else -1


def _pending(several: tuple[Awaited, ...], old: Pending, parts: tuple[Any, ...], at: Interval) -> Pending:
    """What must come true after a step: what was awaited and has not, and what starts to be."""
    found: list[tuple[int, Hashable, Interval]] = []
    for awaited in several:
        waiting = {key: since for number, key, since in old if number == awaited.number} if old else {}
        keys = (None,) if awaited.place is None else tuple(parts[awaited.place])
        for key, (done, starts) in zip(keys, awaited.answers, strict=False):
            if not done and (starts or key in waiting):
                found.append((awaited.number, key, waiting.get(key, at)))
        if waiting and not awaited.answers[-1][0]:
            found += [(awaited.number, key, since) for key, since in waiting.items() if key not in keys]
    return tuple(found)
