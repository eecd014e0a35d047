"""Half of an even number, three times an odd one and one more: whether everything comes to one, nobody knows.

Source: L. Collatz (1937); J. C. Lagarias, The 3x+1 problem and its generalizations (1985). Must stay unknown: a
tool that says proved or refuted here has a fault, or has made history.
"""

from fsm import Field, Machine, State, always, event, integer, recoverable

choosing, counting = State("choosing"), State("counting")
number = integer("number", 1, None, initial=1)


@event
class Choose:
    number: Field[int]


@event
class Halve:
    half: Field[int]


@event
class Triple:
    half: Field[int]


SUBJECT = Machine(
    "collatz",
    states=(choosing, counting),
    initial=choosing,
    variables=(number,),
    transitions=(
        choosing.on(Choose).when(Choose.number >= 1).to(counting).set(number, Choose.number),
        counting.on(Halve).when((Halve.half >= 1) & (number == 2 * Halve.half)).stay().set(number, Halve.half),
        counting.on(Triple)
        .when((Triple.half >= 0) & (number == 2 * Triple.half + 1))
        .stay()
        .set(number, 6 * Triple.half + 4),
    ),
    properties=(
        always("numbers stay positive", number >= 1),
        recoverable("everything comes to one", number == 1),
    ),
)

WHY = "no event leads closer"
