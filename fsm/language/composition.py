"""What a machine says, said of a part; what a system says, said of other parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.checks.kinds import check_kind
from fsm.errors import BadVariant
from fsm.language.events import Emit
from fsm.language.expressions import Expr, Formula, Implies, Not, Param, Var
from fsm.language.leaves import AnyPart, AnyState, Clock, Count, Emitted, ForEach, InState, Moment, PartVar
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Each, Move, One, Part, Sent, everyone, one
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import substitute
from fsm.language.system import Rule, System, Wire
from fsm.language.traversal import walk

__all__ = [
    "Repointing",
    "as_system",
    "inherited",
    "inherited_places",
    "localize",
    "localized",
    "with_machine",
    "with_parts",
]


def as_system(target: Machine | System) -> System:
    """A system as it is; a machine as the system of which it is the only part."""
    if isinstance(target, System):
        return target
    check_kind("as_system()", target, Machine, "a machine or a system")
    part = one(target.name, target)
    claims = tuple(localized(claim, part) for claim in target.properties)
    params = target.parameters
    profiles = tuple(one.within(params) for one in target.profiles)
    return System(target.name, (part,), (), (), params, target.assumptions, claims, profiles, target.doc)


def localized(claim: Property, part: One) -> Property:
    """A claim of a machine, said of a part made by `one`."""
    premise = None if claim.premise is None else localize(claim.premise, part)
    return attrs.evolve(claim, formula=localize(claim.formula, part), premise=premise)


def localize(expr: Expr[Any], part: One) -> Expr[Any]:
    """What a machine says of itself, said of a part made by `one`."""

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState(part=None, states=states):
                return InState(part, states)
            case Var() as variable:
                return PartVar(part, variable)
            case Clock():
                return Clock(part)
            case _:
                return None

    return substitute(expr, swap)


def inherited(part: Part) -> tuple[Property, ...]:
    """The safety properties of a part's machine, said of the part: wires and rules only restrict a machine.

    Not among them is one that counts effects, since those of all parts and instances are counted
    together. One that reads a variable after the step says nothing of a step by which an instance
    is forgotten: its variables are then as at the start, where those of the machine alone are kept.
    """
    return tuple(claim for _, claim in inherited_places(part))


def inherited_places(part: Part) -> tuple[tuple[int, Property], ...]:
    """The same, each with the place of what is claimed among the properties of the part's machine."""
    kept = []
    for place, claim in enumerate(part.machine.properties):
        counts = any(isinstance(node, Emitted) for node in walk(claim.formula))
        if claim.modality in (Modality.ALWAYS, Modality.EACH_STEP) and not counts and not claim.retracted:
            said = (
                localize(claim.formula, part)
                if isinstance(part, One)
                else ForEach(part, _unless_forgotten(part, claim.formula))
            )
            kept.append((place, attrs.evolve(claim, formula=said)))
    return tuple(kept)


def _unless_forgotten(part: Each, claim: Formula) -> Formula:
    later = [node for node in walk(claim) if isinstance(node, Moment) and node.when == "after"]
    if not any(isinstance(below, Var) for node in later for below in walk(node)):
        return claim
    return Implies(Moment("after", Not(InState(None, (part.machine.initial,)))), claim)


def with_machine(system: System, old: Machine, new: Machine) -> System:
    """The system with one machine put in the place of another.

    Raises:
        DefinitionError: the machine cannot stand there.
    """
    return with_parts(system, {part: attrs.evolve(part, machine=new) for part in system.parts if part.machine is old})


def with_parts(system: System, parts: Mapping[Part, Part]) -> System:
    """The system with other parts in the place of its own, each of the same name.

    Raises:
        DefinitionError: they cannot stand there.
    """
    now = {part.name: parts.get(part, part) for part in system.parts}
    pointing = Repointing(now, {}, {})
    return attrs.evolve(
        system,
        parts=tuple(now.values()),
        wires=tuple(map(pointing.wire, system.wires)),
        rules=tuple(map(pointing.rule, system.rules)),
        properties=tuple(map(pointing.claim, system.properties)),
    )


@attrs.frozen(eq=False)
class Repointing:
    """What is said of a declaration, over other parts, states, variables and parameters; what does not change stays the object that it was.

    Attributes:
        parts: of the result, by name; formulas go by the name of a part, whichever object they were written with.
        states: what was put in the place of a state, by the machine's name and the state's.
        leaves: what was put in the place of a variable or a parameter, by identity.
    """

    parts: Mapping[str, Part]
    states: Mapping[tuple[str, str], State]
    leaves: Mapping[int, Expr[Any]]

    def formula(self, expr: Any, machine: str) -> Any:
        """The expression or None, read in the place of this machine; empty for what a system says."""
        return self._over(expr, machine, None)

    def of_instances(self, expr: Any, part: AnyPart) -> Any:
        """What is said of the instances of a part: the name of every one of them goes by the states that there are now."""
        return self._over(expr, part.machine.name, self.part(part).machine)

    def _over(self, expr: Any, machine: str, now: Machine | None) -> Any:
        def swap(node: Expr[Any]) -> Expr[Any] | None:
            match node:
                case InState(everyone=True) if now is not None:
                    return everyone(now)
                case InState(part=part, states=states):
                    home = machine if part is None else part.machine.name
                    names = tuple(dict.fromkeys(self.state(home, one) for one in states))
                    there = None if part is None else self.part(part)
                    return node if there is part and names == states else InState(there, names)
                case Clock(part=part) if part is not None:
                    return Clock(self.part(part))
                case PartVar(part=part, var=var):
                    return PartVar(self.part(part), self.leaf(var))
                case Count(part=part, where=where):
                    return Count(self.part(part), self.of_instances(where, part))
                case ForEach(part=part, formula=inner):
                    return ForEach(self.part(part), self.of_instances(inner, part))
                case Var() | Param():
                    leaf: Expr[Any] = self.leaf(node)
                    return leaf
                case _:
                    return None

        return None if expr is None else substitute(expr, swap)

    def part(self, part: AnyPart) -> Part:
        """The part of this name now."""
        if part.name not in self.parts:
            raise BadVariant(part.name, "there is no such part", f"There are {', '.join(self.parts) or 'none'}.")
        return self.parts[part.name]

    def state(self, machine: str, state: AnyState) -> Any:
        return self.states.get((machine, state.name), state)

    def leaf(self, leaf: Any) -> Any:
        return self.leaves.get(id(leaf), leaf)

    def transition(self, one: Transition, machine: str) -> Transition:
        """A line of a machine; itself where nothing of it changes, so that what was declared once stays one thing."""
        meant = one.as_meant
        fields: dict[str, Any] = {
            "sources": tuple(self.state(machine, state) for state in one.sources),
            "guard": self.formula(meant.guard, machine),
            "target": None if one.target is None else self.state(machine, one.target),
            "duration": self.formula(one.duration, machine),
            "updates": tuple((self.leaf(variable), self.formula(value, machine)) for variable, value in one.updates),
            "effects": tuple(
                Emit(emit.effect, tuple((name, self.formula(value, machine)) for name, value in emit.fields))
                for emit in one.effects
            ),
        }
        if all(_alike(getattr(meant, name), value) for name, value in fields.items()):
            return one
        return attrs.evolve(meant, **fields)

    def claim(self, one: Property, machine: str = "") -> Property:
        """A property of a machine or of the system."""
        fields = {name: self.formula(getattr(one, name), machine) for name in ("premise", "formula", "duration")}
        return (
            one if all(getattr(one, name) is value for name, value in fields.items()) else attrs.evolve(one, **fields)
        )

    def limits(self, part: Part) -> Part:
        """The part, its own limits over what stands there now."""
        if not isinstance(part, Each):
            return part
        return attrs.evolve(part, at_most=self.formula(part.at_most, ""), population=self.formula(part.population, ""))

    def wire(self, one: Wire) -> Wire:
        """A wire of the system, its moves included."""
        event = Sent(self.part(one.event.part), one.event.event) if isinstance(one.event, Sent) else one.event
        moves = tuple(self._move(move) for move in one.moves)
        return attrs.evolve(one, event=event, moves=moves, when=self.formula(one.when, ""))

    def _move(self, one: Move) -> Move:
        payload = tuple((name, self.formula(value, "")) for name, value in one.payload)
        return Move(self.part(one.part), one.key, self.of_instances(one.where, one.part), one.action, payload)

    def rule(self, one: Rule) -> Rule:
        """A rule of the system."""
        return attrs.evolve(one, when=self.formula(one.when, ""))


def _alike(old: Any, new: Any) -> bool:
    """The same thing, or tuples of the same things."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return len(old) == len(new) and all(_alike(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(old, Emit) and isinstance(new, Emit):
        return old.effect is new.effect and _alike(old.fields, new.fields)
    return old is new or (not isinstance(old, Expr) and old == new)
