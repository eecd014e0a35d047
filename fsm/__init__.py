"""A state machine declared once, and everything else read from that declaration.

Declare with the names below, run with `compile`. Proofs are in `fsm.verification`, pictures in
`fsm.diagrams`; each is an extra of its own.
"""

from fsm.errors import BadDeclaration, BadInput, BadSnapshot, DefinitionError
from fsm.language.events import Field, effect, event
from fsm.language.expressions import choose
from fsm.language.formulas import (
    after,
    applied,
    before,
    boolean,
    carried,
    choice,
    emitted,
    happens,
    inside,
    integer,
    named,
)
from fsm.language.leaves import ELAPSED, KEY, NOW, SINCE
from fsm.language.machine import Kind, Machine, State
from fsm.language.parameters import Assumption, parameter
from fsm.language.parts import each, for_each, one
from fsm.language.properties import always, can_happen, each_step, leads_to, reachable, recoverable, within
from fsm.language.snapshot import Snapshot, Step
from fsm.language.system import Rule, System, wire
from fsm.language.types import Range
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import EventRefused, TimeStopped

__all__ = [
    "ELAPSED", "KEY", "NOW", "SINCE",
    "Assumption", "BadDeclaration", "BadInput", "BadSnapshot", "DefinitionError", "Engine", "EventRefused", "Field", "Kind", "Machine", "Range",
    "Rule", "Snapshot", "State", "Step", "System", "TimeStopped",
    "after", "always", "applied", "before", "boolean", "can_happen", "carried", "choice", "choose", "compile", "each", "each_step", "effect", "emitted",
    "event", "for_each", "happens", "inside", "integer", "leads_to", "named", "one", "parameter", "reachable", "recoverable", "wire", "within",
]  # fmt: skip
