"""Systems read back: parts, wires and rules around machines that were read before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from fsm.canonical.cursor import Cursor
from fsm.canonical.formulas_reading import FormulaReader, at_place
from fsm.canonical.machines_reading import MachineReader, texts
from fsm.language.events import field_refs
from fsm.language.machine import Machine
from fsm.language.parts import Each, Move, Part, each, one
from fsm.language.system import Rule, System, Wire, wire

__all__ = ["SystemReader"]


@attrs.frozen(eq=False)
class SystemReader:
    """Reads a system of these machines."""

    claims: MachineReader
    machines: Sequence[Machine]

    @property
    def formulas(self) -> FormulaReader:
        """What reads the formulas of the whole document."""
        return self.claims.formulas

    def system(self, at: Cursor, expressions: Sequence[Cursor]) -> System:
        """The system; formulas that speak of its parts are read on the way."""
        row = at.named("name", "doc", "parts", "wires", "rules", "assumptions", "profiles", "properties")
        self.formulas.parts.extend([self._part(part) for part in row["parts"].items(least=1)])
        self.formulas.finish(expressions)
        wires = [self._wire(one) for one in row["wires"].items()]
        rules = tuple(self._rule(rule) for rule in row["rules"].items())
        profiles = self.claims.profiles(row["profiles"])
        claims = self.claims.properties(row["properties"], profiles)
        assumptions = self.claims.assumptions(row["assumptions"])
        with at.declaring():
            return System(
                row["name"].text(),
                tuple(self.formulas.parts),
                tuple(made for made in wires if made is not None),
                rules,
                tuple(self.formulas.parameters),
                assumptions,
                claims,
                profiles,
                row["doc"].text(),
            )

    def _part(self, at: Cursor) -> Part:
        name, which, several = at.fields("name", "machine", "each")
        machine = at_place(which, self.machines, "machines")
        with at.declaring():
            if several.optional() is None:
                return one(name.text(), machine)
            key, most, size = several.fields("key", "at_most", "population")
            limits = {"at_most": most, "population": size}
            given: dict[str, Any] = {what: self.formulas.formula_or_none(limit) for what, limit in limits.items()}
            return each(name.text(), machine, key=key.text(), **given)

    def _wire(self, at: Cursor) -> Wire | None:
        """A wire; None for one that is left out where a person declares the system, and comes by itself."""
        row = at.named("event", "sender", "when", "moves", "written")
        event = self.formulas.event_at(row["event"])
        sender, when = row["sender"].optional(), self.formulas.formula_or_none(row["when"])
        if not row["written"].truth():
            return None
        with at.declaring():
            sent = event if sender is None else self.formulas.part_at(sender).sends(event)
            return wire(sent, *(self._move(move) for move in row["moves"].items(least=1)), when=when)

    def _move(self, at: Cursor) -> Move:
        row = at.named("part", "key", "every", "action", "fields")
        part, action = self.formulas.part_at(row["part"]), self.formulas.event_at(row["action"])
        key, where = self.formulas.formula_or_none(row["key"]), self.formulas.formula_or_none(row["every"])
        names, pairs = list(field_refs(action)), [field.items(exactly=2) for field in row["fields"].items()]
        fields = {at_place(which, names, "fields"): self.formulas.formula(value) for which, value in pairs}
        if not isinstance(part, Each):
            if key is not None or where is not None:
                raise at.fault(f"{part.name} is one instance, and is moved without a key")
            with at.declaring():
                return part.by(action, **fields)
        if (key is None) == (where is None):
            raise at.fault(f"{part.name} has many instances: one is named by key, or all that fit by every")
        with at.declaring():
            return (part.every(where) if key is None else part[key]).by(action, **fields)  # type: ignore[arg-type]  # one of them stands there

    def _rule(self, at: Cursor) -> Rule:
        name, on, when, cites = at.fields("name", "on", "when", "cites")
        events = tuple(self.formulas.event_at(event) for event in on.items(least=1))
        with at.declaring():
            return Rule(name.text(), events, self.formulas.formula(when), texts(cites))
