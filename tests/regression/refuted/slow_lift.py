"""`within` refuted: the doors take 4 seconds, and whoever presses the button in time keeps them open for longer than promised."""

from fsm import Machine, State, event, inside, within

shut, open_ = State("shut"), State("open")


@event
class Call:
    pass


@event
class Hold:
    pass


@event
class Close:
    pass


SUBJECT = Machine(
    "lift",
    states=(shut, open_),
    initial=shut,
    transitions=(shut.on(Call).to(open_), open_.on(Hold).to(open_), open_.after(4_000, Close).to(shut)),
    properties=(within("the doors are shut again within six seconds", 6_000, inside(open_), inside(shut)),),
)

STEPS = 4
