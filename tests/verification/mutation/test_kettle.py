"""Every mutant of a small machine, followed to its end, and the ways in which such a verdict could lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from fsm import BadInput, Engine, EventRefused, Machine, Snapshot, as_system, compile
from fsm.traces import replay
from fsm.verification import solver as ask
from fsm.verification.mutants import equivalence, judge
from fsm.verification.mutants import first_kill as hunt
from fsm.verification.mutants.generate import Mutant, mutants_of
from fsm.verification.mutants.judge import Fate, Outcome
from fsm.verification.mutants.report import Result, entry_of, exit_status, render, to_plain
from fsm.verification.mutants.subjects import Subject, subjects_of
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal

from .kettle import KETTLE

NOBODY_COUNTS = attrs.evolve(
    KETTLE,
    properties=tuple(
        one for one in KETTLE.properties if "whistle" not in one.sentence and "boils is hot" not in one.sentence
    ),
)
"""No property counts how often it whistles, so that only what the comparison looks at can tell."""
LOST_WHISTLE = attrs.evolve(
    NOBODY_COUNTS, transitions=tuple(attrs.evolve(one, effects=()) for one in KETTLE.transitions)
)


@pytest.fixture(scope="module")
def subjects() -> tuple[Subject, ...]:
    return subjects_of((KETTLE,))


@pytest.fixture(scope="module")
def outcomes(subjects: tuple[Subject, ...]) -> list[Outcome]:
    return [judge.judge(one, subjects) for one in mutants_of(KETTLE)]


def the(name: str) -> Mutant:
    (found,) = (one for one in mutants_of(KETTLE) if one.name == name)
    return found


def test_every_mutant_of_a_kettle_has_its_fate(outcomes: list[Outcome]) -> None:
    """Thirty faults, counted by hand against the page."""
    fates = Counter(one.fate.value for one in outcomes)

    assert {"killed": 17, "survived": 9, "stillborn": 3, "equivalent": 1} == fates


def test_a_mutant_is_killed_by_a_named_property_that_cites_something_and_its_run_is_played_again(
    outcomes: list[Outcome],
) -> None:
    """Who follows the run with the mutant sees what the report says."""
    for outcome in outcomes:
        if outcome.fate is Fate.KILLED:
            assert outcome.killer in {one.sentence for one in KETTLE.properties}
            assert outcome.cites
            if outcome.trace is not None:
                mutant = the(outcome.mutant).declared()
                assert mutant is not None
                assert outcome.trace == replay(compile(mutant), outcome.trace.events)


def test_a_bound_that_is_one_millisecond_late_is_noticed_and_one_that_is_early_is_not(outcomes: list[Outcome]) -> None:
    """The page says how long it may take, and not how long it must."""
    fates = {one.mutant: one.fate for one in outcomes}

    assert fates["heating on boil to hot: after 60001"] is Fate.KILLED
    assert fates["heating on boil to hot: after 59999"] is Fate.SURVIVED


def test_carried_data_that_is_lost_survives_and_is_not_called_equivalent(outcomes: list[Outcome]) -> None:
    """No property can read it, and yet it is not the same."""
    (lost,) = (one for one in outcomes if one.mutant == "off on press to heating: does not set label")

    assert lost.fate is Fate.SURVIVED


def test_a_property_that_cites_nothing_kills_nothing(subjects: tuple[Subject, ...]) -> None:
    """Where a claim comes from must be said, or it may be the table said again."""
    assert "nobody says where this comes from" not in subjects[0].claims
    assert "tea can be made" in subjects[0].claims


def test_names_are_unique_and_the_order_is_that_of_the_page() -> None:
    """Two runs name the same mutants in the same order."""
    names = [one.name for one in mutants_of(KETTLE)]

    assert len(names) == len(set(names))
    assert names == [one.name for one in mutants_of(KETTLE)]
    assert names[0].startswith("off on press")


# A fault that changes nothing


def pairs(sound: Engine, faulty: Engine) -> Iterator[tuple[Any, Any]]:
    """What both do with every event in every snapshot that the sound one can reach, by the runtime alone."""
    search = Search(sound, {"never": Goal(sound.system.properties[0].formula, wanted=False)})
    queue: list[tuple[Snapshot, Snapshot]] = [(sound.start(0), faulty.start(0))]
    seen = {search.canonical(queue[0][0], {})}
    for one, other in queue:
        for event in sound.system.events:
            for payload in search.payloads(one, event):
                yield answer(sound, one, event(**payload)), answer(faulty, other, event(**payload))
        for event, at in search.moves(one):
            try:
                steps = [
                    engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
                    for engine, snapshot in ((sound, one), (faulty, other))
                ]
            except (BadInput, EventRefused):
                continue  # the other one refuses: told above
            known = search.canonical(steps[0].after, {})
            yield (steps[0].after.parts, steps[0].effects), (steps[1].after.parts, steps[1].effects)
            if known not in seen:
                seen.add(known)
                queue.append((steps[0].after, steps[1].after))


def answer(engine: Engine, snapshot: Snapshot, event: object) -> Any:
    try:
        step = engine.step(snapshot, event, snapshot.now)
    except (BadInput, EventRefused):
        return "refused"
    return step.after.parts, step.effects


def test_what_is_called_equivalent_does_the_same_in_every_snapshot(outcomes: list[Outcome]) -> None:
    """The runtime, which the encoding never sees, finds no difference; of a killed one it finds some."""
    found = {}
    for outcome in outcomes:
        mutant = the(outcome.mutant).declared()
        if outcome.fate in (Fate.EQUIVALENT, Fate.KILLED) and mutant is not None:
            found.setdefault(outcome.fate, []).append(
                all(one == other for one, other in pairs(compile(KETTLE), compile(mutant)))
            )

    assert [True] == found[Fate.EQUIVALENT]
    assert not any(found[Fate.KILLED])


def same(subject: Subject, faulty: Machine) -> bool:
    assert subject.invariants is not None
    return isinstance(equivalence.same_behaviour(subject.invariants, as_system(faulty)), equivalence.Same)


def test_a_lost_effect_is_a_difference() -> None:
    """Equal states are not enough."""
    assert not same(*subjects_of((NOBODY_COUNTS,)), LOST_WHISTLE)


def test_a_comparison_that_ignores_effects_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: then the lost whistle is called equivalent, which the test above forbids."""
    monkeypatch.setattr(equivalence, "deed", lambda transition: ())

    assert same(*subjects_of((NOBODY_COUNTS,)), LOST_WHISTLE)


def test_a_time_in_state_that_starts_anew_is_a_difference(subjects: tuple[Subject, ...]) -> None:
    """Staying and coming back are told apart."""
    (again,) = (one for one in mutants_of(KETTLE) if one.kind == "reset planted")
    faulty = again.declared()

    assert isinstance(faulty, Machine)
    assert not same(subjects[0], faulty)


def test_another_timer_is_a_difference(subjects: tuple[Subject, ...]) -> None:
    """A millisecond is enough."""
    faulty = the("heating on boil to hot: after 59999").declared()

    assert isinstance(faulty, Machine)
    assert not same(subjects[0], faulty)


# Three answers, never folded into two


def test_a_crash_is_never_a_kill(subjects: tuple[Subject, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant on which the tool breaks down is a defect of the tool, and leaves with the status of one."""

    def breaks_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(judge, "by_a_run", breaks_down)
    outcome = judge.judge(the("off on press to heating: left out"), subjects)
    result = Result(("kettle",), "", (), (entry_of(outcome),), {})

    assert outcome.fate is Fate.CRASHED
    assert 0.0 == result.share()
    assert 70 == exit_status(result)
    assert "a defect of fsm, and no kill" in render(result)


def test_a_run_that_breaks_nothing_when_it_is_played_again_is_never_a_kill(
    subjects: tuple[Subject, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: a compiled claim that no step satisfies. What it finds is not believed."""
    monkeypatch.setattr(hunt, "compiled_step", lambda engine, formula: lambda seen: False)
    outcome = judge.judge(the("off on press to heating: does not set label"), subjects)

    assert outcome.fate is Fate.CRASHED
    assert "played again, does not break it" in outcome.why


def test_a_solver_that_gives_up_makes_nothing_equivalent_and_kills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows, and the report says so."""
    monkeypatch.setattr(ask.Asker, "ask", lambda *_: ask.GaveUp("planted"))
    subjects = subjects_of((KETTLE,))

    for name in ("hot on pour to off: does not set lid_open", "off on press to heating: to hot instead"):
        outcome = judge.judge(the(name), subjects)
        result = Result(("kettle",), "", (), (entry_of(outcome),), {})
        assert outcome.fate is Fate.UNKNOWN
        assert 3 == exit_status(result)


# The report


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(outcomes: list[Outcome]) -> None:
    """Without one the status is 1; one that speaks of nothing is stale, and an error too."""
    entries = tuple(entry_of(one) for one in outcomes)
    reasons = {("kettle", one.mutant): "nobody minds" for one in entries if one.fate is Fate.SURVIVED}
    stale = {("kettle", "hot on pour to off: painted red"): "nobody minds"}

    assert 1 == exit_status(Result(("kettle",), "", (), entries, {}))
    assert 0 == exit_status(Result(("kettle",), "", (), entries, reasons))
    assert 1 == exit_status(Result(("kettle",), "", (), entries, {**reasons, **stale}))
    assert "painted red is stale" in render(Result(("kettle",), "", (), entries, stale))
    assert "listed: nobody minds" in render(Result(("kettle",), "", (), entries, reasons))


def test_the_report_counts_and_tells_each_mutant_with_its_run(outcomes: list[Outcome]) -> None:
    """As a page, and as JSON for who counts on."""
    result = Result(("kettle",), "", (("kettle", "tea can be made"),), tuple(entry_of(one) for one in outcomes), {})
    page, data = render(result, everything=True), to_plain(result)

    assert "| kettle | 30 | 3 | 1 | 17 | 0 | 9 | 0 | 0 | 65.4 % |" in page
    assert "nothing is heated while the lid is open (K1): a run of 2 steps, replayed" in " ".join(page.split())
    assert 65.4 == data["total"]["killed_percent"]
    assert 30 == len(data["mutants"])
    assert [("kettle", "tea can be made")] == result.idle
