"""Three philosophers who all take their left fork first: each has one and waits for the next, and nobody ever eats again.

Source: E. W. Dijkstra, Hierarchical ordering of sequential processes (1971). Must be refuted in three
steps, one fork for each, after which nothing can happen at all.
"""

from fsm import Machine, State, System, always, event, one, recoverable, wire

thinking, hungry, eating = State("thinking"), State("hungry"), State("eating")
down, up = State("down"), State("up")


@event
class FirstTakesOne:
    pass


@event
class FirstTakesTwo:
    pass


@event
class FirstIsDone:
    pass


@event
class SecondTakesTwo:
    pass


@event
class SecondTakesThree:
    pass


@event
class SecondIsDone:
    pass


@event
class ThirdTakesThree:
    pass


@event
class ThirdTakesOne:
    pass


@event
class ThirdIsDone:
    pass


@event
class TakeFork:
    pass


@event
class Eat:
    pass


@event
class Think:
    pass


@event
class PickUp:
    pass


@event
class PutDown:
    pass


PHILOSOPHER = Machine(
    "philosopher",
    states=(thinking, hungry, eating),
    initial=thinking,
    transitions=(thinking.on(TakeFork).to(hungry), hungry.on(Eat).to(eating), eating.on(Think).to(thinking)),
)
FORK = Machine("fork", states=(down, up), initial=down, transitions=(down.on(PickUp).to(up), up.on(PutDown).to(down)))
first, second, third = one("first", PHILOSOPHER), one("second", PHILOSOPHER), one("third", PHILOSOPHER)
fork_1, fork_2, fork_3 = one("fork_1", FORK), one("fork_2", FORK), one("fork_3", FORK)

SUBJECT = System(
    "philosophers",
    parts=(first, second, third, fork_1, fork_2, fork_3),
    wires=(
        wire(FirstTakesOne, first.by(TakeFork), fork_1.by(PickUp)),
        wire(FirstTakesTwo, first.by(Eat), fork_2.by(PickUp)),
        wire(FirstIsDone, first.by(Think), fork_1.by(PutDown), fork_2.by(PutDown)),
        wire(SecondTakesTwo, second.by(TakeFork), fork_2.by(PickUp)),
        wire(SecondTakesThree, second.by(Eat), fork_3.by(PickUp)),
        wire(SecondIsDone, second.by(Think), fork_2.by(PutDown), fork_3.by(PutDown)),
        wire(ThirdTakesThree, third.by(TakeFork), fork_3.by(PickUp)),
        wire(ThirdTakesOne, third.by(Eat), fork_1.by(PickUp)),
        wire(ThirdIsDone, third.by(Think), fork_3.by(PutDown), fork_1.by(PutDown)),
    ),
    properties=(
        always("neighbours never eat at once", ~(first.inside(eating) & second.inside(eating))),
        recoverable("somebody eats again", first.inside(eating) | second.inside(eating) | third.inside(eating)),
    ),
)

STEPS = 3
