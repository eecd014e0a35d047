"""The state of the screen: what a picture of the desk depends on beside the desk (D14)."""

from enum import Enum

import attrs

from fsm.desk import Channel
from fsm.errors import BadArgument


class Tab(Enum):
    """The two tabs of the agent's panel. What is written stands on the first, calls on the second."""

    CHAT = "chat"
    PHONE = "phone"

    def shows(self, channel: Channel) -> bool:
        """Whether contacts of a channel stand on this tab; tasks and e-mails (guide of 2023-04) stand with the chats."""
        return (channel is Channel.VOICE) == (self is Tab.PHONE)


@attrs.frozen
class Screen:
    """What the agent has in front of them.

    Attributes:
        tab: the tab that is open (S08, S09).
        notifications: the browser may show pop-ups (S07).

    Raises:
        BadInput: a value of another type.
    """

    tab: Tab = Tab.CHAT
    notifications: bool = False

    def __attrs_post_init__(self) -> None:
        for name, kind, what in (("tab", Tab, "a Tab"), ("notifications", bool, "a bool")):
            if not isinstance(getattr(self, name), kind):
                raise BadArgument(f"screen.{name}", f"{getattr(self, name)!r} is not {what}")
