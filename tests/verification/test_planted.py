"""The checker checked: each fault that somebody could make in it turns a verdict that is pinned here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
import z3
from z3 import z3util

from fsm import (
    EventRefused,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    as_system,
    boolean,
    compile,
    each,
    each_step,
    event,
    inside,
    integer,
    one,
    recoverable,
    wire,
)
from fsm.command.invocation.target import resolve
from fsm.desk import DESK as AGENT_DESK
from fsm.desk import TILE, OfferChat
from fsm.language.expressions import Const
from fsm.verification import Proved, Refuted, Verdict
from fsm.verification.certificates import theory
from fsm.verification.decide import safety
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding import counting
from fsm.verification.encoding import slicing as lean
from fsm.verification.encoding import translation as terms
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.symbols import copy_of
from fsm.verification.encoding.terms import TRUE, Swap
from fsm.verification.engines.induction import Induction, Kept
from fsm.verification.engines.ranks import rank
from fsm.verification.search import breadth_first as searching
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal
from fsm.verification.testing import Compared, Mismatch
from fsm.verification.testing.oracle import Follower

from .hand_desk import HandDesk
from .published import DESK

a, b = State("a"), State("b")
marked = boolean("marked")


@event
class Go:
    pass


@event
class Mark:
    pass


@event
class Move:
    pass


ONE_WAY = Machine(
    "one_way", states=(a, b), initial=a, transitions=(a.on(Go).to(b),), properties=(always("is in b", inside(b)),)
)
CLOCKWORK = Machine(
    "clockwork",
    states=(a, b),
    initial=a,
    variables=(marked,),
    transitions=(a.after(5, Mark).stay().set(marked, True), a.after(5, Move).to(b)),
)
clockwork = one("clockwork", CLOCKWORK)
door = one("door", Machine("door", states=(a, b), initial=a, transitions=(a.on(Go).to(b),)))
AT_ONCE = System(
    "at_once",
    parts=(clockwork, door),
    rules=(Rule("only between the two timers", on=Go, when=clockwork.inside(a) & clockwork[marked]),),
    properties=(always("nobody gets between two timers of one instant", ~door.inside(b)),),
)


copied, source = integer("copied", 0, 1), integer("source", 0, 1)
COPYING = Machine(
    "copying",
    states=(a,),
    initial=a,
    variables=(copied, source),
    transitions=(a.on(Move).stay().set(copied, source), a.on(Mark).stay().set(source, 1)),
    properties=(
        each_step("nothing is copied in a step", after(copied) == 0),
        always("nothing is ever copied", copied == 0),
        always("there is nothing to copy", source == 0),
    ),
)


@event
class Pair:
    first: Field[str]
    second: Field[str]


@event
class Come:
    who: Field[str]


FIRST_MATCH = Machine(
    "first_match",
    states=(a, b),
    initial=a,
    variables=(marked,),
    transitions=(a.on(Mark).stay().set(marked, True), a.on(Go).when(marked).stay(), a.on(Go).to(b)),
    properties=(always("whoever is marked stays in a", inside(b) >> ~marked),),
)
here, paired = State("here"), State("paired")
dancers = each(
    "dancers",
    Machine("dancer", (a, here, paired), a, (a.on(Go).to(here), here.on(Move).to(paired))),
    key="who",
    at_most=1,
)
ALONE = System(
    "alone",
    parts=(dancers,),
    wires=(
        wire(Come, dancers[Come.who].by(Go)),
        wire(Pair, dancers[Pair.first].by(Move), dancers[Pair.second].by(Move)),
    ),
    properties=(always("nobody dances with themselves", dancers.none(paired)),),
)

REGRESSION = Path(__file__).parents[1] / "regression"


def decided(subject: Machine | System, sentence: str = "") -> Verdict:
    """The verdict on one property; on the last one unless named."""
    prover = Prover(as_system(subject))
    claims = prover.system.properties
    return decide(prover, next(one for one in claims if one.sentence == sentence) if sentence else claims[-1])


def declared(file: str) -> Machine | System:
    return resolve(f"{REGRESSION / file}:SUBJECT")


MUTUAL_EXCLUSION = declared("proved/mutual_exclusion.py")
OVERFULL = declared("refuted/excluded.py")
CARD = declared("refuted/trap.py")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No encoding is kept from before the fault was planted."""
    monkeypatch.setattr(lean, "_whole", lean._whole.__wrapped__)
    monkeypatch.setattr(theory, "_theory", theory._theory.__wrapped__)


def test_a_lost_frame_condition_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a step does not change stays: without that, a counter that nobody touches could be anything."""
    sentence = "never two in the critical section"
    assert isinstance(decided(MUTUAL_EXCLUSION, sentence), Proved)

    def forgetful(self: Branch, term: Any) -> Any:
        kept = {variable.get_id() for variable in self.next}
        loose = [one for one in z3util.get_vars(term) if one.get_id() not in kept]
        return z3.substitute(term, *self.next.items(), *((one, copy_of(one, 99)) for one in loose))

    monkeypatch.setattr(Branch, "after", forgetful)
    monkeypatch.setattr(Swap, "touches", lambda self, term: True)

    assert not isinstance(decided(MUTUAL_EXCLUSION, sentence), Proved)


def test_swapped_comparisons_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One guest too many: `<` of the rule read as `<=`, and the other way round in the claim."""
    assert isinstance(decided(OVERFULL, "nobody stands"), Proved)

    less, at_most = terms.OPERATORS["<"], terms.OPERATORS["<="]
    monkeypatch.setitem(terms.OPERATORS, "<", at_most)
    monkeypatch.setitem(terms.OPERATORS, "<=", less)

    assert not isinstance(decided(OVERFULL, "nobody stands"), Proved)


def test_a_base_that_does_not_start_at_the_start_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that every step keeps is still false where it does not hold to begin with."""
    assert isinstance(decided(ONE_WAY), Refuted)

    monkeypatch.setattr(Induction, "_starts", lambda self, name: True)
    monkeypatch.setattr(Induction, "_used_by", lambda self, name: frozenset())

    assert isinstance(decided(ONE_WAY), Proved)


def test_ignored_rules_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its rule the critical section is open to all."""
    monkeypatch.setattr(
        counting, "Occurrence", lambda event, sender, rules, *rest: Occurrence(event, sender, (), *rest)
    )

    assert not isinstance(decided(MUTUAL_EXCLUSION, "never two in the critical section"), Proved)


def test_a_caller_between_two_timers_of_one_instant_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes before an event is judged; an encoding that forgets it lets a caller in too early."""
    monkeypatch.setattr(safety, "_show_clocked", lambda prover, claim: None)  # clocks would see it
    monkeypatch.setattr(safety, "_exhaust", lambda prover, claim: None)  # and so would who looks at all there is
    assert isinstance(decided(AT_ONCE), Proved)

    monkeypatch.setattr(Counting, "quiet", z3.BoolVal(True))

    assert not isinstance(decided(AT_ONCE), Proved)


def test_a_rank_that_does_not_decrease_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That some event can be taken is not yet a way to the goal."""
    assert isinstance(decided(CARD), Refuted)

    monkeypatch.setattr(rank.Scale, "lowers", lambda scale, branch: TRUE)

    assert isinstance(decided(CARD), Proved)


def test_waiting_where_a_timer_is_blocked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stops before the later timer, so waiting for that one leads nowhere."""
    bedroom = declared("refuted/blocked_timer.py")
    assert isinstance(decided(bedroom), Refuted)

    monkeypatch.setattr(Prover, "unblocked", Kept(frozenset()))

    assert isinstance(decided(bedroom), Proved)


def test_a_run_that_the_runtime_refuses_never_becomes_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that loses the first step of its run is told by the replay."""
    honest = searching._way
    monkeypatch.setattr(searching, "_way", lambda node: honest(node)[1:])

    with pytest.raises(EventRefused):
        decided(declared("refuted/peterson_without_turn.py"))


def test_merged_snapshots_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canonical form that forgets the state of what exists merges snapshots, and the published count does not come out."""
    honest = Search._kind

    def blurred(self: Search, place: int, instance: Any, now: int) -> Any:
        return honest(self, place, instance, now)[1:] if place == 2 else honest(self, place, instance, now)

    monkeypatch.setattr(Search, "_kind", blurred)

    assert 387 != searching.search(compile(DESK, {"slots": 5}), {"nothing": Goal(Const(False))}).snapshots


def test_timers_out_of_order_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A non-response is counted before the offer is missed because its time is shorter, and for no other reason."""
    monkeypatch.setattr(safety, "_show_clocked", lambda prover, claim: None)  # clocks would see it
    sentence = "a missed contact was counted as non-response"
    assert isinstance(decided(TILE, sentence), Proved)

    honest = counting.on_time

    def at_will(place: Any, params: Any) -> Any:
        return [
            (timer, [attrs.evolve(one, condition=z3.Not(place.spent[order])) for one in outcomes])
            for order, (timer, outcomes) in enumerate(honest(place, params))
        ]

    monkeypatch.setattr(counting, "on_time", at_will)

    assert not isinstance(decided(TILE, sentence), Proved)


def test_what_rests_on_a_dropped_claim_is_dropped_too() -> None:
    """The copy stays empty while its source does; that the source does, a later event breaks, so the first one is asked again."""
    assert isinstance(decided(COPYING, "nothing is ever copied"), Refuted)


def test_a_claim_that_does_not_hold_is_no_lemma() -> None:
    """Nothing is copied where there is nothing to copy, which is claimed and false."""
    assert isinstance(decided(COPYING, "nothing is copied in a step"), Refuted)


def test_the_first_transition_whose_guard_holds_is_taken() -> None:
    """The second line on an event means otherwise."""
    verdict = decided(FIRST_MATCH)

    assert isinstance(verdict, Proved) and "induction" == verdict.argument


def test_two_keys_are_two_instances() -> None:
    """Where one at most may come, nobody can be named twice."""
    verdict = decided(ALONE)

    assert isinstance(verdict, Proved) and "induction" == verdict.argument


class SaysYes(HandDesk):
    """Refuses as it should, and says that it did not."""

    def send(self, event: object, at: int) -> bool:
        super().send(event, at)
        return True


def test_an_implementation_that_denies_its_refusals_is_found() -> None:
    """Nothing moves, so the answer alone tells."""
    engine = compile(AGENT_DESK)
    follower = Follower(engine, AGENT_DESK, 0)
    compared = Compared(engine, SaysYes, follower.snapshot)
    offer = OfferChat("c-1", "Ann", arrived_at=0)
    outcome = follower.send(offer, 0)

    with pytest.raises(Mismatch):
        compared.go(offer, 0, outcome, follower.snapshot, follower.run)


def test_an_event_that_changes_nothing_leads_nowhere() -> None:
    """In b something can always happen, and nothing comes of it."""
    lines = (a.on(Go).to(b), b.on(Move).stay())
    stuck = Machine(
        "stuck", states=(a, b), initial=a, transitions=lines, properties=(recoverable("it comes back", inside(a)),)
    )

    assert isinstance(decided(stuck), Refuted)
