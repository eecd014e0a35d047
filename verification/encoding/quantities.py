"""What a state of an encoding is made of, quantity by quantity, and how a person says it.

A solver's model is read back here as states, members and numbers of the declaration; no symbol of an
encoding goes further, neither into a report nor into what an engine looks up.

You may not ask a solver here, and look nothing up by a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.domains import Integers
from fsm.language.expressions import Param, Var
from fsm.language.machine import State
from fsm.language.parts import Each, One, Part
from fsm.language.printing import duration_in_words, label, value_in_words
from fsm.verification.encoding.among_many import AmongMany
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import readable
from fsm.verification.encoding.translation import of_value, value_in, value_of

__all__ = [
    "AgeOf", "CountOf", "EmittedSo", "FiredOf", "ParameterOf", "Quantity", "StateOf", "VariableOf",
    "bounds_wanted", "cell_in_words", "of_quantity", "quantities_of_clocked", "quantities_of_counting", "read", "state_in_words",
]  # fmt: skip

Term = Any


@attrs.frozen
class ParameterOf:
    """A parameter; a value of its domain."""

    param: Param[Any] = attrs.field(eq=id)


@attrs.frozen
class StateOf:
    """Which state the only instance of a part is in; a `State`."""

    part: Part


@attrs.frozen
class VariableOf:
    """A variable of the only instance of a part; a value of its domain."""

    part: Part
    variable: Var[Any] = attrs.field(eq=id)


@attrs.frozen
class FiredOf:
    """Whether a timer of the stay has fired, by its place among the timers of the state."""

    part: Part
    place: int


@attrs.frozen
class AgeOf:
    """For how long the only instance of a part has been in its state; milliseconds."""

    part: Part


@attrs.frozen
class CountOf:
    """How many instances of a part are in a cell."""

    part: Each
    cell: Cell


@attrs.frozen
class EmittedSo:
    """How often an effect was emitted so far."""

    effect: type


Quantity = ParameterOf | StateOf | VariableOf | FiredOf | AgeOf | CountOf | EmittedSo


def quantities_of_counting(counting: Counting) -> dict[Quantity, Term]:
    """The terms of a state of the counting encoding and of the parameters that nothing fixes, in the order of the declaration."""
    terms: dict[Quantity, Term] = _parameters(counting.system.parameters, counting.params, counting.fixed)
    for part, (state, values, fired) in counting.ones.items():
        terms.update(_instance(part, state, values, fired))
    return {**terms, **_counted(counting)}


def _counted(counting: Counting) -> dict[Quantity, Term]:
    counters = ((each, *pair) for each, cells in counting.counters.items() for pair in cells.items())
    return {
        **{CountOf(each, cell): many for each, cell, many in counters},
        **{EmittedSo(effect): many for effect, many in counting.emitted.items()},
    }


def quantities_of_clocked(clocked: Clocked) -> dict[Quantity, Term]:
    """The terms of a state with clocks, where no instance is told apart by its key."""
    terms: dict[Quantity, Term] = _parameters(clocked.system.parameters, clocked.params, clocked.fixed)
    for slot in clocked.slots:
        assert slot.number is None, "told apart by keys, instances have no quantities of their own"
        terms.update(_instance(slot.part, slot.state, slot.values, slot.spent))
        terms[AgeOf(slot.part)] = slot.age
    if isinstance(clocked, AmongMany):
        terms.update(_counted(clocked.counting))
    return terms


def _parameters(
    parameters: Iterable[Param[Any]], terms: Mapping[Param[Any], Term], fixed: Mapping[str, Any]
) -> dict[Quantity, Term]:
    return {ParameterOf(param): terms[param] for param in parameters if param.name not in fixed}


def _instance(
    part: Part, state: Term, values: Mapping[Var[Any], Term], fired: Iterable[Term]
) -> Iterator[tuple[Quantity, Term]]:
    yield StateOf(part), state
    yield from ((VariableOf(part, variable), term) for variable, term in values.items())
    yield from ((FiredOf(part, place), term) for place, term in enumerate(fired))


def read(terms: Mapping[Quantity, Term], model: Any) -> dict[Quantity, object]:
    """The value that a model gives to each quantity, as the declaration has it."""
    return {quantity: _value(quantity, value_in(model, term)) for quantity, term in terms.items()}


def _value(quantity: Quantity, plain: bool | int) -> object:
    match quantity:
        case StateOf(part=part):
            return part.machine.states[plain]
        case ParameterOf(param=Param(domain=domain)) | VariableOf(variable=Var(domain=domain)):
            return value_of(domain, plain)
        case _:
            return plain


def of_quantity(quantity: Quantity, value: object) -> Term:
    """The constant that stands for a value of a quantity."""
    return of_value(quantity.part.machine.states.index(value) if isinstance(quantity, StateOf) else value)


def bounds_wanted(state: Mapping[Quantity, object]) -> str:
    """What to declare where a number without a lower bound is below zero, and began at zero or above; else empty."""
    for quantity, value in state.items():
        if isinstance(quantity, VariableOf) and isinstance(value, int) and value < 0 <= quantity.variable.initial:
            name, domain = quantity.variable.name, quantity.variable.domain
            if isinstance(domain, Integers) and domain.low is None:
                return f"{name} has no lower bound: declare integer({name!r}, 0, ...), or add always(..., {name} >= 0)."
    return ""


def state_in_words(state: Mapping[Quantity, object]) -> str:
    """`pa in waiting (n = 2), 2 tiles in missed (channel = chat), limit = 3`: parts, counts, parameters, each in the order of the declaration."""
    ones = [_one_in_words(quantity.part, state) for quantity in state if isinstance(quantity, StateOf)]
    counts = [
        f"{value_in_words(many)} {quantity.part.name} in {cell_in_words(quantity.part, quantity.cell)}"
        for quantity, many in state.items()
        if isinstance(quantity, CountOf) and many
    ]
    none = [
        f"no {part.name}"
        for part in dict.fromkeys(quantity.part for quantity in state if isinstance(quantity, CountOf))
        if not any(many for quantity, many in state.items() if isinstance(quantity, CountOf) and quantity.part is part)
    ]
    effects = [
        f"{value_in_words(many)} {label(quantity.effect)} so far"
        for quantity, many in state.items()
        if isinstance(quantity, EmittedSo) and many
    ]
    params = [
        f"{quantity.param.name} = {value_in_words(value)}"
        for quantity, value in state.items()
        if isinstance(quantity, ParameterOf)
    ]
    return ", ".join([*ones, *counts, *none, *effects, *params])


def _one_in_words(part: One | Each, state: Mapping[Quantity, object]) -> str:
    """`pa in waiting for 3 ms (n = 2, ring fired)`."""
    here = state[StateOf(part)]
    assert isinstance(here, State)
    age = state.get(AgeOf(part))
    notes = [
        _valued(quantity.variable, value)
        for quantity, value in state.items()
        if isinstance(quantity, VariableOf) and quantity.part is part
    ]
    notes += [
        f"{label(timer.event)} fired"
        for place, timer in enumerate(part.machine.timers(here))
        if state.get(FiredOf(part, place)) is True
    ]
    stayed = f" for {duration_in_words(age)}" if isinstance(age, int) else ""
    return f"{part.name} in {here.name}{stayed}{_bracketed(notes)}"


def cell_in_words(part: Each, cell: Cell) -> str:
    """`missed (channel = chat, ring fired)`."""
    notes = [_valued(*pair) for pair in zip(readable(part.machine), cell.values, strict=True)]
    timers = part.machine.timers(cell.state)
    notes += [f"{label(timer.event)} fired" for timer, fired in zip(timers, cell.spent, strict=False) if fired]
    return f"{cell.state.name}{_bracketed(notes)}"


def _valued(variable: Var[Any], value: object) -> str:
    return f"{variable.name} = {value_in_words(value)}"


def _bracketed(notes: list[str]) -> str:
    return f" ({', '.join(notes)})" if notes else ""
