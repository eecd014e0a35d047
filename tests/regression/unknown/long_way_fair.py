"""A runner comes home, however many laps he was told: but no weight of a place is more than any number of laps, so no rank is found,
and of the numbers of laps enumeration tries a few."""

from fsm import Field, Machine, State, event, inside, integer, leads_to

running, rest, home = State("running"), State("rest"), State("home")
left_ = integer("laps_left", 0, None)


@event
class Begin:
    laps: Field[int]


@event
class Lap:
    pass


@event
class Stop:
    pass


SUBJECT = Machine(
    "runner",
    states=(rest, running, home),
    initial=rest,
    variables=(left_,),
    transitions=(
        rest.on(Begin).when(Begin.laps >= 0).to(running).set(left_, Begin.laps),
        running.on(Lap).when(left_ > 0).stay().set(left_, left_ - 1),
        running.on(Stop).when(left_ <= 0).to(home),
    ),
    properties=(leads_to("a runner comes home", inside(running), inside(home), fair=(Lap, Stop)),),
)

WHY = "lap raises every rank tried"
