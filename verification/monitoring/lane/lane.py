"""The fast lane: while a single explanation is known but for parameters, the runtime takes what was seen as it takes any event.

Nothing else decides here: whatever else is not known (an instant, a duration, a record that may be a second one), whatever was seen of
the state, and whatever does not simply conform is left to the explanations, which then see it from its beginning. Of steps that are the
same but for keys and instants, which no claim in the lane reads, claims are asked once what they say of them; and so are the
explanations what such a step leaves of parameters that nobody saw, where it tells values of them apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from fsm.errors import BadInput, WiresOverlap
from fsm.language.snapshot import Snapshot, new
from fsm.runtime.refusal import TimeStopped
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import Interval
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.explaining.explanation import Explanation, Held
from fsm.verification.monitoring.explaining.passing import Expected
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.explaining.run import Run
from fsm.verification.monitoring.explaining.snapshots import event_of
from fsm.verification.monitoring.explaining.stepping import taken as explained
from fsm.verification.monitoring.lane.awaited import Awaited, awaited, pending
from fsm.verification.monitoring.lane.exact import KNOWN, Exact, Ground, Under, placed
from fsm.verification.monitoring.lane.kinds import place_of
from fsm.verification.monitoring.lane.plans import Plan, planned

__all__ = ["Lane"]

FIRINGS = 16
"""So many timers fire before one event at most."""


class Lane:
    """A declaration and its claims, ready for streams in which nothing is hidden."""

    def __init__(self, declaration: Declaration, claims: Claims) -> None:
        self._declaration, self._claims = declaration, claims
        self._ground = Ground(declaration, claims)
        self._known: dict[Any, tuple[Awaited, ...]] = {}
        self._lengths: dict[tuple[int, Any], int] = {}
        self._plans: dict[type, Plan] = {}
        self._first: tuple[Explanation, Exact] | None = None
        self._left: dict[Any, Under | None] = {}

    # Where machines start

    def enter(self, one: Explanation) -> Exact | None:
        """The explanation in the lane; None where something of it is not known."""
        return self._ground.enter(one)

    def starts(self, one: Explanation) -> None:
        """Every machine starts so, but for the instant."""
        exact = self._ground.enter(one)
        self._first = None if exact is None else (one, exact)

    def started(self, now: Interval) -> tuple[Explanation, Exact] | None:
        """A machine as it starts, also as it is in the lane; None where that is not known yet, or not known at all."""
        if self._first is None:
            return None
        first, exact = self._first
        if first.now == now:
            return self._first
        waiting = tuple([(number, key, now) for number, key, _ in first.pending])
        parts = tuple([new(Held, (*part[:3], now)) if isinstance(part, Held) else part for part in first.parts])
        belief = Explanation(parts, now, first.box, frozenset(), waiting)
        return belief, new(Exact, (self._ground, exact.under, exact.snapshot, now, waiting, exact.kinds))

    # In the lane

    def taken(self, exact: Exact, item: Item) -> Exact | None:
        """What is known after the observation; None where that takes more than a step of the runtime that conforms."""
        at, fields = item.at[0], item.fields
        if not _plain(item) or at < exact.snapshot.now:
            return None
        if item.sent is not None:
            return self._seen(exact, at, item.sent)
        assert item.footprint is not None, "an event or a timer, since nothing else was seen"
        event = item.footprint.event
        plan = self._plans.get(event) or self._planned(item.footprint)
        if not plan.decided or (plan.fields and any(name not in fields for name in plan.fields)):
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
        before = exact.snapshot.parts
        step: Any = (exact.under, event, exact.kinds)
        if fields:
            step = (*step, *[fields[name] for name in plan.fields], *plan.named(fields, before))
        if exact.under.several and not plan.params.isdisjoint(exact.under.several):
            left = None if plan.clocks else self._leaves(exact, at, plan, payload, step)
            if left is None:
                return None
            exact = placed(exact, left)
        try:
            attempted = exact.under.engine.attempt(exact.snapshot, event_of(event, payload), event, at)
        except WiresOverlap:
            return None
        if attempted is None:
            return None
        after = attempted[0]
        kinds = self._ground.kinds.after(exact.kinds, before, after.parts)
        if plan.clocks:
            step = (*step, kinds)
        return self._judged(exact, after, item.at, (event, payload, None), step, kinds)

    def _leaves(self, exact: Exact, at: int, plan: Plan, payload: Mapping[str, Any], step: Any) -> Under | None:
        """What an event leaves of parameters whose values it tells apart; None where that is not one explanation.

        Args:
            step: what it is but for keys and instants.
        """
        several, responses = exact.under.several, self._claims.responses
        if exact.pending and not all(several.isdisjoint(watched.params) for watched in responses):
            return None  # how long they may take depends on what is left
        if step in self._left:
            return self._left[step]
        run = Run(self._declaration, self._claims)
        found = explained(run, self._ground.explanation(exact, (at, at)), plan.footprint, payload)
        if len(self._left) >= KNOWN:
            self._left.clear()
        under = self._left[step] = self._ground.under(found[0].box) if len(found) == 1 and not run.overlooked else None
        return under

    def _planned(self, footprint: Footprint) -> Plan:
        plan = self._plans[footprint.event] = planned(self._declaration, footprint, self._ground.each)
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

    def _seen(self, exact: Exact, at: int, sent: Expected) -> Exact | None:
        """With a timer fired that was seen, and all before it that were not."""
        brought = self._brought(exact, at - 1)
        return None if brought is None or brought.snapshot.due != at else self._fired(brought, at, sent)

    def _fired(self, exact: Exact, due: int, seen: Expected | None = None) -> Exact | None:
        declaration, before = self._declaration, exact.snapshot.parts
        if declaration.told or self._overdue(exact, due):
            return None
        try:
            step = exact.under.engine.advance(exact.snapshot, due)
        except (BadInput, TimeStopped, WiresOverlap):
            return None
        if len(step.timed) != 1:
            return None
        (timed,) = step.timed
        place, kind = declaration.places[str(timed.part)], timed.kind
        assert kind is not None, "a timer sends an event"
        footprint = declaration.sent[place, kind]
        sender = (place, timed.key)
        if footprint.clocks - {place} or not exact.under.several.isdisjoint(footprint.params):
            return None
        if kind in declaration.always if seen is None else kind is not seen.event or sender not in seen.whom:
            return None
        if self._lapsed(before, step.after.parts, sender):
            return None
        part: Any = before[place]
        who = place_of(timed.key, part) if self._ground.each[place] else 0
        kinds = self._ground.kinds.after(exact.kinds, before, step.after.parts)
        told = kinds if footprint.clocks else None
        key = (exact.under, kind, exact.kinds, told, (place, who))
        return self._judged(exact, step.after, (due, due), (kind, {}, sender), key, kinds)

    def _lapsed(self, before: Any, after: Any, sender: tuple[int, Hashable]) -> bool:
        """Whether another timer came at the same instant and did nothing."""
        for place, (was, became) in enumerate(zip(before, after, strict=True)):
            if became is was:
                continue
            pairs = (
                [(key, was.get(key), one) for key, one in became.items()]
                if self._ground.each[place]
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
        key = (number, exact.under.box)
        found = self._lengths.get(key)
        if found is None:
            if len(self._lengths) >= KNOWN:
                self._lengths.clear()
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
            return new(Exact, (self._ground, exact.under, after, at, waiting, kinds))
        made = exact._replace(snapshot=after, now=at, kinds=kinds)
        run = Run(self._declaration, self._claims)
        belief = made.belief()
        judged = self._claims.after(run, self._ground.explanation(exact, at), belief, *happened)
        if not judged or run.overlooked:
            return None
        if len(self._known) >= KNOWN:
            self._known.clear()
        found = [awaited(self._declaration, watched, belief) for watched in self._claims.responses]
        self._known[step] = tuple(one for one in found if not all(done for done, _ in one.answers))
        return made._replace(pending=judged[0].pending)


def _plain(item: Item) -> bool:
    """Whether an observation is of an event alone, at a known instant, with nothing lost before it."""
    return not (
        item.looked is not None or item.parameters or item.repeated or item.permit.gap or item.at[0] != item.at[1]
    )
