"""One machine of a watch, as a stored state has it: what waits, what was read."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Any

import attrs

from fsm.storage.misfit import Misfit, misfit
from fsm.storage.reading import Reader, read_integer, read_record
from fsm.verification.monitoring.arrival import ALIKE, Arrived, Lane, in_short
from fsm.verification.monitoring.explaining.explanation import Explanation
from fsm.verification.monitoring.judging import Setting, Trail
from fsm.verification.monitoring.preparing import SourceTrail
from fsm.verification.monitoring.stored.beliefs import Beliefs
from fsm.verification.monitoring.stored.records import Records
from fsm.verification.monitoring.stored.values import (
    ANY_VALUE,
    count,
    distinct,
    optional,
    read_text,
    read_truth,
    several,
    written_in,
)
from fsm.verification.monitoring.watched import Watched

__all__ = ["Machines"]

REASONS = 1_000
"""So many reasons why not everything was looked at are read."""


@attrs.frozen(eq=False)
class Machines:
    """How machines are written and read."""

    setting: Setting
    beliefs: Beliefs
    records: Records

    def write(self, key: Hashable, machine: Watched) -> dict[str, Any]:
        return {
            "key": ANY_VALUE.write(key),
            "lane": self._lane(machine.lane),
            "trail": self._trail(machine.trail),
            "lost": dict(machine.lost),
        }

    def _lane(self, lane: Lane) -> dict[str, Any]:
        waiting = [
            [*order, written_in(place, self.records.write, arrived.observation), arrived.repeated]
            for place, (order, arrived) in enumerate(lane.waiting)
        ]  # fmt: skip
        return {
            "waiting": waiting,
            "top": lane.top,
            "read": lane.read,
            "count": lane.count,
            "ids": {source: list(ids) for source, ids in lane.ids.items()},
            "numbers": {source: list(numbers) for source, numbers in lane.numbers.items()},
            "tops": dict(lane.tops),
            "cut": lane.cut,
            "alike": [one if isinstance(one, str) else in_short(one) for one in lane.alike or ()],
        }

    def _trail(self, trail: Trail) -> dict[str, Any]:
        beliefs = None if trail.beliefs is None else [self.beliefs.explanation(one) for one in trail.beliefs]
        same = trail.beliefs is not None and trail.base == trail.beliefs
        return {
            "beliefs": beliefs,
            "base": None if same else [self.beliefs.explanation(one) for one in trail.base],
            "items": [self.beliefs.item(one) for one in trail.items],
            "forgot": trail.forgot,
            "older": [self.beliefs.item(one) for one in trail.older],
            "overlooked": list(trail.overlooked),
            "suspended": sorted(trail.suspended),
            "sources": {name: [one.at, one.number, one.lost, sorted(one.tells)] for name, one in trail.sources.items()},
            "gaps": trail.gaps,
        }

    def read(self, tree: Any, room: int = 0) -> tuple[Hashable, Watched]:
        fields: dict[str, Reader] = {
            "key": ANY_VALUE.read,
            "lane": self._read_lane,
            "trail": self._read_trail,
            "lost": self._by_source(count),
        }
        key, lane, trail, lost = read_record(tree, fields)
        waiting = [
            (order, attrs.evolve(one, observation=attrs.evolve(one.observation, key=key)))
            for order, one in lane.waiting
        ]
        return key, Watched(attrs.evolve(lane, waiting=waiting), trail, lost)

    def _by_source(self, item: Reader) -> Reader:
        """An object by the names of sources."""
        sources = self.setting.declaration.sources

        def reader(tree: Any, room: int = 0) -> Any:
            if type(tree) is not dict:
                raise misfit(tree, "an object")
            made = {}
            for name, one in tree.items():
                if name not in sources:
                    raise Misfit(f"is no source: there are {', '.join(sources)}").inside(name)
                made[name] = written_in(name, item, one)
            return made

        return reader

    def _read_lane(self, tree: Any, room: int = 0) -> Lane:
        setting = self.setting
        fields: dict[str, Reader] = {
            "waiting": several(self._read_waiting, setting.buffer.waiting + 1),
            "top": optional(read_integer),
            "read": optional(read_integer),
            "count": count,
            "ids": self._by_source(distinct(read_text, setting.buffer.ids)),
            "numbers": self._by_source(several(read_integer, ALIKE)),
            "tops": self._by_source(read_integer),
            "cut": read_truth,
            "alike": several(read_text, ALIKE),
        }
        waiting, top, read, number, ids, numbers, tops, cut, alike = read_record(tree, fields)
        for place in range(1, len(waiting)):
            if waiting[place - 1][0] >= waiting[place][0]:
                raise Misfit("does not come after the one before it").inside(place).inside("waiting")
        return Lane(
            waiting,
            top,
            read,
            number,
            {name: OrderedDict.fromkeys(known) for name, known in ids.items()},
            {name: deque(known, maxlen=ALIKE) for name, known in numbers.items()},
            tops,
            cut,
            deque(alike, maxlen=ALIKE) if alike else None,
            bool(alike),
        )

    def _read_waiting(self, tree: Any, room: int = 0) -> tuple[tuple[int, int, int], Arrived]:
        if type(tree) is not list or len(tree) != 5:
            raise misfit(tree, "a list of five: an instant, two numbers, a record, whether it may be repeated")
        at, number, order = (written_in(place, read_integer, one) for place, one in enumerate(tree[:3]))
        observation = written_in(3, self.records.read, tree[3])
        return (at, number, order), Arrived(observation, written_in(4, read_truth, tree[4]))

    def _read_trail(self, tree: Any, room: int = 0) -> Trail:
        setting = self.setting
        several_beliefs = several(self.beliefs.read_explanation, setting.explanations)
        fields: dict[str, Reader] = {
            "beliefs": optional(several_beliefs),
            "base": optional(several_beliefs),
            "items": several(self.beliefs.read_item, setting.memory),
            "forgot": read_truth,
            "older": several(self.beliefs.read_item, setting.memory // 2),
            "overlooked": distinct(read_text, REASONS),
            "suspended": distinct(self._read_claim, len(setting.claims.by_number)),
            "sources": self._by_source(self._read_source),
            "gaps": read_truth,
        }
        beliefs, base, items, forgot, older, overlooked, suspended, sources, gaps = read_record(tree, fields)
        if older and not forgot:
            raise Misfit("holds observations, and nothing was forgotten").inside("older")
        if beliefs is not None and not beliefs:
            raise Misfit("holds no explanation: something explains what was seen").inside("beliefs")
        if base is None and beliefs is None:
            raise Misfit("is null, which says that it is as beliefs; there are none").inside("base")
        if base is not None and base == beliefs:
            raise Misfit("is the same as beliefs: null says so").inside("base")
        base = base if base is not None else list[Explanation](beliefs or ())
        return Trail(
            beliefs, base, items, forgot, older, dict.fromkeys(overlooked), frozenset(suspended), sources, gaps
        )

    def _read_claim(self, tree: Any, room: int = 0) -> int:
        number: int = count(tree)
        if number >= len(self.setting.claims.by_number):
            raise misfit(tree, "the number of a claim")
        return number

    def _read_source(self, tree: Any, room: int = 0) -> SourceTrail:
        if type(tree) is not list or len(tree) != 4:
            raise misfit(
                tree, "a list of four: an instant, a number, whether a record was lost, which parameters it tells"
            )
        at, number, lost, tells = tree
        return SourceTrail(
            written_in(0, optional(read_integer), at),
            written_in(1, optional(read_integer), number),
            written_in(2, read_truth, lost),
            frozenset(written_in(3, self._read_told, tells)),
        )

    def _read_told(self, tree: Any, room: int = 0) -> list[int]:
        """Places of parameters."""
        many = len(self.setting.declaration.system.parameters)
        found: list[int] = distinct(count, many)(tree)
        if any(place >= many for place in found):
            raise misfit(tree, f"places of {many} parameters")
        return found
