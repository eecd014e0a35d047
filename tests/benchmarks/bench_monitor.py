"""A monitor on streams that conform, beside what a service does with the same records: `json.loads` and `step`; and on a long log with faults."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from report import OURS, Bar, Log, Measure, Report
from shifts import MAPPING, shifts

from fsm import Engine, Machine, Snapshot, State, compile, event, inside, within
from fsm.desk import DESK
from fsm.desk.vocabulary import Status
from fsm.language.events import field_refs
from fsm.language.printing import label
from fsm.verification.monitoring import Verdict
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

MANY = 600


@event
class Place: ...


@event
class Pay: ...


@event
class Send: ...


@event
class Lapse: ...


new, placed, paid, sent, lapsed = (State(name) for name in ("new", "placed", "paid", "sent", "lapsed"))
ORDER = Machine(
    "order",
    states=(new, placed, paid, sent, lapsed),
    initial=new,
    transitions=(
        new.on(Place).to(placed),
        placed.on(Pay).to(paid),
        placed.after(3_600_000, Lapse).to(lapsed),
        paid.on(Send).to(sent),
    ),
    properties=(within("what is paid is sent within a day", 86_400_000, inside(paid), inside(sent), cites="BENCH"),),
)


def orders() -> Iterator[dict[str, Any]]:
    """Three records of each order, one minute after the other; a new order each second."""
    random = Random(0)
    lives = [
        (1_000 * number + 60_000 * step + random.randrange(1_000), name, number)
        for number in range(MANY // 3)
        for step, name in enumerate(("place", "pay", "send"))
    ]
    for at, name, number in sorted(lives):
        yield {"at": at, "order": f"order-{number}", "id": f"{name}-{number}", "event": name}


@attrs.frozen(eq=False)
class Stream:
    """What is monitored, how its records are read, and what its records are for a service."""

    engine: Engine
    key: str
    mapping: dict[str, Any]
    lines: list[str]
    event_of: Callable[[dict[str, Any]], object]

    def run_by_service(self) -> dict[str, Snapshot]:
        """Every record a step; none is refused."""
        engine, machines = self.engine, dict[str, Snapshot]()
        for line in self.lines:
            record = json.loads(line)
            before = machines.get(record[self.key]) or engine.start(0)
            machines[record[self.key]] = engine.step(before, self.event_of(record), record["at"]).after
        return machines

    def watching(self) -> Callable[[], Verdict]:
        engine = self.engine
        monitor, (source,) = bound(mapping_of(self.mapping), engine.system, parameters=dict(engine.params))

        def run() -> Verdict:
            watch = monitor.watch()
            for number, line in enumerate(self.lines):
                for seen in source.read(json.loads(line), str(number)):
                    watch.feed(seen)
            return watch.report().verdict

        return run


DESK_EVENTS: dict[str, Any] = {label(event): event for event in DESK.events}
ORDER_EVENTS: dict[str, Any] = {"place": Place, "pay": Pay, "send": Send}


def desk_event(record: dict[str, Any]) -> object:
    kind = DESK_EVENTS[record["event"]]
    if "status" in record:
        return kind(Status(record["status"]))
    return kind(
        **{
            name: record["contact"] if "contact" in name or name == "name" else record["at"]
            for name in field_refs(kind)
        }
    )


ORDERS = {
    "declaration": "bench_monitor:ORDER",
    "source": [
        {
            "at": "at",
            "key": "order",
            "id": "id",
            "event": {"column": "event"},
            "shows": dict.fromkeys(ORDER_EVENTS, "always"),
        }
    ],
}
STREAMS = {
    "a desk": Stream(
        compile(DESK), "agent", MAPPING, [json.dumps(record) for record, _ in shifts(3, MANY)], desk_event
    ),
    "an order": Stream(
        compile(ORDER),
        "order",
        ORDERS,
        [json.dumps(record) for record in orders()],
        lambda record: ORDER_EVENTS[record["event"]](),
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_record_taken_by_a_service(measure: Measure, name: str) -> None:
    """Every one of them is taken."""
    stream = STREAMS[name]
    machines = {"a desk": 3, "an order": MANY // 3}[name]
    table = f"a record of {name}, monitored"
    assert len(measure(table, "json.loads and step", stream.run_by_service, events=MANY, base=True)) == machines


@pytest.mark.parametrize("name", STREAMS)
def test_a_monitored_record(measure: Measure, report: Report, name: str) -> None:
    """The same stream conforms."""
    table = f"a record of {name}, monitored"
    assert measure(table, OURS, STREAMS[name].watching(), events=MANY) is Verdict.CONFORMS
    words = f"a monitored record of {name} at most 6 x `json.loads` and `step` of it"
    report.bars.append(Bar(table, "json.loads and step", 6, words))


@pytest.mark.parametrize("parameters", ["known", "unknown"])
def test_a_log_of_a_million_records(report: Report, parameters: str) -> None:
    """One contact of a hundred goes wrong; each fault is told, and nothing else."""
    command = [sys.executable, Path(__file__).with_name("scale.py"), "1000000", "400", parameters, "json"]
    report.logs.append(Log(**json.loads(subprocess.check_output(command))))
