"""`make scale`: a log of many desks through one monitor in one process; what a record costs, what is kept of a desk, whether that grows.

python tests/benchmarks/scale.py [RECORDS [DESKS [known|unknown [words|json]]]]
"""

from __future__ import annotations

import json
import resource
import sys
import time

from shifts import MAPPING, shifts

from fsm import compile
from fsm.desk import DESK
from fsm.strict_json import Limits
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

__all__: list[str] = []

WIDE = Limits(characters=1 << 34, instances=100_000_000)


def main(records: int = 10_000_000, desks: int = 10_000, parameters: str = "known", form: str = "words") -> None:
    """One record of some hundred is wrong; each of these is told, and nothing else."""
    given = dict(compile(DESK).params) if parameters == "known" else {}
    monitor, (source,) = bound(mapping_of(MAPPING), DESK, parameters=given)
    watch, planted, spent, seen, sizes = monitor.watch(), 0, 0.0, 0, list[float]()
    steps = {records * part // 20 for part in range(1, 21)}
    for seen, (record, fault) in enumerate(shifts(desks, records, seed=1, faults=0.01), 1):
        line = json.dumps(record)
        begun = time.process_time()
        for one in source.read(json.loads(line), str(seen)):
            watch.feed(one)
        spent += time.process_time() - begun
        planted += fault is not None
        if seen in steps:
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            print(
                f"{seen:>12,} records, {spent / seen * 1e6:.0f} us each, {sizes[-1]:,.0f} MB",
                file=sys.stderr,
                flush=True,
            )
    total, many, memory = watch.report().total(), len(watch.machines), (sizes[len(sizes) // 2 - 1], sizes[-1])
    assert total.violates + total.inconclusive == planted, watch.report().told[:3]
    if form == "json":
        print(json.dumps({"records": seen, "machines": many, "seconds": spent, "memory": memory}))
        return
    begun = time.process_time()
    state = watch.state(WIDE)
    writing = time.process_time() - begun
    print(f"records                  {seen:,}, of {many:,} desks, parameters {parameters}")
    print(f"faults                   {planted:,}: {total.violates:,} violate, {total.inconclusive:,} inconclusive")
    print(
        f"processor time           {spent:,.0f} s, {spent / seen * 1e6:.0f} us a record, {seen / spent:,.0f} records a second"
    )
    print(
        f"most memory              {sizes[len(sizes) // 2 - 1]:,.0f} MB after half of them, {sizes[-1]:,.0f} MB after all"
    )
    print(
        f"state                    {len(state) / many:,.0f} bytes a desk, written in {writing / many * 1e6:.0f} us a desk"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
