"""Machines played in a terminal.

app         the terminal desk: keys in, pages out
customers   customers by chance: who comes to a shift, how patient they are, how much they write
progress    how far a command has come, on standard error
screen      the agent's screen as a page of a terminal
shift       a shift at the desk
words       what happened at a desk, as lines of a log
"""

from __future__ import annotations

__all__: list[str] = []
