"""While nothing is hidden a stream is judged at once, by the runtime: every word of it is what the explanations would have said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm import compile
from fsm.desk import DESK
from fsm.verification.monitoring import Judgement, Monitor, Observation, Source
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

from ...benchmarks.shifts import MAPPING, shifts  # noqa: TID252  # the suite is no installed package
from .random_streams import SOAK, Run, runs
from .recordings import Recorded, read, recorded
from .test_laws import QUICK, everything, observed, some_of

pytestmark = [pytest.mark.soak] if SOAK else []

Said = tuple[list[list[Judgement]], list[str]]


def slow(monitor: Monitor) -> Monitor:
    """The same one without its fast lane."""
    monitor.setting = attrs.evolve(monitor.setting, lane=None)
    return monitor


def followed(monitor: Monitor, observations: list[Observation]) -> Said:
    """What is said of each observation, and all that is known after it."""
    watch = monitor.watch()
    said, known = [], []
    for one in observations:
        said.append(watch.feed(one))
        known.append(watch.state())
    return [*said, watch.end()], [*known, watch.state(), str(watch.report())]


@contextmanager
def nothing_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fsm.verification.monitoring.judging._at_once", lambda *_: False)
        yield


RECORDED = [*recorded("machines.toml"), *recorded("desk.toml")][:: 1 if SOAK else 24]
"""Each of them by `make soak`, and some of them always."""


@pytest.mark.parametrize("one", RECORDED, ids=str)
def test_a_recorded_stream_is_judged_at_once_as_it_is_explained(one: Recorded) -> None:
    report, said = read(one)
    with nothing_at_once():
        explained, words = read(one)

    assert (str(report), said) == (str(explained), words)


def test_a_shift_with_faults_is_judged_at_once_as_it_is_explained() -> None:
    """Most records are; what is said and known of each desk is the same after every record."""
    monitor, (source,) = bound(mapping_of(MAPPING), DESK, parameters=dict(compile(DESK).params))
    records = [json.loads(json.dumps(record)) for record, _ in shifts(4, 140, seed=11, faults=0.2)]
    seen = [one for number, record in enumerate(records) for one in source.read(record, str(number))]
    watch, fast, at_once = monitor.watch(), [], 0
    for one in seen:
        fast.append(watch.feed(one))
        at_once += watch.machines[one.key].trail.exact is not None
    known = watch.state()
    explained = slow(monitor).watch()

    assert fast == [explained.feed(one) for one in seen]
    assert known == explained.state()
    assert at_once > 100


@QUICK
@given(runs(), st.data())
def test_a_drawn_run_with_drawn_damage_is_judged_at_once_as_it_is_explained(run: Run, data: st.DataObject) -> None:
    """Records are lost, doubled, swapped, moved in time or say less; sources promise all or nothing; parameters are known or not."""
    seen: list[Observation] = []
    for one in observed(run):
        match data.draw(st.sampled_from(["kept"] * 6 + ["lost", "doubled", "later", "less", "gap"])):
            case "doubled":
                seen += [one, one]
            case "later":
                seen.append(attrs.evolve(one, at=(one.at or 0) + data.draw(st.sampled_from([1, 999, 60_000]))))
            case "less":
                seen.append(attrs.evolve(one, fields=some_of(one.fields, data)))
            case "gap":
                seen.append(attrs.evolve(one, lost=True))
            case "kept":
                seen.append(one)
    source = data.draw(st.sampled_from([Source(), Source(shows=everything(run)), Source(disorder=1_000)]))
    given_: dict[str, Any] = data.draw(st.sampled_from([{"begins": 0}, {}, {"late": True}]))
    parameters = run.engine.params if data.draw(st.booleans()) else {}

    def watching() -> Monitor:
        return Monitor(run.system, sources=(source,), parameters=parameters, explanations=20, budget=100, **given_)

    assert followed(watching(), seen) == followed(slow(watching()), seen)
