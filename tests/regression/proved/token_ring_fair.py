"""A ring of three stations that hand one token on: each station has it again and again, if each hands it on in the end.

Three fixed parts, since counting cannot say who is whose neighbour.
"""

from fsm import Machine, State, System, always, event, leads_to, one, reachable, wire

without, holding = State("without"), State("holding")


@event
class FirstHands:
    pass


@event
class SecondHands:
    pass


@event
class ThirdHands:
    pass


@event
class Takes:
    pass


@event
class Gives:
    pass


def station(first: bool) -> Machine:
    lines = (without.on(Takes).to(holding), holding.on(Gives).to(without))
    return Machine(
        "first_station" if first else "station",
        states=(without, holding),
        initial=holding if first else without,
        transitions=lines,
    )


FIRST, OTHER = station(True), station(False)
first, second, third = one("first", FIRST), one("second", OTHER), one("third", OTHER)

SUBJECT = System(
    "token_ring",
    parts=(first, second, third),
    wires=(
        wire(FirstHands, first.by(Gives), second.by(Takes)),
        wire(SecondHands, second.by(Gives), third.by(Takes)),
        wire(ThirdHands, third.by(Gives), first.by(Takes)),
    ),
    properties=(
        always(
            "never two tokens",
            ~(first.inside(holding) & second.inside(holding))
            & ~(second.inside(holding) & third.inside(holding))
            & ~(third.inside(holding) & first.inside(holding)),
        ),
        always("never none", first.inside(holding) | second.inside(holding) | third.inside(holding)),
        reachable("the third can have it", third.inside(holding)),
        leads_to("the token comes round", first.inside(holding), third.inside(holding), fair=(FirstHands, SecondHands)),
        leads_to("the token comes back", ~first.inside(holding), first.inside(holding), fair=(SecondHands, ThirdHands)),
    ),
)
