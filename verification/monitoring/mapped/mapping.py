"""A mapping, written as data: what the columns of records mean to a declaration, and what each source is worth.

    declaration = "door.py:DOOR"

    [[source]]
    key = "door"
    at = "time"
    shows = { open = "always" }

    [[source.record]]
    when = { type = "opened" }
    event = "open"
    fields = { person = "who" }

It is TOML or JSON, of one form. `docs/how-to/monitoring.md` shows its words. Here it becomes data; what its names mean in
a declaration is looked up in `fsm.verification.monitoring.mapped.binding`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import attrs

from fsm.errors import BadObservation, BadSnapshot
from fsm.strict_json import Limits, parse
from fsm.verification.monitoring.mapped.table import Table

__all__ = [
    "CLOCKS",
    "FORMATS",
    "Column",
    "EventForm",
    "MappingData",
    "PartForm",
    "RecordForm",
    "SourceForm",
    "mapping_of",
    "parsed",
]

CLOCKS = ("iso", "s", "ms", "us", "ns")
"""How an instant is written: ISO 8601, or a number of these since 1970."""

FORMATS = ("jsonl", "csv")

SHOWS = ("always", "sometimes", "never")

DEEPEST = 64
LARGEST = 1 << 20

WITHIN = Limits(characters=LARGEST, depth=DEEPEST)


@attrs.frozen
class Column:
    """Where a value stands in a record, and what its texts mean.

    Attributes:
        path: names one inside the other, with dots; numbers are places in lists; empty for the whole.
        values: what is written for it, by what stands there.
        constant: the value itself, where it stands in no column.
    """

    path: str
    values: Mapping[str, Any] = attrs.field(factory=dict)
    constant: Any = None


@attrs.frozen
class EventForm:
    """An event in a record: which, and its fields.

    Attributes:
        name: where its name stands; a constant where records of this form are of one event.
        fields: by name.
        inside: where fields of the same names stand, beside those that are named; None for nowhere.
    """

    name: Column
    fields: Mapping[str, Column]
    inside: str | None


@attrs.frozen
class PartForm:
    """What a record shows of a part.

    Attributes:
        each: where the list of instances stands; None where the record shows one instance.
        complete: every instance there is stands in the list.
        key: where its key stands.
        state: where its state stands; None where the record does not show it.
        variables: by name.
        since: where it stands since when it is in its state.
        at_latest: it was entered then, or before.
    """

    each: str | None
    complete: bool
    key: Column | None
    state: Column | None
    variables: Mapping[str, Column]
    since: Column | None
    at_latest: bool


@attrs.frozen
class RecordForm:
    """Records of one kind.

    Attributes:
        when: columns and what stands in them in records of this form.
        lost: a record of this form says that records before it were lost.
    """

    when: Mapping[str, tuple[Any, ...]]
    event: EventForm | None
    before: Mapping[str, PartForm]
    state: Mapping[str, PartForm]
    parameters: Mapping[str, Column]
    lost: bool


@attrs.frozen
class SourceForm:
    """A source: its records, and what they are worth.

    Attributes:
        files: patterns of names; empty for all.
        format: one of FORMATS, or the name of an adapter; None to go by a file's name.
        ignore: records that say nothing: columns and what stands in them.
        extra: what an adapter reads beside.
    """

    name: str
    files: tuple[str, ...]
    format: str | None
    at: Column | None
    clock: str | None
    key: Column | None
    id: Column | None
    number: Column | None
    tolerance: int | None
    disorder: int | None
    heartbeat: int | None
    doubles: bool | None
    shows: Mapping[str, str]
    ignore: tuple[Mapping[str, tuple[Any, ...]], ...]
    records: tuple[RecordForm, ...]


@attrs.frozen
class MappingData:
    """A whole mapping.

    Attributes:
        declaration: the target; None where the caller names it.
        begins: when every machine starts, milliseconds or ISO 8601.
    """

    sources: tuple[SourceForm, ...]
    declaration: str | None = None
    profile: str | None = None
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    late: bool = False
    begins: int | str | None = None


def parsed(text: str, *, form: str) -> MappingData:
    """A mapping from its text.

    Args:
        form: `toml` or `json`.

    Raises:
        BadObservation: what is wrong with it, and where.
    """
    if len(text) > LARGEST:
        raise BadObservation("mapping", f"has {len(text)} characters; at most {LARGEST} are read")
    try:
        tree = tomllib.loads(text) if form == "toml" else parse(text, WITHIN)
    except BadSnapshot as wrong:
        raise BadObservation("mapping", f"is no JSON that can be read in one way only: {wrong}") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise BadObservation("mapping", f"is not TOML: {wrong}") from wrong
    except RecursionError as deep:
        raise BadObservation("mapping", "is nested too deep") from deep
    return mapping_of(tree)


def mapping_of(tree: Any) -> MappingData:
    """A mapping from its data.

    Raises:
        BadObservation: what is wrong with it, and where.
    """
    return _mapping(Table("mapping", tree))


def _mapping(table: Table) -> MappingData:
    sources = tuple(_source(one, place) for place, one in enumerate(table.tables("source")))
    if not sources:
        table.wrong("source", "is missing", "Write [[source]].")
    parameters = table.table("parameters")
    begins = table.get("begins")
    if begins is not None and type(begins) not in (int, str):
        begins = str(begins)  # an instant of TOML's own
    made = MappingData(
        sources,
        table.text("declaration"),
        table.text("profile"),
        {} if parameters is None else parameters.values,
        bool(table.truth("late", False)),
        begins,
    )
    table.ended()
    return made


def _source(table: Table, place: int) -> SourceForm:
    shows = table.table("shows")
    made = SourceForm(
        table.text("name", "log" if place == 0 else f"log-{place + 1}") or "log",
        table.texts("files"),
        table.text("format"),
        _column(table, "at"),
        table.text("clock", among=CLOCKS),
        _column(table, "key"),
        _column(table, "id"),
        _column(table, "number"),
        table.number("tolerance"),
        table.number("disorder"),
        table.number("heartbeat"),
        table.truth("doubles"),
        {}
        if shows is None
        else {name: shows.text(name, "sometimes", among=SHOWS) or "sometimes" for name in shows.values},
        tuple(_when(one) for one in table.tables("ignore")),
        _records(table),
    )
    table.ended()
    return made


def _records(table: Table) -> tuple[RecordForm, ...]:
    """The forms of its records; a source with one form may write it without a table of its own."""
    several = tuple(_record(one) for one in table.tables("record"))
    own = {"event", "fields", "inside", "state", "before", "parameters", "lost"}
    if any(table.has(name) for name in own):
        if several:
            table.wrong("record", "stands beside an event or a state of the source itself", "Write one of them.")
        return (_record(table, alone=True),)
    return several


def _record(table: Table, *, alone: bool = False) -> RecordForm:
    when = None if alone else table.table("when")
    name = _column(table, "event", constant=True)
    fields = table.table("fields")
    event = None
    if name is not None:
        columns = {} if fields is None else _columns(fields)
        event = EventForm(name, columns, table.text("inside"))
    elif fields is not None:
        table.wrong("fields", "stand without an event")
    parameters = table.table("parameters")
    made = RecordForm(
        {} if when is None else _when(when),
        event,
        _parts(table, "before"),
        _parts(table, "state"),
        {} if parameters is None else _columns(parameters),
        bool(table.truth("lost", False)),
    )
    if not alone:
        table.ended()
    return made


def _when(table: Table) -> Mapping[str, tuple[Any, ...]]:
    return {name: tuple(value) if isinstance(value := table.get(name), list) else (value,) for name in table.values}


def _parts(table: Table, name: str) -> Mapping[str, PartForm]:
    parts = table.table(name)
    if parts is None:
        return {}
    found = {}
    for part in parts.values:
        if isinstance(parts.values[part], str):
            found[part] = PartForm(None, False, None, _column(parts, part), {}, None, False)
        else:
            inner = parts.table(part)
            if inner is None:
                parts.wrong(part, "is empty", "Write a column, or a table of columns.")
            found[part] = _part(inner)
    return found


def _part(table: Table) -> PartForm:
    variables = table.table("variables")
    states = table.table("states")
    state = _column(table, "state")
    if states is not None:
        if state is None:
            table.wrong("states", "stand without a state")
        assert state is not None
        state = attrs.evolve(state, values=states.values)
    each = table.text("each")
    made = PartForm(
        each,
        bool(table.truth("complete", each is not None)),
        _column(table, "key"),
        state,
        {} if variables is None else _columns(variables),
        _column(table, "since"),
        table.text("since_means", "entered", among=("entered", "at latest")) == "at latest",
    )
    table.ended()
    return made


def _columns(table: Table) -> Mapping[str, Column]:
    return {name: column for name in table.values if (column := _column(table, name)) is not None}


def _column(table: Table, name: str, *, constant: bool = False) -> Column | None:
    """A column by its path, or as a table: column and values, or a value."""
    value = table.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return Column("", {}, value) if constant else Column(value)
    inner = Table(f"{table.path}.{name}", value)
    if inner.has("value"):
        made = Column("", {}, inner.get("value"))
        if made.constant is None:
            inner.wrong("value", "is empty")
    else:
        path = inner.text("column")
        if path is None:
            inner.wrong("column", "is missing", "Write a column, or a value.")
        values = inner.table("values")
        assert path is not None
        made = Column(path, {} if values is None else values.values)
    inner.ended()
    return made
