"""A guard that compares the time in state with a variable: who waits long enough gets in, though no number is written there."""

from fsm import ELAPSED, Machine, State, always, event, inside, integer

shut, open_ = State("shut"), State("open")
patience = integer("patience", 0, 9, initial=3)


@event
class Push:
    pass


SUBJECT = Machine(
    "door",
    states=(shut, open_),
    initial=shut,
    variables=(patience,),
    transitions=(shut.on(Push).when(ELAPSED > patience).to(open_).set(patience, 9),),
    properties=(always("the door stays shut", inside(shut)),),
)

STEPS = 2
