"""Snapshots, events and outcomes of a batch as Arrow tables, in and out, without a loop over their rows. It needs pyarrow.

snapshots_to_arrow, snapshots_from_arrow      a row for each lane, a column for everything that a snapshot remembers
events_from_arrow, instants_from_arrow        what comes to each lane, and when
outcomes_to_arrow, effects_to_arrow           what became of each lane, and what it emitted
"""

from importlib.util import find_spec

if find_spec("pyarrow") is None:
    raise ImportError("fsm.batch.arrow needs pyarrow; install with: pip install 'verified-fsm[batch]' pyarrow")

from fsm.batch.arrow.tables import (
    effects_to_arrow,
    events_from_arrow,
    instants_from_arrow,
    outcomes_to_arrow,
    snapshots_from_arrow,
    snapshots_to_arrow,
)

__all__ = [
    "effects_to_arrow", "events_from_arrow", "instants_from_arrow", "outcomes_to_arrow", "snapshots_from_arrow", "snapshots_to_arrow",
]  # fmt: skip
