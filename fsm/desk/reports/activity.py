"""Agent activity: the one word that a real-time report shows for an agent, out of status and tiles.

The first level that holds is shown, in the order of the vendor's guide:
Error > Missed > Rejected > On contact > After contact work > Incoming > custom status > Available.
An agent who is offline and holds nothing is offline.
"""

from enum import Enum

import attrs

from fsm import Snapshot
from fsm.desk import tile
from fsm.desk.agent import available, away, offline
from fsm.desk.parts import is_desk
from fsm.errors import ForeignSnapshot


@attrs.frozen
class Unlisted:
    """What an agent is doing where a variant of the desk has a state that the vendor's list does not know: its name."""

    value: str


class Activity(Enum):
    """What an agent is doing, as the real-time report says it (S19)."""

    ERROR = "Error"
    MISSED = "Missed"
    REJECTED = "Rejected"
    ON_CONTACT = "On contact"
    AFTER_CONTACT_WORK = "After contact work"
    INCOMING = "Incoming"
    CUSTOM_STATUS = "Custom status"
    AVAILABLE = "Available"
    OFFLINE = "Offline"


LEVELS = (
    (tile.failed, Activity.ERROR),
    (tile.missed, Activity.MISSED),
    (tile.rejected, Activity.REJECTED),
    (tile.connected, Activity.ON_CONTACT),
    (tile.after_work, Activity.AFTER_CONTACT_WORK),
    (tile.offered, Activity.INCOMING),
)
"""What a tile in each state makes an agent's activity, the strongest first."""

WITHOUT_TILES = ((available, Activity.AVAILABLE), (away, Activity.CUSTOM_STATUS), (offline, Activity.OFFLINE))


def activity(snapshot: Snapshot) -> Activity | Unlisted:
    """The activity of the agent of a desk (S19). States that a variant has come behind those that the vendor's list knows.

    Args:
        snapshot: of `DESK` or a variant of it; what falls due later than its `now` has not happened in it.

    Raises:
        BadInput: it is a snapshot of something else.
    """
    check_desk(snapshot)
    held = {one.state for one in snapshot["tiles"].values()}
    levels, shown = (LEVELS, held) if held else (WITHOUT_TILES, {snapshot["agent"].state})
    return next((level for state, level in levels if state.name in shown), Unlisted(min(shown)))


def check_desk(snapshot: object) -> None:
    """Raise BadInput unless it is a snapshot of `DESK`, or of a variant that has its parts and what these remember."""
    if not isinstance(snapshot, Snapshot) or not is_desk(snapshot.layout):
        raise ForeignSnapshot("snapshot", f"{snapshot!r} is no snapshot of this desk")
