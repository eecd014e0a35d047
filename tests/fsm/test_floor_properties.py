"""Twenty agents, two hundred contacts: every property of DESK and JOURNEY holds of every desk and every journey, whatever happens.

What the floor does to each desk and each journey is done a second time by a run of its own, which
is checked at every step: every `always` and `each_step`, those of the machines inside, every
`within`. The floor must be where the runs are.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fsm import Snapshot
from fsm.desk import DESK, VERSIONS, Channel, Speaker, Status
from fsm.desk import floor_events as on
from fsm.desk.contact import Entry
from fsm.desk.floor import Floor
from fsm.desk.floor_moves import TRANSLATIONS, as_event
from fsm.desk.floor_routing import fewest_held, longest_idle
from fsm.desk.floor_state import FloorRefused, FloorSnapshot
from fsm.desk.journey import JOURNEY
from fsm.desk.journey_events import Tidy
from fsm.desk.transcript import Voice
from fsm.engine import Engine
from fsm.system import System
from fsm.verification.follow import Follower

AGENTS = tuple(f"agent-{number:02}" for number in range(20))
CONTACTS = tuple(f"contact-{number:03}" for number in range(200))
CHANNELS = (Channel.CHAT, Channel.CHAT, Channel.CHAT, Channel.VOICE, Channel.TASK)
SHARING = {"max_tasks": 2, "chat_shares": True, "voice_shares": True, "task_shares": True, "held_blocks_channel": False}
GUIDES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("seed", {}),
    ("next-status", {"rejected_holds": False}),
    ("auto-accept", SHARING),
)
"""Versions of the guide, each with what an administrator has chosen beside."""


def profile_of(name: str, chosen: dict[str, Any]) -> dict[str, Any]:
    (version,) = (one for one in VERSIONS if one.name == name)
    return {**version.values, **chosen}


class Run(Follower):
    """The run of one desk or one journey, from its start; every property that its version of the guide does not expect to be refuted.

    It knows no `possible`, which is asked of desks and journeys one by one elsewhere.
    """

    def __init__(self, engine: Engine, target: System, at: int, guide: str) -> None:
        super().__init__(engine, target, at)
        self._always = [claim for claim in self._always if guide not in claim.refuted_in]
        self._each_step = [claim for claim in self._each_step if guide not in claim.refuted_in]

    def _check_listed(self, event: object, at: int, before: Snapshot, taken: bool) -> None:
        pass


class Shadow:
    """The runs of a floor's desks and journeys, beside the floor."""

    def __init__(self, floor: Floor, guide: str) -> None:
        self.floor, self.guide = floor, guide
        self.snapshot = floor.start()
        self.desks = {agent: Run(floor.engines[agent], DESK, 0, guide) for agent in AGENTS}
        self.journeys: dict[str, Run] = {}

    def send(self, event: Any, at: int) -> None:
        """The event on the floor and, where it is taken, in the runs of those who were told."""
        before = self.floor.advance(self.snapshot, at).after
        asked = self._offer(before, event) if isinstance(event, on.Route) else event
        taken, after = self._answer(event, at)
        if not taken:
            assert after == before  # a refusal changes nothing but time
            self.snapshot = before
            return
        assert after == self.floor.step(before, event, at).after  # time and then the event is both at once
        moves = TRANSLATIONS[type(asked)](before, asked)
        told = [(moves.journey[0], as_event(moves.journey))] if moves.journey is not None else []
        for agent, sent in [(one[0], as_event(one)) for one in moves.desks]:
            held = set(before.desks[agent]["tiles"])
            self.desks[agent].send(sent, at)
            told += [(contact, Tidy(agent)) for contact in sorted(held - set(after.desks[agent]["tiles"])) if isinstance(event, on.SetStatus)]
        for contact, sent in told:
            if contact not in self.journeys:
                self.journeys[contact] = Run(self.floor.journey, JOURNEY, at, self.guide)
            self.journeys[contact].send(sent, at)
        self.snapshot = after
        self._check([agent for agent, *_ in moves.desks], [contact for contact, _ in told])

    def _answer(self, event: Any, at: int) -> tuple[bool, FloorSnapshot]:
        try:
            return True, self.floor.step(self.snapshot, event, at).after
        except FloorRefused as refused:
            return False, refused.snapshot

    def _offer(self, before: FloorSnapshot, event: on.Route) -> Any:
        """To whom the contact must have been offered: the first who takes an offer of it."""
        for agent in self.floor.routing(before, event.contact):
            try:
                self.floor.step(before, on.Offer(event.contact, agent), before.now)
            except FloorRefused:
                continue
            return on.Offer(event.contact, agent)
        return on.Offer(event.contact, AGENTS[0])

    def wait(self, to: int) -> None:
        self.snapshot = self.floor.advance(self.snapshot, to).after
        self._check(AGENTS, tuple(self.journeys))

    def _check(self, agents: Any, contacts: Any) -> None:
        """The floor is where the runs are, and both sides of a contact agree."""
        now = self.snapshot.now
        for agent in agents:
            run = self.desks[agent]
            run.wait(now)
            assert run.snapshot == self.floor.desk(self.snapshot, agent)
            for contact, tile in run.snapshot["tiles"].items():
                twin = self.snapshot.journeys[contact]["tiles"][agent]
                both = [(one.state, one.since, one.spent, one.channel, one.counted, one.name, one.arrived_at) for one in (tile, twin)]
                assert both[0] == both[1]
        for contact in contacts:
            run = self.journeys[contact]
            run.wait(now)
            known = self.floor.contact(self.snapshot, contact)
            if known is None:
                assert ("ended", {}) == (run.snapshot["contact"].state, dict(run.snapshot["tiles"]))
                del self.journeys[contact]
            else:
                assert run.snapshot == known
                assert all(contact in self.snapshot.desks[agent]["tiles"] for agent in known["tiles"])
        assert self.snapshot.due == min((desk.due for desk in self.snapshot.desks.values() if desk.due is not None), default=None)


agents, contacts = st.sampled_from(AGENTS[:4]), st.sampled_from(CONTACTS[:12])
"""The first few are spoken of most, so that they meet; the others are there, and everything is checked on them."""
anybody, anyone = agents | st.sampled_from(AGENTS), contacts | st.sampled_from(CONTACTS)
events = st.one_of(
    st.builds(on.Route, contact=anyone),
    st.builds(on.Route, contact=contacts),
    st.builds(on.Offer, contact=contacts, agent=agents),
    *(st.builds(kind, contact=contacts, agent=agents) for kind in (on.Accept, on.Reject, on.Fail, on.End, on.SendBack, on.Clear)),
    st.builds(on.HandOver, contact=contacts, agent=agents, to=anybody),
    st.builds(on.LeaveBot, contact=anyone),
    st.builds(on.HangUp, contact=contacts),
    st.builds(on.Say, contact=contacts, voice=st.sampled_from(Voice), speaker=st.just("x"), text=st.text(max_size=2)),
    st.builds(on.Attach, contact=contacts, agent=agents, speaker=st.sampled_from(Speaker)),
    st.builds(on.SetStatus, agent=agents, status=st.sampled_from(Status)),
    st.builds(on.Arrive, contact=contacts, entry=st.sampled_from(Entry), channel=st.sampled_from(CHANNELS), name=st.just("again")),
)
pauses = st.sampled_from([0, 0, 0, 1, 500, 5_000, 15_000, 20_000])


def opened(shadow: Shadow, at: int) -> None:
    """Everybody is available and every contact has arrived."""
    for agent in AGENTS:
        shadow.send(on.SetStatus(agent, Status.AVAILABLE), at)
    for number, contact in enumerate(CONTACTS):
        shadow.send(on.Arrive(contact, Entry.BOT if number % 7 == 6 else Entry.QUEUE, CHANNELS[number % 5], contact.upper()), at)


def meant(shadow: Shadow, event: Any, likely: bool) -> Any:
    """The event, said to the agent with whom the contact is: else nearly every one would be refused."""
    known = shadow.snapshot.journeys.get(getattr(event, "contact", ""))
    if likely and known is not None and known["tiles"] and hasattr(event, "agent") and not isinstance(event, on.Offer):
        fields = {name: getattr(event, name) for name in event.__dict__ if name != "agent"}
        return type(event)(**fields, agent=next(reversed(known["tiles"])))
    return event


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from(GUIDES), st.sampled_from([longest_idle, fewest_held]), st.lists(st.tuples(events, pauses, st.booleans()), min_size=60, max_size=120))
def test_every_property_of_desk_and_journey_holds_on_a_floor(guide: tuple[str, dict[str, Any]], routing: Any, said: list[tuple[Any, int, bool]]) -> None:
    """Whatever is said to whomever, at whatever instants, under whatever guide: both sides of each contact move together, or neither."""
    shadow = Shadow(Floor(AGENTS, profile_of(*guide), routing), guide[0])
    opened(shadow, 1_000)
    for event, pause, likely in said:
        shadow.send(meant(shadow, event, likely), shadow.snapshot.now + pause)
    shadow.wait(shadow.snapshot.now + 60_000)


