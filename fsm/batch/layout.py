"""Where everything that a snapshot remembers stands among the columns, and how a value stands in one.

Truth values are bool, members of an enumeration their place in it, integers and instants int64, carried data the objects
themselves. Spent timers are bits, as in an `Instance`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias

import attrs
import numpy as np

from fsm.errors import BeyondBatch, CannotBatch
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.machine import Machine
from fsm.language.parts import Each
from fsm.language.system import System
from fsm.language.values.brief import brief

__all__ = [
    "FAR",
    "Array",
    "Columns",
    "Layout",
    "PartPlaces",
    "as_array",
    "as_column",
    "coded",
    "decoded",
    "dtype_of",
    "span_of",
]

Array: TypeAlias = np.ndarray[Any, Any]
Columns: TypeAlias = tuple[Array, ...]

FAR = 2**61
"""Instants lie nearer to nought than this, so that no sum of one and a duration leaves int64."""
TIMERS = 12
"""So many timers of one state at most: which of them have fired is looked up in a table."""
INT64 = (-(2**63), 2**63 - 1)


@attrs.frozen(eq=False)
class PartPlaces:
    """Where a part's columns stand.

    Attributes:
        name: of the part.
        machine: whose instance it is.
        state, since: columns of its state, as a place among the machine's, and of the instant it was entered.
        spent: of the timers of this stay that have fired; None where the machine has none.
        variables: by name.
        bits: how many bits `spent` has.
    """

    name: str
    machine: Machine
    state: int
    since: int
    spent: int | None
    variables: dict[str, int]
    bits: int


@attrs.frozen(eq=False)
class Layout:
    """The columns of a system's snapshots.

    Attributes:
        parts: in order.
        names: of the columns, `now` first; those of a part begin with its name and a dot.
        domains: of the columns; None for those of states and of timers that have fired.
    """

    system: System
    parts: tuple[PartPlaces, ...]
    names: tuple[str, ...]
    domains: tuple[Domain | None, ...]

    @classmethod
    def of(cls, system: System) -> Layout:
        """Raises:
        CannotBatch: a part with many instances, or with more timers in a state than a table has room for.
        """
        names, domains, parts = ["now"], [Integers()], []  # type: tuple[list[str], list[Domain | None], list[PartPlaces]]

        def place(name: str, domain: Domain | None) -> int:
            names.append(name)
            domains.append(domain)
            return len(names) - 1

        for part in system.parts:
            if isinstance(part, Each):
                raise CannotBatch(
                    f"part {part.name}",
                    "has many instances, and a lane of a batch has room for one",
                    "Batch its machine alone, a lane for each instance, or run the system with Engine.step.",
                )
            machine = part.machine
            bits = max(len(machine.timers(state)) for state in machine.states)
            if bits > TIMERS:
                raise CannotBatch(f"part {part.name}", f"has a state with {bits} timers, and a batch {TIMERS} at most")
            state, since = place(f"{part.name}.state", None), place(f"{part.name}.since", Integers())
            spent = place(f"{part.name}.spent", None) if bits else None
            variables = {one.name: place(f"{part.name}.{one.name}", one.domain) for one in machine.variables}
            parts.append(PartPlaces(part.name, machine, state, since, spent, variables, bits))
        if len(set(names)) < len(names):
            raise CannotBatch(
                f"system {system.name}",
                f"two columns would be called {next(name for name in names if names.count(name) > 1)}",
                "Call a variable otherwise than state, since or spent.",
            )
        return cls(system, tuple(parts), tuple(names), tuple(domains))

    def dtypes(self) -> tuple[Any, ...]:
        """How each column is held."""
        found: list[Any] = [np.int64 if domain is None else dtype_of(domain) for domain in self.domains]
        for part in self.parts:
            found[part.state] = _smallest(len(part.machine.states))
            if part.spent is not None:
                found[part.spent] = np.uint16
        return tuple(found)


def _smallest(many: int) -> Any:
    return np.uint8 if many <= 256 else np.int32


def dtype_of(domain: Domain) -> Any:
    """How values of a domain are held in a column."""
    match domain:
        case Booleans():
            return np.bool_
        case Enumeration(members=members):
            return _smallest(len(members))
        case Integers():
            return np.int64
        case Opaque():
            return np.object_


def coded(domain: Domain, value: Any) -> Any:
    """A value as a column has it."""
    if isinstance(domain, Enumeration):
        return list(domain.members).index(value)
    return value


def decoded(domain: Domain, value: Any) -> Any:
    """What stands in a column, as a value."""
    match domain:
        case Booleans():
            return bool(value)
        case Enumeration(members=members):
            members_in_order: list[Enum] = list(members)
            return members_in_order[int(value)]
        case Integers():
            return int(value)
        case Opaque():
            return value


def span_of(domain: Integers) -> tuple[int, int] | None:
    """The least and the greatest value of a domain, where both fit into int64."""
    if domain.low is None or domain.high is None or domain.low < INT64[0] or domain.high > INT64[1]:
        return None
    return domain.low, domain.high


def as_array(values: Any) -> Array:
    """What somebody gives as a column: of a list whose values are of several kinds, one of objects, for numpy would make 1 of True among numbers."""
    if not isinstance(values, list | tuple):
        return np.asarray(values)
    kinds = {*map(type, values)}
    whole = all(kind is int or issubclass(kind, np.integer) for kind in kinds)
    alike = len(kinds) == 1 and kinds <= {bool, float, str, np.bool_}
    return np.asarray(values) if whole or alike else np.fromiter(values, dtype=np.object_, count=len(values))


def as_column(where: str, values: Any, dtype: Any) -> Array:
    """Values as a column of a kind.

    Raises:
        BeyondBatch: an integer that int64 cannot hold; it is never rounded.
    """
    if dtype is np.object_:
        held = np.empty(len(values), dtype=np.object_)
        held[:] = values
        return held
    array = np.asarray(values)
    if array.dtype == dtype:
        return array
    if array.dtype.kind == "f" and dtype is np.int64:  # what numpy makes of integers of which one is beyond int64
        array = np.array(values, dtype=np.object_)
    if array.dtype == np.object_ or (array.dtype == np.uint64 and dtype is np.int64):
        beyond = [one for one in array.tolist() if isinstance(one, int) and not INT64[0] <= one <= INT64[1]]
        if beyond:
            raise BeyondBatch(
                where, f"{brief(beyond[0])} is more than int64 holds", "Step what has such numbers with Engine.step."
            )
    return array.astype(dtype)
