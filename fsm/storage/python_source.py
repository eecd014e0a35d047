"""Values as the Python that makes them: `SetStatus(status=Status.AVAILABLE)`, with the imports that needs.

    text = PythonText("fsm.desk")
    text.value(event)       # "OfferChat(contact=\"c-1\", name=\"Ann\", arrived_at=0)"
    text.imports()          # ["from fsm.desk import OfferChat"]

Nothing is evaluated here, and what has no such form is refused, never written as its `repr`.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from itertools import chain, count
from typing import Any

import attrs

from fsm.errors import BadArgument
from fsm.language.events import is_event, told_fields
from fsm.language.values.brief import brief
from fsm.language.values.standard_texts import name_of_standard
from fsm.language.values.types import BARE

__all__ = ["PythonText"]

ISO = frozenset({"datetime.date", "datetime.datetime", "datetime.time"})
"""Classes that read back what their `isoformat` writes."""
LITERALS = frozenset({type(None), bool, int, float, str, bytes, tuple, frozenset})


class PythonText:
    """Writes values and remembers what must be imported for them.

    Args:
        home: the name of the module whose names are preferred: the one that declares the machine.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self._names: dict[str, tuple[str, str]] = {}

    def value(self, value: object) -> str:
        """The Python that makes a value.

        Raises:
            BadInput: a value of a type that is not known here, or of a class that cannot be imported.
        """
        cls = type(value)
        if cls in LITERALS:
            return self._literal(value)
        if isinstance(value, Enum):
            owner, name = self.name(cls), getattr(value, "name", None)
            return f"{owner}({value.value!r})" if name is None or "|" in name else _member(owner, name)
        if is_event(cls):
            return self._made(cls, told_fields(value))
        if attrs.has(cls):
            return self._made(cls, {one.alias: getattr(value, one.name) for one in attrs.fields(cls) if one.init})
        if is_dataclass(cls):
            return self._made(cls, {one.name: getattr(value, one.name) for one in fields(cls) if one.init})
        if isinstance(value, tuple) and hasattr(cls, "_fields"):
            return self._made(cls, dict(zip(cls._fields, value, strict=True)))
        if name_of_standard(cls) is not None:
            return self._standard(value)
        bare = next((kind for kind in (str, int, float, bytes) if isinstance(value, kind)), None)
        if bare is not None:
            return f"{self.name(cls)}({self.value(BARE[bare](value))})"
        raise BadArgument("value", f"{brief(value)} cannot be written as Python")

    def _literal(self, value: Any) -> str:
        match value:
            case bool() | None | bytes():
                return repr(value)
            case float():
                return repr(value) if math.isfinite(value) else f'float("{value}")'
            case int():
                return f"{value:_}"
            case str():
                return _quoted(value)
            case tuple():
                return f"({', '.join(map(self.value, value))}{',' * (len(value) == 1)})"
        return f"frozenset({{{', '.join(sorted(map(self.value, value)))}}})" if value else "frozenset()"

    def _standard(self, value: Any) -> str:
        """A value of a class that has one text: a date, a UUID, a decimal."""
        name, standard = self.name(type(value)), name_of_standard(type(value))
        if standard == "datetime.timedelta":
            return f"{name}({value.days}, {value.seconds}, {value.microseconds})"
        if standard in ISO:
            return f"{name}.fromisoformat({_quoted(value.isoformat())})"
        return f"{name}({_quoted(str(value))})"

    def _made(self, cls: type, fields: dict[str, Any]) -> str:
        return f"{self.name(cls)}({', '.join(f'{name}={self.value(given)}' for name, given in fields.items())})"

    def name(self, cls: type) -> str:
        """What a class is called, once it is imported.

        Raises:
            BadInput: it cannot be imported by its name.
        """
        first, *inner = cls.__qualname__.split(".")
        module = next(
            (module for module in (self.home, cls.__module__) if _found(module, [first, *inner]) is cls), None
        )
        if module is None:
            raise BadArgument(
                "value", f"{cls.__module__}.{cls.__qualname__} cannot be imported", "Declare it at the top of a module."
            )
        return ".".join([self.given(module, first), *inner])

    def given(self, module: str, name: str) -> str:
        """What a name of a module is called here: itself, unless another module's has that name already."""
        wanted = (module, name)
        return next(
            here
            for here in chain([name], (f"{name}_{number}" for number in count(2)))
            if self._names.setdefault(here, wanted) == wanted
        )

    def imports(self) -> list[str]:
        """The lines that import what was written, one for each module."""
        by_module: dict[str, list[str]] = {}
        for here, (module, name) in sorted(self._names.items()):
            by_module.setdefault(module, []).append(name if here == name else f"{name} as {here}")
        return [
            f"from {module} import {', '.join(sorted(names, key=_as_sorted))}"
            for module, names in sorted(by_module.items())
        ]


def _member(owner: str, name: str) -> str:
    return f"{owner}.{name}" if name.isidentifier() else f"{owner}[{_quoted(name)}]"


def _found(module: str, path: list[str]) -> object:
    """What stands there; the module of a live object is imported already."""
    found: object = import_module(module)
    for name in path:
        found = getattr(found, name, None)
    return found


def _as_sorted(name: str) -> tuple[bool, str]:
    """Constants before classes, as linters want it."""
    return not name.isupper(), name


def _quoted(text: str) -> str:
    if not text.isprintable():
        return repr(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
