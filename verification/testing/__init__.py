"""Tests derived from a declaration. Importing this loads Hypothesis, and no solver.

stateful          a `RuleBasedStateMachine` for the machine, or for somebody's own implementation of it
Adapter           what plugs an implementation in (`Emitting`, `Compared`)
RunFailed         a run that failed, told: `PropertyBroken`, `LawBroken`, `Mismatch` between declaration and implementation
"""

from fsm.verification.testing.adapter import Adapter, Compared, Emitting
from fsm.verification.testing.failures import LawBroken, Mismatch, PropertyBroken, RunFailed
from fsm.verification.testing.stateful import stateful

__all__ = ["Adapter", "Compared", "Emitting", "LawBroken", "Mismatch", "PropertyBroken", "RunFailed", "stateful"]
