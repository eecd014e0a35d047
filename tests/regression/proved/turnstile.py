"""A turnstile with two counters without end: that nobody passes unpaid needs their difference, which no candidate says; Spacer finds it."""

from fsm import Machine, State, always, event, integer, reachable

locked, unlocked = State("locked"), State("unlocked")
coins, people = integer("coins", 0, None), integer("people", 0, None)


@event
class Pay:
    pass


@event
class Pass:
    pass


SUBJECT = Machine(
    "turnstile",
    states=(locked, unlocked),
    initial=locked,
    variables=(coins, people),
    transitions=(
        locked.on(Pay).to(unlocked).set(coins, coins + 1),
        unlocked.on(Pass).to(locked).set(people, people + 1),
    ),
    properties=(
        always("nobody passes unpaid", people <= coins),
        reachable("two can pass", people == 2),
    ),
)
