"""Each reader of formulas knows what may stand in its place, and says so when something else does."""

from __future__ import annotations

import pytest

import fsm
from fsm import before
from fsm.language.leaves import Count
from fsm.live.engine import Picker, after, on
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import instance_leaf, system_leaf
from fsm.semantics.evaluation import fold
from fsm.semantics.situation import Situation

from .yard import (
    GATE,
    LORRY,
    YARD,
    Come,
    Complain,
    Hurry,
    Load,
    Push,
    complaints,
    gate,
    hurried,
    loading,
    lorries,
    waiting,
)


def test_a_machine_does_not_look_beyond_itself() -> None:
    """A count of instances has no meaning to one of them: a declaration that says so was not checked."""
    instance = fsm.compile(YARD).start()["gate"]
    with pytest.raises(AssertionError):
        fold(lorries.count(), Situation(YARD, {}, (), 0).of_instance(instance))
    with pytest.raises(AssertionError):
        compile_expression(lorries.count(), instance_leaf(GATE))


def test_a_system_reads_no_variable_without_its_part() -> None:
    """Whose would it be?"""
    parts = fsm.compile(YARD).start().parts
    with pytest.raises(AssertionError):
        Situation(YARD, {}, parts, 0).value(hurried)
    with pytest.raises(AssertionError):
        compile_expression(hurried, system_leaf(YARD))


def test_what_only_properties_may_read_is_not_compiled() -> None:
    """Before and after a step are two snapshots, and a guard sees one."""
    with pytest.raises(AssertionError):
        compile_expression(before(gate[complaints] == 0), system_leaf(YARD))


def test_instances_that_a_count_counts_come_in_the_order_of_their_keys() -> None:
    """Whatever the order they came in."""
    yard = fsm.compile(YARD, {"places": 3})
    snapshot = yard.step(yard.start(), Push(), 0).after
    for plate in ("z", "x", "y"):
        snapshot = yard.step(snapshot, Come(plate, Load.SAND, ""), 0).after
    everyone = lorries.count(waiting, loading)
    assert isinstance(everyone, Count)
    assert ["x", "y", "z"] == list(Situation(YARD, {}, snapshot.parts, 0).matching(everyone))


def test_a_picker_answers_none_to_all_that_the_library_says_no_to() -> None:
    """A trigger it does not know, one that the state does not know, a guard that does not hold."""
    gates, read = (
        Picker(GATE),
        Situation(YARD, {"patience": 3}, (), 0, Complain("x")).of_instance(fsm.compile(GATE).start()["gate"]),
    )
    assert gates.pick("on nothing", "closed", read) is None
    assert gates.pick(after(3), "closed", read) is None
    assert gates.pick(on(Push), "closed", read) == (GATE.transitions[0], "ajar")
    lorry = fsm.compile(LORRY).start()["lorry"]
    glass = Situation(YARD, {}, (), 0, Hurry()).of_instance(lorry)
    assert Picker(LORRY).pick(after(2), "waiting", glass) is None
