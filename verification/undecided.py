"""A report before anything is decided: what is looked at, in which version, and for what a proof of it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System
from fsm.variants import derivation
from fsm.verification.spans import covers, leaves_open
from fsm.verification.verdict import Report

__all__ = ["blank"]


def blank(target: Machine | System, system: System, profile: NamedProfile | None, values: Mapping[str, Any]) -> Report:
    """The report of a target without verdicts.

    Args:
        system: the target; a machine as the only part of a system.
        values: of the parameters that the version fixes.
    """
    return Report(
        system,
        target.name,
        target.doc,
        "machine" if isinstance(target, Machine) else "system",
        (),
        (),
        tuple((one.name, str(one.that)) for one in system.all_assumptions),
        covers(system),
        leaves_open(system, values) if values else "",
        profile,
        written=target.written,
        derivation=derivation(target),
    )
