"""`fsm desk`, played by somebody who reads a real terminal and presses its keys."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .terminal import PATIENCE, Terminal

BUSY = ("desk", "--seed", "1", "--rate", "150", "--speed", "0.4", "--max-chats", "1")
"""A customer every second; one chat at a time, so that it is known who rings first; time passes slowly, as a busy machine does."""


def test_a_person_can_play_a_shift_from_the_first_ring_to_the_freed_slot() -> None:
    """Become available, accept, write, end, clear: after each key the screen says what became of it (S01, S12, S23)."""
    with Terminal(*BUSY) as terminal:
        terminal.until("● offline", "press v to become available", "q quit")
        terminal.press("v")
        terminal.until("● available", "chat slots 1 of 1", "rings", "[a]ccept [r]eject")
        terminal.press("a")
        terminal.until("talking", "[e]nd", "centre", "text")
        terminal.press("t")
        terminal.press("e")
        terminal.until("after contact work", "[c]lear")
        terminal.press("c")
        terminal.until("is cleared: the slot is free")
        terminal.press("o")
        terminal.until("● offline")
        terminal.press("q")

        assert 0 == terminal.ends()
        assert "again: --seed 1." in terminal.text


def test_what_the_desk_refuses_it_refuses_in_words_on_the_screen() -> None:
    """A contact that rings has no conversation to end; the words are those of the refusal."""
    with Terminal(*BUSY) as terminal:
        terminal.press("v")
        terminal.until("[a]ccept [r]eject")
        terminal.press("e")
        shown = terminal.until("refused", "is offered, where there is no end", "possible now:")
        terminal.press("q")

        assert re.search(r"end\(contact='[A-Z][a-z]+'\) is refused\.", shown)
        assert "c-1" not in shown.partition("is refused.")[2].partition("possible now:")[2].partition("\n")[0]
        assert 0 == terminal.ends()
        assert "Refused to the agent: 1." in terminal.text


def test_on_the_phone_tab_a_chat_rings_on_a_banner_and_can_be_rejected_there() -> None:
    """Tab switches between the two (S09, S10)."""
    with Terminal(*BUSY) as terminal:
        terminal.press("\t")
        terminal.until("Nobody is on the phone")
        terminal.press("v")
        terminal.until("chat slots 1 of 1", "[a]ccept [r]eject")
        terminal.press("r")
        terminal.until("is rejected", "Nobody is on the phone. Contacts will ring here.")
        terminal.press("\t")
        terminal.until("rejected", "[c]lear")
        terminal.press("q")

        assert 0 == terminal.ends()


def test_a_pop_up_announces_an_arrival_once_it_is_permitted() -> None:
    """The key n is the browser's permission (S07)."""
    with Terminal(*BUSY) as terminal:
        terminal.until("pop-ups off")
        terminal.press("n")
        terminal.until("pop-ups on")
        terminal.press("v")
        terminal.until("A chat has arrived", "is waiting")
        terminal.press("q")

        assert 0 == terminal.ends()


def test_a_shift_ends_by_itself_after_the_seconds_it_was_given() -> None:
    """Nobody presses a key; at sixty times the speed the shift takes a minute and more."""
    with Terminal("desk", "--for", "1.5", "--speed", "60", "--seed", "7") as terminal:
        assert 0 == terminal.ends()
        assert 1 <= int(terminal.text.partition("The shift took ")[2].partition(":")[0])
        assert "--seed 7." in terminal.text


def fsm(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = "from fsm.command import main; main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", script, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def test_a_shift_ends_when_its_terminal_goes_away() -> None:
    """Nobody is left with a desk that plays on behind a closed window."""
    with Terminal("desk", "--seed", "1") as terminal:
        terminal.until("● offline")
        terminal.hang_up()

        assert terminal.program.wait(PATIENCE) is not None


def test_without_a_terminal_there_is_nothing_to_play_in() -> None:
    """Wrong usage, in one line."""
    done = fsm("desk", "--for", "1")

    assert (2, "") == (done.returncode, done.stdout)
    assert [
        "Error: fsm desk is played in a terminal; neither input nor output can be a file or a pipe. [FSM401]"
    ] == done.stderr.splitlines()


@pytest.mark.parametrize(
    "arguments", [["--rate", "-1"], ["--speed", "0"], ["--for", "0"], ["--max-chats", "-1"]], ids=" ".join
)
def test_numbers_that_make_no_shift_are_wrong_usage(arguments: list[str]) -> None:
    """Nothing comes less than never, time does not stand still."""
    assert 2 == fsm("desk", *arguments).returncode


def test_more_chats_than_the_guide_allows_are_wrong_usage() -> None:
    """Five is the most (S02)."""
    with Terminal("desk", "--max-chats", "6") as terminal:
        assert 2 == terminal.ends()
        assert "--max-chats 6: profile: breaks the assumption" in terminal.text


def test_a_shift_without_a_seed_says_which_one_it_drew() -> None:
    """So that its customers can come again."""
    with Terminal("desk", "--for", "0.2") as terminal:
        assert 0 == terminal.ends()
        drawn = terminal.text.partition("--seed ")[2].partition(".")[0]

    assert 0 <= int(drawn) < 100_000
