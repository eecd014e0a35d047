"""Spacer, Z3's property-directed reachability over Horn clauses: it finds the inductive invariant itself.

The counting encoding is given as clauses, one for each way an event can go; unbounded integers and
symbolic parameters are part of the state.

What it can never say: that a formula is false of the real system, since the encoding forgets clocks;
and it may not come back within its budget.
"""

from __future__ import annotations

from typing import Any

import attrs
import z3

from fsm.verification.encoding.counting import Counting
from fsm.verification.engines.induction import Failure, Kept

__all__ = ["Invariant", "show_always"]

BUDGET = 4_000_000


@attrs.frozen(eq=False)
class Invariant(Kept):
    """A formula that is shown, and the invariant that shows it.

    Attributes:
        formula: as SMT-LIB, over the symbols of the state; empty where the answer has another form.
    """

    formula: str


def show_always(counting: Counting, assumptions: dict[str, Any], claim: Any) -> Invariant | Failure:
    """Whether no run of the counting encoding breaks the claim; rules are not told apart."""
    own = z3.Context()  # what it finds depends on what the context has seen before

    def moved(*terms: Any) -> list[Any]:
        return [term.translate(own) for term in terms]

    solver = z3.Fixedpoint(ctx=own)
    solver.set(engine="spacer")
    solver.set("spacer.random_seed", 0)
    solver.set("rlimit", BUDGET)
    state = [*(term for name, term in counting.params.items() if name not in counting.fixed), *counting.variables]
    sorts = [term.sort() for term in moved(*state)]
    reach = z3.Function("reach", *sorts, z3.BoolSort(own))
    broken = z3.Function("broken", z3.BoolSort(own))
    solver.register_relation(reach, broken)
    solver.declare_var(*moved(*state, *_others(counting, state)))
    start = [z3.substitute(term, *counting.start.items()) for term in state]
    here = reach(*moved(*state))
    solver.rule(reach(*moved(*start)), moved(*counting.ranges, *assumptions.values()))
    for occurrence in counting.occurrences:
        rules = [term for _, term in occurrence.rules]
        for branch in occurrence.branches:
            after = [branch.after(term) for term in state]
            bounds = counting.field_bounds(occurrence.event)
            solver.rule(
                reach(*moved(*after)),
                [here, *moved(occurrence.quiet, *rules, *bounds, *branch.conditions, *branch.clock)],
            )
    solver.rule(broken(), [here, *moved(z3.Not(claim))])
    try:
        result = solver.query(broken())
    except z3.Z3Exception as stopped:  # how this engine says that its budget is spent
        return Failure("Spacer", {}, str(stopped))
    if result == z3.unsat:
        return Invariant(frozenset(), _invariant(solver.get_answer(), moved(*state)))
    return (
        Failure("a run of the encoding, which forgets clocks", {})
        if result == z3.sat
        else Failure("Spacer", {}, solver.reason_unknown())
    )


def _invariant(answer: Any, state: list[Any]) -> str:
    """The definition of `reach` in the answer, with the state put in for its arguments."""
    todo = [answer]
    while todo:
        node = todo.pop()
        if z3.is_quantifier(node) and z3.is_eq(node.body()) and node.body().arg(0).decl().name() == "reach":
            reach, formula = node.body().children()
            places = {z3.get_var_index(argument): term for argument, term in zip(reach.children(), state, strict=True)}
            return str(z3.substitute_vars(formula, *(places[place] for place in range(len(state)))).sexpr())
        todo += [] if z3.is_quantifier(node) else node.children()
    return ""


def _others(counting: Counting, state: list[Any]) -> list[Any]:
    """Symbols in conditions that are not part of the state: fields of events, times in state."""
    known = {term.get_id() for term in state}
    found: dict[int, Any] = {}
    for occurrence in counting.occurrences:
        for term in (
            occurrence.quiet,
            *(rule for _, rule in occurrence.rules),
            *counting.field_bounds(occurrence.event),
        ):
            _collect(term, known, found)
        for branch in occurrence.branches:
            for term in (*branch.conditions, *branch.clock, *branch.next.values()):
                _collect(term, known, found)
    return list(found.values())


def _collect(term: Any, known: set[int], found: dict[int, Any]) -> None:
    todo = [term]
    while todo:
        node = todo.pop()
        if z3.is_const(node) and node.decl().kind() == z3.Z3_OP_UNINTERPRETED and node.get_id() not in known:
            found[node.get_id()] = node
        todo += node.children()
