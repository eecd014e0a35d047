"""What a record costs on Spark beside one process: run by hand, on a machine that does nothing else.

    python -m tests.integration.spark_cost 100000

Processor time of a process and of everything below it, Java and its Python workers included, of twice as many records less that of as
many: what begins and ends is left out. Read from /proc while they still run, since Java outlives the session that started it.
Bars: at most twice the processor time of one process a record; two cores at least 1.6 times as quick as one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from fsm.spark import local, monitor
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.files import Unreadable, json_record
from fsm.verification.monitoring.mapped.mapping import parsed

from .lights import LIGHT, MAPPING, lines

__all__: list[str] = []

LIGHTS = 200


def texts(many: int) -> list[str]:
    return lines(-(-many // (3 * LIGHTS)), LIGHTS)


def spent() -> float:
    """Seconds of processor time of this process and of all below it, those that have ended included."""
    parents, ticks = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold spaces and brackets; then come state, parent, ..., utime, stime, cutime, cstime.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(map(int, fields[11:15]))
    below = {os.getpid()}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(ticks[number] for number in below) / os.sysconf("SC_CLK_TCK")


def told(many: int, begun: float) -> None:
    print(json.dumps({"records": many, "seconds": time.monotonic() - begun, "spent": spent()}))


def alone(many: int) -> None:
    """As `fsm monitor` does it."""
    begun = time.monotonic()
    watcher, (source,) = bound(parsed(MAPPING, form="toml"), LIGHT, told=0)
    watch = watcher.watch()
    records = texts(many)
    for number, text in enumerate(records):
        record = json_record(text)
        if isinstance(record, Unreadable):
            watch.unreadable("lights", str(number), str(record))
        else:
            for one in source.read(record, str(number)):
                watch.feed(one)
    watch.end()
    told(len(records), begun)


def on_spark(many: int, cores: int) -> None:
    """Into a table that nobody keeps; the seconds of the job alone are printed."""
    session = local(cores)
    records = texts(many)
    frame = session.createDataFrame(list(enumerate(records)), "n bigint, value string").repartition(cores).cache()
    frame.count()
    begun = time.monotonic()
    monitor(frame, LIGHT, MAPPING, order="n", record="value", told=0).write.format("noop").mode("overwrite").save()
    told(len(records), begun)
    session.stop()


def measured(how: str, many: int, cores: int = 1) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.integration.spark_cost", how, str(many), str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    measures: dict[str, float] = json.loads(done.stdout)
    return measures


def a_record(less: dict[str, float], more: dict[str, float]) -> float:
    """Microseconds of processor time."""
    return (more["spent"] - less["spent"]) / (more["records"] - less["records"]) * 1e6


def main(many: int) -> None:
    one = [measured("alone", size) for size in (many, 2 * many)]
    spark = [measured("spark", size, cores) for size, cores in ((many, 2), (2 * many, 2), (2 * many, 1))]
    by_one, by_spark = a_record(*one), a_record(*spark[:2])
    print(
        f"one process: {by_one:.1f} us of processor a record; Spark: {by_spark:.1f} us, {by_spark / by_one:.2f} times"
    )
    two, single = spark[1]["seconds"], spark[2]["seconds"]
    print(f"local[1] {single:.1f} s, local[2] {two:.1f} s: {single / two:.2f} times as quick")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["alone", size, _]:
            alone(int(size))
        case ["spark", size, cores]:
            on_spark(int(size), int(cores))
        case [size]:
            main(int(size))
