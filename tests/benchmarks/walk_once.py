"""A process that walks through every snapshot of the published model and prints what that took.

python walk_once.py SLOTS HOW        HOW is `step`, `packed` or `named`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from fsm import as_system
from fsm.command.invocation.target import resolve
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import explore

MODEL = Path(__file__).parents[1] / "verification" / "published.py"


def main() -> None:
    slots, how = int(sys.argv[1]), sys.argv[2]
    desk = as_system(resolve(f"{MODEL}:DESK"))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = (
        enumerate_snapshots(desk, {"slots": slots})
        if how == "step"
        else explore(desk, {"slots": slots}, keys=slots, named=how == "named")
    )
    seconds = time.process_time() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kilobytes
    print(
        json.dumps(
            {
                "snapshots": found.snapshots,
                "complete": found.complete,
                "seconds": seconds,
                "whole": time.process_time(),
                "bytes_each": 1024 * grown / found.snapshots,
            }
        )
    )


main()
