"""A monitor over a table of records, and over a stream of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fsm.errors import BadArgument
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.spark.dealing import CLOCK, VERDICTS, Job, row_of
from fsm.spark.java import ROCKS
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import MappingData, mapping_of, parsed

__all__ = ["monitor", "monitor_stream"]

ROWS = 10_000
"""So many judgements are handed over at once."""


def monitor(
    records: Any,
    target: Machine | System,
    mapping: str | Mapping[str, Any],
    *,
    order: str,
    record: str | None = None,
    source: str | None = None,
    position: str | None = None,
    buckets: int | None = None,
    **options: Any,
) -> Any:
    """Judgements of a table of records, a row for each: machine, source, at, position, verdict, what, kind, name, why, told.

    Args:
        records: a DataFrame.
        target: what was declared.
        mapping: what the records mean, as `fsm monitor --mapping` reads it: TOML, or what that says as a dict.
        order: the column by which the records of a machine stand in their order.
        record: the column with the text of each, JSON; left out, the columns themselves are the record.
        source: the column with the name of the file, by which a mapping with several sources tells them apart.
        position: the column that says where a record stands; left out, that of the order.
        buckets: machines are dealt to so many; four times the cores, unless given.
        options: of the monitor: profile, parameters, explanations, memory, budget, ids, waiting.

    Raises:
        BadObservation: what of the mapping does not fit the declaration.
        BadArgument: the column of records holds no texts. A record that cannot be read, of whatever type its columns are, is
            inconclusive and ends nothing.
    """
    many = buckets or 4 * records.sparkSession.sparkContext.defaultParallelism
    job = _job(target, mapping, options, many)
    dealt = _dealt(records, job, order, record, source, position)
    placed = dealt.repartition(many, "bucket").sortWithinPartitions("bucket", "order")
    return placed.mapInArrow(lambda batches: _judged(job, batches), VERDICTS)


def monitor_stream(
    records: Any,
    target: Machine | System,
    mapping: str | Mapping[str, Any],
    *,
    order: str,
    delay: str = "1 hour",
    record: str | None = None,
    source: str | None = None,
    position: str | None = None,
    buckets: int | None = None,
    **options: Any,
) -> Any:
    """Judgements of a stream of records, as a stream of rows like those of `monitor`.

    What is known of each machine is the state of the stream: a job that was killed goes on from its checkpoint, and loses and
    doubles no judgement where its sink does neither. What waits for older records is read when the watermark has passed it.

    Args:
        records: a streaming DataFrame.
        order: the column by which records of a machine stand in their order, where several come at once.
        delay: how long what waits for older records waits, by the instants of the youngest ones. No record is dropped: of one that
            comes later still the monitor says so.
        buckets: machines are dealt to so many; as many as Spark shuffles into, unless given. It stays the same for a checkpoint.
        mapping, record, source, position, options: as of `monitor`.

    Raises:
        BadObservation: what of the mapping does not fit the declaration.
        BadArgument: the session keeps its state elsewhere than in RocksDB, or the column of records holds no texts.
    """
    from fsm.spark.state import Watching

    conf = records.sparkSession.conf
    check_state_store(conf)
    many = buckets or int(conf.get("spark.sql.shuffle.partitions"))
    job = _job(target, mapping, options, many)
    timed = _dealt(records, job, order, record, source, position, clocks=True).withWatermark("time", delay)
    return timed.groupBy("bucket").transformWithState(Watching(job), VERDICTS, "Append", "EventTime")


def check_state_store(conf: Any) -> None:
    """Raise BadArgument unless the session keeps its state in RocksDB."""
    kept = conf.get("spark.sql.streaming.stateStore.providerClass", "")
    if kept != ROCKS:
        raise BadArgument(
            "spark.sql.streaming.stateStore.providerClass", f"is {kept or 'not set'}", f"Set it to {ROCKS}."
        )


def _job(target: Machine | System, mapping: str | Mapping[str, Any], options: dict[str, Any], buckets: int) -> Job:
    data: MappingData = parsed(mapping, form="toml") if isinstance(mapping, str) else mapping_of(dict(mapping))
    bound(data, target, **options)  # what does not fit is told here, and not by every task
    return Job.of(target, data, options, buckets)


def _dealt(
    records: Any,
    job: Job,
    order: str,
    record: str | None,
    source: str | None,
    position: str | None,
    *,
    clocks: bool = False,
) -> Any:
    """The records with their buckets: bucket, time, order, position, source, record.

    Args:
        clocks: there are rows beside that say how late it is, in a bucket of their own; those of records do not, since Spark drops
            what is older than its watermark.
    """
    from pyspark.sql import functions as f

    if record is not None and (kind := records.schema[record].dataType.simpleString()) not in ("string", "binary"):
        raise BadArgument(
            "record",
            f"{record!r} is a column of {kind}, and not of texts",
            "Leave out record=: the columns are the record.",
        )
    kept = [name for name in records.columns if name not in (source, position)]
    told = records.select(
        f.col(order).alias("order"),
        f.col(position or order).cast("string").alias("position"),
        (f.lit(None) if source is None else f.col(source)).cast("string").alias("source"),
        (f.to_json(f.struct(*kept)) if record is None else f.col(record).cast("string")).cast("binary").alias("record"),
    )
    kind = told.schema["order"].dataType.simpleString()
    form = f"bucket int, time timestamp, `order` {kind}, position string, source string, record string"
    return told.mapInArrow(lambda batches: _with_buckets(job, batches, clocks=clocks), form)


def _with_buckets(job: Job, batches: Iterator[Any], *, clocks: bool) -> Iterator[Any]:
    """In a task: each record once for each bucket that it speaks to."""
    import pyarrow as pa

    reading = job.begin()
    for batch in batches:
        rows: list[int] = []
        buckets: list[int] = []
        latest: int | None = None
        records = _texts(batch.column("record"))
        texts, sources, positions = (one.to_pylist() for one in (records, *map(batch.column, ("source", "position"))))
        for row, (text, source, position) in enumerate(zip(texts, sources, positions, strict=True)):
            found, at = reading.dealt(text or "", source, position or "")
            rows += [row] * len(found)
            buckets += found
            latest = at if latest is None or (at is not None and at > latest) else latest
        instants: list[int | None] = [None] * len(rows)
        if clocks and latest is not None:
            rows, buckets, instants = [*rows, 0], [*buckets, CLOCK], [*instants, latest * 1_000]
        taken = batch.take(pa.array(rows, pa.int64()))
        yield pa.RecordBatch.from_arrays(
            [
                pa.array(buckets, pa.int32()),
                pa.array(instants, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
                *(taken.column(name) for name in ("order", "position", "source")),
                records.take(pa.array(rows, pa.int64())),
            ],
            names=["bucket", "time", "order", "position", "source", "record"],
        )


def _texts(records: Any) -> Any:
    """Bytes as texts; what is no UTF-8 in them is replaced, so that a record is told and ends no job."""
    import pyarrow as pa

    try:
        return records.cast(pa.string())
    except pa.ArrowInvalid:
        several = records.to_pylist()
        return pa.array([one if one is None else one.decode("utf-8", "replace") for one in several], pa.string())


def _judged(job: Job, batches: Iterator[Any]) -> Iterator[Any]:
    """In a task: the records of some buckets, one bucket after the other."""
    reading = job.begin()
    here: int | None = None
    watch = reading.monitor.watch()
    rows: list[tuple[Any, ...]] = []
    for batch in batches:
        names = ("bucket", "record", "source", "position")
        for bucket, text, source, position in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
            if bucket != here:
                rows += map(row_of, watch.end())
                here, watch = bucket, reading.monitor.watch()
            rows += map(row_of, reading.judged(watch, bucket, text or "", source, position or ""))
            if len(rows) >= ROWS:
                yield as_batch(rows, VERDICTS)
                rows = []
    rows += map(row_of, watch.end())
    yield as_batch(rows, VERDICTS)


def as_batch(rows: list[tuple[Any, ...]], form: str) -> Any:
    """Rows for Spark, by columns."""
    import pyarrow as pa

    names = [(field.split()[0], field.split()[1]) for field in form.split(", ")]
    kinds = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32()}
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    arrays = [pa.array(column, kinds[kind]) for column, (_, kind) in zip(columns, names, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=[name for name, _ in names])
