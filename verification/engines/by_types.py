"""Claims that no values that can be written would break: they say nothing of what a system does.

What it can never say: that a claim says something. Where the encoding leaves out states of instances that no event leads to, nothing is said: that nothing
leads there is what the system does. Nothing is proved here: a claim that is shown is told so, or not.
"""

from __future__ import annotations

from typing import Any

from fsm.language.expressions import Expr, Formula, Param
from fsm.language.leaves import Happens, Moment
from fsm.verification.encoding.cells import Cells
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.symbols import NEXT, SymbolKind, copy_of, truth
from fsm.verification.encoding.terms import Swap, Unencodable, negated
from fsm.verification.encoding.translation import translate
from fsm.verification.solver import Asker, No

__all__ = ["types_say", "types_say_of_steps"]

Term = Any


def types_say(counting: Counting, claim: Term) -> bool:
    """Whether no state that can be written breaks a formula. That limits hold is something that the system does."""
    return isinstance(Asker(counting.values).ask(negated(claim)), No) and _has_all_cells(counting)


def types_say_of_steps(counting: Counting, formula: Formula) -> bool:
    """Whether no two states that can be written, one after the other on any event, break a formula over steps.

    Not said of one that speaks of each instance, since who moved is what the system does.
    """
    if not _has_all_cells(counting):
        return False
    later = Swap([(one, copy_of(one, NEXT)) for one in counting.variables])
    events: dict[tuple[type, ...], Term] = {}

    def leaf(expr: Expr[Any]) -> Term:
        match expr:
            case Moment(when=when, of=of):
                return counting.state(of) if when == "before" else later(counting.state(of))
            case Happens(events=named):
                return events.setdefault(tuple(named), truth(SymbolKind.HAPPENING, len(events)))
            case Param():
                return counting.params[expr]
        raise Unencodable(str(expr))

    try:
        broken = negated(translate(formula, leaf))
        return isinstance(Asker((*counting.values, *map(later, counting.values))).ask(broken), No)
    except Unencodable:
        return False


def _has_all_cells(counting: Counting) -> bool:
    return all(
        len(cells.all) == len(Cells(part.machine, counting.params).all) for part, cells in counting.cells.items()
    )
