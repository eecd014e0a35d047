"""A cloakroom that takes coats and bags into rooms of their own: what a count says is by the field of the event."""

from enum import Enum

from fsm import (
    Event,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    choice,
    each,
    each_step,
    effect,
    happens,
    left,
    parameter,
    reachable,
)  # fmt: skip


class Kind(Enum):
    COAT = "coat"
    BAG = "bag"


class Bring(Event):
    ticket: Field[str]
    kind: Field[Kind]


class Fetch(Event):
    ticket: Field[str]


class Lose(Event):
    ticket: Field[str]


@effect
class Gone:
    was: str


away, hung, lost = State("away"), State("hung"), State("lost")
kind = choice("kind", Kind)
THING = Machine(
    "thing",
    states=(away, hung, lost),
    initial=away,
    transitions=(
        away.on(Bring).to(hung).stores(kind),
        hung.on(Lose).to(lost),
        (hung | lost).on(Fetch).to(away).emits(Gone, was=left(str)),
    ),
    variables=(kind,),
)
coat = kind == Kind.COAT
things = each("things", THING, key="ticket")
hooks = parameter("hooks", int, 3, low=1)

SUBJECT = System(
    "cloakroom",
    parts=(things,),
    parameters=(hooks,),
    rules=(
        Rule("a hook is free", on=Bring, when=things.count(kind == Bring.kind) < hooks),
        Rule("nothing of its kind is lost", on=Bring, when=~things.any(lost, kind == Bring.kind)),
    ),
    properties=(
        always("coats never outnumber the hooks", things.count(coat) <= hooks),
        always("bags never outnumber the hooks", things.count(kind == Kind.BAG) <= hooks),
        reachable("coats and bags can fill the house", things.count() == 2 * hooks),
        each_step(
            "no more coats are taken while one is lost",
            (happens(Bring) & before(things.any(lost, coat)))
            >> (after(things.count(coat)) == before(things.count(coat))),
        ),
    ),
)
