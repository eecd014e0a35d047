"""Whether an object of an author's class comes back as it is, where it is made again of what is stored of it.

A constructor is code: it may add one to what it is given, and what was written as 2 would be read as 3. Whoever takes a value
asks here first, so that nothing is kept that could not be kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import attrs

__all__ = ["alike", "is_changeable", "made_again", "runs_code"]


def runs_code(kind: Any) -> bool:
    """Whether to make an object of a class runs code of the author's, and not that of attrs, dataclasses or Python alone."""
    return _runs_code(kind)


@cache
def _runs_code(kind: type) -> bool:
    if type(kind).__call__ is not type.__call__:
        return True
    new, init = _home(kind, "__new__"), _home(kind, "__init__")
    makes_tuples = issubclass(kind, tuple) and "_fields" in vars(new)
    if not makes_tuples and not _is_of_python(new):
        return True
    if "__attrs_attrs__" in vars(init):
        hooks = ("__attrs_init__", "__attrs_pre_init__", "__attrs_post_init__")
        return any(hasattr(kind, hook) for hook in hooks) or any(one.converter for one in attrs.fields(init))
    if dataclasses.is_dataclass(init) and "__dataclass_params__" in vars(init):
        return hasattr(kind, "__post_init__") or not init.__dataclass_params__.init  # type: ignore[attr-defined]  # a dataclass has them
    return not _is_of_python(init)


def _home(kind: type, name: str) -> type:
    """The class that a method is taken from."""
    return next(one for one in kind.__mro__ if name in vars(one))


def _is_of_python(kind: type) -> bool:
    return kind.__module__ == "builtins"


def made_again(make: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What a constructor of the author's makes of values; None where it refuses them, in whatever way."""
    try:
        return make(*values, **named)
    except Exception:  # noqa: BLE001  # it is the author's code: whatever it raises, it makes nothing of these values
        return None


def alike(one: Any, other: Any) -> bool:
    """Whether two values are of one class and equal; a number that is none is equal to itself here."""
    same = one is other or (type(one) is type(other) and bool(one == other))
    return same or (type(one) is type(other) and one != one and other != other)  # that is what NaN is


def is_changeable(kind: type, names: Sequence[str]) -> bool:
    """Whether fields of objects of a class can be set."""
    if issubclass(kind, tuple) or not names:
        return False
    try:
        setattr(object.__new__(kind), names[0], None)
    except AttributeError:
        return False
    except TypeError:  # an abstract class, or one that is a number too: no bare object of it can be made
        return kind.__setattr__ is object.__setattr__
    return True
