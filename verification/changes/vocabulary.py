"""One vocabulary for two declarations, so that a formula of one can be held against a formula of the other.

What has one name in both is one thing; a domain holds what either holds. A step is a pair of copies of the state, an event that
happens and its fields: nothing ties them, so that no behaviour of either declaration makes two claims alike.

You may not let anything be said here of one declaration alone: what cannot be said of both is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import attrs

from fsm.language.domains import Booleans, Domain, Enumeration, Integers
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Param, Var
from fsm.language.leaves import Clock, Count, Emitted, FieldRef, ForEach, Happens, InState, Moment, PartVar
from fsm.language.machine import Machine, State
from fsm.language.parts import Each, One, Part
from fsm.language.printing import label
from fsm.language.rewriting import substitute
from fsm.language.system import System
from fsm.language.traversal import walk

__all__ = ["SOON", "CannotSay", "Vocabulary"]

ELAPSED = ("elapsed",)
"""What the time in state of a `one` part is known by: no author's name."""
COPIES = ("before", "after")
"""Of the state; a formula over one snapshot is said of the first."""


SOON: Param[int] = Param("soon", Integers(0, None), 0)
"""Any duration: that of a claim is held against it."""


class CannotSay(Exception):
    """Something that both cannot say; its text tells what."""


class Vocabulary:
    """What two declarations speak of.

    Attributes:
        system: both copies of the parts, and the event of a step with its fields, as a system in which nothing ever moves.
    """

    def __init__(self, old: System, new: System) -> None:
        both = [old, new]
        self._enumerations = _Enumerations(both)
        self._params = self._parameters(old, new)
        names = dict.fromkeys(part.name for system in both for part in system.parts)
        self._homes = {(copy, name): self._home(copy, name, both) for copy in COPIES for name in names}
        self._world = self._made_world(both)
        self._soon = Param("soon", SOON.of, 0)
        parts = [home.part for home in (*self._homes.values(), self._world)]
        self.system = System("changes", tuple(parts), parameters=(*self._params.values(), self._soon))

    def formula(self, expr: Expr[Any], copy: str = "before") -> Any:
        """What an expression says, in this vocabulary.

        Raises:
            CannotSay: it speaks of something that both cannot say.
        """
        return self._over(expr, copy, None)

    def _over(self, expr: Expr[Any], copy: str, inside: _Home | None) -> Any:
        def swap(node: Expr[Any]) -> Expr[Any] | None:
            match node:
                case Moment(when=when, of=of) if inside is None:
                    moved: Expr[Any] = self._over(of, when, None)
                    return moved
                case InState(part=None, states=states) if inside is not None:
                    return InState(None, inside.these(one.name for one in states))
                case InState(part=part, states=states) if part is not None:
                    home = self._homes[copy, part.name]
                    return InState(home.part, home.these(one.name for one in states))
                case PartVar(part=part, var=var):
                    return self._homes[copy, part.name].value(var.name)
                case Var() if inside is not None:
                    return inside.variable(node.name)
                case Clock(part=part) if part is not None:
                    return self._homes[copy, part.name].value(ELAPSED)
                case Count(part=part, where=where):
                    home = self._homes[copy, part.name]
                    return Count(home.part, self._over(where, copy, home))
                case ForEach(part=part, formula=formula):
                    home = self._homes[copy, part.name]
                    return ForEach(home.part, self._over(formula, copy, home))
                case _:
                    return self._of_world(node, copy)

        return substitute(expr, swap)

    def _of_world(self, node: Expr[Any], copy: str) -> Expr[Any] | None:
        match node:
            case Emitted(effect=effect):
                return self._world.value((copy, effect.__name__))
            case Happens(events=events):
                return InState(self._world.part, self._world.these(label(event) for event in events))
            case FieldRef(event=event, name=name):
                return self._world.value((label(event), name))
            case Param() if node is SOON:
                return self._soon
            case Param(name=name):
                param: Expr[Any] = self._params[name]
                return param
            case Const(value=value) if isinstance(value, Enum):
                return Const(self._enumerations.member(value))
            case _ if isinstance(node, Moment) or (not node.below() and not isinstance(node, Const)):
                raise CannotSay(node.kind)
        return None

    # What it is made of

    def _parameters(self, old: System, new: System) -> dict[str, Param[Any]]:
        found: dict[str, Param[Any]] = {}
        for one in (*old.parameters, *new.parameters):
            domain = self._enumerations.domain(one.domain)
            both = domain if one.name not in found else _hull(found[one.name].domain, domain)
            if both is None:
                raise CannotSay(f"the parameter {one.name}, which is of two kinds")
            name = f"a{list(found).index(one.name) if one.name in found else len(found)}"
            found[one.name] = Param(name, both, _first(both))
        return found

    def _home(self, copy: str, name: str, systems: list[System]) -> _Home:
        parts = [part for system in systems for part in system.parts if part.name == name]
        if len({isinstance(part, Each) for part in parts}) > 1:
            raise CannotSay(f"the part {name}, of which there is one instance here and any number there")
        machines = [part.machine for part in parts]
        if len({machine.initial.name for machine in machines}) > 1:
            raise CannotSay(f"the part {name}, which begins in two states")
        variables = [(variable.name, variable.domain) for one in machines for variable in one.variables]
        elapsed = [] if isinstance(parts[-1], Each) else [(ELAPSED, Integers(0, None))]
        states = [machines[-1].initial.name, *(state.name for machine in machines for state in machine.states)]
        called = f"{copy}{list(dict.fromkeys(part.name for system in systems for part in system.parts)).index(name)}"
        return self._made(called, states, [*variables, *elapsed], each=isinstance(parts[-1], Each))

    def _made_world(self, systems: list[System]) -> _Home:
        fields = [
            ((label(event), name), ref.domain) for event in _events(systems) for name, ref in field_refs(event).items()
        ]
        effects = [
            ((copy, node.effect.__name__), Integers(0, None))
            for copy in COPIES
            for expr in _claimed(systems)
            for node in walk(expr)
            if isinstance(node, Emitted)
        ]
        return self._made("world", ["", *map(label, _events(systems))], [*fields, *effects], each=False)

    def _made(self, called: str, states: list[Any], pairs: list[tuple[Any, Domain]], *, each: bool) -> _Home:
        """A part that never moves; a domain holds what both have there, and there is no variable of carried data or of two kinds."""
        domains: dict[Any, Domain | None] = {}
        for name, domain in pairs:
            known = self._enumerations.domain(domain)
            domains[name] = _hull(domains[name], known) if name in domains else known
        places = {name: State(f"s{place}") for place, name in enumerate(dict.fromkeys(states))}
        variables = {
            name: Var(f"v{place}", domain, _first(domain))
            for place, (name, domain) in enumerate(domains.items())
            if domain is not None
        }
        machine = Machine(called, tuple(places.values()), next(iter(places.values())), (), tuple(variables.values()))
        part = Each(called, machine, "key", None, None) if each else One(called, machine)
        return _Home(part, places, variables)


@attrs.frozen(eq=False)
class _Home:
    """A part of the vocabulary, with what the declarations call its states and variables."""

    part: Part
    states: Mapping[Any, State]
    variables: Mapping[Any, Var[Any]]

    def these(self, names: Iterable[str]) -> tuple[State, ...]:
        """Its states of these names."""
        return tuple(self.states[name] for name in names)

    def variable(self, name: Any) -> Var[Any]:
        """Its variable of this name."""
        if name not in self.variables:
            raise CannotSay("carried data, or a value of two kinds, or the time in state of each instance")
        return self.variables[name]

    def value(self, name: Any) -> PartVar[Any]:
        """The same, read from outside."""
        return PartVar(self.part, self.variable(name))


class _Enumerations:
    """The enumerations of two declarations: of one name, one with the members of both."""

    def __init__(self, systems: list[System]) -> None:
        names: dict[str, dict[str, None]] = {}
        for domain in _domains(systems):
            if isinstance(domain, Enumeration):
                names.setdefault(domain.members.__name__, {}).update(dict.fromkeys(domain.members.__members__))
        self._places = {name: list(members) for name, members in names.items()}
        self._made = {
            name: Enum(f"E{place}", [(f"m{number}", number) for number in range(len(names[name]))])
            for place, name in enumerate(names)
        }

    def domain(self, domain: Domain) -> Domain | None:
        """A domain in this vocabulary; None of carried data."""
        if isinstance(domain, Enumeration):
            made: Any = self._made[domain.members.__name__]
            return Enumeration(made)
        return domain if isinstance(domain, Booleans | Integers) else None

    def member(self, value: Enum) -> Enum:
        """A member in this vocabulary."""
        name = type(value).__name__
        if value.name not in self._places.get(name, ()):
            raise CannotSay(f"the value {value.name}")
        made: Any = self._made[name]
        member: Enum = made[f"m{self._places[name].index(value.name)}"]
        return member


def _domains(systems: list[System]) -> Iterator[Domain]:
    for system in systems:
        yield from (param.domain for param in system.parameters)
        yield from (variable.domain for part in system.parts for variable in part.machine.variables)
        yield from (ref.domain for event in _events([system]) for ref in field_refs(event).values())


def _events(systems: list[System]) -> Iterator[type]:
    for system in systems:
        yield from system.events
        yield from (event for part in system.parts for event in part.machine.events)
        yield from (
            event for one in system.all_wires for event in (one.event_class, *(move.action for move in one.moves))
        )
        yield from (event for rule in system.rules for event in rule.on)


def _claimed(systems: list[System]) -> Iterator[Expr[Any]]:
    for system in systems:
        for claim in system.properties:
            yield from (expr for expr in (claim.premise, claim.formula) if expr is not None)


def _hull(one: Domain | None, other: Domain | None) -> Domain | None:
    """A domain that holds what both hold; None where they are of two kinds."""
    match one, other:
        case Integers(low=low, high=high), Integers(low=least, high=most):
            return Integers(
                None if low is None or least is None else min(low, least),
                None if high is None or most is None else max(high, most),
            )
        case _ if one == other:
            return one
    return None


def _first(domain: Domain) -> Any:
    """A value of a domain; which one is of no matter."""
    match domain:
        case Booleans():
            return False
        case Integers(low=low, high=high):
            return low if low is not None else high if high is not None else 0
        case Enumeration(members=members):
            return next(iter(members))
    raise AssertionError(domain)
