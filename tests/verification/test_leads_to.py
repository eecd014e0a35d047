"""`leads_to`: what must come in the end, on every run that puts no fair event off for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    BadInput,
    DefinitionError,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    as_system,
    before,
    compile,
    each,
    effect,
    emitted,
    event,
    inside,
    integer,
    justice,
    leads_to,
    one,
    parameter,
    wire,
)
from fsm.command.invocation.target import resolve
from fsm.language.expressions import Const
from fsm.storage import trace_in, trace_out
from fsm.traces import Trace, replay
from fsm.traces.lasso import for_ever, shifted
from fsm.verification import Proved, Refuted, Unknown, Verdict, render, verify
from fsm.verification import solver as ask
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.terms import TRUE
from fsm.verification.engines.induction import Induction
from fsm.verification.engines.ranks import pending, progress
from fsm.verification.engines.ranks.progress import ProgressProof, show_progress
from fsm.verification.report import section_of
from fsm.verification.search.fair import cycles as fair_cycles
from fsm.verification.search.fair.cycles import Asked, find_cycle
from fsm.verification.solver import Asker, GaveUp
from fsm.verification.testing import stateful

REGRESSION = Path(__file__).parents[1] / "regression"
idle, ringing, missed, taken = State("idle"), State("ringing"), State("missed"), State("taken")


@event
class Ring:
    pass


@event
class Take:
    pass


@event
class Drop:
    pass


@event
class Miss:
    """Sent by time."""


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


@effect
class Rang:
    pass


LINES = (
    idle.on(Ring).to(ringing),
    ringing.on(Take).to(taken),
    ringing.after(20_000, Miss).to(missed),
    (taken | missed).on(Drop).to(idle),
)


def bell(*claims: Any, lines: Any = LINES, **more: Any) -> Machine:
    return Machine("bell", (idle, ringing, missed, taken), idle, lines, properties=claims, **more)


def verdict(target: Any) -> Verdict:
    return verify(target, definition=False).verdicts[-1]


def refuted(target: Any) -> Trace:
    found = verdict(target)
    assert isinstance(found, Refuted) and found.trace is not None, found
    return found.trace


def visitors(goal_many: int, **more: Any) -> System:
    """Visitors in one room, who come and go; the last one stays until another has come."""
    away, here = State("away"), State("here")
    visitor = Machine("visitor", (away, here), away, (away.on(Ring).to(here), here.on(Drop).to(away)))
    room = each("room", visitor, key="who")
    return System(
        "room",
        (room,),
        (wire(Come, room[Come.who].by(Ring)), wire(Go, room[Go.who].by(Drop))),
        rules=(
            Rule("no more than two", on=Come, when=room.count() < 2),
            Rule("never empty", on=Go, when=room.count() > 1),
        ),
        properties=(leads_to("somebody stays", room.any(), room.count() >= goal_many, **more),),
    )


# What it means


def test_a_timer_that_runs_fires_in_the_end() -> None:
    """No event is fair, and none needed: who does not take the call has missed it, whoever rings beside it."""
    found = verdict(bell(leads_to("a bell is heard or missed", inside(ringing), inside(missed, taken))))

    assert isinstance(found, Proved)
    assert "waiting" in found.argument and "lowers a rank" in found.argument


def test_an_event_that_is_not_fair_may_never_be_sent() -> None:
    """The run waits for ever; the runtime takes it, and it returns to the same snapshot but for the time."""
    trace = refuted(bell(leads_to("a bell is dropped", inside(missed, taken), inside(idle))))

    assert [None if step.event is None else type(step.event) for step in trace.steps] == [Ring, Take, None]
    assert 2 == trace.loop
    engine = compile(bell())
    assert shifted(compile(as_system(bell())), trace.steps[2].before) == shifted(engine, trace.last)


def test_an_event_that_is_fair_is_sent_in_the_end() -> None:
    assert isinstance(
        verdict(bell(leads_to("a bell is dropped", inside(missed, taken), inside(idle), fair=Drop))), Proved
    )


def test_a_run_on_which_no_time_passes_does_not_last_for_ever() -> None:
    """Ringing off and on at one instant would keep the timer from firing, were time to stand still; that is no run."""
    off = (
        idle.on(Ring).to(ringing),
        ringing.on(Drop).to(idle),
        ringing.after(20_000, Miss).to(missed),
        missed.on(Take).stay(),
    )
    trace = refuted(bell(leads_to("a bell is missed in the end", inside(ringing), inside(missed)), lines=off))

    assert trace.loop is not None and trace.steps[trace.loop].before.now < trace.last.now


def test_fairness_is_by_class_and_says_nothing_of_one_instance() -> None:
    """Two come and go in turn, each step another one; the room has never three, though all is fair."""
    trace = refuted(visitors(3, fair=(Come, Go)))

    assert {Come, Go} <= {type(step.event) for step in trace.steps[trace.loop :]}


def test_a_run_that_returns_up_to_names_goes_round_until_the_same_keys_are_back() -> None:
    """`c-1` is replaced by `c-2` and `c-2` by `c-1`: one way round changes the name, two bring it back."""
    trace = refuted(visitors(3, fair=(Come, Go)))

    assert trace.loop is not None
    assert dict(trace.steps[trace.loop].before["room"]).keys() == dict(trace.last["room"]).keys()


def test_a_run_refutes_it_where_an_instance_is_looked_for_that_never_comes() -> None:
    assert isinstance(verdict(visitors(1)), Proved)


def test_what_has_a_rank_is_proved_for_every_limit() -> None:
    """The shop of the regression machines: one service for who is served, two for who waits."""
    report = verify(resolve(f"{REGRESSION / 'proved' / 'draining_fair.py'}:SUBJECT"), definition=False)
    found = report.verdicts[-1]

    assert isinstance(found, Proved)
    assert "2 × customers waiting + 1 × customers served" in found.argument
    assert "every value of places and any number of customers" == found.covers
    assert ("nobody comes in after closing", "the shop opens empty") == found.rules


def test_of_a_profile_that_fixes_every_parameter_enumeration_says_which() -> None:
    """Peterson's protocol has no such rank; what is enumerated holds for the values that it was enumerated for."""
    system = resolve(f"{REGRESSION / 'proved' / 'peterson_fair.py'}:SUBJECT")
    extra = parameter("extra", int, 3, low=0)
    widened = attrs.evolve(system, parameters=(extra,))  # type: ignore[type-var]  # a system

    (found,) = [decide(Prover(widened, {"extra": 3}), claim) for claim in widened.properties[-1:]]  # type: ignore[union-attr]
    (open_,) = [decide(Prover(widened), claim) for claim in widened.properties[-1:]]  # type: ignore[union-attr]

    assert isinstance(found, Proved) and "extra = 3" == found.covers
    assert isinstance(open_, Unknown)


# What is refused, and what stays open


def test_who_is_fair_is_an_event_that_callers_send() -> None:
    with pytest.raises(DefinitionError, match="miss is not sent by callers"):
        bell(leads_to("missed", inside(ringing), inside(missed), fair=Miss))
    with pytest.raises(DefinitionError, match="come is not sent by callers"):
        bell(leads_to("missed", inside(ringing), inside(missed), fair=(Take, Come)))
    with pytest.raises(DefinitionError, match="is not an event"):
        leads_to("missed", inside(ringing), inside(missed), fair=int)


def test_no_formula_reads_the_time_in_state_or_a_step() -> None:
    with pytest.raises(DefinitionError, match="the time in state"):
        bell(leads_to("long", inside(ringing) & (ELAPSED > 5), inside(missed)))
    with pytest.raises(DefinitionError):
        bell(leads_to("a step", before(inside(ringing)), after(inside(missed))))


def test_a_formula_that_counts_effects_is_proved_by_a_rank_or_open() -> None:
    """How often something was emitted only grows, so no run returns to where it was."""
    rings = (idle.on(Ring).to(ringing).emits(Rang), *LINES[1:])
    found = verdict(bell(leads_to("rung twice", inside(taken), emitted(Rang) >= 2, fair=(Ring,)), lines=rings))

    assert isinstance(found, Unknown) and "counts effects" in found.hint


def test_more_snapshots_than_the_budget_are_not_called_all(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = compile(visitors(1))

    assert find_cycle(engine, Asked(Const(True), Const(True)), budget=2).complete is False
    assert find_cycle(engine, Asked(Const(True), Const(True)), budget=3).complete is True


def test_what_cannot_be_encoded_is_still_searched() -> None:
    """A number without end in each of many: no rank, but a run that goes round."""
    away, here, many = State("away"), State("here"), integer("many", 0, None)
    guest = Machine(
        "guest",
        (away, here),
        away,
        (away.on(Ring).to(here), here.on(Take).stay().set(many, many), here.on(Drop).to(away)),
        variables=(many,),
    )
    guests = each("guests", guest, key="who", at_most=1)
    claim = leads_to("the guest goes", guests.any(), guests.none())
    system = System(
        "inn",
        (guests,),
        (wire(Come, guests[Come.who].by(Ring)), wire(Go, guests[Go.who].by(Drop))),
        properties=(claim,),
    )

    assert 2 == len(refuted(system).steps)


def test_an_assumption_that_rules_a_profile_out_leaves_nothing_to_search() -> None:
    system = visitors(3)
    (claim,) = system.properties
    prover = Prover(system)
    prover.engine = lambda profile: (_ for _ in ()).throw(BadInput("profile", "is ruled out"))  # type: ignore[method-assign]

    assert isinstance(decide(prover, claim), Unknown)


def test_a_timer_of_one_among_many_leads_on_and_others_may_come_meanwhile() -> None:
    """Once nobody rings any more who rings is missed in the end: a timer of any of them lowers the rank, for any number."""
    caller = Machine(
        "caller",
        (idle, ringing, missed),
        idle,
        (idle.on(Ring).to(ringing), ringing.after(20_000, Miss).to(missed), missed.on(Drop).to(idle)),
    )
    callers = each("callers", caller, key="who")
    line = one("line", Machine("line", (idle, taken), idle, (idle.on(Take).to(taken),)))
    system = System(
        "lines",
        (line, callers),
        (wire(Come, callers[Come.who].by(Ring)), wire(Go, callers[Go.who].by(Drop))),
        rules=(Rule("nobody rings when the line is taken", on=Come, when=line.inside(idle)),),
        properties=(leads_to("nobody rings in the end", line.inside(taken), callers.none(ringing)),),
    )
    found = verdict(system)

    assert isinstance(found, Proved)
    assert "until then waiting stays possible" in found.argument and "1 × callers ringing" in found.argument


def test_a_timer_that_starts_anew_may_never_fire() -> None:
    """Each knock begins the twenty seconds again."""
    knock = (idle.on(Ring).to(ringing), ringing.on(Take).to(ringing), ringing.after(20_000, Miss).to(missed))
    trace = refuted(bell(leads_to("missed", inside(ringing), inside(missed)), lines=knock))

    assert Take in [type(step.event) for step in trace.steps[(trace.loop or 0) :]]


def test_where_a_run_gets_lost_nothing_is_shown_and_nothing_is_called_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a step of the cycle has nothing like it among the steps of a snapshot that was taken for the same."""

    class Forgetful(fair_cycles._Graph):
        def unrolled(self, *way: Any) -> Trace:
            self._steps = lambda *given: iter(())  # type: ignore[method-assign]
            return super().unrolled(*way)

    monkeypatch.setattr(fair_cycles, "_Graph", Forgetful)
    engine = compile(bell())
    found = find_cycle(engine, Asked(inside_part(engine, ringing), inside_part(engine, idle)))

    assert (None, False) == (found.trace, found.complete)


# The tool checked


@pytest.mark.parametrize("number", range(40))
def test_a_solver_that_gives_up_leaves_it_open_or_to_enumeration(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Each question in turn: what was proved by a rank is proved or unknown, never refuted."""
    shop = resolve(f"{REGRESSION / 'proved' / 'draining_fair.py'}:SUBJECT")
    real, asked = Asker.ask, iter(range(1_000_000))
    prover = Prover(as_system(shop))
    assert prover.induction is not None
    monkeypatch.setattr(
        ask.Asker, "ask", lambda *given, **more: GaveUp("told to") if next(asked) == number else real(*given, **more)
    )

    assert not isinstance(decide(prover, prover.system.properties[-1]), Refuted)


def test_a_run_that_does_not_return_is_no_run_for_ever() -> None:
    engine = compile(bell())
    trace = replay(engine, [(Ring(), 0), (Take(), 5), (None, 9)])

    with pytest.raises(BadInput, match="does not return to where step 1 begins"):
        for_ever(engine, trace, 0)
    with pytest.raises(BadInput, match="there is no step 3"):
        for_ever(engine, trace, 3)
    assert 2 == for_ever(engine, trace, 2).loop
    with pytest.raises(BadInput, match="no time passes"):
        for_ever(engine, replay(engine, [(Ring(), 0), (Take(), 0), (Drop(), 0)]), 0)


def test_a_lasso_that_was_not_closed_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the enumeration takes every snapshot for the same."""
    monkeypatch.setattr(fair_cycles, "shifted", lambda engine, snapshot: "the same")

    with pytest.raises(BadInput, match="does not return"):
        refuted(visitors(3, fair=(Come, Go)))


def test_a_run_that_puts_a_fair_event_off_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: every cycle is called fair."""
    monkeypatch.setattr(
        fair_cycles._Graph,
        "_fair_groups",
        lambda self, region: (
            frozenset([one]) for one in region if any(edge.waits for edge in self._within(one, {one}))
        ),
    )
    monkeypatch.setattr(
        fair_cycles._Graph,
        "_round",
        lambda self, group, entry: [edge for edge in self._inside(entry) if edge.target == entry][:1],
    )
    engine = compile(bell())

    with pytest.raises(AssertionError, match="drop is put off for ever"):
        find_cycle(engine, Asked(inside_part(engine, taken), inside_part(engine, idle), justice(Drop)))


def inside_part(engine: Any, *states: State) -> Any:
    return engine.system.parts[0].inside(*states)


SHUTTLE = bell(
    leads_to("it ends", inside(idle, taken), inside(missed), fair=(Take, Drop)),
    lines=((idle.on(Ring).to(taken)), taken.on(Ring).to(idle), idle.on(Take).to(missed), taken.on(Drop).to(missed)),
)
"""Somewhere one way out is possible, elsewhere the other, and neither stays so: who goes to and fro never leaves."""


def test_a_fair_event_that_does_not_stay_possible_need_not_be_taken() -> None:
    trace = refuted(SHUTTLE)

    assert [Ring, Ring] == [type(step.event) for step in trace.steps[(trace.loop or 0) :] if step.event is not None]


def test_a_rank_that_lets_the_way_out_close_proves_what_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: any step may keep the rank. So what it asks of such steps is what the proof rests on."""
    monkeypatch.setattr(pending.Helpful, "idles", lambda self, one, branch: TRUE)

    assert isinstance(verdict(SHUTTLE), Proved)


def test_a_premise_that_may_lapse_without_the_goal_is_not_pending_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what is pending may be left. A bell that rings then leads to one that is taken, though it may be missed."""
    claim = leads_to("taken", inside(ringing), inside(taken), fair=Take)
    assert isinstance(verdict(bell(claim)), Refuted)
    monkeypatch.setattr(progress.Pending, "_greatest", lambda self, candidates: {progress.PREMISE: self.start})

    assert isinstance(verdict(bell(claim)), Proved)


STATES = (idle, ringing, missed, taken)
EVENTS = (Ring, Take, Drop)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.dictionaries(
        st.tuples(st.sampled_from(STATES), st.sampled_from(EVENTS)), st.sampled_from(STATES), min_size=3
    ),
    start=st.sets(st.sampled_from(STATES), min_size=1, max_size=2),
    goal=st.sets(st.sampled_from(STATES), min_size=1, max_size=2),
    fair=st.sets(st.sampled_from(EVENTS)),
)
def test_a_rank_and_a_fair_cycle_never_contradict_each_other(lines: Any, start: Any, goal: Any, fair: Any) -> None:
    """On any table of transitions: where a rank is found no fair run keeps away, and the other way round something is always found."""
    table = tuple(source.on(kind).to(target) for (source, kind), target in sorted(lines.items(), key=repr))
    known = tuple(kind for kind in EVENTS if kind in fair and any(kind is used for _, used in lines))
    claim = leads_to("it comes", inside(*sorted(start, key=repr)), inside(*sorted(goal, key=repr)), fair=known)
    system = as_system(bell(claim, lines=table))
    (said,) = system.properties
    induction = Prover(system).induction
    assert said.premise is not None and isinstance(induction, Induction)

    shown = show_progress(induction, said.premise, said.formula, said.fair, waits=False)
    found = find_cycle(compile(system), Asked.by(said))

    assert found.complete
    assert not (isinstance(shown, ProgressProof) and found.trace is not None)


# Told


def test_the_page_names_where_it_goes_round() -> None:
    report = verify(bell(leads_to("a bell is dropped", inside(missed, taken), inside(idle))), definition=False)

    assert "and so on for ever, from step 3 again" in render([section_of(report)])


def test_a_run_that_goes_round_travels_as_json_and_is_replayed() -> None:
    machine = bell(leads_to("a bell is dropped", inside(missed, taken), inside(idle)))
    trace = refuted(machine)
    engine = compile(machine)
    data = json.loads(json.dumps(trace_out(engine, trace)))

    assert trace == trace_in(engine, data)
    with pytest.raises(BadInput, match="does not return"):
        trace_in(engine, data | {"loop": 0})


def test_derived_tests_leave_it_out_since_no_finite_run_breaks_it() -> None:
    """A claim that is refuted does not fail a derived test."""
    machine = bell(leads_to("a bell is dropped", inside(missed, taken), inside(idle)))
    plan = stateful(machine).plan

    assert plan.play(0, [(Ring(), 0), (Take(), 1), (None, 1_000_000)]) is None


def test_a_stay_that_a_guard_measures_is_the_same_only_when_nothing_can_tell() -> None:
    """Compared with a constant, it is measured up to it; with a variable, up to the most that it can be; with one that has no end, without end."""
    limit, endless = integer("limit", 0, 9), integer("endless", 0, None)

    def measured(guard: Any) -> list[bool]:
        machine = Machine(
            "watch", (idle, taken), idle, (idle.on(Take).when(guard).to(taken),), variables=(limit, endless)
        )
        engine = compile(machine)
        start = engine.start(0)
        return [
            shifted(engine, engine.advance(start, at).after) == shifted(engine, engine.advance(start, 50).after)
            for at in (10, 20)
        ]

    assert [False, True] == measured(ELAPSED > 15)
    assert [True, True] == measured(ELAPSED > limit)
    assert [False, False] == measured(ELAPSED > 5 * limit)
    assert [False, False] == measured(ELAPSED > endless)


def test_two_parts_go_round_together() -> None:
    """A run may need more than one way: here each of two events is taken, and time passes."""
    left, right = (
        one(name, Machine(name, (idle, taken), idle, lines))
        for name, lines in (
            ("left", (idle.on(Ring).to(taken), taken.on(Drop).to(idle))),
            ("right", (idle.on(Take).stay(),)),
        )
    )
    claim = leads_to("never", left.inside(idle), Const(False) & left.inside(taken), fair=(Ring, Drop, Take))
    trace = refuted(System("pair", (left, right), properties=(claim,)))

    assert {Ring, Drop, Take} <= {type(step.event) for step in trace.steps[trace.loop :]}
