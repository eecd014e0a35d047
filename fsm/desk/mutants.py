"""Faults that no property of the desk catches, each with the reason why it may survive `fsm mutate`.

A reason that names no surviving mutant is an error there.
"""

from __future__ import annotations

from fsm.machine import Machine
from fsm.system import System

REASONS: tuple[tuple[Machine | System, str, tuple[str, ...]], ...] = ()
"""The machine or system, the reason, and the mutants it speaks of."""
