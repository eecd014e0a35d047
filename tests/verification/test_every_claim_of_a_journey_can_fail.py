"""No claim about a journey is true whatever one declares: for each a small change to a machine or a wire refutes it.

As for the desk, the table says for every safety claim which change, and how many steps the
shortest run to the damage takes; the run is played again through the public runtime.
"""

from __future__ import annotations

from functools import cache

import attrs
import pytest

from fsm import Machine, Modality, System, compile, event
from fsm.desk import CONTACT, JOURNEY, TILE, tile
from fsm.desk.journey import Tidy
from fsm.desk.journey import contact as customer
from fsm.language.leaves import Happens
from fsm.language.parts import Sent
from fsm.language.traversal import walk
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Report, Verdict
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.mutants.generate import mutants_of
from fsm.verification.report import exit_status

from .conftest import ReportOn
from .mutants import with_changed, with_claims, with_machine, with_transition, without, without_rules


@event
class Forget:
    """Time clears a missed tile."""


def journey_with(old: Machine, changed: Machine) -> System:
    return with_machine(JOURNEY, old, changed)


def contact_with(changed: Machine) -> System:
    return journey_with(CONTACT, changed)


def tile_with(changed: Machine) -> System:
    return journey_with(TILE, changed)


# What somebody might change, by what it would mean

RINGS_TWICE = contact_with(with_transition(CONTACT, customer.offered.on(customer.OfferTo).stay()))
NOBODY_TELLS_THE_CONTACT = attrs.evolve(
    JOURNEY, wires=tuple(one for one in JOURNEY.wires if not isinstance(one.event, Sent))
)
ANSWERED_IS_QUEUED = contact_with(with_changed(CONTACT, customer.offered, customer.AnsweredBy, target=customer.queued))
SENT_BACK_STAYS = contact_with(
    with_changed(CONTACT, customer.with_agent, customer.Transfer, target=customer.with_agent)
)
UNANSWERED_IS_LOST = contact_with(with_changed(CONTACT, customer.offered, customer.Unanswered, target=customer.ended))
A_MISS_LEAVES_NOTHING = tile_with(with_changed(TILE, tile.offered, tile.Expire, target=tile.rejected))
A_REJECTION_LEAVES_NOTHING = tile_with(with_changed(TILE, tile.offered, tile.Reject, target=tile.free))
ASKED_AGAIN = tile_with(with_transition(TILE, tile.missed.on(tile.Offer).to(tile.offered)))
A_TALK_LEAVES_NOTHING = tile_with(with_changed(TILE, tile.connected, tile.End, target=tile.free))
SENT_BACK_IS_LOST = contact_with(with_changed(CONTACT, customer.with_agent, customer.Transfer, target=customer.ended))
LEAVING_LEAVES_NOTHING = tile_with(with_changed(TILE, tile.offered, tile.Abandon, target=tile.free))

NOBODY_IS_CONNECTED = contact_with(
    with_changed(
        with_changed(CONTACT, customer.offered, customer.AnsweredBy, target=customer.queued),
        customer.queued,
        customer.ConnectAtOnce,
        target=customer.queued,
    )
)
NOTHING_BREAKS = tile_with(
    with_changed(
        with_changed(TILE, tile.offered, tile.Fail, target=tile.free), tile.connected, tile.Fail, target=tile.free
    )
)
NOBODY_CLEARS_A_MISS = tile_with(without(TILE, tile.missed, tile.Clear))

RINGS_DURING_THE_BOT = contact_with(with_transition(CONTACT, customer.with_bot.on(customer.OfferTo).stay()))
ANY_CHANNEL = without_rules(JOURNEY, "an offer is on the contact's own channel")
FILES = without_rules(JOURNEY, "a chat is text only")
A_MISS_IS_FORGOTTEN = tile_with(with_transition(TILE, tile.missed.after(60_000, Forget).to(tile.free)))
NOBODY_IS_ASKED = contact_with(
    with_changed(
        with_changed(CONTACT, customer.queued, customer.OfferTo, target=customer.queued),
        customer.queued,
        customer.ConnectAtOnce,
        target=customer.queued,
    )
)
NOTHING_IS_CLEARED = attrs.evolve(
    JOURNEY,
    wires=tuple(one for one in JOURNEY.wires if one.event is not Tidy),
    properties=tuple(
        one
        for one in JOURNEY.properties
        if Tidy not in {event for node in walk(one.formula) if isinstance(node, Happens) for event in node.events}
    ),
)
ONE_DESK_MORE = next(
    made
    for one in mutants_of(JOURNEY)
    if one.name == "part tiles: population agents + 1" and isinstance(made := one.declared(), System)
)
UNASKED = next(
    made
    for one in mutants_of(JOURNEY)
    if one.name == "wire on hand_to where auto_accept and channel = chat: left out"
    and isinstance(made := one.declared(), System)
)

TABLE: list[tuple[str, System, int]] = [
    ("a contact is live on at most one desk", RINGS_TWICE, 3),
    ("a contact rings exactly while it is offered", NOBODY_TELLS_THE_CONTACT, 4),
    ("a contact is talked to exactly while it is with an agent", ANSWERED_IS_QUEUED, 3),
    ("a contact that has not reached the queue is on no desk", RINGS_DURING_THE_BOT, 2),
    ("every tile of a contact is on the channel by which it came", ANY_CHANNEL, 2),
    ("a contact is queued exactly when it is not ended, not with the bot and live on no desk", SENT_BACK_STAYS, 4),
    ("a missed offer returns the contact to the queue and leaves its tile on that desk", A_MISS_LEAVES_NOTHING, 4),
    (
        "a rejected offer returns the contact to the queue and leaves its tile, where rejected offers hold",
        A_REJECTION_LEAVES_NOTHING,
        3,
    ),
    ("a contact is never offered again to an agent who still holds its tile", ASKED_AGAIN, 5),
    ("a hand-over ends the talk at one desk and rings at another", A_TALK_LEAVES_NOTHING, 4),
    ("a contact sent back is queued, not lost", SENT_BACK_IS_LOST, 4),
    ("a customer who leaves while it rings leaves a rejected tile", LEAVING_LEAVES_NOTHING, 3),
    ("a contact is connected without the agent's hand only where that is switched on", UNASKED, 4),
    ("a file is sent only where that is switched on", FILES, 2),
    ("no more desks hold a contact than there are agents", ONE_DESK_MORE, 4),
    ("a contact is offered only where an agent holds none of its tiles", ASKED_AGAIN, 5),
    ("where every agent holds a tile of a queued contact, only clearing one opens a way", A_MISS_IS_FORGOTTEN, 5),
]

POSSIBILITIES: list[tuple[str, System]] = [
    ("a contact can be with an agent", NOBODY_IS_CONNECTED),
    ("a contact missed at one desk can be talked to at another", A_MISS_LEAVES_NOTHING),
    ("a contact that broke at one desk can be queued", NOTHING_BREAKS),
    ("every agent's missed tile can be in the way", A_MISS_LEAVES_NOTHING),
]

OFFERED = "a queued contact is offered, and nothing needs clearing, where an agent holds none of its tiles"
CLEARED = "a queued contact whose tiles every agent holds waits for nothing but a tile to be cleared"
SERVED = "a contact that has not ended can be served, once agents clear the tiles in the way"


def decided(system: System, sentence: str) -> Verdict:
    """The verdict on a claim that stands alone, as somebody declares it who has no other."""
    alone = with_claims(system, sentence)
    return decide(Prover(alone), *alone.properties)


@cache
def prover(system: System) -> Prover:
    return Prover(system)


def with_the_others(system: System, sentence: str) -> Verdict:
    """The verdict on a claim where everything else that is claimed may help."""
    (claim,) = (one for one in system.properties if one.sentence == sentence)
    return decide(prover(system), claim)


def test_the_table_speaks_of_every_claim() -> None:
    """None is left out; that a contact is never lost is said in three claims, which have tests of their own."""
    safety = [
        one.sentence
        for one in JOURNEY.properties
        if one.modality in (Modality.ALWAYS, Modality.EACH_STEP, Modality.WITHIN)
    ]
    possible = [one.sentence for one in JOURNEY.properties if one.modality is Modality.REACHABLE]

    assert safety == [sentence for sentence, _, _ in TABLE]
    assert possible == [sentence for sentence, _ in POSSIBILITIES]
    assert [OFFERED, CLEARED, SERVED] == [
        one.sentence for one in JOURNEY.properties if one.modality is Modality.RECOVERABLE
    ]


@pytest.mark.parametrize(("sentence", "mutant", "steps"), TABLE, ids=[sentence for sentence, _, _ in TABLE])
def test_a_small_change_refutes_the_claim_by_a_shortest_run(sentence: str, mutant: System, steps: int) -> None:
    """A run shows the damage, and the runtime plays it again."""
    verdict = decided(mutant, sentence)

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert verdict.trace == replay(compile(mutant, dict(verdict.trace.profile)), verdict.trace.events)
    assert steps == len(verdict.trace.steps)


@pytest.mark.parametrize(("sentence", "mutant"), POSSIBILITIES, ids=[sentence for sentence, _ in POSSIBILITIES])
def test_a_small_change_takes_a_possibility_away(sentence: str, mutant: System) -> None:
    """What can happen as declared is shown to be impossible."""
    assert isinstance(decided(mutant, sentence), Refuted)


@pytest.mark.parametrize(
    "mutant", [NOBODY_CLEARS_A_MISS, NOBODY_IS_CONNECTED], ids=["nobody clears a miss", "nobody is connected"]
)
def test_a_contact_that_cannot_be_served_is_not_said_to_be(mutant: System) -> None:
    """With every desk blocked by its missed tile, or no way to an agent, a run leads to where nothing helps any more."""
    assert isinstance(with_the_others(mutant, SERVED), Refuted)


@pytest.mark.parametrize(
    ("sentence", "mutant"),
    [(OFFERED, NOBODY_IS_ASKED), (CLEARED, NOBODY_CLEARS_A_MISS)],
    ids=["nobody is asked", "nobody clears a miss"],
)
def test_a_contact_that_waits_for_ever_is_not_said_to_go_on(sentence: str, mutant: System) -> None:
    """Where the way is free nobody may look away, and where it is not somebody must be able to clear it."""
    assert isinstance(with_the_others(mutant, sentence), Refuted)


def test_where_no_tile_is_ever_cleared_only_the_contact_whose_tiles_every_agent_holds_is_stuck() -> None:
    """Without the event: a way that is free needs no clearing, one that is not needs nothing else (D8, S23)."""
    found = [with_the_others(NOTHING_IS_CLEARED, sentence) for sentence in (OFFERED, CLEARED, SERVED)]
    assert [Proved, Refuted, Refuted] == list(map(type, found))


# As it is declared


@pytest.fixture(scope="module")
def report(report_on: ReportOn) -> Report:
    return report_on(JOURNEY)


def test_everything_is_proved_for_every_number_of_agents(report: Report) -> None:
    """Claims and checks of the definition; one that is added or lost shows here."""
    assert [] == [one for one in report.all if not isinstance(one, Proved)]
    assert (34, 4) == (len(report.verdicts), len(report.definition))
    assert 0 == exit_status([report])


def test_what_a_run_does_not_show_covers_every_number_of_agents_and_both_answers_of_auto_accept(report: Report) -> None:
    """No parameter is fixed."""
    covers = {one.covers for one in report.verdicts if isinstance(one, Proved) and one.witness is None}

    assert {
        "every value of agents, accept_window, non_response_after, rejected_holds, speaker_change, auto_accept, attachments and any number of tiles"
    } == covers


def test_a_contact_is_served_by_answering_and_what_is_in_the_way_is_cleared(report: Report) -> None:
    """The argument names the events that lead on: agents clear, the contact rings, somebody answers (D8, S23)."""
    arguments = [
        one.argument
        for one in report.verdicts
        if isinstance(one, Proved) and one.claim.modality is Modality.RECOVERABLE
    ]

    assert ["ring", "tidy", "ring or answer or tidy or arrive or leave_bot"] == [
        said.removeprefix("a rank that ").partition(" lowers: ")[0] for said in arguments
    ]
