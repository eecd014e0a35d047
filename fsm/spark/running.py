"""Machines on Spark: commands that were sent, taken again; and machines that run in a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fsm.errors import BadArgument, BadInput, BadInstant
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.system import System
from fsm.spark.commands import ANSWERS, Machines, Runner
from fsm.spark.monitoring import as_batch, check_state_store

__all__ = ["replay", "run_stream"]

MACHINE, PLACE, AT, EVENT = KNOWN = ("__machine", "__place", "__at", "__event")
"""Columns beside those of fields."""

WHOLE = ("tinyint", "smallint", "int", "bigint")

OUTCOMES = "machine string, place bigint, at bigint, event string, outcome string, why string"


def replay(
    commands: Any,
    target: Machine | System,
    *,
    profile: Profile | None = None,
    key: str = "key",
    event: str = "event",
    at: str = "at",
    order: str | None = None,
    begins: int = 0,
    buckets: int | None = None,
) -> Any:
    """What became of each command of many machines: machine, place, at, event, outcome, why.

    `place` is the order's value. Each task steps its machines as columns (`fsm.batch`), or one by one where the declaration
    cannot be batched.

    Args:
        commands: a DataFrame with a column for each field beside those named here.
        key: the column that says which machine.
        event: the column with the name of the event.
        at: the column with the instant: an integer, milliseconds, or a timestamp.
        order: the column by which commands of a machine stand in their order, an integer; the instant, unless given, which says
            nothing of two that are equal.
        begins: the instant at which every machine starts.
        buckets: so many tasks; twice the cores, unless given.

    Raises:
        BadInput: the profile does not fit, or a column of instants or of the order is of another type. A command that is none, or has
            a field of another type, is `rejected` and ends nothing.
    """
    from pyspark.sql import functions as f

    machines = Machines.of(target, profile, begins)
    many = buckets or 2 * commands.sparkSession.sparkContext.defaultParallelism
    fields = [name for name in commands.columns if name not in (key, event, at, order)]
    told = commands.select(
        f.col(key).cast("string").alias(MACHINE),
        (_milliseconds(commands, at) if order is None else _whole(commands, order)).alias(PLACE),
        _milliseconds(commands, at).alias(AT),
        f.col(event).cast("string").alias(EVENT),
        *fields,
    )
    placed = told.repartition(many, MACHINE).sortWithinPartitions(PLACE)
    return placed.mapInArrow(lambda batches: _replayed(machines, batches), OUTCOMES)


def run_stream(
    commands: Any,
    target: Machine | System,
    *,
    profile: Profile | None = None,
    key: str = "key",
    event: str = "event",
    at: str = "at",
    delay: str = "10 seconds",
    begins: int | None = None,
) -> Any:
    """Machines that run in a stream: machine, at, answer, name, told; an answer for each command, event of time and effect.

    Each machine's snapshot is the stream's state. Commands that come together are taken in the order of their instants,
    those of one instant in that of their names; timers fire when the watermark passes their deadline, or when a later command comes. A command that is older than its machine is rejected.

    Args:
        commands: a streaming DataFrame with a column for each field beside those named here.
        at: the column with the instant: an integer, milliseconds, or a timestamp.
        delay: how long time waits for commands, by the instants of the youngest ones, before it moves a machine.
        begins: the instant at which every machine starts; that of its first command, unless given.

    Raises:
        BadInput: the profile does not fit, or the session keeps its state elsewhere than in RocksDB.
    """
    from pyspark.sql import functions as f

    from fsm.spark.running_state import Running

    check_state_store(commands.sparkSession.conf)
    machines = Machines.of(target, profile, begins)
    fields = [name for name in commands.columns if name not in (key, event, at)]
    told = commands.select(
        f.col(key).cast("string").alias("machine"),
        _milliseconds(commands, at).alias("at"),
        f.col(event).cast("string").alias("event"),
        (f.to_json(f.struct(*fields)) if fields else f.lit("{}")).alias("fields"),
    )
    form = "machine string, at bigint, event string, fields string, time timestamp"
    timed = told.mapInArrow(_with_clocks, form).withWatermark("time", delay)
    return timed.groupBy("machine").transformWithState(Running(machines), ANSWERS, "Append", "EventTime")


def _milliseconds(commands: Any, at: str) -> Any:
    """A column of instants: integers are milliseconds, timestamps are counted from 1970.

    Raises:
        BadInstant: a column of another type.
    """
    from pyspark.sql import functions as f

    kind = commands.schema[at].dataType.simpleString()
    if kind in ("timestamp", "timestamp_ntz"):
        return f.unix_millis(f.col(at).cast("timestamp"))
    if kind not in WHOLE:
        raise BadInstant(at, f"a column of {kind} is no column of instants")
    return f.col(at).cast("bigint")


def _whole(commands: Any, order: str) -> Any:
    """A column of whole numbers.

    Raises:
        BadArgument: a column of another type.
    """
    from pyspark.sql import functions as f

    kind = commands.schema[order].dataType.simpleString()
    if kind not in WHOLE:
        raise BadArgument("order", f"{order!r} is a column of {kind}, and not of whole numbers")
    return f.col(order).cast("bigint")


def _with_clocks(batches: Iterator[Any]) -> Iterator[Any]:
    """In a task: after some commands a row that says how late it is; it has no event. Spark drops no command that says no time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in batches:
        latest = pc.max(batch.column("at")).as_py()
        rows = pa.array([*range(batch.num_rows), *([] if latest is None else [None])], pa.int64())
        taken = batch.take(rows)
        time = pa.array([None] * batch.num_rows + ([] if latest is None else [latest * 1_000]), pa.int64())
        yield pa.RecordBatch.from_arrays(
            [*taken.columns, time.cast(pa.timestamp("us", tz="UTC"))], names=[*taken.schema.names, "time"]
        )


def _replayed(machines: Machines, batches: Iterator[Any]) -> Iterator[Any]:
    """In a task: all commands of its machines."""
    import pyarrow as pa

    from fsm.batch import Batch

    held = list(batches)
    if not held:
        return
    table = pa.Table.from_batches(held)
    runner = machines.begin()
    try:
        batch = Batch(runner.engine)
        told = _as_columns(batch, machines.begins or 0, table)
    except BadInput:  # it cannot be batched, or some command is none: one by one each is told by itself
        yield as_batch(list(_one_by_one(runner, table)), OUTCOMES)
        return
    yield from told.to_batches()


def _as_columns(batch: Any, begins: int, table: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    from fsm.batch import replay as taken_again
    from fsm.batch.arrow import events_from_arrow, instants_from_arrow, outcomes_to_arrow

    numbers = pc.dictionary_encode(table[MACHINE], null_encoding="encode").combine_chunks()
    places = (numbers.chunk(0) if isinstance(numbers, pa.ChunkedArray) else numbers).indices.to_numpy()
    instants = instants_from_arrow(table, AT)
    took = taken_again(batch, places, events_from_arrow(batch, table, event=EVENT), instants, begun=begins)
    why: list[str | None] = [None] * table.num_rows
    for record in took.astray.tolist():
        why[record] = str(took.why(record))
    return pa.table(
        {
            "machine": table[MACHINE],
            "place": table[PLACE],
            "at": pa.array(instants, pa.int64()),
            "event": table[EVENT],
            "outcome": outcomes_to_arrow(took.outcomes).cast(pa.string()),
            "why": pa.array(why, pa.string()),
        }
    )


def _one_by_one(runner: Runner, table: Any) -> Iterator[tuple[Any, ...]]:
    stored: dict[str | None, str | None] = {}
    for row in table.to_pylist():
        machine, at, name = row[MACHINE], row[AT], row[EVENT]
        fields = {one: value for one, value in row.items() if value is not None and one not in KNOWN}
        stored[machine], answers = runner.send(machine, stored.get(machine), at, name, json.dumps(fields, default=str))
        (_, _, outcome, _, why), *_ = [one for one in answers if one[2] not in ("timed", "effect")]
        yield machine, row[PLACE], at, name, outcome, why
