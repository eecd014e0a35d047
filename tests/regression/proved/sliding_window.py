"""A sliding window whose size is a symbol, with numbers that never end: what is acknowledged was received, what was received was sent.

Source: V. G. Cerf, R. E. Kahn, A protocol for packet network intercommunication (1974). Proved by induction,
since the three counters keep their order together; none of the claims would be inductive alone.
"""

from fsm import Machine, State, after, always, before, each_step, event, happens, integer, parameter, reachable

open_ = State("open")
sent, received, acknowledged = integer("sent", 0, None), integer("received", 0, None), integer("acknowledged", 0, None)
window = parameter("window", int, 4, low=1)


@event
class Send:
    pass


@event
class Receive:
    pass


@event
class Acknowledge:
    pass


SUBJECT = Machine(
    "sliding_window",
    states=(open_,),
    initial=open_,
    variables=(sent, received, acknowledged),
    transitions=(
        open_.on(Send).when(sent < acknowledged + window).stay().set(sent, sent + 1),
        open_.on(Receive).when(received < sent).stay().set(received, received + 1),
        open_.on(Acknowledge).when(acknowledged < received).stay().set(acknowledged, acknowledged + 1),
    ),
    properties=(
        always("no more is under way than the window allows", sent <= acknowledged + window),
        always("what was received was sent", received <= sent),
        always("what is acknowledged was received", acknowledged <= received),
        each_step(
            "only an acknowledgement moves the window",
            (after(acknowledged) > before(acknowledged)) >> happens(Acknowledge),
        ),
        reachable("the window can be full", (sent == acknowledged + window) & (acknowledged > 0)),
    ),
)
