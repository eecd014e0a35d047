"""A ferryman with a wolf, a goat and a cabbage and a boat for one of them: that they never all get across is refuted in seven crossings.

Source: Propositiones ad acuendos iuvenes (about 800), given to Alcuin of York. Alone with each other, the wolf
eats the goat and the goat eats the cabbage; a crossing that would leave them so is not made.
"""

from fsm import Machine, State, always, boolean, event, inside

here, across = State("here"), State("across")
wolf, goat, cabbage = boolean("wolf"), boolean("goat"), boolean("cabbage")
wolf_and_goat, goat_and_cabbage = wolf == goat, goat == cabbage


@event
class Alone:
    pass


@event
class WithWolf:
    pass


@event
class WithGoat:
    pass


@event
class WithCabbage:
    pass


SUBJECT = Machine(
    "wolf_goat_cabbage",
    states=(here, across),
    initial=here,
    variables=(wolf, goat, cabbage),
    transitions=(
        here.on(Alone).when(~wolf_and_goat & ~goat_and_cabbage).to(across),
        across.on(Alone).when(~wolf_and_goat & ~goat_and_cabbage).to(here),
        here.on(WithWolf).when(~wolf & ~goat_and_cabbage).to(across).set(wolf, True),
        across.on(WithWolf).when(wolf & ~goat_and_cabbage).to(here).set(wolf, False),
        here.on(WithGoat).when(~goat).to(across).set(goat, True),
        across.on(WithGoat).when(goat).to(here).set(goat, False),
        here.on(WithCabbage).when(~cabbage & ~wolf_and_goat).to(across).set(cabbage, True),
        across.on(WithCabbage).when(cabbage & ~wolf_and_goat).to(here).set(cabbage, False),
    ),
    properties=(
        always("the goat is never left with the wolf or the cabbage", (inside(here) & goat) >> (~wolf & ~cabbage)),
        always("they never all get across", ~(inside(across) & wolf & goat & cabbage)),
    ),
)

STEPS = 7
