"""`fsm count` where one instance alone has timers: from one to the next, and nothing is missed but waiting."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import ELAPSED, Machine, State, System, always, event, inside, one, reachable, recoverable, within
from fsm.verification.search.enumeration import enumerate_snapshots


@event
class Turn:
    pass


@event
class Kick:
    pass


TIMES = tuple(event(type(f"Due{place}", (), {"__module__": __name__, "__annotations__": {}})) for place in range(3))
PLACES = tuple(State(f"place{number}") for number in range(3))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    sent=st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.sampled_from((Turn, Kick))), st.sampled_from((*PLACES, None)), max_size=4
    ),
    timers=st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.integers(1, 4)), st.sampled_from((*PLACES, None)), min_size=1, max_size=3
    ),
)
def test_from_change_to_change_nothing_is_missed_but_waiting(sent: Any, timers: Any) -> None:
    """On any table of lines and timers, in one instance: every verdict is that of the walk millisecond by millisecond, and it is met in fewer snapshots."""
    lines = [(here.on(kind), to) for (here, kind), to in sorted(sent.items(), key=repr)]
    lines += [
        (here.after(length, TIMES[place]), to)
        for place, ((here, length), to) in enumerate(sorted(timers.items(), key=repr))
    ]
    claims = [
        claim
        for place in PLACES
        for claim in (reachable(f"to {place.name}", inside(place)), recoverable(f"again {place.name}", inside(place)))
    ]
    machine = Machine(
        "any",
        PLACES,
        PLACES[0],
        tuple(line.stay() if to is None else line.to(to) for line, to in lines),
        properties=tuple(claims),
    )
    slow, quick = enumerate_snapshots(machine), enumerate_snapshots(machine, by_change=True)

    assert "time from change to change" in quick.by and quick.complete
    assert quick.snapshots <= slow.snapshots
    assert (bool(quick.deadlocks), bool(quick.ends)) == (bool(slow.deadlocks), bool(slow.ends))
    assert [type(one) for one in quick.verdicts] == [type(one) for one in slow.verdicts]


def test_where_time_is_read_or_two_clocks_run_it_passes_millisecond_by_millisecond() -> None:
    """A bounded response has a clock of its own."""
    ticks = (PLACES[0].after(3, TIMES[0]).to(PLACES[1]),)
    claims = (
        always("not long", inside(PLACES[0]) >> (ELAPSED <= 3)),
        within("soon", 3, inside(PLACES[0]), inside(PLACES[1])),
    )
    for claim in claims:
        assert (
            "change"
            not in enumerate_snapshots(
                Machine("one", PLACES[:2], PLACES[0], ticks, properties=(claim,)), by_change=True
            ).by
        )
    clock = Machine("one", PLACES[:2], PLACES[0], ticks)
    assert "change" in enumerate_snapshots(clock, by_change=True).by
    assert "change" not in enumerate_snapshots(System("two", (one("a", clock), one("b", clock))), by_change=True).by
