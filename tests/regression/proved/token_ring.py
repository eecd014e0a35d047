"""A ring of four stations with one token: whoever has it may send, then passes it on. Counting cannot say who is next, so each station is a part.

Source: G. Le Lann, Distributed systems: towards a formal approach (1977). Proved since a pass takes the
token from one station and gives it to the next in one step.
"""

from fsm import Machine, State, System, always, event, one, reachable, recoverable, wire

waiting, holding, sending = State("waiting"), State("holding"), State("sending")


@event
class FirstPasses:
    pass


@event
class SecondPasses:
    pass


@event
class ThirdPasses:
    pass


@event
class FourthPasses:
    pass


@event
class FirstSends:
    pass


@event
class SecondSends:
    pass


@event
class ThirdSends:
    pass


@event
class FourthSends:
    pass


@event
class Take:
    pass


@event
class Send:
    pass


@event
class Give:
    pass


LINES = (waiting.on(Take).to(holding), holding.on(Send).to(sending), (holding | sending).on(Give).to(waiting))
STATION = Machine("station", states=(waiting, holding, sending), initial=waiting, transitions=LINES)
HOLDER = Machine("holder", states=(waiting, holding, sending), initial=holding, transitions=LINES)
first, second, third, fourth = (
    one("first", HOLDER),
    one("second", STATION),
    one("third", STATION),
    one("fourth", STATION),
)

only_first = first.inside(holding, sending) & second.inside(waiting) & third.inside(waiting) & fourth.inside(waiting)
only_second = first.inside(waiting) & second.inside(holding, sending) & third.inside(waiting) & fourth.inside(waiting)
only_third = first.inside(waiting) & second.inside(waiting) & third.inside(holding, sending) & fourth.inside(waiting)
only_fourth = first.inside(waiting) & second.inside(waiting) & third.inside(waiting) & fourth.inside(holding, sending)

SUBJECT = System(
    "token_ring",
    parts=(first, second, third, fourth),
    wires=(
        wire(FirstPasses, first.by(Give), second.by(Take)),
        wire(SecondPasses, second.by(Give), third.by(Take)),
        wire(ThirdPasses, third.by(Give), fourth.by(Take)),
        wire(FourthPasses, fourth.by(Give), first.by(Take)),
        wire(FirstSends, first.by(Send)),
        wire(SecondSends, second.by(Send)),
        wire(ThirdSends, third.by(Send)),
        wire(FourthSends, fourth.by(Send)),
    ),
    properties=(
        always("the token is at exactly one station", only_first | only_second | only_third | only_fourth),
        always("first and third never send at once", ~(first.inside(sending) & third.inside(sending))),
        reachable("the fourth can send", fourth.inside(sending)),
        recoverable("the token comes back to the first", first.inside(holding)),
        recoverable("the third can send again", third.inside(sending)),
    ),
)

SNAPSHOTS = 8
"""By hand: the token at one of four stations, which sends or does not."""
