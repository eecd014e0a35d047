"""Each question of each kind can fail: the declaration is broken, or the evidence, and the second solver finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import attrs
import pytest
import z3

from fsm import Machine, Property, System, always, as_system, each, inside, reachable, wire, within
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.verification import Proved, verify
from fsm.verification.certificates.files import Certified, CertifiedSubject, TheorySection
from fsm.verification.certificates.questions.by_kind import claim_id
from fsm.verification.certificates.questions.obligations import Questions
from fsm.verification.certificates.theory import _theory
from fsm.verification.checker.solver import InProcess
from fsm.verification.definition import CLAIMS, ENDS, EVENTS, GUARDS, TIMERS
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.slicing import _whole
from fsm.verification.encoding.symbols import read as symbol
from fsm.verification.engines.wellformed import goals_of
from fsm.verification.evidence import Evidence, How, Met
from fsm.verification.facts import FactId, Of
from fsm.verification.facts import read as fact

from .subjects import (
    BEDROOM,
    BELL,
    LIFT,
    LOBBY,
    ROOM,
    TURNSTILE,
    Begin,
    Come,
    bedroom,
    bell,
    idle,
    lift,
    lobby,
    ringing,
    room,
    turnstile,
)


def claim(place: int) -> FactId:
    return FactId(Of.CLAIM, (place,))


@cache
def proved(subject: Machine | System, sentence: str) -> Evidence:
    """What the engines hand over for a claim."""
    (verdict,) = (one for one in verify(subject).all if one.claim.sentence == sentence)
    assert isinstance(verdict, Proved) and verdict.evidence is not None
    return verdict.evidence


def says_cvc5(script: str) -> str:
    """To one question as a whole script."""
    (answer,) = InProcess().ask(script.replace("(check-sat)", "").splitlines(), [["(assert true)"]])
    return answer


def failing(subject: Machine | System, sentence: str, evidence: Evidence) -> list[str]:
    """The questions that have an answer, when a claim of a declaration rests on this evidence."""
    section = section_of(subject, sentence, evidence)
    assert not section.wrong
    return [query.path.partition("/")[2] for query in section.queries if says_cvc5(query.text) == "sat"]


def section_of(subject: Machine | System, sentence: str, evidence: Evidence) -> TheorySection:
    system = as_system(subject)
    own = [one for one in system.properties if one.sentence == sentence]
    said: Property = own[0] if own else CLAIMS[sentence]
    about = CertifiedSubject("machine" if isinstance(subject, Machine) else "system", subject.name, system, None)
    id_ = claim_id(system, said, of_definition=not own)
    return TheorySection(about, "properties" if own else "definition", {}, (Certified(id_, said, evidence, "proved"),))


FULL, TEN = "as many as there is room for", "never too many"
STEP, IN_TIME, REST = "only time stops it", "it stops in time", "it comes to rest"
AMONG = "it stops among guests"
PAID, DOWN, SILENT = "nobody passes unpaid", "it comes down", "it falls silent"
NO_INVARIANT: Callable[[str], Evidence] = lambda formula: Evidence(How.FOUND, formula=formula)  # noqa: E731  # a row of the table
IN_A_ROW = Evidence(How.LONGER, k=2)
PAID_OR_PASSING = NO_INVARIANT("(<= (+ v0.1 (ite (= s0 1) 1 0)) v0.0)")
NOT_RINGING = (fact("stopwatch off 0 1"),)
RINGING = FactId(Of.CELL, (0, 1))


@pytest.mark.parametrize(
    ("subject", "broken", "sentence", "evidence", "named"),
    [
        (ROOM, room(at_least=1), FULL, None, "lemmas/claim-0/start.smt2"),
        (ROOM, room(open_to_all=True), FULL, None, "lemmas/claim-0/on-event-0.smt2"),
        (ROOM, room(most=9), TEN, None, "lemmas/claim-1/on-event-0.smt2"),
        (BELL, bell(by_hand=True), STEP, None, "claims/claim-0/on-event-1.smt2"),
        (BELL, bell(unclear=True), GUARDS, None, "claims/check-3/guards-0-0-1.smt2"),
        (BELL, bell(endless=True), ENDS, None, "lemmas/unfired-0-1-0/on-timer-0-0.smt2"),
        (BELL, bell(endless=True), ENDS, Evidence(How.IMPLIED), "claims/check-6/stuck.smt2"),
        (BEDROOM, bedroom(awake=True), TIMERS, None, "claims/check-5/blocked-0.smt2"),
        (BEDROOM, bedroom(awake=True), "it rings", None, "claims/claim-0/blocked-0.smt2"),
        (BELL, bell(endless=True), REST, None, "claims/claim-3/rank.smt2"),
        (ROOM, ROOM, "it can be empty", attrs.evolve(proved(ROOM, "it can be empty"), weights=()), "claims/claim-2/rank.smt2"),
        (BELL, bell(start=ringing), IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=NOT_RINGING), "claims/claim-1/clock-start.smt2"),
        (BELL, BELL, IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=NOT_RINGING), "claims/claim-1/clock-step-0.smt2"),
        (BELL, BELL, IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=()), "claims/claim-1/question-0.smt2"),
        (BELL, bell(late=1), IN_TIME, None, "claims/"),
        (LOBBY, lobby(late=1), AMONG, None, "claims/claim-0/question-0.smt2"),
        (LOBBY, lobby(by_guests=True), AMONG, None, "claims/claim-0/clock-step-"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("false"), "claims/claim-0/found-start.smt2"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("(= v0.0 0)"), "claims/claim-0/found-on-event-0.smt2"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("true"), "claims/claim-0/found-implies.smt2"),
        (TURNSTILE, turnstile(free=True), PAID, PAID_OR_PASSING, "claims/claim-0/found-on-"),
        (TURNSTILE, turnstile(free=True), PAID, IN_A_ROW, "claims/claim-0/on-event-1.smt2"),
        (TURNSTILE, turnstile(free=True), PAID, attrs.evolve(IN_A_ROW, k=3), "claims/claim-0/base-2.smt2"),
        (LIFT, lift(up_again=True), DOWN, None, "claims/claim-0/rank-on-event-1.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), weights=()), "claims/claim-0/rank-on-event-2.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), lowered_by=()), "claims/claim-0/possible.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), pending=(fact("elsewhere 0 1"),)), "claims/claim-0/premise.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), pending=(fact("premise"),)), "claims/claim-0/on-event-2.smt2"),
        (BELL, bell(endless=True), SILENT, None, "claims/claim-4/rank-on-timer-0-0.smt2"),
        (ROOM, ROOM, FULL, attrs.evolve(proved(ROOM, FULL), met=Met((symbol("n0.1"),))), "ground/empty/on-event-0.smt2"),
        (BELL, BELL, STEP, attrs.evolve(proved(BELL, STEP), met=Met((), {symbol("s0"): (1,)})), "ground/empty/start.smt2"),
    ],
)  # fmt: skip
def test_a_broken_declaration_or_evidence_is_found_at_its_question(
    subject: Machine | System, broken: Machine | System, sentence: str, evidence: Evidence | None, named: str
) -> None:
    """What was proved of the whole one; or what somebody wrote who would like it to be."""
    given = proved(subject, sentence) if evidence is None else evidence

    assert evidence is not None or [] == failing(subject, sentence, given)
    assert [path for path in failing(broken, sentence, given) if path.startswith(named)]


def test_an_invariant_that_a_solver_found_is_shown_by_its_questions() -> None:
    """The broken ones stand above."""
    assert [] == failing(TURNSTILE, PAID, PAID_OR_PASSING)


def test_two_states_in_a_row_show_what_one_does_not() -> None:
    """The broken ones stand above."""
    assert [] == failing(TURNSTILE, PAID, IN_A_ROW)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """No encoding is kept from before, and none is left behind."""
    for made in (_theory, _whole):
        made.cache_clear()
    yield
    for made in (_theory, _whole):
        made.cache_clear()


@pytest.mark.parametrize("too_much", [lambda state: state == 0, lambda state: state == 1], ids=["kept", "at the start"])
def test_what_the_encoding_takes_for_granted_of_types_is_asked_too(
    too_much: Any, forgotten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A type that says too much: planted, since the language has none."""
    evidence = proved(BELL, STEP)
    honest = Counting(as_system(BELL)).typing
    monkeypatch.setattr(Counting, "typing", (*honest, too_much(z3.Int("s0"))))

    assert any(path.startswith("ground/types/") for path in failing(BELL, STEP, evidence))


def test_skipped_consecution_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: questions at the start alone call a claim shown that a step breaks."""
    evidence = proved(ROOM, FULL)
    honest = Questions._invariant
    monkeypatch.setattr(Questions, "_invariant", lambda self, fact, uses: list(honest(self, fact, uses))[:1])

    assert [] == failing(room(open_to_all=True), FULL, evidence)


@pytest.mark.parametrize(
    ("subject", "sentence", "evidence", "complaint"),
    [
        (ROOM, FULL, Evidence(How.RUNS), "shows no such claim"),
        (ROOM, FULL, Evidence(How.STEPS), "shows no such claim"),
        (BELL, GUARDS, Evidence(How.TIMERS), "shows no such claim"),
        (ROOM, FULL, Evidence(How.INVARIANT, (claim(1),), {claim(1): ()}), "an invariant is a lemma"),
        (ROOM, FULL, Evidence(How.INVARIANT, (claim(0),)), "nothing is said of the proof of the lemma claim 0"),
        (ROOM, FULL, Evidence(How.INVARIANT, (claim(0),), {claim(0): (claim(9),)}), "there is no lemma claim 9"),
        (ROOM, FULL, Evidence(How.INVARIANT, (claim(0),), {claim(0): ()}, met=Met((symbol("n0.7"),))), "there is no such symbol as n0.7"),
        (ROOM, FULL, Evidence(How.INVARIANT, (claim(0),), {claim(0): ()}, met=Met((symbol("q0"),))), "there is no such symbol as q0"),
        (BELL, STEP, Evidence(How.STEPS, met=Met((symbol("t0.0"),))), "there is no such symbol as t0.0"),
        (BELL, STEP, Evidence(How.STEPS, met=Met((), {symbol("t0.0"): (0,)})), "there is no such symbol as t0.0"),
        (BELL, IN_TIME, Evidence(How.CLOCK, clock=(claim(0),)), "there is no lemma claim 0"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=((RINGING, -1),)), "has no weight"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=((RINGING, 10**100),)), "has no weight"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=((RINGING, 1), (RINGING, 1))), "names something twice in weights"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=((RINGING, 1), (RINGING, 2))), "stands twice"),
        (ROOM, "it can be empty", Evidence(How.RANK, lowered_by=(fact("lowers 7"),)), "lowers 7: of no event"),
        (ROOM, "it can be empty", Evidence(How.RANK, pending=(fact("some 9 9"),)), "says of pending what such a proof does not need"),
        (LIFT, DOWN, Evidence(How.RANK), "shows no such claim"),
        (LIFT, DOWN, Evidence(How.PROGRESS, lowered_by=(fact("lowers 1"),)), "lowers 1: of no fair event"),
        (LIFT, DOWN, Evidence(How.PROGRESS, pending=(claim(0),)), "claim 0 is no fact that may be pending"),
        (LIFT, DOWN, Evidence(How.PROGRESS, weights=((claim(0), 1),)), "claim 0 is no place"),
        (TURNSTILE, PAID, Evidence(How.LONGER, k=1), "k is from 2"),
        (TURNSTILE, PAID, Evidence(How.LONGER, k=1_000_000), "k is from 2"),
        (TURNSTILE, PAID, NO_INVARIANT("true) (assert true"), "is closed that is not open"),
        (TURNSTILE, PAID, NO_INVARIANT("(= whatever 0)"), "is no symbol of this declaration"),
    ],
)  # fmt: skip
def test_evidence_that_is_none_is_told(
    subject: Machine | System, sentence: str, evidence: Evidence, complaint: str
) -> None:
    """Whatever a solver says."""
    (wrong,) = section_of(subject, sentence, evidence).wrong.values()

    assert complaint in wrong
    assert () == section_of(subject, sentence, evidence).queries


def test_the_clocks_of_one_instance_say_nothing_of_the_time_of_many() -> None:
    """Whatever they do may happen at any moment, or never."""
    (guests,) = ROOM.parts
    assert isinstance(guests, Each)
    system = attrs.evolve(ROOM, properties=(within("soon", 5, guests.any(), guests.none()),))

    assert ["claims/claim-0/question-0.smt2"] == failing(system, "soon", Evidence(How.CLOCK))


def test_what_is_said_with_clocks_and_without_stands_once_in_a_question() -> None:
    """A lemma of both: no solver reads two formulas under one name. The question is answered as it was."""
    ringing = proved(BELL, REST)
    both = attrs.evolve(proved(BELL, IN_TIME), lemmas=ringing.lemmas, proofs=ringing.proofs)
    assert set(both.lemmas) & set(both.clock)

    assert [] == failing(BELL, IN_TIME, both)


def test_a_property_that_is_called_like_something_else_is_still_itself() -> None:
    """Like a check of the definition, or like what a part inherits: the formula asked is the property's own."""
    guest = attrs.evolve(ROOM.parts[0].machine, properties=(always("fine", inside(idle, ringing)),))
    guests = each("guests", guest, key="who")
    come = wire(Come, guests[Come.who].by(Begin))
    claims = (always("guests: fine", guests.none()), reachable(EVENTS, guests.count() == 3))
    system = System("hall", parts=(guests,), wires=(come,), properties=claims)
    evidence = Evidence(How.INVARIANT, (claim(0),), {claim(0): ()})

    assert ["lemmas/claim-0/on-event-0.smt2"] == failing(system, "guests: fine", evidence)
    assert [claim(1)] == list(goals_of(claims[1], system, of_definition=False))
    assert [label(Come)] == [one.words for one in goals_of(CLAIMS[EVENTS], system).values()]
