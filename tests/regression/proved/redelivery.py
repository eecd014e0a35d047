"""A queue of any number of messages: who takes one has so long to say that it is done, else it comes again; what came three times is set aside.

Source: the visibility timeout and the redrive policy of message queues. What comes of each message is shown of one by itself, whatever is sent to it.
"""

from fsm import Field, Machine, State, System, always, each, event, inside, integer, leads_to, recoverable, wire

nowhere, ready, flying, aside = State("nowhere"), State("ready"), State("flying"), State("aside")
received = integer("received", 0, 3)


@event
class Send:
    message: Field[str]


@event
class Receive:
    message: Field[str]


@event
class Delete:
    message: Field[str]


@event
class Put:
    pass


@event
class Take:
    pass


@event
class Remove:
    pass


@event
class Reappear:
    """Sent by time."""


@event
class Expire:
    """Sent by time."""


MESSAGE = Machine(
    "message",
    states=(nowhere, ready, flying, aside),
    initial=nowhere,
    transitions=(
        nowhere.on(Put).to(ready).set(received, 0),
        ready.on(Take).to(flying).set(received, received + 1),
        flying.on(Remove).to(nowhere),
        flying.after(3, Reappear).when(received < 3).to(ready),
        flying.after(3, Reappear).to(aside),
        ready.after(8, Expire).to(aside),
        aside.on(Remove).to(nowhere),
    ),
    variables=(received,),
)
messages = each("messages", MESSAGE, key="message")

SUBJECT = System(
    "queue",
    parts=(messages,),
    wires=(
        wire(Send, messages[Send.message].by(Put)),
        wire(Receive, messages[Receive.message].by(Take)),
        wire(Delete, messages[Delete.message].by(Remove)),
    ),
    properties=(
        always("what is ready was taken twice at most", messages.none(ready, received >= 3)),
        recoverable("the queue can always be emptied", messages.none()),
        leads_to("what is taken is done or comes again", inside(flying), ~inside(flying), each=messages),
        leads_to("what was sent is gone or set aside", inside(ready, flying), inside(nowhere, aside), each=messages),
    ),
)
