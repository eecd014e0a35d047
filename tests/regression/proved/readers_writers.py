"""Readers and writers, any number of each: many may read at once, a writer is alone; a waiting writer keeps new readers out.

Source: P. J. Courtois, F. Heymans, D. L. Parnas, Concurrent control with "readers" and "writers" (1971),
their second problem. Proved for every number of both by the rules that look at the other side.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    reachable,
    recoverable,
    wire,
)

away, waiting, in_ = State("away"), State("waiting"), State("in_")


@event
class ReaderEnters:
    who: Field[str]


@event
class ReaderLeaves:
    who: Field[str]


@event
class WriterAsks:
    who: Field[str]


@event
class WriterEnters:
    who: Field[str]


@event
class WriterLeaves:
    who: Field[str]


@event
class Ask:
    pass


@event
class Enter:
    pass


@event
class Leave:
    pass


READER = Machine(
    "reader", states=(away, in_), initial=away, transitions=(away.on(Enter).to(in_), in_.on(Leave).to(away))
)
WRITER = Machine(
    "writer",
    states=(away, waiting, in_),
    initial=away,
    transitions=(away.on(Ask).to(waiting), waiting.on(Enter).to(in_), in_.on(Leave).to(away)),
)
readers, writers = each("readers", READER, key="who"), each("writers", WRITER, key="who")

SUBJECT = System(
    "readers_writers",
    parts=(readers, writers),
    wires=(
        wire(ReaderEnters, readers[ReaderEnters.who].by(Enter)),
        wire(ReaderLeaves, readers[ReaderLeaves.who].by(Leave)),
        wire(WriterAsks, writers[WriterAsks.who].by(Ask)),
        wire(WriterEnters, writers[WriterEnters.who].by(Enter)),
        wire(WriterLeaves, writers[WriterLeaves.who].by(Leave)),
    ),
    rules=(
        Rule("nobody reads while somebody writes or waits to", on=ReaderEnters, when=writers.none(waiting, in_)),
        Rule("a writer is alone", on=WriterEnters, when=readers.none() & writers.none(in_)),
    ),
    properties=(
        always("nobody reads what is being written", ~(readers.any(in_) & writers.any(in_))),
        always("one writes at a time", writers.count(in_) <= 1),
        each_step("no reader overtakes a waiting writer", before(writers.any(waiting)) >> ~happens(ReaderEnters)),
        reachable("three can read at once", readers.count(in_) >= 3),
        recoverable("everybody can be gone", readers.none() & writers.none()),
    ),
)
