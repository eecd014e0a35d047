"""The real-time report of one agent: what is true of a desk now, as a pure function of its snapshot.

    now = real_time(desk.advance(snapshot, at).after, profile, counts)

Only `offers`, `non_responses` and their like are no part of a snapshot: they come from running
counts, which a service keeps with `fsm.desk.reports.tallied` for as long as its report day lasts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from fsm import Snapshot
from fsm.canonical import fingerprint
from fsm.desk import DESK, Channel, Missed, Next, NonResponseCounted, Rang, Status, tile
from fsm.desk.later.cross_channel import SHARES
from fsm.desk.parameters import (
    held_blocks_channel,
    max_chats,
    max_emails,
    max_tasks,
    missed_blocks_agent,
    outbound_calls,
    voice,
)
from fsm.desk.parts import status_of
from fsm.desk.reports.activity import Activity, Unlisted, activity, check_desk
from fsm.errors import BadHistory, BadProfile
from fsm.language.parameters import Profile
from fsm.runtime.profile import complete
from fsm.semantics.satisfaction import Tally

LIMITS = {
    Channel.CHAT: [max_chats.name],
    Channel.VOICE: [voice.name, outbound_calls.name],
    Channel.TASK: [max_tasks.name],
    Channel.EMAIL: [max_emails.name],
}
"""What says how many slots a channel has; of calls there is one, where they are routed or placed (D9, D13)."""


@attrs.frozen
class Slots:
    """The slots of one channel, in numbers of contacts.

    Attributes:
        limit: how many there are: what the administrator set (S02); for calls one, where they are routed or placed (D9, D13).
            None in a variant of the desk, whose rules may count otherwise.
        in_use: tiles of any kind, a missed one included (S21).
        offered, connected, after_work, missed, rejected, failed: tiles in each state, counted by themselves: that they
            account for all in use is a law of `fsm.desk.today`, not a definition.
        other: tiles in states that a variant has added.
    """

    limit: int | None
    in_use: int
    offered: int
    connected: int
    after_work: int
    missed: int
    rejected: int
    failed: int
    other: int = attrs.field(default=0, repr=False)

    @property
    def active(self) -> int:
        """Those in which somebody works: conversations and after contact work."""
        return self.connected + self.after_work

    @property
    def available(self) -> int | None:
        """Those that no tile takes, whether or not anything may be routed now (S22); None where nobody knows how many there are."""
        return None if self.limit is None else self.limit - self.in_use


def slots_by_channel(snapshot: Snapshot, params: Mapping[str, Any] | None) -> Mapping[Channel, Slots]:
    """The slots of every channel of a desk; BadInput when the profile has fewer than are in use.

    Args:
        params: the values of its parameters; None for a variant, of which nobody knows what its rules count.
    """
    slots = MappingProxyType({channel: _slots(snapshot, channel, params) for channel in Channel})
    for channel, one in slots.items():
        if one.available is not None and one.available < 0:
            raise BadProfile(
                "profile",
                f"{channel.value} has {one.limit} slots, and {one.in_use} are in use",
                "Give the profile that the desk runs under.",
            )
    return slots


def _slots(snapshot: Snapshot, channel: Channel, params: Mapping[str, Any] | None) -> Slots:
    states = [one.state for one in snapshot["tiles"].values() if one.channel is channel]
    counts = {
        kind.name: states.count(kind.name)
        for kind in (tile.offered, tile.connected, tile.after_work, tile.missed, tile.rejected, tile.failed)
    }
    limit = None if params is None else max(int(params[one]) for one in LIMITS[channel])
    return Slots(limit, len(states), **counts, other=len(states) - sum(counts.values()))


def available_in_all(slots: Mapping[Channel, Slots], params: Mapping[str, Any]) -> int:
    """How many more contacts routing could bring to an Available agent (S05, S06, S22).

    Channels that share fill up first, then one that does not; one that does not and is in use keeps all others away.
    """
    free = {
        channel: one.available or 0 if channel is not Channel.VOICE or params[voice.name] else 0
        for channel, one in slots.items()
    }
    alone = [channel for channel in Channel if not params[SHARES[channel].name]]
    held = params[held_blocks_channel.name]
    in_the_way = [one for one in alone if (slots[one].in_use if held else slots[one].offered or slots[one].connected)]
    if in_the_way:
        return free[in_the_way[0]] if len(in_the_way) == 1 else 0
    return sum(free[one] for one in Channel if one not in alone) + max((free[one] for one in alone), default=0)


@attrs.frozen
class RealTime:
    """One agent's line of the real-time report (S19).

    Attributes:
        at: the instant of the snapshot, milliseconds.
        status: as chosen (S01); the name of the state, where a variant has added one.
        status_since: the instant since when, milliseconds.
        next_status: the status that waits until the desk is empty; None when none does (guide of 2021-07).
        activity: what is shown for the agent.
        slots: by channel.
        available: slots available in all: how many more contacts routing could bring to an Available agent, in the
            best order and with nothing cleared. One channel keeps the others away unless it shares (S05, S06). None in a variant of the
            desk, whose rules may say otherwise: its engine knows what it takes.
        routable: `available` where the agent is Available, no status waits and no missed tile blocks the agent; 0 otherwise (S01, D5, D6).
        offers: contacts that rang since the counts began.
        non_responses: offers that lasted the non-response time since then (S19).
        ever_missed: offers that ended unanswered since then; never more than non-responses (D1).
    """

    at: int
    status: Status | str
    status_since: int
    next_status: Status | None
    activity: Activity | Unlisted
    slots: Mapping[Channel, Slots]
    available: int | None
    routable: int | None
    offers: int
    non_responses: int
    ever_missed: int

    @property
    def in_use(self) -> int:
        """Slots in use on every channel: how many tiles there are (S21)."""
        return sum(one.in_use for one in self.slots.values())

    @property
    def active(self) -> int:
        """Conversations and after contact work on every channel."""
        return sum(one.active for one in self.slots.values())

    @property
    def missed(self) -> int:
        """Missed tiles that nobody has cleared yet (S20)."""
        return sum(one.missed for one in self.slots.values())


def real_time(snapshot: Snapshot, profile: Profile | None = None, counts: Tally | None = None) -> RealTime:
    """The real-time report at the snapshot's instant (S19).

    Args:
        snapshot: of `DESK` or a variant of it, advanced to the instant of the report.
        profile: the values under which it runs; those not named have their defaults. Of a variant nothing is read off it.
        counts: how many effects of each class there were since the counts began; None for none.

    Raises:
        BadInput: the snapshot is of something else, the profile breaks a range or an assumption or
            has fewer slots than are in use, a count is negative.
    """
    check_desk(snapshot)
    tally = counts or {}
    for effect, count in tally.items():
        if count < 0:
            raise BadHistory(
                f"counts[{effect.__name__}]",
                f"{count} is negative",
                "Count from zero, with fsm.desk.reports.tallied.",
            )
    known = snapshot.layout.fingerprint == fingerprint(DESK)
    params = complete(DESK, profile or {}) if known else None
    slots, agent = slots_by_channel(snapshot, params), snapshot["agent"]
    following = getattr(agent, "following", Next.NONE)
    available = None if params is None else available_in_all(slots, params)
    blocked = params and params[missed_blocks_agent.name] and any(one.missed or one.failed for one in slots.values())
    open_to = agent.state == Status.AVAILABLE.value and following is Next.NONE and not blocked
    return RealTime(
        at=snapshot.now,
        status=status_of(agent.state),
        status_since=agent.since,
        next_status=None if following is Next.NONE else Status(following.value),
        activity=activity(snapshot),
        slots=slots,
        available=available,
        routable=available if open_to or not known else 0,
        offers=tally.get(Rang, 0),
        non_responses=tally.get(NonResponseCounted, 0),
        ever_missed=tally.get(Missed, 0),
    )
