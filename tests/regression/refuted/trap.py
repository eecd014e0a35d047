"""`recoverable` refuted: a card that is lost after two wrong numbers never pays again, though every state has an exit."""

from fsm import Machine, State, event, inside, integer, recoverable

ready, paying, kept = State("ready"), State("paying"), State("kept")
wrong = integer("wrong", 0, 2)


@event
class Right:
    pass


@event
class Wrong:
    pass


@event
class Done:
    pass


@event
class Ask:
    pass


SUBJECT = Machine(
    "card",
    states=(ready, paying, kept),
    initial=ready,
    variables=(wrong,),
    transitions=(
        ready.on(Right).when(wrong < 2).to(paying),
        ready.on(Wrong).when(wrong < 2).stay().set(wrong, wrong + 1),
        ready.on(Ask).when(wrong == 2).to(kept),
        kept.on(Ask).to(ready),
        paying.on(Done).to(ready),
    ),
    properties=(recoverable("a card can always pay again", inside(paying)),),
)

STEPS = 2
