"""One meaning, four executions: along runs of small systems drawn at random."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fsm import Engine, EventRefused, Snapshot, System, compile
from fsm.live import Live
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.search.clocks import reads_clock

from ...systems import profiles, systems  # noqa: TID252  # the suite is no installed package
from .by_counts import ByCounts
from .by_keys import ByKeys
from .comparing import Comparison
from .reachable import event_choices, numbered

SLOTS = 4
"""How many keys the encoding follows: a run ends where a snapshot needs more."""
SOAK = "SOAK" in os.environ
"""Set by `make soak`: then this is one of the claims with many more cases, drawn anew each time."""

pytestmark = [pytest.mark.soak] if SOAK else []


def moves_by_time(system: System) -> bool:
    """Whether an event moves every instance by guards on the time in state: how many go by which line is any number then, and no run says it."""
    moves = [move for one in system.all_wires for move in one.moves if move.where is not None]
    return any(
        line.event is move.action and line.guard is not None and reads_clock(line.guard)
        for move in moves
        for line in move.part.machine.transitions
    )


def by_counts(system: System, engine: Engine) -> ByCounts | None:
    """The counting encoding, unless it refuses the system, or says no numbers, since many are moved at once by their time in state."""
    if moves_by_time(system):
        return None
    counting = Counting(system)
    try:
        counting.occurrences  # noqa: B018  # computed when first read
    except Unencodable:
        return None
    return ByCounts(counting, engine.params)


def following(engine: Engine, snapshot: Snapshot, chosen: int) -> Snapshot:
    """The snapshot after a tick or one of the events that are taken."""
    afters: list[Snapshot] = []
    for one in event_choices(engine.system, snapshot):
        try:
            afters.append(engine.step(snapshot, one, snapshot.now).after)
        except EventRefused:
            continue
    moved = [after for after in afters if after.parts != snapshot.parts]
    return moved[chosen // 3 % len(moved)] if moved and chosen % 3 else engine.advance(snapshot, snapshot.now + 1).after


@settings(
    max_examples=5_000 if SOAK else 40, deadline=None, derandomize=not SOAK, suppress_health_check=list(HealthCheck)
)
@given(
    systems().flatmap(lambda system: st.tuples(st.just(system), profiles(system))),
    st.lists(st.integers(0, 99), min_size=4, max_size=8),
)
def test_every_execution_gives_the_same_along_runs_of_any_system(
    drawn: tuple[System, dict[str, object]], choices: list[int]
) -> None:
    """Every event at every snapshot of a run, and every tick: the same successor or the same refusal, or time stops in all of them."""
    system, profile = drawn
    engine = compile(system, profile)
    keys = dict.fromkeys(engine.layout.parts, SLOTS)
    comparison = Comparison(
        engine, Live(system, profile), ByKeys(Clocked(system, keys), engine.params), by_counts(system, engine)
    )
    snapshot = engine.start(0)
    for chosen in choices:
        if len(numbered(system, snapshot)) > SLOTS:
            break
        comparison.check_events(snapshot, list(event_choices(system, snapshot)), 0)
        if comparison.check_tick(snapshot) is None:
            event("time stops")  # some timer's wire is refused
            break
        snapshot = following(engine, snapshot, chosen)
    for what in comparison.seen:
        event(f"has {what}")
