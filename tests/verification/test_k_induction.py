"""k-induction: several states in a row, for what one state does not show; and what a failed step is told with."""

from __future__ import annotations

import pytest

from fsm import Field, Machine, State, System, always, as_system, boolean, each, event, inside, integer, one, wire
from fsm.verification import Proved, Unknown, verify
from fsm.verification import solver as ask
from fsm.verification.decide import safety
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.quantities import state_in_words
from fsm.verification.encoding.terms import TRUE
from fsm.verification.engines import k_induction, spacer
from fsm.verification.engines import unrolling as rows
from fsm.verification.engines.induction import Failure, Induction, Longer
from fsm.verification.engines.k_induction import show_by_k
from fsm.verification.engines.strengthening import closing
from fsm.verification.facts import FactId, Of
from fsm.verification.search import bounded
from fsm.verification.solver import Asker, GaveUp

shut, ajar, wide, broken = State("shut"), State("ajar"), State("wide"), State("broken")
turns = integer("turns", 0, None)
loose, gaping = boolean("loose"), boolean("gaping")
force = integer("force", 0, None)


@event
class Push:
    pass


@event
class Pull:
    pass


@event
class Kick:
    pass


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


@event
class Enter:
    pass


FIRST = FactId(Of.CLAIM, (0,))


def induction_of(target: Machine | System) -> Induction:
    induction = Prover(as_system(target)).induction
    assert isinstance(induction, Induction)
    return induction


def shown(target: Machine, deepest: int = k_induction.DEEPEST) -> Longer | Failure:
    last = FactId(Of.CLAIM, (len(target.properties) - 1,))
    return show_by_k(induction_of(target), last, deepest)


def stairs(steps: int) -> Machine:
    """From nought it goes up in twos, and never stands on an odd number."""
    lines = (shut.on(Push).stay().set(turns, turns + 2),)
    return Machine(
        "stairs", (shut,), shut, lines, variables=(turns,), properties=(always("never there", turns != 2 * steps - 1),)
    )


@pytest.mark.parametrize("steps", [2, 3, 4])
def test_as_many_states_in_a_row_as_lead_to_the_fault_show_that_it_is_not_reached(steps: int) -> None:
    """Turns are never negative: so many odd numbers are not above the fault, and none of them comes from the start."""
    found = shown(stairs(steps))

    assert isinstance(found, Longer)
    assert steps == found.k


def test_more_states_than_are_tried_leave_the_step_open() -> None:
    found = shown(stairs(9))

    assert isinstance(found, Failure) and found.where.startswith("4-induction: push")
    assert f"turns = {17 - 2}" in state_in_words(found.state)


FALL = Machine(
    "fall", (shut, broken), shut, (shut.on(Kick).to(broken),), properties=(always("never broken", ~inside(broken)),)
)


def test_a_base_that_fails_is_no_proof() -> None:
    found = shown(FALL)

    assert isinstance(found, Failure)
    assert "the base of 2-induction, 1 step from the start," == found.where


def test_without_its_base_it_would_prove_what_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nothing leads to where the fall begins, so no two states in a row end in it."""
    monkeypatch.setattr(k_induction._Way, "base", lambda self, k: k_induction.Kept(frozenset()))

    assert isinstance(shown(FALL), Longer)


LOOP = Machine(
    "loop",
    (shut,),
    shut,
    (
        shut.on(Push).stay().set(loose, loose),
        shut.on(Kick).when(loose).stay().set(gaping, True),
    ),
    variables=(loose, gaping),
    properties=(always("never gaping, when loose", ~(gaping & loose)),),
)


def test_that_no_state_occurs_twice_shows_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It never comes loose, but a step that changes nothing leads from loose to loose, as often as wanted."""
    assert isinstance(shown(LOOP), Longer)
    monkeypatch.setattr(rows.Rows, "unlike", lambda self, k: TRUE)

    assert isinstance(shown(LOOP), Failure)


def test_the_verdict_names_k_and_covers_what_a_proof_covers() -> None:
    found = verify(LOOP, definition=False).verdicts[-1]

    assert isinstance(found, Proved)
    assert ("2-induction", "every run") == (found.argument, found.covers)


def test_what_the_start_breaks_is_not_tried() -> None:
    machine = Machine(
        "open",
        (shut, ajar),
        shut,
        (shut.on(Push).to(ajar), ajar.on(Pull).to(shut)),
        properties=(always("never shut", ~inside(shut)),),
    )

    assert 0 == len(verify(machine, definition=False).verdicts[-1].trace.steps)  # type: ignore[union-attr]


@pytest.mark.parametrize("number", range(6))
def test_a_solver_that_gives_up_shows_nothing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Whichever question it is: the base or a step."""
    induction = induction_of(LOOP)
    real, asked = Asker.ask, iter(range(1_000))
    monkeypatch.setattr(
        ask.Asker, "ask", lambda *given, **more: GaveUp("told to") if next(asked) >= number else real(*given, **more)
    )
    found = show_by_k(induction, FIRST)

    assert isinstance(found, Longer) or "told to" == found.reason or number > 2


# What would close a step


def test_a_failed_step_is_told_with_the_claim_of_the_page_that_would_close_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A square grows to ninety-nine from where its next size is ninety-nine; that this is never so is not shown either."""
    for engine in (safety, spacer, bounded):
        monkeypatch.setattr(engine, "BUDGET", 100)
    grown = (shut.on(Push).stay().set(turns, turns + 2 * force + 1).set(force, force + 1),)
    claims = (always("never next", turns + 2 * force != 98), always("never ninety-nine", turns != 99))
    first, second = verify(
        Machine("square", (shut,), shut, grown, variables=(turns, force), properties=claims), definition=False
    ).verdicts

    assert (
        isinstance(first, Unknown)
        and "Add the property that rules this state out, if it cannot be reached." == first.hint
    )
    assert isinstance(second, Unknown) and "It would follow from 'never next', which is not shown." == second.hint


def test_a_failed_step_is_told_with_two_parts_that_may_never_be_so_at_once() -> None:
    """Doors of an air lock that open by turns: the claim follows if never both are ajar."""
    lines = (shut.on(Push).to(ajar), ajar.on(Pull).to(wide), wide.on(Kick).to(shut))
    inner, outer = (
        one("inner", Machine("door", (shut, ajar, wide), shut, lines)),
        one("outer", Machine("door", (shut, ajar, wide), shut, lines)),
    )
    claim = always("never both wide", ~(inner.inside(wide) & outer.inside(wide)))
    lock = System(
        "lock",
        (inner, outer),
        (
            wire(Push, inner.by(Push), outer.by(Push)),
            wire(Pull, inner.by(Pull)),
            wire(Kick, outer.by(Pull), inner.by(Kick)),
        ),
        properties=(claim,),
    )
    whole = induction_of(lock)
    assert FIRST in whole.invariants  # with what is tried besides

    induction = Induction(whole.counting, {FIRST: whole.candidates[FIRST]})

    assert FIRST not in induction.invariants
    assert "It would follow if inner is in" in closing(induction, FIRST, induction.failures[FIRST])


def test_no_hint_is_given_where_nothing_closes_the_step() -> None:
    induction = induction_of(stairs(9))

    assert "" == closing(induction, FIRST, induction.failures[FIRST])


def test_of_many_instances_that_one_holds_at_most_may_be_what_is_missing() -> None:
    """All who came go in at once, when nobody is inside: that is one, if never two have come."""
    away, came = State("away"), State("came")
    guest = Machine(
        "guest", (away, came, wide), away, (away.on(Push).to(came), came.on(Pull).to(wide), wide.on(Kick).to(away))
    )
    guests = each("guests", guest, key="who")
    claim = always("no two inside", guests.count(wide) < 2)
    inn = System(
        "inn",
        (guests,),
        (
            wire(Come, guests[Come.who].by(Push), when=guests.none()),
            wire(Enter, guests.every(came).by(Pull), when=guests.none(wide)),
            wire(Go, guests[Go.who].by(Kick)),
        ),
        properties=(claim,),
    )
    induction = induction_of(inn)

    assert FIRST not in induction.invariants
    assert "It would follow if never two of guests are in came. If that is so, add it as an always(...)." == closing(
        induction, FIRST, induction.failures[FIRST]
    )
