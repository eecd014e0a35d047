"""The words a formula is written in: inside, before, after, happens, emitted, applied, named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_type_hints

import attrs

from fsm.errors import DefinitionError
from fsm.language.domains import Opaque, check_immutable
from fsm.language.expressions import Compare, Const, Expr, Formula, Param, T, Var, formula, lift
from fsm.language.leaves import Applied, Emitted, FieldRef, Happens, InState, Moment, PartVar

if TYPE_CHECKING:
    from fsm.language.machine import State
    from fsm.language.parts import Part

__all__ = ["after", "applied", "before", "emitted", "happens", "in_state", "inside", "named"]


def inside(*states: State) -> Formula:
    """The machine that the property or selector speaks of is in one of these states."""
    return in_state(None, "inside()", states)


def in_state(part: Part | None, where: str, states: tuple[State, ...]) -> Formula:
    """In one of these states, of which there must be one."""
    from fsm.language.machine import State

    if not states:
        raise DefinitionError(where, "names no state", "Name at least one.")
    for state in states:
        if not isinstance(state, State):
            raise DefinitionError(where, f"{state!r} is not a state", "Give the State itself, not its name.")
    return InState(part, tuple(dict.fromkeys(states)))


def emitted(effect: type) -> Expr[int]:
    """How many effects of this class were emitted since the start; counts, for properties only."""
    from fsm.language.events import effect_fields

    effect_fields(effect)
    return Emitted(effect)


def happens(*events: type) -> Formula:
    """The step is taken on one of these events; for `each_step` only."""
    from fsm.language.events import check_event

    if not events:
        raise DefinitionError("happens()", "names no event", "Name at least one.")
    for event in events:
        check_event("happens()", event)
    return Happens(events)


def before(value: Expr[T]) -> Expr[T]:
    """The value just before a step, at the step's instant; for `each_step` only."""
    return Moment("before", lift(value))


def after(value: Expr[T]) -> Expr[T]:
    """The value just after a step; for `each_step` only."""
    return Moment("after", lift(value))


def applied(function: Callable[..., T], *arguments: Any) -> Expr[T]:
    """What a pure function makes of these values, as carried data: `applied(with_line, transcript, Say.text)`.

    Args:
        function: at the top of a module, with an annotated return type that is immutable. It must be
            pure; proofs leave its result out, since no condition may read it.
        arguments: variables, fields, parameters, instants, constants.

    Raises:
        DefinitionError: a function without a name of its own, or without a return type, or whose result can change.
    """
    name = getattr(function, "__qualname__", "")
    if not name or "<" in name:
        what = "a lambda" if name.endswith("<lambda>") else f"{name.rpartition('.')[2] or type(function).__name__}"
        raise DefinitionError("applied()", f"{what} has no name of its own", "Write a function at the top of a module.")
    where = f"applied({name})"
    try:
        kind = get_type_hints(function).get("return")
    except NameError as unknown:
        raise DefinitionError(where, f"the types of its annotations are not known at run time: {unknown}") from unknown
    if kind is None:
        raise DefinitionError(
            where, "its return type is not annotated", "Say what it returns: def f(...) -> Transcript."
        )
    check_immutable(where, kind)
    return Applied(function, tuple(lift(argument) for argument in arguments), Opaque(kind))


def named(name: str, condition: Formula) -> Formula:
    """The same condition under a name: `named("tries left", wrong < MOST - 1)`.

    Pictures and tables show the name, and say once what it stands for. Everything else reads the
    condition: it runs, is proved, stored and told in messages as if it had no name.

    Args:
        name: a few words on one line.

    Raises:
        DefinitionError: an empty name, one that breaks the line, or what is no condition.
    """
    given: object = name
    if not (isinstance(given, str) and given.strip() and given.isprintable()):
        raise DefinitionError("named()", f"{name!r} is no name", "Give a few words on one line.")
    made = formula(condition, f"named({name!r})")
    if isinstance(made, Var | Param | FieldRef | PartVar | Const):
        made = Compare("==", made, Const(True))  # a leaf is told by what it is, and stays that one
    return attrs.evolve(made, called=name.strip())
