"""What a person sees of a desk: a pure function of the snapshot, the instant and the screen (S07 to S09, S11, S14 to S17, S20, D14).

    seen = view(desk, snapshot, at, Screen(Tab.CHAT))
    seen.tabs[0].since_text

Nothing here decides what an agent may do: a button is live when the engine would take its event. What is
declared in `fsm.desk.tile` shows here by the names that it has there. A pop-up is about an arrival, not about how the desk stands, so it
is made from effects.
"""

from collections.abc import Iterable
from enum import Enum

import attrs

from fsm import Engine, Snapshot, effect
from fsm.desk import Accept, Channel, Clear, End, Next, Rang, Reject, Status
from fsm.desk.parts import is_desk, status_of
from fsm.desk.tile import after_work, connected, missed, offered
from fsm.errors import BadArgument, BadInstant
from fsm.language.snapshot import Instance


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


class Button(Enum):
    """What an agent can press about a contact; its value is the event that this sends."""

    ACCEPT = Accept
    REJECT = Reject
    END = End
    CLEAR = Clear


@attrs.frozen
class Ringing:
    """A contact that waits for the agent's hand, announced on the open page or by a banner (S08, S09).

    Attributes:
        contact: its key.
        rings: milliseconds since it was offered.
        left: milliseconds until it is missed (S10); 0 in a variant in which it never is.
        counted: it was counted as non-response already (S19).
        buttons: those that are live; accepting is the button to connect.
    """

    contact: str
    name: str
    channel: Channel
    rings: int
    left: int
    counted: bool
    buttons: tuple[Button, ...]


@attrs.frozen
class ContactTab:
    """The tab of a contact that rings no more.

    Attributes:
        contact: its key.
        state: of its tile: connected, after_work, missed (S11), rejected or failed; or one that a variant of the desk has added, by its name.
        in_state: milliseconds since it is so: the timer of after contact work (S17) and of a missed contact (S20).
        in_centre: milliseconds since the contact reached the contact centre, bot included (S14); None when nobody talks.
        since_text: milliseconds since the text timer last started (S15); None when nobody writes.
        hourglass: this tab is in after contact work, and there are others (S16).
        buttons: those that are live.
    """

    contact: str
    name: str
    channel: Channel
    state: str
    in_state: int
    in_centre: int | None
    since_text: int | None
    hourglass: bool
    buttons: tuple[Button, ...]


@attrs.frozen
class View:
    """The screen of one agent. Contacts stand in the order in which they reached the contact centre.

    Attributes:
        at: the instant, milliseconds.
        status: of the agent (S01); the name of the state, where a variant has added one.
        following: the status that waits until the desk is empty (D6).
        page: what rings on the tab that is open; of chats, the chat tab shows the name and the button to connect (S08).
        banners: what rings on the other tab; on the phone tab, the banners of chats (S09).
        tabs: of chats, tasks and e-mails; the chat tab shows them.
        calls: of calls, at most one; the phone tab shows them.
    """

    at: int
    status: Status | str
    following: Next
    page: tuple[Ringing, ...]
    banners: tuple[Ringing, ...]
    tabs: tuple[ContactTab, ...]
    calls: tuple[ContactTab, ...]

    @property
    def missed(self) -> tuple[ContactTab, ...]:
        """What an agent who returns finds, each with the time it has been there in `in_state` (S20)."""
        return tuple(tab for tab in (*self.tabs, *self.calls) if tab.state == missed.name)


def view(engine: Engine, snapshot: Snapshot, at: int, screen: Screen) -> View:
    """What a person sees at an instant. Timers that fall due by then have gone first.

    Args:
        engine: runs `fsm.desk.DESK`, the page of 2019 (`fsm.desk.later.GUIDE`) or a variant of one of them, under any profile.
        snapshot: of this engine.
        at: milliseconds; not before the snapshot.
        screen: which tab is open.

    Raises:
        BadInput: an engine of another system, a foreign snapshot, an instant that is no int or runs back.
        TimeStopped: as `Engine.advance` does; a desk as declared has no such timer.
    """
    if not is_desk(engine.layout):
        raise BadArgument(
            "engine", f"runs {engine.system.name}, which is no agent desk", "Hand in an engine of fsm.desk.DESK."
        )
    engine.arguments.check_time(snapshot, at)
    now = engine.advance(snapshot, at).after
    tiles = sorted(now["tiles"].items(), key=lambda item: (item[1].arrived_at, repr(item[0])))
    ringing = [_ringing(engine, now, key, tile) for key, tile in tiles if tile.state == offered.name]
    settled = [(key, tile) for key, tile in tiles if tile.state != offered.name]
    chats = [(key, tile) for key, tile in settled if Tab.CHAT.shows(tile.channel)]
    return View(
        at,
        status_of(now["agent"].state),
        getattr(now["agent"], "following", Next.NONE),
        page=tuple(one for one in ringing if screen.tab.shows(one.channel)),
        banners=tuple(one for one in ringing if not screen.tab.shows(one.channel)),
        tabs=tuple(_tab(engine, now, key, tile, among=len(chats)) for key, tile in chats),
        calls=tuple(_tab(engine, now, key, tile, among=1) for key, tile in settled if Tab.PHONE.shows(tile.channel)),
    )


def _ringing(engine: Engine, now: Snapshot, key: str, tile: Instance) -> Ringing:
    rings = now.now - tile.since
    return Ringing(
        key,
        tile.name,
        tile.channel,
        rings,
        max(0, engine.params.get("accept_window", rings) - rings),
        tile.counted,
        _live(engine, now, key),
    )


def _tab(engine: Engine, now: Snapshot, key: str, tile: Instance, among: int) -> ContactTab:
    talks = tile.state == connected.name
    return ContactTab(
        key,
        tile.name,
        tile.channel,
        tile.state,
        in_state=now.now - tile.since,
        in_centre=max(0, now.now - tile.arrived_at)
        if talks
        else None,  # another machine's clock may run ahead, of texts too
        since_text=max(0, now.now - tile.last_text_at) if talks and tile.channel is Channel.CHAT else None,
        hourglass=tile.state == after_work.name and among > 1,
        buttons=_live(engine, now, key),
    )


def _live(engine: Engine, now: Snapshot, key: str) -> tuple[Button, ...]:
    """The buttons whose event would be taken now."""
    return tuple(
        button
        for button in Button
        if button.value in engine.system.events and engine.takes(now, button.value(key), button.value, now.now)
    )


def mm_ss(duration: int) -> str:
    """A duration of milliseconds as a timer shows it, whole seconds that have passed: `02:05`, `125:00`.

    Raises:
        BadInput: a negative duration.
    """
    if duration < 0:
        raise BadInstant("duration", f"{duration} is negative")
    minutes, seconds = divmod(duration // 1_000, 60)
    return f"{minutes:02}:{seconds:02}"


@effect
class PopUp:
    """Show a notification that a contact has arrived; `at` is when it rang, milliseconds (S07)."""

    contact: object
    name: str
    channel: Channel
    at: int


def popups(effects: Iterable[object], screen: Screen) -> tuple[PopUp, ...]:
    """The pop-ups that a step's effects call for, in their order: one for each `Rang`, none without permission (S07)."""
    return tuple(
        PopUp(one.contact, one.name, one.channel, one.at)
        for one in effects
        if isinstance(one, Rang) and screen.notifications
    )
