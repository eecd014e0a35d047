"""Arguments of the wrong shape: a list where a tuple is wanted, a name where a thing is wanted, a half-written line."""

from __future__ import annotations

from enum import Enum
from typing import Any

from fsm.errors import WrongKind
from fsm.language.expressions import Expr
from fsm.language.values.brief import brief


def check_tuple(
    where: str, what: str, given: object, kinds: type | tuple[type, ...], *, unfinished: tuple[type, str] | None = None
) -> None:
    """Raise DefinitionError unless `given` is a tuple of these kinds.

    Args:
        where: the declaration, in words.
        what: what the tuple holds (`states`).
        given: the argument.
        kinds: what each item must be.
        unfinished: a kind of half-written item, and what to add to it.
    """
    if not isinstance(given, tuple):
        raise WrongKind(where, f"its {what} are {shown(given)}, not a tuple", "Write (a, b), or (a,) for one alone.")
    for item in given:
        if unfinished is not None and isinstance(item, unfinished[0]):
            raise WrongKind(where, f"one of its {what} is unfinished: {shown(item)}", unfinished[1])
        if not isinstance(item, kinds):
            instead = "Give the thing itself, not its name." if isinstance(item, str) else ""
            raise WrongKind(where, f"{shown(item)} is none of its {what}", instead)


def check_kind(where: str, given: object, kind: type, article: str) -> None:
    """Raise DefinitionError unless `given` is of this kind (`"a state"`)."""
    if not isinstance(given, kind):
        instead = f"Give the {article.partition(' ')[2]} itself, not its name." if isinstance(given, str) else ""
        raise WrongKind(where, f"{shown(given)} is not {article}", instead)


def shown(value: Any) -> str:
    """An argument in a message."""
    if isinstance(value, Expr):
        return str(value)
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, (list, set, dict)):
        return f"a {type(value).__name__}"
    for name in (getattr(value, "where", None), getattr(value, "name", None)):
        if isinstance(name, str):
            return f"{name} ({type(value).__name__})"
    return brief(value)
