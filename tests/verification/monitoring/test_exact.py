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

from fsm import Machine, State, compile, integer, parameter
from fsm.desk import DESK
from fsm.verification.monitoring import Judgement, Monitor, Observation, Shows, Source
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

from ...benchmarks.shifts import MAPPING, shifts  # noqa: TID252  # the suite is no installed package
from .models import LIGHT, Go, Stop, Tick
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


def test_values_that_a_record_tells_hold_for_what_is_judged_at_once() -> None:
    """Each of several parameters, in a machine of one part: five coins are too few where the price was told as nine."""
    least, price = parameter("least", int, 1, low=1, high=20), parameter("price", int, 3, low=1, high=20)
    coins = integer("coins", 0, 20)
    open_, sold = State("open"), State("sold")
    lines = (
        open_.on(Go).when((coins >= least - 1) & (coins < 20)).stay().set(coins, coins + 1),
        open_.on(Stop).when(coins >= price).to(sold),
    )
    stall = Machine("stall", states=(open_, sold), initial=open_, variables=(coins,), transitions=lines)
    told = Observation(0, Go, parameters={"least": 1, "price": 9})
    seen = [told, *(Observation(at, Go) for at in range(1, 5)), Observation(5, Stop)]

    report = Monitor(stall, sources=[Source(shows={Go: Shows.ALWAYS, Stop: Shows.ALWAYS})]).check(seen)

    assert [one.where.at for one in report.told] == [5]


@pytest.mark.parametrize("parameters", [dict(compile(DESK).params), {}], ids=["known", "unknown"])
def test_a_shift_with_faults_is_judged_at_once_as_it_is_explained(parameters: dict[str, Any]) -> None:
    """Most records are, whether parameters are known or not; what is said and known of each desk is the same after every record."""
    monitor, (source,) = bound(mapping_of(MAPPING), DESK, parameters=parameters)
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


@pytest.mark.parametrize("how", [Shows.ALWAYS, Shows.SOMETIMES])
def test_a_timer_that_was_seen_is_judged_at_once(how: Shows) -> None:
    """Ten seconds after it went green a light is told to be yellow; the one of which that is not told went yellow unseen, if it could."""
    seen: list[Observation] = []
    for at in (0, 60_000, 120_000):
        seen += [Observation(at, Go, key=key) for key in ("told", "untold")]
        seen += [Observation(at + 10_000, Tick, key="told")]
        seen += [Observation(at + 20_000, Stop, key=key) for key in ("told", "untold")]
    source = Source(shows={Go: Shows.ALWAYS, Tick: how, Stop: Shows.ALWAYS})
    watch = Monitor(LIGHT, sources=[source], begins=0).watch()
    at_once = []
    for one in seen:
        watch.feed(one)
        at_once.append(watch.machines[one.key].trail.exact is not None)
    untold = [at_once[place] for place, one in enumerate(seen) if one.key == "untold" and one.event is Stop]

    assert all(at_once[place] for place, one in enumerate(seen) if one.key == "told")
    assert untold == [how is Shows.SOMETIMES] * 3
    assert watch.report().keys["untold"].violates == (0 if how is Shows.SOMETIMES else 3)
    monitor = Monitor(LIGHT, sources=[source], begins=0)
    assert followed(monitor, seen) == followed(slow(Monitor(LIGHT, sources=[source], begins=0)), seen)


def test_a_light_that_may_have_run_before_is_judged_at_once_as_it_is_explained() -> None:
    """Of a light alone nothing is hidden any more once it was seen to change, whenever the log began."""
    seen = [Observation(0, Go), Observation(10_000, Tick), Observation(12_000, Stop)]
    watch = Monitor(LIGHT, late=True).watch()
    at_once = []
    for one in seen:
        watch.feed(one)
        at_once.append(watch.machines[None].trail.exact is not None)

    assert at_once == [False, True, True]
    assert followed(Monitor(LIGHT, late=True), seen) == followed(slow(Monitor(LIGHT, late=True)), seen)


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
