"""Running a declaration: pure steps, refusals, timers.

compiled_claims        what must always hold of a snapshot, compiled
compiled_expressions   expressions compiled to closures
compiled_leaves        what expressions read, compiled
compiled_moves         moves, compiled: who moves by an action, and what that makes of the parts
compiled_transitions   the transitions of one machine, compiled
compiled_wires         wires and rules, compiled: given the parts and an event, the next parts
enabled                which events would be taken now
engine                 start, step, advance: a pure function from snapshot, event and instant to the next snapshot
explanation            why an event was refused, in the caller's words
inputs                 what callers hand in, distrusted
obstacles              who can stand in an event's way, each with the facts it saw
profile                a value for every parameter, checked
refusal                a refusal, and the two errors of running that carry one
timers                 when time will send something
"""

from __future__ import annotations

__all__: list[str] = []
