"""Formulas and values in words, for messages, reports and pictures."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from fsm.language.events import label
from fsm.language.expressions import (
    Arithmetic,
    Choose,
    Compare,
    Const,
    Expr,
    Formula,
    Implies,
    Junction,
    Not,
    Param,
    Var,
)
from fsm.language.leaves import (
    Applied,
    Clock,
    Count,
    Emitted,
    FieldRef,
    ForEach,
    Happens,
    InState,
    Moment,
    PartVar,
    Stamp,
)
from fsm.language.rewriting import walk

if TYPE_CHECKING:
    from fsm.language.machine import State
    from fsm.language.parts import Part

__all__ = ["duration_in_words", "phrase", "value_in_words"]

SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×"}
AMOUNTS = {"==": "exactly", "!=": "not exactly", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}


def value_in_words(value: object) -> str:
    """A value as a page would write it: enumeration members by their lower-case name."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else repr(value)


def duration_in_words(milliseconds: int) -> str:
    """A duration in the largest unit that divides it: 20000 is `20 s`."""
    for size, unit in ((3_600_000, "h"), (60_000, "min"), (1_000, "s")):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds} ms"


def phrase(expr: Expr[Any], *, by_name: bool = False) -> str:
    """An expression as a person would write it, with no brackets that it can do without.

    Two formulas of one declaration read the same only where they mean the same, provided that no
    name in it means two things; a field that shares its name with a variable is told apart.

    Args:
        by_name: a condition that `named` gave a name is told by that name.
    """
    nodes = tuple(walk(expr))
    taken = {node.name for node in nodes if isinstance(node, (Var, Param))}
    unclear = frozenset(node.name for node in nodes if isinstance(node, FieldRef) and node.name in taken)
    return _Writer(unclear, by_name).bound(expr, 0)


@attrs.frozen
class _Writer:
    """Writes expressions; each text comes with how tightly it binds, so that brackets stand only where needed.

    0 for each, 1 if-then, 2 or, 3 and, 4 not, 5 comparison, 6 sum, 7 product, 8 moment, 9 a word.

    Attributes:
        unclear: names of fields that must be written with their event.
        by_name: a condition that has a name is told by it.
    """

    unclear: frozenset[str]
    by_name: bool

    def bound(self, expr: Expr[Any], binding: int) -> str:
        """The text of an expression that stands where the context binds as tightly as this."""
        text, own = self.said(expr)
        return f"({text})" if own < binding else text

    def said(self, expr: Expr[Any]) -> tuple[str, int]:
        if self.by_name and expr.called:
            return expr.called, 9
        match expr:
            case Compare():
                return self.comparison(expr), 5
            case Arithmetic(op=op, left=left, right=right):
                own = 7 if op == "*" else 6
                return f"{self.bound(left, own)} {SIGNS[op]} {self.bound(right, own + 1)}", own
            case Junction(op=op, parts=parts):
                own = 3 if op == "and" else 2
                return f" {op} ".join(
                    self.bound(part, own if isinstance(part, Junction) and part.op == op else own + 1) for part in parts
                ), own
            case Not(part=InState(part=part, states=states)):
                return (f"{part.name} is {_neither(states)}" if part else _neither(states)), 4
            case Not(part=part):
                return f"not {self.bound(part, 5)}", 4
            case Implies(premise=premise, conclusion=conclusion):
                return f"if {self.bound(premise, 2)} then {self.bound(conclusion, 1)}", 1
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return f"{self.bound(then, 6)} if {self.bound(condition, 2)} else {self.bound(otherwise, 6)}", 1
            case Applied(function=function, arguments=arguments):
                return f"{function.__name__}({', '.join(self.bound(argument, 0) for argument in arguments)})", 9
            case Moment(when=when, of=of):
                return f"{self.bound(of, 9)} {when}", 8
            case ForEach(part=part, formula=inner):
                return f"for each of {part.name}: {self.bound(inner, 0)}", 0
            case InState(part=part, states=states):
                text = _either(states)
                return (f"{part.name} is {text}" if part else text), 9 if len(states) == 1 else 2
            case Happens(events=events):
                return f"on {' or '.join(label(event) for event in events)}", 9 if len(events) == 1 else 2
            case _:
                return self.word(expr), 9

    def comparison(self, expr: Compare) -> str:
        match expr:
            case Compare(op="==", left=Count(part=part, where=Not(part=inner)), right=Const(value=0)):
                return f"all {self.selected(part, inner)}"
            case Compare(op="==", left=Count(part=part, where=where), right=Const(value=0)):
                return f"no {self.selected(part, where)}"
            case Compare(op=">", left=Count(part=part, where=where), right=Const(value=0)):
                return f"some {self.selected(part, where)}"
            case Compare(op=op, left=Count(part=part, where=where), right=right) if not isinstance(
                right, (Count, Choose)
            ):
                return f"{AMOUNTS[op]} {self.bound(right, 6)} {self.selected(part, where)}"
            case Compare(op=op, left=Clock() as clock, right=Const(value=length)):
                return f"{self.word(clock)} {SIGNS[op]} {duration_in_words(length)}"
        return f"{self.bound(expr.left, 6)} {SIGNS[expr.op]} {self.bound(expr.right, 6)}"

    def word(self, expr: Expr[Any]) -> str:
        match expr:
            case Const(value=value):
                return value_in_words(value)
            case FieldRef(event=event, name=name) if name in self.unclear:
                return f"{label(event)}.{name}"
            case Var(name=name) | Param(name=name) | FieldRef(name=name):
                return name
            case Clock(part=part):
                return f"time in state of {part.name}" if part else "time in state"
            case Stamp(what=what):
                return what
            case PartVar(part=part, var=var):
                return f"{part.name}.{var.name}"
            case Count(part=part, where=where):
                selected = self.selected(part, where)
                return f"number of ({selected})" if " with " in selected else f"number of {selected}"
            case Emitted(effect=effect):
                return f"number of {label(effect)} ever"
            case _:
                raise AssertionError(type(expr))

    def selected(self, part: Part, where: Formula) -> str:
        """The part, then its states bare, then everything else with `with`: `tiles offered with channel = chat`."""
        conditions = where.parts if isinstance(where, Junction) and where.op == "and" else (where,)
        states = ""
        if isinstance(conditions[0], InState):
            everyone = len(conditions[0].states) == len(part.machine.states) - 1
            states = "" if everyone else f" {_either(conditions[0].states)}"
            conditions = conditions[1:]
        rest = " and".join(f" with {self.bound(condition, 4)}" for condition in conditions)
        return f"{part.name}{states}{rest}"


def _neither(states: tuple[State, ...]) -> str:
    word = "neither" if len(states) > 1 else "not"
    return f"{word} {' nor '.join(state.name for state in states)}"


def _either(states: tuple[State, ...]) -> str:
    return " or ".join(state.name for state in states)
