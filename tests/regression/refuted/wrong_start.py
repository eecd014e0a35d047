"""What always holds does so in the first snapshot, too: here it does not, and the run that shows it has no step."""

from fsm import Machine, State, always, event, inside

shut, open_ = State("shut"), State("open")


@event
class Turn:
    pass


SUBJECT = Machine(
    "valve",
    states=(shut, open_),
    initial=shut,
    transitions=(shut.on(Turn).to(open_), open_.on(Turn).to(shut)),
    properties=(always("the valve is open", inside(open_)),),
)

STEPS = 0
