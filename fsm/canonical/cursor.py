"""A place in a document from somewhere else: what stands there, checked as it is looked at, with its path for whoever is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from fsm.errors import BadDeclaration, DefinitionError
from fsm.strict_json import DOCUMENT, LARGEST, below

__all__ = ["DIGITS", "EXACT", "Cursor", "Sizes"]

EXACT = 2**53 - 1
"""The greatest whole number that every reader of JSON keeps exactly; a greater one is written in hexadecimal digits."""

DIGITS = 1_000
"""The most hexadecimal digits of a whole number: messages must be able to say it."""

HEXADECIMAL = re.compile(r"-?0x[0-9a-f]+")
JSON: dict[type, str] = {dict: "an object", list: "a list", int: "a number", float: "a number"}
SHOWN = 60
"""Characters of a value in a message."""


@attrs.frozen
class Sizes:
    """How much of somebody else's declaration is read: it must not fill the memory, nor the time of a service.

    Attributes:
        characters: the most in its text; bytes, where it comes as bytes.
        things: the most rows of a table, and the most items of any other list.
        nodes: the most expressions, operands of one, and items of one carried value; and the most types and values that are named, each with
            all that is in it.
    """

    characters: int = LARGEST
    things: int = 10_000
    nodes: int = 1_000_000


@attrs.frozen(eq=False)
class Cursor:
    """What stands somewhere in a document.

    Attributes:
        value: what stands there.
        above: what it stands in; None for the whole.
        step: its field or place there.
        sizes: how much there may be.
    """

    value: Any
    above: Cursor | None = None
    step: str | int = ""
    sizes: Sizes = attrs.field(factory=Sizes)

    @property
    def path(self) -> str:
        """Where it stands: `machines[0].states[2].name`."""
        steps, here = [], self
        while here.above is not None:
            steps.append(here.step if isinstance(here.step, int) else here.step[:SHOWN])
            here = here.above
        path = DOCUMENT
        for step in reversed(steps):
            path = below(path, step)
        return path

    @property
    def around(self) -> Cursor:
        """What it stands in; the whole stands in itself."""
        return self if self.above is None else self.above

    def fault(self, what: str, instead: str = "") -> BadDeclaration:
        """The error that says what is wrong here."""
        return BadDeclaration(self.path, what, instead)

    @contextmanager
    def declaring(self) -> Iterator[None]:
        """A block that declares what stands here; what the language does not take becomes the error that says where."""
        try:
            yield
        except DefinitionError as refused:
            raise self.fault(f"cannot be declared: {refused.where}: {refused.what}", refused.instead) from refused

    def _wanted(self, what: str) -> BadDeclaration:
        plain = isinstance(self.value, str | bool | None)
        shown = repr(self.value)[:SHOWN] if plain else JSON.get(type(self.value), type(self.value).__name__)
        return self.fault(f"{shown} is not {what}")

    def _child(self, value: Any, step: str | int) -> Cursor:
        return Cursor(value, self, step, self.sizes)

    # What may stand somewhere

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self._wanted("a string")
        return self.value

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self._wanted("true or false")
        return self.value

    def whole_number(self) -> int:
        """An integer, in decimal or, where it is great, in hexadecimal digits."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            if not -EXACT <= self.value <= EXACT:
                raise self.fault("is too great for every reader of JSON to keep", 'Write {"integer": "0x..."}.')
            return self.value
        if not isinstance(self.value, dict):
            raise self._wanted("an integer")
        digits = self.field("integer").text()
        if len(digits) > DIGITS:
            raise self.fault(f"has {len(digits)} characters; at most {DIGITS} are read")
        if not HEXADECIMAL.fullmatch(digits):
            raise self.fault("is not an integer in hexadecimal digits", 'Write "0x1f".')
        return int(digits, 16)

    def place(self, rows: int, table: str) -> int:
        """The place of a row that there is.

        Args:
            rows: how many there are, or how many of them may be named here.
            table: what they are, for a message.
        """
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self._wanted(f"a place among the {table}")
        if not 0 <= self.value < rows:
            raise self.fault(f"there is no such place among the {rows} {table} that may stand here")
        return self.value

    def optional(self) -> Cursor | None:
        """None where nothing stands here."""
        return None if self.value is None else self

    def nodes(self, exactly: int | None = None, least: int = 0) -> list[Cursor]:
        """What stands in a list that may be as long as an expression."""
        return self.items(exactly, least, self.sizes.nodes)

    def items(self, exactly: int | None = None, least: int = 0, most: int | None = None) -> list[Cursor]:
        """What stands in a list."""
        if not isinstance(self.value, list):
            raise self._wanted("a list")
        longest = self.sizes.things if most is None else most
        if len(self.value) > longest:
            raise self.fault(f"has {len(self.value):,} items; at most {longest:,} are read")
        if len(self.value) != (len(self.value) if exactly is None else exactly) or len(self.value) < least:
            wanted = f"{exactly} items" if exactly is not None else f"at least {least}"
            raise self.fault(f"has {len(self.value)} items, not {wanted}")
        return [self._child(value, place) for place, value in enumerate(self.value)]

    def field(self, name: str) -> Cursor:
        """The only field of an object."""
        return self.fields(name)[0]

    def fields(self, *names: str) -> list[Cursor]:
        """What stands in an object with exactly these fields, in this order."""
        if not isinstance(self.value, dict):
            raise self._wanted("an object")
        for name in names:
            if name not in self.value:
                raise Cursor(None, self, name).fault("is missing")
        if len(self.value) > len(names):
            extra = next(name for name in self.value if name not in names)
            raise Cursor(None, self, extra).fault("is no field of this document")
        return [self._child(self.value[name], name) for name in names]

    def among(self, *names: str) -> list[str]:
        """Those of some fields that an object has, where it need not."""
        return [name for name in names if isinstance(self.value, dict) and name in self.value]

    def named(self, *names: str) -> dict[str, Cursor]:
        """The same, by name."""
        return dict(zip(names, self.fields(*names), strict=True))

    def tagged(self) -> tuple[str, Cursor]:
        """The only field of an object, whatever it is called, and what stands in it."""
        if not isinstance(self.value, dict):
            raise self._wanted("an object")
        if len(self.value) != 1:
            raise self.fault(f"has {len(self.value)} fields, not one")
        ((tag, value),) = self.value.items()
        return tag, self._child(value, tag)
