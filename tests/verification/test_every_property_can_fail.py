"""No property of the shipped machines is true whatever one declares: for each a small change refutes it.

The table says for every safety property which change, and how many steps the shortest run to the
damage takes. The run is played again through the public runtime, up to the damage.
"""

from __future__ import annotations

from functools import cache
from subprocess import CompletedProcess

import attrs
import pytest

from fsm import KEY, NOW, SINCE, Machine, Modality, NamedProfile, State, System, as_system, compile, event
from fsm.desk import AGENT, CONTACT, DESK, TILE, Channel, Next, NonResponseCounted, SetStatus, TextTimerReset, tile
from fsm.desk import agent as agents
from fsm.desk.journey import contact as contacts
from fsm.desk.later.versions import NEXT_STATUS, SEED
from fsm.desk.parameters import accept_window, non_response_after
from fsm.language.expressions import lift
from fsm.runtime.engine import prepare
from fsm.traces import replay
from fsm.verification import Refuted
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.mutants.first_kill import hunt
from fsm.verification.mutants.generate import mutants_of

from .mutants import (
    with_changed,
    with_claims,
    with_machine,
    with_transition,
    without,
    without_assumptions,
    without_rules,
)


@event
class Return:
    """Time sends the agent back from a break."""


@cache  # which the table says several times
def agent_with(changed: Machine) -> System:
    return with_machine(DESK, AGENT, changed)


@cache
def desk_with(changed: Machine) -> System:
    return with_machine(DESK, TILE, changed)


# What somebody might change, by what it would mean

BREAK_ENDS_ITSELF = with_transition(AGENT, agents.away.after(60_000, Return).to(agents.available))
WAITS_FOR_EVER = with_changed(AGENT, agents.available, agents.TakeNextStatus, updates=())
NEVER_FORGETS_A_STATUS = with_changed(AGENT, agents.available, agents.SetStatus, updates=())
AUTO_ACCEPT = with_changed(CONTACT, contacts.queued, contacts.OfferTo, target=contacts.with_agent)
CHANGES_CHANNEL = with_changed(
    CONTACT, contacts.with_bot, contacts.LeaveBot, updates=((contacts.channel, lift(Channel.VOICE)),)
)
BACK_FROM_THE_END = with_transition(CONTACT, contacts.ended.on(contacts.Transfer).to(contacts.queued))
UNANSWERED_IS_LOST = with_changed(CONTACT, contacts.offered, contacts.Unanswered, target=contacts.ended)

ABANDON_CLEARS_A_MISS = with_transition(TILE, tile.missed.on(tile.Abandon).to(tile.free))
ABANDON_CLEARS_A_CALL = with_transition(TILE, tile.after_work.on(tile.Abandon).to(tile.free))
OFFER_CONNECTS = with_changed(TILE, tile.free, tile.Offer, target=tile.connected)
DIAL_A_CHAT = with_changed(TILE, tile.free, tile.Dial, updates=())
CALL_BACK = with_transition(TILE, tile.missed.on(tile.Reject).to(tile.rejected).set(tile.channel, Channel.VOICE))
NEVER_FORGETS_A_COUNT = with_changed(TILE, tile.free, tile.Offer, updates=((tile.channel, tile.Offer.channel),))
COUNTED_AT_THE_END = with_changed(TILE, tile.offered, tile.NonResponse, duration=accept_window)
MISSED_AT_THE_COUNT = with_changed(TILE, tile.offered, tile.Expire, duration=non_response_after)
RINGS_TWICE_AS_LONG = with_changed(TILE, tile.offered, tile.Expire, duration=accept_window + accept_window)
MISS_BEFORE_COUNT = without_assumptions(TILE)
ONLY_CHATS_ARE_COUNTED = with_changed(TILE, tile.offered, tile.NonResponse, guard=tile.channel == Channel.CHAT)
A_TEXT_CHANGES_NOTHING = with_changed(
    with_transition(TILE, tile.missed.on(tile.Text).stay().emits(TextTimerReset, contact=KEY, at=NOW)),
    tile.connected,
    tile.Text,
    effects=(),
)
ACCEPT_A_MISS = with_transition(TILE, tile.missed.on(tile.Accept).to(tile.connected))
NOBODY_IS_CONNECTED = with_changed(
    with_changed(CONTACT, contacts.offered, contacts.AnsweredBy, target=contacts.queued),
    contacts.queued,
    contacts.ConnectAtOnce,
    target=contacts.queued,
)
ENDS = with_claims(CONTACT, "a contact can always come to its end")
NOBODY_HANGS_UP = without(
    without(without(ENDS, contacts.with_agent, contacts.Finish), contacts.with_agent, contacts.Transfer),
    contacts.with_agent,
    contacts.HandOver,
)
NOBODY_IS_REJECTED = with_changed(
    with_changed(TILE, tile.offered, tile.Abandon, target=tile.free), tile.offered, tile.Reject, target=tile.free
)
NOBODY_CLEARS_A_MISS = without(TILE, tile.missed, tile.Clear)

LEAVES_AT_ONCE = with_changed(AGENT, agents.available, agents.PlanStatus, target=agents.away)
ALWAYS_PLANS = with_changed(AGENT, agents.available, agents.SetStatus, updates=((agents.following, lift(Next.AWAY)),))
LEAVES_IN_TIME = with_transition(AGENT, agents.available.after(60_000, Return).to(agents.away))
CLEARED_IS_MISSED = with_changed(TILE, tile.after_work, tile.Clear, target=tile.missed)
PARKED = State("parked")
ONE_STATE_MORE = attrs.evolve(
    TILE, states=(*TILE.states, PARKED), transitions=(*TILE.transitions, tile.missed.on(tile.Reject).to(PARKED))
)
REPORTED_TWICE = with_transition(
    TILE,
    tile.missed.on(tile.Reject)
    .stay()
    .emits(NonResponseCounted, contact=KEY, channel=tile.channel, offered_at=SINCE, at=NOW),
)

OFFERED_WHILE_LEAVING = without_rules(DESK, "nothing is offered while a status waits")
AT_ONCE, TIDIES, WAITS = DESK.wires_on(SetStatus)
assert WAITS.when is not None
ALWAYS_TIDIES = attrs.evolve(
    DESK,
    wires=tuple(
        attrs.evolve(one, when=~WAITS.when) if one is TIDIES else one for one in DESK.wires if one is not AT_ONCE
    ),
)
AGENT_RULE = without_rules(DESK, "only an available agent is offered contacts")
CHAT_DURING_CALL = without_rules(DESK, "no chat while another channel is live")
CALL_DURING_CHATS = without_rules(DESK, "no call while another channel is live")
CHAT_WHILE_CALL_HELD = without_rules(DESK, "no chat while another channel is held")
CALL_WHILE_CHAT_HELD = without_rules(DESK, "no call while another channel is held")
NO_LIMIT = without_rules(DESK, "a chat slot is free")
TWO_CALLS = without_rules(DESK, "the voice slot is free")
CALLS_OUT = without_rules(DESK, "outbound calls are switched on")
FILES = without_rules(DESK, "a chat is text only")
MISSES_BLOCK_NOTHING = without_rules(DESK, "missed contacts block the agent")

TABLE: list[tuple[Machine | System, str, Machine | System, int]] = [
    (AGENT, "only a chosen status makes an agent available", BREAK_ENDS_ITSELF, 2),
    (AGENT, "a status is left only by choosing another, or for one that was chosen before", BREAK_ENDS_ITSELF, 2),
    (AGENT, "a status waits only while the agent is available", WAITS_FOR_EVER, 3),
    (AGENT, "choosing available forgets the status that waits", NEVER_FORGETS_A_STATUS, 3),
    (CONTACT, "only an accepted offer, or auto-accept, brings customer and agent together", AUTO_ACCEPT, 2),
    (CONTACT, "a contact keeps the channel by which it came", CHANGES_CHANNEL, 2),
    (CONTACT, "a contact that has ended stays ended", BACK_FROM_THE_END, 3),
    (CONTACT, "an offer that is not answered returns the contact to the queue", UNANSWERED_IS_LOST, 3),
    (TILE, "only clearing ends a missed contact", ABANDON_CLEARS_A_MISS, 4),
    (TILE, "only clearing ends after contact work", ABANDON_CLEARS_A_CALL, 3),
    (TILE, "a contact is connected only when the agent accepts or dials it", OFFER_CONNECTS, 1),
    (TILE, "no chat begins with the agent", DIAL_A_CHAT, 1),
    (TILE, "a tile keeps its channel", CALL_BACK, 4),
    (TILE, "an offer is counted as non-response at most once", NEVER_FORGETS_A_COUNT, 6),
    (TILE, "an offer is counted exactly when it has lasted the non-response time", COUNTED_AT_THE_END, 3),
    (TILE, "an offer is missed exactly when the accept window ends", MISSED_AT_THE_COUNT, 3),
    (TILE, "a missed contact was counted as non-response", MISS_BEFORE_COUNT, 2),
    (TILE, "every contact missed, or still ringing after it was counted, was counted once", ONLY_CHATS_ARE_COUNTED, 2),
    (TILE, "contacts ever missed never exceed non-responses", ONLY_CHATS_ARE_COUNTED, 2),
    (TILE, "every text of a chat starts the text timer again", A_TEXT_CHANGES_NOTHING, 3),
    (TILE, "an offer ends within the accept window", RINGS_TWICE_AS_LONG, 3),
    (TILE, "an offer is counted or ended within the non-response time", COUNTED_AT_THE_END, 2),
    (TILE, "an offer ends within 20 s", RINGS_TWICE_AS_LONG, 3),
    (TILE, "an offer is counted or ended within 15 s", COUNTED_AT_THE_END, 2),
    (DESK, "only an Available agent is offered anything", AGENT_RULE, 1),
    (DESK, "no chat is offered while a call is live", CHAT_DURING_CALL, 3),
    (DESK, "no call is offered while a chat is live", CALL_DURING_CHATS, 3),
    (DESK, "no chat is offered while a call is held in any state", CHAT_WHILE_CALL_HELD, 4),
    (DESK, "no call is offered while a chat is held in any state", CALL_WHILE_CHAT_HELD, 4),
    (DESK, "two channels are held at once only with outbound calls", CALL_WHILE_CHAT_HELD, 4),
    (DESK, "a call and a chat ring together never", CALL_DURING_CHATS, 3),
    (DESK, "chats in use never exceed the limit", NO_LIMIT, 2),
    (DESK, "the limit never exceeds five", without_assumptions(DESK), 0),
    (DESK, "the limit never exceeds ten", without_assumptions(DESK), 0),
    (DESK, "at most one call is held", TWO_CALLS, 3),
    (DESK, "nothing is offered while a missed call is there", CHAT_WHILE_CALL_HELD, 5),
    (DESK, "no chat is offered when every slot is in use", NO_LIMIT, 2),
    (
        DESK,
        "a slot once taken is given back only by clearing, or by an offer that does not hold it",
        desk_with(ABANDON_CLEARS_A_MISS),
        5,
    ),
    (DESK, "a missed contact holds its slot until it is cleared", desk_with(ABANDON_CLEARS_A_MISS), 5),
    (DESK, "after contact work holds its slot until it is cleared", desk_with(ABANDON_CLEARS_A_CALL), 5),
    (
        DESK,
        "where one missed contact blocks the agent, nothing is offered before it is cleared, or before a failed one is",
        MISSES_BLOCK_NOTHING,
        5,
    ),
    (DESK, "the agent starts calls only, and only where that is switched on", CALLS_OUT, 1),
    (DESK, "no file is sent in a chat", FILES, 4),
    (DESK, "tasks in use never exceed their limit", without_rules(DESK, "a task slot is free"), 2),
    (DESK, "e-mails in use never exceed their limit", without_rules(DESK, "an e-mail slot is free"), 2),
    (DESK, "a status chosen while contacts are live waits, where the guide lets it", agent_with(LEAVES_AT_ONCE), 3),
    (DESK, "no status waits where the guide knows no waiting", agent_with(ALWAYS_PLANS), 2),
    (DESK, "nothing is offered while a status waits", OFFERED_WHILE_LEAVING, 4),
    (DESK, "a status that waits is taken by itself only when the desk is empty", agent_with(LEAVES_IN_TIME), 5),
    (DESK, "a status waits only while something is held", agent_with(WAITS_FOR_EVER), 5),
    (DESK, "where no status can wait, a chosen one is taken at once and sends no contact away", ALWAYS_TIDIES, 5),
    (DESK, "choosing a status clears after contact work and nothing else", desk_with(CLEARED_IS_MISSED), 5),
    (
        DESK,
        "every contact missed, or still ringing after it was counted, was counted once",
        desk_with(ONLY_CHATS_ARE_COUNTED),
        3,
    ),
    (DESK, "contacts ever missed never exceed non-responses", desk_with(ONLY_CHATS_ARE_COUNTED), 3),
    (DESK, "a contact is connected after it was counted only where the two times differ", desk_with(ACCEPT_A_MISS), 5),
    (
        DESK,
        "a call is in use only where calls are routed or placed",
        without_rules(DESK, "calls are routed to this agent"),
        2,
    ),
    (DESK, "slots in use that are not active are offered, missed, rejected or failed", desk_with(ONE_STATE_MORE), 5),
    (
        DESK,
        "a non-response is reported exactly when an offer has lasted the non-response time",
        desk_with(REPORTED_TWICE),
        5,
    ),
    (
        DESK,
        "every contact that was ever offered has given its slot back or holds it, where the agent places no calls",
        desk_with(ABANDON_CLEARS_A_MISS),
        5,
    ),
    (
        DESK,
        "every slot ever taken, by an offer or a placed call, was given back or is in use",
        desk_with(ABANDON_CLEARS_A_MISS),
        5,
    ),
    (
        DESK,
        "conversations reported as ended, and those going on, were all reported as connected",
        desk_with(ACCEPT_A_MISS),
        5,
    ),
]

CAUGHT: list[tuple[Machine, str, str, int]] = [
    (
        AGENT,
        "every change of status is reported once, and nothing else is",
        "offline on set_status to available when status = available: to offline instead",
        1,
    ),
    (
        AGENT,
        "the time in a status goes on while the status stays",
        "offline on set_status to available when status = available: to offline instead",
        2,
    ),
    (
        CONTACT,
        "a contact arrives once, with the bot or in the queue",
        "arriving on arrive to with_bot when entry = bot: to offered instead",
        1,
    ),
    (
        CONTACT,
        "what is said moves nobody and starts no time anew",
        "with_bot on say to with_bot: to arriving instead",
        2,
    ),
    (CONTACT, "the bot hands a contact to the queue", "with_bot on leave_bot to queued: to arriving instead", 2),
    (
        CONTACT,
        "only who waits in the queue is offered to an agent",
        "queued on offer_to to offered: to arriving instead",
        2,
    ),
    (CONTACT, "an accepted offer is a conversation", "offered on answered_by to with_agent: to arriving instead", 3),
    (
        CONTACT,
        "a contact that is sent back waits in the queue",
        "with_agent on transfer to queued: to arriving instead",
        3,
    ),
    (CONTACT, "a contact that is handed over rings", "with_agent on hand_over to offered: to arriving instead", 3),
    (CONTACT, "a conversation that is over ends the contact", "with_agent on finish to ended: to arriving instead", 3),
    (
        CONTACT,
        "a customer who leaves before talking to an agent ends the contact",
        "with_bot on leave to ended: to arriving instead",
        2,
    ),
    (
        CONTACT,
        "an offer is answered or not only while it rings",
        "arriving on answered_by to with_agent: added, as from offered",
        1,
    ),
    (
        CONTACT,
        "only an agent in a conversation hands it on, or ends it",
        "arriving on transfer to queued: added, as from with_agent",
        1,
    ),
    (
        TILE,
        "everything that becomes of a contact is reported once",
        "free on offer to offered when not (auto_accept and channel = chat): to connected instead",
        1,
    ),
    (TILE, "a tile rings only when a contact is offered", "free on dial to connected: to offered instead", 1),
    (TILE, "what is accepted or dialled is talked to", "free on dial to connected: to offered instead", 1),
    (
        TILE,
        "a rejected offer holds its slot where rejected offers do, and gives it back where they do not",
        "offered on reject to rejected when rejected_holds: to free instead",
        2,
    ),
    (
        TILE,
        "an offer that the customer gives up leaves a rejected tile",
        "offered on abandon to rejected: to free instead",
        2,
    ),
    (TILE, "an offer that nobody takes in time is missed", "offered on expire to missed: to free instead", 3),
    (
        TILE,
        "a text is written in a chat, and the conversation goes on as long as it has",
        "connected on text to connected when channel = chat and text.speaker ≠ nobody and (not speaker_change or text.speaker ≠ speaker): to free instead",
        3,
    ),
    (
        TILE,
        "who wrote last is forgotten with the conversation",
        "connected on text to connected when channel = chat and text.speaker ≠ nobody and (not speaker_change or text.speaker ≠ speaker): to after_work instead",
        3,
    ),
    (TILE, "only a non-response marks a contact as counted", "free on dial to connected: sets counted to true", 1),
    (
        TILE,
        "after a text it is known who wrote last",
        "connected on text to connected when channel = chat and text.speaker ≠ nobody and (not speaker_change or text.speaker ≠ speaker): without 'speaker ≠ nobody'",
        3,
    ),
    (
        TILE,
        "only what rings or talks can fail, and holds its slot where failed offers do",
        "offered on fail to failed when rejected_holds: to free instead",
        2,
    ),
    (TILE, "a conversation that ends becomes after contact work", "connected on end to after_work: to free instead", 2),
    (
        TILE,
        "only what is over can be cleared, and then its slot is free",
        "after_work on clear to free: to offered instead",
        3,
    ),
    (TILE, "only a free slot takes a contact", "offered on offer to offered: added, as from free", 2),
    (
        TILE,
        "only what rings can be accepted, turned down or given up",
        "free on accept to connected: added, as from offered",
        1,
    ),
    (TILE, "nothing is written or ended but a conversation", "free on text to free: added, as from connected", 1),
]
"""Claims that a mutant made by `fsm mutate` refutes: the machine, the claim, the mutant by its name, and the steps."""

POSSIBILITIES: list[tuple[Machine | System, str, Machine | System]] = [
    (AGENT, "an agent can be available", without(without(AGENT, agents.offline, agents.SetStatus), agents.available, agents.SetStatus)),
    (CONTACT, "a call can talk with the bot first", with_changed(CONTACT, contacts.arriving, contacts.Arrive, target=contacts.queued)),
    (CONTACT, "a contact can talk with an agent", NOBODY_IS_CONNECTED),
    (CONTACT, "a contact can always come to its end", NOBODY_HANGS_UP),
    (TILE, "a contact can be missed", with_changed(TILE, tile.offered, tile.Expire, target=tile.rejected)),
    (DESK, "a contact can be rejected", desk_with(NOBODY_IS_REJECTED)),
    (DESK, "from everywhere the desk can be emptied and its agent be available again", desk_with(NOBODY_CLEARS_A_MISS)),
]  # fmt: skip


WAITING = {
    "a status chosen while contacts are live waits, where the guide lets it",
    "nothing is offered while a status waits",
    "a status that waits is taken by itself only when the desk is empty",
    "a status waits only while something is held",
    "choosing a status clears after contact work and nothing else",
}
"""What says something only where a status can wait, which it can in a later version."""

ANY_TIMES = SEED.later("any-times", {}, free=("accept_window", "non_response_after"))
OF_ANY_TIMES = (
    "a missed contact was counted as non-response",
    "a contact is connected after it was counted only where the two times differ",
)
BY_VERSION = dict.fromkeys(WAITING, NEXT_STATUS) | dict.fromkeys(OF_ANY_TIMES, ANY_TIMES)
"""Where a change shows, if not with the seed's numbers: that a count comes before a miss is assumed of every pair of times."""


SHIPPED = (AGENT, CONTACT, TILE, DESK)


def at_launch(declared: Machine | System, version: NamedProfile = SEED) -> Prover:
    """Proofs under a version of the guide, its first; every value that it leaves open is open."""
    system = as_system(declared)
    named = {param.name for param in system.parameters}
    return Prover(system, {name: value for name, value in version.values.items() if name in named})


def sentences(*modalities: Modality) -> list[tuple[str, str]]:
    return [(one.name, claim.sentence) for one in SHIPPED for claim in one.properties if claim.modality in modalities]


def test_the_table_speaks_of_every_safety_property() -> None:
    """Agent, contact, tile and desk: none is left out."""
    safety = sentences(Modality.ALWAYS, Modality.EACH_STEP, Modality.WITHIN)

    assert sorted(safety) == sorted((declared.name, sentence) for declared, sentence, _, _ in (*TABLE, *CAUGHT))


@pytest.mark.parametrize(
    ("machine", "sentence", "name", "steps"), CAUGHT, ids=[f"{one.name}: {sentence}" for one, sentence, _, _ in CAUGHT]
)
def test_a_mutant_refutes_the_claim_by_a_shortest_run(machine: Machine, sentence: str, name: str, steps: int) -> None:
    """The fault is one of those that `fsm mutate` plants."""
    (mutant,) = (one.declared() for one in mutants_of(machine) if one.name == name)
    assert mutant is not None
    engine = compile(mutant)
    caught = hunt(engine, tuple(one for one in engine.system.properties if one.sentence == sentence), 200)

    assert caught is not None
    assert caught.trace == replay(engine, caught.trace.events)
    assert steps == len(caught.trace.steps)


@pytest.mark.parametrize(
    ("declared", "sentence", "mutant", "steps"), TABLE, ids=[f"{one.name}: {sentence}" for one, sentence, _, _ in TABLE]
)
def test_a_small_change_refutes_the_property_by_a_shortest_run(
    declared: Machine | System, sentence: str, mutant: Machine | System, steps: int
) -> None:
    """As declared it is proved; changed, a run shows the damage, and the runtime plays it again."""
    system = with_claims(as_system(mutant), sentence)
    (claim,) = system.properties

    verdict = decide(at_launch(system, BY_VERSION.get(sentence, SEED)), claim)

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert verdict.trace == replay(prepare(system, dict(verdict.trace.profile)), verdict.trace.events)
    assert steps == len(verdict.trace.steps)


@pytest.mark.parametrize(
    ("declared", "sentence", "mutant"), POSSIBILITIES, ids=[sentence for _, sentence, _ in POSSIBILITIES]
)
def test_a_small_change_takes_a_possibility_away(
    declared: Machine | System, sentence: str, mutant: Machine | System
) -> None:
    """What can happen as declared is shown to be impossible in the changed machine."""
    prover = at_launch(mutant)
    (claim,) = (one for one in prover.system.properties if one.sentence == sentence)

    assert isinstance(decide(prover, claim), Refuted)


def test_as_declared_every_one_of_them_is_proved(desk_verified: CompletedProcess[str]) -> None:
    """The change alone makes the difference: the report on the desk at its launch says of each that it is proved."""
    page = " ".join(desk_verified.stdout.split())
    told = {one.name: page.partition(f" {one.name} in seed ")[2].partition(" unknown. ")[0] for one in SHIPPED}

    assert [] == [
        (one.name, claim.sentence)
        for one in SHIPPED
        for claim in one.properties
        if f"✓ {claim.sentence} " not in told[one.name]
    ]
