"""A barrier for as many threads as there are: nobody is past it in this round before everybody has come.

Source: H. F. Jordan, A special purpose architecture for finite element analysis (1978). Safe for every
number of threads. That it always opens again is shown by a rank that weighs who is still to come.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    parameter,
    reachable,
    recoverable,
    wire,
)

working, arrived = State("working"), State("arrived")
threads_there_are = parameter("threads_there_are", int, 3, low=1)


@event
class Arrives:
    thread: Field[str]


@event
class Opens:
    pass


@event
class Arrive:
    pass


@event
class Leave:
    pass


THREAD = Machine(
    "thread",
    states=(working, arrived),
    initial=working,
    transitions=(working.on(Arrive).to(arrived), arrived.on(Leave).to(working)),
)
threads = each("threads", THREAD, key="thread", population=threads_there_are)

SUBJECT = System(
    "barrier",
    parts=(threads,),
    parameters=(threads_there_are,),
    wires=(wire(Arrives, threads[Arrives.thread].by(Arrive)), wire(Opens, threads.every(arrived).by(Leave))),
    rules=(Rule("everybody has come", on=Opens, when=threads.count(arrived) == threads_there_are),),
    properties=(
        always("no more have come than there are", threads.count(arrived) <= threads_there_are),
        each_step(
            "it opens for all of them at once",
            happens(Opens) >> ((before(threads.count()) == threads_there_are) & after(threads.none())),
        ),
        each_step(
            "nobody leaves unless it opens", (after(threads.count()) < before(threads.count())) >> happens(Opens)
        ),
        reachable("everybody can come", threads.count(arrived) == threads_there_are),
        recoverable("it opens again", threads.none()),
    ),
)
