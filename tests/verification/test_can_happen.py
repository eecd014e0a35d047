"""What can happen is shown by a run that takes such a step, by every engine alike; what cannot is refuted, never left out."""

from __future__ import annotations

import attrs
import pytest

from fsm import Machine, State, after, as_system, before, can_happen, event, happens, inside, leads_to
from fsm.runtime.engine import prepare
from fsm.verification import Proved, Refuted, Unknown, verify
from fsm.verification.certificates.questions.by_kind import admits
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.engines.wellformed import goals_of
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.goal import goal_of
from fsm.verification.search.packed import explore
from fsm.verification.search.witness import meets

shut, open_, locked = State("shut"), State("open"), State("locked")


@event
class Push:
    """Somebody pushes."""


@event
class Turn:
    """Somebody turns the key."""


DOOR = Machine(
    "door",
    states=(shut, open_, locked),
    initial=shut,
    transitions=(shut.on(Push).to(open_), open_.on(Push).to(shut), shut.on(Turn).to(locked), locked.on(Turn).to(shut)),
    properties=(
        can_happen("a door that is open can be shut", before(inside(open_)) & after(inside(shut))),
        can_happen("an open door can be locked", happens(Turn) & before(inside(open_))),
        leads_to("an open door is shut in the end", inside(open_), inside(shut)),
    ),
)
SYSTEM = as_system(DOOR)
CLOSES, LOCKED_OPEN, _ = SYSTEM.properties


def test_a_run_shows_what_can_happen_and_the_invariants_exclude_what_cannot() -> None:
    """Two pushes; no key turns in an open door."""
    prover = Prover(SYSTEM)
    can, cannot = decide(prover, CLOSES), decide(prover, LOCKED_OPEN)

    assert isinstance(can, Proved)
    assert can.witness is not None
    assert 2 == len(can.witness.steps)
    assert isinstance(cannot, Refuted)


def test_the_run_is_the_evidence_and_is_judged_again_by_the_runtime() -> None:
    """A run that takes no such step shows nothing, and nothing else does."""
    verdict = decide(Prover(SYSTEM), CLOSES)
    assert isinstance(verdict, Proved)
    assert verdict.evidence is not None
    (goal,) = goals_of(CLOSES, SYSTEM, of_definition=False).values()
    (run,) = verdict.evidence.runs.values()

    assert "" == admits(CLOSES, False, verdict.evidence)
    assert "shows no such claim" in admits(CLOSES, False, Evidence(How.INVARIANT))
    assert meets(prepare(SYSTEM, dict(run.profile)), run, goal.goal)
    assert not meets(prepare(SYSTEM, dict(run.profile)), attrs.evolve(run, steps=run.steps[:1]), goal.goal)


@pytest.mark.parametrize("walk", [enumerate_snapshots, explore])
def test_a_walk_through_all_snapshots_says_the_same_and_nothing_of_what_comes_in_the_end(walk: object) -> None:
    """An open door may stay open for ever: that every snapshot was seen does not show a response."""
    found = walk(DOOR)  # type: ignore[operator]  # either of two

    assert [Proved, Refuted, Unknown] == [type(one) for one in found.verdicts]


def test_a_run_known_from_another_version_is_taken_again() -> None:
    """Where its events are still taken and show the step once more."""
    first = Prover(SYSTEM)
    run = first.witness(CLOSES)
    again = Prover(SYSTEM, known=first.met)

    assert run is not None and run == again.witness(CLOSES)
    assert again.again(run, goal_of(LOCKED_OPEN)) is None


def test_the_page_says_so() -> None:
    """One proved by its run, one refuted, and the door that stays open."""
    report = verify(DOOR, definition=False)

    assert [Proved, Refuted, Refuted] == [type(one) for one in report.verdicts]
