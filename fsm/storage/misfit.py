"""What readers and writers of values raise, and how it becomes the error that a caller gets."""

from __future__ import annotations

from fsm.errors import BadSnapshot, NotAsDeclared
from fsm.language.values.brief import brief
from fsm.language.values.limits import DEEPEST_VALUE
from fsm.strict_json import DOCUMENT, below

__all__ = ["Misfit", "check_room", "misfit", "told"]


class Misfit(Exception):
    """Something that is not as declared.

    The way to it grows while the readers that called one another are left, so that what is right pays for no path.
    """

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what)
        self.what, self.instead = what, instead
        self.way: list[str | int] = []

    def inside(self, step: str | int) -> Misfit:
        """The same, seen from what it is a field or an item of."""
        self.way.append(step)
        return self


def misfit(tree: object, wanted: str) -> Misfit:
    return Misfit(f"{brief(tree)} is not {wanted}")


def check_room(room: int) -> None:
    """Raise Misfit where a value is nested more deeply than any may be."""
    if room <= 0:
        raise Misfit(f"is nested more than {DEEPEST_VALUE} deep")


def told(wrong: Misfit, path: str = DOCUMENT) -> BadSnapshot:
    """The error with the path of what is wrong."""
    for step in reversed(wrong.way):
        path = below(path, step)
    return NotAsDeclared(path, wrong.what, wrong.instead)
