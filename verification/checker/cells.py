"""What an instance of a machine can be: its cells, for the parts that are counted. Standard library only.

A cell is a state, a value for each variable that conditions can read, and which timers of the stay have fired.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from fsm.verification.checker.declaration import integer_of, sort_of_domain
from fsm.verification.checker.terms import number

__all__ = ["CannotSay", "Cell", "Timer", "first_cell", "literal", "timers_of"]

Json = Any


class CannotSay(Exception):
    """What is asked is beyond this program: unknown, never proved."""


@dataclass(frozen=True)
class Timer:
    """A timed line of a machine in one state; `mark` is its place among those that can have fired in a stay that goes on."""

    state: int
    line: int
    after: int
    mark: int | None


@dataclass(frozen=True)
class Cell:
    """What an instance is: state, a term for each variable (None for carried data), and which marks are set."""

    state: int
    values: tuple[str | None, ...]
    marks: tuple[bool, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.state, self.values, self.marks))


def literal(value: Json) -> str | None:
    """The term of a value; None for carried data."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is dict and list(value) == ["member"]:
        return str(value["member"][1])
    whole = integer_of(value)
    return None if whole is None else number(whole)


def first_cell(machine: Json) -> Cell:
    """Where every instance begins: the initial state and values, no timer fired."""
    values = tuple(
        None if sort_of_domain(variable["domain"]) == "opaque" else literal(variable["initial"])
        for variable in machine["variables"]
    )
    return Cell(machine["initial"], values, (False,) * sum(timer.mark is not None for timer in timers_of(machine)))


def _markable(line: Json) -> bool:
    """Whether a timed line can have fired in a stay that goes on: it stays, or it can lapse."""
    return line["target"] is None or line["guard"] is not None


def timers_of(machine: Json) -> tuple[Timer, ...]:
    """The timers of each state, in the order of the declaration."""
    timed = [(place, line) for place, line in enumerate(machine["transitions"]) if line["after"] is not None]
    starts = [(state, place, line) for place, line in timed for state in sorted(set(line["sources"]))]
    marks = count()
    return tuple(
        Timer(state, place, line["after"], next(marks) if _markable(line) else None) for state, place, line in starts
    )
