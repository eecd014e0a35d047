"""What can be wrong in a system."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

from fsm.checks.assumptions import check_assumptions
from fsm.checks.intervals import check_guard
from fsm.checks.kinds import check_tuple
from fsm.checks.machines import check_labels
from fsm.checks.names import check_name, check_names
from fsm.checks.overlap import overlap, surely_apart
from fsm.checks.profiles import check_expectations, check_profiles
from fsm.checks.properties import check_claims
from fsm.checks.ranges import check_range
from fsm.checks.scoping import CONDITION, PAYLOAD, SELECTED, SETTING, Scope, check_reading
from fsm.errors import CannotBeRead, DeclaredTwice, Incomplete, NotDeclared, Overlap, SentByTime, WrongKind
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Formula, Param
from fsm.language.leaves import FieldRef, Stamp
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.parts import Each, Move, One, Sent
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.language.rewriting import structure
from fsm.language.source.origin import Faults
from fsm.language.system import Rule, System, Wire
from fsm.language.traversal import walk
from fsm.language.values.endless import is_endless


def check_system(system: System) -> None:
    """Raise DefinitionError for all that is wrong; what is of the wrong kind is told alone, and what needs all the rest last."""
    where = f"system {system.name}"
    _check_shapes(where, system)
    faults = Faults()
    with faults.of():
        check_names(where, "part", [part.name for part in system.parts])
    with faults.of():
        check_names(where, "parameter", [param.name for param in system.parameters])
    faults.tell()
    scope = _scope(system)
    for part in system.parts:
        with faults.of():
            _check_part(where, system, part, scope)
    for assumption in system.assumptions:
        with faults.of(assumption):
            check_reading(f"{where}: assumption {assumption.name!r}", assumption.that, SETTING, scope)
    for one in system.wires:
        with faults.of(one):
            _check_wire(where, system, one, scope)
    with faults.of():
        check_labels(where, "event", system.events)
    with faults.of():
        check_labels(where, "effect", scope.effects)
    with faults.of():
        _check_senders(where, system)
    _check_rules(where, system, scope, faults)
    moves = [move.key for one in system.all_wires for move in one.moves]
    keyed = dict.fromkeys((key.event, key.name) for key in moves if isinstance(key, FieldRef))
    check_claims(where, system.properties, scope, system.events, faults, keyed)
    with faults.of():
        check_profiles(where, system.profiles, system.parameters)
    check_expectations(where, system.properties, system.profiles, faults)
    faults.tell()
    _check_disjoint(where, system, faults)
    faults.tell()
    check_assumptions(where, system.all_assumptions, system.parameters, system.profiles)


def _check_shapes(where: str, system: System) -> None:
    check_name("system", system.name)
    check_tuple(where, "parts", system.parts, (One, Each))
    check_tuple(where, "wires", system.wires, Wire)
    check_tuple(where, "rules", system.rules, Rule)
    check_tuple(where, "parameters", system.parameters, Param)
    check_tuple(where, "assumptions", system.assumptions, Assumption)
    check_tuple(where, "properties", system.properties, Property)
    check_tuple(where, "profiles", system.profiles, NamedProfile)
    if not system.parts:
        raise Incomplete(where, "has no part", "Name at least one: one(...) or each(...).")


def _scope(system: System) -> Scope:
    machines = [part.machine for part in system.parts]
    sent = dict.fromkeys((*system.events, *(event for machine in machines for event in machine.events)))
    effects = dict.fromkeys(effect for machine in machines for effect in machine.effects)
    return Scope(system.name, None, system.parts, system.parameters, (), tuple(sent), tuple(effects))


# Parts


def _check_part(where: str, system: System, part: One | Each, scope: Scope) -> None:
    for place, expr in part.machine.expressions():
        for node in walk(expr):
            if isinstance(node, Param):
                check_reading(place, node, SETTING, scope)
    if isinstance(part, Each):
        for limit in (part.at_most, part.population):
            if limit is not None:
                check_reading(f"{where}: part {part.name}", limit, SETTING, scope)


# Wires


def _check_wire(where: str, system: System, one: Wire, scope: Scope) -> None:
    event = one.event_class
    place = f"{where}: wire on {label(event)}"
    if isinstance(one.event, Sent):
        _check_belongs(place, system, one.event.part)
    if one.when is not None:
        check_reading(place, one.when, CONDITION, _reading(scope, event))
        check_guard(place, one.when)
    for move in one.moves:
        _check_move(place, system, one, move, _reading(scope, event))
    _check_apart(place, one)


def _reading(scope: Scope, event: type) -> Scope:
    """The scope where the fields of an event may be read."""
    return Scope(scope.home, None, scope.parts, scope.parameters, (event,), scope.events, scope.effects)


def _check_move(place: str, system: System, one: Wire, move: Move, scope: Scope) -> None:
    _check_belongs(place, system, move.part)
    if isinstance(one.event, Sent) and move.part is one.event.part:
        raise SentByTime(
            place,
            f"moves {move.part.name}, which time moves already",
            "A timer moves its own instance and, by wires, other parts.",
        )
    if isinstance(move.key, FieldRef):
        check_reading(place, move.key, PAYLOAD, scope)
        _check_key(place, move.key)
    elif move.key is not None:
        _check_stamp(place, one, move.key)
    if move.where is not None:
        check_reading(place, move.where, SELECTED, Scope(system.name, move.part.machine))
    wanted = field_refs(move.action)
    for name, value in move.payload:
        check_reading(place, value, PAYLOAD, scope)
        for node in walk(value):
            if isinstance(node, Stamp):
                _check_stamp(place, one, node)
        check_range(place, name, wanted[name].domain, value, one.when)


def _check_key(place: str, key: FieldRef[Any]) -> None:
    """Claims are about any number of instances, so there are that many keys."""
    if isinstance(key.domain, Opaque) and not is_endless(key.domain.kind):
        raise WrongKind(
            place,
            f"{key} is {key.domain}, of which there are few: it is no key",
            "A key is of a type that has any number of values, as str; where instances are few, make each a part of its own by `one`.",
        )


def _check_stamp(place: str, one: Wire, stamp: Expr[Any]) -> None:
    """Only of what time sends a wire knows the key; since when an instance is where it is, it never knows."""
    what = stamp.what if isinstance(stamp, Stamp) else ""
    if what == "since" or (what == "key" and not isinstance(one.event, Sent)):
        raise CannotBeRead(place, f"{stamp} is not known to a wire", "Use a field of the event, or NOW.")


def _check_apart(place: str, one: Wire) -> None:
    """No instance may be named twice in one step, so `every` stands alone on its part."""
    for first, second in combinations(one.moves, 2):
        all_of_one = first.key is None or second.key is None
        if first.part is second.part and (all_of_one or structure(first.key) == structure(second.key)):
            raise DeclaredTwice(
                place, f"moves {first.part.name} twice", "Only instances named by different keys may move together."
            )


def _check_senders(where: str, system: System) -> None:
    """What time sends, callers never send."""
    for event in system.events:
        for part in system.parts:
            if event in part.machine.timed_events:
                raise SentByTime(
                    f"{where}: event {label(event)}",
                    f"is sent by time to {part.name}",
                    f"Write wire({part.name}.sends({event.__name__}), ...).",
                )


def _check_disjoint(where: str, system: System, faults: Faults) -> None:
    pairs, facts = list(islice(_of_one_event(system), PAIRS)), tuple(_facts(system))
    for first, second in pairs:
        if overlap(_condition(first), _condition(second), facts, WORLDS // len(pairs)):
            with faults.of(second):
                raise Overlap(
                    f"{where}: wires on {label(first.event_class)}",
                    f"the conditions {str(_condition(first))!r} and {str(_condition(second))!r} overlap",
                    "At most one wire may apply to an event.",
                )


PAIRS = 2_000
"""So many pairs of wires are compared when a system is declared; `fsm verify` asks about all of them."""
WORLDS = 250_000
"""So many worlds are tried for all of them together."""


def _of_one_event(system: System) -> Iterator[tuple[Wire, Wire]]:
    """Wires that could apply at once, two by two."""
    known: dict[Any, list[Wire]] = {}
    for one in system.all_wires:
        known.setdefault((one.event_class, one.sender), []).append(one)
    return (pair for wires in known.values() for pair in combinations(wires, 2))


def apart(system: System, first: Wire, second: Wire) -> bool:
    """Whether two wires of one event surely never apply at once."""
    return surely_apart(_condition(first), _condition(second), tuple(_facts(system)))


def _facts(system: System) -> Iterator[Formula]:
    """What holds of every profile, whatever an event says."""
    return (assumption.that for assumption in system.all_assumptions)


def _condition(one: Wire) -> Formula:
    return Const(True) if one.when is None else one.when


def _check_belongs(place: str, system: System, part: One | Each) -> None:
    if not any(part is known for known in system.parts):
        raise NotDeclared(place, f"{part.name} is no part of {system.name}")


# Rules


def _check_rules(where: str, system: System, scope: Scope, faults: Faults) -> None:
    seen: set[str] = set()
    for rule in system.rules:
        place = f"{where}: rule {rule.name!r}"
        with faults.of(rule):
            for event in rule.on:
                _check_forbids(place, system, event)
                check_reading(place, rule.when, CONDITION, _reading(scope, event))
            if rule.name in seen:
                raise DeclaredTwice(where, f"two rules are called {rule.name!r}")
        seen.add(rule.name)


def _check_forbids(place: str, system: System, event: type) -> None:
    if any(event in part.machine.timed_events for part in system.parts):
        raise SentByTime(place, f"{label(event)} is sent by time, which no rule can forbid")
    if event not in system.events:
        raise NotDeclared(
            place, f"no wire knows {label(event)}", "Rules forbid events that callers send to the system."
        )
