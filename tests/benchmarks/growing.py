"""Declarations of two sizes, of which `bench_growth` tells how much more the larger costs."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any

from fsm import Machine, State, System, always, event, inside, integer, leads_to, one, reachable, recoverable, wire


def signal(name: str) -> Any:
    """An event without fields."""
    return event(type(name, (), {"__module__": __name__, "__annotations__": {}}))


NEXT, SKIP, HOME = map(signal, ("Next", "Skip", "Home"))


def ring(many: int) -> Machine:
    """Three lines from each state: to the next, past it, and home."""
    states = [State(f"s{place}") for place in range(many)]
    lines = [
        (
            here.on(NEXT).to(states[(place + 1) % many]),
            here.on(SKIP).to(states[(place + 2) % many]),
            here.on(HOME).to(states[0]),
        )
        for place, here in enumerate(states)
    ]
    return Machine(
        "ring", tuple(states), states[0], tuple(line for three in lines for line in three),
        properties=(
            always("it is somewhere", inside(*states)), recoverable("it can come home", inside(states[0])),
            reachable("it can be far", inside(states[-1])),
            leads_to("it comes home", inside(states[many // 2]), inside(states[0]), fair=HOME),
        ),
    )  # fmt: skip


def wide(many: int, events: int) -> Machine:
    """So many events from each state."""
    states, sent = [State(f"s{place}") for place in range(many)], [signal(f"E{place}") for place in range(events)]
    lines = (
        states[place].on(sent[turn]).to(states[(place * (turn + 1) + turn + 1) % many])
        for place in range(many)
        for turn in range(events)
    )
    return Machine(
        "wide", tuple(states), states[0], tuple(lines), properties=(always("it is somewhere", inside(*states)),)
    )


free, waits, holds = State("free"), State("waits"), State("holds")
ASK, TAKE, GIVE, OUT, BACK = map(signal, ("Ask", "Take", "Give", "Out", "Back"))
WORKER = Machine(
    "worker", (free, waits, holds), free, (free.on(ASK).to(waits), waits.on(TAKE).to(holds), holds.on(GIVE).to(free))
)
left, shared = integer("left", 0, 2, initial=2), State("shared")
TOOLS = Machine(
    "tools", (shared,), shared, variables=(left,),
    transitions=(
        shared.on(OUT).when(left > 0).stay().set(left, left - 1), shared.on(BACK).when(left < 2).stay().set(left, left + 1),
    ),
)  # fmt: skip


def pool(many: int) -> System:
    """Workers, each a part of its own, who share two tools."""
    workers, tools = [one(f"worker{place}", WORKER) for place in range(many)], one("tools", TOOLS)
    wires: list[Any] = []
    for place, worker in enumerate(workers):
        wires += [
            wire(signal(f"Ask{place}"), worker.by(ASK)),
            wire(signal(f"Take{place}"), worker.by(TAKE), tools.by(OUT)),
            wire(signal(f"Give{place}"), worker.by(GIVE), tools.by(BACK)),
        ]
    three = [~reduce(and_, (worker.inside(holds) for worker in some)) for some in combinations(workers, 3)]
    return System(
        "pool", (*workers, tools), tuple(wires),
        properties=(
            always("never three hold a tool", reduce(and_, three)),
            recoverable("all can be free", reduce(and_, (worker.inside(free) for worker in workers))),
        ),
    )  # fmt: skip


def counter(most: int) -> Machine:
    """A number that goes up and down, and comes down to nothing where going down is fair and going up ends."""
    number, rising, falling = integer("number", 0, most), State("rising"), State("falling")
    lines = (
        rising.on(NEXT).when(number < most).stay().set(number, number + 1),
        rising.on(SKIP).to(falling),
        falling.on(HOME).when(number > 0).stay().set(number, number - 1),
        falling.on(SKIP).when(number == 0).to(rising),
    )
    return Machine(
        "counter", (rising, falling), rising, lines, variables=(number,),
        properties=(
            recoverable("it can be nothing", number == 0),
            leads_to("it falls to nothing", inside(falling), number == 0, fair=HOME),
        ),
    )  # fmt: skip


RING_30, RING_300, WIDE_254 = ring(30), ring(300), wide(254, 17)
POOL_5, POOL_7, TO_10, TO_1000000 = pool(5), pool(7), counter(10), counter(1_000_000)
