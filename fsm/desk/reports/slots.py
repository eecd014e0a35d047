"""The slots of a desk by channel: how many there are, what takes them, how many are left (S02, S21, S22)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from fsm import Snapshot
from fsm.desk import Channel, tile
from fsm.desk.later.cross_channel import SHARES
from fsm.desk.parameters import held_blocks_channel, max_chats, max_emails, max_tasks, outbound_calls, voice
from fsm.errors import BadProfile

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
            account for all in use is a law of `fsm.desk.report_claims`, not a definition.
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
    kinds = (tile.offered, tile.connected, tile.after_work, tile.missed, tile.rejected, tile.failed)
    counts = {kind.name: states.count(kind.name) for kind in kinds}
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
