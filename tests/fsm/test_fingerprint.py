"""A fingerprint is equal for equal declarations and different for any that behave differently."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import attrs
import pytest

from fsm import (
    KEY,
    NOW,
    Assumption,
    Field,
    Kind,
    Machine,
    Range,
    Rule,
    State,
    System,
    always,
    as_system,
    boolean,
    carried,
    choice,
    each,
    effect,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.canonical import fingerprint


class Medium(Enum):
    CHAT = 1
    VOICE = 2


class Channel(Enum):
    CHAT = 1
    VOICE = 2


@event
class Arrive:
    contact: Field[str]
    medium: Field[Medium]


@event
class Leave:
    contact: Field[str]


@event
class SignOn:
    """The agent's own event."""


@event
class Offer:
    medium: Field[Medium]
    weight: Field[Annotated[int, Range(0, 9)]]


@event
class Close:
    """A tile's own action."""


@event
class Expire:
    """Sent by time."""


@effect
class Gone:
    contact: object
    at: int


@effect
class Left:
    contact: object
    at: int


def system(**edit: Any) -> System:
    """A desk in which one thing is changed."""
    free, held, lost = (
        State("free"),
        State(edit.get("state", "held"), edit.get("doc", ""), edit.get("kind", Kind.ACTIVE)),
        State("lost"),
    )
    off, on = State("off"), State("on")
    medium = choice("medium", edit.get("members", Medium), initial=edit.get("first"))
    weight = integer("weight", 0, edit.get("high", 9))
    marked = boolean("marked", initial=edit.get("marked", False), doc=edit.get("doc", ""))
    label = attrs.evolve(
        carried("label", object, initial=""), initial=edit.get("label", "")
    )  # of a class that no object is
    window = parameter("window", int, edit.get("default", 5), low=edit.get("low", 1), cites=edit.get("cites", ()))
    most = parameter(edit.get("most", "most"), int, 3, low=0)
    leave = held.on(Close).when(edit.get("guard", lambda: weight > 1)()).to(edit.get("target", lambda: free)())
    if edit.get("happy"):
        leave = leave.happily()
    timer = (
        held.after(edit.get("length", lambda: window)(), Expire)
        .to(lost)
        .emits(edit.get("effect", Gone), contact=KEY, at=NOW)
    )
    offer = free.on(Offer).to(held).set(weight, Offer.weight)
    rest = (lost.on(Close).to(free), leave) if edit.get("swap") else (leave, lost.on(Close).to(free))
    sources = (held | lost).on(SignOn).stay() if edit.get("more") else lost.on(SignOn).stay()
    if edit.get("update"):
        sources = sources.set(marked, edit["update"](marked))
    if edit.get("note") is not None:
        sources = sources.set(label, edit["note"])
    claims = (always("it is", inside(held) >> (weight >= 0)),) if edit.get("claim") else ()
    variables = (weight, marked, label) if edit.get("fewer") or edit.get("members") else (medium, weight, marked, label)
    tile = Machine(
        "tile", (free, held, lost), free, (offer, timer, *rest, sources), variables, claims, doc=edit.get("doc", "")
    )
    if edit.get("members"):
        tile = Machine("tile", (free, held, lost), free, (offer, timer, *rest, sources), (medium, *variables))
    agent = one("agent", Machine("agent", (off, on), edit.get("start", lambda: off)(), (off.on(SignOn).to(on),)))
    limit = edit.get("limit", lambda: most)()
    tiles = each(
        edit.get("part", "tiles"),
        tile,
        key=edit.get("key", "contact"),
        at_most=limit,
        population=edit.get("population"),
    )
    wires = (
        wire(
            Arrive,
            tiles[Arrive.contact].by(Offer, medium=Arrive.medium, weight=edit.get("weight", 5)),
            when=edit.get("when", lambda: None)(),
        ),
        wire(Leave, tiles[Leave.contact].by(Close)),
        *((wire(tiles.sends(Expire), agent.by(SignOn)),) if edit.get("sent") else ()),
    )
    rules = [Rule(edit.get("rule", "room"), on=edit.get("on", Arrive), when=tiles.count() < edit.get("than", 3))]
    if edit.get("every"):
        wires = (*wires[:1], wire(Leave, tiles.every(held).by(Close)), *wires[2:])
    assumptions = (Assumption(edit.get("why", "few"), most < edit.get("below", 9)),)
    return System(
        edit.get("name", "desk"),
        (agent, tiles),
        wires,
        tuple(rules),
        (window, most),
        assumptions,
        doc=edit.get("doc", ""),
    )


SAME: list[dict[str, Any]] = [
    {}, {"doc": "Said in other words."}, {"kind": Kind.TROUBLE}, {"happy": True}, {"cites": ("S01",)}, {"rule": "there is room"},
    {"why": "not many"}, {"claim": True}, {"default": 7},
]  # fmt: skip


@pytest.mark.parametrize("edit", SAME, ids=[str(list(edit)) for edit in SAME])
def test_what_no_step_can_show_leaves_the_fingerprint_as_it_is(edit: dict[str, Any]) -> None:
    """Docs, kinds, the happy path, citations, names of rules and assumptions, properties, defaults."""
    assert fingerprint(system(**edit)) == fingerprint(system())


OTHER: dict[str, dict[str, Any]] = {
    "nothing": {},
    "the system's name": {"name": "counter"},
    "a part's name": {"part": "slots"},
    "the key's name": {"key": "customer"},
    "a limit": {"limit": lambda: 4},
    "no limit": {"limit": lambda: None},
    "a population": {"population": 9},
    "a state's name": {"state": "kept"},
    "a member's class": {"members": Channel},
    "an initial member": {"first": Medium.VOICE},
    "an initial value": {"marked": True},
    "carried data": {"label": "none"},
    "a range": {"high": 10},
    "a variable less": {"fewer": True},
    "a guard": {"guard": lambda: boolean_true()},
    "a target": {"target": lambda: State("lost")},
    "an update": {"update": lambda marked: ~marked},
    "another update": {"update": lambda marked: True},
    "carried data written": {"note": "x"},
    "other carried data written": {"note": ("x", 1)},
    "an effect": {"effect": Left},
    "a duration": {"length": lambda: 5},
    "another duration": {"length": lambda: 6},
    "the order of transitions": {"swap": True},
    "one more source": {"more": True},
    "a parameter's name": {"most": "maximum"},
    "a parameter's range": {"low": 2},
    "what an action is given": {"weight": 6},
    "a condition of a wire": {"when": lambda: Arrive.medium == Medium.CHAT},
    "a wire on what time sends": {"sent": True},
    "instances that move": {"every": True},
    "a rule's condition": {"than": 4},
    "a rule's events": {"on": (Arrive, Leave)},
    "an assumption": {"below": 8},
    "another start": {"start": lambda: State("on")},
}


def boolean_true() -> Any:
    """A guard that always holds, written as a formula."""
    from fsm.language.expressions import lift

    return lift(True)


def test_every_edit_that_changes_behaviour_changes_the_fingerprint() -> None:
    """No two of these systems are taken for each other."""
    prints = {title: fingerprint(system(**edit)) for title, edit in OTHER.items()}
    assert [pair for pair in combinations(prints, 2) if prints[pair[0]] == prints[pair[1]]] == []
    assert all(len(one) == 64 and int(one, 16) for one in prints.values())


@attrs.frozen
class Point:
    x: int


@dataclass(frozen=True)
class Place:
    x: int


class Silent:
    """Says nothing of itself."""


CARRIED: list[Callable[[], Any]] = [
    lambda: "a", lambda: 1, lambda: True, lambda: None, lambda: 1.5, lambda: ("a", 1), lambda: ("a", "1"), lambda: frozenset({"a", "b", "c"}),
    lambda: frozenset({"a", "b"}), lambda: Point(1), lambda: Point(2), lambda: Place(1), lambda: Place(2), lambda: Medium.CHAT,
    lambda: Silent(), lambda: b"a",
]  # fmt: skip


def test_carried_data_counts_by_its_value() -> None:
    """Equal values made twice are equal, whatever they are made of; others are told apart."""
    prints = [(fingerprint(system(label=make())), fingerprint(system(label=make()))) for make in CARRIED]
    assert [first for first, second in prints if first != second] == []
    assert len({first for first, _ in prints}) == len(CARRIED)


def test_a_mapping_counts_by_its_items() -> None:
    """Their order says nothing."""
    first, second, third = ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1})
    values = [fingerprint(as_system(_keeping(MappingProxyType(one)))) for one in (first, second, third)]
    assert values[0] == values[1] != values[2]


def _keeping(value: Any) -> Machine:
    only = State("only")
    return Machine("keeper", (only,), only, (), (attrs.evolve(carried("kept", object, initial=""), initial=value),))


def test_a_generic_type_counts_by_its_words() -> None:
    """`tuple[int, ...]` and `tuple[str, ...]` are two types."""
    only = State("only")
    prints = {
        fingerprint(as_system(Machine("keeper", (only,), only, (), (carried("kept", kind, initial=()),))))
        for kind in (tuple[int, ...], tuple[str, ...], tuple)
    }
    assert len(prints) == 3


ROOT = Path(__file__).parents[2]
PRINT = "from fsm.desk import CONTACT, DESK; from fsm.canonical import fingerprint; from fsm.language.composition import as_system; print(fingerprint(DESK), fingerprint(as_system(CONTACT)))"


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    """Hashes of strings differ from process to process; the fingerprint does not."""
    said = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2026")
    }
    assert len(said) == 1
