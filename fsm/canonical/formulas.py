"""Formulas and values of a declaration, written as rows of one table: a row for each node, operands by their places above it.

A leaf says whose it is: a variable is that of a machine, whichever instance the formula speaks of.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable
from enum import Enum
from functools import cached_property
from typing import Any

import attrs

from fsm.canonical.carried import CarriedWriter, whole_number
from fsm.canonical.tables import Row, Rows, each_once
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import effect_defaults, effect_fields, field_refs, left_out
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param, Var
from fsm.language.leaves import (
    AnyPart,
    AnyState,
    Applied,
    Clock,
    Count,
    Emitted,
    FieldRef,
    ForEach,
    Happens,
    InState,
    Moment,
    PartVar,
    Stamp,
)
from fsm.language.machine import Machine
from fsm.language.parts import Part
from fsm.language.properties import Fairness, Property

__all__ = ["Declared", "FormulaWriter"]

Owned = tuple[int | None, Expr[Any]]
"""A node, and the place of the machine whose own states and variables it may name."""


@attrs.frozen(eq=False)
class Declared:
    """What a declaration consists of, in its order, and where each thing stands there."""

    machines: tuple[Machine, ...]
    parts: tuple[Part, ...]
    parameters: tuple[Param[Any], ...]

    @cached_property
    def _states(self) -> tuple[dict[AnyState, int], ...]:
        return tuple({state: place for place, state in enumerate(one.states)} for one in self.machines)

    @cached_property
    def _variables(self) -> tuple[dict[Var[Any], int], ...]:
        return tuple({variable: place for place, variable in enumerate(one.variables)} for one in self.machines)

    @cached_property
    def _machine_places(self) -> dict[int, int]:
        return {id(one): place for place, one in enumerate(self.machines)}

    @cached_property
    def _part_places(self) -> dict[int, int]:
        return {id(one): place for place, one in enumerate(self.parts)}

    def machine(self, part: AnyPart) -> int:
        """The place of a part's machine."""
        return self._machine_places[id(part.machine)]

    def part(self, part: AnyPart) -> int:
        """The place of a part."""
        return self._part_places[id(part)]

    def state(self, owner: int | None, state: AnyState) -> int:
        """The place of a state in its machine."""
        assert owner is not None, state
        return self._states[owner][state]

    def variable(self, owner: int | None, variable: Var[Any]) -> int:
        """The place of a variable in its machine."""
        assert owner is not None, variable.name
        return self._variables[owner][variable]

    @cached_property
    def parameter_places(self) -> dict[str, int]:
        """The places of the parameters, by name."""
        return {param.name: place for place, param in enumerate(self.parameters)}


@attrs.frozen(eq=False)
class FormulaWriter:
    """Writes formulas, and the events and effects that they name.

    Attributes:
        declared: what there is.
        words: write what no step can show too, and keep states and events in the order in which they were written.
        carried: writes types and values.
        events, effects, functions, expressions: the tables that are filled on the way.
    """

    declared: Declared
    words: bool
    carried: CarriedWriter
    events: Rows = attrs.field(factory=Rows)
    effects: Rows = attrs.field(factory=Rows)
    functions: Rows = attrs.field(factory=Rows)
    expressions: Rows = attrs.field(factory=Rows)
    _known: dict[Hashable, tuple[Owned, int]] = attrs.field(init=False, factory=dict)

    def beside(self, **words: Row) -> dict[str, Row]:
        """What no step can show: only where it is wanted."""
        return words if self.words else {}

    def formula(self, expr: Expr[Any], owner: int | None) -> int:
        """The place of an expression; bare names in it are those of the machine at `owner`."""
        return each_once(
            (owner, expr), self._below, self._node, self._known, key=lambda owned: (owned[0], id(owned[1]))
        )

    def formula_or_none(self, expr: Expr[Any] | None, owner: int | None) -> int | None:
        """The same for what may be left out."""
        return None if expr is None else self.formula(expr, owner)

    def event(self, event: type) -> int:
        """The place of an event class."""
        domains = {name: ref.domain for name, ref in field_refs(event).items()}
        return self._record(self.events, event, domains, left_out(event))

    def fair(self, claim: Property) -> list[Any]:
        """What callers do not put off: the place of an event that is owed justice, whoever it names; else what exactly."""
        return [self.event(one.event) if one == Fairness(one.event) else self._owed(one) for one in claim.fair]

    def _owed(self, one: Fairness) -> Row:
        place, fields = self.event(one.event), list(field_refs(one.event))
        return {"event": place, "key": fields.index(one.key) if one.key else None, "strong": one.strong}

    def effect(self, effect: type) -> int:
        """The place of an effect class."""
        return self._record(self.effects, effect, effect_fields(effect), effect_defaults(effect))

    def _record(self, table: Rows, kind: type, fields: dict[str, Domain], defaults: dict[str, Any]) -> int:
        def default(name: str) -> Row:
            return {"default": self.value(defaults[name])} if self.words and name in defaults else {}

        def row() -> Row:
            written = [
                {"name": name, "domain": self.domain(domain), **default(name)} for name, domain in fields.items()
            ]
            doc = inspect.cleandoc(vars(kind).get("__doc__") or "")
            return {"name": kind.__name__, **self.beside(doc=doc), "fields": written}

        return table.place(kind, row)

    def domain(self, domain: Domain) -> Row:
        """A domain."""
        match domain:
            case Booleans():
                return "boolean"
            case Enumeration(members=members):
                return {"enumeration": self.carried.enumeration(members)}
            case Integers(low=low, high=high):
                return {"integer": [None if end is None else whole_number(end) for end in (low, high)]}
        return {"opaque": self.carried.type(domain.type)}

    def value(self, value: Any) -> Row:
        """A value of any domain; an integer by what it counts, whatever its class."""
        if isinstance(value, int) and not isinstance(value, bool | Enum):
            return whole_number(value)
        return self.carried.value(value)

    # Nodes

    def _below(self, owned: Owned) -> Iterable[Owned]:
        owner, node = owned
        inside = self.declared.machine(node.part) if isinstance(node, Count | ForEach) else owner
        return [(inside, child) for child in node.below()]

    def _node(self, owned: Owned, inside: tuple[int, ...]) -> int:
        place = self.expressions.place_of(self._row(*owned, list(inside)))
        called = owned[1].called if self.words else ""
        return self.expressions.place_of({"named": [called, place]}) if called else place

    def _row(self, owner: int | None, node: Expr[Any], inside: list[int]) -> Row:
        match node:
            case Compare(op=op) | Arithmetic(op=op) | Junction(op=op):
                return {op: inside}
            case Not():
                return {"not": inside[0]}
            case Implies():
                return {"implies": inside}
            case Choose():
                return {"choose": inside}
            case Moment(when=when):
                return {when: inside[0]}
            case Applied(function=function, of=of):
                return {"applied": [self._function(function, of), inside]}
            case Count(part=part):
                return {"count": [self.declared.part(part), inside[0]]}
            case ForEach(part=part):
                return {"for_each": [self.declared.part(part), inside[0]]}
            case _:
                return self._leaf(owner, node)

    def _leaf(self, owner: int | None, node: Expr[Any]) -> Row:
        match node:
            case Const(value=value):
                return {"constant": self.value(value)}
            case Param(name=name):
                return {"parameter": self.declared.parameter_places[name]}
            case FieldRef(event=event, name=name):
                return {"field": [self.event(event), list(field_refs(event)).index(name)]}
            case Stamp(what=what):
                return {"stamp": what}
            case Emitted(effect=effect):
                return {"emitted": self.effect(effect)}
            case Happens(events=events):
                return {"happens": self.in_order(self.event(event) for event in events)}
            case Var():
                return {"variable": [owner, self.declared.variable(owner, node)]}
            case Clock(part=None):
                return {"elapsed": owner}
            case InState(part=None, states=states):
                return {"inside": [owner, self._states(owner, states)]}
            case _:
                return self._of_part(node)

    def _of_part(self, node: Expr[Any]) -> Row:
        match node:
            case Clock(part=part) if part is not None:
                return {"part_elapsed": self.declared.part(part)}
            case InState(part=part, states=states) if part is not None:
                return {"part_inside": [self.declared.part(part), self._states(self.declared.machine(part), states)]}
            case PartVar(part=part, var=variable):
                place = self.declared.variable(self.declared.machine(part), variable)
                return {"part_variable": [self.declared.part(part), place]}
        raise AssertionError(type(node))

    def _states(self, owner: int | None, states: Iterable[AnyState]) -> list[int]:
        return self.in_order(self.declared.state(owner, state) for state in states)

    def in_order(self, places: Iterable[int]) -> list[int]:
        """As written; where words are left out, as declared, since `inside(a, b)` and `inside(b, a)` mean the same."""
        return list(places) if self.words else sorted(set(places))

    def _function(self, function: Callable[..., Any], of: Domain) -> int:
        assert isinstance(of, Opaque), of
        return self.functions.place_of([function.__module__, function.__qualname__, self.carried.type(of.type)])
