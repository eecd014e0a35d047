"""A feature that a parameter switches on leads to a state, and a timer there fires only where it is on: whoever is there is there because it is."""

from fsm import Machine, State, event, inside, parameter, within

open_, reminded, settled = State("open"), State("reminded"), State("settled")
reminders = parameter("reminders", int, 1, low=0, high=9)


@event
class Bill:
    pass


@event
class Pay:
    pass


@event
class Remind:
    """Sent by time."""


@event
class Collect:
    """Sent by time."""


SUBJECT = Machine(
    "bill",
    states=(settled, open_, reminded),
    initial=settled,
    transitions=(
        settled.on(Bill).to(open_),
        open_.on(Pay).to(settled),
        open_.after(1_000, Remind).when(reminders >= 1).to(reminded),
        reminded.on(Pay).to(settled),
        reminded.after(500, Collect).when(reminders >= 1).to(settled),
    ),
    properties=(within("who was reminded settles", 500, inside(reminded), inside(settled)),),
)
