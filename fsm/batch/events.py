"""Events of many machines: which one comes to each lane, and a column for each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from fsm.batch.expressions import Fields
from fsm.batch.layout import INT64, Array, as_array, as_column, decoded, dtype_of
from fsm.errors import BadEvent
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.leaves import NEEDED, FieldRef
from fsm.language.printing import label
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.runtime.inputs import exact_class

__all__ = ["NO_EVENT", "Events", "kind_of", "outside"]

NO_EVENT = -1
"""In a lane to which nothing comes, so that only time passes."""


@attrs.frozen(eq=False, repr=False)
class Events:
    """What comes to each lane: one event, or none.

    Attributes:
        kinds: places among the system's events; `NO_EVENT` where time alone passes.
        fields: by event class and field.
        unfit: lanes whose event has a field out of its domain, or none at all.
    """

    system: System = attrs.field(repr=False)
    kinds: Array
    fields: Fields
    unfit: Array | None

    def __len__(self) -> int:
        return int(self.kinds.size)

    @classmethod
    def of(cls, system: System, needed: Mapping[type, frozenset[str]], kinds: Any, given: Mapping[str, Any]) -> Events:
        """Events from columns.

        Args:
            needed: of each event the fields that something reads.
            kinds: places among the system's events, an array.
            given: a column for each field, by its name, or by `Event.field` where events that share the name mean another one.

        Raises:
            BadEvent: a place that is none of an event, a column of another kind or length, a field that is read and not given, a
                column that is no field of any event.
            BeyondBatch: an integer that int64 does not hold.
        """
        kinds = as_array(kinds)
        if not kinds.size:
            kinds = kinds.astype(np.intp)  # of nothing numpy makes floats
        if kinds.dtype.kind not in "iu" or kinds.ndim != 1:
            raise BadEvent("kinds", f"an array of {kinds.dtype} says of no lane which event comes", "Give places.")
        kinds = kinds.astype(np.intp, copy=False)
        strange = (kinds < NO_EVENT) | (kinds >= len(system.events))
        if np.count_nonzero(strange):
            wrong = kinds[strange][0]
            raise BadEvent("kinds", f"{wrong} is no place of an event", f"There are {len(system.events)}.")
        fields: dict[tuple[type, str], Array] = {}
        unfit: Array | None = None
        used: set[str] = set()
        for place, event in enumerate(system.events):
            refs = field_refs(event)
            if not refs:
                continue
            here = kinds == place
            comes = bool(np.count_nonzero(here))
            for name, ref in refs.items():
                own = f"{event.__name__}.{name}"
                column = own if own in given else name
                used |= {one for one in (own, name) if one in given}
                if not comes:
                    continue
                if column not in given:
                    if name not in needed[event]:
                        continue
                    if ref.default is NEEDED:
                        raise BadEvent(own, "is read and not given", f"Give a column {name}.")
                values, absent = _split(given[column]) if column in given else (_defaults(ref, kinds.size), None)
                array = _column(own, ref.domain, values, kinds.size)
                if absent is not None and ref.default is not NEEDED and np.count_nonzero(absent & here):
                    array, absent = _left_out(own, ref, array, absent), None
                fields[event, name] = array
                wrong_here = outside(ref.domain, array, absent)
                if wrong_here is not None:
                    wrong_here &= here
                    unfit = wrong_here if unfit is None else unfit | wrong_here
        unknown = sorted(set(given) - used)
        if unknown:
            raise BadEvent(unknown[0], f"no event of {system.name} has such a field")
        return cls(system, kinds, fields, unfit if unfit is not None and np.count_nonzero(unfit) else None)

    def event(self, lane: int) -> object | None:
        """The event of one lane as an object; None where none comes. A field that nothing reads and nobody gave has its default, or is None."""
        kind = int(self.kinds[lane])
        if kind == NO_EVENT:
            return None
        event = self.system.events[kind]
        values = {
            name: decoded(ref.domain, self.fields[event, name][lane]) if (event, name) in self.fields else None
            for name, ref in field_refs(event).items()
            if (event, name) in self.fields or ref.default is NEEDED
        }
        made: object = event(**values)
        return made

    def take(self, lanes: Any) -> Events:
        """Those of some lanes."""
        fields = {name: column[lanes] for name, column in self.fields.items()}
        unfit = None if self.unfit is None else self.unfit[lanes]
        return Events(self.system, self.kinds[lanes], fields, unfit)


def _defaults(ref: FieldRef[Any], lanes: int) -> list[Any]:
    """The column of a field that every lane leaves out."""
    value = ref.default
    if isinstance(ref.domain, Enumeration):
        value = [one is ref.default for one in ref.domain.members].index(True)
    return [value] * lanes


def _left_out(where: str, ref: FieldRef[Any], column: Array, absent: Array) -> Array:
    """The column of a field that some lanes leave out."""
    defaults = _column(where, ref.domain, _defaults(ref, column.size), column.size)
    made: Array = np.where(absent, defaults, column)
    return made


Absent = tuple[Any, Array | None]


def _split(given: Any) -> Absent:
    """Values, and where there are none; a masked array has both."""
    if isinstance(given, np.ma.MaskedArray):
        return given.data, np.ma.getmaskarray(given)
    return given, None


def _column(where: str, domain: Domain, values: Any, lanes: int) -> Array:
    array = values if isinstance(values, np.ndarray) else None
    if not isinstance(domain, Opaque):
        array = as_array(values)
        kinds = {Booleans: "b", Enumeration: "iu", Integers: "iuO"}[type(domain)]
        if array.dtype.kind not in kinds:
            raise BadEvent(where, f"a column of {array.dtype} is not {domain}")
        if array.dtype.kind == "O" and not all(type(one) is int for one in array.tolist()):
            raise BadEvent(where, f"a column of objects is not {domain}")
        if isinstance(domain, Enumeration):
            low_enough = array.size == 0 or (int(array.min()) >= 0 and int(array.max()) < 2**31)
            array = (
                array.astype(np.int64) if low_enough else np.clip(array.astype(object), -1, 2**31 - 1).astype(np.int64)
            )
    wanted = np.int64 if isinstance(domain, Enumeration) else dtype_of(domain)
    column = as_column(where, values if array is None else array, wanted)
    if column.shape != (lanes,):
        raise BadEvent(where, f"has {brief(column.shape)} values for {lanes:,} lanes")
    return column


def outside(domain: Domain, column: Array, absent: Array | None) -> Array | None:
    """Where a column's values are not of the domain; None where each is."""
    wrong: Array | None = None
    match domain:
        case Enumeration(members=members):
            wrong = (column < 0) | (column >= len(members))
        case Integers(low=low, high=high):
            if low is not None and low > INT64[0]:
                wrong = column < low
            if high is not None and high < INT64[1]:
                wrong = column > high if wrong is None else wrong | (column > high)
        case Opaque() if {*map(type, column.tolist())} != {exact_class(domain)}:
            fits = [domain.contains(one) for one in column.tolist()]
            wrong = None if all(fits) else ~np.array(fits, dtype=np.bool_)
    if absent is not None and np.count_nonzero(absent):
        wrong = absent.copy() if wrong is None else wrong | absent
    return wrong


def kind_of(system: System, event: type) -> int:
    """The place of an event class; BadEvent for one that callers do not send."""
    if event not in system.events:
        known = ", ".join(label(one) for one in system.events)
        raise BadEvent("event", f"{brief(event)} is no event that callers of {system.name} send", f"These are {known}.")
    return system.events.index(event)
