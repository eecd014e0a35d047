"""What a watch knows goes through JSON and goes on; whatever else stands there is refused with its path, and does no harm."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm import BadInput, BadSnapshot
from fsm.storage import Limits
from fsm.verification.monitoring import Monitor, Observation, Report, Seen, Shows, Sight, Source, Verdict
from fsm.verification.monitoring.telling import page, plain

from .models import BREAKER, DOOR, LIGHT, ORDER, Close, Enter, Go, Leave, Open, Pay, Payment, PickUp, Place, Stop, Tick
from .random_streams import Run, runs
from .test_laws import BEGINNINGS, QUICK, everything, looked_at

ALL_OF_DOOR = dict.fromkeys((Enter, Leave, Close, Open), Shows.ALWAYS)


def interrupted(monitor: Monitor, seen: list[Observation], stops: list[int]) -> Report:
    """What a watch says that is stored and taken up again before each of these observations."""
    watch = monitor.watch()
    for place, one in enumerate(seen):
        if place in stops:
            text = watch.state()
            watch = monitor.resume(text)
            assert watch.state() == text
        watch.feed(one)
    watch = monitor.resume(watch.state())
    watch.end()
    return watch.report()


@QUICK
@given(runs(), st.data())
def test_a_watch_that_was_stored_goes_on_as_if_it_never_stopped(run: Run, data: st.DataObject) -> None:
    """Anywhere in a stream of events and states, lost, doubled, out of order, by wrong clocks, of which some violate."""
    whole = [looked_at(run, one, data) if data.draw(st.booleans()) else one.observation() for one in run.happened]
    whole = [attrs.evolve(one, at=(one.at or 0) + data.draw(st.integers(-2, 2))) for one in whole]
    seen = [one for one in whole for _ in range(data.draw(st.integers(0, 2)))]
    seen = [attrs.evolve(one, key=data.draw(st.sampled_from(["a", 7, None]))) for one in seen]
    shown = {part.name: [one.name for one in part.machine.variables] for part in run.system.parts}
    shows = everything(run) if data.draw(st.booleans()) else {}
    monitor = Monitor(
        run.system,
        sources=[Source(shows=shows, tolerance=2, disorder=8)],
        parameters=run.engine.params if data.draw(st.booleans()) else {},
        shown=shown,
        dates=list(shown),
        explanations=50,
        budget=100,
        **data.draw(BEGINNINGS),
    )
    stops = [place for place in range(len(seen)) if data.draw(st.booleans())]
    assert plain(interrupted(monitor, seen, stops)) == plain(monitor.check(seen))


def test_everything_that_a_watch_may_know_is_stored() -> None:
    """People by name and unnamed, parameters left, claims that wait, records that wait, ids, numbers, what was lost and told."""
    source = Source(shows={Close: Shows.ALWAYS, Open: Shows.ALWAYS}, disorder=10, heartbeat=50)
    monitor = Monitor(DOOR, sources=[source, Source("second", tolerance=3)], late=True)
    seen = [
        Observation(0, Enter, {"person": "ann"}, id="1", key=("north", 1)),
        Observation(4, Enter, {"person": "bob"}, id="2", key=("north", 1)),
        Observation(1, Close, id="3", key=("north", 1)),
        Observation(30, Close, id="4", key=("north", 1)),
        Observation(31, after=Seen((Sight("people", "ann", ("inside",)),), ("people",)), source="second", key=("north", 1)),
        Observation(90, Enter, {"person": 5}, number=3, key=("north", 1)),
        Observation(100, parameters={"room": 2}, number=7, key="south"),
        Observation(3, Leave, {}, trouble=("half a record",), key="south"),
        Observation(200, Open, number=9, key="south"),
        Observation(400, Close, number=10, key="south"),
    ]  # fmt: skip
    assert page(interrupted(monitor, seen, list(range(len(seen))))) == page(monitor.check(seen))


def test_what_must_come_true_is_remembered() -> None:
    """The hour in which a paid parcel leaves goes on while the monitor is away."""
    shows = dict.fromkeys((Place, Pay, PickUp), Shows.ALWAYS)
    monitor = Monitor(ORDER, sources=[Source(shows=shows)])
    seen = [Observation(0, Place, {"payment": Payment.CARD}), Observation(1, Pay), Observation(3_600_002, PickUp)]

    (said,) = interrupted(monitor, seen, [2]).told
    assert "claim: a paid parcel leaves within an hour" in f"claim: {said.because[0].name}"  # type: ignore[union-attr]  # a claim that is broken


def test_ids_are_remembered_as_far_as_somebody_says() -> None:
    """The first record comes again: with two ids remembered it is known, with one it is not."""
    seen = [Observation(0, Go, id="a"), Observation(1, Stop, id="b"), Observation(2, Go, id="a")]

    assert interrupted(Monitor(LIGHT, ids=2), seen, [1, 2]).doubled == 1
    assert interrupted(Monitor(LIGHT, ids=1), seen, [1, 2]).doubled == 0


def test_so_many_records_wait_and_no_more() -> None:
    """Of records that may be in disorder for an hour ten wait; what comes later than those that were read is told as too late."""
    source = Source(shows=dict.fromkeys((Go, Tick, Stop), Shows.ALWAYS), disorder=3_600_000)
    watch = Monitor(LIGHT, sources=[source], waiting=10, late=True).watch()
    for at in range(100, 130):
        watch.feed(Observation(at, Go, id=str(at)))
    watch.feed(Observation(5, Go))

    assert len(watch.machines[None].lane.waiting) == 10
    assert watch.report().late == 1


def stored() -> tuple[Monitor, dict[str, Any]]:
    monitor = Monitor(DOOR, sources=[Source(shows=ALL_OF_DOOR, disorder=5)], explanations=4)
    watch = monitor.watch()
    for at, who in ((0, "ann"), (10, "bob"), (11, "cis")):
        watch.feed(Observation(at, Enter, {"person": who}, key="k", id=who))
    return monitor, json.loads(watch.state())


EXPLANATION = ("machines", 0, "trail", "beliefs", 0)


@pytest.mark.parametrize(
    ("way", "put", "where"),
    [
        (("version",), 1, "version"),
        (("fingerprint",), "0" * 64, "fingerprint"),
        (("monitor",), "", "monitor"),
        (("lost",), {"radio": 1}, "lost.radio"),
        (("machines", 0, "more"), 1, "machines[0].more"),
        (("machines", 0, "key"), ["k"], "machines[0].key"),
        ((*EXPLANATION, "now"), [5, 4], "machines[0].trail.beliefs[0].now"),
        ((*EXPLANATION, "now"), [1 << 70, None], "machines[0].trail.beliefs[0].now"),
        ((*EXPLANATION, "parts", 0), [], "machines[0].trail.beliefs[0].parts[0]"),
        ((*EXPLANATION, "parts", 0, "state"), "ajar", "machines[0].trail.beliefs[0].parts[0].state"),
        ((*EXPLANATION, "parts", 0, "spent"), 1, "machines[0].trail.beliefs[0].parts[0].spent"),
        ((*EXPLANATION, "parts", 1, 0, "state"), "outside", "machines[0].trail.beliefs[0].parts[1][0].state"),
        ((*EXPLANATION, "parts", 1, 0, "since"), [99, 99], "machines[0].trail.beliefs[0].parts[1][0].since"),
        ((*EXPLANATION, "box"), [[0]], "machines[0].trail.beliefs[0].box[0][0]"),
        ((*EXPLANATION, "box"), [[]], "machines[0].trail.beliefs[0].box[0]"),
        ((*EXPLANATION, "open"), ["gate"], "machines[0].trail.beliefs[0].open[0]"),
        ((*EXPLANATION, "pending"), [[0, None, [0, 0]]], "machines[0].trail.beliefs[0].pending[0][0]"),
        (("machines", 0, "trail", "beliefs"), [], "machines[0].trail.beliefs"),
        (("machines", 0, "trail", "beliefs"), [{}] * 5, "machines[0].trail.beliefs"),
        (("machines", 0, "trail", "suspended"), [9], "machines[0].trail.suspended[0]"),
        (("machines", 0, "trail", "sources"), {"log": [0, 0]}, "machines[0].trail.sources.log"),
        (("machines", 0, "lane", "waiting", 0, 3, "event"), "fly", "machines[0].lane.waiting[0][3].event"),
        (("machines", 0, "lane", "waiting", 0, 3, "fields"), {"who": "ann"}, "machines[0].lane.waiting[0][3]"),
        (("machines", 0, "lane", "waiting", 0, 3, "source"), "radio", "machines[0].lane.waiting[0][3].source"),
        (("machines", 0, "lane", "ids"), {"log": ["x"] * 513}, "machines[0].lane.ids.log"),
        (("counts", "keys"), [["k", 1, -1, 0]], "counts.keys[0][2]"),
        (("counts", "told"), [{"why": "so"}], "counts.told[0].source"),
        (("counts", "keys"), [["k", 1, 0, 0], ["k", 2, 0, 0]], "counts.keys[1]"),
        (("counts", "why"), [["so", 1], ["so", 1]], "counts.why[1]"),
        (("machines", 0, "lane", "ids"), {"log": ["x", "x"]}, "machines[0].lane.ids.log[1]"),
        (("machines", 0, "trail", "overlooked"), ["so", "so"], "machines[0].trail.overlooked[1]"),
    ],
)  # fmt: skip
def test_a_state_that_is_not_as_it_must_be_is_refused_with_its_path(way: tuple[Any, ...], put: Any, where: str) -> None:
    """Hostile until checked; the first thing that is wrong is told."""
    monitor, tree = stored()
    inside = tree
    for step in way[:-1]:
        inside = inside[step]
    inside[way[-1]] = put

    with pytest.raises(BadSnapshot) as refused:
        monitor.resume(json.dumps(tree))
    assert refused.value.where == where


def test_a_state_belongs_to_one_declaration_and_one_way_of_watching_it() -> None:
    """Another machine, other sources, other parameters: each begins anew."""
    text = Monitor(LIGHT).watch().state()

    for other in (Monitor(BREAKER), Monitor(LIGHT, sources=[Source(tolerance=1)]), Monitor(LIGHT, begins=0)):
        with pytest.raises(BadSnapshot):
            other.resume(text)
    Monitor(LIGHT, budget=7).resume(text)


def test_no_more_is_read_than_somebody_allows() -> None:
    monitor, tree = stored()

    for limits in (Limits(characters=100), Limits(depth=3), Limits(instances=0)):
        with pytest.raises(BadSnapshot):
            monitor.resume(json.dumps(tree), limits)
    with pytest.raises(BadInput):
        monitor.resume(None)  # type: ignore[arg-type]  # what is no text


def test_a_key_that_has_no_form_is_told_when_it_is_stored() -> None:
    watch = Monitor(LIGHT).watch()
    watch.feed(Observation(0, Go, key=object()))

    with pytest.raises(BadSnapshot, match="could be stored"):
        watch.state()


@QUICK
@given(st.data())
def test_a_state_that_somebody_changed_is_refused_or_goes_on(data: st.DataObject) -> None:
    """Anything anywhere in it: a `BadSnapshot`, or a watch that reads on without any other error."""
    monitor, tree = stored()
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(list(ways(tree))))
        inside: Any = tree
        for step in way[:-1]:
            inside = inside[step]
        others = [None, True, 0, -1, 1 << 62, "", "ann", "inside", [], {}, [0, 1], {"unnamed": 0}]
        inside[way[-1]] = data.draw(st.sampled_from(others))
    try:
        watch = monitor.resume(json.dumps(tree))
    except BadSnapshot:
        return
    for at, event in ((12, Leave), (13, Enter), (20, Leave)):
        watch.feed(Observation(at, event, {"person": "ann"}, key="k"))
    watch.end()
    assert monitor.resume(watch.state()).report().verdict in tuple(Verdict)


def ways(tree: Any, way: tuple[Any, ...] = ()) -> Any:
    """The way to everything that stands in a document."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, one in items:
        yield (*way, step)
        yield from ways(one, (*way, step))
