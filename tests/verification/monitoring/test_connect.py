"""Amazon Connect's streams as observations of the desk: what the vendor's documents show, with their traps, judged by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fsm import Field, Machine, State, System, always, choice, each, event, one, wire
from fsm.desk import DESK, JOURNEY, Clear, OfferChat, SetStatus, Status
from fsm.verification.monitoring import Monitor, Observation, Report, Shows, Source, Verdict, Violates
from fsm.verification.monitoring.connect import MAPPINGS
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import mapping_of

SAMPLES = Path(__file__).parent / "streams"
AVAILABLE = {"Name": "Available", "Type": "ROUTABLE", "StartTimestamp": "2023-05-02T09:00:00.000Z"}


def sample(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


@cache
def reader(mapping: str, profile: str | None) -> Any:
    """A monitor of the desk or the journey and its source, made once."""
    target = JOURNEY if mapping == "connect-contact-events" else DESK
    return bound(mapping_of(MAPPINGS[mapping]), target, profile=profile)


def judged(mapping: str, records: list[dict[str, Any]], profile: str | None = None) -> Report:
    watcher, (source,) = reader(mapping, profile)
    report: Report = watcher.check(
        seen for place, record in enumerate(records, 1) for seen in source.read(record, f"log:{place}")
    )
    return report


def told(report: Report) -> list[tuple[str, str]]:
    """Where something violates, and what was broken first."""
    return [(said.where.position, said.because[0].name) for said in report.told if isinstance(said, Violates)]


def chat(second: int, state: str, since: int | None = None, **more: Any) -> dict[str, Any]:
    begun = instant(second if since is None else since)
    return {
        "ContactId": "c-1",
        "Channel": "CHAT",
        "InitiationMethod": "INBOUND",
        "State": state,
        "StateStartTimestamp": begun,
    } | more


def instant(second: int) -> str:
    return f"2023-05-02T09:{second // 60:02}:{second % 60:02}.000Z"


def stream(*states: tuple[int, list[dict[str, Any]]], **more: Any) -> list[dict[str, Any]]:
    """Agent events: at these seconds these contacts."""

    def snapshots() -> Iterator[dict[str, Any]]:
        before: Any = None
        for number, (second, contacts) in enumerate(states):
            now = {"AgentStatus": AVAILABLE, "Contacts": contacts} | more
            yield {
                "AgentARN": "ann",
                "EventId": f"e{number}",
                "EventTimestamp": instant(second),
                "EventType": "STATE_CHANGE",
                "PreviousAgentSnapshot": before,
                "CurrentAgentSnapshot": now,
            }
            before = now

    return list(snapshots())


def test_the_published_pair_on_after_contact_work_conforms() -> None:
    """An outbound call of 2019 ends, and its after contact work: statuses have no type in that version."""
    assert judged("connect-agent-events", sample("after_contact_work.jsonl")).verdict is Verdict.CONFORMS


def test_a_login_shows_nothing_and_the_first_change_has_nothing_before_it() -> None:
    login = {
        "AgentARN": "ann",
        "EventId": "e",
        "EventTimestamp": instant(0),
        "EventType": "LOGIN",
        "PreviousAgentSnapshot": None,
        "CurrentAgentSnapshot": None,
    }
    records = [
        login,
        *stream(
            (1, []), (10, [chat(10, "CONNECTING")]), (16, [chat(16, "CONNECTED")]), (60, [chat(60, "ENDED")]), (70, [])
        ),
    ]

    assert judged("connect-agent-events", records).verdict is Verdict.CONFORMS


def test_a_missed_chat_that_comes_to_life_violates() -> None:
    """The vendor's own client says nothing of such a move."""
    records = stream((1, []), (10, [chat(10, "CONNECTING")]), (30, [chat(30, "MISSED")]), (40, [chat(40, "CONNECTED")]))
    report = judged("connect-agent-events", records)

    assert told(report) == [("log:4", "there is no offer or dial or accept in missed of tiles")]


def test_a_chat_is_missed_when_its_time_is_over_and_not_before() -> None:
    """Twenty seconds, as far as the stream's clock can be wrong."""
    assert (
        judged(
            "connect-agent-events", stream((1, []), (10, [chat(10, "CONNECTING")]), (30, [chat(30, "MISSED")]))
        ).verdict
        is Verdict.CONFORMS
    )
    early = judged("connect-agent-events", stream((1, []), (10, [chat(10, "CONNECTING")]), (22, [chat(22, "MISSED")])))

    assert told(early) == [("log:3", "expire comes 20 s after entering offered of tiles")]


def test_a_call_that_rings_while_a_chat_is_live_breaks_the_rule_of_2019() -> None:
    call = chat(30, "CONNECTING") | {"ContactId": "v-1", "Channel": "VOICE"}
    connected = chat(16, "CONNECTED")
    records = stream((1, []), (10, [chat(10, "CONNECTING")]), (16, [connected]), (30, [connected, call]))

    assert told(judged("connect-agent-events", records)) == [("log:4", "no call while another channel is live")]
    assert judged("connect-agent-events", records, profile="cross-channel").verdict is Verdict.CONFORMS


def test_of_several_contacts_that_come_at_once_the_one_that_cannot_is_told_by_its_rule() -> None:
    """Three chats in two slots: two of them may come, and that there is no slot for tasks is not in the way of the third."""
    slots = [
        {"Channel": channel, "AvailableSlots": many, "MaximumSlots": many}
        for channel, many in [("CHAT", 2), ("VOICE", 1)]
    ]
    three = [chat(10, "CONNECTING") | {"ContactId": f"c-{number}"} for number in range(3)]
    records = stream((1, []), (10, three), Configuration={"RoutingProfile": {"Concurrency": slots}})
    report = judged("connect-agent-events", records)
    (said,) = report.told

    assert told(report) == [("log:2", "a chat slot is free")]
    assert isinstance(said, Violates) and said.because[0].cites == ("S02", "S22")
    assert 2 == said.refusal.count("by then  offer_chat")


@pytest.mark.parametrize("kept", [(0, 2, 3, 4), (0, 1, 3, 4), (0, 1, 1, 2, 2, 3, 4), (0, 4)])
def test_records_that_are_lost_or_doubled_turn_nothing_into_a_violation(kept: tuple[int, ...]) -> None:
    """A previous snapshot that differs says that something was lost; a second record of one id is read once."""
    records = stream(
        (1, []), (10, [chat(10, "CONNECTING")]), (16, [chat(16, "CONNECTED")]), (60, [chat(60, "ENDED")]), (70, [])
    )

    assert judged("connect-agent-events", [records[place] for place in kept]).verdict is not Verdict.VIOLATES


def test_what_the_adapter_has_no_word_for_is_told_and_not_dropped() -> None:
    """A state, a channel, a type of event that came after it was written."""
    for changed in ({"State": "WHISPERED"}, {"Channel": "SMOKE"}):
        report = judged("connect-agent-events", stream((1, []), (10, [chat(10, "CONNECTING") | changed])))
        assert report.verdict is Verdict.INCONCLUSIVE
        assert any("is unknown" in why for why in report.why)


def test_polls_show_what_is_there_and_since_when() -> None:
    """A chat that has been ringing for a minute should have been missed; more chats than slots are none of a desk's."""

    def poll(*contacts: dict[str, Any]) -> dict[str, Any]:
        user = {"User": {"Id": "ann"}, "Status": {"StatusName": "Available"}, "Contacts": list(contacts)}
        return {"at": instant(60), "UserDataList": [user]}

    def contact(number: int, state: str, second: int) -> dict[str, Any]:
        return {
            "ContactId": f"c-{number}",
            "Channel": "CHAT",
            "AgentContactState": state,
            "StateStartTimestamp": instant(second),
        }

    assert (
        judged("connect-user-data", [poll(contact(1, "CONNECTED", 10), contact(2, "CONNECTING", 50))]).verdict
        is Verdict.CONFORMS
    )
    assert judged("connect-user-data", [poll(contact(1, "CONNECTING", 0))]).verdict is Verdict.VIOLATES


def test_what_contradicts_an_earlier_poll_is_told_as_that_and_words_not_known_beside_it() -> None:
    """A call that is said to be live since before a poll that did not show it; what nobody offered it as is not in the way."""

    def poll(second: int, *contacts: tuple[str, str, str]) -> dict[str, Any]:
        shown = [
            {"ContactId": name, "Channel": channel, "AgentContactState": state, "StateStartTimestamp": instant(10)}
            for name, channel, state in contacts
        ]
        user = {"User": {"Id": "ann"}, "Status": {"StatusName": "Available"}, "Contacts": shown}
        return {"at": instant(second), "UserDataList": [user]}

    ended = ("a", "CHAT", "ENDED")
    records = [poll(60, ended), poll(70, ended, ("b", "CHAT", "WARPED"), ("v", "VOICE", "CONNECTED"))]
    report = judged("connect-user-data", records)
    (said,) = report.told

    assert told(report) == [("log:2", "tiles is not there after the instant since which it was seen connected")]
    assert isinstance(said, Violates) and "not read: state 'WARPED' of contact b is unknown" in said.refusal


def test_contact_events_show_the_customers_side() -> None:
    """Queued, connected, ended; each as a journey allows it, and in no order that one could rely on."""

    def sent(second: int, kind: str) -> dict[str, Any]:
        return {"id": kind, "time": instant(second), "detail": {"eventType": kind, "contactId": "c-1"}}

    records = [sent(0, "INITIATED"), sent(5, "QUEUED"), sent(9, "CONNECTED_TO_AGENT"), sent(60, "DISCONNECTED")]
    assert judged("connect-contact-events", records).verdict is Verdict.CONFORMS
    assert judged("connect-contact-events", [records[place] for place in (1, 0, 3, 2)]).verdict is not Verdict.VIOLATES


# The softphone, as the vendor's own tests show it


class Kind(Enum):
    VOICE = "voice"
    CALLBACK = "queue_callback"
    CHAT = "chat"
    TASK = "task"


@event
class Ring:
    contact: Field[str]
    kind: Field[Kind]


@event
class Comes:
    kind: Field[Kind]


@event
class Busy: ...


@event
class Rest: ...


absent, connecting, incoming = State("absent"), State("connecting"), State("incoming")
available, busy, calling, pending = State("Available"), State("PendingBusy"), State("CallingCustomer"), State("Pending")
kind = choice("kind", Kind)
CONTACT = Machine(
    "contact",
    (absent, connecting, incoming),
    absent,
    (absent.on(Comes).to(connecting).set(kind, Comes.kind), connecting.on(Busy).to(incoming)),
    variables=(kind,),
)
PHONE = Machine(
    "phone",
    (available, busy, calling, pending),
    available,
    (
        available.on(Busy).to(busy),
        busy.on(Rest).to(available),
        available.on(Rest).to(calling),
        calling.on(Rest).to(pending),
    ),
)
phone, contacts = one("phone", PHONE), each("contacts", CONTACT, key="contact")
SOFTPHONE = System(
    "softphone",
    parts=(phone, contacts),
    wires=(
        wire(Ring, contacts[Ring.contact].by(Comes, kind=Ring.kind)),
        wire(Busy, phone.by(Busy)),
        wire(Rest, phone.by(Rest)),
    ),
    properties=(
        always(
            "only a call or a callback keeps the agent busy",
            phone.inside(available) | contacts.any((kind == Kind.VOICE) | (kind == Kind.CALLBACK)),
        ),
    ),
)
SNAPSHOTS = {
    "late": True,
    "source": [
        {
            "at": "at",
            "key": "name",
            "state": {
                "phone": {"state": "state"},
                "contacts": {"each": "contacts", "key": "id", "state": "state", "variables": {"kind": "type"}},
            },
        }
    ],
}


def test_of_the_published_snapshots_the_one_that_breaks_its_own_rule_is_found() -> None:
    """Nobody is there, and the agent is said to be busy with a call that comes in."""
    watcher, (source,) = bound(mapping_of(SNAPSHOTS), SOFTPHONE)
    report = watcher.check(
        seen for record in sample("streams_snapshots.jsonl") for seen in source.read(record, record["name"])
    )

    assert told(report) == [("noContacts", "only a call or a callback keeps the agent busy")]
    assert report.total().conforms == 7


def test_a_claim_that_a_version_is_not_expected_to_keep_is_not_watched() -> None:
    """Offers count as non-response after twenty seconds since 2021; the claim of fifteen is of 2019."""
    shows = dict.fromkeys(DESK.events, Shows.ALWAYS)
    seen = [
        Observation(0, SetStatus, {"status": Status.AVAILABLE}),
        Observation(1_000, OfferChat, {"contact": "c-1", "name": "Ann", "arrived_at": 0}),
        Observation(21_500, Clear, {"contact": "c-1"}),
    ]
    monitor = Monitor(DESK, sources=[Source(shows=shows)], profile="twenty-seconds", begins=0)

    assert monitor.check(seen).verdict is Verdict.CONFORMS
    assert any("not expected to hold in twenty-seconds" in claim for claim in monitor.unwatched)
