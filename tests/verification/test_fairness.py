"""What callers owe events: justice and compassion, to whomever an event names or to each by itself; and claims about each instance."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    DefinitionError,
    Field,
    Machine,
    Property,
    Rule,
    State,
    System,
    as_system,
    compassion,
    compile,
    each,
    event,
    inside,
    justice,
    leads_to,
    one,
    wire,
)
from fsm.canonical import read, write
from fsm.language.properties import Fairness, Modality
from fsm.patterns import observed, response
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.changes.claims import Change, changes_of
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section
from fsm.verification.checker.replays.runs import Run
from fsm.verification.checker.solver import InProcess
from fsm.verification.promela import promela
from fsm.verification.search.fair import cycles
from fsm.verification.search.fair.cycles import Asked, find_cycle
from fsm.verification.search.fair.owed import put_off

away, waiting, seen = State("away"), State("waiting"), State("seen")


@event
class Come:
    who: Field[str]


@event
class See:
    who: Field[str]


@event
class Go:
    who: Field[str]
    by: Field[str]


@event
class Enter:
    pass


@event
class Turn:
    pass


@event
class Leave:
    pass


PERSON = Machine(
    "person",
    (away, waiting, seen),
    away,
    (away.on(Enter).to(waiting), waiting.on(Turn).to(seen), seen.on(Leave).to(away)),
)
Says = Callable[[Any], Property]


def ward(*says: Says, many: int = 2) -> System:
    """People wait for one doctor, who sees one at a time."""
    people = each("people", PERSON, key="who", at_most=many)
    return System(
        "ward",
        (people,),
        (
            wire(Come, people[Come.who].by(Enter)),
            wire(See, people[See.who].by(Turn)),
            wire(Go, people[Go.who].by(Leave)),
        ),
        rules=(Rule("one at a time", on=See, when=people.none(seen)),),
        properties=tuple(say(people) for say in says),
    )


def each_is_seen(*fair: Any) -> Says:
    return lambda people: leads_to("who waits is seen", inside(waiting), inside(seen), each=people, fair=fair)


def somebody_is_seen(*fair: Any) -> Says:
    return lambda people: leads_to("somebody is seen", people.any(waiting), people.any(seen), fair=fair)


def verdict(target: Any) -> Verdict:
    return verify(target, definition=False).verdicts[-1]


# What it means


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        pytest.param(each_is_seen(Go, compassion(See.who)), Proved, id="she can be seen again and again"),
        pytest.param(each_is_seen(Go, justice(See.who)), Refuted, id="she cannot while another is"),
        pytest.param(each_is_seen(Go, See), Refuted, id="somebody is seen, always another"),
        pytest.param(each_is_seen(Go, compassion(See)), Refuted, id="however strongly"),
        pytest.param(each_is_seen(compassion(See.who)), Refuted, id="who is seen need never go"),
        pytest.param(each_is_seen(Go), Refuted, id="nobody need be seen"),
        pytest.param(each_is_seen(justice(Go.who), compassion(See.who)), Unknown, id="the other one is owed to go"),
        pytest.param(somebody_is_seen(compassion(See)), Proved, id="compassion is justice, by a rank"),
        pytest.param(somebody_is_seen(justice(Go.who)), Refuted, id="that they go does not help"),
        pytest.param(
            somebody_is_seen(justice(See.who)), Unknown, id="what each is owed proves what is claimed of each"
        ),
    ],
)
def test_who_is_owed_what_decides_who_is_seen(say: Says, kind: type[Verdict]) -> None:
    """Two people and one doctor: each is seen where each is owed compassion by itself, and whoever is seen goes."""
    found = verdict(ward(say))

    assert isinstance(found, kind), found


def test_one_who_is_alone_is_owed_justice_alone() -> None:
    """Nobody is in her way: while she waits she can be seen."""
    assert isinstance(verdict(ward(each_is_seen(justice(See.who)), many=1)), Proved)


def test_while_there_is_no_instance_the_formulas_speak_of_one_as_at_the_start() -> None:
    """Nobody comes, as nobody need; those who do are owed nothing. Who comes is away before."""

    def comes(*fair: Any) -> Says:
        return lambda people: leads_to("who is away comes", inside(away), inside(waiting), each=people, fair=fair)

    assert isinstance(verdict(ward(comes(justice(Come)))), Refuted)
    assert isinstance(verdict(ward(comes(See, Go, compassion(Come.who)))), Proved)


def test_a_run_that_refutes_gives_everybody_what_is_owed() -> None:
    """Also those who are not on it: each of infinitely many is owed to come, so none of finitely many names is a run."""
    found = verdict(ward(each_is_seen(Go, justice(See.who), compassion(Come.who))))

    assert isinstance(found, Unknown)
    assert "none that gives all others what they are owed" in found.hint


def test_the_page_says_who_waits_for_ever() -> None:
    found = verdict(ward(each_is_seen(Go, justice(See.who))))

    assert isinstance(found, Refuted) and found.trace is not None
    assert "and w-1 never comes to it, replayed" in found.argument
    assert [type(step.given).__name__ for step in found.trace.steps[found.trace.loop :]] == [
        "Come",
        "See",
        "NoneType",
        "Go",
    ]


idle, ringing, picked = State("idle"), State("ringing"), State("picked")


@event
class Ring:
    pass


@event
class Stop:
    pass


@event
class Take:
    pass


@event
class Over:
    """Sent by time."""


LINES = (idle.on(Ring).to(ringing), ringing.on(Stop).to(idle), ringing.on(Take).to(picked))


def phone(*fair: Any, lines: Any = LINES) -> Machine:
    return Machine(
        "phone",
        (idle, ringing, picked),
        idle,
        lines,
        properties=(leads_to("taken", inside(idle), inside(picked), fair=fair),),
    )


def test_a_call_that_stops_again_and_again_is_taken_with_compassion_alone() -> None:
    """Taking it never stays possible."""
    assert isinstance(verdict(phone(Ring, compassion(Take))), Proved)
    assert isinstance(verdict(phone(Ring, Take)), Refuted)
    assert isinstance(verdict(phone(compassion(Take))), Refuted)


def test_where_guards_measure_time_no_run_that_owes_compassion_is_told() -> None:
    """What can be taken for an instant while time passes is not seen; justice is told."""
    lines = (
        idle.on(Ring).to(ringing),
        ringing.after(20, Over).to(idle),
        ringing.on(Take).when(ELAPSED == 7).to(picked),
    )

    assert isinstance(verdict(phone(Ring, compassion(Take), lines=lines)), Unknown)
    assert isinstance(verdict(phone(Ring, Take, lines=lines)), Refuted)


def test_timers_bring_round_what_is_owed_compassion() -> None:
    """The run is told with timers on it: it rings, and before it can be taken it stops."""
    lines = (idle.on(Ring).to(ringing), ringing.after(20, Over).to(idle), picked.on(Take).to(idle))

    assert isinstance(verdict(phone(Ring, compassion(Take), lines=lines)), Refuted)


# All the ways round, looked at by subsets

STATES, EVENTS = (idle, ringing, picked, State("gone")), (Ring, Stop, Take)


def keeps_away(edges: dict[Any, dict[Any, Any]], start: set[Any], goal: set[Any], fair: tuple[Fairness, ...]) -> bool:
    """Whether some set of states away from the goal is met after the premise, is strongly connected, and owes nothing: every set is tried."""
    inner = [one for one in edges if one not in goal]
    sets = chain.from_iterable(combinations(inner, many) for many in range(1, len(inner) + 1))
    after = _reach(edges, {one for one in _reach(edges, {idle}, set()) if one in start and one not in goal}, goal)
    for group in map(set, sets):
        within = {one: {kind: to for kind, to in edges[one].items() if to in group} for one in group}
        if not group <= after or any(_reach(within, {one}, set()) != group for one in group):
            continue
        taken = {kind for one in group for kind in within[one]}
        owing = [
            one
            for one in fair
            if one.event not in taken and (any if one.strong else all)(one.event in edges[state] for state in group)
        ]
        if not owing:
            return True
    return False


def _reach(edges: dict[Any, dict[Any, Any]], begin: set[Any], without: set[Any]) -> set[Any]:
    found, queue = set(begin), list(begin)
    for state in queue:
        for to in edges[state].values():
            if to not in found and to not in without:
                found.add(to)
                queue.append(to)
    return found


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    lines=st.dictionaries(
        st.tuples(st.sampled_from(STATES), st.sampled_from(EVENTS)), st.sampled_from(STATES), min_size=4
    ),
    start=st.sets(st.sampled_from(STATES), min_size=1, max_size=2),
    goal=st.sets(st.sampled_from(STATES), min_size=1, max_size=2),
    strong=st.sets(st.sampled_from(EVENTS)),
    weak=st.sets(st.sampled_from(EVENTS)),
)
def test_a_fair_run_is_found_exactly_where_some_set_of_states_owes_nothing(
    lines: Any, start: Any, goal: Any, strong: Any, weak: Any
) -> None:
    """On any table of transitions, against all sets of its states; and the checker sees it in all there is, too."""
    table = tuple(source.on(kind).to(target) for (source, kind), target in sorted(lines.items(), key=repr))
    used = [kind for kind in EVENTS if any(kind is other for _, other in lines)]
    fair = (*compassion(*(kind for kind in used if kind in strong)), *justice(*(kind for kind in used if kind in weak)))
    claim = leads_to("it comes", inside(*sorted(start, key=repr)), inside(*sorted(goal, key=repr)), fair=fair)
    machine = Machine("any", STATES, idle, table, properties=(claim,))
    edges = {state: {kind: to for (source, kind), to in lines.items() if source is state} for state in STATES}

    system = as_system(machine)
    found = find_cycle(compile(system), Asked.by(system.properties[0]))
    wrong = keeps_away(edges, start, goal, fair)

    assert wrong == (found.trace is not None)
    assert wrong == bool(checked(machine, Evidence("ENUMERATION", snapshots=found.snapshots)))


# The checker


def checked(subject: Machine | System, evidence: Evidence, claim: int = 0) -> str:
    """Why the checker does not take the evidence for the claim."""
    session = Session(read_declaration(write(subject)), InProcess())
    return session.outcomes({}, Section((), {f"claim {claim}": evidence}))[f"claim {claim}"].why


def sent(place: int) -> Callable[..., tuple[int, int, tuple[int, ...]]]:
    """An event as a run has it, by its place in the form: at an instant, with the numbers of its fields."""
    return lambda at, *fields: (at, place, fields)


COME, SEE, GO = map(sent, (3, 4, 5))
OTHERS = (COME(0, 1), COME(0, 2), SEE(0, 2), (2, None, ()), GO(2, 2, 9))
STAYS = (COME(0, 1), COME(0, 2), SEE(0, 2), (2, None, ()))


@pytest.mark.parametrize(
    ("say", "steps", "shown"),
    [
        pytest.param(each_is_seen(Go, justice(See.who)), (*OTHERS, COME(2, 2)), True, id="another is seen in between"),
        pytest.param(each_is_seen(Go, compassion(See.who)), (*OTHERS, COME(2, 2)), False, id="she could have been, again and again"),
        pytest.param(each_is_seen(Go, compassion(See)), (*OTHERS, COME(2, 2)), True, id="somebody was"),
        pytest.param(each_is_seen(compassion(See.who)), STAYS, True, id="nobody can be"),
        pytest.param(each_is_seen(Go, compassion(See.who)), STAYS, False, id="the other one is owed to go"),
        pytest.param(each_is_seen(justice(Come.who)), STAYS, True, id="nobody can come"),
        pytest.param(each_is_seen(justice(Come.who)), (COME(0, 1), (2, None, ())), False, id="all others are owed to come"),
        pytest.param(each_is_seen(justice(See.who)), (COME(0, 1), (2, None, ())), False, id="she can be seen all the time"),
        pytest.param(each_is_seen(), (COME(0, 1), (2, None, ())), True, id="nothing is owed"),
        pytest.param(each_is_seen(), (COME(0, 1), SEE(0, 1), (2, None, ())), False, id="she is seen"),
    ],
)  # fmt: skip
def test_a_run_is_taken_for_fair_where_everybody_has_what_is_owed(say: Says, steps: Any, *, shown: bool) -> None:
    """Those on the way round, and those who are nowhere on it."""
    assert shown is (not checked(ward(say), Evidence("RUNS", runs=(Run((), steps),), refuted=True)))


@pytest.mark.parametrize(
    "say", [each_is_seen(Go, justice(See.who)), each_is_seen(Go, See), each_is_seen(compassion(See.who))]
)
def test_all_there_is_shows_nothing_where_a_fair_run_keeps_one_away(say: Says) -> None:
    assert checked(ward(say), Evidence("ENUMERATION", snapshots=10)) == "it is not so in all there is"
    assert not checked(ward(each_is_seen(Go, compassion(See.who))), Evidence("ENUMERATION", snapshots=10))


def test_what_is_owed_to_each_lowers_no_rank() -> None:
    """A stranger says that a rank falls with an event that is owed to each by itself."""
    evidence = Evidence("PROGRESS", weights={}, lowered_by=("lowers:1",), pending=("premise",))

    assert checked(ward(somebody_is_seen(compassion(See.who))), evidence)


# As it is written


def test_what_is_owed_is_read_back_and_an_event_alone_stays_a_number() -> None:
    claims = ward(
        each_is_seen(Go, justice(See.who), compassion(Come)),
        lambda people: leads_to("plain", people.any(), people.none(), fair=(Go, justice(Go))),
    )
    again = read(write(claims))
    assert isinstance(again, System)
    first, second = again.properties

    assert first.modality is Modality.EACH_LEADS_TO and write(again) == write(claims)
    assert [str(one) for one in first.fair] == ["go", "justice towards see of each who", "compassion towards come"]
    assert [str(one) for one in second.fair] == ["go"]


@pytest.mark.parametrize(
    ("owed", "why"),
    [
        (lambda: ward(each_is_seen(justice(Go.by))), "go.by names no instance"),
        (lambda: ward(each_is_seen(compassion(Turn))), "turn is not sent by callers"),
        (lambda: compassion("see"), "is not an event"),
        (lambda: leads_to("x", inside(idle), inside(idle), each=5), "is no part made by each"),  # type: ignore[arg-type]
        (lambda: System("s", (one("p", PERSON),), properties=(leads_to("x", inside(idle), inside(idle), each=each("q", PERSON, key="who")),)), "q"),
    ],
)  # fmt: skip
def test_what_nobody_can_be_owed_is_refused(owed: Callable[[], Any], why: str) -> None:
    with pytest.raises(DefinitionError, match=why):
        owed()


def test_more_that_is_owed_makes_a_claim_weaker() -> None:
    """Compassion is justice and more; to each by itself is another matter."""

    def change(one: tuple[Any, ...], other: tuple[Any, ...]) -> Change:
        return changes_of(ward(each_is_seen(*one)), ward(each_is_seen(*other)))[0].change

    assert change((See,), (compassion(See),)) is Change.WEAKENED
    assert change((compassion(See),), (See,)) is Change.STRENGTHENED
    assert change((See,), (justice(See.who),)) is Change.INCOMPARABLE
    assert change((See,), (See,)) is Change.EQUIVALENT


# What others say of it


def test_spin_is_told_of_events_by_class_that_are_owed_justice() -> None:
    """What else is owed is left out of the model, and said in it."""
    text = promela(ward(each_is_seen(Go), somebody_is_seen(compassion(See))))

    assert "the claim 'who waits is seen': it follows one of many instances." in text
    assert "what is owed an event by compassion, or by each instance, is not written." in text
    assert "owed" not in promela(ward(somebody_is_seen(justice(See))))


def test_patterns_are_owed_what_claims_are() -> None:
    """A call is answered in the end where answering it is owed compassion."""
    machine = Machine("phone", (idle, ringing, picked), idle, LINES)

    def says(*fair: Any) -> Machine:
        return observed(machine, response("answered", inside(idle), inside(picked), fair=fair))

    assert isinstance(verdict(says(Ring, compassion(Take))), Proved)
    assert isinstance(verdict(says(Ring, Take)), Refuted)


# The tool checked


def test_a_run_that_owes_somebody_something_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what is possible is forgotten where it is looked for, and the run is asked again."""
    monkeypatch.setattr(cycles._Graph, "_fair_groups", lambda self, region: iter([frozenset(region)][:1]))
    system = as_system(phone(Ring, compassion(Take)))
    found = None
    with pytest.raises((AssertionError, StopIteration)):
        found = find_cycle(compile(system), Asked.by(system.properties[0]))

    assert found is None


def test_what_a_run_puts_off_is_named() -> None:
    found = verdict(ward(each_is_seen(Go, justice(See.who))))
    assert isinstance(found, Refuted) and found.trace is not None
    engine = compile(ward(each_is_seen(Go)))

    assert put_off(engine, found.trace, justice(Go, See.who)) is None
    assert str(put_off(engine, found.trace, compassion(See.who))) == "compassion towards see of each who"
    assert put_off(engine, found.trace, justice(Come.who)) is None
