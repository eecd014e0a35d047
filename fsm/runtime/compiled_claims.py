"""What must always hold of a snapshot, compiled: the fast twin of `fsm.semantics.satisfaction.holds` for one profile.

Claims that count effects speak of the past, which a snapshot does not hold; those are left to whoever knows it.
"""

from __future__ import annotations

from typing import Any

import attrs

from fsm.language.composition import inherited
from fsm.language.expressions import Expr, Formula, Var
from fsm.language.leaves import Clock, ForEach, InState
from fsm.language.parameters import NamedProfile
from fsm.language.parts import Each, Part
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.compiled_expressions import Closure, Leaf, compile_expression
from fsm.runtime.compiled_leaves import instance_leaf, system_leaf
from fsm.semantics.satisfaction import counts_effects, expected
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import Configured

__all__ = ["Claim", "compile_claims", "compile_state_formula"]


@attrs.frozen(eq=False)
class Claim:
    """One claim that must always hold.

    Attributes:
        claim: as declared.
        part: the part whose machine says it; None for what the system says.
        each: the part of whose instances it speaks one by one; None where it speaks of all parts together.
        holds: takes the parts, None, the instant and None; an instance, the parts, the instant and its key where it speaks of one.
    """

    claim: Property
    part: Part | None
    each: Each | None
    holds: Closure


def compile_claims(engine: Configured) -> tuple[Claim, ...]:
    """Every claim of a system and of its parts' machines that must hold in the engine's profile, in the order of the declaration."""
    system = engine.system
    given: list[tuple[Property, Part | None, tuple[NamedProfile, ...]]] = [
        (claim, part, part.machine.profiles) for part in system.parts for claim in inherited(part)
    ]
    given += [(claim, None, system.profiles) for claim in system.properties]
    return tuple(
        _compiled(engine, claim, part)
        for claim, part, profiles in given
        if claim.modality is Modality.ALWAYS
        and not counts_effects(claim.formula)
        and expected(claim, profiles, engine.params)
    )


def _compiled(engine: Configured, claim: Property, part: Part | None) -> Claim:
    formula = with_values(claim.formula, engine.params)
    if isinstance(formula, ForEach) and isinstance(formula.part, Each):
        one = compile_expression(formula.formula, _inside(engine.system, formula.part))
        return Claim(claim, part, formula.part, one)
    return Claim(claim, part, None, compile_state_formula(engine.system, formula))


def compile_state_formula(system: System, formula: Formula) -> Closure:
    """A closure for a formula over a snapshot; it takes the parts, None, the instant and None."""
    whole = system_leaf(system)

    def leaf(expr: Expr[Any]) -> Closure | None:
        if not isinstance(expr, ForEach):
            return whole(expr)
        place, part = next((place, part) for place, part in enumerate(system.parts) if part is expr.part)
        one = compile_expression(expr.formula, _inside(system, part))
        return lambda parts, event, at, key: all(
            one(instance, parts, at, which) for which, instance in parts[place].items()
        )

    return compile_expression(formula, leaf)


def _inside(system: System, part: Part) -> Leaf:
    """What a claim about every instance reads: the instance's own leaves, and those of the parts, which stand in the event's place."""
    own, whole = instance_leaf(part.machine), system_leaf(system)

    def leaf(expr: Expr[Any]) -> Closure | None:
        match expr:
            case Var() | InState(part=None) | Clock(part=None):
                return own(expr)
        others = whole(expr)
        if others is None:
            return own(expr)
        return lambda instance, parts, at, key: others(parts, None, at, None)

    return leaf
