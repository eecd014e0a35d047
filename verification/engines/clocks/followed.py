"""One instance of a part, followed by itself: its machine alone, to which anything may be sent at any time.

Whatever wires and rules do, each of many instances takes lines of its machine, at moments at which none of its timers is due, and its timers fire when
they are: so what comes in the end of its machine alone comes of each. An instance that returns to its initial state forgets what it
knew. Where a timer of another part moves it, that may be at the very instant at which one of its own is due, and no machine alone is like that.

What it can never say: anything that holds because of wires and rules, or of what callers owe.
"""

from __future__ import annotations

import attrs

from fsm.language.composition import localized
from fsm.language.expressions import Const
from fsm.language.leaves import ForEach
from fsm.language.machine import Machine, Transition
from fsm.language.parts import Each, Sent, one
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.verification.encoding.instance import readable

__all__ = ["followed"]


def followed(system: System, claim: Property) -> System | None:
    """The machine of which something is claimed of each instance, alone, the claim its first; None where it cannot be followed so."""
    goal, premise = claim.formula, claim.premise
    if not (isinstance(goal, ForEach) and isinstance(premise, ForEach) and isinstance(goal.part, Each)):
        return None
    part, machine = goal.part, goal.part.machine
    moved = [move.part for wire in system.wires if isinstance(wire.event, Sent) for move in wire.moves]
    if part in moved or any(_begins_by_staying(machine, line) for line in machine.transitions):
        return None
    lines = tuple(_forgetting(machine, line) for line in machine.transitions)
    alone = one(part.name, attrs.evolve(machine, transitions=lines, properties=()))
    said = attrs.evolve(claim, modality=Modality.LEADS_TO, premise=premise.formula, formula=goal.formula, fair=())
    claims = tuple(localized(each, alone) for each in (said, *machine.properties))
    return System(
        system.name, (alone,), parameters=system.parameters, assumptions=system.assumptions, properties=claims
    )


def _begins_by_staying(machine: Machine, line: Transition) -> bool:
    """Whether it writes something where no instance is, and leaves it so."""
    return line.target is None and bool(line.updates) and machine.initial in line.sources


def _forgetting(machine: Machine, line: Transition) -> Transition:
    """A line; of one that leads back to the initial state, that everything is as at first."""
    first = tuple((variable, Const(variable.initial)) for variable in readable(machine))
    return attrs.evolve(line, updates=first) if line.target == machine.initial else line
