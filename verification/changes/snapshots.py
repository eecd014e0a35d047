"""What a migration of stored snapshots has to say: what an older snapshot names that is not there any more, and what a newer one must have.

A snapshot names its declaration by fingerprint; where that is another one it is refused until a migration brings it over
(`fsm.storage.migration`). What is told here is where such a migration has a choice to make; it is not checked that the
choices keep what must always hold, which is checked of every snapshot when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from fsm.canonical.fingerprint import fingerprint
from fsm.language.composition import as_system
from fsm.language.domains import Domain, Enumeration, Integers, Opaque
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.printing import label, value_in_words
from fsm.language.system import System

__all__ = ["SnapshotChange", "snapshot_changes"]

NOTHING: Mapping[str, str] = MappingProxyType({})


@attrs.frozen
class SnapshotChange:
    """What became of the form of snapshots.

    Attributes:
        source, target: the fingerprints of both declarations; a migration leads from one to the other.
        lines: what it has to say, in words; none where the parts of every snapshot stay as they are.
    """

    source: str
    target: str
    lines: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether stored snapshots are refused without one."""
        return self.source != self.target


def snapshot_changes(
    old: Machine | System,
    new: Machine | System,
    renamed: Mapping[str, str] = NOTHING,
    under: Machine | System | None = None,
) -> SnapshotChange:
    """What a migration from one declaration to another has to say.

    Args:
        renamed: what is called otherwise since then.
        under: the older one under the new names.
    """
    before, after = as_system(old), as_system(new)
    called = [f"{name} is called {now} now" for name, now in renamed.items()]
    lines = _lines(before if under is None else as_system(under), after)
    return SnapshotChange(fingerprint(before), fingerprint(after), (*called, *lines))


def _lines(old: System, new: System) -> Iterator[str]:
    known, wanted = ({part.name: part for part in system.parts} for system in (old, new))
    yield from (f"part {name} is gone" for name in known if name not in wanted)
    yield from (f"part {name} is new" for name in wanted if name not in known)
    for name in known:
        if name in wanted:
            yield from (f"{name}: {line}" for line in _of_part(known[name], wanted[name]))
    mine, theirs = ({one.name: one.domain for one in system.parameters} for system in (old, new))
    yield from (f"parameter {name} is gone" for name in mine if name not in theirs)
    yield from (f"parameter {name} is new" for name in theirs if name not in mine)
    yield from (
        f"parameter {name}: {line}" for name in mine if name in theirs for line in _domains(mine[name], theirs[name])
    )


def _of_part(old: Part, new: Part) -> Iterator[str]:
    if isinstance(old, Each) is not isinstance(new, Each):
        yield "there was one instance and there are any number now" if isinstance(new, Each) else "there were any number of instances and there is one now"  # fmt: skip
    before, after = old.machine, new.machine
    states, others = ([state.name for state in machine.states] for machine in (before, after))
    yield from (f"state {name} is gone: say where its instances are now" for name in states if name not in others)
    yield from (f"state {name} is new" for name in others if name not in states)
    if before.initial.name != after.initial.name:
        yield f"it begins in {after.initial.name}, and no more in {before.initial.name}"
    mine, theirs = ({one.name: one for one in machine.variables} for machine in (before, after))
    yield from (f"variable {name} is gone" for name in mine if name not in theirs)
    yield from (
        f"variable {name} is new, {one.domain}: say its value; a new instance has {value_in_words(one.initial)}"
        for name, one in theirs.items()
        if name not in mine
    )
    for name, one in mine.items():
        if name in theirs:
            yield from (f"variable {name}: {line}" for line in _domains(one.domain, theirs[name].domain))
    yield from _of_timers(before, after)


def _of_timers(old: Machine, new: Machine) -> Iterator[str]:
    """The timers of each state; `spent` lists those that fired, by their events."""
    before, after = _timers(old), _timers(new)
    for state in before:
        if state in after and before[state] != after[state]:
            gone = [name for name in before[state] if name not in after[state]]
            added = [name for name in after[state] if name not in before[state]]
            yield from (f"state {state}: timer {_timer(name)} is gone" for name in gone)
            yield from (
                f"state {state}: timer {_timer(name)} is new: where it is due by now it has fired" for name in added
            )
            if not gone and not added:
                yield f"state {state}: its timers have another order"


def _timers(machine: Machine) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {
        state.name: [(label(line.event), str(line.duration)) for line in machine.timers(state)]
        for state in machine.states
    }


def _timer(timer: tuple[str, str]) -> str:
    return f"{timer[0]} after {timer[1]}"


def _domains(old: Domain, new: Domain) -> Iterator[str]:
    match old, new:
        case Enumeration(members=members), Enumeration(members=others):
            names, now = ([one.name.lower() for one in kind] for kind in (members, others))
            yield from (f"value {name} is gone" for name in names if name not in now)
            yield from (f"value {name} is new" for name in now if name not in names)
        case Integers(), Integers() if old != new:
            yield f"it was {old}, and is {new}" + ("" if _holds(new, old) else ": say what becomes of other values")
        case Opaque(), Opaque():
            if _name(old) != _name(new):
                yield f"its type was {_name(old)}, and is {_name(new)}"
        case _ if type(old) is not type(new):
            yield f"it was {old}, and is {new}"


def _name(domain: Opaque) -> str:
    return str(getattr(domain.type, "__name__", domain.type))


def _holds(outer: Integers, inner: Integers) -> bool:
    low = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    return low and (outer.high is None or (inner.high is not None and inner.high <= outer.high))
