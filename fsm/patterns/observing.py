"""A machine with claims of patterns: beside its lines, variables that remember what the claims speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.checks.calls import told
from fsm.checks.kinds import check_kind, shown
from fsm.errors import NotDeclared, WrongKind
from fsm.language.expressions import Const, Expr, Formula, Var
from fsm.language.formulas import boolean
from fsm.language.leaves import InState
from fsm.language.machine import Machine, State, Transition
from fsm.language.printing import label
from fsm.language.rewriting import substitute
from fsm.patterns.pattern import Memory, Occasion, Pattern
from fsm.semantics.simplification import simplify

__all__ = ["observed"]

NOT_KEPT: Formula = Const(False)


@told
def observed(machine: Machine, *patterns: Pattern) -> Machine:
    """The machine with these claims, and with variables that no guard reads, for what they must remember.

    It takes the events that the machine takes, and goes where that goes. A part with it, in the place of the machine, claims the
    same of every instance of a system.

    Raises:
        DefinitionError: what is no pattern; a pattern names an event or a state that the machine has not; whatever can be wrong with
            a claim.
    """
    given: object = machine
    if not isinstance(given, Machine):
        raise WrongKind(
            "observed()",
            f"{shown(given)} is not a machine",
            "Of a system observe the machine of a part: one(name, observed(machine, ...)).",
        )
    for pattern in patterns:
        check_kind("observed()", pattern, Pattern, "a pattern: absence(...), precedence(...)")
        machine = _one_more(machine, pattern)
    return machine


def _one_more(machine: Machine, pattern: Pattern) -> Machine:
    memory = pattern.memory
    if memory is None:
        return attrs.evolve(machine, properties=(*machine.properties, pattern.claimed(Const(True), NOT_KEPT)))
    _check_events(f"{machine.name}: pattern {pattern.sentence!r}", machine, memory)
    kept = boolean(
        _free(machine, "scope"), initial=memory.opens is None, doc=f"for {pattern.sentence!r}: it speaks of now"
    )
    seen = boolean(_free(machine, "seen"), doc=f"for {pattern.sentence!r}: it was so") if memory.seen else None
    return attrs.evolve(
        machine,
        variables=(*machine.variables, kept, *([seen] if seen is not None else [])),
        transitions=tuple(
            _remembering(line, memory, kept, seen) for whole in machine.transitions for line in _alone(whole)
        ),
        properties=(*machine.properties, pattern.claimed(kept, NOT_KEPT if seen is None else seen)),
    )


def _check_events(where: str, machine: Machine, memory: Memory) -> None:
    occasions: tuple[Occasion | None, ...] = (memory.opens, memory.closes, memory.seen)
    for one in occasions:
        if one is not None and one.event is not None and one.event not in machine.events:
            known = ", ".join(label(event) for event in machine.events)
            raise NotDeclared(where, f"{label(one.event)} is no event of the machine", f"It has {known}.")


def _free(machine: Machine, word: str) -> str:
    """A name that no variable has, the same on every machine."""
    taken = {one.name for one in machine.variables}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{word}_{number}") not in taken)


def _alone(line: Transition) -> Iterator[Transition]:
    """The line for each of its states, of which what a memory reads then knows."""
    for state in dict.fromkeys(line.sources):
        yield attrs.evolve(line, sources=(state,))


def _remembering(line: Transition, memory: Memory, kept: Var[bool], seen: Var[bool] | None) -> Transition:
    """The line, of one state, with what is kept after it."""
    updates: list[tuple[Var[Any], Formula]] = [(kept, memory.kept_after(line.event, kept))]
    if seen is not None:
        updates.append((seen, memory.seen_after(line.event, kept, seen)))
    known = [(variable, _here(value, line.sources[0])) for variable, value in updates]
    return attrs.evolve(line, updates=(*line.updates, *((own, value) for own, value in known if value is not own)))


def _here(value: Formula, state: State) -> Expr[bool]:
    """A formula in a state: which one it is in is known."""

    def known(node: Expr[Any]) -> Expr[Any] | None:
        return Const(state in node.states) if isinstance(node, InState) and node.part is None else None

    return simplify(substitute(value, known))
