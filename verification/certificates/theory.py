"""A declaration as named formulas: the counting encoding with every cell, made without asking any solver.

The engines leave out cells that no event can fill, after asking. Here nothing is left out: that these
cells stay empty is one more lemma with questions of its own, and so is what the types of the counted say.

You may not call a solver here. What a certificate is compared with must not depend on an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

import attrs

from fsm.language.composition import inherited
from fsm.language.domains import Enumeration
from fsm.language.events import field_refs
from fsm.language.parts import Each
from fsm.language.printing import label, value_in_words
from fsm.language.properties import Modality
from fsm.language.system import System
from fsm.verification.certificates.smtlib import Writer
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.slicing import whole
from fsm.verification.encoding.terms import TRUE, Swap, conj, disj, equal, negated, number, of_value, value_of
from fsm.verification.engines.timed_induction import Timing
from fsm.verification.evidence import Met
from fsm.verification.search.goal import reads_clock

__all__ = ["EMPTY", "TYPES", "Fact", "Theory", "met_by", "named", "theory_of"]

Term = Any

TYPES = "what is counted has its type"
EMPTY = "what no event fills stays empty"


@attrs.frozen(eq=False)
class Fact:
    """A formula with its name, and in the page's words where it has any.

    Attributes:
        said: the formulas of which it is the conjunction; empty where it is one alone.
    """

    name: str
    term: Term
    words: str = ""
    said: tuple[Term, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.said or (self.term,)


def theory_of(system: System, fixed: Mapping[str, Any], met: Met) -> Theory:
    """As `Theory`; the last few are kept, since several sections and the proof itself speak of the same one."""
    return _theory(system, tuple(fixed.items()), met.empty, tuple(met.values.items()))


@lru_cache(maxsize=8)
def _theory(
    system: System,
    fixed: tuple[tuple[str, Any], ...],
    empty: tuple[str, ...],
    values: tuple[tuple[str, tuple[int, ...]], ...],
) -> Theory:
    return Theory(system, dict(fixed), Met(empty, dict(values)))


class Theory:
    """One system under one profile, said in formulas.

    Args:
        fixed: values of parameters that a profile fixes.
        met: what events can fill.

    Raises:
        Unencodable: the counting encoding cannot say it.
        KeyError: `met` names no symbol of this system.
    """

    def __init__(self, system: System, fixed: Mapping[str, Any], met: Met) -> None:
        self.system, self.fixed, self.met = system, dict(fixed), met
        self.counting = _without(whole(system, fixed), frozenset(met.empty))
        self.start = Swap(self.counting.start.items())
        self.assumptions = tuple(
            Fact(f"assume: {one.name}", self.counting.assumption(one.that), str(one.that))
            for one in system.all_assumptions
        )
        by_name = {term.decl().name(): term for term in self.counting.variables}
        empty = [equal(by_name[name], number(0)) for name in met.empty]
        known = [
            disj(equal(by_name[name], _constant(by_name[name], value)) for value in values)
            for name, values in met.values.items()
        ]
        self.empty = Fact(EMPTY, conj((*empty, *known)), said=(*empty, *known))
        self.types = Fact(TYPES, conj(self.counting.typing), said=self.counting.typing)

    @cached_property
    def lemmas(self) -> dict[str, Fact]:
        """Everything that may be used as a lemma, by name: whether it is one, its own questions show."""
        found = dict(self._ordered)
        for part, (state, _, _) in self.counting.ones.items():
            for place, one in enumerate(part.machine.states):
                found.setdefault(f"{part.name} is never {one.name}", Fact("", negated(equal(state, number(place)))))
        claims = [(f"{part.name}: {claim.sentence}", claim) for part in self.system.parts for claim in inherited(part)]
        claims += [
            (claim.sentence, claim) for claim in self.system.properties
        ]  # last: a name that stands twice is the system's own
        for name, claim in claims:
            if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
                found[name] = Fact(name, self.counting.state(claim.formula), str(claim.formula))
        return {name: attrs.evolve(fact, name=name) for name, fact in found.items()}

    def name_of(self, name: str, term: Term) -> str:
        """The name here of an engine's lemma: engines give one name to what several cells say."""
        if name not in self.lemmas or name in self._ordered:
            return next((known for known, fact in self._ordered.items() if fact.term.ast.value == term.ast.value), name)
        return name

    @cached_property
    def _ordered(self) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for name, term in self.counting.order:
            found[_unused(name, found)] = Fact(name, term)
        return found

    def rules(self, occurrence: Occurrence) -> tuple[Fact, ...]:
        """The rules of an event."""
        return tuple(Fact(f"rule: {rule.name}", term, str(rule.when)) for rule, term in occurrence.rules)

    @cached_property
    def timing(self) -> Timing:
        """The same with clocks, where there is nothing but `one` parts."""
        return Timing(self.system, self.fixed)

    @cached_property
    def writer(self) -> Writer:
        """What all scripts of this theory are written with."""
        return Writer(self.legend, self.counting.variables)

    @cached_property
    def legend(self) -> dict[str, str]:
        """What the numbers of a symbol stand for, in words."""
        said: dict[str, str] = {}
        for part, (state, values, _) in self.counting.ones.items():
            said[state.decl().name()] = _numbered(one.name for one in part.machine.states)
            for variable, term in values.items():
                said |= _members(term.decl().name(), variable.domain)
        for param in self.system.parameters:
            said |= _members(param.name, param.domain)
        for event in self.system.events:
            for ref in field_refs(event).values():
                said |= _members(f"{event.__name__}.{ref.name}", ref.domain)
        return said


def _without(every: Counting, empty: frozenset[str]) -> Counting:
    """All cells, without the ways that move somebody out of one that stays empty: that it is empty stands in every question."""
    if not empty:
        return every

    def starts(branch: Branch) -> bool:
        left = (
            every.counters[one.part].get(one.before)
            for one in branch.moved
            if one.alone and one.before is not None and isinstance(one.part, Each)
        )
        return not any(counter is not None and counter.decl().name() in empty for counter in left)

    kept = tuple(attrs.evolve(one, branches=tuple(filter(starts, one.branches))) for one in every.occurrences)
    return Counting(every.system, every.fixed, thinned=kept)


def named(occurrence: Occurrence) -> str:
    """An event in the name of a question; of one that time sends, whose timer it is."""
    return (
        label(occurrence.event)
        if occurrence.sender is None
        else f"{label(occurrence.event)} of {occurrence.sender.name}"
    )


def met_by(counting: Counting, whole: Counting) -> Met:
    """What events can fill, as a counting encoding has it that leaves out the rest."""
    live = {(part.name, str(cell)) for part, cells in counting.counters.items() for cell in cells}
    empty = [
        term.decl().name()
        for part, cells in whole.counters.items()
        for cell, term in cells.items()
        if (part.name, str(cell)) not in live
    ]
    values: dict[str, dict[int, None] | None] = {}
    if empty or counting.thinned is not None:
        symbols = {
            term.ast.value: term.decl().name()
            for state, variables, _ in counting.ones.values()
            for term in (state, *variables.values())
        }
        values = {name: {} for name in symbols.values()}
        for term, after in (
            *counting.start.items(),
            *((pair) for one in counting.occurrences for branch in one.branches for pair in branch.next.items()),
        ):
            name = symbols.get(term.ast.value)
            if name is not None:
                value, known = value_of(after), values[name]
                values[name] = None if known is None or value is None else {**known, int(value): None}
    sizes = {state.decl().name(): len(part.machine.states) for part, (state, _, _) in counting.ones.items()}
    return Met(
        tuple(empty),
        {
            name: tuple(sorted(known))
            for name, known in values.items()
            if known is not None and len(known) < sizes.get(name, len(known) + 1)
        },
    )


def _constant(term: Term, value: int) -> Term:
    return (TRUE if value else negated(TRUE)) if term.sort().name() == "Bool" else of_value(value)


def _unused(name: str, taken: Mapping[str, object]) -> str:
    number_ = 2
    made = name
    while made in taken:
        made, number_ = f"{name} ({number_})", number_ + 1
    return made


def _numbered(names: Iterable[str]) -> str:
    return ", ".join(f"{place} {name}" for place, name in enumerate(names))


def _members(symbol: str, domain: Any) -> dict[str, str]:
    return {symbol: _numbered(map(value_in_words, domain.members))} if isinstance(domain, Enumeration) else {}
