"""The versions that a command is asked about: `--profile NAME`, `--all-profiles`, or the first one."""

from __future__ import annotations

from collections.abc import Sequence

from fsm.command.invocation.endings import WrongUsage
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
        raise WrongUsage(f"{found.name} has no profile {named!r}. It has {', '.join(known) or 'none'}.")
    return known[named]


def versions_of(found: Machine | System, named: str | None, *, all_of_them: bool) -> Sequence[NamedProfile | None]:
    """The versions that are asked for; None where the target has none."""
    if named is not None and all_of_them:
        raise WrongUsage("--profile and --all-profiles exclude each other")
    if (named is not None or all_of_them) and not found.profiles:
        raise WrongUsage(f"{found.name} has no profiles")
    if all_of_them:
        return found.profiles
    return [version_of(found, named)] if named is not None else found.profiles[:1] or [None]
