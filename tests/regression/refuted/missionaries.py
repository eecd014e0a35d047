"""Three missionaries, three cannibals and a boat for two: that they never all get across is refuted, in the eleven crossings that are known to be fewest.

Source: S. Amarel, On representations of problems of reasoning about actions (1968). On no bank may cannibals
outnumber missionaries, where there are any.
"""

from typing import Annotated

from fsm import Field, Machine, Range, State, always, event, inside, integer

here, across = State("here"), State("across")
missionaries, cannibals = integer("missionaries", 0, 3, initial=3), integer("cannibals", 0, 3, initial=3)


@event
class Cross:
    missionaries: Field[Annotated[int, Range(0, 2)]]
    cannibals: Field[Annotated[int, Range(0, 2)]]


fits = (Cross.missionaries + Cross.cannibals >= 1) & (Cross.missionaries + Cross.cannibals <= 2)
left, right = missionaries - Cross.missionaries, missionaries + Cross.missionaries
others_left, others_right = cannibals - Cross.cannibals, cannibals + Cross.cannibals
safe_going = (
    (left >= 0)
    & (others_left >= 0)
    & ((left == 0) | (left >= others_left))
    & ((left == 3) | (3 - left >= 3 - others_left))
)
safe_coming = (
    (right <= 3)
    & (others_right <= 3)
    & ((right == 0) | (right >= others_right))
    & ((right == 3) | (3 - right >= 3 - others_right))
)

SUBJECT = Machine(
    "missionaries",
    states=(here, across),
    initial=here,
    variables=(missionaries, cannibals),
    transitions=(
        here.on(Cross).when(fits & safe_going).to(across).set(missionaries, left).set(cannibals, others_left),
        across.on(Cross).when(fits & safe_coming).to(here).set(missionaries, right).set(cannibals, others_right),
    ),
    properties=(
        always("here no missionary is outnumbered", (missionaries == 0) | (missionaries >= cannibals)),
        always("they never all get across", ~(inside(across) & (missionaries == 0) & (cannibals == 0))),
    ),
)

STEPS = 11
