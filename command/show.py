"""`fsm show`: what a machine or system declares, as a listing for a person or in its canonical form."""

from __future__ import annotations

import click

from fsm.canonical import listing, write
from fsm.command.invocation.output import echo_lines
from fsm.command.invocation.target import resolve, target_argument

__all__ = ["show"]


@click.command()
@target_argument()
@click.option("--json", "as_json", is_flag=True, help="Print the canonical form.")
def show(target: str, as_json: bool) -> None:
    """Show what TARGET declares: states, transitions, events, wires, rules and claims, in words.

    TARGET is package.module:NAME or path/to/machine.py:NAME.

    With --json the declaration is printed in its canonical form: everything that stands in it, things known to each
    other by place, equal to the byte in every process. fsm/canonical/schema.json describes it, `fsm.canonical.read`
    reads it back.

    Exit status: 0 shown, 2 wrong usage.
    """
    declaration = resolve(target)
    echo_lines(write(declaration) if as_json else listing(declaration))
