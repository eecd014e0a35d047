"""What a newer declaration does against an older one: the shortest run that tells them apart, or the proof that none does.

The tables are written by hand; on machines drawn at random the walk, the solver and both runtimes must say the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from fsm import (
    Engine,
    EventRefused,
    Field,
    Machine,
    NamedProfile,
    Snapshot,
    State,
    Step,
    System,
    applied,
    choose,
    effect,
    event,
    integer,
    one,
    parameter,
)
from fsm.canonical.reading import read
from fsm.canonical.writing import write
from fsm.desk import AGENT, DESK, TILE
from fsm.desk.later.versions import VERSIONS
from fsm.language.composition import as_system, with_machine
from fsm.language.expressions import Const
from fsm.runtime.engine import prepare
from fsm.verification.changes.alignment import aligned
from fsm.verification.changes.behaviour import Behaviour, behaviour
from fsm.verification.changes.clocks import Clocks
from fsm.verification.changes.pairing import NoSuchName, paired, with_names
from fsm.verification.changes.refinement import refined
from fsm.verification.changes.replaying import DoesNotReplay, replayed
from fsm.verification.changes.snapshots import snapshot_changes
from fsm.verification.changes.walk import Kind, walk_both
from fsm.verification.mutants.generate import mutants_of


@event
class Go:
    pass


@event
class Back:
    pass


@event
class Tick:
    pass


@event
class Say:
    text: Field[str]
    other: Field[str]


@effect
class Rang:
    times: int


@effect
class Said:
    text: str


a, b, c = State("a"), State("b"), State("c")
n, u = integer("n", 0, 3), integer("u", 0, None)
most = parameter("most", int, 2, low=0, high=2)
huge = parameter("huge", int, 5, low=0)


def machine(*lines: Any, states: tuple[State, ...] = (a, b), **other: Any) -> Machine:
    return Machine("m", states, a, lines, **other)


GO, BACK = a.on(Go).to(b), b.on(Back).to(a)
PLAIN = machine(GO, BACK)
TIMED = machine(GO, BACK, b.after(5000, Tick).to(a))


def limited(limit: Any) -> Machine:
    """Counts as far as a limit."""
    return machine(a.on(Go).when((n < 3) & (n < limit)).stay().set(n, n + 1), states=(a,), variables=(n,))


def unlimited(limit: Any, **other: Any) -> Machine:
    """The same where what is counted has no end."""
    return machine(a.on(Go).when(u < limit).stay().set(u, u + 1), states=(a,), variables=(u,), **other)


def kinds(found: Behaviour) -> list[str]:
    return [one.kind.value for one in found.differences]


FEW = 3_000
"""Answers that are compared: what is not decided is not decided by more of them."""
LOST, GAINED, EFFECTS = "no longer taken", "newly taken", "other effects"


@pytest.mark.parametrize(
    ("old", "new", "relation", "expected"),
    [
        (PLAIN, PLAIN, "same", []),
        (PLAIN, machine(GO, BACK, a.on(Back).stay()), "OLD refines NEW", [GAINED]),
        (machine(GO, BACK, a.on(Back).stay()), PLAIN, "NEW refines OLD", [LOST]),
        (PLAIN, machine(a.on(Go).stay()), "different", [LOST, GAINED]),
        (PLAIN, machine(a.on(Go).to(c), c.on(Back).to(a), states=(a, c)), "same", []),
        (PLAIN, machine(a.on(Go).to(b).emits(Rang, times=1), BACK), "different", [EFFECTS]),
        (TIMED, machine(a.on(Go).to(c), c.after(2000, Tick).to(b), b.after(3000, Tick).to(a), b.on(Back).to(a), c.on(Back).to(a), states=(a, b, c)), "same", []),
        (TIMED, machine(a.on(Go).to(c), c.after(2000, Tick).to(b), b.after(4000, Tick).to(a), b.on(Back).to(a), c.on(Back).to(a), states=(a, b, c)), "different", [LOST, GAINED]),
        (TIMED, machine(GO, b.after(5000, Tick).to(a)), "NEW refines OLD", [LOST]),
        (TIMED, PLAIN, "different", [LOST, GAINED]),
        (limited(2), limited(3), "OLD refines NEW", [GAINED]),
        (limited(most), limited(most + 1), "OLD refines NEW", [GAINED]),
        (limited(most), limited(2), "same", []),  # what only one has is at its default
        (limited(most), limited(most), "same", []),
        (unlimited(1_000_000), unlimited(1_000_000), "same", []),
        (unlimited(huge), unlimited(huge), "same", []),
        (unlimited(huge), unlimited(huge + 1), "OLD refines NEW", [GAINED]),
        (unlimited(10**9), unlimited(10**9 + 1), "not decided", []),
        (machine(a.on(Say).stay().emits(Said, text=Say.text)), machine(a.on(Say).stay().emits(Said, text=Say.other)), "different", [EFFECTS]),
        (machine(a.on(Say).stay().emits(Said, text=Say.text)), machine(a.on(Say).stay().emits(Said, text="text-1")), "different", [EFFECTS]),
    ],
)  # fmt: skip
def test_a_change_is_told_by_what_it_does(old: Machine, new: Machine, relation: str, expected: list[str]) -> None:
    """And the other way round it is the opposite; a declaration read back from its canonical form does what the first does."""
    opposite = {"OLD refines NEW": "NEW refines OLD", "NEW refines OLD": "OLD refines NEW"}
    turned = {LOST: GAINED, GAINED: LOST}

    found = behaviour(old, new, budget=FEW)

    assert (relation, expected) == (found.relation.value, kinds(found))
    back = behaviour(read(write(new)), old, budget=FEW)
    assert opposite.get(relation, relation) == back.relation.value
    assert {turned.get(kind, kind) for kind in expected} == set(kinds(back))


def test_what_is_shown_one_way_is_told_where_the_other_is_open() -> None:
    """A limit that is raised where no run comes takes no run away; that it adds none is not known."""
    found = behaviour(unlimited(10**9), unlimited(10**9 + 1), budget=FEW)

    assert (True, None, False, None) == (found.old_in_new, found.new_in_old, found.lost, found.gained)


@pytest.mark.parametrize(("old", "new"), [(limited(most), limited(2)), (limited(2), limited(most))])
def test_a_parameter_that_one_alone_has_is_told_with_its_value(old: Machine, new: Machine) -> None:
    """What is the same is so under that value."""
    found = behaviour(old, new, budget=FEW)

    assert ("same", True) == (
        found.relation.value,
        "with most = 2, the default, since one of them alone has it" in found.why,
    )


def set_to(kind: Any, default: Any, **bounds: Any) -> Machine:
    """Counts as far as a parameter says; a switch counts to two where it is on."""
    param = parameter("most", kind, default, **bounds)
    return limited(param if kind is int else choose(param, 2, 1))


def test_another_default_is_told_where_nobody_sets_the_parameter() -> None:
    """Every run is one of both under each value, and who sets none has others; a profile that sets it has not."""
    old, new = set_to(int, 2, low=1, high=3), set_to(int, 1, low=1, high=3)
    set_by = [NamedProfile("set", {"most": 3})] * 2

    found = behaviour(old, new, budget=FEW)
    of_profiles = behaviour(
        *(attrs.evolve(one, profiles=(set_by[0],)) for one in (old, new)),
        old_profile=set_by[0],
        new_profile=set_by[1],
        budget=FEW,
    )

    assert ("same", "same") == (found.relation.value, of_profiles.relation.value)
    assert "where nobody sets most it is 1, and was 2" in found.why
    assert "where nobody sets" not in of_profiles.why


def patient(**bounds: Any) -> Machine:
    """Waits as long as a parameter says."""
    return machine(GO, b.after(parameter("most", int, 2, **bounds), Tick).to(a))


@pytest.mark.parametrize(
    ("old", "new", "relation", "expected"),
    [
        (set_to(int, 1, low=1, high=2), set_to(int, 1, low=1, high=9), "OLD refines NEW", [(GAINED, 3)]),
        (set_to(int, 1, low=1, high=2), set_to(int, 2, low=2, high=3), "different", [(GAINED, 3)]),
        (set_to(int, 2, low=0, high=2), set_to(int, 1, low=1, high=2), "NEW refines OLD", []),  # none counts less far than to nought
        (patient(low=1, high=4), patient(low=1, high=7), "OLD refines NEW", []),  # who waits longer takes nothing that the others refuse
        (patient(low=2, high=4), patient(low=1, high=4), "OLD refines NEW", [(GAINED, 1)]),
        (set_to(int, 1, low=1, high=2), set_to(int, 1, low=1, high=2), "same", []),
        (set_to(int, 1, low=0, high=500), set_to(int, 1, low=0, high=900), "OLD refines NEW", []),  # too many to know what each of them takes
    ],
    ids=["wider", "moved", "narrower below", "longer", "shorter", "as before", "many"],
)  # fmt: skip
def test_a_setting_is_told_with_a_run_that_no_other_setting_takes(
    old: Machine, new: Machine, relation: str, expected: list[tuple[str, int]]
) -> None:
    """A run under a value that both allow, or that the other takes under another value, shows nothing of the setting."""
    turned = {LOST: GAINED, GAINED: LOST}
    opposite = {"OLD refines NEW": "NEW refines OLD", "NEW refines OLD": "OLD refines NEW"}

    found, back = behaviour(old, new, budget=FEW), behaviour(new, old, budget=FEW)

    assert (relation, expected) == (found.relation.value, shown(found))
    assert (opposite.get(relation, relation), [(turned[kind], value) for kind, value in expected]) == (
        back.relation.value,
        shown(back),
    )


def shown(found: Behaviour) -> list[tuple[str, int]]:
    """The kind of each difference, with the value of the parameter under which its run is taken."""
    return [(one.kind.value, dict(one.run.profile)["most"]) for one in found.differences]


@pytest.mark.parametrize(("fixed", "expected"), [(False, [(GAINED, True)]), (True, [])])
def test_a_value_that_one_version_fixes_and_the_other_leaves_open_is_a_setting(
    fixed: bool, expected: list[tuple[str, bool]]
) -> None:
    """What is newly taken is taken under the value that was ruled out; where that takes less there is no such run."""
    switched = set_to(bool, False)

    found = behaviour(switched, switched, old_profile=NamedProfile("fixed", {"most": fixed}))

    assert ("OLD refines NEW", expected) == (found.relation.value, shown(found))


def test_a_run_is_shortest_and_says_who_refuses() -> None:
    """After five seconds, and not before."""
    found = behaviour(TIMED, machine(GO, BACK, b.after(6000, Tick).to(a)))

    assert [5000, 5000] == [one.run.last.now for one in found.differences]
    assert "NEW refuses it: part m is b, where there is no go" == found.differences[0].said


def loudly(text: str) -> str:
    return text.upper()


def test_a_function_that_is_not_there_leaves_its_event_open() -> None:
    """Of a declaration that was read back nothing calls it; what other events do is compared."""
    said = a.on(Say).stay().emits(Said, text=applied(loudly, Say.text))
    old = read(write(machine(said, GO, BACK)), stand_ins=True)

    assert [LOST] == kinds(found := behaviour(old, machine(said, GO), budget=FEW))
    assert found.new_in_old is not False and found.lost


def test_what_is_said_of_a_run_is_taken_again() -> None:
    """A way that shows no difference is never told as one, whoever says so."""
    old, new = prepare(as_system(PLAIN)), prepare(as_system(machine(GO, BACK, a.on(Back).stay())))
    way = walk_both(old, new, 100).ways[Kind.GAINED]

    for kind, first, second in ((Kind.LOST, old, new), (Kind.GAINED, new, old), (Kind.EFFECTS, new, new)):
        with pytest.raises(DoesNotReplay):
            replayed(kind, way, first, second)


@pytest.mark.parametrize(
    ("version", "relation", "expected"),
    [
        ("seed", "same", []),
        ("attachments", "OLD refines NEW", [GAINED]),
        ("twenty-seconds", "different", [GAINED, EFFECTS]),
        ("next-status", "different", [GAINED, EFFECTS]),
        ("ten-chats", "different", [GAINED, EFFECTS]),
        ("speaker-change", "different", [GAINED, EFFECTS]),
        ("cross-channel", "different", [GAINED, EFFECTS]),
        ("auto-accept", "different", [GAINED, EFFECTS]),
    ],
)
def test_the_desk_of_2019_against_later_versions(version: str, relation: str, expected: list[str]) -> None:
    """Files can be sent where that is switched on; from 2021-04 an offer counts at twenty seconds, and everything later has that too."""
    new = next(one for one in VERSIONS if one.name == version)

    found = behaviour(DESK, DESK, old_profile=VERSIONS[0], new_profile=new)

    assert (relation, expected) == (found.relation.value, kinds(found))
    assert (version == "seed") == (not found.settings)


ONE_LINE = [
    ("desk", "rule 'only an available agent is offered contacts': left out", "OLD refines NEW"),
    ("desk", "rule 'nothing is offered while a status waits': not for offer_task", "same"),  # no status waits in 2019
    ("desk", "rule 'no chat while another channel is live': without 'channel = voice'", "NEW refines OLD"),
    ("desk", "rule 'a task slot is free': 'fewer than max_tasks + 1 tiles with channel = task' instead of 'fewer than max_tasks tiles with channel = task'", "OLD refines NEW"),
    ("desk", "rule 'the voice slot is free': not for offer_call", "OLD refines NEW"),
    ("desk", "rule 'no chat while another channel is live': 'not (voice_shares or no tiles offered or connected with channel = voice)' instead of 'voice_shares or no tiles offered or connected with channel = voice'", "different"),
    ("desk", "wire on offer_task: tiles by offer with channel email", "same"),  # there are no tasks
    ("desk", "wire on reject where rejected_holds or not (agent.following ≠ none and exactly 1 tiles): without 'not (agent.following ≠ none and exactly 1 tiles)'", "NEW refines OLD"),
    ("agent", "away on set_status to available when status = available: left out", "NEW refines OLD"),
    ("agent", "offline on set_status to away when status = away: to offline instead", "different"),
    ("agent", "available on set_status to away when status = away: the guard 'status = away' negated", "different"),
    ("agent", "available on plan_status to available when status = away: to offline instead", "same"),  # nothing is planned
    ("tile", "free on offer to offered when not (auto_accept and channel = chat): to after_work instead", "different"),
    ("tile", "free on dial to connected: to failed instead", "different"),
    ("tile", "missed on clear to free: left out", "NEW refines OLD"),
    ("tile", "missed on offer to offered: added, as from free", "OLD refines NEW"),
    ("tile", "offered on expire to missed: to connected instead", "different"),
    ("tile", "failed on fail to free: added, as from offered", "same"),  # whoever failed holds no slot
    ("tile", "free on offer to connected when auto_accept and channel = chat: left out", "same"),  # since 2023
    ("tile", "connected on clear to free: added, as from after_work", "OLD refines NEW"),
]  # fmt: skip


def test_twenty_changes_of_one_line_of_the_desk_of_2019() -> None:
    """Each is told for what it is; what a later version alone would show changes nothing here."""
    homes = {"desk": DESK, "agent": AGENT, "tile": TILE}
    known = {(name, mutant.name): mutant for name, home in homes.items() for mutant in mutants_of(home)}
    found = []
    for name, line, _ in ONE_LINE:
        declared = known[name, line].declared()
        assert declared is not None
        new = declared if isinstance(declared, System) else with_machine(DESK, homes[name], declared)  # type: ignore[arg-type]  # a machine's home is one
        told = behaviour(DESK, new, old_profile=VERSIONS[0], new_profile=VERSIONS[0])
        found.append((name, line, told.relation.value))

    assert ONE_LINE == found


# Drawn at random


def drawn(draw: random.Random) -> Machine:
    """A small machine with a counter, a timer and guards."""
    lines: list[Any] = []
    for state in (a, b):
        for kind in (Go, Back):
            if draw.random() < 0.7:
                trigger = state.on(kind)
                if draw.random() < 0.5:
                    trigger = trigger.when(draw.choice([n < 2, n > 0, n == 1]))
                moved = trigger.to(draw.choice([a, b]))
                if draw.random() < 0.5:
                    moved = moved.set(n, draw.choice([Const(0), Const(1), Const(2)]))
                if draw.random() < 0.4:
                    moved = moved.emits(Rang, times=draw.choice([1, 2]))
                lines.append(moved)
    if draw.random() < 0.5:
        lines.append(b.after(draw.choice([1000, 2000]), Tick).to(a))
    return machine(*lines, variables=(n,))


def test_the_walk_and_the_solver_never_contradict_each_other() -> None:
    """What the solver proves no run refutes, and of machines whose every run was gone through the relation is a preorder."""
    draw = random.Random(5)
    proved = 0
    for old, new in pairs(draw, 30):
        found = behaviour(old, new)
        assert found.relation.value != "not decided"
        assert (found.old_in_new, found.new_in_old) == ((back := behaviour(new, old)).new_in_old, back.old_in_new)
        for first, second in ((True, False), (False, True), (True, True)):
            shown, _ = refined(*aligned(*paired(old, new)), {}, {}, first=first, second=second)
            if shown:
                proved += 1
                assert (found.old_in_new or not first) and (found.new_in_old or not second)
    assert proved > 5


def untold(old: Machine, new: Machine, found: Behaviour, draw: random.Random) -> str:
    """A run drawn at random that says otherwise than what was found; empty where none does."""
    engines = prepare(old), prepare(new)
    known = [{kind.__name__ for kind in engine.system.events} for engine in engines]
    for _ in range(20):
        places, at = [engine.start() for engine in engines], 0
        for _ in range(12):
            kind = draw.choice([None, Go, Back, Go, Back])
            at += draw.choice([0, 0, 1, 999, 1000, 1001, 2000])
            steps = [
                _step(engine, place, kind, at, names)
                for engine, place, names in zip(engines, places, known, strict=True)
            ]
            if (steps[0] is None) is not (steps[1] is None):
                shown = found.old_in_new if steps[1] is None else found.new_in_old
                if shown:
                    return f"{kind} at {at}"
            if steps[0] is None or steps[1] is None:
                break
            if steps[0].effects != steps[1].effects:
                if found.old_in_new or found.new_in_old:
                    return f"effects of {kind} at {at}"
                break
            places = [step.after for step in steps if step is not None]
    return ""


def _step(engine: Engine, place: Snapshot, kind: type | None, at: int, names: set[str]) -> Step | None:
    try:
        if kind is None:
            return engine.advance(place, at)
        return engine.step(place, kind(), at) if kind.__name__ in names else None
    except EventRefused:
        return None


def pairs(draw: random.Random, many: int) -> Iterator[tuple[Machine, Machine]]:
    for _ in range(many):
        old = drawn(draw)
        lines = draw.choice([old.transitions[1:], tuple(one for one in old.transitions if one.duration is None), None])
        yield old, drawn(draw) if lines is None else attrs.evolve(old, transitions=lines)


def test_no_run_drawn_at_random_says_otherwise() -> None:
    """At every instant around those at which timers fall due."""
    draw = random.Random(11)

    assert [""] * 25 == [untold(old, new, behaviour(old, new), draw) for old, new in pairs(draw, 25)]


def test_a_walk_that_never_waits_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: time does not pass. Then machines are called the same that only their timers tell apart."""
    monkeypatch.setattr(Clocks, "wait", lambda self, pair: (0, True))
    draw = random.Random(11)

    assert any(untold(old, new, behaviour(old, new), draw) for old, new in pairs(draw, 60))


# Names, snapshots


def test_what_is_called_otherwise_is_the_same() -> None:
    """States and events under other names, where that is said."""

    @event
    class Leave:
        pass

    out = State("out")
    new = machine(a.on(Leave).to(out), out.on(Back).to(a), states=(a, out))

    assert "different" == behaviour(PLAIN, new).relation.value
    assert "same" == behaviour(with_names(PLAIN, {"b": "out", "Go": "Leave"}), new).relation.value
    with pytest.raises(NoSuchName, match="nobody"):
        with_names(PLAIN, {"nobody": "somebody"})


def test_what_a_migration_has_to_say() -> None:
    """States, variables, timers and values that are gone, new or in another range; nothing where the text alone changed."""
    wide, gone = integer("n", 0, 2), integer("gone", 0, 1)
    old = machine(GO, BACK, b.after(1000, Tick).to(a), variables=(n, gone))
    new = machine(a.on(Go).to(c), c.on(Back).to(a), states=(a, c), variables=(wide,))

    assert (
        "m: state b is gone: say where its instances are now",
        "m: state c is new",
        "m: variable gone is gone",
        "m: variable n: it was an integer from 0 to 3, and is an integer from 0 to 2: say what becomes of other values",
    ) == snapshot_changes(old, new).lines
    assert ("m: state b: timer tick after 1000 is gone",) == snapshot_changes(
        old, machine(GO, BACK, variables=(n, gone))
    ).lines
    assert not snapshot_changes(old, attrs.evolve(old, doc="in other words")).is_needed


def test_parts_that_only_one_has_leave_the_question_open() -> None:
    """Where no run tells them apart and the walk has no end."""
    first = System("s", (one("left", unlimited(10**9)),))
    second = System("s", (one("right", unlimited(10**9)),))

    assert "not decided" == behaviour(first, second, budget=FEW).relation.value
