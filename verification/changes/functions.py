"""The author's own functions, which a declaration applies to carried data: it says how they are called, and not what they do.

No claim reads what they give, so what becomes of claims is known without them; what is emitted is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from types import CodeType
from typing import Any

from fsm.canonical.reading import read
from fsm.canonical.standins import full_name, is_absent
from fsm.canonical.writing import write
from fsm.language.composition import as_system
from fsm.language.leaves import Applied
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.changes.sending import stored_and_emitted

__all__ = ["altered", "digests_of", "with_functions"]


def digests_of(target: Machine | System) -> dict[str, str]:
    """What each function does, as far as its own text says, by its full name; empty of one that has no text."""
    return {name: _digest(function) for name, function in _functions(target).items()}


def altered(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The functions that both apply and that are written otherwise now."""
    return tuple(name for name in before if name in after and before[name] != after[name])


def with_functions(old: Machine | System, new: Machine | System) -> Machine | System:
    """The older declaration with the functions of the newer, by their names, where it was read back without any.

    Its runs can be taken then. What is emitted in them may be other data; no claim reads it.
    """
    if not any(map(is_absent, _functions(old).values())):
        return old
    return read(write(old), functions=_functions(new), stand_ins=True)


def _functions(target: Machine | System) -> dict[str, Callable[..., Any]]:
    nodes = (node for expr in stored_and_emitted(as_system(target)) for node in walk(expr))
    found = (node.function for node in nodes if isinstance(node, Applied))
    return {full_name(one.__module__, one.__qualname__): one for one in found}


def _digest(function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    return sha256("\n".join(_lines(code)).encode("utf-8", "backslashreplace")).hexdigest() if code is not None else ""


def _lines(code: CodeType) -> Iterator[str]:
    """What a function does, whatever its lines and places."""
    yield from (code.co_code.hex(), repr(code.co_names), repr(code.co_freevars))
    for value in code.co_consts:
        match value:
            case CodeType():
                yield from _lines(value)
            case frozenset():
                yield repr(sorted(map(repr, value)))
            case _:
                yield repr(value)
