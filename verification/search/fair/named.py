"""A search that tells keys apart by their names: one that is followed, or each of a few.

Where one is followed, all others are taken for one another, so that everything is met as in the search below. Where the world has
so many names and no more, less is met: a run found there is one, and that none is found says nothing.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping
from typing import Any

from fsm.language.domains import Domain
from fsm.language.events import field_refs
from fsm.language.leaves import ForEach
from fsm.language.parts import Each
from fsm.language.snapshot import Snapshot
from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import holds_of_one
from fsm.verification.search.breadth_first import Kinds, Search
from fsm.verification.search.goal import Goal
from fsm.verification.search.samples import new_keys

__all__ = ["NamedSearch"]


class NamedSearch(Search):
    """One search by names.

    Args:
        of: the part of which one instance is followed, of which the goals then speak; None where they speak of all.
        world: how many names of keys there are; None for as many as are ever needed, told apart from the one that is followed alone.

    Attributes:
        followed: the key that is followed; None where none is.
        strangers: names that there are besides, which no run uses: what is owed to one of them is owed to everybody else.
    """

    def __init__(
        self, engine: Engine, goals: Mapping[str, Goal], budget: int, of: Each | None, world: int | None
    ) -> None:
        super().__init__(engine, goals, budget)
        self.of, self.world = of, world
        self.fields = {
            (event, name): (engine.system.part(parts[0]), field_refs(event)[name].domain, parts)
            for event, keyed in self._keyed.items()
            for name, parts in keyed.items()
        }
        named = [] if of is None else [one for one in self.fields.values() if of.name in one[2]]
        self.followed: Hashable = self._names(*named[0][:2], 1)[0] if named else None
        self.strangers = set() if world is None else {name for one in self.fields for name in self.names(*one)[world:]}
        if of is not None:
            self._tests = {name: self._of_one(of, goal.formula) for name, goal in goals.items()}

    def names(self, event: type, field: str) -> list[Hashable]:
        """The names that a field can have; where the world has an end, that of a stranger last."""
        part, domain, parts = self.fields[event, field]
        if self.world is not None:
            return self._names(part, domain, self.world + 1)
        return [self.followed] if self.of is not None and self.of.name in parts else []

    def _names(self, part: Any, domain: Domain, many: int) -> list[Hashable]:
        return new_keys(part.key, domain, set(), many)

    def _of_one(self, of: Each, formula: Any) -> Any:
        said = formula.formula if isinstance(formula, ForEach) else formula
        return lambda snapshot, tally: holds_of_one(self.engine, said, snapshot, of, self.followed)

    def _by_key(self, snapshot: Snapshot) -> Kinds:
        kinds = super()._by_key(snapshot)
        if self.world is not None:
            return {key: (key, kind) for key, kind in kinds.items()}
        return {key: (key, kind) if key == self.followed else kind for key, kind in kinds.items()}

    def _new_keys(self, part: Each, domain: Domain, used: Container[Hashable], many: int) -> list[Hashable]:
        if self.world is not None:
            return [name for name in self._names(part, domain, self.world + 1) if name not in used]
        return super()._new_keys(part, domain, used, many + (self.followed not in used))
