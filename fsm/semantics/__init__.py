"""The plain meaning of a declaration: formulas evaluated by walking them.

evaluation       the value of a formula, by walking the tree: slow, plain, and independent of what is compiled
measured         for how long a formula measures the time in state
movement         who would move on an event, and which of them cannot: the one slow answer
satisfaction     whether a property holds of concrete snapshots and steps, by walking its formula
simplification   parameters given their values and constants folded
situation        where something is judged, and what leaves of expressions are worth there
stopwatch        `within`, watched on a run: until when the goal may come, and whether it came in time
"""

from __future__ import annotations

__all__: list[str] = []
