"""A declaration as named formulas: the counting encoding with every cell, made without asking any solver.

The engines leave out cells that no event can fill, after asking. Here nothing is left out: that these
cells stay empty is one more lemma with questions of its own, and so is what the types of the counted say.

You may not call a solver here. What a certificate is compared with must not depend on an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from math import inf
from typing import Any

import attrs
import z3

from fsm.language.composition import inherited_places
from fsm.language.parts import Each, Part
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.verification.certificates.smtlib import ScriptWriter
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.relations import relations
from fsm.verification.encoding.slicing import whole
from fsm.verification.encoding.symbols import Symbol, SymbolKind, symbol_of
from fsm.verification.encoding.terms import Swap, Unencodable, conj, disj, equal, negated, number, of_value, value_of
from fsm.verification.engines.clocks.timed_induction import Timing
from fsm.verification.evidence import Met
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock

__all__ = ["BadEvidence", "Fact", "Theory", "met_by", "of_part", "theory_of"]

Term = Any


MOST = 10_000
"""The most values that are told of one symbol."""


class BadEvidence(Exception):
    """Evidence that names something that does not exist, or that is no proof whatever a solver says."""


@attrs.frozen(eq=False)
class Fact:
    """A formula with its id, and in the declaration's words where it has any.

    Attributes:
        said: the formulas of which it is the conjunction; empty where it is one alone.
    """

    id: FactId
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
    empty: tuple[Symbol, ...],
    values: tuple[tuple[Symbol, tuple[int, ...]], ...],
) -> Theory:
    return Theory(system, dict(fixed), Met(empty, dict(values)))


class Theory:
    """One system under one profile, said in formulas.

    Args:
        fixed: values of parameters that a profile fixes.
        met: what events can fill.

    Raises:
        Unencodable: the counting encoding cannot say it.
        BadEvidence: `met` names no symbol of this system.
    """

    def __init__(self, system: System, fixed: Mapping[str, Any], met: Met) -> None:
        self.system, self.fixed, self.met = system, dict(fixed), met
        every = whole(system, fixed)
        known = {symbol_of(term): term for term in every.variables}
        strange = [
            *(one for one in met.empty if one not in known or one.kind is not SymbolKind.COUNTER),
            *(one for one in met.values if one not in known or one.kind not in (SymbolKind.STATE, SymbolKind.VARIABLE)),
            *(one for one, values in met.values.items() if len({*values}) < len(values) or len(values) > MOST),
        ]
        if strange:
            raise BadEvidence(f"there is no such symbol as {strange[0]}, or it has no such values")
        self.counting = _without(every, frozenset(known[symbol].ast.value for symbol in met.empty))
        self.start = Swap(self.counting.start.items())
        self.assumptions = tuple(
            Fact(FactId(Of.ASSUMPTION, (place,)), self.counting.assumption(one.that), str(one.that))
            for place, one in enumerate(system.all_assumptions)
        )
        empty = (
            *(equal(known[symbol], number(0)) for symbol in met.empty),
            *(disj(_is(known[symbol], value) for value in values) for symbol, values in met.values.items()),
        )
        self.empty = Fact(FactId(Of.EMPTY), conj(empty), said=empty)
        self.types = Fact(FactId(Of.TYPES), conj(self.counting.typing), said=self.counting.typing)

    @cached_property
    def lemmas(self) -> dict[FactId, Fact]:
        """Everything that may be used as a lemma: whether it is one, its own questions show."""
        every = whole(self.system, self.fixed)
        found = [Fact(fact, term) for fact, term in (*self.counting.order, *relations(self.counting, every))]
        for part, (state, _, _) in self.counting.ones.items():
            for place, _ in enumerate(part.machine.states):
                never = FactId(Of.NEVER, (self.counting.places.parts[part], place))
                found.append(Fact(never, negated(equal(state, number(place)))))
        claims = [(FactId(Of.CLAIM, (place,)), claim) for place, claim in enumerate(self.system.properties)]
        claims += [one for place, part in enumerate(self.system.parts) for one in of_part(place, part)]
        for fact, claim in claims:
            if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
                with suppress(Unencodable):  # that one is no lemma
                    found.append(Fact(fact, self.counting.state(claim.formula), str(claim.formula)))
        return {one.id: one for one in found}

    def rules(self, occurrence: Occurrence) -> tuple[Fact, ...]:
        """The rules of an event."""
        places = self.counting.places.rules
        return tuple(Fact(FactId(Of.RULE, (places[rule],)), term, str(rule.when)) for rule, term in occurrence.rules)

    @cached_property
    def timing(self) -> Timing:
        """The same with the clocks of the parts that have one instance."""
        return Timing(self.system, self.fixed, counting=self.counting)

    @cached_property
    def writer(self) -> ScriptWriter:
        """What all scripts of this theory are written with."""
        return ScriptWriter(self.counting.variables)


def of_part(place: int, part: Part) -> list[tuple[FactId, Property]]:
    """What a part inherits from its machine; `place` is that of the part."""
    return [(FactId(Of.PART_CLAIM, (place, number_)), claim) for number_, claim in inherited_places(part)]


def _without(every: Counting, empty: frozenset[int]) -> Counting:
    """All cells, without the ways that move somebody out of one that stays empty: that it is empty stands in every question."""
    if not empty:
        return every

    def starts(branch: Branch) -> bool:
        left = (
            every.counters[one.part].get(one.before)
            for one in branch.moved
            if one.alone and one.before is not None and isinstance(one.part, Each)
        )
        return not any(counter is not None and counter.ast.value in empty for counter in left)

    kept = tuple(attrs.evolve(one, branches=tuple(filter(starts, one.branches))) for one in every.occurrences)
    return Counting(every.system, every.fixed, thinned=kept)


def met_by(counting: Counting, whole: Counting) -> Met:
    """What events can fill, as a counting encoding has it that leaves out the rest."""
    empty = tuple(
        symbol_of(term)
        for part, cells in whole.counters.items()
        for cell, term in cells.items()
        if cell not in counting.counters[part]
    )
    if not empty and counting.thinned is None:
        return Met()
    values: dict[int, dict[int, None] | None] = {}
    symbols: dict[int, tuple[Term, float]] = {}
    for part, (state, variables, _) in counting.ones.items():
        symbols[state.ast.value] = (state, len(part.machine.states))
        symbols.update({term.ast.value: (term, inf) for term in variables.values()})
    values.update({pointer: {} for pointer in symbols})
    for term, after in (
        *counting.start.items(),
        *(pair for one in counting.occurrences for branch in one.branches for pair in branch.next.items()),
    ):
        if term.ast.value in values:
            value, known = value_of(after), values[term.ast.value]
            values[term.ast.value] = None if known is None or value is None else {**known, int(value): None}
    return Met(
        empty,
        {
            symbol_of(symbols[pointer][0]): tuple(sorted(known))
            for pointer, known in values.items()
            if known is not None and len(known) < symbols[pointer][1]
        },
    )


def _is(term: Term, value: int) -> Term:
    if isinstance(term, z3.BoolRef):
        return term if value else negated(term)
    return equal(term, of_value(value))
