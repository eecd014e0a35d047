"""How much of a machine's past is kept to look again: an argument, a bound of what is stored, and never a reason for a violation."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm.verification.monitoring import (
    Conforms,
    Inconclusive,
    Judgement,
    Monitor,
    Observation,
    Seen,
    Shows,
    Sight,
    Source,
    Verdict,
    Violates,
)

from .models import BREAKER, DOOR, LIGHT, Close, Enter, Failure, Go, Leave, Open, Stop, Succeed, Tick
from .random_streams import SOAK, Run, runs
from .test_laws import BEGINNINGS, QUICK, looked_at, observed, some_of, watched

pytestmark = [pytest.mark.soak] if SOAK else []


def lights(many: int) -> list[Observation]:
    """A light that somebody looks at every twenty seconds: of its changes most are not seen."""
    states = ("red", "green", "yellow")
    return [
        Observation(place * 20_000, after=Seen((Sight("light", None, (states[place % 3],)),))) for place in range(many)
    ]


@pytest.mark.parametrize(
    ("shows", "ids", "least", "most"),
    [("always", 0, 600, 800), ("sometimes", 0, 4_000, 10_000), ("always", 36, 20_000, 21_000)],
)
def test_what_is_stored_of_a_machine_is_as_large_as_the_page_of_spark_says(
    shows: str, ids: int, least: int, most: int
) -> None:
    """A light that has gone round two hundred times: bytes of its JSON."""
    source = Source(shows=dict.fromkeys((Go, Tick, Stop), Shows(shows)))
    watch = Monitor(LIGHT, sources=[source], told=0).watch()
    for place in range(600):
        at = place // 3 * 18_000 + (5_000, 15_000, 17_000)[place % 3]
        watch.feed(Observation(at, (Go, Tick, Stop)[place % 3], id=f"{place:0{ids}}" if ids else None))

    assert least < len(watch.state()) < most


def first_fault(monitor: Monitor, seen: list[Observation]) -> tuple[int, Judgement] | None:
    """The first observation that does not conform, by its place, and what is said of it."""
    watch = monitor.watch()
    for place, one in enumerate(seen):
        for said in watch.feed(one):
            if not isinstance(said, Conforms):
                return place, said
    return None


@QUICK
@given(runs(), st.data())
def test_a_run_of_which_nearly_all_is_forgotten_does_not_violate(run: Run, data: st.DataObject) -> None:
    """Events and snapshots of which some are seen, of a machine of which two observations are kept."""
    whole = [
        one if data.draw(st.booleans()) else looked_at(run, run.happened[place], data)
        for place, one in enumerate(observed(run))
    ]
    seen = [attrs.evolve(one, fields=some_of(one.fields, data)) for one in whole if data.draw(st.integers(0, 3))]
    beginning: dict[str, Any] = data.draw(BEGINNINGS)
    report = watched(run, seen, parameters=data.draw(st.booleans()), memory=2, **beginning)

    assert report.verdict is not Verdict.VIOLATES, report.told


@pytest.mark.parametrize("memory", [2, 8])
def test_what_is_kept_of_a_machine_does_not_grow_with_its_stream(memory: int) -> None:
    """Sixty observations more or less: what is stored of a light at most is the same but for longer numbers."""
    watch, sizes = Monitor(LIGHT, memory=memory).watch(), []
    for one in lights(180):
        watch.feed(one)
        sizes.append(len(watch.state()))
    sooner, later = max(sizes[60:120]), max(sizes[120:])

    assert later <= 1.05 * sooner


def visits(rounds: int) -> list[Observation]:
    """Every minute two people who were never there before come and go; then the door is shut and opened. Once a minute somebody leaves who never came."""
    seen = []
    for start in range(0, rounds * 60_000, 60_000):
        one, other, stranger = (f"{name} at {start}" for name in ("one", "other", "stranger"))
        told: list[tuple[type, str | None]] = [
            (Enter, one),
            (Enter, other),
            (Leave, one),
            (Leave, stranger),
            (Leave, other),
        ]
        for place, (event, person) in enumerate([*told, (Close, None), (Open, None)]):
            fields = {} if person is None else {"person": person}
            seen.append(Observation(start + place * 5_000, event, fields, position=f"{start}/{place}"))
    return seen


def damaged(seen: list[Observation], how: str) -> list[Observation]:
    """Of seven records one is missing, comes twice, or comes after the next one; or minutes later than it was."""
    made = [attrs.evolve(one, id=str(place)) if how == "ids" else one for place, one in enumerate(seen)]
    made = [attrs.evolve(one, number=place) if how == "numbers" else one for place, one in enumerate(made)]
    for place in reversed(range(1, len(made) - 1, 7)):
        match how:
            case "ids" | "doubles":
                made.insert(place, made[place])
            case "numbers" | "lossy":
                del made[place]
            case "disorder":
                made[place], made[place + 1] = made[place + 1], made[place]
            case "too late":
                made.insert(place, attrs.evolve(made[place], at=max(0, (made[place].at or 0) - 600_000)))
    return made


SHOWN = dict.fromkeys((Enter, Leave, Close, Open), Shows.ALWAYS)


@pytest.mark.parametrize(
    ("how", "source"),
    [
        ("ids", Source(shows=SHOWN)),
        ("numbers", Source(shows=SHOWN)),
        ("doubles", Source(shows=SHOWN, doubles=True)),
        ("disorder", Source(shows=SHOWN, disorder=20_000)),
        ("too late", Source(shows=SHOWN)),
        ("lossy", Source()),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_stored_of_a_machine_does_not_grow_with_what_comes(how: str, source: Source) -> None:
    """New people, new ids and a fault in every minute, whatever the network does: after half an hour it is as large as it ever is."""
    limits: dict[str, int] = {"memory": 4, "explanations": 8, "budget": 100, "ids": 16, "told": 0}
    watch, sizes = Monitor(DOOR, sources=(source,), parameters={"room": 3}, begins=0, **limits).watch(), []
    for place, one in enumerate(damaged(visits(45), how), 1):
        watch.feed(one)
        if place % 7 == 0:
            sizes.append(len(watch.state()))

    assert max(sizes[30:]) <= 1.05 * max(sizes[:30])


@pytest.mark.parametrize("memory", [2, 3, 8])
def test_a_violation_is_told_truly_wherever_the_memory_was_full(memory: int) -> None:
    """Green for four seconds a light is not yellow, whatever was before: also just after everything before was dropped."""
    early = Observation(404_000, after=Seen((Sight("light", None, ("yellow",)),)))
    for many in range(9, 18, 3):
        for more in range(memory):
            again = [Observation(399_000 + place, after=lights(1)[0].after) for place in range(more)]
            seen = [*lights(many), *again, Observation(400_000, Go), early]
            fault = first_fault(Monitor(LIGHT, memory=memory), seen)
            assert fault is not None
            assert (fault[0], type(fault[1])) == (len(seen) - 1, Violates)


def test_what_was_seen_while_parameters_were_others_is_not_held_against_what_comes() -> None:
    """A breaker that opened at the second failure, and whose threshold is then three, has closed again and not opened at two."""
    shows = dict.fromkeys((Failure, Succeed), Shows.SOMETIMES)
    seen: list[Observation] = []
    for start, threshold in ((0, 2), (1_000_000, 3), (2_000_000, 2), (3_000_000, 3)):
        state = "open" if threshold == 2 else "closed"
        seen += [
            Observation(start, Succeed, parameters={"threshold": threshold}),
            Observation(start + 1, Failure),
            Observation(start + 2, Failure),
            Observation(start + 3, after=Seen((Sight("breaker", None, (state,)),))),
        ]
    for memory in range(2, 8):
        assert (
            Monitor(BREAKER, sources=[Source(shows=shows)], memory=memory).check(seen).verdict is not Verdict.VIOLATES
        )


def test_what_only_the_forgotten_past_could_explain_is_inconclusive_and_says_so() -> None:
    """A light that was always seen red has been so since 15 s only: it went round unseen, before four observations that show nothing of it."""
    red = [Observation(at, after=Seen((Sight("light", None, ("red",)),))) for at in (0, 20_000, 21_000, 22_000, 23_000)]
    since = Observation(25_000, after=Seen((Sight("light", None, ("red",), since=15_000),)))
    seen = [*red, since]

    assert first_fault(Monitor(LIGHT, dates=["light"]), seen) is None
    fault = first_fault(Monitor(LIGHT, dates=["light"], memory=2), seen)
    assert fault is not None
    place, said = fault
    assert place == 5
    assert isinstance(said, Inconclusive)
    assert "bound reached" in said.why
