"""The terminal desk: keys in, pages out. Loads Textual, so it is imported when somebody plays.

It holds what belongs to the screen, which the desk knows nothing of: the open tab, the permission for
pop-ups, the chosen contact.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from fsm.command.terminal import screen as desk_page
from fsm.command.terminal.shift import Shift
from fsm.desk import Accept, Clear, End, Reject, SetStatus, Speaker, Status, Text
from fsm.desk.screen.view import Screen, Tab, popups, view

__all__ = ["DeskApp"]

FRAMES = 10
"""Pages a second."""


class DeskApp(App[None]):
    """One agent's screen.

    Args:
        shift: what goes on at the desk.
        clock: the instant at the desk, milliseconds.
        lasts: seconds of real time after which the shift is over; None for as long as somebody plays.
        watched: whether the terminal is still there; the shift is over when it is not.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #head { height: 3; padding: 0 1; border-bottom: solid $primary; }
    #contacts { height: 1fr; padding: 0 1; }
    #message { height: auto; max-height: 9; padding: 0 1; }
    #log { height: 6; padding: 0 1; border-top: solid $primary; color: $text-muted; }
    #keys { height: 3; padding: 0 1; border-top: solid $primary; }
    """
    BINDINGS = [
        ("a", "about('accept')"),
        ("r", "about('reject')"),
        ("e", "about('end')"),
        ("c", "about('clear')"),
        ("t", "write"),
        ("v", "status('available')"),
        ("w", "status('away')"),
        ("o", "status('offline')"),
        ("n", "permit"),
        ("q", "quit"),
        ("up", "move(-1)"),
        ("down", "move(1)"),
        *((str(digit), f"choose({digit})") for digit in range(1, 10)),
        Binding("tab", "switch", priority=True),  # else Textual moves its focus
    ]

    def __init__(
        self, shift: Shift, clock: Callable[[], int], lasts: float | None, watched: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__()
        self.watched = watched
        self.shift, self.clock, self.lasts = shift, clock, lasts
        self.looked = Screen()
        self.chosen: str | None = None
        self._top, self._people, self._why, self._happened = (
            Static(id=name) for name in ("head", "contacts", "message", "log")
        )

    def compose(self) -> ComposeResult:
        yield from (self._top, self._people, self._why, self._happened, Static(desk_page.legend(), id="keys"))

    def on_mount(self) -> None:
        self.set_interval(1 / FRAMES, self.show)
        if self.lasts is not None:
            self.set_timer(self.lasts, self.exit)
        self.show()

    # The page

    def show(self) -> None:
        """Let time pass and draw the desk."""
        if not self.watched():
            self.exit()
            return
        at = self.clock()
        self.shift.pass_time(at)
        for popup in popups(self._unseen(), self.looked):
            self.notify(f"{popup.name} is waiting", title=f"A {popup.channel.value} has arrived", timeout=5)
        seen = view(self.shift.engine, self.shift.snapshot, at, self.looked)
        listed = [one.contact for one in desk_page.contacts(seen, self.looked)]
        if self.chosen not in listed:
            self.chosen = listed[0] if listed else None
        self._top.update(desk_page.head(seen, self.looked, self.shift))
        self._people.update(desk_page.table(seen, self.looked, self.chosen))
        self._why.update(desk_page.message(self.shift))
        self._happened.update(desk_page.log(self.shift, lines=5))

    def _unseen(self) -> list[object]:
        effects, self.shift.unseen = self.shift.unseen, []
        return effects

    def _press(self, event: object) -> None:
        self.shift.press(event, self.clock())
        self.show()

    # Keys

    def action_about(self, what: str) -> None:
        """Press a button of the chosen contact, live or not: a refusal says why not."""
        if self.chosen is not None:
            self._press({"accept": Accept, "reject": Reject, "end": End, "clear": Clear}[what](self.chosen))

    def action_write(self) -> None:
        if self.chosen is not None:
            self._press(Text(self.chosen, Speaker.AGENT))

    def action_status(self, status: str) -> None:
        self._press(SetStatus(Status(status)))

    def action_switch(self) -> None:
        self.looked = attrs.evolve(self.looked, tab=Tab.PHONE if self.looked.tab is Tab.CHAT else Tab.CHAT)
        self.show()

    def action_permit(self) -> None:
        self.looked = attrs.evolve(self.looked, notifications=not self.looked.notifications)
        self.show()

    def action_choose(self, place: int) -> None:
        listed = self._listed()
        if place <= len(listed):
            self.chosen = listed[place - 1]
        self.show()

    def action_move(self, by: int) -> None:
        listed = self._listed()
        if self.chosen in listed:
            self.chosen = listed[(listed.index(self.chosen) + by) % len(listed)]
        self.show()

    def _listed(self) -> list[str]:
        seen = view(self.shift.engine, self.shift.snapshot, self.shift.snapshot.now, self.looked)
        return [one.contact for one in desk_page.contacts(seen, self.looked)]
