"""Which part of a formula is false, and the values it saw: what a person looks for first in a counterexample.

    blame(formula, scene)     # of `a & b` the part that is false, of `if a then b` only b, of a for_each the instance

It descends only where the part alone makes the whole false, so what it names is enough. It
changes no verdict: a formula that is true has no blame.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import attrs

from fsm.language.expressions import LARGE, Expr, Formula, Implies, Junction, Not, Param
from fsm.language.leaves import Clock, Count, ForEach, Happens, InState, Moment
from fsm.language.parts import Each
from fsm.language.printing import duration_in_words, key_in_words, label, value_in_words
from fsm.language.snapshot import MANY, Instance, Snapshot
from fsm.language.values.brief import some
from fsm.runtime.obstacles import Values
from fsm.semantics.evaluation import fold
from fsm.semantics.situation import Configured, Read, Situation

__all__ = ["Blame", "Scene", "blame"]

Own = tuple[Each, Hashable] | None
"""The instance that a `for_each` speaks of."""


@attrs.frozen(eq=False)
class Scene:
    """What a formula is looked at in.

    Attributes:
        engine: the system.
        read: the leaves, for the instance that the formula speaks of.
        before, after: the snapshots around the step; the same one twice where there is no step.
        event: the class of the step's event; None where there is no step.
        at: the instant, milliseconds.
    """

    engine: Configured
    read: Callable[[Own], Read]
    before: Snapshot
    after: Snapshot
    event: type | None
    at: int

    def snapshot(self, when: str) -> Snapshot:
        return self.after if when == "after" else self.before


@attrs.frozen
class Blame:
    """What is false.

    Attributes:
        parts: the smallest parts that are false, in words; each is enough to make the whole false.
        seen: what their leaves were, and those of the premises under which they should be true.
    """

    parts: tuple[str, ...]
    seen: Values


def blame(formula: Formula, scene: Scene, of: Own = None) -> Blame:
    """The parts of a formula that are false; of a true formula, the formula.

    Args:
        of: the instance that the formula speaks of, where a machine says it.
    """
    parts: list[str] = []
    seen: dict[str, str] = {}
    for part, own, leaves in _false(formula, scene, of):
        name = str(part)
        parts.append(name if own is None else f"{name}, of {own[0].name} {own[1]}")
        for leaf in leaves:
            seen.update(_values(leaf, scene, own))
    return Blame(tuple(dict.fromkeys(parts)), tuple(seen.items()))


def _false(
    formula: Formula, scene: Scene, own: Own, premises: tuple[Formula, ...] = ()
) -> Iterator[tuple[Formula, Own, tuple[Formula, ...]]]:
    """The smallest false parts, each with the instance it speaks of and everything whose values matter; a large one is told as a whole."""
    read = scene.read(own)
    match formula:
        case Expr(size=size) if size > LARGE:
            yield formula, own, (*premises, formula)
        case Junction(op="and", parts=parts):
            for part in parts:
                if not fold(part, read):
                    yield from _false(part, scene, own, premises)
        case Implies(premise=premise, conclusion=conclusion):
            yield from _false(conclusion, scene, own, (*premises, premise))
        case Not(part=Junction(op="or", parts=parts)):
            for part in parts:
                if fold(part, read):
                    yield from _false(Not(part), scene, own, premises)
        case Not(part=Not(part=part)):
            yield from _false(part, scene, own, premises)
        case Moment(when=when, of=Junction() | Not() | Implies() as of):
            yield from _false(_inwards(when, of), scene, own, premises)
        case Not(part=Moment(when=when, of=Junction() | Not() | Implies() as of)):
            yield from _false(Not(_inwards(when, of)), scene, own, premises)
        case ForEach(part=Each() as part, formula=claim):
            keys = sorted({*scene.before[part.name], *scene.after[part.name]}, key=repr)
            found = next(((part, key) for key in keys if not fold(claim, scene.read((part, key)))), None)
            yield from [(formula, own, (formula,))] if found is None else _false(claim, scene, found, ())
        case _:
            yield formula, own, (*premises, formula)


def _inwards(when: str, of: Formula) -> Formula:
    """`after(a & b)` as `after(a) & after(b)`."""
    match of:
        case Junction(op=op, parts=parts):
            return Junction(op, tuple(Moment(when, part) for part in parts))
        case Implies(premise=premise, conclusion=conclusion):
            return Implies(Moment(when, premise), Moment(when, conclusion))
        case Not(part=part):
            return Not(Moment(when, part))
        case _:
            raise AssertionError(of)


def _values(expr: Expr[Any], scene: Scene, own: Own) -> Iterator[tuple[str, str]]:
    """What the leaves of an expression are, each by its name; those of instances that are looked at one by one are not told."""
    waiting, seen = [(expr, "")], set[tuple[int, str]]()
    while waiting:
        node, when = waiting.pop()
        if (id(node), when) in seen:
            continue
        seen.add((id(node), when))
        if node.kind and not isinstance(node, Moment | ForEach):
            yield _value(node, scene, own, when)
        elif not isinstance(node, ForEach):
            then = node.when if isinstance(node, Moment) else when
            waiting += [(child, then) for child in reversed(node.below())]


def _value(leaf: Expr[Any], scene: Scene, own: Own, when: str) -> tuple[str, str]:
    match leaf:
        case Happens():
            return "event", "time alone" if scene.event is None else label(scene.event)
        case Count():
            held = Situation.of(scene.engine, scene.snapshot(when), scene.at).matching(leaf)
            who = some((f"{key_in_words(key)} {one.state}" for key, one in held.items()), MANY)
            return _at(str(leaf), when), f"{len(held)} ({who})" if who else "0"
        case InState(part=None):
            assert own is not None
            return _at(f"{own[0].name} {key_in_words(own[1])}", when), _state(
                scene.snapshot(when)[own[0].name].get(own[1]), own[0]
            )
        case InState(part=part):
            assert part is not None
            return _at(part.name, when), scene.snapshot(when)[part.name].state
        case Clock():
            return _at(str(leaf), when), duration_in_words(_read(leaf, scene, own, when))
        case Param():
            return leaf.name, value_in_words(_read(leaf, scene, own, ""))
        case _:
            return _at(str(leaf), when), value_in_words(_read(leaf, scene, own, when))


def _at(name: str, when: str) -> str:
    return f"{name} {when}" if when else name


def _state(instance: Instance | None, part: Each) -> str:
    return part.machine.initial.name if instance is None else instance.state


def _read(leaf: Expr[Any], scene: Scene, own: Own, when: str) -> Any:
    return scene.read(own)(Moment(when, leaf) if when else leaf)
