"""The historical fold: effects a second, beside the fold that one writes first.

Both are compared interval by interval before anything is measured.
"""

from __future__ import annotations

import attrs
import pytest
from history_by_hand import QUARTER, fold_by_hand
from report import PRODUCT, Measure, Report, Speed
from shift_effects import effects

from fsm.desk import Channel, Status
from fsm.desk.reports import fold
from fsm.desk.reports.historical import report as read

EFFECTS = effects(5_000)
CUTS = [EFFECTS[begin : begin + 1_000] for begin in range(0, len(EFFECTS), 1_000)]
TABLE = "historical metrics, 5,000 effects of one agent, no texts among them"
OURS = f"{PRODUCT}`fold`"
BY_HAND = "by hand, `match` and a counter; cannot be cut or merged"
MILLION = Speed(TABLE, OURS, 1_000_000, "the historical fold at least 1,000,000 effects a second on one core")


@pytest.fixture(scope="module", autouse=True)
def both_count_the_same() -> None:
    """In every quarter of an hour, of what has ended."""
    counts, history = fold_by_hand(EFFECTS), fold(EFFECTS)
    quarters = {quarter for quarter, _, _ in counts}
    ended = attrs.evolve(history, open={}, status=None)
    for interval in read(ended, min(quarters) * QUARTER, (max(quarters) + 1) * QUARTER, every=QUARTER):
        quarter = interval.start // QUARTER
        for channel in Channel:
            totals = attrs.asdict(interval.channels[channel])
            assert {name: counts[quarter, channel, name] for name in totals} == totals
        assert {status: counts[quarter, status, "status_time"] for status in Status} == interval.status_time


def test_fold(measure: Measure, report: Report) -> None:
    report.speeds.append(MILLION)
    measure(TABLE, OURS, lambda: fold(EFFECTS), events=len(EFFECTS))


def test_fold_of_five_parts(measure: Measure) -> None:
    def joined() -> object:
        history = fold(CUTS[0])
        for part in CUTS[1:]:
            history = history.then(fold(part))
        return history

    assert fold(EFFECTS) == measure(
        TABLE, f"{PRODUCT}`fold` of its fifths, joined by `then`", joined, events=len(EFFECTS)
    )


def test_fold_by_hand(measure: Measure) -> None:
    measure(TABLE, BY_HAND, lambda: fold_by_hand(EFFECTS), events=len(EFFECTS), base=True)
