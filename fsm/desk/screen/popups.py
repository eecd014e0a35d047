"""Pop-ups at the bottom of the screen: what the browser should show when a contact rings (S07).

A pop-up is about an arrival, not about how the desk stands, so it is made from effects.
"""

from collections.abc import Iterable

from fsm import effect
from fsm.desk import Channel, Rang
from fsm.desk.screen.tabs import Screen


@effect
class PopUp:
    """Show a notification that a contact has arrived; `at` is when it rang, milliseconds (S07)."""

    contact: object
    name: str
    channel: Channel
    at: int


def popups(effects: Iterable[object], screen: Screen) -> tuple[PopUp, ...]:
    """The pop-ups that a step's effects call for, in their order: one for each `Rang`, none without permission (S07)."""
    rang = [one for one in effects if isinstance(one, Rang) and screen.notifications]
    return tuple(PopUp(one.contact, one.name, one.channel, one.at) for one in rang)
