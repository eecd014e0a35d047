"""Spacer, Z3's property-directed reachability over Horn clauses: it finds the inductive invariant itself.

The counting encoding is given as clauses, one for each way an event can go; unbounded integers and
symbolic parameters are part of the state.

What it can never say: that a formula is false of the real system, since the encoding forgets clocks;
and it may not come back within its budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import z3

from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.formula_text import Unreadable, read
from fsm.verification.encoding.symbols import SymbolKind, relation, symbol_of
from fsm.verification.encoding.terms import Swap, negated, symbols_of
from fsm.verification.engines.induction import Failure, Kept
from fsm.verification.solver import gave_up

__all__ = ["Invariant", "show_always"]

Term = Any
BUDGET = 4_000_000


@attrs.frozen(eq=False)
class Invariant(Kept):
    """A formula that is shown, and the invariant that shows it.

    Attributes:
        formula: over the symbols of the state and the parameters, as certificates have it.
    """

    formula: str


def show_always(counting: Counting, assumptions: Iterable[Term], claim: Term) -> Invariant | Failure:
    """Whether no run of the counting encoding breaks the claim; rules are not told apart."""
    try:
        return _asked(counting, assumptions, claim)
    except z3.Z3Exception as stopped:  # also how this engine says that its budget is spent
        return Failure("Spacer", {}, gave_up(str(stopped)).reason)
    except Unreadable as form:
        return Failure("Spacer", {}, f"what it found is no invariant that a certificate can have: {form}")


def _asked(counting: Counting, assumptions: Iterable[Term], claim: Term) -> Invariant | Failure:
    own = z3.Context()  # what it finds depends on what the context has seen before

    def moved(*terms: Term) -> list[Term]:
        return [term.translate(own) for term in terms]

    solver = z3.Fixedpoint(ctx=own)
    solver.set(engine="spacer")
    solver.set("spacer.random_seed", 0)
    solver.set("rlimit", BUDGET)
    state = counting.open
    reached = relation(SymbolKind.REACHED, [term.sort() for term in moved(*state)], own)
    lost = relation(SymbolKind.LOST, [], own)
    solver.register_relation(reached, lost)
    solver.declare_var(*moved(*state, *_others(counting, state)))
    here = reached(*moved(*state))
    start = Swap(counting.start.items())
    solver.rule(reached(*moved(*map(start, state))), moved(*counting.ranges, *assumptions))
    for occurrence in counting.occurrences:
        rules = [term for _, term in occurrence.rules]
        for branch in occurrence.branches:
            bounds = counting.places.field_bounds(occurrence.event)
            solver.rule(
                reached(*moved(*map(branch.after, state))),
                [here, *moved(occurrence.quiet, *rules, *bounds, *branch.conditions, *branch.clock)],
            )
    solver.rule(lost(), [here, *moved(negated(claim))])
    result = solver.query(lost())
    if result == z3.unsat:
        return Invariant(frozenset(), _invariant(solver.get_answer(), reached, state, own))
    return (
        Failure("a run of the encoding, which forgets clocks", {})
        if result == z3.sat
        else Failure("Spacer", {}, gave_up(solver.reason_unknown()).reason)
    )


def _invariant(answer: Term, reached: Any, state: Sequence[Term], own: Any) -> str:
    """The definition of the relation in the answer, with the state put in for its arguments.

    Raises:
        Unreadable: it has another form.
    """
    todo = [answer]
    while todo:
        node = todo.pop()
        body = node.body() if z3.is_quantifier(node) else None
        if body is not None and z3.is_eq(body) and body.arg(0).decl().eq(reached):
            here, formula = body.children()
            named = {z3.get_var_index(one): term for one, term in zip(here.children(), state, strict=True)}
            if sorted(named) != list(range(len(state))):
                raise Unreadable("its arguments are not the state")
            text = z3.substitute_vars(formula, *(named[place].translate(own) for place in range(len(state)))).sexpr()
            read(text, {str(symbol_of(term)): term for term in state})
            return str(text)
        todo += [] if body is not None else node.children()
    raise Unreadable("its definition is not an equivalence")


def _others(counting: Counting, state: Sequence[Term]) -> list[Term]:
    """Symbols in conditions that are not part of the state: fields of events, times in state."""
    terms = (
        term
        for occurrence in counting.occurrences
        for term in (
            occurrence.quiet,
            *(rule for _, rule in occurrence.rules),
            *counting.places.field_bounds(occurrence.event),
            *(one for branch in occurrence.branches for one in (*branch.conditions, *branch.clock)),
            *(one for branch in occurrence.branches for one in branch.next.values()),
        )
    )
    known = {term.ast.value for term in state}
    return [term for term in symbols_of(terms) if term.ast.value not in known]
