"""Machines read back, with what is claimed of them, by the functions with which an author declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

import attrs

from fsm.canonical.cursor import Cursor
from fsm.canonical.formulas_reading import FormulaReader, at_place
from fsm.language.domains import Booleans, Enumeration, Integers, type_of
from fsm.language.events import effect_fields, field_refs
from fsm.language.expressions import Param, Var
from fsm.language.formulas import boolean, carried, choice, integer
from fsm.language.leaves import ForEach
from fsm.language.machine import Kind, Machine, State, States, Transition
from fsm.language.parameters import Assumption, NamedProfile, parameter
from fsm.language.properties import (
    RESPONSES,
    Fairness,
    Modality,
    Property,
    always,
    can_happen,
    each_step,
    leads_to,
    reachable,
    recoverable,
    within,
)

__all__ = ["MachineReader", "texts"]

PLAIN: dict[Modality, Callable[..., Property]] = {
    Modality.ALWAYS: always,
    Modality.EACH_STEP: each_step,
    Modality.REACHABLE: reachable,
    Modality.CAN_HAPPEN: can_happen,
}
"""Claims that are a formula and no more."""

E = TypeVar("E", bound=Enum)


@attrs.frozen(eq=False)
class MachineReader:
    """Reads parameters, machines, and what is claimed."""

    formulas: FormulaReader

    def parameter(self, at: Cursor) -> Param[Any]:
        """A parameter."""
        row = at.named("name", "domain", "doc", "cites", "default")
        domain = self.formulas.domain(row["domain"])
        low, high = (domain.low, domain.high) if isinstance(domain, Integers) else (None, None)
        words, default = row["doc"].text(), self.formulas.value(row["default"], domain)
        with at.declaring():
            kind = type_of(domain)
            return parameter(
                row["name"].text(), kind, default, low=low, high=high, doc=words, cites=texts(row["cites"])
            )

    def head(self, at: Cursor) -> dict[str, Cursor]:
        """The fields of a machine, its states and variables read, which formulas name."""
        row = at.named(
            "name", "doc", "states", "initial", "variables", "transitions", "assumptions", "profiles", "properties"
        )
        self.formulas.states.append(tuple(self._state(one) for one in row["states"].items(least=1)))
        self.formulas.variables.append(tuple(self._variable(one) for one in row["variables"].items()))
        return row

    def _state(self, at: Cursor) -> State:
        name, doc, kind = at.fields("name", "doc", "kind")
        with at.declaring():
            return State(name.text(), doc.text(), _member(kind, Kind))

    def _variable(self, at: Cursor) -> Var[Any]:
        name, domain, initial, doc = at.fields("name", "domain", "initial", "doc")
        of = self.formulas.domain(domain)
        called, value, words = name.text(), self.formulas.value(initial, of), doc.text()
        with at.declaring():
            match of:
                case Booleans():
                    return boolean(called, initial=value, doc=words)
                case Enumeration(members=members):
                    return choice(called, members, initial=value, doc=words)
                case Integers(low=low, high=high):
                    return integer(called, low, high, initial=value, doc=words)
            return carried(called, of.type, initial=value, doc=words)

    def machine(self, owner: int, row: dict[str, Cursor]) -> Machine:
        """The machine at `owner`, of its fields."""
        states = self.formulas.states[owner]
        transitions = tuple(self._transition(owner, at) for at in row["transitions"].items())
        profiles = self.profiles(row["profiles"])
        claims = self.properties(row["properties"], profiles)
        assumptions = self.assumptions(row["assumptions"])
        initial = at_place(row["initial"], states, "states")
        with row["name"].around.declaring():
            return Machine(
                row["name"].text(),
                states,
                initial,
                transitions,
                self.formulas.variables[owner],
                claims,
                assumptions,
                profiles,
                row["doc"].text(),
            )

    def _transition(self, owner: int, at: Cursor) -> Transition:
        more = at.among("meant")
        row = at.named("sources", "event", "after", "guard", "target", "updates", "effects", "happy", *more)
        formulas, states = self.formulas, self.formulas.states[owner]
        event, target = formulas.event_at(row["event"]), row["target"].optional()
        duration, guard = formulas.formula_or_none(row["after"]), formulas.formula_or_none(row["guard"])
        for name in more:  # its machine narrows it again
            guard = formulas.formula_or_none(row[name])
        with at.declaring():
            sources = States(tuple(at_place(one, states, "states") for one in row["sources"].items(least=1)))
            trigger = sources.on(event) if duration is None else sources.after(duration, event)
            trigger = trigger if guard is None else trigger.when(guard)
            made = trigger.stay() if target is None else trigger.to(at_place(target, states, "states"))
            for update in row["updates"].items():
                variable, value = update.items(exactly=2)
                written = at_place(variable, formulas.variables[owner], "variables")
                made = made.set(written, formulas.formula(value))
            for emit in row["effects"].items():
                which, fields = emit.fields("effect", "fields")
                effect = formulas.effect_at(which)
                names = list(effect_fields(effect))
                values = [formulas.formula(one) for one in fields.items(exactly=len(names))]
                made = made.emits(effect, **dict(zip(names, values, strict=True)))
            return made.happily() if row["happy"].truth() else made

    # What is claimed

    def assumptions(self, at: Cursor) -> tuple[Assumption, ...]:
        """What every profile must satisfy."""
        return tuple(self._assumption(one) for one in at.items())

    def _assumption(self, at: Cursor) -> Assumption:
        name, that, cites = at.fields("name", "that", "cites")
        with at.declaring():
            return Assumption(name.text(), self.formulas.formula(that), texts(cites))

    def profiles(self, at: Cursor) -> tuple[NamedProfile, ...]:
        """Named values of parameters."""
        return tuple(self._profile(one) for one in at.items())

    def _profile(self, at: Cursor) -> NamedProfile:
        name, doc, since, values = at.fields("name", "doc", "since", "values")
        pairs = [pair.items(exactly=2) for pair in values.items()]
        given = {self._set(param): self.formulas.carried.plain(value) for param, value in pairs}
        with at.declaring():
            return NamedProfile(name.text(), given, since.text(), doc.text())

    def _set(self, at: Cursor) -> str:
        """The name of a parameter: that of one of the table, or one that only the system around a machine has."""
        known = self.formulas.parameters
        return at.value if isinstance(at.value, str) else at_place(at, known, "parameters").name

    def properties(self, at: Cursor, profiles: tuple[NamedProfile, ...]) -> tuple[Property, ...]:
        """What must hold."""
        names = [profile.name for profile in profiles]
        return tuple(self._property(one, names) for one in at.items())

    def _property(self, at: Cursor, profiles: list[str]) -> Property:
        row = at.named(
            "sentence", "modality", "premise", "formula", "duration", "fair", "cites", "refuted_in", "retracted"
        )
        with at.declaring():
            return attrs.evolve(self._claim(row, profiles), retracted=row["retracted"].text())

    def _claim(self, row: Mapping[str, Cursor], profiles: list[str]) -> Property:
        formulas, sentence, modality = self.formulas, row["sentence"].text(), _member(row["modality"], Modality)
        premise, claim = formulas.formula_or_none(row["premise"]), formulas.formula(row["formula"])
        duration = formulas.formula_or_none(row["duration"])
        refuted = tuple(at_place(one, profiles, "profiles") for one in row["refuted_in"].items())
        words: dict[str, Any] = {"cites": texts(row["cites"]), "refuted_in": refuted}
        if modality in PLAIN:
            return PLAIN[modality](sentence, claim, **words)
        if modality is Modality.RECOVERABLE:
            return recoverable(sentence, claim, wherever=premise, **words)
        if premise is None:
            raise row["premise"].fault(f"a claim of the kind {modality.value!r} has a premise")
        if modality in RESPONSES:
            fair = tuple(self._owed(one) for one in row["fair"].items())
            if modality is Modality.LEADS_TO:
                return leads_to(sentence, premise, claim, fair=fair, **words)
            if not (isinstance(premise, ForEach) and isinstance(claim, ForEach) and premise.part is claim.part):
                raise row["formula"].fault(
                    f"a claim of the kind {modality.value!r} speaks of each instance of one part"
                )
            return leads_to(sentence, premise.formula, claim.formula, each=premise.part, fair=fair, **words)
        if duration is None:
            raise row["duration"].fault(f"a claim of the kind {modality.value!r} has a duration")
        return within(sentence, duration, premise, claim, **words)

    def _owed(self, at: Cursor) -> Fairness:
        """What callers do not put off: an event that is owed justice, or what exactly."""
        if not isinstance(at.value, dict):
            return Fairness(self.formulas.event_at(at))
        row = at.named("event", "key", "strong")
        event, key = self.formulas.event_at(row["event"]), row["key"].optional()
        fields = list(field_refs(event))
        named = "" if key is None else fields[key.place(len(fields), "fields")]
        return Fairness(event, named, row["strong"].truth())


def texts(at: Cursor) -> tuple[str, ...]:
    """Several strings."""
    return tuple(one.text() for one in at.items())


def _member(at: Cursor, members: type[E]) -> E:
    for member in members:
        if member.value == at.text():
            return member
    raise at.fault(f"is none of {', '.join(str(member.value) for member in members)}")
