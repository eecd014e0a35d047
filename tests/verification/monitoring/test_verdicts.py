"""What a monitor says of streams that were judged by hand before, and why."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import BadInput, Machine, always, inside
from fsm.verification.monitoring import (
    Because,
    Inconclusive,
    Kind,
    Monitor,
    Observation,
    Report,
    Seen,
    Shows,
    Sight,
    Source,
    Verdict,
    Violates,
)

from .models import (
    BADGE,
    BREAKER,
    DOOR,
    LAMP,
    LIGHT,
    NIGHT,
    ORDER,
    SAFE,
    Calm,
    Close,
    Code,
    Enter,
    Failure,
    Go,
    Leave,
    Open,
    Pay,
    Payment,
    PickUp,
    Place,
    Stop,
    Succeed,
    Tick,
    Unlock,
    red,
    yellow,
)
from .models import (
    Report as Reported,
)

ALL_OF_LIGHT = Source(shows=dict.fromkeys((Go, Tick, Stop), Shows.ALWAYS))


def light(at: int, state: str, **given: Any) -> Observation:
    return Observation(at, after=Seen((Sight("light", None, (state,)),)), **given)


def only(report: Report) -> Violates:
    (said,) = report.told
    assert isinstance(said, Violates)
    return said


def test_every_round_of_a_light_conforms() -> None:
    seen = [Observation(0, Go), Observation(10_000, Tick), Observation(12_000, Stop), Observation(50_000, Go)]
    report = Monitor(LIGHT, sources=[ALL_OF_LIGHT]).check(seen)

    assert (report.verdict, report.total().conforms, report.exit_status) == (Verdict.CONFORMS, 4, 0)


def test_an_event_in_a_wrong_state_is_told_as_the_runtime_refuses_it() -> None:
    """Within four seconds a light cannot be yellow, whatever was lost."""
    for source in (ALL_OF_LIGHT, Source()):
        said = only(Monitor(LIGHT, sources=[source], begins=0).check([Observation(0, Go), Observation(4_000, Stop)]))

        assert said.because == (Because(Kind.STATE, "there is no stop in green of light"),)
        assert "light is green, where there is no stop" in said.refusal


def test_a_timer_that_is_always_told_is_missed() -> None:
    """Where nothing is lost yellow would have been told; the nearest run is the one with it."""
    seen = [Observation(0, Go), Observation(14_000, Stop)]
    said = only(Monitor(LIGHT, sources=[ALL_OF_LIGHT], begins=0).check(seen))

    assert said.because == (Because(Kind.TIMER, "tick comes 10 s after entering green of light"),)
    assert said.nearest == ("tick of light at 10000",)
    assert Monitor(LIGHT, begins=0).check(seen).verdict is Verdict.CONFORMS


def test_what_nobody_saw_is_supposed_where_the_source_admits_it() -> None:
    """From red to yellow: green was between. Seen now and then that conforms, where every change is told it does not."""
    seen = [light(0, "red"), light(30_000, "yellow"), light(31_000, "red")]
    told = Source(shows={"light": Shows.ALWAYS}, heartbeat=20_000)

    assert Monitor(LIGHT).check(seen).verdict is Verdict.CONFORMS
    assert Monitor(LIGHT, sources=[Source(shows={"light": Shows.ALWAYS})]).check(seen).verdict is Verdict.VIOLATES
    assert Monitor(LIGHT, sources=[told]).check(seen).verdict is Verdict.CONFORMS, "a silence: something was lost"
    assert Monitor(LIGHT).check([light(0, "red"), light(5_000, "yellow")]).verdict is Verdict.VIOLATES


def test_an_instant_that_nobody_saw_is_an_interval() -> None:
    """Green when somebody looked at 1000, since some instant after 0: yellow may come from 10000 on, and not before."""
    seen = [light(0, "red"), light(1_000, "green")]

    assert Monitor(LIGHT).check([*seen, light(10_000, "yellow")]).verdict is Verdict.CONFORMS
    assert Monitor(LIGHT).check([*seen, light(9_999, "yellow")]).verdict is Verdict.VIOLATES
    assert Monitor(LIGHT).check([*seen, light(11_001, "green")]).verdict is Verdict.CONFORMS, "it went round"


def test_after_a_violation_it_goes_on_from_what_was_seen() -> None:
    """One fault is one violation: the light that was yellow too early is red afterwards as it must be."""
    seen = [
        Observation(0, Go),
        Observation(4_000, Stop),
        Observation(9_000, Go),
        Observation(19_000, Tick),
        Observation(20_000, Stop),
    ]
    report = Monitor(LIGHT, sources=[ALL_OF_LIGHT], begins=0).check(seen)

    assert (report.total().violates, report.total().conforms) == (1, 4)
    assert report.broken == {Because(Kind.STATE, "there is no stop in green of light"): 1}


def test_a_field_that_nobody_saw_has_every_value() -> None:
    """Three codes: they may have been wrong, so that the safe may be locked; that it is opened then was a right one."""
    codes = Source(shows=dict.fromkeys((Code, Unlock), Shows.ALWAYS))
    unseen = [Observation(at, Code) for at in (1, 2, 3)]

    assert Monitor(SAFE, sources=[codes]).check(unseen).verdict is Verdict.CONFORMS
    wrong = [Observation(at, Code, {"right": False}) for at in (1, 2, 3, 4)]
    said = only(Monitor(SAFE, sources=[codes]).check(wrong))
    assert said.because == (Because(Kind.STATE, "there is no code in locked of safe"),) or "locked" in said.refusal


def test_a_parameter_that_nobody_saw_has_every_value_that_is_left() -> None:
    """Three failures in a row and then a success: the breaker that did not open has a higher threshold."""
    source = Source(shows=dict.fromkeys((Failure, Succeed), Shows.ALWAYS))
    seen = [Observation(at, Failure) for at in (1, 2, 3)]
    closed = Observation(4, after=Seen((Sight("breaker", None, ("closed",)),)))

    report = Monitor(BREAKER, sources=[source]).check([*seen, closed])
    assert (report.verdict, report.left) == (Verdict.CONFORMS, {None: ("threshold: 4 to 20",)})
    given = Monitor(BREAKER, sources=[source], parameters={"threshold": 3}).check([*seen, closed])
    assert given.verdict is Verdict.VIOLATES


def test_a_rule_that_is_broken_is_told_with_what_it_cites() -> None:
    """Who enters a closed door breaks R1; that there was room is not in the way."""
    shows = dict.fromkeys((Enter, Leave, Close, Open), Shows.ALWAYS)
    seen = [Observation(0, Close), Observation(1, Enter, {"person": "ann"})]

    said = only(Monitor(DOOR, sources=[Source(shows=shows)]).check(seen))
    assert said.because == (Because(Kind.RULE, "nobody enters a closed door", ("R1",)),)
    assert "gate is open; now gate: closed" in said.refusal
    assert said.nearest == ("open at an instant from 0 to 1",)


def test_people_whom_nobody_named_may_be_there() -> None:
    """Only the gate is told: a door that is closed is empty by then, and a fourth person may come after somebody left."""
    gate = Source(shows=dict.fromkeys((Close, Open), Shows.ALWAYS))
    seen = [Observation(at, Enter, {"person": f"p{at}"}) for at in range(4)]

    assert Monitor(DOOR, sources=[gate], parameters={"room": 3}).check(seen).verdict is Verdict.CONFORMS
    shows = dict.fromkeys((Enter, Leave, Close, Open), Shows.ALWAYS)
    everybody = Monitor(DOOR, sources=[Source(shows=shows)], parameters={"room": 3})
    assert only(everybody.check(seen)).because == (Because(Kind.RULE, "there is room", ("R3",)),)


def test_a_claim_that_nothing_enforces_is_watched() -> None:
    """A paid parcel that leaves after an hour and a second is late; where it is seen at all, at the first record after the hour."""
    service = Source(shows=dict.fromkeys((Place, Pay), Shows.ALWAYS), tolerance=0)
    start = [Observation(0, Place, {"payment": Payment.CARD}), Observation(1, Pay)]

    assert Monitor(ORDER, sources=[service]).check([*start, Observation(3_600_001, PickUp)]).verdict is Verdict.CONFORMS
    shows = {**service.shows, PickUp: Shows.ALWAYS}
    said = only(Monitor(ORDER, sources=[Source(shows=shows)]).check([*start, Observation(3_600_002, PickUp)]))
    assert said.because == (Because(Kind.CLAIM, "a paid parcel leaves within an hour", ("O-3",)),)


@pytest.mark.parametrize("lasts", [{}, {"green_lasts": 10_000}])
def test_a_timer_that_was_seen_and_breaks_a_claim_is_told_by_the_claim(lasts: dict[str, int]) -> None:
    """Yellow came when it was due and was told; that green may have ended unseen is not in the way."""
    never = always("the lamp is never yellow", ~inside(yellow), cites="L-1")
    lamp = Machine("lamp", LAMP.states, red, LAMP.transitions, properties=(never,))
    source = Source(shows=dict.fromkeys((Go, Tick, Stop), Shows.ALWAYS))
    seen = [Observation(0, Go), Observation(10_000, Tick), Observation(12_000, Stop)]

    said = only(Monitor(lamp, sources=[source], parameters=lasts).check(seen))
    assert said.because == (Because(Kind.CLAIM, "the lamp is never yellow", ("L-1",)),)


def test_a_guard_on_the_time_in_state_knows_intervals() -> None:
    """The watchman may report a minute after the last report, and not earlier."""
    source = Source(shows={Reported: Shows.ALWAYS})
    seen = [Observation(60_000, Reported), Observation(119_000, Reported)]

    said = only(Monitor(NIGHT, sources=[source], begins=0).check(seen))
    assert said.because[0].kind is Kind.GUARD
    assert (
        Monitor(NIGHT, sources=[Source(shows=source.shows, tolerance=500)], begins=0).check(seen).verdict
        is Verdict.CONFORMS
    )


def test_what_time_does_to_others_is_expected() -> None:
    """A watchman who is not heard of for a quarter of an hour makes the siren ring; it can be calmed only then."""
    calm = [Observation(at, Calm) for at in (899_999, 900_000)]
    source = Source(shows=dict.fromkeys((Reported, Calm), Shows.ALWAYS))

    assert Monitor(NIGHT, sources=[source], begins=0).check(calm[1:]).verdict is Verdict.CONFORMS
    assert Monitor(NIGHT, sources=[source], begins=0).check(calm[:1]).verdict is Verdict.VIOLATES


def test_a_stream_that_begins_late_is_read_from_what_it_shows() -> None:
    """Nothing is known of a light before its first record; afterwards it is."""
    late = Monitor(LIGHT, sources=[ALL_OF_LIGHT], late=True)

    assert late.check([Observation(4_000, Stop), Observation(5_000, Go)]).verdict is Verdict.CONFORMS
    assert late.check([Observation(4_000, Stop), Observation(5_000, Stop)]).verdict is Verdict.VIOLATES


def test_records_lost_by_number_admit_what_was_in_them() -> None:
    """Number 2 is missing: it may have been the tick; number 5 may not, since there was no time for it."""
    numbered = [(1, 0, Go), (3, 11_000, Stop), (4, 20_000, Go), (6, 24_000, Stop)]
    report = Monitor(LIGHT, sources=[ALL_OF_LIGHT], begins=0).check(
        Observation(at, what, number=n) for n, at, what in numbered
    )

    assert [said.where.at for said in report.told] == [24_000]


def test_a_bound_that_is_reached_is_inconclusive_and_says_so() -> None:
    """Who may come and go unseen in every way leaves more explanations than are kept or looked at."""
    people = [Observation(at, Enter, {"person": f"p{at}"}) for at in range(6)]
    report = Monitor(DOOR, sources=[Source()], parameters={"room": 1}, budget=5).check(people)

    assert (report.verdict, report.exit_status) == (Verdict.INCONCLUSIVE, 3)
    assert all(isinstance(said, Inconclusive) and "bound reached" in said.why for said in report.told)


def test_what_could_not_be_said_once_is_not_held_against_the_next_record() -> None:
    """With one step to try nothing unseen is found: each of these is inconclusive, and none of a true run is a violation."""
    seen = [
        light(0, "red"),
        light(30_000, "yellow"),
        light(40_000, "green"),
        light(50_000, "red"),
        light(70_000, "yellow"),
    ]

    assert Monitor(LIGHT).check(seen).verdict is Verdict.CONFORMS
    assert Monitor(LIGHT, budget=1).check(seen).verdict is Verdict.INCONCLUSIVE


def test_a_parameter_that_changes_on_the_way_is_believed() -> None:
    """Room for one, and from the second record on for two."""
    shows = dict.fromkeys((Enter, Leave, Close, Open), Shows.ALWAYS)
    monitor = Monitor(DOOR, sources=[Source(shows=shows)], parameters={"room": 1})
    people = [Observation(at, Enter, {"person": f"p{at}"}) for at in (1, 3)]

    assert monitor.check([people[0], Observation(2, parameters={"room": 2}), people[1]]).verdict is Verdict.CONFORMS
    assert monitor.check(people).verdict is Verdict.VIOLATES


def test_nothing_seen_is_inconclusive() -> None:
    assert Monitor(LIGHT).check([]).verdict is Verdict.INCONCLUSIVE


def test_a_verdict_has_no_truth_value() -> None:
    report = Monitor(LIGHT).check([Observation(0, Go), Observation(1, Go)])
    for one in (report.verdict, only(report)):
        with pytest.raises(TypeError, match="truth value"):
            bool(one)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sources": [Source(shows={Pay: Shows.ALWAYS})]}, "pay is no event or part of light"),
        ({"sources": []}, "names of their own"),
        ({"parameters": {"speed": 1}}, "'speed' is no parameter of light"),
        ({"late": True, "begins": 0}, "Leave out one of late and begins"),
        ({"explanations": 0}, "no number of 1 or more"),
        ({"profile": "fast"}, "no profile"),
        ({"shown": {"light": ["hue"]}}, "no variable 'hue'"),
        ({"dates": ["lamp"]}, "'lamp' is no part of light"),
    ],
)
def test_what_does_not_fit_the_declaration_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Monitor(LIGHT, **given)


@pytest.mark.parametrize(
    ("observation", "words"),
    [
        (Observation(0, Pay), "no event of light"),
        (Observation(0, Go, {"speed": 1}), "no field of the event"),
        (Observation(0, Go, source="radio"), "none of the monitor's"),
        (Observation(True, Go), "not an instant"),
        (light(0, "blue"), "no state of light"),
        (Observation(0, after=Seen(complete=("light",))), "part of one instance"),
        (Observation(0, parameters={"speed": 1}), "no parameter"),
    ],
)
def test_an_observation_that_does_not_fit_the_declaration_is_refused(observation: Observation, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Monitor(LIGHT).check([observation])


def test_a_value_that_its_variable_cannot_have_violates_and_carried_data_is_not_compared() -> None:
    """Seven failures of at most twenty are believed, ninety-nine are not; whatever name a source shows of somebody is no violation."""
    breaker = Monitor(BREAKER, shown={"breaker": ["failures"]}, late=True)
    for number, verdict in ((7, Verdict.CONFORMS), (99, Verdict.VIOLATES)):
        seen = Observation(0, after=Seen((Sight("breaker", None, ("closed",), (("failures", (number,)),)),)))
        assert breaker.check([seen]).verdict is verdict

    named = Monitor(BADGE, shown={"badge": ["name"]})
    seen = Observation(0, after=Seen((Sight("badge", None, ("worn",), (("name", ("ann",)),)),)))
    assert named.check([seen]).verdict is Verdict.CONFORMS


def test_what_nothing_can_show_violates_without_a_search() -> None:
    """With one step to try: nobody enters a closed door that is always told, nor is a light green since a minute ago."""
    told = Source(shows={Close: Shows.ALWAYS, Open: Shows.ALWAYS})
    seen = [Observation(0, Close), Observation(10, Enter, {"person": "bob"})]
    said = only(Monitor(DOOR, sources=[told], budget=1).check(seen))
    assert said.because == (Because(Kind.RULE, "nobody enters a closed door", ("R1",)),)

    stuck = Observation(60_000, after=Seen((Sight("light", None, ("green",), (), 0),)))
    said = only(Monitor(LIGHT, late=True, dates=["light"], budget=1).check([stuck]))
    assert said.because == (Because(Kind.TIMER, "tick comes 10 s after entering green of light"),)
