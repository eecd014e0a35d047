"""The pages of the terminal desk, printed on as many columns as the screen gives them."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console, RenderableType

from fsm import Engine, Snapshot, compile
from fsm.command.terminal import screen as desk_page
from fsm.command.terminal.shift import Shift
from fsm.desk import DESK, Accept, End, Fail, OfferCall, OfferChat, PlaceCall, Reject, SetStatus, Status
from fsm.desk.screen import Screen, Tab, view

SEED = compile(DESK)
CHAT, PHONE = Screen(Tab.CHAT), Screen(Tab.PHONE)


def printed(page: RenderableType) -> str:
    console = Console(width=78, color_system=None)
    with console.capture() as captured:
        console.print(page)
    return captured.get()


def after(*timed: tuple[int, Any], desk: Engine = SEED) -> Snapshot:
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), at=0).after
    for at, event in timed:
        snapshot = desk.step(snapshot, event, at).after
    return snapshot


def rows(
    *timed: tuple[int, Any], at: int, screen: Screen = CHAT, chosen: str | None = None, desk: Engine = SEED
) -> list[str]:
    """The lines of the table, without its head, spaces closed up."""
    page = printed(desk_page.table(view(desk, after(*timed, desk=desk), at, screen), screen, chosen))
    return [" ".join(line.split()) for line in page.splitlines()[1:]]


def chat(contact: str, arrived_at: int = 0) -> OfferChat:
    return OfferChat(contact, contact.capitalize(), arrived_at)


TWO = ((0, chat("ann")), (1_000, Accept("ann")), (2_000, chat("bob", arrived_at=1)))


def test_a_ringing_contact_is_shown_with_its_keys_and_the_time_that_is_left() -> None:
    """Seconds are full until they have passed, so that it never rings with none left (S10)."""
    assert ["1 Ann ann chat rings 20 s 00:00 [a]ccept [r]eject"] == rows((0, chat("ann")), at=0)
    assert ["1 Ann ann chat rings 1 s, counted 00:19 [a]ccept [r]eject"] == rows((0, chat("ann")), at=19_999)


def test_a_conversation_shows_both_timers() -> None:
    """Since when it is so, in the contact centre, since the last text (S14, S15)."""
    assert ["1 Ann ann chat talking 01:04 01:05 01:04 [e]nd"] == rows(*TWO[:2], at=65_000)


def test_the_chosen_contact_is_marked() -> None:
    """The keys are about this one."""
    assert ["1 Bob bob", "▸2 Ann ann"] == [line[:10].strip() for line in rows(*TWO, at=3_000, chosen="ann")]


def test_every_tab_says_in_words_what_became_of_its_contact() -> None:
    """After contact work with an hourglass, missed, rejected, broken (S11, S16, S20)."""
    shown = rows(
        *TWO, (3_000, Accept("bob")), (4_000, End("ann")), (5_000, Fail("bob")), (6_000, chat("cyd", 2)), (7_000, Reject("cyd")), (8_000, chat("dan", 3)),
        at=30_000,
    )  # fmt: skip

    assert [
        "1 Ann ann chat ⌛ after contact work 00:26 [c]lear",
        "2 Bob bob chat connection broke 00:25 [c]lear",
        "3 Cyd cyd chat rejected 00:23 [c]lear",
        "4 Dan dan chat missed 00:02 [c]lear",
    ] == shown


def test_calls_stand_on_the_phone_tab_and_ring_on_the_chat_tab_by_a_banner() -> None:
    """The two tabs (S09, D14)."""
    call = (0, OfferCall("bob", "Bob", arrived_at=0))

    assert (
        ["1 Bob bob call rings 19 s 00:01 [a]ccept [r]eject"]
        == rows(call, at=1_000)
        == rows(call, at=1_000, screen=PHONE)
    )
    assert ["1 Bob bob call talking 00:01 00:03 [e]nd"] == rows(call, (2_000, Accept("bob")), at=3_000, screen=PHONE)
    assert "Nobody is in a chat. Contacts will ring here." in rows(call, (2_000, Accept("bob")), at=3_000)


def test_a_call_beside_chats_is_not_on_their_tab() -> None:
    """An outbound call (D2)."""
    desk = compile(DESK, {"outbound_calls": True})

    assert 1 == len(rows(*TWO[:2], (2_000, PlaceCall("bob", "Bob")), at=3_000, desk=desk))


def test_an_empty_tab_says_what_to_do() -> None:
    """Contacts come to an available agent (S01)."""
    offline = printed(desk_page.table(view(SEED, SEED.start(), 0, PHONE), PHONE, None))

    assert "Nobody is on the phone, and nobody will be: press v to become available." in offline


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        (Screen(Tab.CHAT, notifications=True), ["● available", "chat slots 2 of 2", "00:30", "pop-ups on"]),
        (PHONE, ["phone", "in the queue", "pop-ups off"]),
    ],
    ids=["chat tab", "phone tab"],
)
def test_the_head_tells_status_slots_time_and_queue(screen: Screen, expected: list[str]) -> None:
    """At a glance (S01, S22)."""
    shift = Shift(compile(DESK, {"max_chats": 2, "voice": False}), seed=1, rate=30)
    shift.press(SetStatus(Status.AVAILABLE), 0)
    shift.pass_time(30_000)

    shown = printed(desk_page.head(view(shift.engine, shift.snapshot, 30_000, screen), screen, shift))
    assert all(words in shown for words in [*expected, f"{len(shift.waiting)} in the queue"])


def test_the_head_tells_the_status_that_waits() -> None:
    """The guide of 2021-07 (D6)."""
    shift = Shift(compile(DESK, {"next_status": True, "voice": False}), seed=1, rate=30)
    shift.press(SetStatus(Status.AVAILABLE), 0)
    shift.pass_time(10_000)
    shift.press(SetStatus(Status.AWAY), 10_000)

    assert "● available, then away" in printed(
        desk_page.head(view(shift.engine, shift.snapshot, 10_000, CHAT), CHAT, shift)
    )


def test_the_message_is_a_refusal_or_why_the_queue_waits_or_nothing() -> None:
    """In this order: what the agent did last comes first."""
    shift = Shift(SEED, seed=1, rate=30)
    assert "" == printed(desk_page.message(shift)).strip()

    shift.pass_time(20_000)
    assert "why the queue waits" in printed(desk_page.message(shift))

    shift.press(Accept("c-1"), 20_000)
    assert f"accept(contact='{shift.name('c-1')}') is refused." in printed(desk_page.message(shift))


def test_who_is_refused_is_called_by_name_and_nobody_by_an_id() -> None:
    """Whatever is pressed for whom, and why the queue waits; two who have one name are told apart."""
    shift = Shift(SEED, seed=1, rate=60)
    shift.press(SetStatus(Status.AVAILABLE), 0)
    said = []
    for at in range(1_000, 61_000, 1_000):
        shift.pass_time(at)
        for customer in shift.customers[:5]:
            shift.press(End(customer.contact), at)
            said.append(printed(desk_page.message(shift)))
    names = [one.name for one in shift.customers]

    assert len(names) > 20 and len(names) == len(set(names))
    assert any("is refused" in one for one in said)
    assert [] == [one for one in said if "c-" in one]


def test_the_log_ends_with_the_latest_line() -> None:
    """As many lines as there is room for; what came before the shift's first instant shows 00:00."""
    shift = Shift(SEED, seed=1, rate=0)
    shift.press(SetStatus(Status.AVAILABLE), 1_000)
    shift.press(SetStatus(Status.AWAY), 62_000)

    assert ["01:02  the agent is away"] == printed(desk_page.log(shift, lines=1)).splitlines()
    assert 2 == len(printed(desk_page.log(shift, lines=5)).splitlines())


def test_the_legend_fits_into_a_terminal_of_eighty_columns() -> None:
    """Two lines, no wrapping."""
    assert 2 == len(printed(desk_page.legend()).splitlines())
