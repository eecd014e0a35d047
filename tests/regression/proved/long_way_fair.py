"""A runner comes home, however many laps he was told: how many are left weighs, and no weight of a place would be enough."""

from fsm import Field, Machine, State, choose, event, inside, integer, leads_to

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
        rest.on(Begin).to(running).set(left_, choose(Begin.laps >= 0, Begin.laps, 0)),
        running.on(Lap).when(left_ > 0).stay().set(left_, left_ - 1),
        running.on(Stop).when(left_ <= 0).to(home),
    ),
    properties=(leads_to("a runner comes home", inside(running), inside(home), fair=(Lap, Stop)),),
)
