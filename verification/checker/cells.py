"""What an instance of a machine can be: its cells, for the parts that are counted. Standard library only.

A cell is a state, a value for each variable that conditions can read, and which timers of the stay have fired.
Cells that no sequence of the machine's own lines leads to are left out, guards ignored: an instance begins in the
initial cell; every step of it is one of its machine's lines, which the updates below over-approximate; wires, rules
and guards only make fewer steps. So whatever set of cells is closed under these lines holds every instance of every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.terms import number

__all__ = ["CannotSay", "Cell", "Timer", "cells_of", "first_cell", "literal", "timers_of"]

MOST_CELLS = 3_000
MOST_VALUES = 100

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


def literal(value: Json) -> str | None:
    """The term of a value; None for carried data."""
    if type(value) is bool:
        return "true" if value else "false"
    whole = integer_of(value)
    if whole is not None:
        return number(whole)
    if type(value) is dict and list(value) == ["member"]:
        return str(value["member"][1])
    return None


def first_cell(machine: Json) -> Cell:
    """Where every instance begins: the initial state and values, no timer fired."""
    values = tuple(
        None if _carried(variable["domain"]) else literal(variable["initial"]) for variable in machine["variables"]
    )
    return Cell(machine["initial"], values, (False,) * sum(timer.mark is not None for timer in timers_of(machine)))


def _carried(domain: Json) -> bool:
    return type(domain) is dict and "opaque" in domain


def _markable(line: Json) -> bool:
    """Whether a timed line can have fired in a stay that goes on: it stays, or it can lapse."""
    return line["after"] is not None and (line["target"] is None or line["guard"] is not None)


def timers_of(machine: Json) -> tuple[Timer, ...]:
    """The timers of each state, in the order of the declaration."""
    made: list[Timer] = []
    marks = 0
    for place, line in enumerate(machine["transitions"]):
        if line["after"] is None:
            continue
        for state in sorted(set(line["sources"])):
            mark = marks if _markable(line) else None
            marks += mark is not None
            made.append(Timer(state, place, line["after"], mark))
    return tuple(made)


def cells_of(declaration: Declaration, machine: Json) -> tuple[Cell, ...]:
    """Every cell that the machine's lines can lead to, but those of the initial state, where nothing exists.

    Raises:
        CannotSay: a variable takes too many values, or there are too many cells.
    """
    timers, first = timers_of(machine), first_cell(machine)
    met, waiting = {first}, [first]
    while waiting:
        cell = waiting.pop()
        for after in _next(declaration, machine, timers, cell):
            if after not in met:
                met.add(after)
                waiting.append(after)
        if len(met) > MOST_CELLS:
            raise CannotSay(f"an instance can be in more than {MOST_CELLS:,} cells")
    return tuple(sorted((cell for cell in met if cell.state != machine["initial"]), key=repr))


def _next(declaration: Declaration, machine: Json, timers: tuple[Timer, ...], cell: Cell) -> list[Cell]:
    """The cells to which one line or one lapsed timer can lead."""
    made = []
    for place, line in enumerate(machine["transitions"]):
        if cell.state not in line["sources"]:
            continue
        own = next((timer.mark for timer in timers if (timer.line, timer.state) == (place, cell.state)), None)
        marked = tuple(bit or mark == own for mark, bit in enumerate(cell.marks))
        if line["after"] is not None and line["guard"] is not None:
            made.append(Cell(cell.state, cell.values, marked))
        state = cell.state if line["target"] is None else line["target"]
        marks = marked if line["target"] is None else (False,) * len(marked)
        made += [Cell(state, values, marks) for values in _updated(declaration, machine, line, cell)]
    return made


def _updated(declaration: Declaration, machine: Json, line: Json, cell: Cell) -> list[tuple[str | None, ...]]:
    choices: list[list[str | None]] = [[value] for value in cell.values]
    for variable, update in line["updates"]:
        if cell.values[variable] is not None:
            choices[variable] = _values(declaration, machine["variables"][variable]["domain"], update)
    return list(product(*choices))


def _values(declaration: Declaration, domain: Json, update: int) -> list[str | None]:
    """The values that an update can give: the constant that it is, or all of the domain."""
    node = declaration.json["expressions"][update]
    if "constant" in node:
        return [literal(node["constant"])]
    if domain == "boolean":
        return ["false", "true"]
    if "enumeration" in domain:
        return [str(one) for one in range(len(declaration.json["enumerations"][domain["enumeration"]]["members"]))]
    low, high = (None if bound is None else integer_of(bound) for bound in domain["integer"])
    if low is None or high is None or high - low >= MOST_VALUES:
        raise CannotSay(f"a variable of what is counted takes more than {MOST_VALUES} values")
    return [number(one) for one in range(low, high + 1)]
