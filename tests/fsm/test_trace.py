"""A trace is a run that happened, as data and as a page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    EventRefused,
    Field,
    Machine,
    State,
    Step,
    System,
    TimeStopped,
    boolean,
    carried,
    each,
    event,
    integer,
    one,
    wire,
)
from fsm.desk import DESK, Accept, Channel, Clear, Missed, OfferCall, OfferChat, SetStatus, Status
from fsm.desk.tile import Expire, NonResponse
from fsm.traces import Moved, Trace, TraceStep, replay
from fsm.traces.printing import changes, lines
from fsm.traces.steps import Running

from ..systems import profiles, systems  # noqa: TID252  # the suite is no installed package
from ..verification.agreement.reachable import event_choices  # noqa: TID252

SHIFT = [
    (SetStatus(Status.AVAILABLE), 0),
    (OfferChat("c-1", "Ann", arrived_at=0), 0),
    (OfferChat("c-2", "Bob", arrived_at=0), 5_000),
    (Accept("c-2"), 7_000),
    (None, 30_000),
    (Clear("c-1"), 30_000),
]

SHIFT_PAGE = """\
1  set_status(status=available)                                  agent: offline → available
                                                                 emits status_changed
2  offer_chat(contact='c-1', name='Ann', arrived_at=0)           tiles c-1: free → offered (channel chat, speaker nobody, name 'Ann'); non_response in 15 s, expire in 20 s
                                                                 emits rang
3  5 s later: offer_chat(contact='c-2', name='Bob', arrived_at=0)
                                                                 tiles c-2: free → offered (channel chat, speaker nobody, name 'Bob'); non_response in 15 s, expire in 20 s
                                                                 emits rang
4  2 s later: accept(contact='c-2')                              tiles c-2: offered → connected (last_text_at 7000)
                                                                 emits connected
5  8 s later: non_response of c-1                                tiles c-1: counted = true
                                                                 emits non_response_counted
6  5 s later: expire of c-1                                      tiles c-1: offered → missed
                                                                 emits missed
7  10 s later                                                    nothing changes
8  clear(contact='c-1')                                          tiles c-1: missed → free
                                                                 emits slot_freed"""


# A lamp whose every oddity is wanted: it starts anew, lapses, changes nothing and has long words


off = State("off")
on = State("on")
armed = boolean("armed")
label_text = carried("label", str, initial="")


@event
class Ring:
    """Sent by time."""


@event
class Lapse:
    """Sent by time, but for its guard."""


@event
class Switch:
    """The lamp goes on, or its time starts anew."""

    where: Field[str]
    note: Field[str]


@event
class Blink:
    """Sent by time, where the lamp is armed."""


@event
class Hum:
    """Sent by time: nothing is to be seen."""


@event
class Dim:
    """Sent by time."""


LAMP = Machine(
    "lamp",
    states=(off, on),
    initial=off,
    variables=(armed, label_text),
    transitions=(
        off.on(Switch).to(on).set(label_text, Switch.note),
        on.on(Switch).to(on),
        on.after(1_000, Blink).when(armed).to(on),
        on.after(800, Hum).stay(),
        on.after(5_000, Dim).to(off),
    ),
)
lamps = each("lamps", LAMP, key="where")
STREET = System(
    "street", (lamps,), (wire(Switch, lamps[Switch.where].by(Switch, where=Switch.where, note=Switch.note)),)
)


def printed(trace: Trace) -> str:
    """The steps of a run, without its heading."""
    return "\n".join(lines(trace.start.now, trace.steps))


def test_a_trace_reads_as_a_page_of_what_changed() -> None:
    """Each step says what was sent and after how long, what moved, what is due and what was emitted; nothing else."""
    assert SHIFT_PAGE == printed(replay(fsm.compile(DESK), SHIFT))


def test_a_trace_as_text_names_the_system_and_its_profile() -> None:
    """Who reads a counterexample sees under which profile it happens."""
    text = str(replay(fsm.compile(DESK, {"max_chats": 2}), SHIFT[:1]))
    assert [
        "desk with max_chats = 2",
        "1  set_status(status=available)  agent: offline → available",
        "                                 emits status_changed",
    ] == text.split("\n")


def test_a_system_without_parameters_is_named_alone() -> None:
    """No profile, no words about one."""
    assert "street\nNothing happens: this is how it starts." == str(replay(fsm.compile(STREET), []))


def test_what_time_sends_is_a_step_of_its_own() -> None:
    """Timers that fall due before an event stand before it, with the instance they moved and what they emitted."""
    trace = replay(fsm.compile(DESK), [*SHIFT[:2], (Clear("c-1"), 25_000)])
    assert [(0, None), (0, None), (15_000, NonResponse), (20_000, Expire), (25_000, None)] == [
        (step.at, None if step.part is None else step.event) for step in trace.steps
    ]
    missed = trace.steps[3]
    assert ("tiles", "c-1", Expire, None) == (missed.part, missed.key, missed.event, missed.given)
    assert (Missed("c-1", Channel.CHAT, offered_at=0, at=20_000),) == missed.effects


def test_steps_join_without_a_gap() -> None:
    """Each step starts where the one before it ended, and the last ends where `last` says."""
    trace = replay(fsm.compile(DESK), SHIFT)
    assert [trace.start, *(step.after for step in trace.steps)] == [*(step.before for step in trace.steps), trace.last]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    systems().flatmap(lambda system: st.tuples(st.just(system), profiles(system))),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4)), min_size=2, max_size=8),
)
def test_what_a_trace_says_was_sent_makes_it_again(
    drawn: tuple[System, dict[str, Any]], choices: list[tuple[int, int]]
) -> None:
    """However time was let pass on the way, in one go or instant by instant, timers that lapse included."""
    engine = fsm.compile(*drawn)
    snapshot, sent = engine.start(), list[tuple[object | None, int]]()
    for chosen, wait in choices:
        taken = [
            one
            for one in event_choices(engine.system, snapshot)
            if engine.takes(snapshot, one, type(one), snapshot.now)
        ]
        given, at = (taken[chosen % len(taken)], snapshot.now) if taken and chosen % 2 else (None, snapshot.now + wait)
        try:
            snapshot = (engine.advance(snapshot, at) if given is None else engine.step(snapshot, given, at)).after
        except (EventRefused, TimeStopped):
            break
        sent.append((given, at))
    trace = replay(engine, sent)
    at_once = [one for one, then in pairwise([*sent, (trace, 0)]) if one[0] is not None or then[0] is not None]

    assert trace == replay(engine, trace.events)
    assert replay(engine, at_once) == replay(engine, replay(engine, at_once).events)


def test_a_timer_that_lapses_after_another_of_its_instant_is_told_of_the_next_step() -> None:
    """Also where the run is made again from what it says was sent."""
    ringing = one("ringing", Machine("ringing", (off, on), off, (off.after(2, Ring).to(on),)))
    lapsing = one("lapsing", Machine("lapsing", (off, on), off, (off.after(2, Lapse).when(armed).to(on),), (armed,)))
    engine = fsm.compile(System("both", (ringing, lapsing)))
    trace = replay(engine, [(None, 3)])

    assert ((None, 2), (None, 3)) == trace.events
    assert [(), (Lapse,)] == [moved.lapsed for step in trace.steps for moved in step.moved]
    assert trace == replay(engine, trace.events)


def test_the_steps_of_a_trace_are_those_of_the_runtime() -> None:
    """Effects and snapshots are what `step` and `advance` gave."""
    engine = fsm.compile(DESK)
    snapshot = engine.start()
    effects: tuple[object, ...] = ()
    for sent, at in SHIFT:
        step: Step = engine.advance(snapshot, at) if sent is None else engine.step(snapshot, sent, at)
        snapshot, effects = step.after, effects + step.effects
    trace = replay(engine, SHIFT)
    assert snapshot == trace.last
    assert effects == tuple(effect for step in trace.steps for effect in step.effects)


def test_a_trace_replays_from_its_own_events() -> None:
    """What a trace says was sent makes the same trace again, equal and with an equal hash."""
    engine = fsm.compile(DESK)
    trace = replay(engine, SHIFT)
    again = replay(engine, trace.events)
    assert trace == again
    assert hash(trace) == hash(again)


def test_a_trace_may_begin_where_another_ended() -> None:
    """Two halves of a run are the run."""
    engine = fsm.compile(DESK)
    first = replay(engine, SHIFT[:3])
    assert replay(engine, SHIFT).steps == first.steps + replay(engine, SHIFT[3:], start=first.last).steps


def test_a_run_that_cannot_happen_has_no_trace() -> None:
    """A refused event is raised, never left out."""
    with pytest.raises(EventRefused, match="only an available agent"):
        replay(fsm.compile(DESK), [(OfferCall("c-1", "Ann", arrived_at=0), 0)])


def test_a_trace_of_nothing_ends_where_it_starts() -> None:
    """A property can be broken before anything happens."""
    engine = fsm.compile(DESK)
    trace = replay(engine, [])
    assert engine.start() == trace.last


def test_what_moved_is_kept_with_its_timers() -> None:
    """An instance that came to be was in its initial state; its timers are listed in the order they fall due."""
    engine = fsm.compile(DESK)
    step = replay(engine, SHIFT[:2]).steps[1]
    (moved,) = step.moved
    assert (
        Moved("tiles", "c-1", moved.before, moved.after, (Running(NonResponse, 15_000), Running(Expire, 20_000)), ())
        == moved
    )
    assert ("free", "offered") == (moved.before.state, moved.after.state)


def lamp_steps() -> tuple[TraceStep, ...]:
    return replay(
        fsm.compile(STREET), [(Switch("north side", "x" * 80), 0), (Switch("north side", ""), 500), (None, 3_000)]
    ).steps


def test_a_state_entered_again_is_said_to_start_anew() -> None:
    """Time in state starts again, so the timers do too."""
    assert ("lamps 'north side': on anew; hum in 800 ms, blink in 1 s, dim in 5 s",) == changes(lamp_steps()[1])


def test_a_timer_that_changes_nothing_is_said_to_stay() -> None:
    """Time sent it, so it is a step, though nothing is to be seen."""
    hum = lamp_steps()[2]
    assert (1_300, Hum) == (hum.at, hum.event)
    assert ("lamps 'north side': stays on",) == changes(hum)


def test_a_timer_whose_guard_says_no_is_said_to_lapse() -> None:
    """What time would have sent is told with the step during which it fell due."""
    waited = lamp_steps()[3]
    assert (3_000, None, None) == (waited.at, waited.event, waited.kind)
    assert ("lamps 'north side': blink lapses",) == changes(waited)


def test_an_event_that_is_wider_than_the_column_stands_on_a_line_of_its_own() -> None:
    """The right column stays where it is."""
    page = printed(replay(fsm.compile(STREET), [(Switch("n", "x" * 80), 0), (Switch("n", ""), 500)]))
    first, second, third = page.split("\n")
    assert f"1  switch(where='n', note='{'x' * 80}')" == first
    assert f"{' ' * 65}lamps n: off → on (label '{'x' * 58}…); hum in 800 ms, blink in 1 s, dim in 5 s" == second
    assert third.startswith("2  500 ms later: switch(where='n', note='')")


def test_the_only_part_is_named_where_time_moves_it() -> None:
    """A machine alone has no key."""
    work, rest, days = State("work"), State("rest"), integer("days", 0, None)
    clock = Machine("clock", (work, rest), work, (work.after(2_000, Dim).to(rest).set(days, days + 1),), (days,))
    system = System("day", (one("shift", clock),))
    assert "1  2 s later: dim of shift  shift: work → rest (days 1)" == printed(
        replay(fsm.compile(system), [(None, 2_000)])
    )


@event
class Enter:
    """Somebody comes in."""


@event
class Lock:
    """Nobody may."""


people = integer("people", 0, 2_000)
DOOR = Machine(
    "door", (off, on), off, (off.on(Enter).when(people < 2_000).stay().set(people, people + 1), off.on(Lock).to(on)), variables=(people,)
)  # fmt: skip


def test_what_goes_on_alike_a_thousand_times_is_one_line() -> None:
    """With the first and the last of what it changed; what passes unchanged is said once, and what differs stands by itself."""
    engine = fsm.compile(DOOR)
    run = replay(
        engine, [*((Enter(), 0) for _ in range(1_000)), *((None, at) for at in range(1, 1_001)), (Lock(), 1_000)]
    )

    assert [
        "   1-1000  enter(), 1,000 times     door: people = 1, ..., door: people = 1000",
        "1001-2000  1 ms later, 1,000 times  nothing changes",
        "     2001  lock()                   door: off → on",
    ] == lines(0, run.steps)


def test_a_few_steps_are_told_one_by_one_and_so_is_where_a_run_goes_round() -> None:
    """Nine are a few; a block does not reach over the step from which it goes on for ever."""
    engine = fsm.compile(DOOR)
    few, many = (replay(engine, [(Enter(), 0)] * times) for times in (9, 20))

    assert 9 == len(lines(0, few.steps))
    assert ["1-10", "11-20"] == [line.split()[0] for line in lines(0, many.steps, loop=10)[:2]]
