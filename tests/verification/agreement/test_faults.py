"""The comparison is worth something: a fault planted in an encoding is noticed by it, on a desk for two chats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest
import z3

from fsm import State, System
from fsm.desk import DESK
from fsm.verification.encoding import translation as terms
from fsm.verification.encoding.branches import Occurrence
from fsm.verification.encoding.clocked import Clocked, Happening, Slot
from fsm.verification.encoding.counting import Counting

from .comparing import MakeClocked, MakeCounting, compare_everywhere

Term = Any
TWO_CHATS = {"max_chats": 2, "non_response_after": 1, "accept_window": 2}
AT_ONCE = {**TWO_CHATS, "accept_window": 1}


def without(changes: Mapping[Term, Term], symbols: list[Term]) -> dict[Term, Term]:
    return {symbol: term for symbol, term in changes.items() if not any(symbol.eq(one) for one in symbols)}


# In the encoding with keys and clocks


def every_happening(rewritten: Callable[[Clocked, Happening], Mapping[Term, Term]]) -> MakeClocked:
    """An encoding in which every happening leads elsewhere."""

    def make(system: System, keys: Mapping[str, int]) -> Clocked:
        encoding = Clocked(system, keys)
        encoding.happenings = tuple(attrs.evolve(one, next=rewritten(encoding, one)) for one in encoding.happenings)
        return encoding

    return make


def moving(encoding: Clocked, one: Happening) -> list[Slot]:
    """The tiles whose state a happening sets."""
    return [slot for slot in encoding.slots if slot.number is not None and slot.state in one.next]


def forgets_what_stood(encoding: Clocked, one: Happening) -> Mapping[Term, Term]:
    """A frame condition is lost: that a tile was counted is forgotten whenever it moves."""
    counted = {
        term: z3.BoolVal(False)
        for slot in moving(encoding, one)
        for variable, term in slot.values.items()
        if variable.name == "counted"
    }
    return {**one.next, **counted}


def moves_the_agent(encoding: Clocked, one: Happening) -> Mapping[Term, Term]:
    """A frame condition is lost: whatever moves, the agent goes offline."""
    return {encoding.slots[0].state: z3.IntVal(0), **one.next}


def fires_again(encoding: Clocked, one: Happening) -> Mapping[Term, Term]:
    """A timer that has fired is as if it had not."""
    return {**one.next, **{bit: z3.BoolVal(False) for slot in moving(encoding, one) for bit in slot.spent}}


def keeps_the_time(encoding: Clocked, one: Happening) -> Mapping[Term, Term]:
    """Time in state does not start anew."""
    return without(one.next, [slot.age for slot in encoding.slots])


class JudgesTooEarly(Clocked):
    """An event at the instant of a deadline is judged before the timer fires."""

    def deadlines(self, slot: Slot, age: Term, strict: bool) -> list[Term]:
        return super().deadlines(slot, age, False)


class TakesOneStateForAnother(Clocked):
    """A contact that failed is taken for a rejected one."""

    def _index(self, slot: Slot, state: State) -> Term:
        return z3.IntVal(min(slot.part.machine.states.index(state), 5))


CLOCKED = [
    every_happening(forgets_what_stood), every_happening(moves_the_agent), every_happening(fires_again), every_happening(keeps_the_time),
    JudgesTooEarly, TakesOneStateForAnother,
]  # fmt: skip


@pytest.mark.parametrize("faulty", CLOCKED)
def test_a_fault_in_the_clocked_encoding_is_noticed(faulty: MakeClocked) -> None:
    """The message names the encoding and the snapshot."""
    with pytest.raises(
        AssertionError, match=r"the clocked encoding differs from the compiled step: .* at Snapshot\(desk"
    ):
        compare_everywhere(DESK, TWO_CHATS, clocked=faulty)


# In the encoding with counters


def every_occurrence(rewritten: Callable[[Counting, Occurrence], Occurrence]) -> MakeCounting:
    """An encoding in which every event goes otherwise."""

    def make(system: System) -> Counting:
        encoding = Counting(system)
        encoding.occurrences = tuple(rewritten(encoding, one) for one in encoding.occurrences)
        return encoding

    return make


def never_waits(encoding: Counting, one: Occurrence) -> Occurrence:
    """A caller's event is judged while a timer is due."""
    return attrs.evolve(one, quiet=z3.BoolVal(True))


def loses_a_rule(encoding: Counting, one: Occurrence) -> Occurrence:
    """The first rule on an event is forgotten."""
    return attrs.evolve(one, rules=one.rules[1:])


def loses_a_branch(encoding: Counting, one: Occurrence) -> Occurrence:
    """One way that an event can go is forgotten."""
    return attrs.evolve(one, branches=one.branches[1:])


def counts_twice(encoding: Counting, one: Occurrence) -> Occurrence:
    """An instance that moves is still counted where it was."""
    branches = []
    for branch in one.branches:
        left = [
            counters[moved.before]
            for counters in encoding.counters.values()
            for moved in branch.moved
            if moved.before in counters
        ]
        branches.append(attrs.evolve(branch, next=without(branch.next, left)))
    return attrs.evolve(one, branches=tuple(branches))


@pytest.mark.parametrize("fault", [never_waits, loses_a_rule, loses_a_branch, counts_twice])
def test_a_fault_in_the_counting_encoding_is_noticed(fault: Callable[[Counting, Occurrence], Occurrence]) -> None:
    """Where both timers of an offer are due at once, also that no event comes between them."""
    with pytest.raises(AssertionError, match="the counting encoding differs from the compiled step"):
        compare_everywhere(DESK, AT_ONCE, counting=every_occurrence(fault))


# In what both are made of


@pytest.mark.parametrize(("op", "taken_for"), [("<", "<="), ("==", ">="), ("==", "<=")])
def test_an_operator_taken_for_its_neighbour_is_noticed(
    op: str, taken_for: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the limit of chats, in the free voice slot, in a chosen status: each translated wrongly."""
    monkeypatch.setitem(terms.OPERATORS, op, terms.OPERATORS[taken_for])
    with pytest.raises(AssertionError, match="the clocked encoding differs from the compiled step"):
        compare_everywhere(DESK, TWO_CHATS)
