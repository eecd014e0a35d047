"""What of a declaration is drawn, as data: states and transitions of a machine; parts, wires and rules of a system.

How it is found is `reduction`.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Part
from fsm.language.system import Rule, System, Wire

__all__ = ["MachineView", "PartView", "SystemView"]


@attrs.frozen(eq=False)
class MachineView:
    """A machine as it is drawn.

    Attributes:
        machine: as it is declared.
        states: those that are drawn.
        transitions: those that are drawn, with what is left of their guards.
        declared: by the identity of a transition that is drawn, the one that it was declared as.
    """

    machine: Machine
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    declared: Mapping[int, Transition]

    def leaving(self, state: State) -> tuple[Transition, ...]:
        """The transitions that start in a state, in order."""
        return tuple(one for one in self.transitions if state in one.sources)

    @property
    def left_out(self) -> int:
        """How many transitions and states of the machine are not drawn."""
        return len(self.machine.transitions) - len(self.transitions) + len(self.machine.states) - len(self.states)


@attrs.frozen(eq=False)
class PartView:
    """A part of a system as it is drawn."""

    part: Part
    machine: MachineView


@attrs.frozen(eq=False)
class SystemView:
    """A system as it is drawn.

    Attributes:
        system: as it is declared.
        parts: its parts, in order.
        wires: those that are drawn, with what is left of their conditions.
        rules: those that can refuse something, by their number in the declaration, with what is left of what they demand.
        declared: by the identity of a wire or rule that is drawn, the one that it was declared as.
    """

    system: System
    parts: tuple[PartView, ...]
    wires: tuple[Wire, ...]
    rules: Mapping[int, Rule]
    declared: Mapping[int, Wire | Rule]

    def rules_on(self, event: type) -> list[int]:
        """The numbers of the rules that can refuse an event."""
        return [number for number, rule in self.rules.items() if event in rule.on]

    @property
    def left_out(self) -> int:
        """How many transitions, states, wires and rules are not drawn."""
        system = self.system
        wires = len(system.all_wires) - len(self.wires)
        return sum(one.machine.left_out for one in self.parts) + wires + len(system.rules) - len(self.rules)
