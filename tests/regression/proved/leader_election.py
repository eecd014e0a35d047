"""Election on a ring of three with the numbers 1 to 3: everybody may start, and only the highest number comes round.

Source: E. Chang, R. Roberts, An improved algorithm for decentralized extrema-finding in circular
configurations of processes (1979). A node sends its own number on once, passes on higher ones and drops
lower ones. Proved by enumeration: which numbers are under way, and who has started, is all there is.
"""

from fsm import Machine, State, always, boolean, event, integer, reachable, recoverable

ring = State("ring")
at_1, at_2, at_3 = integer("at_1", 0, 3), integer("at_2", 0, 3), integer("at_3", 0, 3)
began_1, began_2, began_3 = boolean("began_1"), boolean("began_2"), boolean("began_3")
leader = integer("leader", 0, 3)


@event
class FirstBegins:
    pass


@event
class SecondBegins:
    pass


@event
class ThirdBegins:
    pass


@event
class FirstReads:
    pass


@event
class SecondReads:
    pass


@event
class ThirdReads:
    pass


SUBJECT = Machine(
    "leader_election",
    states=(ring,),
    initial=ring,
    variables=(at_1, at_2, at_3, began_1, began_2, began_3, leader),
    transitions=(
        ring.on(FirstBegins).when(~began_1 & (at_2 == 0)).stay().set(began_1, True).set(at_2, 1),
        ring.on(SecondBegins).when(~began_2 & (at_3 == 0)).stay().set(began_2, True).set(at_3, 2),
        ring.on(ThirdBegins).when(~began_3 & (at_1 == 0)).stay().set(began_3, True).set(at_1, 3),
        ring.on(FirstReads).when((at_1 > 1) & (at_2 == 0)).stay().set(at_2, at_1).set(at_1, 0),
        ring.on(FirstReads).when(at_1 == 1).stay().set(leader, 1).set(at_1, 0),
        ring.on(SecondReads).when((at_2 > 2) & (at_3 == 0)).stay().set(at_3, at_2).set(at_2, 0),
        ring.on(SecondReads).when(at_2 == 2).stay().set(leader, 2).set(at_2, 0),
        ring.on(SecondReads).when(at_2 == 1).stay().set(at_2, 0),
        ring.on(ThirdReads).when(at_3 == 3).stay().set(leader, 3).set(at_3, 0),
        ring.on(ThirdReads).when((at_3 > 0) & (at_3 < 3)).stay().set(at_3, 0),
    ),
    properties=(
        always("nobody but the highest is elected", (leader == 0) | (leader == 3)),
        always("nobody is elected before the highest has begun", (leader == 3) >> began_3),
        reachable("the highest is elected", leader == 3),
        recoverable("the highest will be elected", leader == 3),
    ),
)

