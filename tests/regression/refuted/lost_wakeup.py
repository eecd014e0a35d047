"""A producer and a consumer who sleep and wake each other: the wake-up that comes before the sleep is lost, and both sleep for ever.

Source: A. S. Tanenbaum, Modern operating systems (1992), "the fatal race condition". Must be refuted in two
steps: the consumer has seen that nothing is there and is about to sleep, and the producer puts one in and
wakes nobody. The consumer will sleep, the producer will fill the store and sleep too.
"""

from fsm import Machine, State, System, always, event, integer, one, recoverable, wire

SIZE = 2
buffer_, awake, drowsy, asleep = State("buffer"), State("awake"), State("drowsy"), State("asleep")
items = integer("items", 0, SIZE)


@event
class Produce:
    pass


@event
class ProduceFirst:
    pass


@event
class ConsumerSleeps:
    pass


@event
class SeeNothing:
    pass


@event
class ProducerSleeps:
    pass


@event
class Consume:
    pass


@event
class ConsumeWaking:
    pass


@event
class Put:
    pass


@event
class PutFirst:
    pass


@event
class Take:
    pass


@event
class TakeFull:
    pass


@event
class LookEmpty:
    pass


@event
class LookFull:
    pass


@event
class Work:
    pass


@event
class Doze:
    pass


@event
class Sleep:
    pass


@event
class Wake:
    pass


BUFFER = Machine(
    "store",
    states=(buffer_,),
    initial=buffer_,
    variables=(items,),
    transitions=(
        buffer_.on(PutFirst).when(items == 0).stay().set(items, 1),
        buffer_.on(Put).when((items > 0) & (items < SIZE)).stay().set(items, items + 1),
        buffer_.on(TakeFull).when(items == SIZE).stay().set(items, SIZE - 1),
        buffer_.on(Take).when((items > 0) & (items < SIZE)).stay().set(items, items - 1),
        buffer_.on(LookEmpty).when(items == 0).stay(),
        buffer_.on(LookFull).when(items == SIZE).stay(),
    ),
)
WORKER = Machine(
    "worker",
    states=(awake, drowsy, asleep),
    initial=awake,
    transitions=(
        awake.on(Work).stay(),
        awake.on(Doze).to(drowsy),
        drowsy.on(Sleep).to(asleep),
        awake.on(Wake).stay(),
        drowsy.on(Wake).stay(),
        asleep.on(Wake).to(awake),
    ),
)
store, producer, consumer = one("store", BUFFER), one("producer", WORKER), one("consumer", WORKER)

SUBJECT = System(
    "lost_wakeup",
    parts=(store, producer, consumer),
    wires=(
        wire(ProduceFirst, producer.by(Work), store.by(PutFirst), consumer.by(Wake)),
        wire(Produce, producer.by(Work), store.by(Put)),
        wire(SeeNothing, consumer.by(Doze), store.by(LookEmpty)),
        wire(ConsumerSleeps, consumer.by(Sleep)),
        wire(ProducerSleeps, producer.by(Doze), store.by(LookFull)),
        wire(ConsumeWaking, consumer.by(Work), store.by(TakeFull), producer.by(Wake)),
        wire(Consume, consumer.by(Work), store.by(Take)),
    ),
    properties=(
        always("the store never overflows", store[items] <= SIZE),
        recoverable("something is consumed again", store[items] == 0),
    ),
)

STEPS = 2
