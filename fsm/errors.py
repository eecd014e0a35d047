"""What can go wrong, told apart by who must act.

`DefinitionError` is for the author of a machine: the declaration itself is wrong, and it
says so on the line where it is written; `WiresOverlap`, its only kind that is met at run time, where no check saw it before. `EventRefused` and `BadInput` are for the caller
at run time. Anything else that is raised is a defect of this library.

Every error keeps its facts as attributes and makes its text from them.
"""

from __future__ import annotations

import attrs

__all__ = ["BadDeclaration", "BadInput", "BadSnapshot", "DefinitionError", "WiresOverlap"]


@attrs.frozen(auto_exc=True, str=False)
class DefinitionError(Exception):
    """A declaration that cannot mean anything; raised where it is written.

    Attributes:
        where: the machine, system, transition or expression that is wrong, in words.
        what: what is wrong with it.
        instead: what to write instead.
        written: the file and the line where it stands, as far as they are known.
        others: what else is wrong with the same machine or system; its text tells them too.
    """

    where: str
    what: str
    instead: str = ""
    written: tuple[str, int] | None = attrs.field(default=None, kw_only=True)
    others: tuple[DefinitionError, ...] = attrs.field(default=(), kw_only=True)

    def __str__(self) -> str:
        return "\n".join([self.said, *(f"{one.place}{one.said}" for one in self.others)])

    @property
    def said(self) -> str:
        """This fault alone."""
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.where}: {self.what}.{hint}"

    @property
    def place(self) -> str:
        """Where it stands, to be put before what is said; empty where nobody knows."""
        return "" if self.written is None else f"{self.written[0]}, line {self.written[1]}: "


@attrs.frozen(auto_exc=True, str=False)
class WiresOverlap(DefinitionError):
    """Two wires of one event apply at once: a fault of the declaration that its checks did not find, met at run time.

    Nothing is moved, and nothing chosen. `fsm verify` tells the run that leads there.
    """


@attrs.frozen(auto_exc=True, str=False)
class BadInput(Exception):
    """An argument that no event could make right: wrong class, wrong type, time running backwards.

    Attributes:
        where: the argument, as a path (`at`, `event.contact`).
        what: what is wrong with it, with the value seen.
        instead: what is accepted.
    """

    where: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.where}: {self.what}.{hint}"


@attrs.frozen(auto_exc=True, str=False)
class BadSnapshot(BadInput):
    """A stored snapshot that must not be trusted; `where` is the path of the bad value."""


@attrs.frozen(auto_exc=True, str=False)
class BadDeclaration(BadInput):
    """A declaration in its canonical form that cannot be read back; `where` is the path of the bad value."""
