"""Markdown for a page that people read: a machine state by state, a system part by part, then what goes together, rules and parameters.

A row for each state: what can happen there, and where it leads. The words are those of the pictures;
every text of the declaration passes `for_markdown`. What is not shown is counted below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from fsm.diagrams.options import Detail, Options
from fsm.diagrams.views.left_out import left_out
from fsm.diagrams.views.runs import Cell, RunView
from fsm.diagrams.views.selection import view_of_machine, view_of_system
from fsm.diagrams.views.together import together
from fsm.diagrams.views.triggers import triggers
from fsm.diagrams.views.views import MachineView, PartView, SystemView
from fsm.diagrams.views.wording import (
    changes,
    condition,
    deadline,
    event_name,
    listed,
    meaning,
    move_in_words,
    population,
    spaced,
    value,
)  # fmt: skip
from fsm.language.expressions import Const, Formula
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Part
from fsm.language.system import System, Wire
from fsm.notebook import for_markdown

__all__ = ["machine_table", "system_table", "table_of_run"]

Ways = Callable[[State, Transition], Iterable[str]]
"""What can happen in a state by a transition, a line each."""


def machine_table(machine: Machine, options: Options) -> str:
    """The machine under a heading, a row for each state."""
    options = options.of(machine)
    view = view_of_machine(machine, options)
    full = options.detail is Detail.FULL
    rows = _states(view, lambda state, one: [_way(event_name(one.event), one, full=full)])
    told = left_out([view], view.left_out, version=options.version if options.values else None, full=full, shortened=0)
    return _page(f"# {_text(spaced(machine.name))}", _text(machine.doc), rows, _said(told))


def system_table(system: System, options: Options) -> str:
    """The system under a heading, then each part, what several parts do together, the rules and the parameters."""
    options = options.of(system)
    view = view_of_system(system, options)
    full, spelled = options.detail is Detail.FULL, options.detail in (Detail.FULL, Detail.RULES)
    parts = [section for one in view.parts for section in _part(view, one, full=full)]
    told = left_out(
        [one.machine for one in view.parts],
        view.left_out,
        version=options.version if options.values else None,
        full=full,
        shortened=0,
    )
    return _page(
        f"# {_text(spaced(system.name))}",
        _text(system.doc),
        *parts,
        *_section("What several parts do together", _together(view, full=full)),
        *_section("Rules", _rules(view, spelled=spelled)),
        *_section("Parameters", _parameters(system, options)),
        _said(told),
    )


def table_of_run(view: RunView) -> str:
    """A run as a table: a column for each instance, a row for each step, and what is broken below."""
    titles = ["", "at", "what", *(_text(lane.title) for lane in view.lanes)]
    rows = [
        (
            "" if not row.number else str(row.number),
            _text(row.at),
            "<br>".join([f"**{_text(row.event)}**", *map(_text, row.details)]),
            *("<br>".join(_cell(cell)) for cell in row.cells),
        )
        for row in view.rows
    ]
    ending = "\n".join(f"- **{name}**: {_text(text)}" for name, text in view.ending)
    return _page(f"# {_text(spaced(view.name))}", _text(view.claim), _grid(titles, rows), ending, _said(view.left_out))


def _cell(cell: Cell) -> Iterator[str]:
    if cell.entered and cell.state:
        yield f"**{_text(spaced(cell.state))}**"
    yield from map(_text, cell.changes)


def _part(view: SystemView, one: PartView, *, full: bool) -> Iterator[str]:
    part, many = one.part, population(one.part)
    yield f"## {_text(spaced(part.name))}"
    yield _text(f"{many[0].upper()}{many[1:]}." if many else "")
    yield _text(part.machine.doc)
    yield _states(one.machine, lambda state, moved: _ways(view, part, state, moved, full=full))


def _ways(view: SystemView, part: Part, state: State, transition: Transition, *, full: bool) -> Iterator[str]:
    """How the system takes a transition of a part from a state."""
    found = triggers(view, part, transition, (state,))
    if not found:
        yield _way(event_name(transition.event), transition, ("nothing sends it here",), full=full)
    for trigger in found:
        alone = trigger.wire is not None and not trigger.partners and trigger.wire.when is not None
        also = (
            [f"if {condition(trigger.wire.when)}"] if alone and trigger.wire and trigger.wire.when is not None else []
        )
        if trigger.partners:
            also.append(f"together with {listed(spaced(other.name) for other in trigger.partners)}")
        if trigger.rules:
            word = "rule" if len(trigger.rules) == 1 else "rules"
            also.append(f"under {word} {listed(map(str, trigger.rules))}")
        yield _way(event_name(trigger.event), transition, also, full=full)


def _states(view: MachineView, ways: Ways) -> str:
    rows = []
    for state in view.states:
        start = " (start)" if state == view.machine.initial else ""
        means = f": {_text(state.doc)}" if state.doc.strip() else ""
        lines = dict.fromkeys(line for one in view.leaving(state) for line in ways(state, one))
        rows.append((f"**{_text(spaced(state.name))}**{start}{means}", "<br>".join(lines)))
    return _grid(("while it is", "this can happen"), rows)


def _way(event: str, transition: Transition, also: Sequence[str] = (), *, full: bool) -> str:
    """`after 20 s, expire: missed, if …`; on the happy path in bold."""
    due = "" if transition.duration is None else f"{_text(deadline(transition.duration))}, "
    target = "stays" if transition.target is None else f"→ {_text(spaced(transition.target.name))}"
    name = f"{_text(event)} {target}"
    guard = [] if transition.guard is None else [f"if {_condition(transition.guard, full=full)}"]
    done = changes(transition) if full else ()
    more = "; ".join(_text(text) for text in (*guard, *also, *done))
    return f"{due}{f'**{name}**' if transition.happy else name}{f': {more}' if more else ''}"


def _condition(formula: Formula, *, full: bool) -> str:
    return f"{condition(formula)} ({meaning(formula)})" if full and formula.called else condition(formula)


def _together(view: SystemView, *, full: bool) -> str:
    if full:
        wires = [
            (
                f"**{_text(event_name(wire.event_class))}**{_sender(wire)}",
                "<br>".join(_text(move_in_words(move)) for move in wire.moves),
                "" if wire.when is None else _text(_condition(wire.when, full=True)),
            )
            for wire in view.wires
        ]
        return _grid(("on", "move", "if"), wires)
    rows = [
        (
            f"**{_text(', '.join(one.events))}**{' (sent by time)' if one.by_time else ''}" if place == 0 else "",
            _text(text),
            "" if when is None else _text(condition(when)),
        )
        for one in together(view)
        for place, (text, when) in enumerate(one.ways)
    ]
    return _grid(("on", "move", "if"), rows)


def _sender(wire: Wire) -> str:
    return "" if wire.sender is None else f" of {_text(spaced(wire.sender.name))}, sent by time"


def _rules(view: SystemView, *, spelled: bool) -> str:
    rows = [
        (
            str(number),
            _text(rule.name),
            _text(listed(event_name(event) for event in rule.on)),
            *([_text(_condition(rule.when, full=True))] if spelled else []),
            _text(", ".join(rule.cites)),
        )
        for number, rule in view.rules.items()
    ]
    return _grid(("", "rule", "refuses", *(["unless"] if spelled else []), "source"), rows)


def _parameters(system: System, options: Options) -> str:
    """The parameters that are open; under given values, those that these leave open."""
    rows = [
        (
            _text(spaced(one.name)),
            _text(value(Const(one.default))),
            _text(str(one.domain)),
            _text(one.doc),
            _text(", ".join(one.cites)),
        )
        for one in system.parameters
        if one.name not in (options.values or {})
    ]
    return _grid(("parameter", "usually", "may be", "means", "source"), rows)


def _said(told: str) -> str:
    return f"*{_text(f'{told[0].upper()}{told[1:]}.')}*" if told else ""


def _text(text: str) -> str:
    return for_markdown(text)


def _section(heading: str, body: str) -> tuple[str, ...]:
    return (f"## {heading}", body) if body else ()


def _page(*paragraphs: str) -> str:
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of which columns that are empty in every row are left out; nothing when there are no rows."""
    body = list(rows)
    kept = [place for place, _ in enumerate(titles) if any(row[place] for row in body)]
    if not body:
        return ""
    lines = [
        [titles[place] for place in kept],
        ["---" for _ in kept],
        *([row[place] for place in kept] for row in body),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
