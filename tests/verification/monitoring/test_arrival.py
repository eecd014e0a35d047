"""Records as networks bring them: twice, in another order, too late, from clocks that differ."""

from __future__ import annotations

import pytest

from fsm.verification.monitoring import Monitor, Observation, Shows, Source, Verdict

from .models import LIGHT, Go, Stop, Tick

ALWAYS = dict.fromkeys((Go, Tick, Stop), Shows.ALWAYS)
ROUND = ((0, Go), (10_000, Tick), (12_000, Stop), (20_000, Go))


def numbered() -> list[Observation]:
    return [Observation(at, what, number=place, id=str(place)) for place, (at, what) in enumerate(ROUND)]


def test_a_record_that_comes_twice_is_read_once() -> None:
    """By its id, or its number."""
    seen = [one for one in numbered() for _ in range(3)]
    report = Monitor(LIGHT, sources=[Source(shows=ALWAYS)]).check(seen)

    assert (report.verdict, report.total().conforms, report.doubled) == (Verdict.CONFORMS, 4, 8)


def test_one_without_an_id_may_be_the_same_where_the_source_says_so() -> None:
    seen = [Observation(0, Go), Observation(0, Go)]

    assert Monitor(LIGHT, sources=[Source(shows=ALWAYS, doubles=True)]).check(seen).verdict is Verdict.CONFORMS
    assert Monitor(LIGHT, sources=[Source(shows=ALWAYS)]).check(seen).verdict is Verdict.VIOLATES


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (0, 2, 1, 3), (2, 1, 0, 3)])
def test_records_wait_for_older_ones_as_long_as_the_source_admits(order: tuple[int, ...]) -> None:
    """Twelve seconds of disorder are admitted."""
    seen = [numbered()[place] for place in order]

    report = Monitor(LIGHT, sources=[Source(shows=ALWAYS, disorder=12_000)], begins=0).check(seen)
    assert (report.verdict, report.total().conforms) == (Verdict.CONFORMS, 4)


def test_a_record_that_comes_later_than_that_is_inconclusive_and_no_violation() -> None:
    """What it told is taken for lost."""
    seen = [numbered()[place] for place in (0, 2, 3, 1)]
    report = Monitor(LIGHT, sources=[Source(shows=ALWAYS, disorder=1_000)], begins=0).check(seen)

    assert (report.verdict, report.late) == (Verdict.INCONCLUSIVE, 1)


def test_of_two_clocks_nobody_knows_which_record_was_first() -> None:
    """The crossing's clock goes a second ahead of the light's; each order that explains both is kept."""
    sources = [
        Source("light", shows={Go: Shows.ALWAYS, Tick: Shows.ALWAYS}, tolerance=1_000),
        Source("crossing", shows={Stop: Shows.ALWAYS}, tolerance=1_000),
    ]
    seen = [
        Observation(1_000, Go, source="light"),
        Observation(11_500, Tick, source="light"),
        Observation(11_200, Stop, source="crossing"),
    ]

    assert Monitor(LIGHT, sources=sources).check(seen).verdict is Verdict.CONFORMS
    sure = [Source("light", shows=sources[0].shows), Source("crossing", shows=sources[1].shows)]
    assert Monitor(LIGHT, sources=sure).check(sorted(seen, key=lambda one: one.at or 0)).verdict is Verdict.VIOLATES


def test_machines_are_told_apart_by_their_key() -> None:
    """The second light is where it should not be; the first is not concerned."""
    seen = [
        Observation(0, Go, key="a"),
        Observation(1, Go, key="b"),
        Observation(2, Stop, key="b"),
        Observation(10_000, Tick, key="a"),
    ]
    report = Monitor(LIGHT, sources=[Source(shows=ALWAYS)], begins=0).check(seen)

    assert {key: one.verdict for key, one in report.keys.items()} == {"a": Verdict.CONFORMS, "b": Verdict.VIOLATES}


def test_a_record_that_cannot_be_read_may_have_been_any_machines() -> None:
    """It is told, and what it may have said is admitted."""
    watch = Monitor(LIGHT, sources=[Source(shows=ALWAYS)], begins=0).watch()
    watch.feed(Observation(0, Go, key="a"))
    watch.unreadable("log", "log:2", "is not JSON")
    said = watch.feed(Observation(14_000, Stop, key="a"))

    assert [type(one).__name__ for one in said] == ["Conforms"]
    assert (watch.report().verdict, watch.report().unread) == (Verdict.INCONCLUSIVE, 1)
