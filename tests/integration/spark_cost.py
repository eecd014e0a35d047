"""What a record costs on Spark beside one process: run by hand, on a machine that does nothing else.

    python -m tests.integration.spark_cost 100000

Processor time of everything that was started, Java included, of twice as many records less that of as many: what begins and ends is left out.
Bars: at most twice the processor time of one process a record; two cores at least 1.6 times as quick as one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from fsm.spark import local, monitor
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.files import Unreadable, json_record
from fsm.verification.monitoring.mapped.mapping import parsed

from .lights import LIGHT, MAPPING, lines

__all__: list[str] = []

LIGHTS = 200


def texts(many: int) -> list[str]:
    return lines(-(-many // (3 * LIGHTS)), LIGHTS)


def alone(many: int) -> int:
    """As `fsm monitor` does it."""
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
    return len(records)


def on_spark(many: int, cores: int) -> int:
    """Into a table that nobody keeps; the seconds of the job alone are printed."""
    session = local(cores)
    records = texts(many)
    frame = session.createDataFrame(list(enumerate(records)), "n bigint, value string").repartition(cores).cache()
    frame.count()
    begun = time.monotonic()
    monitor(frame, LIGHT, MAPPING, order="n", record="value", told=0).write.format("noop").mode("overwrite").save()
    print(json.dumps({"records": len(records), "seconds": time.monotonic() - begun}))
    session.stop()
    return len(records)


def measured(how: str, many: int, cores: int = 1) -> tuple[float, dict[str, float]]:
    """Seconds of processor time of a process and all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "tests.integration.spark_cost", how, str(many), str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, json.loads(done.stdout or "{}")


def main(many: int) -> None:
    one = [measured("alone", size)[0] for size in (many, 2 * many)]
    spark = [measured("spark", size, cores) for size, cores in ((many, 2), (2 * many, 2), (2 * many, 1))]
    by_one, by_spark = (one[1] - one[0]) / many * 1e6, (spark[1][0] - spark[0][0]) / many * 1e6
    print(
        f"one process: {by_one:.1f} us of processor a record; Spark: {by_spark:.1f} us, {by_spark / by_one:.2f} times"
    )
    quick = spark[2][1]["seconds"] / spark[1][1]["seconds"]
    print(
        f"local[1] {spark[2][1]['seconds']:.1f} s, local[2] {spark[1][1]['seconds']:.1f} s: {quick:.2f} times as quick"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["alone", size, _]:
            alone(int(size))
        case ["spark", size, cores]:
            on_spark(int(size), int(cores))
        case [size]:
            main(int(size))
