"""A client that waits twice as long after each failure, and gives up after the longest pause.

Source: the truncated exponential backoff of IEEE 802.3 and of RFC 6298, without chance. What is left of a pause is counted by a number, which the next
failure sets to twice as much: no sum of durations along the ways says how long it takes, what is left does.
"""

from fsm import Machine, State, after, always, before, each_step, event, inside, integer, leads_to, recoverable, within

trying, waiting, connected, failed = State("trying"), State("waiting"), State("connected"), State("failed")
pause, remaining = integer("pause", 1, 8, initial=1), integer("remaining", 0, 8)


@event
class Fail:
    pass


@event
class Succeed:
    pass


@event
class Tick:
    """Sent by time."""


@event
class Restart:
    pass


SUBJECT = Machine(
    "client",
    states=(trying, waiting, connected, failed),
    initial=trying,
    transitions=(
        trying.on(Succeed).to(connected).set(pause, 1),
        trying.on(Fail).when(pause <= 4).to(waiting).set(remaining, pause).set(pause, pause * 2),
        trying.on(Fail).to(failed),
        waiting.after(2, Tick).when(remaining > 1).to(waiting).set(remaining, remaining - 1),
        waiting.after(2, Tick).to(trying).set(remaining, 0),
        (connected | failed).on(Restart).to(trying).set(pause, 1),
    ),
    variables=(pause, remaining),
    properties=(
        always("what is left is half of the pause at most", remaining * 2 <= pause),
        always("a pause is twice the one before", (pause == 1) | (pause == 2) | (pause == 4) | (pause == 8)),
        each_step("it gives up after the longest only", (before(inside(trying)) & after(inside(failed))) >> before(pause == 8)),
        within("it tries again within the longest pause", 8, inside(waiting), inside(trying)),
        recoverable("it can always connect", inside(connected)),
        leads_to("it connects or gives up", inside(trying, waiting), inside(connected, failed), fair=(Fail, Succeed)),
    ),
)  # fmt: skip
