"""True, by an invariant that neither the candidates nor Spacer reach: a counter that only ever holds square numbers; k-induction would need as many states in a row as the side is long."""

from fsm import Machine, State, always, event, integer

drawing = State("drawing")
side, area = integer("side", 0, None), integer("area", 0, None)


@event
class Grow:
    pass


SUBJECT = Machine(
    "square",
    states=(drawing,),
    initial=drawing,
    variables=(side, area),
    transitions=(drawing.on(Grow).stay().set(area, area + 2 * side + 1).set(side, side + 1),),
    properties=(
        always("a square of five has no area but twenty-five", (side == 5) >> (area == 25)),
        always("an area of ninety-nine is none", area != 99),
    ),
)

WHY = "may be unreachable"
