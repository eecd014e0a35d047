"""A declaration written in its canonical form: JSON in which things know each other by place, and names stand once.

Total: what can be declared can be written. Of a function and of a class of the author's the name is
written; of a value the words, where its class does not show what is in it. Nothing here looks at what
a declaration means.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from fsm.canonical.carried import CarriedWriter
from fsm.canonical.formulas import Declared, FormulaWriter
from fsm.canonical.layout import laid_out
from fsm.canonical.tables import Row
from fsm.language.events import Emit, field_refs
from fsm.language.expressions import Param, Var
from fsm.language.machine import Machine, State, Transition
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.parts import Each, Move, Part
from fsm.language.properties import Property
from fsm.language.system import Rule, System, Wire

__all__ = ["FORM", "VERSION", "Classes", "DeclarationWriter", "classes", "document", "write"]

FORM = "verified-fsm declaration"
VERSION = 1
"""Of the form. A reader of one version refuses every other."""


def write(declaration: Machine | System) -> str:
    """The canonical form as text, in ASCII: equal for declarations that say the same, in every process.

    Raises:
        DefinitionError: a carried value that contains itself.
    """
    return laid_out(document(declaration))


def document(declaration: Machine | System) -> dict[str, Row]:
    """The canonical form as JSON, described by `fsm/canonical/schema.json`.

    Raises:
        DefinitionError: a carried value that contains itself.
    """
    return {"form": FORM, "version": VERSION, **DeclarationWriter.of(declaration).tables(declaration)}


@attrs.frozen
class Classes:
    """The classes of a declaration by their place in its canonical form."""

    enumerations: tuple[type[Enum], ...]
    events: tuple[type, ...]
    effects: tuple[type, ...]


def classes(declaration: Machine | System) -> Classes:
    """Which class stands where: the events, effects and enumerations of a declaration, also of one that was read back.

    Raises:
        DefinitionError: a carried value that contains itself.
    """
    writer = DeclarationWriter.of(declaration)
    writer.tables(declaration)
    formulas = writer.formulas
    return Classes(formulas.carried.enumerations.keys, formulas.events.keys, formulas.effects.keys)


@attrs.frozen(eq=False)
class DeclarationWriter:
    """Writes machines and systems.

    Attributes:
        declared: what there is.
        formulas: writes what is in them.
    """

    declared: Declared
    formulas: FormulaWriter

    @classmethod
    def of(cls, declaration: Machine | System, *, words: bool = True) -> DeclarationWriter:
        """A writer of one declaration; with `words=False` only what some step can show is written."""
        if isinstance(declaration, System):
            machines = tuple(dict.fromkeys(part.machine for part in declaration.parts))
            declared = Declared(machines, declaration.parts, declaration.parameters)
        else:
            declared = Declared((declaration,), (), declaration.parameters)
        return cls(declared, FormulaWriter(declared, words, CarriedWriter(modules=words)))

    def tables(self, declaration: Machine | System) -> dict[str, Row]:
        """Every table, and the system where it is one."""
        parameters = [self._parameter(one) for one in self.declared.parameters]
        machines = [self._machine(place, one) for place, one in enumerate(self.declared.machines)]
        system = self._system(declaration) if isinstance(declaration, System) else None
        formulas, carried = self.formulas, self.formulas.carried
        return {
            "enumerations": carried.enumerations.rows,
            "types": carried.types.rows,
            "values": carried.values.rows,
            "functions": formulas.functions.rows,
            "events": formulas.events.rows,
            "effects": formulas.effects.rows,
            "parameters": parameters,
            "expressions": formulas.expressions.rows,
            "machines": machines,
            "system": system,
        }

    def _parameter(self, one: Param[Any]) -> Row:
        formulas = self.formulas
        words = formulas.beside(doc=one.doc, cites=list(one.cites), default=formulas.value(one.default))
        return {"name": one.name, "domain": formulas.domain(one.domain), **words}

    # Machines

    def _machine(self, place: int, one: Machine) -> Row:
        formulas = self.formulas
        row = {
            **formulas.beside(name=one.name, doc=one.doc),
            "states": [self._state(state) for state in one.states],
            "initial": self.declared.state(place, one.initial),
            "variables": [self._variable(variable) for variable in one.variables],
            "transitions": [self._transition(place, transition) for transition in one.transitions],
        }
        return {**row, **self._claims(place, one)} if formulas.words else row

    def _state(self, state: State) -> Row:
        return {"name": state.name, **self.formulas.beside(doc=state.doc, kind=state.kind.value)}

    def _variable(self, one: Var[Any]) -> Row:
        domain, initial = self.formulas.domain(one.domain), self.formulas.value(one.initial)
        return {"name": one.name, "domain": domain, "initial": initial, **self.formulas.beside(doc=one.doc)}

    def _transition(self, owner: int, one: Transition) -> Row:
        formulas, states = self.formulas, self.declared
        return {
            "sources": [states.state(owner, state) for state in one.sources],
            "event": formulas.event(one.event),
            "after": formulas.formula_or_none(one.duration, owner),
            "guard": formulas.formula_or_none(one.guard, owner),
            "target": None if one.target is None else states.state(owner, one.target),
            "updates": [
                [states.variable(owner, variable), formulas.formula(value, owner)] for variable, value in one.updates
            ],
            "effects": [self._emit(owner, emit) for emit in one.effects],
            **formulas.beside(happy=one.happy),
            **({"meant": formulas.formula_or_none(one.meant, owner)} if one.narrowed and formulas.words else {}),
        }

    def _emit(self, owner: int, emit: Emit) -> Row:
        given = [self.formulas.formula(value, owner) for _, value in emit.fields]
        return {"effect": self.formulas.effect(emit.effect), "fields": given}

    # Systems

    def _system(self, one: System) -> Row:
        formulas = self.formulas
        row = {
            "name": one.name,
            **formulas.beside(doc=one.doc),
            "parts": [self._part(part) for part in one.parts],
            "wires": [self._wire(wire, written=place < len(one.wires)) for place, wire in enumerate(one.all_wires)],
            "rules": [self._rule(rule) for rule in one.rules],
        }
        if formulas.words:
            return {**row, **self._claims(None, one)}
        return {**row, "assumptions": [formulas.formula(assumption.that, None) for assumption in one.all_assumptions]}

    def _part(self, part: Part) -> Row:
        row = {"name": part.name, "machine": self.declared.machine(part)}
        if not isinstance(part, Each):
            return {**row, "each": None}
        limits = {
            name: self.formulas.formula_or_none(limit, None)
            for name, limit in (("at_most", part.at_most), ("population", part.population))
        }
        return {**row, "each": {"key": part.key, **limits}}

    def _wire(self, one: Wire, *, written: bool) -> Row:
        formulas = self.formulas
        return {
            "event": formulas.event(one.event_class),
            "sender": None if one.sender is None else self.declared.part(one.sender),
            "when": formulas.formula_or_none(one.when, None),
            "moves": [self._move(move) for move in one.moves],
            **formulas.beside(written=written),
        }

    def _move(self, move: Move) -> Row:
        formulas, names = self.formulas, list(field_refs(move.action))
        given = [[names.index(name), formulas.formula(value, None)] for name, value in move.payload]
        return {
            "part": self.declared.part(move.part),
            "key": formulas.formula_or_none(move.key, None),
            "every": formulas.formula_or_none(move.where, self.declared.machine(move.part)),
            "action": formulas.event(move.action),
            "fields": given if formulas.words else sorted(given),
        }

    def _rule(self, rule: Rule) -> Row:
        formulas = self.formulas
        row = {
            "on": formulas.in_order(formulas.event(event) for event in rule.on),
            "when": formulas.formula(rule.when, None),
        }
        return {**formulas.beside(name=rule.name), **row, **formulas.beside(cites=list(rule.cites))}

    # What is claimed

    def _claims(self, owner: int | None, one: Machine | System) -> dict[str, Row]:
        names = [profile.name for profile in one.profiles]
        return {
            "assumptions": [self._assumption(assumption) for assumption in one.assumptions],
            "profiles": [self._profile(profile) for profile in one.profiles],
            "properties": [self._property(owner, claim, names) for claim in one.properties],
        }

    def _assumption(self, one: Assumption) -> Row:
        return {"name": one.name, "that": self.formulas.formula(one.that, None), "cites": list(one.cites)}

    def _profile(self, one: NamedProfile) -> Row:
        """A profile of a machine may set parameters that only the system around it has: these go by name."""
        places = self.declared.parameter_places
        values = [[places.get(name, name), self.formulas.value(value)] for name, value in one.values.items()]
        return {"name": one.name, "doc": one.doc, "since": one.since, "values": values}

    def _property(self, owner: int | None, claim: Property, profiles: list[str]) -> Row:
        formulas = self.formulas
        return {
            "sentence": claim.sentence,
            "modality": claim.modality.value,
            "premise": formulas.formula_or_none(claim.premise, owner),
            "formula": formulas.formula(claim.formula, owner),
            "duration": formulas.formula_or_none(claim.duration, owner),
            "fair": formulas.fair(claim),
            "cites": list(claim.cites),
            "refuted_in": [profiles.index(name) for name in claim.refuted_in],
            "retracted": claim.retracted,
        }
