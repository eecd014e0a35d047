"""The agent's screen as a page of a terminal: what `fsm.desk.screen.view` gives, laid out for `rich`.

It decides how things look. What is there to be seen, and which buttons are live, is the view's to say.
"""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fsm.command.terminal.shift import Shift
from fsm.desk import Channel, Next, Status
from fsm.desk.screen.view import Button, ContactTab, Ringing, Screen, Tab, View, mm_ss

__all__ = ["contacts", "head", "legend", "log", "message", "table"]

STATUSES = {Status.AVAILABLE: "bold green", Status.AWAY: "bold yellow", Status.OFFLINE: "bold red"}
STATES = {
    "connected": ("talking", "green"),
    "after_work": ("after contact work", "cyan"),
    "missed": ("missed", "red"),
    "rejected": ("rejected", "magenta"),
    "failed": ("connection broke", "red"),
}
KEYS = {Button.ACCEPT: "accept", Button.REJECT: "reject", Button.END: "end", Button.CLEAR: "clear"}
"""What a button says; its first letter is its key."""
LEGEND = (
    "a accept  r reject  e end  c clear  t write   1-9 ↑ ↓ choose  tab chat/phone",
    "v available  w away  o offline   n pop-ups on or off   q quit",
)
"""Together with the table it fits a terminal of 80 columns."""
ICONS = {Channel.CHAT: "chat", Channel.VOICE: "call", Channel.TASK: "task", Channel.EMAIL: "mail"}


def contacts(seen: View, screen: Screen) -> tuple[Ringing | ContactTab, ...]:
    """What can be chosen, from top to bottom: what rings, wherever, and what stands on the open tab."""
    return (*seen.page, *seen.banners, *(seen.tabs if screen.tab is Tab.CHAT else seen.calls))


def head(seen: View, screen: Screen, shift: Shift) -> RenderableType:
    """Two lines: the agent and the desk; the tabs of the panel and the queue."""
    params = shift.engine.params
    chats = sum(tile.channel is Channel.CHAT for tile in shift.snapshot["tiles"].values())
    line = Table.grid(expand=True, padding=(0, 1))
    for justify in ("left", "center", "right"):
        line.add_column(justify=justify, ratio=1)
    waiting = "" if seen.following is Next.NONE else f", then {seen.following.value}"
    line.add_row(
        Text(f"● {seen.status.value}{waiting}", STATUSES[seen.status])
        if isinstance(seen.status, Status)
        else Text(f"● {seen.status}"),
        Text(f"chat slots {chats} of {params['max_chats']}", "bold red" if chats >= params["max_chats"] else ""),
        Text(mm_ss(seen.at), "bold"),
    )
    line.add_row(
        _panel_tabs(seen, screen), _queue(shift), Text(f"pop-ups {'on' if screen.notifications else 'off'}", "dim")
    )
    return line


def _panel_tabs(seen: View, screen: Screen) -> Text:
    tabs = Text()
    for tab, held in ((Tab.CHAT, seen.tabs), (Tab.PHONE, seen.calls)):
        tabs.append(f" {tab.value}{f' {len(held)}' if held else ''} ", "reverse" if tab is screen.tab else "dim")
    return tabs


def _queue(shift: Shift) -> Text:
    return Text(f"{len(shift.waiting)} in the queue", "yellow" if shift.waiting else "dim")


def table(seen: View, screen: Screen, chosen: str | None) -> RenderableType:
    """A row for each contact, with its timers and its live buttons; the chosen one is marked."""
    rows = Table(expand=True, box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for title, width in (("", 2), ("contact", 10), ("", 4), ("", 21)):
        rows.add_column(title, width=width, no_wrap=True)
    for title in ("for", "centre", "text"):
        rows.add_column(title, justify="right", no_wrap=True)
    rows.add_column("keys", ratio=1, no_wrap=True)
    listed = contacts(seen, screen)
    for place, one in enumerate(listed, start=1):
        marked = one.contact == chosen
        rows.add_row(
            f"{'▸' if marked else ' '}{place}", f"{one.name} {one.contact}", ICONS[one.channel], *_cells(one), _live(one),
            style="bold" + (" on grey23" if marked else " on dark_blue" if one in seen.banners else ""),
        )  # fmt: skip
    if not listed:
        return Group(Text(), Text(_nobody(seen, screen), "dim", justify="center"))
    return rows


def _cells(one: Ringing | ContactTab) -> tuple[Text, str, str, str]:
    """What it is, and its timers."""
    if isinstance(one, Ringing):
        colour = "bold red" if one.counted else "bold yellow"
        return (
            Text(f"rings {-(-one.left // 1000)} s{', counted' if one.counted else ''}", colour),
            mm_ss(one.rings),
            "",
            "",
        )
    words, colour = STATES[one.state]
    return (
        Text(f"{'⌛ ' if one.hourglass else ''}{words}", colour),
        mm_ss(one.in_state),
        _timer(one.in_centre),
        _timer(one.since_text),
    )


def _timer(duration: int | None) -> str:
    return "" if duration is None else mm_ss(duration)


def _live(one: Ringing | ContactTab) -> Text:
    keys = Text()
    for button in one.buttons:
        keys.append(f"[{KEYS[button][0]}]", "bold").append(f"{KEYS[button][1:]} ")
    return keys


def _nobody(seen: View, screen: Screen) -> str:
    where = "on the phone" if screen.tab is Tab.PHONE else "in a chat"
    if seen.status is Status.AVAILABLE:
        return f"Nobody is {where}. Contacts will ring here."
    return f"Nobody is {where}, and nobody will be: press v to become available."


def message(shift: Shift) -> RenderableType:
    """Why the last thing was refused; else why the queue waits."""
    if shift.refusal is not None:
        return Panel(Text(shift.called(str(shift.refusal))), title="refused", title_align="left", border_style="red")
    if shift.held_back is not None:
        return Panel(
            Text(shift.called("\n".join(str(one) for one in shift.held_back.obstacles))),
            title="why the queue waits",
            title_align="left",
            border_style="yellow",
        )
    return Text()


def log(shift: Shift, lines: int) -> RenderableType:
    """The last lines of what happened, the latest at the bottom."""
    said = list(shift.log)[-lines:]
    return Text("\n").join(Text.assemble((mm_ss(max(0, at)), "dim"), f"  {line}") for at, line in said)


def legend() -> RenderableType:
    """The keys."""
    return Text("\n").join(Text(line, "dim") for line in LEGEND)
