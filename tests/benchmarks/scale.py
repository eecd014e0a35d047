"""`make scale`: a log of many desks through one monitor in one process; what a record costs, what is kept of a desk, how large a state is.

python tests/benchmarks/scale.py [RECORDS [DESKS]]
"""

from __future__ import annotations

import json
import resource
import sys
import time

from shifts import MAPPING, shifts

from fsm import compile
from fsm.desk import DESK
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

__all__: list[str] = []


def main(records: int = 10_000_000, desks: int = 10_000) -> None:
    """All parameters are given. One record of a hundred contacts is wrong; each of these is told, and nothing else."""
    monitor, (source,) = bound(mapping_of(MAPPING), DESK, parameters=dict(compile(DESK).params), told=records)
    watch, planted, spent = monitor.watch(), 0, 0.0
    for number, (record, fault) in enumerate(shifts(desks, records, seed=1, faults=0.01)):
        line = json.dumps(record)
        begun = time.process_time()
        for seen in source.read(json.loads(line), str(number)):
            watch.feed(seen)
        spent += time.process_time() - begun
        planted += fault is not None
    report, begun = watch.report(), time.process_time()
    state = watch.state(WIDE)
    writing = time.process_time() - begun
    total, many = report.total(), len(watch.machines)
    assert total.violates + total.inconclusive == planted, report.told[:3]
    print(f"records                  {records:,}, of {many:,} desks")
    print(
        f"faults                   {planted:,} planted, {total.violates:,} violate, {total.inconclusive:,} inconclusive"
    )
    print(f"processor time a record  {spent / records * 1e6:.0f} us ({records / spent:,.0f} a second and core)")
    print(f"most memory              {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    print(
        f"state                    {len(state) / many:,.0f} bytes a desk, written in {writing / many * 1e6:.0f} us a desk"
    )


if __name__ == "__main__":
    from fsm.strict_json import Limits

    WIDE = Limits(characters=1 << 34, instances=100_000_000)
    main(*map(int, sys.argv[1:]))
