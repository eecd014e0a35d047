"""A yard with one gate and any number of lorries: a bit of everything that a declaration can say."""

from __future__ import annotations

from enum import Enum
from typing import Any

from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    Field,
    Machine,
    Rule,
    State,
    System,
    boolean,
    carried,
    choice,
    choose,
    each,
    effect,
    event,
    integer,
    one,
    parameter,
    wire,
)  # fmt: skip


class Load(Enum):
    SAND = "sand"
    GLASS = "glass"


away, waiting, loading, tired = State("away"), State("waiting"), State("loading"), State("tired")
closed, ajar, wide = State("closed"), State("ajar"), State("wide")

load = choice("load", Load)
hurried = boolean("hurried")
nudges = integer("nudges", 0, 2)
note = carried("note", str, initial="")
complaints = integer("complaints", 0, None)

patience = parameter("patience", int, 6, low=1, high=9)
places = parameter("places", int, 2, low=0, high=3)


@event
class Come:
    plate: Field[str]
    load: Field[Load]
    note: Field[str]


@event
class Arrive:
    load: Field[Load]
    note: Field[str]


@event
class Call:
    plate: Field[str]


@event
class Enter:
    pass


@event
class Nudge:
    plate: Field[str]


@event
class Requeue:
    plate: Field[str]


@event
class Leave:
    pass


@event
class Swap:
    leaving: Field[str]
    coming: Field[str]


@event
class SendHome:
    pass


@event
class Push:
    pass


@event
class Complain:
    who: Field[object]


@event
class Hurry:
    pass


@event
class Tire:
    pass


@event
class Swing:
    pass


@event
class Shut:
    pass


@effect
class Told:
    who: object
    what: str
    since: int
    at: int


LORRY = Machine(
    "lorry",
    states=(away, waiting, loading, tired),
    initial=away,
    variables=(load, hurried, nudges, note),
    transitions=(
        away.on(Arrive).to(waiting).set(load, Arrive.load).set(note, Arrive.note).set(hurried, False),
        waiting.after(patience, Tire).when(~hurried).to(tired).emits(Told, who=KEY, what="tired", since=SINCE, at=NOW),
        waiting.after(3, Hurry)
        .when(load == Load.GLASS)
        .stay()
        .set(hurried, True)
        .emits(Told, who=KEY, what=note, since=SINCE, at=NOW),
        waiting.on(Enter).when(ELAPSED >= 2).to(loading),
        waiting.on(Nudge).when(nudges < 2).stay().set(nudges, nudges + 1),
        waiting.on(Requeue).to(waiting).set(nudges, choose(hurried, 1, 0)),
        (loading | tired).on(Leave).to(away).emits(Told, who=KEY, what="left", since=SINCE, at=ELAPSED),
        waiting.on(Leave).when((load == Load.SAND) | hurried).to(away),
    ),
)

GATE = Machine(
    "gate",
    states=(closed, ajar, wide),
    initial=closed,
    variables=(complaints,),
    transitions=(
        closed.on(Push).to(ajar),
        ajar.on(Push).to(wide),
        wide.on(Push).to(wide),
        ajar.after(3, Swing).to(wide),
        wide.after(patience, Shut).when(complaints < 2).to(closed).set(complaints, 0),
        wide.after(12, Shut).to(closed),
        (closed | ajar | wide)
        .on(Complain)
        .stay()
        .set(complaints, complaints + 1)
        .emits(Told, who=Complain.who, what="hush", since=SINCE, at=NOW),
    ),
)

gate = one("gate", GATE)
lorries = each("lorries", LORRY, key="plate", at_most=places)
TIRES = lorries.sends(Tire)

YARD = System(
    "yard",
    parts=(gate, lorries),
    parameters=(patience, places),
    wires=(
        wire(Push, gate.by(Push)),
        wire(Come, lorries[Come.plate].by(Arrive, load=Come.load, note=Come.note), when=gate.inside(ajar)),
        wire(
            Come,
            lorries[Come.plate].by(Arrive, load=Come.load, note=""),
            gate.by(Complain, who="gate"),
            when=gate.inside(wide),
        ),
        wire(Call, lorries[Call.plate].by(Enter)),
        wire(Nudge, lorries[Nudge.plate].by(Nudge, plate=Nudge.plate)),
        wire(Requeue, lorries[Requeue.plate].by(Requeue, plate=Requeue.plate)),
        wire(Swap, lorries[Swap.leaving].by(Leave), lorries[Swap.coming].by(Arrive, load=Load.SAND, note="swapped")),
        wire(SendHome, lorries.every(loading, tired).by(Leave), gate.by(Push)),
        wire(TIRES, gate.by(Complain, who=TIRES.key)),
    ),
    rules=(
        Rule("glass alone", on=Come, when=(Come.load == Load.SAND) | lorries.none(load == Load.GLASS)),
        Rule(
            "nobody is sent home while the gate is shut",
            on=SendHome,
            when=~gate.inside(closed) & (gate[complaints] < 9),
        ),
    ),
)


# A bell that time cannot ring: whoever should wake with it sleeps already awake

calm, loud = State("calm"), State("loud")


@event
class Ring:
    pass


@event
class Wake:
    pass


BELL = Machine("bell", states=(calm, loud), initial=calm, transitions=(calm.after(5, Ring).to(loud),))
SLEEPER = Machine("sleeper", states=(calm, loud), initial=calm, transitions=(loud.on(Wake).to(calm),))
bell, sleeper = one("bell", BELL), one("sleeper", SLEEPER)
STUCK = System("stuck", parts=(bell, sleeper), wires=(wire(bell.sends(Ring), sleeper.by(Wake)),))


# Runs of it

PLATES = st.sampled_from(["x", "y", "z"])
YARD_EVENTS = st.one_of(
    st.builds(Come, plate=PLATES, load=st.sampled_from(Load), note=st.sampled_from(["", "fragile"])),
    st.builds(Call, plate=PLATES),
    st.builds(Nudge, plate=PLATES),
    st.builds(Requeue, plate=PLATES),
    st.builds(Swap, leaving=PLATES, coming=PLATES),
    st.builds(SendHome),
    st.builds(Push),
    st.builds(Come, plate=PLATES, load=st.just(Load.SAND), note=st.just("more often than glass")),
)
YARD_PROFILES = st.fixed_dictionaries({"patience": st.integers(1, 9), "places": st.sampled_from([2, 3, 1, 0])})

Run = list[tuple[list[Any], int]]


def runs(events: st.SearchStrategy[Any]) -> st.SearchStrategy[Run]:
    """Handfuls of events, with None for time alone, each with how long it comes after the one before."""
    return st.lists(
        st.tuples(st.lists(st.none() | events, min_size=1, max_size=5), st.integers(0, 7)), min_size=8, max_size=20
    )
