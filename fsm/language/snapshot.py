"""What a system remembers between two events, and what a step gives back.

Snapshots are values: frozen, compared and hashed by content, picklable. They are tuples inside
because building one is on the hot path (69 ns for a tuple of four against 281 ns for a frozen
attrs object on the machine of the benchmarks); read them by name.

Everything here is data. Stepping is in `fsm.runtime.engine`, the JSON form in `fsm.storage.snapshots`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self, TypeVar

import attrs

from fsm.language.domains import Opaque
from fsm.language.events import event_in_words
from fsm.language.expressions import Var
from fsm.language.leaves import AnyMachine
from fsm.language.machine import Machine
from fsm.language.printing import key_in_words, value_in_words
from fsm.language.values.brief import brief
from fsm.notebook import Shown

__all__ = [
    "Instance",
    "Layout",
    "MachineLayout",
    "Snapshot",
    "Step",
    "Taken",
    "frozen_instances",
    "new",
    "taken_in_turn",
]

T = TypeVar("T", bound="tuple[Any, ...]")

VALUES = 3
"""Where the values of the variables begin in an instance: behind its state, since when, and what has fired."""

MANY = 10
"""So many instances of a part a message shows."""

new: Callable[[type[T], Iterable[Any]], T] = tuple.__new__
"""Makes named tuples on the hot path: in half the time of calling their class."""


@attrs.frozen(cache_hash=True)
class MachineLayout:
    """Where the values of an instance stand: its machine's name and variables in order."""

    name: str
    variables: tuple[str, ...]


@attrs.frozen(cache_hash=True)
class Layout:
    """What a snapshot is a snapshot of.

    Attributes:
        system: its name.
        fingerprint: of the declaration; snapshots of other declarations are refused.
        parts: names of the parts, in order.
        machines: the layout of each part's machine.
        profile: the value of every parameter, by name, as declared: under others its timers and its claims would mean something else.
    """

    system: str
    fingerprint: str
    parts: tuple[str, ...]
    machines: tuple[MachineLayout, ...]
    profile: tuple[tuple[str, Any], ...]

    def position(self, part: str) -> int:
        """Where a part stands; KeyError for an unknown name."""
        try:
            return self.parts.index(part)
        except ValueError:
            raise KeyError(f"{self.system} has no part {part!r}; it has {', '.join(self.parts)}") from None


class Instance(tuple[Any, ...]):
    """What one machine remembers: its state, since when, which timers of this stay have fired, its variables.

    Variables are read by name: `tile.channel`. `spent` has bit i set when the i-th timer of the
    state has fired.
    """

    __slots__ = ()
    layout: MachineLayout

    state: str = property(itemgetter(0))  # type: ignore[assignment]  # a property made in C, read as its value
    since: int = property(itemgetter(1))  # type: ignore[assignment]
    spent: int = property(itemgetter(2))  # type: ignore[assignment]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    else:  # it is asked only where there is no such attribute

        def __getattr__(self, name: str) -> NoReturn:
            known = ("state", "since", *self.layout.variables)
            near = [] if name.startswith("_") else get_close_matches(name, known, 1)
            told = f"Did you mean {near[0]}?" if near else f"It has {', '.join(known)}."
            raise AttributeError(f"{self.layout.name} remembers no {name!r}. {told}", name=name, obj=self)

    @property
    def variables(self) -> dict[str, Any]:
        """The values of the machine's variables by name."""
        return dict(zip(self.layout.variables, self[VALUES:], strict=True))

    def __reduce__(self) -> Any:
        return revive_instance, (self.layout, tuple(self))

    def __repr__(self) -> str:
        values = "".join(f", {name}={value_in_words(value)}" for name, value in self.variables.items())
        fired = f", spent={self.spent:b}" if self.spent else ""
        return f"{self.layout.name}({self.state} since {brief(self.since)}{fired}{values})"


@cache
def instance_class(layout: MachineLayout) -> type[Instance]:
    """The class of the instances of a machine: one for each layout in a process."""
    fields: dict[str, Any] = {name: property(itemgetter(place)) for place, name in enumerate(layout.variables, VALUES)}
    return type(layout.name, (Instance,), {"__slots__": (), "__module__": __name__, "layout": layout, **fields})


def revive_instance(layout: MachineLayout, values: tuple[Any, ...]) -> Instance:
    return tuple.__new__(instance_class(layout), values)


Instances = Mapping[Hashable, Instance]


def frozen_instances(instances: dict[Hashable, Instance]) -> Instances:
    """The instances of a part by key, read-only."""
    return MappingProxyType(instances)


if TYPE_CHECKING:

    class _Fields(tuple[Any, ...]):
        """For type checkers, to which `snapshot["agent"]` would be an index of a named tuple."""

        def __new__(
            cls, layout: Layout, now: int, due: int | None, parts: tuple[Instance | Instances, ...]
        ) -> Self: ...
        @property
        def layout(self) -> Layout: ...
        @property
        def now(self) -> int: ...
        @property
        def due(self) -> int | None: ...
        @property
        def parts(self) -> tuple[Instance | Instances, ...]: ...

else:

    class _Fields(NamedTuple):
        layout: Layout
        now: int
        due: int | None
        parts: tuple[Instance | Instances, ...]


class Snapshot(_Fields, Shown):
    """Everything a system remembers between two events.

    Attributes:
        layout: what it is a snapshot of.
        now: the instant of the last step or advance, milliseconds.
        due: the earliest instant at which time will send an event; None when no timer runs.
        parts: by position; read them by name: `snapshot["agent"].state`,
            `snapshot["tiles"]["c-1"].channel`.
    """

    __slots__ = ()

    def __getitem__(self, part: str) -> Any:  # type: ignore[override]  # by name is the only way that makes sense
        """The instance of a `one` part, or the read-only mapping from key to instance of an `each` part."""
        return self.parts[self.layout.position(part)]

    if not TYPE_CHECKING:  # it is asked only where there is no such attribute, which type checkers tell

        def __getattr__(self, name: str) -> NoReturn:
            told = f"Write snapshot[{name!r}]." if name in self.layout.parts else ""
            raise AttributeError(f"a snapshot has no attribute {name!r}. {told}".rstrip(), name=name, obj=self)

    def __hash__(self) -> int:
        kept = tuple(part if isinstance(part, Instance) else frozenset(part.items()) for part in self.parts)
        return hash((self.layout, self.now, kept))

    def __reduce__(self) -> Any:
        kept = tuple(part if isinstance(part, Instance) else dict(part) for part in self.parts)
        return revive_snapshot, (self.layout, self.now, self.due, kept)

    def __repr__(self) -> str:
        shown = [f"{name}={_shown(part)}" for name, part in zip(self.layout.parts, self.parts, strict=True)]
        return f"Snapshot({self.layout.system} at {brief(self.now)}: {', '.join(shown)})"


def _shown(part: Instance | Instances) -> str:
    """A part in a message: of many instances the first few."""
    if isinstance(part, Instance):
        return repr(part)
    keys = sorted(part, key=repr)
    told = [f"{brief(key)}: {part[key]!r}" for key in keys[:MANY]]
    return f"{{{', '.join([*told, *([f'{len(keys) - MANY} more'] if len(keys) > MANY else [])])}}}"


def revive_snapshot(layout: Layout, now: int, due: int | None, kept: tuple[Any, ...]) -> Snapshot:
    parts = tuple(part if isinstance(part, Instance) else frozen_instances(part) for part in kept)
    return Snapshot(layout, now, due, parts)


@attrs.frozen(repr=False)
class Taken:
    """One step: an event that a caller sent, one that time sent, or time alone that passed.

    Attributes:
        at: the instant, milliseconds.
        event: the event that a caller sent; of one that time sent, its class; None where time alone passed.
        part: the part that time moved, where time did; other parts wired to the event moved with it.
        key: the instance's key; None for a part made by `one`.
        before: the snapshot after the step before it; not compared, since its instant is that at which somebody last looked.
        after: the snapshot after it.
        effects: what was emitted.
    """

    at: int
    event: object | None
    part: str | None
    key: Hashable
    before: Snapshot = attrs.field(eq=False)
    after: Snapshot
    effects: tuple[object, ...]

    def __repr__(self) -> str:
        who = (
            ""
            if self.part is None
            else f" of {self.part if self.key is None else f'{self.part} {key_in_words(self.key)}'}"
        )
        return f"<{'time passes' if self.event is None else event_in_words(self.event)}{who} at {brief(self.at)}>"

    @property
    def given(self) -> object | None:
        """The event that a caller sent; None where time did."""
        return self.event if self.part is None else None

    @property
    def kind(self) -> type | None:
        """The class of the event, whoever sent it; None where time alone passed."""
        return self.event if isinstance(self.event, type) else None if self.event is None else type(self.event)


class Step(NamedTuple):
    """What a step gives: the snapshot after it, what the world should do, and what time did before.

    Attributes:
        after: the next snapshot.
        effects: in order, those of timers first.
        timed: the steps that time took up to the event's instant, in order.
    """

    after: Snapshot
    effects: tuple[object, ...]
    timed: tuple[Taken, ...] = ()


def taken_in_turn(before: Snapshot, event: object | None, at: int, step: Step) -> tuple[Taken, ...]:
    """What `Engine.step` gave, or `Engine.advance` where there is no event, one by one: what time took, then the rest."""
    last = step.timed[-1].after if step.timed else before
    if event is None and step.after.now == last.now:
        return step.timed
    own = step.effects[sum(len(one.effects) for one in step.timed) :]
    return (*step.timed, Taken(at, event, None, None, last, step.after, own))


def places(machine: AnyMachine) -> dict[Var[Any], int]:
    """Where each variable of a machine stands in its instances."""
    return {variable: place for place, variable in enumerate(machine.variables, VALUES)}


def readable_places(machine: AnyMachine) -> tuple[int, ...]:
    """Where the variables stand that conditions may read: all but carried data."""
    return tuple(place for variable, place in places(machine).items() if not isinstance(variable.domain, Opaque))


def layout_of(machine: Machine) -> MachineLayout:
    return MachineLayout(machine.name, tuple(variable.name for variable in machine.variables))


def initial_instance(machine: Machine, at: int) -> Instance:
    """The instance as it starts, entered at `at` (milliseconds)."""
    values = (machine.initial.name, at, 0, *(variable.initial for variable in machine.variables))
    return instance_class(layout_of(machine))(values)
