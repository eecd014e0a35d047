"""Formulas, events and effects read back: from rows that name those above them to trees that share what is written once.

Built by the functions with which an author builds them, so that what the language does not take is refused.
What speaks of parts waits until these are there; a machine cannot name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import attrs

from fsm.canonical.carried_reading import CarriedReader
from fsm.canonical.cursor import Cursor
from fsm.canonical.standins import absent_function, full_name
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque, type_of
from fsm.language.events import effect, effect_fields, event, field_refs, is_event, optional
from fsm.language.expressions import (
    Const,
    Expr,
    Implies,
    Junction,
    Not,
    Param,
    Var,
    arithmetic,
    choose,
    compare,
    formula,
)
from fsm.language.formulas import after, applied, before, emitted, happens, inside, named
from fsm.language.leaves import ELAPSED, KEY, NOW, SINCE, Applied, Clock
from fsm.language.machine import State
from fsm.language.parts import Each, One, Part, for_each
from fsm.language.values.types import Range

__all__ = ["FormulaReader", "at_place"]

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
SUMS = ("+", "-", "*")
STAMPS: dict[str, Expr[Any]] = {"key": KEY, "now": NOW, "since": SINCE}
MOMENTS = {"before": before, "after": after}


class _SpeaksOfParts(Exception):
    """A node that can only be made when the parts are known."""


@attrs.frozen(eq=False)
class FormulaReader:
    """Reads the tables that formulas name, then the formulas; each list holds what was read.

    Attributes:
        carried: reads types and values.
        handed: functions of the author's, by full name.
        stand_ins: put a function that cannot be called in the place of one that is not handed.
        known: classes of events and effects that are used for those of the same name with the same fields.
    """

    carried: CarriedReader
    handed: Mapping[str, Callable[..., Any]]
    stand_ins: bool
    known: Iterable[type] = ()
    functions: list[tuple[Callable[..., Any], Any]] = attrs.field(init=False, factory=list)
    events: list[type] = attrs.field(init=False, factory=list)
    effects: list[type] = attrs.field(init=False, factory=list)
    parameters: list[Param[Any]] = attrs.field(init=False, factory=list)
    states: list[tuple[State, ...]] = attrs.field(init=False, factory=list)
    variables: list[tuple[Var[Any], ...]] = attrs.field(init=False, factory=list)
    parts: list[Part] = attrs.field(init=False, factory=list)
    _nodes: list[Expr[Any] | None] = attrs.field(init=False, factory=list)

    # Domains, events, effects, functions

    def domain(self, at: Cursor) -> Domain:
        """A domain."""
        if at.value == "boolean":
            return Booleans()
        tag, said = at.tagged()
        with at.declaring():
            match tag:
                case "enumeration":
                    members = self.carried.enumerations
                    return Enumeration(members[said.place(len(members), "enumerations")])
                case "integer":
                    low, high = (
                        None if end.optional() is None else end.whole_number() for end in said.items(exactly=2)
                    )
                    return Integers(low, high)
                case "opaque":
                    return Opaque(self.carried.type_at(said))
        raise said.fault("is no kind of domain")

    def value(self, at: Cursor, domain: Domain) -> Any:
        """A value of a domain."""
        value = self.carried.plain(at)
        if not domain.contains(value):
            raise at.fault(f"is not {domain}")
        return value

    def event(self, at: Cursor) -> type:
        """An event class."""
        return self._record(at, event)

    def effect(self, at: Cursor) -> type:
        """An effect class."""
        return self._record(at, effect)

    def _record(self, at: Cursor, declared: Callable[[type], type]) -> type:
        name, doc, fields = at.fields("name", "doc", "fields")
        domains: dict[str, Domain] = {}
        defaults: dict[str, Any] = {}
        for field in fields.items():
            named, domain, *default = field.fields("name", "domain", *field.among("default"))
            domains[named.text()] = self.domain(domain)
            for one in default:
                defaults[named.text()] = optional(default=self.value(one, domains[named.text()]))
        free = (one for one in self.known if one not in self.events and one not in self.effects)
        known = next((one for one in free if _is_that(one, declared is event, name.text(), domains)), None)
        if known is not None:
            return known
        kinds = {named: _annotation(domain) for named, domain in domains.items()}
        body = {"__annotations__": kinds, "__doc__": doc.text(), "__module__": __name__, **defaults}
        with at.declaring():
            try:
                return declared(type(name.text(), (), body))
            except (SyntaxError, ValueError) as refused:
                raise at.fault(f"cannot be a class: {refused}") from refused

    def function(self, at: Cursor) -> tuple[Callable[..., Any], Any]:
        """A function, and the type of what it returns."""
        module, name, returned = at.items(exactly=3)
        known = full_name(module.text(), name.text())
        kind = self.carried.type_at(returned)
        given = self.handed.get(known)
        if given is not None:
            own = full_name(getattr(given, "__module__", ""), getattr(given, "__qualname__", ""))
            if own != known:
                raise at.fault(f"{known} was handed {own}")
            return given, None
        if not self.stand_ins:
            raise at.fault(f"{known} is a function, which no text can hold", "Hand it over by this name.")
        return absent_function(module.text(), name.text()), Opaque(kind)

    # Naming what was read

    def event_at(self, at: Cursor) -> type:
        """One of the events."""
        return self.events[at.place(len(self.events), "events")]

    def effect_at(self, at: Cursor) -> type:
        """One of the effects."""
        return self.effects[at.place(len(self.effects), "effects")]

    def part_at(self, at: Cursor) -> Part:
        """One of the parts."""
        if not self.parts:
            raise _SpeaksOfParts
        return self.parts[at.place(len(self.parts), "parts")]

    def formula(self, at: Cursor) -> Expr[Any]:
        """One of the expressions."""
        found = self._nodes[at.place(len(self._nodes), "expressions")]
        if found is None:
            raise at.fault("speaks of a part, which is not known here")
        return found

    def formula_or_none(self, at: Cursor) -> Expr[Any] | None:
        """One of the expressions, or None."""
        return None if at.optional() is None else self.formula(at)

    # Formulas

    def read(self, rows: Sequence[Cursor]) -> None:
        """Every formula that speaks of no part."""
        for place, at in enumerate(rows):
            self._nodes.append(self._made(at, place))

    def finish(self, rows: Sequence[Cursor]) -> None:
        """Every other one, now that the parts are known."""
        for place, at in enumerate(rows):
            if self._nodes[place] is None:
                if not self.parts:
                    raise at.fault("speaks of a part, and there is no system")
                self._nodes[place] = self._made(at, place)

    def _made(self, at: Cursor, above: int) -> Expr[Any] | None:
        """The node that a row says, of operands among those `above` it; None where it must wait for the parts."""
        tag, said = at.tagged()
        try:
            with at.declaring():
                for readers in (self._operator, self._leaf, self._of_part):
                    made = readers(tag, said, above)
                    if made is not None:
                        return made
        except _SpeaksOfParts:
            return None
        raise said.fault("is no kind of expression")

    def _operand(self, at: Cursor, above: int) -> Expr[Any]:
        found = self._nodes[at.place(above, "expressions above this one")]
        if found is None:
            raise _SpeaksOfParts
        return found

    def _operands(self, at: Cursor, above: int, exactly: int | None = None) -> list[Expr[Any]]:
        return [self._operand(one, above) for one in at.nodes(exactly, least=1)]

    def _operator(self, tag: str, said: Cursor, above: int) -> Expr[Any] | None:
        match tag:
            case "and" | "or":
                return Junction(tag, tuple(formula(one, tag) for one in self._operands(said, above)))
            case "not":
                return Not(formula(self._operand(said, above), "~"))
            case "implies":
                premise, conclusion = (formula(one, ">>") for one in self._operands(said, above, 2))
                return Implies(premise, conclusion)
            case "choose":
                return choose(*self._operands(said, above, 3))
            case "before" | "after":
                return MOMENTS[tag](self._operand(said, above))
            case "named":
                name, condition = said.items(exactly=2)
                return named(name.text(), self._operand(condition, above))
            case "applied":
                which, given = said.items(exactly=2)
                arguments = [self._operand(one, above) for one in given.nodes()]
                function, kind = self.functions[which.place(len(self.functions), "functions")]
                return applied(function, *arguments) if kind is None else Applied(function, tuple(arguments), kind)
            case _ if tag in COMPARISONS:
                return compare(tag, *self._operands(said, above, 2))
            case _ if tag in SUMS:
                return arithmetic(tag, *self._operands(said, above, 2))
        return None

    def _leaf(self, tag: str, said: Cursor, above: int) -> Expr[Any] | None:
        match tag:
            case "constant":
                return Const(self.carried.plain(said))
            case "parameter":
                return self.parameters[said.place(len(self.parameters), "parameters")]
            case "field":
                which, place = said.items(exactly=2)
                refs = tuple(field_refs(self.event_at(which)).values())
                return refs[place.place(len(refs), "fields")]
            case "stamp":
                return STAMPS.get(said.text())
            case "emitted":
                return emitted(self.effect_at(said))
            case "happens":
                return happens(*(self.event_at(one) for one in said.items(least=1)))
            case "elapsed":
                said.place(len(self.states), "machines")
                return ELAPSED
            case "variable":
                owner, place = said.items(exactly=2)
                own = self.variables[owner.place(len(self.variables), "machines")]
                return own[place.place(len(own), "variables")]
            case "inside":
                owner, places = said.items(exactly=2)
                return inside(*self.states_at(places, owner.place(len(self.states), "machines")))
        return None

    def states_at(self, at: Cursor, owner: int) -> list[State]:
        """States of the machine at `owner`."""
        return [at_place(one, self.states[owner], "states") for one in at.items(least=1)]

    def _of_part(self, tag: str, said: Cursor, above: int) -> Expr[Any] | None:
        match tag:
            case "part_elapsed":
                return Clock(self._one(said))
            case "part_variable":
                part, place = said.items(exactly=2)
                alone = self._one(part)
                return alone[at_place(place, alone.machine.variables, "variables")]
            case "part_inside":
                part, places = said.items(exactly=2)
                alone = self._one(part)
                return alone.inside(*(at_place(one, alone.machine.states, "states") for one in places.items(least=1)))
            case "count":
                part, where = said.items(exactly=2)
                return self._each(part).count(formula(self._operand(where, above), tag))
            case "for_each":
                part, claim = said.items(exactly=2)
                return for_each(self._each(part), self._operand(claim, above))
        return None

    def _one(self, at: Cursor) -> One:
        part = self.part_at(at)
        if not isinstance(part, One):
            raise at.fault(f"{part.name} has many instances")
        return part

    def _each(self, at: Cursor) -> Each:
        part = self.part_at(at)
        if not isinstance(part, Each):
            raise at.fault(f"{part.name} is one instance")
        return part


def at_place(at: Cursor, things: Sequence[Any], table: str) -> Any:
    """What stands at a place of a table."""
    return things[at.place(len(things), table)]


def _annotation(domain: Domain) -> Any:
    """What an author writes for a field of this domain."""
    bounded = isinstance(domain, Integers) and (domain.low, domain.high) != (None, None)
    return Annotated[int, Range(domain.low, domain.high)] if bounded else type_of(domain)  # type: ignore[union-attr]  # bounded


def _is_that(known: type, event: bool, name: str, domains: Mapping[str, Domain]) -> bool:
    """Whether a class of the caller's has this name and these fields."""
    if known.__name__ != name or is_event(known) is not event:
        return False
    fields = {field: ref.domain for field, ref in field_refs(known).items()} if event else effect_fields(known)
    return list(fields.items()) == list(domains.items())
