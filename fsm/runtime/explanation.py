"""Why an event was refused, in the caller's words: who stood in the way and the values they saw.

Looked up only when somebody must be told, by walking the declaration again (`fsm.semantics.movement`). Nothing here
decides whether an event is taken.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, cast

from fsm.language.by_values import case_of
from fsm.language.expressions import Const, Expr, Formula, Junction, Param, Var
from fsm.language.leaves import AnyPart, Clock, Count, FieldRef, InState, PartVar
from fsm.language.printing import duration_in_words, key_in_words, label, value_in_words
from fsm.language.rewriting import structure, substitute
from fsm.language.snapshot import MANY, Snapshot
from fsm.language.system import Rule
from fsm.language.traversal import walk
from fsm.language.values.brief import some
from fsm.runtime.enabled import Runs, possible_events
from fsm.runtime.obstacles import CannotMove, Full, NamedTwice, NoWire, Obstacle, RuleForbids, Values
from fsm.runtime.refusal import Refusal
from fsm.semantics.movement import Mover, movement
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import Configured, Situation

__all__ = ["explain", "explain_sent"]


def explain(engine: Runs, snapshot: Snapshot, event: object, at: int) -> Refusal:
    """The refusal of an event that no handler took."""

    def obstacles() -> tuple[Obstacle, ...]:
        here, kind = Situation.of(engine, snapshot, at, event), type(event)
        rules = [rule for rule in engine.system.rules if kind in rule.on and not here.value(rule.when)]
        return (*(_forbidding(here, rule) for rule in rules), *_in_the_way(here, kind, None))

    return Refusal(event, at, obstacles, lambda: possible_events(engine, snapshot, at))


def explain_sent(engine: Configured, snapshot: Snapshot, part: str, key: Hashable, event: type, at: int) -> Refusal:
    """The refusal of an event that time sent."""

    def obstacles() -> tuple[Obstacle, ...]:
        return tuple(_in_the_way(Situation.of(engine, snapshot, at, None, key), event, engine.system.part(part)))

    return Refusal(event, at, obstacles, lambda: ())


def _forbidding(here: Situation, rule: Rule) -> Obstacle:
    under = _under(here, rule.when)
    conditions = under.parts if isinstance(under, Junction) and under.op == "and" else ()
    unmet = tuple(part for part in conditions if not here.value(part))
    wanted = unmet[0] if len(unmet) == 1 else Junction("and", unmet) if unmet else under
    return RuleForbids(rule.name, rule.cites, str(wanted), _seen(here, (wanted,)))


def _in_the_way(here: Situation, event: type, sender: AnyPart | None) -> Iterator[Obstacle]:
    """What keeps the wire that applies from moving all it names."""
    moving = movement(here, event, sender)
    if moving.wire is None:
        conditions = [_under(here, one.when) for one in moving.wires if one.when is not None]
        yield NoWire(tuple(map(str, conditions)), _seen(here, conditions))
        return
    clear, named = True, set[tuple[str, Hashable]]()
    for mover in moving.movers:
        place = (mover.part.name, mover.key)
        if place in named:
            clear = False
            yield NamedTwice(*place)
        elif mover.taken is None:
            clear = False
            yield _stuck(here, mover)
        named.add(place)
    if clear:
        yield from (Full(part.name, held, most) for part, held, most in moving.overfull(here))


def _stuck(here: Situation, mover: Mover) -> CannotMove:
    """What keeps an instance from moving."""
    declared = [one.guard for one in mover.leaving if one.guard is not None]
    guards = [under for one in declared if not isinstance(under := with_values(one, here.params), Const)] or declared
    nodes = [node for guard in guards for node in walk(guard)]
    seen = {
        _called(node, nodes): _in_words(node, mover.read(node))
        for node in nodes
        if isinstance(node, Var | FieldRef | Param | Clock)
    }
    state, words = mover.instance.state, tuple(map(str, guards))
    return CannotMove(mover.part.name, mover.key, state, mover.action, words, tuple(seen.items()))


def _under(here: Situation, condition: Formula) -> Formula:
    """The condition with the profile's values, which is what the caller is up against; as declared where these alone decide it.

    Of what is counted by the event's fields, it is what is counted by the values that they have.
    """
    by_event = substitute(condition, lambda node: case_of(node, here.value))
    under = with_values(by_event, here.params)
    return cast(Formula, by_event if isinstance(under, Const) else under)


def _seen(here: Situation, conditions: Iterable[Formula]) -> Values:
    """What the leaves of conditions are now: counts by the instances counted, the rest by value."""
    nodes = [node for condition in conditions for node in walk(condition)]
    several = len({structure(node) for node in nodes if isinstance(node, Count)}) > 1
    seen: dict[str, str] = {}
    for node in nodes:
        match node:
            case Count():
                what = str(node).removeprefix("number of ").removeprefix("(").removesuffix(")") if several else "held"
                counted = here.matching(node).items()
                seen[what] = some((f"{key_in_words(key)} {one.state}" for key, one in counted), MANY) or "none"
            case InState(part=part) if part is not None:
                seen[part.name] = here.held(part).state
            case PartVar() | Param() | FieldRef():
                seen[_called(node, nodes)] = _in_words(node, here.read(node))
            case _:
                pass
    return tuple(seen.items())


def _called(node: Expr[Any], nodes: Iterable[Expr[Any]]) -> str:
    """What a condition calls one of its leaves: a field that shares its name with a variable stands with its event."""
    if isinstance(node, FieldRef) and any(
        isinstance(other, Var | Param) and other.name == node.name for other in nodes
    ):
        return f"{label(node.event)}.{node.name}"
    return str(node)


def _in_words(node: Expr[Any], value: object) -> str:
    return duration_in_words(value) if isinstance(node, Clock) and isinstance(value, int) else value_in_words(value)
