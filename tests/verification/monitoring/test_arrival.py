"""Records as networks bring them: twice, in another order, too late, from clocks that differ."""

from __future__ import annotations

import pytest

from fsm.verification.monitoring import Monitor, Observation, Seen, Shows, Source, Verdict

from .models import LIGHT, TURNSTILE, Bar, Coin, Go, Pass, Stop, Tick

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


def turnstile(tolerance: int = 0, disorder: int = 0, **given: int) -> Monitor:
    """Of a turnstile whose till tells who pays, and whose gate tells the rest."""
    sources = [
        Source("gate", shows={Pass: Shows.ALWAYS, Bar: Shows.ALWAYS}, tolerance=tolerance, disorder=disorder),
        Source("till", shows={Coin: Shows.ALWAYS}, tolerance=tolerance, disorder=disorder),
    ]
    return Monitor(TURNSTILE, sources=sources, begins=0, **given)


def gate(at: int, event: type, number: int | None = None) -> Observation:
    return Observation(at, event, source="gate", number=number)


def till(at: int, number: int | None = None) -> Observation:
    return Observation(at, Coin, source="till", number=number)


STEPS = dict.fromkeys((Coin, Pass, Bar), Shows.ALWAYS)


@pytest.mark.parametrize("arrived", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("first", "second", "verdict"), [(Coin, Pass, Verdict.CONFORMS), (Pass, Coin, Verdict.VIOLATES)]
)
def test_the_numbers_of_one_source_say_which_record_was_first(
    first: type, second: type, verdict: Verdict, arrived: tuple[int, int]
) -> None:
    """By its clock, which may be wrong by two milliseconds, it was the other way round."""
    seen = [Observation(3, first, number=1), Observation(2, second, number=2)]
    monitor = Monitor(TURNSTILE, sources=[Source(shows=STEPS, tolerance=2, disorder=5)], begins=0)

    assert monitor.check([seen[place] for place in arrived]).verdict is verdict


@pytest.mark.parametrize("disorder", [0, 5])
@pytest.mark.parametrize("number", [None, 1])
@pytest.mark.parametrize(("tolerance", "passes", "bars", "pays"), [(2, 6, 7, 9), (2, 5, 9, 9), (0, 5, 5, 5)])
def test_a_record_may_have_been_before_several_of_another_source(
    tolerance: int, passes: int, bars: int, pays: int, number: int | None, disorder: int
) -> None:
    """That the gate's two have an order of their own says nothing of the till's."""
    seen = [gate(passes, Pass, number), gate(bars, Bar, number and 2), till(pays, number)]
    watch = turnstile(tolerance, disorder).watch()
    said = [one for record in seen for one in watch.feed(record)] + watch.end()

    assert [type(one).__name__ for one in said] == ["Conforms"] * 3


def test_where_intervals_do_not_meet_the_order_is_known() -> None:
    """Who passes at 6, give or take two milliseconds, did not pay at 11."""
    seen = [gate(6, Pass), gate(7, Bar), till(11)]

    assert turnstile(2).check(seen).verdict is Verdict.VIOLATES


def test_a_record_waits_for_one_that_is_late_and_by_a_wrong_clock_younger() -> None:
    """Five milliseconds late, as its source admits: it was paid at 5, passed at 6 and barred at 10."""
    seen = [Observation(5, Pass), Observation(10, Bar), Observation(6, Coin)]
    source = Source(shows=STEPS, tolerance=2, disorder=5)

    assert Monitor(TURNSTILE, sources=[source], begins=0).check(seen).verdict is Verdict.CONFORMS


@pytest.mark.parametrize(("records", "waiting"), [(5, 10_000), (3, 2)])
def test_where_more_orders_may_be_than_are_tried_nothing_violates(records: int, waiting: int) -> None:
    """More records at one instant than are tried in every order; more that wait than are kept. What comes next may be right as well."""
    seen = [gate(5, Pass), gate(5, Bar), gate(5, Pass), till(5), till(5)][-records:]
    report = turnstile(waiting=waiting).check([*seen, gate(5, Bar), gate(20, Bar), till(30)])

    assert report.verdict is Verdict.INCONCLUSIVE, report.told


def test_what_a_cut_group_leaves_open_reaches_as_far_as_clocks_are_wrong() -> None:
    """Who passes at 10, by the gate's clock at 8, paid just before, by the till's clock at 12; what a camera tells lies between."""
    clocks = {"gate": 2, "till": 2, "camera": 0}
    sources = [Source(name, shows=STEPS if name == "gate" else {}, tolerance=wrong) for name, wrong in clocks.items()]
    camera = [Observation(8, after=Seen(), source="camera") for _ in range(5)]
    report = Monitor(TURNSTILE, sources=sources, begins=0).check([gate(8, Pass), *camera, till(12), gate(20, Bar)])

    assert report.verdict is Verdict.INCONCLUSIVE, report.told


def test_a_record_of_which_something_was_not_read_may_still_have_been_the_second() -> None:
    """That is inconclusive, in whichever order."""
    passed = Observation(5, Pass, source="gate", trouble=("a column that nobody knows",))

    assert turnstile().check([passed, till(5)]).verdict is Verdict.INCONCLUSIVE


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
