"""A warden's round moves all parked cars at once, each by how long it has been there: some are towed, some get a note, and it is not known how many."""

from fsm import (
    ELAPSED,
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
    wire,
)

away, parked, noted, towed = State("away"), State("parked"), State("noted"), State("towed")
places = parameter("places", int, 20, low=1)


@event
class Arrive:
    plate: Field[str]


@event
class Leave:
    plate: Field[str]


@event
class Round:
    """The warden comes by."""


@event
class Park:
    pass


@event
class Look:
    pass


@event
class Go:
    pass


cars = each(
    "cars",
    Machine(
        "car",
        states=(away, parked, noted, towed),
        initial=away,
        transitions=(
            away.on(Park).to(parked),
            parked.on(Look).when(ELAPSED > 7_200_000).to(towed),
            parked.on(Look).when((ELAPSED > 3_600_000) & (ELAPSED <= 7_200_000)).to(noted),
            parked.on(Look).when(ELAPSED <= 3_600_000).stay(),
            noted.on(Look).to(towed),
            (parked | noted | towed).on(Go).to(away),
        ),
    ),
    key="plate",
)

SUBJECT = System(
    "street",
    parts=(cars,),
    parameters=(places,),
    wires=(
        wire(Arrive, cars[Arrive.plate].by(Park)),
        wire(Leave, cars[Leave.plate].by(Go)),
        wire(Round, cars.every(parked, noted).by(Look)),
    ),
    rules=(Rule("there is a place", on=Arrive, when=cars.count() < places),),
    properties=(
        always("no more cars than places", cars.count() <= places),
        each_step("the round lets nobody in", happens(Round) >> (after(cars.count()) == before(cars.count()))),
        each_step(
            "who was noted is towed", happens(Round) >> (after(cars.count(towed)) >= before(cars.count(towed, noted)))
        ),
    ),
)
