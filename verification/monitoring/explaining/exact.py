"""The fast lane: while a single explanation is wholly known, the runtime takes what was seen as it takes any event.

Nothing else decides here: whatever is not wholly known (an interval, a parameter, a record that may be a second one, something
seen of the state) and whatever does not simply conform is left to the explanations, which then see it from its
beginning. What claims say of a step is asked of them once for all steps that are the same but for keys and instants, which no claim
in the lane reads; the explanation itself is written down where somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from fsm.errors import BadInput, WiresOverlap
from fsm.language.events import field_refs
from fsm.language.leaves import Clock, FieldRef, Stamp
from fsm.language.snapshot import Snapshot, frozen_instances, new
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import ANY, FAR, Interval, is_known
from fsm.verification.monitoring.explaining.awaited import Awaited, Pending, awaited, pending
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, instances, tidied
from fsm.verification.monitoring.explaining.kinds import Kinds, place_of
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.explaining.run import Run
from fsm.verification.monitoring.explaining.snapshots import event_of

__all__ = ["Exact", "Lane"]

FIRINGS = 16
"""So many timers fire before one event at most."""

KNOWN = 4_096
"""Of so many steps it is remembered that they break no claim, and of so many parts what they are."""

NOBODY: frozenset[int] = frozenset()


class Exact(NamedTuple):
    """A single explanation that is wholly known, as the runtime has it.

    Attributes:
        lane: that it is in.
        engine: under the values of the parameters.
        box: these.
        snapshot: at true instants.
        now: when that was.
        pending: claims that must come true and have not yet.
        kinds: for each part a number for what it is but for keys and instants.
    """

    lane: Lane
    engine: Engine
    box: Box
    snapshot: Snapshot
    now: Interval
    pending: Pending
    kinds: tuple[int, ...]

    def belief(self) -> Explanation:
        """The explanation."""
        return self.lane.explanation(self, self.now)


class Plan(NamedTuple):
    """What of an event is worked out once.

    Attributes:
        decided: whatever decides what it does is known, where these fields were seen.
        fields: that decide something.
        keys: the fields that name instances, each with the places of parts that have several.
        unseen: a record of all its fields, of which none was seen.
        clocks: it reads the time in some state.
    """

    decided: bool
    fields: tuple[str, ...]
    keys: tuple[tuple[str, tuple[int, ...]], ...]
    unseen: dict[str, Any]
    clocks: bool


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
        self._kinds = Kinds(self._each, KNOWN)
        self._lengths: dict[tuple[int, Any], int] = {}
        self._dated: dict[tuple[int, str, int], bool] = {}
        self._plans: dict[type, Plan] = {}
        self._first: tuple[Explanation, Exact] | None = None

    # Into the lane, and out of it

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
        engine = declaration.engine(one.box, self._places)
        parts = tuple(
            self._instance(place, part)
            if isinstance(part, Held)
            else frozen_instances({key: self._instance(place, held) for key, held in part.items()})
            for place, part in enumerate(tidied(declaration, one).parts)
        )
        snapshot = engine.snapshot(one.now[0], parts)
        return Exact(self, engine, one.box, snapshot, one.now, one.pending, self._kinds.of(parts))

    def _instance(self, place: int, held: Held) -> Any:
        since = -FAR if held.since == ANY else held.since[0]
        return new(type(self._declaration.first(place)), (held.state, since, held.spent, *held.values))

    def starts(self, one: Explanation) -> None:
        """Every machine starts so, but for the instant."""
        exact = self.enter(one)
        self._first = None if exact is None else (one, exact)

    def started(self, now: Interval) -> tuple[Explanation, Exact] | None:
        """A machine as it starts, also as it is in the lane; None where that is not known yet, or not known at all."""
        if self._first is None:
            return None
        first, exact = self._first
        if first.now == now:
            return self._first
        waiting = tuple([(number, key, now) for number, key, _ in first.pending])
        parts = tuple([part._replace(since=now) if isinstance(part, Held) else part for part in first.parts])
        return Explanation(parts, now, first.box, NOBODY, waiting), exact._replace(now=now, pending=waiting)

    def explanation(self, exact: Exact, now: Interval) -> Explanation:
        """What is known in the lane, written down as explanations are."""
        parts = tuple(
            {key: self._held(place, instance) for key, instance in part.items()}
            if self._each[place]
            else self._held(place, part)
            for place, part in enumerate(exact.snapshot.parts)
        )
        return Explanation(parts, now, exact.box, NOBODY, exact.pending)

    def _held(self, place: int, instance: Any) -> Held:
        state, since, spent, *values = instance
        kind = (place, state, spent)
        dated = self._dated.get(kind)
        if dated is None:
            dated = self._dated[kind] = self._declaration.dated(place, state, spent)
        return Held(state, spent, tuple(values), (since, since) if dated else ANY)

    # In the lane

    def taken(self, exact: Exact, item: Item) -> Exact | None:
        """What is known after the observation; None where that takes more than a step of the runtime that conforms."""
        footprint = item.footprint
        if footprint is None or not _plain(item):
            return None
        at, fields = item.at[0], item.fields
        plan = self._plans.get(footprint.event) or self._planned(footprint)
        if (
            at < exact.snapshot.now
            or not plan.decided
            or (plan.fields and any(name not in fields for name in plan.fields))
        ):
            return None
        due = exact.snapshot.due
        if due is not None and due <= at:
            brought = self._brought(exact, at)
            if brought is None:
                return None
            exact = brought
        if exact.pending and self._overdue(exact, at):
            return None
        payload = fields if len(fields) == len(plan.unseen) else {**plan.unseen, **fields}
        event = footprint.event
        try:
            attempted = exact.engine.attempt(exact.snapshot, event_of(event, payload), event, at)
        except WiresOverlap:
            return None
        if attempted is None:
            return None
        after, before = attempted[0], exact.snapshot.parts
        kinds = self._kinds.after(exact.kinds, before, after.parts)
        step = (exact.engine, event, exact.kinds, kinds if plan.clocks else None)
        if fields:
            step = (*step, *[fields[name] for name in plan.fields], *self._named(plan, fields, before))
        return self._judged(exact, after, item.at, (event, payload, None), step, kinds)

    def _planned(self, footprint: Footprint) -> Plan:
        event, gaps = footprint.event, self._declaration.gaps
        # what is unseen here is nothing that is kept: the declaration is sliced, and fields that decide something were seen
        plan = Plan(
            not (footprint.computes and footprint.clocks) and not gaps.intersection(footprint.params),
            footprint.fields,
            tuple(
                (name, tuple(place for place in places if self._each[place])) for name, places in footprint.keys.items()
            ),
            dict.fromkeys(field_refs(event), UNKNOWN),
            bool(footprint.clocks),
        )
        self._plans[event] = plan
        return plan

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
        declaration, before = self._declaration, exact.snapshot.parts
        if declaration.told or self._overdue(exact, due):
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
        sender = (place, timed.key)
        if self._lapsed(before, step.after.parts, sender):
            return None
        part: Any = before[place]
        who = place_of(timed.key, part) if self._each[place] else 0
        kinds = self._kinds.after(exact.kinds, before, step.after.parts)
        told = kinds if footprint.clocks else None
        key = (exact.engine, kind, exact.kinds, told, (place, who))
        return self._judged(exact, step.after, (due, due), (kind, {}, sender), key, kinds)

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

    def _overdue(self, exact: Exact, at: int) -> bool:
        return any(at > since[1] + self._longest(number, exact) for number, _, since in exact.pending)

    def _longest(self, number: int, exact: Exact) -> int:
        key = (number, exact.box)
        found = self._lengths.get(key)
        if found is None:
            found = self._lengths[key] = self._claims.longest(number, exact.belief())
        return found

    # Claims

    def _judged(
        self,
        exact: Exact,
        after: Snapshot,
        at: Interval,
        happened: tuple[type, Mapping[str, Any], tuple[int, Hashable] | None],
        step: Any,
        kinds: tuple[int, ...],
    ) -> Exact | None:
        """After a step, with what must come true by then; None where a claim is broken.

        Args:
            step: what it is but for keys and instants.
        """
        several = self._known.get(step)
        if several is not None:
            waiting = pending(several, exact.pending, after.parts, at) if several else ()
            return new(Exact, (self, exact.engine, exact.box, after, at, waiting, kinds))
        made = exact._replace(snapshot=after, now=at, kinds=kinds)
        run = Run(self._declaration, self._claims)
        belief = made.belief()
        judged = self._claims.after(run, self.explanation(exact, at), belief, *happened)
        if not judged or run.overlooked:
            return None
        if len(self._known) >= KNOWN:
            self._known.clear()
        found = [awaited(self._declaration, watched, belief) for watched in self._claims.responses]
        self._known[step] = tuple(one for one in found if not all(done for done, _ in one.answers))
        return made._replace(pending=judged[0].pending)

    def _named(self, plan: Plan, fields: Mapping[str, Any], before: Any) -> list[int]:
        """Which instances an event names, by their order, and which of its keys are the same."""
        given = [fields[name] for name, _ in plan.keys]
        found = [given.index(key) for key in given]
        for key, (_, places) in zip(given, plan.keys, strict=True):
            found += [place_of(key, before[place]) for place in places]
        return found


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
