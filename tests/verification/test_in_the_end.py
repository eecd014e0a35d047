"""What timers bring in bounded time comes in the end, whatever is sent meanwhile."""

from __future__ import annotations

import pytest

from fsm import Field, Machine, State, System, event, inside, integer, leads_to, one, wire
from fsm.verification import Proved, verify
from fsm.verification.certificates.confirming import confirmed

rest, busy = State("rest"), State("busy")
tries, target, floor = integer("tries", 0, 2), integer("target", 0, 9), integer("floor", 0, 9)


@event
class Open:
    pass


@event
class Ask:
    pass


@event
class Again:
    pass


@event
class Drop:
    pass


@event
class Forget:
    pass


@event
class Call:
    floor: Field[int]


@event
class Step:
    pass


def line(*, anew: bool = False, drops: bool = True) -> System:
    """A client asks again and again; the server forgets it after a while, but for a question that starts the while anew."""
    client = Machine(
        "client",
        (rest, busy),
        rest,
        (
            rest.on(Ask).to(busy).set(tries, 0),
            busy.after(1_000, Again).when(tries < 2).to(busy).set(tries, tries + 1),
            busy.after(1_000, Drop).when(tries == 2).to(rest),
        ),
        variables=(tries,),
    )
    heard = busy.on(Ask).to(busy) if anew else busy.on(Ask).stay()
    forgets = (busy.after(10_000, Drop).to(rest),) if drops else (busy.on(Forget).to(rest),)
    server = one("server", Machine("server", (rest, busy), rest, (rest.on(Ask).to(busy), heard, *forgets)))
    asks = one("client", client)
    claim = leads_to("the server forgets", server.inside(busy), server.inside(rest))
    return System("line", (asks, server), (wire(Open, asks.by(Ask), server.by(Ask)),), properties=(claim,))


@pytest.mark.parametrize(
    ("system", "holds"),
    [(line(), True), (line(anew=True), False), (line(drops=False), False)],
    ids=["it does", "each question starts the while anew", "somebody must tell it to"],
)
def test_a_timer_comes_in_the_end_though_others_go_on_for_ever(system: System, *, holds: bool) -> None:
    """Nothing that the client does falls for ever, so no rank shows it; time does."""
    [found] = confirmed(verify(system, definition=False)).verdicts
    assert isinstance(found, Proved) is holds
    assert not isinstance(found, Proved) or "bounded time" in found.argument


def lift(*, step: int = 1) -> Machine:
    """It goes floor by floor to where it is called, or stays between two floors."""
    lines = (
        rest.on(Call).when((Call.floor >= 0) & (Call.floor <= 9) & (Call.floor != floor)).to(busy).set(target, Call.floor),
        busy.after(2_000, Step).when(floor < target).to(busy).set(floor, floor + step),
        busy.after(2_000, Step).when(floor > target).to(busy).set(floor, floor - step),
        busy.after(2_000, Step).when(floor == target).to(rest),
    )  # fmt: skip
    claims = (leads_to("it arrives", inside(busy), inside(rest)),)
    return Machine("lift", (rest, busy), rest, lines, variables=(floor, target), properties=claims)


@pytest.mark.parametrize("step", [0, 1])
def test_timers_of_one_stay_fire_in_their_order_for_the_checker_too(step: int) -> None:
    """Three timers as long as each other, of which one moves on: none has fired before one that goes first."""
    [found] = confirmed(verify(lift(step=step), definition=False)).verdicts
    assert isinstance(found, Proved) is (step == 1)


@pytest.mark.parametrize(("given_up", "holds"), [(True, True), (False, False)])
def test_what_may_come_instead_is_enough(given_up: bool, holds: bool) -> None:
    """Each question is answered, unless somebody gives up."""
    gone = State("gone")
    lines = (rest.on(Ask).to(busy), busy.on(Again).to(rest), busy.after(5_000, Drop).to(gone))
    instead = {"unless": inside(gone)} if given_up else {}
    claim = leads_to("it is answered", inside(busy), inside(rest), **instead)
    [found] = confirmed(verify(Machine("desk", (rest, busy, gone), rest, lines, properties=(claim,)), definition=False)).verdicts  # fmt: skip
    assert isinstance(found, Proved) is holds
