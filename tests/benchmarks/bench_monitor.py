"""A monitor on a stream that conforms, beside what a service does with the same records: `json.loads` and `step`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from report import OURS, Bar, Measure, Report
from shifts import MAPPING, shifts

from fsm import Snapshot, compile
from fsm.desk import DESK
from fsm.desk.vocabulary import Status
from fsm.language.events import field_refs
from fsm.language.printing import label
from fsm.verification.monitoring import Verdict
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

MANY = 300
LINES = [json.dumps(record) for record, _ in shifts(3, MANY)]
EVENTS: dict[str, Any] = {label(event): event for event in DESK.events}
ENGINE = compile(DESK)
TABLE = "a record of a desk, monitored"


def event_of(record: dict[str, Any]) -> object:
    kind = EVENTS[record["event"]]
    if "status" in record:
        return kind(Status(record["status"]))
    return kind(
        **{
            name: record["contact"] if "contact" in name or name == "name" else record["at"]
            for name in field_refs(kind)
        }
    )


def run_by_service() -> dict[str, Snapshot]:
    """Every record a step; none is refused."""
    desks: dict[str, Snapshot] = {}
    for line in LINES:
        record = json.loads(line)
        before = desks.get(record["agent"]) or ENGINE.start(0)
        desks[record["agent"]] = ENGINE.step(before, event_of(record), record["at"]).after
    return desks


def watching() -> Callable[[], Verdict]:
    monitor, (source,) = bound(mapping_of(MAPPING), DESK, parameters=dict(ENGINE.params))

    def run() -> Verdict:
        watch = monitor.watch()
        for number, line in enumerate(LINES):
            for seen in source.read(json.loads(line), str(number)):
                watch.feed(seen)
        return watch.report().verdict

    return run


def test_a_record_taken_by_a_service(measure: Measure) -> None:
    """Every one of them is taken."""
    assert len(measure(TABLE, "json.loads and step", run_by_service, events=MANY, base=True)) == 3


def test_a_monitored_record(measure: Measure, report: Report) -> None:
    """The same stream conforms."""
    assert measure(TABLE, OURS, watching(), events=MANY) is Verdict.CONFORMS
    words = "a monitored record at most 6 x `json.loads` and `step` of it"
    report.bars.append(Bar(TABLE, "json.loads and step", 6, words))
