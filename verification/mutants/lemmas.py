"""More candidates for invariants than the declarations state: what a comparison of two declarations most often needs.

Each is a guess, and only those that hold at the start and are kept by every step survive `Induction`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fsm.language.domains import Booleans
from fsm.language.expressions import Compare, Expr
from fsm.language.leaves import Count
from fsm.language.parts import One
from fsm.language.properties import Modality
from fsm.language.traversal import walk
from fsm.verification.encoding.places import place_of_value, worth_naming
from fsm.verification.encoding.terms import Unencodable, equal, implies, negated, number
from fsm.verification.encoding.translation import of_value
from fsm.verification.engines.induction import Induction
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock

__all__ = ["stronger"]


FEW = 16
"""Of so many numbers each one is a candidate; beyond that work would grow with the range."""


def stronger(induction: Induction) -> Induction:
    """The invariants with those that say what each rule that limits a number keeps, which values a state
    never sees, which switch a state needs, and that what shall be reachable is not."""
    more = {
        **dict(_limits(induction)),
        **dict(_never(induction)),
        **dict(_without(induction)),
        **dict(_switched(induction)),
    }
    return Induction(induction.counting, {**induction.candidates, **more}) if more else induction


def _without(induction: Induction) -> Iterator[tuple[FactId, object]]:
    """That a `one` part never has this value in that state."""
    for part, (state, _, _) in induction.counting.ones.items():
        for there, place in enumerate(induction.counting.stays(part)):
            here = equal(state, number(there))
            for which, (variable, term) in enumerate(place.values.items()):
                for value in worth_naming(variable.domain, FEW):
                    at = (induction.counting.places.parts[part], there, which, place_of_value(variable.domain, value))
                    yield FactId(Of.WITHOUT, at), implies(here, negated(equal(term, of_value(value))))


def _switched(induction: Induction) -> Iterator[tuple[FactId, object]]:
    """That a state is met only where a switch is on, or only where it is off."""
    system, fixed = induction.counting.system, induction.counting.fixed
    switches = [
        (place, one)
        for place, one in enumerate(system.parameters)
        if isinstance(one.domain, Booleans) and one.name not in fixed
    ]
    for which, switch in switches:
        for number_, part in enumerate(system.parts):
            guards = [line.guard for line in part.machine.transitions if line.guard is not None]
            if any(node is switch for read in (*guards, *(rule.when for rule in system.rules)) for node in walk(read)):
                for place, state in enumerate(part.machine.states):
                    if isinstance(part, One) or state != part.machine.initial:
                        elsewhere = ~part.inside(state) if isinstance(part, One) else part.none(state)
                        at = (number_, place, which)
                        yield FactId(Of.SWITCHED_ON, at), induction.counting.state(elsewhere | switch)
                        yield FactId(Of.SWITCHED_OFF, at), induction.counting.state(elsewhere | ~switch)


def _never(induction: Induction) -> Iterator[tuple[FactId, object]]:
    """That what shall be reachable is not."""
    for place, claim in enumerate(induction.counting.system.properties):
        if claim.modality is Modality.REACHABLE and not reads_clock(claim.formula):
            yield FactId(Of.UNREACHED, (place,)), negated(induction.counting.state(claim.formula))


def _limits(induction: Induction) -> Iterator[tuple[FactId, object]]:
    for number_, rule in enumerate(induction.counting.system.rules):
        for place, node in enumerate(walk(rule.when)):
            if isinstance(node, Compare) and node.op in ("<", "<=") and isinstance(node.left, Count):
                kept: Expr[bool] = (node.left <= node.right) | (node.left == 0)
                try:
                    yield FactId(Of.LIMIT, (number_, place)), induction.counting.state(kept)
                except Unencodable:
                    continue
