"""What the packed enumerator says of a declaration that it cannot take: never less than was declared."""

from __future__ import annotations

__all__ = ["Unpackable"]


class Unpackable(Exception):
    """Something that does not fit into tables of whole numbers.

    Attributes:
        what: the thing and why, in words.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
