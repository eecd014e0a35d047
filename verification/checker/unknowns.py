"""What is not known of a declaration: its parameters, a moment, an instance, each within its domain; and its first snapshot. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import Cell, first_cell, literal, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.meaning import Instance, Moment, Situation, known, term_of
from fsm.verification.checker.reached import cells_of
from fsm.verification.checker.terms import TRUE, Script, conj, disj, equal, negation, number

__all__ = ["Unknowns", "any_instance", "anywhere", "start", "typed", "unknown", "within"]

Json = Any


class Unknowns:
    """The parameters and cells of a declaration, shared by all its questions.

    Args:
        fixed: the value of each parameter that a profile gives.
        general: those of any values of the parameters, of which these are some.

    Attributes:
        remembered: what was asked, so that it is not asked again.
    """

    def __init__(self, declaration: Declaration, fixed: Mapping[int, Json], general: Unknowns | None = None) -> None:
        self.declaration, self.general = declaration, general
        self._fixed = fixed
        self.remembered: dict[str, Any] = {}
        parts = enumerate(declaration.parts)
        many = [(place, part["machine"]) for place, part in parts if part["each"] is not None and general is None]
        self.cells: dict[int, tuple[Cell, ...]] = {place: cells_of(declaration, machine) for place, machine in many}
        self.cells = self.cells if general is None else general.cells

    def given(self, params: Sequence[str]) -> list[str]:
        """That the parameters have the values of the profile."""
        return [equal(params[place], known(literal(value))) for place, value in self._fixed.items()]

    def nowhere(self) -> Situation:
        """The parameters, within their domains, as the profile and the assumptions say, in a script of its own; of no moment."""
        script, nothing = Script(), Moment({}, {}, ())
        domains = (parameter["domain"] for parameter in self.declaration.json["parameters"])
        params = tuple(known(unknown(script, self.declaration, domain)) for domain in domains)
        made = Situation(self.declaration, script, params, nothing, nothing)
        for term in (*self.given(params), *(term_of(that, made) for that in self.declaration.assumptions)):
            script.require(term)
        return made

    def moment(self, script: Script) -> Moment:
        """Any moment: values within their domains, counts not below zero, timers as far as time in state says."""
        only, counted = {}, {}
        for place, part in enumerate(self.declaration.parts):
            if part["each"] is None:
                machine = self.declaration.machine(place)
                only[place] = any_instance(script, self.declaration, machine)
                script.require(typed(self.declaration, machine, only[place]))
            else:
                counted[place] = {cell: script.declare("Int") for cell in self.cells[place]}
                script.require(conj(f"(>= {many} 0)" for many in counted[place].values()))
        emitted = tuple(script.declare("Int") for _ in self.declaration.json["effects"])
        script.require(conj(f"(>= {many} 0)" for many in emitted))
        return Moment(only, counted, emitted)


def unknown(script: Script, declaration: Declaration, domain: Json) -> str | None:
    """Any value of a domain; None for carried data."""
    if domain != "boolean" and "opaque" in domain:
        return None
    term = script.declare("Bool" if domain == "boolean" else "Int")
    script.require(within(declaration, domain, term))
    return term


def within(declaration: Declaration, domain: Json, term: str) -> str:
    """Whether a term has a value of a domain."""
    if domain == "boolean" or "opaque" in domain:
        return TRUE
    low, high = map(integer_of, domain.get("integer", (0, None)))
    if "enumeration" in domain:
        high = len(declaration.json["enumerations"][domain["enumeration"]]["members"]) - 1
    below = TRUE if low is None else f"(<= {number(low)} {term})"
    return conj([below, TRUE if high is None else f"(<= {term} {number(high)})"])


def any_instance(script: Script, declaration: Declaration, machine: Json) -> Instance:
    """Any instance of a machine."""
    state = script.declare("Int")
    values = tuple(unknown(script, declaration, variable["domain"]) for variable in machine["variables"])
    marks = tuple(script.declare("Bool") for timer in timers_of(machine) if timer.mark is not None)
    elapsed = script.declare("Int")
    script.require(f"(>= {elapsed} 0)")
    return Instance(state, values, marks, elapsed)


def typed(declaration: Declaration, machine: Json, instance: Instance) -> str:
    """Whether an instance has a state, values of its domains, and marks of its own state alone."""
    last = len(machine["states"]) - 1
    values = zip(machine["variables"], instance.values, strict=True)
    marked = [timer for timer in timers_of(machine) if timer.mark is not None]
    return conj(
        [
            f"(<= 0 {instance.state})",
            f"(<= {instance.state} {last})",
            *(within(declaration, variable["domain"], term or "") for variable, term in values),
            *(disj([negation(instance.fired(one)), equal(instance.state, str(one.state))]) for one in marked),
        ]
    )


def anywhere(unknowns: Unknowns) -> Situation:
    """Any moment, in a script of its own."""
    base = unknowns.nowhere()
    return base.placed(unknowns.moment(base.script))


def start(unknowns: Unknowns) -> Situation:
    """The first snapshot, in a script of its own."""
    declaration = unknowns.declaration
    single = (place for place, part in enumerate(declaration.parts) if part["each"] is None)
    only = {place: replace(Instance.of(first_cell(declaration.machine(place))), elapsed="0") for place in single}
    counted = {place: dict.fromkeys(cells, "0") for place, cells in unknowns.cells.items()}
    return unknowns.nowhere().placed(Moment(only, counted, ("0",) * len(declaration.json["effects"])))
