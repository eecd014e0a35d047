"""For what a symbolic proof holds, in words: which parameters may have any value, and how many instances there may be.

Of a declaration alone, so that whoever tells what was proved before needs no engine.
"""

from __future__ import annotations

from collections.abc import Container

from fsm.language.parts import Each
from fsm.language.system import System
from fsm.verification.verdict import THIS_VERSION

__all__ = ["covers", "leaves_open"]


def covers(system: System, fixed: Container[str] = ()) -> str:
    """For what a proof under some values holds, in words."""
    if any(param.name in fixed for param in system.parameters):
        return THIS_VERSION
    return _every(system, (), "every version and every value of every parameter" if system.profiles else None)


def leaves_open(system: System, fixed: Container[str]) -> str:
    """For what a proof in this version holds, in words."""
    return _every(system, fixed, None)


def _every(system: System, fixed: Container[str], values: str | None) -> str:
    names = ", ".join(param.name for param in system.parameters if param.name not in fixed)
    keys = [f"any number of {part.name}" for part in system.parts if isinstance(part, Each)]
    return " and ".join([*([values or f"every value of {names}"] if names else []), *keys]) or "every run"
