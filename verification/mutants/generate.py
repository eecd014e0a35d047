"""Which faults are planted in a declaration: everything of these kinds, in the order of the declaration.

Of a machine: a transition left out, led elsewhere or added to a state that does not know its event;
a guard left out, negated, or wrong in one place (`formulas`); an effect, an update or the reset of
the time in state lost; a duration or a value written off by one. Of a system: a rule left out, for
one event or for all; its condition negated or wrong in one place; a wire or one of its moves left
out, its condition or what it hands over wrong in one place; a limit off by one.

What cannot be declared (`DefinitionError`) is no mutant: it is counted apart, as stillborn; and so is what takes from a
line what keeps its values in their ranges, since its machine keeps them there (`fsm.checks.machines`).

What it never plants: a fault in a property, in an assumption, in a domain or an initial value, and
two faults at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import attrs

from fsm.errors import DefinitionError
from fsm.language.composition import with_parts
from fsm.language.domains import Booleans
from fsm.language.events import is_left_out, left_out
from fsm.language.expressions import Const, Expr, Formula, Not
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Each, Move, Sent
from fsm.language.printing import label
from fsm.language.system import Rule, System, Wire
from fsm.verification.mutants.formulas import shifted, variants

__all__ = ["Mutant", "mutants_of"]

Declared = Machine | System


@attrs.frozen(eq=False)
class Mutant:
    """One fault.

    Attributes:
        home: the machine or system in which it is planted.
        kind: what sort of fault, a few words.
        name: where and what, in the declaration's words; unique in its home.
        make: the declaration with the fault; raises DefinitionError where it cannot be declared.
    """

    home: Declared
    kind: str
    name: str
    make: Callable[[], Declared | None]

    def declared(self) -> Declared | None:
        """The declaration with the fault; None when it is stillborn."""
        try:
            return self.make()
        except DefinitionError:
            return None


def mutants_of(home: Declared) -> list[Mutant]:
    """Every mutant of a machine, or of the rules, wires and limits of a system; its machines have mutants of their own."""
    planted = _of_machine(home) if isinstance(home, Machine) else _of_system(home)
    met: Counter[str] = Counter()
    found: list[Mutant] = []
    for kind, name, make in planted:
        met[name] += 1
        found.append(Mutant(home, kind, name if met[name] == 1 else f"{name} ({met[name]})", make))
    return found


Planted = tuple[str, str, Callable[[], Declared | None]]


# Machines


def _of_machine(machine: Machine) -> Iterator[Planted]:
    for place, one in enumerate(machine.transitions):
        for source in one.sources:
            for kind, what, others in _faults(machine, source, attrs.evolve(one.as_meant, sources=(source,))):
                yield kind, f"{_line(machine, source, one)}: {what}", partial(_split, machine, place, source, others)
    yield from _added(machine)


def _split(machine: Machine, place: int, source: State, others: tuple[Transition, ...]) -> Machine | None:
    """The machine with others in the place of a transition from one source; None where it writes the guard of one itself that it need not before."""
    old = machine.transitions[place]
    rest = tuple(state for state in old.sources if state != source)
    kept = (attrs.evolve(old, sources=rest),) if rest else ()
    made = attrs.evolve(
        machine, transitions=(*machine.transitions[:place], *others, *kept, *machine.transitions[place + 1 :])
    )
    planted = made.transitions[place : place + len(others)]
    return None if not old.narrowed and any(line.narrowed for line in planted) else made


def _faults(machine: Machine, source: State, one: Transition) -> Iterator[tuple[str, str, tuple[Transition, ...]]]:
    yield "transition left out", "left out", ()
    for kind, what, changes in (*_targets(machine, source, one), *_guards(one), *_times(one), *_doings(one)):
        yield kind, what, (attrs.evolve(one, **changes),)


Fault = tuple[str, str, dict[str, Any]]


def _targets(machine: Machine, source: State, one: Transition) -> Iterator[Fault]:
    for state in machine.states:
        if state not in (one.target, source):
            yield "transition led elsewhere", f"to {state.name} instead", {"target": state}
    if one.target is None:
        yield "reset planted", "the time in state starts anew", {"target": source}
    elif one.target == source:
        yield "reset lost", "the time in state goes on", {"target": None}
    else:
        yield "transition led elsewhere", f"to {source.name} instead", {"target": source}


def _guards(one: Transition) -> Iterator[Fault]:
    if one.guard is not None:
        yield "guard left out", f"without the guard '{one.guard}'", {"guard": None}
        yield "guard negated", f"the guard '{one.guard}' negated", {"guard": _negated(one.guard)}
        for what, guard in variants(one.guard):
            yield "guard changed", what, {"guard": guard}


def _times(one: Transition) -> Iterator[Fault]:
    for length in shifted(one.duration) if one.duration is not None else ():
        yield "duration off by one", f"after {length}", {"duration": length}


def _doings(one: Transition) -> Iterator[Fault]:
    for place, emit in enumerate(one.effects):
        yield (
            "effect lost",
            f"does not emit {label(emit.effect)}",
            {"effects": one.effects[:place] + one.effects[place + 1 :]},
        )
    for place, (variable, value) in enumerate(one.updates):
        yield (
            "update lost",
            f"does not set {variable.name}",
            {"updates": one.updates[:place] + one.updates[place + 1 :]},
        )
        for other in _values(value):
            changed = (*one.updates[:place], (variable, other), *one.updates[place + 1 :])
            yield "value off by one", f"sets {variable.name} to {other}", {"updates": changed}


def _values(value: Expr[Any]) -> Iterator[Expr[Any]]:
    """What could be written in the place of a value by mistake."""
    if isinstance(value, Const):
        yield from [_negated(value)] if isinstance(value.domain, Booleans) else shifted(value)


def _added(machine: Machine) -> Iterator[Planted]:
    """Each transition once more, from the states that do not know its event."""
    for one in machine.transitions:
        for state in machine.states:
            if not any(other.event is one.event for other in machine.leaving(state)):
                name = f"{_line(machine, state, one)}: added, as from {one.sources[0].name}"
                yield "transition added", name, partial(_more, machine, attrs.evolve(one, sources=(state,)))


def _more(machine: Machine, one: Transition) -> Machine:
    return attrs.evolve(machine, transitions=(*machine.transitions, one))


def _line(machine: Machine, source: State, one: Transition) -> str:
    """The transition in words; its guard stands there only where it tells it from others."""
    said = f"{source.name} on {label(one.event)} to {(one.target or source).name}"
    alike = [other for other in machine.leaving(source) if other.event is one.event]
    return f"{said} when {one.guard}" if len(alike) > 1 and one.guard is not None else said


def _negated(guard: Formula) -> Formula:
    if isinstance(guard, Const):
        return Const(not guard.value)
    return guard.part if isinstance(guard, Not) else Not(guard)


# Systems


def _of_system(system: System) -> Iterator[Planted]:
    for place, rule in enumerate(system.rules):
        for kind, what, others in _rule_faults(rule):
            yield kind, f"rule '{rule.name}': {what}", partial(_changed, system, "rules", place, others)
    wires = system.all_wires
    for place, wire in enumerate(wires):
        for kind, what, made in _wire_faults(wire):
            yield kind, f"{_wire(system, wire)}: {what}", partial(_rewired, system, wires, place, made)
    for part in system.parts:
        if isinstance(part, Each):
            for attribute, words in (("at_most", "at most"), ("population", "population")):
                limit = getattr(part, attribute)
                for other in shifted(limit) if limit is not None else ():
                    yield (
                        "limit off by one",
                        f"part {part.name}: {words} {other}",
                        partial(_limited, system, part, attribute, other),
                    )


def _changed(system: System, what: str, place: int, others: tuple[Any, ...]) -> System:
    known = getattr(system, what)
    changes: dict[str, Any] = {what: (*known[:place], *others, *known[place + 1 :])}
    return attrs.evolve(system, **changes)


def _rewired(system: System, wires: tuple[Wire, ...], place: int, others: tuple[Wire, ...]) -> System:
    return attrs.evolve(system, wires=(*wires[:place], *others, *wires[place + 1 :]))


def _limited(system: System, part: Each, attribute: str, limit: Expr[int]) -> System:
    changes: dict[str, Any] = {attribute: limit}
    return with_parts(system, {part: attrs.evolve(part, **changes)})


def _rule_faults(rule: Rule) -> Iterator[tuple[str, str, tuple[Rule, ...]]]:
    yield "rule left out", "left out", ()
    for event in rule.on if len(rule.on) > 1 else ():
        yield (
            "rule left out",
            f"not for {label(event)}",
            (attrs.evolve(rule, on=tuple(one for one in rule.on if one is not event)),),
        )
    yield "rule negated", "negated", (attrs.evolve(rule, when=_negated(rule.when)),)
    for what, when in variants(rule.when):
        yield "rule changed", what, (attrs.evolve(rule, when=when),)


def _wire_faults(wire: Wire) -> Iterator[tuple[str, str, tuple[Wire, ...]]]:
    yield "wire left out", "left out", ()
    for place, move in enumerate(wire.moves if len(wire.moves) > 1 else ()):
        yield (
            "move left out",
            f"{_move(move)} left out",
            (attrs.evolve(wire, moves=wire.moves[:place] + wire.moves[place + 1 :]),),
        )
    if wire.when is not None:
        yield "condition left out", "whatever holds", (attrs.evolve(wire, when=None),)
        yield "condition negated", "its condition negated", (attrs.evolve(wire, when=_negated(wire.when)),)
        for what, when in variants(wire.when):
            yield "condition changed", what, (attrs.evolve(wire, when=when),)
    for place, move in enumerate(wire.moves):
        for kind, what, other in _move_faults(move):
            yield (
                kind,
                f"{_move(move)} {what}",
                (attrs.evolve(wire, moves=(*wire.moves[:place], other, *wire.moves[place + 1 :])),),
            )


def _move_faults(move: Move) -> Iterator[tuple[str, str, Move]]:
    optional = left_out(move.action)
    for place, (name, value) in enumerate(move.payload):
        if isinstance(value, Const) and is_left_out(optional, name, value.value):
            continue  # nothing is written there that could be written wrong
        for other in _values(value):
            payload = (*move.payload[:place], (name, other), *move.payload[place + 1 :])
            yield "value off by one", f"with {name} {other}", attrs.evolve(move, payload=payload)
    for what, where in variants(move.where) if move.where is not None else ():
        yield "selection changed", what, attrs.evolve(move, where=where)


def _wire(system: System, wire: Wire) -> str:
    """The wire in words; its condition stands there only where it tells it from others."""
    sender = f"{wire.event.part.name} send " if isinstance(wire.event, Sent) else ""
    alike = [other for other in system.all_wires if other.event_class is wire.event_class]
    said = f"wire on {sender}{label(wire.event_class)}"
    return f"{said} where {wire.when}" if len(alike) > 1 and wire.when is not None else said


def _move(move: Move) -> str:
    return f"{move.part.name} by {label(move.action)}"
