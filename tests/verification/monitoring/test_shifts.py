"""A log of many desks with faults planted in it: the monitor finds each of them where it stands, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from fsm.desk import DESK
from fsm.verification.monitoring import Report, Verdict
from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of
from fsm.verification.monitoring.relaxed.reach import impossible_from_anything

from ...benchmarks.shifts import FAULTS, MAPPING, shifts  # noqa: TID252  # the suite is no installed package


def watched(agents: int, records: int, faults: float, *, stop: int | None = None) -> tuple[Report, dict[str, str]]:
    """What the monitor says, and the faults by the positions of their records."""
    monitor, (source,) = bound(mapping_of(MAPPING), DESK)
    watch, planted = monitor.watch(), dict[str, str]()
    for number, (record, fault) in enumerate(shifts(agents, records, seed=7, faults=faults)):
        if number == stop:
            watch = monitor.resume(watch.state())
        for seen in source.read(json.loads(json.dumps(record)), str(number)):
            watch.feed(seen)
        if fault is not None:
            planted[str(number)] = fault
    watch.end()
    return watch.report(), planted


def test_every_fault_that_was_planted_is_found_and_nothing_else() -> None:
    """Each of the four kinds, some of them after the watch was stored and taken up again."""
    report, planted = watched(6, 360, 0.3, stop=200)

    assert set(planted.values()) == set(FAULTS)
    assert sorted(one.where.position for one in report.told) == sorted(planted)
    assert report.total().violates == len(planted)


@pytest.mark.parametrize("agents", [1, 20])
def test_a_shift_without_faults_conforms(agents: int) -> None:
    report, planted = watched(agents, 200, 0.0)

    assert (report.verdict, planted, report.total().conforms) == (Verdict.CONFORMS, {}, 200)


def test_a_fault_is_found_in_the_last_few_records_however_many_are_kept() -> None:
    """What nothing can have been before the last eight records, nothing can have been: the others are not looked at again."""
    looked_at: list[int] = []

    def counted(declaration: Declaration, boxes: Sequence[Box], items: Sequence[Item]) -> bool:
        looked_at.append(len(items))
        return impossible_from_anything(declaration, boxes, items)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fsm.verification.monitoring.judging.impossible_from_anything", counted)
        report, planted = watched(1, 300, 0.08)

    assert report.total().violates == len(planted) > 4
    assert max(looked_at) <= 8
