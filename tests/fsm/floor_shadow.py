"""What a floor does to each desk and each journey, done a second time by a run of its own, which is checked at every step.

Checked are every `always` and `each_step` of `DESK` and `JOURNEY` that holds in the version of the
guide, those of the machines inside, every `within`, and the laws of a run; that the floor is where
the runs are; and that both sides of a contact agree. Not checked here: what can come about, which
a run cannot show, and `possible`, which is asked of desks and journeys one by one elsewhere.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from fsm import Snapshot
from fsm.desk import DESK
from fsm.desk.floor import Floor, FloorRefused, FloorSnapshot
from fsm.desk.floor import events as on
from fsm.desk.floor.translation import OFFERS, TRANSLATIONS, as_event
from fsm.desk.journey import JOURNEY, Tidy
from fsm.verification.testing.oracle import Follower


class Run(Follower):
    """The run of one desk or one journey, from its start."""

    def another(self) -> Run:
        """Another run from the same start: which properties it follows is found out once."""
        made = copy(self)
        made._watches = self._fresh_watches()
        return made

    def _check_listed(self, event: object, at: int, before: Snapshot, taken: bool) -> None:
        pass


class Shadow:
    """The runs of a floor's desks and journeys, beside the floor."""

    def __init__(self, floor: Floor, at: int = 0) -> None:
        self.floor, self.snapshot = floor, floor.start(at)
        by_engine = {id(engine): Run(engine, DESK, at) for engine in floor.engines.values()}
        self.desks = {agent: by_engine[id(engine)].another() for agent, engine in floor.engines.items()}
        self.arriving = Run(floor.journey, JOURNEY, at)
        self.journeys: dict[str, Run] = {}

    def send(self, event: Any, at: int) -> bool:
        """The event on the floor and, where it is taken, in the runs of those who were told; whether it was."""
        before = self.floor.advance(self.snapshot, at).after
        asked = self._offer(before, event) if isinstance(event, on.Route) else event
        taken, after = self._answer(event, at)
        if not taken:
            assert after == before  # a refusal changes nothing but time
            self.snapshot = before
            return False
        assert after == self.floor.step(before, event, at).after  # time and then the event is both at once
        moves = TRANSLATIONS[type(asked)](before, asked)
        told = [] if moves.journey is None else [(moves.journey[0], as_event(moves.journey))]
        agents = [agent for agent, *_ in moves.desks]
        for agent, sent in zip(agents, map(as_event, moves.desks), strict=True):
            self.desks[agent].send(sent, at)
            if isinstance(event, on.SetStatus):
                gone = set(before.desks[agent]["tiles"]) - set(self.desks[agent].snapshot["tiles"])
                told += [(contact, Tidy(agent)) for contact in sorted(gone - set(before.placed))]
        for contact, sent in told:
            if contact not in self.journeys:
                self.journeys[contact] = self.arriving.another()
            self.journeys[contact].send(sent, at)
        self.snapshot = after
        self._check(agents, [contact for contact, _ in told])
        return True

    def _answer(self, event: Any, at: int) -> tuple[bool, FloorSnapshot]:
        try:
            return True, self.floor.step(self.snapshot, event, at).after
        except FloorRefused as refused:
            return False, refused.snapshot

    def _offer(self, before: FloorSnapshot, event: on.Route) -> Any:
        """To whom the contact must have been offered: the first whose desk takes an offer of it."""
        if event.contact in before.callers:
            channel, name = before.callers[event.contact]
            offer = OFFERS[channel](event.contact, name, 0)
            for agent in self.floor.routing(before, event.contact):
                if self.floor.engines[agent].takes(before.desks[agent], offer, type(offer), before.now):
                    return on.Offer(event.contact, agent)
        return on.Offer(event.contact, next(iter(self.desks)))

    def wait(self, to: int) -> None:
        self.snapshot = self.floor.advance(self.snapshot, to).after
        self._check(list(self.desks), list(self.journeys))

    def _check(self, agents: list[str], contacts: list[str]) -> None:
        """The floor is where the runs are, and both sides of a contact agree."""
        now, placed = self.snapshot.now, self.snapshot.placed
        for agent in agents:
            run = self.desks[agent]
            run.wait(now)
            assert run.snapshot == self.floor.desk(self.snapshot, agent)
            for contact, tile in run.snapshot["tiles"].items():
                if contact in placed:
                    assert (agent, False) == (placed[contact], contact in self.snapshot.journeys)
                else:
                    twin = self.snapshot.journeys[contact]["tiles"].get(agent)
                    assert twin is not None and facts(tile) == facts(twin)
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
        assert self.snapshot.callers.keys() == self.snapshot.journeys.keys()
        assert all(contact in self.snapshot.desks[agent]["tiles"] for contact, agent in placed.items())
        assert self.snapshot.due == min(
            (desk.due for desk in self.snapshot.desks.values() if desk.due is not None), default=None
        )


def facts(tile: Any) -> tuple[Any, ...]:
    """What a tile is at a desk and on a journey alike: not the text timer, which is the desk's alone."""
    return tile.state, tile.since, tile.spent, tile.channel, tile.counted, tile.name, tile.arrived_at
