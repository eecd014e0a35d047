"""The keys of the terminal desk, pressed without a terminal at instants that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from fsm import compile
from fsm.command.terminal.app import DeskApp
from fsm.command.terminal.shift import Shift
from fsm.desk import DESK
from fsm.desk.screen import Tab


class Hands:
    """Somebody at the keys, and the clock on the wall."""

    def __init__(self, rate: float, profile: dict[str, object]) -> None:
        self.at = 0
        self.app = DeskApp(Shift(compile(DESK, profile), seed=1, rate=rate), clock=lambda: self.at, lasts=None)

    def play(self, script: Callable[[Pilot[None]], Awaitable[None]]) -> None:
        async def run() -> None:
            async with self.app.run_test(size=(100, 30)) as pilot:
                await script(pilot)

        asyncio.run(run())

    def wait(self, until: int) -> None:
        self.at = until
        self.app.show()

    @property
    def tiles(self) -> dict[str, str]:
        return {key: tile.state for key, tile in self.app.shift.snapshot["tiles"].items()}


def hands(rate: float = 30, **profile: object) -> Hands:
    return Hands(rate, {"voice": False, "max_chats": 3, **profile})


def test_each_key_sends_its_event_about_the_chosen_contact() -> None:
    """Available, accept, write, end, clear, reject, away."""
    one = hands(max_chats=1)

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("v")
        one.wait(10_000)
        (contact,) = one.tiles
        assert contact == one.app.chosen
        await pilot.press("a")
        assert {contact: "connected"} == one.tiles
        one.wait(12_000)
        await pilot.press("t")
        assert 12_000 == one.app.shift.snapshot["tiles"][contact].last_text_at
        await pilot.press("e")
        assert {contact: "after_work"} == one.tiles
        await pilot.press("c")
        (other,) = one.tiles
        assert other != contact
        await pilot.press("r")
        assert {other: "rejected"} == one.tiles
        await pilot.press("w")
        assert "away" == one.app.shift.snapshot["agent"].state
        await pilot.press("o")
        assert "offline" == one.app.shift.snapshot["agent"].state

    one.play(script)


def test_contacts_are_chosen_by_number_or_by_moving_up_and_down() -> None:
    """Around the ends; a number that stands before nobody chooses nobody."""
    one = hands()

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("v")
        one.wait(15_000)
        order = [
            contact
            for contact, _ in sorted(
                one.tiles.items(), key=lambda item: one.app.shift.snapshot["tiles"][item[0]].arrived_at
            )
        ]
        assert 3 == len(order)
        for key, chosen in (
            ("2", order[1]),
            ("down", order[2]),
            ("down", order[0]),
            ("up", order[2]),
            ("9", order[2]),
            ("1", order[0]),
        ):
            await pilot.press(key)
            assert chosen == one.app.chosen

    one.play(script)


def test_with_nobody_there_keys_about_a_contact_do_nothing() -> None:
    """Not even a refusal: there is nobody to be refused."""
    one = hands(rate=0)

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("a", "r", "e", "c", "t", "1", "down")
        assert (None, None) == (one.app.chosen, one.app.shift.refusal)

    one.play(script)


def test_the_permission_for_pop_ups_is_given_and_taken_by_a_key() -> None:
    """As in a browser (S07)."""
    one = hands()

    async def script(pilot: Pilot[None]) -> None:
        assert not one.app.looked.notifications
        await pilot.press("n")
        assert one.app.looked.notifications
        await pilot.press("n")
        assert not one.app.looked.notifications

    one.play(script)


def test_the_tab_key_switches_between_chat_and_phone() -> None:
    """And back (D14)."""
    one = hands(rate=0)

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press("tab")
        assert Tab.PHONE is one.app.looked.tab
        await pilot.press("tab")
        assert Tab.CHAT is one.app.looked.tab

    one.play(script)
