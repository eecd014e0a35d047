"""The commonest timer of protocols: resend three times, a second apart, then give up.

Source: the retransmission timers of RFC 9260 (SCTP) and RFC 2131 (DHCP).
"""

from fsm import Machine, State, after, before, each_step, event, inside, integer, leads_to, recoverable, within

closed, waiting, failed, open_ = State("closed"), State("waiting"), State("failed"), State("open")
tries = integer("tries", 0, 3)


@event
class Connect:
    pass


@event
class Answer:
    pass


@event
class Resend:
    """Sent by time."""


SUBJECT = Machine(
    "line",
    states=(closed, waiting, failed, open_),
    initial=closed,
    transitions=(
        closed.on(Connect).to(waiting).set(tries, 0),
        waiting.on(Answer).to(open_),
        waiting.after(1_000, Resend).when(tries < 3).to(waiting).set(tries, tries + 1),
        waiting.after(1_000, Resend).to(failed),
    ),
    variables=(tries,),
    properties=(
        each_step("it gives up after three", (before(inside(waiting)) & after(inside(failed))) >> before(tries == 3)),
        within("it is over in time", 4_000, inside(waiting) & (tries == 0), inside(open_, failed)),
        recoverable("it can always be over", inside(open_, failed)),
        leads_to("it is over in the end", inside(waiting), inside(open_, failed)),
    ),
)
