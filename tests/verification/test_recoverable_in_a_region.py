"""`recoverable(..., wherever=...)`: from a region, by runs that stay in it until the goal."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from fsm import (
    ELAPSED,
    NOW,
    DefinitionError,
    Field,
    Machine,
    State,
    System,
    after,
    as_system,
    before,
    boolean,
    compile,
    each,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    parameter,
    recoverable,
    wire,
    within,
)
from fsm.canonical import write
from fsm.language.expressions import Formula
from fsm.language.machine import Transition
from fsm.semantics.stopwatch import bounded_responses
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section, read_certificate
from fsm.verification.checker.solver import InProcess
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover


@event
class Walk:
    pass


@event
class Climb:
    pass


@event
class Fall:
    pass


@event
class Swim:
    pass


@effect
class Fell:
    at: int


@event
class Ring:
    """Sent by time."""


@event
class Drift:
    """Sent by time."""


land, hill, sea, wreck = State("land"), State("hill"), State("sea"), State("wreck")
ON_LAND = inside(land, hill)
ON_THE_HILL = inside(hill)


def trip(
    *transitions: Transition, wherever: Formula | None = ON_LAND, goal: Formula = ON_THE_HILL, **more: Any
) -> Machine:
    claim = recoverable("the hill can be climbed", goal, wherever=wherever)
    return Machine("trip", (land, hill, sea, wreck), land, transitions, properties=(claim,), **more)


def decided(declared: Machine | System) -> Verdict:
    system = as_system(declared) if isinstance(declared, Machine) else declared
    return decide(Prover(system), system.properties[0])


CLIMBS = land.on(Climb).to(hill)
FALLS = hill.on(Fall).to(sea)
SINKS = sea.on(Fall).to(wreck)
LANDS = sea.on(Swim).to(land)
BY_SEA = land.on(Fall).to(sea)
TO_THE_HILL = sea.on(Swim).to(hill)


# Where it holds


def test_what_lies_outside_the_region_does_not_count() -> None:
    """A wreck stays a wreck; the claim speaks of those on land."""
    verdict = decided(trip(CLIMBS, FALLS, SINKS))

    assert isinstance(verdict, Proved), verdict
    assert "a rank that climb lowers" in verdict.argument


def test_without_a_region_the_same_claim_is_refuted_by_a_run_out_of_it() -> None:
    """So the region is what makes it true."""
    verdict = decided(trip(CLIMBS, FALLS, SINKS, wherever=None))

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert ["Climb", "Fall"] == [type(step.event).__name__ for step in verdict.trace.steps][:2]


def test_the_goal_may_lie_outside_the_region() -> None:
    """The region has to last until the goal, not longer."""
    assert isinstance(decided(trip(CLIMBS, wherever=inside(land))), Proved)


def test_a_region_that_nobody_is_ever_in_asks_nothing() -> None:
    """Nothing leads to the wreck here, so nothing has to lead out of it."""
    assert isinstance(decided(trip(CLIMBS, wherever=inside(wreck))), Proved)


# Where it does not


def test_a_way_through_another_region_is_no_way() -> None:
    """Land, sea, hill: whoever may not leave the land never arrives, and the trap shows the shortest run to where that is so."""
    verdict = decided(trip(BY_SEA, TO_THE_HILL))

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert 0 == len(verdict.trace.steps)
    assert isinstance(decided(trip(BY_SEA, TO_THE_HILL, wherever=inside(land, sea))), Proved)


tired = integer("tired", 0, 2)
often = integer("often", 0, None)


def test_a_trap_within_the_region_is_found_by_a_shortest_run() -> None:
    """Who walks twice is too tired to climb, though still on land."""
    walk = land.on(Walk).when(tired < 2).stay().set(tired, tired + 1)
    climb = land.on(Climb).when(tired < 2).to(hill)
    rest = land.on(Fall).when(tired == 2).to(sea)
    machine = trip(walk, climb, rest, LANDS, variables=(tired,))

    verdict = decided(machine)

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert ["Walk", "Walk"] == [type(step.event).__name__ for step in verdict.trace.steps]
    assert verdict.trace == replay(compile(machine), verdict.trace.events)


def test_a_timer_that_may_lead_out_of_the_region_leads_nowhere() -> None:
    """Waiting helps only where what comes stays in the region."""
    drifts = land.after(5, Drift).to(sea)

    assert isinstance(confirmed(trip(drifts, TO_THE_HILL)), Refuted)
    assert isinstance(decided(trip(land.after(5, Drift).to(hill))), Proved)


def confirmed(machine: Machine) -> Verdict:
    """The verdict that the checker confirms."""
    (verdict,) = verify(machine).verdicts
    return verdict


def test_a_timer_that_leads_out_of_the_region_is_forestalled() -> None:
    """Whoever is on land climbs before the tide comes: time goes to the instant of a timer only when nobody does anything before. That is the meaning, and prover and checker agree on it."""
    verdict = confirmed(trip(CLIMBS, land.after(5, Drift).to(sea), LANDS))

    assert isinstance(verdict, Proved), verdict


def test_the_second_timer_of_an_instant_is_not_forestalled() -> None:
    """After the first nobody is heard before the second, which leads out to sea; where they are not due together, somebody is."""
    rings = land.after(5, Ring).stay()

    assert not isinstance(confirmed(trip(CLIMBS, rings, land.after(5, Drift).to(sea), LANDS)), Proved)
    assert isinstance(confirmed(trip(CLIMBS, rings, land.after(6, Drift).to(sea), LANDS)), Proved)


def test_the_evidence_of_one_timer_shows_nothing_of_two_of_one_instant() -> None:
    """The rank is the same; the checker asks of the second timer where it leads."""
    alone = trip(CLIMBS, land.after(5, Drift).to(sea), LANDS)
    after = trip(CLIMBS, land.after(6, Ring).stay(), land.after(5, Drift).to(sea), LANDS)
    evidence = evidence_of(alone)

    def whys(machine: Machine) -> list[str]:
        session = Session(read_declaration(write(machine)), InProcess())
        return [one.why for one in session.outcomes({}, Section((), {"claim 0": evidence})).values()]

    assert whys(alone) == [""]
    assert whys(after) == [""]
    for first in (land.after(5, Ring).stay(), land.after(5, Ring).when(tired == 2).to(hill)):
        (why,) = whys(trip(CLIMBS, first, land.after(5, Drift).to(sea), LANDS, variables=(tired,)))
        assert "leads away: sat" in why


def evidence_of(machine: Machine) -> Evidence:
    """What shows the only claim of a machine."""
    with TemporaryDirectory() as folder:
        write_certificates(Path(folder) / "proof", None, [verify(machine)])
        _, sections = read_certificate((Path(folder) / "proof" / "machine-0" / "certificate.json").read_text())
    return next(one for section in sections.values() for name, one in section.claims.items() if name == "claim 0")


# With many instances

room = parameter("room", int, 2, low=1)
gone, waiting, stuck = State("gone"), State("waiting"), State("stuck")
shop_open = State("open")
shop_shut = State("shut")


@event
class Come:
    who: Field[str]


@event
class Serve:
    who: Field[str]


@event
class Enter:
    pass


@event
class Attend:
    pass


@event
class Shut:
    pass


GUEST = Machine("guest", (gone, waiting), gone, (gone.on(Enter).to(waiting), waiting.on(Attend).to(gone)))
SHOP = Machine(
    "shop", (shop_open, shop_shut), shop_open, (shop_open.on(Attend).stay(), shop_open.on(Shut).to(shop_shut))
)
guests, shop = each("guests", GUEST, key="who", at_most=room), one("shop", SHOP)


def shopping(wherever: Formula | None) -> System:
    return System(
        "shopping",
        (guests, shop),
        parameters=(room,),
        wires=(wire(Come, guests[Come.who].by(Enter)), wire(Serve, guests[Serve.who].by(Attend), shop.by(Attend))),
        properties=(recoverable("everybody can be served", guests.none(), wherever=wherever),),
    )


def test_a_region_of_a_system_holds_for_every_number_of_instances() -> None:
    """While the shop is open everybody can be served; once it is shut nobody is."""
    verdict = decided(shopping(shop.inside(shop_open)))

    assert isinstance(verdict, Proved), verdict
    assert "every value of room and any number of guests" == verdict.covers
    assert not isinstance(decided(shopping(None)), Proved)


# What a region may read

ALONE = "Steps are spoken of in each_step(...) and can_happen(...) alone, each moment by itself."
STEPS: list[tuple[str, Formula, str]] = [
    ("the event of a step", happens(Walk), f"on walk cannot be read in a property: it is the event of a step. {ALONE}"),
    (
        "before a step",
        before(inside(land)),
        f"land before cannot be read in a property: it is before or after a step. {ALONE}",
    ),
    (
        "after a step",
        after(inside(land)),
        f"land after cannot be read in a property: it is before or after a step. {ALONE}",
    ),
    ("a foreign variable", boolean("foreign"), "variable 'foreign' is not declared."),
    ("a foreign state", inside(stuck), "trip has no state 'stuck'."),
    ("a foreign part", guests.none(), "guests is no part of trip."),
    ("every foreign instance", for_each(guests, inside(waiting)), "guests is no part of trip."),
]


@pytest.mark.parametrize(("wherever", "message"), [one[1:] for one in STEPS], ids=[one[0] for one in STEPS])
def test_a_region_is_a_formula_of_one_snapshot_like_the_goal(wherever: Formula, message: str) -> None:
    """What the goal may not read the region may not either, and the refusal says the same."""
    with pytest.raises(DefinitionError) as region:
        trip(CLIMBS, wherever=wherever)
    with pytest.raises(DefinitionError) as goal:
        trip(CLIMBS, goal=wherever)

    assert str(region.value) == str(goal.value)
    assert str(region.value).startswith(f"machine trip: property 'the hill can be climbed': {message}")


def test_a_region_is_a_formula() -> None:
    """A number is none."""
    with pytest.raises(DefinitionError, match="needs a formula, not tired"):
        recoverable("it is", inside(land), wherever=tired)  # type: ignore[arg-type]  # which is what is refused


@pytest.mark.parametrize("wherever", [ELAPSED < 5, inside(land) & (ELAPSED >= 1)], ids=["alone", "with a state"])
def test_a_region_may_read_the_time_in_state_where_everything_is_finite(wherever: Formula) -> None:
    """No rank knows clocks; an enumeration goes from change to change."""
    endless = land.on(Walk).stay().set(often, often + 1)
    verdict = decided(trip(CLIMBS, endless, wherever=wherever, variables=(often,)))

    assert isinstance(confirmed(trip(CLIMBS, wherever=wherever)), Proved)
    assert isinstance(verdict, Unknown), verdict
    assert "the region reads the time in state" == verdict.why


@event
class Due:
    """Sent by time."""


@pytest.mark.parametrize(("patience", "verdict"), [(1, Refuted), (2, Proved), (3, Proved)])
def test_time_that_passes_leaves_a_region_too(patience: int, verdict: type) -> None:
    """A timer of two milliseconds takes nobody to the hill whom the first of them has taken out of the region."""
    rises = land.after(2, Due).to(hill)
    assert isinstance(decided(trip(rises, wherever=ON_THE_HILL | (ELAPSED < patience))), verdict)
    assert isinstance(confirmed(trip(rises, wherever=ON_THE_HILL | (ELAPSED < patience))), verdict)


def test_a_region_that_counts_effects_is_never_enumerated() -> None:
    """A snapshot does not know what was emitted before it; the rank does."""
    falls = hill.on(Fall).to(land).emits(Fell, at=NOW)

    assert isinstance(decided(trip(CLIMBS, falls, wherever=emitted(Fell) < 3)), Proved)
    assert isinstance(decided(trip(falls, wherever=emitted(Fell) < 3)), Unknown)


# A region is no start of a stopwatch


def test_a_region_is_kept_apart_from_the_start_of_a_bounded_response() -> None:
    """Both are premises of a property; runs are timed by the second kind alone."""
    claims = (recoverable("it can", inside(hill), wherever=ON_LAND), within("it does", 5, inside(land), inside(hill)))

    assert [(claims[1], None)] == bounded_responses(claims, ())


def test_a_claim_with_a_region_is_written_and_checked_like_any_other() -> None:
    """The machine's own page: everything is proved."""
    report = verify(trip(CLIMBS, hill.on(Walk).to(land), BY_SEA, LANDS, SINKS))

    assert [] == [one.claim.sentence for one in report.verdicts if not isinstance(one, Proved)]
