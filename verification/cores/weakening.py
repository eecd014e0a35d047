"""A declaration whose rules and guards can be left out one by one, so that a proof can say which of them it needs.

Each condition `g` becomes `g or left out`, with a new parameter for `left out` and an assumption, named
after it, that it is not. Proofs use assumptions by name, so the assumptions that a proof uses are the
rules and guards that it needs: it goes through whatever the others are.

What it can never say: that a guard is needed for anything but the claims. A guard without which a
value may leave its range cannot be left out: what is left would not be a declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.errors import DefinitionError
from fsm.language.composition import with_parts
from fsm.language.domains import Booleans
from fsm.language.expressions import Arithmetic, Formula, Not, Param, junction
from fsm.language.machine import Machine, Transition
from fsm.language.parameters import Assumption
from fsm.language.printing import label
from fsm.language.system import System, Wire
from fsm.language.traversal import walk

__all__ = ["Weakened", "weakened", "without_assumptions"]


@attrs.frozen(eq=False)
class Weakened:
    """A system with rules and guards that can be left out.

    Attributes:
        system: the system; under its assumptions it is the one that was given.
        rules, guards: for each assumption that one is not left out, which one that is, in words, in the order of the declaration.
        fixed: guards that cannot be left out, in words.
    """

    system: System
    rules: Mapping[Assumption, str]
    guards: Mapping[Assumption, str]
    fixed: tuple[str, ...]


def weakened(system: System) -> Weakened:
    """The system with every rule, every guard of a transition and every condition of a wire as an assumption."""
    making = _Making(system)
    machines = {machine: making.machine(machine) for machine in dict.fromkeys(part.machine for part in system.parts)}
    open_ = attrs.evolve(system, parameters=(*system.parameters, *making.params))
    made = with_parts(open_, {part: attrs.evolve(part, machine=machines[part.machine]) for part in system.parts})
    wires = tuple(making.wire(one) for one in made.wires)
    rules = tuple(attrs.evolve(one, when=making.opened(one.when, making.rules, one.name)) for one in made.rules)
    parameters = (*system.parameters, *making.params)
    assumptions = (*system.assumptions, *making.guards, *making.rules)
    opened = _opened(made, wires=wires, rules=rules, parameters=parameters, assumptions=assumptions)
    return Weakened(opened, making.rules, making.guards, tuple(making.fixed))


def without_assumptions(system: System) -> System:
    """An open declaration with nothing taken for granted: whatever is left out of it."""
    return _opened(system, assumptions=())


@attrs.frozen(eq=False, repr=False)
class OpenSystem(System):
    """A system that is not checked: only under the assumptions, which checks would have to try in every combination, are its wires apart."""

    def __attrs_post_init__(self) -> None:
        """Nothing is checked."""


def _opened(system: System, **changes: Any) -> OpenSystem:
    given = {field.name: getattr(system, field.name) for field in attrs.fields(System) if field.init}
    return OpenSystem(**given | changes)


class _Making:
    """Rules and guards with their parameters, as they are met."""

    def __init__(self, system: System) -> None:
        self.prefix = "left_out_"
        while any(one.name.startswith(self.prefix) for one in system.parameters):
            self.prefix += "_"
        self.params: list[Param[bool]] = []
        self.rules: dict[Assumption, str] = {}
        self.guards: dict[Assumption, str] = {}
        self.fixed: list[str] = []

    def machine(self, machine: Machine) -> Machine:
        """The machine with every guard that can be left out made so."""
        for place, one in enumerate(machine.transitions):
            guard = one.as_meant.guard
            if guard is not None:
                name = f"{_from(one, machine)} on {label(one.event)} when {guard}"
                if _keeps_in_range(machine, place, junction("or", Param(self.prefix, Booleans(), False), guard)):
                    self.fixed.append(name)
                else:
                    machine = attrs.evolve(
                        machine, transitions=_with(machine, place, self.opened(guard, self.guards, name))
                    )
        return machine

    def wire(self, wire: Wire) -> Wire:
        """The wire with its condition made so; where it computes what it hands on, the condition may keep that in range."""
        if wire.when is None:
            return wire
        name = f"wire on {label(wire.event_class)} when {wire.when}"
        if any(
            isinstance(node, Arithmetic) for move in wire.moves for _, value in move.payload for node in walk(value)
        ):
            self.fixed.append(name)
            return wire
        return attrs.evolve(wire, when=self.opened(wire.when, self.guards, name))

    def opened(self, condition: Formula, known: dict[Assumption, str], name: str) -> Formula:
        """The condition, or that it is left out; one more of a name gets a number."""
        param: Param[bool] = Param(f"{self.prefix}{len(self.params) + 1}", Booleans(), False)
        taken = set(known.values())
        names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
        again = next(said for said in names if said not in taken)
        self.params.append(param)
        known[Assumption(f"not left out: {again}", Not(param))] = again
        return junction("or", param, condition)


def _keeps_in_range(machine: Machine, place: int, opened: Formula) -> bool:
    """Whether the guard of a line, as it is written, keeps a value in its range."""
    try:
        made = attrs.evolve(machine, transitions=_with(machine, place, opened))
    except DefinitionError:
        return True
    return made.transitions[place].narrowed and not machine.transitions[place].narrowed


def _with(machine: Machine, place: int, guard: Formula) -> tuple[Transition, ...]:
    return tuple(
        attrs.evolve(one.as_meant, guard=guard) if number == place else one
        for number, one in enumerate(machine.transitions)
    )


def _from(one: Transition, machine: Machine) -> str:
    return f"{machine.name} {' or '.join(dict.fromkeys(state.name for state in one.sources))}"
