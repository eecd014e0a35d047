"""Which cells an instance of a machine can be in, whatever wires and rules say. Standard library only.

An instance begins in the initial cell, and is forgotten when it returns to the initial state. Each of its steps is one of its machine's lines, or
a timer of it that lapses; a line is left out only where the values of the cell alone make its guard false, and an update gives any
value of its domain where they do not decide it. So whatever set of cells is closed under these lines holds every instance of
every run. That each step leads into one of them is asked besides, of the relation itself.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, Timer, first_cell, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.meaning import Instance, Moment, Situation, term_of
from fsm.verification.checker.terms import FALSE, TRUE, Script, number

__all__ = ["cells_of", "values_of"]

MOST_CELLS = 3_000
TOO_MANY = f"an instance can be in more than {MOST_CELLS:,} cells"
MOST_VALUES = 100

Json = Any


def cells_of(declaration: Declaration, place: int) -> tuple[Cell, ...]:
    """Every cell that the lines of a machine can lead to, but those of the initial state, where nothing exists.

    Raises:
        CannotSay: a variable takes too many values, or there are too many cells.
    """
    machine = declaration.json["machines"][place]
    timers, first = timers_of(machine), first_cell(machine)
    met, waiting = {first}, [first]
    while waiting:
        cell = waiting.pop()
        for after in _next(_about(declaration, place, cell), machine, timers, cell):
            if after not in met:
                met.add(after)
                waiting.append(after)
        if len(met) > MOST_CELLS:
            raise CannotSay(TOO_MANY)
    return tuple(sorted((cell for cell in met if cell.state != machine["initial"]), key=repr))


def _about(declaration: Declaration, place: int, cell: Cell) -> Situation:
    """An instance in this cell, under any parameters, at any time."""
    script = Script()
    params = tuple(script.declare("Int") for _ in declaration.json["parameters"])
    one, nowhere = replace(Instance.of(cell), elapsed=script.declare("Int")), Moment({}, {}, ())
    return Situation(declaration, script, params, nowhere, nowhere, instance=(one, one), of_machine=place)


def _next(about: Situation, machine: Json, timers: tuple[Timer, ...], cell: Cell) -> list[Cell]:
    """The cells to which one line or one lapsed timer can lead."""
    made = []
    for place, line in enumerate(machine["transitions"]):
        if cell.state not in line["sources"] or not _is_next(about, timers, cell, place):
            continue
        fields = enumerate(about.declaration.json["events"][line["event"]]["fields"])
        on = replace(about, fields={(line["event"], field): about.script.declare("Int") for field, _ in fields})
        own = next((timer.mark for timer in timers if (timer.line, timer.state) == (place, cell.state)), None)
        marked = tuple(bit or mark == own for mark, bit in enumerate(cell.marks))
        guard = TRUE if line["guard"] is None else term_of(line["guard"], on)
        if line["after"] is not None and guard != TRUE:
            made.append(Cell(cell.state, cell.values, marked))
        state = cell.state if line["target"] is None else line["target"]
        marks = marked if line["target"] is None else (False,) * len(marked)
        if guard != FALSE and state != machine["initial"]:
            made += [Cell(state, values, marks) for values in _updated(on, machine, line, cell)]
    return made


def _is_next(about: Situation, timers: tuple[Timer, ...], cell: Cell, place: int) -> bool:
    """Whether a line can be taken as far as the timers of the stay are concerned: none that still runs goes before it, whatever the parameters."""
    mine = next((timer for timer in timers if (timer.line, timer.state) == (place, cell.state)), None)
    if mine is None:
        return True
    if mine.mark is not None and cell.marks[mine.mark]:
        return False
    here = [timer for timer in timers if timer.state == cell.state and timer is not mine]
    running = [timer for timer in here if timer.mark is None or not cell.marks[timer.mark]]
    length = term_of(mine.after, about)
    lengths = [(term_of(timer.after, about), timer.line) for timer in running]
    if not length.isdigit():
        return all(term != length or line > place for term, line in lengths)
    return all(not term.isdigit() or (int(length), place) < (int(term), line) for term, line in lengths)


def _updated(on: Situation, machine: Json, line: Json, cell: Cell) -> list[tuple[str | None, ...]]:
    choices: list[list[str | None]] = [[value] for value in cell.values]
    for variable, update in line["updates"]:
        if cell.values[variable] is not None:
            term, every = term_of(update, on), values_of(on.declaration, machine["variables"][variable]["domain"])
            choices[variable] = [term] if term in every else [*every]
    if prod(map(len, choices)) > MOST_CELLS:
        raise CannotSay(TOO_MANY)
    return list(product(*choices))


def values_of(declaration: Declaration, domain: Json) -> list[str]:
    """All values of a domain, as terms.

    Raises:
        CannotSay: they are too many.
    """
    if domain == "boolean":
        return ["false", "true"]
    if "enumeration" in domain:
        return [str(one) for one in range(len(declaration.json["enumerations"][domain["enumeration"]]["members"]))]
    low, high = (None if bound is None else integer_of(bound) for bound in domain.get("integer", (None, None)))
    if low is None or high is None or high - low >= MOST_VALUES:
        raise CannotSay(f"a variable of what is counted takes more than {MOST_VALUES} values")
    return [number(one) for one in range(low, high + 1)]
