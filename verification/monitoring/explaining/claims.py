"""Claims held against explanations: `always`, `each_step` and `within`, those of the system and those of its machines.

What nobody knows of a part breaks no claim that reads it. What a claim means is said in `fsm.semantics`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.composition import inherited
from fsm.language.expressions import Expr, Param
from fsm.language.leaves import ForEach, Happens
from fsm.language.parts import Each, Part
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Snapshot, Taken, initial_instance
from fsm.language.traversal import walk
from fsm.runtime.compiled_claims import compile_state_formula
from fsm.runtime.compiled_expressions import Closure
from fsm.semantics.evaluation import fold
from fsm.semantics.satisfaction import Seen, holds_of_step, read_state, seen_step
from fsm.semantics.simplification import with_values
from fsm.semantics.stopwatch import bounded_responses
from fsm.verification.monitoring.declared.boxes import Box, pieces
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import parts_read
from fsm.verification.monitoring.declared.slicing import variables_in
from fsm.verification.monitoring.declared.timers import length_under
from fsm.verification.monitoring.declared.watchable import why_not
from fsm.verification.monitoring.declared.worth import BOTH, Worth, may_be, must_be, worth
from fsm.verification.monitoring.explaining.explanation import Explanation, instances
from fsm.verification.monitoring.explaining.run import Broken, Run
from fsm.verification.monitoring.explaining.snapshots import AT, event_of, snapshot_of
from fsm.verification.monitoring.relaxed.state import relaxed_leaf

__all__ = ["Claims", "Watched", "read_instances"]


COMPILED = 4_096
"""So many claims about states are kept compiled, each under values of its parameters."""

Step = tuple[type, Mapping[str, Any], tuple[int, Hashable] | None]
"""An event and its fields, and the place and key of the instance to which time sent it."""


Hidden = int | tuple[int, int]
"""What of an explanation nobody knows: a part by its place, a variable by its place and the place of its part."""


@attrs.frozen(eq=False)
class Watched:
    """A claim that is watched.

    Attributes:
        part: whose machine says it of each of its instances; None where the system does.
        reads: places of the parts that it looks at.
        slots: places and variables that it looks at.
        params: places of the parameters that it reads.
    """

    number: int
    claim: Property
    part: Part | None
    reads: frozenset[int]
    slots: frozenset[tuple[int, int]]
    params: tuple[int, ...]

    def known(self, hidden: frozenset[Hidden]) -> bool:
        """Whether everything is known that the claim looks at."""
        return not hidden or (self.reads.isdisjoint(hidden) and self.slots.isdisjoint(hidden))


class Claims:
    """The claims of a declaration that a monitor follows.

    Attributes:
        by_number: each by its number.
        responses: those of what must come true in time.
    """

    def __init__(self, declaration: Declaration, *, alone: bool) -> None:
        self._declaration = declaration
        system = declaration.system
        said: list[tuple[Property, Part | None]] = [
            (claim, None) for claim in system.properties if claim.modality is not Modality.WITHIN
        ]
        if not alone:
            said += [(claim, None) for part in system.parts for claim in inherited(part)]
        said += bounded_responses(system.properties, () if alone else system.parts)
        self.by_number = tuple(
            self._watched(number, claim, part)
            for number, (claim, part) in enumerate(one for one in said if why_not(one[0], declaration.profile) is None)
        )
        self._steps = tuple(one for one in self.by_number if one.claim.modality is Modality.EACH_STEP)
        self._states = tuple(one for one in self.by_number if one.claim.modality is Modality.ALWAYS)
        self._about: dict[tuple[type, int | None], tuple[Watched, ...]] = {}
        self._compiled: dict[Any, Closure] = {}
        self.responses = tuple(one for one in self.by_number if one.claim.modality is Modality.WITHIN)

    def _watched(self, number: int, claim: Property, part: Part | None) -> Watched:
        system = self._declaration.system
        nodes = [
            node for expr in (claim.formula, claim.premise, claim.duration) if expr is not None for node in walk(expr)
        ]
        names = {part.name} if part is not None else {name for node in nodes for name in parts_read(node)}
        names |= {node.part.name for node in nodes if isinstance(node, ForEach)}
        params = {node.name for node in nodes if isinstance(node, Param)}
        variables = {
            id(one) for expr in (claim.formula, claim.premise) if expr is not None for one in variables_in(expr)
        }
        reads = frozenset(place for place, one in enumerate(system.parts) if one.name in names)
        slots = [
            (place, slot)
            for place in reads
            for slot, one in enumerate(system.parts[place].machine.variables)
            if id(one) in variables
        ]
        places = tuple(place for place, one in enumerate(system.parameters) if one.name in params)
        return Watched(number, claim, part, reads, frozenset(slots), places)

    @property
    def numbers(self) -> range:
        return range(len(self.by_number))

    def reads(self, number: int) -> frozenset[int]:
        """The places of the parts that a claim looks at."""
        return self.by_number[number].reads

    # What is left of an explanation

    def start(self, run: Run, one: Explanation) -> list[Explanation]:
        """The first explanation, with what must come true from its beginning."""
        return self._looked(run, one, one, None)

    def seen(self, run: Run, one: Explanation) -> list[Explanation]:
        """What is left as somebody looked: nothing where what must always hold does not."""
        return self._looked(run, one, one, None)

    def after(
        self,
        run: Run,
        before: Explanation,
        after: Explanation,
        event: type | None,
        payload: Mapping[str, Any],
        sender: tuple[int, Hashable] | None = None,
    ) -> list[Explanation]:
        """What a step leaves, where it breaks no claim; nothing where it breaks one under every value that is left.

        Args:
            event: None where a timer lapsed, which is no step.
            sender: the place and key of the instance to which time sent it.
        """
        step: Step | None = None if event is None else (event, payload, sender)
        return [made for one in self.waited(run, after) for made in self._looked(run, before, one, step)]

    def waited(self, run: Run, one: Explanation) -> list[Explanation]:
        """What is left as time has passed: nothing where what must come true is overdue."""
        for number, _, since in one.pending:
            if number not in run.suspended and one.now[0] > since[1] + self.longest(number, one):
                run.note(Broken(number, self.by_number[number].claim))
                return []
        return [one]

    def longest(self, number: int, one: Explanation) -> int:
        """How long (milliseconds) what must come true may take at most, under the values of parameters that are left."""
        watched = self.by_number[number]
        duration = watched.claim.duration
        assert duration is not None
        return max(
            length_under(duration, self._declaration.under(box).params) for box in pieces(one.box, watched.params)
        )

    def _looked(self, run: Run, before: Explanation, after: Explanation, step: Step | None) -> list[Explanation]:
        """Nothing where a claim is broken under every value of the parameters that are left."""
        if run.supposing:
            return [self._awaited(run, after)]
        position = _Position(self, self._declaration, before, after, step)
        hidden = _hidden(before) | _hidden(after)
        for watched in (*self._states, *(self._asked(step) if step is not None else ())):
            if watched.number not in run.suspended and self._breaks(watched, position, after, hidden):
                run.note(Broken(watched.number, watched.claim))
                return []
        return [self._awaited(run, after)]

    def _breaks(self, watched: Watched, position: _Position, one: Explanation, hidden: frozenset[Hidden]) -> bool:
        """Whether a claim does not hold, under whatever values are left and whoever else may be there."""
        boxes = pieces(one.box, watched.params)
        if watched.known(hidden):
            return not any(position.satisfies(watched, box) for box in boxes)
        if watched.claim.modality is not Modality.ALWAYS or watched.reads.isdisjoint(one.open):
            return False
        leaves = (relaxed_leaf(self._declaration, attrs.evolve(one, box=box), {}) for box in boxes)
        return not any(may_be(worth(watched.claim.formula, leaf), True) for leaf in leaves)

    def _asked(self, step: Step) -> tuple[Watched, ...]:
        """The claims about steps that such a step can break."""
        event, _, sender = step
        place = None if sender is None else sender[0]
        found = self._about.get((event, place))
        if found is None:
            happens = self._happening(event, place)
            found = tuple(one for one in self._steps if not must_be(worth(one.claim.formula, _leaf(happens)), True))
            self._about[event, place] = found
        return found

    def _happening(self, event: type, place: int | None) -> frozenset[type]:
        """Everything that may be said to happen in a step on an event."""
        declaration = self._declaration
        footprint = declaration.footprints[event] if place is None else declaration.sent[place, event]
        return frozenset((event, *(action for _, action in footprint.actions)))

    def state_formula(self, watched: Watched, box: Box) -> Closure:
        """A claim about states, compiled under the values of the parameters that it reads."""
        key = (watched.number, tuple(box[place][0] for place in watched.params))
        found = self._compiled.get(key)
        if found is None:
            if len(self._compiled) >= COMPILED:
                self._compiled.clear()
            valued = self._declaration.under(box)
            found = compile_state_formula(valued.system, with_values(watched.claim.formula, valued.params))
            self._compiled[key] = found
        return found

    def holds_now(self, number: int, one: Explanation) -> bool:
        """Whether a claim that was broken holds again, so that it is looked at from now on."""
        watched = self.by_number[number]
        if watched.claim.modality is not Modality.ALWAYS:
            return True
        position = _Position(self, self._declaration, one, one, None)
        return not self._breaks(watched, position, one, _hidden(one))

    # What must come true

    def _awaited(self, run: Run, one: Explanation) -> Explanation:
        pending = one.pending
        hidden = _hidden(one) if self.responses else frozenset()
        for watched in self.responses:
            if watched.number in run.suspended or not watched.known(hidden):
                pending = tuple(each for each in pending if each[0] != watched.number)
                continue
            engine = self._declaration.under(one.box)
            waiting = {key: since for number, key, since in pending if number == watched.number}
            now = snapshot_of(self._declaration, self._declaration.layout, one, {})
            kept = []
            for key, read in read_instances(engine, watched, now, waiting):
                assert watched.claim.premise is not None
                if not fold(watched.claim.formula, read) and (key in waiting or fold(watched.claim.premise, read)):
                    kept.append((watched.number, key, waiting.get(key, one.now)))
            pending = (*(each for each in pending if each[0] != watched.number), *kept)
        return one if pending == one.pending else attrs.evolve(one, pending=pending)


def _hidden(one: Explanation) -> frozenset[Hidden]:
    """What of an explanation nobody knows."""
    found: set[Hidden] = set(one.open)
    found.update(place for place, part in enumerate(one.parts) if part is None)
    for place, _, held in instances(one):
        if UNKNOWN in held.values:
            found.update((place, slot) for slot, value in enumerate(held.values) if value is UNKNOWN)
    return frozenset(found)


def _leaf(happens: frozenset[type]) -> Any:
    """What leaves of a claim may be worth in a step of which it is known what happens."""

    def read(node: Expr[Any]) -> Worth:
        if isinstance(node, Happens):
            return BOTH if happens.intersection(node.events) else frozenset((False,))
        if isinstance(node, ForEach) and must_be(worth(node.formula, read), True):
            return frozenset((True,))
        return None

    return read


class _Position:
    """A step of a run, or where it came to, as claims see it; looked up once for all of them."""

    def __init__(
        self, claims: Claims, declaration: Declaration, before: Explanation, after: Explanation, step: Step | None
    ) -> None:
        self._claims, self._declaration, self._before, self._step = claims, declaration, before, step
        self._now = snapshot_of(declaration, declaration.layout, after, {})
        self._seen: dict[Box, Seen] = {}

    def satisfies(self, watched: Watched, box: Box) -> bool:
        if self._step is None or watched.claim.modality is Modality.ALWAYS:
            return bool(self._claims.state_formula(watched, box)(self._now.parts, None, AT, None))
        valued = self._declaration.under(box)
        box = tuple(values[:1] for values in box)
        seen = self._seen.get(box)
        if seen is None:
            seen = self._seen[box] = seen_step(valued, self._taken(self._step), {})
        return holds_of_step(valued, watched.claim.formula, seen)

    def _taken(self, step: Step) -> Taken:
        event, payload, sender = step
        was = snapshot_of(self._declaration, self._declaration.layout, self._before, {})
        if sender is None:
            return Taken(AT, event_of(event, payload), None, None, was, self._now, ())
        return Taken(AT, event, self._declaration.parts[sender[0]].name, sender[1], was, self._now, ())


def read_instances(
    engine: Any, watched: Watched, now: Snapshot, waiting: Mapping[Hashable, Any]
) -> Iterator[tuple[Hashable, Any]]:
    """What a claim reads of each instance of which it speaks, and of those that are waited for and not there."""
    part = watched.part
    if part is None:
        yield None, read_state(engine, now, now.now, {}, None)
        return
    held = dict(now[part.name]) if isinstance(part, Each) else {None: now[part.name]}
    absent = initial_instance(part.machine, now.now)
    for key in dict.fromkeys((*held, *waiting)):
        yield key, read_state(engine, now, now.now, {}, (part, key, held.get(key, absent)))
