"""Snapshots of many machines: a column for everything that a snapshot remembers, a lane for each machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import numpy as np

from fsm.batch.layout import FAR, Array, Columns, Layout, as_column, coded, decoded
from fsm.errors import BadArgument, BeyondBatch
from fsm.language.snapshot import Instance, Snapshot, layout_of, revive_instance
from fsm.language.values.brief import brief
from fsm.runtime.engine import Engine

__all__ = ["Snapshots", "check_instants"]


@attrs.frozen(eq=False, repr=False)
class Snapshots:
    """Snapshots of one system, as columns. A value: nothing changes it.

    Attributes:
        engine: of whose system they are.
        columns: in the order of `names`; do not write to them.
    """

    engine: Engine
    layout: Layout = attrs.field(repr=False)
    columns: Columns

    def __len__(self) -> int:
        return int(self.columns[0].size)

    def __repr__(self) -> str:
        return f"<{len(self):,} snapshots of {self.engine.system.name}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns: `now`, then of each part `part.state`, `part.since`, `part.spent` where it has timers, and its variables."""
        return self.layout.names

    def column(self, name: str) -> Array:
        """A column by its name: states and members of enumerations as places, instants in milliseconds.

        Raises:
            BadArgument: there is no such column.
        """
        if name not in self.names:
            raise BadArgument("name", f"there is no column {brief(name)}", f"There are {', '.join(self.names)}.")
        return self.columns[self.names.index(name)]

    def __getitem__(self, lane: int) -> Snapshot:
        """The snapshot of one lane, as `Engine.step` takes it."""
        now = int(self.columns[0][lane])
        parts = []
        for part in self.layout.parts:
            values = [
                decoded(domain, self.columns[place][lane])
                for place in part.variables.values()
                if (domain := self.layout.domains[place]) is not None
            ]
            state = part.machine.states[int(self.columns[part.state][lane])].name
            spent = 0 if part.spent is None else int(self.columns[part.spent][lane])
            parts.append(
                revive_instance(layout_of(part.machine), (state, int(self.columns[part.since][lane]), spent, *values))
            )
        return self.engine.snapshot(now, tuple(parts))

    def __iter__(self) -> Iterator[Snapshot]:
        return (self[lane] for lane in range(len(self)))

    def take(self, lanes: Any) -> Snapshots:
        """Some of the lanes, by their places or by a mask."""
        return attrs.evolve(self, columns=tuple(column[lanes] for column in self.columns))

    def put(self, lanes: Any, others: Snapshots) -> Snapshots:
        """The same with other snapshots in some lanes."""
        columns = [column.copy() for column in self.columns]
        for column, other in zip(columns, others.columns, strict=True):
            column[lanes] = other
        return attrs.evolve(self, columns=tuple(columns))

    @classmethod
    def of(cls, engine: Engine, layout: Layout, snapshots: Iterable[Snapshot]) -> Snapshots:
        """Snapshots of the engine's system as columns.

        Raises:
            BadInput: one of another system; one with an instant or a number that a column does not hold.
        """
        held: list[list[Any]] = [[] for _ in layout.names]
        for snapshot in snapshots:
            engine.arguments.check_snapshot(snapshot)
            held[0].append(snapshot.now)
            for part, instance in zip(layout.parts, snapshot.parts, strict=True):
                assert isinstance(instance, Instance)
                held[part.state].append([state.name for state in part.machine.states].index(instance.state))
                held[part.since].append(instance.since)
                if part.spent is not None:
                    held[part.spent].append(instance.spent)
                for name, place in part.variables.items():
                    domain = layout.domains[place]
                    assert domain is not None
                    held[place].append(coded(domain, getattr(instance, name)))
        columns = tuple(
            as_column(name, values, dtype)
            for name, values, dtype in zip(layout.names, held, layout.dtypes(), strict=True)
        )
        for place in (0, *(part.since for part in layout.parts)):
            check_instants(layout.names[place], columns[place])
        return cls(engine, layout, columns)


def check_instants(where: str, instants: Array) -> None:
    """Raise BeyondBatch for one that lies too far away to be reckoned with in int64."""
    far = (instants <= -FAR) | (instants >= FAR)
    if np.count_nonzero(far):
        lane = int(far.argmax())
        raise BeyondBatch(
            where,
            f"{brief(int(instants[lane]))}, in lane {lane}, is further away than a batch reckons with (2**61 milliseconds)",
            "Step it with Engine.step.",
        )
