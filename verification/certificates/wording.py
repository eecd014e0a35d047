"""What the ids and symbols of a certificate mean, in the words of the declaration.

Scripts hold numbers alone. Here it is told, for a reader of the scripts, what each of them stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from fsm.language.domains import Domain, Enumeration
from fsm.language.events import field_refs
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.printing import label, value_in_words
from fsm.language.system import System
from fsm.verification.encoding.bounds import BOUNDS, OF_PARAMETERS, Bound, constant_of
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import readable
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.quantities import cell_in_words
from fsm.verification.encoding.relations import INDICATOR, NUMBER
from fsm.verification.encoding.symbols import NEXT, Symbol, SymbolKind
from fsm.verification.engines.ranks.gaps import CONSTANT, LARGEST, LEAST, PARAMETER, POPULATION
from fsm.verification.facts import FactId, Of

__all__ = ["Wording"]

At = tuple[int, ...]


class Wording:
    """The words of one system.

    Args:
        counting: its encoding, as certificates have it.
    """

    def __init__(self, counting: Counting) -> None:
        self.system: System = counting.system
        self.events = list(Places(self.system).events)
        self.emitted = list(counting.emitted)

    # Facts

    def fact(self, fact: FactId) -> str:
        """A fact that there is."""
        return FACTS[fact.of](self, fact.at)

    def part(self, at: At) -> Part:
        return self.system.parts[at[0]]

    def machine(self, at: At) -> Machine:
        return self.part(at).machine

    def stay(self, at: At) -> str:
        """A part in a state."""
        return f"{self.part(at).name} in {self.machine(at).states[at[1]].name}"

    def timer(self, at: At) -> str:
        """A timer of a state of a part."""
        return label(self.machine(at).timers(self.machine(at).states[at[1]])[at[2]].event)

    def value(self, part: int, variable: int, value: int) -> str:
        """A variable of a part with a value."""
        found = readable(self.system.parts[part].machine)[variable]
        return f"{found.name} = {value_in_words(_values(found.domain)[value])}"

    def cell(self, at: At) -> str:
        """What an instance of a part can be."""
        part, (state, *rest) = self.part(at), at[1:]
        assert isinstance(part, Each)
        variables = readable(part.machine)
        values = tuple(
            _values(variable.domain)[place] for variable, place in zip(variables, rest[: len(variables)], strict=True)
        )
        spent = tuple(map(bool, rest[len(variables) :]))
        return cell_in_words(part, Cell(at[1:], part.machine.states[state], values, spent))

    # Symbols

    def symbol(self, symbol: Symbol) -> str:
        """What a symbol stands for, and its numbers where they stand for something."""
        words = SYMBOLS[symbol.kind](self, symbol.at)
        if symbol.copy is None:
            return words
        return f"{words}, after the step" if symbol.copy == NEXT else f"{words}, {symbol.copy} steps before"

    def state(self, at: At) -> str:
        return f"the state of {self._instance(at)}: {_numbered(state.name for state in self.machine(at).states)}"

    def variable(self, at: At) -> str:
        found = readable(self.machine(at))[at[-1]]
        return f"{found.name} of {self._instance(at[:-1])}{_members(found.domain)}"

    def fired(self, at: At) -> str:
        return f"whether timer {at[-1]} of its state has fired, of {self._instance(at[:-1])}"

    def field(self, at: At) -> str:
        event = self.events[at[0]]
        ref = list(field_refs(event).values())[at[1]]
        return f"{ref.name} of {label(event)}{_members(ref.domain)}"

    def parameter(self, at: At) -> str:
        found = self.system.parameters[at[0]]
        return f"the parameter {found.name}{_members(found.domain)}"

    def bound(self, part: int, place: int, bound: int, what: int) -> str:
        """How a whole number of a part is bounded."""
        variable = readable(self.machine((part,)))[place]
        parameter = bound in OF_PARAMETERS
        other = self.system.parameters[what].name if parameter else str(constant_of(variable, Bound(bound), what))
        return f"{self.part((part,)).name}: {variable.name} {BOUNDS[Bound(bound)]} {other}"

    def number(self, at: At) -> str:
        """A whole number of a part."""
        return f"{readable(self.machine(at))[at[1]].name} of {self.part(at).name}"

    def added(self, at: At) -> str:
        """A sum, and what it always is."""
        said, first = [], 0
        for start in range(0, len(at), 4):
            kind, part, place, coded = at[start : start + 4]
            weight = coded // 2 * (-1 if coded % 2 else 1)
            machine = self.machine((part,))
            if kind == NUMBER:
                words = self.number((part, place))
                first += weight * int(readable(machine)[place].initial)
            else:
                state = machine.states[place]
                words = f"{'1 where' if kind == INDICATOR else 'how many of'} {self.part((part,)).name} in {state.name}"
                first += weight * (kind == INDICATOR and state == machine.initial)
            said.append(f"{weight} × ({words})")
        return f"{' + '.join(said)} = {first}"

    def room(self, part: int, line: int, state: int, meant: int) -> str:
        """That what a line writes has room."""
        where = self.machine((part,)).transitions[line].where
        condition = " where its guard is meant to hold" if meant else ""
        return f"{self.stay((part, state))}: what {where} writes has room{condition}"

    def side(self, kind: int, first: int, second: int) -> str:
        """One side of a gap."""
        if kind == PARAMETER:
            return self.system.parameters[first].name
        if kind == CONSTANT:
            return str(-first if second else first)
        if kind == POPULATION:
            return f"how many of {self.part((first,)).name} are in {self.machine((first,)).states[second].name}"
        variable = readable(self.machine((first,)))[second]
        of = f"{variable.name} of {self.part((first,)).name}"
        return {LEAST: f"the least {of}", LARGEST: f"the largest {of}"}.get(kind, of)

    def _instance(self, at: At) -> str:
        name = self.part(at).name
        return name if len(at) == 1 else f"instance {at[1]} of {name}"


def _values(domain: Domain) -> Sequence[Any]:
    return domain.values()  # type: ignore[union-attr]  # finite: it has places


def _numbered(names: Iterable[str]) -> str:
    return ", ".join(f"{place} {name}" for place, name in enumerate(names))


def _members(domain: Domain) -> str:
    return f": {_numbered(map(value_in_words, domain.members))}" if isinstance(domain, Enumeration) else ""


Words = Callable[[Wording, At], str]


def _plain(words: str) -> Words:
    return lambda of, at: words


FACTS: dict[Of, Words] = {
    Of.ASSUMPTION: lambda of, at: f"assuming {of.system.all_assumptions[at[0]].name}",
    Of.RULE: lambda of, at: f"the rule {of.system.rules[at[0]].name}",
    Of.CLAIM: lambda of, at: of.system.properties[at[0]].sentence,
    Of.PART_CLAIM: lambda of, at: f"{of.part(at).name}: {of.machine(at).properties[at[1]].sentence}",
    Of.TYPES: _plain("what is counted has its type"),
    Of.EMPTY: _plain("what no event fills stays empty"),
    Of.FOUND: _plain("the invariant that a solver found"),
    Of.NEVER: lambda of, at: f"{of.part(at).name} is never in {of.machine(at).states[at[1]].name}",
    Of.ROW: lambda of, at: f"{at[0]} states in a row",
    Of.ORDER: lambda of, at: f"{of.stay(at)}: no timer fires before one that goes first",
    Of.CELL_ORDER: lambda of, at: f"{of.part(at).name} in {of.cell(at)}: no timer fires before one that goes first",
    Of.UNFIRED: lambda of, at: f"{of.stay(at)}: {of.timer(at)} has not fired",
    Of.LAPSED: lambda of, at: f"{of.stay(at)}: where {of.timer(at)} has fired, its guard does not hold",
    Of.LED: lambda of, at: f"{of.stay(at)}: {of.machine(at).transitions[at[2]].guard}",
    Of.BOUND: lambda of, at: of.bound(*at),
    Of.BOUND_IN: lambda of, at: f"{of.stay(at)}: {of.bound(at[0], *at[2:])}",
    Of.WITHOUT: lambda of, at: f"{of.stay(at)}: it is not so that {of.value(at[0], *at[2:])}",
    Of.NOT_ABOVE: lambda of, at: f"{of.number(at)} is never above {of.number(at[2:])}",
    Of.SUM: lambda of, at: of.added(at),
    Of.ROOM: lambda of, at: of.room(*at),
    Of.FIRED_VALUE: lambda of, at: f"{of.stay(at)}: where {of.timer(at)} has fired, {of.value(at[0], *at[3:])}",
    Of.WAITING_VALUE: lambda of, at: f"{of.stay(at)}: where {of.timer(at)} has not fired, {of.value(at[0], *at[3:])}",
    Of.DEADLINE: lambda of, at: f"{of.stay(at)}: {of.timer(at)} fires in time",
    Of.LASTED: lambda of, at: f"{of.stay(at)}: {of.timer(at)} does not fire early",
    Of.APART: lambda of, at: f"{of.stay(at)} and {of.stay(at[2:])} are never so at once",
    Of.OLDER: lambda of, at: f"{of.stay(at)} for at least as long as {of.stay(at[2:])}, where both are so",
    Of.STOPWATCH_POSITIVE: _plain("the stopwatch shows no less than nothing"),
    Of.STOPWATCH_BEFORE_GOAL: _plain("the stopwatch runs only before the goal"),
    Of.STOPWATCH_IN_TIME: _plain("the stopwatch runs no longer than allowed"),
    Of.STOPWATCH_OFF: lambda of, at: f"{of.stay(at)}: the stopwatch does not run",
    Of.STOPWATCH_EXACT: lambda of, at: f"{of.stay(at)}: the stopwatch shows the time in state",
    Of.STOPWATCH_AT_MOST: lambda of, at: f"{of.stay(at)}: the stopwatch shows at most the time in state",
    Of.STOPWATCH_SUM: lambda of, at: (
        f"{of.stay(at)}: the stopwatch shows at most the time in state and what timers took before"
    ),
    Of.STOPWATCH_LEFT: lambda of, at: (
        f"{of.stay(at)}, {of.stay(at[2:])}: what the stopwatch shows and what is left are at most the time in state and what is allowed"
    ),
    Of.PREMISE: _plain("the premise"),
    Of.ELSEWHERE: lambda of, at: f"{of.part(at).name} is not in {of.machine(at).states[at[1]].name}",
    Of.OTHER_VALUE: lambda of, at: f"of {of.part(at).name} it is not so that {of.value(*at)}",
    Of.SOME: lambda of, at: f"some of {of.part(at).name} are in {of.cell(at)}",
    Of.NONE: lambda of, at: f"none of {of.part(at).name} is in {of.cell(at)}",
    Of.CELL: lambda of, at: f"each of {of.part(at).name} in {of.cell(at)}",
    Of.STATE: lambda of, at: of.stay(at),
    Of.VALUE: lambda of, at: f"{of.part(at).name} with {of.value(*at)}",
    Of.WAITS: lambda of, at: f"{of.stay(at)}, as long as {of.timer(at)} has not fired",
    Of.GAP: lambda of, at: f"each by which {of.side(*at[:3])} is above {of.side(*at[3:])}",
    Of.GAP_IN: lambda of, at: f"{of.stay(at)}: each by which {of.side(*at[2:5])} is above {of.side(*at[5:])}",
    Of.SOONER: lambda of, at: (
        f"before that, as number {at[0] + 1}, each by which {of.side(*at[1:4])} is above {of.side(*at[4:])}"
    ),
    Of.LOWERS: lambda of, at: label(of.events[at[0]]),
    Of.WAITING: _plain("waiting"),
    Of.TIMELY: _plain("each where it is possible by the time in state"),
    Of.LATE: lambda of, at: f"{of.part(at).name} being late in the end",
}
"""The facts that a README speaks of, each in words."""

SYMBOLS: dict[SymbolKind, Words] = {
    SymbolKind.PARAMETER: Wording.parameter,
    SymbolKind.STATE: Wording.state,
    SymbolKind.VARIABLE: Wording.variable,
    SymbolKind.FIRED: Wording.fired,
    SymbolKind.AGE: lambda of, at: f"the time in state of {of._instance(at)}, ms",
    SymbolKind.COUNTER: lambda of, at: f"how many of {of.part(at).name} are in {of.cell(at)}",
    SymbolKind.EMITTED: lambda of, at: f"how often {label(of.emitted[at[0]])} was emitted",
    SymbolKind.FIELD: Wording.field,
    SymbolKind.MOVED_AGE: lambda of, at: f"the time in state of what move {at[0]} names, ms",
    SymbolKind.SHARE: lambda of, at: f"how many of a cell go by line {at[-1]} where move {at[0]} moves all",
    SymbolKind.SHARE_AGE: lambda of, at: f"the time in state of one of those that go by line {at[-1]}, ms",
    SymbolKind.DELAY: _plain("the time that passes before an event, ms"),
    SymbolKind.STOPWATCH_RUNS: _plain("whether the stopwatch runs"),
    SymbolKind.STOPWATCH_SHOWS: _plain("what the stopwatch shows, ms"),
}
"""The symbols of scripts, each in words."""
