"""What a declaration says, said of other parts, states, variables and parameters; and what of it names something that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from fsm.errors import BadVariant
from fsm.language.events import Emit
from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import AnyPart, AnyState, Clock, Count, Emitted, ForEach, Happens, InState, PartVar
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Each, Move, Part, Sent, everyone
from fsm.language.properties import Property
from fsm.language.rewriting import substitute
from fsm.language.system import Rule, Wire
from fsm.language.traversal import walk

__all__ = ["Repointing", "names_in"]


@attrs.frozen(eq=False)
class Repointing:
    """Formulas of the base and of its variants, over what stands there now.

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
                    return None if part is None and names == states else InState(self._part(part), names)
                case Clock(part=part):
                    return None if part is None else Clock(self.part(part))
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

    def _part(self, part: AnyPart | None) -> Part | None:
        return None if part is None else self.part(part)

    def state(self, machine: str, state: AnyState) -> Any:
        return self.states.get((machine, state.name), state)

    def leaf(self, leaf: Any) -> Any:
        return self.leaves.get(id(leaf), leaf)

    def transition(self, one: Transition, machine: str) -> Transition:
        """A line of a machine; itself where nothing of it changes, so that what was declared once stays one thing."""
        fields: dict[str, Any] = {
            "sources": tuple(self.state(machine, state) for state in one.sources),
            "guard": self.formula(one.guard, machine),
            "target": None if one.target is None else self.state(machine, one.target),
            "duration": self.formula(one.duration, machine),
            "updates": tuple((self.leaf(variable), self.formula(value, machine)) for variable, value in one.updates),
            "effects": tuple(
                Emit(emit.effect, tuple((name, self.formula(value, machine)) for name, value in emit.fields))
                for emit in one.effects
            ),
        }
        if all(_alike(getattr(one, name), value) for name, value in fields.items()):
            return one
        return attrs.evolve(one, **fields)

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


Name = tuple[str, ...] | tuple[str, type]
"""What a declaration names: `("state", machine, state)`, `("variable", machine, name)`, `("parameter", name)`, `("part", name)`,
`("event", class)`, `("effect", class)`."""


def names_in(expr: Expr[Any] | None, machine: str) -> Iterator[tuple[Any, ...]]:
    """What an expression names, read in the place of this machine; empty for what a system says."""
    for node in () if expr is None else walk(expr):
        match node:
            case InState(part=part, states=states) if not node.everyone:
                home = machine if part is None else part.machine.name
                yield from (("state", home, one.name) for one in states)
                yield from () if part is None else (("part", part.name),)
            case Clock(part=part) if part is not None:
                yield "part", part.name
            case PartVar(part=part, var=var):
                yield from (("part", part.name), ("variable", part.machine.name, var.name))
            case Count(part=part, where=inner) | ForEach(part=part, formula=inner):
                yield "part", part.name
                yield from names_in(inner, part.machine.name)
            case Var():
                yield "variable", machine, node.name
            case Param():
                yield "parameter", node.name
            case Happens(events=events):
                yield from (("event", event) for event in events)
            case Emitted(effect=effect):
                yield "effect", effect
            case _:
                pass
