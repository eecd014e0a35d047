"""A goal that is lost for good though things go on for ever: a run, and facts that nothing takes away."""

from __future__ import annotations

import pytest

from fsm import Field, Machine, Property, State, boolean, compile, effect, emitted, event, inside, integer, recoverable
from fsm.language.composition import as_system
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.decide.lost import lost_for_good
from fsm.verification.decide.prover import Prover
from fsm.verification.engines.induction import Induction
from fsm.verification.search.traps import assert_recovers

idle, talk = State("idle"), State("talk")
credit, looks = integer("credit", 0, 10, initial=2), integer("looks", 0, None)


@event
class Dial:
    pass


@event
class Hang:
    pass


@event
class Look:
    pass


@event
class Load:
    cents: Field[int]


@effect
class Rang:
    pass


def phone(claim: Property, *, loads: bool = False, costs: int = 1) -> Machine:
    """Talks cost, and somebody looks at it as often as they like."""
    lines = (
        idle.on(Dial).when(credit >= costs).to(talk).set(credit, credit - costs).emits(Rang),
        talk.on(Hang).to(idle),
        idle.on(Look).stay().set(looks, looks + 1),
    )
    load = idle.on(Load).when((Load.cents > 0) & (credit + Load.cents <= 10)).stay().set(credit, credit + Load.cents)
    return Machine(
        "phone", (idle, talk), idle, (*lines, load) if loads else lines, variables=(credit, looks), properties=(claim,)
    )


TALK = recoverable("one can talk again", inside(talk))
SILENT = recoverable("it can be as if it had never rung", emitted(Rang) == 0)
UNSEEN = recoverable("nobody has looked", looks <= 0)


def verdict(machine: Machine) -> Verdict:
    return verify(machine, definition=False).verdicts[0]


@pytest.mark.parametrize(
    ("machine", "steps"),
    [
        (phone(TALK), 4),
        (phone(TALK, costs=2), 2),
        (phone(TALK, loads=True), None),
        (phone(TALK, costs=0), None),
        (phone(SILENT), 1),
        (phone(UNSEEN), 1),
        (phone(recoverable("once more", looks >= 3)), None),
    ],
)
def test_what_is_lost_for_good_is_refuted_by_the_run_to_there(machine: Machine, steps: int | None) -> None:
    """With no end of other things to do; and what a load brings back is not lost."""
    found = verdict(machine)
    assert isinstance(found, Proved if steps is None else Refuted)
    assert not isinstance(found, Refuted) or (found.trace is not None and len(found.trace.steps) == steps)


@pytest.mark.parametrize("claim", [TALK, SILENT], ids=lambda claim: claim.sentence)
def test_the_test_that_is_saved_fails_as_long_as_it_is_lost(claim: Property) -> None:
    """Also where the goal counts what was emitted on the way."""
    machine = phone(claim)
    found = verdict(machine)
    assert isinstance(found, Refuted)
    assert found.trace is not None
    with pytest.raises(AssertionError, match="none of"):
        assert_recovers(machine, claim.sentence, found.trace.events)


@event
class Learn:
    pass


@pytest.mark.parametrize("steps", [1, 2], ids="learnt in {} steps".format)
def test_what_is_only_far_away_is_not_lost(steps: int) -> None:
    """Farther than any way that was met: what keeps the goal away is kept by something else, and that is what steps take away."""
    heard, known = boolean("heard"), boolean("known")
    enough = looks >= 5_000
    lines = (
        idle.on(Look).stay().set(looks, looks + 1),
        idle.on(Learn).when(enough & ~heard).stay().set(heard, True),
        idle.on(Dial).when(heard if steps == 2 else enough).stay().set(known, True),
    )
    claim = recoverable("it can be known", known)
    machine = Machine("phone", (idle, talk), idle, lines, (looks, heard, known), (claim,))
    system = as_system(machine)
    induction = Prover(system).induction
    assert isinstance(induction, Induction)

    assert lost_for_good(induction, compile(system), system.properties[0].formula, None) is None
