"""What a caller can have taken, without quantifiers: an event, values of its fields, and a cell for each instance that it names.

Each way is one that there is: an instance is in that cell (or the key is one that nobody has), the rules hold, exactly
that wire applies, everybody can move, and no limit stands in the way. What cannot be said so is no way. Standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, Timer, first_cell, timers_of
from fsm.verification.checker.declaration import OPERATORS, Declaration, operands, rows
from fsm.verification.checker.meaning import Instance, Situation, known, term_of
from fsm.verification.checker.possible.chosen import Chosen
from fsm.verification.checker.possible.payloads import payloads
from fsm.verification.checker.steps import Kind, Step, kinds_of_steps
from fsm.verification.checker.terms import FALSE, TRUE, conj, disj, if_then, negation, total
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["callers", "in_the_end", "is_fixed", "possible", "quiet", "running", "waited", "ways"]

Json = Any
MOST_WAYS = 20_000


def callers(declaration: Declaration) -> list[int]:
    """The events in the order by which evidence counts them: what callers send as the wires come, then what else machines know."""
    sent = [wire["event"] for wire in declaration.wires if wire["sender"] is None]
    machines = (declaration.machine(part) for part in range(len(declaration.parts)))
    return list(dict.fromkeys([*sent, *(line["event"] for machine in machines for line in machine["transitions"])]))


def ways(
    unknowns: Unknowns, base: Situation, events: Collection[int] | None = None, *, by_clock: bool = False
) -> list[Step]:
    """Every way in which an event (of these) can be taken from a moment, whatever the time in state is; or by what it is."""
    if not by_clock:
        timeless = {part: replace(one, elapsed=None) for part, one in base.before.only.items()}
        base = base.placed(replace(base.before, only=timeless))
    made: list[Step] = []
    for kind in kinds_of_steps(unknowns.declaration):
        if kind.timer is None and kind.wire is not None and (events is None or kind.event in events):
            made += [step for step in _taken(unknowns, kind, base) if step.possible != FALSE]
            if len(made) > MOST_WAYS:
                raise CannotSay(f"more than {MOST_WAYS:,} ways in which an event can be taken")
    return made


def _taken(unknowns: Unknowns, kind: Kind, base: Situation) -> Iterator[Step]:
    """The ways in which a wire can be taken by a choice of cells and a payload; one that cannot be said is not said to be possible."""
    for picked in _cells(unknowns, kind.wire):
        for payload in payloads(base, kind.wire, picked):
            try:
                yield Chosen(unknowns, kind, base, map(Instance.of, picked), payload).relation()
            except CannotSay:
                continue


def waited(unknowns: Unknowns, base: Situation) -> list[Step]:
    """Every way in which an event can be taken after waiting until the only instance of a part has been in its state for as long as a guard compares with.

    Nothing happens until then: no other part has a timer that runs, and those of this stay fall due later.
    """
    made: list[Step] = []
    for kind in kinds_of_steps(unknowns.declaration):
        if kind.timer is not None or kind.wire is None:
            continue
        for move in kind.wire["moves"]:
            if move["part"] in base.before.only:
                for later, calm in _waits(unknowns.declaration, base, move["part"], move["action"]):
                    taken = _taken(unknowns, kind, later)
                    made += [replace(step, possible=conj([calm, step.possible])) for step in taken]
                    if len(made) > MOST_WAYS:
                        raise CannotSay(f"more than {MOST_WAYS:,} ways in which an event can be taken")
    return made


def _waits(declaration: Declaration, base: Situation, part: int, action: int) -> Iterator[tuple[Situation, str]]:
    """Later moments, when a part has been in its state for as long as a guard of an action compares with or a millisecond longer; and that nothing happens until then."""
    one, script = base.before.only[part], base.script
    about = replace(base, instance=(one, one), of_machine=declaration.parts[part]["machine"])
    for place in _compared(declaration, part, action):
        for more in ("0", "1"):
            try:
                until = script.define("Int", total([term_of(place, about), more]))
            except CannotSay:  # it is known only with the event
                continue
            elapsed = script.define("Int", if_then(f"(< {until} {known(one.elapsed)})", known(one.elapsed), until))
            only = {place: replace(other, elapsed=None) for place, other in base.before.only.items()}
            moment = replace(base.before, only={**only, part: replace(one, elapsed=elapsed)})
            later = base.placed(moment)
            own = [
                disj([negation(_runs(one, timer)), f"(< {elapsed} {term_of(timer.after, base)})"])
                for timer in timers_of(declaration.machine(part))
            ]
            yield later, script.define("Bool", conj([negation(running(base, but=part)), *own]))


def _compared(declaration: Declaration, part: int, action: int) -> list[int]:
    """The expressions with which guards of an action compare the time in state."""
    table = declaration.json["expressions"]
    found: dict[int, None] = {}
    lines = declaration.machine(part)["transitions"]
    waiting = [line["guard"] for line in lines if line["event"] == action and line["guard"] is not None]
    for place in waiting:
        waiting += [below for below in operands(table[place]) if below not in waiting]
        [(name, value)] = table[place].items()
        if name in ("==", "!=", "<", "<=", ">", ">="):
            clocks = [list(table[one]) == ["elapsed"] for one in value]
            found.update({value[1 - at]: None for at, clock in enumerate(clocks) if clock and not all(clocks)})
    return list(found)


def possible(unknowns: Unknowns, base: Situation, event: int, *, by_clock: bool = False) -> str:
    """That callers can have an event taken, whatever the time in state is; or by what it is."""
    found = ways(unknowns, base, {event}, by_clock=by_clock)
    return base.script.define("Bool", disj(step.possible for step in found))


def in_the_end(base: Situation, late: Collection[int]) -> str:
    """No timer of a part with one instance is overdue; these parts have been in their states for longer than guards compare with, and timers take."""
    declaration, said = base.declaration, []
    for part, one in base.before.only.items():
        machine, elapsed = declaration.machine(part), known(one.elapsed)
        for timer in timers_of(machine):
            after = term_of(timer.after, base)
            said.append(disj([negation(_runs(one, timer)), f"(<= {elapsed} {after})"]))
            said.append(disj([negation(one.fired(timer)), f"(>= {elapsed} {after})"]))
            said += [f"(> {elapsed} {after})"] if part in late else []
        actions = {line["event"] for line in machine["transitions"]} if part in late else ()
        fixed = (place for action in sorted(actions) for place in _compared(declaration, part, action))
        said += [f"(> {elapsed} {term_of(place, base)})" for place in fixed if is_fixed(declaration, place)]
    return conj(said)


def is_fixed(declaration: Declaration, expression: int) -> bool:
    """Whether it is the same in a whole run: made of parameters and constants alone."""
    return all(name in (*OPERATORS, "parameter", "constant") for _, name, _, _ in rows(declaration, expression))


def _cells(unknowns: Unknowns, wire: Json) -> Iterator[tuple[Cell, ...]]:
    """Where the named instances can be; nothing where two of them could be told apart by nothing that is counted."""
    declaration = unknowns.declaration
    named = [move for move in wire["moves"] if move["key"] is not None]
    keys = [declaration.json["expressions"][move["key"]] for move in named]
    if len({move["key"] for move in named}) < len(named) or not all(_is_key(declaration, key) for key in keys):
        return iter(())
    return product(*(_sources(unknowns, move) for move in named))


def _is_key(declaration: Declaration, node: Json) -> bool:
    """Whether a caller chooses it freely among more keys than there are instances: a field that is told apart by equality alone."""
    if "field" not in node:
        return False
    event, place = node["field"]
    domain = declaration.json["events"][event]["fields"][place]["domain"]
    return domain != "boolean" and "opaque" in domain


def _sources(unknowns: Unknowns, move: Json) -> list[Cell]:
    """The cells in which some line of the action starts."""
    machine = unknowns.declaration.machine(move["part"])
    lines = [line for line in machine["transitions"] if line["event"] == move["action"] and line["after"] is None]
    states = {state for line in lines for state in line["sources"]}
    return [cell for cell in (first_cell(machine), *unknowns.cells[move["part"]]) if cell.state in states]


def quiet(base: Situation) -> str:
    """What is so wherever no timer is due: of one stay, timers that have fired are shorter than those that have not."""
    declaration, said = base.declaration, []
    for part in range(len(declaration.parts)):
        machine = declaration.machine(part)
        for timer in timers_of(machine):
            after = term_of(timer.after, base)
            if part in base.before.only:
                one = base.before.only[part]
                waits = [negation(_runs(one, timer)), f"(< {known(one.elapsed)} {after})"]
                said += [disj(waits), disj([negation(one.fired(timer)), f"(>= {known(one.elapsed)} {after})"])]
            elif timer.mark is not None:
                said += _in_order(machine, base, part, timer)
    return conj(said)


def _in_order(machine: Json, base: Situation, part: int, timer: Timer) -> Iterator[str]:
    """Of each cell in which a timer has fired: those that have not are longer, or nobody is there."""
    for cell, many in base.before.counted[part].items():
        if timer.mark is not None and cell.marks[timer.mark]:
            for other in timers_of(machine):
                if _runs(Instance.of(cell), other) == TRUE:
                    longer = f"(< {term_of(timer.after, base)} {term_of(other.after, base)})"
                    yield disj([f"(<= {many} 0)", longer])


def _runs(one: Instance, timer: Timer) -> str:
    """Whether a timer of an instance has not fired in this stay."""
    return conj([one.is_in([timer.state]), negation(one.fired(timer))])


def running(base: Situation, but: int | None = None) -> str:
    """Whether some timer runs, of another part than this."""
    declaration, said = base.declaration, []
    for part in range(len(declaration.parts)):
        for timer in timers_of(declaration.machine(part)):
            if part == but:
                continue
            if part in base.before.only:
                said.append(_runs(base.before.only[part], timer))
            else:
                cells = base.before.counted[part].items()
                said += [f"(> {many} 0)" for cell, many in cells if _runs(Instance.of(cell), timer) == TRUE]
    return disj(said)
