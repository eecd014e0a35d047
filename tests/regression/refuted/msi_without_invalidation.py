"""Caches that write a shared line without telling the others: somebody goes on reading what has changed.

Source: the protocol MSI of the textbooks (J. L. Hennessy, D. A. Patterson, Computer architecture, 1990) with its
invalidation left out. Must be refuted for any number of caches by two of them, in three steps.
"""

from fsm import Field, Machine, Rule, State, System, always, each, event, wire

invalid, shared, modified = State("invalid"), State("shared"), State("modified")


@event
class Reads:
    cache: Field[str]


@event
class Writes:
    cache: Field[str]


@event
class Drops:
    cache: Field[str]


@event
class Load:
    pass


@event
class Store:
    pass


@event
class Drop:
    pass


CACHE = Machine(
    "cache",
    states=(invalid, shared, modified),
    initial=invalid,
    transitions=(invalid.on(Load).to(shared), shared.on(Store).to(modified), (shared | modified).on(Drop).to(invalid)),
)
caches = each("caches", CACHE, key="cache")

SUBJECT = System(
    "msi_without_invalidation",
    parts=(caches,),
    wires=(
        wire(Reads, caches[Reads.cache].by(Load)),
        wire(Writes, caches[Writes.cache].by(Store)),
        wire(Drops, caches[Drops.cache].by(Drop)),
    ),
    rules=(
        Rule("nobody reads what another has changed", on=Reads, when=caches.none(modified)),
        Rule("one writes", on=Writes, when=caches.none(modified)),
    ),
    properties=(
        always("one cache at most has changed it", caches.count(modified) <= 1),
        always("nobody reads an old line", caches.any(modified) >> caches.none(shared)),
    ),
)

STEPS = 3
