"""What an `each` machine cannot do, since its instances come to be when they leave the initial state."""

from __future__ import annotations

from typing import Any

from fsm.checks.durations import check_setting
from fsm.checks.intervals import interval
from fsm.errors import NoInstance, OutOfRange, WrongType
from fsm.language.domains import Integers
from fsm.language.expressions import Expr
from fsm.language.leaves import Clock, Stamp
from fsm.language.machine import Machine, Transition
from fsm.language.traversal import walk


def check_each(where: str, machine: Machine, limits: tuple[Expr[int] | None, ...]) -> None:
    """Raise DefinitionError for what a machine says of an instance that does not exist, and for a limit below zero."""
    initial = machine.initial
    if machine.timers(initial):
        raise NoInstance(
            where,
            f"a timer starts in {initial.name!r}, the initial state of an each() machine, where no instance exists yet",
        )
    for transition in machine.transitions:
        if initial in transition.sources:
            for expr in _all_of(transition):
                _check_born(f"{where}: {transition.where}", machine, expr)
        if transition.updates and (
            transition.target == initial or (transition.target is None and transition.sources == (initial,))
        ):
            raise NoInstance(
                f"{where}: {transition.where}",
                f"sets {transition.updates[0][0].name}, but an instance in {initial.name!r} is forgotten",
                "Leave the update out.",
            )
    for limit in limits:
        if limit is not None:
            _check_limit(where, limit)


def _check_limit(where: str, limit: Expr[int]) -> None:
    check_setting(where, limit)
    if not isinstance(limit.domain, Integers):
        raise WrongType(where, f"{limit} is no number of instances: it is {limit.domain}")
    least, _ = interval(limit, {})
    if least is None or least < 0:
        raise OutOfRange(where, f"{limit} may be less than 0", "Give a parameter whose range starts at 0 or above.")


def _all_of(transition: Transition) -> tuple[Expr[Any], ...]:
    guard = () if transition.guard is None else (transition.guard,)
    emitted = (value for emit in transition.effects for _, value in emit.fields)
    return (*guard, *(value for _, value in transition.updates), *emitted)


def _check_born(where: str, machine: Machine, expr: Expr[Any]) -> None:
    for node in walk(expr):
        if isinstance(node, Clock) or (isinstance(node, Stamp) and node.what == "since"):
            raise NoInstance(where, f"reads {node}, but in {machine.initial.name!r} no instance exists yet")
