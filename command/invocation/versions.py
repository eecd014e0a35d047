"""The versions that a command is asked about: `--profile NAME`, `--all-profiles`, or the first one."""

from __future__ import annotations

from collections.abc import Sequence

from fsm.command.invocation.endings import NoTarget, WrongUsage
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

__all__ = ["version_of", "versions_of"]


def version_of(found: Machine | System, named: str) -> NamedProfile:
    """The version of this name.

    Raises:
        WrongUsage: there is none.
    """
    known = {one.name: one for one in found.profiles}
    if named not in known:
        raise NoTarget(f"{found.name} has no profile {named!r}. It has {', '.join(known) or 'none'}.")
    return known[named]


def versions_of(
    targets: Sequence[Machine | System], named: str | None, *, all_of_them: bool
) -> Sequence[NamedProfile | None]:
    """The versions that are asked for, those of the first target that has any; None where none has, and for the first of each."""
    if named is not None and all_of_them:
        raise WrongUsage("--profile and --all-profiles exclude each other")
    versioned = [one for one in targets if one.profiles]
    if (named is not None or all_of_them) and not versioned:
        raise WrongUsage(f"{' and '.join(one.name for one in targets)} has no profiles")
    if not versioned:
        return [None]
    first = versioned[0]
    if named is None and not all_of_them and len({one.profiles[0].name for one in versioned}) > 1:
        return [None]  # each is looked at in the first of its own
    names = [one.name for one in (first.profiles if all_of_them else first.profiles[:1])] if named is None else [named]
    for other in versioned:
        for name in names:
            version_of(other, name)
    return [version_of(first, name) for name in names]
