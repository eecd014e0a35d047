"""A claim that holds only because what it speaks of never happens is told as such, and is not counted as proved."""

from __future__ import annotations

import pytest

from fsm import (
    Field,
    Machine,
    Property,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)  # fmt: skip
from fsm.desk import AGENT, CONTACT, TILE
from fsm.verification import Proved, Report, render, verify
from fsm.verification.cases import cases_of
from fsm.verification.report import exit_status, to_plain

from .conftest import ReportOn


@event
class Open:
    """Somebody opens."""


@event
class Shut:
    """Somebody shuts."""


@event
class Enter:
    """A guest enters."""

    guest: Field[str]


@event
class Come:
    pass


@event
class Weld:
    """Nobody may."""


closed, opened, welded = State("closed"), State("opened"), State("welded")
DOOR = Machine(
    "door",
    (closed, opened, welded),
    closed,
    (closed.on(Open).to(opened), opened.on(Shut).to(closed), closed.on(Weld).to(welded)),
)
out, within_ = State("out"), State("within")
GUEST = Machine("guest", (out, within_), out, (out.on(Come).to(within_),))
door, guests = one("door", DOOR), each("guests", GUEST, key="guest")
thieves = each("thieves", GUEST, key="guest")
steel = parameter("steel", bool, False)


def house(*claims: Property) -> System:
    """A door that nobody may weld, guests who enter, thieves who never come."""
    return System(
        "house",
        parts=(door, guests, thieves),
        wires=(
            wire(Enter, guests[Enter.guest].by(Come)),
            wire(Open, door.by(Open)),
            wire(Shut, door.by(Shut)),
            wire(Weld, door.by(Weld)),
        ),
        rules=(
            Rule("nobody welds", on=Weld, when=steel & ~steel),
            Rule("through the door", on=Enter, when=door.inside(opened)),
        ),
        parameters=(steel,),
        properties=claims,
    )


VACUOUS: dict[str, Property] = {
    "a premise that never holds": always("a welded door keeps guests out", door.inside(welded) >> guests.none()),
    "a premise over two": always("none", (door.inside(opened) & door.inside(closed)) >> guests.none()),
    "an event that never happens": each_step(
        "welding harms nobody", happens(Weld) >> (after(guests.count()) == before(guests.count()))
    ),
    "a part that is always empty": always("thieves are within", for_each(thieves, inside(within_))),
    "an instance that is never so": always("all guests out", for_each(guests, inside(out) >> ~inside(within_))),
    "a start that never comes": within("a welded door is opened", 1_000, inside(welded), inside(opened)),
    "a region that is never entered": recoverable(
        "from a welded door", door.inside(closed), wherever=door.inside(welded) & door.inside(opened)
    ),
    "one case of two": always(
        "two cases", (door.inside(welded) >> guests.none()) & (door.inside(opened) >> ~door.inside(welded))
    ),
    "an if in an if": always("nested", door.inside(opened) >> (door.inside(closed) >> guests.none())),
}
CASES = {
    "a premise that never holds": "door is welded",
    "an event that never happens": "on weld",
    "a part that is always empty": "some of thieves",
    "an instance that is never so": "some of guests: out",
    "one case of two": "door is welded",
    "an if in an if": "door is opened and door is closed",
}


def proved(claim: Property) -> Proved:
    if claim.modality.value == "within":
        stuck = Machine("door", DOOR.states, closed, DOOR.transitions[:2], properties=(claim,))
        (verdict,) = verify(stuck, definition=False).verdicts
    else:
        (verdict,) = verify(house(claim), definition=False).verdicts
    assert isinstance(verdict, Proved), verdict
    return verdict


@pytest.mark.parametrize("name", VACUOUS)
def test_a_claim_without_cases_is_found_out(name: str) -> None:
    """In every way that a claim can speak of nothing."""
    verdict = proved(VACUOUS[name])

    assert [CASES[name]] == list(verdict.never) if name in CASES else verdict.never
    assert () == verdict.unmet


MEANT: dict[str, Property] = {
    "a premise that holds": always("an open door is not welded", door.inside(opened) >> ~door.inside(welded)),
    "no premise at all": always("the door is never welded", ~door.inside(welded)),
    "an event that happens": each_step(
        "entering leaves the door", happens(Enter) >> (before(door.inside(opened)) >> after(door.inside(opened)))
    ),
    "a part that is not empty": always("guests are within", for_each(guests, inside(within_))),
    "what holds for some values alone": always("steel", steel >> ~door.inside(welded)),
    "an end that nothing leaves": each_step(
        "a guest stays", for_each(guests, before(inside(within_)) >> after(inside(within_)))
    ),
}


@pytest.mark.parametrize("name", MEANT)
def test_a_claim_with_cases_is_not_accused(name: str) -> None:
    """Some run meets each case, if only with other values of the parameters."""
    verdict = proved(MEANT[name])

    assert ((), ()) == (verdict.never, verdict.unmet)


def test_the_report_says_so_and_does_not_count_it_as_proved() -> None:
    """A mark and a status of its own; the document says vacuous too."""
    report = verify(house(VACUOUS["a premise that never holds"], MEANT["a premise that holds"]), definition=False)
    page, document = render([report]), to_plain([report])

    assert 1 == exit_status([report]) == document["exit_status"]
    assert (
        "∅ a welded door keeps guests out\n      vacuous: it holds only because this never happens: door is welded\n"
        in page
    )
    assert page.endswith("1 proved, 0 refuted, 0 unknown, 1 vacuous")
    assert [("vacuous", ["door is welded"]), ("proved", [])] == [
        (one["verdict"], one["never"]) for one in document["reports"][0]["properties"]
    ]


def test_what_nobody_knows_of_is_named_and_fails_nothing() -> None:
    """A case so far away that no run is found, which nothing excludes."""
    turns = integer("turns")
    claim = always("an old door is a door", (turns == 1_000_000) >> inside(closed))
    old = Machine(
        "old",
        (closed,),
        closed,
        (closed.on(Open).stay().set(turns, turns + 1),),
        variables=(turns,),
        properties=(claim,),
    )
    report: Report = verify(old, definition=False)
    (verdict,) = report.verdicts

    assert isinstance(verdict, Proved)
    assert ((), ("old.turns = 1000000",)) == (verdict.never, verdict.unmet)
    assert 0 == exit_status([report])
    assert "open is whether this ever happens: old.turns = 1000000" in render([report])


def test_reachable_speaks_of_no_case() -> None:
    """It is itself the proof that something happens."""
    assert [] == cases_of(reachable("it opens", door.inside(opened)))
    assert [] == cases_of(recoverable("it closes", door.inside(closed)))


@pytest.mark.parametrize("machine", [AGENT, TILE, CONTACT], ids=lambda machine: machine.name)
def test_no_claim_of_the_shipped_machines_is_vacuous(machine: Machine, report_on: ReportOn) -> None:
    """Nor is any left open."""
    verdicts = report_on(machine).verdicts

    assert [] == [
        (one.claim.sentence, one.never, one.unmet)
        for one in verdicts
        if not isinstance(one, Proved) or one.never or one.unmet
    ]
