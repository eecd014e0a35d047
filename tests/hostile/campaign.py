"""Every door, and how much of a campaign is spent on it."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from .batches import batches
from .certificates import folders, formulas
from .commands import lines, signals
from .documents import canonical, events, migrations, runs, snapshots
from .door import Door, Ending, Row
from .monitors import mappings, records, states_of_monitors
from .objects import floors, instants, objects

__all__ = ["DOORS", "MILLION", "table"]

MILLION = 1_000_000
DOORS = (
    Door("snapshots", 260_000, 1_500, snapshots),
    Door("events as JSON", 220_000, 1_500, events),
    Door("events in Python", 120_000, 800, objects),
    Door("instants and snapshots in Python", 60_000, 800, instants),
    Door("runs", 88_000, 600, runs),
    Door("migrations", 60_000, 500, migrations),
    Door("declarations", 10_000, 60, canonical),
    Door("floors", 50_000, 600, floors),
    Door("batches", 60_000, 400, batches),
    Door("records of a log", 3_000, 40, records),
    Door("states of monitors", 15_000, 300, states_of_monitors),
    Door("mappings", 4_000, 60, mappings),
    Door("formulas of certificates", 47_000, 1_500, formulas),
    Door("folders of certificates", 2_600, 15, folders),
    Door("command lines and files", 350, 12, lines, monotonic),
    Door("signals", 50, 2, signals, monotonic),
)


def table(rows: Sequence[Row]) -> list[str]:
    """What became of everything, in Markdown."""
    heads = ("door", "inputs", *(one.value for one in Ending), "slowest")
    lines_ = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        counts = [f"{row.counts[one]:,}" for one in Ending]
        lines_.append(f"| {row.name} | {row.inputs:,} | {' | '.join(counts)} | {row.slowest * 1_000:,.0f} ms |")
    counts = [f"{sum(row.counts[one] for row in rows):,}" for one in Ending]
    lines_.append(f"| all | {sum(row.inputs for row in rows):,} | {' | '.join(counts)} | |")
    return lines_
