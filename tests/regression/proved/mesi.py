"""Cache coherence by MESI for one line and any number of caches: many may share it, a changed one is nobody else's.

Source: M. S. Papamarcos, J. H. Patel, A low-overhead coherence solution for multiprocessors with private
cache memories (1984); proved for any number of caches by counting them, as G. Delzanno did (Automatic
verification of parameterized cache coherence protocols, 2000). The bus asks one cache after the other: to
share what it has alone before another reads it, to drop it before another writes it.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
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

invalid, shared, exclusive, modified = State("invalid"), State("shared"), State("exclusive"), State("modified")


@event
class ReadsAlone:
    cache: Field[str]


@event
class ReadsToo:
    cache: Field[str]


@event
class Shares:
    cache: Field[str]


@event
class WritesOwn:
    cache: Field[str]


@event
class WritesMissing:
    cache: Field[str]


@event
class Drops:
    cache: Field[str]


@event
class Load:
    pass


@event
class LoadAlone:
    pass


@event
class Share:
    pass


@event
class Miss:
    pass


@event
class Store:
    pass


@event
class Drop:
    pass


CACHE = Machine(
    "cache",
    states=(invalid, shared, exclusive, modified),
    initial=invalid,
    transitions=(
        invalid.on(Load).to(shared),
        invalid.on(LoadAlone).to(exclusive),
        (exclusive | modified).on(Share).to(shared),
        invalid.on(Miss).to(modified),
        (shared | exclusive).on(Store).to(modified),
        (shared | exclusive | modified).on(Drop).to(invalid),
    ),
)
caches = each("caches", CACHE, key="cache")

SUBJECT = System(
    "mesi",
    parts=(caches,),
    wires=(
        wire(ReadsAlone, caches[ReadsAlone.cache].by(LoadAlone)),
        wire(ReadsToo, caches[ReadsToo.cache].by(Load)),
        wire(Shares, caches[Shares.cache].by(Share)),
        wire(WritesOwn, caches[WritesOwn.cache].by(Store)),
        wire(WritesMissing, caches[WritesMissing.cache].by(Miss)),
        wire(Drops, caches[Drops.cache].by(Drop)),
    ),
    rules=(
        Rule("it is read alone where nobody has it", on=ReadsAlone, when=caches.none()),
        Rule(
            "it is shared where nobody has it alone",
            on=ReadsToo,
            when=caches.any(shared) & caches.none(exclusive, modified),
        ),
        Rule("what nobody has is written by whoever misses it", on=WritesMissing, when=caches.none()),
        Rule("a shared line is written by its last sharer", on=WritesOwn, when=caches.count() == 1),
    ),
    properties=(
        always("one cache at most may have changed it", caches.count(modified) <= 1),
        always("nobody shares what one has alone", caches.any(exclusive, modified) >> caches.none(shared)),
        always("one cache at most has it alone", caches.count(exclusive, modified) <= 1),
        each_step(
            "a line is changed by writing alone",
            (before(caches.none(modified)) & after(caches.any(modified))) >> happens(WritesOwn, WritesMissing),
        ),
        reachable("three can share it", caches.count(shared) >= 3),
        recoverable("every cache can drop it", caches.none()),
    ),
)
