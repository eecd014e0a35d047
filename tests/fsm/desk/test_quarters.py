"""Times split by quarters of an hour: what is written down is little, what is read is exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fsm.desk.reports import QUARTER_HOUR
from fsm.desk.reports.columns import NOTHING, Quarters, Table

INSTANTS = st.integers(-10, 10).map(lambda place: place * QUARTER_HOUR) | st.integers(
    -10 * QUARTER_HOUR, 10 * QUARTER_HOUR
)
TIMES = st.lists(
    st.tuples(st.integers(0, 1), INSTANTS, INSTANTS).map(lambda one: (one[0], min(one[1:]), max(one[1:]))), max_size=6
)
FIRST, BEYOND = -11, 12


def counted(times: list[tuple[int, int, int]]) -> Quarters:
    table = Table(2)
    for column, start, end in times:
        table.spend(column, start, end)
    return table.frozen()


def by_hand(times: list[tuple[int, int, int]]) -> list[list[int]]:
    """The overlap of each quarter with each time."""
    rows = []
    for quarter in range(FIRST, BEYOND):
        start, end = quarter * QUARTER_HOUR, (quarter + 1) * QUARTER_HOUR
        rows.append(
            [
                sum(max(0, min(end, until) - max(start, since)) for column, since, until in times if column == wanted)
                for wanted in (0, 1)
            ]
        )
    return rows


@given(TIMES)
def test_each_quarter_has_its_share_of_each_time(times: list[tuple[int, int, int]]) -> None:
    """Times of any length, from and to any instant, before instant 0 too."""
    assert by_hand(times) == counted(times).read(FIRST, BEYOND, 2)


@given(TIMES, st.integers(-10, 10))
def test_a_reading_may_begin_in_the_middle(times: list[tuple[int, int, int]], first: int) -> None:
    """What fills the quarters before goes on."""
    assert by_hand(times)[first - FIRST :] == counted(times).read(first, BEYOND, 2)


@given(TIMES, TIMES)
def test_what_is_counted_apart_adds_up(one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]) -> None:
    """In either order, and as if it had been counted together."""
    assert counted(one + other) == counted(one) + counted(other) == counted(other) + counted(one)
    assert counted(one) == counted(one) + NOTHING


def test_where_one_time_stops_filling_quarters_and_another_starts_nothing_is_written_down() -> None:
    """Two times that overlap within a quarter, counted apart: one leaves whole quarters where the other enters them."""
    early, late = counted([(0, 0, 3 * QUARTER_HOUR)]), counted([(0, 2 * QUARTER_HOUR, 5 * QUARTER_HOUR)])

    assert [1, 5] == list((early + late).turns)
    assert counted([(0, 0, 3 * QUARTER_HOUR), (0, 2 * QUARTER_HOUR, 5 * QUARTER_HOUR)]) == early + late


def test_a_time_costs_the_same_however_long_it_is() -> None:
    """Fifty years are two quarters and two turns."""
    ages = counted([(1, 5, 1_700_000_000_000)])

    assert (2, 2) == (len(ages.parts), len(ages.turns))
