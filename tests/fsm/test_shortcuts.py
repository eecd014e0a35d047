"""Shapes for which the compiler knows a shorter way mean what the interpreter says, at every desk of a run."""

from __future__ import annotations

from typing import Any

import pytest

import fsm
from fsm.desk import DESK, Accept, Channel, Clear, End, OfferCall, OfferChat, OfferTask, Reject, SetStatus, Status
from fsm.desk.agent import available
from fsm.desk.parts import agent, tiles
from fsm.desk.tile import channel, connected, counted, missed, offered
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import system_leaf
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import Situation

ENGINE = fsm.compile(DESK, {"max_tasks": 2, "chat_shares": True, "task_shares": True, "held_blocks_channel": False})
SAID: tuple[tuple[Any, int], ...] = (
    (SetStatus(Status.AVAILABLE), 0), (OfferChat("a", "A", 0), 1), (OfferTask("b", "B", 0), 2), (Accept("a"), 3), (OfferChat("c", "C", 0), 4),
    (End("a"), 30_000), (Clear("b"), 30_001), (Clear("a"), 30_002), (Clear("c"), 30_003), (OfferCall("v", "V", 0), 30_004), (Reject("v"), 30_005),
)  # fmt: skip

chat, call, task = channel == Channel.CHAT, channel == Channel.VOICE, channel == Channel.TASK
FORMULAS = {
    "no value of several": tiles.none(chat) & tiles.none(call) & tiles.none(task),
    "two values": tiles.none(call) & tiles.none(task),
    "in the same states": tiles.none(offered, connected, chat) & tiles.none(offered, connected, task),
    "in other states": tiles.none(offered, chat) & tiles.none(connected, task),
    "of other variables": tiles.none(call) & tiles.none(counted == True),  # noqa: E712  # builds a formula
    "with something else": tiles.none(call) & agent.inside(available),
    "none in a state": tiles.none(missed) & tiles.none(call),
    "fewer than a number": tiles.count(chat) < 2,
    "more together than a number": tiles.count(chat) + tiles.count(task) > 1,
    "three of either": tiles.none(chat) | tiles.any(missed) | tiles.any(offered, task),
    "four of either": tiles.any(call) | tiles.any(task) | tiles.any(missed) | tiles.any(connected),
    "three of all": tiles.any(chat) & tiles.any(offered) & tiles.none(missed),
    "four of all": tiles.any(chat) & tiles.any(offered) & tiles.none(missed) & tiles.none(call),
}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_a_shorter_way_leads_to_the_same_answer(formula: Any) -> None:
    """Each is true at some desk of the run, and false at another."""
    compiled = compile_expression(with_values(formula, ENGINE.params), system_leaf(DESK))
    snapshot, answers = ENGINE.start(), []
    for event, at in SAID:
        snapshot = ENGINE.step(snapshot, event, at).after
        wanted = Situation.of(ENGINE, snapshot, at, event).value(formula)
        answers.append(bool(wanted))
        assert wanted == compiled(snapshot.parts, event, at, None)
    assert {True, False} == set(answers)


def test_an_attempt_is_a_step_that_neither_checks_nor_explains() -> None:
    """The same snapshot and effects; None where a step refuses."""
    snapshot = ENGINE.start()
    for event, at in SAID[:4]:
        step = ENGINE.step(snapshot, event, at)
        assert (step.after, step.effects) == ENGINE.attempt(snapshot, event, type(event), at)
        snapshot = step.after
    assert ENGINE.attempt(snapshot, Accept("a"), Accept, 5) is None


def test_a_silent_engine_does_the_same_and_says_nothing() -> None:
    """What time emits is still said."""
    silent = fsm.Engine(DESK, ENGINE.params, silent=True)
    snapshot = other = ENGINE.start()
    for event, at in SAID[:5]:
        snapshot, step = ENGINE.step(snapshot, event, at).after, silent.step(other, event, at)
        other = step.after
        assert () == step.effects
    assert snapshot == other
    assert ENGINE.advance(snapshot, 60_000).effects == silent.advance(other, 60_000).effects != ()
