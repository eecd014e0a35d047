"""A call that does not fit what is called: told in the words of a declaration, with what to write.

Only what an author calls is marked so. A `TypeError` that is raised inside of it is somebody's defect, and stays what it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from fsm.errors import WrongKind

__all__ = ["told", "told_of"]

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")


def told(function: Callable[P, R]) -> Callable[P, R]:
    """The function; where it is called with arguments that it does not take, a DefinitionError says what it takes."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except TypeError as wrong:
            if _was_entered(wrong):
                raise
            raise _refusal(function.__qualname__.rpartition(".")[2], function, kwargs, {}) from None

    return called


def told_of(**elsewhere: str) -> Callable[[type[C]], type[C]]:
    """As `told`, for making an object of a class; for arguments that people look for, where their values stand."""

    def mark(made: type[C]) -> type[C]:
        initial: Any = made.__init__

        @wraps(initial)
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                initial(self, *args, **kwargs)
            except TypeError as wrong:
                if _was_entered(wrong):
                    raise
                raise _refusal(made.__name__, initial, kwargs, elsewhere) from None

        made.__init__ = init  # type: ignore[method-assign]  # takes what it took
        return made

    return mark


def _was_entered(wrong: TypeError) -> bool:
    """Whether it comes from inside: then there is a frame below that of the call."""
    return wrong.__traceback__ is None or wrong.__traceback__.tb_next is not None


def _refusal(
    name: str, function: Callable[..., Any], given: Mapping[str, Any], elsewhere: Mapping[str, str]
) -> WrongKind:
    known = {word: one for word, one in inspect.signature(function).parameters.items() if word not in HIDDEN}
    taken = any(one.kind is one.VAR_KEYWORD for one in known.values())
    (unknown, *_) = [word for word in given if word not in known and not taken] or [""]
    write = f"Write {name}({', '.join(map(_written, known.values()))})."
    if not unknown:
        return WrongKind(f"{name}()", "is given too few arguments, too many, or one twice", write)
    near = get_close_matches(unknown, known, 1)
    meant = elsewhere.get(unknown) or (f"Did you mean {near[0]}?" if near else write)
    return WrongKind(f"{name}()", f"has no {unknown}", meant)


HIDDEN = ("self", "written", "derived")


def _written(one: inspect.Parameter) -> str:
    if one.kind is one.VAR_POSITIONAL:
        return f"{one.name}, ..."
    return one.name if one.default is one.empty else f"{one.name}=..."
