"""Each question of each kind can fail: the declaration is broken, or the evidence, and the second solver finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import attrs
import pytest
import z3

from fsm import Machine, System, always, each, inside, reachable, wire, within
from fsm.language.composition import as_system
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.verification.certificates.by_kind import definition_of
from fsm.verification.certificates.files import Certified, Section, Subject
from fsm.verification.certificates.obligations import Questions
from fsm.verification.certificates.solvers import Said, ask_cvc5
from fsm.verification.certificates.theory import _theory
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.slicing import _whole
from fsm.verification.engines.wellformed import ENDS, EVENTS, GUARDS, TIMERS, goals_of
from fsm.verification.evidence import Evidence, How, Met
from fsm.verification.verdict import Proved
from fsm.verification.verify import verify

from .subjects import (
    BEDROOM,
    BELL,
    LIFT,
    ROOM,
    TURNSTILE,
    Begin,
    Come,
    bedroom,
    bell,
    idle,
    lift,
    ringing,
    room,
    turnstile,
)


@cache
def proved(subject: Machine | System, sentence: str) -> Evidence:
    """What the engines hand over for a claim."""
    (verdict,) = (one for one in verify(subject).all if one.claim.sentence == sentence)
    assert isinstance(verdict, Proved) and verdict.evidence is not None
    return verdict.evidence


def failing(subject: Machine | System, sentence: str, evidence: Evidence) -> list[str]:
    """The questions that have an answer, when a claim of a declaration rests on this evidence."""
    section = section_of(subject, sentence, evidence)
    assert not section.wrong
    return [query.path.partition("/")[2] for query in section.queries if ask_cvc5(query.text).said is Said.SAT]


def section_of(subject: Machine | System, sentence: str, evidence: Evidence) -> Section:
    system = as_system(subject)
    own = [one for one in system.properties if one.sentence == sentence]
    claim: Property = own[0] if own else definition_of(sentence)
    about = Subject("machine" if isinstance(subject, Machine) else "system", subject.name, system, None)
    return Section(about, "properties" if own else "definition", {}, (Certified(claim, evidence, "proved"),))


FULL, TEN = "as many as there is room for", "never too many"
STEP, IN_TIME, REST = "only time stops it", "it stops in time", "it comes to rest"
PAID, DOWN, SILENT = "nobody passes unpaid", "it comes down", "it falls silent"
NO_INVARIANT: Callable[[str], Evidence] = lambda formula: Evidence(How.FOUND, formula=formula)  # noqa: E731  # a row of the table
PAID_OR_PASSING = NO_INVARIANT("(<= (+ turnstile.people (ite (= turnstile.state 1) 1 0)) turnstile.coins)")


@pytest.mark.parametrize(
    ("subject", "broken", "sentence", "evidence", "named"),
    [
        (ROOM, room(at_least=1), FULL, None, "lemmas/as-many-as-there-is-room-for/start.smt2"),
        (ROOM, room(open_to_all=True), FULL, None, "lemmas/as-many-as-there-is-room-for/on-come.smt2"),
        (ROOM, room(most=9), TEN, None, "lemmas/never-too-many/on-come.smt2"),
        (BELL, bell(by_hand=True), STEP, None, "claims/only-time-stops-it/on-begin.smt2"),
        (BELL, bell(unclear=True), GUARDS, None, "claims/no-two-guards-of-an-event-overlap/"),
        (BELL, bell(endless=True), ENDS, None, "lemmas/bell-in-ringing-timer-0-has-not-fired/on-stop-of-bell.smt2"),
        (BELL, bell(endless=True), ENDS, Evidence(How.IMPLIED), "claims/something-can-always-happen-but-where-everything-has-come-to/nothing-can-happen.smt2"),
        (BEDROOM, bedroom(awake=True), TIMERS, None, "claims/nothing-can-stand-in-the-way-of-a-timer/"),
        (BEDROOM, bedroom(awake=True), "it rings", None, "claims/nothing-can-stand-in-the-way-of-a-timer/"),
        (BELL, bell(endless=True), REST, None, "claims/it-comes-to-rest/rank.smt2"),
        (ROOM, ROOM, "it can be empty", attrs.evolve(proved(ROOM, "it can be empty"), weights=()), "claims/it-can-be-empty/rank.smt2"),
        (BELL, bell(start=ringing), IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=("the stopwatch runs not in ringing",)), "claims/the-clock-of-it-stops-in-time/start.smt2"),
        (BELL, BELL, IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=("the stopwatch runs not in ringing",)), "claims/the-clock-of-it-stops-in-time/step-0-ring.smt2"),
        (BELL, BELL, IN_TIME, attrs.evolve(proved(BELL, IN_TIME), clock=()), "claims/it-stops-in-time/0-waiting.smt2"),
        (BELL, bell(late=1), IN_TIME, None, "claims/"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("false"), "claims/an-invariant-for-nobody-passes-unpaid/start.smt2"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("(= turnstile.coins 0)"), "claims/an-invariant-for-nobody-passes-unpaid/on-begin.smt2"),
        (TURNSTILE, TURNSTILE, PAID, NO_INVARIANT("true"), "claims/nobody-passes-unpaid/not-turnstile-people-turnstile-coins.smt2"),
        (TURNSTILE, turnstile(free=True), PAID, PAID_OR_PASSING, "claims/an-invariant-for-nobody-passes-unpaid/on-"),
        (TURNSTILE, turnstile(free=True), PAID, None, "claims/nobody-passes-unpaid/on-stop.smt2"),
        (TURNSTILE, turnstile(free=True), PAID, attrs.evolve(proved(TURNSTILE, PAID), k=3), "claims/nobody-passes-unpaid/start-and-2-steps.smt2"),
        (LIFT, lift(up_again=True), DOWN, None, "claims/the-rank-of-it-comes-down/on-ring.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), weights=()), "claims/the-rank-of-it-comes-down/on-stop.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), lowered_by=()), "claims/it-comes-down/possible.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), pending=("lift is not ringing",)), "claims/it-comes-down/premise.smt2"),
        (LIFT, LIFT, DOWN, attrs.evolve(proved(LIFT, DOWN), pending=("the premise",)), "claims/it-comes-down/on-stop.smt2"),
        (BELL, bell(endless=True), SILENT, None, "claims/the-rank-of-it-falls-silent/on-stop-of-bell.smt2"),
        (ROOM, ROOM, FULL, attrs.evolve(proved(ROOM, FULL), met=Met(("guests.ringing",))), "ground/what-no-event-fills-stays-empty/on-come.smt2"),
        (BELL, BELL, STEP, attrs.evolve(proved(BELL, STEP), met=Met((), {"bell.state": (1,)})), "ground/what-no-event-fills-stays-empty/start.smt2"),
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


@pytest.fixture
def forgotten() -> Iterator[None]:
    """No encoding is kept from before, and none is left behind."""
    for made in (_theory, _whole):
        made.cache_clear()
    yield
    for made in (_theory, _whole):
        made.cache_clear()


@pytest.mark.parametrize("fact", [lambda state: state == 0, lambda state: state == 1], ids=["kept", "at the start"])
def test_what_the_encoding_takes_for_granted_of_types_is_asked_too(
    fact: Any, forgotten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A type that says too much: planted, since the language has none."""
    evidence = proved(BELL, STEP)
    honest = Counting(as_system(BELL)).typing
    monkeypatch.setattr(Counting, "typing", (*honest, fact(z3.Int("bell.state"))))

    assert any(path.startswith("ground/what-is-counted-has-its-type/") for path in failing(BELL, STEP, evidence))


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
        (ROOM, FULL, Evidence(How.INVARIANT, (TEN,), {TEN: ()}), "an invariant is a lemma"),
        (ROOM, FULL, Evidence(How.INVARIANT, (FULL,)), "nothing is said of the proof"),
        (ROOM, FULL, Evidence(How.INVARIANT, (FULL,), {FULL: ("whatever",)}), "there is no lemma 'whatever'"),
        (ROOM, FULL, Evidence(How.INVARIANT, (FULL,), {FULL: ()}, met=Met(("whatever",))), "there is no symbol 'whatever'"),
        (BELL, IN_TIME, Evidence(How.CLOCK, clock=("whatever",)), "there is no lemma 'whatever'"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=(("guests: ringing", -1),)), "no weight"),
        (ROOM, "it can be empty", Evidence(How.RANK, weights=(("guests: ringing", 1), ("guests: ringing", 1))), "stands twice"),
        (ROOM, "it can be empty", Evidence(How.RANK, lowered_by=("whatever",)), "whatever is no event"),
        (LIFT, DOWN, Evidence(How.RANK), "shows no such claim"),
        (LIFT, DOWN, Evidence(How.PROGRESS, lowered_by=("ring",)), "ring is no fair event"),
        (LIFT, DOWN, Evidence(How.PROGRESS, pending=("whatever",)), "'whatever' is no fact"),
        (LIFT, DOWN, Evidence(How.PROGRESS, weights=(("whatever", 1),)), "whatever is no place"),
        (TURNSTILE, PAID, Evidence(How.LONGER, k=1), "k is from 2"),
        (TURNSTILE, PAID, Evidence(How.LONGER, k=1_000_000), "k is from 2"),
        (TURNSTILE, PAID, NO_INVARIANT("true) (assert true"), "not one assertion"),
        (TURNSTILE, PAID, NO_INVARIANT("(= whatever 0)"), "not one assertion"),
    ],
)  # fmt: skip
def test_evidence_that_is_none_is_told(
    subject: Machine | System, sentence: str, evidence: Evidence, complaint: str
) -> None:
    """Whatever a solver says."""
    assert complaint in section_of(subject, sentence, evidence).wrong[sentence]
    assert () == section_of(subject, sentence, evidence).queries


def test_a_claim_about_time_in_a_system_of_many_is_not_shown_by_a_clock() -> None:
    """The clock of one instance says nothing of many."""
    (guests,) = ROOM.parts
    assert isinstance(guests, Each)
    claim = within("soon", 5, guests.any(), guests.none())
    system = attrs.evolve(ROOM, properties=(claim,))

    assert "one instance alone" in section_of(system, "soon", Evidence(How.CLOCK)).wrong["soon"]


def test_a_property_that_is_called_like_something_else_is_still_itself() -> None:
    """Like a check of the definition, or like what a part inherits: the formula asked is the property's own."""
    guest = attrs.evolve(ROOM.parts[0].machine, properties=(always("fine", inside(idle, ringing)),))
    guests = each("guests", guest, key="who")
    come = wire(Come, guests[Come.who].by(Begin))
    claims = (always("guests: fine", guests.none()), reachable(EVENTS, guests.count() == 3))
    system = System("hall", parts=(guests,), wires=(come,), properties=claims)
    evidence = Evidence(How.INVARIANT, ("guests: fine",), {"guests: fine": ()})

    assert ["properties/lemmas/guests-fine/on-come.smt2"] == [
        f"properties/{one}" for one in failing(system, "guests: fine", evidence)
    ]
    assert [EVENTS] == list(goals_of(claims[1], system, of_definition=False))
    assert [label(Come)] == list(goals_of(definition_of(EVENTS), system))
