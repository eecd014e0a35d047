"""`fsm play`: play any machine or system, line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from fsm.command.invocation.endings import BadFile
from fsm.command.invocation.output import echo, printable, prompt
from fsm.command.invocation.settings import settings
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.playing.lines import Command, Unreadable, read_line
from fsm.command.playing.session import Session
from fsm.language.composition import as_system

__all__ = ["play"]

LONGEST = 10_000
"""Characters of a line."""


@click.command()
@target_argument()
@click.option("--profile", metavar="NAME", help="The version to play; without it, the first one of TARGET.")
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a parameter, besides those of the version.",
)
def play(target: str, profile: str | None, given: tuple[str, ...]) -> None:
    """Play TARGET line by line: write an event and its fields, and see what it does, or who refuses it.

    TARGET is package.module:NAME or path/to/machine.py:NAME. Time stands still until you let it pass: `.wait 15 s`, or `.wait`
    until the next timer. `.possible` says what would be taken, `.where` where everything is, `.back` takes a
    line back, `.help` names the others. From a file or a pipe, the same lines bring the same run every time.

    Exit status: 0 played, 2 wrong usage, or a line of a file or pipe that cannot be read.
    """
    from fsm import compile

    declaration = resolve(target)
    system = as_system(declaration)
    version = profile or next((one.name for one in declaration.profiles), None)
    session = Session(compile(declaration, settings(system, version, given)))
    by_hand = sys.stdin.isatty()
    for line in (*session.where(), *session.possible()):
        echo(line)
    for number, text in enumerate(_typed(by_hand), 1):
        try:
            told = read_line(session.engine, text)
        except Unreadable as wrong:
            if not by_hand:
                raise BadFile(f"line {number}: {wrong}") from None
            echo(str(wrong), err=True)
            continue
        if isinstance(told, Command) and told.name == "quit":
            break
        for line in () if told is None else session.play(told):
            echo(line)


def _typed(by_hand: bool) -> Iterator[str]:
    """The lines of standard input; those that nobody types are shown, so that what is printed can be followed."""
    while True:
        if by_hand:
            prompt("> ")
        try:
            text = sys.stdin.readline(LONGEST + 1)
        except UnicodeDecodeError as wrong:
            raise BadFile(f"standard input is not {wrong.encoding}: {wrong.reason}.") from None
        if not text:
            return
        if len(text) > LONGEST:
            raise BadFile(f"a line has more than {LONGEST:,} characters.")
        if not by_hand:
            echo(f"> {printable(text.rstrip(chr(10)))}")
        yield text
