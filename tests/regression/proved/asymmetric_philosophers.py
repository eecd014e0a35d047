"""Three philosophers of whom the last takes its right fork first: nobody can be kept waiting by a circle.

Source: E. W. Dijkstra, Hierarchical ordering of sequential processes (1971). Proved since every fork is
taken in one order: whoever holds the highest fork that is held has what is still missing free.
"""

from fsm import Machine, State, System, always, event, one, reachable, recoverable, wire

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
class ThirdTakesOne:
    pass


@event
class ThirdTakesThree:
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
    "asymmetric_philosophers",
    parts=(first, second, third, fork_1, fork_2, fork_3),
    wires=(
        wire(FirstTakesOne, first.by(TakeFork), fork_1.by(PickUp)),
        wire(FirstTakesTwo, first.by(Eat), fork_2.by(PickUp)),
        wire(FirstIsDone, first.by(Think), fork_1.by(PutDown), fork_2.by(PutDown)),
        wire(SecondTakesTwo, second.by(TakeFork), fork_2.by(PickUp)),
        wire(SecondTakesThree, second.by(Eat), fork_3.by(PickUp)),
        wire(SecondIsDone, second.by(Think), fork_2.by(PutDown), fork_3.by(PutDown)),
        wire(ThirdTakesOne, third.by(TakeFork), fork_1.by(PickUp)),
        wire(ThirdTakesThree, third.by(Eat), fork_3.by(PickUp)),
        wire(ThirdIsDone, third.by(Think), fork_1.by(PutDown), fork_3.by(PutDown)),
    ),
    properties=(
        always(
            "the first fork is up exactly while first or third has taken one",
            fork_1.inside(up) == (first.inside(hungry, eating) | third.inside(hungry, eating)),
        ),
        always(
            "the second fork is up exactly while first eats or second has taken one",
            fork_2.inside(up) == (first.inside(eating) | second.inside(hungry, eating)),
        ),
        always(
            "the third fork is up exactly while second or third eats",
            fork_3.inside(up) == (second.inside(eating) | third.inside(eating)),
        ),
        always(
            "whoever has taken the first fork has it alone",
            ~(first.inside(hungry, eating) & third.inside(hungry, eating)),
        ),
        always(
            "whoever has taken the second fork has it alone", ~(first.inside(eating) & second.inside(hungry, eating))
        ),
        always(
            "neighbours never eat at once",
            ~(first.inside(eating) & second.inside(eating)) & ~(second.inside(eating) & third.inside(eating)),
        ),
        reachable("all forks can be up", fork_1.inside(up) & fork_2.inside(up) & fork_3.inside(up)),
        recoverable("the second eats again", second.inside(eating)),
        recoverable("everybody can think", first.inside(thinking) & second.inside(thinking) & third.inside(thinking)),
    ),
)
