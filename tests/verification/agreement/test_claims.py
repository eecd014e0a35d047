"""A claim means the same to whoever checks it on a run and to whoever proves it: at every snapshot and step of a small desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import z3

from fsm import EventRefused, Modality, Property, Snapshot, Step, compile
from fsm.desk import DESK, Missed, NonResponseCounted
from fsm.language.composition import inherited
from fsm.language.expressions import Formula
from fsm.semantics.satisfaction import Tally, counts_effects, holds, holds_of_step, seen_steps
from fsm.verification.encoding.clocked import Clocked, Happening
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Unencodable

from .by_counts import ByCounts, Way
from .by_keys import ByKeys
from .reachable import event_choices, numbered, reachable
from .substituting import Conditions, Exchange, Symbols

ENGINE = compile(DESK, {"max_chats": 1, "non_response_after": 1, "accept_window": 2, "held_blocks_channel": False})
CLAIMS: tuple[Property, ...] = (*DESK.properties, *(claim for part in DESK.parts for claim in inherited(part)))
OF_STATES = [
    claim.formula for claim in CLAIMS if claim.modality in (Modality.ALWAYS, Modality.REACHABLE, Modality.RECOVERABLE)
]
OF_STEPS = [claim.formula for claim in CLAIMS if claim.modality is Modality.EACH_STEP]

TALLIES: tuple[Tally, ...] = ({}, {NonResponseCounted: 2, Missed: 1}, {NonResponseCounted: 1, Missed: 2})
"""How many effects of each kind may have been emitted before, in a run or in none."""

Translate = Callable[[Formula], Any]


class Translated:
    """Formulas of which an encoding says some, each under one profile.

    Attributes:
        said: those that it does not refuse.
    """

    def __init__(self, formulas: list[Formula], translate: Translate, params: dict[Any, Any], symbols: Symbols) -> None:
        self.said: list[Formula] = []
        known = Exchange(params)
        terms: list[Any] = []
        for formula in formulas:
            try:
                terms.append(known.put(translate(formula)))
            except Unencodable:
                continue
            self.said.append(formula)
        self._conditions = Conditions(terms, symbols)

    def that_hold(self, values: list[Any]) -> list[Formula]:
        return [self.said[place] for place in self._conditions.hold(values)]


COUNTING, CLOCKED = Counting(DESK), Clocked(DESK, {"tiles": 3})
BY_COUNTS, BY_KEYS = ByCounts(COUNTING, ENGINE.params), ByKeys(CLOCKED, ENGINE.params)
COUNTERS = Symbols([*BY_COUNTS.symbols.all, *COUNTING.emitted.values()])


def counted(snapshot: Snapshot, tally: Tally) -> list[Any]:
    return [*BY_COUNTS.tally(snapshot), *(tally.get(effect, 0) for effect in COUNTING.emitted)]


def by_identity(formulas: list[Formula]) -> list[int]:
    return [id(one) for one in formulas]


def test_a_claim_about_snapshots_has_one_meaning() -> None:
    """Counters say every one; keys and clocks all but those that count effects."""
    counters = Translated(OF_STATES, COUNTING.state, BY_COUNTS.params, COUNTERS)
    keyed = Translated(OF_STATES, CLOCKED.state, BY_KEYS.params, BY_KEYS.symbols)
    assert by_identity(OF_STATES) == by_identity(counters.said)
    assert by_identity([formula for formula in OF_STATES if not counts_effects(formula)]) == by_identity(keyed.said)
    for snapshot in reachable(ENGINE):
        position = [*BY_KEYS.position(snapshot, numbered(DESK, snapshot)), 0]
        for tally in TALLIES:
            true = [formula for formula in OF_STATES if holds(ENGINE, formula, snapshot, tally)]
            assert by_identity(true) == by_identity(counters.that_hold(counted(snapshot, tally))), snapshot
            assert [one for one in by_identity(true) if one in by_identity(keyed.said)] == by_identity(
                keyed.that_hold(position)
            ), snapshot


def taken(snapshot: Snapshot, event: object) -> Step | None:
    try:
        return ENGINE.step(snapshot, event, snapshot.now)
    except EventRefused:
        return None


def test_a_claim_about_steps_has_one_meaning() -> None:
    """Before, after, what happened, and every instance by itself, on each event that is taken."""
    counters: dict[Way, Translated] = {}
    keyed: dict[tuple[Any, Happening], Translated] = {}
    for snapshot in reachable(ENGINE):
        numbers = numbered(DESK, snapshot)
        position, tally = BY_KEYS.position(snapshot, numbers), BY_COUNTS.tally(snapshot)
        for event in event_choices(DESK, snapshot):
            step = taken(snapshot, event)
            if step is not None:
                (seen,) = seen_steps(ENGINE, snapshot, event, snapshot.now, step, {})
                true = by_identity([formula for formula in OF_STEPS if holds_of_step(ENGINE, formula, seen)])
                (way,) = BY_COUNTS.open_ways(snapshot, tally, event)
                if way not in counters:
                    counters[way] = Translated(OF_STEPS, step_of_counters(way), BY_COUNTS.params, COUNTERS)
                said = counters[way]
                assert [one for one in true if one in by_identity(said.said)] == by_identity(
                    said.that_hold(counted(snapshot, {}))
                ), (snapshot, event)
                call = BY_KEYS.call(event, numbers)
                ((_, happening),) = BY_KEYS.happenings(position, (call,), 0)
                if (call, happening) not in keyed:
                    keyed[call, happening] = Translated(
                        OF_STEPS, step_of_keys(happening), BY_KEYS.params | BY_KEYS.fields(call), BY_KEYS.symbols
                    )
                said = keyed[call, happening]
                assert [one for one in true if one in by_identity(said.said)] == by_identity(
                    said.that_hold([*position, 0])
                ), (snapshot, event)


def step_of_counters(way: Way) -> Translate:
    return lambda formula: Exchange(way.fields).put(COUNTING.step(formula, way.occurrence, way.branch))


def step_of_keys(happening: Happening) -> Translate:
    return lambda formula: CLOCKED.step(formula, happening)


@pytest.mark.parametrize("value", [True, False])
def test_what_is_never_said_is_noticed(value: bool) -> None:
    """The comparison tells a claim from its contrary: a formula that an encoding always gives one value does not pass."""
    wrong = Translated(OF_STATES, lambda formula: z3.BoolVal(value), BY_COUNTS.params, COUNTERS)
    snapshots = reachable(ENGINE)
    assert any(
        by_identity([formula for formula in OF_STATES if holds(ENGINE, formula, snapshot, {})])
        != by_identity(wrong.that_hold(counted(snapshot, {})))
        for snapshot in snapshots
    )
