"""A single explanation that is known but for parameters, as the runtime has it: how it enters the lane, and how it is written down again."""

from __future__ import annotations

from typing import Any, NamedTuple

import attrs

from fsm.language.leaves import Clock, FieldRef, Stamp
from fsm.language.snapshot import Snapshot, frozen_instances, new
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.intervals import ANY, FAR, Interval, is_known
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, instances, tidied
from fsm.verification.monitoring.lane.awaited import Pending
from fsm.verification.monitoring.lane.kinds import Kinds

__all__ = ["KNOWN", "Exact", "Ground", "Under", "placed"]

KNOWN = 4_096
"""So many things of a kind are remembered: steps that break no claim, what parts are, values of parameters."""


@attrs.frozen(eq=False)
class Under:
    """What is left of the values of parameters.

    Attributes:
        box: these.
        engine: under the first of each.
        several: places of parameters of which more than one is left.
    """

    box: Box
    engine: Engine
    several: frozenset[int]


class Exact(NamedTuple):
    """A single explanation that is known but for parameters, as the runtime has it.

    Attributes:
        ground: under which explanations are written down.
        under: the values of the parameters.
        snapshot: at true instants.
        now: when that was.
        pending: claims that must come true and have not yet.
        kinds: for each part a number for what it is but for keys and instants.
    """

    ground: Ground
    under: Under
    snapshot: Snapshot
    now: Interval
    pending: Pending
    kinds: tuple[int, ...]

    def belief(self) -> Explanation:
        """The explanation."""
        return self.ground.explanation(self, self.now)


class Ground:
    """A declaration with its claims, as far as explanations enter the lane.

    Attributes:
        kinds: of parts.
        each: for each place, whether keys tell the instances of the part apart.
    """

    def __init__(self, declaration: Declaration, claims: Claims) -> None:
        self._declaration = declaration
        self._params = range(len(declaration.system.parameters))
        self._open = not any(
            isinstance(node, Clock | Stamp | FieldRef)
            for watched in claims.by_number
            for expr in (watched.claim.formula, watched.claim.premise)
            if expr is not None
            for node in walk(expr)
        )
        self._unders: dict[Box, Under] = {}
        self._dated: dict[tuple[int, str, int], bool] = {}
        self.each = tuple(start is not None for start in declaration.initial)
        self.kinds = Kinds(self.each, KNOWN)

    def enter(self, one: Explanation) -> Exact | None:
        """The explanation in the lane; None where something of it is not known."""
        declaration = self._declaration
        if not self._open or one.open or any(part is None for part in one.parts):
            return None
        under = self.under(one.box)
        if not under.several.isdisjoint(declaration.timers.params | declaration.loose):
            return None
        for place, _, held in instances(one):
            if UNKNOWN in held.values:
                return None
            if not is_known(held.since) and declaration.dated(place, held.state, held.spent):
                return None
        parts = tuple(
            self._instance(place, part)
            if isinstance(part, Held)
            else frozen_instances({key: self._instance(place, held) for key, held in part.items()})
            for place, part in enumerate(tidied(declaration, one).parts)
        )
        snapshot = under.engine.snapshot(one.now[0], parts)
        return Exact(self, under, snapshot, one.now, one.pending, self.kinds.of(parts))

    def under(self, box: Box) -> Under:
        found = self._unders.get(box)
        if found is None:
            several = frozenset(place for place, values in enumerate(box) if len(values) > 1)
            if len(self._unders) >= KNOWN:
                self._unders.clear()
            found = self._unders[box] = Under(box, self._declaration.engine(box, self._params), several)
        return found

    def _instance(self, place: int, held: Held) -> Any:
        since = -FAR if held.since == ANY else held.since[0]
        return new(type(self._declaration.first(place)), (held.state, since, held.spent, *held.values))

    def explanation(self, exact: Exact, now: Interval) -> Explanation:
        """What is known in the lane, written down as explanations are."""
        parts = tuple(
            {key: self._held(place, instance) for key, instance in part.items()}
            if self.each[place]
            else self._held(place, part)
            for place, part in enumerate(exact.snapshot.parts)
        )
        return Explanation(parts, now, exact.under.box, frozenset(), exact.pending)

    def _held(self, place: int, instance: Any) -> Held:
        state, since, spent, *values = instance
        kind = (place, state, spent)
        dated = self._dated.get(kind)
        if dated is None:
            dated = self._dated[kind] = self._declaration.dated(place, state, spent)
        return Held(state, spent, tuple(values), (since, since) if dated else ANY)


def placed(exact: Exact, under: Under) -> Exact:
    """The same under other values of parameters: of such that timers do not read."""
    _, now, due, parts = exact.snapshot
    return exact._replace(under=under, snapshot=new(Snapshot, (under.engine.layout, now, due, parts)))
