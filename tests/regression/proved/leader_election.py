"""Election on a ring of three to whom the numbers 1 to 3 were dealt: everybody may start, and only the highest number comes round.

Source: E. Chang, R. Roberts, An improved algorithm for decentralized extrema-finding in circular
configurations of processes (1979). A node sends its own number on once, passes on higher ones and drops
lower ones. Proved by enumeration: how they were dealt, which are under way, and who has started, is all
there is. The highest can be elected from everywhere, without dealing anew.
"""

from typing import Annotated

from fsm import Field, Machine, Range, State, always, boolean, event, inside, integer, reachable, recoverable

dealing, ring = State("dealing"), State("ring")
first, second, third = (
    integer("first", 1, 3, initial=1),
    integer("second", 1, 3, initial=2),
    integer("third", 1, 3, initial=3),
)
at_1, at_2, at_3 = integer("at_1", 0, 3), integer("at_2", 0, 3), integer("at_3", 0, 3)
began_1, began_2, began_3 = boolean("began_1"), boolean("began_2"), boolean("began_3")
leader = integer("leader", 0, 3)


@event
class Deal:
    first: Field[Annotated[int, Range(1, 3)]]
    second: Field[Annotated[int, Range(1, 3)]]
    third: Field[Annotated[int, Range(1, 3)]]


@event
class Collect:
    pass


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


all_different = (Deal.first != Deal.second) & (Deal.second != Deal.third) & (Deal.first != Deal.third)

SUBJECT = Machine(
    "leader_election",
    states=(dealing, ring),
    initial=dealing,
    variables=(first, second, third, at_1, at_2, at_3, began_1, began_2, began_3, leader),
    transitions=(
        dealing.on(Deal).when(all_different).to(ring).set(first, Deal.first).set(second, Deal.second).set(third, Deal.third),
        ring.on(FirstBegins).when(~began_1 & (at_2 == 0)).stay().set(began_1, True).set(at_2, first),
        ring.on(SecondBegins).when(~began_2 & (at_3 == 0)).stay().set(began_2, True).set(at_3, second),
        ring.on(ThirdBegins).when(~began_3 & (at_1 == 0)).stay().set(began_3, True).set(at_1, third),
        ring.on(FirstReads).when((at_1 > first) & (at_2 == 0)).stay().set(at_2, at_1).set(at_1, 0),
        ring.on(FirstReads).when(at_1 == first).stay().set(leader, first).set(at_1, 0),
        ring.on(FirstReads).when((at_1 > 0) & (at_1 < first)).stay().set(at_1, 0),
        ring.on(SecondReads).when((at_2 > second) & (at_3 == 0)).stay().set(at_3, at_2).set(at_2, 0),
        ring.on(SecondReads).when(at_2 == second).stay().set(leader, second).set(at_2, 0),
        ring.on(SecondReads).when((at_2 > 0) & (at_2 < second)).stay().set(at_2, 0),
        ring.on(ThirdReads).when((at_3 > third) & (at_1 == 0)).stay().set(at_1, at_3).set(at_3, 0),
        ring.on(ThirdReads).when(at_3 == third).stay().set(leader, third).set(at_3, 0),
        ring.on(ThirdReads).when((at_3 > 0) & (at_3 < third)).stay().set(at_3, 0),
        ring.on(Collect).to(dealing)
            .set(at_1, 0).set(at_2, 0).set(at_3, 0).set(began_1, False).set(began_2, False).set(began_3, False).set(leader, 0),
    ),
    properties=(
        always("nobody but the highest is elected", (leader == 0) | (leader == 3)),
        always("nobody is elected before the highest has begun", (leader == 3) >> (began_1 | began_2 | began_3)),
        reachable("the first can be the highest and elected", (leader == 3) & (first == 3)),
        recoverable("the highest will be elected", leader == 3, wherever=inside(ring)),
    ),
)  # fmt: skip
