"""Expressions that are very deep, or share what they are made of: read in time that grows with their nodes, and never by recursion without end.

A tree that shares nodes is a graph: after `n = choose(n == 3, n + 1, n)` a hundred times, a walk by places would go on for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import fsm
from fsm import (
    DefinitionError,
    EventRefused,
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    applied,
    boolean,
    carried,
    choose,
    event,
    integer,
    one,
    wire,
)
from fsm.canonical import fingerprint
from fsm.language.expressions import Expr, Formula, Var, lift
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk
from fsm.live import Live
from fsm.semantics.evaluation import fold
from fsm.semantics.simplification import simplify
from fsm.traces import breach, replay

DEEP = 4_000
"""Several times as deep as Python recurses."""
SHARED = 200


@event
class Tick:
    by: Field[int]


n, on = integer("n", 0, 9), boolean("on")


def grown(start: Any, many: int, grow: Callable[[Any], Any]) -> Any:
    """An expression made of itself, many times over."""
    for _ in range(many):
        start = grow(start)
    return start


FORMULAS: dict[str, tuple[Formula, bool]] = {
    "a long sum": (grown(n, DEEP, lambda some: some + 1) == DEEP, True),
    "not not": (grown(on, DEEP, lambda some: ~some), False),
    "if if": (grown(on, DEEP, lambda some: some >> on), False),
    "many ands": (grown(on, DEEP, lambda some: some & (n == 0)), False),
    "choices in choices": (grown(n, DEEP, lambda some: choose(on, 1, some)) == 0, True),
    "choices that share": (grown(n, SHARED, lambda some: choose(some == 3, some + 1, some)) == 0, True),
    "sums that share": (grown(n, SHARED, lambda some: some + some) == 0, True),
    "conditions that share": (grown(on, SHARED, lambda some: (some & on) | (some >> ~some)), False),
}
"""Each with what it is where n is 0 and on is false."""
EVERY = pytest.mark.parametrize(("formula", "holds"), FORMULAS.values(), ids=FORMULAS)


def read(values: dict[str, Any]) -> Callable[[Expr[Any]], Any]:
    return lambda node: values[node.name]  # type: ignore[attr-defined]  # a variable


@EVERY
def test_it_is_walked_printed_compared_and_rewritten(formula: Formula, holds: bool) -> None:
    """Each node once; its words are cut, and say so."""
    other = substitute(formula, lambda node: lift(5) if node is n else None)

    assert len(list(walk(formula))) <= 4 * DEEP
    assert "…" in str(formula) and len(repr(formula)) < 200
    assert (structure(formula) == structure(other)) is not any(node is n for node in walk(formula))
    assert simplify(other).size <= other.size
    assert holds is bool(fold(formula, read({"n": 0, "on": False})))


@EVERY
def test_a_machine_guarded_by_it_runs_and_explains(formula: Formula, holds: bool) -> None:
    """The compiled step and the other engine agree with what it means; a refusal is told."""
    idle = State("idle")
    stays = idle.on(Tick).when(formula).stay()
    machine = Machine("wide", (idle,), idle, (stays,), (n, on), properties=(always("it goes on", formula | ~formula),))
    engine, live = fsm.compile(machine), Live(machine)

    assert holds is (engine.why_not(engine.start(), Tick(1), 0) is None)
    if holds:
        live.send(Tick(1), 0)
        assert engine.step(engine.start(), Tick(1), 0).after == live.snapshot
    else:
        with pytest.raises(EventRefused, match="where tick needs"):
            live.send(Tick(1), 0)
    assert len(fingerprint(engine.system)) == 64


@EVERY
def test_a_system_ruled_by_it_runs(formula: Formula, holds: bool) -> None:
    """Rules and the conditions of wires speak of parts."""
    idle = State("idle")
    machine = Machine("lamp", (idle,), idle, (idle.on(Tick).stay(),), (n, on))
    lamp = one("lamp", machine)
    said = substitute(formula, lambda node: lamp[node] if isinstance(node, Var) else None)
    wires = (wire(Tick, lamp.by(Tick, by=Tick.by), when=said), wire(Tick, lamp.by(Tick, by=0), when=~said))
    engine = fsm.compile(System("room", (lamp,), wires, (Rule("either", Tick, said | ~said),)))

    assert engine.step(engine.start(), Tick(1), 0).after["lamp"].state == "idle"


@EVERY
def test_a_run_that_breaks_it_is_told(formula: Formula, holds: bool) -> None:
    """The formula is named as a whole, with what its leaves were."""
    idle = State("idle")
    wrong = ~formula if holds else formula
    machine = Machine("wide", (idle,), idle, (idle.on(Tick).stay(),), (n, on), (always("it holds", wrong),))
    engine = fsm.compile(machine)
    broken = breach(engine, engine.system.properties[0], replay(engine, [(Tick(1), 0)]))

    assert broken is not None and "does not hold at the start" in str(broken)
    assert {"wide.n = 0", "wide.on = false"} & {f"{name} = {value}" for name, value in broken.blame.seen}


def test_of_a_large_choice_only_the_branch_taken_is_looked_at() -> None:
    """A function that cannot be applied to the other branch's values is not called."""
    note = carried("note", str, initial="")
    idle = State("idle")
    never = grown(applied(broken, note), SHARED, lambda some: choose(on, some, applied(joined, some, "x")))
    value = choose(n == 0, note, never)
    machine = Machine("pad", (idle,), idle, (idle.on(Tick).stay().set(note, value),), (n, on, note))
    engine = fsm.compile(machine)

    assert "" == engine.step(engine.start(), Tick(1), 0).after["pad"].note
    live = Live(machine)
    live.send(Tick(1), 0)
    assert "" == live.snapshot["pad"].note


def broken(text: str) -> str:
    raise ZeroDivisionError(text)


def joined(text: str, more: str) -> str:
    return text + more


def test_what_could_leave_its_range_is_refused_however_large_it_is() -> None:
    """Intervals of a large value are looked at too; what its choices say is forgotten, never believed."""
    idle = State("idle")

    def declared(value: Expr[int]) -> Machine:
        return Machine("sum", (idle,), idle, (idle.on(Tick).stay().set(n, value),), (n, on))

    with pytest.raises(DefinitionError, match="which may be 4000 to 4009"):
        declared(grown(n, DEEP, lambda some: some + 1))
    declared(grown(n, SHARED, lambda some: choose(on, some, some)))
