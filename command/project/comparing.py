"""One target before and after: its claims, what it does, its verdicts and its snapshots, and what of that breaks somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from fsm.canonical.writing import write
from fsm.command.invocation.versions import version_of
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.changes.behaviour import Behaviour
    from fsm.verification.changes.claims import ClaimChange
    from fsm.verification.changes.snapshots import SnapshotChange
    from fsm.verification.changes.verdicts import VerdictChange

__all__ = ["BREAKING_BY_DEFAULT", "ComparedTarget", "Comparison", "status_of"]

CLAIMS = ("weakened", "removed", "incomparable", "strengthened", "added")
BREAKING_BY_DEFAULT = ("weakened", "removed", "incomparable", "run-lost", "verdict", "narrowed")


@attrs.frozen
class Comparison:
    """How two declarations are compared.

    Attributes:
        old_profile, new_profile: names of versions.
        verdicts: whether claims are decided in both.
        timeout: seconds for each claim.
        width: of the lines.
    """

    old_profile: str | None = None
    new_profile: str | None = None
    verdicts: bool = True
    timeout: float | None = None
    width: int = 100

    def of(
        self, name: str, old: Machine | System | None, new: Machine | System | None, renamed: Mapping[str, str]
    ) -> ComparedTarget:
        """What became of a target; None where there is none.

        Args:
            renamed: what of the older one is called otherwise since then.

        Raises:
            WrongUsage: it has no such version.
        """
        from fsm.verification.changes.claims import added, changes_of, removed, unchanged

        if old is None or new is None:
            claims = removed(old) if old is not None else added(new) if new is not None else []
            return ComparedTarget(name, tuple(claims), is_gone=new is None)
        mine, theirs = _version(old, self.old_profile), _version(new, self.new_profile)
        if write(old) == write(new) and mine == theirs and not renamed:
            return ComparedTarget(name, tuple(unchanged(old)), is_as_before=True)

        from fsm.verification.changes.behaviour import behaviour
        from fsm.verification.changes.pairing import with_names
        from fsm.verification.changes.snapshots import snapshot_changes
        from fsm.verification.changes.verdicts import verdict_changes

        stored, old = old, with_names(old, renamed)
        claims = changes_of(old, new, old_profile=mine, new_profile=theirs)
        did = behaviour(old, new, old_profile=mine, new_profile=theirs)
        verdicts = None
        if self.verdicts:
            verdicts = tuple(verdict_changes(old, new, mine, theirs, timeout=self.timeout, width=self.width))
        return ComparedTarget(name, tuple(claims), did, verdicts, snapshot_changes(stored, new, renamed, old))


def _version(target: Machine | System, name: str | None) -> NamedProfile | None:
    return None if name is None else version_of(target, name)


@attrs.frozen(eq=False)
class ComparedTarget:
    """What became of a target.

    Attributes:
        claims: what became of each.
        behaviour, snapshots: None where it is gone, new or as before.
        verdicts: those that changed; None where none was decided.
        functions: those of the author's that are written otherwise now; what they give is compared by nobody.
        is_gone: there is none any more.
        is_as_before: it is declared as it was, to the byte of its canonical form.
    """

    name: str
    claims: tuple[ClaimChange, ...]
    behaviour: Behaviour | None = None
    verdicts: tuple[VerdictChange, ...] | None = None
    snapshots: SnapshotChange | None = None
    functions: tuple[str, ...] = ()
    is_gone: bool = False
    is_as_before: bool = False

    def kinds(self) -> Iterator[str]:
        """What changed, in the words of `BREAKING`."""
        yield from (one.change.value for one in self.claims if one.change.value in CLAIMS)
        if self.is_gone:
            yield "run-lost"
        if self.behaviour is not None:
            yield from ["run-lost"] if self.behaviour.lost else []
            yield from ["run-gained"] if self.behaviour.gained else []
            yield from (
                ["effects"] if any(one.kind.value == "other effects" for one in self.behaviour.differences) else []
            )
            yield from ["run-lost"] if not all(one.wider for one in self.behaviour.settings) else []
            yield from ["run-gained"] if not all(one.narrower for one in self.behaviour.settings) else []
        yield from ("verdict" for one in self.verdicts or () if one.is_lost)
        if self.snapshots is not None and self.snapshots.lines:
            yield "snapshots"

    def undecided(self) -> Iterator[str]:
        """What may have changed, and nobody knows."""
        if any(one.change.value == "not decided" for one in self.claims):
            yield from CLAIMS[:3]
        yield from ["effects"] if self.functions else []
        if self.behaviour is not None:
            yield from ["run-lost"] if self.behaviour.lost is None else []
            yield from ["run-gained"] if self.behaviour.gained is None else []
            known = {one.kind.value for one in self.behaviour.differences}
            if self.behaviour.relation.value == "not decided" and "other effects" not in known:
                yield "effects"
        yield from ("verdict" for one in self.verdicts or () if one.is_open)


def status_of(targets: Collection[ComparedTarget], less: Collection[str], breaking: Collection[str]) -> int:
    """The status: 1 where something that breaks has changed, 3 where nobody knows whether, else 0.

    Args:
        less: what is proved or tested less.
    """
    if (less and "narrowed" in breaking) or any(kind in breaking for one in targets for kind in one.kinds()):
        return 1
    return 3 if any(kind in breaking for one in targets for kind in one.undecided()) else 0
