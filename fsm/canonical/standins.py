"""What stands in a declaration that was read back for what its text only names: a type, a value, a function of the author's.

A condition reads none of them, so such a declaration judges every event as the first one does. Each
is written again as what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import attrs

from fsm.errors import BadArgument
from fsm.language.values.types import StandIn

__all__ = ["FrozenMapping", "NamedType", "NamedValue", "StandInRecord", "absent_function", "full_name", "is_absent"]


def full_name(module: str, name: str) -> str:
    """What a class or function is called where one is handed in: `package.module:Outer.name`."""
    return f"{module}:{name}"


@attrs.frozen
class NamedType(StandIn):
    """A type known by its name alone, of which any value may be.

    Attributes:
        module: where it is declared; None for one that has no name, only words.
        name: its qualified name there, or the words.
    """

    module: str | None
    name: str

    @property
    def __name__(self) -> str:
        return self.name.rpartition(".")[2]


@attrs.frozen
class StandInRecord:
    """An object of an author's class: its fields by name."""

    type: Any
    fields: tuple[tuple[str, Any], ...]

    def __hash__(self) -> int:
        return hash(tuple(name for name, _ in self.fields))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.fields)
        return f"{getattr(self.type, '__name__', self.type)}({fields})"


class FrozenMapping(Mapping[Any, Any]):
    """A mapping that can be hashed, as whatever is carried must be."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Any, Any]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return repr(self._items)


@attrs.frozen
class NamedValue:
    """A value of which nothing but its type and its words were written."""

    type: Any
    words: str

    def __repr__(self) -> str:
        return self.words


def absent_function(module: str, name: str) -> Callable[..., Any]:
    """A function of this name that was not handed in: calling it raises BadInput."""

    def absent(*_: object) -> NoReturn:
        where = f"applied({full_name(module, name)})"
        raise BadArgument(where, "its declaration was read back without it", "Hand the function to read().")

    absent.__module__, absent.__qualname__, absent.__name__ = module, name, name.rpartition(".")[2]
    return absent


def is_absent(function: Callable[..., Any]) -> bool:
    """Whether a function stands for one that was not handed in."""
    return getattr(function, "__code__", None) is absent_function("", "").__code__
