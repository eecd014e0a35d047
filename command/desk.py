"""`fsm desk`: play a shift at the agent desk, in a terminal.

The clock is read here and nowhere else of what it plays: the desk, its customers and its screen are
told the instant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import SystemRandom
from time import monotonic_ns
from typing import TYPE_CHECKING

import click

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.numbers import Amount, Whole
from fsm.command.invocation.output import echo_lines
from fsm.errors import BadInput

if TYPE_CHECKING:
    from fsm.command.terminal.shift import Shift

__all__ = ["desk"]


@click.command()
@click.option(
    "--rate",
    type=Amount("customers a minute", zero=True),
    default=4,
    show_default=True,
    help="Customers a minute, on average.",
)
@click.option("--seed", type=Whole(), help="Brings the same customers again; by chance when left out.")
@click.option(
    "--max-chats",
    type=Whole(min=0),
    default=5,
    show_default=True,
    help="Chats that may be on the desk at once.",
)
@click.option("--speed", type=Amount("times as fast"), default=1, show_default=True, help="How fast time passes.")
@click.option(
    "--for",
    "seconds",
    type=Amount("seconds"),
    help="End by itself after so many seconds on the wall.",
)
def desk(rate: float, seed: int | None, max_chats: int, speed: float, seconds: float | None) -> None:
    """Play a shift at the agent desk, in this terminal.

    Customers come by chance, ring, write and leave. You accept, reject, end and clear the chosen contact, change
    your status and switch between the chat and the phone tab; what the desk refuses, it refuses in words.

    \b
    1-9, up, down  choose a contact            v w o  become available, away, offline
    a r e c        accept, reject, end, clear  tab    chat or phone
    t              write a text                n      pop-ups on or off
    q              quit

    Exit status: 0 the shift is over, 2 wrong usage.
    """
    from fsm import compile
    from fsm.command.terminal.shift import Shift
    from fsm.desk import DESK

    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise WrongUsage("fsm desk is played in a terminal; neither input nor output can be a file or a pipe.")
    try:
        engine = compile(DESK, {"max_chats": max_chats})
    except BadInput as refused:
        raise WrongUsage(f"--max-chats {max_chats}: {refused}") from refused
    from fsm.command.terminal.app import DeskApp

    seed = SystemRandom().randrange(100_000) if seed is None else seed
    shift = Shift(engine, seed=seed, rate=rate)
    DeskApp(shift, _clock(speed), seconds, sys.stdin.isatty).run()
    echo_lines(_summary(shift, seed))


def _clock(speed: float) -> Callable[[], int]:
    """Milliseconds of the desk since now."""
    began = monotonic_ns()
    return lambda: int((monotonic_ns() - began) * speed / 1_000_000)


def _summary(shift: Shift, seed: int) -> str:
    """The shift in two lines, with the seed that brings its customers again."""
    from fsm.desk.screen.view import mm_ss

    counted = (
        ("rang", "rang"),
        ("connected", "connected"),
        ("missed", "missed"),
        ("non_response_counted", "counted as non-response"),
    )
    said = ", ".join(f"{shift.tally[effect]} {words}" for effect, words in counted)
    return f"The shift took {mm_ss(shift.snapshot.now)}: {said}.\nRefused to the agent: {shift.tally['refused']}. The same customers again: --seed {seed}."
