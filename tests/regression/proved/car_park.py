"""The barrier of a car park opens for a ticket and falls behind the car, or after a while: whatever has happened, it can be filled.

Who drives in must have waited for a moment, and before the barrier falls by itself: what leads on in that stay is a wait that comes before its timer,
and the timer leads further away.
"""

from fsm import ELAPSED, Machine, State, always, event, inside, integer, leads_to, recoverable, within

closed, rising, raised, falling = State("closed"), State("rising"), State("raised"), State("falling")
cars = integer("cars", 0, 4)


@event
class Ticket:
    pass


@event
class Drive:
    pass


@event
class Leave:
    pass


@event
class Rise:
    """Sent by time."""


@event
class Fall:
    """Sent by time."""


SUBJECT = Machine(
    "car_park",
    states=(closed, rising, raised, falling),
    initial=closed,
    transitions=(
        closed.on(Ticket).when(cars < 4).to(rising),
        rising.after(2, Rise).to(raised),
        raised.on(Drive).when((ELAPSED >= 1) & (cars < 4)).to(falling).set(cars, cars + 1),
        raised.after(5, Fall).to(falling),
        falling.after(2, Fall).to(closed),
        (closed | rising | raised | falling).on(Leave).when(cars > 0).stay().set(cars, cars - 1),
    ),
    variables=(cars,),
    properties=(
        always("who is let in has a place", inside(rising, raised) >> (cars < 4)),
        recoverable("it can always be full", cars == 4),
        recoverable("it can always be empty", cars == 0),
        within("it is shut again in nine", 9, inside(rising, raised, falling), inside(closed)),
        leads_to("it shuts in the end", inside(rising, raised, falling), inside(closed)),
    ),
)
