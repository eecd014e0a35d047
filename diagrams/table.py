"""Markdown: a machine as a table of its transitions; a system as its parts, wires, rules and parameters.

The words are those of the pictures (`wording`). You may add a column; keep every transition a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fsm.diagrams.wording import changes, condition, deadline, event_name, listed, population, spaced, value
from fsm.language.expressions import Const, Expr
from fsm.language.leaves import FieldRef
from fsm.language.machine import Machine, Transition
from fsm.language.parts import Move, Part, Sent
from fsm.language.system import System, Wire

__all__ = ["machine_table", "system_table"]


def machine_table(machine: Machine, level: int = 1) -> str:
    """The machine under a heading, with its states and its transitions."""
    return _page(level, machine.name, _safe(machine.doc), *_inside(machine))


def system_table(system: System) -> str:
    """The system under a heading, then each part, what callers may send, the rules and the parameters."""
    parts = [
        _page(2, part.name, _population(part), _safe(part.machine.doc), *_inside(part.machine)).rstrip("\n")
        for part in system.parts
    ]
    wires = [
        (
            f"**{_sender(wire)}**",
            condition(wire.when) if wire.when is not None else "",
            "<br>".join(map(_move, wire.moves)),
        )
        for wire in system.all_wires
    ]
    rules = [
        (
            str(number),
            rule.name,
            listed([event_name(event) for event in rule.on]),
            condition(rule.when),
            ", ".join(rule.cites),
        )
        for number, rule in enumerate(system.rules, 1)
    ]
    settings = [
        (spaced(one.name), value(Const(one.default)), str(one.domain), one.doc, ", ".join(one.cites))
        for one in system.parameters
    ]
    return _page(
        1,
        system.name,
        _safe(system.doc),
        *parts,
        *_section("events", _grid(("on", "when", "moves"), wires)),
        *_section("rules", _grid(("", "rule", "refuses", "unless", "source"), rules)),
        *_section("parameters", _grid(("name", "default", "may be", "means", "source"), settings)),
    )


def _page(level: int, name: str, *paragraphs: str) -> str:
    return "\n\n".join([f"{'#' * level} {_safe(spaced(name))}", *(text for text in paragraphs if text)]) + "\n"


def _section(name: str, grid: str) -> list[str]:
    return [f"## {name}", grid] if grid else []


def _inside(machine: Machine) -> tuple[str, str]:
    states = [(_marked(machine, state.name), state.kind.value, state.doc) for state in machine.states]
    moves = [_row(transition) for transition in machine.transitions]
    return _grid(("state", "kind", "means"), states), _grid(("from", "on", "when", "to", "does"), moves)


def _marked(machine: Machine, name: str) -> str:
    return f"{spaced(name)} (start)" if name == machine.initial.name else spaced(name)


def _row(transition: Transition) -> Sequence[str]:
    """One transition; the happy path has its target in bold."""
    due = [] if transition.duration is None else [deadline(transition.duration)]
    guard = [] if transition.guard is None else [condition(transition.guard)]
    target = "stays" if transition.target is None else spaced(transition.target.name)
    return (
        listed([spaced(source.name) for source in transition.sources]),
        event_name(transition.event),
        ", ".join([*due, *guard]),
        f"**{target}**" if transition.happy else target,
        "; ".join(changes(transition)),
    )


def _sender(wire: Wire) -> str:
    sent = f" of {spaced(wire.event.part.name)}, sent by time" if isinstance(wire.event, Sent) else ""
    return f"{event_name(wire.event_class)}{sent}"


def _move(move: Move) -> str:
    given = ", ".join(
        spaced(name) if _same(name, field) else f"{spaced(name)} = {value(field)}" for name, field in move.payload
    )
    return f"{_who(move)}: {event_name(move.action)}{f' ({given})' if given else ''}"


def _same(name: str, given: Expr[Any]) -> bool:
    return isinstance(given, FieldRef) and given.name == name


def _who(move: Move) -> str:
    if move.where is not None:
        return f"all {spaced(move.part.name)} {condition(move.where)}"
    return spaced(move.part.name) if move.key is None else f"{spaced(move.part.name)} [{condition(move.key)}]"


def _population(part: Part) -> str:
    many = population(part)
    return f"{many[0].upper()}{many[1:]}." if many else ""


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of GitHub's Markdown; nothing when there are no rows."""
    body = [f"| {' | '.join(_safe(text) for text in row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}", *body]) if body else ""


def _safe(text: str) -> str:
    """Text that keeps its place in a table, whatever stands in it."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
