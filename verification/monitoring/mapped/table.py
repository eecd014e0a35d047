"""Data that somebody wrote by hand, read strictly: a table knows its path, every name in it must be asked for, and what is wrong is told with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from fsm.errors import BadObservation

__all__ = ["Table"]

MISSING = object()


class Table:
    """A table of a mapping.

    Args:
        path: where it stands, in words.
        values: what it holds.
    """

    def __init__(self, path: str, values: object) -> None:
        if not isinstance(values, Mapping):
            raise BadObservation(path, f"{values!r} is not a table", "Write [name], or { name = value }.")
        self.path = path
        self.values = dict(values)
        self._asked: set[str] = set()

    def wrong(self, name: str, what: str, instead: str = "") -> NoReturn:
        raise BadObservation(f"{self.path}.{name}" if name else self.path, what, instead)

    def get(self, name: str, default: Any = None) -> Any:
        self._asked.add(name)
        return self.values.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str | None = None, *, among: tuple[str, ...] = ()) -> str | None:
        value = self.get(name, default)
        if value is not None and not isinstance(value, str):
            self.wrong(name, f"{value!r} is not a text")
        if among and value is not None and value not in among:
            self.wrong(name, f"{value!r} is none of {', '.join(among)}")
        return value

    def number(self, name: str, default: int | None = None) -> int | None:
        value = self.get(name, default)
        if value is not None and (type(value) is not int or value < 0):
            self.wrong(name, f"{value!r} is no number of milliseconds, 0 or more")
        return value

    def truth(self, name: str, default: bool | None = None) -> bool | None:
        value = self.get(name, default)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, f"{value!r} is neither true nor false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one alone may stand without brackets."""
        value = self.get(name, ())
        several = (value,) if isinstance(value, str) else value
        if not isinstance(several, list | tuple) or not all(isinstance(one, str) for one in several):
            self.wrong(name, f"{value!r} is no list of texts")
        return tuple(several)

    def table(self, name: str) -> Table | None:
        value = self.get(name)
        return None if value is None else Table(f"{self.path}.{name}", value)

    def tables(self, name: str) -> tuple[Table, ...]:
        """A list of tables; one alone may stand without brackets."""
        value = self.get(name, ())
        several = (value,) if isinstance(value, Mapping) else value
        if not isinstance(several, list | tuple):
            self.wrong(name, f"{value!r} is no list of tables")
        return tuple(Table(f"{self.path}.{name}[{place}]", one) for place, one in enumerate(several))

    def ended(self) -> None:
        """Raise BadInput where something stands that nobody asked for."""
        for name in self.values:
            if name not in self._asked:
                self.wrong(str(name), "is not known here", f"It may be {', '.join(sorted(self._asked))}.")
