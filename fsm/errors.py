"""What can go wrong, told apart by who must act.

`DefinitionError` is for the author of a machine: the declaration itself is wrong, and it
says so on the line where it is written; `WiresOverlap`, its only kind that is met at run time, where no check saw it before. `EventRefused` and `BadInput` are for the caller
at run time. Anything else that is raised is a defect of this library.

Every error keeps its facts as attributes and makes its text from them, and has a code that stays: that of its class, which
stands here, or beside what it carries. docs/reference/errors.md says to each code what it comes from and what to do. What is
raised is a kind; who handles errors names the family.

    FSM1..    the declaration is wrong: `DefinitionError`
    FSM2..    a caller is: `BadInput`; or an event is refused: `EventRefused`
    FSM3..    what was stored or sent is: `BadSnapshot`, `BadDeclaration`
    FSM4..    what was typed is: the command
    FSM5..    a certificate, a picture, a page
"""

from __future__ import annotations

from typing import ClassVar

import attrs

__all__ = [
    "BadAdapter", "BadArgument", "BadData", "BadDeclaration", "BadEvent", "BadHistory", "BadInput", "BadInstant",
    "BadMigration", "BadName", "BadObservation", "BadProfile", "BadRun", "BadSnapshot", "BadStaff", "BadVariant", "BeyondBatch", "BreaksClaim", "CannotBatch", "CannotBeRead",
    "DeclaredTwice", "DefinitionError", "ForeignSnapshot", "Incomplete", "MigrationFailed", "NeverHolds",
    "NoInstance", "NoTruthValue", "NotAsDeclared", "NotDeclared", "OtherDeclaration", "OutOfRange", "Overlap",
    "SentByTime", "UnreadableText", "WiresOverlap", "WrongKind", "WrongType",
]  # fmt: skip


@attrs.frozen(auto_exc=True, str=False)
class DefinitionError(Exception):
    """A declaration that cannot mean anything; raised where it is written.

    Attributes:
        where: the machine, system, transition or expression that is wrong, in words.
        what: what is wrong with it.
        instead: what to write instead.
        written: the file and the line where it stands, as far as they are known.
        others: what else is wrong with the same machine or system; its text tells them too.
        code: what kind of mistake it is; stays the same in every version.
    """

    code: ClassVar[str] = "FSM100"

    where: str
    what: str
    instead: str = ""
    written: tuple[str, int] | None = None
    others: tuple[DefinitionError, ...] = ()

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


class BadName(DefinitionError):
    """A name that is none, or that is taken."""

    code = "FSM101"


class DeclaredTwice(DefinitionError):
    """Two things under one name, or one thing named, set or moved twice."""

    code = "FSM102"


class NotDeclared(DefinitionError):
    """Something is used that the machine or system does not declare."""

    code = "FSM103"


class WrongKind(DefinitionError):
    """An argument that is another kind of thing, or that is unfinished."""

    code = "FSM104"


class Incomplete(DefinitionError):
    """Something that is needed is not given."""

    code = "FSM105"


class CannotBeRead(DefinitionError):
    """A formula reads what cannot be read where it stands."""

    code = "FSM106"


class OutOfRange(DefinitionError):
    """A value, or what an update may give, is outside of its domain."""

    code = "FSM107"


class WrongType(DefinitionError):
    """Two things do not go together: an operator and its operands, a field and its value."""

    code = "FSM108"


class NoTruthValue(DefinitionError):
    """A formula stands where Python wants true or false."""

    code = "FSM109"


class BadData(DefinitionError):
    """Data that can change, has no end, or could not be written and read back."""

    code = "FSM110"


class NeverHolds(DefinitionError):
    """A condition, an assumption or a profile that nothing can satisfy."""

    code = "FSM111"


class Overlap(DefinitionError):
    """Two transitions or two wires that would both apply."""

    code = "FSM112"


class SentByTime(DefinitionError):
    """An event of a timer is used like one that callers send, or the other way round."""

    code = "FSM113"


class NoInstance(DefinitionError):
    """Something is said of an instance in the initial state, in which none exists."""

    code = "FSM114"


class BadMigration(DefinitionError):
    """A migration that leads nowhere, in a circle, or from what it does not know."""

    code = "FSM115"


class BadVariant(DefinitionError):
    """A variant that names what its base does not have, or says nothing that could be made."""

    code = "FSM117"


class WiresOverlap(DefinitionError):
    """Two wires of one event apply at once: a fault of the declaration that its checks did not find, met at run time.

    Nothing is moved, and nothing chosen. `fsm verify` tells the run that leads there.
    """

    code = "FSM116"


@attrs.frozen(auto_exc=True, str=False)
class BadInput(Exception):
    """An argument that no event could make right: wrong class, wrong type, time running backwards.

    Attributes:
        where: the argument, as a path (`at`, `event.contact`).
        what: what is wrong with it, with the value seen.
        instead: what is accepted.
        code: what kind of mistake it is; stays the same in every version.
    """

    code: ClassVar[str] = "FSM200"

    where: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.where}: {self.what}.{hint}"


class BadInstant(BadInput):
    """An instant or a duration that is none, or that lies in the past."""

    code = "FSM211"


class ForeignSnapshot(BadInput):
    """A snapshot of another declaration or profile."""

    code = "FSM212"


class BadEvent(BadInput):
    """No event that callers send to this system, or one whose fields do not fit."""

    code = "FSM213"


class BadProfile(BadInput):
    """Values of parameters that the declaration does not allow."""

    code = "FSM214"


class BadRun(BadInput):
    """A run that is not what happens, or a claim that is not there."""

    code = "FSM215"


class BadHistory(BadInput):
    """Effects that no desk gives, or not in this order."""

    code = "FSM216"


class BadStaff(BadInput):
    """Agents who are nobody, or twice the same."""

    code = "FSM217"


class BadAdapter(BadInput):
    """An implementation under test that does not answer as it should."""

    code = "FSM218"


class BadArgument(BadInput):
    """Any other argument that is not accepted."""

    code = "FSM219"


class BadObservation(BadInput):
    """A source, what it wrote, or a mapping of it that does not fit the declaration that is monitored."""

    code = "FSM220"


class CannotBatch(BadInput):
    """What of a declaration cannot be stepped for many machines at once; `where` is its name."""

    code = "FSM221"


class BeyondBatch(BadInput):
    """A number that is larger than a column holds; nothing was stepped, and nothing is ever rounded."""

    code = "FSM222"


class BadSnapshot(BadInput):
    """A stored snapshot that must not be trusted; `where` is the path of the bad value."""

    code = "FSM300"


class UnreadableText(BadSnapshot):
    """Text that is no JSON, or larger or deeper than what is read."""

    code = "FSM301"


class OtherDeclaration(BadSnapshot):
    """What was stored belongs to another declaration, version or profile."""

    code = "FSM302"


class NotAsDeclared(BadSnapshot):
    """A value that is not of its declared type."""

    code = "FSM303"


class BreaksClaim(BadSnapshot):
    """A snapshot in which something is false that always holds."""

    code = "FSM304"


class MigrationFailed(BadSnapshot):
    """A migration raised, or gave what cannot be stored."""

    code = "FSM305"


class BadDeclaration(BadInput):
    """A declaration in its canonical form that cannot be read back; `where` is the path of the bad value."""

    code = "FSM306"
