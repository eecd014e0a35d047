"""A declaration as a listing for a person: what there is, in the order of its canonical form and in words.

Names stand as they were declared. Nothing of it is read back: `fsm.canonical.writing` is for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from fsm.language.domains import Domain
from fsm.language.events import effect_fields, field_refs
from fsm.language.expressions import Const, Expr, Var
from fsm.language.leaves import FieldRef
from fsm.language.machine import Machine, State, Transition
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.parts import Each, Move, Part
from fsm.language.printing import duration_in_words, label, value_in_words
from fsm.language.properties import Property
from fsm.language.system import Rule, System, Wire

__all__ = ["formula_in_words", "listing"]

Lines = Iterator[str]
Row = tuple[str, str]


def listing(declaration: Machine | System) -> str:
    """The listing, which ends with an end of line. Every character can be printed."""
    lines = _system(declaration) if isinstance(declaration, System) else _machine(declaration)
    return "".join(f"{line}\n" for line in lines)


def _machine(one: Machine, called: str = "") -> Lines:
    yield from _head(called or f"machine {one.name}", one.doc)
    yield from _section("states", (_state(state, start=state is one.initial) for state in one.states))
    yield from _section("variables", map(_variable, one.variables))
    yield from _section("transitions", map(_transition, one.transitions))
    yield from _claims(one)
    if not called:
        yield from _classes(one.events, one.effects)
        yield from _section(
            "parameters", [(param.name, _setting(param.of, param.default, param.doc)) for param in one.parameters]
        )


def _system(one: System) -> Lines:
    yield from _head(f"system {one.name}", one.doc)
    yield from _section("parts", map(_part, one.parts))
    yield from _section("wires", (row for wire in one.all_wires for row in _wire(wire)))
    yield from _section("rules", (row for rule in one.rules for row in _rule(rule)))
    yield from _claims(one)
    yield from _section(
        "parameters", [(param.name, _setting(param.of, param.default, param.doc)) for param in one.parameters]
    )
    machines = tuple(dict.fromkeys(part.machine for part in one.parts))
    events = (*one.events, *(event for machine in machines for event in machine.events))
    yield from _classes(events, (effect for machine in machines for effect in machine.effects))
    for machine in machines:
        yield ""
        yield from _machine(
            machine,
            f"machine {machine.name}, of {_listed([part.name for part in one.parts if part.machine is machine])}",
        )


def _head(name: str, doc: str) -> Lines:
    yield _line(name + (f": {doc}" if doc else ""))


def _section(title: str, rows: Iterable[Row]) -> Lines:
    """Rows under a title: what has a text stands in two columns; a row that begins with nothing goes on with the one before."""
    known = list(rows)
    width = max((len(name) for name, text in known if text), default=0)
    if known:
        yield f"  {title}"
    for name, text in known:
        yield _line(f"    {name:{width}}  {text}".rstrip())


def _line(text: str) -> str:
    """One line of characters that can be printed, whatever an author wrote."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _cited(cites: Sequence[str]) -> str:
    return f" ({_listed(cites)})" if cites else ""


# What a machine consists of


def _state(state: State, *, start: bool) -> Row:
    return state.name, _listed([*(["the first"] if start else []), *([state.doc] if state.doc else [])])


def _variable(one: Var[Any]) -> Row:
    return one.name, _setting(one.of, one.initial, one.doc)


def _setting(domain: Domain, first: Any, doc: str) -> str:
    plain = first is None or isinstance(first, bool | int | str | Enum)
    return (f"{value_in_words(first)}; " if plain else "") + str(domain) + (f": {doc}" if doc else "")


def _transition(one: Transition) -> Row:
    when = [] if one.duration is None else [f"after {_duration(one.duration)}"]
    when += [] if one.guard is None else [f"when {one.guard}"]
    does = ["stays" if one.target is None else f"to {one.target.name}"]
    does += [f"{variable.name} = {value}" for variable, value in one.updates]
    does += [f"emits {label(emit.effect)}{_given(emit.fields)}" for emit in one.effects]
    sources = " | ".join(state.name for state in one.sources)
    return sources, f"{_listed([label(one.event), *when])}: {_listed(does)}"


def _duration(length: Expr[int]) -> str:
    return duration_in_words(length.value) if isinstance(length, Const) else f"{length} ms"


def _given(fields: Iterable[tuple[str, Expr[Any]]]) -> str:
    said = [
        name if isinstance(value, FieldRef) and value.name == name else f"{name} = {value}" for name, value in fields
    ]
    return f"({_listed(said)})" if said else ""


def _classes(events: Iterable[type], effects: Iterable[type]) -> Lines:
    yield from _section(
        "events",
        [_record(event, {name: ref.of for name, ref in field_refs(event).items()}) for event in dict.fromkeys(events)],
    )
    yield from _section("effects", [_record(effect, effect_fields(effect)) for effect in dict.fromkeys(effects)])


def _record(kind: type, fields: dict[str, Domain]) -> Row:
    said = _listed([f"{name}: {domain}" for name, domain in fields.items()])
    doc = " ".join((vars(kind).get("__doc__") or "").split())
    return label(kind), f"{doc} [{said}]".lstrip() if said else doc


# What a system consists of


def _part(part: Part) -> Row:
    if not isinstance(part, Each):
        return part.name, f"one {part.machine.name}"
    most = "" if part.at_most is None else f", at most {part.at_most}"
    size = "" if part.population is None else f" of {part.population}"
    return part.name, f"one {part.machine.name} for each {part.key}{size}{most}"


def _wire(one: Wire) -> Iterator[Row]:
    sender = "" if one.sender is None else f" of {one.sender.name}, sent by time"
    when = "" if one.when is None else f", when {one.when}"
    yield label(one.event_class), f"{_listed([_move(move) for move in one.moves])}{sender}{when}"


def _move(move: Move) -> str:
    who = f"every {move.part.name} {move.where}" if move.where is not None else move.part.name
    key = "" if move.key is None else f"[{move.key}]"
    return f"{who}{key}: {label(move.action)}{_given(move.told)}"


def _rule(rule: Rule) -> Iterator[Row]:
    yield f"{rule.name}{_cited(rule.cites)}", ""
    yield "", f"{_listed([label(event) for event in rule.on])}: {rule.when}"


# What is claimed


def _claims(one: Machine | System) -> Lines:
    yield from _section("assumptions", (row for assumption in one.assumptions for row in _assumption(assumption)))
    yield from _section("profiles", map(_profile, one.profiles))
    yield from _section("claims", (row for claim in one.properties for row in _claim(claim)))


def _assumption(one: Assumption) -> Iterator[Row]:
    yield f"{one.name}{_cited(one.cites)}", ""
    yield "", str(one.that)


def _profile(one: NamedProfile) -> Row:
    values = _listed([f"{name} = {value_in_words(value)}" for name, value in one.values.items()])
    return one.name, f"{values}{f', since {one.since}' if one.since else ''}{f': {one.doc}' if one.doc else ''}"


def _claim(claim: Property) -> Iterator[Row]:
    yield claim.modality.value, f"{claim.sentence}{_cited(claim.cites)}"
    refuted = f", refuted in {_listed(claim.refuted_in)}" if claim.refuted_in else ""
    retracted = f", retracted: {claim.retracted}" if claim.retracted else ""
    yield "", f"{formula_in_words(claim)}{refuted}{retracted}"


def formula_in_words(claim: Property) -> str:
    """What a claim says beside its sentence: from where, what, how soon, and which events are fair."""
    premise = "" if claim.premise is None else f"from {claim.premise}: "
    limit = "" if claim.duration is None else f" within {_duration(claim.duration)}"
    fair = f", fair: {_listed([str(one) for one in claim.fair])}" if claim.fair else ""
    return f"{premise}{claim.formula}{limit}{fair}"
