"""What an engine hands over when it has proved something: places in the declaration and numbers, from which the questions are made anew.

Nothing here is believed. Evidence that is wrong, incomplete or of another claim makes questions that
a solver does not answer with no.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

import attrs

from fsm.traces.trace import Trace
from fsm.verification.facts import FactId

if TYPE_CHECKING:
    from fsm.verification.encoding.symbols import Symbol

__all__ = ["Evidence", "How", "Met", "by_questions"]


class How(Enum):
    """By which argument a claim is proved."""

    INVARIANT = "it holds at the start and every event keeps it"
    STEPS = "every step from a state of the lemmas does it"
    IMPLIED = "the lemmas exclude every state that breaks it"
    LONGER = "it holds in the first states, and after so many in a row where it does, in the next"
    RANK = "from every state of the lemmas some event lowers a rank"
    PROGRESS = "until the goal some fair event stays possible, and leads there or lowers a rank that nothing raises"
    CLOCK = "it holds at the start and every event keeps it, the time in state included"
    FOUND = "a formula that a solver found holds at the start, every event keeps it, and it implies the claim"
    TIMERS = "every timer that falls due can move all that it must"
    RUNS = "runs that the runtime replays"
    ENUMERATION = "all there is was met"


@attrs.frozen
class Met:
    """What events can fill, as the engine says that proved it: not believed, but made a lemma.

    Attributes:
        empty: the counters that nothing fills.
        values: for a symbol of a `one` part, the only values it takes; a symbol that is not named takes any.
    """

    empty: tuple[Symbol, ...] = ()
    values: Mapping[Symbol, tuple[int, ...]] = attrs.field(factory=dict)


@attrs.frozen
class Evidence:
    """What a proof rests on.

    Attributes:
        how: the argument.
        lemmas: those that its questions use.
        proofs: for each lemma that those rest on, the lemmas that its own questions use.
        k: how many states in a row show the next.
        weights: of a rank, for each place of the declaration.
        lowered_by: of a rank, the events that lower it, and that a timer does; whose turn it is first, first.
        pending: what is true from the premise on until the goal.
        timers: the lemmas by which nothing stands in the way of a timer, where the proof needs that.
        clock: the lemmas about the time in state.
        formula: the invariant that a solver found, as `encoding.formula_text` reads it.
        runs: by what each shows.
        snapshots: how many there are.
        refuted: it shows that the claim does not hold; by lemmas, that what it says can be never is.
        met: what events can fill; the same for all evidence of one engine.
    """

    how: How
    lemmas: tuple[FactId, ...] = ()
    proofs: Mapping[FactId, tuple[FactId, ...]] = attrs.field(factory=dict)
    k: int = 0
    weights: tuple[tuple[FactId, int], ...] = ()
    lowered_by: tuple[FactId, ...] = ()
    pending: tuple[FactId, ...] = ()
    timers: tuple[FactId, ...] = ()
    clock: tuple[FactId, ...] = ()
    formula: str = ""
    runs: Mapping[FactId, Trace] = attrs.field(factory=dict)
    snapshots: int = 0
    refuted: bool = False
    met: Met = Met()


def by_questions(evidence: Evidence) -> bool:
    """Whether a solver can be asked again; runs and enumerations are gone through again instead."""
    return evidence.how not in (How.RUNS, How.ENUMERATION)
