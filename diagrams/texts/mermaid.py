"""Mermaid, for pages that draw it themselves: `stateDiagram-v2` for machines and systems, `sequenceDiagram` for runs.

States and parts are numbered, and a sign of a declaration's text that could mean something is written as an
entity, so that no name and no sentence is read as Mermaid. Colours are those of the pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from fsm.diagrams.graphs.dot import printable
from fsm.diagrams.graphs.style import FILLS, INK
from fsm.diagrams.options import Detail, Direction, Options
from fsm.diagrams.views.bundles import Bundle, bundles
from fsm.diagrams.views.left_out import left_out
from fsm.diagrams.views.runs import Cell, Row, RunView
from fsm.diagrams.views.selection import view_of_machine, view_of_system
from fsm.diagrams.views.triggers import Trigger, triggers
from fsm.diagrams.views.views import MachineView, PartView, SystemView
from fsm.diagrams.views.wording import changes, condition, deadline, event_name, listed, plain, population, spaced
from fsm.language.expressions import Formula
from fsm.language.machine import Kind, Machine, State, Transition
from fsm.language.system import System

__all__ = ["for_mermaid", "machine_mermaid", "run_mermaid", "system_mermaid"]

SAFE = frozenset(" ,.'()+-=/?!")
"""Signs that mean nothing to Mermaid in a text."""
LONGEST = 48
"""Characters of a condition on a line."""
BREAK = "<br/>"
ALIKE = str.maketrans({'"': "\N{RIGHT DOUBLE QUOTATION MARK}", "\\": "\N{REVERSE SOLIDUS OPERATOR}", "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
                       ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", "%": "\N{FULLWIDTH PERCENT SIGN}", "#": "\N{FULLWIDTH NUMBER SIGN}"})  # fmt: skip

Names = dict[State, str]
"""What the states of a machine are called in the text."""
Say = Callable[[Sequence[State], Transition], Iterable[str]]
"""What a line says of a transition from some states."""


def for_mermaid(text: str) -> str:
    """The text on one line, as it stands; no part of it is read as Mermaid."""
    return " ".join(map(_word, printable(plain(text)).split()))


def _word(word: str) -> str:
    """A word, of which a sign that could mean something is an entity; so is the first letter of `end`, which closes a block."""
    signs = [sign if sign.isalnum() or sign in SAFE or not sign.isascii() else f"#{ord(sign)};" for sign in word]
    return "".join([f"#{ord(word[0])};", *signs[1:]] if word.lower() == "end" else signs)


def machine_mermaid(machine: Machine, options: Options) -> str:
    """A machine as a state diagram."""
    options = options.of(machine)
    view = view_of_machine(machine, options)
    full = options.detail is Detail.FULL
    names = {state: f"s{number}" for number, state in enumerate(view.states, 1)}
    lines = _states(view, names, lambda sources, one: [_way(event_name(one.event), sources, one, (), full=full)])
    told = left_out([view], view.left_out, version=_version(options), full=full, shortened=_cut_short(view.transitions))
    return _document(machine.name, told, options, [*lines, *_classes(view, names)])


def system_mermaid(system: System, options: Options) -> str:
    """A system as a state diagram, each part a state with its machine inside."""
    options = options.of(system)
    view = view_of_system(system, options)
    full = options.detail is Detail.FULL
    lines = [line for number, one in enumerate(view.parts, 1) for line in _part(view, one, f"p{number}", full=full)]
    transitions = [moved for one in view.parts for moved in one.machine.transitions]
    machines = [one.machine for one in view.parts]
    told = left_out(
        machines,
        view.left_out,
        version=_version(options),
        full=full,
        shortened=_cut_short(transitions),
        rules=0 if full else len(view.rules),
    )
    return _document(system.name, told, options, lines)


def _version(options: Options) -> str | None:
    return options.version if options.values else None


def _document(name: str, told: str, options: Options, lines: Iterable[str]) -> str:
    """The diagram with its title; what is not shown is said there."""
    head = [*_title(f"{spaced(name)}{f' ({told})' if told else ''}"), "stateDiagram-v2"]
    turn = f"direction {'LR' if options.direction is Direction.RIGHT else 'TB'}"
    return "\n".join([*head, *(f"    {line}" for line in (turn, *lines))]) + "\n"


def _title(text: str) -> list[str]:
    """The title in front of a diagram, where Mermaid knows no entities: signs that could mean something there are others that look alike."""
    return ["---", f'title: "{" ".join(printable(plain(text)).translate(ALIKE).split())}"', "---"]


def _part(view: SystemView, one: PartView, name: str, *, full: bool) -> Iterator[str]:
    names = {state: f"{name}s{number}" for number, state in enumerate(one.machine.states, 1)}
    many = population(one.part)
    yield f'state "{for_mermaid(spaced(one.part.name) + (f", {many}" if many else ""))}" as {name} {{'

    def say(sources: Sequence[State], transition: Transition) -> Iterator[str]:
        for trigger in triggers(view, one.part, transition, sources):
            beside = _beside(trigger, rules=full)
            yield _way(event_name(trigger.event), sources, transition, beside, full=full)

    yield from (f"    {line}" for line in _states(one.machine, names, say))
    yield "}"
    yield from _classes(one.machine, names)


def _beside(trigger: Trigger, *, rules: bool) -> tuple[str, ...]:
    """What an event moves beside the transition, and which rules can refuse it."""
    with_others = [f"with {listed(spaced(other.name) for other in trigger.partners)}"] if trigger.partners else []
    word = "rule" if len(trigger.rules) == 1 else "rules"
    under = [f"{word} {listed(map(str, trigger.rules))}"] if rules and trigger.rules else []
    return (*with_others, *under)


def _states(view: MachineView, names: Names, say: Say) -> Iterator[str]:
    """The states, what happens inside them, and the lines between them."""
    for state in view.states:
        yield f'state "{for_mermaid(spaced(state.name))}" as {names[state]}'
    yield f"[*] --> {names[view.machine.initial]}"
    for state in view.states:
        for one in view.leaving(state):
            if one.target in (None, state):
                yield from (f"{names[state]} : {text}" for text in dict.fromkeys(say((state,), one)))
    for bundle in bundles(view):
        yield from _lines(bundle, names, say)


def _lines(bundle: Bundle, names: Names, say: Say) -> Iterator[str]:
    """A line from each source; what they say is on each."""
    for source in bundle.sources:
        texts = dict.fromkeys(text for one in bundle.joining for text in say((source,), one))
        yield f"{names[source]} --> {names[bundle.target]}{f' : {BREAK.join(texts)}' if texts else ''}"


def _way(event: str, sources: Sequence[State], transition: Transition, beside: Iterable[str], *, full: bool) -> str:
    """`expire, after 20 s [guard] (with contact, rule 3) / emits missed`."""
    due = "" if transition.duration is None else f", {deadline(transition.duration).partition(' (')[0]}"
    anew = ", starts anew" if tuple(sources) == (transition.target,) else ""
    guard = "" if transition.guard is None else f" [{_cut(transition.guard)}]"
    others = ", ".join(beside)
    done = f" / {'; '.join(changes(transition))}" if full and changes(transition) else ""
    return for_mermaid(f"{event}{due}{anew}{guard}{f' ({others})' if others else ''}{done}")


def _cut(guard: Formula) -> str:
    text = plain(condition(guard))
    return text if len(text) <= LONGEST else f"{text[: text.rindex(' ', 0, LONGEST)]} …"


def _cut_short(transitions: Iterable[Transition]) -> int:
    return sum(one.guard is not None and _cut(one.guard).endswith("…") for one in transitions)


def _classes(view: MachineView, names: Names) -> Iterator[str]:
    """The colours of the kinds that there are."""
    for kind in Kind:
        alike = [names[state] for state in view.states if state.kind is kind]
        if alike:
            fill = FILLS[kind]
            yield f"classDef {kind.value} fill:{fill.inside},stroke:{fill.border},color:{INK}"
            yield f"class {','.join(alike)} {kind.value}"


# Runs


def run_mermaid(view: RunView) -> str:
    """A run as a sequence diagram: who is sent what, what it changes, what is broken at its end."""
    names = [f"i{number}" for number, _ in enumerate(view.lanes, 1)]
    title = f"{spaced(view.name)}{f': {view.claim}' if view.claim else ''}"
    who = [
        *([_participant("caller", "caller")] if any(_by_caller(row) for row in view.rows) else []),
        *([_participant("time", "time")] if any(row.by_time for row in view.rows) else []),
        *(_participant(name, lane.title) for name, lane in zip(names, view.lanes, strict=True)),
    ]
    looped = [row for row in view.rows if row.round]
    lines = [line for row in view.rows if not row.round for line in _row(row, names)]
    if looped:
        inside = [line for row in looped for line in _row(row, names)]
        lines += ["loop and so on for ever", *(f"    {line}" for line in inside), "end"]
    over = f"{names[0]},{names[-1]}" if len(names) > 1 else names[0] if names else "caller"
    ending = [f"{name}: {text}" for name, text in view.ending]
    lines += [f"Note over {over} : {for_mermaid(text)}" for text in (*ending, view.left_out) if text]
    head = [*_title(title), "sequenceDiagram"]
    return "\n".join([*head, *(f"    {line}" for line in (*who, *lines))]) + "\n"


def _participant(name: str, title: str) -> str:
    return f"participant {name} as {for_mermaid(title)}"


def _by_caller(row: Row) -> bool:
    return not row.by_time and row.number != 0


def _row(row: Row, names: Sequence[str]) -> Iterator[str]:
    """The message to each instance that changes, then what it is; where none does, to the first."""
    if row.number == 0:
        yield from _notes(row, names)
        return
    sender, arrow = ("time", "-->>") if row.by_time else ("caller", "->>")
    if row.by_time and not row.details:  # time alone passes: nobody is sent anything
        yield f"Note over time : {for_mermaid(f'{row.at}: {row.event}')}"
        return
    said = for_mermaid(", ".join([f"{row.at}: {row.event}" if row.at else row.event, *row.details]))
    moved = [name for name, cell in zip(names, row.cells, strict=True) if cell.entered or cell.changes]
    for place, name in enumerate(moved or names[:1]):
        yield f"{sender}{arrow}{name} : {said if place == 0 else for_mermaid(row.event)}"
    yield from _notes(row, names)


def _notes(row: Row, names: Sequence[str]) -> Iterator[str]:
    for name, cell in zip(names, row.cells, strict=True):
        text = BREAK.join(for_mermaid(one) for one in _said(cell))
        if text:
            yield f"Note over {name} : {text}"


def _said(cell: Cell) -> Iterator[str]:
    if cell.entered:
        yield spaced(cell.state) if cell.state else "gone"
    yield from cell.changes
