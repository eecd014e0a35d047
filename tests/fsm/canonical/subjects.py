"""Declarations of every sort, by name: the shipped ones, the regression machines, and a workshop that has every construct."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fsm import Machine, System
from fsm.command.invocation.target import resolve
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE

from .workshop import SYSTEM, THING

__all__ = ["NAMES", "subject", "tags"]

REGRESSION = Path(__file__).parents[2] / "regression"
SHIPPED = {"desk": DESK, "journey": JOURNEY, "contact": CONTACT, "agent": AGENT, "tile": TILE}
OURS = {"workshop": SYSTEM, "thing": THING}
FILES = {f"{file.parent.name}/{file.stem}": file for file in sorted(REGRESSION.glob("*/*.py"))}
NAMES = (*SHIPPED, *OURS, *FILES)


@cache
def subject(name: str) -> Machine | System:
    """One of them."""
    known: dict[str, Machine | System] = {**SHIPPED, **OURS}
    return known[name] if name in known else resolve(f"{FILES[name]}:SUBJECT")


def events_of(declaration: Machine | System) -> tuple[type, ...]:
    """Every event class that callers or time send, in the order of the declaration."""
    if isinstance(declaration, Machine):
        return declaration.events
    machines = [event for part in declaration.parts for event in part.machine.events]
    return tuple(dict.fromkeys((*declaration.events, *machines)))


def tags(tree: object) -> Iterator[str]:
    """Every field of every object of a document."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from node
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
