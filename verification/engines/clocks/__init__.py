"""The engines that prove claims about time.

countdown         how much longer a bounded response can take: durations, as often as numbers say
detours           how long a stopwatch may have run when a state is entered: sums of durations
each_clock        the time in state of each of many instances
followed          one instance of a part, by itself
side_by_side      what the states of two parts say of each other
timed_induction   claims about the time in state
"""

from __future__ import annotations

__all__: list[str] = []
