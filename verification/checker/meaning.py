"""What an expression means in a situation, as a term. Follows docs/reference/semantics.md, "Expressions". Standard library only.

What a question cannot hold (time in state where nobody watches it, carried data) is `CannotSay`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, Timer, literal
from fsm.verification.checker.declaration import OPERATORS, Declaration, rows
from fsm.verification.checker.terms import FALSE, TRUE, Script, calculated, conj, disj, equal, if_then, negation, total

__all__ = ["Instance", "Moment", "Mover", "Situation", "happens", "holds", "how_many", "known", "of_all", "term_of"]

DEEPEST = 20
"""How often counts, `before` and `after` may stand in each other."""


@dataclass(frozen=True)
class Instance:
    """Terms for one instance: its state (a number), variables (None: carried data), marks of its timers, and time in state."""

    state: str
    values: tuple[str | None, ...]
    marks: tuple[str, ...]
    elapsed: str | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.state, self.values, self.marks, self.elapsed))

    def is_in(self, states: Iterable[int]) -> str:
        """Whether it is in one of these states."""
        return disj(equal(self.state, str(state)) for state in sorted(set(states)))

    def fired(self, timer: Timer) -> str:
        """Whether a timer of its state has fired in this stay."""
        return FALSE if timer.mark is None else self.marks[timer.mark]

    @lru_cache(maxsize=50_000)  # noqa: B019  # a pure function of texts, asked again for every question
    def at(self, cell: Cell) -> str:
        """Whether it is in a cell."""
        values = (equal(mine, its) for mine, its in zip(self.values, cell.values, strict=True) if mine and its)
        marks = (mine if its else negation(mine) for mine, its in zip(self.marks, cell.marks, strict=True))
        return conj([equal(self.state, str(cell.state)), *values, *marks])

    @staticmethod
    @cache
    def of(cell: Cell) -> Instance:
        """One that is in this cell."""
        return Instance(str(cell.state), cell.values, tuple("true" if mark else "false" for mark in cell.marks))


@dataclass(frozen=True)
class Moment:
    """All parts at one moment: the instance of a part that has one, and of any other how many are in each cell.

    Attributes:
        since: of a part with many, after a step: how many were in each cell before it, and who moved.
    """

    only: Mapping[int, Instance]
    counted: Mapping[int, Mapping[Cell, str]]
    emitted: tuple[str, ...]
    since: Mapping[int, tuple[Mapping[Cell, str], Sequence[Mover]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Mover:
    """Instances that move in a step by one action: a single one, or so many of a cell.

    Attributes:
        many: how many move so: `"1"` for a named instance, a term for those of a cell.
        there, comes: whether it exists before, and after.
        takes: whether there is such an instance and it moves.
        emitted: how many of each effect one of them emits.
    """

    part: int
    action: int
    before: Instance
    after: Instance
    many: str
    there: str
    comes: str
    takes: str
    emitted: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """Where an expression is evaluated.

    Attributes:
        fields: the terms of the fields of the event that is judged, and of the action that is taken.
        event: what the step is taken on; None where no step is meant.
        movers: who moves in it.
        rest: for a step, how many of each cell stand still.
        instance: what the expression speaks of, before and after; the same twice where there is one moment.
        whole: whether it is evaluated over a step, and not at a moment.
        untimed: whether time goes on from here, so that nothing may be said of the time in state.
        acting: below `for_each` of a step: the action of the instance, None for one that stands still.
    """

    declaration: Declaration
    script: Script
    params: tuple[str, ...]
    before: Moment
    after: Moment
    fields: Mapping[tuple[int, int], str | None] = field(default_factory=dict)
    event: int | None = None
    movers: tuple[Mover, ...] = ()
    rest: Mapping[int, Mapping[Cell, str]] = field(default_factory=dict)
    instance: tuple[Instance, Instance] | None = None
    of_machine: int | None = None
    whole: bool = False
    acting: tuple[int, int | None] | None = None
    untimed: bool = False
    depth: int = 0

    @property
    def one(self) -> Instance:
        """The instance that is spoken of."""
        if self.instance is None:
            raise CannotSay("nothing says of which instance a formula speaks")
        return self.instance[0]

    def placed(self, moment: Moment) -> Situation:
        """The same at another moment, at which nothing is said to happen."""
        return replace(self, before=moment, after=moment, whole=False, event=None, movers=())

    def deeper(self, **changed: Any) -> Situation:
        """The situation of an operand."""
        if self.depth >= DEEPEST:
            raise CannotSay("a formula is nested too deep")
        return replace(self, depth=self.depth + 1, **changed)

    def at(self, moment: Moment, which: int) -> Situation:
        """At one moment of the step."""
        instance = None if self.instance is None else (self.instance[which], self.instance[which])
        return self.deeper(before=moment, after=moment, whole=False, instance=instance)


OPERATIONS: dict[str, Callable[..., str]] = {
    "not": negation,
    "and": lambda *terms: conj(terms),
    "or": lambda *terms: disj(terms),
    "implies": lambda premise, conclusion: disj([negation(premise), conclusion]),
    "choose": if_then,
    "==": equal,
    "!=": lambda left, right: negation(equal(left, right)),
    "named": lambda term: term,
    **{operator: partial(calculated, operator) for operator in ("<", "<=", ">", ">=", "+", "-", "*")},
}
"""What operators make of terms."""


def term_of(expression: int, situation: Situation) -> str:
    """The term of an expression in a situation. Rows are evaluated in their order: no recursion but into binders."""
    terms: dict[int, str] = {}
    for place, name, value, operands in rows(situation.declaration, expression):
        operation = OPERATIONS.get(name)
        term = operation(*[terms[one] for one in operands]) if operation else _leaf(name, value, situation)
        sort = "Bool" if situation.declaration.sorts[place] == "bool" else "Int"
        terms[place] = situation.script.define(sort, term)
    return terms[expression]


def holds(condition: int | None, situation: Situation) -> str:
    """Whether a condition holds; none always does."""
    return TRUE if condition is None else term_of(condition, situation)


def _leaf(name: str, value: Any, situation: Situation) -> str:
    """What stands for itself, or binds what is below it."""
    if situation.whole and name not in OVER_STEPS:
        raise CannotSay("a formula over a step reads what is so without saying when")
    return LEAVES[name](value, situation)


def known(term: str | None) -> str:
    """A term that there is."""
    if term is None:
        raise CannotSay("a condition reads what is carried, or a field of another event")
    return term


def _own(machine: int, situation: Situation) -> Instance:
    """The instance of which a formula speaks."""
    if situation.of_machine != machine:
        raise CannotSay("a formula speaks of an instance of another machine")
    return situation.one


def _elapsed(one: Instance, situation: Situation) -> str:
    if one.elapsed is None or situation.untimed:
        raise CannotSay("the time in state is not kept by what is counted")
    return one.elapsed


def _about(part: int, before: Instance, after: Instance, situation: Situation, **changed: Any) -> Situation:
    """The situation of a formula about an instance of a part."""
    machine = situation.declaration.parts[part]["machine"]
    return situation.deeper(instance=(before, after), of_machine=machine, **changed)


def how_many(situation: Situation, part: int, of: Callable[[Instance], str]) -> str:
    """How many instances of a part there are of which something holds. After a step: as many as before, less those that left, and those that came."""
    moment = situation.before
    counted, movers = moment.since.get(part, (moment.counted[part], ()))
    held = total(if_then(of(Instance.of(cell)), many, "0") for cell, many in counted.items())
    terms = [situation.script.define("Int", held)]
    for mover in movers:
        left = conj([mover.takes, mover.there, of(mover.before)])
        came = conj([mover.takes, mover.comes, of(mover.after)])
        if left != came:
            terms += [if_then(left, f"(- {mover.many})", "0"), if_then(came, mover.many, "0")]
    return total(terms)


def of_all(situation: Situation, part: int, of: Callable[[Instance], str]) -> str:
    """That something holds of every instance of a part."""
    moment = situation.before
    if part in moment.since:
        return f"(<= {how_many(situation, part, lambda one: negation(of(one)))} 0)"
    return conj(disj([of(Instance.of(cell)), f"(<= {many} 0)"]) for cell, many in moment.counted[part].items())


def _of_one(formula: int, part: int, situation: Situation) -> Callable[[Instance], str]:
    """A formula of any instance of a part. Where it reads nothing else and is decided by the instance, it is evaluated once."""
    declaration = situation.declaration
    machine = declaration.parts[part]["machine"]
    known: dict[Instance, str] = declaration.remembered.setdefault(("instances", formula, machine), {})

    def of(one: Instance) -> str:
        term = known.get(one)
        if term is None:
            term = term_of(formula, _about(part, one, one, situation))
            if term in (TRUE, FALSE) and all(name in OWN for _, name, _, _ in rows(declaration, formula)):
                known[one] = term
        return term

    return of


def _for_each(value: tuple[int, int], situation: Situation) -> str:
    part, formula = value
    if not situation.whole:
        return of_all(situation, part, _of_one(formula, part, situation))
    still = [(Instance.of(cell), many) for cell, many in situation.rest[part].items()]
    ones: list[tuple[Instance, Instance, int | None, str]] = [(one, one, None, f"(<= {many} 0)") for one, many in still]
    for mover in situation.movers:
        if mover.part == part:
            exists = conj([disj([mover.there, mover.comes]), mover.takes])
            ones.append((mover.before, mover.after, mover.action, negation(exists)))
    return conj(
        disj([term_of(formula, _about(part, before, after, situation, acting=(part, action))), absent])
        for before, after, action, absent in ones
    )


def happens(events: list[int], situation: Situation) -> str:
    """Whether a step is taken on one of these events, or by one of them as an action."""
    if not situation.whole:
        raise CannotSay("what happens is asked of a moment")
    if situation.acting is not None:
        part, action = situation.acting
        if {line["event"] for line in situation.declaration.machine(part)["transitions"]} & set(events):
            return TRUE if action in events else FALSE
    if situation.event in events:
        return TRUE
    return disj(mover.takes for mover in situation.movers if mover.action in events)


OVER_STEPS = frozenset({"constant", "parameter", "field", "before", "after", "happens", "for_each"})
"""What may be read over a step, and not at a moment alone."""
OWN = frozenset({"constant", "inside", "variable", *OPERATORS})
"""Nodes that read nothing but the instance of which they speak."""
LEAVES: dict[str, Callable[[Any, Situation], str]] = {
    "constant": lambda value, at: known(literal(value)),
    "parameter": lambda place, at: known(at.params[place]),
    "field": lambda places, at: known(at.fields.get(tuple(places))),
    "before": lambda below, at: term_of(below, at.at(at.before, 0)),
    "after": lambda below, at: term_of(below, at.at(at.after, 1)),
    "happens": happens,
    "emitted": lambda effect, at: known(at.before.emitted[effect]),
    "count": lambda value, at: how_many(at, value[0], _of_one(value[1], value[0], at)),
    "for_each": _for_each,
    "variable": lambda places, at: known(_own(places[0], at).values[places[1]]),
    "inside": lambda value, at: _own(value[0], at).is_in(value[1]),
    "elapsed": lambda machine, at: _elapsed(_own(machine, at), at),
    "part_variable": lambda places, at: known(at.before.only[places[0]].values[places[1]]),
    "part_inside": lambda value, at: at.before.only[value[0]].is_in(value[1]),
    "part_elapsed": lambda part, at: _elapsed(at.before.only[part], at),
    "stamp": lambda word, at: known(None),
    "applied": lambda value, at: known(None),
}
"""What everything else is in a situation."""
