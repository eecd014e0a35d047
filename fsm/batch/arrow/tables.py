"""Snapshots, events and outcomes as Arrow tables, in and out, column by column. It needs pyarrow.

States and members of enumerations are dictionaries of their names, instants and integers int64.
What comes in is distrusted: a column that is missing, of another type or with a value that is not declared is refused by its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fsm.batch.batch import Batch
from fsm.batch.events import NO_EVENT, Events, outside
from fsm.batch.layout import Array, PartPlaces
from fsm.batch.result import Outcome, Result
from fsm.batch.snapshots import Snapshots, check_instants
from fsm.errors import BadEvent, BadInput, BadInstant, NotAsDeclared
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.printing import label
from fsm.language.values.brief import brief

__all__ = ["effects_to_arrow", "events_from_arrow", "instants_from_arrow", "outcomes_to_arrow", "snapshots_from_arrow", "snapshots_to_arrow"]  # fmt: skip

Table = Any


# Out


def snapshots_to_arrow(snapshots: Snapshots) -> Table:
    """A table with a row for each lane and a column for each of `snapshots.names`."""
    states = {part.state: part for part in snapshots.layout.parts}
    columns = [
        _names(column, [state.name for state in states[place].machine.states])
        if place in states
        else _out(snapshots.layout.domains[place], column)
        for place, column in enumerate(snapshots.columns)
    ]
    return pa.table(dict(zip(snapshots.names, columns, strict=True)))


def outcomes_to_arrow(outcomes: Array) -> Table:
    """What became of each lane or record, as a dictionary of names: `taken`, `refused`, ..."""
    return _names(outcomes, [one.name.lower() for one in Outcome])


def effects_to_arrow(result: Result) -> Table:
    """What was emitted, in the order in which each lane emitted it: `lane`, `effect`, and a column `Effect.field` for each field."""
    tables = []
    for one in sorted(result.emissions, key=lambda emission: emission.order):
        columns = {"lane": pa.array(one.lanes, pa.int64())}
        columns["effect"] = pa.repeat(label(one.effect), one.lanes.size)
        for name, value in one.values.items():
            spread = value if isinstance(value, np.ndarray) and value.shape else _spread(value, one.lanes.size)
            columns[f"{one.effect.__name__}.{name}"] = _out(one.domains[name], spread)
        tables.append(pa.table(columns))
    if not tables:
        return pa.table({"lane": pa.array([], pa.int64()), "effect": pa.array([], pa.string())})
    return pa.concat_tables(tables, promote_options="default").unify_dictionaries()


def _spread(value: Any, many: int) -> Array:
    """One value for all lanes, as a column."""
    if isinstance(value, bool | int):
        return np.full(many, value)
    held = np.empty(many, dtype=np.object_)
    held.fill(value)
    return held


def _out(domain: Domain | None, column: Array) -> Any:
    if isinstance(domain, Enumeration):
        return _names(column, [member.name for member in domain.members])
    return pa.array(column)


def _names(codes: Array, names: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names, pa.string()))


# In


def snapshots_from_arrow(batch: Batch, table: Table) -> Snapshots:
    """Snapshots from a table as `snapshots_to_arrow` writes it; other columns are not looked at.

    What must always hold of a snapshot is not looked at: of what a stranger stored, `fsm.storage.load` does.

    Raises:
        NotAsDeclared: a column that is missing, of another type, with nulls, or with a value that is not declared.
        BeyondBatch: an instant further away than a batch reckons with.
    """
    layout = batch.layout
    states = {part.state: part for part in layout.parts}
    spent = {part.spent: part for part in layout.parts if part.spent is not None}
    columns = []
    for place, (name, dtype) in enumerate(zip(layout.names, layout.dtypes(), strict=True)):
        values = _taken(table, name)
        if place in states:
            held, absent = _codes(name, values, [state.name for state in states[place].machine.states])
        elif place in spent:
            held, absent = _column(name, Integers(0, (1 << spent[place].bits) - 1), values)
        else:
            domain = layout.domains[place]
            assert domain is not None
            held, absent = _column(name, domain, values)
        if np.count_nonzero(absent):
            lane = int(absent.argmax())
            raise NotAsDeclared(name, f"row {lane} has {brief(values[lane].as_py())}, which is not declared")
        columns.append(held.astype(dtype, copy=False))
    made = Snapshots(batch.engine, layout, tuple(columns))
    for place in (0, *(part.since for part in layout.parts)):
        check_instants(layout.names[place], made.columns[place])
    for part in layout.parts:
        _check_part(part, made)
    return made


def _check_part(part: PartPlaces, snapshots: Snapshots) -> None:
    """An instance that cannot be: entered after now, or with a timer fired that its state does not have."""
    columns = snapshots.columns
    late = columns[part.since] > columns[0]
    if np.count_nonzero(late):
        raise NotAsDeclared(f"{part.name}.since", f"row {int(late.argmax())} entered its state after now")
    if part.spent is not None:
        timers = np.array(
            [(1 << len(part.machine.timers(state))) - 1 for state in part.machine.states], dtype=np.uint16
        )
        strange = columns[part.spent] & ~timers.take(columns[part.state])
        if np.count_nonzero(strange):
            raise NotAsDeclared(
                f"{part.name}.spent", f"row {int((strange != 0).argmax())} has a timer fired that its state has not"
            )


def events_from_arrow(batch: Batch, table: Table, *, event: str = "event") -> Events:
    """Events from a table: a column with their names, null where none comes, and one for each field.

    Names are those of the classes, `OfferChat`, or as messages write them, `offer_chat`. A field's column is called as the field,
    or `OfferChat.contact` where events that share the name mean another one; a null is no value: the field is left out.

    Raises:
        BadEvent: a name that is no event's, a column of another type, a field that is read and has no column.
    """
    system = batch.engine.system
    given = _taken(table, event, BadEvent)
    names = [kind.__name__ for kind in system.events]
    kinds, absent = _codes(event, given, names, BadEvent)
    other, missing = _codes(event, given, [label(kind) for kind in system.events], BadEvent)
    unknown = absent & missing & ~_mask(pc.is_null(given))
    if np.count_nonzero(unknown):
        strange = given[int(unknown.argmax())].as_py()
        raise BadEvent(event, f"{brief(strange)} is no event of {system.name}", f"Its events: {', '.join(names)}.")
    kinds = np.where(absent, np.where(missing, NO_EVENT, other), kinds)
    fields: dict[str, Any] = {}
    for kind in system.events:
        for name, ref in field_refs(kind).items():
            own = f"{kind.__name__}.{name}"
            column = own if own in table.column_names else name
            unread = isinstance(ref.domain, Opaque) and name not in batch.needed[kind]
            if column in table.column_names and not unread:
                told = _taken(table, column)
                values, without = _column(column, ref.domain, told, BadEvent, bounded=False)
                null = _mask(pc.is_null(told))
                strange = without & ~null  # a name that no member has: of no domain, and not left out
                fields[own] = np.ma.MaskedArray(np.where(strange, -1, values) if strange.any() else values, mask=null)
    return Events.of(system, batch.needed, kinds, fields)


def instants_from_arrow(table: Table, at: str = "at") -> Array:
    """A column of instants: integers are milliseconds, timestamps are counted from 1970.

    Raises:
        BadInstant: a column that is none of both, or has nulls.
    """
    values = _taken(table, at, BadInstant)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("ms", tz=values.type.tz), safe=False).cast(pa.int64())
    if not pa.types.is_integer(values.type) or values.null_count:
        raise BadInstant(at, f"a column of {values.type} with {values.null_count:,} nulls is no column of instants")
    held: Array = values.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return held


def _taken(table: Table, name: str, error: type[BadInput] = NotAsDeclared) -> Any:
    if name not in table.column_names:
        raise error(name, "there is no such column", f"There are {', '.join(table.column_names)}.")
    column = table.column(name)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _mask(array: Any) -> Array:
    held: Array = array.to_numpy(zero_copy_only=False)
    return held.astype(np.bool_)


def _codes(where: str, values: Any, names: list[str], error: type[BadInput] = NotAsDeclared) -> tuple[Array, Array]:
    """The places of names, and where there is none that is known."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise error(where, f"a column of {values.type} has no names")
    plain = pc.cast(values, pa.string())
    found = pc.index_in(plain, value_set=pa.array(names, pa.string()))
    return pc.fill_null(found, 0).to_numpy(zero_copy_only=False), _mask(pc.is_null(found))


def _column(
    where: str, domain: Domain, values: Any, error: type[BadInput] = NotAsDeclared, *, bounded: bool = True
) -> tuple[Array, Array]:
    """Values as a column has them, and where there is none of the domain.

    Args:
        bounded: whether the limits of integers are looked at.
    """
    absent = _mask(pc.is_null(values))
    match domain:
        case Enumeration(members=members):
            return _codes(where, values, [member.name for member in members], error)
        case Booleans():
            if not (pa.types.is_boolean(values.type) or pa.types.is_null(values.type)):
                raise error(where, f"a column of {values.type} is not {domain}")
            return _mask(pc.fill_null(values.cast(pa.bool_()), False)), absent
        case Integers():
            if not (pa.types.is_integer(values.type) or pa.types.is_null(values.type)) or pa.types.is_uint64(
                values.type
            ):
                raise error(where, f"a column of {values.type} is not {domain}", "int64 holds integers of a batch.")
            held = pc.fill_null(values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
            wrong = outside(domain, held, None) if bounded else None
            absent = absent if wrong is None else absent | wrong
            return held, absent
        case Opaque():
            objects = np.empty(len(values), dtype=np.object_)
            whole = (
                pc.fill_null(values, 0) if pa.types.is_integer(values.type) else values
            )  # with nulls they would be floats
            objects[:] = whole.to_numpy(zero_copy_only=False)
            return objects, absent if not bounded else np.zeros(len(values), dtype=np.bool_)
