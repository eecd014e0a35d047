"""The alternating bit protocol over two channels that hold one message each and lose some: nothing is lost or doubled in the end.

Source: K. A. Bartlett, R. A. Scantlebury, P. T. Wilkinson, A note on reliable full-duplex transmission over
half-duplex links (1969). `ahead` counts the messages that the sender has finished with, less those that
were delivered: proved to be none or one less. Induction alone cannot know what a channel may still hold;
everything that is met is finite.
"""

from enum import Enum

from fsm import Machine, State, always, boolean, choice, event, integer, reachable, recoverable

line = State("line")


class Frame(Enum):
    NONE = "none"
    ZERO = "zero"
    ONE = "one"


sending, expected = boolean("sending"), boolean("expected")
data, acknowledged = choice("data", Frame), choice("acknowledged", Frame)
ahead = integer("ahead")


@event
class Send:
    pass


@event
class LoseData:
    pass


@event
class Deliver:
    pass


@event
class LoseAcknowledgement:
    pass


@event
class Acknowledge:
    pass


SUBJECT = Machine(
    "alternating_bit",
    states=(line,),
    initial=line,
    variables=(sending, expected, data, acknowledged, ahead),
    transitions=(
        line.on(Send).when((data == Frame.NONE) & ~sending).stay().set(data, Frame.ZERO),
        line.on(Send).when((data == Frame.NONE) & sending).stay().set(data, Frame.ONE),
        line.on(LoseData).when(data != Frame.NONE).stay().set(data, Frame.NONE),
        line.on(Deliver).when((data == Frame.ZERO) & ~expected & (acknowledged == Frame.NONE)).stay()
            .set(data, Frame.NONE).set(acknowledged, Frame.ZERO).set(expected, True).set(ahead, ahead - 1),
        line.on(Deliver).when((data == Frame.ONE) & expected & (acknowledged == Frame.NONE)).stay()
            .set(data, Frame.NONE).set(acknowledged, Frame.ONE).set(expected, False).set(ahead, ahead - 1),
        line.on(Deliver).when((data == Frame.ZERO) & expected & (acknowledged == Frame.NONE)).stay()
            .set(data, Frame.NONE).set(acknowledged, Frame.ZERO),
        line.on(Deliver).when((data == Frame.ONE) & ~expected & (acknowledged == Frame.NONE)).stay()
            .set(data, Frame.NONE).set(acknowledged, Frame.ONE),
        line.on(LoseAcknowledgement).when(acknowledged != Frame.NONE).stay().set(acknowledged, Frame.NONE),
        line.on(Acknowledge).when((acknowledged == Frame.ZERO) & ~sending).stay().set(acknowledged, Frame.NONE).set(sending, True).set(ahead, ahead + 1),
        line.on(Acknowledge).when((acknowledged == Frame.ONE) & sending).stay().set(acknowledged, Frame.NONE).set(sending, False).set(ahead, ahead + 1),
        line.on(Acknowledge).when((acknowledged == Frame.ZERO) & sending).stay().set(acknowledged, Frame.NONE),
        line.on(Acknowledge).when((acknowledged == Frame.ONE) & ~sending).stay().set(acknowledged, Frame.NONE),
    ),
    properties=(
        always("no message is lost or doubled", (ahead == 0) | (ahead == -1)),
        always("the bits agree exactly when all is acknowledged", (ahead == 0) == (sending == expected)),
        reachable("a message can be sent again after it was delivered", (data == Frame.ZERO) & expected & ~sending),
        recoverable("the next message gets through", (ahead == 0) & sending),
    ),
)  # fmt: skip
